"""What one draw is to the freight of a year: capacities, prices, demand, choice, other ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.flows.freight.cargo import HOURS_PER_DAY, LOADED
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.draft import BOX, TONNE
from keruen.flows.freight.pairs import Answer, Pairs
from keruen.flows.freight.solve import Draw
from keruen.flows.freight.years import FreightYears
from keruen.model import Model
from keruen.model.demand_pairs import CELL, Ends
from keruen.model.draws import FloatArray, UncertainCell
from keruen.model.provenance import CellKey
from keruen.study.capacity_parts import Element

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MEASURE_OF: Final = {TONNE: "t", BOX: "teu"}
"""Measure of a capacity by what the links of an element count; any other is the native one."""
CLOSED: Final = 1e-2
"""Part of the capacity stated below which a draw closes an element."""
ROOM: Final = 1.1
"""Least capacity of a draw, as a multiple of what went over a link in the base year."""
RECORD: Final = (0.07, 0.25, 0.43, 0.44, 0.46, 0.59, 0.62, 0.67, 0.68, 0.75, 0.93, 1.09)
"""Outcome over target of twelve dated official targets of the corridor for 2017 to 2024: transit
containers and tonnes of 2020, tonnes and containers of the Trans-Caspian route of 2018, 2022, 2023
and 2024, ports of 2024, Khorgos of 2020, and others. Found by search and mostly early and
optimistic: a wide prior, not a sample."""


class Numbers(NamedTuple):
    """Cells looked up at once, in any draw.

    Parameters
    ----------
    at : array of int, shape (numbers,)
        Column of the draws that holds each; -1 where it is not drawn.
    stated : array, shape (numbers,)
        What the study has.
    """

    at: IntArray
    stated: FloatArray

    def of(self, values: FloatArray) -> FloatArray:
        """Numbers in a draw, shape (numbers,)."""
        return np.where(self.at < 0, self.stated, np.append(values, 0.0)[self.at])

    def ratios(self, values: FloatArray) -> FloatArray:
        """The same over those of the study; 1 where the study has nought."""
        known = (self.at >= 0) & (self.stated != 0.0)
        return np.where(known, self.of(values) / np.where(known, self.stated, 1.0), 1.0)


class Cells:
    """Where draws hold the cells of a study.

    Parameters
    ----------
    model : Model
        The study before any day.
    cells : sequence of UncertainCell
        What is drawn, in the order of the draws' columns.
    """

    def __init__(self, model: Model, cells: Sequence[UncertainCell]) -> None:
        self._model = model
        self._place = {cell.key: at for at, cell in enumerate(cells)}

    def look_up(self, keys: Iterable[CellKey]) -> Numbers:
        """Look up cells; what the study leaves empty is nought."""
        known = list(keys)
        return Numbers(
            np.array([self._place.get(key, -1) for key in known], dtype=np.int64),
            np.array([self._model.number(*key) or 0.0 for key in known], dtype=np.float64),
        )


class Ratios(NamedTuple):
    """Capacities of draws over those with everything at its mode.

    Parameters
    ----------
    elements : tuple of Element
        Table, row, direction.
    years : tuple of int
        Years.
    native, teu, t : array, shape (draws, years, elements)
        Nought where a draw has not opened an element yet. Of one draw without the first axis.
    """

    elements: tuple[Element, ...]
    years: tuple[int, ...]
    native: FloatArray
    teu: FloatArray
    t: FloatArray

    def of(self, draw: int) -> Ratios:
        """Those of one draw."""
        return self._replace(native=self.native[draw], teu=self.teu[draw], t=self.t[draw])


def ratio(drawn: FloatArray, stated: FloatArray) -> FloatArray:
    """Capacities over those stated; 1 where nothing is in service or no limit is known.

    >>> ratio(np.array([2.0, 0.0, 5.0, np.inf]), np.array([4.0, 4.0, 0.0, np.inf])).tolist()
    [0.5, 0.0, 1.0, 1.0]
    """
    known = np.isfinite(stated) & (stated > 0.0) & ~np.isnan(drawn)
    return np.where(known, drawn / np.where(known, stated, 1.0), 1.0)


class OneDraw(NamedTuple):
    """What one draw holds.

    Parameters
    ----------
    values : array, shape (cells,)
        Numbers.
    ratios : Ratios
        Capacities, shape (years, elements) each.
    """

    values: FloatArray
    ratios: Ratios


class Case(NamedTuple):
    """The freight of a year under a draw, ready to be solved."""

    freight: Freight
    pairs: Pairs
    draw: Draw
    answer: Answer | None


class YearDraws:
    """Draws of one year: what all of them have in common is looked up once.

    Parameters
    ----------
    years : FreightYears
        The freight of the study.
    year : int
        Year.
    cells : Cells
        What is drawn.
    elements : tuple of Element
        Elements of the ratios of capacities.
    at : int
        Place of the year in those ratios.
    """

    def __init__(
        self,
        years: FreightYears,
        year: int,
        cells: Cells,
        elements: tuple[Element, ...],
        at: int,
    ) -> None:
        self.year, self._at = year, at
        self.freight, self.pairs = years.freight(year), years.loaded(year)
        self._element = _elements_of(self.freight, elements)
        self._least = _moved_in_base_year(years, self.freight)
        self._kept = np.array([draft.kept for draft in self.freight.drafts])
        terms = self.freight.terms.rows
        self._prices = cells.look_up((table, row, _PRICE[table]) for table, row in terms)
        self._covered, self._grown, drivers = _growth(years, self.pairs, self.freight, year)
        self._rates = cells.look_up(("growth_drivers", row, _RATE) for row in drivers)
        loaded = [one.commodity for one in self.freight.cargo if one.loaded == LOADED]
        self._choice = {
            column: cells.look_up(("commodities", name, column) for name in loaded)
            for column in (*_WORTH, *_CHOICE)
        }
        if year != years.base_year:
            self._look_up(years, cells)

    def case(self, draw: OneDraw, base: FloatArray | None) -> Case:
        """The freight of a draw.

        Parameters
        ----------
        draw : OneDraw
            Which.
        base : array or None
            Costs of the loaded pairs of the base year under the same draw, from which demand
            answers; None in that year.
        """
        freight = self._with_choice(draw.values)
        pairs = self.pairs._replace(amount=self.pairs.amount * self.growth(draw.values))
        answer = None if base is None else self._answer(draw.values, freight, base)
        moved = Draw(self.capacity(draw.ratios), self._prices.ratios(draw.values))
        return Case(freight, pairs, moved, answer)

    def capacity(self, ratios: Ratios) -> FloatArray:
        """Capacities of the links.

        None is below what went over it in the base year: a draw that has less room than was used is
        one that the past has ruled out.
        """
        found = self.freight.capacity.copy()
        for measure, links, element in self._element:
            moved = getattr(ratios, measure)[self._at, element]
            kept = self._kept[links]
            drawn = (found[links] - kept) * moved + kept
            found[links] = np.where(moved < CLOSED, 0.0, drawn)
        return np.maximum(found, self._least)

    def growth(self, values: FloatArray) -> FloatArray:
        """Factors of the loaded demand, by pair."""
        logs = self._grown * (np.log1p(self._rates.of(values)) - np.log1p(self._rates.stated))
        return np.asarray(np.exp(logs @ self._covered), dtype=np.float64)

    def _with_choice(self, values: FloatArray) -> Freight:
        """Classes with a draw's value of time, spread, elasticity and most that they would pay."""
        choice = {column: own.of(values).tolist() for column, own in self._choice.items()}
        stated = {column: own.stated for column, own in self._choice.items()}
        worth = [choice, stated]
        usd = [np.multiply(*(one[column] for column in _WORTH)) for one in worth]
        dearer = ((usd[0] - usd[1]) / HOURS_PER_DAY).tolist()
        spread, elasticity, most = (choice[column] for column in _CHOICE)
        cargo, at = list(self.freight.cargo), 0
        for place, one in enumerate(cargo):
            if one.loaded == LOADED:
                cargo[place] = one._replace(
                    value_usd_per_h=max(one.value_usd_per_h + dearer[at] * one.worth_ratio, 0.0),
                    spread_share=spread[at],
                    elasticity=elasticity[at],
                    reservation_ratio=most[at],
                )
                at += 1
        return self.freight._replace(cargo=tuple(cargo))

    def _look_up(self, years: FreightYears, cells: Cells) -> None:
        """What demand answers to, as places."""
        pairs, freight, first = self.pairs, self.freight, years.base_year
        before, start = years.freight(first), years.loaded(first)
        names = list(before.zones)
        known = {
            (before.cargo[user].commodity, names[origin], names[destination]): at
            for at, (user, origin, destination) in enumerate(
                zip(*(column.tolist() for column in start[:3]), strict=True)
            )
        }
        zones = list(freight.zones)
        self._reference = np.full(pairs.amount.size, -1, dtype=np.int64)
        paid: list[tuple[int, str, float]] = []
        self._options = [_Others(years, when, freight, pairs, cells) for when in (self.year, first)]
        columns = zip(*(column.tolist() for column in pairs[:3]), strict=True)
        for at, (user, origin, destination) in enumerate(columns):
            cargo, ends = freight.cargo[user], (zones[origin], zones[destination])
            self._reference[at] = known.get((cargo.commodity, *ends), -1)
            groups = tuple(freight.groups.get(zone, frozenset()) for zone in ends)
            for pricing, sign in ((freight.pricing, 1.0), (before.pricing, -1.0)):
                for row, usd in pricing.of_pair(cargo, (groups[0], groups[1])):
                    paid.append((at, row, sign * usd))
        self._paid = cells.look_up(("tariffs", row, "amount") for _, row, _ in paid)
        self._paid_by = np.array([at for at, _, _ in paid], dtype=np.int64)
        self._paid_usd = np.array([usd for _, _, usd in paid], dtype=np.float64)

    def _answer(self, values: FloatArray, freight: Freight, base: FloatArray) -> Answer:
        cost = np.append(base, np.nan)
        usd = self._paid_usd * self._paid.ratios(values)
        shift = np.bincount(self._paid_by, usd, self.pairs.amount.size).astype(np.float64)
        value = np.array([one.value_usd_per_h for one in freight.cargo])[self.pairs.user]
        now, then = (one.cost(values, value) for one in self._options)
        known = np.isfinite(now) & np.isfinite(then)
        shift[known] -= now[known] - then[known]
        return Answer(cost[self._reference], shift)


