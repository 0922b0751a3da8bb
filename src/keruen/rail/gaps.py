"""The gaps of a line: their running times, and the gap that binds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.errors import require_range
from keruen.units import hours_from_minutes

FloatArray = NDArray[np.float64]


class Binding(NamedTuple):
    """The gap that decides what a line carries.

    Parameters
    ----------
    gap : int
        Position of the gap in the array given, from 0.
    period_min : float
        Its period or headway, the longest of the line.
    next_gap : int or None
        The gap that binds once this one is relieved; None on a line of one gap.
    next_period_min : float or None
        Its period or headway.
    """

    gap: int
    period_min: float
    next_gap: int | None
    next_period_min: float | None


def binding(periods_min: ArrayLike) -> Binding:
    """Find the hardest gap of a line, and the one after it.

    Parameters
    ----------
    periods_min : array, shape (gaps,)
        Period (single track) or headway (double track) of each gap, minutes. Gaps that let through
        different numbers of trains a period are to be brought to minutes a train first.

    Returns
    -------
    Binding
        Of equal gaps the first.

    Raises
    ------
    keruen.errors.RangeError
        If there is no gap, or a period is not a positive number.

    Examples
    --------
    >>> binding([34.0, 55.0, 40.0])
    Binding(gap=1, period_min=55.0, next_gap=2, next_period_min=40.0)
    """
    periods = np.asarray(periods_min, dtype=np.float64)
    require_range("gaps", float(periods.size), 1.0)
    for period in periods.flat:
        require_range("period_min", float(period), np.finfo(np.float64).tiny)
    order = np.argsort(-periods, kind="stable")
    first = int(order[0])
    if periods.size == 1:
        return Binding(first, float(periods[first]), None, None)
    second = int(order[1])
    return Binding(first, float(periods[first]), second, float(periods[second]))


def gap_running_time_min(length_km: ArrayLike, speed_km_per_h: ArrayLike) -> FloatArray:
    """Running time over each gap at its running speed, without starts and stops.

    Parameters
    ----------
    length_km, speed_km_per_h : float or array, shape (gaps,)
        Length of the gap; speed between stops.

    Returns
    -------
    array, shape (gaps,) or ()
        Minutes, 60 * length / speed.

    Raises
    ------
    keruen.errors.RangeError
        If a length is negative or a speed is not positive.

    Examples
    --------
    >>> gap_running_time_min([11.0, 49.0], 55.0)
    array([12.        , 53.45454545])
    """
    length, speed = np.asarray(length_km, np.float64), np.asarray(speed_km_per_h, np.float64)
    for value in length.flat:
        require_range("length_km", float(value), 0.0)
    for value in speed.flat:
        require_range("speed_km_per_h", float(value), np.finfo(np.float64).tiny)
    return np.asarray(60.0 * length / speed, dtype=np.float64)


def travel_time_h(running_min: ArrayLike, stops: int, start_min: float, stop_min: float) -> float:
    """Time of a train over a line, with a start and a stop supplement for every stop on the way.

    Parameters
    ----------
    running_min : array, shape (gaps,)
        Running times of the gaps without starts and stops, minutes.
    stops : int
        Stops on the way; the first start and the last stop come on top.
    start_min, stop_min : float
        Supplements tau_r and tau_z, minutes.

    Returns
    -------
    float
        Hours, standing time not counted.

    Raises
    ------
    keruen.errors.RangeError
        If a value is negative.

    Examples
    --------
    >>> travel_time_h([24.0, 30.0], 1, 2.0, 1.0)
    1.0
    """
    running = np.asarray(running_min, dtype=np.float64)
    for value in running.flat:
        require_range("running_min", float(value), 0.0)
    for name, supplement in (("stops", stops), ("start_min", start_min), ("stop_min", stop_min)):
        require_range(name, float(supplement), 0.0)
    return hours_from_minutes(float(running.sum()) + (stops + 1) * (start_min + stop_min))
