"""Trains a day by compression, and its agreement with the parallel timetable."""

from __future__ import annotations

import pytest

from keruen.errors import RangeError
from keruen.rail.compression import THRESHOLDS, AdditionalTimes, LineType, Span, compress
from keruen.rail.compression_capacity import (
    ANALYTIC,
    Practice,
    compression_capacity,
    ordered_timetable,
    timetable_capacity,
)
from keruen.rail.crossing import StationIntervals
from keruen.rail.line import Block, LineAllowances, LineDescription, Role, TrainClass
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineMethod, side_by_side
from keruen.rail.parallel_timetable import parallel_timetable
from keruen.rail.timetable import uniform_timetable
from support.lines import FREIGHT, gap, line_of

TWO = StationIntervals(0.0, 0.0, 2.0, 2.0)
UNEVEN = FREIGHT._replace(odd_per_day=20.0, even_per_day=15.0)
FEW_BACK = FREIGHT._replace(odd_per_day=40.0, even_per_day=1.0)
SEMI = {"block": Block.SEMI_AUTOMATIC, "headway_min": 3.0}

UNIFORM = [
    line_of(gap(24.0, 25.0)),
    line_of(*[gap(24.0, 25.0)] * 5),
    line_of(*[gap(15.0, 15.0, intervals=TWO)] * 12),
    line_of(gap(24.0, 25.0), gap(10.0, 12.0), gap(20.0, 20.0, 2), gap(23.0, 21.0)),
    line_of(gap(24.0, 25.0, 2), gap(30.0, 20.0, 2, block=Block.SEMI_AUTOMATIC)),
    line_of(gap(9.0, 9.0, 4), gap(9.0, 9.0, 2)),
    line_of(*[gap(13.0, 11.0)] * 3, useful_m=(1050.0, 850.0, 1050.0, 1050.0)),
    line_of(*[gap(1.0, 1.0, intervals=StationIntervals(0.0, 0.0, 0.0, 30.0))] * 2),
    line_of(*[gap(24.0, 25.0)] * 3, classes=(UNEVEN,)),
    line_of(gap(24.0, 25.0, block=Block.SEMI_AUTOMATIC), gap(9.0, 9.0), classes=(UNEVEN,)),
    line_of(
        *[gap(24.0, 25.0)] * 3, classes=(FREIGHT._replace(odd_per_day=40.0, even_per_day=1.0),)
    ),
    line_of(gap(24.0, 25.0), classes=(FREIGHT._replace(odd_per_day=2.0, even_per_day=40.0),)),
]


@pytest.mark.parametrize("line", UNIFORM)
@pytest.mark.parametrize("level", [Level.MAXIMAL, Level.AVAILABLE])
def test_parallel_timetable_and_compression_agree_on_one_class(
    line: LineDescription, level: Level
) -> None:
    allowances = LineAllowances(150.0, 90.0, 0.92)
    line = LineDescription(line.places, line.gaps, line.classes, allowances)
    first, second = parallel_timetable(line, level), compression_capacity(line, level)
    assert second.odd_per_day == pytest.approx(first.odd_per_day, rel=1e-9)
    assert second.even_per_day == pytest.approx(first.even_per_day, rel=1e-9)
    assert second.period_min == pytest.approx(first.period_min, rel=1e-9)
    assert second.consumption_share == pytest.approx(first.consumption_share, rel=1e-9)


def test_a_section_ends_where_the_few_trains_of_a_direction_are_overtaken_too() -> None:
    few = FREIGHT._replace(odd_per_day=10.0, even_per_day=2.0)
    fast = TrainClass("passenger", 400.0, 3.0, 3.0, Role.BACKGROUND)
    slow_back = gap((20.0, 20.0), (40.0, 20.0), 2)
    line = line_of(slow_back, slow_back, classes=(few, fast), tracks=2)
    assert len(compression_capacity(line).sections) == 1
    roomy = line_of(slow_back, slow_back, classes=(few, fast), tracks=4)
    assert len(compression_capacity(roomy).sections) == 2


