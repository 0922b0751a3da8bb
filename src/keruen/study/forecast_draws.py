"""What one draw is to the freight of a year: capacities, prices, demand, choice, other ways."""

from __future__ import annotations

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
from keruen.model.demand_pairs import CELL, cells_of_relation
from keruen.model.draws import FloatArray, UncertainCell
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


class Values:
    """Draws of cells, looked up by cell.

    Parameters
    ----------
    model : Model
        The study before any day.
    cells : tuple of UncertainCell
        What is drawn.
    values : array, shape (draws, cells)
        As :func:`keruen.model.draws.sample` gives them.
    """

    def __init__(self, model: Model, cells: tuple[UncertainCell, ...], values: FloatArray) -> None:
        self.model = model
        self.values = values
        self._place = {cell.key: at for at, cell in enumerate(cells)}

    def of(self, table: str, row: str, column: str, draw: int) -> float:
        """Number of a cell in a draw; as the study has it where it is not drawn."""
        at = self._place.get((table, row, column))
        if at is not None:
            return float(self.values[draw, at])
        return self.model.number(table, row, column) or 0.0

    def ratio(self, table: str, row: str, column: str, draw: int) -> float:
        """The same over that of the study; 1 where the study has nought."""
        stated = self.model.number(table, row, column)
        if not stated or (table, row, column) not in self._place:
            return 1.0
        return self.of(table, row, column, draw) / stated


class Ratios(NamedTuple):
    """Capacities of draws over those with everything at its mode.

    Parameters
    ----------
    elements : tuple of Element
        Table, row, direction.
    years : tuple of int
        Years.
    native, teu, t : array, shape (draws, years, elements)
        Nought where a draw has not opened an element yet.
    """

    elements: tuple[Element, ...]
    years: tuple[int, ...]
    native: FloatArray
    teu: FloatArray
    t: FloatArray


def ratio(drawn: FloatArray, stated: FloatArray) -> FloatArray:
    """Capacities over those stated; 1 where nothing is in service or no limit is known.

    >>> ratio(np.array([2.0, 0.0, 5.0, np.inf]), np.array([4.0, 4.0, 0.0, np.inf])).tolist()
    [0.5, 0.0, 1.0, 1.0]
    """
    known = np.isfinite(stated) & (stated > 0.0) & ~np.isnan(drawn)
    return np.where(known, drawn / np.where(known, stated, 1.0), 1.0)


class Case(NamedTuple):
    """The freight of a year under a draw, ready to be solved."""

    freight: Freight
    pairs: Pairs
    draw: Draw
    answer: Answer | None


class YearDraws:
    """Draws of one year.

    Parameters
    ----------
    years : FreightYears
        The freight of the study.
    year : int
        Year.
    values : Values
        What was drawn.
    ratios : Ratios
        Capacities of draws.
    """

    def __init__(self, years: FreightYears, year: int, values: Values, ratios: Ratios) -> None:
        self.year = year
        self.is_base = year == years.base_year
        self.freight, self.pairs = years.freight(year), years.loaded(year)
        self._values, self._model = values, years.base
        self._ratios, self._at = ratios, ratios.years.index(year)
        self._element = _elements_of(self.freight, ratios)
        self._least = _moved_in_base_year(years, self.freight)
        self._covered, self._grown, self._drivers = _growth(years, self.pairs, self.freight, year)
        if not self.is_base:
            self._lookup(years)

    def case(self, draw: int, base: FloatArray | None) -> Case:
        """The freight of a draw.

        Parameters
        ----------
        draw : int
            Which.
        base : array or None
            Costs of the loaded pairs of the base year under the same draw, from which demand
            answers; None in that year.
        """
        freight = self._with_choice(draw)
        pairs = self.pairs._replace(amount=self.pairs.amount * self.growth(draw))
        answer = None if base is None else self._answer(draw, freight, base)
        return Case(freight, pairs, Draw(self.capacity(draw), self.prices(draw)), answer)

    def capacity(self, draw: int) -> FloatArray:
        """Capacities of the links.

        None is below what went over it in the base year: a draw that has less room than was used is
        one that the past has ruled out.
        """
        ratios = self._ratios
        found = self.freight.capacity.copy()
        for measure, links, element in self._element:
            moved = getattr(ratios, measure)[draw, self._at, element]
            found[links] *= np.where(moved < CLOSED, 0.0, moved)
        return np.maximum(found, self._least)

    def prices(self, draw: int) -> FloatArray:
        """Factors of the prices, by ``Freight.terms.rows``."""
        return np.array(
            [
                self._values.ratio(table, row, _PRICE[table], draw)
                for table, row in self.freight.terms.rows
            ]
        )

    def growth(self, draw: int) -> FloatArray:
        """Factors of the loaded demand, by pair."""
        rates = np.array(
            [
                self._values.of("growth_drivers", row, "rate_share_per_year", draw)
                for row in self._drivers
            ]
        )
        stated = np.array(
            [
                self._model.number("growth_drivers", row, "rate_share_per_year") or 0.0
                for row in self._drivers
            ]
        )
        logs = self._grown * (np.log1p(rates) - np.log1p(stated))
        return np.asarray(np.exp(logs @ self._covered), dtype=np.float64)

    def _with_choice(self, draw: int) -> Freight:
        """Classes with a draw's value of time, spread, elasticity and most that they would pay."""

        def of(commodity: str, column: str) -> float:
            return self._values.of("commodities", commodity, column, draw)

        cargo = []
        for one in self.freight.cargo:
            if one.loaded != LOADED:
                cargo.append(one)
                continue
            name = one.commodity
            value, share = _WORTH
            stated = [self._model.number("commodities", name, column) or 0.0 for column in _WORTH]
            worth = of(name, value) * of(name, share) - stated[0] * stated[1]
            cargo.append(
                one._replace(
                    value_usd_per_h=max(one.value_usd_per_h + worth / HOURS_PER_DAY, 0.0),
                    spread_share=of(name, "choice_spread_share"),
                    elasticity=of(name, "cost_elasticity"),
                    reservation_ratio=of(name, "reservation_ratio"),
                )
            )
        return self.freight._replace(cargo=tuple(cargo))

    def _lookup(self, years: FreightYears) -> None:
        """What demand answers to, as numbers of rows."""
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
        self._paid: list[tuple[int, str, float]] = []
        self._options = [_Others(years, when, freight, pairs) for when in (self.year, first)]
        columns = zip(*(column.tolist() for column in pairs[:3]), strict=True)
        for at, (user, origin, destination) in enumerate(columns):
            cargo, ends = freight.cargo[user], (zones[origin], zones[destination])
            self._reference[at] = known.get((cargo.commodity, *ends), -1)
            groups = tuple(freight.groups.get(zone, frozenset()) for zone in ends)
            for pricing, sign in ((freight.pricing, 1.0), (before.pricing, -1.0)):
                for row, usd in pricing.of_pair(cargo, (groups[0], groups[1])):
                    self._paid.append((at, row, sign * usd))

    def _answer(self, draw: int, freight: Freight, base: FloatArray) -> Answer:
        cost = np.append(base, np.nan)
        shift = np.zeros(self.pairs.amount.size)
        factor: dict[str, float] = {}
        for at, row, usd in self._paid:
            if row not in factor:
                factor[row] = self._values.ratio("tariffs", row, "amount", draw)
            shift[at] += usd * factor[row]
        value = np.array([one.value_usd_per_h for one in freight.cargo])[self.pairs.user]
        now, then = (one.cost(self._values, value, draw) for one in self._options)
        known = np.isfinite(now) & np.isfinite(then)
        shift[known] -= now[known] - then[known]
        return Answer(cost[self._reference], shift)


