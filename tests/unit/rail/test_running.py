from __future__ import annotations

import math

import numpy as np
import pytest

from keruen.errors import ExitStatus, RangeError
from keruen.rail.energy import ElectricSupply
from keruen.rail.rolling_stock import GONDOLA_EMPTY, GONDOLA_LOADED, KZ8A, TE33A
from keruen.rail.running import Ends, NotRunnableError, Stop, run_train
from keruen.rail.track_profile import AssumedGradients, assumed_profile, track_profile
from keruen.rail.train import Train, wagons_of_mass

HEAVY = Train(((KZ8A, 1),), wagons_of_mass(GONDOLA_LOADED, 6000.0))
DIESEL = Train(((TE33A, 2),), wagons_of_mass(GONDOLA_LOADED, 5000.0))


def test_the_run_begins_and_ends_at_rest_and_keeps_every_limit() -> None:
    profile = track_profile([0.0, 10.0, 12.0, 30.0], [0.0, 4.0, -6.0], [80.0, 40.0, 60.0])
    run = run_train(HEAVY, profile)
    assert run.speed_km_per_h[0] == 0.0
    assert run.speed_km_per_h[-1] == 0.0
    slow = (run.km >= 10.0 - 1e-9) & (run.km <= 12.0 + HEAVY.length_m / 1000.0 - 0.05)
    assert run.speed_km_per_h[slow].max() <= 40.0 + 1e-9
    assert run.speed_km_per_h[run.km < 10.0].max() > 70.0
    assert np.all(np.diff(run.time_min) > 0.0)
    assert run.time_min[-1] == pytest.approx(run.running_min)
    assert run.mean_speed_km_per_h == pytest.approx(30.0 / (run.running_min / 60.0))


def test_a_stop_costs_time_on_the_way_and_its_dwell() -> None:
    profile = track_profile([0.0, 40.0], 0.0, 70.0)
    through = run_train(HEAVY, profile)
    stopping = run_train(HEAVY, profile, [Stop(25.0, 10.0), Stop(12.3, 4.0)])
    assert stopping.dwell_min == 14.0
    assert stopping.running_min > through.running_min + 2.0
    at = int(np.argmin(abs(stopping.km - 12.3)))
    assert stopping.km[at] == pytest.approx(12.3)
    assert stopping.speed_km_per_h[at] == 0.0
    assert stopping.time_min[-1] == pytest.approx(stopping.running_min + 14.0)
    waited = stopping.time_min[at + 1] - stopping.time_min[at]
    assert waited > 4.0
    assert stopping.time_min[at] - stopping.time_min[at - 1] < 1.0


def test_entry_and_exit_at_speed() -> None:
    profile = track_profile([0.0, 5.0], 0.0, 60.0)
    run = run_train(HEAVY, profile, ends=Ends(math.inf, 30.0))
    assert run.speed_km_per_h[0] == pytest.approx(60.0)
    assert run.speed_km_per_h[-1] == pytest.approx(30.0)


def test_energy_is_from_the_wire_or_from_the_tank() -> None:
    profile = assumed_profile(60.0, AssumedGradients(6.0, 0.3), 80.0)
    electric, diesel = run_train(HEAVY, profile), run_train(DIESEL, profile)
    assert electric.assumed_profile
    assert not run_train(HEAVY, track_profile([0.0, 60.0])).assumed_profile
    assert electric.fuel_l.sum() == 0.0
    assert electric.substation_kwh.sum() > electric.wire_kwh.sum() > 0.0
    assert diesel.wire_kwh.sum() == diesel.substation_kwh.sum() == 0.0
    least = diesel.pull_kwh.sum() / (0.34 * 42.7 * 0.84 / 3.6)
    assert least < diesel.fuel_l.sum() < 1.3 * least


def test_standing_costs_auxiliaries_and_idling_and_nothing_else() -> None:
    profile = track_profile([0.0, 20.0], 4.0, 70.0)
    for train, per_hour in ((HEAVY, 100.0), (DIESEL, 2 * 15.0)):
        brief, long = (run_train(train, profile, [Stop(9.0, dwell)]) for dwell in (1.0, 31.0))
        more = (long.wire_kwh + long.fuel_l).sum() - (brief.wire_kwh + brief.fuel_l).sum()
        assert more == pytest.approx(per_hour / 2.0)
        assert long.running_min == brief.running_min


def test_two_kinds_of_locomotive_share_the_work_by_power() -> None:
    keeping = KZ8A._replace(supply=ElectricSupply(returned_share=0.0))
    mixed = Train(((keeping, 1), (TE33A, 1)), wagons_of_mass(GONDOLA_LOADED, 6000.0))
    run = run_train(mixed, track_profile([0.0, 30.0], 3.0, 80.0))
    share = KZ8A.traction.power_kw / mixed.power_kw
    auxiliary_kwh = 100.0 * run.running_min / 60.0
    expected = run.pull_kwh.sum() * share / 0.85 + auxiliary_kwh
    assert run.wire_kwh.sum() == pytest.approx(expected)
    assert run.fuel_l.sum() > run.pull_kwh.sum() * (1.0 - share) / (0.34 * 42.7 * 0.84 / 3.6)


def test_motors_brake_first_and_within_their_limits() -> None:
    run = run_train(HEAVY, track_profile([0.0, 10.0, 30.0, 40.0], [0.0, -9.0, 0.0], 60.0))
    assert np.all(run.motor_brake_kwh <= run.brake_kwh + 1e-12)
    hours = np.diff(run.time_min) / 60.0
    assert np.all(run.motor_brake_kwh <= 7600.0 * hours + 1e-9)
    assert np.all(run.motor_brake_kwh <= 450.0 * np.diff(run.km) / 3.6 + 1e-9)
    gentle = (run.effort_kn < 0.0) & (run.effort_kn > -440.0)
    assert gentle.any()
    assert run.motor_brake_kwh[gentle] == pytest.approx(run.brake_kwh[gentle])


