from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.flows.freight.returns import returns

SENT = np.array([10.0, 8.0, 2.0, 4.0])
RECEIVED = np.array([2.0, 3.0, 9.0, 10.0])  # 7 and 6 are left over, 8 and 5 are wanted
COST = np.array(
    [[0.0, 5.0, 40.0, 60.0], [5.0, 0.0, 70.0, 30.0], [40.0, 70.0, 0.0, 9.0], [60.0, 30.0, 9.0, 0.0]]
)


def test_all_that_is_left_over_goes_where_it_is_wanted() -> None:
    found = returns(RECEIVED, SENT, np.ones(4), COST, 5.0)
    assert found.flow.sum(axis=1) == pytest.approx([0.0, 0.0, 7.0, 6.0], abs=1e-8)
    assert found.flow.sum(axis=0) == pytest.approx([8.0, 5.0, 0.0, 0.0], abs=1e-8)
    assert found.left == pytest.approx([0.0] * 4, abs=1e-8)


def test_a_price_difference_is_the_cost_of_the_way_that_is_used() -> None:
    """Almost without spread the plan is the cheapest one: 7 and 1 to the first, 5 to the second."""
    found = returns(RECEIVED, SENT, np.ones(4), COST, 0.5)
    assert found.flow[2:, :2] == pytest.approx(np.array([[7.0, 0.0], [1.0, 5.0]]), abs=1e-6)
    assert found.price[0] - found.price[2] == pytest.approx(40.0, abs=3.0)
    assert found.price[0] - found.price[3] == pytest.approx(60.0, abs=3.0)
    assert found.price[1] - found.price[3] == pytest.approx(30.0, abs=3.0)
    assert np.nanmin(found.price) == 0.0


@given(
    spread=st.floats(4.0, 100.0),
    share=st.lists(st.floats(0.1, 1.0), min_size=4, max_size=4),
)
def test_the_plan_is_the_one_of_its_prices(spread: float, share: list[float]) -> None:
    """``T = rows * columns / whole * exp((price difference - cost) / spread)``, up to the scale."""
    found = returns(RECEIVED, SENT, np.array(share), COST, spread)
    out, into = found.flow.sum(axis=1), found.flow.sum(axis=0)
    assert out[2:] == pytest.approx(np.array([7.0, 6.0]) * share[2:], rel=1e-6)
    assert into[0] / into[1] == pytest.approx(8.0 / 5.0, rel=1e-6)
    odds = np.log(found.flow[2:, :2] * out.sum() / np.outer(out[2:], into[:2]))
    worth = found.price[None, :2] - found.price[2:, None] - COST[2:, :2]
    assert spread * (odds - odds[0, 0]) == pytest.approx(worth - worth[0, 0], abs=1e-4 * spread)


def test_only_its_share_returns_and_the_rest_is_left() -> None:
    found = returns(RECEIVED, SENT, np.array([1.0, 1.0, 0.5, 0.0]), COST, 5.0)
    assert found.flow.sum(axis=1) == pytest.approx([0.0, 0.0, 3.5, 0.0], abs=1e-8)
    # 8 and 5 are wanted, of which 3.5 of 13 come, the same part to both.
    assert found.flow.sum(axis=0)[:2] == pytest.approx([8.0 * 3.5 / 13.0, 5.0 * 3.5 / 13.0])
    assert found.left.sum() == pytest.approx(0.0)
    assert found.left[3] == pytest.approx(6.0)
    assert np.isnan(found.price[3])


def test_where_no_way_leads_nothing_returns() -> None:
    away = np.where(COST == 0.0, 0.0, np.inf)
    found = returns(RECEIVED, SENT, np.ones(4), away, 5.0)
    assert not found.flow.any()
    assert np.isnan(found.price).all()
    assert found.left == pytest.approx(RECEIVED - SENT)


def test_a_zone_that_no_way_leaves_keeps_its_own() -> None:
    cost = COST.copy()
    cost[3, :3] = np.inf
    found = returns(RECEIVED, SENT, np.ones(4), cost, 5.0)
    assert found.flow.sum(axis=1) == pytest.approx([0.0, 0.0, 7.0, 0.0], abs=1e-8)
    assert found.left[3] == pytest.approx(6.0)


def test_balanced_trade_sends_nothing() -> None:
    found = returns(SENT, SENT, np.ones(4), COST, 5.0)
    assert not found.flow.any()
    assert not found.left.any()
