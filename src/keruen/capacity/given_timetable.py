"""A given timetable of a study's line: its capacity by compression, and its trains dispatched.

Trains have the times given, not those that the study computes. Over a section the time given, less
what a start and a stop take, is parted over the places between in proportion to the running times
of the class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from keruen.capacity.line_description import Part, StudyLine, parts_of_line
from keruen.capacity.line_timetable import FREIGHT, Relation
from keruen.errors import FailedError, Problem, Severity
from keruen.rail.compression import THRESHOLDS, SectionOccupancy, Threshold
from keruen.rail.compression_capacity import (
    MIXED_DAY,
    admissible_share,
    timetable_capacity,
)
from keruen.rail.line import DOUBLE, LineDescription
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineResult
from keruen.rail.timetable import Timetable, TrainPath, occupied_min
from keruen.units import MINUTES_PER_DAY

ROUNDED_MIN: Final = 1.0
"""A timetable in whole minutes may be so much quicker than running times computed."""
THRESHOLD: Final[Threshold] = THRESHOLDS[MIXED_DAY.line_type, MIXED_DAY.span]
"""Of mixed traffic over the day."""


class Call(NamedTuple):
    """A train at a place of the line.

    Parameters
    ----------
    place : int
        Place of the line's description.
    arrival_min, departure_min : float or None
        Minutes after midnight; None where the train begins, and where it ends.
    row : int
        Record of the file.
    """

    place: int
    arrival_min: float | None
    departure_min: float | None
    row: int

    @property
    def stops(self) -> bool:
        """Whether the train begins, ends or stands here."""
        return self.arrival_min is None or self.arrival_min != self.departure_min


class GivenTrain(NamedTuple):
    """A train of a timetable.

    Parameters
    ----------
    name : str
        As the file calls it.
    train_class : int
        Place in :data:`keruen.capacity.line_timetable.CLASSES`.
    calls : tuple of Call
        Two at least, in the order of running.
    """

    name: str
    train_class: int
    calls: tuple[Call, ...]

    @property
    def odd(self) -> bool:
        """Whether it runs in the order of the line."""
        return self.calls[0].place < self.calls[-1].place

    @property
    def first(self) -> int:
        """Its end that comes first in the order of the line."""
        return min(self.calls[0].place, self.calls[-1].place)

    @property
    def last(self) -> int:
        """Its end that comes last in the order of the line."""
        return max(self.calls[0].place, self.calls[-1].place)


class GivenTimetable(NamedTuple):
    """Trains of a day that repeats, and the file that they stand in."""

    file: str
    trains: tuple[GivenTrain, ...]


class CompressedSection(NamedTuple):
    """What a timetable takes between two places where all its trains can cross or overtake.

    Parameters
    ----------
    first_place, last_place : int
        Places of the whole line.
    occupancy_min, consumption_share : float
        As :class:`keruen.rail.compression.SectionOccupancy` has them; infinite where the order of
        the trains cannot be kept.
    trains : int
        Trains of the timetable that pass.
    admissible : dict of Level to float
        Share of the day that trains may consume.
    """

    first_place: int
    last_place: int
    occupancy_min: float
    consumption_share: float
    trains: int
    admissible: dict[Level, float]

    def trains_per_day(self, level: Level) -> float:
        """Trains of all classes a day when the timetable is scaled, its mix kept."""
        return self.trains * self.admissible[level] / self.consumption_share


class TimetableLevel(NamedTuple):
    """A given timetable scaled to what a level admits.

    Parameters
    ----------
    level : Level
        Level.
    result : LineResult
        Freight trains, of the part of the line where least fits.
    section : str
        Row of ``sections`` that binds.
    trains_per_day : float
        Trains of all classes there.
    """

    level: Level
    result: LineResult
    section: str
    trains_per_day: float


class CompressedTimetable(NamedTuple):
    """A given timetable of a line, compressed.

    Parameters
    ----------
    given : GivenTimetable
        The timetable.
    sections : tuple of CompressedSection
        In the order of the line.
    levels : tuple of TimetableLevel
        Maximal, available, practical.
    problems : tuple of Problem
        Warnings.
    """

    given: GivenTimetable
    sections: tuple[CompressedSection, ...]
    levels: tuple[TimetableLevel, ...]
    problems: tuple[Problem, ...]


def stretches_of(line: StudyLine) -> tuple[tuple[int, int], ...]:
    """First and last place of each stretch of one gauge: what a train can run over."""
    return tuple(pairwise((0, *line.breaks, len(line.sections))))


def path_of(line: LineDescription, train: GivenTrain) -> TrainPath:
    """Times of a train over the gaps of a line; gaps that it does not pass have nought.

    Parameters
    ----------
    line : LineDescription
        The whole line.
    train : GivenTrain
        Its calls.

    Returns
    -------
    TrainPath
        With running times of its own.

    Raises
    ------
    FailedError
        ``timetable_no_time_to_run`` where a start and a stop take all the time between two calls.
    """
    entry, running = [0.0] * len(line.gaps), [0.0] * len(line.gaps)
    bare = _without_times(line, train)
    for start, end in pairwise(train.calls):
        gaps = _between(start.place, end.place)
        own = [line.gaps[gap].running_min(train.train_class, train.odd) for gap in gaps]
        lost = sum(occupied_min(line, bare, gap) for gap in gaps) - sum(own)
        begun = float(start.departure_min or 0.0)
        given = float(end.arrival_min or 0.0) - begun - lost
        if given <= 0.0:
            raise FailedError([_too_quick("timetable_no_time_to_run", line, train, (start, end))])
        clock = begun
        for gap, minutes in zip(gaps, own, strict=True):
            entry[gap], running[gap] = clock, given * minutes / sum(own)
            clock += running[gap] + occupied_min(line, bare, gap) - minutes
    return bare._replace(entry_min=tuple(entry), run_min=tuple(running))


def _without_times(line: LineDescription, train: GivenTrain) -> TrainPath:
    """Class, direction and stops of a train."""
    stops = [False] * len(line.places)
    for call in train.calls:
        stops[call.place] = call.stops
    return TrainPath(train.train_class, train.odd, (), tuple(stops))


def _between(start: int, end: int) -> range:
    """Gaps between two places, in the order of running."""
    return range(start, end) if start < end else range(start - 1, end - 1, -1)


def _too_quick(
    code: str,
    line: LineDescription,
    train: GivenTrain,
    calls: tuple[Call, Call],
    severity: Severity = Severity.ERROR,
) -> Problem:
    start, end = calls
    bare = _without_times(line, train)
    needed = sum(occupied_min(line, bare, gap) for gap in _between(start.place, end.place))
    params = {
        "train": train.name,
        "start": line.places[start.place].name,
        "end": line.places[end.place].name,
        "minutes": round(float(end.arrival_min or 0.0) - float(start.departure_min or 0.0), 1),
        "needed": round(needed, 1),
    }
    return Problem(severity, code, None, end.row, "arrival", params)


def paths_of(line: StudyLine, given: GivenTimetable) -> tuple[TrainPath, ...]:
    """Paths of all trains over the whole line; see :func:`path_of`.

    Raises
    ------
    FailedError
        With the problems of all trains.
    """
    paths: list[TrainPath] = []
    problems: list[Problem] = []
    for train in given.trains:
        try:
            paths.append(path_of(line.description, train))
        except FailedError as failed:
            problems += failed.problems
    if problems:
        raise FailedError([replace(one, file=given.file) for one in problems])
    return tuple(paths)


def compressed_timetable(line: StudyLine, given: GivenTimetable) -> CompressedTimetable:
    """Compress a timetable, and scale it to what each level admits.

    Every part of the line alike in what is taken off the day is asked by itself, as for
    :func:`keruen.capacity.line_description.capacities_of_line`; the least counts.

    Parameters
    ----------
    line : StudyLine
        The line.
    given : GivenTimetable
        Trains, each over the whole line, or over a stretch from one change of gauge to the next.

    Returns
    -------
    CompressedTimetable
        Sections and levels.

    Raises
    ------
    FailedError
        ``timetable_no_time_to_run``; ``timetable_no_room_to_cross``: trains cross where neither
        finds a track.
    """
    paths = paths_of(line, given)
    crowded = [replace(one, file=given.file) for one in _crossings(line, given)]
    if crowded:
        raise FailedError(crowded)
    sections: list[CompressedSection] = []
    found: dict[Level, list[TimetableLevel]] = {level: [] for level in Level}
    for part in parts_of_line(line, by_background=False):
        own = _cut(part, given, paths)
        if own.paths:
            results = {level: timetable_capacity(part.description, own, level) for level in Level}
            compressed = _sections(part, own, results[Level.MAXIMAL])
            sections += compressed
            for level, result in results.items():
                found[level].append(_level(line, part, level, result, compressed))
    levels = tuple(min(each, key=lambda one: one.trains_per_day) for each in found.values() if each)
    problems = [
        *_hurried(line, given),
        *_head_on(line, given),
        *_disordered(line, sections),
    ]
    warned = tuple(replace(one, file=one.file or given.file) for one in problems)
    return CompressedTimetable(given, tuple(sections), levels, warned)


def _cut(part: Part, given: GivenTimetable, paths: tuple[TrainPath, ...]) -> Timetable:
    """Trains that pass a part of the line, over it alone."""
    first, last = part.first, part.first + len(part.description.gaps)
    return Timetable(
        tuple(
            path._replace(
                entry_min=path.entry_min[first:last],
                stops=path.stops[first : last + 1],
                run_min=path.run_min[first:last],
            )
            for train, path in zip(given.trains, paths, strict=True)
            if train.first <= first and last <= train.last
        )
    )


def _sections(part: Part, own: Timetable, result: LineResult) -> list[CompressedSection]:
    line, first = part.description, part.first
    found = []
    for one in result.sections:
        share = one.consumption_share
        known = SectionOccupancy(one.first_place, one.last_place, share * own.reference_min, share)
        admissible = {level: admissible_share(line, level, MIXED_DAY, known) for level in Level}
        found.append(
            CompressedSection(
                first + one.first_place,
                first + one.last_place,
                known.occupancy_min,
                share,
                len(own.paths),
                admissible,
            )
        )
    return found


def _level(
    line: StudyLine, part: Part, level: Level, result: LineResult, own: list[CompressedSection]
) -> TimetableLevel:
    scaled = [one.trains_per_day(level) for one in own]
    least = int(np.argmin(scaled))
    result = result._replace(
        binding=result.sections[least],
        odd_per_day=result.sections[least].odd_per_day,
        even_per_day=result.sections[least].even_per_day,
    )
    section = line.sections[part.first + result.binding.first_place]
    return TimetableLevel(level, result, section, scaled[least])


def _hurried(line: StudyLine, given: GivenTimetable) -> Iterator[Problem]:
    """Warn of trains that are quicker than the running times of the study."""
    for train in given.trains:
        for calls in pairwise(train.calls):
            found = _too_quick(
                "timetable_quicker_than_run", line.description, train, calls, Severity.WARNING
            )
            if float(str(found.params["minutes"])) + ROUNDED_MIN < float(
                str(found.params["needed"])
            ):
                yield found


def _head_on(line: StudyLine, given: GivenTimetable) -> Iterator[Problem]:
    """Warn of opposing trains in one gap of single track, where the file tells both its ends.

    Of trains that follow each other in time only neighbours are compared.
    """
    known = line.description
    runs: dict[int, list[tuple[float, float, GivenTrain, Call]]] = {}
    for train in given.trains:
        for start, end in pairwise(train.calls):
            gaps = _between(start.place, end.place)
            if len(gaps) == 1 and known.gaps[gaps[0]].tracks < DOUBLE:
                begun = float(start.departure_min or 0.0)
                lasts = float(end.arrival_min or 0.0) - begun
                run = (begun % MINUTES_PER_DAY, lasts, train, start)
                runs.setdefault(gaps[0], []).append(run)
    for gap, found in sorted(runs.items()):
        found.sort(key=lambda run: run[0])
        for one, other in zip(found, [*found[1:], found[0]], strict=True):
            apart = (other[0] - one[0]) % MINUTES_PER_DAY
            if one[2].odd is not other[2].odd and apart < one[1]:
                params = {
                    "train": one[2].name,
                    "other": other[2].name,
                    "row": other[3].row,
                    "start": known.places[gap].name,
                    "end": known.places[gap + 1].name,
                }
                code, row = "timetable_meets_in_gap", one[3].row
                yield Problem(Severity.WARNING, code, None, row, "departure", params)


def _disordered(line: StudyLine, sections: Iterable[CompressedSection]) -> Iterator[Problem]:
    """Warn of sections in which the order of the trains cannot be kept."""
    places = line.description.places
    for one in sections:
        if not np.isfinite(one.occupancy_min):
            params = {
                "start": places[one.first_place].name,
                "end": places[one.last_place].name,
            }
            yield Problem(Severity.WARNING, "timetable_order_not_kept", params=params)


def _crossings(line: StudyLine, given: GivenTimetable) -> Iterator[Problem]:
    """Trains that stand at a place together with an opposing one that finds no track either."""
    known = line.description
    for place in range(1, len(known.gaps)):
        if place in line.breaks or not known.single_track_on_both_sides(place):
            continue
        calls = [
            (train, call) for train in given.trains for call in train.calls if call.place == place
        ]
        calls = [pair for pair in calls if None not in pair[1][1:3]]
        for odd, call in ((t, c) for t, c in calls if t.odd):
            for even, other in ((t, c) for t, c in calls if not t.odd):
                if known.can_cross(place, odd.train_class, even.train_class):
                    continue
                if _together(call, other):
                    params = {
                        "train": odd.name,
                        "other": even.name,
                        "place": known.places[place].name,
                        "row": other.row,
                    }
                    code = "timetable_no_room_to_cross"
                    yield Problem(Severity.ERROR, code, None, call.row, "arrival", params)


def _together(one: Call, other: Call) -> bool:
    """Whether two trains are at a place at one time, on a day that repeats."""
    for early, late in ((one, other), (other, one)):
        begun, left = float(early.arrival_min or 0.0), float(early.departure_min or 0.0)
        if (float(late.arrival_min or 0.0) - begun) % MINUTES_PER_DAY <= left - begun:
            return True
    return False


def relation_of(train: GivenTrain) -> Relation:
    """A train as a relation of the dispatcher."""
    return Relation(train.train_class, train.odd, train.first, train.last, 1.0)


def freight_pairs(given: GivenTimetable) -> float:
    """Freight trains of a timetable, pairs a day: the lesser direction."""
    own = [train.odd for train in given.trains if train.train_class == FREIGHT]
    return float(min(own.count(True), own.count(False)))
