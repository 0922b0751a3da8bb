"""How the trains of a study's line run: times, delays, waits, and the trains turned away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.line_timetable import CLASSES, LineTimetable, Relation
from keruen.errors import FailedError, Problem, Severity
from keruen.events.calendar import MINUTE_MS
from keruen.rail.dispatch.compiling import Rejection, compile_dispatch
from keruen.rail.dispatch.network import Disturbance, Policy, Setting, Spread
from keruen.rail.dispatch.running import Dispatch, End, Records, records_of, run


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


class Disturbed(NamedTuple):
    """What disturbs trains.

    Parameters
    ----------
    entry_delay_min : float
        Mean of the delays with which trains come to the line, drawn from an exponential
        distribution; 0: none.
    running_share : float
        Running times over each gap are drawn evenly between that of the timetable and so much
        more of it; 0: as in the timetable.
    """

    entry_delay_min: float = 0.0
    running_share: float = 0.0

    @property
    def delay(self) -> Disturbance:
        """Entry delays as the dispatcher takes them."""
        if self.entry_delay_min <= 0.0:
            return Disturbance()
        return Disturbance(Spread.EXPONENTIAL, 0.0, self.entry_delay_min * MINUTE_MS)

    @property
    def stretch(self) -> Disturbance:
        """Stretches of running times as the dispatcher takes them."""
        if self.running_share <= 0.0:
            return Disturbance()
        return Disturbance(Spread.UNIFORM, 0.0, self.running_share)


UNDISTURBED: Final = Disturbed()
"""Every train comes in time and runs as the timetable says."""


def dispatch_line(
    timetable: LineTimetable, policy: Policy, seed: int = 0, disturbed: Disturbed = UNDISTURBED
) -> LineDispatch:
    """Run a timetable until every train is at its end.

    Parameters
    ----------
    timetable : LineTimetable
        See :func:`keruen.capacity.line_timetable.line_timetable`.
    policy : Policy
        Who goes first where not all can.
    seed : int
        Of the random streams.
    disturbed : Disturbed
        Entry delays and stretches of running times.

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
    delay, stretch = disturbed.delay, disturbed.stretch
    outcome = run(compiled, Setting(policy=policy, seed=seed, delay=delay, stretch=stretch))
    finish = np.full(timetable.relation_of.size, -1, dtype=np.int64)
    lost = finish.copy()
    done = outcome.finish_ms >= 0
    finish[outcome.numbers[done]] = outcome.finish_ms[done]
    lost[outcome.numbers[done]] = outcome.lost_ms[done]
    return LineDispatch(
        timetable,
        policy,
        compiled.guard.name.lower(),
        outcome,
        records_of(outcome),
        compiled.rejections,
        finish,
        lost,
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
