from __future__ import annotations

import numpy as np
import pytest

from keruen.flows import Curves, bpr_links, demand_of, network_of, users_of
from keruen.flows.arrays import RoutePool
from keruen.flows.freight.beginning import Given, routes_to_begin
from keruen.flows.freight.pairs import Pairs

ROADS = 3


def case(amounts: list[float], ends: list[tuple[int, int]]) -> tuple[Given, Pairs]:
    """Two zones, three roads from the first to the second, and a link to stay away by each way."""
    links = bpr_links(
        [0, 0, 0, 0, 0, 1, 1],
        [1, 1, 1, 0, 1, 0, 1],
        Curves([1.0, 1.1, 9.0, 30.0, 30.0, 30.0, 30.0], 1e6),
        size=np.ones(7),
    )
    origin, destination = (np.array(one, dtype=np.int64) for one in zip(*ends, strict=True))
    pairs = Pairs(np.zeros(len(ends), dtype=np.int64), origin, destination, np.array(amounts))
    demand = demand_of(origin, destination, amounts)
    return (network_of(links), users_of(7, theta=2.0), demand, np.full(7, np.inf)), pairs


def links_of(pool: object, pair: int) -> list[list[int]]:
    first, ends, links = pool.pair_first, pool.first, pool.links  # type: ignore[attr-defined]
    return [links[ends[r] : ends[r + 1]].tolist() for r in range(first[pair], first[pair + 1])]


def test_what_is_new_has_its_cheapest_ways_and_may_stay_away() -> None:
    given, pairs = case([5.0], [(0, 1)])
    found = routes_to_begin(given, pairs, 2, None)
    # The third road is more than four spreads dearer.
    assert sorted(links_of(found, 0)) == [[0], [1], [ROADS + 1]]
    assert found.flow[:2] == pytest.approx(5.0 / (1.0 + np.exp([-0.2, 0.2])), rel=1e-4)


def test_what_is_known_is_kept_by_its_zones_and_gets_no_second_way_to_stay_away() -> None:
    given, pairs = case([5.0], [(0, 1)])
    begun = routes_to_begin(given, pairs, 2, None)
    again = routes_to_begin(given, pairs, 2, (pairs, begun._replace(flow=begun.flow * 2.0)))
    assert links_of(again, 0) == links_of(begun, 0)
    assert again.flow == pytest.approx(begun.flow * 2.0)
    more, both = case([4.0, 5.0], [(1, 0), (0, 1)])
    found = routes_to_begin(more, both, 2, (pairs, begun))
    # No road leads back: who is new can only stay away.
    assert links_of(found, 0) == [[ROADS + 2]]
    assert links_of(found, 1) == links_of(begun, 0)


def test_a_pair_without_any_route_may_stay_away_too() -> None:
    """The next pair's first route is no route of it."""
    given, pairs = case([4.0, 5.0], [(1, 0), (1, 1)])
    alone = RoutePool(
        np.array([0, 0, 1]),
        np.array([0, 1]),
        np.array([ROADS + 3], dtype=np.int32),
        np.array([5.0]),
        np.zeros(1),
    )
    found = routes_to_begin(given, pairs, 2, (pairs, alone))
    assert links_of(found, 0) == [[ROADS + 2]]
    assert links_of(found, 1) == [[ROADS + 3]]
