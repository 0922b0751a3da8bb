from __future__ import annotations

import math

import pytest

from keruen.errors import RangeError
from keruen.rail.gaps import binding, gap_running_time_min, travel_time_h


def test_binding_names_the_hardest_and_the_next() -> None:
    found = binding([40.0, 61.0, 34.0, 55.0])
    assert (found.gap, found.period_min) == (1, 61.0)
    assert (found.next_gap, found.next_period_min) == (3, 55.0)


def test_of_equal_gaps_the_first_binds() -> None:
    found = binding([34.0, 34.0, 34.0])
    assert (found.gap, found.next_gap, found.next_period_min) == (0, 1, 34.0)


def test_a_line_of_one_gap_has_no_next() -> None:
    assert binding([34.0]) == (0, 34.0, None, None)


@pytest.mark.parametrize("bad", [[], [34.0, 0.0], [34.0, math.nan], [-1.0]])
def test_lines_that_cannot_be(bad: list[float]) -> None:
    with pytest.raises(RangeError):
        binding(bad)


def test_running_times_follow_length_and_speed() -> None:
    assert gap_running_time_min([10.0, 20.0], [60.0, 40.0]).tolist() == [10.0, 30.0]
    with pytest.raises(RangeError):
        gap_running_time_min([10.0], 0.0)
    with pytest.raises(RangeError):
        gap_running_time_min([-10.0], 50.0)


def test_every_stop_costs_a_start_and_a_stop() -> None:
    through = travel_time_h([30.0, 27.0], 0, 2.0, 1.0)
    stopping = travel_time_h([30.0, 27.0], 4, 2.0, 1.0)
    assert through == 1.0
    assert stopping - through == pytest.approx(4 * 3.0 / 60.0)
    with pytest.raises(RangeError):
        travel_time_h([30.0], -1, 2.0, 1.0)
