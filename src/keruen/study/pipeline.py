"""A run: named steps in order, each from frozen inputs to result tables, cached by input hash."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pandas as pd

from keruen.capacity.ladder import LADDER_LEVEL, corridor_ladder, lifting_projects
from keruen.capacity.needs import fleet_needs
from keruen.capacity.overview import capacity
from keruen.errors import Problem, StudyError
from keruen.model import Model, input_hashes, read_study
from keruen.rail.line_capacity import Level
from keruen.study import frames
from keruen.study.cache import StepCache, as_stored
from keruen.study.calibrate import calibrate
from keruen.study.freight import flow_tables, volumes_of
from keruen.study.history import (
    assumed_factors,
    line_factors,
    line_history,
    lines_of_interest,
    unlisted_loop,
)
from keruen.study.identity import code_hash, digest_of
from keruen.study.line_trains import Gathered, LineOnDay, line_trains
from keruen.study.metrics import Days
from keruen.study.targets import days_of, judge_all, last_day
from keruen.study.variants import Variants

Tables = dict[str, pd.DataFrame]
Progress = Callable[[str, float], None]
"""Told the name of the step under way and the share of it that is done."""

LADDER_SPACING: Final = 5


class Step(NamedTuple):
    """A step that was run: its name, the CPU seconds it took, whether it came from the cache."""

    name: str
    cpu_s: float
    cached: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What to run.

    Parameters
    ----------
    path : Path
        Study folder.
    scenario : str or None
        Scenario laid over the base.
    seed : int or None
        Seed of draws; None for the study's own.
    as_of : date or None
        Observations known later are ignored.
    """

    path: Path
    scenario: str | None = None
    seed: int | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave.

    Parameters
    ----------
    request : Request
        What was asked.
    model : Model
        The study, scenario included, before any day.
    seed : int
        Seed used.
    inputs : mapping of str to str
        SHA-256 of every input file.
    tables : mapping of str to DataFrame
        Result tables.
    steps : tuple of Step
        Steps in order.
    warnings : tuple of Problem
        Warnings of the check.
    """

    request: Request
    model: Model
    seed: int
    inputs: Mapping[str, str]
    tables: Mapping[str, pd.DataFrame]
    steps: tuple[Step, ...]
    warnings: tuple[Problem, ...]


def known_by(model: Model, day: date | None) -> Model:
    """The study without the observations that became known after a day."""
    if day is None:
        return model
    observations = model["observations"]
    kept = observations[observations["known_from"] <= pd.Timestamp(day)]
    return replace(model, tables=MappingProxyType({**model.tables, "observations": kept}))


def ladder_years(model: Model) -> tuple[int, ...]:
    """Years in which the projects that lift a ladder are sought: ends, every fifth, targets'."""
    years = model.settings.years
    chosen = {years[0], years[-1]} | {y for y in years if y % LADDER_SPACING == 0}
    for row in model["targets"].index:
        wanted = model.number("targets", str(row), "by_year")
        if wanted is not None and int(wanted) in years:
            chosen.add(int(wanted))
    return tuple(sorted(chosen))


def _capacity_step(base: Model, days: Days, tell: Callable[[float], None]) -> Tables:
    """Capacity of every element on 1 July of every year."""
    years = base.settings.years
    inputs_of = set(ladder_years(base))
    found: list[pd.DataFrame] = []
    inputs: list[pd.DataFrame] = []
    for done, year in enumerate(years):
        records = capacity(days(date(year, 7, 1)))
        found.append(frames.capacity_frame(year, records))
        if year in inputs_of:
            inputs.append(frames.inputs_frame(year, records, LADDER_LEVEL.value))
        tell((done + 1) / len(years))
    return {"capacity": frames.stacked(found), "inputs": frames.stacked(inputs)}


def _ladder_step(base: Model, days: Days, tell: Callable[[float], None]) -> Tables:
    """Ladders of every corridor on the last day of every year, and the fleets they take."""
    found: list[pd.DataFrame] = []
    needs: list[pd.DataFrame] = []
    lifted_in = set(ladder_years(base))
    years = base.settings.years
    for done, year in enumerate(years):
        known, variants = days(last_day(year)), Variants(base, days)
        for corridor in known.passable():
            for level in Level:
                ladder = corridor_ladder(known, corridor.id, level)
                usual = level is LADDER_LEVEL
                lifted = None
                if usual and year in lifted_in:
                    opened = variants.opened(last_day(year))
                    lifted = lifting_projects(base, known.model, ladder, opened)
                found.append(frames.ladder_frame(year, ladder, lifted))
                if usual and ladder.steps:
                    volume = ladder.capacity_t
                    need = fleet_needs(known, corridor.id, volume)
                    needs.append(frames.needs_frame(year, corridor.id, volume, need))
        tell((done + 1) / len(years))
    return {"ladders": frames.stacked(found), "fleet_needs": frames.stacked(needs)}


def _line_step(base: Model, days: Days, tell: Callable[[float], None]) -> Tables:
    """Lines that targets are about: their capacity at each change, and its factors."""
    history: list[pd.DataFrame] = []
    factors: list[dict[str, object]] = []
    lines = lines_of_interest(base)
    for done, line in enumerate(lines):
        entries = line_history(base, days, line)
        history.append(frames.history_frame(line, entries))
        if len(entries) > 1:
            before, after = entries[0].day, entries[-1].day
            assumed = assumed_factors(days, line, before, after)
            for whole in line_factors(days, line, before, after):
                loop = unlisted_loop(days, line, before, after, whole.level)
                factors += [
                    {
                        "line": line,
                        "level": whole.level.value,
                        "before_date": before.isoformat(),
                        "after_date": after.isoformat(),
                        "before": whole.before,
                        "after": whole.after,
                        "factor": factor.name,
                        "alone_ratio": factor.alone_ratio,
                        "without_ratio": factor.without_ratio,
                        "share_ratio": factor.share_ratio,
                        "assumed": assumed.get(factor.name, True),
                    }
                    for factor in (*whole.factors, *((loop,) if loop else ()))
                ]
        tell((done + 1) / len(lines))
    columns = (
        "line", "level", "before_date", "after_date", "before", "after", "factor", "alone_ratio",
        "without_ratio", "share_ratio", "assumed",
    )  # fmt: skip
    return {
        "line_history": frames.stacked(history, frames.HISTORY_COLUMNS),
        "line_factors": pd.DataFrame(factors, columns=list(columns)),
    }


