from __future__ import annotations

import numpy as np
import pytest

from keruen.rail.kilometres import by_kilometre
from keruen.rail.rolling_stock import GONDOLA_LOADED, KZ8A, TE33A
from keruen.rail.running import Stop, run_train
from keruen.rail.track_profile import track_profile
from keruen.rail.train import Train, wagons_of_mass

TRAIN = Train(((KZ8A, 1), (TE33A, 1)), wagons_of_mass(GONDOLA_LOADED, 5000.0))


def test_sums_by_kilometre_are_those_of_the_run() -> None:
    run = run_train(TRAIN, track_profile([3.4, 9.0, 20.75], [2.0, -3.0], 70.0), [Stop(8.3, 6.0)])
    found = by_kilometre(run)
    assert found.from_km[0] == 3.4
    assert found.to_km[-1] == 20.75
    assert np.array_equal(found.from_km[1:], found.to_km[:-1])
    assert found.from_km[1:].tolist() == list(range(4, 21))
    assert found.running_min.sum() == pytest.approx(run.running_min)
    assert found.wheel_kwh.sum() == pytest.approx(run.wheel_energy_kwh.sum())
    assert found.wire_kwh.sum() == pytest.approx(run.wire_kwh.sum())
    assert found.substation_kwh.sum() == pytest.approx(run.substation_kwh.sum())
    assert found.fuel_l.sum() == pytest.approx(run.fuel_l.sum())


def test_mean_speed_of_a_kilometre_run_evenly() -> None:
    run = run_train(TRAIN, track_profile([0.0, 20.0], 0.0, 50.0))
    found = by_kilometre(run)
    assert found.mean_speed_km_per_h[10] == pytest.approx(50.0)
    assert found.mean_speed_km_per_h[0] < 40.0
    assert found.running_min[10] == pytest.approx(1.2)
