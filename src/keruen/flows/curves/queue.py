"""A queue whose curve is truncated: ``free + wait * r / (1 - r)`` up to a ceiling of r.

``r`` is the utilisation, load over capacity; ``wait`` is the mean wait at a utilisation of a half,
for M/G/1 ``(1 + scv) / 2 * service`` (``keruen.terminals.queueing.pollaczek_khinchine_wait_h``).
Beyond the ceiling the curve goes on along its tangent: value and slope are continuous and finite at
every load, as equilibria need it. A load above the capacity is then possible and shows as a very
long time; what is turned away there is not a matter of this curve.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from keruen.jit import part

FloatArray = NDArray[np.float64]

WAIT = 2
CEILING = 3


@part
def queue_terms(row: FloatArray, load: float) -> tuple[float, float, float]:
    """Time at a load, and its first and second derivative.

    Parameters
    ----------
    row : array, shape (4,)
        Free time, capacity, wait at a utilisation of one half, ceiling of the utilisation below 1.
    load : float
        In the unit of the capacity.

    Examples
    --------
    Half used, the wait itself is added; at 1.2 of the capacity the tangent from 0.9 counts.

    >>> queue_terms(np.array([2.0, 8.0, 3.0, 0.9]), 4.0)
    (5.0, 1.5, 0.75)
    >>> round(queue_terms(np.array([2.0, 8.0, 3.0, 0.9]), 9.6)[0], 9)
    119.0
    """
    ceiling = row[3]
    ratio = max(load, 0.0) / row[1]
    at = min(ratio, ceiling)
    idle = 1.0 - at
    slope = row[2] / (idle * idle)
    time = row[0] + row[2] * at / idle + slope * (ratio - at)
    bend = 0.0 if ratio > ceiling else 2.0 * slope / idle
    return time, slope / row[1], bend / (row[1] * row[1])


@part
def queue_integral(row: FloatArray, load: float) -> float:
    """Integral of the time from nought to a load.

    Examples
    --------
    >>> row = np.array([2.0, 8.0, 3.0, 0.9])
    >>> near = (queue_integral(row, 4.001) - queue_integral(row, 3.999)) / 0.002
    >>> round(near, 6)
    5.0
    """
    ratio = max(load, 0.0) / row[1]
    at = min(ratio, row[3])
    over = ratio - at
    idle = 1.0 - at
    waits = -at - math.log(idle) + over * at / idle + 0.5 * over * over / (idle * idle)
    return float(row[0] * load + row[2] * row[1] * waits)
