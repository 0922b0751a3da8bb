from __future__ import annotations

import numpy as np
import pytest

from keruen.flows import Curves, bpr_links, demand_of, network_of, users_of
from keruen.flows.arrays import RoutePool
from keruen.flows.checks import pair_findings
from keruen.flows.graph import compiled
from keruen.flows.route_sets import joined, logit, moved, ways_to_begin


def pool_of(pairs: list[list[list[int]]], flow: float = 1.0) -> RoutePool:
    routes = [route for pair in pairs for route in pair]
    return RoutePool(
        np.cumsum([0, *map(len, pairs)]),
        np.cumsum([0, *map(len, routes)]),
        np.array([link for route in routes for link in route], dtype=np.int32),
        np.full(len(routes), flow),
        np.zeros(len(routes)),
    )


def test_routes_of_two_pools_come_once_each_by_pair() -> None:
    first = pool_of([[[0, 1], [2]], [], [[4]]], 3.0)
    second = pool_of([[[2], [1, 0], [0, 1]], [[5]], [[4]]])
    both, new = joined(first, second)
    assert both.pair_first.tolist() == [0, 3, 4, 5]
    ends = zip(both.first[:-1], both.first[1:], strict=True)
    assert [both.links[a:b].tolist() for a, b in ends] == [[0, 1], [2], [1, 0], [5], [4]]
    assert new.tolist() == [False, False, True, True, False]
    assert both.flow.tolist() == [3.0, 3.0, 1.0, 1.0, 3.0]


def test_a_closed_link_is_no_way_to_begin_with() -> None:
    roads = network_of(bpr_links([0, 0, 0], [1, 1, 1], Curves([1.0, 1.1, 1.2], 1e6)))
    users, demand = users_of(3, theta=2.0), demand_of([0], [1], [4.0])
    open_to_all = ways_to_begin(roads, users, demand, np.full(3, np.inf), 4)
    assert sorted(open_to_all.links.tolist()) == [0, 1, 2]
    weight = np.exp(-2.0 * np.array([1.0, 1.1, 1.2]))
    by_link = open_to_all.flow[np.argsort(open_to_all.links)]
    assert by_link == pytest.approx(4.0 * weight / weight.sum())
    closed = ways_to_begin(roads, users, demand, np.array([0.0, np.inf, np.inf]), 4)
    assert sorted(closed.links.tolist()) == [1, 2]


def test_what_moves_is_what_ways_do_not_share() -> None:
    links = bpr_links([0, 1, 1], [1, 2, 2], Curves([8.0, 2.0, 2.0], 1e6), size=np.ones(3))
    users, demand = users_of(3, theta=1.0), demand_of([0], [2], [5.0])
    problem = compiled(network_of(links), users, demand, pair_findings(demand)[0], False)
    place = np.argsort(problem.link)
    pool = pool_of([[[int(place[0]), int(place[1])], [int(place[0]), int(place[2])]]])
    costs = np.array([[8.0, 2.0, 2.0]])[:, problem.link]
    assert logit(problem.world, pool, costs) == pytest.approx([0.5, 0.5])
    # A half goes over from one of the roads to the other; the road before is taken by all.
    change = np.array([-0.5, 0.5])
    assert moved(problem.world, pool, costs, change) == pytest.approx(5.0 * 0.5 * 2.0)
