"""Physics of the railway: what running times, intervals and headways let through in a day.

Pure functions of numbers and arrays: this room knows no table, no file and no id.

========================  ======================================================================
``climbing``              starting on a gradient, and keeping a speed on it
``compression``           capacity consumption of a compressed timetable, the method of UIC 406
``compression_capacity``  trains a day by it
``crossing``              how trains cross at the ends of a single-track gap; the period
``cycle_ratio``           shortest period of a cyclic timetable
``dispatch``              trains that run by the decisions of a dispatcher
``energy``                from the wheel to the wire, the substation and the tank
``gaps``                  running times of the gaps of a line, and the gap that binds
``headway``               headway of following trains, from blocks or from the running time
``kilometres``            a run gathered by kilometres of the line
``line``                  one description of a line for every method of its capacity
``line_capacity``         trains a day from period or headway, by level; removal by other trains
``line_result``           what every method says of a line: one record
``parallel_timetable``    capacity of a whole line by the parallel timetable
``resistance``            running, curve and starting resistance by published formulae
``rolling_stock``         locomotives and wagons to begin with, assumptions marked
``running``               speed, time and energy of a train over a line
``running_kernel``        the loops of it: braking backwards, traction forwards
``stations``              trains a day that station tracks and throats let through
``supplements``           starting and stopping, allowance, the hardest start
``timetable``             given timetables, the uniform parallel one, mixed traffic by order
``track_profile``         gradients, curves and limits by kilometre, known or assumed
``traction``              tractive effort and adhesion
``train``                 locomotives and wagons, summed up for the kernel
========================  ======================================================================
"""

from __future__ import annotations
