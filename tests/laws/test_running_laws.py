"""Laws of running: what must hold of every train on every line."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.rail.energy import ElectricSupply
from keruen.rail.resistance import SpecificResistance, cis_jointed
from keruen.rail.running import NotRunnableError, RunResult, run_train
from keruen.rail.track_profile import TrackProfile, track_profile
from keruen.rail.traction import Adhesion, TractionLimits
from keruen.rail.train import ElectricBrake, Locomotive, Train, Wagon, train_forces

ROTATING = 0.05
LENGTH_M = 700.0
NEVER = float("inf")

powers = st.floats(2000.0, 12000.0)
masses = st.floats(1000.0, 8000.0)


@st.composite
def lines(draw: st.DrawFn) -> TrackProfile:
    lengths = draw(st.lists(st.floats(0.2, 4.0), min_size=2, max_size=8))
    count = len(lengths)
    gradients = draw(st.lists(st.floats(-6.0, 6.0), min_size=count, max_size=count))
    limits = draw(st.lists(st.integers(3, 10), min_size=count, max_size=count))
    gradients[0] = gradients[-1] = 0.0
    km = np.append(0.0, np.cumsum([1.0, *lengths, 1.0]))
    return track_profile(km, [0.0, *gradients, 0.0], [60.0, *(10.0 * x for x in limits), 60.0])


def train(power_kw: float, mass_t: float) -> Train:
    head = Locomotive(
        "law",
        200.0,
        0.0,
        TractionLimits(700.0, power_kw, 200.0, Adhesion(0.33)),
        ElectricSupply(),
        120.0,
        ElectricBrake(300.0, 5000.0),
        rotating_share=ROTATING,
    )
    # The resistance does not change with the mass, so that a heavier train is only heavier.
    wagons = Wagon(mass_t, LENGTH_M, cis_jointed(18.0, 4), 0.0, ROTATING)
    return Train(((head, 1),), ((wagons, 1.0),), 100.0, 0.25)


def minutes(one: Train, line: TrackProfile) -> float:
    try:
        return run_train(one, line).running_min
    except NotRunnableError:
        return NEVER


@given(lines(), powers, st.floats(0.0, 5000.0), masses)
@settings(max_examples=60, deadline=None)
def test_more_power_is_never_slower(
    line: TrackProfile, power_kw: float, more_kw: float, mass_t: float
) -> None:
    before = minutes(train(power_kw, mass_t), line)
    assert minutes(train(power_kw + more_kw, mass_t), line) <= before * (1.0 + 1e-9)


@given(lines(), powers, masses, st.floats(0.0, 3000.0))
@settings(max_examples=60, deadline=None)
def test_heavier_is_never_faster(
    line: TrackProfile, power_kw: float, mass_t: float, more_t: float
) -> None:
    after = minutes(train(power_kw, mass_t + more_t), line)
    assert after >= minutes(train(power_kw, mass_t), line) * (1.0 - 1e-9)


@given(lines(), powers, masses, st.integers(0, 9), st.floats(0.3, 1.0))
@settings(max_examples=60, deadline=None)
def test_a_lower_limit_is_never_faster(
    line: TrackProfile, power_kw: float, mass_t: float, where: int, share: float
) -> None:
    limits = line.limit_km_per_h.copy()
    limits[where % limits.size] *= share
    one = train(power_kw, mass_t)
    before = minutes(one, line)
    assert minutes(one, line._replace(limit_km_per_h=limits)) >= before * (1.0 - 1e-9)


@given(lines(), powers, masses)
@settings(max_examples=60, deadline=None)
def test_no_run_beats_its_limits(line: TrackProfile, power_kw: float, mass_t: float) -> None:
    least = 60.0 * float(np.sum(np.diff(line.km) / np.minimum(line.limit_km_per_h, 100.0)))
    assert minutes(train(power_kw, mass_t), line) > least


@given(lines(), powers, masses)
@settings(max_examples=60, deadline=None)
def test_work_at_the_wheel_pays_for_climb_and_resistance(
    line: TrackProfile, power_kw: float, mass_t: float
) -> None:
    one = train(power_kw, mass_t)
    try:
        run = run_train(one, line)
    except NotRunnableError:
        return
    # The ends are level for longer than the train: it rises as the line does.
    assert np.isclose(run.climb_kwh.sum(), (mass_t + 200.0) * 9.80665 * line.climb_m / 3600.0)
    powered = resistance_kwh(run, train_forces(one).powered)
    coasting = resistance_kwh(run, train_forces(one).coasting)
    net = run.pull_kwh.sum() - run.brake_kwh.sum() - run.climb_kwh.sum()
    assert powered - 1e-6 <= net <= coasting + 1e-6
    assert np.isclose(net, run.resistance_kwh.sum())
    assert run.wheel_energy_kwh.sum() >= net + run.climb_kwh.sum() - 1e-9


def resistance_kwh(run: RunResult, terms: np.ndarray) -> float:
    speed = run.speed_km_per_h / 3.6
    force = terms[0] + terms[1] * speed + terms[2] * speed**2
    return float(np.trapezoid(force, run.km * 1000.0)) / 3.6e6


@given(lines(), powers, masses)
@settings(max_examples=40, deadline=None)
def test_there_and_back_the_climb_is_given_back(
    line: TrackProfile, power_kw: float, mass_t: float
) -> None:
    one = train(power_kw, mass_t)
    try:
        there, back = run_train(one, line), run_train(one, line.reversed())
    except NotRunnableError:
        return
    assert np.isclose(there.climb_kwh.sum(), -back.climb_kwh.sum(), atol=1e-6)


@given(lines(), powers, masses)
@settings(max_examples=30, deadline=None)
def test_finer_steps_converge(line: TrackProfile, power_kw: float, mass_t: float) -> None:
    one = train(power_kw, mass_t)
    try:
        coarse, fine, finest = (run_train(one, line, (), step) for step in (50.0, 12.5, 3.125))
    except NotRunnableError:
        return
    assert abs(coarse.running_min / finest.running_min - 1.0) < 0.02
    assert abs(fine.running_min / finest.running_min - 1.0) < 0.005


def test_a_resistance_of_nothing_costs_only_what_the_brakes_take() -> None:
    nothing = SpecificResistance(0.0, 0.0, 0.0)
    one = train(5000.0, 4000.0)
    ((head, _),), ((wagon, _),) = one.locomotives, one.wagons
    smooth = one._replace(
        locomotives=((head._replace(powered=nothing, coasting=nothing), 1),),
        wagons=((wagon._replace(resistance=nothing), 1.0),),
    )
    run = run_train(smooth, track_profile([0.0, 20.0], 0.0, 70.0))
    assert np.isclose(run.pull_kwh.sum(), run.brake_kwh.sum())
    assert np.isclose(run.pull_kwh.sum(), 4.2e6 * 1.05 * (70.0 / 3.6) ** 2 / 2.0 / 3.6e6)
