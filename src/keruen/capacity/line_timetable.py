"""Which trains run over a study's line on some days: what the dispatcher is given.

Passenger and domestic freight trains run over those stretches of the line whose sections have them,
as many a day as the study says; ordinary freight trains run over the whole line. The days looked at
stand between others of the same traffic, so that the line is neither empty at their beginning nor
emptied at their end.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.line import line_capacity
from keruen.capacity.line_description import StudyLine, line_description
from keruen.errors import Problem, Severity
from keruen.events.calendar import DAY_MS
from keruen.events.streams import stream, uniform
from keruen.model import Model
from keruen.model.records import record_number
from keruen.rail.dispatch.line_network import Windows, line_network, line_path, milliseconds
from keruen.rail.dispatch.network import Cause, Network, TrainPath, Trains
from keruen.rail.line_capacity import Level, whole_trains

FREIGHT: Final = 0
PASSENGER: Final = 1
DOMESTIC: Final = 2
CLASSES: Final = ("freight", "passenger", "domestic")
"""Classes of :func:`keruen.capacity.line_description.line_description`, in its order."""
WEIGHTS: Final = (1, 4, 1)
"""What a minute of delay counts by class; greater is more urgent (assumption)."""
WINDOW_START_MIN: Final = 600.0
"""When maintenance windows begin, minutes after midnight (assumption)."""


class Relation(NamedTuple):
    """Trains of one class in one direction over one stretch of the line.

    Parameters
    ----------
    train_class : int
        Place in :data:`CLASSES`.
    odd : bool
        Whether they run in the order of the line.
    first, last : int
        Places at the ends of the stretch, in the order of the line.
    per_day : float
        Trains a day.
    """

    train_class: int
    odd: bool
    first: int
    last: int
    per_day: float


class Supply(NamedTuple):
    """Trains alike.

    Parameters
    ----------
    relation : Relation
        What they have in common.
    path : TrainPath
        Their way.
    due_ms : array of int
        When they are due, milliseconds after the first midnight.
    names : tuple of str
        Name of each; none where they are numbered.
    """

    relation: Relation
    path: TrainPath
    due_ms: NDArray[np.int64]
    names: tuple[str, ...] = ()


class LineTimetable(NamedTuple):
    """What the dispatcher is given.

    Parameters
    ----------
    line : str
        Row of ``lines``.
    described : StudyLine
        The line.
    relations : tuple of Relation
        Trains, by what they have in common.
    relation_of : array of int, shape (trains,)
        Relation of each train.
    network : Network
        The line as points and sections.
    paths : tuple of TrainPath
        Way of each relation.
    trains : Trains
        Timetable.
    looked_at_ms : (int, int)
        Days looked at: trains due in them are counted.
    freight_pairs : float
        Ordinary freight trains, pairs a day.
    names : tuple of str
        Name of each train; none where they are numbered.
    """

    line: str
    described: StudyLine
    relations: tuple[Relation, ...]
    relation_of: NDArray[np.int64]
    network: Network
    paths: tuple[TrainPath, ...]
    trains: Trains
    looked_at_ms: tuple[int, int]
    freight_pairs: float
    names: tuple[str, ...] = ()

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Whether each train is due in the days looked at."""
        due = self.trains.earliest_ms
        found: NDArray[np.bool_] = (due >= self.looked_at_ms[0]) & (due < self.looked_at_ms[1])
        return found

    @property
    def class_of(self) -> NDArray[np.int64]:
        """Class of each train."""
        return np.array([one.train_class for one in self.relations])[self.relation_of]


def practical_pairs(model: Model, line: str) -> int:
    """Ordinary freight trains at the practical level of the parallel timetable, pairs a day."""
    (found,) = (one for one in line_capacity(model, line) if one.level is Level.PRACTICAL)
    return max(0, whole_trains(found.left_per_day))


def overload_problems(model: Model, line: str, pairs: float) -> tuple[Problem, ...]:
    """Warn when more ordinary freight trains are asked for than the line takes.

    What it takes is what is left at the available level of the parallel timetable. Beyond that
    trains queue for longer and longer, and delays tell nothing but how many days were looked at.
    """
    (found,) = (one for one in line_capacity(model, line) if one.level is Level.AVAILABLE)
    takes = max(0.0, found.left_per_day)
    if pairs <= takes:
        return ()
    params = {
        "line": line,
        "pairs": float(pairs),
        "takes": round(takes, 1),
        "section": found.left_section,
    }
    row = record_number(model, "sections", found.left_section)
    code = "more_trains_than_line_takes"
    return (Problem(Severity.WARNING, code, "sections.csv", row, params=params),)


def line_timetable(
    model: Model, line: str, freight_pairs: float | None = None, days: int = 1, seed: int = 0
) -> LineTimetable:
    """Make the timetable of a line.

    Background passenger trains leave at even intervals from a time of their own, which the seed
    draws; freight trains leave at any time within intervals alike.

    Parameters
    ----------
    model : Model
        Of a day.
    line : str
        Row of ``lines``.
    freight_pairs : float or None
        Ordinary freight trains, pairs a day; None: :func:`practical_pairs`.
    days : int
        Days looked at.
    seed : int
        Of the random streams.

    Returns
    -------
    LineTimetable
        For :func:`dispatch_line`.

    Raises
    ------
    OutOfServiceError
        When the line has no railway section in service.
    FailedError
        ``line_not_in_a_row``; ``number_needed``.
    """
    described = line_description(model, line)
    pairs = practical_pairs(model, line) if freight_pairs is None else freight_pairs
    relations = tuple(_relations(described, float(pairs)))
    paths = tuple(_way(described, one) for one in relations)
    beside = days_beside(paths)
    supplies = [
        Supply(one, path, _departures(one, number, days + 2 * beside, seed))
        for number, (one, path) in enumerate(zip(relations, paths, strict=True))
    ]
    return assembled(line, described, supplies, (days, beside), float(pairs))


