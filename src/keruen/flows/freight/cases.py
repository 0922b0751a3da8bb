"""Equilibria of a year on a network that is not quite that of the study: closed, opened, priced."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import FloatArray
from keruen.flows.curves.registry import BPR
from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.compile import Freight, same_links, same_zones
from keruen.flows.freight.pairs import Answer, Pairs, loaded_pairs
from keruen.flows.freight.solve import Draw, Flows, Start, return_shares, solve
from keruen.flows.freight.standing import unit_tonnes
from keruen.flows.freight.universe import Universe
from keruen.flows.freight.years import FreightYears
from keruen.flows.rounds import Settings

IntArray = NDArray[np.int64]


class Case(NamedTuple):
    """A case: a network, and what pairs pay besides.

    Parameters
    ----------
    freight : Freight
        Its network.
    capacity : array or None, shape (links,)
        Capacities instead of those compiled.
    pays : array or None, shape (pairs,)
        Dollars a unit that loaded pairs pay besides, whatever their way.
    """

    freight: Freight
    capacity: FloatArray | None = None
    pays: FloatArray | None = None


def solve_case(years: FreightYears, year: int, case: Case, start: Flows | None = None) -> Flows:
    """Equilibrium of a case; demand answers to its costs, in the base year as well.

    What a unit would at most pay, and how wide choices spread, stays that of the study as it is.

    Parameters
    ----------
    years : FreightYears
        The study.
    year : int
        Year.
    case : Case
        What is not as in the study.
    start : Flows or None
        Flows to begin with; left aside where their network has other links.

    Returns
    -------
    Flows
    """
    begin: Start | None = None
    if start is not None and same_links(start.freight, case.freight):
        begin = start.start
    return _solved(years, year, case, begin, years.settings)


def _solved(
    years: FreightYears, year: int, case: Case, begin: Start | None, settings: Settings
) -> Flows:
    usual = years.freight(year)
    pairs = loaded_pairs(case.freight, years.demand(year).demand)
    return solve(
        case.freight,
        pairs,
        return_shares(years.base, case.freight),
        settings,
        _answer(years, year, case, pairs),
        begin,
        Draw(case.capacity, usual=usual if same_zones(usual, case.freight) else None),
    )


class Alike:
    """Cases that are compared: all choose among the routes that any of them took.

    Where each case kept the routes that it found on its way, two cases would differ by what was
    found besides what was changed. So routes are looked for first, case after case
    (:meth:`seek`), and then no more are taken in (:meth:`solved`). A case that is the present one
    comes to its very numbers, since it begins as the present does. Routes on links that a network
    has not are none of its cases.

    Parameters
    ----------
    years : FreightYears
        The study.
    year : int
        Year.
    """

    def __init__(self, years: FreightYears, year: int) -> None:
        self._years, self._year = years, year
        self._found = years.flows(year)
        self._universe = Universe()
        self._universe.add(self._found)
        self._present: Flows | None = None

    def seek(self, case: Case) -> None:
        """Take in the routes of a case; the present is then another one, to be asked for anew."""
        self._universe.add(solve_case(self._years, self._year, case, self._found))
        self._present = None

    def present(self) -> Flows:
        """The study as it is, on the routes of all cases; demand answers in the base year too."""
        if self._present is None:
            here = Case(self._found.freight)
            # What is begun with has to be the same for all: first the shares and prices of it.
            self._universe.add(self._found)
            self._universe.add(self._on_routes(here))
            self._present = self._on_routes(here)
        return self._present

    def solved(self, case: Case) -> Flows:
        """A case on the routes of all cases."""
        self.present()
        return self._on_routes(case)

    def _on_routes(self, case: Case) -> Flows:
        years, year = self._years, self._year
        pairs = loaded_pairs(case.freight, years.demand(year).demand)
        begin = self._universe.start(case.freight, pairs)
        settings = years.settings._replace(widen=False)
        return _solved(years, year, case, begin, settings)


def _answer(years: FreightYears, year: int, case: Case, pairs: Pairs) -> Answer:
    """What demand answers to, with what pairs pay besides."""
    found = years.answer_on(case.freight, year, pairs)
    if case.pays is None:
        return found
    return found._replace(shift_usd=found.shift_usd + case.pays)


def closed(freight: Freight, links: IntArray) -> Case:
    """The network with links that nobody can take."""
    shut = np.zeros(len(freight.drafts), dtype=np.bool_)
    shut[links] = True
    network = freight.network
    kind, rows = network.links.kind.copy(), network.links.rows.copy()
    # What is closed has no queue; no curve has to be made for a capacity of nought.
    kind[shut] = BPR
    rows[shut, 1:] = (1.0, 0.0, 0.0)
    load = freight.load.copy()
    # Also what takes no room, such as empty wagons where only net tonnes count, has to keep out.
    load[:, shut] = np.maximum(load[:, shut], 1.0)
    changed = freight._replace(
        network=network._replace(links=network.links._replace(kind=kind, rows=rows)), load=load
    )
    return Case(changed, np.where(shut, 0.0, freight.capacity))


def priced(freight: Freight, links: IntArray, factor: float) -> Case:
    """The network with what carriers ask on links times a factor."""
    terms = freight.terms
    asked = np.array([table == "tariffs" for table, _ in terms.rows], dtype=np.bool_)
    moved = np.isin(terms.link, links) & asked[terms.row]
    usd = np.where(moved, terms.usd * factor, terms.usd)
    return Case(freight._replace(terms=terms._replace(usd=usd)))


def timed(freight: Freight, links: IntArray, free_h: FloatArray, factor: float) -> Case:
    """The network with links that take other hours when they are empty, and waits times a factor.

    Parameters
    ----------
    links : array of int
        The links.
    free_h : array, shape (links given,)
        Hours of each when it is empty.
    factor : float
        Of waits in queues.
    """
    network = freight.network
    rows = network.links.rows.copy()
    rows[links, 0] = free_h
    queued = links[network.links.kind[links] != BPR]
    rows[queued, 2] *= factor
    changed = network._replace(links=network.links._replace(rows=rows))
    return Case(freight._replace(network=changed))


class Whole(NamedTuple):
    """What an equilibrium comes to in all.

    Parameters
    ----------
    wanted_t, served_t, refused_t : float
        Net tonnes a year that want to move at its costs, move, and are turned away.
    cost_usd : float
        What all pay for ways and time in a year, without scarcity prices; who is turned away
        counts with what it would at most have paid.
    """

    wanted_t: float
    served_t: float
    refused_t: float
    cost_usd: float


def whole_of(flows: Flows) -> Whole:
    """What an equilibrium comes to in all."""
    weight = unit_tonnes(flows.freight)[flows.pairs.user]
    wanted, refused = float(weight @ flows.amount), float(weight @ flows.refused)
    return Whole(wanted, wanted - refused, refused, flows.within.assignment.total_cost)


def rent_usd(flows: Flows) -> float:
    """What all pay for scarcity a year: prices times loads, empties with what they load."""
    own, within = len(flows.freight.drafts), flows.within
    return float(within.price[:own] @ within.assignment.volume[:own])


def gain_usd(before: Flows, after: Flows) -> float:
    """What shippers gain a year when one equilibrium gives way to another, by the rule of half.

    Half the sum of the amounts of both times the fall of the expected cost, over loaded pairs that
    both have. Scarcity prices are part of that cost: what they take from shippers somebody gets.

    Returns
    -------
    float
        Dollars a year.
    """
    known = _by_pair(before)
    return sum(
        0.5 * (amount + known[key][0]) * (known[key][1] - cost)
        for key, (amount, cost) in _by_pair(after).items()
        if key in known
    )


def _by_pair(flows: Flows) -> dict[tuple[str, str, str], tuple[float, float]]:
    zones, pairs = list(flows.freight.zones), flows.pairs
    columns = (pairs.user, pairs.origin, pairs.destination, flows.amount, flows.cost)
    found = {}
    for user, origin, destination, amount, cost in zip(*(c.tolist() for c in columns), strict=True):
        cargo = flows.freight.cargo[user]
        if cargo.loaded == LOADED and np.isfinite(cost):
            found[cargo.name, zones[origin], zones[destination]] = (amount, cost)
    return found
