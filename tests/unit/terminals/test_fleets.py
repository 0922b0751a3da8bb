from __future__ import annotations

import math

import pytest

from keruen.errors import RangeError
from keruen.terminals.fleets import Turn, fleet_trains_per_day, units_needed

LOCOMOTIVES = Turn(availability_share=0.82, turn_days=2.2, units_per_train=2.0)


def test_trains_by_hand() -> None:
    assert fleet_trains_per_day(110, LOCOMOTIVES) == pytest.approx(110 * 0.82 / 4.4)
    assert fleet_trains_per_day(0, LOCOMOTIVES) == 0.0


def test_units_by_hand() -> None:
    assert units_needed(20.5, LOCOMOTIVES) == 110
    assert units_needed(20.51, LOCOMOTIVES) == 111
    assert units_needed(0.0, LOCOMOTIVES) == 0


def test_a_fleet_that_is_never_fit() -> None:
    broken = LOCOMOTIVES._replace(availability_share=0.0)
    assert fleet_trains_per_day(100, broken) == 0.0
    assert units_needed(1.0, broken) is None
    assert units_needed(0.0, broken) == 0


@pytest.mark.parametrize(
    "turn",
    [Turn(1.1, 2.0, 1.0), Turn(0.8, 0.0, 1.0), Turn(0.8, 2.0, 0.0), Turn(math.nan, 2.0, 1.0)],
)
def test_impossible_turns_are_refused(turn: Turn) -> None:
    with pytest.raises(RangeError):
        fleet_trains_per_day(10, turn)
    with pytest.raises(RangeError):
        units_needed(1.0, turn)


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(RangeError):
        fleet_trains_per_day(-1, LOCOMOTIVES)
    with pytest.raises(RangeError):
        units_needed(-1.0, LOCOMOTIVES)
