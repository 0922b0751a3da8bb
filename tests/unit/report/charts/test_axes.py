from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.report.charts.axes import log_ticks, nice_ticks, spread, year_ticks


@given(st.floats(1e-6, 1e9), st.integers(2, 8))
def test_ticks_cover_the_values_in_equal_steps(highest: float, count: int) -> None:
    ticks = nice_ticks(highest, count)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-6)
    assert ticks[-2] < highest
    assert len(ticks) <= count + 2
    steps = [b - a for a, b in itertools.pairwise(ticks)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-6, abs=1e-11)


@given(st.floats(1e-3, 1e6), st.floats(1, 1e4))
def test_log_ticks_cover_a_range(lowest: float, ratio: float) -> None:
    ticks = log_ticks(lowest, lowest * ratio)
    assert ticks[0] <= lowest * (1 + 1e-6)
    assert ticks[-1] >= lowest * ratio * (1 - 1e-6)
    assert ticks == sorted(ticks)


@pytest.mark.parametrize("bounds", [(0, 1), (-1, 1), (2, 1), (1, math.inf), (math.nan, 1)])
def test_a_log_axis_of_no_range_is_refused(bounds: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        log_ticks(*bounds)


@pytest.mark.parametrize("highest", [math.nan, math.inf])
def test_an_axis_without_end_is_refused(highest: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        nice_ticks(highest)


labels = st.lists(st.tuples(st.floats(0, 300), st.floats(5, 25)), min_size=1, max_size=10)


@given(labels)
def test_spread_labels_do_not_overlap_and_keep_their_order(
    wanted: list[tuple[float, float]],
) -> None:
    places = [at for at, _ in wanted]
    heights = [height for _, height in wanted]
    centres = spread(places, heights, 0, 300)
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    assert centres[order[0]] - heights[order[0]] / 2 >= -1e-9
    for above, below in itertools.pairwise(order):
        gap = centres[below] - centres[above]
        assert gap >= (heights[above] + heights[below]) / 2 - 1e-9
    assert centres[order[-1]] + heights[order[-1]] / 2 <= 300 + 1e-9


def test_labels_with_room_stay_where_they_want() -> None:
    assert spread([20, 60, 100], [10, 10, 10], 0, 300) == [20, 60, 100]


@given(st.integers(1990, 2050), st.integers(0, 60), st.floats(60, 900))
def test_years_fit_their_room(first: int, span: int, room: float) -> None:
    ticks = year_ticks(first, first + span, room)
    assert ticks[0] == first
    assert ticks[-1] <= first + span
    assert len(ticks) <= max(2, room / 38)
