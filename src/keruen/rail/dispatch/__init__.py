"""The dispatcher: trains over a network of sections and points, that never lock each other.

==================  ===============================================================================
``network``         what it is told: points, sections, paths, trains, policies, disturbances
``compiling``       from that to flat arrays; what cannot run is turned away with a reason
``ways``            a path cut into moves; why it cannot run
``closing``         when a move would meet a maintenance window
``one_line``        whether all ways lie on lines
``line_network``    the network of a line description
``columns``         the flat arrays: what stands where
``image``           the arrays before the first event
``tracks``          tracks of points, queues of those who wait
``sections``        lanes: headways, station intervals, windows
``safety``          safe states: an order in which every train can run to its end
``moves``           a train enters, leaves a point, comes out of a lane, brakes
``grants``          a train asks, and is granted its next move or waits
``loop``            events of an instant, then those who ask
``look_ahead``      conflicts rolled forward on copies of the state
``running``         a run, and its records
``polylines``       from records to lines over time and kilometre, meetings, shares of time
``locks``           who waits for whom where avoidance is switched off
``bound``           when the last train is done at the latest
``line_feeds``      trains without end for a line: in turn, or at times of a timetable
``saturation``      trains a day that a network lets through when trains never lack
``line_saturation`` the same as a method of line capacity, directions in balance
==================  ===============================================================================

``docs/explanation/dispatcher.md`` holds the argument why nothing locks.
"""

from __future__ import annotations
