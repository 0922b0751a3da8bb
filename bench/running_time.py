"""Running time and energy beside ALTRIOS, on its own simple corridor and with its own train.

    python bench/running_time.py --peer-python PATH

PATH is the interpreter of an environment of its own with the package `altrios` and a pyarrow below
20. Nothing of the peer's data stands here: its side (peers/altrios_simple_corridor.py) prints what
it ran, resistance terms included, and our side runs the same. Compared are the seconds of the trip
and the net work at the wheel; speed is train-seconds per second of CPU. The peer stops at 2 m/s²,
within ten metres, which long steps blur; fine steps stand beside them to show how much. Without
the peer only our own 1,000 km are timed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from keruen.rail.energy import ElectricSupply
from keruen.rail.resistance import STANDARD_GRAVITY_M_PER_S2, SpecificResistance
from keruen.rail.rolling_stock import GONDOLA_LOADED, KZ8A
from keruen.rail.running import RunResult, run_train
from keruen.rail.track_profile import (
    AssumedGradients,
    Bounded,
    TrackProfile,
    assumed_profile,
    merged_profile,
)
from keruen.rail.traction import Adhesion, TractionLimits
from keruen.rail.train import ElectricBrake, Locomotive, Train, Wagon, wagons_of_mass

ROUNDS = 5
OWN_REPEATS = 50
TIME_WITHIN, ENERGY_WITHIN = 0.01, 0.03
BUDGET_MS = 20.0
AIR_KG_PER_M3 = 1.225
PEER_SIDE = Path(__file__).with_name("peers") / "altrios_simple_corridor.py"
UNLIMITED = 1e9
J_PER_KWH = 3.6e6
STEP_M, FINE_STEP_M = 50.0, 2.0


def peer_run(python: str) -> dict[str, Any]:
    done = subprocess.run([python, str(PEER_SIDE)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The peer's side failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def same_train(peer: dict[str, Any]) -> Train:
    """The peer's train: one wagon that is all wagons, one locomotive that is all of them.

    The peer's resistance is rolling (a share of the weight), bearings (a force), a term of the
    speed, and air (density, drag area, square of the speed); all of it is laid on the mass evenly.
    """
    terms = peer["resistance"]
    weight_kn = peer["mass_kg"] * STANDARD_GRAVITY_M_PER_S2 / 1000.0
    whole = SpecificResistance(
        terms["rolling"]["ratio"] * 1000.0 + terms["bearing"]["force_newtons"] / weight_kn,
        terms["davis_b"]["davis_b_seconds_per_meter"] * 1000.0 / 3.6,
        terms["aerodynamic"]["cd_area_square_meters"] * AIR_KG_PER_M3 / weight_kn / 3.6**2,
    )
    pulling_t = sum(peer["locomotive_kg"]) / 1000.0
    rotating = peer["rotating_kg"] / peer["mass_kg"]
    head = Locomotive(
        name="all locomotives",
        mass_t=pulling_t,
        length_m=0.0,
        traction=TractionLimits(
            peer["effort_n"] / 1000.0, peer["power_w"] / 1000.0, pulling_t, Adhesion(1.0)
        ),
        supply=ElectricSupply(),
        max_speed_km_per_h=UNLIMITED,
        brake=ElectricBrake(peer["effort_n"] / 1000.0, peer["motor_brake_w"] / 1000.0),
        powered=whole,
        coasting=whole,
        rotating_share=rotating,
    )
    rest = Wagon(
        gross_t=peer["mass_kg"] / 1000.0 - pulling_t,
        length_m=peer["length_m"],
        resistance=whole,
        rotating_share=rotating,
    )
    inertia_kg = peer["mass_kg"] + peer["rotating_kg"]
    brake = (peer["friction_brake_n"] + peer["effort_n"]) / inertia_kg
    return Train(((head, 1),), ((rest, 1.0),), UNLIMITED, brake)


def same_line(peer: dict[str, Any]) -> TrackProfile:
    """The peer's path, from where the head starts to where it comes to rest."""
    if any(curve["res_coeff"] for curve in peer["curves"]):
        sys.exit("The peer's corridor has curves; this comparison knows none.")

    def pieces(points: list[dict[str, float]], name: str) -> Bounded:
        at = np.array([one["offset_meters"] for one in points]) / 1000.0
        values = np.array([one[name] for one in points])
        begin, end = peer["start_m"] / 1000.0, peer["end_m"] / 1000.0
        kept = np.append(at[1:], np.inf) > begin
        bounds = np.maximum(at[kept], begin)
        inside = bounds < end
        return Bounded(np.append(bounds[inside], end), values[kept][inside])

    grades = pieces(peer["grades"], "res_coeff")
    limits = pieces(peer["limits"], "speed_limit_meters_per_second")
    return merged_profile(
        Bounded(grades.km, np.asarray(grades.values) * 1000.0),
        Bounded(limits.km, np.asarray(limits.values) * 3.6),
    )


