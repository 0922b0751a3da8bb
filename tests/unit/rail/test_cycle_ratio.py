"""Shortest periods by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keruen.rail.cycle_ratio import Constraints, shortest_period_min


def constraints(*rows: tuple[int, int, float, int]) -> Constraints:
    source, target, weight, periods = zip(*rows, strict=True)
    return Constraints(
        np.array(source), np.array(target), np.array(weight, dtype=np.float64), np.array(periods)
    )


@pytest.mark.parametrize(
    ("rows", "period"),
    [
        ([(0, 0, 7.0, 1)], 7.0),
        ([(0, 0, 7.0, 2)], 3.5),
        ([(0, 1, 5.0, 0), (1, 0, 6.0, 1)], 11.0),
        # The longer way round the same two trains binds.
        ([(0, 1, 5.0, 0), (0, 1, 8.0, 0), (1, 0, 6.0, 1)], 14.0),
        ([(0, 1, 5.0, 0), (1, 2, 5.0, 0), (2, 0, 5.0, 1), (1, 0, 11.0, 1)], 16.0),
        # A window: the second train at least 2 and at most 9 minutes after the first.
        ([(0, 1, 2.0, 0), (1, 0, -9.0, 0), (0, 0, 4.0, 1)], 4.0),
        # Nothing ever comes round again: no period is too short.
        ([(0, 1, 5.0, 0)], 0.0),
    ],
)
def test_known_periods(rows: list[tuple[int, int, float, int]], period: float) -> None:
    assert shortest_period_min(3, constraints(*rows)) == pytest.approx(period)


def test_contradictions_have_no_period() -> None:
    window = constraints((0, 1, 9.0, 0), (1, 0, -2.0, 0))
    assert shortest_period_min(2, window) == math.inf
    # A longer period makes it worse: the source is later in the count of trains.
    upside_down = constraints((0, 1, 5.0, 0), (1, 0, 1.0, -1))
    assert shortest_period_min(2, upside_down) == math.inf
