"""Runs small enough to follow by hand, the policies side by side, and the plain twin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from keruen.errors import RangeError
from keruen.rail.dispatch.compiling import compile_dispatch
from keruen.rail.dispatch.network import (
    Cause,
    Disturbance,
    Guard,
    Network,
    Point,
    Policy,
    Section,
    Setting,
    Spread,
    TrainPath,
    Trains,
)
from keruen.rail.dispatch.running import chance_of, records_of, run
from keruen.rail.dispatch.saturation import Feed, saturate

MINUTE = 60_000


def line(loops: int, section: Section, tracks: int = 2, long_m: float = 1000.0) -> Network:
    points = loops + 2
    return Network(
        [Point((long_m,) * tracks) for _ in range(points)],
        [section._replace(start=k, end=k + 1) for k in range(points - 1)],
    )


def ways(loops: int, run_min: int, start_min: int = 0, stop_min: int = 0) -> list[TrainPath]:
    count = loops + 1
    return [
        TrainPath(
            tuple(range(count + 1))[::way],
            tuple(range(count))[::way],
            (run_min * MINUTE,) * count,
            (start_min * MINUTE,) * count,
            (stop_min * MINUTE,) * count,
            900.0,
        )
        for way in (1, -1)
    ]


def both(*ready_min: int, weight: tuple[int, ...] = ()) -> Trains:
    """Trains by turns with and against the line."""
    count = len(ready_min)
    return Trains(
        np.arange(count) % 2,
        np.array(ready_min) * MINUTE,
        np.array(weight or (1,) * count, dtype=np.int64),
    )


def test_two_trains_meet_at_a_loop() -> None:
    network = line(1, Section(0, 0, 1, 8 * MINUTE, False, MINUTE, 3 * MINUTE))
    compiled = compile_dispatch(network, ways(1, 10, 2, 1), both(0, 3))
    outcome = run(compiled, Setting())
    # The first: start 2 + 10, at the loop at 12. The other started at 3 and is there at 15, so the
    # first stops (1), clear at 13, and starts when the other has cleared at 16 (its stop 1) plus
    # the crossing of 1 min; the other may start at once when it stands, a minute after 13 at least.
    assert (outcome.finish_ms / MINUTE).tolist() == [17 + 2 + 10 + 1, 16 + 2 + 10 + 1]
    records = records_of(outcome)
    stays = [
        (int(train), int(point), Cause(cause), enter / MINUTE, leave / MINUTE)
        for train, kind, point, cause, enter, leave in zip(
            records.train,
            records.kind,
            records.element,
            records.cause,
            records.enter_ms,
            records.leave_ms,
            strict=True,
        )
        if kind == 1
    ]
    assert stays == [(0, 1, Cause.OPPOSING, 13.0, 17.0)]
    assert outcome.lost_ms.tolist() == [(4 + 1 + 2) * MINUTE, (1 + 2) * MINUTE]


def test_a_train_passes_where_the_way_is_clear() -> None:
    compiled = compile_dispatch(line(3, Section(0, 0)), ways(3, 10, 2, 1), both(0))
    outcome = run(compiled, Setting())
    assert outcome.finish_ms.tolist() == [(2 + 40 + 1) * MINUTE]
    assert outcome.lost_ms.tolist() == [0]


def test_following_trains_keep_their_headway_or_the_section_to_themselves() -> None:
    for one_train, second in ((False, 8 + 10), (True, 10 + 8 + 10)):
        section = Section(0, 0, 1, 8 * MINUTE, one_train)
        trains = Trains(np.zeros(2, dtype=np.int64), np.arange(2), np.ones(2, dtype=np.int64))
        network = line(0, section, tracks=3)
        compiled = compile_dispatch(network, ways(0, 10), trains)
        outcome = run(compiled, Setting())
        assert outcome.finish_ms.tolist() == [10 * MINUTE, second * MINUTE]


def test_a_train_waits_for_the_end_of_a_window_it_would_run_into() -> None:
    section = Section(0, 0, window_start_ms=30 * MINUTE, window_ms=60 * MINUTE)
    compiled = compile_dispatch(line(0, section), ways(0, 10), both(21))
    outcome = run(compiled, Setting())
    assert outcome.finish_ms.tolist() == [100 * MINUTE]
    assert Cause.WINDOW in records_of(outcome).cause


def test_weight_goes_first_under_priority() -> None:
    network = line(0, Section(0, 0, 1, 8 * MINUTE, True), tracks=4)
    trains = Trains(np.zeros(3, dtype=np.int64), np.array([0, 1, 2]), np.array([1, 1, 5]))
    compiled = compile_dispatch(network, ways(0, 10), trains)
    first_come = run(compiled, Setting())
    by_weight = run(compiled, Setting(policy=Policy.PRIORITY))
    assert np.argsort(first_come.finish_ms).tolist() == [0, 1, 2]
    assert np.argsort(by_weight.finish_ms).tolist() == [0, 2, 1]


def test_look_ahead_loses_less_weighted_time_than_first_come() -> None:
    network = line(6, Section(0, 0, 1, 8 * MINUTE, False, MINUTE, 3 * MINUTE), tracks=3)
    paths = [*ways(6, 24, 2, 1), *ways(6, 12, 2, 1)]
    dice = np.random.default_rng(5)
    path = dice.integers(0, 4, 60)
    ready = np.sort(dice.integers(0, 2 * 1440, 60)) * MINUTE
    trains = Trains(path, ready, np.where(path >= 2, 10, 1))
    compiled = compile_dispatch(network, paths, trains)
    lost = {
        policy: int((run(compiled, Setting(policy=policy)).lost_ms * trains.weight).sum())
        for policy in Policy
    }
    assert lost[Policy.LOOK_AHEAD] < lost[Policy.FIRST_COME]
    assert run(compiled, Setting(policy=Policy.LOOK_AHEAD)).overruled > 0


@pytest.mark.parametrize("loops", [0, 1, 2, 5, 10])
def test_a_saturated_single_line_has_the_rate_of_the_parallel_timetable(loops: int) -> None:
    # 1440 / (t' + t'' + 2 tau): 15 + 15 + 2 + 2, for any number of sections.
    network = line(loops, Section(0, 0, 1, 8 * MINUTE, False, 2 * MINUTE, 2 * MINUTE))
    result = saturate(network, ways(loops, 15), [Feed((0,)), Feed((1,))], Setting(), (5, 30))
    assert result.trains_a_day == pytest.approx((1440 / 34, 1440 / 34), rel=1e-3)


def test_a_saturated_double_line_has_the_rate_of_its_headway() -> None:
    network = line(3, Section(0, 0, 2, 8 * MINUTE))
    paths = ways(3, 15, 2, 1)
    result = saturate(network, paths, [Feed((0,)), Feed((1,))], Setting(), (5, 30))
    assert result.trains_a_day == pytest.approx((180.0, 180.0), rel=1e-3)


TWIN = """
import hashlib
from keruen.rail.dispatch.compiling import compile_dispatch
from keruen.rail.dispatch.network import Policy
from keruen.rail.dispatch.running import run
from support.dispatch_networks import random_case
digest = hashlib.sha256()
for seed in range(2):
    case = random_case(seed)
    compiled = compile_dispatch(case.network, case.paths, case.trains)
    for policy in list(Policy)[: 3 if seed == 0 else 2]:
        outcome = run(compiled, case.setting._replace(policy=policy))
        digest.update(outcome.finish_ms.tobytes() + outcome.log.tobytes())
