"""The ordinary train over a section or a whole line: time, energy and speed by kilometre.

Over sections of one train the run is one, from a stand to a stop; where locomotives or the train
change it stops. The running allowance is kept as timetables keep it: by a lower top speed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.cannot_run import Attempt, cannot_run, in_their_rows
from keruen.capacity.gap_running import profile_of, train_of, units_needed
from keruen.capacity.hauling import Hauled, Track, gauges_of, hauling_of, read_hauled, read_track
from keruen.capacity.line_order import Passed, passed_line, passed_section
from keruen.capacity.reader import ElementReader
from keruen.errors import FailedError, Problem, UsageError, error
from keruen.model import Model
from keruen.model.findings import closest, cut
from keruen.rail.kilometres import Kilometres, by_kilometre
from keruen.rail.running import NotRunnableError, RunResult, run_train
from keruen.rail.supplements import run_with_allowance
from keruen.rail.track_profile import ASSUMED_WAVE_KM, TrackProfile, track_profile
from keruen.rail.train import Train

GROSS_T_KM: Final = 1e4
"""Energy is told for so many gross tonne-kilometres of wagons and load."""


class _Task(NamedTuple):
    """A section to be run over, read."""

    passed: Passed
    locomotive: str
    train_type: str
    hauled: Hauled
    track: Track


class PassedStretch(NamedTuple):
    """A section within a run.

    Parameters
    ----------
    passed : Passed
        Section and direction.
    from_km, to_km : float
        Since the start of the whole run.
    units_needed : int
        Locomotives without which the train does not climb the section.
    running_min, wheel_kwh, wire_kwh, fuel_l : float
        Of the section.
    """

    passed: Passed
    from_km: float
    to_km: float
    units_needed: int
    running_min: float
    wheel_kwh: float
    wire_kwh: float
    fuel_l: float


class Leg(NamedTuple):
    """A part of the way with one train, from a stand to a stop.

    Parameters
    ----------
    locomotive, train_type : str
        Rows of their tables.
    hauled : Hauled
        The train with as many locomotives as the steepest section takes.
    stated_units : int
        Locomotives stated in ``haulings``.
    forced_min : float
        Running time as fast as the train can.
    run : RunResult
        With the running allowance kept, unless ``hurried``.
    running_min : float
        Running time with the allowance.
    hurried : bool
        Whether speeds and energies are those of the fastest run, because the train stalls at the
        lower speed that keeps the allowance.
    stretches : tuple of PassedStretch
        Sections passed.
    """

    locomotive: str
    train_type: str
    hauled: Hauled
    stated_units: int
    forced_min: float
    run: RunResult
    running_min: float
    hurried: bool
    stretches: tuple[PassedStretch, ...]

    @property
    def gross_t_km(self) -> float:
        """Tonne-kilometres of wagons and load."""
        return self.run.trailing_t * float(self.run.km[-1] - self.run.km[0])


class LineRun(NamedTuple):
    """A run over a section or a line.

    Parameters
    ----------
    table, row : str
        What was asked for: a row of ``sections`` or of ``lines``.
    legs : tuple of Leg
        Parts of the way, each with its own train.
    """

    table: str
    row: str
    legs: tuple[Leg, ...]

    @property
    def time_min(self) -> float:
        """Running time with the allowance; stops between legs are not counted."""
        return sum(leg.running_min for leg in self.legs)

    @property
    def forced_min(self) -> float:
        """The shortest running time."""
        return sum(leg.forced_min for leg in self.legs)

    @property
    def length_km(self) -> float:
        """Length of the way."""
        return self.legs[-1].stretches[-1].to_km

    @property
    def assumes_profile(self) -> bool:
        """Whether a ruling gradient stood in for a profile somewhere."""
        return any(leg.run.assumed_profile for leg in self.legs)

    @property
    def assumed_wave_km(self) -> float | None:
        """Length of the waves of what stood in for a profile; None where nothing did."""
        return ASSUMED_WAVE_KM if self.assumes_profile else None

    @property
    def wheel_kwh(self) -> float:
        """Net energy at the wheels."""
        return float(sum(leg.run.wheel_energy_kwh.sum() for leg in self.legs))

    @property
    def wire_kwh(self) -> float | None:
        """Net energy from the wire; None where no leg is electric."""
        return self._of_kind("wire_kwh", is_diesel=False)

    @property
    def substation_kwh(self) -> float | None:
        """Net energy at the substations; None where no leg is electric."""
        return self._of_kind("substation_kwh", is_diesel=False)

    @property
    def fuel_l(self) -> float | None:
        """Fuel; None where no leg is by diesel."""
        return self._of_kind("fuel_l", is_diesel=True)

    def gross_t_km(self, is_diesel: bool | None = None) -> float:
        """Tonne-kilometres of wagons and load, of all legs or of those of a kind of traction."""
        kinds = (True, False) if is_diesel is None else (is_diesel,)
        return sum(leg.gross_t_km for leg in self.legs if leg.hauled.is_diesel in kinds)

    def per_10000_gross_t_km(
        self, amount: float | None, *, is_diesel: bool | None = None
    ) -> float | None:
        """An amount per 10,000 tonne-kilometres of wagons and load, over its own part of the way.

        None stays None.
        """
        return None if amount is None else amount * GROSS_T_KM / self.gross_t_km(is_diesel)

    def kilometres(self) -> tuple[Kilometres, ...]:
        """Each leg by kilometres of the whole way."""
        return tuple(by_kilometre(leg.run) for leg in self.legs)

    def _of_kind(self, name: str, *, is_diesel: bool) -> float | None:
        own = [leg for leg in self.legs if leg.hauled.is_diesel is is_diesel]
        return float(sum(getattr(leg.run, name).sum() for leg in own)) if own else None


def line_run(
    model: Model, name: str, train_type: str | None = None, *, backward: bool = False
) -> LineRun:
    """Run the ordinary train over a section, or over the sections of a line in order.

    Parameters
    ----------
    model : Model
        Of a day.
    name : str
        A railway section or a line; ``sections/ID`` or ``lines/ID`` where both have the id.
    train_type : str or None
        Another train than that of ``haulings``, behind the locomotives stated there.
    backward : bool
        From the end to the start.

    Returns
    -------
    LineRun
        Times and energies.

    Raises
    ------
    UsageError
        ``unknown_section_or_line``, ``unknown_train_type``.
    FailedError
        ``section_not_of_rail``, ``section_without_hauling``, ``section_without_track``,
        ``line_not_in_a_row``, ``train_type_of_other_gauge``, and those of
        :func:`keruen.capacity.cannot_run.cannot_run`, each with its section.
    OutOfServiceError
        When the line has no railway section in service.
    """
    table, row = _meant(model, name)
    if train_type is not None:
        model.require("unknown_train_type", "train_types", train_type)
    if table == "lines":
        way = passed_line(model, row, backward=backward)
    else:
        way = (passed_section(model, row, backward=backward),)
    tasks = [_read(model, passed, train_type) for passed in way]
    legs: list[Leg] = []
    begin_km = 0.0
    try:
        for _, same in groupby(tasks, key=lambda task: (task.locomotive, task.hauled)):
            legs.append(_leg(tuple(same), begin_km))
            begin_km = legs[-1].stretches[-1].to_km
    except FailedError as failed:
        raise FailedError(in_their_rows(model, failed.problems)) from failed
    return LineRun(table, row, tuple(legs))


def _meant(model: Model, name: str) -> tuple[str, str]:
    table, _, row = name.partition("/")
    named = row and table in ("sections", "lines")
    wanted = [(table, row)] if named else [("sections", name), ("lines", name)]
    for found in wanted:
        if found[1] in model[found[0]].index:
            return found
    known = [str(key) for one, _ in wanted for key in model[one].index]
    near = closest(wanted[0][1], known)
    raise UsageError([error("unknown_section_or_line", value=cut(name), better=near)])


def _read(model: Model, passed: Passed, train_type: str | None) -> _Task:
    """Train and track of a section.

    Raises
    ------
    FailedError
        When the study does not tell them.
    """
    row = passed.section
    if model.text("sections", row, "mode") != "rail":
        raise FailedError([error("section_not_of_rail", "sections.csv", section=row)])
    hauling = hauling_of(model, row)
    if hauling is None:
        gauge = model.number("sections", row, "gauge_mm")
        told = {
            "section": row,
            "traction": model.text("sections", row, "traction"),
            "gauge": 0 if gauge is None else int(gauge),
        }
        raise FailedError([error("section_without_hauling", "haulings.csv", **told)])
    reader = ElementReader(model, "sections", row)
    own = train_type or model.text("haulings", hauling, "train_type")
    gauge = model.number("haulings", hauling, "gauge_mm")
    gauges = gauges_of(model, own)
    if gauges and gauge is not None and int(gauge) not in gauges:
        known = ", ".join(str(one) for one in sorted(gauges))
        told = {"section": row, "train_type": own, "gauge": int(gauge), "gauges": known}
        raise FailedError([error("train_type_of_other_gauge", "haulings.csv", **told)])
    track = read_track(reader, own)
    if track is None:
        raise FailedError([error("section_without_track", "sections.csv", section=row)])
    hauled = read_hauled(reader, hauling)
    hauled = hauled._replace(
        trailing_t=reader.number("gross_t", "train_types", own),
        length_m=reader.number("length_m", "train_types", own),
        wagons=reader.number("wagons", "train_types", own),
    )
    return _Task(passed, model.text("haulings", hauling, "locomotive"), own, hauled, track)


@lru_cache(maxsize=64)
def _leg(tasks: tuple[_Task, ...], begin_km: float) -> Leg:
    """Run one train over sections in a row."""
    needed = [units_needed(task.hauled, task.track, task.passed.section) for task in tasks]
    hauled = tasks[0].hauled._replace(units=max(needed))
    train = train_of(hauled, max(task.track.steepest_permille for task in tasks))
    profiles = [profile_of(task.track, backward=task.passed.backward) for task in tasks]
    joined = _joined(profiles, begin_km)
    bounds = begin_km + np.append(0.0, np.cumsum([one.length_km for one in profiles]))
    try:
        forced = run_train(train, joined)
    except NotRunnableError as failed:
        raise FailedError(_located(failed.problems, tasks, bounds, train)) from failed
    shares = np.array([task.track.allowance_share for task in tasks])
    wanted_min = float(forced.running_min + np.dot(_between(forced, bounds)[0], shares))
    run, hurried = _with_allowance(train, joined, forced, wanted_min)
    minutes, *energies = _between(run, bounds)
    minutes = minutes * wanted_min / run.running_min
    parts = zip(tasks, pairwise(bounds), needed, minutes, *energies, strict=True)
    stretches = tuple(
        PassedStretch(task.passed, float(km[0]), float(km[1]), units, *map(float, amounts))
        for task, km, units, *amounts in parts
    )
    first = tasks[0]
    return Leg(
        first.locomotive,
        first.train_type,
        hauled,
        first.hauled.units,
        forced.running_min,
        run,
        wanted_min,
        hurried,
        stretches,
    )


def _with_allowance(
    train: Train, profile: TrackProfile, forced: RunResult, wanted_min: float
) -> tuple[RunResult, bool]:
    """The run that takes so long; the fastest where the train stalls at the lower speed."""
    try:
        return run_with_allowance(train, profile, wanted_min / forced.running_min - 1.0), False
    except NotRunnableError:
        return forced, True


def _joined(profiles: list[TrackProfile], begin_km: float) -> TrackProfile:
    """One profile of several in a row."""
    km = [begin_km]
    for one in profiles:
        km.extend(km[-1] + (one.km[1:] - one.km[0]))
    gradient, curvature, highest = (
        np.concatenate([getattr(one, name) for one in profiles])
        for name in ("gradient_permille", "curvature_per_km", "limit_km_per_h")
    )
    radius_m = np.divide(1e3, curvature, out=np.full(curvature.size, np.inf), where=curvature > 0.0)
    assumed = any(one.assumed for one in profiles)
    return track_profile(km, gradient, highest, radius_m, assumed)


def _between(run: RunResult, bounds: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Minutes, and energies at wheel, wire and tank, between places of a run without stops."""

    def shared(cumulative: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.diff(np.interp(bounds, run.km, cumulative))
        return found

    energies = (run.wheel_energy_kwh, run.wire_kwh, run.fuel_l)
    summed = (shared(np.append(0.0, np.cumsum(one))) for one in energies)
    return (shared(run.time_min), *summed)


def _located(
    problems: tuple[Problem, ...],
    tasks: tuple[_Task, ...],
    bounds: NDArray[np.float64],
    train: Train,
) -> list[Problem]:
    """Problems of a run over several sections, each told by its section and kilometre there."""
    found = []
    for problem in problems:
        km = float(str(problem.params["km"]))
        place = int(np.clip(np.searchsorted(bounds, km, side="right") - 1, 0, len(tasks) - 1))
        here = {**problem.params, "km": round(km - float(bounds[place]), 3)}
        passed = tasks[place].passed
        attempt = Attempt(passed.section, tasks[place].track, train, passed.backward)
        found += cannot_run((replace(problem, params=here),), attempt)
    return found
