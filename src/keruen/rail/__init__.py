"""Physics of the railway: what running times, intervals and headways let through in a day.

Pure functions of numbers and arrays: this room knows no table, no file and no id.

=================  =============================================================================
``crossing``       how trains cross at the ends of a single-track gap, and the timetable's period
``energy``         from the wheel to the wire, the substation and the tank
``gaps``           running times of the gaps of a line, and the gap that binds
``headway``        headway of following trains, from blocks or from the running time
``kilometres``     a run gathered by kilometres of the line
``line_capacity``  trains a day from period or headway, at each level; removal by other trains
``resistance``     running, curve and starting resistance by published formulae
``rolling_stock``  locomotives and wagons to begin with, assumptions marked
``running``        speed, time and energy of a train over a line
``running_kernel`` the loops of it: braking backwards, traction forwards
``stations``       trains a day that station tracks and throats let through
``supplements``    starting and stopping, allowance, the hardest start
``track_profile``  gradients, curves and limits by kilometre, known or assumed
``traction``       tractive effort and adhesion
``train``          locomotives and wagons, summed up for the kernel
=================  =============================================================================
"""

from __future__ import annotations
