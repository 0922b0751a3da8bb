"""Capacity consumption by compressing a timetable, the method of UIC leaflet 406.

The paths of a timetable are pushed together as far as the signalling lets them, each keeping its
own running times and its place in the order; what the day's trains then take, of the time that is
looked at, is the *capacity consumption*. Leaflet 406 (contents of the first edition:
vdocument.in/1st-edition-june-2004-r-original.html; in short: railwaynews.net
uic-leaflet-no-406-chapter-4-operating-capacity.html) compresses line section by line section. Here
a section runs from one place where all trains of the timetable can cross or overtake to the next.

The compression is closed: after the last train comes the first of the next day. Within a section
every train is rigid, and between trains that use a track one after the other stands the least time
from one's entering to the other's:

* following under automatic block, the headway, and where the second is faster the time that it
  would catch up, so that it leaves the gap by the headway later too;
* following under semi-automatic block, the whole time of the first in the gap and the interval;
* opposing on single track, the whole time of the first and the station interval: that of crossing
  if the second has stood, else that of non-simultaneous arrival.

Starts and stops count where a train stands. Of more than two tracks each direction has half, the
busier one the odd one out, and its trains take them in turn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from keruen.errors import require_range
from keruen.rail.cycle_ratio import Constraints, shortest_period_min
from keruen.rail.line import DOUBLE, Block, LineDescription
from keruen.rail.timetable import (
    Timetable,
    TrainPath,
    check_timetable,
    occupied_min,
    running_min,
)


class LineType(StrEnum):
    """Kind of traffic by which the leaflet sets its thresholds."""

    SUBURBAN = "suburban"
    HIGH_SPEED = "high_speed"
    MIXED = "mixed"


class Span(StrEnum):
    """Whether an hour of the peak or the day is looked at."""

    PEAK = "peak"
    DAY = "day"


class Threshold(NamedTuple):
    """Share of the time that trains may consume, with the range in which it may lie.

    Parameters
    ----------
    share, low, high : float
        Value used, and its range.
    """

    share: float
    low: float
    high: float


THRESHOLDS: Final = MappingProxyType(
    {
        (LineType.SUBURBAN, Span.PEAK): Threshold(0.85, 0.80, 0.90),
        (LineType.SUBURBAN, Span.DAY): Threshold(0.70, 0.60, 0.85),
        (LineType.HIGH_SPEED, Span.PEAK): Threshold(0.75, 0.70, 0.85),
        (LineType.HIGH_SPEED, Span.DAY): Threshold(0.60, 0.50, 0.75),
        (LineType.MIXED, Span.PEAK): Threshold(0.75, 0.70, 0.85),
        (LineType.MIXED, Span.DAY): Threshold(0.60, 0.50, 0.75),
    }
)
"""Thresholds of capacity consumption: assumptions.

