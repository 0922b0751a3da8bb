"""Compression: separations, sections and consumption by hand."""

from __future__ import annotations

import math

import pytest

from keruen.errors import RangeError
from keruen.rail.compression import (
    NO_ADDITIONS,
    THRESHOLDS,
    AdditionalTimes,
    LineType,
    Span,
    compress,
    section_ends,
    separation_min,
)
from keruen.rail.line import Block, Role, TrainClass
from keruen.rail.timetable import Timetable, TrainPath, uniform_timetable
from support.lines import FREIGHT, gap, line_of

FAST = TrainClass("fast", 400.0, role=Role.BACKGROUND)
MIXED = (FREIGHT, FAST)


def one_gap(train_class: int, odd: bool, entry: float, stops: tuple[bool, bool]) -> TrainPath:
    return TrainPath(train_class, odd, (entry,), stops)


def test_separations() -> None:
    line = line_of(gap((24.0, 15.0), (25.0, 16.0)), classes=MIXED)
    slow = one_gap(0, True, 0.0, (False, False))
    fast = one_gap(1, True, 0.0, (False, False))
    assert separation_min(line, 0, slow, slow) == 8.0
    assert separation_min(line, 0, slow, fast) == 8.0 + 9.0
    assert separation_min(line, 0, fast, slow) == 8.0
    against = one_gap(0, False, 0.0, (False, False))
    assert separation_min(line, 0, slow, against) == 24.0 + 4.0
    assert separation_min(line, 0, slow, against._replace(stops=(False, True))) == 24.0 + 1.0
    stopping = slow._replace(stops=(True, True))
    assert separation_min(line, 0, stopping, against) == 2.0 + 24.0 + 1.0 + 4.0
    semi = line_of(gap(24.0, 25.0, headway_min=3.0, block=Block.SEMI_AUTOMATIC))
    assert separation_min(semi, 0, slow, slow) == 27.0


def test_sections_end_where_every_train_finds_room() -> None:
    long_and_short = (FREIGHT, FAST)
    both = (9.0, 9.0)
    gaps = (gap(both, both),) * 4
    useful = (1050.0, 850.0, 1050.0, 300.0, 1050.0)
    line = line_of(*gaps, classes=long_and_short, useful_m=useful)

    def timetable(*kinds: tuple[int, bool]) -> Timetable:
        return Timetable(tuple(TrainPath(c, odd, (0.0,) * 4, (False,) * 5) for c, odd in kinds))

    assert section_ends(line, timetable((0, True), (0, False))) == (0, 2, 4)
    assert section_ends(line, timetable((0, True), (1, False))) == (0, 1, 2, 4)
    # No train meets another if all run one way.
    assert section_ends(line, timetable((0, True), (1, True))) == (0, 1, 2, 3, 4)


def test_sections_of_two_tracks_end_where_the_slower_can_be_overtaken() -> None:
    two = gap((24.0, 15.0), (24.0, 15.0), tracks=2)
    line = line_of(two, two, two, classes=MIXED, tracks=(3, 2, 3, 3))
    paths = tuple(TrainPath(c, True, (0.0,) * 3, (False,) * 4) for c in (0, 1))
    assert section_ends(line, Timetable(paths)) == (0, 2, 3)
    assert section_ends(line, Timetable(paths[:1])) == (0, 1, 2, 3)
    insert = line_of(gap(9.0, 9.0), gap(9.0, 9.0, 2), gap(9.0, 9.0), tracks=1)
    assert section_ends(insert, Timetable(paths[:1])) == (0, 1, 2, 3)


def test_each_direction_of_two_tracks_for_itself() -> None:
    line = line_of(gap((24.0, 15.0), (24.0, 15.0), tracks=2), classes=MIXED)
    paths = [one_gap(0, True, 100.0 * i, (False, False)) for i in range(5)]
    paths += [one_gap(1, False, 100.0 * i, (False, False)) for i in range(3)]
    assert compress(line, Timetable(tuple(paths)))[0].occupancy_min == 5 * 8.0


def test_parallel_tracks_take_trains_in_turn() -> None:
    paths = tuple(one_gap(0, True, 100.0 * i, (False, False)) for i in range(6))
    fewer = tuple(one_gap(0, False, 100.0 * i, (False, False)) for i in range(4))
    occupied = {
        tracks: compress(line_of(gap(24.0, 24.0, tracks)), Timetable(paths + fewer))
        for tracks in (2, 3, 4)
    }
    assert occupied[2][0].occupancy_min == pytest.approx(6 * 8.0)
    # The busier direction has the third track: 6 trains on two tracks, 4 on one.
    assert occupied[3][0].occupancy_min == pytest.approx(4 * 8.0)
    assert occupied[4][0].occupancy_min == pytest.approx(3 * 8.0)


