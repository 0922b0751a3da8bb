from __future__ import annotations

import math

import numpy as np
import pytest

from keruen.flows import EXPONENTIAL, POWER, Settings, assign, users_of
from keruen.flows.arrays import Pairs
from keruen.flows.objective import demand_integrals, proportions
from support.flow_networks import beckmann, random_case


def test_for_one_class_it_is_beckmanns() -> None:
    case = random_case(7)
    found = assign(*case, Settings(gap=1e-10))
    assert found.objective == pytest.approx(beckmann(case.network, found.volume), rel=1e-13)


def test_in_the_system_optimum_it_is_the_cost_of_all() -> None:
    found = assign(*random_case(7), Settings(gap=1e-10, system_optimum=True))
    assert found.objective == pytest.approx(found.total_cost, rel=1e-13)


def test_loads_out_of_proportion_have_none() -> None:
    case = random_case(7)
    load = np.ones((2, 20))
    assert proportions(load) is not None
    load[1, 3] = 2.0
    users = users_of(20, value=[1.0, 2.0], load=load)
    demand = case.demand._replace(user=np.arange(6) % 2)
    found = assign(case.network, users, demand)
    assert found.converged
    assert math.isnan(found.objective)


def test_integrals_of_the_inverse_demand() -> None:
    amount = np.array([3.0, 20.0, 3.0, 20.0])
    answer = np.tile([0.5, 4.0, 10.0], (4, 1))
    answer[3, 0] = 1.0
    response = np.array([EXPONENTIAL, EXPONENTIAL, POWER, POWER], dtype=np.int8)
    none = np.zeros(4, dtype=np.int64)
    pairs = Pairs(
        np.zeros((1, 3), dtype=np.int64), none, none.astype(np.int32), amount, response, answer
    )
    for at, found in enumerate(demand_integrals(pairs)):
        q = np.linspace(10.0, amount[at], 20001)
        e = answer[at, 0]
        cost = 4.0 - np.log(q / 10.0) / e if at < 2 else 4.0 * (q / 10.0) ** (-1.0 / e)
        assert found == pytest.approx(np.trapezoid(cost, q), rel=1e-7)
