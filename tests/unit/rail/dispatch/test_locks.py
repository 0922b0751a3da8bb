"""With avoidance switched off, trains lock, and the lock is told; with it, they do not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from keruen.rail.dispatch.compiling import Compiled, compile_dispatch
from keruen.rail.dispatch.locks import Waiting
from keruen.rail.dispatch.network import (
    Guard,
    Network,
    Point,
    Section,
    Setting,
    TrainPath,
    Trains,
)
from keruen.rail.dispatch.running import End, run

MINUTE = 60_000


def way(*points: int) -> TrainPath:
    sections = tuple(min(pair) for pair in pairwise(points))
    count = len(sections)
    return TrainPath(points, sections, (10 * MINUTE,) * count, (0,) * count, (0,) * count, 800.0)


def platoons() -> Compiled:
    """Two trains from each end towards two neighbouring sidings of two tracks each."""
    network = Network(
        [Point((900.0,) * count) for count in (4, 2, 2, 4)],
        [Section(k, k + 1, headway_ms=4 * MINUTE, crossing_ms=MINUTE) for k in range(3)],
    )
    trains = Trains(np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.int64), np.ones(4, dtype=np.int64))
    return compile_dispatch(network, [way(0, 1, 2, 3), way(3, 2, 1, 0)], trains)


def test_opposing_platoons_at_neighbouring_sidings_lock() -> None:
    outcome = run(platoons(), Setting(guard=Guard.NONE))
    assert outcome.end == End.LOCKED
    assert outcome.finish_ms.tolist() == [-1, -1, -1, -1]
    assert outcome.lock is not None
    assert outcome.lock.waiting == (
        Waiting(0, 1, 2, (2, 3)),
        Waiting(1, 1, 2, (2, 3)),
        Waiting(2, 2, 1, (0, 1)),
        Waiting(3, 2, 1, (0, 1)),
    )
    assert outcome.lock.cycle == (0, 2)
    assert outcome.lock.outside == ()


@pytest.mark.parametrize("guard", [None, Guard.LINE, Guard.ORDER])
def test_the_same_platoons_pass_under_either_guard(guard: Guard | None) -> None:
    compiled = platoons()
    assert compiled.guard == Guard.LINE
    outcome = run(compiled, Setting(guard=guard))
    assert outcome.end == End.COMPLETE
    assert outcome.lock is None
    assert (outcome.finish_ms > 0).all()


def test_a_circle_of_trains_around_a_triangle_locks_and_is_told() -> None:
    network = Network([Point((900.0,))] * 3, [Section(0, 1), Section(1, 2), Section(2, 0)])
    ways = []
    for start in range(3):
        points = tuple((start + step) % 3 for step in range(3))
        sections = points[:2]
        ways.append(
            TrainPath(
                points,
                sections,
                (10 * MINUTE,) * 2,
                (0,) * 2,
                (0,) * 2,
                800.0,
                (5 * MINUTE, 0, 0),
            )
        )
    trains = Trains(np.arange(3), np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.int64))
    compiled = compile_dispatch(network, ways, trains)
    assert compiled.guard == Guard.ORDER
    locked = run(compiled, Setting(guard=Guard.NONE))
    assert locked.end == End.LOCKED
    assert locked.lock is not None
    assert locked.lock.cycle == (0, 1, 2)
    kept_apart = run(compiled, Setting())
    assert kept_apart.end == End.COMPLETE
    assert kept_apart.conflicts > 0
