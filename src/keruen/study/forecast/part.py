"""A forecast under one draw: what each process makes ready once, and the years of a draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.carried import carried
from keruen.flows.freight.counting import Counting
from keruen.flows.freight.solve import (
    AS_COMPILED,
    Flows,
    Near,
    Start,
    is_loaded,
    near_to,
    return_shares,
    solve,
)
from keruen.flows.freight.years import FreightYears
from keruen.flows.routes import pair_of_routes, without
from keruen.model.draws import FloatArray, uncertain
from keruen.study.capacity_parts import Element
from keruen.study.forecast.draws import Case, Cells, OneDraw, YearDraws
from keruen.study.forecast.vintage import planned
from keruen.study.pipeline import Request
from keruen.study.targets import days_of

SETTINGS: Final = Settings(gap=1e-4, iterations=40)
"""Gap of all equilibria of a forecast."""
NEAR: Final = SETTINGS._replace(iterations=6)
"""The same near an equilibrium that is known, where many rounds lead nowhere."""

FAR: Final = 1e-2
"""Gap, or excess over a capacity, beyond which flows are no answer."""

HARDLY: Final = 1e-4
"""Part of the flow of a pair below which a route is not taken over into the next year."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Years to be worked out; called, it makes them ready.

    Parameters
    ----------
    request : Request
        The study.
    years : tuple of int
        Years, rising, the base year among them.
    rows : tuple of str
        Measures.
    elements : tuple of Element
        Elements of the ratios of capacities, which are of these years.
    """

    request: Request
    years: tuple[int, ...]
    rows: tuple[str, ...]
    elements: tuple[Element, ...]

    def __call__(self) -> Ready:
        """Compile all years and solve them as the study stands."""
        model, _ = planned(self.request)
        years = FreightYears(model, days_of(model), SETTINGS)
        cells = Cells(model, uncertain(model))
        flows = as_it_stands(years, self.years)
        known = {}
        for at, year in enumerate(self.years):
            mean = flows[year]
            known[year] = _Year(
                YearDraws(years, year, cells, self.elements, at),
                mean,
                near_to(mean),
                return_shares(model, mean.freight),
                Counting(mean, model, self.rows),
            )
        return Ready(years.base_year, known)


class Ready(NamedTuple):
    """Years of a study as it stands, ready for draws."""

    base_year: int
    years: dict[int, _Year]

    def computed(self) -> FloatArray:
        """Measures as the study stands, shape (years, measures)."""
        return np.stack([one.counting.measured(one.mean) for one in self.years.values()])

    def open(self) -> int:
        """Years that do not come to the gap as the study stands."""
        return sum(not one.mean.within.converged for one in self.years.values())


class Solved(NamedTuple):
    """What the flows of a draw come to.

    Parameters
    ----------
    volumes : array, shape (years, measures)
        Measures.
    open : int
        Equilibria that did not come to the gap.
    """

    volumes: FloatArray
    open: int


class _Year(NamedTuple):
    """A year as the study stands, and what its draws are made of."""

    draws: YearDraws
    mean: Flows
    near: Near
    shares: dict[str, FloatArray]
    counting: Counting


def as_it_stands(years: FreightYears, wanted: tuple[int, ...]) -> dict[int, Flows]:
    """Equilibria of years as the study stands, each begun with that of the year before."""
    found = {years.base_year: years.flows(years.base_year)}
    for year in wanted:
        if year in found:
            continue
        before = found[max((one for one in found if one < year), default=years.base_year)]
        start = carried(before.start, before.freight, years.freight(year))
        found[year] = years.solved(year, AS_COMPILED, start)
        if not found[year].within.converged:
            found[year] = years.solved(year, AS_COMPILED)
    return found


def _solved(year: _Year, case: Case, before: Flows | None) -> Flows:
    """Equilibrium of a draw, from its own of the year before or that of the study as it stands."""
    begins = [year.mean.start]
    if before is not None:
        own = carried(in_use(before.start), before.freight, year.mean.freight)
        begins = begins if own is None else [own, *begins]
    found = year.mean
    for begin in begins:
        draw = case.draw._replace(near=year.near)
        found = solve(case.freight, case.pairs, year.shares, NEAR, case.answer, begin, draw)
        if found.within.converged:
            break
    return found


def in_use(start: Start, least: float = HARDLY) -> Start:
    """Routes to begin with, without those that hardly anybody of their pair takes."""
    pool = start.routes
    pair = pair_of_routes(pool)
    whole = np.bincount(pair, pool.flow, pool.pair_first.size - 1)
    return start._replace(routes=without(pool, pool.flow < least * whole[pair]))


def is_near_rest(flows: Flows) -> bool:
    """Whether flows are so near an equilibrium that their volumes say something."""
    within = flows.within
    gaps = (within.assignment.relative_gap, within.assignment.demand_gap, within.excess_share)
    return within.converged or max(gaps) <= FAR


def solved_draw(ready: Ready, draw: OneDraw | None) -> Solved:
    """Work out the years of a draw; of None those of the study as it stands.

    What is far from an equilibrium is told as not a number: its volumes would be noise.
    """
    if draw is None:
        return Solved(ready.computed(), ready.open())
    first = ready.years[ready.base_year]
    base = _solved(first, first.draws.case(draw, None), None)
    costs, found, last = base.cost[is_loaded(base)], base, base
    volumes, unsettled = [], 0
    for number, year in ready.years.items():
        if number != ready.base_year:
            found = _solved(year, year.draws.case(draw, costs), last)
        known = is_near_rest(found)
        last = found if known else last
        volumes.append(
            year.counting.measured(found) if known else np.full(len(year.counting.rows), np.nan)
        )
        unsettled += not found.within.converged
    return Solved(np.stack(volumes), unsettled)
