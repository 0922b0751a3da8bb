"""What a train climbs without momentum, beside forces by hand and a run on a long climb."""

from __future__ import annotations

import pytest

from keruen.errors import RangeError
from keruen.rail.climbing import balancing_speed_km_per_h, climb_margins
from keruen.rail.rolling_stock import GONDOLA_LOADED, VL80S
from keruen.rail.running import NotRunnableError, run_train
from keruen.rail.supplements import hardest_start
from keruen.rail.track_profile import track_profile
from keruen.rail.train import Train, wagons_of_mass

TRAIN = Train(((VL80S, 1),), wagons_of_mass(GONDOLA_LOADED, 4000.0))


def test_the_margin_at_rest_is_that_of_the_hardest_start() -> None:
    found = hardest_start(TRAIN, track_profile([0.0, 10.0], [8.0]))
    assert climb_margins(TRAIN, 8.0, 20.0).start_kn == pytest.approx(found.margin_kn)


@pytest.mark.parametrize("permille", [4.0, 8.0, 11.0])
def test_a_long_climb_is_run_at_the_balancing_speed(permille: float) -> None:
    run = run_train(TRAIN, track_profile([0.0, 200.0], [permille]))
    settled = float(run.speed_km_per_h[len(run.speed_km_per_h) * 9 // 10])
    assert balancing_speed_km_per_h(TRAIN, permille) == pytest.approx(settled, rel=1e-3)
    spare_kn = climb_margins(TRAIN, permille, settled).hold_kn
    at_the_limit = settled == pytest.approx(TRAIN.top_speed_km_per_h)
    assert spare_kn > 0.0 if at_the_limit else spare_kn == pytest.approx(0.0, abs=0.5)


def test_down_a_gradient_the_train_is_as_fast_as_it_may() -> None:
    assert balancing_speed_km_per_h(TRAIN, -20.0) == TRAIN.top_speed_km_per_h


def test_where_there_is_no_balancing_speed_a_train_stalls() -> None:
    assert balancing_speed_km_per_h(TRAIN, 40.0) == 0.0
    line = track_profile([0.0, 20.0, 60.0], [0.0, 40.0])
    with pytest.raises(NotRunnableError, match="train_stalls"):
        run_train(TRAIN, line)


def test_numbers_out_of_range_are_refused() -> None:
    with pytest.raises(RangeError):
        climb_margins(TRAIN, float("nan"), 20.0)
    with pytest.raises(RangeError):
        climb_margins(TRAIN, 9.0, -1.0)
    with pytest.raises(RangeError):
        balancing_speed_km_per_h(TRAIN, 2000.0)
