"""Forecast: volumes to the last year of a study as it stands, and a fan of draws around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from keruen.errors import Problem, Severity, require_range
from keruen.model import Model, input_hashes
from keruen.model.draws import FloatArray
from keruen.study.cache import StepCache, as_stored
from keruen.study.ensemble import map_prepared
from keruen.study.forecast.capacity import CapacityPlan, drawn_of
from keruen.study.forecast.draws import OneDraw
from keruen.study.forecast.drivers import (
    FEWEST,
    drivers_frame,
    groups_frame,
    inputs_of,
    nothing_told,
)
from keruen.study.forecast.frames import Fan, probability_frame, volumes_frame, without
from keruen.study.forecast.not_known import EVERYTHING_KNOWN, NotKnown, not_known
from keruen.study.forecast.part import Plan, Solved, solved_draw
from keruen.study.forecast.rows import forecast_rows
from keruen.study.forecast.vintage import planned
from keruen.study.identity import code_hash, digest_of
from keruen.study.pipeline import Request, prepare

DRAWS: Final = 200
WORKERS: Final = 2
"""Processes at work, where the caller does not say: they change nothing but the time."""
_WORTH_STARTING: Final = 4
"""Draws for which a process is worth starting: it takes seconds to be ready for the first."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast.

    Parameters
    ----------
    request : Request
        What was asked.
    model : Model
        The study as it was known.
    draws, seed : int
        How many draws, and their seed.
    tables : mapping of str to DataFrame
        ``forecast_volumes``, ``forecast_probability``, ``forecast_drivers``, ``forecast_groups``.
    warnings : tuple of Problem
        Warnings of the check, and what was not known yet.
    open : int
        Equilibria that did not come to the gap.
    unknown : NotKnown
        Measures that are not told, because their demand was not known.
    """

    request: Request
    model: Model
    draws: int
    seed: int
    tables: Mapping[str, pd.DataFrame]
    warnings: tuple[Problem, ...]
    open: int
    unknown: NotKnown = EVERYTHING_KNOWN


def milestones(model: Model, every: int) -> tuple[int, ...]:
    """Years that are worked out: the first, the last, and each so many years between."""
    years = model.settings.years
    return tuple(sorted({*years[::every], years[0], years[-1]}))


def forecast(
    request: Request,
    draws: int = DRAWS,
    every: int = 1,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
    workers: int = WORKERS,
) -> Forecast:
    """Forecast the volumes of a study.

    Parameters
    ----------
    request : Request
        The study; with ``as_of`` as a planner knew it that day.
    draws : int
        How many draws, at least 2.
    every : int
        Years between two that are worked out; those between are interpolated draw by draw.
    progress : callable
        Told the step and the share done.
    workers : int
        Processes at most, fewer for few draws; they change nothing but the time.

    Returns
    -------
    Forecast

    Raises
    ------
    StudyError, FailedError, UsageError
        As :func:`keruen.study.pipeline.prepare`, or when there is no freight.
    RangeError
        When there are fewer than two draws.
    """
    require_range("draws", draws, 2)
    require_range("every", every, 1)
    workers = min(workers, max(1, draws // _WORTH_STARTING))
    model, problems = planned(request)
    whole = model if request.as_of is None else prepare(replace(request, as_of=None))[0]
    seed = model.settings.seed if request.seed is None else request.seed
    # What is counted by a row is known on any day, though not what the count was.
    years, rows = milestones(model, every), forecast_rows(whole)
    unknown = EVERYTHING_KNOWN if whole is model else not_known(whole, model, rows)
    asked = tuple(sorted({model.settings.base_year, *years}))
    aim = CapacityPlan(replace(request, seed=None), asked)
    drawn = drawn_of(model, aim, draws, seed, workers, lambda share: progress("capacity", share))
    plan = Plan(aim.request, asked, rows, drawn.ratios.elements)
    items = [OneDraw(drawn.values[one], drawn.ratios.of(one)) for one in range(draws)]
    progress("flows", 0.0)
    ready = [None, *items]
    solved = map_prepared(plan, solved_draw, ready, workers, lambda share: progress("flows", share))
    fan = without(_fan(model, rows, asked, years, solved), unknown.measures)
    single, groups = nothing_told()
    if draws >= FEWEST:
        single = drivers_frame(model, fan, drawn.cells, drawn.values, drawn.ratios)
        groups = groups_frame(model, fan, inputs_of(model, drawn))
    tables = {
        "forecast_volumes": volumes_frame(whole, fan),
        "forecast_probability": probability_frame(whole, fan),
        "forecast_drivers": single,
        "forecast_groups": groups,
    }
    unsettled = sum(one.open for one in solved)
    told = (*problems, *_told(draws, unsettled, unknown))
    return Forecast(request, model, draws, seed, tables, told, unsettled, unknown)


def kept_forecast(
    request: Request,
    draws: int,
    every: int,
    progress: Callable[[str, float], None],
    cache: StepCache,
    workers: int = WORKERS,
) -> Forecast:
    """A forecast, from the cache where its inputs are those of one made before."""
    model, problems = planned(request)
    seed = model.settings.seed if request.seed is None else request.seed
    key = digest_of(
        {
            "step": "forecast",
            "code": code_hash(),
            "inputs": input_hashes(request.path),
            "scenario": request.scenario,
            "seed": seed,
            "as_of": None if request.as_of is None else request.as_of.isoformat(),
            "draws": draws,
            "every": every,
        }
    )
    known = cache.get(key)
    if known is not None:
        unsettled = int(known.pop(_OPEN)["count"].iloc[0])
        unknown = NotKnown(*(tuple(map(str, known.pop(name)["id"])) for name in _NOT_KNOWN))
        told = (*problems, *_told(draws, unsettled, unknown))
        return Forecast(request, model, draws, seed, known, told, unsettled, unknown)
    found = forecast(request, draws, every, progress, workers)
    tables = as_stored(found.tables)
    names = {
        name: pd.DataFrame({"id": list(ids)}, dtype=object)
        for name, ids in zip(_NOT_KNOWN, found.unknown, strict=True)
    }
    cache.put(key, {**tables, **names, _OPEN: pd.DataFrame({"count": [found.open]})})
    return replace(found, tables=tables)


_OPEN: Final = "forecast_open"
_NOT_KNOWN: Final = ("measures_not_known", "totals_of_measures_not_known")


def _told(draws: int, unsettled: int, unknown: NotKnown) -> tuple[Problem, ...]:
    """Warnings of few draws, of open equilibria, and of measures not known then."""
    found: list[tuple[str, dict[str, object]]] = []
    if draws < FEWEST:
        found.append(("forecast_few_draws", {"count": draws, "least": FEWEST}))
    if unsettled:
        found.append(("forecast_open", {"count": unsettled}))
    if unknown.measures:
        names, totals = (", ".join(one) for one in unknown)
        said = {"count": len(unknown.measures), "names": names, "totals": totals}
        found.append(("measures_not_known", said))
    return tuple(Problem(Severity.WARNING, code, None, None, None, said) for code, said in found)


def _fan(
    model: Model,
    rows: tuple[str, ...],
    asked: tuple[int, ...],
    known: tuple[int, ...],
    solved: Sequence[Solved],
) -> Fan:
    """All years, those between two that were worked out on a straight line of the logarithm.

    The first of what was solved is the study as it stands.
    """
    at = [asked.index(year) for year in known]
    volumes = np.stack([one.volumes[at] for one in solved])
    years = np.array(model.settings.years)
    every = between(np.array(known), volumes, years)
    return Fan(
        rows,
        tuple(int(year) for year in years),
        tuple(bool(year not in known) for year in years),
        every[0],
        every[1:],
    )


def between(known: FloatArray, values: FloatArray, years: FloatArray) -> FloatArray:
    """Values of all years from those of some, growing evenly between them.

    Parameters
    ----------
    known : array, shape (some,)
        Years with values, rising.
    values : array, shape (draws, some, measures)
        Values; where one is not above nought the line is straight in the value itself.
    years : array, shape (years,)
        Years wanted, none beyond the known.

    Returns
    -------
    array, shape (draws, years, measures)

    Examples
    --------
    >>> found = between(np.array([2030, 2032]), np.array([[[1.0], [4.0]]]), np.arange(2030, 2033))
    >>> found[0, :, 0].tolist()
    [1.0, 2.0, 4.0]
    """
    last = np.clip(np.searchsorted(known, years, side="left"), 0, len(known) - 1)
    first = np.where(known[last] == years, last, last - 1)
    span = np.maximum(known[last] - known[first], 1)
    share = ((years - known[first]) / span)[None, :, None]
    low, high = values[:, first], values[:, last]
    with np.errstate(divide="ignore", invalid="ignore"):
        even = low * (high / low) ** share
    straight = low + share * (high - low)
    found = np.where((low > 0.0) & (high > 0.0), even, straight)
    return np.asarray(np.where(first[None, :, None] == last[None, :, None], low, found))
