from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.entropy import GAP, Totals, fit_to_totals


def totals(factors: object, wanted: object, tolerances: object) -> Totals:
    return Totals(*(np.array(part, dtype=np.float64) for part in (factors, wanted, tolerances)))


def test_one_total_scales_the_prior() -> None:
    fit = fit_to_totals(np.array([1.0, 3.0]), np.ones(2), totals([[1, 1]], [100], [0]))
    assert fit.cells == pytest.approx([25.0, 75.0], rel=1e-9)
    assert fit.computed == pytest.approx([100.0], rel=GAP)
    assert fit.converged
    assert fit.multipliers[0] == pytest.approx(100.0 * np.log(25.0), rel=1e-9)


def test_a_conversion_counts_in_the_unit_of_the_total() -> None:
    # 12 t a box: 600 t of boxes and ore in the proportion of the prior, boxes lifted no less.
    fit = fit_to_totals(
        np.array([10.0, 120.0]), np.array([1.0, 12.0]), totals([[12, 1]], [600], [0])
    )
    assert fit.cells == pytest.approx([25.0, 300.0], rel=1e-9)


def test_a_tolerance_gives_way_to_the_prior_as_the_conditions_say() -> None:
    fit = fit_to_totals(np.array([50.0]), np.array([40.0]), totals([[1]], [100], [0.5]))
    # x = 50 exp(40 λ / 100) and x / 100 = 1 - 0.25 λ.
    multiplier = fit.multipliers[0]
    assert fit.cells[0] == pytest.approx(50.0 * np.exp(0.4 * multiplier), rel=1e-12)
    assert fit.cells[0] / 100.0 == pytest.approx(1.0 - 0.25 * multiplier, rel=1e-9)
    assert 50.0 < fit.cells[0] < 100.0


def test_of_two_values_for_one_sum_the_surer_weighs_more() -> None:
    prior, scales = np.array([100.0]), np.array([1e9])
    fit = fit_to_totals(prior, scales, totals([[1], [1]], [100, 110], [0.1, 0.1]))
    # A loose prior: least squares of relative errors, (x/100 - 1) / 100 + (x/110 - 1) / 110 = 0.
    even = (1 / 100 + 1 / 110) / (1 / 100**2 + 1 / 110**2)
    assert fit.cells[0] == pytest.approx(even, rel=1e-6)
    surer = fit_to_totals(prior, scales, totals([[1], [1]], [100, 110], [0.01, 0.1]))
    assert 100.0 < surer.cells[0] < 100.2
    exact = fit_to_totals(prior, scales, totals([[1], [1]], [100, 110], [0.0, 0.1]))
    assert exact.cells[0] == pytest.approx(100.0, rel=1e-9)


def test_exact_totals_that_contradict_each_other_do_not_converge() -> None:
    fit = fit_to_totals(np.array([1.0]), np.ones(1), totals([[1], [1]], [100, 110], [0, 0]))
    assert not fit.converged
    assert fit.gap > 0.01


def test_a_part_above_its_exact_whole_does_not_converge() -> None:
    fit = fit_to_totals(
        np.array([1.0, 1.0]), np.ones(2), totals([[1, 0], [1, 1]], [120, 100], [0, 0])
    )
    assert not fit.converged


def test_totals_that_say_the_same_twice_are_one() -> None:
    once = fit_to_totals(np.array([1.0, 2.0]), np.ones(2), totals([[1, 1]], [30], [0]))
    twice = fit_to_totals(
        np.array([1.0, 2.0]), np.ones(2), totals([[1, 1], [2, 2]], [30, 60], [0, 0])
    )
    assert twice.converged
    assert twice.cells == pytest.approx(once.cells, rel=1e-8)


def test_a_start_changes_the_steps_and_not_the_answer() -> None:
    prior, scales = np.array([1.0, 5.0, 2.0]), np.full(3, 10.0)
    wanted = totals([[1, 1, 0], [0, 1, 1]], [40, 60], [0.1, 0])
    cold = fit_to_totals(prior, scales, wanted)
    warm = fit_to_totals(prior, scales, wanted, start=cold.multipliers)
    assert (warm.steps, cold.steps > 0) == (0, True)
    assert warm.cells == pytest.approx(cold.cells, rel=1e-12)


def test_a_prior_that_is_far_off_is_still_fitted() -> None:
    fit = fit_to_totals(
        np.array([1e-6, 1e6]), np.ones(2), totals([[1, 0], [0, 1]], [1e6, 1], [0, 0])
    )
    assert fit.cells == pytest.approx([1e6, 1.0], rel=1e-8)


def test_without_totals_the_prior_stays() -> None:
    fit = fit_to_totals(np.array([2.0, 3.0]), np.ones(2), totals(np.zeros((0, 2)), [], []))
    assert (fit.cells.tolist(), fit.gap, fit.converged) == ([2.0, 3.0], 0.0, True)
