from __future__ import annotations

import math

import numpy as np
import pytest

from keruen.flows import (
    Assignment,
    Curves,
    Network,
    Settings,
    assign,
    assign_within,
    bpr_links,
    demand_of,
    network_of,
    users_of,
)
from keruen.flows.graph import compiled
from keruen.flows.path_sizes import size_routes, unsized
from support.flow_networks import all_routes, pool_of, random_case

PARALLEL = network_of(bpr_links([0, 0, 1, 0], [1, 1, 2, 2], Curves([1.0, 1.0, 2.0, 3.0], 9.0)))


def test_path_sizes() -> None:
    # Routes 0-3 and 1-3 share link 3, two thirds of each; route 2 shares nothing.
    pool = pool_of([3], [[0, 3], [1, 3], [2]])
    demand = demand_of([0], [2], [6.0])
    problem = compiled(PARALLEL, users_of(4, theta=1.0), demand, np.ones(1, bool), False).world
    count = np.zeros(4, dtype=np.int64)
    size_routes(problem.prices, problem.pairs, pool, count)
    sizes = problem.prices.size
    first = (sizes[0] + sizes[3] / 2.0) / (sizes[0] + sizes[3])
    second = (sizes[1] + sizes[3] / 2.0) / (sizes[1] + sizes[3])
    assert np.exp(pool.log_size) == pytest.approx([first, second, 1.0])
    assert not count.any()


def trunk(last: float) -> Network:
    """Three routes from 0 to 2: a trunk of 6 to 1, then links of 4 and of ``last``; one of 20."""
    curves = Curves([6.0, 4.0, last, 20.0], 9.0)
    return network_of(bpr_links([0, 1, 1, 0], [1, 2, 2, 2], curves))


TRUNK_ROUTES = [[0, 1], [0, 2], [3]]


def sizes(
    network: Network, routes: list[list[int]], bound: float, theta: float = 0.5
) -> list[float]:
    """Path sizes of the routes of one pair, in an equilibrium of hardly any flow."""
    users = users_of(network.links.tail.size, theta=theta, bound=bound)
    held = Settings(gap=1e-6, widen=False)
    demand = demand_of([0], [2], [1e-3])
    found = assign(network, users, demand, held, pool_of([len(routes)], routes))
    assert found.converged
    return [float(one) for one in np.exp(found.routes.log_size)]


def test_bounded_path_sizes() -> None:
    # Free costs 10, 13 and 20 with a bound of 2 x 10; the trunk of 6 is shared by the first two.
    near, dear = math.exp(0.5 * (20.0 - 10.0)) - 1.0, math.exp(0.5 * (20.0 - 13.0)) - 1.0
    first = 0.4 + 0.6 / (1.0 + dear / near)
    second = 7.0 / 13.0 + 6.0 / 13.0 / 2.0
    assert sizes(trunk(7.0), TRUNK_ROUTES, 2.0) == pytest.approx([first, second, 1.0])
    # Without a limit weights are those of the logit, and without a bound all alike.
    logit = 0.4 + 0.6 / (1.0 + math.exp(-0.5 * 3.0))
    assert sizes(trunk(7.0), TRUNK_ROUTES, math.inf) == pytest.approx([logit, second, 1.0])
    assert sizes(trunk(7.0), TRUNK_ROUTES, 0.0) == pytest.approx([0.7, second, 1.0])


def test_a_route_beyond_the_bound_leaves_the_others_alone_and_comes_in_without_a_leap() -> None:
    by_cost = [sizes(trunk(last), TRUNK_ROUTES, 2.0)[0] for last in (30.0, 14.0, 13.9999, 9.0, 4.0)]
    assert by_cost[:2] == pytest.approx([1.0, 1.0], abs=1e-15)
    assert by_cost[2] == pytest.approx(1.0, abs=1e-4)
    assert by_cost == sorted(by_cost, reverse=True)
    assert by_cost[-1] == pytest.approx(0.7)
    # It keeps a size of its own: what is near may be full.
    assert sizes(trunk(30.0), TRUNK_ROUTES, 2.0)[1] == pytest.approx((30.0 + 3.0) / 36.0)


