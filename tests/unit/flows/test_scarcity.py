from __future__ import annotations

import numpy as np
import pytest

from keruen.errors import FailedError
from keruen.flows import (
    EXPONENTIAL,
    Curves,
    Settings,
    assign,
    assign_within,
    bpr_links,
    demand_of,
    network_of,
    users_of,
)
from keruen.flows.routes import route_sums
from support.flow_networks import Case, pool_of
from support.scarce_networks import scarce_case

FINE = Settings(gap=1e-6)
INF = np.inf


def two_roads(theta: float = INF) -> Case:
    links = bpr_links([0, 0], [1, 1], Curves([1.0, 3.0], 1.0, 0.0, 1.0), size=[1.0, 1.0])
    return Case(network_of(links), users_of(2, theta=theta), demand_of([0], [1], [6.0]))


def test_without_limits_it_is_the_plain_equilibrium() -> None:
    case = scarce_case(3, congested=1.0)
    plain = assign(*case[:3], Settings(gap=1e-9))
    free = assign_within(*case[:3], np.full(plain.volume.size, INF), Settings(gap=1e-9))
    assert np.array_equal(free.assignment.volume, plain.volume)
    assert not free.price.any()
    wide = assign_within(*case[:3], np.full(plain.volume.size, 1e6), FINE)
    assert wide.converged
    assert wide.assignment.volume == pytest.approx(plain.volume, abs=1e-2)
    assert not wide.price.any()


def test_a_logit_is_priced_in_closed_form() -> None:
    # 4 of 6 on the cheaper: price = 3 - 1 - ln(4 / 2) / theta.
    found = assign_within(*two_roads(2.0), np.array([4.0, INF]), FINE)
    assert found.converged
    assert found.assignment.volume == pytest.approx([4.0, 2.0], rel=1e-5)
    assert found.price == pytest.approx([2.0 - np.log(2.0) / 2.0, 0.0], rel=1e-4)


def test_users_pay_by_what_they_load() -> None:
    # Whoever loads half as much pays half: the second class stays, the first goes round.
    case = two_roads()
    users = users_of(2, load=[[2.0, 2.0], [1.0, 1.0]])
    demand = demand_of([0, 0], [1, 1], [3.0, 3.0], [0, 1])
    found = assign_within(case.network, users, demand, np.array([5.0, INF]), FINE)
    assert found.assignment.flow[:, 0] == pytest.approx([1.0, 3.0], rel=1e-4)
    assert found.price == pytest.approx([1.0, 0.0], rel=1e-4)
    assert found.assignment.cost == pytest.approx([3.0, 2.0], rel=1e-4)


def test_nothing_passes_a_link_without_capacity() -> None:
    case = two_roads()
    start = pool_of([2], [[0], [1]])
    found = assign_within(*case, np.array([0.0, INF]), FINE, start)
    assert found.assignment.volume.tolist() == [0.0, 6.0]
    assert found.converged
    assert np.isfinite(found.assignment.total_cost)
    shut = assign_within(*case, np.zeros(2), FINE)
    assert [one.code for one in shut.assignment.problems] == ["flow_pair_unreachable"]


def test_more_than_fits_is_told_and_ends() -> None:
    found = assign_within(*two_roads(), np.array([2.0, 3.0]), Settings(gap=1e-4))
    assert not found.converged
    assert found.excess_share > 0.1


def test_the_gap_is_that_of_routes_at_the_prices() -> None:
    case = scarce_case(5, congested=0.5)
    found = assign_within(*case, Settings(gap=1e-6))
    answer = found.assignment
    assert found.converged
    assert (found.price > 0.0).any()
    pair = np.repeat(np.arange(8), np.diff(answer.routes.pair_first))
    users = case.users
    costs = users.value[:, None] * answer.delay + users.fixed + users.load * found.price
    by_class = np.stack([route_sums(answer.routes, one) for one in costs])
    paid = by_class[case.demand.user[pair], np.arange(pair.size)]
    whole = (paid * answer.routes.flow).sum()
    gap = (whole - (answer.amount * answer.cost).sum()) / whole
    assert gap == pytest.approx(answer.relative_gap, abs=1e-12)
    assert (paid >= answer.cost[pair] * (1.0 - 1e-12)).all()


def test_a_neighbour_is_a_good_start() -> None:
    case = scarce_case(5, congested=0.5)
    settings = Settings(gap=1e-5)
    before = assign_within(*case, settings)
    more = case.demand._replace(amount=case.demand.amount * 1.02)
    cold = assign_within(case.network, case.users, more, case.capacity, settings)
    again = assign_within(
        case.network, case.users, more, case.capacity, settings, before.assignment.routes,
        before.price,
    )  # fmt: skip
    assert again.converged
    assert again.rounds < cold.rounds
    assert again.assignment.total_cost == pytest.approx(cold.assignment.total_cost, rel=1e-4)


def test_what_cannot_be_is_refused() -> None:
    case = two_roads()
    for capacity, code in (
        (np.array([-1.0, 1.0]), "flow_limit_negative"),
        (np.array([np.nan, 1.0]), "flow_limit_negative"),
        (np.ones(3), "flow_array_shape"),
    ):
        with pytest.raises(FailedError) as failure:
            assign_within(*case, capacity)
        assert [one.code for one in failure.value.problems] == [code]
    with pytest.raises(FailedError, match="flow_limit_price"):
        assign_within(*case, np.ones(2), price=np.array([-1.0, 0.0]))


def test_demand_answers_to_the_price_of_what_is_scarce() -> None:
    """One road for 4 of 6 that stay away by exp(-cost): the price makes just 4 want to go."""
    road = network_of(bpr_links([0], [1], Curves([1.0], 1.0, 0.0, 1.0)))
    demand = demand_of([0], [1], [6.0])
    demand = demand._replace(response=np.array([EXPONENTIAL], dtype=np.int8))
    found = assign_within(road, users_of(1, theta=2.0), demand, np.array([4.0]), FINE)
    assert found.converged
    assert found.assignment.amount[0] == pytest.approx(4.0, rel=1e-5)
    assert 1.0 + found.price[0] == pytest.approx(1.0 + np.log(6.0 / 4.0), rel=1e-5)


def test_an_objective_stands_only_where_a_price_is_the_same_time_to_all() -> None:
    assert np.isnan(assign_within(*scarce_case(5), Settings(gap=1e-5)).assignment.objective)
    found = assign_within(*two_roads(), np.array([4.0, INF]), FINE)
    assert found.assignment.objective == pytest.approx(10.0, rel=1e-5)
