from __future__ import annotations

import numpy as np
import pytest

from keruen.flows import (
    EXPONENTIAL,
    Settings,
    assign,
    demand_of,
    users_of,
)
from keruen.flows.routes import route_sums
from support.flow_networks import Case, all_routes, bpr_times, incidence, random_case

FINE = Settings(gap=1e-12)


def crowded(seed: int) -> Case:
    case = random_case(seed)
    return case._replace(demand=case.demand._replace(amount=case.demand.amount * 5.0))


def test_the_gap_is_that_of_its_definition() -> None:
    case = crowded(4)
    found = assign(*case, Settings(gap=1e-3, iterations=3, turns=1))
    every = all_routes(case.network, case.demand)
    times = bpr_times(case.network, found.volume)
    costs = incidence(every, times.size) @ times
    least = np.minimum.reduceat(costs, every.pair_first[:-1])
    whole = (times * found.volume).sum()
    gap = (whole - (case.demand.amount * least).sum()) / whole
    assert found.relative_gap == pytest.approx(gap, rel=1e-6, abs=1e-15)
    assert found.cost == pytest.approx(least)
    assert found.total_cost == pytest.approx(whole)


def test_every_route_that_is_used_is_the_cheapest() -> None:
    case = crowded(4)
    found = assign(*case, FINE)
    pair = np.repeat(np.arange(6), np.diff(found.routes.pair_first))
    assert found.converged
    assert found.relative_gap <= 1e-12
    assert (found.routes.flow > 0.0).all()
    assert route_sums(found.routes, found.delay) == pytest.approx(found.cost[pair], rel=1e-6)
    assert found.delay == pytest.approx(bpr_times(case.network, found.volume))
    assert np.bincount(pair, found.routes.flow) == pytest.approx(case.demand.amount, rel=1e-14)


def test_it_says_when_it_did_not_get_there() -> None:
    found = assign(*crowded(4), Settings(gap=1e-12, iterations=2, turns=1))
    assert not found.converged
    assert found.iterations == 2
    assert found.relative_gap > 1e-12


def test_a_start_from_a_neighbour_ends_at_the_same_place_sooner() -> None:
    case = crowded(4)
    before = assign(*case, FINE)
    more = case.demand._replace(amount=case.demand.amount * np.linspace(0.9, 1.2, 6))
    cold = assign(case.network, case.users, more, FINE)
    warm = assign(case.network, case.users, more, FINE, before.routes)
    assert warm.iterations < cold.iterations
    assert warm.volume == pytest.approx(cold.volume, rel=1e-5)
    assert warm.objective == pytest.approx(cold.objective, rel=1e-12)
    again = assign(*case, FINE, before.routes)
    assert again.iterations <= 2
    assert again.volume == pytest.approx(before.volume, rel=1e-6)


def test_nothing_to_move_is_an_equilibrium() -> None:
    case = random_case(4)
    found = assign(case.network, case.users, demand_of([], [], []))
    assert found.converged
    assert (found.relative_gap, found.total_cost) == (0.0, 0.0)
    assert not found.volume.any()
    idle = assign(case.network, case.users, demand_of([0], [1], [0.0]))
    assert idle.converged
    assert idle.amount.tolist() == [0.0]


def test_all_at_once_comes_to_rest() -> None:
    # Two classes, one of them random, demand of some pairs answering, in one run.
    case = crowded(6)
    users = users_of(20, value=[1.0, 2.0], load=[[1.0], [2.5]], fixed=[[0.1], [0.3]])
    users = users._replace(theta=np.array([np.inf, 1.5]))
    response = np.array([0, EXPONENTIAL] * 3, dtype=np.int8)
    demand = case.demand._replace(
        user=np.array([0, 0, 0, 1, 1, 1]),
        response=response,
        elasticity=np.full(6, 0.05),
        reference_cost=np.full(6, 10.0),
    )
    found = assign(case.network, users, demand, Settings(gap=1e-9))
    assert found.converged
    assert max(found.relative_gap, found.demand_gap, found.route_set_error) <= 1e-9
    assert found.volume == pytest.approx(found.flow[0] + 2.5 * found.flow[1])
    moved = found.amount / case.demand.amount
    wanted = np.exp(-0.05 * (found.cost - 10.0))
    assert moved == pytest.approx(np.where(response == EXPONENTIAL, wanted, 1.0), rel=1e-5)
