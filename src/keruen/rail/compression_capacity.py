"""Trains a day by compression: how many the admissible consumption lets through.

With a timetable given, its mix is kept: trains a day = trains of the timetable x admissible share
/ consumed share. Without one, mixed traffic is laid in an order that spreads every class evenly;
background trains keep their number and trains of the class sought are added until the admissible
share is consumed, which is how the leaflet finds what is left of a line. A part of a train is
interpolated between the background alone and the line full.

The admissible share at the maximal level is the whole day, at the available level the day less the
window times the reliability, at the practical level the leaflet's threshold, if that is less.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from keruen.errors import require_range
from keruen.rail.compression import (
    NO_ADDITIONS,
    THRESHOLDS,
    AdditionalTimes,
    LineType,
    SectionOccupancy,
    Span,
    compress,
    compress_unchecked,
    section_ends,
)
from keruen.rail.line import NO_PACKETS, LineDescription
from keruen.rail.line_capacity import Level, usable_min
from keruen.rail.line_result import (
    LineCapacityMethod,
    LineMethod,
    LineResult,
    SectionResult,
    round_of_directions,
    share_of_heavier,
)
from keruen.rail.parallel_timetable import parallel_timetable, stopping_pattern
from keruen.rail.timetable import Timetable, TrainPath, mixed_order, occupied_min, own_stops
from keruen.units import MINUTES_PER_DAY

MOST_TRAINS: Final = 4096
"""So many trains of the class sought in a direction are tried at most."""

_ROUNDING: Final = 1e-9


class Practice(NamedTuple):
    """How the leaflet is applied.

    Parameters
    ----------
    line_type : LineType
        Kind of traffic.
    span : Span
        Peak or day.
    additional : AdditionalTimes
        Times added to the occupancy.
    """

    line_type: LineType = LineType.MIXED
    span: Span = Span.DAY
    additional: AdditionalTimes = NO_ADDITIONS


MIXED_DAY: Final = Practice()
"""Mixed traffic over the day, nothing added."""


class _Laying(NamedTuple):
    """What holds for a line however many trains are laid on it."""

    stops: tuple[tuple[bool, ...], tuple[bool, ...]]
    ends: tuple[int, ...]
    days: int
    background: tuple[tuple[int, int], ...]
    even_per_odd: tuple[float, float]


@lru_cache(maxsize=64)
def _laying(line: LineDescription) -> _Laying:
    days = math.lcm(
        *(
            Fraction(line.classes[position].per_day(odd)).limit_denominator(4).denominator
            for position in line.background
            for odd in (True, False)
        )
    )
    background = tuple(
        (round(train.odd_per_day * days), round(train.even_per_day * days))
        if position in line.background
        else (0, 0)
        for position, train in enumerate(line.classes)
    )
    pattern = stopping_pattern(replace(line, packets=NO_PACKETS))
    stops = (own_stops(pattern, True), own_stops(pattern, False))
    shares = share_of_heavier(line)
    one_each = [
        (min(odd, 1), min(even, 1))
        if position != line.sought
        else (int(shares[0] > 0.0), int(shares[1] > 0.0))
        for position, (odd, even) in enumerate(background)
    ]
    every_kind = Timetable(
        tuple(
            TrainPath(position, odd, (0.0,) * len(line.gaps), stops[not odd])
            for position, odd in mixed_order(tuple(one_each))
        )
    )
    ends = tuple(p for p in section_ends(line, every_kind) if pattern[p] is not None)
    return _Laying(stops, ends, days, background, shares)


def _with_shares(heavier: int, shares: tuple[float, float]) -> tuple[int, int]:
    odd, even = (round(heavier * share) for share in shares)
    return odd, even


def ordered_timetable(
    line: LineDescription, counts: tuple[tuple[int, int], ...], ends: tuple[int, ...] | None = None
) -> Timetable:
    """Mixed traffic in an even order, so far apart that no train meets another in a section.

    It is to be compressed, not to be run: the cycle is long, and each train waits at every end of
    a section for its turn, whether it stops there or not. Who stops where follows the parallel
    timetable of the class sought.

    Parameters
    ----------
    line : LineDescription
        The line.
    counts : tuple of (int, int), length (classes,)
        Odd and even trains of each class, at least one train in all.
    ends : tuple of int, optional
        Ends of sections; found from all classes of the line if not given.

    Returns
    -------
    Timetable
        With a day as its reference.

    Raises
    ------
    keruen.errors.RangeError
        If there is no train.
    """
    require_range("trains", sum(map(sum, counts)), 1.0)
    laying = _laying(line)
    return _laid(line, laying if ends is None else laying._replace(ends=ends), counts)


def _laid(line: LineDescription, laying: _Laying, counts: tuple[tuple[int, int], ...]) -> Timetable:
    order, gaps = mixed_order(counts), range(len(line.gaps))
    times = {
        (position, odd): [
            occupied_min(line, TrainPath(position, odd, (), laying.stops[not odd]), gap)
            for gap in gaps
        ]
        for position, odd in set(order)
    }
    slot = max(map(sum, times.values())) + 1.0
    cycle = slot * len(order)
    sections = [range(*pair) for pair in pairwise(laying.ends)]
    paths = []
    for turn, (position, odd) in enumerate(order):
        entry = [0.0] * len(gaps)
        for passed, section in enumerate(sections if odd else sections[::-1]):
            clock = turn * slot + passed * cycle
            for gap in section if odd else section[::-1]:
                entry[gap] = clock
                clock += times[position, odd][gap]
        paths.append(TrainPath(position, odd, tuple(entry), laying.stops[not odd]))
    return Timetable(tuple(paths), cycle, MINUTES_PER_DAY)


def admissible_share(
    line: LineDescription, level: Level, practice: Practice, section: SectionOccupancy
) -> float:
    """Share of the reference time that trains may consume on a section at a level."""
    tracks = min(g.tracks for g in line.gaps[section.first_place : section.last_place])
    day = line.allowances.of_gap(tracks)
    if level is Level.MAXIMAL:
        return 1.0
    available = usable_min(Level.AVAILABLE, day) / MINUTES_PER_DAY
    if level is Level.AVAILABLE:
        return available
    return min(available, THRESHOLDS[practice.line_type, practice.span].share)


@lru_cache(maxsize=256)
def _consumed(
    line: LineDescription, laying: _Laying, practice: Practice, sought: tuple[int, int]
) -> tuple[SectionOccupancy, ...]:
    """Consumption of the background and so many trains of the class sought over all days."""
    counts = list(laying.background)
    counts[line.sought] = sought
    additional = practice.additional._replace(fixed_min=practice.additional.fixed_min * laying.days)
    if sum(map(sum, counts)) == 0:
        share = practice.additional.fixed_min / MINUTES_PER_DAY
        ends = pairwise(laying.ends)
        return tuple(SectionOccupancy(first, last, 0.0, share) for first, last in ends)
    laid = _laid(line, laying, tuple(counts))
    laid = laid._replace(reference_min=MINUTES_PER_DAY * laying.days)
    return compress_unchecked(line, laid, additional, laying.ends)


def _result(level: Level, sections: tuple[SectionResult, ...]) -> LineResult:
    binding = min(sections, key=lambda s: max(s.odd_per_day, s.even_per_day))
    return LineResult(
        LineMethod.COMPRESSION, level, binding.odd_per_day, binding.even_per_day, binding, sections
    )


def _estimate(
    consumed: Callable[[int], tuple[SectionOccupancy, ...]], trains: int, admissible: list[float]
) -> int:
    """About how many trains fill a line, if each took as much as the first ones do."""
    least = math.inf
    for none, some, most in zip(consumed(0), consumed(trains), admissible, strict=True):
        each = (some.consumption_share - none.consumption_share) / trains
        if each > 0.0:
            least = min(least, (most - none.consumption_share) / each)
    return max(0, int(least)) if math.isfinite(least) else 0


def _first_too_many(fits: Callable[[int], bool], guess: int, most: int) -> int:
    """The first number of trains that do not fit, sought in growing steps from a guess.

    One more than ``most`` where even those fit.
    """
    low = high = min(guess, most)  # all below ``low`` fit
    step = 1
    while high <= most and fits(high):
        low, high, step = high + 1, high + step, 2 * step
    while low > 0 and not fits(low - 1):
        high, step = low - 1, 2 * step
        low = max(0, high - step)
    return bisect_left(range(min(high, most + 1)), True, lo=low, key=lambda n: not fits(n))


def compression_capacity(
    line: LineDescription, level: Level = Level.MAXIMAL, practice: Practice = MIXED_DAY
) -> LineResult:
    """Trains of the class sought that a line carries by compression, background let through.

    Parameters
    ----------
    line : LineDescription
        Places, gaps, trains and allowances; packets are left out.
    level : Level
        Maximal, available or practical.
    practice : Practice
        Thresholds and additional times.

    Returns
    -------
    LineResult
        Per section: minutes of a train of the heavier direction on the average of those that the
        line has room for beside the background; consumption of the day's trains as described.

    Raises
    ------
    keruen.errors.RangeError
        If a number is outside its range, or more than :data:`MOST_TRAINS` trains find room.

    Examples
    --------
    >>> from keruen.rail.crossing import StationIntervals
    >>> from keruen.rail.line import Block, Gap, Place, TrainClass
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (24.0,), (25.0,))
    >>> ends = (Place("A", 3, 1050.0), Place("B", 2, 1050.0))
    >>> line = LineDescription(ends, (gap,), (TrainClass("freight", 1000.0),))
    >>> found = compression_capacity(line)
    >>> round(found.period_min, 9), found.floored
    (55.0, 26)
    """
    laying = _laying(line)
    stated = _with_shares(
        round(laying.days * max(line.classes[line.sought][2:4])), laying.even_per_odd
    )
    of_day = _consumed(line, laying, practice, stated)
    admissible = [admissible_share(line, level, practice, section) for section in of_day]

    def consumed(heavier: int) -> tuple[SectionOccupancy, ...]:
        return _consumed(line, laying, practice, _with_shares(heavier, laying.even_per_odd))

    def fits(heavier: int) -> bool:
        shares = [section.consumption_share for section in consumed(heavier)]
        return all(s <= most + _ROUNDING for s, most in zip(shares, admissible, strict=True))

    # A whole number of times the proportion of the directions.
    whole = max(round_of_directions(line))
    trains = whole
    if line.background:
        most = MOST_TRAINS * laying.days
        full = _first_too_many(fits, _estimate(consumed, whole, admissible), most)
        require_range("trains_per_day", full / laying.days, 0.0, MOST_TRAINS)
        trains = max(whole, math.ceil(full / whole) * whole)
    sections = []
    for none, many, allowed, stated_section in zip(
        consumed(0), consumed(trains), admissible, of_day, strict=True
    ):
        each = (many.consumption_share - none.consumption_share) / trains
        left = max(0.0, allowed - none.consumption_share)
        heavier = (left / each if each > 0.0 else math.inf) / laying.days
        sections.append(
            SectionResult(
                none.first_place,
                none.last_place,
                each * MINUTES_PER_DAY * laying.days,
                heavier * laying.even_per_odd[0],
                heavier * laying.even_per_odd[1],
                stated_section.consumption_share,
            )
        )
    return _result(level, tuple(sections))


def timetable_capacity(
    line: LineDescription,
    timetable: Timetable,
    level: Level = Level.MAXIMAL,
    practice: Practice = MIXED_DAY,
) -> LineResult:
    """Trains of the class sought a day when a given timetable is scaled, its mix kept.

    Parameters
    ----------
    line, level, practice
        As in :func:`compression_capacity`.
    timetable : Timetable
        Paths over the whole line.

    Returns
    -------
    LineResult
        Trains of the timetable times admissible over consumed share, a day.

    Raises
    ------
    keruen.errors.RangeError
        As :func:`keruen.rail.compression.compress`.

    Examples
    --------
    See :func:`keruen.rail.compression.compress`: 3 pairs take 165 of 1440 minutes.

    >>> from keruen.rail.crossing import StationIntervals
    >>> from keruen.rail.line import Block, Gap, Place, TrainClass
    >>> from keruen.rail.timetable import uniform_timetable
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (24.0,), (25.0,))
    >>> ends = (Place("A", 3, 1050.0), Place("B", 2, 1050.0))
    >>> line = LineDescription(ends, (gap,), (TrainClass("freight", 1000.0),))
    >>> found = timetable_capacity(line, uniform_timetable(line, 3))
    >>> round(found.pairs_per_day, 3), round(found.consumption_share, 4)
    (26.182, 0.1146)
    """
    own = [path.odd for path in timetable.paths if path.train_class == line.sought]
    odd, even = own.count(True), own.count(False)
    fixed = practice.additional.fixed_min / timetable.reference_min
    in_day = MINUTES_PER_DAY / timetable.reference_min
    sections = []
    for section in compress(line, timetable, practice.additional):
        variable = section.consumption_share - fixed
        left = max(0.0, admissible_share(line, level, practice, section) - fixed)
        scale = left / variable * in_day
        sections.append(
            SectionResult(
                section.first_place,
                section.last_place,
                variable * timetable.reference_min / max(odd, even, 1),
                odd * scale,
                even * scale,
                section.consumption_share,
            )
        )
    return _result(level, tuple(sections))


ANALYTIC: Final[MappingProxyType[LineMethod, LineCapacityMethod]] = MappingProxyType(
    {
        LineMethod.PARALLEL_TIMETABLE: parallel_timetable,
        LineMethod.COMPRESSION: compression_capacity,
    }
)
"""Methods that run no trains; dispatching joins them from its own module."""
