"""Physics of the railway: what running times, intervals and headways let through in a day.

Pure functions of numbers and arrays: this room knows no table, no file and no id.

=================  =============================================================================
``crossing``       how trains cross at the ends of a single-track gap, and the timetable's period
``gaps``           running times of the gaps of a line, and the gap that binds
``headway``        headway of following trains, from blocks or from the running time
``line_capacity``  trains a day from period or headway, at each level; removal by other trains
``stations``       trains a day that station tracks and throats let through
=================  =============================================================================
"""

from __future__ import annotations
