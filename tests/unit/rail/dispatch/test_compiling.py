"""Only what cannot run is turned away, with its reason."""

from __future__ import annotations

import numpy as np
import pytest

from keruen.rail.dispatch.compiling import (
    Reason,
    compile_dispatch,
    compile_ways,
    with_trains,
)
from keruen.rail.dispatch.image import build_image
from keruen.rail.dispatch.network import (
    Guard,
    Network,
    Point,
    Section,
    Setting,
    TrainPath,
    Trains,
    Window,
)
from keruen.rail.dispatch.one_line import directions_on_lines
from keruen.rail.dispatch.running import End, run

MINUTE = 60_000
DAY = 1440 * MINUTE

NETWORK = Network(
    [Point((900.0, 900.0)), Point((600.0, 600.0)), Point((900.0, 900.0)), Point((500.0,))],
    [
        Section(0, 1),
        Section(1, 2, window_start_ms=60 * MINUTE, window_ms=DAY - 5 * MINUTE),
        Section(2, 3),
        Section(0, 2, 2, 8 * MINUTE),
    ],
)


def way(points: tuple[int, ...], sections: tuple[int, ...], length_m: float) -> TrainPath:
    count = len(sections)
    return TrainPath(points, sections, (10 * MINUTE,) * count, (0,) * count, (0,) * count, length_m)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (way((0, 3), (3,), 500.0), Reason.ROUTE_DISCONNECTED),
        (way((0,), (), 500.0), Reason.NO_SECTION),
        (way((0, 2), (9,), 500.0), Reason.NO_SUCH_PLACE),
        (way((0, 2, 3), (3, 2), 800.0), Reason.NO_TRACK_LONG_ENOUGH),
        (way((0, 1, 2), (0, 1), 500.0), Reason.WINDOW_NEVER_FREE),
        (way((0, 2), (3,), 500.0)._replace(run_ms=(0,)), Reason.TIME_OUT_OF_RANGE),
        (way((0, 2), (3,), 500.0)._replace(run_ms=(1, 2)), Reason.NUMBERS_DIFFER),
        (way((0, 1, 0), (0, 0), 800.0), Reason.NO_TRACK_LONG_ENOUGH),  # would turn where too short
    ],
)
def test_a_path_that_cannot_run_is_turned_away(path: TrainPath, reason: Reason) -> None:
    runs = way((0, 2), (3,), 800.0)
    trains = Trains(np.array([1, 0, 1]), np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.int64))
    compiled = compile_dispatch(NETWORK, [path, runs], trains)
    assert [(one.train, one.reason) for one in compiled.rejections] == [(1, reason)]
    assert compiled.numbers.tolist() == [0, 2]
    outcome = run(compiled, Setting())
    assert outcome.end == End.COMPLETE
    assert outcome.finish_ms.tolist() == [10 * MINUTE, 18 * MINUTE]


def test_a_train_leaps_over_a_point_too_short_for_it() -> None:
    network = Network(
        [Point((900.0,) * 2), Point((600.0,) * 2), Point((900.0,) * 2)],
        [Section(0, 1), Section(1, 2)],
    )
    long, short = way((0, 1, 2), (0, 1), 800.0), way((2, 1, 0), (1, 0), 500.0)
    trains = Trains(np.array([0, 1]), np.array([0, 1]), np.ones(2, dtype=np.int64))
    compiled = compile_dispatch(network, [long, short], trains)
    assert compiled.guard == Guard.LINE
    assert compiled.tables.moves[:, 1].tolist() == [2, 1, 1]
    # Both sections are the long train's until it is through; the short one waits at its origin.
    assert run(compiled, Setting()).finish_ms.tolist() == [20 * MINUTE, 40 * MINUTE]


def test_turned_away_are_trains_of_unknown_paths_and_before_time_begins() -> None:
    trains = Trains(np.array([7, 0]), np.array([0, -1]), np.ones(2, dtype=np.int64))
    compiled = compile_dispatch(NETWORK, [way((0, 2), (3,), 500.0)], trains)
    reasons = [one.reason for one in compiled.rejections]
    assert reasons == [Reason.NO_SUCH_PLACE, Reason.TIME_OUT_OF_RANGE]
    assert len(build_image(compiled.tables)) == len(compiled.image)
    assert run(compiled, Setting()).end == End.COMPLETE


def test_circles_and_ways_that_turn_are_no_lines() -> None:
    assert directions_on_lines(3, [(0, 1), (1, 2), (2, 0)]) is None
    assert directions_on_lines(3, [(0, 1, 2), (2, 1, 2)]) is None
    assert directions_on_lines(5, [(0, 1), (4, 3), (3, 4)]) == [0, 1, 0]