def test_a_dear_route_takes_no_more_than_its_own_part() -> None:
    network = trunk(7.0)
    three = sizes(network, TRUNK_ROUTES, 1.25)
    two = sizes(network, [TRUNK_ROUTES[0], TRUNK_ROUTES[2]], 1.25)
    assert [three[0], three[2]] == pytest.approx(two, abs=1e-15)


@pytest.mark.parametrize("theta", [1e-9, 1e-3, 1.0, 1e3, 1e9])
@pytest.mark.parametrize("bound", [1.0, 1.5, 1e6, math.inf])
def test_bounded_sizes_lie_between_plain_ones_and_one(theta: float, bound: float) -> None:
    for last in (4.0, 4.0 + 1e-9, 7.0, 9.0, 400.0):
        plain = sizes(trunk(last), TRUNK_ROUTES, 0.0, theta)
        own = sizes(trunk(last), TRUNK_ROUTES, bound, theta)
        assert all(a - 1e-12 <= b <= 1.0 + 1e-12 for a, b in zip(plain, own, strict=True))


def test_of_routes_that_share_all_links_each_has_its_part() -> None:
    assert sizes(trunk(7.0), [[0, 1], [0, 1], [3], [3], [3]], 1.5) == pytest.approx(
        [0.5, 0.5, 1 / 3, 1 / 3, 1 / 3]
    )


