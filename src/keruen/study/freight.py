"""Freight of a study: the equilibrium of one year, and the tables of all years of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import pandas as pd

from keruen.errors import FailedError, Problem, error
from keruen.flows.equilibrium import Settings
from keruen.flows.freight.counting import measured, scarce_to
from keruen.flows.freight.equipment import EQUIPMENT_COLUMNS, acquiring, equipment_table
from keruen.flows.freight.measures import (
    OBSERVED_COLUMNS,
    calibrated,
    measures_of,
    observed_frame,
)
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.stranded import stranded_problems
from keruen.flows.freight.tables import (
    LINK_COLUMNS,
    ROUTE_COLUMNS,
    link_table,
    route_table,
    sums,
)
from keruen.flows.freight.unsettled import settling_problems, unsettled
from keruen.flows.freight.years import FreightYears, mid_year
from keruen.model import Model
from keruen.study.metrics import Days
from keruen.study.targets import NO_VOLUMES, Volumes

GAP: Final = 1e-6
"""Relative gap of the equilibrium of one year."""
RUN_GAP: Final = 1e-5
"""The same of the years of a run."""


class YearFlows(NamedTuple):
    """Flows of a year as tables.

    Parameters
    ----------
    year : int
        The year.
    sums : dict of str to float
        Of :func:`keruen.flows.freight.tables.sums`.
    links, routes : DataFrame
        Of :mod:`keruen.flows.freight.tables`.
    equipment : DataFrame
        Of :func:`keruen.flows.freight.equipment.equipment_table`.
    observed : DataFrame
        Observations of the year beside what was computed for them.
    problems : tuple of Problem
        What is not as asked: no rest, demand that was left out, and why.
    """

    year: int
    sums: dict[str, float]
    links: pd.DataFrame
    routes: pd.DataFrame
    equipment: pd.DataFrame
    observed: pd.DataFrame
    problems: tuple[Problem, ...]


def has_freight(base: Model) -> bool:
    """Whether a study has what flows need: zones, and totals of demand in its base year."""
    years = base["control_totals"]["year"]
    return bool(len(base["zones"])) and bool((years == base.settings.base_year).any())


def flows_of_year(base: Model, days: Days, year: int | None = None) -> YearFlows:
    """Find the equilibrium of a year.

    Parameters
    ----------
    base : Model
        The study, under a scenario or not.
    days : callable
        Capacities of a day.
    year : int, optional
        The base year unless given.

    Raises
    ------
    FailedError
        When the study has no demand, or lacks numbers that flows need.
    """
    if not has_freight(base):
        raise FailedError([error("no_freight")])
    wanted = base.settings.base_year if year is None else year
    years = FreightYears(base, days, Settings(gap=GAP))
    found = years.flows(wanted)
    rows = _measures(base, wanted)
    return YearFlows(
        wanted,
        sums(found),
        link_table(found),
        route_table(found),
        equipment_table(found, acquiring(days(mid_year(wanted)).model, found.freight)),
        observed_frame(base, measured(found, base, rows)),
        (
            *settling_problems(found, GAP),
            *stranded_problems(base, found.freight, found.pairs._replace(amount=found.amount)),
            *found.within.assignment.problems,
        ),
    )


def _measures(base: Model, year: int) -> list[str]:
    """Measures of a year, without those that are a term of another."""
    known = measures_of(base)
    return [row for row, one in known.items() if one.year == year and not one.adds_to]


SUM_COLUMNS: Final = (
    *("year", "demand_t_per_year", "served_t_per_year", "refused_t_per_year", "gap"),
    *("route_set_error", "excess_share", "iterations", "rounds", "converged"),
)
VOLUME_COLUMNS: Final = ("year", "measure", "value", "unit", "scarce")
SCARCE_KEPT: Final = 8
"""So many scarce elements that the cargo of a measure pays for are kept."""


def flow_tables(
    base: Model, days: Days, detailed: tuple[int, ...], tell: Callable[[float], None]
) -> dict[str, pd.DataFrame]:
    """Flows of every year of a study; none where it has no demand.

    Parameters
    ----------
    base, days
        As of :func:`flows_of_year`.
    detailed : tuple of int
        Years whose routes and equipment are kept.
    tell : callable
        Told the share done.

    Returns
    -------
    dict of str to DataFrame
        ``flow_sums``, ``flow_links``, ``flow_routes``, ``flow_equipment``, ``flow_volumes`` (the
        measures of the base year taken in every year) and ``flow_observed``.
    """
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in _TABLES}
    if has_freight(base):
        years = FreightYears(base, days, Settings(gap=RUN_GAP))
        span = base.settings.years
        for done, year in enumerate(span):
            flows = years.flows(year)
            usd = acquiring(days(mid_year(year)).model, flows.freight)
            _add_year(found, base, flows, (year, usd if year in detailed else None))
            tell((done + 1) / len(span))
    return {name: _stacked(name, frames) for name, frames in found.items()}


_TABLES: Final = {
    "flow_sums": SUM_COLUMNS,
    "flow_links": ("year", *LINK_COLUMNS),
    "flow_routes": ("year", *ROUTE_COLUMNS),
    "flow_equipment": ("year", *EQUIPMENT_COLUMNS),
    "flow_volumes": VOLUME_COLUMNS,
    "flow_observed": OBSERVED_COLUMNS,
}


def _stacked(name: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=list(_TABLES[name]))
    return pd.concat(frames, ignore_index=True)


def _add_year(
    found: dict[str, list[pd.DataFrame]],
    base: Model,
    flows: Flows,
    told: tuple[int, dict[str, float] | None],
) -> None:
    """Add the rows of a year; those of routes and equipment where it comes with prices of more."""
    year, usd = told
    known = measures_of(base)
    base_year = base.settings.base_year
    rows = _measures(base, base_year)
    values, scarce = measured(flows, base, rows), scarce_to(flows, base, rows)
    found["flow_sums"].append(pd.DataFrame([{"year": year, **sums(flows)}]))
    found["flow_links"].append(_of_year(year, link_table(flows)))
    if usd is not None:
        found["flow_routes"].append(_of_year(year, route_table(flows)))
        found["flow_equipment"].append(_of_year(year, equipment_table(flows, usd)))
    found["flow_volumes"].append(
        pd.DataFrame(
            {
                "year": year,
                "measure": rows,
                "value": [values[row] for row in rows],
                "unit": [known[row].told_unit for row in rows],
                "scarce": [" ".join(scarce[row][:SCARCE_KEPT]) for row in rows],
            }
        )
    )
    if year == base_year:
        found["flow_observed"].append(observed_frame(base, values))


def _of_year(year: int, frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([pd.Series(year, index=frame.index, name="year"), frame], axis=1)


def unsettled_years(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Tell each year of a run whose flows did not come to rest."""
    found = tables.get("flow_sums")
    if found is None or found.empty:
        return []
    loose = found[found["converged"].astype(float) <= 0.0]
    columns = (loose[name] for name in ("year", "gap", "excess_share"))
    return [
        unsettled(int(year), float(gap), float(excess), RUN_GAP)
        for year, gap, excess in zip(*columns, strict=True)
    ]


def volumes_of(base: Model, made: Mapping[str, pd.DataFrame]) -> Volumes:
    """What the flows of a run say of targets; nothing where none were found."""
    frame = made.get("flow_volumes")
    if frame is None or frame.empty:
        return NO_VOLUMES
    keys = [(str(m), int(y)) for m, y in zip(frame["measure"], frame["year"], strict=True)]
    scarce = [tuple(str(one or "").split()) for one in frame["scarce"]]
    return Volumes(
        dict(zip(keys, map(float, frame["value"]), strict=True)),
        calibrated(base),
        dict(zip(keys, scarce, strict=True)),
    )
