"""Running times of a study's gaps: bounds, directions, help on hills, and what cannot run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.capacity.gap_running import (
    MOST_UNITS,
    gap_run,
    profile_of,
    section_run,
    speed_km_per_h,
    train_of,
)
from keruen.capacity.hauling import Engine, Hauled, Track
from keruen.errors import FailedError
from keruen.rail.supplements import start_stop_minutes

DIESEL = Engine(138, 22, 2900, 530, 0.33, 100, 0, 0, 0.34, 0, 0, 15)
ELECTRIC = Engine(200, 35, 8500, 830, 0.36, 120, 450, 7600, 0.85, 0.8, 100, 0)
TRAIN = Hauled(DIESEL, 1, True, 3500, 832, 57, True)
STEPPE = Track(30, 80, 9, 0.2, 0.1)


def test_a_gap_takes_the_pace_of_a_run_over_the_same_line() -> None:
    found = gap_run(TRAIN, STEPPE, 30.0, "ab")
    by_hand = start_stop_minutes(train_of(TRAIN, 9.0), profile_of(STEPPE))
    assert found.forward_min == pytest.approx(1.1 * by_hand.through_min)
    assert (found.start_min, found.stop_min) == (by_hand.start_min, by_hand.stop_min)
    assert found.backward_min == found.forward_min
    assert found.units == 1


@settings(max_examples=30)
@given(
    gap=st.floats(1, 100),
    limit=st.sampled_from([40.0, 60.0, 80.0]),
    load=st.sampled_from([1000.0, 3500.0, 5000.0]),
)
def test_no_gap_is_run_faster_than_permitted(gap: float, limit: float, load: float) -> None:
    track = STEPPE._replace(permitted_km_per_h=limit, allowance_share=0.0)
    found = gap_run(TRAIN._replace(trailing_t=load), track, gap, "ab")
    assert speed_km_per_h(gap, found.forward_min) <= limit * (1 + 1e-9)
    lighter = gap_run(TRAIN._replace(trailing_t=load / 2), track, gap, "ab")
    assert lighter.forward_min <= found.forward_min * (1 + 1e-9)


def test_locomotives_help_where_one_cannot() -> None:
    hill = STEPPE._replace(ruling_permille=16.0, gradient_share=0.9)
    assert gap_run(TRAIN, hill, 10.0, "ab").units == 2
    wall = hill._replace(ruling_permille=60.0)
    with pytest.raises(FailedError) as caught:
        gap_run(TRAIN, wall, 10.0, "ab")
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["section"]) == ("train_cannot_run", "ab")
    assert MOST_UNITS == 4


def test_a_climb_is_slower_up_than_down_and_a_window_of_it_is_the_hardest() -> None:
    steep = ((0.0, 0.0, 80.0, float("inf")), (20.0, 160.0, 80.0, float("inf")),
             (40.0, 160.0, 80.0, float("inf")))  # fmt: skip
    track = Track(40, 80, 9, 0.0, 0.0, steep)
    whole = gap_run(TRAIN, track, 40.0, "ab")
    assert whole.forward_min > whole.backward_min
    part = gap_run(TRAIN, track, 10.0, "ab")
    assert part.forward_min > whole.forward_min / 4
    assert part.backward_min <= whole.backward_min / 4 * 1.05


def test_energy_comes_from_the_wire_or_the_tank() -> None:
    diesel = section_run(TRAIN, STEPPE, "ab")
    electric = section_run(TRAIN._replace(engine=ELECTRIC, is_diesel=False), STEPPE, "ab")
    assert diesel.fuel_l.sum() > 0
    assert diesel.wire_kwh.sum() == 0
    assert electric.fuel_l.sum() == 0
    assert electric.wire_kwh.sum() > 0
    assert diesel.assumed_profile
