"""The parallel timetable of a whole line against published examples and arithmetic by hand."""

from __future__ import annotations

import pytest

from keruen.rail.crossing import StationIntervals
from keruen.rail.line import Block, LineAllowances, PacketRule, Role, TrainClass
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineMethod
from keruen.rail.parallel_timetable import (
    BOTH_RUN,
    EVEN_RUNS,
    ODD_RUNS,
    Schemes,
    Stops,
    follow_min,
    parallel_timetable,
    stop_choices,
    stopping_pattern,
)
from support.lines import FREIGHT, gap, line_of

TWO = StationIntervals(0.0, 0.0, 2.0, 2.0)
"""Starts and stops are free, every crossing takes two minutes."""


def test_published_single_track() -> None:
    found = parallel_timetable(line_of(gap(24.0, 25.0)))
    assert found.period_min == 55.0
    assert found.floored == 26
    assert found.binding.scheme == "through_even"
    assert found.method is LineMethod.PARALLEL_TIMETABLE
    assert found.level is Level.MAXIMAL


def test_published_double_track() -> None:
    found = parallel_timetable(line_of(gap(24.0, 25.0, tracks=2, headway_min=9.0)))
    assert found.odd_per_day == found.even_per_day == 160.0
    assert found.trains_per_day == 320.0


def test_published_double_track_under_semi_automatic_block() -> None:
    line = line_of(
        gap(16.0, 16.0, tracks=2, headway_min=4.0, block=Block.SEMI_AUTOMATIC),
        allowances=LineAllowances(window_double_min=120.0, reliability_share=0.95),
    )
    found = parallel_timetable(line, Level.AVAILABLE)
    assert found.pairs_per_day == pytest.approx(62.7)
    assert found.floored == 62


def test_published_removal_by_other_trains() -> None:
    others = tuple(
        TrainClass(f"other {i}", 400.0, 1.0, 1.0, Role.BACKGROUND, 1.0, coefficient)
        for i, coefficient in enumerate((1.2, 1.0, 1.2, 1.6))
    )
    half = (1440.0 / 22.0 - 4.0) / 2.0  # a period that gives 22 pairs before removal
    line = line_of(gap((half,) * 5, (half,) * 5, intervals=TWO), classes=(FREIGHT, *others))
    assert parallel_timetable(line).pairs_per_day == pytest.approx(17.0)


@pytest.mark.parametrize("gaps", [1, 2, 3, 12])
def test_saturated_single_line_of_any_number_of_gaps(gaps: int) -> None:
    found = parallel_timetable(line_of(*[gap(15.0, 15.0, intervals=TWO)] * gaps))
    assert found.pairs_per_day == pytest.approx(1440.0 / 34.0)
    assert round(found.pairs_per_day, 2) == 42.35
    assert len(found.sections) == gaps


def test_gaps_alike_cannot_all_take_their_own_best_scheme() -> None:
    line = line_of(gap(24.0, 25.0), gap(24.0, 25.0))
    assert parallel_timetable(line).period_min == 57.0
    assert parallel_timetable(line, schemes=Schemes.EACH_GAP).period_min == 55.0
    # A neighbour that is short enough fits in with the one that binds.
    long_and_short = line_of(gap(24.0, 25.0), gap(20.0, 20.0))
    for schemes in Schemes:
        assert parallel_timetable(long_and_short, schemes=schemes).period_min == 55.0


def test_gaps_merge_over_a_loop_too_short() -> None:
    gaps = (gap(10.0, 11.0), gap(12.0, 13.0), gap(9.0, 9.0))
    short = line_of(*gaps, useful_m=(1050.0, 850.0, 1050.0, 1050.0))
    found = parallel_timetable(short)
    assert (found.binding.first_place, found.binding.last_place) == (0, 2)
    assert found.period_min == 10.0 + 11.0 + 12.0 + 13.0 + 6.0
    assert stopping_pattern(short)[1] is None
    one_track = line_of(*gaps, tracks=(3, 1, 3, 3))
    assert parallel_timetable(one_track).period_min == found.period_min
    for schemes in Schemes:
        assert len(parallel_timetable(short, schemes=schemes).sections) == 2


def test_a_loop_that_costs_more_than_it_gives_is_passed_over() -> None:
    slow_throat = StationIntervals(0.0, 0.0, 0.0, 30.0)
    both = line_of(*[gap(1.0, 1.0, intervals=slow_throat)] * 2)
    assert parallel_timetable(both).period_min == 4.0
    assert stopping_pattern(both)[1] is None


def test_packets_on_single_track() -> None:
    # Period 60 by the intervals, headways of 10: example of the packet formula.
    line = line_of(gap(28.0, 28.0, headway_min=10.0, intervals=TWO), packets=PacketRule(1.0))
    assert parallel_timetable(line).period_min == 40.0
    half = line_of(gap(28.0, 28.0, headway_min=10.0, intervals=TWO), packets=PacketRule(0.5))
    assert parallel_timetable(half).period_min == 50.0
    few_tracks = line_of(
        gap(28.0, 28.0, headway_min=10.0, intervals=TWO), tracks=2, packets=PacketRule(1.0)
    )
    assert parallel_timetable(few_tracks).period_min == 60.0
    semi = gap(28.0, 28.0, headway_min=1.0, intervals=TWO, block=Block.SEMI_AUTOMATIC)
    assert parallel_timetable(line_of(semi, packets=PacketRule(1.0))).period_min == 60.0