_PRICE: Final = {"tariffs": "amount", "route_aversions": "cost_usd_per_unit"}
_RATE: Final = "rate_share_per_year"
_WORTH: Final = ("cargo_value_usd_per_unit", "time_cost_share_per_day")
_CHOICE: Final = ("choice_spread_share", "cost_elasticity", "reservation_ratio")


class _Others:
    """Other ways of pairs in a year, by row."""

    def __init__(
        self, years: FreightYears, year: int, freight: Freight, pairs: Pairs, cells: Cells
    ) -> None:
        options = years.outside(year).options
        table = "outside_options"
        self._usd = cells.look_up((table, one.row, "cost_usd_per_unit") for one in options)
        self._days = cells.look_up((table, one.row, "time_days") for one in options)
        zones = list(freight.zones)
        self._of = np.zeros((len(options), pairs.amount.size), dtype=np.bool_)
        inside = [freight.groups.get(zone, frozenset()) for zone in zones]
        commodity = np.array([one.commodity for one in freight.cargo], dtype=object)[pairs.user]
        for at, option in enumerate(options):
            over = option.relation.between(inside)[pairs.origin, pairs.destination]
            self._of[at] = over & (commodity == option.commodity)

    def cost(self, values: FloatArray, value: FloatArray) -> FloatArray:
        """Cost of the cheapest other way of each pair; infinite where there is none."""
        hours = self._days.of(values) * HOURS_PER_DAY
        cost = self._usd.of(values)[:, None] + hours[:, None] * value
        return np.asarray(np.where(self._of, cost, np.inf).min(axis=0, initial=np.inf))


