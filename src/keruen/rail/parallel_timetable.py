"""Capacity of a whole line by the parallel timetable, the method of the CIS railways.

Stretch by stretch: on single track the period of a pair of trains, with packets or not; on a track
of its own the headway of a direction. Trains of the heavier direction beyond the pairs follow at
the headway, or under semi-automatic block at the running time with its interval, but never cost
more than a whole pair. Background trains remove trains by their coefficients. The stretch that
leaves the fewest trains of the class sought decides.

A place has one crossing scheme for both gaps that meet there: where odd trains run through, even
ones stop. The textbooks let every gap take its own best scheme (:attr:`Schemes.EACH_GAP`), which is
right where one long gap binds and its neighbours have time to fit in. Between gaps that are alike
it promises more than can be run; :attr:`Schemes.LINE` chooses the running through of all places
together, so that the hardest stretch is as good as can be. A place need not be used: neighbouring
gaps are taken as one where that carries more.
"""

from __future__ import annotations

import itertools
from enum import StrEnum
from functools import lru_cache, partial
from statistics import fmean
from typing import Final, NamedTuple

from keruen.rail.crossing import SCHEMES, CrossingScheme, StationIntervals, crossing_period_min
from keruen.rail.headway import semi_automatic_headway_min
from keruen.rail.line import (
    DOUBLE,
    Block,
    Gap,
    LineDescription,
    hardest_intervals,
    merged_running_min,
)
from keruen.rail.line_capacity import (
    Level,
    Packet,
    Removal,
    capacity_consumption_share,
    double_track,
    packet_period_min,
    single_track,
)
from keruen.rail.line_result import LineMethod, LineResult, SectionResult, share_of_heavier


class Stops(NamedTuple):
    """Which direction stops at a place."""

    odd: bool
    even: bool


ODD_RUNS: Final = Stops(False, True)
"""Odd trains run through the place, even ones stop there."""

EVEN_RUNS: Final = Stops(True, False)
"""Even trains run through the place, odd ones stop there."""

BOTH_RUN: Final = Stops(False, False)
"""No train stops: the place lies between gaps where the directions have their own tracks."""


class Schemes(StrEnum):
    """How the crossing schemes of neighbouring gaps go together."""

    LINE = "line"
    EACH_GAP = "each_gap"


class _Way(NamedTuple):
    """The best stretches up to a place, under one way of stopping there."""

    trains: float
    minutes: float
    sections: tuple[SectionResult, ...]
    stops: tuple[Stops | None, ...]


def follow_min(line: LineDescription, first: int, last: int, odd: bool, stops: Stops) -> float:
    """Time after which a train of the class sought follows another over gaps as one stretch.

    Parameters
    ----------
    line : LineDescription
        The line.
    first, last : int
        Gaps ``first`` up to, not including, ``last``; trains can follow gap by gap.
    odd : bool
        Direction.
    stops : Stops
        ``odd``: the train starts from a stop; ``even``: it stops at the end.

    Returns
    -------
    float
        Minutes: the longest of the gaps.
    """
    starts, ends = stops
    entered, left = (first, last - 1) if odd else (last - 1, first)
    longest = 0.0
    for position in range(first, last):
        gap = line.gaps[position]
        if gap.block is Block.AUTOMATIC:
            longest = max(longest, gap.headway_min)
            continue
        running = gap.running_min(line.sought, odd)
        running += float(gap.intervals.start_min) * (starts and position == entered)
        running += float(gap.intervals.stop_min) * (ends and position == left)
        longest = max(longest, semi_automatic_headway_min(running, gap.headway_min))
    return longest


def _scheme(left: Stops, right: Stops) -> CrossingScheme:
    leaving = (not right.odd, not left.even)
    return next(s for s in SCHEMES if (s.odd_leaves_running, s.even_leaves_running) == leaving)


def _intervals_at_ends(
    scheme: CrossingScheme, odd_leaves: Gap, even_leaves: Gap
) -> StationIntervals:
    """Intervals of a stretch from those of its first and last gap, each for what happens there."""
    ends = (
        (scheme.odd_leaves_running, odd_leaves.intervals),
        (scheme.even_leaves_running, even_leaves.intervals),
    )
    crossing = [own for running, own in ends if running] or [odd_leaves.intervals]
    waiting = [own for running, own in ends if not running] or [odd_leaves.intervals]
    return StationIntervals(
        start_min=fmean(float(own.start_min) for own in crossing),
        stop_min=fmean(float(own.stop_min) for own in waiting),
        crossing_min=fmean(float(own.crossing_min) for own in crossing),
        non_simultaneous_min=fmean(float(own.non_simultaneous_min) for own in waiting),
    )


def _packets_fit(line: LineDescription, first: int, last: int) -> bool:
    """Whether packets can run between two places; see :meth:`keruen.rail.line.PacketRule.fit`."""
    tracks = min(line.places[first].tracks, line.places[last].tracks)
    automatic = all(gap.block is Block.AUTOMATIC for gap in line.gaps[first:last])
    return line.packets.fit(tracks, automatic=automatic)


