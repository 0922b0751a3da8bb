from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from keruen.rail.dispatch.compiling import compile_dispatch
from keruen.rail.dispatch.network import (
    Cause,
    Network,
    Point,
    Section,
    Setting,
    TrainPath,
    Trains,
)
from keruen.rail.dispatch.polylines import (
    Chainage,
    TrainPolyline,
    meetings,
    occupied_shares,
    train_polylines,
)
from keruen.rail.dispatch.running import Records, records_of, run

MINUTE = 60_000
KM = np.array([0.0, 15.0, 27.0, 45.0, 60.0])


def records(rows: Sequence[tuple[int, ...]]) -> Records:
    """Rows of (train, kind, element, track, cause, enter, leave) in minutes."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 7)
    table[:, 5:] *= MINUTE
    return Records(*table.T)


def line(km: NDArray[np.float64] = KM) -> Chainage:
    ends = np.array([(place, place + 1) for place in range(len(km) - 1)])
    return Chainage(km, ends)


def polyline(train: int, time_min: list[float], km: list[float]) -> TrainPolyline:
    cause = np.zeros(len(km) - 1, dtype=np.int32)
    return TrainPolyline(train, np.array(time_min), np.array(km), cause)


@pytest.fixture(scope="module")
def dispatched() -> tuple[Records, dict[int, int]]:
    """Six trains each way over four gaps, every quarter of an hour: many meetings."""
    points = [Point((1050.0,) * 3) for _ in KM]
    sections = [Section(k, k + 1, headway_ms=5 * MINUTE, crossing_ms=MINUTE) for k in range(4)]
    runs = tuple(int(gap * MINUTE) for gap in np.diff(KM))
    extra = (MINUTE,) * 4
    there = TrainPath((0, 1, 2, 3, 4), (0, 1, 2, 3), runs, extra, extra, 900.0)
    back = TrainPath((4, 3, 2, 1, 0), (3, 2, 1, 0), runs[::-1], extra, extra, 900.0)
    path = np.arange(12) % 2
    trains = Trains(path, np.arange(12) * 15 * MINUTE, np.ones(12, dtype=np.int64))
    compiled = compile_dispatch(Network(points, sections), [there, back], trains)
    assert not compiled.rejections
    origins = {train: 4 * int(path[train]) for train in range(12)}
    return records_of(run(compiled, Setting())), origins


def test_every_train_of_a_dispatch_becomes_one_line_from_end_to_end(
    dispatched: tuple[Records, dict[int, int]],
) -> None:
    paths = train_polylines(dispatched[0], line(), dispatched[1])
    assert [path.train for path in paths] == list(range(12))
    for path in paths:
        assert sorted((path.km[0], path.km[-1])) == [0.0, 60.0]
        assert path.rising is (path.train % 2 == 0)
        assert (np.diff(path.time_min) >= 0).all()
        steps = np.diff(path.km)
        assert (steps >= 0).all() or (steps <= 0).all()


def test_a_cause_stands_only_where_time_passes_at_one_place(
    dispatched: tuple[Records, dict[int, int]],
) -> None:
    paths = train_polylines(dispatched[0], line(), dispatched[1])
    recorded = np.asarray(dispatched[0].cause)[
        (dispatched[0].kind == 1) & (dispatched[0].track >= 0)
    ]
    waits = [int(cause) for path in paths for cause in path.cause if cause]
    assert sorted(waits) == sorted(recorded.tolist())
    assert Cause.OPPOSING in waits
    for path in paths:
        stood = path.cause != Cause.NONE
        assert (np.diff(path.km)[stood] == 0).all()
        assert (np.diff(path.time_min)[stood] > 0).all()


def test_meetings_of_a_single_line_are_all_crossings_of_its_lines(
    dispatched: tuple[Records, dict[int, int]],
) -> None:
    """Found a second way: who is first changes along the line, away from its ends."""
    paths = train_polylines(dispatched[0], line(), dispatched[1])
    raster = np.linspace(0.0, 60.0, 601)
    expected = set()
    for one, other in itertools.product(paths[::2], paths[1::2]):
        first = np.interp(raster, one.km, one.time_min)
        second = np.interp(raster, other.km[::-1], other.time_min[::-1])
        turns = raster[1:][np.diff(first < second)]
        if turns.size and 1.0 < turns[0] < 59.0:
            expected.add(frozenset((one.train, other.train)))
    found = meetings(paths)
    assert len(expected) > 10
    assert {frozenset(met.trains) for met in found.meets} == expected
    assert len(found.meets) == len(expected), "on single track two trains meet once"
    assert found.overtakes == ()


def test_an_overtaking_is_seen_and_a_queue_is_none() -> None:
    slow = polyline(1, [0, 10, 40, 50], [0, 10, 10, 20])
    fast = polyline(2, [15, 20, 25], [0, 10, 20])
    found = meetings([slow, fast])
    assert [(met.time_min, met.km, met.trains) for met in found.overtakes] == [(20, 10, (1, 2))]
    assert found.meets == ()
    behind = polyline(3, [15, 20, 41, 50], [0, 10, 10, 20])
    assert meetings([slow, behind]).overtakes == ()


def test_trains_that_begin_or_end_at_a_place_do_not_meet_there() -> None:
    ends = polyline(1, [0, 10, 30], [0, 10, 10])
    passing = polyline(2, [10, 20, 30], [20, 10, 0])
    assert meetings([ends, passing]) == ((), ())


def test_a_train_off_the_line_is_cut_and_one_never_on_it_left_out() -> None:
    km = np.array([0.0, 10.0, np.nan, 30.0, 40.0])
    rows = [(7, 0, gap, 0, 0, 10 * gap, 10 * gap + 10) for gap in range(4)]
    rows.append((8, 0, 2, 0, 0, 100, 110))
    found = train_polylines(records(rows), line(km), {7: 0, 8: 2})
    assert [(path.train, path.km.tolist(), path.time_min.tolist()) for path in found] == [
        (7, [0.0, 10.0], [0.0, 10.0]),
        (7, [30.0, 40.0], [30.0, 40.0]),
    ]


def test_a_stand_without_a_record_is_a_stand_without_a_cause() -> None:
    rows = [(0, 0, 0, 0, 0, 0, 10), (0, 0, 1, 0, 0, 14, 20)]
    (path,) = train_polylines(records(rows), line(), [0])
    assert path.km.tolist() == [0.0, 15.0, 15.0, 27.0]
    assert path.cause.tolist() == [0, 0, 0]


def test_a_turn_back_is_followed_from_its_origin() -> None:
    rows = [(0, 0, 0, 0, 0, 0, 10), (0, 1, 1, 0, 6, 10, 30), (0, 0, 0, 0, 0, 30, 40)]
    (path,) = train_polylines(records(rows), line(), [0])
    assert path.km.tolist() == [0.0, 15.0, 15.0, 0.0]
    assert path.cause.tolist() == [0, Cause.DWELL, 0]


@pytest.mark.parametrize("outside", [False, True])
def test_waits_before_entering_are_drawn_only_when_asked_for(outside: bool) -> None:
    rows = [(0, 1, 0, -1, 1, 0, 20), (0, 0, 0, 0, 0, 20, 30)]
    (path,) = train_polylines(records(rows), line(), [0], outside)
    assert path.time_min.tolist() == ([0.0, 20.0, 30.0] if outside else [20.0, 30.0])


def test_a_train_that_jumps_is_refused() -> None:
    rows = [(0, 0, 0, 0, 0, 0, 10), (0, 0, 3, 0, 0, 10, 20)]
    with pytest.raises(ValueError, match="runs over section 3"):
        train_polylines(records(rows), line(), [0])


def test_no_records_are_no_lines() -> None:
    assert train_polylines(records([]), line(), {}) == []
    assert meetings([]) == ((), ())


def test_shares_are_cut_to_the_span_and_kept_by_class() -> None:
    rows = [(0, 0, 0, 0, 0, -30, 30), (1, 0, 0, 0, 0, 50, 70), (1, 1, 1, 0, 6, 70, 90)]
    shares = occupied_shares(records(rows), 2, [1, 0], (0.0, 60.0))
    assert shares == pytest.approx(np.array([[10 / 60, 0.5], [0.0, 0.0]]))
    with pytest.raises(ValueError, match="span"):
        occupied_shares(records(rows), 2, [1, 0], (5.0, 5.0))
