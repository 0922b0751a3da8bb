from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from keruen.errors import FailedError, Severity
from keruen.flows import (
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
from keruen.flows.checks import check_problem
from support.flow_networks import Case, pool_of, random_case


def told(case: Case) -> list[str]:
    return [problem.code for problem in check_problem(*case)]


def with_links(case: Case, **columns: Any) -> Case:  # noqa: ANN401
    return case._replace(
        network=case.network._replace(links=case.network.links._replace(**columns))
    )


def changed(values: Any, at: Any, to: float) -> Any:  # noqa: ANN401
    found = np.array(values)
    found[at] = to
    return found


def spoilt() -> list[tuple[str, Case]]:
    case = random_case(2)
    links, users, demand = case.network.links, case.users, case.demand
    answers = demand._replace(response=np.full(6, POWER, dtype=np.int8))
    return [
        ("flow_array_shape", with_links(case, size=links.size[1:])),
        ("flow_link_node", with_links(case, head=changed(links.head, 4, 99))),
        ("flow_link_curve", with_links(case, kind=changed(links.kind, 4, 7))),
        ("flow_link_curve", with_links(case, rows=changed(links.rows, (4, 0), np.nan))),
        ("flow_link_negative", with_links(case, rows=changed(links.rows, (4, 0), -1.0))),
        ("flow_link_capacity", with_links(case, rows=changed(links.rows, (4, 1), 0.0))),
        ("flow_link_size", with_links(case, size=changed(links.size, 4, 0.0))),
        ("flow_user_value", case._replace(users=users._replace(theta=np.zeros(1)))),
        ("flow_user_bound", case._replace(users=users._replace(bound=np.array([0.5])))),
        ("flow_user_bound", case._replace(users=users._replace(bound=np.array([np.nan])))),
        ("flow_array_shape", case._replace(users=users._replace(bound=np.ones(2)))),
        ("flow_user_load", case._replace(users=users._replace(load=-users.load))),
        ("flow_user_cost", case._replace(users=users._replace(fixed=users.fixed - 1.0))),
        ("flow_pair_node", case._replace(demand=demand._replace(user=changed(demand.user, 2, 5)))),
        (
            "flow_pair_amount",
            case._replace(demand=demand._replace(amount=changed(demand.amount, 2, -1.0))),
        ),
        (
            "flow_pair_response",
            case._replace(demand=answers._replace(elasticity=np.zeros(6))),
        ),
        (
            "flow_pair_power_of_logit",
            case._replace(demand=answers, users=users._replace(theta=np.ones(1))),
        ),
        (
            "flow_pair_doubled",
            case._replace(
                demand=demand._replace(
                    origin=changed(demand.origin, 1, demand.origin[0]),
                    destination=changed(demand.destination, 1, demand.destination[0]),
                )
            ),
        ),
    ]


@pytest.mark.parametrize(("code", "case"), spoilt())
def test_what_cannot_be_right_is_told(code: str, case: Case) -> None:
    assert set(told(case)) == {code}
    with pytest.raises(FailedError, match=code):
        assign(*case)


def test_what_is_right_passes() -> None:
    assert told(random_case(2)) == []


def test_a_queue_is_truncated_below_one() -> None:
    network = network_of(queue_links([0], [1], Curves(1.0, 5.0, 1.0, 1.0)))
    assert told(Case(network, users_of(1), demand_of([0], [1], [1.0]))) == ["flow_link_ceiling"]


def test_all_is_told_at_once_and_what_is_too_much_is_counted() -> None:
    case = random_case(2)
    case = with_links(case, rows=case.network.links.rows * -1.0)
    demand = case.demand._replace(amount=-case.demand.amount)
    codes = told(case._replace(demand=demand))
    assert {"flow_link_negative", "flow_pair_amount"} <= set(codes)
    assert codes.count("flow_link_negative") == 20
    many = bpr_links(np.zeros(50, int), np.ones(50, int), Curves(-np.ones(50), 1.0))
    problems = check_problem(network_of(many), users_of(50), demand_of([0], [1], [1.0]))
    assert problems[-1].code == "and_more"
    assert problems[-1].params["more"] == 30


def test_pairs_that_cannot_be_served_are_told_and_the_rest_runs() -> None:
    network = network_of(bpr_links([0, 1], [1, 2], Curves([1.0, 2.0], 9.0)))
    demand = demand_of([0, 2, 1, 0, 1], [2, 0, 1, 1, 2], [3.0, 1.0, 4.0, 0.0, 5.0])
    found = assign(network, users_of(2), demand)
    assert [(one.code, one.severity, one.params["number"]) for one in found.problems] == [
        ("flow_pair_to_itself", Severity.WARNING, 2),
        ("flow_pair_unreachable", Severity.ERROR, 1),
    ]
    assert found.amount.tolist() == [3.0, 0.0, 0.0, 0.0, 5.0]
    assert found.volume.tolist() == [3.0, 8.0]
    assert np.isinf(found.cost).tolist() == [False, True, True, True, False]
    assert found.converged


@pytest.mark.parametrize(
    ("routes", "code"),
    [
        ([[0]], "flow_route_broken"),
        ([[1, 0]], "flow_route_broken"),
        ([[0, 1, 2, 1]], "flow_route_broken"),
        ([[0, 9]], "flow_array_shape"),
        ([[]], "flow_array_shape"),
    ],
)
def test_routes_to_begin_with_have_to_lead_somewhere(routes: list[list[int]], code: str) -> None:
    network = network_of(bpr_links([0, 1, 2], [1, 2, 1], Curves([1.0, 2.0, 1.0], 9.0)))
    start = pool_of([1], routes)
    with pytest.raises(FailedError, match=code):
        assign(network, users_of(3), demand_of([0], [2], [1.0]), Settings(), start)
