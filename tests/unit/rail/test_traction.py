from __future__ import annotations

import numpy as np
import pytest

from keruen.errors import RangeError
from keruen.rail.rolling_stock import LOCOMOTIVES, VL80S
from keruen.rail.running_kernel import effort_n
from keruen.rail.traction import (
    CIS_ELECTRIC_ADHESION,
    Adhesion,
    TractionLimits,
    tractive_effort_kn,
)
from keruen.rail.train import Train, train_forces


@pytest.mark.parametrize(
    ("speed", "coefficient"), [(0, 0.33), (10, 0.277), (30, 0.261), (43.3, 0.258), (80, 0.255)]
)
def test_the_printed_table_of_adhesion(speed: float, coefficient: float) -> None:
    assert CIS_ELECTRIC_ADHESION.at(speed) == pytest.approx(coefficient, abs=6e-4)


def test_effort_is_the_least_of_the_three_limits() -> None:
    limits = TractionLimits(400.0, 3600.0, 150.0, Adhesion(0.2, 10.0, 50.0, 5.0))
    found = tractive_effort_kn([0.0, 20.0, 100.0], limits)
    by_adhesion = 150.0 * 9.80665 * (0.2 + 10.0 / 150.0)
    assert found == pytest.approx([400.0, by_adhesion, 129.6])


def test_effort_below_the_hyperbola_never_exceeds_power() -> None:
    speeds = np.linspace(0.0, 120.0, 241)
    for one in LOCOMOTIVES.values():
        effort = tractive_effort_kn(speeds, one.traction)
        assert np.all(np.diff(effort) <= 1e-9)
        assert np.all(effort * speeds / 3.6 <= one.traction.power_kw * (1 + 1e-12))


def test_the_kernel_pulls_like_the_curve() -> None:
    forces = train_forces(Train(((VL80S, 2),)))
    for speed in (0.0, 3.0, 30.0, 51.0, 52.0, 100.0):
        curve = 2.0 * float(tractive_effort_kn(speed, VL80S.traction))
        assert effort_n(forces.limits, speed / 3.6) / 1000.0 == pytest.approx(curve, rel=1e-12)


def test_impossible_limits_are_refused() -> None:
    with pytest.raises(RangeError):
        tractive_effort_kn([-1.0], VL80S.traction)
    with pytest.raises(RangeError):
        tractive_effort_kn([1.0], VL80S.traction._replace(power_kw=-1.0))
