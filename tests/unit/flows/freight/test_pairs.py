from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keruen.flows.arrays import EXPONENTIAL, FIXED
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.pairs import Answer, Pairs, answering, loaded_pairs, no_pairs
from support.forwarding import YEAR, corridor
from support.freight_diamond import BOX, diamond


def pairs(*rows: tuple[int, int, int, float]) -> Pairs:
    user, origin, destination = (np.array([row[at] for row in rows]) for at in range(3))
    return Pairs(user, origin, destination, np.array([row[3] for row in rows]))


def rows(found: Pairs) -> list[tuple[int, int, int, float]]:
    return list(zip(*(column.tolist() for column in found), strict=True))


def demand(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    columns = ["commodity", "origin", "destination", "loaded", "quantity"]
    return pd.DataFrame(list(rows), columns=columns)


@pytest.fixture(scope="module")
def freight() -> Freight:
    return corridor().years.freight(YEAR)


def test_joined_pairs_stand_in_order() -> None:
    one = pairs((0, 1, 0, 5.0), (2, 0, 1, 6.0))
    other = pairs((0, 0, 1, 7.0), (1, 2, 0, 8.0), (1, 2, 1, 9.0))
    found = rows(one.joined(other))
    assert found == sorted([*rows(one), *rows(other)])
    assert rows(one.joined(no_pairs())) == rows(one)


def test_loaded_demand_by_what_it_shuns(freight: Freight) -> None:
    """In 2026 boxes over the sea fear the ship, and what stays on land fears nothing."""
    found = loaded_pairs(
        freight,
        demand(
            ("container", "west", "east", "loaded", 30.0),
            ("container", "east", "middle", "loaded", 20.0),
            ("container", "east", "west", "loaded", 10.0),
            ("container", "east", "west", "empty", 99.0),
            ("container", "middle", "west", "loaded", 0.0),
            ("container", "nowhere", "west", "loaded", 5.0),
            ("no_such", "east", "west", "loaded", 5.0),
        ),
    )
    names = {one.name: at for at, one in enumerate(freight.cargo)}
    zones = {zone: at for at, zone in enumerate(freight.zones)}
    east, middle, west = zones["east"], zones["middle"], zones["west"]
    assert rows(found) == sorted(
        [
            (names["container"], east, middle, 20.0),
            (names["container@sea_feared"], east, west, 10.0),
            (names["container@sea_feared"], west, east, 30.0),
        ]
    )


def test_no_demand_is_no_pairs(freight: Freight) -> None:
    found = loaded_pairs(freight, demand())
    assert rows(found) == []
    assert found.user.dtype == np.int64


def test_fixed_demand() -> None:
    found = answering(diamond(), pairs((0, 0, 1, 5.0)), np.array([7, 8]), None)
    assert (found.origin.tolist(), found.destination.tolist()) == ([7], [8])
    assert found.response.tolist() == [FIXED]
    assert found.amount.tolist() == [5.0]


def amount_at(found_cost: float, shift: float) -> float:
    """Demand of 100 at a reference of 400 that has an elasticity of 0.3."""
    answer = Answer(np.array([400.0]), np.array([shift]))
    found = answering(diamond(), pairs((0, 0, 1, 100.0)), np.array([7, 8]), answer)
    assert found.response.tolist() == [EXPONENTIAL]
    slope = found.elasticity[0]
    return float(found.amount[0] * np.exp(-slope * (found_cost - found.reference_cost[0])))


def test_demand_answers_to_cost_and_shift_alike() -> None:
    assert amount_at(400.0, 0.0) == pytest.approx(100.0)
    assert amount_at(404.0, 0.0) == pytest.approx(100.0 * np.exp(-0.3 * 0.01))
    assert amount_at(400.0, 4.0) == pytest.approx(amount_at(404.0, 0.0))
    assert amount_at(450.0, -50.0) == pytest.approx(100.0)
    # A shift beyond the whole cost moves along the same curve.
    assert amount_at(400.0, -500.0) == pytest.approx(100.0 * np.exp(0.3 * 500.0 / 400.0))


def test_what_has_no_reference_or_no_elasticity_is_fixed() -> None:
    freight = diamond()._replace(cargo=(BOX, BOX._replace(elasticity=0.0)))
    own = pairs((0, 0, 1, 1.0), (0, 1, 0, 2.0), (1, 0, 1, 3.0))
    answer = Answer(np.array([400.0, np.nan, 400.0]), np.array([0.0, 9.0, 9.0]))
    found = answering(freight, own, np.array([7, 8]), answer)
    assert found.response.tolist() == [EXPONENTIAL, FIXED, FIXED]
    assert found.amount.tolist() == [1.0, 2.0, 3.0]
