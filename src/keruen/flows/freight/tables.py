"""What an equilibrium of freight comes to, as flat tables: links, routes, sums."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.flows.arrays import RoutePool
from keruen.flows.freight.compile import link_costs
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.scarce import scarce_links
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.standing import STANDING_COLUMNS, Standings, unit_tonnes
from keruen.flows.routes import pair_of_routes, route_of_links

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_SHARE: Final = 0.005
"""Share of a pair below which a route is left out of tables."""
LINK_COLUMNS: Final = (
    *("element_table", "element_row", "direction", "mode", "from_node", "to_node", "native_unit"),
    *STANDING_COLUMNS,
    "scarce",
)
ROUTE_COLUMNS: Final = (
    *("origin", "destination", "commodity", "loaded", "number", "refused", "share"),
    *("left_out_share", "quantity_per_year", "unit", "cost_usd", "time_h", "length_km", "chain"),
)


def _key(draft: Draft) -> tuple[str, str, str]:
    return draft.table, draft.row, draft.direction


def link_table(flows: Flows) -> pd.DataFrame:
    """Flows by element and direction.

    Links that stand for one element, such as the procedures of a border on rails of two gauges,
    are summed; passages without length, time and capacity of their own are left out.

    Returns
    -------
    DataFrame
        :data:`LINK_COLUMNS`: net tonnes, TEU with empties, load and capacity in native units a
        year (capacity empty where none is known), their ratio, hours with waiting, hours of
        waiting, scarcity price in dollars a native unit and a net tonne, and whether it is scarce
        (:mod:`keruen.flows.freight.scarce`).
    """
    rows: dict[tuple[str, str, str], list[int]] = {}
    for link, draft in enumerate(flows.freight.drafts):
        if draft.mode != "access":
            rows.setdefault(_key(draft), []).append(link)
    records, standings, scarce = [], Standings(flows), scarce_links(flows)
    for key in sorted(rows):
        draft, found = flows.freight.drafts[rows[key][0]], standings.at(rows[key])
        told = (*found.numbers().values(), bool(scarce[rows[key]].any()))
        records.append((*key, draft.mode, *draft.ends, draft.native, *told))
    return pd.DataFrame(records, columns=list(LINK_COLUMNS))


class _Sign(NamedTuple):
    """What a link adds to a route in short."""

    is_handling: bool
    mode: str
    row: str
    start: str
    end: str


class Ways:
    """Routes of an equilibrium with what each costs and takes.

    Parameters
    ----------
    flows : Flows
        The equilibrium.
    """

    def __init__(self, flows: Flows) -> None:
        self.flows = flows
        self.pool: RoutePool = flows.within.assignment.routes
        freight = flows.freight
        own = len(freight.drafts)
        users = freight.users()
        delay, price = flows.within.assignment.delay[:own], flows.within.price[:own]
        self.usd = link_costs(freight, users, delay, price)
        value = np.array([one.value_usd_per_h for one in freight.cargo])
        self.hours = delay[None, :] + freight.extra_h
        aversions = [table == "route_aversions" for table, _ in freight.terms.rows]
        self.felt = freight.terms.fixed(self.usd.shape, np.array(aversions, dtype=np.float64))
        self.paid = self.usd - value[:, None] * self.hours - self.felt
        self.length = np.array([draft.length_km for draft in freight.drafts])
        self.pair = pair_of_routes(self.pool)
        self._first = self.pool.first.tolist()
        self._signs = [
            None
            if draft.mode in ("access", "border")
            else _Sign(draft.mode == "handling", draft.mode + draft.gauge, draft.row, *draft.ends)
            for draft in freight.drafts
        ]

    def links(self, route: int) -> IntArray:
        """Links of a route; none for being turned away."""
        own = self.pool.links[self._first[route] : self._first[route + 1]].astype(np.int64)
        return own[own < len(self.flows.freight.drafts)]

    def through(self, links: set[int]) -> NDArray[np.bool_]:
        """Which routes pass any of these links, shape (routes,)."""
        hit = np.isin(self.pool.links, sorted(links))
        route = route_of_links(self.pool)
        return np.bincount(route, hit, self.pool.flow.size) > 0.0

    def chain(self, links: IntArray) -> str:
        """A route in short: nodes where it begins, changes mode or rails, passes a border, ends."""
        words: list[str] = []
        mode = end = ""
        for link in links.tolist():
            sign = self._signs[link]
            if sign is None:
                continue
            if sign.is_handling:
                word = f"[{sign.row}]"
            elif sign.mode != mode:
                word = sign.start
                mode = sign.mode
            else:
                word = ""
            if word and (not words or words[-1] != word):
                words.append(word)
            if not sign.is_handling:
                end = sign.end
        if words:
            words.append(end)
        return " – ".join(words)


class _Told(NamedTuple):
    """Routes of a pair that read alike: whether turned away, the chain, and which they are."""

    refused: bool
    chain: str
    routes: IntArray
    flow: float


def _told(ways: Ways, routes: IntArray) -> list[_Told]:
    """Routes of a pair by their chain in words, the largest first."""
    alike: dict[tuple[bool, str], list[int]] = {}
    for route in routes.tolist():
        links = ways.links(route)
        alike.setdefault((not links.size, ways.chain(links)), []).append(route)
    found = [
        _Told(*key, np.array(own), float(ways.pool.flow[own].sum())) for key, own in alike.items()
    ]
    return sorted(found, key=lambda one: (-one.flow, one.refused, one.chain))


def _of_pair(flows: Flows, pair: int) -> float:
    """Dollars a unit that a pair pays, or gets, whatever its way."""
    freight, pairs = flows.freight, flows.pairs
    zones = list(freight.zones)
    ends = (zones[int(pairs.origin[pair])], zones[int(pairs.destination[pair])])
    start, end = (freight.groups.get(zone, frozenset()) for zone in ends)
    asked = freight.pricing.of_pair(freight.cargo[int(pairs.user[pair])], (start, end))
    return float(sum(usd for _, usd in asked))


def _means(ways: Ways, user: int, told: _Told) -> tuple[float, float, float]:
    """Dollars, hours and kilometres of routes that read alike, by what goes on each."""
    if told.refused:
        return np.nan, np.nan, np.nan
    flow = ways.pool.flow[told.routes]
    weight = flow / flow.sum() if flow.sum() > 0.0 else np.full(flow.size, 1.0 / flow.size)
    taken = [ways.links(route) for route in told.routes.tolist()]
    sums_of = (ways.paid[user], ways.hours[user], ways.length)
    usd, hours, length = (
        float(weight @ np.array([one[links].sum() for links in taken])) for one in sums_of
    )
    return usd, hours, length


def route_table(flows: Flows, least: float = LEAST_SHARE) -> pd.DataFrame:
    """Routes in use by pair of zones, the largest first.

    Routes of a pair that read alike, such as those on rails of two gauges, are one row: their
    shares add up, their dollars, hours and kilometres are means by what goes on each.

    Parameters
    ----------
    flows : Flows
        The equilibrium.
    least : float
        Share of a pair below which a row is left out.

    Returns
    -------
    DataFrame
        :data:`ROUTE_COLUMNS`: share of the pair, and the share of the pair that rows too small to
        be told have together; units a year; dollars a unit that are paid: with what scarcity asks
        and what the pair pays or gets whatever its way, without the price of time and without what
        cargo only feels (``route_aversions``); hours, kilometres and the chain in words of ids.
        Being turned away has a row too, ``refused``, without a chain, dollars and hours.
    """
    ways, zones = Ways(flows), list(flows.freight.zones)
    pairs, records = flows.pairs, []
    first = flows.within.assignment.routes.pair_first
    for pair in range(flows.amount.size):
        whole = float(flows.amount[pair])
        if whole <= 0.0:
            continue
        user, also = int(pairs.user[pair]), _of_pair(flows, pair)
        cargo = flows.freight.cargo[user]
        rows = _told(ways, np.arange(first[pair], first[pair + 1]))
        left = sum(one.flow for one in rows if one.flow < least * whole) / whole
        for number, one in enumerate(rows, start=1):
            if one.flow < least * whole:
                continue
            usd, hours, length = _means(ways, user, one)
            ends = (zones[int(pairs.origin[pair])], zones[int(pairs.destination[pair])])
            who = (*ends, cargo.commodity, cargo.loaded, number, one.refused)
            shares = (one.flow / whole, left, one.flow, cargo.unit)
            records.append((*who, *shares, usd + also, hours, length, one.chain))
    return pd.DataFrame(records, columns=list(ROUTE_COLUMNS))


def sums(flows: Flows) -> dict[str, float]:
    """Tonnes wanted, carried and turned away a year, loaded cargo only, and how good the answer is.

    Returns
    -------
    dict
        ``demand_t_per_year``, ``served_t_per_year``, ``refused_t_per_year``, ``gap``,
        ``route_set_error``, ``excess_share``, ``iterations``, ``rounds``, ``converged``.
    """
    weight = unit_tonnes(flows.freight)[flows.pairs.user]
    within = flows.within
    return {
        "demand_t_per_year": float((weight * flows.amount).sum()),
        "served_t_per_year": float((weight * (flows.amount - flows.refused)).sum()),
        "refused_t_per_year": float((weight * flows.refused).sum()),
        "gap": within.assignment.relative_gap,
        "route_set_error": within.assignment.route_set_error,
        "excess_share": within.excess_share,
        "iterations": float(within.assignment.iterations),
        "rounds": float(within.rounds),
        "converged": float(within.converged),
    }
