from __future__ import annotations

import pytest

from keruen.rail.rolling_stock import (
    CONTAINER_FLAT_1435,
    CONTAINER_FLAT_LOADED,
    GONDOLA_EMPTY,
    GONDOLA_LOADED,
    LOCOMOTIVES,
)
from keruen.rail.running import run_train
from keruen.rail.track_profile import track_profile
from keruen.rail.train import Train, Wagon, wagons_of_mass


@pytest.mark.parametrize("name", LOCOMOTIVES)
@pytest.mark.parametrize(
    "wagon", [CONTAINER_FLAT_1435, CONTAINER_FLAT_LOADED, GONDOLA_EMPTY, GONDOLA_LOADED]
)
def test_every_locomotive_takes_every_wagon_over_a_line(name: str, wagon: Wagon) -> None:
    train = Train(((LOCOMOTIVES[name], 1),), wagons_of_mass(wagon, 1500.0))
    run = run_train(train, track_profile([0.0, 15.0], 2.0), step_m=100.0)
    assert 40.0 < run.mean_speed_km_per_h < 80.0
    electric, diesel = run.wire_kwh.sum() > 0.0, run.fuel_l.sum() > 0.0
    assert electric != diesel