def test_of_too_many_tracks_the_longest_are_used() -> None:
    lengths = (500.0,) * 70 + (900.0,) * 3
    network = Network([Point((900.0,) * 2), Point(lengths)], [Section(0, 1, 2, 8 * MINUTE)])
    trains = Trains(np.zeros(5, dtype=np.int64), np.arange(5), np.ones(5, dtype=np.int64))
    compiled = compile_dispatch(network, [way((0, 1), (0,), 800.0)], trains)
    assert compiled.rejections == ()
    assert compiled.tracks_unused == {1: 13}
    assert run(compiled, Setting()).finish_ms.tolist() == [(10 + 8 * k) * MINUTE for k in range(5)]


def test_a_leap_may_be_of_any_length() -> None:
    count = 20
    network = Network(
        [Point((900.0,) * 2), *[Point((600.0,) * 2)] * (count - 1), Point((900.0,) * 2)],
        [Section(k, k + 1) for k in range(count)],
    )
    long = way(tuple(range(count + 1)), tuple(range(count)), 800.0)
    trains = Trains(np.array([0]), np.array([0]), np.array([1]))
    compiled = compile_dispatch(network, [long], trains)
    assert compiled.tables.moves[:, 1].tolist() == [count]
    assert run(compiled, Setting()).finish_ms.tolist() == [10 * count * MINUTE]


@pytest.mark.parametrize(("run_min", "taken"), [(30, True), (31, False)])
def test_a_run_longer_than_every_gap_between_windows_is_turned_away(
    run_min: int, *, taken: bool
) -> None:
    half = Window(0, 30 * MINUTE, 60 * MINUTE)
    network = Network([Point((900.0,) * 2)] * 2, [Section(0, 1, windows=(half,))])
    path = way((0, 1), (0,), 800.0)._replace(run_ms=(run_min * MINUTE,))
    trains = Trains(np.array([0]), np.array([0]), np.array([1]))
    compiled = compile_dispatch(network, [path], trains)
    reasons = [(one.reason, dict(one.params)) for one in compiled.rejections]
    assert reasons == ([] if taken else [(Reason.WINDOW_NEVER_FREE, {"section": 0})])


@pytest.mark.parametrize(
    "section",
    [
        Section(0, 1, windows=(Window(0, 5, 4),)),
        Section(0, 1, windows=(Window(0, 5, 0),)),
        Section(0, 1, windows=(Window(0, 1, 7_000_001), Window(0, 1, 7_000_003))),
        Section(0, 1, 2, either_way=3),
    ],
)
def test_sections_that_make_no_sense_are_turned_away(section: Section) -> None:
    network = Network([Point((900.0,) * 2)] * 2, [section])
    trains = Trains(np.array([0]), np.array([0]), np.array([1]))
    compiled = compile_dispatch(network, [way((0, 1), (0,), 800.0)], trains)
    assert [one.reason for one in compiled.rejections] == [Reason.TIME_OUT_OF_RANGE]


def test_a_track_may_serve_one_direction_alone() -> None:
    network = Network([Point((900.0,))] * 2, [Section(0, 1, either_way=0)])
    trains = Trains(np.array([0, 1]), np.zeros(2, dtype=np.int64), np.ones(2, dtype=np.int64))
    ways = [way((0, 1), (0,), 800.0), way((1, 0), (0,), 800.0)]
    compiled = compile_dispatch(network, ways, trains)
    assert [(one.train, one.reason) for one in compiled.rejections] == [
        (1, Reason.ROUTE_DISCONNECTED)
    ]
    assert run(compiled, Setting()).finish_ms.tolist() == [10 * MINUTE]


def test_ways_serve_one_timetable_after_another() -> None:
    paths = [way((0, 3), (3,), 500.0), way((0, 2), (3,), 800.0), way((2, 0), (3,), 800.0)]
    ways = compile_ways(NETWORK, paths)
    assert (list(ways.row_of), list(ways.refused)) == ([1, 2], [0])
    for path_of in (np.array([1, 2, 1]), np.array([2, 0]), np.array([9, 1])):
        trains = Trains(path_of, np.zeros_like(path_of), np.ones_like(path_of))
        found, expected = with_trains(ways, trains), compile_dispatch(NETWORK, paths, trains)
        run(found, Setting())  # which leaves the ways as they are
        assert found.image.tolist() == expected.image.tolist()
        assert found.numbers.tolist() == expected.numbers.tolist()
        assert found.rejections == expected.rejections
        assert found[4:] == expected[4:]
