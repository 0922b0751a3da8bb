"""The one event loop: a heap of events, and random streams drawn by counter.

Everything here is a kernel over numbers and flat arrays; engines build their loops from it.

============  ===================================================================================
``heap``      events ordered by (time, priority, serial), so that equal times never leave a choice
``streams``   random numbers keyed by (seed, draw, entity, counter): no order of calls changes them
``calendar``  a minute and a day in milliseconds
============  ===================================================================================

Time is a whole number of milliseconds, so that sums are exact on every platform.
"""

from __future__ import annotations
