from __future__ import annotations

import pytest

from keruen.errors import RangeError
from keruen.rail.resistance import (
    LOCOMOTIVE_POWERED,
    WAGON_FORMULAE,
    cis_jointed,
    cis_welded,
    davis,
    modified_davis,
    starting_resistance_n_per_kn,
)


def test_four_and_eight_axles_have_their_own_coefficients() -> None:
    assert cis_jointed(22.0, 4).at(70.0) == pytest.approx(0.7 + (3 + 7.0 + 12.25) / 22.0)
    assert cis_jointed(21.0, 8).at(70.0) == pytest.approx(0.7 + (6 + 2.66 + 10.29) / 21.0)


def test_the_worked_example_of_a_locomotive_at_56_km_per_h() -> None:
    assert LOCOMOTIVE_POWERED.at(56.0) == pytest.approx(3.4, abs=0.01)


def test_welded_track_resists_less_than_jointed_when_moving() -> None:
    assert cis_welded(22.0, 4).at(0.0) == cis_jointed(22.0, 4).at(0.0)
    assert cis_welded(22.0, 4).at(80.0) < cis_jointed(22.0, 4).at(80.0)
    assert cis_welded(21.0, 8) == cis_jointed(21.0, 8)


def test_davis_in_its_own_units() -> None:
    # 25 short tons an axle, 50 miles an hour, pounds a short ton to newtons a kilonewton.
    pounds = 1.3 + 29 / 25 + 0.045 * 50 + 0.0005 * 88 * 50**2 / 100
    ours = davis(25 * 0.90718474, 4, 88 * 0.09290304).at(50 * 1.609344)
    assert ours == pytest.approx(pounds / 2000 * 1000, rel=1e-9)
    pounds = 0.6 + 20 / 25 + 0.01 * 50 + 0.16 * 50**2 / 100
    ours = modified_davis(25 * 0.90718474, 4, 0.16).at(50 * 1.609344)
    assert ours == pytest.approx(pounds / 2000 * 1000, rel=1e-9)


def test_the_metric_table_of_the_modified_formula() -> None:
    # 2.9420 N/t, 88.964 N an axle, 0.10968 N/t per m/s, of a wagon of 80 t on four axles.
    newtons_per_t = 2.9420 + 88.964 * 4 / 80.0 + 0.10968 * 10.0
    assert modified_davis(20.0, 4, 0.0).at(36.0) * 9.80665 == pytest.approx(newtons_per_t, rel=1e-4)


@pytest.mark.parametrize("name", WAGON_FORMULAE)
def test_every_formula_grows_with_speed_and_falls_with_axle_load(name: str) -> None:
    formula = WAGON_FORMULAE[name]
    light, heavy = formula(6.0, 4), formula(23.0, 4)
    assert 0.0 < heavy.at(0.0) < heavy.at(40.0) < heavy.at(80.0)
    assert light.at(60.0) > heavy.at(60.0)
    with pytest.raises(RangeError):
        formula(0.0, 4)
    with pytest.raises(RangeError):
        formula(20.0, 0)


def test_the_worked_examples_of_starting() -> None:
    assert starting_resistance_n_per_kn(22.0) == pytest.approx(0.9655, abs=1e-4)
    assert starting_resistance_n_per_kn(21.0) == 1.0
    with pytest.raises(RangeError):
        starting_resistance_n_per_kn(-1.0)
