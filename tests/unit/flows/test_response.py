from __future__ import annotations

import math

import numpy as np
import pytest

from keruen.flows import EXPONENTIAL, FIXED, POWER
from keruen.flows.arrays import Pairs
from keruen.flows.response import amount_at, cost_at
from keruen.jit import plain

KINDS = (FIXED, EXPONENTIAL, POWER)


def pairs(amount: float) -> Pairs:
    return Pairs(
        np.zeros((1, 3), dtype=np.int64),
        np.zeros(3, dtype=np.int64),
        np.zeros(3, dtype=np.int32),
        np.full(3, amount),
        np.array(KINDS, dtype=np.int8),
        np.tile([0.5, 4.0, 10.0], (3, 1)),
    )


def test_demand_at_a_cost() -> None:
    found = [plain(amount_at)(pairs(10.0), pair, 6.0) for pair in range(3)]
    assert found == pytest.approx([10.0, 10.0 * math.exp(-1.0), 10.0 * 1.5**-0.5])


@pytest.mark.parametrize("pair", [1, 2])
@pytest.mark.parametrize("amount", [2.0, 10.0, 30.0])
def test_the_cost_of_a_demand_is_the_inverse(pair: int, amount: float) -> None:
    cost, falls = plain(cost_at)(pairs(amount), pair)
    assert plain(amount_at)(pairs(amount), pair, cost) == pytest.approx(amount)
    more, _ = plain(cost_at)(pairs(amount * math.exp(1e-6)), pair)
    assert falls == pytest.approx((cost - more) / 1e-6, rel=1e-4)