print(digest.hexdigest())
"""


@pytest.mark.slow
def test_plain_code_and_kernel_give_the_same_bits(repository: Path) -> None:
    digests = set()
    for off in ("0", "1"):
        answer = subprocess.run(
            [sys.executable, "-c", TWIN],
            env={
                **os.environ,
                "NUMBA_DISABLE_JIT": off,
                "PYTHONPATH": os.pathsep.join([str(repository / "tests"), *sys.path]),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(answer.stdout.strip())
    assert len(digests) == 1


def test_same_seed_same_run_and_another_draw_another() -> None:
    network = line(4, Section(0, 0, 1, 8 * MINUTE, False, MINUTE, 3 * MINUTE))
    compiled = compile_dispatch(network, ways(4, 10, 2, 1), both(0, 5, 30, 35, 60, 65))
    setting = Setting(seed=4, stretch=Disturbance(Spread.EXPONENTIAL, 0.0, 0.2))
    first, again = run(compiled, setting), run(compiled, setting)
    assert (first.log == again.log).all()
    assert (first.finish_ms != run(compiled, setting._replace(draw=1)).finish_ms).any()
    guarded = run(compiled, setting._replace(guard=Guard.ORDER))
    assert (guarded.finish_ms > 0).all()


@pytest.mark.parametrize(
    "setting",
    [
        Setting(stretch=Disturbance(Spread.UNIFORM, -1.5, 0.5)),
        Setting(stretch=Disturbance(Spread.EXPONENTIAL, -1.0, 0.1)),
        Setting(stretch=Disturbance(Spread.LOGNORMAL, -3.0, -1.0)),
        Setting(delay=Disturbance(Spread.EXPONENTIAL, 0.0, -1.0)),
        Setting(delay=Disturbance(Spread.UNIFORM, 60.0, 0.0)),
        Setting(delay=Disturbance(Spread.UNIFORM, 0.0, float("inf"))),
    ],
)
def test_no_disturbance_is_out_of_range(setting: Setting) -> None:
    with pytest.raises(RangeError):
        chance_of(setting)