def test_a_loop_with_too_few_tracks_for_packets_does_not_forbid_them() -> None:
    whole = line_of(gap(30.0, 30.0, intervals=TWO), packets=PacketRule(1.0))
    half = gap(15.0, 15.0, intervals=TWO)
    loop = line_of(half, half, tracks=(3, 2, 3), packets=PacketRule(1.0))
    without, added = parallel_timetable(whole), parallel_timetable(loop)
    assert without.period_min == 40.0
    assert added.period_min == 34.0  # the loop, and no packets, is still better
    tight = StationIntervals(0.0, 0.0, 9.0, 9.0)
    near = gap(15.0, 15.0, headway_min=2.0, intervals=tight)
    loop = line_of(near, near, tracks=(3, 2, 3), packets=PacketRule(1.0))
    assert parallel_timetable(loop).period_min == (60.0 + 18.0 + 4.0) / 2.0


def test_trains_beyond_pairs_follow_at_the_headway() -> None:
    uneven = FREIGHT._replace(odd_per_day=20.0, even_per_day=15.0)
    found = parallel_timetable(line_of(gap(24.0, 25.0), classes=(uneven,)))
    # Of four odd trains three make pairs with an even one, one follows 8 minutes behind.
    assert found.period_min == pytest.approx((3 * 55.0 + 8.0) / 4.0)
    assert found.even_per_day == pytest.approx(0.75 * found.odd_per_day)
    assert found.pairs_per_day == found.even_per_day
    assert found.consumption_share == pytest.approx(20.0 * found.period_min / 1440.0)


def test_a_follower_never_costs_more_than_a_pair() -> None:
    uneven = FREIGHT._replace(odd_per_day=2.0, even_per_day=1.0)
    semi = gap(5.0, 1.0, headway_min=30.0, block=Block.SEMI_AUTOMATIC, intervals=TWO)
    assert parallel_timetable(line_of(semi, classes=(uneven,))).period_min == 10.0


def test_each_direction_of_two_tracks_has_its_own_headway() -> None:
    semi = gap(20.0, 14.0, tracks=2, headway_min=4.0, block=Block.SEMI_AUTOMATIC)
    assert parallel_timetable(line_of(semi)).period_min == 24.0
    even_heavier = FREIGHT._replace(odd_per_day=5.0, even_per_day=10.0)
    found = parallel_timetable(line_of(semi, classes=(even_heavier,)))
    assert found.even_per_day == pytest.approx(1440.0 / 18.0)
    assert found.odd_per_day == pytest.approx(1440.0 / 36.0)


def test_a_third_track_serves_both_directions() -> None:
    assert parallel_timetable(line_of(gap(9.0, 9.0, tracks=3, headway_min=9.0))).period_min == 6.0


def test_levels_take_the_allowances_of_the_gap_that_binds() -> None:
    allowances = LineAllowances(240.0, 60.0, 0.9, 0.2, 0.1)
    line = line_of(gap(30.0, 30.0, intervals=TWO), gap(30.0, 30.0, 2), allowances=allowances)
    found = {level: parallel_timetable(line, level).pairs_per_day for level in Level}
    assert found[Level.MAXIMAL] == pytest.approx(1440.0 / 64.0)
    assert found[Level.AVAILABLE] == pytest.approx(1200.0 * 0.9 / 64.0)
    assert found[Level.PRACTICAL] == pytest.approx(1200.0 * 0.9 * 0.8 / 64.0)


def test_the_window_can_move_what_binds() -> None:
    single, double = gap(4.0, 4.0, intervals=TWO), gap(4.0, 4.0, 2, headway_min=12.5)
    line = line_of(single, double, allowances=LineAllowances(window_single_min=300.0))
    assert parallel_timetable(line).binding.first_place == 1
    assert parallel_timetable(line, Level.AVAILABLE).binding.first_place == 0


def test_background_of_uneven_directions() -> None:
    mail = TrainClass("mail", 300.0, 4.0, 2.0, Role.BACKGROUND, 1.0, 1.5, 2.0)
    single = line_of(gap((24.0, 10.0), (25.0, 10.0)), classes=(FREIGHT, mail))
    assert parallel_timetable(single).odd_per_day == pytest.approx(
        (1440.0 - 1.5 * (2 * 55.0 + 2 * 8.0)) / 55.0
    )
    double = line_of(gap((24.0, 10.0), (25.0, 10.0), tracks=2), classes=(FREIGHT, mail))
    assert parallel_timetable(double).pairs_per_day == pytest.approx(1440.0 / 8.0 - 2.0 * 4.0)


def test_nothing_is_left_where_others_take_all() -> None:
    mail = TrainClass("mail", 300.0, 40.0, 40.0, Role.BACKGROUND)
    found = parallel_timetable(line_of(gap((24.0, 20.0), (25.0, 20.0)), classes=(FREIGHT, mail)))
    assert found.trains_per_day == 0.0
    assert found.consumption_share > 1.0


def test_who_stops_where() -> None:
    line = line_of(gap(24.0, 25.0), gap(9.0, 9.0, 2), gap(9.0, 9.0, 2), gap(20.0, 20.0))
    assert stop_choices(line, 1) == (ODD_RUNS, EVEN_RUNS)
    assert stop_choices(line, 2) == (BOTH_RUN,)
    pattern = stopping_pattern(line)
    assert pattern[2] is BOTH_RUN
    # The longest gap has its best scheme: each train leaves it running, and starts into it.
    assert pattern[:2] == (EVEN_RUNS, ODD_RUNS)


def test_followers_under_semi_automatic_block_start_and_stop() -> None:
    semi = gap(10.0, 12.0, headway_min=3.0, block=Block.SEMI_AUTOMATIC)
    line = line_of(semi, semi)
    assert follow_min(line, 0, 1, odd=True, stops=Stops(False, False)) == 13.0
    assert follow_min(line, 0, 1, odd=True, stops=Stops(True, True)) == 16.0
    # Gap by gap: none has both the start and the stop.
    assert follow_min(line, 0, 2, odd=False, stops=Stops(True, True)) == 17.0
