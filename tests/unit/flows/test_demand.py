from __future__ import annotations

import numpy as np

from keruen.flows import demand_of, users_of


def test_what_is_given_once_holds_for_all() -> None:
    users = users_of(3, value=[1.0, 2.0], load=[1.0, 2.0, 3.0], fixed=[[1.0], [4.0]], theta=0.5)
    assert users.load.tolist() == [[1.0, 2.0, 3.0]] * 2
    assert users.fixed.tolist() == [[1.0] * 3, [4.0] * 3]
    assert users.theta.tolist() == [0.5, 0.5]
    assert users.bound is None
    bounded = users_of(3, value=[1.0, 2.0], bound=2.5).bound
    assert bounded is not None
    assert bounded.tolist() == [2.5, 2.5]


def test_demand_is_fixed_unless_said_otherwise() -> None:
    demand = demand_of([0, 1], [1, 0], [2.0, 3.0], [0, 1])
    assert not demand.response.any()
    assert demand.user.tolist() == [0, 1]
    assert demand.amount.dtype == np.float64