def test_a_section_of_several_gaps_is_passed_rigidly() -> None:
    """A fast train catches a slow one up over all gaps where it cannot be overtaken."""
    gaps = [gap((12.0, 5.0), (12.0, 5.0), tracks=2, headway_min=4.0)] * 3
    slow = TrainPath(0, True, (0.0, 12.0, 24.0), (False,) * 4)
    fast = TrainPath(1, True, (700.0, 705.0, 710.0), (False,) * 4)
    timetable = Timetable((slow, fast))
    closed = line_of(*gaps, classes=MIXED, tracks=2)
    assert [s.occupancy_min for s in compress(closed, timetable)] == pytest.approx([8.0 + 21.0])
    open_everywhere = line_of(*gaps, classes=MIXED, tracks=3)
    assert [s.occupancy_min for s in compress(open_everywhere, timetable)] == [15.0] * 3
    whole = compress(open_everywhere, timetable, NO_ADDITIONS, (0, 3))
    assert whole[0].occupancy_min == pytest.approx(29.0)


def test_a_rigid_crossing_inside_a_section() -> None:
    """Two trains that cross on the way keep the time one waits for the other."""
    line = line_of(gap(10.0, 10.0), gap(10.0, 10.0))
    waits = TrainPath(0, True, (0.0, 30.0), (False, True, False))
    passes = TrainPath(0, False, (26.0, 16.0), (False, False, False))
    timetable = Timetable((waits, passes))
    (found,) = compress(line, timetable, NO_ADDITIONS, (0, 2))
    # With d minutes between their entries: T >= d + 10 + 10 + 4 for gap 0 and the next odd train,
    # T >= 30 + 12 + 4 - d for gap 1 and the next even one, and 11 + 4 - 10 <= d <= 30 - 11.
    assert found.occupancy_min == pytest.approx(35.0)
    # The odd train leaves at once: to meet the even one at the place it would have to wait.
    at_once = waits._replace(entry_min=(0.0, 11.0))
    impossible = Timetable((at_once, passes._replace(entry_min=(15.0, 5.0))))
    (never,) = compress(line, impossible, NO_ADDITIONS, (0, 2))
    assert never.occupancy_min == math.inf


def test_additional_times() -> None:
    line = line_of(gap(24.0, 25.0))
    timetable = uniform_timetable(line, 10)
    assert compress(line, timetable)[0].consumption_share == pytest.approx(550.0 / 1440.0)
    (more,) = compress(line, timetable, AdditionalTimes(1.5, 0.1, 60.0))
    assert more.occupancy_min == 550.0
    assert more.consumption_share == pytest.approx((550.0 * 1.1 + 20 * 1.5 + 60.0) / 1440.0)
    with pytest.raises(RangeError):
        compress(line, timetable, AdditionalTimes(buffer_min=-1.0))


def test_more_trains_than_the_day_holds_consume_more_than_all_of_it() -> None:
    line = line_of(gap(24.0, 25.0))
    paths = tuple(
        one_gap(0, odd, 45.0 * i + 22.0 * (not odd), (True, True))
        for i in range(32)
        for odd in (True, False)
    )
    assert compress(line, Timetable(paths))[0].consumption_share > 1.0


def test_thresholds_lie_in_their_ranges() -> None:
    assert set(THRESHOLDS) == {(kind, span) for kind in LineType for span in Span}
    for threshold in THRESHOLDS.values():
        assert 0.0 < threshold.low <= threshold.share <= threshold.high < 1.0
    for kind in LineType:
        assert THRESHOLDS[kind, Span.DAY].share < THRESHOLDS[kind, Span.PEAK].share


def test_a_train_with_running_times_of_its_own() -> None:
    line = line_of(gap(24.0, 25.0), gap(12.0, 12.0))
    plain = TrainPath(0, True, (0.0, 100.0), (True, True, True))
    slow = plain._replace(entry_min=(500.0, 600.0), run_min=(40.0, 12.0))
    # The headway, and what the slow train loses to the fast one behind it: 43 - 27 min.
    assert separation_min(line, 0, plain, slow) == 8.0
    assert separation_min(line, 0, slow, plain) == 8.0 + 16.0
    timetable = Timetable((plain, slow))
    assert [one.occupancy_min for one in compress(line, timetable)] == [32.0, 16.0]
    as_class = slow._replace(run_min=(24.0, 12.0))
    assert [one.occupancy_min for one in compress(line, Timetable((plain, as_class)))] == [16.0] * 2


def test_a_slow_train_of_a_fast_class_is_overtaken_where_it_fits() -> None:
    line = line_of(gap(24.0, 24.0, tracks=2), gap(12.0, 12.0, tracks=2), tracks=2)
    plain = TrainPath(0, True, (0.0, 30.0), (False, False, False))
    slow = plain._replace(entry_min=(500.0, 560.0), run_min=(40.0, 12.0))
    assert section_ends(line, Timetable((plain,))) == (0, 1, 2)
    assert section_ends(line, Timetable((plain, slow))) == (0, 2)
