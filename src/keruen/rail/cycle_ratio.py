"""Shortest period of a cyclic timetable: the greatest cycle ratio of its constraints.

A constraint says that train ``target`` comes at least ``weight`` minutes after train ``source`` of
so many periods before: ``x[target] - x[source] + periods * period >= weight``. Some times ``x``
meet all constraints if and only if no cycle of them has more weight than it has periods times the
period.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_TOLERANCE = 1e-9


class Constraints(NamedTuple):
    """Constraints between trains, one an element of each array.

    Parameters
    ----------
    source, target : int array, shape (constraints,)
        Trains, from 0.
    weight_min : float array, shape (constraints,)
        Least time between them, minutes.
    periods : int array, shape (constraints,)
        Periods that ``source`` is before ``target`` in the count of trains.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    weight_min: NDArray[np.float64]
    periods: NDArray[np.int64]


def _positive_cycle(trains: int, constraints: Constraints, period_min: float) -> list[int]:
    """Constraints of a cycle that the period does not satisfy; none if it satisfies all."""
    excess = constraints.weight_min - constraints.periods * period_min
    latest = np.zeros(trains)
    moved = np.zeros(trains, dtype=np.bool_)
    by_target = np.argsort(constraints.target, kind="stable")
    through = np.full(trains, -1, dtype=np.int64)
    for _ in range(trains + 1):
        reached = latest[constraints.source] + excess
        # Of equal targets the last assignment holds, hence in ascending order of what is reached.
        order = by_target[np.argsort(reached[by_target], kind="stable")]
        best = latest.copy()
        np.maximum.at(best, constraints.target, reached)
        moved = best > latest + _TOLERANCE
        if not moved.any():
            return []
        strongest = np.full(trains, -1, dtype=np.int64)
        strongest[constraints.target[order]] = order
        through[moved] = strongest[moved]
        latest = np.where(moved, best, latest)
    train = int(np.flatnonzero(moved)[0])
    for _ in range(trains):
        train = int(constraints.source[through[train]])
    cycle, at = [int(through[train])], int(constraints.source[through[train]])
    while at != train:
        cycle.append(int(through[at]))
        at = int(constraints.source[through[at]])
    return cycle


def shortest_period_min(trains: int, constraints: Constraints) -> float:
    """Shortest period in which trains can follow each other under all constraints.

    Parameters
    ----------
    trains : int
        Trains a period.
    constraints : Constraints
        What keeps them apart.

    Returns
    -------
    float
        Minutes; infinite where the constraints contradict each other whatever the period, nought
        where nothing holds the trains apart.

    Examples
    --------
    Two trains a period that follow each other after 10 and after 14 minutes:

    >>> two = np.array([0, 1]), np.array([1, 0]), np.array([10.0, 14.0]), np.array([0, 1])
    >>> shortest_period_min(2, Constraints(*two))
    24.0
    """
    period = 0.0
    # Each step rises to the ratio of a cycle not met before, of which there are finitely many.
    while True:
        cycle = _positive_cycle(trains, constraints, period)
        if not cycle:
            return period
        count = int(constraints.periods[cycle].sum())
        if count <= 0:
            return float("inf")
        period = float(constraints.weight_min[cycle].sum()) / count