The leaflet's own table could not be read. The values are those customarily quoted from it; sources
that quote it differ, which the ranges cover.
"""


class AdditionalTimes(NamedTuple):
    """Times that are added to the occupancy of the compressed timetable.

    Parameters
    ----------
    buffer_min : float
        A train.
    rate_share : float
        Of the occupancy.
    fixed_min : float
        Of the whole reference time, for maintenance and the like.
    """

    buffer_min: float = 0.0
    rate_share: float = 0.0
    fixed_min: float = 0.0


NO_ADDITIONS: Final = AdditionalTimes()
"""The compressed timetable alone."""


class SectionOccupancy(NamedTuple):
    """What the compressed timetable takes on one line section.

    Parameters
    ----------
    first_place, last_place : int
        Positions of its ends.
    occupancy_min : float
        Time of all trains compressed, the busier direction where each has its own tracks; infinite
        where the given order of rigid trains cannot be kept.
    consumption_share : float
        Occupancy with additional times over the reference time.
    """

    first_place: int
    last_place: int
    occupancy_min: float
    consumption_share: float


class _Laid(NamedTuple):
    """A timetable to be compressed, and a number for each kind of its trains.

    Trains of a kind differ in nothing but their times.
    """

    timetable: Timetable
    kinds: tuple[int, ...]


def _laid(timetable: Timetable) -> _Laid:
    numbers: dict[TrainPath, int] = {}
    kinds = [path._replace(entry_min=()) for path in timetable.paths]
    return _Laid(timetable, tuple(numbers.setdefault(kind, len(numbers)) for kind in kinds))


def separation_min(line: LineDescription, gap: int, first: TrainPath, second: TrainPath) -> float:
    """Least time from one train's entering a gap to the next one's on the same track.

    Parameters
    ----------
    line : LineDescription
        The line.
    gap : int
        The gap.
    first, second : TrainPath
        In this order.

    Returns
    -------
    float
        Minutes.
    """
    facts = line.gaps[gap]
    occupied = occupied_min(line, first, gap)
    if first.odd is not second.odd:
        stood = second.stops[gap if second.odd else gap + 1]
        intervals = facts.intervals
        clear = intervals.crossing_min if stood else intervals.non_simultaneous_min
        return occupied + float(clear)
    if facts.block is Block.SEMI_AUTOMATIC:
        return occupied + facts.headway_min
    caught_up = occupied - occupied_min(line, second, gap)
    return facts.headway_min + max(0.0, caught_up)


def section_ends(line: LineDescription, timetable: Timetable) -> tuple[int, ...]:
    """Places between which a timetable is compressed.

    The ends of the line; the ends of single track; on single track places where any two opposing
    trains can cross; where the directions have their own tracks, places where every train that is
    slower than another in a gap beside can be overtaken.
    """
    odd, even = timetable.classes(True), timetable.classes(False)

    def longest(classes: Sequence[int]) -> int:
        return max(classes, key=lambda position: line.classes[position].length_m)

    ends = [0]
    for place in range(1, len(line.gaps)):
        if not line.single_track_on_both_sides(place):
            beside = [line.gaps[place - 1].tracks, line.gaps[place].tracks]
            slower = _slower(line, timetable, place)
            usable = min(beside) < DOUBLE or all(line.can_overtake(place, c) for c in slower)
        else:
            usable = not (odd and even) or line.can_cross(place, longest(odd), longest(even))
        if usable:
            ends.append(place)
    return (*ends, len(line.gaps))


def _slower(line: LineDescription, timetable: Timetable, place: int) -> set[int]:
    """Classes with a train that another of its direction catches up in a gap beside a place."""
    found: set[int] = set()
    for gap, odd in ((g, odd) for g in (place - 1, place) for odd in (True, False)):
        times = {
            (path.train_class, running_min(line, path, gap))
            for path in timetable.paths
            if path.odd is odd
        }
        least = min((minutes for _, minutes in times), default=0.0)
        found |= {train_class for train_class, minutes in times if minutes > least}
    return found


def _chain(
    line: LineDescription, laid: _Laid, section: range, trains: list[int], tracks: int
) -> float:
    """Shortest time in which trains can pass the gaps of a section, in their order in each gap."""
    paths, cycle_min = laid.timetable.paths, laid.timetable.cycle_min
    own = {
        train: paths[train].entry_min[section[0] if paths[train].odd else section[-1]]
        for train in trains
    }
    rows: list[tuple[int, int, float, int]] = []
    for gap in section:
        known: dict[tuple[int, int], float] = {}
        turns = {train: divmod(paths[train].entry_min[gap], cycle_min) for train in trains}
        order = sorted(trains, key=lambda train: (turns[train][1], train))
        for position, train in enumerate(order):
            wraps, behind = divmod(position - tracks, len(order))
            before = order[behind]
            pair = (laid.kinds[before], laid.kinds[train])
            if pair not in known:
                known[pair] = separation_min(line, gap, paths[before], paths[train])
            apart = known[pair]
            if paths[before].odd is not paths[train].odd and not _meet(
                line, laid.timetable, section, gap, paths[before], paths[train]
            ):
                apart = occupied_min(line, paths[before], gap)
            lead = paths[before].entry_min[gap] - own[before]
            lead -= paths[train].entry_min[gap] - own[train]
            count = int(turns[before][0] - turns[train][0]) - wraps
            rows.append((before, train, apart + lead, count))
    if len(section) == 1 and tracks == 1:
        return math.fsum(weight for _, _, weight, _ in rows)
    constraints = Constraints(
        np.array([before for before, _, _, _ in rows]),
        np.array([after for _, after, _, _ in rows]),
        np.array([weight for _, _, weight, _ in rows]),
        np.array([periods for _, _, _, periods in rows]),
    )
    return shortest_period_min(len(paths), constraints)


def _meet(
    line: LineDescription,
    timetable: Timetable,
    section: range,
    gap: int,
    first: TrainPath,
    second: TrainPath,
) -> bool:
    """Whether two opposing trains cross where the first leaves a gap and the second enters it.

    At the end of a section they do. Inside it the first may go on into the gap out of which the
    second comes only later; then they do not meet here and no station interval is due.
    """
    beyond = gap + 1 if first.odd else gap - 1
    if beyond not in section:
        return True
    enters_after = (second.entry_min[gap] - first.entry_min[gap]) % timetable.cycle_min
    arrives = second.entry_min[beyond] + occupied_min(line, second, beyond)
    waits = second.entry_min[gap] - arrives
    return enters_after - waits <= first.entry_min[beyond] - first.entry_min[gap]


def _section(
    line: LineDescription, laid: _Laid, additional: AdditionalTimes, section: range
) -> SectionOccupancy:
    odd = [train for train, path in enumerate(laid.timetable.paths) if path.odd]
    even = [train for train, path in enumerate(laid.timetable.paths) if not path.odd]
    tracks = min(line.gaps[gap].tracks for gap in section)
    if tracks < DOUBLE:
        chains = [(odd + even, 1)]
    else:
        fewer, more = sorted((odd, even), key=len)
        chains = [(more, tracks - tracks // DOUBLE), (fewer, tracks // DOUBLE)]
    occupancy, consumed = 0.0, 0.0
    for trains, of_chain in chains:
        if trains:
            compressed = _chain(line, laid, section, trains, of_chain)
            buffers = additional.buffer_min * len(trains) / of_chain
            with_rate = compressed * (1.0 + additional.rate_share)
            occupancy = max(occupancy, compressed)
            consumed = max(consumed, with_rate + buffers + additional.fixed_min)
    share = consumed / laid.timetable.reference_min
    return SectionOccupancy(section[0], section[-1] + 1, occupancy, share)


def compress(
    line: LineDescription,
    timetable: Timetable,
    additional: AdditionalTimes = NO_ADDITIONS,
    ends: tuple[int, ...] | None = None,
) -> tuple[SectionOccupancy, ...]:
    """Compress a timetable section by section.

    Parameters
    ----------
    line : LineDescription
        The line.
    timetable : Timetable
        Paths over the whole line.
    additional : AdditionalTimes
        What is added to the occupancy.
    ends : tuple of int, optional
        Places between which to compress, from the first to the last of the line; as
        :func:`section_ends` finds them if not given. Longer sections never consume less.

    Returns
    -------
    tuple of SectionOccupancy
        In the order of odd trains.

    Raises
    ------
    keruen.errors.RangeError
        If a path is impossible (:func:`keruen.rail.timetable.check_timetable`) or an additional
        time negative.

    Examples
    --------
    Three pairs on a gap whose period is 55 min:

    >>> from keruen.rail.crossing import StationIntervals
    >>> from keruen.rail.line import Gap, Place, TrainClass
    >>> from keruen.rail.timetable import uniform_timetable
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (24.0,), (25.0,))
    >>> ends = (Place("A", 3, 1050.0), Place("B", 2, 1050.0))
    >>> line = LineDescription(ends, (gap,), (TrainClass("freight", 1000.0),))
    >>> compress(line, uniform_timetable(line, 3))[0].occupancy_min
    165.0
    """
    check_timetable(line, timetable)
    return compress_unchecked(
        line, timetable, additional, section_ends(line, timetable) if ends is None else ends
    )


def compress_unchecked(
    line: LineDescription,
    timetable: Timetable,
    additional: AdditionalTimes,
    ends: tuple[int, ...],
) -> tuple[SectionOccupancy, ...]:
    """Compress a timetable whose trains may wait where they do not stop; see :func:`compress`."""
    for name, value in additional._asdict().items():
        require_range(name, value, 0.0)
    laid = _laid(timetable)
    return tuple(
        _section(line, laid, additional, range(first, last)) for first, last in pairwise(ends)
    )
