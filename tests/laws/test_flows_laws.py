"""Laws of equilibria, over networks drawn from seeds."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.flows import Assignment, Settings, Users, assign, penalised_routes, users_of
from keruen.flows.routes import route_sums, without
from support.flow_networks import Case, all_routes, imbalance, pool_of, random_case, reordered

few = settings(max_examples=15)
SEEDS = st.integers(0, 10_000)
THETAS = st.sampled_from([np.inf, 0.3, 3.0, 1e3])
FINE = Settings(gap=1e-11, iterations=2000)


def classes(seed: int, theta: float) -> Case:
    """Two classes of different weight on one network, crowded."""
    case = random_case(seed, nodes=7, links=16, pairs=6)
    rng = np.random.default_rng(seed)
    users = users_of(
        16, value=[1.0, 2.0], load=[[1.0], [2.0]], fixed=rng.uniform(0.0, 2.0, (2, 16)), theta=theta
    )
    amount = case.demand.amount * 3.0
    return case._replace(
        users=users, demand=case.demand._replace(user=np.arange(6) % 2, amount=amount)
    )


@cache
def settled(seed: int, theta: float) -> Assignment:
    return assign(*classes(seed, theta), Settings(gap=1e-8))


@few
@given(SEEDS, THETAS)
def test_what_comes_goes_and_nothing_is_negative(seed: int, theta: float) -> None:
    case, found = classes(seed, theta), settled(seed, theta)
    assert found.converged
    assert imbalance(case, found) <= 1e-10 * found.amount.sum()
    assert (found.flow >= 0.0).all()
    assert (found.routes.flow >= 0.0).all()
    assert found.volume == pytest.approx((case.users.load * found.flow).sum(axis=0), rel=1e-12)


@few
@given(SEEDS, THETAS)
def test_the_order_of_rows_changes_nothing(seed: int, theta: float) -> None:
    case, found = classes(seed, theta), settled(seed, theta)
    rng = np.random.default_rng(seed + 1)
    by, pair_by = rng.permutation(16), rng.permutation(6)
    links = reordered(case.network.links, by)
    users = case.users._replace(load=case.users.load[:, by], fixed=case.users.fixed[:, by])
    demand = reordered(case.demand, pair_by)
    turned = assign(case.network._replace(links=links), users, demand, Settings(gap=1e-8))
    assert turned.flow == pytest.approx(found.flow[:, by], rel=1e-9, abs=1e-9)
    assert turned.cost == pytest.approx(found.cost[pair_by], rel=1e-9)
    assert turned.relative_gap == pytest.approx(found.relative_gap, rel=1e-9, abs=1e-15)


@few
@given(SEEDS, st.sampled_from([np.inf, 0.5, 20.0]), st.integers(0, 15), st.floats(0.1, 5.0))
def test_a_dearer_link_never_gains_flow(seed: int, theta: float, link: int, more: float) -> None:
    case = classes(seed, theta)
    every = all_routes(case.network, case.demand)
    held = FINE._replace(widen=False, gap=1e-9)
    before = assign(*case, held, every)
    dearer = case.users.fixed.copy()
    # Both classes pay more in proportion to what they pay for time and load: one programme.
    dearer[:, link] += more * case.users.value
    after = assign(case.network, case.users._replace(fixed=dearer), case.demand, held, every)
    slack = 1e-3 * before.volume.max()
    assert after.volume[link] <= before.volume[link] + slack


@few
@given(SEEDS, st.integers(0, 15), st.floats(1.01, 3.0))
def test_more_capacity_never_costs_the_optimum_anything(seed: int, link: int, times: float) -> None:
    case = random_case(seed, nodes=7, links=16, pairs=6)
    case = case._replace(demand=case.demand._replace(amount=case.demand.amount * 5.0))
    best = Settings(gap=1e-10, system_optimum=True)
    before = assign(*case, best).total_cost
    rows = case.network.links.rows.copy()
    rows[link, 1] *= times
    wider = case.network._replace(links=case.network.links._replace(rows=rows))
    assert assign(wider, case.users, case.demand, best).total_cost <= before * (1.0 + 1e-9)


BOUNDS = st.sampled_from([None, 1.3, 2.0, np.inf])


def bounded(users: Users, theta: float, bound: float | None) -> Users:
    own = None if bound is None else np.array([bound])
    return users._replace(theta=np.array([theta]), bound=own)


@few
@given(SEEDS, st.sampled_from([0.2, 1.0, 8.0]), BOUNDS)
def test_routes_that_share_all_links_count_as_one(
    seed: int, theta: float, bound: float | None
) -> None:
    case = random_case(seed, nodes=6, links=12, pairs=3)
    users = bounded(case.users, theta, bound)
    every = all_routes(case.network, case.demand)
    held = Settings(gap=1e-12, widen=False)
    once = assign(case.network, users, case.demand, held, every)
    counts = np.diff(every.pair_first)
    routes = [
        every.links[a:b].tolist() for a, b in zip(every.first[:-1], every.first[1:], strict=True)
    ]
    twice = [route for route in routes for _ in range(2)]
    doubled = pool_of((2 * counts).tolist(), twice)
    both = assign(case.network, users, case.demand, held, doubled)
    assert both.volume == pytest.approx(once.volume, rel=1e-6, abs=1e-6)
    assert both.cost == pytest.approx(once.cost, rel=1e-8)
    halves = both.routes.flow.reshape(-1, 2)
    assert halves.sum(axis=1) == pytest.approx(once.routes.flow, rel=1e-5, abs=1e-7)


@few
@given(SEEDS, st.sampled_from([0.2, 1.0, 8.0]), st.floats(1.0, 4.0))
def test_a_route_beyond_the_bound_moves_no_share_among_the_others(
    seed: int, theta: float, bound: float
) -> None:
    """On a network whose costs no flow changes, shares are a formula of the set of routes."""
    case = random_case(seed, nodes=6, links=12, pairs=1)
    rows = case.network.links.rows.copy()
    rows[:, 2] = 0.0
    network = case.network._replace(links=case.network.links._replace(rows=rows))
    every = all_routes(network, case.demand)
    cost = route_sums(every, rows[:, 0])
    inside = cost < bound * cost.min()
    users, held = bounded(case.users, theta, bound), Settings(gap=1e-10, widen=False)
    whole = assign(network, users, case.demand, held, every).routes
    near = assign(network, users, case.demand, held, without(every, ~inside)).routes
    assert whole.log_size[inside] == pytest.approx(near.log_size, abs=1e-12)
    # The others lose what those beyond the bound take, in one proportion, and nothing besides.
    left = whole.flow[inside].sum() / case.demand.amount[0]
    assert whole.flow[inside] == pytest.approx(left * near.flow, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("theta", "least"), [(0.3, 0.9), (1.0, 0.8), (3.0, 0.8)])
def test_two_starts_agree_better_within_a_bound(theta: float, least: float) -> None:
    """Begun with four routes a pair and with all there are, over networks drawn from seeds."""
    apart = {}
    for bound in (None, 2.0):
        summed = 0.0
        for seed in range(6):
            case = random_case(seed, 8, 24, 10)
            demand = case.demand._replace(amount=case.demand.amount * 2.0)
            users, fine = bounded(case.users, theta, bound), Settings(gap=1e-8)
            starts = [
                penalised_routes(case.network, users, demand, 4),
                all_routes(case.network, demand),
            ]
            found = [assign(case.network, users, demand, fine, start) for start in starts]
            assert all(one.converged for one in found)
            few_volume, all_volume = (one.volume for one in found)
            summed += np.abs(few_volume - all_volume).sum() / all_volume.sum()
        apart[bound] = summed
    assert apart[2.0] < least * apart[None]


@few
@given(SEEDS)
def test_nobody_together_does_worse_than_everybody_alone(seed: int) -> None:
    case = random_case(seed, nodes=7, links=16, pairs=6)
    case = case._replace(demand=case.demand._replace(amount=case.demand.amount * 5.0))
    alone = assign(*case, Settings(gap=1e-9))
    together = assign(*case, Settings(gap=1e-9, system_optimum=True))
    assert together.total_cost <= alone.total_cost * (1.0 + 1e-8)
    assert alone.objective <= assign(*case, Settings(gap=1e-2)).objective * (1.0 + 1e-9)
