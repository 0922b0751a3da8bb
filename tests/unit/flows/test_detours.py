from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from keruen.flows import (
    Curves,
    Demand,
    Network,
    Settings,
    Users,
    assign,
    assign_within,
    bpr_links,
    demand_of,
    network_of,
    penalised_routes,
    users_of,
)
from keruen.flows.checks import pair_findings
from keruen.flows.detours import SPREADS, costs_of, ways_within
from keruen.flows.graph import compiled
from keruen.flows.rounds import Run
from keruen.flows.routes import route_sums
from support.flow_networks import all_routes, random_case

FINE = Settings(gap=1e-10)


def parallel(free: list[float]) -> Network:
    links = len(free)
    return network_of(bpr_links([0] * links, [1] * links, Curves(free, 1e6)))


@pytest.mark.parametrize("free", [[2.0, 2.0], [2.0, 2.1], [2.0, 2.0, 2.0], [3.0, 1.5, 2.0]])
def test_parallel_links_are_shared_as_the_logit_has_it(free: list[float]) -> None:
    found = assign(
        parallel(free), users_of(len(free), theta=1.0), demand_of([0], [1], [12.0]), FINE
    )
    weight = np.exp(-np.array(free))
    assert found.converged
    assert found.volume == pytest.approx(12.0 * weight / weight.sum(), rel=1e-6)
    assert found.route_set_error == 0.0


def ladder(sections: int) -> tuple[Network, np.ndarray]:
    """Sections one after the other, each with a straight link and a dearer one beside it."""
    free = np.array([[1.0 + 0.2 * at, 1.3 + 0.1 * at] for at in range(sections)])
    tail = np.repeat(np.arange(sections), 2)
    return network_of(bpr_links(tail, tail + 1, Curves(free.ravel(), 1e6))), free


@pytest.mark.parametrize("within", [False, True])
def test_a_ladder_has_all_its_ways_as_the_logit_with_path_sizes_has_them(within: bool) -> None:
    network, free = ladder(3)
    users, demand = users_of(6, theta=2.0), demand_of([0], [3], [10.0])
    if within:
        found = assign_within(network, users, demand, np.full(6, np.inf), FINE).assignment
    else:
        found = assign(network, users, demand, FINE)
    ways = list(product((0, 1), repeat=3))
    cost = np.array([sum(free[at, side] for at, side in enumerate(way)) for way in ways])
    # Every link is on four of the eight ways, so that all path sizes are a quarter.
    weight = 0.25 * np.exp(-2.0 * cost)
    share = weight / weight.sum()
    volume = np.zeros((3, 2))
    for way, part in zip(ways, share, strict=True):
        volume[[0, 1, 2], list(way)] += 10.0 * part
    assert found.routes.flow.size == 8
    assert np.sort(found.routes.flow) == pytest.approx(np.sort(10.0 * share), rel=1e-6)
    assert found.volume == pytest.approx(volume.ravel(), rel=1e-6)
    assert found.route_set_error == 0.0


def test_a_set_that_is_given_says_what_it_misses() -> None:
    network, free = ladder(3)
    users, demand = users_of(6, theta=2.0), demand_of([0], [3], [10.0])
    one = penalised_routes(network, users, demand, most=1)
    held = assign(network, users, demand, Settings(gap=1e-10, widen=False), one)
    # The way that is there has a path size of a quarter once all are, like all others.
    cost = np.array([sum(free[[0, 1, 2], list(way)]) for way in product((0, 1), repeat=3)])
    share = np.exp(-2.0 * cost)
    assert held.route_set_error == pytest.approx(_elsewhere(free, cost, share), rel=1e-3)
    quiet = Settings(gap=1e-10, widen=False, survey=False)
    assert assign(network, users, demand, quiet, one).route_set_error < 1e-9
    grown = assign(network, users, demand, FINE._replace(ways=1), None)
    assert grown.route_set_error > 0.05


def _elsewhere(free: np.ndarray, cost: np.ndarray, weight: np.ndarray) -> float:
    """Part of what is paid on other links once the cheapest way is not all there is."""
    uses = np.zeros((8, 3, 2))
    for number, way in enumerate(product((0, 1), repeat=3)):
        uses[number, [0, 1, 2], list(way)] = 1.0
    change = np.tensordot(weight / weight.sum(), uses, 1) - uses[cost.argmin()]
    return float(0.5 * (np.abs(change) * free).sum() / cost.min())


def _counted(
    network: Network, users: Users, demand: Demand, most: int
) -> tuple[list[list[float]], ...]:
    problem = compiled(network, users, demand, pair_findings(demand)[0], False)
    run = Run(problem, Settings())
    run.begin(None)
    costs = costs_of(problem.world, np.zeros_like(run.state) + run.state)
    pool = ways_within(problem.world, costs, most)
    by_caller = costs[0][np.argsort(problem.link)]
    every = all_routes(network, demand)
    sums, known = route_sums(every, by_caller), route_sums(pool, costs[0])
    told, wanted = [], []
    for at, pair in enumerate(problem.pair):
        told.append(known[pool.pair_first[at] : pool.pair_first[at + 1]].tolist())
        own = np.sort(sums[every.pair_first[pair] : every.pair_first[pair + 1]])
        reach = own[0] + SPREADS / users.theta[0]
        wanted.append(own[own <= reach][:most].tolist())
    return told, wanted


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most", [3, 40])
def test_no_way_left_out_is_cheaper(seed: int, most: int) -> None:
    case = random_case(seed)
    users = case.users._replace(theta=np.array([0.5]))
    told, wanted = _counted(case.network, users, case.demand, most)
    assert max(map(len, told)) > 1
    for own, right in zip(told, wanted, strict=True):
        assert own == pytest.approx(right)


def test_certain_choice_is_not_looked_at() -> None:
    case = random_case(3)
    plain = assign(*case, Settings(gap=1e-12))
    other = assign(*case, Settings(gap=1e-12, ways=0))
    assert np.array_equal(plain.volume, other.volume)
    assert plain.iterations == other.iterations