def cpu_seconds(train: Train, line: TrackProfile, repeats: int) -> float:
    run_train(train, line)
    before = time.process_time()
    for _ in range(repeats):
        run_train(train, line)
    return (time.process_time() - before) / repeats


def own_side(peer: dict[str, Any] | None) -> dict[str, float]:
    """Measured in a process of its own, caches filled by the run before."""
    answer = {}
    if peer is not None:
        answer["cpu_s"] = cpu_seconds(same_train(peer), same_line(peer), OWN_REPEATS)
    saw = assumed_profile(1000.0, AssumedGradients(6.0, 0.3), 80.0)
    train = Train(((KZ8A, 1),), wagons_of_mass(GONDOLA_LOADED, 6000.0))
    answer["thousand_km_s"] = cpu_seconds(train, saw, OWN_REPEATS)
    return answer


def own_round(peer: dict[str, Any] | None) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--own-side"],
        input=json.dumps(peer),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def compared(peer: dict[str, Any]) -> bool:
    """Print both answers; whether they agree at our usual step."""
    train, line = same_train(peer), same_line(peer)
    theirs = (peer["trip_s"], peer["net_wheel_j"] / J_PER_KWH, peer["pulling_j"] / J_PER_KWH)
    print(f"ALTRIOS {peer['version']}, its simple corridor, {peer['mass_kg'] / 1000.0:.0f} t")
    print(f"{'':32}{'trip, s':>12}{'net, kWh':>12}{'pulling, kWh':>14}")
    print(f"{'ALTRIOS, steps of 1 s':32}{theirs[0]:12.1f}{theirs[1]:12.1f}{theirs[2]:14.1f}")
    agree = True
    for step_m in (STEP_M, FINE_STEP_M):
        run = run_train(train, line, (), step_m)
        ours = figures(run)
        off = [mine / their - 1.0 for mine, their in zip(ours, theirs, strict=True)]
        print(f"{f'Keruen, steps of {step_m:g} m':32}{ours[0]:12.1f}{ours[1]:12.1f}{ours[2]:14.1f}")
        print(f"{'  difference':32}{off[0]:12.3%}{off[1]:12.3%}{off[2]:14.3%}")
        agree &= abs(off[0]) <= TIME_WITHIN and abs(off[1]) <= ENERGY_WITHIN
    print(f"allowed: trip {TIME_WITHIN:.0%}, net work at the wheel {ENERGY_WITHIN:.0%}")
    return agree


def figures(run: RunResult) -> tuple[float, float, float]:
    net_kwh, pulling_kwh = float(run.wheel_energy_kwh.sum()), float(run.pull_kwh.sum())
    return run.running_min * 60.0, net_kwh, pulling_kwh


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--peer-python", help="interpreter of the environment with altrios")
    asked.add_argument("--own-side", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.own_side:
        json.dump(own_side(json.load(sys.stdin)), sys.stdout)
        return 0
    if given.peer_python is None:
        print("No peer: make an environment with `altrios` and a pyarrow below 20 and give its")
        print("interpreter with --peer-python. Without it there is no ratio.")
    peers, owns = [], []
    for _ in range(ROUNDS):
        peers.append(peer_run(given.peer_python) if given.peer_python else None)
        owns.append(own_round(peers[-1]))
    agree = True
    if peers[0] is not None:
        agree = compared(peers[0])
        run_s = run_train(same_train(peers[0]), same_line(peers[0])).running_min * 60.0
        theirs = statistics.median(one["trip_s"] / one["cpu_s"] for one in peers if one)
        ours = statistics.median(run_s / one["cpu_s"] for one in owns)
        print(f"train-seconds per CPU second: ALTRIOS {theirs:,.0f}, Keruen {ours:,.0f}")
        print(f"ratio {ours / theirs:,.0f} (median of {ROUNDS} interleaved rounds, warm)")
    thousand_ms = 1000.0 * statistics.median(one["thousand_km_s"] for one in owns)
    print(f"1,000 km in steps of 50 m: {thousand_ms:.1f} ms of CPU (budget {BUDGET_MS:.0f} ms)")
    if not agree:
        print("The answers differ by more than is allowed: the ratio does not count.")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
