"""What every method says of the capacity of a line: one record, so that they stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from keruen.errors import FailedError, Problem
from keruen.rail.line import LineDescription
from keruen.rail.line_capacity import Level, whole_trains

_PATTERN: Final = 16
"""Of at most so many trains of the heavier direction a proportion of the directions is made up."""
_SELDOM: Final = 256
"""To so many trains of the heavier direction one of the other runs, if any does."""


class LineMethod(StrEnum):
    """How the capacity of a whole line is found."""

    PARALLEL_TIMETABLE = "parallel_timetable"
    COMPRESSION = "compression"
    DISPATCH = "dispatch"


class SectionResult(NamedTuple):
    """One stretch of the line between places that trains can use.

    Parameters
    ----------
    first_place, last_place : int
        Positions of its ends; more than one apart where places between are of no use.
    period_min : float
        Minutes taken by one train of the heavier direction, its share of a train the other way
        included: on single track with even traffic, minutes a pair.
    odd_per_day, even_per_day : float
        Trains of the class sought.
    consumption_share : float
        Share of the day that the day's trains as described consume.
    scheme : str
        Name of the crossing scheme on single track; empty elsewhere and where none is chosen.
    """

    first_place: int
    last_place: int
    period_min: float
    odd_per_day: float
    even_per_day: float
    consumption_share: float
    scheme: str = ""


class LineResult(NamedTuple):
    """Capacity of a line for the class sought.

    Parameters
    ----------
    method : LineMethod
        How it was found.
    level : Level
        Which part of the day.
    odd_per_day, even_per_day : float
        Trains a day of the class sought in each direction, background let through.
    binding : SectionResult
        The stretch that decides.
    sections : tuple of SectionResult
        All of them, in the order of odd trains; each as if it alone decided.
    """

    method: LineMethod
    level: Level
    odd_per_day: float
    even_per_day: float
    binding: SectionResult
    sections: tuple[SectionResult, ...]

    @property
    def trains_per_day(self) -> float:
        """Trains a day of the class sought, both directions together."""
        return self.odd_per_day + self.even_per_day

    @property
    def pairs_per_day(self) -> float:
        """Pairs a day of the class sought: the lesser direction."""
        return min(self.odd_per_day, self.even_per_day)

    @property
    def floored(self) -> int:
        """Whole pairs a day."""
        return whole_trains(self.pairs_per_day)

    @property
    def period_min(self) -> float:
        """Minutes of a pair, or of a train and its share of the other direction, that bind."""
        return self.binding.period_min

    @property
    def consumption_share(self) -> float:
        """Share of the day that the day's trains consume where most of it is consumed."""
        return max(section.consumption_share for section in self.sections)


class LineAnswer(NamedTuple):
    """What a method says of a line at a level, or why it can say nothing.

    Parameters
    ----------
    method : LineMethod
        What was asked.
    level : Level
        Which part of the day.
    result : LineResult or None
        None where it cannot answer.
    problems : tuple of Problem
        Then the reasons.
    """

    method: LineMethod
    level: Level
    result: LineResult | None
    problems: tuple[Problem, ...] = ()


LineCapacityMethod = Callable[[LineDescription, Level], LineResult]
"""Every method is such a function; what else it can be told has a default."""


def answers(
    line: LineDescription,
    methods: Mapping[LineMethod, LineCapacityMethod],
    levels: tuple[Level, ...] = tuple(Level),
) -> tuple[LineAnswer, ...]:
    """Ask several methods of a line; one that cannot answer says why and hides no other.

    Parameters
    ----------
    line : LineDescription
        The line.
    methods : mapping of LineMethod to function
        What to ask.
    levels : tuple of Level
        Levels, in order.

    Returns
    -------
    tuple of LineAnswer
        By method, then by level.
    """
    return tuple(
        _answer(line, name, method, level) for name, method in methods.items() for level in levels
    )


def _answer(
    line: LineDescription, name: LineMethod, method: LineCapacityMethod, level: Level
) -> LineAnswer:
    try:
        return LineAnswer(name, level, method(line, level))
    except FailedError as failed:
        return LineAnswer(name, level, None, failed.problems)


def side_by_side(
    line: LineDescription,
    methods: Mapping[LineMethod, LineCapacityMethod],
    levels: tuple[Level, ...] = tuple(Level),
) -> tuple[LineResult, ...]:
    """Capacity of a line by several methods and levels; those that cannot answer are left out.

    Parameters
    ----------
    line : LineDescription
        The line.
    methods : mapping of LineMethod to function
        What to ask; those that need no running of trains are
        :data:`keruen.rail.compression_capacity.ANALYTIC`.
    levels : tuple of Level
        Levels, in order.

    Returns
    -------
    tuple of LineResult
        By method, then by level; see :func:`answers` for why one is missing.

    Raises
    ------
    keruen.errors.FailedError
        When no method can answer: the reasons of all.
    """
    asked = answers(line, methods, levels)
    found = tuple(one.result for one in asked if one.result is not None)
    if asked and not found:
        raise FailedError([problem for one in asked for problem in one.problems])
    return found


def share_of_heavier(line: LineDescription) -> tuple[float, float]:
    """Trains odd and even of the class sought for one train of the heavier direction.

    >>> from keruen.rail.crossing import StationIntervals
    >>> from keruen.rail.line import Block, Gap, Place, TrainClass
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (24.0,), (25.0,))
    >>> ends = (Place("A", 3, 1050.0), Place("B", 2, 1050.0))
    >>> share_of_heavier(LineDescription(ends, (gap,), (TrainClass("freight", 900.0, 20.0, 15.0),)))
    (1.0, 0.75)
    """
    sought = line.classes[line.sought]
    heavier = max(sought.odd_per_day, sought.even_per_day)
    if heavier <= 0.0:
        return 1.0, 1.0
    return sought.odd_per_day / heavier, sought.even_per_day / heavier


def round_of_directions(line: LineDescription) -> tuple[int, int]:
    """Odd and even trains of the class sought in small whole numbers, about in its proportion.

    A direction that has trains has one of them at least, however many the other has.

    >>> from keruen.rail.crossing import StationIntervals
    >>> from keruen.rail.line import Block, Gap, Place, TrainClass
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (24.0,), (25.0,))
    >>> ends = (Place("A", 3, 1050.0), Place("B", 2, 1050.0))
    >>> def round_of(odd, even):
    ...     freight = TrainClass("freight", 900.0, odd, even)
    ...     return round_of_directions(LineDescription(ends, (gap,), (freight,)))
    >>> round_of(20.0, 15.0), round_of(1.0, 40.0), round_of(7.0, 0.0)
    ((4, 3), (1, 40), (1, 0))
    """
    odd, even = share_of_heavier(line)
    lesser = min(odd, even)
    if 0.0 < lesser * _PATTERN < 1.0:
        whole = Fraction(1, round(min(1.0 / lesser, _SELDOM)))
    else:
        whole = Fraction(lesser).limit_denominator(_PATTERN)
    both = whole.denominator, whole.numerator
    return both if odd >= even else both[::-1]
