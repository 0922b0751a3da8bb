from __future__ import annotations

import numpy as np
import pytest

from keruen.errors import FailedError, RangeError
from keruen.flows import Settings, assign, penalised_routes
from keruen.flows.checks import check_start
from keruen.flows.enrichment import free_costs
from keruen.flows.routes import route_sums
from support.flow_networks import random_case


def test_routes_lead_where_they_should_and_the_cheapest_comes_first() -> None:
    case = random_case(5)
    pool = penalised_routes(*case, most=4, factor=1.5)
    assert check_start(case.network, case.demand, pool) == []
    counts = np.diff(pool.pair_first)
    assert counts.min() >= 1
    assert counts.max() > 1
    sums = route_sums(pool, free_costs(case.network, case.users)[0])
    for pair in range(counts.size):
        own = sums[pool.pair_first[pair] : pool.pair_first[pair + 1]]
        assert own[0] == own.min()
    spread = [tuple(pool.links[a:b]) for a, b in zip(pool.first[:-1], pool.first[1:], strict=True)]
    assert len(set(spread)) == len(spread)


def test_a_choice_may_be_held_to_them_and_says_what_they_miss() -> None:
    case = random_case(5)
    crowded = case.demand._replace(amount=case.demand.amount * 6.0)
    users = case.users._replace(theta=np.array([2.0]))
    few = penalised_routes(case.network, users, crowded, most=1)
    held = assign(case.network, users, crowded, Settings(gap=1e-9, widen=False), few)
    assert held.converged
    assert held.routes.flow.size == 6
    assert held.route_set_error > 0.01
    wide = assign(case.network, users, crowded, Settings(gap=1e-9), few)
    assert wide.route_set_error <= 1e-9
    assert wide.routes.flow.size > 6


def test_numbers_out_of_range_are_refused() -> None:
    case = random_case(5)
    with pytest.raises(RangeError):
        penalised_routes(*case, factor=1.0)
    with pytest.raises(RangeError):
        penalised_routes(*case, most=0)
    with pytest.raises(FailedError, match="flow_pair_amount"):
        penalised_routes(case.network, case.users, case.demand._replace(amount=-case.demand.amount))
