from __future__ import annotations

from dataclasses import replace

import pytest

from keruen.errors import FailedError
from keruen.rail.compression_capacity import compression_capacity
from keruen.rail.dispatch.line_saturation import (
    STATED_DAYS,
    _most_rounds,
    dispatch_capacity,
    without_background,
)
from keruen.rail.line import Block, LineAllowances, LineDescription, Role, TrainClass
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineMethod
from keruen.rail.parallel_timetable import parallel_timetable
from support.lines import FREIGHT, gap, line_of


def test_it_agrees_with_the_parallel_timetable_on_uniform_lines() -> None:
    for count in (2, 3, 4, 6):
        for block in Block:
            line = line_of(*[gap(24.0, 25.0, block=block)] * count, tracks=2)
            found = dispatch_capacity(line)
            expected = parallel_timetable(line).pairs_per_day
            assert found.pairs_per_day == pytest.approx(expected, rel=1e-3)
            assert found.period_min == pytest.approx(1440.0 / expected, rel=1e-3)
    double = line_of(*[gap(24.0, 25.0, 2)] * 3, tracks=4)
    assert dispatch_capacity(double).pairs_per_day == pytest.approx(180.0, rel=1e-3)


def test_an_odd_track_does_not_lead_first_come_astray() -> None:
    gaps = [gap(24.0, 25.0)] * 3
    two, three = (dispatch_capacity(line_of(*gaps, tracks=tracks)) for tracks in (2, 3))
    assert three == two


def test_a_place_too_short_for_the_train_is_passed_over() -> None:
    gaps = (gap(20.0, 20.0), gap(10.0, 10.0), gap(10.0, 10.0), gap(20.0, 20.0))
    useful = (1050.0, 1050.0, 700.0, 1050.0, 1050.0)
    line = line_of(*gaps, tracks=2, useful_m=useful)
    merged = line_of(gap(20.0, 20.0), gap(20.0, 20.0), gap(20.0, 20.0), tracks=2)
    expected = dispatch_capacity(merged).pairs_per_day
    assert dispatch_capacity(line).pairs_per_day == pytest.approx(expected, rel=1e-3)


def test_levels_take_window_reliability_and_reserve_off() -> None:
    day = LineAllowances(120.0, 120.0, 0.9, 0.2, 0.2)
    line = line_of(*[gap(24.0, 25.0)] * 3, tracks=2, allowances=day)
    maximal, available, practical = (dispatch_capacity(line, level) for level in Level)
    assert (maximal.method, maximal.level) == (LineMethod.DISPATCH, Level.MAXIMAL)
    by_minutes = maximal.pairs_per_day * (1440.0 - 120.0) / 1440.0 * 0.9
    # A train that would run into the window waits for its end: more than its minutes is lost.
    assert 0.9 * by_minutes < available.pairs_per_day <= by_minutes * 1.001
    assert practical.pairs_per_day == pytest.approx(0.8 * available.pairs_per_day)


def mixed(background_per_day: float) -> LineDescription:
    fast = TrainClass("fast", 400.0, background_per_day, background_per_day, Role.BACKGROUND)
    gaps = [gap((24.0, 18.0), (25.0, 18.0))] * 3
    return line_of(*gaps, tracks=2, classes=(FREIGHT, fast))


def test_background_takes_about_what_compression_says() -> None:
    line = mixed(5.0)
    found, free = dispatch_capacity(line), dispatch_capacity(without_background(line))
    assert found.pairs_per_day == pytest.approx(compression_capacity(line).pairs_per_day, rel=0.05)
    taken = free.pairs_per_day - found.pairs_per_day
    assert 3.0 < taken < 8.0
    assert found.consumption_share == pytest.approx(taken / free.pairs_per_day, abs=1e-3)
    assert free.consumption_share == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("of_day", [(20.0, 20.0), (20.0, 15.0), (10.0, 20.0)])
def test_the_proportion_of_the_directions_is_kept(of_day: tuple[float, float]) -> None:
    line = line_of(
        *[gap(24.0, 25.0)] * 3, tracks=2, classes=(TrainClass("freight", 900.0, *of_day),)
    )
    found = dispatch_capacity(line)
    assert found.odd_per_day * of_day[1] == pytest.approx(found.even_per_day * of_day[0])
    pairs = dispatch_capacity(replace(line, classes=(FREIGHT,))).pairs_per_day
    assert max(found.odd_per_day, found.even_per_day) >= pairs * 0.9
    assert found.trains_per_day <= 2.0 * pairs * 1.25


def test_a_line_full_of_background_has_nothing_left() -> None:
    assert dispatch_capacity(mixed(60.0)).pairs_per_day == 0.0


def test_what_it_cannot_do_is_refused() -> None:
    line = line_of(*[gap(24.0, 25.0)] * 2, tracks=2)
    never = replace(line, allowances=LineAllowances(1430.0))
    with pytest.raises(FailedError) as raised:
        dispatch_capacity(never, Level.AVAILABLE)
    assert raised.value.problems[0].code == "line_cannot_be_saturated"


@pytest.mark.parametrize("guess", [1, 30, 412, 413, 440, 5_000])
def test_wherever_the_search_begins_it_finds_the_rounds_that_fill_the_days(guess: int) -> None:
    asked: set[int] = set()

    def days_taken(rounds: int) -> float:
        asked.add(rounds)
        # Others stand between other trains: more where the number of rounds is odd.
        return (40 + 2 * rounds + 0.4 * (rounds % 2)) / 216.25

    found = _most_rounds(days_taken, guess, (40, 42))
    assert days_taken(412) <= STATED_DAYS < days_taken(413)
    assert found == pytest.approx(412 + 1.0 / 2.4)
    assert len(asked) <= 8


def test_the_search_comes_down_in_growing_steps_and_back_by_halves() -> None:
    asked: list[int] = []

    def days_taken(rounds: int) -> float:
        asked.append(rounds)
        return STATED_DAYS + (0.001 if rounds > 100 else -1.0)

    assert 100 <= _most_rounds(days_taken, 900, (40, 42)) <= 101
    assert len(set(asked)) <= 24
