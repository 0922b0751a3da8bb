"""Prices of scarce capacities held against the duals of a linear programme."""

from __future__ import annotations

import numpy as np
import pytest

from keruen.flows import Settings, assign_within
from support.scarce_networks import linear_programme, scarce_case


@pytest.mark.parametrize("seed", range(8))
def test_at_constant_costs_it_is_the_linear_programme(seed: int) -> None:
    case = scarce_case(seed)
    least, duals = linear_programme(case)
    found = assign_within(*case, Settings(gap=1e-6))
    assert found.converged
    assert found.assignment.total_cost == pytest.approx(least, rel=1e-6)
    assert found.excess_share <= 1e-6
    # Where the duals are not the only ones both sets support the same cost.
    worth = case.capacity[np.isfinite(case.capacity)] @ duals[np.isfinite(case.capacity)]
    ours = case.capacity[np.isfinite(case.capacity)] @ found.price[np.isfinite(case.capacity)]
    served = (found.assignment.cost * case.demand.amount).sum()
    assert served - ours == pytest.approx(least, rel=1e-5)
    if np.isclose(ours, worth, rtol=1e-4):
        assert found.price == pytest.approx(duals, abs=1e-2)