_Period = tuple[float, tuple[float, float], str]
"""Minutes of a pair, of an odd and of an even train beyond pairs, and the name of the scheme."""


@lru_cache(maxsize=64)
def _periods_of(line: LineDescription) -> dict[tuple[int, int, Stops, Stops], _Period]:
    """Periods of the stretches of a line found so far: no level changes them."""
    del line
    return {}


def _period(line: LineDescription, first: int, last: int, left: Stops, right: Stops) -> _Period:
    """Times of a stretch of single track between two places that are used."""
    odd_min, even_min = merged_running_min(line, first, last)
    scheme = _scheme(left, right)
    intervals = _intervals_at_ends(scheme, line.gaps[last - 1], line.gaps[first])
    period = float(crossing_period_min(scheme, odd_min, even_min, intervals))
    follow_odd = follow_min(line, first, last, True, Stops(left.odd, right.odd))
    follow_even = follow_min(line, first, last, False, Stops(right.even, left.even))
    if _packets_fit(line, first, last):
        packet = Packet(follow_odd, follow_even, line.packets.share, line.packets.trains)
        period = packet_period_min(period, packet)
    return period, (min(follow_odd, period), min(follow_even, period)), scheme.name


class _Asked(NamedTuple):
    """A line and a level, and the periods of the line found so far."""

    line: LineDescription
    level: Level
    known: dict[tuple[int, int, Stops, Stops], _Period]


def _single(asked: _Asked, first: int, last: int, left: Stops, right: Stops) -> SectionResult:
    """A stretch of single track between two places that are used."""
    line, level, known = asked
    key = (first, last, left, right)
    if key not in known:
        known[key] = _period(line, *key)
    period, beyond, scheme = known[key]

    def minutes_of(odd: float, even: float) -> float:
        pairs = min(odd, even)
        return pairs * period + (odd - pairs) * beyond[0] + (even - pairs) * beyond[1]

    shares = share_of_heavier(line)
    minutes = minutes_of(*shares)
    background = [line.classes[position] for position in line.background]
    others = tuple(
        Removal(minutes_of(train.odd_per_day, train.even_per_day) / minutes, train.removal_single)
        for train in background
    )
    day = line.allowances.of_gap(1)
    heavier = single_track(minutes, level, day, others).trains_per_day
    sought = line.classes[line.sought]
    consumption = capacity_consumption_share(
        max(sought.odd_per_day, sought.even_per_day), minutes, others
    )
    return SectionResult(
        first, last, minutes, heavier * shares[0], heavier * shares[1], consumption, scheme
    )


def _double(asked: _Asked, first: int, last: int, left: Stops, right: Stops) -> SectionResult:
    """One gap where each direction has tracks of its own; more than two serve both alike."""
    line, level, _ = asked
    gap = line.gaps[first]
    day = line.allowances.of_gap(gap.tracks)
    shares = share_of_heavier(line)
    ends = {True: Stops(left.odd, right.odd), False: Stops(right.even, left.even)}
    found, period, consumption = float("inf"), 0.0, 0.0
    for odd, share in ((True, shares[0]), (False, shares[1])):
        headway = follow_min(line, first, last, odd, ends[odd]) * DOUBLE / gap.tracks
        others = tuple(
            Removal(line.classes[i].per_day(odd), line.classes[i].removal_double)
            for i in line.background
        )
        per_day = line.classes[line.sought].per_day(odd)
        consumption = max(consumption, capacity_consumption_share(per_day, headway, others))
        if share > 0.0:
            capacity = double_track(headway, level, day, others)
            found = min(found, capacity.trains_per_day / share)
            period = max(period, headway * share)
    return SectionResult(first, last, period, found * shares[0], found * shares[1], consumption)


def _section(asked: _Asked, first: int, last: int, left: Stops, right: Stops) -> SectionResult:
    method = _single if asked.line.gaps[first].tracks < DOUBLE else _double
    return method(asked, first, last, left, right)


def stop_choices(line: LineDescription, place: int) -> tuple[Stops, ...]:
    """Ways in which trains of the parallel timetable can stop at a place.

    Beside single track one direction runs through and the other stops; elsewhere both run.
    """
    beside = line.gaps[max(place - 1, 0) : place + 1]
    if min(gap.tracks for gap in beside) < DOUBLE:
        return (ODD_RUNS, EVEN_RUNS)
    return (BOTH_RUN,)


def _must_pass(line: LineDescription, place: int) -> bool:
    return not line.can_cross(place, line.sought, line.sought)


