from __future__ import annotations

import pytest

from keruen.flows.freight.emissions import Activity, Factor, factor_for, factors_of
from support.forwarding import corridor_flows

RAIL = Activity("moving", "rail", "electric", "KZ", "container")


def test_the_most_particular_row_wins() -> None:
    factors = (
        Factor("any", Activity("moving"), 99.0),
        Factor("rail", Activity("moving", "rail"), 50.0),
        Factor("electric", Activity("moving", "rail", "electric"), 15.0),
        Factor("kz", Activity("moving", "rail", "electric", "KZ"), 21.5),
        Factor("empty", Activity("moving", "rail", "electric", "KZ", "container"), None),
        Factor("hub", Activity("handling"), 1000.0),
    )
    told = [
        factor_for(factors, one)
        for one in (
            RAIL,
            RAIL._replace(country="CN"),
            RAIL._replace(traction=""),
            Activity("moving", "sea"),
            Activity("handling", country="KZ", cargo_class="container"),
        )
    ]
    assert [one and one.row for one in told] == ["kz", "electric", "rail", "any", "hub"]


def test_what_has_no_factor_has_none() -> None:
    assert factor_for((Factor("hub", Activity("handling"), 1.0),), RAIL) is None


def test_vessels_come_before_the_class_of_cargo() -> None:
    at_sea = Activity("moving", "sea", cargo_class="container")
    factors = (
        Factor("ocean", at_sea, 15.0),
        Factor("feeder", at_sea._replace(pool="feeders"), 43.0),
    )
    assert getattr(factor_for(factors, at_sea._replace(pool="feeders")), "row", "") == "feeder"
    assert getattr(factor_for(factors, at_sea._replace(pool="other")), "row", "") == "ocean"


def test_rows_of_a_study_well_to_wheel() -> None:
    found = {factor.row: factor for factor in factors_of(corridor_flows().base)}
    # 30 g burnt on the way, a fifth more for making the fuel.
    assert found["ship"].grams == pytest.approx(36.0)
    assert found["lift"].grams == 1200.0
    assert found["rail_diesel"].of == Activity("moving", "rail", "diesel", "XC")
