"""Trains without end for a line: in turn as soon as there is room, or at times of a timetable.

The line goes on beyond its ends, as the parallel timetable has it: trains come from an *approach*
of two tracks and run out into one, so that at the ends as at every other place a train can run
through while the opposing one stands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.events.calendar import DAY_MS, MINUTE_MS
from keruen.rail.crossing import StationIntervals
from keruen.rail.dispatch.line_network import (
    END_TRACKS,
    Windows,
    line_network,
    line_path,
    milliseconds,
)
from keruen.rail.dispatch.network import Network, TrainPath, Trains
from keruen.rail.line import DOUBLE, NO_PACKETS, Block, Gap, LineDescription, Place
from keruen.rail.line_capacity import Level
from keruen.rail.parallel_timetable import parallel_timetable
from keruen.rail.timetable import TrainPath as TimetablePath
from keruen.rail.timetable import dwell_min, regular_paths
from keruen.units import MINUTES_PER_DAY

Order = tuple[tuple[int, bool], ...]
"""Class of each train in turn, and whether it is odd."""

APPROACH_MIN: Final = 1.0
"""Running time of an approach; less where a gap of the line takes less."""
_APPROACH_HEADWAY_MIN: Final = 0.5
_MS: Final = 1.0 / MINUTE_MS
"""A millisecond, minutes."""
_WHOLE: Final = 1e-6


class Offered(NamedTuple):
    """A line and the trains offered to it.

    Parameters
    ----------
    network, paths, trains
        For :func:`keruen.rail.dispatch.compiling.compile_dispatch`.
    odd : bool array, shape (trains,)
        Direction of each train.
    """

    network: Network
    paths: tuple[TrainPath, ...]
    trains: Trains
    odd: NDArray[np.bool_]


def with_approaches(line: LineDescription) -> LineDescription:
    """The line with an approach of two tracks at either end, on which nothing binds.

    Examples
    --------
    >>> from keruen.rail.line import TrainClass
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (24.0,), (25.0,))
    >>> ends = (Place("A", 3, 1050.0), Place("B", 2, 1050.0))
    >>> longer = with_approaches(LineDescription(ends, (gap,), (TrainClass("freight", 900.0),)))
    >>> [gap.tracks for gap in longer.gaps], len(longer.places)
    ([2, 1, 2], 4)
    """
    shortest = min(min(*gap.odd_min, *gap.even_min) for gap in line.gaps)
    # Under semi-automatic block the interval between trains may be nought.
    own = (gap.headway_min for gap in line.gaps if gap.headway_min > 0.0)
    headway = min([_APPROACH_HEADWAY_MIN, *own])
    times = (min(APPROACH_MIN, shortest),) * len(line.classes)
    none = StationIntervals(0.0, 0.0, 0.0, 0.0)
    first, last = (
        Gap(max(DOUBLE, gap.tracks), Block.AUTOMATIC, headway, none, times, times)
        for gap in (line.gaps[0], line.gaps[-1])
    )
    beyond = Place("", END_TRACKS, max(train.length_m for train in line.classes))
    return replace(line, places=(beyond, *line.places, beyond), gaps=(first, *line.gaps, last))


def _network(extended: LineDescription, windows: bool) -> Network:
    points, sections = line_network(extended, Windows(windows), even_tracks=True)
    ends = (0, len(sections) - 1)
    return Network(
        points,
        [
            section._replace(window_ms=0) if number in ends else section
            for number, section in enumerate(sections)
        ],
    )


def in_turn(line: LineDescription, order: Order, days: int, windows: bool) -> Offered:
    """Trains that never lack, each ready as soon as the one before it has entered.

    Neither direction gets ahead of its share: where both never lack, first come lets one crowd the
    other out.

    Parameters
    ----------
    line : LineDescription
        The line.
    order : tuple of (int, bool)
        Class and direction, odd or not, of each train of a round; the rounds repeat. As a rule
        that of :func:`keruen.rail.timetable.mixed_order`.
    days : int
        Trains for so many days at least.
    windows : bool
        Whether maintenance windows are kept.
    """
    places = kinds_of(order)
    network, paths = ways_of_kinds(line, places, windows)
    rounds = math.ceil(_most_rounds_a_day(line, order) * days) + 2
    of_round = np.array([places.index(turn) for turn in order], dtype=np.int64)
    path = np.tile(of_round, rounds)
    following = np.arange(1, len(path) + 1)
    following[-1] = -1
    trains = Trains(path, np.zeros_like(path), np.ones_like(path), following)
    odd = np.array([way for _, way in places])[path]
    return Offered(network, paths, trains, odd)


def kinds_of(order: Order) -> Order:
    """Class and direction of the trains of a round, each once."""
    return tuple(sorted(set(order)))


@lru_cache(maxsize=8)
def ways_of_kinds(
    line: LineDescription, kinds: Order, windows: bool
) -> tuple[Network, tuple[TrainPath, ...]]:
    """The line with its approaches and the way of each kind of train, made once for all rounds."""
    extended = with_approaches(line)
    paths = tuple(line_path(extended, position, odd) for position, odd in kinds)
    return _network(extended, windows), paths


def _most_rounds_a_day(line: LineDescription, order: Order) -> float:
    """More rounds than signalling lets through."""
    odd = sum(way for _, way in order)
    even = len(order) - odd
    most = math.inf
    for gap in line.gaps:
        apart = gap.headway_min
        if gap.block is Block.SEMI_AUTOMATIC:
            apart += min(*gap.odd_min, *gap.even_min)
        trains = odd + even if gap.tracks < DOUBLE else max(odd, even) / math.ceil(gap.tracks / 2)
        most = min(most, MINUTES_PER_DAY / (apart * trains))
    return most


def by_timetable(line: LineDescription, days: int, windows: bool, *, early: bool) -> Offered:
    """Trains at the times of the parallel timetable, with its stops, in its period.

    Trains without end arrive too early for a place where they could run through, and stop; those
    of a timetable come when the opposing train has left the gap.

    Parameters
    ----------
    line : LineDescription
        The line; background and the proportion of directions are left out.
    days : int
        Trains for so many days.
    windows : bool
        Whether maintenance windows are kept, of which the timetable knows nothing.
    early : bool
        Whether a train goes on before its time where the timetable has it stand longer than the
        intervals ask for. A train holds the track ahead from its departure on, so that long stays
        want a track more than the timetable has them use.
    """
    bare = _in_whole_ms(line)
    pairs = parallel_timetable(bare, Level.MAXIMAL).pairs_per_day
    period_ms = math.ceil(DAY_MS / pairs - _WHOLE)
    extended = with_approaches(bare)
    paths, begins = [], []
    for laid in regular_paths(bare, period_ms * _MS):
        path = line_path(extended, line.sought, laid.odd)
        dwell = _dwells(bare, laid, period_ms, early)
        paths.append(path._replace(dwell_ms=(0, *dwell, 0)))
        enters = milliseconds(laid.entry_min[0 if laid.odd else -1])
        begins.append(enters - dwell[0] - path.run_ms[0])
    # So many periods later that no train is due before the first day begins.
    begins = [begin + period_ms * math.ceil(max(0, -min(begins)) / period_ms) for begin in begins]
    count = math.ceil(days * DAY_MS / period_ms) + 1
    at = np.arange(count) * period_ms
    path_of = np.repeat(np.arange(2), count)
    earliest = np.concatenate([at + begin for begin in begins])
    trains = Trains(path_of, earliest, np.ones_like(path_of))
    return Offered(_network(extended, windows), tuple(paths), trains, path_of == 0)


def _in_whole_ms(line: LineDescription) -> LineDescription:
    """The class sought alone, times in whole milliseconds.

    Station intervals are one millisecond longer, so that who is to stop stands, and who is to run
    through does not come at the very moment at which the other has left.
    """

    def whole(minutes: float) -> float:
        return milliseconds(minutes) * _MS

    gaps = []
    for gap in line.gaps:
        intervals = StationIntervals(*(whole(float(value)) for value in gap.intervals))
        crossing = float(intervals.crossing_min) + _MS
        arrivals = float(intervals.non_simultaneous_min) + _MS
        odd = tuple(max(whole(run), _MS) for run in gap.odd_min)
        even = tuple(max(whole(run), _MS) for run in gap.even_min)
        intervals = intervals._replace(crossing_min=crossing, non_simultaneous_min=arrivals)
        gaps.append(Gap(gap.tracks, gap.block, whole(gap.headway_min), intervals, odd, even))
    classes = tuple(train._replace(odd_per_day=0.0, even_per_day=0.0) for train in line.classes)
    return replace(line, gaps=tuple(gaps), classes=classes, packets=NO_PACKETS)


def _dwells(
    line: LineDescription, path: TimetablePath, period_ms: int, early: bool
) -> Sequence[int]:
    """Stays of a timetable's train at the places of the line in the order in which it meets them.

    Where it begins with a start it has come half a period before.
    """
    last = len(line.gaps)
    first = 0 if path.odd else last
    stays = [0] * (last + 1)
    stays[first] = period_ms // 2 if path.stops[first] else 0
    for place in range(1, last):
        if path.stops[place]:
            stays[place] = max(0, milliseconds(dwell_min(line, path, place)))
            intervals = line.gaps[place - 1 if path.odd else place].intervals
            needed = float(intervals.crossing_min) + float(intervals.non_simultaneous_min)
            if early:
                stays[place] = min(stays[place], milliseconds(needed))
    return stays if path.odd else stays[::-1]
