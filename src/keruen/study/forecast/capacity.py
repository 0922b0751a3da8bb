"""Capacities of a forecast: everything that is drawn, and what elements then can carry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from keruen.flows.freight.years import FreightYears
from keruen.model import Model
from keruen.model.delays import opening_delays
from keruen.model.draws import FloatArray, UncertainCell, sample, uncertain
from keruen.study.capacity_parts import Element
from keruen.study.capacity_response import LEAST_LEFT, Response, capacity_response
from keruen.study.ensemble import map_draws
from keruen.study.forecast.draws import RECORD, ROOM, Ratios, ratio
from keruen.study.forecast.part import SETTINGS
from keruen.study.forecast.vintage import planned
from keruen.study.pipeline import Request
from keruen.study.targets import days_of

PARTS: Final = 2
"""Elements are cut in as many parts, each the work of one process."""


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


class CapacityPlan(NamedTuple):
    """Study and years whose capacities are wanted, and which part of the elements."""

    request: Request
    years: tuple[int, ...]
    part: tuple[int, int] = (0, 1)


def drawn_of(
    model: Model,
    plan: CapacityPlan,
    draws: int,
    seed: int,
    workers: int = PARTS,
    progress: Callable[[float], None] = lambda _: None,
) -> Drawn:
    """Draw everything that a study is not sure of, and work out the capacities that follow.

    Parameters
    ----------
    model : Model
        The study that ``plan`` asks for.
    plan : CapacityPlan
        Study and years.
    draws, seed : int
        How many draws, and their seed.
    workers : int
        Processes; they change nothing but the time.
    progress : callable
        Told the share done.

    Returns
    -------
    Drawn
    """
    cells = uncertain(model)
    values = sample(cells, draws, seed)
    delays = opening_delays(model, draws, seed, RECORD)
    parts = [plan._replace(part=(one, PARTS)) for one in range(PARTS)]
    responses = map_draws(_response, parts, workers, progress)
    used = used_shares(FreightYears(model, days_of(model), SETTINGS))
    for response in responses:
        moved = _moved(response, used, model.settings.base_year)
        values = response.believed(values, ROOM * moved)
    found = [_ratios(response, values, delays) for response in responses]
    elements = tuple(element for one in found for element in one.elements)
    joined = [np.concatenate([one[at] for one in found], axis=2) for at in range(2, 5)]
    return Drawn(cells, values, delays, Ratios(elements, plan.years, *joined))


def _response(plan: CapacityPlan) -> Response:
    model, _ = planned(plan.request)
    return capacity_response(model, days_of(model), plan.years, uncertain(model), part=plan.part)


def used_shares(years: FreightYears) -> dict[Element, float]:
    """Part of the capacity of each element that is used in the base year, as computed."""
    flows = years.flows(years.base_year)
    loads = flows.within.assignment.volume
    found: dict[Element, float] = {}
    for draft, load in zip(flows.freight.drafts, loads.tolist(), strict=False):
        if np.isfinite(draft.capacity):
            key = (draft.table, draft.row, draft.direction)
            found[key] = max(found.get(key, 0.0), load / draft.capacity)
    return found


def _moved(response: Response, used: dict[Element, float], year: int) -> FloatArray:
    """Native units that moved in the base year, by element; of both directions the busier."""
    stated = response.capacities(response.modes())[0, response.years.index(year)]
    share = np.array(
        [
            max(used.get((table, row, way), 0.0) for way in _WAYS.get(direction, (direction, BOTH)))
            for table, row, direction in response.elements
        ]
    )
    return np.asarray(np.where(np.isfinite(stated), stated, 0.0) * share)


BOTH: Final = "both"
_WAYS: Final = {BOTH: ("forward", "backward", BOTH)}


def _ratios(response: Response, values: FloatArray, delays: FloatArray) -> Ratios:
    modes, found = response.modes(), []
    for measure in ("native", "teu", "t"):
        stated = response.capacities(modes, None, measure)
        drawn = response.capacities(values, delays, measure, LEAST_LEFT)
        found.append(ratio(drawn, np.broadcast_to(stated, drawn.shape)))
    native, teu, t = found
    none = [np.isnan(response.capacities(modes, None, measure)) for measure in ("teu", "t")]
    # What is not defined in boxes or tonnes moves as the native capacity does.
    teu, t = (
        np.where(np.broadcast_to(missing, native.shape), native, one)
        for missing, one in zip(none, (teu, t), strict=True)
    )
    return Ratios(response.elements, response.years, native, teu, t)
