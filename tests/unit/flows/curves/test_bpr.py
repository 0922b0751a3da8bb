from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from keruen.flows.curves.bpr import bpr_integral, bpr_terms
from keruen.jit import plain

ROWS = [(10.0, 100.0, 0.15, 4.0), (2.0, 7.0, 1.0, 1.0), (3.0, 5.0, 0.5, 2.5), (1.0, 4.0, 2.0, 0.5)]
terms, integral = plain(bpr_terms), plain(bpr_integral)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("load", [0.5, 3.0, 12.0, 150.0])
def test_derivatives_and_integral_belong_to_the_time(row: tuple[float, ...], load: float) -> None:
    numbers, h = np.array(row), 1e-3 * load
    time, slope, bend = terms(numbers, load)
    assert time == pytest.approx(row[0] * (1.0 + row[2] * (load / row[1]) ** row[3]))
    assert slope == pytest.approx(
        (terms(numbers, load + h)[0] - terms(numbers, load - h)[0]) / (2.0 * h), rel=1e-5, abs=1e-9
    )
    assert bend == pytest.approx(
        (terms(numbers, load + h)[1] - terms(numbers, load - h)[1]) / (2.0 * h), rel=1e-5, abs=1e-9
    )
    summed, _ = quad(lambda x: terms(numbers, x)[0], 0.0, load, epsabs=1e-12)
    assert integral(numbers, load) == pytest.approx(summed, rel=1e-8)


@pytest.mark.parametrize("row", [(4.0, 0.0, 0.0, 0.0), (4.0, 0.0, 0.0, 4.0), (0.0, 0.0, 1.0, 4.0)])
def test_a_time_that_no_load_changes_needs_no_capacity(row: tuple[float, ...]) -> None:
    assert terms(np.array(row), 9.0) == (row[0], 0.0, 0.0)
    assert integral(np.array(row), 9.0) == row[0] * 9.0


def test_a_power_of_nought_adds_b_at_every_load() -> None:
    assert terms(np.array([4.0, 0.0, 0.5, 0.0]), 9.0) == (6.0, 0.0, 0.0)


@pytest.mark.parametrize("row", ROWS)
def test_nothing_is_infinite_at_nought_or_a_hair_below(row: tuple[float, ...]) -> None:
    for load in (0.0, -1e-12):
        assert all(math.isfinite(number) for number in terms(np.array(row), load))
        assert terms(np.array(row), load)[0] == row[0]
