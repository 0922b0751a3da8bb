"""Laws of demand: totals met where they can be, boxes conserved, order nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from keruen.flows.entropy import Totals, fit_to_totals
from keruen.flows.gravity import returning_empties

FloatArray = NDArray[np.float64]

SEEDS = st.integers(0, 2**32 - 1)


def case(seed: int) -> tuple[FloatArray, FloatArray, Totals, FloatArray]:
    """A prior, scales, totals that agree with each other, and a matrix that meets them."""
    draws = np.random.default_rng(seed)
    cells, many = int(draws.integers(1, 12)), int(draws.integers(1, 6))
    prior, scales = draws.uniform(0.1, 100.0, cells), draws.uniform(1.0, 100.0, cells)
    factors = draws.uniform(0.1, 12.0, (many, cells)) * (draws.uniform(size=(many, cells)) < 0.6)
    factors[np.arange(many), draws.integers(0, cells, many)] = 1.0
    true = prior * draws.uniform(0.3, 3.0, cells)
    return prior, scales, Totals(factors, factors @ true, np.zeros(many)), true


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_totals_that_agree_are_met_without_residual(seed: int) -> None:
    prior, scales, totals, _ = case(seed)
    fit = fit_to_totals(prior, scales, totals)
    assert fit.converged
    assert (fit.cells > 0).all()
    assert fit.computed == pytest.approx(totals.wanted, rel=1e-9)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_no_matrix_that_meets_them_is_nearer_to_the_prior(seed: int) -> None:
    prior, scales, totals, true = case(seed)
    fit = fit_to_totals(prior, scales, totals)

    def apart(cells: FloatArray) -> float:
        return float(((cells * np.log(cells / prior) - cells + prior) / scales).sum())

    assert apart(fit.cells) <= apart(true) * (1.0 + 1e-8) + 1e-9


@given(SEEDS, st.floats(0.01, 2.0))
@settings(max_examples=40, deadline=None)
def test_order_of_cells_and_totals_changes_nothing(seed: int, tolerance: float) -> None:
    prior, scales, exact, _ = case(seed)
    totals = exact._replace(tolerances=np.full(len(exact.wanted), tolerance))
    fit = fit_to_totals(prior, scales, totals)
    draws = np.random.default_rng(seed)
    cells, rows = draws.permutation(len(prior)), draws.permutation(len(totals.wanted))
    turned = Totals(totals.factors[np.ix_(rows, cells)], totals.wanted[rows], totals.tolerances)
    other = fit_to_totals(prior[cells], scales[cells], turned)
    assert fit.converged
    assert other.cells == pytest.approx(fit.cells[cells], rel=1e-7)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_tighter_total_is_missed_less(seed: int) -> None:
    prior, scales, exact, _ = case(seed)
    misses = []
    for tolerance in (1.0, 0.1):
        totals = exact._replace(tolerances=np.full(len(exact.wanted), tolerance))
        fit = fit_to_totals(prior, scales, totals)
        misses.append(float(((fit.computed / totals.wanted - 1.0) ** 2).sum()))
    assert misses[1] <= misses[0] * (1.0 + 1e-6) + 1e-18


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_boxes_are_conserved(seed: int) -> None:
    draws = np.random.default_rng(seed)
    zones = int(draws.integers(2, 8))
    loaded = draws.uniform(0.0, 100.0, (zones, zones)) * (draws.uniform(size=(zones, zones)) < 0.7)
    np.fill_diagonal(loaded, 0.0)
    shares = draws.uniform(0.0, 1.0, zones)
    empties = returning_empties(loaded, shares)
    surplus = np.maximum(loaded.sum(axis=0) - loaded.sum(axis=1), 0.0)
    assert (empties >= 0.0).all()
    assert empties.sum(axis=1) == pytest.approx(shares * surplus, abs=1e-9)
    # Never more than the relation lacks of balance, so that no box goes back twice.
    assert (empties <= np.maximum(loaded.T - loaded, 0.0) + 1e-9).all()
    whole = returning_empties(loaded, np.ones(zones))
    received = (loaded + whole).sum(axis=0) - (loaded + whole).sum(axis=1)
    assert received.sum() == pytest.approx(0.0, abs=1e-6)
