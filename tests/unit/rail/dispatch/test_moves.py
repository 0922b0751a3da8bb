"""Rules of moving, on networks small enough to follow by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from keruen.rail.dispatch.compiling import compile_dispatch
from keruen.rail.dispatch.network import (
    Cause,
    Network,
    Point,
    Section,
    Setting,
    TrainPath,
    Trains,
    Window,
)
from keruen.rail.dispatch.running import End, records_of, run

MINUTE = 60_000


def way(points: tuple[int, ...], run_min: int, start_min: int = 0, stop_min: int = 0) -> TrainPath:
    sections = tuple(min(pair) for pair in pairwise(points))
    count = len(sections)
    runs, starts, stops = ((each * MINUTE,) * count for each in (run_min, start_min, stop_min))
    return TrainPath(points, sections, runs, starts, stops, 900.0)


def trains_of(*path_and_ready: tuple[int, int]) -> Trains:
    paths, ready = np.array(path_and_ready).T
    return Trains(paths, ready * MINUTE, np.ones(len(paths), dtype=np.int64))


def stays(network: Network, paths: list[TrainPath], trains: Trains) -> list[tuple[int, ...]]:
    """Train, point, track, cause, from and until in minutes, of each stay."""
    outcome = run(compile_dispatch(network, paths, trains), Setting())
    assert outcome.end == End.COMPLETE
    known = records_of(outcome)
    columns = (known.train, known.element, known.track, known.cause)
    times = (known.enter_ms / MINUTE, known.leave_ms / MINUTE)
    rows = zip(*(column[known.kind == 1].tolist() for column in (*columns, *times)), strict=True)
    return [tuple(row) for row in rows]


def test_a_train_cannot_go_round_one_that_stands_at_signals() -> None:
    # Two tracks lead to point 1, one to each way out of it: to 2 and to 3. Way 2 is shut until 60.
    network = Network(
        [Point((1000.0,) * 4), Point((1000.0,)), *[Point((1000.0,) * 2)] * 2],
        [
            Section(0, 1, 2, 5 * MINUTE),
            Section(1, 2, 1, 5 * MINUTE, windows=(Window(0, 60 * MINUTE),)),
            Section(1, 3, 1, 5 * MINUTE),
        ],
    )
    shut = TrainPath((0, 1, 2), (0, 1), (10 * MINUTE,) * 2, (0,) * 2, (0,) * 2, 900.0)
    free = shut._replace(points=(0, 1, 3), sections=(0, 2))
    found = stays(network, [shut, free], trains_of((0, 0), (0, 1), (1, 2)))
    # The first takes the only track, the second stands before it, the third behind the second,
    # though its own way is free; when it is first, the one before it has the track.
    waits = [row for row in found if row[1] == 1]
    assert waits == [
        (0, 1, 0, Cause.WINDOW, 10.0, 60.0),
        (1, 1, 1, Cause.NO_TRACK, 15.0, 60.0),
        (1, 1, 0, Cause.FOLLOWING, 60.0, 65.0),
        (2, 1, 2, Cause.NO_TRACK, 20.0, 65.0),
    ]


@pytest.mark.parametrize("apart", [False, True])
def test_trains_from_two_sides_arrive_one_after_the_other(*, apart: bool) -> None:
    # Both would be at the loop at 15; the one stands at 16, the other may come 4 minutes later.
    points = [Point((1000.0,) * 2, apart) for _ in range(3)]
    network = Network(points, [Section(k, k + 1, 1, 0, False, 1, 4 * MINUTE) for k in range(2)])
    paths = [way((0, 1, 2), 15, 0, 1), way((2, 1, 0), 15, 0, 1)]
    outcome = run(compile_dispatch(network, paths, trains_of((0, 0), (1, 0))), Setting())
    known = records_of(outcome)
    first_runs = {
        int(train): int(leave) / MINUTE
        for train, leave, enter in zip(known.train, known.leave_ms, known.enter_ms, strict=True)
        if enter == 0
    }
    assert first_runs == {0: 16.0, 1: 20.0 if apart else 16.0}
    kept = (known.kind == 1) & (known.track == -1)
    assert known.leave_ms[kept].tolist() == ([20 * MINUTE] if apart else [])
    assert known.cause[kept].tolist() == ([Cause.OPPOSING] if apart else [])


def test_a_track_for_both_ways_lets_the_heavier_direction_through() -> None:
    finish = {}
    for either_way in (0, 1):
        section = Section(0, 1, 3, 20 * MINUTE, either_way=either_way)
        network = Network([Point((1000.0,) * 8)] * 2, [section])
        paths = [way((0, 1), 10), way((1, 0), 10)]
        trains = trains_of((1, 0), (1, 1), (1, 2), (1, 3))
        outcome = run(compile_dispatch(network, paths, trains), Setting())
        finish[either_way] = (outcome.finish_ms / MINUTE).tolist()
        lanes = records_of(outcome).track.tolist()
        assert set(lanes) >= ({2} if either_way == 0 else {1, 2})
    assert finish == {0: [10.0, 30.0, 50.0, 70.0], 1: [10.0, 11.0, 30.0, 31.0]}


def test_windows_return_by_their_own_periods() -> None:
    windows = (Window(10 * MINUTE, 20 * MINUTE, 120 * MINUTE), Window(40 * MINUTE, 5 * MINUTE))
    network = Network([Point((1000.0,) * 8)] * 2, [Section(0, 1, windows=windows)])
    trains = trains_of((0, 1), (0, 31), (0, 121), (0, 140))
    outcome = run(compile_dispatch(network, [way((0, 1), 10)], trains), Setting())
    assert (outcome.finish_ms / MINUTE).tolist() == [40.0, 55.0, 160.0, 160.0]


def test_changes_of_crew_and_locomotive_are_stops_of_their_own_cause() -> None:
    network = Network([Point((1000.0,) * 2)] * 4, [Section(k, k + 1) for k in range(3)])
    path = way((0, 1, 2, 3), 10, 2, 1)._replace(
        dwell_ms=(0, 20 * MINUTE, 45 * MINUTE, 5 * MINUTE),
        dwell_cause=(Cause.DWELL, Cause.CREW_CHANGE, Cause.LOCOMOTIVE_CHANGE, Cause.DWELL),
    )
    assert stays(network, [path], trains_of((0, 0))) == [
        (0, 1, 1, Cause.CREW_CHANGE, 13.0, 33.0),
        (0, 2, 1, Cause.LOCOMOTIVE_CHANGE, 46.0, 91.0),
        (0, 3, 1, Cause.DWELL, 104.0, 109.0),
    ]
