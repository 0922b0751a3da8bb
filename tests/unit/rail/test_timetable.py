"""Timetables: what is refused, what the uniform one looks like, how mixed traffic is ordered."""

from __future__ import annotations

import pytest

from keruen.errors import RangeError
from keruen.rail.crossing import StationIntervals
from keruen.rail.line import LineDescription
from keruen.rail.parallel_timetable import parallel_timetable
from keruen.rail.timetable import (
    Timetable,
    TrainPath,
    check_timetable,
    dwell_min,
    mixed_order,
    occupied_min,
    uniform_timetable,
)
from support.lines import FREIGHT, gap, line_of

LINE = line_of(gap(24.0, 25.0), gap(10.0, 12.0))
ODD = TrainPath(0, True, (0.0, 25.0), (False, True, False))
EVEN = TrainPath(0, False, (60.0, 40.0), (False, False, False))


def test_starts_and_stops_come_on_top() -> None:
    assert occupied_min(LINE, ODD, 0) == 24.0 + 1.0
    assert occupied_min(LINE, ODD, 1) == 10.0 + 2.0
    assert occupied_min(LINE, EVEN, 1) == 12.0
    assert dwell_min(LINE, ODD, 1) == 0.0
    assert dwell_min(LINE, EVEN, 1) == 8.0


@pytest.mark.parametrize(
    ("name", "timetable"),
    [
        ("paths", Timetable(())),
        ("cycle_min", Timetable((ODD,), cycle_min=0.0)),
        ("reference_min", Timetable((ODD,), reference_min=-1.0)),
        ("path_gaps", Timetable((ODD._replace(entry_min=(0.0,)),))),
        ("path_places", Timetable((ODD._replace(stops=(False,)),))),
        ("train_class", Timetable((ODD._replace(train_class=1),))),
        ("entry_min", Timetable((ODD._replace(entry_min=(-1.0, 30.0)),))),
        ("dwell_min", Timetable((ODD._replace(entry_min=(0.0, 24.9)),))),
        ("dwell_min", Timetable((EVEN,))),  # stands 8 minutes where it does not stop
    ],
)
def test_impossible_paths_are_refused(name: str, timetable: Timetable) -> None:
    with pytest.raises(RangeError) as refused:
        check_timetable(LINE, timetable)
    assert refused.value.problems[0].params["name"] == name


def crossing_at_the_loop(line: LineDescription) -> Timetable:
    waits = TrainPath(0, True, (0.0, 40.0), (False, True, False))
    passes = TrainPath(0, False, (38.0, 26.0), (False, False, False))
    timetable = Timetable((waits, passes))
    assert occupied_min(line, waits, 0) == 25.0 <= passes.entry_min[0] - 12.0
    return timetable


def test_trains_cross_where_one_of_them_fits() -> None:
    check_timetable(LINE, crossing_at_the_loop(LINE))
    short = line_of(*LINE.gaps, useful_m=(1050.0, 900.0, 1050.0))
    with pytest.raises(RangeError) as refused:
        check_timetable(short, crossing_at_the_loop(short))
    assert refused.value.problems[0].params["name"] == "useful_length_m_where_trains_cross"
    post = line_of(*LINE.gaps, tracks=(3, 1, 3))
    with pytest.raises(RangeError) as refused:
        check_timetable(post, crossing_at_the_loop(post))
    assert refused.value.problems[0].params["name"] == "tracks_where_trains_cross"
    # An hour later the odd train has long left.
    late = crossing_at_the_loop(short).paths
    even = late[1]._replace(entry_min=tuple(entry + 60.0 for entry in late[1].entry_min))
    check_timetable(short, Timetable((late[0], even)))


def conflicts(line: LineDescription, timetable: Timetable) -> list[tuple[int, int, int]]:
    """Pairs of opposing trains in one gap of single track at the same time, station intervals in.

    Written anew from what the intervals mean, for all pairs and not only for neighbours.
    """
    found = []
    for g, facts in enumerate(line.gaps):
        if facts.tracks > 1:
            continue
        for i, one in enumerate(timetable.paths):
            for j, other in enumerate(timetable.paths):
                if one.odd is other.odd:
                    continue
                stood = other.stops[g if other.odd else g + 1]
                clear = facts.intervals[2 if stood else 3]
                leaves = one.entry_min[g] + occupied_min(line, one, g)
                after = (other.entry_min[g] - one.entry_min[g]) % timetable.cycle_min
                if after < leaves - one.entry_min[g] + float(clear) - 1e-6:
                    found.append((g, i, j))
    return found


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        line_of(gap(24.0, 25.0)),
        line_of(*[gap(24.0, 25.0)] * 4),
        line_of(gap(24.0, 25.0), gap(9.0, 9.0, 2), gap(8.0, 9.0, 2), gap(20.0, 21.0)),
        line_of(gap(9.0, 9.0, 2), gap(24.0, 25.0), gap(9.0, 9.0, 2)),
        line_of(*[gap(13.0, 11.0)] * 3, useful_m=(1050.0, 1050.0, 850.0, 1050.0)),
        line_of(gap(9.0, 7.0), gap(8.0, 9.0, intervals=StationIntervals(1.0, 3.0, 5.0, 0.5))),
    ],
)
def test_the_uniform_timetable_is_free_of_conflicts_up_to_capacity(line: LineDescription) -> None:
    most = parallel_timetable(line).floored
    for pairs in (1, most // 2, most):
        timetable = uniform_timetable(line, pairs)
        check_timetable(line, timetable)
        assert len(timetable.paths) == 2 * pairs
        assert conflicts(line, timetable) == []
    with pytest.raises(RangeError):
        uniform_timetable(line, most + 1)


def test_conflicts_are_seen() -> None:
    odd = TrainPath(0, True, (0.0, 24.0), (False, False, False))
    even = TrainPath(0, False, (20.0, 8.0), (False, False, False))
    assert (0, 0, 1) in conflicts(LINE, Timetable((odd, even)))


def test_mixed_order_spreads_every_class_and_direction() -> None:
    assert mixed_order(((3, 0), (1, 0))) == ((0, True), (0, True), (1, True), (0, True))
    uneven = mixed_order(((4, 3),))
    assert uneven.count((0, True)) == 4
    assert uneven.count((0, False)) == 3
    # One even train between any two odd ones but where the four meet round the end.
    odd_first = [odd for _, odd in uneven]
    assert sum(a and b for a, b in zip(odd_first, odd_first[1:] + odd_first[:1], strict=True)) == 1
    assert mixed_order(((0, 0),)) == ()


def test_classes_by_direction() -> None:
    timetable = Timetable((ODD, EVEN, ODD._replace(train_class=2)))
    assert timetable.classes(True) == (0, 2)
    assert timetable.classes(False) == (0,)
    assert FREIGHT.per_day(True) == 0.0


@pytest.mark.parametrize("run_min", [(24.0,), (24.0, 0.0)])
def test_running_times_of_its_own_are_checked(run_min: tuple[float, ...]) -> None:
    line = line_of(gap(24.0, 25.0), gap(12.0, 12.0))
    path = TrainPath(0, True, (0.0, 100.0), (True, True, True), run_min)
    with pytest.raises(RangeError):
        check_timetable(line, Timetable((path,)))
