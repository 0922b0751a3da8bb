from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from keruen.flows.curves.queue import queue_integral, queue_terms
from keruen.jit import plain
from keruen.terminals.queueing import pollaczek_khinchine_wait_h

ROW = np.array([2.0, 8.0, 3.0, 0.9])
terms, integral = plain(queue_terms), plain(queue_integral)


@pytest.mark.parametrize("load", [0.1, 4.0, 7.1, 7.3, 8.0, 20.0])
def test_derivatives_and_integral_belong_to_the_time(load: float) -> None:
    h = 1e-6 * load
    _, slope, bend = terms(ROW, load)
    before, after = terms(ROW, load - h), terms(ROW, load + h)
    assert slope == pytest.approx((after[0] - before[0]) / (2.0 * h), rel=1e-6)
    assert bend == pytest.approx((after[1] - before[1]) / (2.0 * h), rel=1e-5, abs=1e-6)
    summed, _ = quad(lambda x: terms(ROW, x)[0], 0.0, load, points=[7.2], epsabs=1e-11)
    assert integral(ROW, load) == pytest.approx(summed, rel=1e-8)


def test_value_and_slope_go_on_at_the_ceiling() -> None:
    below, above = terms(ROW, 7.2 - 1e-9), terms(ROW, 7.2 + 1e-9)
    assert below[0] == pytest.approx(above[0], rel=1e-7)
    assert below[1] == pytest.approx(above[1], rel=1e-7)
    assert above[2] == 0.0


def test_below_the_ceiling_it_is_the_queue_with_one_server() -> None:
    service, scv, arrivals = 0.5, 0.4, 1.3
    row = np.array([0.0, 1.0 / service, (1.0 + scv) / 2.0 * service, 0.95])
    wanted = pollaczek_khinchine_wait_h(service, scv, arrivals)
    assert terms(row, arrivals)[0] == pytest.approx(wanted)
