"""Forecast: volumes to the last year of a study as it stands, and a fan of draws around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.errors import Problem, Severity, require_range
from keruen.flows.freight.measures import measures_of
from keruen.model import Model, input_hashes
from keruen.model.cells import as_date
from keruen.model.delays import opening_delays
from keruen.model.draws import FloatArray, UncertainCell, sample, uncertain
from keruen.study.cache import StepCache, as_stored
from keruen.study.capacity_response import Response, capacity_response
from keruen.study.ensemble import map_draws
from keruen.study.forecast_draws import RECORD, Ratios, ratio
from keruen.study.forecast_frames import (
    Fan,
    drivers_frame,
    probability_frame,
    volumes_frame,
)
from keruen.study.forecast_part import Part, Solved, planned, solved_part
from keruen.study.identity import code_hash, digest_of
from keruen.study.pipeline import Request
from keruen.study.targets import days_of

DRAWS: Final = 200
PARTS: Final = 2
"""Processes at work: the years are cut in as many parts, whatever the machine has."""
WHOLE_YEAR_DAYS: Final = 360


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
        ``forecast_volumes``, ``forecast_probability``, ``forecast_drivers``.
    warnings : tuple of Problem
        Warnings of the check, and what was not known yet.
    open : int
        Equilibria that did not come to the gap.
    """

    request: Request
    model: Model
    draws: int
    seed: int
    tables: Mapping[str, pd.DataFrame]
    warnings: tuple[Problem, ...]
    open: int


class Drawn(NamedTuple):
    """What all draws hold, and the capacities that follow.

    Parameters
    ----------
    cells : tuple of UncertainCell
        What is drawn.
    values : array, shape (draws, cells)
        Numbers.
    delays : array, shape (draws, projects)
        Years by which projects open later.
    ratios : Ratios
        Capacities.
    """

    cells: tuple[UncertainCell, ...]
    values: FloatArray
    delays: FloatArray
    ratios: Ratios


def forecast_rows(model: Model) -> tuple[str, ...]:
    """Measures that are carried into the future: each definition once.

    Rows of the base year, and of earlier years what none of those defines; of several the latest.
    What was counted over part of a year only is left out, and so are terms of other rows.
    """
    known = measures_of(model)
    base = model.settings.base_year
    found: dict[tuple[object, ...], str] = {}
    for row in sorted(known, key=lambda one: (-known[one].year, one)):
        measure = known[row]
        if measure.adds_to or measure.year > base or not _whole_year(model, measure.observation):
            continue
        terms = [measure, *(known[one] for one in sorted(known) if known[one].adds_to == row)]
        said = tuple(sorted(repr((*term[1:11], bool(term.share_of))) for term in terms))
        found.setdefault(said, row)
    return tuple(sorted(found.values()))


def _whole_year(model: Model, observation: str) -> bool:
    if observation not in model["observations"].index:
        return True
    ends = [
        as_date(model["observations"].at[observation, name]) for name in ("from_date", "to_date")
    ]
    if ends[0] is None or ends[1] is None:
        return True
    return (ends[1] - ends[0]).days >= WHOLE_YEAR_DAYS


def drawn_of(
    model: Model,
    years: Sequence[int],
    draws: int,
    seed: int,
    progress: Callable[[float], None] = lambda _: None,
) -> Drawn:
    """Draw everything that a study is not sure of, and work out the capacities that follow."""
    cells = uncertain(model)
    values = sample(cells, draws, seed)
    delays = opening_delays(model, draws, seed, RECORD)
    response = capacity_response(model, days_of(model), years, cells, progress)
    return Drawn(cells, values, delays, _ratios(response, values, delays))