def test_the_order_of_routes_changes_no_bounded_size() -> None:
    case = random_case(3, nodes=6, links=14, pairs=1)
    every = all_routes(case.network, case.demand)
    users = case.users._replace(theta=np.array([0.4]), bound=np.array([1.8]))
    held = Settings(gap=1e-8, widen=False)

    def found(order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Assignment:
        routes = [every.links[every.first[at] : every.first[at + 1]].tolist() for at in order]
        return assign(case.network, users, case.demand, held, pool_of([len(routes)], routes))

    by = np.random.default_rng(1).permutation(every.flow.size)
    straight, turned = found(np.arange(by.size)), found(by)
    assert turned.routes.log_size == pytest.approx(straight.routes.log_size[by], rel=1e-12)
    assert turned.volume == pytest.approx(straight.volume, rel=1e-6)


def test_neither_flows_nor_prices_move_bounded_sizes() -> None:
    case = random_case(5, nodes=6, links=14, pairs=4)
    every = all_routes(case.network, case.demand)
    users = case.users._replace(theta=np.array([0.5]), bound=np.array([1.7]))
    held = Settings(gap=1e-6, widen=False)
    little = case.demand._replace(amount=case.demand.amount * 1e-3)
    size = assign(case.network, users, little, held, every).routes.log_size
    full = assign(case.network, users, case.demand, held, every)
    assert full.routes.log_size == pytest.approx(size, rel=1e-12)
    most = np.where(np.arange(14) == full.volume.argmax(), 0.9 * full.volume.max(), np.inf)
    within = assign_within(case.network, users, case.demand, most, held, every)
    again = assign_within(case.network, users, case.demand, most, held, every, within.price)
    assert within.price.any()
    for one in (within, again):
        assert one.assignment.routes.log_size == pytest.approx(size, rel=1e-12)


@pytest.mark.parametrize("bound", [None, 2.0])
def test_sizes_that_are_kept_are_those_found_anew(bound: float | None) -> None:
    """After rounds in which some pairs got routes and others did not."""
    case = random_case(8, nodes=7, links=18, pairs=8)
    users = users_of(18, theta=0.4, bound=bound)
    demand = case.demand._replace(amount=case.demand.amount * 4.0)
    found = assign(case.network, users, demand, Settings(gap=1e-7))
    assert (np.diff(found.routes.pair_first) > 1).any()
    held = Settings(gap=1e-7, widen=False)
    spoilt = found.routes._replace(log_size=np.full(found.routes.flow.size, -9.0))
    again = assign(case.network, users, demand, held, spoilt)
    assert again.routes.log_size == pytest.approx(found.routes.log_size, rel=1e-12)


def formula(
    routes: list[list[int]], cost: np.ndarray, weight: np.ndarray, most: float, spread: float
) -> list[float]:
    """Bounded path sizes of the routes of a pair, word by word as they are defined."""
    whole = [float(cost[route].sum()) for route in routes]

    def counts(other: int, own: int) -> float:
        if whole[other] <= whole[own]:
            return 1.0
        if whole[own] < most <= whole[other]:
            return 0.0
        if whole[own] >= most:
            return math.exp((whole[own] - whole[other]) / spread)
        return math.expm1((most - whole[other]) / spread) / math.expm1((most - whole[own]) / spread)

    found = []
    for own, route in enumerate(routes):
        uses = [sum(counts(k, own) for k, one in enumerate(routes) if at in one) for at in route]
        found.append(float((weight[route] / uses).sum() / weight[route].sum()))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_bounded_sizes_are_those_of_the_formula(seed: int) -> None:
    case = random_case(seed, nodes=7, links=18, pairs=5)
    every = all_routes(case.network, case.demand)
    spread, bound = 2.5, 1.6
    users = case.users._replace(theta=np.array([1.0 / spread]), bound=np.array([bound]))
    held = Settings(gap=1e-4, widen=False)
    found = assign(case.network, users, case.demand, held, every).routes
    cost = case.users.value[0] * case.network.links.rows[:, 0] + case.users.fixed[0]
    shared = 0
    for pair in range(case.demand.amount.size):
        own = range(every.pair_first[pair], every.pair_first[pair + 1])
        routes = [every.links[every.first[at] : every.first[at + 1]].tolist() for at in own]
        most = bound * min(cost[route].sum() for route in routes)
        sized = np.exp(found.log_size[own.start : own.stop])
        assert sized == pytest.approx(
            formula(routes, cost, case.network.links.size, most, spread), rel=1e-9
        )
        shared += int((sized < 0.999).sum())
    assert shared


def test_sizes_that_are_said_to_be_right_are_kept() -> None:
    case = random_case(8, nodes=7, links=18, pairs=8)
    users = users_of(18, theta=0.4, bound=2.0)
    found = assign(case.network, users, case.demand, Settings(gap=1e-7))
    other = found.routes._replace(log_size=2.0 * found.routes.log_size)
    held = Settings(gap=1e-7, widen=False)
    kept = assign(case.network, users, case.demand, held._replace(sized=True), other)
    pair = np.repeat(np.arange(8), np.diff(other.pair_first))
    # A pair whose first route shares nothing has its sizes found in any case.
    known = other.log_size[other.pair_first[:-1]][pair] < 0.0
    assert known.any()
    assert kept.routes.log_size[known].tolist() == other.log_size[known].tolist()
    again = assign(case.network, users, case.demand, held, other)
    assert again.routes.log_size == pytest.approx(found.routes.log_size, rel=1e-12)
    assert not unsized(other).log_size.any()


def test_least_costs_that_are_known_are_not_looked_for() -> None:
    case = random_case(8, nodes=7, links=18, pairs=8)
    users = case.users._replace(theta=np.array([0.4]), bound=np.array([1.7]))
    free = case.demand._replace(amount=case.demand.amount * 1e-9)
    # Of hardly any flow the least cost is that of an empty network.
    least = assign(case.network, case.users, free).cost
    found = assign(case.network, users, case.demand, Settings(gap=1e-7))
    known = case.demand._replace(free_cost=least)
    told = assign(case.network, users, known, Settings(gap=1e-7))
    assert told.routes.log_size == pytest.approx(found.routes.log_size, rel=1e-6)
    wider = assign(
        case.network, users, case.demand._replace(free_cost=100.0 * least), Settings(gap=1e-7)
    )
    assert np.abs(wider.volume - found.volume).max() > 1e-6