def test_held_downhill_the_brake_takes_what_coasting_leaves() -> None:
    steep = track_profile([0.0, 30.0], -9.0, 80.0)
    run = run_train(HEAVY, steep, ends=Ends(80.0, 80.0))
    resisted = HEAVY.locomotives[0][0].coasting.at(80.0) * 200.0
    resisted += GONDOLA_LOADED.resistance.at(80.0) * 6000.0
    expected_kn = (resisted - 9.0 * 6200.0) * 9.80665 / 1000.0
    assert run.effort_kn[100:-100] == pytest.approx(expected_kn)
    # Of 470 kN at 80 km/h the power of the motors bears 342.
    hours = np.diff(run.time_min)[100:-100] / 60.0
    assert run.motor_brake_kwh[100:-100] == pytest.approx(7600.0 * hours)


def test_starting_resists_more_than_running() -> None:
    line = track_profile([0.0, 0.3], 12.0)
    smooth = Train(((TE33A, 2),), wagons_of_mass(GONDOLA_LOADED, 7000.0))
    assert run_train(smooth, line).running_min > 0.0
    stiff = GONDOLA_LOADED._replace(starting_n_per_kn=2.0)
    with pytest.raises(NotRunnableError, match="train_cannot_start"):
        run_train(smooth._replace(wagons=wagons_of_mass(stiff, 7000.0)), line)


def test_empties_take_more_per_tonne_than_loads() -> None:
    profile = track_profile([0.0, 50.0], 0.0, 80.0)
    empty = run_train(HEAVY._replace(wagons=wagons_of_mass(GONDOLA_EMPTY, 1500.0)), profile)
    loaded = run_train(HEAVY, profile)
    found = [run.per_10000_gross_t_km(float(run.wire_kwh.sum())) for run in (empty, loaded)]
    assert found[0] > 1.5 * found[1]
    with pytest.raises(RangeError):
        run_train(Train(((KZ8A, 1),)), profile).per_10000_gross_t_km(1.0)


def test_a_start_too_steep_is_told_with_its_kilometre() -> None:
    weak = Train(((TE33A, 1),), wagons_of_mass(GONDOLA_LOADED, 6000.0))
    profile = track_profile([0.0, 10.0, 30.0], [0.0, 9.0])
    with pytest.raises(NotRunnableError) as found:
        run_train(weak, profile, [Stop(12.0)])
    (problem,) = found.value.problems
    assert problem.code == "train_cannot_start"
    assert problem.params == {"km": 12.0, "permille": 9.0}
    assert found.value.status is ExitStatus.FAILED


def test_a_train_that_stalls_is_told_with_its_kilometre() -> None:
    weak = Train(((TE33A, 1),), wagons_of_mass(GONDOLA_LOADED, 6000.0))
    with pytest.raises(NotRunnableError) as found:
        run_train(weak, track_profile([0.0, 10.0, 30.0], [0.0, 9.0]))
    (problem,) = found.value.problems
    assert problem.code == "train_stalls"
    assert 10.0 < float(str(problem.params["km"])) < 20.0
    # Momentum carries the same train over a short one.
    run = run_train(weak, track_profile([0.0, 10.0, 10.8, 30.0], [0.0, 9.0, 0.0]))
    assert run.speed_km_per_h[1:-1].min() > 0.0


def test_brakes_that_do_not_hold_are_told_with_the_kilometre() -> None:
    feeble = HEAVY._replace(service_deceleration_m_per_s2=0.05)
    with pytest.raises(NotRunnableError) as found:
        run_train(feeble, track_profile([0.0, 10.0, 30.0], [0.0, -9.0]))
    (problem,) = found.value.problems
    assert problem.code == "brakes_do_not_hold"
    assert problem.params["permille"] == -9.0


def test_a_light_engine_with_much_effort_is_found_in_its_bracket() -> None:
    run = run_train(Train(((TE33A, 1),), (), 120.0), track_profile([0.0, 20.0]), (), 500.0)
    fine = run_train(Train(((TE33A, 1),), (), 120.0), track_profile([0.0, 20.0]), (), 2.0)
    assert run.speed_km_per_h.max() <= 120.0 + 1e-9
    assert run.running_min == pytest.approx(fine.running_min, rel=0.05)


@pytest.mark.parametrize(
    "stops",
    [
        [Stop(-1.0)],
        [Stop(41.0)],
        [Stop(0.0)],
        [Stop(40.0)],
        [Stop(5.0), Stop(5.0)],
        [Stop(5.0, -1)],
    ],
)
def test_impossible_stops_are_refused(stops: list[Stop]) -> None:
    with pytest.raises(RangeError):
        run_train(HEAVY, track_profile([0.0, 40.0]), stops)


def test_an_impossible_step_or_end_is_refused() -> None:
    with pytest.raises(RangeError):
        run_train(HEAVY, track_profile([0.0, 40.0]), step_m=0.0)
    with pytest.raises(RangeError):
        run_train(HEAVY, track_profile([0.0, 40.0]), ends=Ends(-1.0, 0.0))
    with pytest.raises(RangeError):
        run_train(HEAVY, track_profile([0.0, 40.0]), ends=Ends(math.nan, 0.0))
