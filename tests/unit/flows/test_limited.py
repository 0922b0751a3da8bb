from __future__ import annotations

import numpy as np
import pytest

from keruen.flows import (
    EXPONENTIAL,
    Curves,
    Settings,
    assign_within,
    bpr_links,
    demand_of,
    network_of,
    users_of,
)
from support.flow_networks import pool_of
from support.scarce_networks import Scarce, scarce_case


def answering(seed: int) -> Scarce:
    """A tight network whose pairs choose at random and answer to what they pay."""
    case = scarce_case(seed, congested=0.5)
    count = case.demand.amount.size
    demand = case.demand._replace(
        response=np.full(count, EXPONENTIAL, dtype=np.int8),
        elasticity=np.full(count, 0.05),
        reference_cost=np.full(count, 5.0),
    )
    return case._replace(users=case.users._replace(theta=np.full(2, 0.5)), demand=demand)


def test_what_is_at_rest_already_is_left_in_a_round() -> None:
    case, settings = answering(5), Settings(gap=1e-6)
    found = assign_within(*case, settings)
    assert found.converged
    assert (found.price > 0.0).any()
    again = assign_within(*case, settings, found.assignment.routes, found.price)
    assert again.converged
    assert again.assignment.iterations == 1
    assert again.rounds < found.rounds / 2
    assert again.assignment.amount == pytest.approx(found.assignment.amount, rel=1e-5)


def test_demand_that_was_something_else_altogether_is_no_hindrance() -> None:
    case, settings = answering(7), Settings(gap=1e-6)
    found = assign_within(*case, settings)
    routes, held = found.assignment.routes, settings._replace(widen=False)
    for factor in (1e-9, 30.0, 1e9):
        far = routes._replace(flow=routes.flow * factor)
        again = assign_within(*case, held, far, found.price)
        assert again.converged
        assert again.assignment.amount == pytest.approx(found.assignment.amount, rel=1e-4)


def test_prices_that_lead_away_do_not_keep_it_from_an_equilibrium() -> None:
    case, settings = answering(3), Settings(gap=1e-6)
    found = assign_within(*case, settings)
    limited, held = np.isfinite(case.capacity), settings._replace(widen=False)
    for price in (1e-6, 1e3):
        led = np.where(limited, price, 0.0)
        again = assign_within(*case, held, found.assignment.routes, led)
        assert again.converged
        assert again.assignment.amount == pytest.approx(found.assignment.amount, rel=1e-4)


def test_routes_that_all_pass_what_is_scarce_get_ways_past_it() -> None:
    case = scarce_case(5)
    users = case.users._replace(theta=np.full(2, 0.5))
    settings = Settings(gap=1e-5)
    cold = assign_within(case.network, users, case.demand, case.capacity, settings)
    wide = np.full(case.capacity.size, np.inf)
    crowded = assign_within(case.network, users, case.demand, wide, settings).assignment.routes
    found = assign_within(case.network, users, case.demand, case.capacity, settings, crowded)
    assert found.converged
    assert found.assignment.volume.sum() == pytest.approx(cold.assignment.volume.sum(), rel=0.05)


def test_who_needs_no_way_past_what_is_scarce_gets_none() -> None:
    """Two pairs, of which one has a road of its own; both could stay away for 12."""
    links = bpr_links(
        [0, 0, 2, 2], [1, 1, 3, 3], Curves([1.0, 12.0, 1.0, 12.0], 1.0, 0.0, 1.0), size=np.ones(4)
    )
    users, demand = users_of(4, theta=0.5), demand_of([0, 2], [1, 3], [6.0, 6.0])
    start = pool_of([1, 1], [[0], [2]])
    capacity = np.array([4.0, np.inf, 8.0, np.inf])
    found = assign_within(network_of(links), users, demand, capacity, Settings(gap=1e-6), start)
    assert found.converged
    assert found.assignment.volume == pytest.approx([4.0, 2.0, 6.0, 0.0], rel=1e-4)
    assert found.assignment.routes.pair_first.tolist() == [0, 2, 3]
    assert found.price[2] == pytest.approx(0.0, abs=1e-4)
