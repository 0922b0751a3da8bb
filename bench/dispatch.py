"""A year on a single-track line: the dispatcher's kernel against a SimPy model of the same rules.

30 loops, 40 trains a day, 365 days, first come, entry delays and running times disturbed. The
model (tests/support/dispatch_simpy.py) shares rules and random streams; all arrival times must be
equal to the millisecond before times count.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from keruen.rail.dispatch.compiling import compile_dispatch
from keruen.rail.dispatch.network import (
    Disturbance,
    Network,
    Point,
    Section,
    Setting,
    Spread,
    TrainPath,
    Trains,
)
from keruen.rail.dispatch.running import run

MINUTE = 60_000
LOOPS = 30
RUNS = 5


def year(days: int) -> tuple[Network, list[TrainPath], Trains]:
    points = LOOPS + 2
    count = points - 1
    network = Network(
        [Point((1050.0,) * (2 if 0 < k < points - 1 else 8)) for k in range(points)],
        [Section(k, k + 1, 1, 8 * MINUTE, False, MINUTE, 3 * MINUTE) for k in range(count)],
    )
    paths = [
        TrainPath(
            tuple(range(points))[::way],
            tuple(range(count))[::way],
            (10 * MINUTE,) * count,
            (2 * MINUTE,) * count,
            (MINUTE,) * count,
            1000.0,
        )
        for way in (1, -1)
    ]
    trains = np.arange(40 * days)
    return network, paths, Trains(trains % 2, trains * 36 * MINUTE, np.ones_like(trains))


def main(days: int) -> None:
    try:
        import simpy

        from support.dispatch_simpy import run_oracle
    except ImportError:
        print("SimPy is not installed: no comparison, no ratio.")
        return
    network, paths, trains = year(days)
    setting = Setting(
        seed=3,
        delay=Disturbance(Spread.EXPONENTIAL, 0.0, 10.0 * MINUTE),
        stretch=Disturbance(Spread.EXPONENTIAL, 0.0, 0.05),
    )
    compiled = compile_dispatch(network, paths, trains)
    ours, theirs = [], []
    for _ in range(RUNS):
        run(compiled, setting)  # warm: code loaded, caches not those of the model
        begin = time.process_time()
        outcome = run(compiled, setting)
        ours.append(time.process_time() - begin)
        begin = time.process_time()
        finish, _ = run_oracle(network, paths, trains, setting)
        theirs.append(time.process_time() - begin)
        if outcome.finish_ms.tolist() != finish:
            raise SystemExit("the arrival times differ")
    kernel, model = statistics.median(ours), statistics.median(theirs)
    moves = len(trains.path) * (LOOPS + 1)
    print(f"SimPy {simpy.__version__}, {days} days, {len(trains.path)} trains, {moves} moves")
    print("arrival times equal: to the millisecond (tolerance 0)")
    print(f"kernel  {1000 * kernel:10.1f} ms of CPU, median of {RUNS}")
    print(f"model   {1000 * model:10.1f} ms of CPU, median of {RUNS}")
    print(f"ratio   {model / kernel:10.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 365)
