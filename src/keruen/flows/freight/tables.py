"""What an equilibrium of freight comes to, as flat tables: links, routes, sums, equipment."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.flows.arrays import RoutePool
from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.compile import link_costs
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.standing import Standings, unit_tonnes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_SHARE: Final = 0.005
"""Share of a pair below which a route is left out of tables."""
LINK_COLUMNS: Final = (
    *("element_table", "element_row", "direction", "mode", "from_node", "to_node", "native_unit"),
    *("flow_t_per_year", "flow_teu_per_year", "load_per_year", "capacity_per_year"),
    *("utilisation_share", "time_h", "wait_h", "price_usd", "price_usd_per_t"),
)
ROUTE_COLUMNS: Final = (
    *("origin", "destination", "commodity", "loaded", "number", "share", "quantity_per_year"),
    *("unit", "cost_usd", "time_h", "length_km", "chain"),
)
EQUIPMENT_COLUMNS: Final = (
    *("equipment", "zone", "received_per_year", "sent_per_year", "empty_in_per_year"),
    *("empty_out_per_year", "left_per_year", "price_usd"),
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
        waiting, scarcity price in dollars a native unit and a net tonne.
    """
    rows: dict[tuple[str, str, str], list[int]] = {}
    for link, draft in enumerate(flows.freight.drafts):
        if draft.mode != "access":
            rows.setdefault(_key(draft), []).append(link)
    records, standings = [], Standings(flows)
    for key in sorted(rows):
        draft, found = flows.freight.drafts[rows[key][0]], standings.at(rows[key])
        known = found.capacity if np.isfinite(found.capacity) else np.nan
        records.append(
            (
                *key,
                draft.mode,
                *draft.ends,
                draft.native,
                found.flow_t,
                found.flow_teu,
                found.load,
                known,
                found.load / known,
                found.time_h,
                found.wait_h,
                found.price_usd,
                found.price_usd_per_t,
            )
        )
    return pd.DataFrame(records, columns=list(LINK_COLUMNS))


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
        self.paid = self.usd - value[:, None] * self.hours
        self.length = np.array([draft.length_km for draft in freight.drafts])
        counts = np.diff(self.pool.pair_first)
        self.pair = np.repeat(np.arange(counts.size), counts)

    def links(self, route: int) -> IntArray:
        """Links of a route; none for being turned away."""
        own = self.pool.links[self.pool.first[route] : self.pool.first[route + 1]].astype(np.int64)
        return own[own < len(self.flows.freight.drafts)]

    def through(self, links: set[int]) -> NDArray[np.bool_]:
        """Which routes pass any of these links, shape (routes,)."""
        hit = np.isin(self.pool.links, sorted(links))
        route = np.repeat(np.arange(self.pool.flow.size), np.diff(self.pool.first))
        return np.bincount(route, hit, self.pool.flow.size) > 0.0

    def chain(self, links: IntArray) -> str:
        """A route in short: nodes where it begins, changes mode or rails, passes a border, ends."""
        drafts = [self.flows.freight.drafts[int(link)] for link in links]
        words: list[str] = []
        mode = end = ""
        for draft in drafts:
            if draft.mode in ("access", "border"):
                continue
            now = draft.mode + draft.gauge
            if draft.mode == "handling":
                word = f"[{draft.row}]"
            elif now != mode:
                word = draft.ends[0]
                mode = now
            else:
                word = ""
            if word and (not words or words[-1] != word):
                words.append(word)
            if draft.mode != "handling":
                end = draft.ends[1]
        if words and drafts:
            words.append(end)
        return " – ".join(words)


def route_table(flows: Flows, least: float = LEAST_SHARE) -> pd.DataFrame:
    """Routes in use by pair of zones, the largest first.

    Returns
    -------
    DataFrame
        :data:`ROUTE_COLUMNS`: share of the pair, units a year, dollars a unit with what scarcity
        asks and without the price of time, hours, kilometres and the chain in words of ids. Being
        turned away has a row too, without a chain.
    """
    ways, zones = Ways(flows), list(flows.freight.zones)
    pairs = flows.pairs
    records = []
    order = np.lexsort((-ways.pool.flow, ways.pair))
    number, before = 0, -1
    for route in order.tolist():
        pair = int(ways.pair[route])
        number = number + 1 if pair == before else 1
        before = pair
        whole = float(flows.amount[pair])
        flow = float(ways.pool.flow[route])
        if whole <= 0.0 or flow < least * whole:
            continue
        cargo = flows.freight.cargo[int(pairs.user[pair])]
        links = ways.links(route)
        user = int(pairs.user[pair])
        records.append(
            (
                zones[int(pairs.origin[pair])],
                zones[int(pairs.destination[pair])],
                cargo.commodity,
                cargo.loaded,
                number,
                flow / whole,
                flow,
                cargo.unit,
                float(ways.paid[user, links].sum()) if links.size else np.nan,
                float(ways.hours[user, links].sum()) if links.size else np.nan,
                float(ways.length[links].sum()) if links.size else np.nan,
                ways.chain(links) if links.size else "",
            )
        )
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


def equipment_table(flows: Flows) -> pd.DataFrame:
    """Equipment by kind and zone: loaded in and out, empty in and out, left over, its price.

    Returns
    -------
    DataFrame
        :data:`EQUIPMENT_COLUMNS`; units are TEU of containers and tonnes of capacity of wagons.
    """
    zones = list(flows.freight.zones)
    kind = np.array([one.equipment for one in flows.freight.cargo], dtype=object)[flows.pairs.user]
    loaded = np.array([one.loaded == LOADED for one in flows.freight.cargo])[flows.pairs.user]
    carried = flows.amount - flows.refused
    records = []
    for equipment, found in sorted(flows.equipment.items()):
        own = (kind == equipment) & loaded
        received = np.bincount(flows.pairs.destination[own], carried[own], len(zones))
        sent = np.bincount(flows.pairs.origin[own], carried[own], len(zones))
        into, out = found.flow.sum(axis=0), found.flow.sum(axis=1)
        records += [
            (
                equipment,
                zone,
                float(received[at]),
                float(sent[at]),
                float(into[at]),
                float(out[at]),
                float(found.left[at]),
                float(found.price[at]),
            )
            for at, zone in enumerate(zones)
            if received[at] + sent[at] + into[at] + out[at] > 0.0
        ]
    return pd.DataFrame(records, columns=list(EQUIPMENT_COLUMNS))
