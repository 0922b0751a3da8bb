"""The curve of the Bureau of Public Roads: ``free * (1 + b * (load / capacity) ** power)``.

The form and its parameters are those of the TNTP files (README of the repository
bstabler/TransportationNetworks). ``b = 0`` or ``power = 0`` make a time that no load changes; the
capacity is then not looked at.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from keruen.jit import part

FloatArray = NDArray[np.float64]

FREE = 0
CAPACITY = 1
B = 2
POWER = 3


@part
def bpr_terms(row: FloatArray, load: float) -> tuple[float, float, float]:
    """Time at a load, and its first and second derivative.

    Parameters
    ----------
    row : array, shape (4,)
        Free time, capacity, b, power.
    load : float
        In the unit of the capacity; a rounding error below nought counts as nought.

    Examples
    --------
    >>> bpr_terms(np.array([10.0, 100.0, 0.15, 4.0]), 100.0)
    (11.5, 0.06, 0.0018)
    """
    free = row[0]
    power = row[3]
    steep = free * row[2]
    if steep == 0.0 or power == 0.0:
        return free + steep, 0.0, 0.0
    ratio = max(load, 0.0) / row[1]
    if power == 4.0:
        square = ratio * ratio
        cube = square * ratio
        slope = steep * 4.0 * cube / row[1]
        return free + steep * square * square, slope, steep * 12.0 * square / (row[1] * row[1])
    # The derivatives of x**p at nought are infinite below powers of 1 and 2.
    near = max(ratio, 1e-9) if power < 2.0 else ratio
    lower = near ** (power - 2.0)
    slope = steep * power * lower * near / row[1]
    bend = steep * power * (power - 1.0) * lower / (row[1] * row[1])
    return free + steep * ratio**power, slope, bend


@part
def bpr_integral(row: FloatArray, load: float) -> float:
    """Integral of the time from nought to a load.

    Examples
    --------
    >>> round(bpr_integral(np.array([10.0, 100.0, 0.15, 4.0]), 100.0), 9)
    1030.0
    """
    free = row[0]
    power = row[3]
    steep = free * row[2]
    if steep == 0.0 or power == 0.0:
        return float((free + steep) * load)
    ratio = max(load, 0.0) / row[1]
    above = steep * row[1] * math.pow(ratio, power + 1.0) / (power + 1.0)
    return float(free * load + above)
