"""Some years of a forecast under all draws: what one process works out."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from keruen.errors import Problem, Severity
from keruen.flows.equilibrium import Settings
from keruen.flows.freight.carried import carried
from keruen.flows.freight.counting import Counting
from keruen.flows.freight.solve import Flows, is_loaded, return_shares, solve
from keruen.flows.freight.years import FreightYears
from keruen.model import Model
from keruen.model.draws import FloatArray, uncertain
from keruen.study.forecast_draws import Case, Ratios, Values, YearDraws
from keruen.study.pipeline import Request, prepare
from keruen.study.targets import days_of

SETTINGS: Final = Settings(gap=1e-4, iterations=40)
"""Gap of all equilibria of a forecast."""
NEAR: Final = SETTINGS._replace(iterations=6)
"""The same near an equilibrium that is known, where many rounds lead nowhere."""


class Part(NamedTuple):
    """Years to be worked out.

    Parameters
    ----------
    request : Request
        The study.
    years : tuple of int
        Years, rising; the base year is worked out besides if it is not among them.
    rows : tuple of str
        Measures.
    values : array, shape (draws, cells)
        Draws of the uncertain cells.
    ratios : Ratios
        Capacities under them, in these years and the base year.
    """

    request: Request
    years: tuple[int, ...]
    rows: tuple[str, ...]
    values: FloatArray
    ratios: Ratios


class Solved(NamedTuple):
    """What the flows of some years come to.

    Parameters
    ----------
    years : tuple of int
        Years.
    computed : array, shape (years, measures)
        As the study stands.
    drawn : array, shape (draws, years, measures)
        Under each draw.
    open : int
        Equilibria that did not come to the gap.
    """

    years: tuple[int, ...]
    computed: FloatArray
    drawn: FloatArray
    open: int


def planned(request: Request) -> tuple[Model, tuple[Problem, ...]]:
    """A study as a planner knew it: without totals whose observation was not known yet.

    Returns
    -------
    Model
        Under the scenario, before any day.
    tuple of Problem
        One warning for the totals that are left out, besides those of the check.
    """
    model, problems = prepare(request)
    totals = model["control_totals"]
    named = totals["observation"].fillna("").astype(str)
    lost = (named != "") & ~named.isin(model["observations"].index.astype(str))
    if not lost.any():
        return model, problems
    gone = set(map(str, totals.index[lost]))
    tables = {**model.tables, "control_totals": totals[~lost]}
    terms = model["control_total_terms"]
    tables["control_total_terms"] = terms[~terms["control_total"].astype(str).isin(gone)]
    said = {"count": len(gone), "names": ", ".join(sorted(gone))}
    told = Problem(
        Severity.WARNING, "totals_not_known", "control_totals.csv", None, "observation", said
    )
    return replace(model, tables=MappingProxyType(tables)), (*problems, told)


class _Year(NamedTuple):
    """A year as the study stands, and what its draws are made of."""

    draws: YearDraws
    mean: Flows
    shares: dict[str, FloatArray]
    counting: Counting


def _year(years: FreightYears, year: int, values: Values, part: Part) -> _Year:
    mean = years.flows(year)
    draws = YearDraws(years, year, values, part.ratios)
    shares = return_shares(years.base, mean.freight)
    return _Year(draws, mean, shares, Counting(mean, years.base, part.rows))


def _solved(year: _Year, case: Case, before: Flows | None) -> Flows:
    """Equilibrium of a draw, from its own of the year before or that of the study as it stands."""
    begins = [year.mean.start]
    found = year.mean
    if before is not None:
        own = carried(before.start, before.freight, year.mean.freight)
        begins = begins if own is None else [own, *begins]
    for begin in begins:
        draw = case.draw._replace(usual=year.mean.freight, like=year.mean)
        given = (case.answer, begin, draw)
        found = solve(case.freight, case.pairs, year.shares, NEAR, *given)
        if found.within.converged:
            break
    return found


def solved_part(part: Part) -> Solved:
    """Work out years of a forecast."""
    model, _ = planned(part.request)
    years = FreightYears(model, days_of(model), SETTINGS)
    values = Values(model, uncertain(model), part.values)
    first = years.base_year
    known = {year: _year(years, year, values, part) for year in sorted({first, *part.years})}
    computed = np.stack([known[one].counting.measured(known[one].mean) for one in part.years])
    drawn = np.empty((len(part.values), len(part.years), len(part.rows)))
    unsettled = 0
    for draw in range(len(part.values)):
        base = _solved(known[first], known[first].draws.case(draw, None), None)
        costs, found = base.cost[is_loaded(base)], base
        for at, year in enumerate(part.years):
            own = known[year]
            if year != first:
                found = _solved(own, own.draws.case(draw, costs), found)
            drawn[draw, at] = own.counting.measured(found)
            unsettled += not found.within.converged
    return Solved(part.years, computed, drawn, unsettled)
