"""Crossing schemes of the parallel timetable on a single-track gap.

A gap lies between two points where trains can cross. In the paired parallel timetable an odd and
an even train take the gap in turn; one such turn is the *period* T_per. How long it is depends on
who stops at the ends of the gap.

At each end one train has just left the gap and the opposing one is about to enter it. Either the
leaving train runs through and the entering one has been standing: the station interval between
them is that of crossing, tau_s, and the entering train starts from a stop. Or the leaving train
stops and the entering one runs through: the interval is that of non-simultaneous arrival, tau_np.
Both cannot run through. Two ends with two cases each give the four schemes of the textbooks::

    T_per = t' + t'' + tau_r * starts + tau_z * stops + the intervals of the two ends

The four ways, their order and a worked example stand in tlookup.ru/wocs-1042-1.html; what each
way means stands in cwetochki.ru "Razrabotka grafikov dvizheniia poezdov", page 5: both trains
enter the gap without stopping; both leave it without stopping; the odd, or the even trains run
through both ends.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.errors import require_range

FloatArray = NDArray[np.float64]


class StationIntervals(NamedTuple):
    """Times that crossing costs, in minutes; one number for the line, or an array over the gaps.

    Parameters
    ----------
    start_min : float or array, shape (gaps,)
        Lost by starting from a stop, tau_r.
    stop_min : float or array, shape (gaps,)
        Lost by braking to a stop, tau_z.
    crossing_min : float or array, shape (gaps,)
        Station interval of crossing, tau_s: from one train's passing or arriving to the departure
        of the opposing one.
    non_simultaneous_min : float or array, shape (gaps,)
        Station interval of non-simultaneous arrival, tau_np: from one train's arrival to the
        passing of the opposing one.
    """

    start_min: float | FloatArray
    stop_min: float | FloatArray
    crossing_min: float | FloatArray
    non_simultaneous_min: float | FloatArray


class CrossingScheme(NamedTuple):
    """Who runs through where; all else follows from it.

    Parameters
    ----------
    name : str
        Short name.
    odd_leaves_running : bool
        Odd trains leave the gap without stopping at its far end (the even train stands there).
    even_leaves_running : bool
        Even trains leave the gap without stopping at their far end (the odd train stands there).
    """

    name: str
    odd_leaves_running: bool
    even_leaves_running: bool

    @property
    def crossings(self) -> int:
        """Ends with a crossing interval: there the entering train starts from a stop."""
        return int(self.odd_leaves_running) + int(self.even_leaves_running)

    @property
    def odd_enters_running(self) -> bool:
        """Whether odd trains enter the gap without a stop: the even train has stopped for them."""
        return not self.even_leaves_running

    @property
    def even_enters_running(self) -> bool:
        """Whether even trains enter the gap without a stop: the odd train has stopped for them."""
        return not self.odd_leaves_running

    @property
    def waits(self) -> int:
        """Ends with an interval of non-simultaneous arrival: there the leaving train stops."""
        return 2 - self.crossings


BOTH_STOP: Final = CrossingScheme("both_stop", False, False)
"""Both trains enter the gap at speed and both stop at its ends: 2 tau_np + 2 tau_z."""

THROUGH_EVEN: Final = CrossingScheme("through_even", True, True)
"""Both directions alike ("evenly") start from a stop and leave the gap at speed: 2 tau_s + 2 tau_r.

The name stands in the order of the published example and does not mean the even direction.
"""

THROUGH_ODD: Final = CrossingScheme("through_odd", True, False)
"""Odd trains run through both ends, even ones stop and start: tau_np + tau_z + tau_s + tau_r."""

CROSS_PASS: Final = CrossingScheme("cross_pass", False, True)
"""The mirror of ``through_odd``: the crossing, even trains run through both ends, odd ones stop."""

SCHEMES: Final = (BOTH_STOP, THROUGH_EVEN, THROUGH_ODD, CROSS_PASS)
"""Every scheme, in the order of the published example."""


def crossing_period_min(
    scheme: CrossingScheme, odd_min: ArrayLike, even_min: ArrayLike, intervals: StationIntervals
) -> FloatArray:
    """Period of the parallel timetable on each gap under one scheme.

    Parameters
    ----------
    scheme : CrossingScheme
        Who runs through where.
    odd_min, even_min : float or array, shape (gaps,)
        Running times t' and t'' over the gap without starts and stops, minutes.
    intervals : StationIntervals
        Start, stop and station intervals, minutes.

    Returns
    -------
    array, shape (gaps,) or ()
        T_per, minutes in which one pair of trains takes the gap.

    Raises
    ------
    keruen.errors.RangeError
        If a time is negative, not a number, or both running times are nought.

    Examples
    --------
    >>> example = StationIntervals(2.0, 1.0, 1.0, 4.0)
    >>> float(crossing_period_min(BOTH_STOP, 24.0, 25.0, example))
    59.0
    """
    odd, even = np.asarray(odd_min, dtype=np.float64), np.asarray(even_min, dtype=np.float64)
    times = {"odd_min": odd, "even_min": even}
    times |= {name: np.asarray(value) for name, value in intervals._asdict().items()}
    for name, values in times.items():
        for value in values.flat:
            require_range(name, float(value), 0.0)
    for total in np.atleast_1d(odd + even).flat:
        require_range("running_time_min", float(total), np.finfo(np.float64).tiny)
    at_crossing = np.asarray(intervals.crossing_min) + np.asarray(intervals.start_min)
    at_waiting = np.asarray(intervals.non_simultaneous_min) + np.asarray(intervals.stop_min)
    period = odd + even + scheme.crossings * at_crossing + scheme.waits * at_waiting
    return np.asarray(period, dtype=np.float64)


def scheme_periods_min(
    odd_min: float, even_min: float, intervals: StationIntervals
) -> dict[str, float]:
    """Period of one gap under every scheme, by scheme name.

    Parameters and errors as in :func:`crossing_period_min`, for one gap. Published example
    (tlookup.ru/wocs-1042-1.html; for ``both_stop`` it prints 58, mixing the terms of two schemes):

    >>> scheme_periods_min(24.0, 25.0, StationIntervals(2.0, 1.0, 1.0, 4.0))
    {'both_stop': 59.0, 'through_even': 55.0, 'through_odd': 57.0, 'cross_pass': 57.0}
    """
    return {
        scheme.name: float(crossing_period_min(scheme, odd_min, even_min, intervals))
        for scheme in SCHEMES
    }


def best_period_min(
    odd_min: ArrayLike, even_min: ArrayLike, intervals: StationIntervals
) -> FloatArray:
    """Shortest period of each gap over the schemes.

    Parameters and errors as in :func:`crossing_period_min`; returns shape (gaps,) or (). Each gap
    chooses for itself, which is right for the gap that binds: its neighbours, being shorter, have
    the slack to fit in with it.

    >>> best_period_min([24.0, 15.0], [25.0, 15.0], StationIntervals(2.0, 1.0, 1.0, 4.0))
    array([55., 36.])
    """
    periods = [crossing_period_min(scheme, odd_min, even_min, intervals) for scheme in SCHEMES]
    return np.asarray(np.min(np.stack(periods), axis=0), dtype=np.float64)
