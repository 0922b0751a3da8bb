"""Arithmetic of terminals, borders, vessels and fleets: how much a set of servers can handle.

Pure functions of numbers and arrays: this room knows no table, no file and no id.

=================  =============================================================================
``queueing``       waiting before a group of servers; the largest arrival rate with bearable waits
``erlang_queue``   the same solved without approximation where times are Erlang distributed
``interruptions``  opening hours and weather spells: effective service, waits behind closures
``handling``       berths, cranes, gauge-change tracks: units a year by group and by month
``depth``          draught from channel depth, water level and clearance under the keel
``vessels``        payload, round trips and yearly capacity of a vessel pool; the fleet needed
``fleets``         trains a day from locomotives, crews or wagons; the units needed
=================  =============================================================================
"""

from __future__ import annotations
