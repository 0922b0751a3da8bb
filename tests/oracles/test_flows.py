"""Equilibria held against closed forms, against other solvers, and against choice by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq, minimize

from keruen.flows import (
    EXPONENTIAL,
    POWER,
    Curves,
    Settings,
    assign,
    bpr_links,
    demand_of,
    network_of,
    queue_links,
    users_of,
)
from keruen.flows.arrays import FloatArray
from keruen.flows.routes import route_sums
from support.flow_networks import (
    Case,
    all_routes,
    beckmann,
    bpr_times,
    incidence,
    laid_together,
    pair_of_routes,
    random_case,
)

FINE = Settings(gap=1e-12)
BEST = Settings(gap=1e-12, system_optimum=True)


def straight(free: list[float], slope: list[float]) -> Curves:
    """Times ``free + slope * flow``; no free time is nought, since the slope is a share of it."""
    frees = np.array(free)
    return Curves(frees, 1.0, np.array(slope) / frees, 1.0)


def two_roads(free: tuple[float, float], slope: tuple[float, float], demand: float) -> Case:
    links = bpr_links([0, 0], [1, 1], straight(list(free), list(slope)))
    return Case(network_of(links), users_of(2), demand_of([0], [1], [demand]))


def test_pigou() -> None:
    case = two_roads((1.0, 1e-9), (0.0, 1.0), 1.0)
    assert assign(*case, FINE).volume == pytest.approx([0.0, 1.0], abs=1e-8)
    assert assign(*case, FINE).total_cost == pytest.approx(1.0)
    best = assign(*case, BEST)
    assert best.volume == pytest.approx([0.5, 0.5], abs=1e-8)
    assert best.total_cost == pytest.approx(0.75)


def braess(with_shortcut: bool) -> Case:
    # The textbook's network: 6 units; times 10 x, 50 + x, 10 + x.
    tail, head = [0, 0, 1, 2, 1], [1, 2, 3, 3, 2]
    curves = straight([1e-9, 50.0, 50.0, 1e-9, 10.0], [10.0, 1.0, 1.0, 10.0, 1.0])
    count = 5 if with_shortcut else 4
    cut = Curves(*(np.broadcast_to(one, 5)[:count] for one in map(np.asarray, curves)))
    links = bpr_links(tail[:count], head[:count], cut)
    return Case(network_of(links), users_of(count), demand_of([0], [3], [6.0]))


def test_braess() -> None:
    without, with_it = assign(*braess(False), FINE), assign(*braess(True), FINE)
    assert without.cost == pytest.approx([83.0])
    assert with_it.cost == pytest.approx([92.0])
    assert with_it.volume == pytest.approx([4.0, 2.0, 2.0, 4.0, 2.0])
    assert assign(*braess(True), BEST).total_cost == pytest.approx(83.0 * 6.0)


@pytest.mark.parametrize("demand", [0.5, 4.0, 40.0])
def test_two_roads_in_closed_form(demand: float) -> None:
    (a, b), (k, m) = (2.0, 5.0), (0.8, 0.3)
    case = two_roads((a, b), (k, m), demand)
    first = min(demand, max(0.0, (b - a + m * demand) / (k + m)))
    assert assign(*case, FINE).volume[0] == pytest.approx(first)
    first = min(demand, max(0.0, (b - a + 2.0 * m * demand) / (2.0 * (k + m))))
    assert assign(*case, BEST).volume[0] == pytest.approx(first)


@pytest.mark.parametrize("theta", [0.05, 1.0, 30.0])
@pytest.mark.parametrize("demand", [0.5, 4.0, 40.0])
def test_two_roads_by_logit(theta: float, demand: float) -> None:
    (a, b), (k, m) = (2.0, 5.0), (0.8, 0.3)
    case = two_roads((a, b), (k, m), demand)
    users = case.users._replace(theta=np.array([theta]))
    every = all_routes(case.network, case.demand)
    found = assign(case.network, users, case.demand, FINE, every)

    def off(ratio: float) -> float:
        first = demand / (1.0 + math.exp(-ratio))
        return a + k * first - b - m * (demand - first) + ratio / theta

    first = demand / (1.0 + math.exp(-brentq(off, -700.0, 700.0, xtol=1e-13)))
    assert found.converged
    assert found.volume[0] == pytest.approx(first, rel=1e-6)
    costs = np.array([a + k * first, b + m * (demand - first)])
    expected = -math.log(np.exp(-theta * (costs - costs.min())).sum()) / theta + costs.min()
    assert found.cost[0] == pytest.approx(expected)


def test_a_queue_fills_until_the_detour_costs_the_same() -> None:
    queue = queue_links([0], [1], Curves(1.0, 10.0, 0.5, 0.95))
    road = bpr_links([0], [1], Curves(3.0, 1.0, 0.0, 1.0))
    both = laid_together(queue, road)
    found = assign(network_of(both), users_of(2), demand_of([0], [1], [12.0]), FINE)
    # 1 + 0.5 r / (1 - r) = 3 at r = 0.8.
    assert found.volume == pytest.approx([8.0, 4.0])


@pytest.mark.parametrize("kind", [EXPONENTIAL, POWER])
def test_demand_meets_its_cost(kind: int) -> None:
    case = two_roads((2.0, 100.0), (0.5, 1.0), 6.0)
    demand = case.demand._replace(
        response=np.array([kind], dtype=np.int8),
        elasticity=np.array([0.7]),
        reference_cost=np.array([3.0]),
    )
    found = assign(case.network, case.users, demand, FINE)

    def off(q: float) -> float:
        cost = 2.0 + 0.5 * q
        share = math.exp(-0.7 * (cost - 3.0)) if kind == EXPONENTIAL else (cost / 3.0) ** -0.7
        return q - 6.0 * share

    assert found.amount[0] == pytest.approx(brentq(off, 1e-9, 6.0, xtol=1e-14))


def solved(case: Case, theta: float | None = None, optimum: bool = False) -> FloatArray:
    """Link flows by a general solver over the flows of all routes."""
    every = all_routes(case.network, case.demand)
    uses, pair = incidence(every, case.network.links.tail.size), pair_of_routes(every)
    counts = np.diff(every.pair_first)
    sums = np.zeros((counts.size, pair.size))
    sums[pair, np.arange(pair.size)] = 1.0
    amount = case.demand.amount

    def value(flows: FloatArray) -> float:
        volume = uses.T @ flows
        if optimum:
            return float((bpr_times(case.network, volume) * volume).sum())
        random = 0.0 if theta is None else (flows * np.log(flows / amount[pair])).sum() / theta
        return beckmann(case.network, volume) + float(random)

    def gradient(flows: FloatArray) -> FloatArray:
        volume = uses.T @ flows
        times = bpr_times(case.network, volume)
        if optimum:
            free, capacity, b, power = case.network.links.rows.T
            times = times + free * b * power * (volume / capacity) ** power
        random = 0.0 if theta is None else (np.log(flows / amount[pair]) + 1.0) / theta
        return uses @ times + random

    begin = (amount / counts)[pair]
    scale = abs(value(begin))
    # It often stops where the last digits of the value hide the way down; what it found is judged.
    answer: Any = minimize(  # type: ignore[call-overload]
        lambda flows: value(flows) / scale,
        begin,
        jac=lambda flows: gradient(flows) / scale,
        method="SLSQP",
        bounds=[(0.0 if theta is None else 1e-12, None)] * pair.size,
        constraints={"type": "eq", "fun": lambda h: sums @ h - amount, "jac": lambda _: sums},
        options={"ftol": 1e-15, "maxiter": 500},
    )
    flows: FloatArray = uses.T @ answer.x
    return flows


def crowded(seed: int) -> Case:
    case = random_case(seed, nodes=6, links=14, pairs=4)
    return case._replace(demand=case.demand._replace(amount=case.demand.amount * 2.0))


@pytest.mark.parametrize("seed", range(6))
def test_a_general_solver_finds_the_same_flows(seed: int) -> None:
    case = crowded(seed)
    for optimum in (False, True):
        found = assign(*case, FINE._replace(system_optimum=optimum))
        assert found.converged
        theirs = solved(case, optimum=optimum)
        assert found.volume == pytest.approx(theirs, abs=2e-3 * theirs.max())
        if optimum:
            times = bpr_times(case.network, theirs)
            assert found.total_cost == pytest.approx((times * theirs).sum(), rel=1e-7)
            assert found.total_cost <= (times * theirs).sum() * (1.0 + 1e-12)
        else:
            assert found.objective == pytest.approx(beckmann(case.network, theirs), rel=1e-7)
            assert found.objective <= beckmann(case.network, theirs) * (1.0 + 1e-12)


@pytest.mark.parametrize("theta", [0.3, 3.0])
def test_shares_are_those_of_the_formula(theta: float) -> None:
    case = crowded(1)
    every = all_routes(case.network, case.demand)
    users = case.users._replace(theta=np.array([theta]))
    found = assign(case.network, users, case.demand, FINE._replace(widen=False), every)
    assert found.converged
    pair, pool = pair_of_routes(found.routes), found.routes
    assert pool.flow.size == every.flow.size
    costs = route_sums(pool, bpr_times(case.network, found.volume))
    weights = np.exp(pool.log_size - theta * (costs - found.cost[pair]))
    shares = weights / np.bincount(pair, weights)[pair]
    assert pool.flow == pytest.approx(shares * case.demand.amount[pair], rel=1e-5, abs=1e-9)
    uses, size = incidence(every, 14), case.network.links.size
    for route in range(pool.flow.size):
        count = uses[pair == pair[route]].sum(axis=0)
        own = uses[route] > 0.0
        path_size = (size[own] / count[own]).sum() / size[own].sum()
        assert pool.log_size[route] == pytest.approx(math.log(path_size))


def test_without_overlap_the_general_solver_agrees_on_the_logit() -> None:
    links = bpr_links(
        [0] * 4, [1] * 4, Curves([2.0, 2.5, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0], 0.5, 4.0)
    )
    case = Case(network_of(links), users_of(4, theta=1.2), demand_of([0], [1], [12.0]))
    every = all_routes(case.network, case.demand)
    found = assign(*case, FINE, every)
    assert found.volume == pytest.approx(solved(case, theta=1.2), rel=1e-4)


def test_the_logit_becomes_the_equilibrium_as_everybody_looks_closer() -> None:
    case = crowded(3)
    exact = assign(*case, FINE).volume
    off = []
    for theta in (1.0, 10.0, 100.0, 1e4, 1e7):
        users = case.users._replace(theta=np.array([theta]))
        found = assign(case.network, users, case.demand, Settings(gap=1e-9))
        assert found.converged
        off.append(np.abs(found.volume - exact).max() / exact.max())
    assert off == sorted(off, reverse=True)
    assert off[-1] < 1e-5


def test_two_classes_that_load_alike_are_one_with_two_names() -> None:
    case = crowded(2)
    one = assign(*case, FINE)
    users = users_of(14, load=np.ones((2, 14)))
    demand = laid_together(case.demand, case.demand)
    demand = demand._replace(
        user=np.repeat([0, 1], 4), amount=demand.amount * np.repeat([0.3, 0.7], 4)
    )
    both = assign(case.network, users, demand, FINE)
    assert both.volume == pytest.approx(one.volume, rel=1e-5)
    assert both.objective == pytest.approx(one.objective, rel=1e-11)


def test_who_values_time_more_takes_the_toll_road() -> None:
    # 1 + x / 10 on the toll road, 3 on the other; with a toll of 5 only those who pay 4 an hour go.
    links = bpr_links([0, 0], [1, 1], straight([1.0, 3.0], [0.1, 0.0]))
    users = users_of(2, value=[1.0, 4.0], fixed=[[5.0, 0.0], [5.0, 0.0]])
    demand = demand_of([0, 0], [1, 1], [8.0, 10.0], [0, 1])
    found = assign(network_of(links), users, demand, FINE)
    assert found.flow[0] == pytest.approx([0.0, 8.0], abs=1e-9)
    # 4 (1 + x / 10) + 5 = 12
    assert found.flow[1] == pytest.approx([7.5, 2.5])
