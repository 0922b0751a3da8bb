"""Running times against closed forms and against an integration by scipy of the same equations."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from keruen.rail.energy import ElectricSupply
from keruen.rail.resistance import SpecificResistance, cis_jointed
from keruen.rail.running import Ends, run_train
from keruen.rail.track_profile import TrackProfile, track_profile
from keruen.rail.traction import CIS_ELECTRIC_ADHESION, Adhesion, TractionLimits, tractive_effort_kn
from keruen.rail.train import Locomotive, Train, Wagon

G = 9.80665
Rate = Callable[[float, NDArray[np.float64]], list[float]]


def constant_force_train(acceleration: float, deceleration: float) -> Train:
    """Mass 1,000 t without rotating masses, resistance 2 N/kN whatever the speed, on 25 m."""
    flat = SpecificResistance(2.0, 0.0, 0.0)
    effort_kn = 1000.0 * acceleration + 2.0 * 1000.0 * G / 1000.0
    limits = TractionLimits(effort_kn, 1e9, 1000.0, Adhesion(1.0))
    head = Locomotive(
        "closed form", 200.0, 25.0, limits, ElectricSupply(), 200.0, powered=flat, coasting=flat
    )._replace(rotating_share=0.0)
    wagon = Wagon(800.0, 0.0, flat, 0.0, 0.0)
    brake = deceleration - 2.0 * G / 1000.0
    return Train(((head, 1),), ((wagon, 1.0),), 200.0, brake)


def test_constant_force_and_resistance_in_closed_form() -> None:
    # 20 m/s after 2,000 m at 0.1 m/s²; braked from there over 800 m at 0.25 m/s².
    run = run_train(constant_force_train(0.1, 0.25), track_profile([0.0, 10.0], 0.0, 72.0))
    expected_s = 20.0 / 0.1 + (10_000.0 - 2000.0 - 800.0) / 20.0 + 20.0 / 0.25
    assert run.running_min * 60.0 == pytest.approx(expected_s, rel=1e-9)
    at = run.km * 1000.0
    rising = at <= 2000.0
    assert run.speed_km_per_h[rising] / 3.6 == pytest.approx(np.sqrt(2 * 0.1 * at[rising]))
    falling = at >= 9200.0
    left = 10_000.0 - at[falling]
    assert run.speed_km_per_h[falling] / 3.6 == pytest.approx(np.sqrt(2 * 0.25 * left))
    resistance_n = 2.0 * 1000.0 * G
    pulled_j = (1e6 * 0.1 + resistance_n) * 2000.0 + resistance_n * 7200.0
    assert run.pull_kwh.sum() * 3.6e6 == pytest.approx(pulled_j)
    assert run.brake_kwh.sum() * 3.6e6 == pytest.approx((1e6 * 0.25 - resistance_n) * 800.0)


def test_a_gradient_is_an_acceleration_of_its_own() -> None:
    level, rising = (
        run_train(
            constant_force_train(0.2, 0.3), track_profile([0.0, 2.0], slope), ends=Ends(0, math.inf)
        )
        for slope in (0.0, 5.0)
    )
    less = 0.2 - 5.0 * G / 1000.0
    assert level.running_min * 60.0 == pytest.approx(math.sqrt(2 * 2000.0 / 0.2))
    assert rising.running_min * 60.0 == pytest.approx(math.sqrt(2 * 2000.0 / less))


LIMITS = TractionLimits(650.0, 6000.0, 192.0, CIS_ELECTRIC_ADHESION)
HEAD = Locomotive("oracle", 192.0, 33.0, LIMITS, ElectricSupply(), 200.0)
TRAIN = Train(((HEAD, 1),), ((Wagon(88.0, 14.0, cis_jointed(22.0, 4)), 55.0),), 200.0, 0.2)
LINE = track_profile(
    [0.0, 4.0, 9.0, 12.0, 16.0, 20.0],
    [0.0, 5.0, -2.0, 7.0, 1.0],
    radius_m=[1e9, 800, 1e9, 1e9, 600],
)


def test_a_whole_run_against_scipy() -> None:
    run = run_train(TRAIN, LINE)
    seconds, pulled_j = by_scipy(TRAIN, LINE)
    assert run.running_min * 60.0 == pytest.approx(seconds, rel=1e-3)
    assert run.pull_kwh.sum() * 3.6e6 == pytest.approx(pulled_j, rel=1e-3)
    finer = run_train(TRAIN, LINE, (), 5.0)
    assert finer.running_min * 60.0 == pytest.approx(seconds, rel=1e-4)


def test_the_error_falls_with_the_step() -> None:
    free = Ends(0.0, math.inf)
    constant = LIMITS._replace(adhesion=Adhesion(0.3))
    smooth = TRAIN._replace(locomotives=((HEAD._replace(traction=constant), 1),))
    line = track_profile([0.0, 20.0], 2.0)
    steps = (400.0, 200.0, 100.0, 50.0)
    exact = run_train(smooth, line, (), 1.0, free).running_min
    errors = [abs(run_train(smooth, line, (), step, free).running_min - exact) for step in steps]
    # Of the first order the last would be an eighth of the first.
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0] / 16.0


def by_scipy(train: Train, line: TrackProfile) -> tuple[float, float]:
    """Seconds, and work of pulling, of a run no limit of speed touches.

    The slope under the train is a mean over a thousand of its points; traction is integrated from
    the start and braking from the end, over distance, and the lesser speed is the run.
    """
    ((head, _),), ((wagon, count),) = train.locomotives, train.wagons
    own_kn, wagons_kn = head.mass_t * G, wagon.gross_t * count * G
    inertia_t = head.mass_t * (1 + head.rotating_share) + wagon.gross_t * count * 1.04
    end_m = line.length_km * 1000.0
    felt = line.gradient_permille + 0.7 * line.curvature_per_km
    points = (np.arange(1000) + 0.5) / 1000.0 * train.length_m
    places = np.linspace(0.0, end_m, 4001)
    under = np.clip(
        np.searchsorted(line.km, (places[:, None] - points) / 1000.0) - 1, 0, felt.size - 1
    )
    slopes = felt[under].mean(axis=1)

    def resisted_kn(place: float, speed: float, own: SpecificResistance) -> float:
        slope = float(np.interp(place, places, slopes))
        running = own.at(3.6 * speed) * own_kn + wagon.resistance.at(3.6 * speed) * wagons_kn
        return (running + slope * (own_kn + wagons_kn)) / 1000.0

    def pulling(place: float, square: NDArray[np.float64]) -> list[float]:
        speed = math.sqrt(max(square[0], 0.0))
        effort_kn = float(tractive_effort_kn(3.6 * speed, head.traction))
        return [2.0 * (effort_kn - resisted_kn(place, speed, head.powered)) / inertia_t]

    def braking(left: float, square: NDArray[np.float64]) -> list[float]:
        speed = math.sqrt(max(square[0], 0.0))
        resisted = resisted_kn(end_m - left, speed, head.coasting)
        return [2.0 * (train.service_deceleration_m_per_s2 + resisted / inertia_t)]

    nodes = np.linspace(0.0, 1.0, 40_001) ** 2 * end_m

    def integrated(rate: Rate, at: NDArray[np.float64]) -> NDArray[np.float64]:
        found = solve_ivp(rate, (0.0, end_m), [0.0], t_eval=at, rtol=1e-8, atol=1e-8, max_step=25.0)
        return np.asarray(found.y[0], dtype=np.float64)

    pulled = integrated(pulling, nodes)
    braked = integrated(braking, end_m - nodes[::-1])[::-1]
    squares = np.minimum(pulled, braked)
    seconds = 2.0 * np.diff(nodes) / (np.sqrt(squares[1:]) + np.sqrt(squares[:-1]))
    efforts = tractive_effort_kn(3.6 * np.sqrt(pulled), head.traction) * 1000.0
    work = np.diff(nodes) * 0.5 * (efforts[1:] + efforts[:-1])
    return float(seconds.sum()), float(work[pulled[1:] <= braked[1:]].sum())