def _way(described: StudyLine, one: Relation) -> TrainPath:
    """Way of trains, freight with its stops for changes of crew and locomotive."""
    way = line_path(described.description, one.train_class, one.odd, (one.first, one.last))
    known = {stop.place: stop for stop in described.stops if stop.place in way.points[1:-1]}
    if one.train_class == PASSENGER or not known:
        return way
    stops = [known.get(point) for point in way.points]
    return way._replace(
        dwell_ms=tuple(milliseconds(stop.minutes) if stop else 0 for stop in stops),
        dwell_cause=tuple(
            int(Cause.LOCOMOTIVE_CHANGE if stop and stop.changes_locomotive else Cause.CREW_CHANGE)
            for stop in stops
        ),
    )


def days_beside(paths: Sequence[TrainPath]) -> int:
    """Days before and after those looked at, in which trains cross the whole line."""
    longest = max(
        (sum(p.run_ms) + sum(p.start_ms) + sum(p.stop_ms) + sum(p.dwell_ms) for p in paths),
        default=0,
    )
    return 1 + longest // DAY_MS


def assembled(
    line: str,
    described: StudyLine,
    supplies: Sequence[Supply],
    days: tuple[int, int],
    pairs: float,
) -> LineTimetable:
    """Make a timetable of trains that are known.

    Parameters
    ----------
    line : str
        Row of ``lines``.
    described : StudyLine
        The line.
    supplies : sequence of Supply
        Trains.
    days : (int, int)
        Days looked at, and days before and after them.
    pairs : float
        Ordinary freight trains, pairs a day.

    Returns
    -------
    LineTimetable
        For :func:`dispatch_line`.
    """
    due = [one.due_ms for one in supplies]
    relation_of = np.repeat(np.arange(len(due)), [len(own) for own in due])
    weights = np.array([WEIGHTS[one.relation.train_class] for one in supplies], dtype=np.int64)
    earliest = np.concatenate([*due, np.empty(0)]).astype(np.int64)
    trains = Trains(relation_of, earliest, weights[relation_of])
    network = line_network(
        described.description,
        Windows(True, WINDOW_START_MIN),
        even_tracks=False,
        arrivals_apart=True,
    )
    return LineTimetable(
        line,
        described,
        tuple(one.relation for one in supplies),
        relation_of,
        network,
        tuple(one.path for one in supplies),
        trains,
        (days[1] * DAY_MS, (days[1] + days[0]) * DAY_MS),
        pairs,
        tuple(name for one in supplies for name in one.names),
    )


def _relations(described: StudyLine, pairs: float) -> Iterator[Relation]:
    """Ordinary freight over the whole line, the background over the stretches that have it.

    Where the gauge changes every train ends, and others begin on the other side.
    """
    wanted = (
        (FREIGHT, [pairs] * len(described.sections)),
        (PASSENGER, [one.passenger_pairs for one in described.traffic]),
        (DOMESTIC, [one.freight_pairs for one in described.traffic]),
    )
    of_one_gauge = tuple(pairwise((0, *described.breaks, len(described.sections))))
    for train_class, per_gap in wanted:
        for begin, end in of_one_gauge:
            for first, last, per_day in stretches_with(per_gap[begin:end]):
                for odd in (True, False):
                    yield Relation(train_class, odd, begin + first, begin + last, per_day)


def stretches_with(per_gap: Sequence[float]) -> list[tuple[int, int, float]]:
    """Lay trains a day that differ by gap over each other as trains over stretches of the line.

    Each train runs as far as it can: over all neighbouring gaps that have as many.

    >>> stretches_with([2.0, 2.0, 5.0, 0.0, 1.0])
    [(0, 3, 1.0), (4, 5, 1.0), (0, 3, 1.0), (2, 3, 3.0)]
    """
    found = []
    below = 0.0
    for level in sorted({one for one in per_gap if one > 0.0}):
        begin = None
        for gap, have in enumerate([*per_gap, -math.inf]):
            if have >= level and begin is None:
                begin = gap
            elif have < level and begin is not None:
                found.append((begin, gap, level - below))
                begin = None
        below = level
    return found


def _departures(one: Relation, number: int, days: int, seed: int) -> NDArray[np.int64]:
    """When the trains of a relation are due, milliseconds since the first midnight."""
    count = math.floor(one.per_day * days)
    base = stream(seed, 0, number)
    if one.train_class == PASSENGER:
        offsets = np.full(count, uniform(base, 0))
    else:
        offsets = np.array([uniform(base, place) for place in range(count)])
    due = (np.arange(count) + offsets) * (DAY_MS / one.per_day)
    whole: NDArray[np.int64] = np.floor(due).astype(np.int64)
    return whole
