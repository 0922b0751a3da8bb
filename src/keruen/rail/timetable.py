"""Timetables of a line: given ones, the uniform parallel one, and mixed traffic by order alone."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final, NamedTuple

from keruen.errors import require_range
from keruen.rail.line import DOUBLE, LineDescription
from keruen.rail.line_capacity import Level
from keruen.rail.parallel_timetable import BOTH_RUN, Stops, parallel_timetable, stopping_pattern
from keruen.units import MINUTES_PER_DAY

_CLOCK_MIN: Final = 1e-6
"""Times closer than this are the same."""


class TrainPath(NamedTuple):
    """One train over the whole line.

    Parameters
    ----------
    train_class : int
        Position of its class.
    odd : bool
        Direction.
    entry_min : tuple of float, length (gaps,)
        When it enters each gap, minutes, in the order of the gaps whatever its direction; past the
        end of the period they run on.
    stops : tuple of bool, length (places,)
        Where it stops, the first and the last place included: there the start and stop times of
        the gaps beside come on top of the running time.
    run_min : tuple of float, length (gaps,), or empty
        Running times of its own, without starts and stops; empty: those of its class.
    """

    train_class: int
    odd: bool
    entry_min: tuple[float, ...]
    stops: tuple[bool, ...]
    run_min: tuple[float, ...] = ()


class Timetable(NamedTuple):
    """Train paths that repeat.

    Parameters
    ----------
    paths : tuple of TrainPath
        In any order.
    cycle_min : float
        After so many minutes the timetable repeats.
    reference_min : float
        Time of which the trains are said to consume a share, usually the cycle.
    """

    paths: tuple[TrainPath, ...]
    cycle_min: float = MINUTES_PER_DAY
    reference_min: float = MINUTES_PER_DAY

    def classes(self, odd: bool) -> tuple[int, ...]:
        """Classes with trains in a direction."""
        return tuple(sorted({path.train_class for path in self.paths if path.odd is odd}))


def running_min(line: LineDescription, path: TrainPath, gap: int) -> float:
    """Time of a train over a gap without start and stop, minutes."""
    if path.run_min:
        return path.run_min[gap]
    return line.gaps[gap].running_min(path.train_class, path.odd)


def occupied_min(line: LineDescription, path: TrainPath, gap: int) -> float:
    """Time of a train over a gap with its start and its stop, minutes."""
    facts = line.gaps[gap]
    begins, ends = (gap, gap + 1) if path.odd else (gap + 1, gap)
    running = running_min(line, path, gap)
    running += float(facts.intervals.start_min) * path.stops[begins]
    return running + float(facts.intervals.stop_min) * path.stops[ends]


def dwell_min(line: LineDescription, path: TrainPath, place: int) -> float:
    """Time between leaving one gap and entering the next at an inner place, minutes."""
    before, after = (place - 1, place) if path.odd else (place, place - 1)
    return path.entry_min[after] - path.entry_min[before] - occupied_min(line, path, before)


def check_timetable(line: LineDescription, timetable: Timetable) -> None:
    """Check that trains of a timetable run forward in time and cross where there is room.

    Whether the trains are far enough apart is not checked: that is what compression finds.

    Raises
    ------
    keruen.errors.RangeError
        If there is no train, a path does not cover the line or runs back in time, a train stands
        where it does not stop, or two trains cross where neither finds room.
    """
    require_range("paths", len(timetable.paths), 1.0)
    require_range("cycle_min", timetable.cycle_min, _CLOCK_MIN)
    require_range("reference_min", timetable.reference_min, _CLOCK_MIN)
    gaps, places = len(line.gaps), len(line.places)
    for path in timetable.paths:
        require_range("path_gaps", len(path.entry_min), gaps, gaps)
        require_range("path_places", len(path.stops), places, places)
        require_range("train_class", path.train_class, 0.0, len(line.classes) - 1.0)
        if path.run_min:
            require_range("path_running_times", len(path.run_min), gaps, gaps)
            require_range("run_min", min(path.run_min), _CLOCK_MIN)
        for entry in path.entry_min:
            require_range("entry_min", entry, 0.0)
        for place in range(1, gaps):
            highest = math.inf if path.stops[place] else _CLOCK_MIN
            dwell = dwell_min(line, path, place)
            require_range("dwell_min", dwell, -_CLOCK_MIN, min(highest, 1e12))
    for place in range(1, gaps):
        if line.single_track_on_both_sides(place):
            _check_crossings(line, timetable, place)


def _check_crossings(line: LineDescription, timetable: Timetable, place: int) -> None:
    """Raise where an odd and an even train are at a place together and neither finds room."""
    for odd in (path for path in timetable.paths if path.odd):
        for even in (path for path in timetable.paths if not path.odd):
            if line.can_cross(place, odd.train_class, even.train_class):
                continue
            arrives = odd.entry_min[place - 1] + occupied_min(line, odd, place - 1)
            other = even.entry_min[place] + occupied_min(line, even, place)
            for early, late, stays in (
                (arrives, other, odd.entry_min[place] - arrives),
                (other, arrives, even.entry_min[place - 1] - other),
            ):
                if (late - early) % timetable.cycle_min <= stays + _CLOCK_MIN:
                    shorter = min(line.classes[p.train_class].length_m for p in (odd, even))
                    room = line.places[place].useful_length_m
                    tracks = line.places[place].tracks
                    require_range("tracks_where_trains_cross", tracks, DOUBLE)
                    require_range("useful_length_m_where_trains_cross", room, shorter)


def own_stops(pattern: tuple[Stops | None, ...], odd: bool) -> tuple[bool, ...]:
    """Where trains of a direction stop in a stopping pattern of the parallel timetable."""
    return tuple(stops is not None and (stops.odd if odd else stops.even) for stops in pattern)


def uniform_timetable(line: LineDescription, pairs: int) -> Timetable:
    """Uniform parallel timetable of the class sought: pairs of trains evenly over the day.

    Every train of a direction runs like the one before it, so much later; who stops where is what
    :func:`keruen.rail.parallel_timetable.stopping_pattern` finds.

    Parameters
    ----------
    line : LineDescription
        The line; packets, background trains and the proportion of directions are left out.
    pairs : int
        Pairs a day.

    Returns
    -------
    Timetable
        Free of conflicts.

    Raises
    ------
    keruen.errors.RangeError
        If there are no pairs, or more than the line carries.
    """
    bare = LineDescription(
        line.places,
        line.gaps,
        tuple(train._replace(odd_per_day=0.0, even_per_day=0.0) for train in line.classes),
    )
    require_range("pairs", pairs, 1.0, parallel_timetable(bare, Level.MAXIMAL).floored)
    slot = MINUTES_PER_DAY / pairs
    paths = []
    for pair in range(pairs):
        for path in regular_paths(bare, slot):
            later = tuple(time + pair * slot for time in path.entry_min)
            paths.append(path._replace(entry_min=later))
    return Timetable(tuple(paths))


def regular_paths(line: LineDescription, slot_min: float) -> tuple[TrainPath, TrainPath]:
    """An odd and an even path of the class sought that can be repeated after every slot.

    Parameters
    ----------
    line : LineDescription
        The line, with nothing but the class sought.
    slot_min : float
        Minutes of a pair, no fewer than the period of the parallel timetable.

    Returns
    -------
    odd, even : TrainPath
        On one clock.
    """
    pattern = stopping_pattern(line)
    odd_path = TrainPath(line.sought, True, (), own_stops(pattern, True))
    even_path = TrainPath(line.sought, False, (), own_stops(pattern, False))
    odd_times = [occupied_min(line, odd_path, gap) for gap in range(len(line.gaps))]
    even_times = [occupied_min(line, even_path, gap) for gap in range(len(line.gaps))]
    odd_phase, even_phase = _phases(line, pattern, odd_times, even_times)
    gaps = range(len(line.gaps))
    odd_entry = _unrolled(gaps, odd_phase, odd_times, slot_min)
    even_entry = _unrolled(gaps[::-1], even_phase, even_times, slot_min)
    return odd_path._replace(entry_min=odd_entry), even_path._replace(entry_min=even_entry)


def _phases(
    line: LineDescription,
    pattern: tuple[Stops | None, ...],
    odd_times: list[float],
    even_times: list[float],
) -> tuple[list[float], list[float]]:
    """When, within the time of a pair, each gap is entered by odd and by even trains.

    On single track the even train enters as soon as the odd one has left and the station interval
    is over. At each place the direction that runs through fixes the next gap's times.
    """
    odd_phase, even_phase = [0.0] * len(odd_times), [0.0] * len(odd_times)
    used = [place for place, stops in enumerate(pattern) if stops is not None]
    for first, last in pairwise(used):
        before = first - 1
        left, right = pattern[first] or BOTH_RUN, pattern[last] or BOTH_RUN
        odd_at = odd_phase[before] + odd_times[before] if first else 0.0
        even_at = even_phase[before] if first else 0.0
        odd_over, even_over = sum(odd_times[first:last]), sum(even_times[first:last])
        if line.gaps[first].tracks < DOUBLE:
            intervals = line.gaps[last - 1].intervals
            clear = intervals.crossing_min if right.even else intervals.non_simultaneous_min
            if left.odd:
                odd_at = even_at - even_over - float(clear) - odd_over
            even_leaves = odd_at + odd_over + float(clear) + even_over
        else:
            even_leaves = even_at if not left.even else odd_at
        for gap in range(first, last):
            odd_phase[gap] = odd_at + sum(odd_times[first:gap])
            even_phase[gap] = even_leaves - sum(even_times[first : gap + 1])
    return odd_phase, even_phase


def _unrolled(
    gaps: range, phase: list[float], times: list[float], slot_min: float
) -> tuple[float, ...]:
    """Entries of one train from phases: the earliest of each gap's slots after the gap before."""
    entry, clock = [0.0] * len(phase), 0.0
    for gap in gaps:
        waits = (phase[gap] - clock) % slot_min
        clock += 0.0 if slot_min - waits < _CLOCK_MIN else waits
        entry[gap] = clock
        clock += times[gap]
    return tuple(entry)


def mixed_order(counts: tuple[tuple[int, int], ...]) -> tuple[tuple[int, bool], ...]:
    """Order of mixed traffic: every class and direction spread as evenly as it goes.

    Parameters
    ----------
    counts : tuple of (int, int), length (classes,)
        Odd and even trains of each class.

    Returns
    -------
    tuple of (int, bool)
        Class and direction of each train in turn.

    Examples
    --------
    >>> mixed_order(((2, 2), (1, 1)))
    ((0, True), (0, False), (1, True), (1, False), (0, True), (0, False))
    """
    merged: dict[bool, list[int]] = {}
    for column, odd in ((0, True), (1, False)):
        spread = sorted(
            ((train + 0.5) / per_class[column], position)
            for position, per_class in enumerate(counts)
            for train in range(per_class[column])
        )
        merged[odd] = [position for _, position in spread]
    both = sorted(
        ((train + 0.5) / len(classes), not odd, position, odd)
        for odd, classes in merged.items()
        for train, position in enumerate(classes)
    )
    return tuple((position, odd) for _, _, position, odd in both)
