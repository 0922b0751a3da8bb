from __future__ import annotations

import math

import numpy as np
import pytest

from keruen.flows import (
    Curves,
    Settings,
    assign,
    bpr_links,
    demand_of,
    network_of,
    users_of,
)
from keruen.flows.arrays import RoutePool, World
from keruen.flows.graph import compiled
from keruen.flows.routes import Columns, merged, picked, route_sums
from support.flow_networks import alike, pool_of

PARALLEL = network_of(bpr_links([0, 0, 1, 0], [1, 1, 2, 2], Curves([1.0, 1.0, 2.0, 3.0], 9.0)))


def world(theta: float) -> World:
    demand = demand_of([0], [2], [6.0])
    users = users_of(4, theta=theta)
    return compiled(PARALLEL, users, demand, np.ones(1, bool), False).world


def column(links: list[int]) -> Columns:
    return Columns(np.array([0]), np.array([0, len(links)]), np.array(links, dtype=np.int32))


def two_routes(flows: list[float]) -> RoutePool:
    return pool_of([2], [[0, 3], [2]])._replace(flow=np.array(flows))


def test_a_route_that_nobody_takes_is_dropped_and_a_new_one_begins_empty() -> None:
    found = merged(world(math.inf), two_routes([0.0, 6.0]), column([1, 3]))
    assert found.links.tolist() == [2, 1, 3]
    assert found.flow.tolist() == [6.0, 0.0]
    assert found.pair_first.tolist() == [0, 2]


def test_a_pair_without_routes_puts_all_its_demand_on_the_first() -> None:
    found = merged(world(math.inf), pool_of([0], []), column([2]))
    assert found.flow.tolist() == [6.0]


def test_a_logit_keeps_every_route_and_gives_a_new_one_its_part() -> None:
    found = merged(world(1.0), two_routes([0.0, 6.0]), column([1, 3]))
    assert found.pair_first.tolist() == [0, 3]
    assert found.flow.sum() == pytest.approx(6.0)
    assert found.flow[2] == pytest.approx(2.0)


def test_picking_all_pairs_in_their_order_changes_nothing() -> None:
    pool = pool_of([2, 0, 1], [[0, 3], [2], [1, 3]])._replace(flow=np.array([1.0, 2.0, 3.0]))
    assert alike(picked(pool, np.arange(3)), pool)
    assert picked(pool, np.array([2, 1, 0])).pair_first.tolist() == [0, 1, 1, 3]


def test_sums_over_routes_are_their_costs() -> None:
    case = PARALLEL, users_of(4), demand_of([0], [2], [30.0])
    found = assign(*case, Settings(gap=1e-12))
    assert route_sums(found.routes, found.delay) == pytest.approx(found.cost[0])