def _ratios(response: Response, values: FloatArray, delays: FloatArray) -> Ratios:
    modes = np.array([[cell.number(cell.mode) for cell in response.cells]])
    found = []
    for measure in ("native", "teu", "t"):
        stated = response.capacities(modes, None, measure)
        drawn = response.capacities(values, delays, measure)
        found.append(ratio(drawn, np.broadcast_to(stated, drawn.shape)))
    native, teu, t = found
    none = (
        np.isnan(response.capacities(modes, None, "teu")),
        np.isnan(response.capacities(modes, None, "t")),
    )
    # What is not defined in boxes or tonnes moves as the native capacity does.
    teu, t = (
        np.where(np.broadcast_to(missing, native.shape), native, one)
        for missing, one in zip(none, (teu, t), strict=True)
    )
    return Ratios(response.elements, response.years, native, teu, t)


def _of_years(ratios: Ratios, years: Sequence[int]) -> Ratios:
    at = [ratios.years.index(year) for year in years]
    return Ratios(ratios.elements, tuple(years), *(one[:, at].copy() for one in ratios[2:]))


def milestones(model: Model, every: int) -> tuple[int, ...]:
    """Years that are worked out: the first, the last, and each so many years between."""
    years = model.settings.years
    return tuple(sorted({*years[::every], years[0], years[-1]}))


def forecast(
    request: Request,
    draws: int = DRAWS,
    every: int = 1,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
    workers: int = PARTS,
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
        Processes; they change nothing but the time.

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
    model, problems = planned(request)
    seed = model.settings.seed if request.seed is None else request.seed
    years = milestones(model, every)
    rows = forecast_rows(model)
    base = model.settings.base_year
    asked = tuple(sorted({base, *years}))
    drawn = drawn_of(model, asked, draws, seed, lambda share: progress("capacity", share))
    parts = []
    for own in np.array_split(np.array(years), min(PARTS, len(years))):
        span = tuple(int(year) for year in own)
        with_base = tuple(sorted({base, *span}))
        known = replace(request, seed=None)
        parts.append(Part(known, span, rows, drawn.values, _of_years(drawn.ratios, with_base)))
    progress("flows", 0.0)
    solved = map_draws(solved_part, parts, workers, lambda share: progress("flows", share))
    fan = _fan(model, rows, solved)
    tables = {
        "forecast_volumes": volumes_frame(model, fan),
        "forecast_probability": probability_frame(model, fan),
        "forecast_drivers": drivers_frame(model, fan, drawn.cells, drawn.values, drawn.ratios),
    }
    unsettled = sum(one.open for one in solved)
    told = (*problems, *_told(unsettled))
    return Forecast(request, model, draws, seed, tables, told, unsettled)


def kept_forecast(
    request: Request,
    draws: int,
    every: int,
    progress: Callable[[str, float], None],
    cache: StepCache,
    workers: int = PARTS,
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
        return Forecast(
            request, model, draws, seed, known, (*problems, *_told(unsettled)), unsettled
        )
    found = forecast(request, draws, every, progress, workers)
    tables = as_stored(found.tables)
    cache.put(key, {**tables, _OPEN: pd.DataFrame({"count": [found.open]})})
    return replace(found, tables=tables)


_OPEN: Final = "forecast_open"


def _told(unsettled: int) -> tuple[Problem, ...]:
    """A warning of equilibria that did not come to the gap."""
    if not unsettled:
        return ()
    return (Problem(Severity.WARNING, "forecast_open", None, None, None, {"count": unsettled}),)


def _fan(model: Model, rows: tuple[str, ...], solved: Sequence[Solved]) -> Fan:
    """All years, those between two that were worked out on a straight line of the logarithm."""
    known = np.array([year for one in solved for year in one.years])
    computed = np.concatenate([one.computed for one in solved])
    drawn = np.concatenate([one.drawn for one in solved], axis=1)
    years = np.array(model.settings.years)
    return Fan(
        rows,
        tuple(int(year) for year in years),
        tuple(bool(year not in known) for year in years),
        between(known, computed[None], years)[0],
        between(known, drawn, years),
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