@pytest.mark.parametrize("line", UNIFORM[:7])
def test_a_timetable_that_can_be_run_says_the_same(line: LineDescription) -> None:
    most = parallel_timetable(line).floored
    for pairs in (most, max(most // 3, 1)):
        found = timetable_capacity(line, uniform_timetable(line, pairs))
        assert found.pairs_per_day == pytest.approx(parallel_timetable(line).pairs_per_day)
        assert found.method is LineMethod.COMPRESSION


def test_practical_is_the_threshold_or_what_is_available() -> None:
    line = line_of(gap(28.0, 28.0, intervals=TWO))
    found = compression_capacity(line, Level.PRACTICAL)
    assert found.pairs_per_day == pytest.approx(0.6 * 1440.0 / 60.0)
    peak = Practice(LineType.SUBURBAN, Span.PEAK)
    found = compression_capacity(line, Level.PRACTICAL, peak)
    assert found.pairs_per_day == pytest.approx(0.85 * 24.0)
    worn = LineDescription(line.places, line.gaps, line.classes, LineAllowances(720.0))
    assert compression_capacity(worn, Level.PRACTICAL).pairs_per_day == pytest.approx(12.0)


@pytest.mark.parametrize("kind", list(LineType))
@pytest.mark.parametrize("span", list(Span))
def test_every_kind_of_line_has_a_threshold_of_the_peak_and_of_the_day(
    kind: LineType, span: Span
) -> None:
    line = line_of(gap(28.0, 28.0, intervals=TWO))
    threshold = THRESHOLDS[kind, span]
    assert threshold.low <= threshold.share <= threshold.high <= 1.0
    assert THRESHOLDS[kind, Span.DAY].share < THRESHOLDS[kind, Span.PEAK].share
    found = compression_capacity(line, Level.PRACTICAL, Practice(kind, span))
    assert found.pairs_per_day == pytest.approx(threshold.share * 24.0)


def test_background_keeps_its_number() -> None:
    mail = TrainClass("mail", 300.0, 10.0, 10.0, Role.BACKGROUND)
    same = (28.0, 28.0)
    line = line_of(gap(same, same, intervals=TWO), classes=(FREIGHT, mail))
    assert compression_capacity(line).pairs_per_day == pytest.approx(24.0 - 10.0)
    assert compression_capacity(line).consumption_share == pytest.approx(10.0 / 24.0)
    half = mail._replace(odd_per_day=2.5, even_per_day=2.5)
    line = line_of(gap(same, same, intervals=TWO), classes=(FREIGHT, half))
    assert compression_capacity(line).pairs_per_day == pytest.approx(21.5)
    much = mail._replace(odd_per_day=30.0, even_per_day=30.0)
    line = line_of(gap(same, same, intervals=TWO), classes=(FREIGHT, much))
    assert compression_capacity(line).pairs_per_day == 0.0


def test_faster_trains_on_two_tracks_cost_their_catching_up() -> None:
    """Each of few fast trains meets slow ones only: it costs two headways and the difference."""
    fast = TrainClass("fast", 300.0, 6.0, 6.0, Role.BACKGROUND)
    line = line_of(gap((30.0, 20.0), (30.0, 20.0), 2), classes=(FREIGHT, fast))
    found = compression_capacity(line)
    assert found.pairs_per_day == pytest.approx((1440.0 - 6 * (8.0 + 10.0)) / 8.0, rel=0.01)


def test_additional_times_leave_less() -> None:
    line = line_of(gap(28.0, 28.0, intervals=TWO))
    more = Practice(additional=AdditionalTimes(1.0, 0.25, 120.0))
    found = compression_capacity(line, practice=more)
    assert found.pairs_per_day == pytest.approx((1440.0 - 120.0) / (60.0 * 1.25 + 2.0))
    timetable = uniform_timetable(line, 5)
    assert timetable_capacity(line, timetable, practice=more).pairs_per_day == pytest.approx(
        found.pairs_per_day
    )


def test_a_scaled_timetable_keeps_its_mix() -> None:
    mail = TrainClass("mail", 300.0, 2.0, 2.0, Role.BACKGROUND)
    same = (28.0, 28.0)
    line = line_of(gap(same, same, intervals=TWO), classes=(FREIGHT, mail))
    laid = ordered_timetable(line, ((4, 4), (2, 2)))
    assert compress(line, laid)[0].consumption_share == pytest.approx(6.0 / 24.0)
    assert timetable_capacity(line, laid).pairs_per_day == pytest.approx(4 * 24.0 / 6.0)
    with pytest.raises(RangeError):
        ordered_timetable(line, ((0, 0), (0, 0)))


def test_a_headway_of_next_to_nothing_is_refused() -> None:
    mail = TrainClass("mail", 300.0, 1.0, 1.0, Role.BACKGROUND)
    tiny = gap((1.0, 1.0), (1.0, 1.0), 2, headway_min=0.1)
    with pytest.raises(RangeError):
        compression_capacity(line_of(tiny, classes=(FREIGHT, mail)))


def test_side_by_side_is_a_loop() -> None:
    line = line_of(gap(24.0, 25.0), allowances=LineAllowances(120.0, 60.0, 0.9, 0.15, 0.09))
    table = side_by_side(line, ANALYTIC)
    assert [(row.method, row.level) for row in table] == [
        (method, level)
        for method in (LineMethod.PARALLEL_TIMETABLE, LineMethod.COMPRESSION)
        for level in Level
    ]
    for row in table:
        assert row.binding in row.sections
        assert row.pairs_per_day <= 1440.0 / 55.0 + 1e-9
    third = {LineMethod.DISPATCH: parallel_timetable}
    assert len(side_by_side(line, {**ANALYTIC, **third}, (Level.MAXIMAL,))) == 3