def _train_step(base: Model, days: Days, tell: Callable[[float], None]) -> Tables:
    """The same lines: three methods, measures one by one, running times and energy, a day."""
    found = Gathered()
    lines = lines_of_interest(base)
    for done, line in enumerate(lines):
        entries = [
            LineOnDay(line, entry.day, days(entry.day).model)
            for entry in line_history(base, days, line)
        ]
        line_trains(found, line, entries, base.settings.seed)
        tell((done + 1) / len(lines))
    return found.tables()


def _flow_step(base: Model, days: Days, tell: Callable[[float], None]) -> Tables:
    """Who goes which way in every year; nothing where the study has no demand."""
    return flow_tables(base, days, ladder_years(base), tell)


def _calibration_step(base: Model, days: Days, tell: Callable[[float], None]) -> Tables:
    """Whether counts of the past would move the free numbers; nothing where none is free."""
    return calibrate(base, days, tell)


def _target_step(
    base: Model, days: Days, tell: Callable[[float], None], made: Mapping[str, pd.DataFrame]
) -> Tables:
    """Verdicts on every claim and target, by capacity or by the flows found before."""
    verdicts = judge_all(base, days, tell, volumes_of(base, made))
    return {
        "targets": frames.targets_frame(verdicts),
        "target_turns": frames.turns_frame(verdicts),
    }


_Alone = Callable[[Model, Days, Callable[[float], None]], Tables]
StepMethod = Callable[[Model, Days, Callable[[float], None], Mapping[str, pd.DataFrame]], Tables]


def _alone(method: _Alone) -> StepMethod:
    """A step that needs none of the tables made before it."""

    def step(
        base: Model, days: Days, tell: Callable[[float], None], made: Mapping[str, pd.DataFrame]
    ) -> Tables:
        del made
        return method(base, days, tell)

    return step


STEPS: Final[Mapping[str, StepMethod]] = MappingProxyType(
    {
        "capacity": _alone(_capacity_step),
        "ladders": _alone(_ladder_step),
        "lines": _alone(_line_step),
        "trains": _alone(_train_step),
        "flows": _alone(_flow_step),
        "calibrate": _alone(_calibration_step),
        "targets": _target_step,
    }
)
"""Steps after the check, in order. A new step is a function and a line here."""

NEEDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"targets": ("flows",)})
"""Steps whose tables a step reads."""


def no_progress(step: str, share: float) -> None:
    """Tell nobody."""
    del step, share


def prepare(request: Request) -> tuple[Model, tuple[Problem, ...]]:
    """Read and check the study of a request and lay its scenario over it.

    Raises
    ------
    StudyError
        When the study has errors.
    FailedError
        When there is no study.
    UsageError
        When the study has no such scenario.
    """
    reading = read_study(request.path)
    if reading.model is None:
        raise StudyError(reading.errors)
    as_of = request.as_of or reading.model.settings.as_of
    return known_by(reading.model, as_of).under(request.scenario), reading.problems


def _with_needs(names: tuple[str, ...]) -> tuple[str, ...]:
    """Steps wanted and those whose tables they read, in order."""
    wanted = {*names, *(needed for name in names for needed in NEEDS.get(name, ()))}
    return tuple(name for name in STEPS if name in wanted)


def run_steps(
    request: Request,
    names: tuple[str, ...] = tuple(STEPS),
    progress: Progress = no_progress,
    cache: StepCache | None = None,
) -> Outcome:
    """Run a study.

    Parameters
    ----------
    request : Request
        What to run.
    names : tuple of str
        Steps wanted, of :data:`STEPS`; the check always comes first.
    progress : callable
        Told each step and the share done.
    cache : StepCache or None
        Where finished steps are kept.

    Returns
    -------
    Outcome

    Raises
    ------
    StudyError, FailedError, UsageError
        As :func:`prepare`.
    """
    store = cache or StepCache(None)
    progress("check", 0.0)
    start = time.process_time()
    model, warnings = prepare(request)
    inputs = input_hashes(request.path)
    if request.seed is not None:
        model = replace(model, settings=replace(model.settings, seed=request.seed))
    steps = [Step("check", time.process_time() - start, False)]
    seed = model.settings.seed
    made_from = {
        "code": code_hash(),
        "inputs": inputs,
        "scenario": request.scenario,
        "seed": seed,
        "as_of": None if request.as_of is None else request.as_of.isoformat(),
    }
    days = days_of(model)
    tables: Tables = {}
    for name in _with_needs(names):
        key = digest_of({"step": name, **made_from})
        start = time.process_time()
        progress(name, 0.0)
        found = store.get(key)
        if found is None:
            fresh = as_stored(STEPS[name](model, days, partial(progress, name), tables))
            store.put(key, fresh)
            tables |= fresh
        else:
            tables |= found
        steps.append(Step(name, time.process_time() - start, found is not None))
        progress(name, 1.0)
    return Outcome(request, model, seed, inputs, MappingProxyType(tables), tuple(steps), warnings)
