"""The fit to totals against iterative proportional fitting and a general optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from keruen.flows.entropy import Totals, fit_to_totals

FloatArray = NDArray[np.float64]


def furness(prior: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """Rows and columns scaled by turns, as Deming and Stephan did."""
    fitted = prior.copy()
    for _ in range(2_000):
        fitted *= (rows / fitted.sum(axis=1))[:, None]
        fitted *= columns / fitted.sum(axis=0)
    return fitted


@pytest.mark.parametrize("seed", range(5))
def test_exact_margins_give_the_matrix_of_proportional_fitting(seed: int) -> None:
    draws = np.random.default_rng(seed)
    size = (3, 4)
    prior = draws.uniform(0.1, 5.0, size)
    true = prior * draws.uniform(0.2, 3.0, (3, 1)) * draws.uniform(0.2, 3.0, (1, 4))
    other = true + draws.uniform(0.0, 1.0, size)
    rows, columns = other.sum(axis=1), other.sum(axis=0)
    factors = np.zeros((7, 12))
    for cell in range(12):
        factors[cell // 4, cell] = factors[3 + cell % 4, cell] = 1.0
    wanted = np.concatenate([rows, columns])
    scales = np.full(12, draws.uniform(0.1, 10.0))
    fit = fit_to_totals(prior.ravel(), scales, Totals(factors, wanted, np.zeros(7)))
    assert fit.converged
    assert fit.cells.reshape(size) == pytest.approx(furness(prior, rows, columns), rel=1e-7)


def objective(
    logs: FloatArray, prior: FloatArray, scales: FloatArray, totals: Totals
) -> tuple[float, FloatArray]:
    """What the fit minimises, and its gradient by the logarithms of the cells."""
    cells = np.exp(logs)
    apart = (cells * (logs - np.log(prior)) - cells + prior) / scales
    misses = (totals.factors @ cells / totals.wanted - 1.0) / totals.tolerances
    slope = (logs - np.log(prior)) / scales
    slope += (misses / totals.tolerances / totals.wanted) @ totals.factors
    return float(apart.sum() + 0.5 * (misses**2).sum()), slope * cells


@pytest.mark.parametrize("seed", range(6))
def test_totals_with_tolerances_give_what_a_general_optimiser_finds(seed: int) -> None:
    draws = np.random.default_rng(100 + seed)
    cells, many = 8, 5
    prior, scales = draws.uniform(1.0, 50.0, cells), draws.uniform(5.0, 50.0, cells)
    factors = draws.uniform(0.5, 2.0, (many, cells)) * (draws.uniform(size=(many, cells)) < 0.5)
    factors[:, 0] = 1.0
    # Not consistent: each total is off by up to a third from one matrix.
    wanted = factors @ (prior * draws.uniform(0.3, 3.0, cells)) * draws.uniform(0.7, 1.3, many)
    totals = Totals(factors, wanted, draws.uniform(0.05, 0.5, many))
    fit = fit_to_totals(prior, scales, totals)
    found = minimize(
        objective,
        np.log(prior),
        args=(prior, scales, totals),
        jac=True,
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 10_000},
    )
    assert fit.converged
    assert fit.cells == pytest.approx(np.exp(found.x), rel=1e-4)
    own = objective(np.log(fit.cells), prior, scales, totals)[0]
    assert own <= found.fun * (1.0 + 1e-9)
