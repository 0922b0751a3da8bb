from __future__ import annotations

import pytest

from keruen.errors import RangeError
from keruen.rail.rolling_stock import GONDOLA_LOADED, TE33A, VL80S
from keruen.rail.running import NotRunnableError, Stop, run_train
from keruen.rail.supplements import hardest_start, run_with_allowance, start_stop_minutes
from keruen.rail.track_profile import track_profile
from keruen.rail.train import Train, wagons_of_mass

TRAIN = Train(((VL80S, 1),), wagons_of_mass(GONDOLA_LOADED, 4000.0))
LINE = track_profile([0.0, 5.0, 10.0, 25.0], [0.0, 4.0, -1.0], 75.0)


def test_start_and_stop_add_up_to_the_run_from_rest_to_rest() -> None:
    found = start_stop_minutes(TRAIN, LINE)
    whole = run_train(TRAIN, LINE).running_min
    assert found.start_min > found.stop_min > 0.3
    assert found.through_min + found.start_min + found.stop_min == pytest.approx(whole, abs=0.05)


def test_through_running_at_the_limit_is_length_over_speed() -> None:
    found = start_stop_minutes(TRAIN, track_profile([0.0, 30.0], 0.0, 60.0))
    assert found.through_min == pytest.approx(30.0, abs=1e-6)
    # Braking from 60 km/h at the service deceleration and the resistance, on the level.
    lower, upper = (60.0 / 3.6 / (2.0 * rate) / 60.0 for rate in (0.22, 0.2))
    assert lower < found.stop_min < upper


def test_an_allowance_costs_its_time_and_spares_energy() -> None:
    forced = run_train(TRAIN, LINE, [Stop(12.0, 3.0)])
    relaxed = run_with_allowance(TRAIN, LINE, 0.08, [Stop(12.0, 3.0)])
    assert relaxed.running_min == pytest.approx(forced.running_min * 1.08, rel=2e-5)
    assert relaxed.dwell_min == 3.0
    assert relaxed.wire_kwh.sum() < forced.wire_kwh.sum()
    assert run_with_allowance(TRAIN, LINE, 0.0).running_min == run_train(TRAIN, LINE).running_min
    with pytest.raises(RangeError):
        run_with_allowance(TRAIN, LINE, 1.5)


def test_an_allowance_may_take_the_momentum_away() -> None:
    weak = Train(((TE33A, 1),), wagons_of_mass(GONDOLA_LOADED, 6000.0))
    hump = track_profile([0.0, 10.0, 13.0, 20.0], [0.0, 9.0, 0.0])
    assert run_train(weak, hump).running_min > 0.0
    with pytest.raises(NotRunnableError, match="train_stalls"):
        run_with_allowance(weak, hump, 0.9)


def test_the_hardest_start_is_where_the_train_stands_on_the_steepest() -> None:
    line = track_profile([0.0, 5.0, 6.0, 9.0], [2.0, 12.0, -3.0], radius_m=[1e9, 700.0, 1e9])
    heavy = TRAIN._replace(wagons=wagons_of_mass(GONDOLA_LOADED, 5500.0))
    found = hardest_start(heavy, line)
    assert found.permille == pytest.approx(13.0, abs=0.01)
    assert 5.8 < found.km <= 6.0
    assert found.margin_kn < 0.0
    with pytest.raises(NotRunnableError, match="train_cannot_start"):
        run_train(heavy, line, [Stop(found.km)])
    lighter = hardest_start(TRAIN, line)
    assert lighter.margin_kn > 0.0
    assert run_train(TRAIN, line, [Stop(lighter.km)]).running_min > 0.0