def _may_pass(line: LineDescription, place: int) -> bool:
    """Whether a place that can be used may be worth passing over.

    Using a place costs a gap no more than passing over it if the gap beyond takes longer than what
    crossing costs at a place; and packets may want of tracks there.
    """
    if not line.single_track_on_both_sides(place):
        return False
    beside = (place - 1, place)
    start, stop, crossing, non_simultaneous = (
        float(value) for value in hardest_intervals((line.gaps[place - 1], line.gaps[place]))
    )
    cost = max(start + crossing, stop + non_simultaneous)
    shortest = min(sum(merged_running_min(line, gap, gap + 1)) for gap in beside)
    few_tracks = line.packets.share > 0.0 and line.places[place].tracks <= line.packets.trains
    return shortest < cost or few_tracks


def _starts(line: LineDescription, last: int, optional: bool) -> list[int]:
    """Places where a stretch that ends at a place can begin."""
    found = []
    for first in range(last - 1, -1, -1):
        used = first == 0 or not _must_pass(line, first)
        if used:
            found.append(first)
        if used and not (optional and first > 0 and _may_pass(line, first)):
            break
    return found


@lru_cache(maxsize=128)
def _line_ways(line: LineDescription, level: Level) -> _Way:
    """Best choice over all places together, place by place."""
    trains = max(share_of_heavier(line))
    asked = _Asked(line, level, _periods_of(line))
    ways: list[dict[Stops, _Way]] = [
        {stops: _Way(float("inf"), 0.0, (), (stops,)) for stops in stop_choices(line, 0)}
    ]
    for last in range(1, len(line.places)):
        ways.append({})
        if last < len(line.gaps) and _must_pass(line, last):
            continue
        for first in _starts(line, last, optional=True):
            for left, right in itertools.product(ways[first], stop_choices(line, last)):
                before = ways[first][left]
                section = _section(asked, first, last, left, right)
                way = _Way(
                    min(before.trains, max(section.odd_per_day, section.even_per_day) / trains),
                    before.minutes + section.period_min,
                    (*before.sections, section),
                    (*before.stops, *(None,) * (last - first - 1), right),
                )
                found = ways[last].get(right)
                if found is None or (way.trains, -way.minutes) > (found.trains, -found.minutes):
                    ways[last][right] = way
    return max(ways[-1].values(), key=lambda way: (way.trains, -way.minutes))


def _best_of_each(line: LineDescription, level: Level) -> tuple[SectionResult, ...]:
    """Every stretch with its own best scheme, neighbours not asked."""
    last, sections = len(line.gaps), []
    asked = _Asked(line, level, _periods_of(line))
    while last > 0:
        first = _starts(line, last, optional=False)[-1]
        found = partial(_section, asked, first, last)
        choices = itertools.product(stop_choices(line, first), stop_choices(line, last))
        sections.append(max((found(*ends) for ends in choices), key=_trains))
        last = first
    return tuple(reversed(sections))


def _trains(section: SectionResult) -> float:
    return max(section.odd_per_day, section.even_per_day)


@lru_cache(maxsize=128)
def stopping_pattern(line: LineDescription) -> tuple[Stops | None, ...]:
    """Who stops where in the parallel timetable that carries most; None where trains pass over.

    Parameters
    ----------
    line : LineDescription
        The line.

    Returns
    -------
    tuple of Stops or None, length (places,)
        None at places that are too short for the class sought, or of no use to it.
    """
    return _line_ways(line, Level.MAXIMAL).stops


def parallel_timetable(
    line: LineDescription, level: Level = Level.MAXIMAL, schemes: Schemes = Schemes.LINE
) -> LineResult:
    """Capacity of a line by the parallel timetable.

    Parameters
    ----------
    line : LineDescription
        Places, gaps, trains and allowances.
    level : Level
        Maximal, available or practical.
    schemes : Schemes
        Crossing schemes of all places together, or of each gap for itself.

    Returns
    -------
    LineResult
        Trains a day of the class sought.

    Raises
    ------
    keruen.errors.RangeError
        If a number of the line is outside its range.

    Examples
    --------
    The published gap with its best scheme of 55 min (tlookup.ru/wocs-1042-1.html), and three such
    gaps in a row, where every second place would have to let both directions run through:

    >>> from keruen.rail.crossing import StationIntervals
    >>> from keruen.rail.line import Block, Gap, Place, TrainClass
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (24.0,), (25.0,))
    >>> places = tuple(Place(name, 2, 1050.0) for name in "ABCD")
    >>> freight = (TrainClass("freight", 1000.0),)
    >>> one = parallel_timetable(LineDescription(places[:2], (gap,), freight))
    >>> one.period_min, one.floored, one.binding.scheme
    (55.0, 26, 'through_even')
    >>> row = LineDescription(places, (gap, gap, gap), freight)
    >>> parallel_timetable(row).period_min
    57.0
    >>> parallel_timetable(row, schemes=Schemes.EACH_GAP).period_min
    55.0
    """
    if schemes is Schemes.LINE:
        sections = _line_ways(line, level).sections
    else:
        sections = _best_of_each(line, level)
    binding = min(sections, key=_trains)
    return LineResult(
        LineMethod.PARALLEL_TIMETABLE,
        level,
        binding.odd_per_day,
        binding.even_per_day,
        binding,
        sections,
    )
