"""The record that all methods share."""

from __future__ import annotations

import pytest

from keruen.errors import FailedError, error
from keruen.rail.line import LineDescription
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import (
    LineMethod,
    LineResult,
    SectionResult,
    answers,
    round_of_directions,
    share_of_heavier,
    side_by_side,
)
from support.lines import FREIGHT, gap, line_of

FIRST = SectionResult(0, 1, 40.0, 36.0, 27.0, 0.5)
SECOND = SectionResult(1, 3, 60.0, 24.0, 17.999_999_999_9, 0.75)


def answer(line: LineDescription, level: Level) -> LineResult:
    assert line.gaps
    return LineResult(LineMethod.DISPATCH, level, 24.0, 17.999_999_999_9, SECOND, (FIRST, SECOND))


def test_what_follows_from_a_result() -> None:
    found = answer(line_of(gap(9.0, 9.0)), Level.PRACTICAL)
    assert found.trains_per_day == 24.0 + 17.999_999_999_9
    assert found.pairs_per_day == 17.999_999_999_9
    assert found.floored == 18
    assert found.period_min == 60.0
    assert found.consumption_share == 0.75


def test_a_method_of_ones_own_joins_the_loop() -> None:
    line = line_of(gap(9.0, 9.0))
    rows = side_by_side(line, {LineMethod.DISPATCH: answer})
    assert [row.level for row in rows] == list(Level)


def test_proportion_of_the_directions() -> None:
    for odd, even, shares in ((0.0, 0.0, (1.0, 1.0)), (3.0, 4.0, (0.75, 1.0)), (5.0, 0, (1.0, 0))):
        train = FREIGHT._replace(odd_per_day=odd, even_per_day=even)
        assert share_of_heavier(line_of(gap(9.0, 9.0), classes=(train,))) == shares


def test_a_method_that_cannot_answer_hides_no_other() -> None:
    line, works = line_of(gap(9.0, 9.0)), answer

    def fails(_line: LineDescription, level: Level) -> LineResult:
        raise FailedError([error("cannot", level=level.value)])

    methods = {LineMethod.COMPRESSION: fails, LineMethod.DISPATCH: works}
    found = answers(line, methods, (Level.MAXIMAL,))
    assert [one.result is None for one in found] == [True, False]
    assert found[0].problems[0].code == "cannot"
    assert len(side_by_side(line, methods, (Level.MAXIMAL,))) == 1
    with pytest.raises(FailedError, match="cannot"):
        side_by_side(line, {LineMethod.COMPRESSION: fails}, (Level.MAXIMAL,))


def test_a_seldom_direction_has_a_train_in_the_round() -> None:
    def round_of(odd: float, even: float) -> tuple[int, int]:
        own = FREIGHT._replace(odd_per_day=odd, even_per_day=even)
        return round_of_directions(line_of(gap(9.0, 9.0), classes=(own,)))

    assert round_of(0.0, 0.0) == (1, 1)
    assert round_of(40.0, 2.0) == (20, 1)
    assert round_of(1.0, 1e6) == (1, 256)
    assert round_of(0.0, 3.0) == (0, 1)
