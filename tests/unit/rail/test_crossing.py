from __future__ import annotations

import math

import numpy as np
import pytest

from keruen.errors import RangeError
from keruen.rail.crossing import (
    BOTH_STOP,
    CROSS_PASS,
    SCHEMES,
    THROUGH_EVEN,
    THROUGH_ODD,
    CrossingScheme,
    StationIntervals,
    best_period_min,
    crossing_period_min,
    scheme_periods_min,
)

PUBLISHED = StationIntervals(
    start_min=2.0, stop_min=1.0, crossing_min=1.0, non_simultaneous_min=4.0
)


def test_published_example_by_scheme_name() -> None:
    periods = scheme_periods_min(24.0, 25.0, PUBLISHED)
    assert periods == {
        "both_stop": 59.0,
        "through_even": 55.0,
        "through_odd": 57.0,
        "cross_pass": 57.0,
    }
    assert list(periods) == ["both_stop", "through_even", "through_odd", "cross_pass"]
    assert float(best_period_min(24.0, 25.0, PUBLISHED)) == 55.0


@pytest.mark.parametrize(
    ("scheme", "formula"),
    [
        (BOTH_STOP, lambda t, u, r, z, s, np_: t + u + 2 * np_ + 2 * z),
        (THROUGH_EVEN, lambda t, u, r, z, s, np_: t + u + 2 * s + 2 * r),
        (THROUGH_ODD, lambda t, u, r, z, s, np_: t + u + np_ + z + s + r),
        (CROSS_PASS, lambda t, u, r, z, s, np_: t + u + np_ + z + s + r),
    ],
)
def test_each_scheme_is_its_formula(scheme: CrossingScheme, formula: object) -> None:
    assert callable(formula)
    got = crossing_period_min(scheme, 31.0, 37.0, StationIntervals(2.5, 1.25, 1.75, 4.5))
    assert float(got) == formula(31.0, 37.0, 2.5, 1.25, 1.75, 4.5)


def test_at_each_end_one_train_stands_and_one_runs() -> None:
    # At an end the leaving and the entering train never both run through: the track is single.
    for scheme in SCHEMES:
        assert not (scheme.odd_leaves_running and scheme.even_enters_running)
        assert not (scheme.even_leaves_running and scheme.odd_enters_running)
        assert scheme.crossings + scheme.waits == 2
    assert THROUGH_ODD.odd_enters_running
    assert THROUGH_ODD.odd_leaves_running
    assert not THROUGH_ODD.even_enters_running
    assert not THROUGH_ODD.even_leaves_running
    assert CROSS_PASS.even_enters_running
    assert CROSS_PASS.even_leaves_running


def test_arrays_of_gaps_and_of_intervals() -> None:
    odd, even = np.array([24.0, 15.0, 30.0]), np.array([25.0, 15.0, 28.0])
    by_gap = StationIntervals(
        np.array([2.0, 0.0, 2.0]),
        np.array([1.0, 0.0, 1.0]),
        np.array([1.0, 2.0, 1.0]),
        np.array([4.0, 2.0, 0.5]),
    )
    best = best_period_min(odd, even, by_gap)
    assert best.tolist() == [55.0, 34.0, 61.0]  # the last gap crosses best with both stopping
    for gap in range(3):
        alone = StationIntervals(*(float(values[gap]) for values in map(np.asarray, by_gap)))
        assert min(scheme_periods_min(odd[gap], even[gap], alone).values()) == best[gap]


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_impossible_times_are_refused(bad: float) -> None:
    with pytest.raises(RangeError) as refused:
        crossing_period_min(BOTH_STOP, bad, 25.0, PUBLISHED)
    assert refused.value.problems[0].code == "number_out_of_range"
    assert refused.value.problems[0].params["name"] == "odd_min"
    with pytest.raises(RangeError):
        best_period_min(24.0, 25.0, PUBLISHED._replace(crossing_min=bad))


def test_a_gap_without_running_time_is_refused() -> None:
    with pytest.raises(RangeError):
        crossing_period_min(BOTH_STOP, 0.0, 0.0, PUBLISHED)
