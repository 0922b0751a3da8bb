"""Flows of a year as statistics count them, by row of ``flow_measures``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError
from keruen.flows.freight.cargo import EMPTY, Cargo
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.measures import BOTH, Measure, measures_of
from keruen.flows.freight.relation import Relation
from keruen.flows.freight.scarce import scarce_links
from keruen.flows.freight.solve import Flows
from keruen.flows.routes import pair_of_routes, route_of_links
from keruen.model import Model
from keruen.model.records import cell_error

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


WORD: Final = 64
"""Elements that are looked for in a route at once."""


class _Term(NamedTuple):
    """A term of a measure.

    Parameters
    ----------
    element : int
        What has to be passed.
    units : array, shape (classes,)
        What a unit of each class counts.
    between : array of bool, shape (zones * zones,)
        Whether it counts from one zone to another.
    """

    element: int
    units: FloatArray
    between: BoolArray

    def weight(self, user: IntArray, ends: IntArray) -> FloatArray:
        """What a unit of each class counts between the zones that go with it."""
        return np.asarray(self.units[user] * self.between[ends])


def _packed(masks: BoolArray) -> list[NDArray[np.uint64]]:
    """Masks of links as bits of words, shape (links,) each."""
    words = []
    for first in range(0, len(masks), WORD):
        part = masks[first : first + WORD].astype(np.uint64)
        bits = np.uint64(1) << np.arange(len(part), dtype=np.uint64)
        words.append(np.bitwise_or.reduce(part * bits[:, None], axis=0))
    return words


class Counting:
    """Measures of cases that share links, classes and zones: what they count is looked up once.

    A consignment that passes the element of a row counts once, however many links stand for the
    element; what is turned away counts nowhere. Terms of a measure are added up, and the sum is
    divided by the measure that it is a share of.

    Parameters
    ----------
    flows : Flows
        Any of the cases.
    model : Model
        The study.
    rows : iterable of str
        Measures wanted.

    Raises
    ------
    FailedError
        When a row counts in a unit that its cargo has no amount of.
    KeyError
        When there is no such row.
    """

    def __init__(self, flows: Flows, model: Model, rows: Iterable[str]) -> None:
        self.rows = tuple(rows)
        known = measures_of(model)
        drafts, zones = flows.freight.drafts, flows.freight.zones
        groups = [flows.freight.groups.get(zone, frozenset()) for zone in zones]
        self._own, self._zones = len(drafts), len(zones)
        self._line = _lines(model)
        self._shared = {row: known[row].share_of for row in self.rows}
        self._terms: dict[str, list[_Term]] = {}
        self._masks: list[BoolArray] = []
        elements: dict[tuple[str, str, str, str], int] = {}
        between: dict[Relation, BoolArray] = {}
        served = [_served(model, one) for one in flows.freight.cargo]
        wanted = [*self.rows, *(shared for shared in self._shared.values() if shared)]
        for row in dict.fromkeys(wanted):
            terms = [known[row], *(one for one in known.values() if one.adds_to == row)]
            for term in terms:
                key = (term.table, term.row, term.direction, term.mode)
                if key not in elements:
                    elements[key] = len(self._masks)
                    mask = np.array([self._counts(draft, term) for draft in drafts], dtype=np.bool_)
                    self._masks.append(mask)
                if term.relation not in between:
                    between[term.relation] = term.relation.between(groups).ravel()
                units = np.array(
                    [
                        _units_in(model, one, its, term)
                        for one, its in zip(flows.freight.cargo, served, strict=True)
                    ]
                )
                found = _Term(elements[key], units, between[term.relation])
                self._terms.setdefault(row, []).append(found)
        # Direct links stand for being turned away, and pass nothing.
        whole = np.array([[*mask, mask.all()] for mask in self._masks], dtype=np.bool_)
        self._bits = _packed(whole.reshape(len(self._masks), self._own + 1))

    def measured(self, flows: Flows) -> FloatArray:
        """Values of a case in the order of ``rows``; not a number for a share of nothing."""
        by_pair, user, ends = self._by_pair(flows), flows.pairs.user, self._ends(flows)
        sums: dict[str, float] = {
            row: sum(float(by_pair[one.element] @ one.weight(user, ends)) for one in terms)
            for row, terms in self._terms.items()
        }
        found = np.empty(len(self.rows))
        for at, row in enumerate(self.rows):
            whole = sums[row]
            if self._shared[row]:
                divisor = sums[self._shared[row]]
                whole = whole / divisor if divisor > 0.0 else np.nan
            found[at] = whole
        return found

    def of_pairs(self, flows: Flows) -> dict[str, tuple[FloatArray, ...]]:
        """Units that each pair gives to each measure, and to what that is divided by.

        Shape (pairs,) each.
        """
        by_pair, user, ends = self._by_pair(flows), flows.pairs.user, self._ends(flows)
        nothing = np.zeros(flows.pairs.amount.size)
        sums = {
            row: sum((by_pair[one.element] * one.weight(user, ends) for one in terms), nothing)
            for row, terms in self._terms.items()
        }
        return {
            row: tuple(sums[one] for one in (row, self._shared[row]) if one) for row in self.rows
        }

    def of_routes(self, flows: Flows, row: str) -> FloatArray:
        """Units that each route of a case gives to a measure, its further terms apart.

        Shape (routes,).
        """
        own = self._terms[row][0]
        weight = own.weight(flows.pairs.user, self._ends(flows))
        pair = pair_of_routes(flows.within.assignment.routes)
        return self._passed(flows, self._masks[own.element]) * weight[pair]

    def _by_pair(self, flows: Flows) -> list[FloatArray]:
        """By element what passes it of each pair."""
        pool = flows.within.assignment.routes
        there = (pool.flow > 0.0) & (pool.links[pool.first[:-1]] < self._own)
        pair, flow = pair_of_routes(pool)[there], pool.flow[there]
        pairs = flows.pairs.amount.size
        links = np.minimum(pool.links, self._own)
        found: list[FloatArray] = []
        for word in self._bits:
            passed = np.bitwise_or.reduceat(word[links], pool.first[:-1])[there]
            for bit in range(min(WORD, len(self._masks) - len(found))):
                own = np.flatnonzero(passed & (np.uint64(1) << np.uint64(bit)))
                found.append(np.bincount(pair[own], flow[own], pairs).astype(np.float64))
        return found

    def _ends(self, flows: Flows) -> IntArray:
        """Number of origin and destination together, by pair."""
        return flows.pairs.origin * self._zones + flows.pairs.destination

    def _passed(self, flows: Flows, mask: BoolArray) -> FloatArray:
        """Flow of each route that passes links of a mask; nought of what is turned away."""
        pool = flows.within.assignment.routes
        there = (pool.flow > 0.0) & (pool.links[pool.first[:-1]] < self._own)
        # Direct links stand for being turned away, and pass nothing.
        hit = np.append(mask, mask.all())[np.minimum(pool.links, self._own)]
        on_way = np.logical_or.reduceat(hit, pool.first[:-1]) if hit.size else there
        return np.where(on_way & there, pool.flow, 0.0)

    def _counts(self, draft: Draft, measure: Measure) -> bool:
        if measure.mode and draft.mode != measure.mode:
            return False
        if not measure.table:
            return True
        if measure.table == "nodes":
            return measure.row in draft.ends
        ways = {measure.direction, draft.direction}
        if BOTH not in ways and len(ways) > 1:
            return False
        if measure.table == "lines":
            return draft.table == "sections" and self._line.get(draft.row) == measure.row
        return (draft.table, draft.row) == (measure.table, measure.row)


def measured(flows: Flows, model: Model, rows: Iterable[str] | None = None) -> dict[str, float]:
    """Measure the flows of one year as statistics count them (:class:`Counting`).

    Parameters
    ----------
    flows : Flows
        Equilibrium of a year.
    model : Model
        The study.
    rows : iterable of str or None
        Measures wanted, without those that only add to another; None for all of the flows' year.

    Returns
    -------
    dict of str to float
        By row of ``flow_measures``; not a number where a share is one of nothing.

    Raises
    ------
    FailedError
        When a row counts in a unit that its cargo has no amount of.
    KeyError
        When there is no such row.
    """
    if rows is None:
        year = flows.freight.day.year
        every = measures_of(model).values()
        rows = [one.id for one in every if one.year == year and not one.adds_to]
    counting = Counting(flows, model, rows)
    return dict(zip(counting.rows, counting.measured(flows).tolist(), strict=True))


def scarce_to(
    flows: Flows, model: Model, rows: Iterable[str], capacity: FloatArray | None = None
) -> dict[str, tuple[str, ...]]:
    """Scarce elements whose price the cargo of each measure pays, the dearest first.

    Dear is what all of the cargo together pays for the element.

    Parameters
    ----------
    flows : Flows
        Equilibrium of a year.
    model : Model
        The study.
    rows : iterable of str
        Measures; further terms of a measure do not count.
    capacity : array or None, shape (links,)
        Capacities of the draw that the flows are of; None takes those compiled.

    Returns
    -------
    dict of str to tuple of str
        ``table/row`` of elements, by measure.
    """
    counting = Counting(flows, model, rows)
    freight, pool = flows.freight, flows.within.assignment.routes
    own = len(freight.drafts)
    route = route_of_links(pool)
    asked = np.where(scarce_links(flows, capacity), flows.within.price[:own], 0.0)
    price = np.append(asked, 0.0)[np.minimum(pool.links, own)]
    dear = np.flatnonzero(price > 0.0)
    link, route = pool.links[dear], route[dear]
    cargo = np.repeat(flows.pairs.user, np.diff(pool.pair_first))[route]
    usd = price[dear] * freight.load[cargo, link] * pool.flow[route]
    found = {}
    for row in counting.rows:
        counted = (counting.of_routes(flows, row) > 0.0)[route]
        by_link = np.bincount(link[counted], usd[counted], own)
        paid: dict[str, float] = {}
        for at in np.flatnonzero(by_link).tolist():
            key = f"{freight.drafts[at].table}/{freight.drafts[at].row}"
            paid[key] = paid.get(key, 0.0) + float(by_link[at])
        found[row] = tuple(sorted(paid, key=lambda one: (-paid[one], one)))
    return found


def _lines(model: Model) -> dict[str, str]:
    """Line of each section, where the study has lines."""
    sections = model["sections"]
    if "line" not in sections.columns:
        return {}
    return {str(key): str(line) for key, line in sections["line"].items()}


def _served(model: Model, cargo: Cargo) -> list[str]:
    """Commodities that a class counts with: its own; of empties those that they serve."""
    if cargo.loaded == EMPTY:
        return model.rows("commodities", equipment=cargo.equipment)
    return [cargo.commodity]


def _units_in(model: Model, cargo: Cargo, served: list[str], measure: Measure) -> float:
    """Units of a measure in one unit of a class of cargo; nought where the class does not count."""
    if measure.loaded not in (BOTH, cargo.loaded):
        return 0.0
    counts = any(
        measure.commodity in ("", one)
        and measure.cargo_class in ("", model.text("commodities", one, "class"))
        for one in served
    )
    return _per_unit(model, cargo, measure) if counts else 0.0


def _per_unit(model: Model, cargo: Cargo, measure: Measure) -> float:
    """Units of a measure in one unit of a class of cargo."""
    if measure.factor is not None and measure.commodity:
        return measure.factor
    unit = measure.unit.split("/")[0]
    share = 1.0 if measure.factor is None else measure.factor
    if unit in ("trucks", "wagons"):
        load_t = model.number("equipment", cargo.equipment, "unit_t") if cargo.equipment else None
        amount = 1.0 / load_t if load_t is not None and cargo.unit == "t" else None
    else:
        amounts = {
            "t": cargo.t_per_unit,
            "TEU": cargo.teu_per_unit,
            "trains": cargo.trains_per_unit,
        }
        amount = amounts.get(unit)
    if amount is None:
        at = model, "flow_measures", measure.id, "factor"
        raise FailedError([cell_error(*at, "measure_needs_factor", unit=measure.unit)])
    return share * amount