_PRICE: Final = {"tariffs": "amount", "route_aversions": "cost_usd_per_unit"}
_WORTH: Final = ("cargo_value_usd_per_unit", "time_cost_share_per_day")


class _Others:
    """Other ways of pairs in a year, by row."""

    def __init__(self, years: FreightYears, year: int, freight: Freight, pairs: Pairs) -> None:
        self._rows = [one.row for one in years.outside(year).options]
        zones = list(freight.zones)
        self._of = np.zeros((len(self._rows), pairs.amount.size), dtype=np.bool_)
        inside = [freight.groups.get(zone, frozenset()) for zone in zones]
        commodity = np.array([one.commodity for one in freight.cargo], dtype=object)[pairs.user]
        for at, option in enumerate(years.outside(year).options):
            over = option.relation.between(inside)[pairs.origin, pairs.destination]
            self._of[at] = over & (commodity == option.commodity)

    def cost(self, values: Values, value: FloatArray, draw: int) -> FloatArray:
        """Cost of the cheapest other way of each pair; infinite where there is none."""
        table = "outside_options"
        found = np.full(value.size, np.inf)
        for at, row in enumerate(self._rows):
            usd = values.of(table, row, "cost_usd_per_unit", draw)
            hours = values.of(table, row, "time_days", draw) * HOURS_PER_DAY
            cost = np.where(self._of[at], usd + hours * value, np.inf)
            found = np.minimum(found, cost)
        return found


def _elements_of(freight: Freight, ratios: Ratios) -> list[tuple[str, IntArray, IntArray]]:
    """By measure the links that have a capacity, and the element that each stands for."""
    places = {element: at for at, element in enumerate(ratios.elements)}
    found: dict[str, list[tuple[int, int]]] = {}
    for link, draft in enumerate(freight.drafts):
        ways = (draft.direction, "both", "forward", "backward")
        keys = [(draft.table, draft.row, way) for way in ways]
        at = next((places[key] for key in keys if key in places), None)
        if at is not None and np.isfinite(draft.capacity):
            found.setdefault(MEASURE_OF.get(draft.native, "native"), []).append((link, at))
    placed = []
    for measure, pairs in sorted(found.items()):
        links, elements = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
        placed.append((measure, links, elements))
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
    for row, *relation, since, until in zip(
        drivers.index, *(drivers[name] for name in names), strict=True
    ):
        span = min(year, int(until)) - max(first, int(since) - 1)
        if span > 0:
            rows.append(str(row))
            grown.append(float(span))
            covered.append(cells_of_relation(model["zone_members"], cells, *relation))
    over = np.array(covered, dtype=np.float64).reshape(len(rows), pairs.amount.size)
    return over, np.array(grown), tuple(rows)
