"""The trains of a study's line on some days, run by the dispatcher.

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
from keruen.errors import FailedError, Problem, Severity
from keruen.events.calendar import DAY_MS, MINUTE_MS
from keruen.events.streams import stream, uniform
from keruen.model import Model
from keruen.model.records import record_number
from keruen.rail.dispatch.compiling import Rejection, compile_dispatch
from keruen.rail.dispatch.line_network import Windows, line_network, line_path
from keruen.rail.dispatch.network import Network, Policy, Setting, TrainPath, Trains
from keruen.rail.dispatch.running import Dispatch, End, Records, records_of, run
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


class LineDispatch(NamedTuple):
    """How the trains of a timetable ran.

    Parameters
    ----------
    timetable : LineTimetable
        What was given.
    policy : Policy
        Who went first.
    guard : str
        What kept trains from locking.
    outcome : Dispatch
        As the dispatcher tells it.
    records : Records
        Runs and waits.
    rejections : tuple of Rejection
        Trains that cannot run.
    finish_ms, delay_ms : array of int, shape (trains,)
        When each train was done, and the time it lost by waiting and by stopping for others; -1 of
        trains that did not run or are not done.
    """

    timetable: LineTimetable
    policy: Policy
    guard: str
    outcome: Dispatch
    records: Records
    rejections: tuple[Rejection, ...]
    finish_ms: NDArray[np.int64]
    delay_ms: NDArray[np.int64]

    @property
    def is_locked(self) -> bool:
        """Whether trains wait for each other for ever."""
        return self.outcome.end is End.LOCKED

    @property
    def finished(self) -> NDArray[np.bool_]:
        """Whether each train is due in the days looked at and has reached its end."""
        found: NDArray[np.bool_] = self.timetable.counted & (self.finish_ms >= 0)
        return found

    @property
    def length_km(self) -> NDArray[np.float64]:
        """Length of the way of each train."""
        known = self.timetable
        gaps = known.described.lengths_km
        lengths = np.array([sum(gaps[one.first : one.last]) for one in known.relations])
        found: NDArray[np.float64] = lengths[known.relation_of]
        return found

    @property
    def weighted_delay_min(self) -> float:
        """Delays of the trains looked at times their weights, minutes."""
        done = self.finished
        return float(np.dot(self.delay_ms[done], self.timetable.trains.weight[done])) / MINUTE_MS

    def delays_min(self, train_class: int | None = None) -> NDArray[np.float64]:
        """Delay of each train looked at that is done, of all classes or of one, minutes."""
        done = self.finished
        if train_class is not None:
            done = done & (self.timetable.class_of == train_class)
        found: NDArray[np.float64] = self.delay_ms[done] / MINUTE_MS
        return found

    def speed_km_per_h(self, train_class: int) -> float | None:
        """Mean speed of the trains of a class looked at that are done, waits before entering too.

        None when there are none.
        """
        done = self.finished & (self.timetable.class_of == train_class)
        if not done.any():
            return None
        lasted_ms = (self.finish_ms - self.timetable.trains.earliest_ms)[done].sum()
        return float(self.length_km[done].sum() / lasted_ms * 3.6e6)

    def waits_min(self) -> dict[int, NDArray[np.float64]]:
        """Each wait of the trains looked at, by its cause, minutes; before entering included."""
        known = self.records
        own = self.timetable.counted[known.train] & (known.leave_ms > known.enter_ms)
        lasting = (known.leave_ms - known.enter_ms) / MINUTE_MS
        causes = np.unique(known.cause[own & (known.cause > 0)])
        return {int(cause): lasting[own & (known.cause == cause)] for cause in causes}


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
    description = described.description
    pairs = practical_pairs(model, line) if freight_pairs is None else freight_pairs
    relations = tuple(_relations(described, float(pairs)))
    paths = tuple(
        line_path(description, one.train_class, one.odd, (one.first, one.last)) for one in relations
    )
    longest = max((sum(p.run_ms) + sum(p.start_ms) + sum(p.stop_ms) for p in paths), default=0)
    beside = 1 + longest // DAY_MS  # days before and after, in which trains cross the whole line
    due = [
        _departures(one, number, days + 2 * beside, seed) for number, one in enumerate(relations)
    ]
    relation_of = np.repeat(np.arange(len(due)), [len(own) for own in due])
    weights = np.array([WEIGHTS[one.train_class] for one in relations], dtype=np.int64)
    earliest = np.concatenate([*due, np.empty(0)]).astype(np.int64)
    trains = Trains(relation_of, earliest, weights[relation_of])
    network = line_network(
        description, Windows(True, WINDOW_START_MIN), even_tracks=False, arrivals_apart=True
    )
    looked_at = (beside * DAY_MS, (beside + days) * DAY_MS)
    return LineTimetable(
        line,
        described,
        relations,
        relation_of,
        network,
        paths,
        trains,
        looked_at,
        float(pairs),
    )


def dispatch_line(timetable: LineTimetable, policy: Policy, seed: int = 0) -> LineDispatch:
    """Run a timetable until every train is at its end.

    Parameters
    ----------
    timetable : LineTimetable
        See :func:`line_timetable`.
    policy : Policy
        Who goes first where not all can.
    seed : int
        Of the random streams.

    Returns
    -------
    LineDispatch
        Times, waits, and the trains turned away.

    Raises
    ------
    FailedError
        The reason of :class:`keruen.rail.dispatch.compiling.Reason` when not one train can run.
    """
    compiled = compile_dispatch(timetable.network, timetable.paths, timetable.trains)
    if compiled.rejections and not compiled.numbers.size:
        raise FailedError(rejection_problems(timetable, compiled.rejections, Severity.ERROR))
    outcome = run(compiled, Setting(policy=policy, seed=seed))
    finish = np.full(timetable.relation_of.size, -1, dtype=np.int64)
    delay = finish.copy()
    done = outcome.finish_ms >= 0
    finish[outcome.numbers[done]] = outcome.finish_ms[done]
    delay[outcome.numbers[done]] = outcome.lost_ms[done]
    return LineDispatch(
        timetable,
        policy,
        compiled.guard.name.lower(),
        outcome,
        records_of(outcome),
        compiled.rejections,
        finish,
        delay,
    )


class TurnedAway(NamedTuple):
    """Trains of a relation that cannot run: how many of those looked at, why, and where.

    ``place`` names a place of the line, ``section`` a row of ``sections``; empty where the reason
    has none.
    """

    relation: Relation
    trains: int
    reason: str
    place: str
    section: str
    length_m: float


def turned_away(
    timetable: LineTimetable, rejections: Sequence[Rejection]
) -> tuple[TurnedAway, ...]:
    """Gather rejections by relation."""
    counted = timetable.counted
    by_relation: dict[int, list[Rejection]] = {}
    for one in rejections:
        by_relation.setdefault(int(timetable.relation_of[one.train]), []).append(one)
    return tuple(
        _gathered(timetable, timetable.relations[number], own, counted)
        for number, own in sorted(by_relation.items())
    )


def _gathered(
    timetable: LineTimetable,
    relation: Relation,
    own: list[Rejection],
    counted: NDArray[np.bool_],
) -> TurnedAway:
    described = timetable.described
    params = own[0].params
    place, section = params.get("point"), params.get("section")
    return TurnedAway(
        relation,
        sum(bool(counted[one.train]) for one in own),
        str(own[0].reason),
        "" if place is None else described.description.places[int(place)].name,
        "" if section is None else described.sections[int(section)],
        described.description.classes[relation.train_class].length_m,
    )


def rejection_problems(
    timetable: LineTimetable,
    rejections: Sequence[Rejection],
    severity: Severity = Severity.WARNING,
) -> tuple[Problem, ...]:
    """Say of each relation turned away why and where, once for trains alike in both directions."""
    found: dict[tuple[str, str, str, str], Problem] = {}
    for one in turned_away(timetable, rejections):
        train = CLASSES[one.relation.train_class]
        told = {"train": train, "place": one.place, "section": one.section}
        params = {**told, "line": timetable.line, "length_m": one.length_m}
        problem = Problem(severity, one.reason, "sections.csv", params=params)
        found.setdefault((train, one.reason, one.place, one.section), problem)
    return tuple(found.values())


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
