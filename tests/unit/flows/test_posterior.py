from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from keruen.flows.posterior import (
    LITTLE_GAIN,
    POLL,
    Evidence,
    Functions,
    condition_number,
    information_bits,
    left_out,
    posterior,
    widened_cost,
)

FloatArray = NDArray[np.float64]

SIDES = np.array([[1.0, 0.5], [0.2, -1.0], [0.7, 0.7], [-0.4, 0.1]])
ERROR = np.array([0.5, 0.4, 0.6, 0.5])
SEEN = np.array([0.4, -0.3, 0.5, -0.1])


def line(z: FloatArray) -> FloatArray:
    return SIDES @ z


def everything(observed: FloatArray = SEEN) -> Evidence:
    return Evidence(observed, ERROR, np.ones(observed.size, dtype=np.bool_))


def closed_form(rows: NDArray[np.bool_], widened: float) -> tuple[FloatArray, FloatArray]:
    weight = 1.0 / (ERROR[rows] * widened) ** 2
    precision = SIDES[rows].T @ (weight[:, None] * SIDES[rows]) + np.eye(2)
    return np.linalg.solve(precision, SIDES[rows].T @ (weight * SEEN[rows])), np.linalg.inv(
        precision
    )


def test_a_linear_model_with_normal_errors_has_its_closed_form() -> None:
    found = posterior(line, everything(), np.array([2.0, -2.0]))
    mode, covariance = closed_form(np.ones(4, dtype=np.bool_), 1.0)
    assert found.at_rest
    assert found.widened == 1.0
    np.testing.assert_allclose(found.z, mode, atol=2e-2)
    np.testing.assert_allclose(found.covariance, covariance, rtol=1e-9)
    np.testing.assert_allclose(found.jacobian, SIDES, atol=1e-12)


def test_errors_stated_too_small_are_widened_and_teach_less() -> None:
    sharp = Evidence(SEEN + np.array([2.0, -2.0, -2.0, 2.0]), ERROR / 10, np.ones(4, np.bool_))
    found = posterior(line, sharp, np.zeros(2))
    assert found.widened > 10.0
    misfit = (sharp.observed - found.computed) / (sharp.error * found.widened)
    assert np.sqrt(np.mean(misfit**2)) == pytest.approx(1.0)


def test_what_is_not_used_moves_nothing() -> None:
    evidence = everything()
    half = evidence._replace(used=np.array([True, True, False, False]))
    wild = half._replace(observed=np.where(half.used, SEEN, 99.0))
    one, other = (posterior(line, each, np.zeros(2)) for each in (half, wild))
    np.testing.assert_array_equal(one.z, other.z)


def test_a_curved_model_comes_to_rest_where_the_descent_is_nought() -> None:
    def curved(z: FloatArray) -> FloatArray:
        return np.exp(0.5 * line(z)) - 1.0

    found = posterior(curved, everything(), np.array([1.5, 1.5]))
    own = np.stack([(curved(found.z + s) - curved(found.z - s)) / 2e-6 for s in 1e-6 * np.eye(2)])
    descent = own @ ((SEEN - curved(found.z)) / ERROR**2) - found.z
    assert found.at_rest
    assert np.abs(found.covariance @ descent).max() < 0.05


def kinked(z: FloatArray) -> FloatArray:
    return np.where(z > 0.0, 2.0 * z, -6.0 * z) + 1.0


@pytest.mark.parametrize("start", [0.0, 0.4, -0.7])
def test_rest_at_a_kink_is_proved_by_trying_each_way(start: float) -> None:
    evidence = Evidence(np.zeros(1), np.full(1, 0.5), np.ones(1, np.bool_))
    found = posterior(kinked, evidence, np.array([start]), polled=True)
    assert found.at_rest
    assert found.z == pytest.approx(0.0, abs=POLL)
    for way in (-POLL, POLL):
        near = found.z + way
        assert widened_cost(evidence, kinked(near), near) > found.objective - LITTLE_GAIN


def test_a_search_that_is_cut_short_is_not_at_rest() -> None:
    evidence = Evidence(np.zeros(1), np.full(1, 0.5), np.ones(1, np.bool_))
    found = posterior(kinked, evidence, np.full(1, 2.0), most_steps=1)
    assert not found.at_rest
    assert found.steps == 1


def test_every_step_makes_the_objective_less() -> None:
    def curved(z: FloatArray) -> FloatArray:
        return np.exp(0.8 * line(z)) - 1.0

    sharp = Evidence(SEEN + 1.0, ERROR / 5, np.ones(4, np.bool_))
    found = posterior(curved, sharp, np.array([2.0, -2.0]))
    assert found.at_rest
    assert len(found.path) == found.steps + 1
    assert (np.diff(found.path) < 0.0).all()
    assert found.path[-1] == found.objective


def test_widening_is_the_likeliest_one() -> None:
    """At the widening that goes by the misfit the normalised density is highest."""
    evidence = Evidence(SEEN, ERROR / 10, np.ones(4, np.bool_))
    z = np.array([0.3, 0.2])
    misfit = ((SEEN - line(z)) / evidence.error) ** 2
    widths = np.linspace(1.0, 20.0, 20001)
    costs = misfit.sum() / widths**2 + 2.0 * misfit.size * np.log(widths) + (z**2).sum()
    assert widened_cost(evidence, line(z), z) == pytest.approx(costs.min(), rel=1e-6)
    assert widths[costs.argmin()] == pytest.approx(evidence.widening(line(z)), abs=2e-3)


def test_differences_may_come_from_a_function_of_their_own() -> None:
    asked: list[FloatArray] = []

    def nearby(z: FloatArray) -> FloatArray:
        asked.append(z)
        return line(z) + 5.0

    found = posterior(Functions(line, nearby), everything(), np.array([2.0, -2.0]))
    plain_found = posterior(line, everything(), np.array([2.0, -2.0]))
    assert len(asked) % 3 == 0
    np.testing.assert_allclose(found.z, plain_found.z, atol=1e-9)


@pytest.mark.parametrize("out", range(4))
def test_leaving_out_is_the_fit_of_the_rest(out: int) -> None:
    evidence = everything()
    found = posterior(line, evidence, np.zeros(2))
    rows = np.arange(4) == out
    z, computed = left_out(found, evidence, rows)
    np.testing.assert_allclose(z, closed_form(~rows, found.widened)[0], atol=1e-12)
    np.testing.assert_allclose(computed, line(z), atol=1e-12)


def test_data_that_say_nothing_of_a_combination_have_no_condition_number() -> None:
    def flat(z: FloatArray) -> FloatArray:
        return np.repeat(z.sum(), 4)

    evidence = everything()
    assert np.isinf(condition_number(posterior(flat, evidence, np.zeros(2)), evidence))
    weighted = SIDES / ERROR[:, None]
    assert condition_number(posterior(line, evidence, np.zeros(2)), evidence) == pytest.approx(
        np.linalg.cond(weighted)
    )


def test_information_is_what_the_posterior_is_narrower_by() -> None:
    found = posterior(line, everything(), np.zeros(2))
    expected = 0.5 * np.log2(np.linalg.det(np.linalg.inv(found.covariance)))
    assert information_bits(found.covariance) == pytest.approx(expected)
