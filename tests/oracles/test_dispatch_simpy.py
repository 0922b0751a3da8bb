"""The kernel against a readable SimPy model of the same rules and streams: the same bits."""

from __future__ import annotations

import numpy as np
import pytest

from keruen.rail.dispatch.compiling import compile_dispatch
from keruen.rail.dispatch.network import (
    Disturbance,
    Guard,
    Network,
    Point,
    Section,
    Setting,
    Spread,
    TrainPath,
    Trains,
    Window,
)
from keruen.rail.dispatch.running import End, records_of, run
from support.dispatch_simpy import run_oracle

MINUTE = 60_000


def line_case(seed: int, loops: int, trains: int) -> tuple[Network, list[TrainPath], Trains]:
    """A line of one to three tracks, three classes of trains each way, windows, stops."""
    dice = np.random.default_rng(seed)
    points = loops + 2
    network = Network(
        [
            Point((1050.0,) * int(dice.integers(2, 4)), bool(dice.random() < 0.5))
            for _ in range(points)
        ],
        [
            Section(
                k,
                k + 1,
                int(dice.choice([1, 1, 1, 2, 3])),
                8 * MINUTE,
                bool(dice.random() < 0.3),
                MINUTE,
                3 * MINUTE,
                int(dice.integers(0, 1440)) * MINUTE,
                int(dice.choice([0, 0, 0, 90])) * MINUTE,
                tuple(
                    Window(int(dice.integers(0, 1440)) * MINUTE, 30 * MINUTE, days * 720 * MINUTE)
                    for days in range(1, int(dice.choice([1, 1, 2, 3])))
                ),
            )
            for k in range(points - 1)
        ],
    )
    paths = []
    for way in (1, -1):
        for pace in (7, 10, 16):
            stops = [int(dice.choice([0, 0, 0, 0, 20])) * MINUTE for _ in range(points)]
            count = points - 1
            paths.append(
                TrainPath(
                    tuple(range(points))[::way],
                    tuple(range(count))[::way],
                    tuple(int(pace * MINUTE * share) for share in dice.uniform(0.8, 1.2, count)),
                    (2 * MINUTE,) * count,
                    (MINUTE,) * count,
                    1000.0,
                    tuple(stops),
                )
            )
    timetable = Trains(
        dice.integers(0, len(paths), trains),
        np.sort(dice.integers(0, trains * 25 * MINUTE, trains)),
        np.ones(trains, dtype=np.int64),
    )
    return network, paths, timetable


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "stretch",
    [
        Disturbance(),
        Disturbance(Spread.EXPONENTIAL, 0.0, 0.1),
        Disturbance(Spread.LOGNORMAL, -3.0, 0.8),
    ],
)
def test_the_kernel_has_the_times_of_the_model(seed: int, stretch: Disturbance) -> None:
    network, paths, trains = line_case(seed, 4 + seed, 60)
    delay = Disturbance(Spread.EXPONENTIAL, 0.0, 15.0 * MINUTE)
    setting = Setting(seed=seed, draw=2, delay=delay, stretch=stretch)
    compiled = compile_dispatch(network, paths, trains)
    assert compiled.guard == Guard.LINE
    assert compiled.rejections == ()
    outcome = run(compiled, setting)
    finish, runs = run_oracle(network, paths, trains, setting)
    assert outcome.end == End.COMPLETE
    assert outcome.finish_ms.tolist() == finish
    records = records_of(outcome)
    ours = records.kind == 0
    columns = (records.train, records.element, records.enter_ms, records.leave_ms)
    assert sorted(zip(*(column[ours].tolist() for column in columns), strict=True)) == sorted(runs)
    assert outcome.conflicts > len(trains.path)
