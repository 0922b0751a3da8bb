"""Published worked examples of line capacity, and the rules between the levels."""

from __future__ import annotations

import math

import pytest

from keruen.errors import RangeError
from keruen.rail.crossing import StationIntervals, best_period_min
from keruen.rail.gaps import binding
from keruen.rail.headway import semi_automatic_headway_min
from keruen.rail.line_capacity import (
    FORMULAS,
    DayAllowances,
    Level,
    LineCapacity,
    Method,
    Packet,
    Removal,
    capacity_consumption_share,
    double_track,
    packet_period_min,
    removed_trains,
    scott,
    single_track,
    single_track_packet,
    usable_min,
)


def test_published_single_track() -> None:
    period = float(best_period_min(24.0, 25.0, StationIntervals(2.0, 1.0, 1.0, 4.0)))
    capacity = single_track(period)
    assert capacity.trains_per_day == pytest.approx(1440.0 / 55.0)
    assert capacity.floored == 26
    assert capacity.level is Level.MAXIMAL


def test_published_double_track_under_automatic_block() -> None:
    assert double_track(9.0).trains_per_day == 160.0


def test_published_removal_by_other_trains() -> None:
    others = [Removal(1.0, coefficient) for coefficient in (1.2, 1.0, 1.2, 1.6)]
    assert 22.0 - removed_trains(others) == pytest.approx(17.0)
    # The same through a whole calculation: a period that gives 22 pairs before removal.
    capacity = single_track(1440.0 / 22.0, removals=others)
    assert capacity.gross_trains_per_day == pytest.approx(22.0)
    assert capacity.removed_trains_per_day == pytest.approx(5.0)
    assert capacity.floored == 17


def test_published_double_track_under_semi_automatic_block() -> None:
    headway = semi_automatic_headway_min(16.0, 4.0)
    capacity = double_track(headway, Level.AVAILABLE, DayAllowances(120.0, 0.95))
    assert capacity.trains_per_day == pytest.approx(62.7)
    assert capacity.floored == 62


def test_published_scott() -> None:
    assert scott(20.0, 100.0, 0.75).trains_per_day == pytest.approx(9.0)
    assert scott(20.0, 100.0, 0.75).method is Method.SCOTT


@pytest.mark.parametrize("sections", [1, 2, 7, 40])
def test_saturated_line_of_any_number_of_sections(sections: int) -> None:
    # Two minutes of clearance at each meeting, nothing for starts and stops: 15 + 15 + 2 + 2.
    clearance = StationIntervals(0.0, 0.0, 2.0, 2.0)
    periods = best_period_min([15.0] * sections, [15.0] * sections, clearance)
    capacity = single_track(binding(periods).period_min)
    assert capacity.trains_per_day == pytest.approx(1440.0 / 34.0)
    assert round(capacity.trains_per_day, 2) == 42.35


def test_levels_take_window_reliability_and_reserve_in_turn() -> None:
    allowances = DayAllowances(window_min=90.0, reliability_share=0.9, reserve_share=0.2)
    assert usable_min(Level.MAXIMAL, allowances) == 1440.0
    assert usable_min(Level.AVAILABLE, allowances) == pytest.approx(1215.0)
    assert usable_min(Level.PRACTICAL, allowances) == pytest.approx(972.0)


def test_admissible_filling_is_the_reserve_seen_from_the_demand() -> None:
    # helpiks.su/2-134235: (30 + 8 * 1.4 + 2 * 2.2) * 1.1 trains at a filling of 0.91 need 55.
    others = [Removal(8.0 * 1.1, 1.4), Removal(2.0 * 1.1, 2.2)]
    required = (30.0 * 1.1 + removed_trains(others)) / 0.91
    assert math.floor(required) == 55
    just_enough = double_track(
        1440.0 / required, Level.PRACTICAL, DayAllowances(0.0, 1.0, 1.0 - 0.91), others
    )
    assert just_enough.trains_per_day == pytest.approx(33.0)


def test_more_others_than_room_leaves_nothing() -> None:
    capacity = single_track(60.0, removals=[Removal(30.0, 1.5)])
    assert capacity.trains_per_day == 0.0
    assert capacity.floored == 0
    assert capacity.removed_trains_per_day == 45.0


def test_whole_numbers_are_not_floored_away_by_rounding() -> None:
    nearly = LineCapacity(Method.SINGLE_TRACK, Level.MAXIMAL, 1440.0, 1.0, 0.0, 0.0, 59.9999999999)
    assert nearly.floored == 60
    assert nearly._replace(trains_per_day=59.99).floored == 59


def test_packets_of_two_agree_with_the_textbook_form() -> None:
    # N = 2 * 1440 / ((2 - alpha) T + alpha (J' + J'')), the same thing written for two trains.
    for share in (0.0, 0.3, 1.0):
        textbook = 2 * 1440.0 / ((2 - share) * 52.0 + share * (9.0 + 11.0))
        capacity = single_track_packet(52.0, Packet(9.0, 11.0, share))
        assert capacity.trains_per_day == pytest.approx(textbook)


def test_a_packet_of_three() -> None:
    assert packet_period_min(52.0, Packet(9.0, 11.0, 1.0, 3)) == pytest.approx((52.0 + 40.0) / 3)


def test_the_formula_in_words_computes_the_result() -> None:
    # The formula shown to users is evaluated here with its named inputs.
    packet = Packet(9.0, 11.0, 0.4, 3)
    usable, share, trains = 1440.0, packet.share, packet.trains
    shown = usable / (
        52.0 - share * (1 - 1 / trains) * (52.0 - packet.headway_odd_min - packet.headway_even_min)
    )
    assert single_track_packet(52.0, packet).trains_per_day == pytest.approx(shown)
    assert set(FORMULAS) == set(Method)


def test_consumption_of_a_full_timetable_is_the_whole_day() -> None:
    others = [Removal(5.0, 1.2)]
    capacity = single_track(55.0, removals=others)
    share = capacity_consumption_share(capacity.trains_per_day, 55.0, others)
    assert share == pytest.approx(1.0)
    assert capacity_consumption_share(0.0, 55.0) == 0.0


@pytest.mark.parametrize(
    "allowances",
    [
        DayAllowances(window_min=1441.0),
        DayAllowances(reliability_share=1.1),
        DayAllowances(reserve_share=-0.1),
        DayAllowances(window_min=math.nan),
    ],
)
def test_impossible_days_are_refused(allowances: DayAllowances) -> None:
    with pytest.raises(RangeError):
        single_track(55.0, Level.PRACTICAL, allowances)


def test_impossible_periods_packets_and_removals_are_refused() -> None:
    with pytest.raises(RangeError):
        single_track(0.0)
    with pytest.raises(RangeError):
        double_track(-9.0)
    with pytest.raises(RangeError):
        scott(0.0, 0.0, 0.75)
    with pytest.raises(RangeError):
        removed_trains([Removal(-1.0, 1.2)])
    for bad in (Packet(9.0, 9.0, 1.5), Packet(9.0, 9.0, 0.5, 1), Packet(0.0, 9.0, 0.5)):
        with pytest.raises(RangeError):
            packet_period_min(55.0, bad)
