"""Running times of a study's gaps: bounds, directions, help on hills, and what cannot run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.capacity.cannot_run import LEAST_CLIMBING_KM_PER_H
from keruen.capacity.gap_running import (
    MOST_UNITS,
    REFERENCE_KM,
    gap_run,
    profile_of,
    speed_km_per_h,
    train_of,
    units_needed,
)
from keruen.capacity.hauling import Engine, Hauled, Track
from keruen.errors import FailedError
from keruen.rail.running import run_train
from keruen.rail.supplements import start_stop_minutes

DIESEL = Engine(138, 22, 2900, 530, 0.33, 100, 0, 0, 0.34, 0, 0, 15)
ELECTRIC = Engine(200, 35, 8500, 830, 0.36, 120, 450, 7600, 0.85, 0.8, 100, 0)
TRAIN = Hauled(DIESEL, 1, True, 3500, 832, 57, True)
STEPPE = Track(30, 80, 9, 0.2, 0.1)


def test_a_gap_takes_the_pace_of_a_run_over_the_same_line() -> None:
    found = gap_run(TRAIN, STEPPE, 30.0, "ab")
    line = STEPPE._replace(length_km=REFERENCE_KM)
    by_hand = start_stop_minutes(train_of(TRAIN, 9.0), profile_of(line))
    assert found.forward_min == pytest.approx(1.1 * by_hand.through_min * 30.0 / REFERENCE_KM)
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
    assert lighter.units is not None
    assert found.units is not None
    assert lighter.units <= found.units
    if lighter.units < found.units:  # a heavy train behind two may outrun a light one behind one
        return
    assert lighter.forward_min <= found.forward_min * (1 + 1e-9)


def test_locomotives_help_where_one_cannot() -> None:
    hill = STEPPE._replace(ruling_permille=16.0, gradient_share=0.9)
    assert gap_run(TRAIN, hill, 10.0, "ab").units == 2
    wall = hill._replace(ruling_permille=60.0)
    with pytest.raises(FailedError) as caught:
        gap_run(TRAIN, wall, 10.0, "ab")
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["section"]) == ("ruling_not_started", "ab")
    assert problem.params["units"] == MOST_UNITS == 4


def needed_by_hand(permille: float) -> int:
    """Locomotives without which the train of 3,500 t neither starts nor keeps 20 km/h."""
    for units in range(1, MOST_UNITS + 1):
        adhesion_n = 0.33 * units * 138e3 * 9.80665
        pull_n = min(units * 530e3, adhesion_n, units * 2900e3 / (20.0 / 3.6))
        weight_kn = (3500.0 + units * 138.0) * 9.80665
        starting_n = 28.0 / (3500.0 / 57 / 4 + 7.0) * 3500.0 * 9.80665 + 1.9 * units * 138 * 9.80665
        if min(units * 530e3, adhesion_n) >= starting_n + weight_kn * permille and (
            pull_n >= (1.3 + permille) * weight_kn
        ):
            return units
    raise AssertionError(permille)


@pytest.mark.parametrize("share", [0.02, 0.2, 1.0])
@pytest.mark.parametrize("permille", [6.0, 10.0, 14.0, 20.0, 27.0])
def test_no_momentum_helps_over_the_ruling_gradient(permille: float, share: float) -> None:
    track = STEPPE._replace(ruling_permille=permille, gradient_share=share)
    assert units_needed(TRAIN, track) == needed_by_hand(permille)


def test_a_train_keeps_the_least_speed_or_says_what_is_missing() -> None:
    weak = TRAIN._replace(engine=DIESEL._replace(power_kw=400.0))
    with pytest.raises(FailedError) as caught:
        gap_run(weak, STEPPE, 10.0, "ab")
    (problem,) = caught.value.problems
    assert problem.code == "ruling_not_held"
    assert problem.params["speed"] == LEAST_CLIMBING_KM_PER_H
    short_kn = float(str(problem.params["missing"]))
    assert short_kn == pytest.approx((3500 + 4 * 138) * 9.80665 * 0.0103 - 4 * 400 * 3.6 / 20, 0.05)
    level = STEPPE._replace(gradient_share=0.0)
    assert gap_run(weak, level, 10.0, "ab").units == 1


def points(*rows: tuple[float, float]) -> Track:
    """A profile through kilometres and heights."""
    profile = tuple((km, height, 80.0, float("inf")) for km, height in rows)
    return Track(rows[-1][0], 80, 9, 0.0, 0.1, profile)


def test_a_hump_that_momentum_carries_over_needs_no_help_and_a_stop_on_it_does() -> None:
    """Where the train stands wholly on 20 per mille it could not start again."""
    short = points((0, 0), (10, 0), (10.2, 4), (20, 4))
    assert units_needed(TRAIN, short) == 1
    long = points((0, 0), (10, 0), (12, 40), (20, 40))
    assert units_needed(TRAIN, long) == needed_by_hand(20.0)


def test_what_a_profile_hinders_is_told_at_its_kilometre_forward() -> None:
    cliff = points((0, 600), (20, 600), (25, 225), (40, 225))
    with pytest.raises(FailedError) as caught:
        units_needed(TRAIN, cliff, "ab")
    (problem,) = caught.value.problems
    assert problem.code == "profile_not_braked"
    assert 19.0 < float(str(problem.params["km"])) < 26.0
    climb = points((0, 100), (20, 100), (24, 304), (40, 304))
    heavy = TRAIN._replace(trailing_t=5000.0)
    for track in (climb, points(*((40 - km, height) for km, height, *_ in climb.profile[::-1]))):
        with pytest.raises(FailedError) as caught:
            units_needed(heavy, track, "ab")
        (problem,) = caught.value.problems
        assert problem.code in {"profile_not_started", "profile_not_braked"}
        assert 15.0 < float(str(problem.params["km"])) < 25.0


def test_a_slope_beyond_all_railways_is_told_and_crashes_nothing() -> None:
    with pytest.raises(FailedError) as caught:
        gap_run(TRAIN, points((0, 0), (17, 3000), (40, 0)), 10.0, "ab")
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["section"]) == ("section_out_of_range", "ab")


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
    fed = TRAIN._replace(engine=ELECTRIC, is_diesel=False)
    diesel, electric = (run_train(train_of(one), profile_of(STEPPE)) for one in (TRAIN, fed))
    assert diesel.fuel_l.sum() > 0
    assert diesel.wire_kwh.sum() == 0
    assert electric.fuel_l.sum() == 0
    assert electric.wire_kwh.sum() > 0
    assert diesel.assumed_profile
