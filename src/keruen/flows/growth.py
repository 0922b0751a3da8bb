"""Demand of other years: that of the base year, grown by its drivers or as history has it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from keruen.errors import FailedError, error
from keruen.flows.base_demand import CONTAINER, BaseDemand, base_demand, return_shares
from keruen.flows.entropy import FloatArray
from keruen.flows.gravity import returning_empties
from keruen.model import Model
from keruen.model.demand_pairs import CELL, Ends


class YearDemand(NamedTuple):
    """Demand of a year, and the fit that it rests on."""

    year: int
    demand: pd.DataFrame
    base: BaseDemand


def demand_of(
    model: Model, year: int | None = None, fitted: BaseDemand | None = None
) -> YearDemand:
    """Demand of a year: fitted where the study has totals of it, else made from the base year's.

    Commodities that the totals of a year do not speak of are made from the base year's as well.
    Later years grow by their drivers (:func:`growth_factors`); earlier ones are as history has it
    (:func:`history_factors`).

    Parameters
    ----------
    model : Model
        A study, under a scenario or not, not yet of a day.
    year : int, optional
        The base year of the study unless given.
    fitted : BaseDemand, optional
        Demand of the base year, where it was fitted before.

    Raises
    ------
    FailedError
        When a year before the base year has neither totals nor history, or totals cannot be met.
    """
    first = model.settings.base_year
    wanted = first if year is None else year
    if wanted == first or not (model["control_totals"]["year"] == wanted).any():
        base = fitted or base_demand(model.at(model.settings.base_date), first)
        grown = demand_in_year(model if wanted == first else model.in_year(wanted), base, wanted)
        return YearDemand(wanted, grown, base)
    base = base_demand(model.in_year(wanted), wanted)
    usual = fitted or base_demand(model.at(model.settings.base_date), first)
    if set(usual.demand["commodity"]) <= set(base.demand["commodity"]):
        return YearDemand(wanted, base.demand, base)
    others = demand_in_year(model.in_year(wanted), usual, wanted)
    others = others[~others["commodity"].isin(set(base.demand["commodity"]))]
    frame = pd.concat([base.demand, others], ignore_index=True)
    return YearDemand(wanted, frame.sort_values([*CELL, "loaded"], ignore_index=True), base)


def by_country(model: Model, demand: pd.DataFrame) -> pd.DataFrame:
    """Demand between countries.

    Returns
    -------
    DataFrame
        ``commodity``, ``origin`` and ``destination`` (countries), ``loaded`` and ``empty`` units a
        year and ``unit``; by commodity, the greatest first.
    """
    countries = model["zones"]["country"]
    ends = {name: demand[name].map(countries) for name in ("origin", "destination")}
    sums = demand.assign(**ends).pivot_table(
        index=["commodity", "origin", "destination", "unit"],
        columns="loaded",
        values="quantity",
        aggfunc="sum",
        fill_value=0.0,
    )
    whole = sums.reindex(columns=["loaded", "empty"], fill_value=0.0).reset_index()
    whole["both"] = whole["loaded"] + whole["empty"]
    order = whole.sort_values(
        ["commodity", "both", "origin", "destination"], ascending=[True, False, True, True]
    )
    return order[[*CELL, "loaded", "empty", "unit"]].reset_index(drop=True)


def demand_in_year(model: Model, base: BaseDemand, year: int) -> pd.DataFrame:
    """Demand of a year by the growth drivers of a study, or by its history.

    Loaded demand grows by the product of its drivers (:func:`growth_factors`), or is that of the
    base year times the factors of a past one (:func:`history_factors`); empty containers follow
    from it by the same rule as in the base year.

    Parameters
    ----------
    model : Model
        The study, or a draw of it, that the base demand was made of.
    base : BaseDemand
        Demand of the base year.
    year : int
        Any year; an earlier one that ``demand_history`` reaches.

    Returns
    -------
    DataFrame
        Like ``base.demand``.

    Raises
    ------
    FailedError
        When the year lies before that of the base demand and before all history.
    """
    loaded = base.demand[base.demand["loaded"] == "loaded"].reset_index(drop=True)
    past = year < base.year
    if past and not (model["demand_history"]["year"] <= year).any():
        raise FailedError([error("demand_before_base", year=year, base=base.year)])
    factors = history_factors if past else growth_factors
    grown = loaded["quantity"] * factors(model, loaded, base.year, year)
    whole = loaded.assign(quantity=grown)
    classes = model["commodities"]["class"]
    boxes = whole[whole["commodity"].map(classes) == CONTAINER]
    empties = [_empties(model, own) for _, own in boxes.groupby("commodity", sort=True)]
    frame = pd.concat([whole, *empties], ignore_index=True)
    return frame.sort_values([*CELL, "loaded"], ignore_index=True)


def _empties(model: Model, loaded: pd.DataFrame) -> pd.DataFrame:
    """Empty containers that return from the loaded ones of a commodity, on the way they came."""
    zones = sorted({*loaded["origin"], *loaded["destination"]})
    place = {zone: number for number, zone in enumerate(zones)}
    origins, destinations = (
        np.array([place[zone] for zone in loaded[name]], dtype=np.intp)
        for name in ("origin", "destination")
    )
    matrix = np.zeros((len(zones), len(zones)))
    matrix[origins, destinations] = loaded["quantity"].to_numpy(dtype=np.float64)
    returning = returning_empties(matrix, return_shares(model, zones))
    back = loaded.assign(
        origin=loaded["destination"],
        destination=loaded["origin"],
        loaded="empty",
        quantity=returning[destinations, origins],
    )
    return back[back["quantity"] > 0]


def growth_factors(model: Model, cells: pd.DataFrame, base_year: int, year: int) -> FloatArray:
    r"""Growth of cells from one year to another.

    For drivers :math:`g` that cover a cell, with rates :math:`r_g` and :math:`n_g` of the years
    after the first and up to the last that lie in the span of the driver,
    :math:`\prod_g (1 + r_g)^{n_g}`.

    Parameters
    ----------
    model : Model
        With ``growth_drivers`` and ``zone_members``.
    cells : DataFrame
        Cells by commodity, origin and destination.
    base_year, year : int
        First and last year.

    Returns
    -------
    ndarray, shape (cells,)
    """
    factors = np.ones(len(cells))
    names = ("commodity", "from_group", "to_group", "ways", "from_year", "to_year")
    drivers = model["growth_drivers"].sort_index()
    rows = zip(*(drivers[name] for name in (*names, "rate_share_per_year")), strict=True)
    ends = Ends(model["zone_members"], cells)
    for commodity, origins, destinations, ways, since, until, rate in rows:
        years = min(year, int(until)) - max(base_year, int(since) - 1)
        if years > 0:
            covered = ends.cells_of(commodity, origins, destinations, ways)
            factors[covered] *= (1.0 + float(rate)) ** years
    return factors


def history_factors(model: Model, cells: pd.DataFrame, base_year: int, year: int) -> FloatArray:
    """Demand of cells in a past year over that of the base year.

    Rows of ``demand_history`` say it for the cells that they cover, one a cell and year, as the
    check sees to. Between the years that a cell has rows for, the base year with 1 among them, its
    factor lies on the straight line between them; before the first it is that of the first. A cell
    without rows was what it is in the base year.

    Parameters
    ----------
    model : Model
        With ``demand_history`` and ``zone_members``.
    cells : DataFrame
        Cells by commodity, origin and destination.
    base_year, year : int
        Base year, and the past one.

    Returns
    -------
    ndarray, shape (cells,)
    """
    history = model["demand_history"].sort_index()
    history = history[history["year"] < base_year]
    years = sorted({int(one) for one in history["year"]})
    known = np.full((len(years) + 1, len(cells)), np.nan)
    known[-1] = 1.0
    names = ("year", "commodity", "from_group", "to_group", "ways", "factor")
    ends = Ends(model["zone_members"], cells)
    for when, *relation, factor in zip(*(history[name] for name in names), strict=True):
        covered = ends.cells_of(*relation)
        known[years.index(int(when)), covered] = float(factor)
    at = np.array([*years, base_year], dtype=np.float64)
    if not len(cells):
        return np.ones(0)
    # Few cells are told apart: what is told of many at once is drawn once.
    kinds, of_kind = np.unique(np.nan_to_num(known, nan=np.inf), axis=1, return_inverse=True)
    lines = [(at[np.isfinite(kind)], kind[np.isfinite(kind)]) for kind in kinds.T]
    of_each = np.array([np.interp(year, days, factors) for days, factors in lines])
    found: FloatArray = of_each[of_kind.ravel()]
    return found