def _elements_of(
    freight: Freight, elements: tuple[Element, ...]
) -> list[tuple[str, IntArray, IntArray]]:
    """By measure the links that have a capacity, and the element that each stands for."""
    places = {element: at for at, element in enumerate(elements)}
    found: dict[str, list[tuple[int, int]]] = {}
    for link, draft in enumerate(freight.drafts):
        ways = (draft.direction, "both", "forward", "backward")
        keys = [(draft.table, draft.row, way) for way in ways]
        at = next((places[key] for key in keys if key in places), None)
        if at is not None and np.isfinite(draft.capacity):
            found.setdefault(MEASURE_OF.get(draft.native, "native"), []).append((link, at))
    placed = []
    for measure, pairs in sorted(found.items()):
        links, own = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
        placed.append((measure, links, own))
    return placed


def _moved_in_base_year(years: FreightYears, freight: Freight) -> FloatArray:
    """Load of each link in the base year as computed, at most its capacity; 0 of later links."""
    before = years.flows(years.base_year)
    loads = before.within.assignment.volume
    known = {draft[:7]: float(loads[at]) for at, draft in enumerate(before.freight.drafts)}
    return np.array(
        [min(ROOM * known.get(draft[:7], 0.0), draft.capacity) for draft in freight.drafts]
    )


def _growth(
    years: FreightYears, pairs: Pairs, freight: Freight, year: int
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Drivers by pair as ones and noughts, years that each grows up to this year, and their ids."""
    model, first = years.base, years.base_year
    zones = np.array(list(freight.zones), dtype=object)
    commodity = np.array([one.commodity for one in freight.cargo], dtype=object)
    columns = (commodity[pairs.user], zones[pairs.origin], zones[pairs.destination])
    cells = pd.DataFrame(dict(zip(CELL, columns, strict=True)))
    drivers = model["growth_drivers"].sort_index()
    names = ("commodity", "from_group", "to_group", "ways", "from_year", "to_year")
    rows, covered, grown = [], [], []
    ends = Ends(model["zone_members"], cells)
    for row, *relation, since, until in zip(
        drivers.index, *(drivers[name] for name in names), strict=True
    ):
        span = min(year, int(until)) - max(first, int(since) - 1)
        if span > 0:
            rows.append(str(row))
            grown.append(float(span))
            covered.append(ends.cells_of(*relation))
    over = np.array(covered, dtype=np.float64).reshape(len(rows), pairs.amount.size)
    return over, np.array(grown), tuple(rows)
