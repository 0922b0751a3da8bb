"""Demand that no way serves, or none but through what is closed: told where the study says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Problem, Severity
from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.compile import Freight, link_costs
from keruen.flows.freight.pairs import Pairs
from keruen.flows.freight.prices import BIG
from keruen.flows.freight.zone_costs import zone_costs
from keruen.model import Model
from keruen.model.records import record_number

FloatArray = NDArray[np.float64]

_NAMED: Final = 5
"""Closed elements that a message names."""


class Stranded(NamedTuple):
    """Demand of a commodity that cannot move.

    Parameters
    ----------
    commodity : str
        Row of ``commodities``.
    pairs : tuple of (str, str)
        Zones of origin and destination, the largest demand first.
    amount : float
        Units a year of all of them.
    unit : str
        Their unit.
    closed : tuple of (str, str)
        Table and row of elements of capacity nought that a way leads through; none where no way
        leads at all.
    """

    commodity: str
    pairs: tuple[tuple[str, str], ...]
    amount: float
    unit: str
    closed: tuple[tuple[str, str], ...]


def stranded(freight: Freight, pairs: Pairs) -> Iterator[Stranded]:
    """Find loaded demand that has no way at any price, by commodity; this takes no equilibrium.

    Parameters
    ----------
    freight : Freight
        Network of a day.
    pairs : Pairs
        Demand on it.

    Yields
    ------
    Stranded
        That without any way apart from that with a way through something closed.
    """
    costs, zones = link_costs(freight, freight.users()), list(freight.zones)
    shut = (freight.capacity <= 0.0) & (freight.load > 0.0)
    found: dict[tuple[str, bool], list[tuple[float, int]]] = {}
    barriers: dict[str, set[int]] = {}
    for user, cargo in enumerate(freight.cargo):
        own = np.flatnonzero((pairs.user == user) & (pairs.amount > 0.0))
        if cargo.loaded != LOADED or not own.size:
            continue
        ends = pairs.origin[own], pairs.destination[own]
        cases = np.stack([np.where(shut[user], BIG, costs[user]), costs[user]])
        open_ways, any_ways = (one[ends] for one in zone_costs(freight, cases))
        for at in np.flatnonzero(~np.isfinite(open_ways)).tolist():
            key = (cargo.commodity, bool(np.isfinite(any_ways[at])))
            found.setdefault(key, []).append((float(pairs.amount[own[at]]), int(own[at])))
        barriers.setdefault(cargo.commodity, set()).update(np.flatnonzero(shut[user]).tolist())
    for (commodity, has_way), those in sorted(found.items()):
        those.sort(key=lambda one: (-one[0], one[1]))
        drafts = [freight.drafts[link] for link in sorted(barriers[commodity])]
        yield Stranded(
            commodity,
            tuple((zones[pairs.origin[at]], zones[pairs.destination[at]]) for _, at in those),
            sum(amount for amount, _ in those),
            next(one.unit for one in freight.cargo if one.commodity == commodity),
            tuple(dict.fromkeys((one.table, one.row) for one in drafts)) if has_way else (),
        )


def stranded_problems(base: Model, freight: Freight, pairs: Pairs) -> list[Problem]:
    """Warnings about demand that cannot move, each at a row of the study.

    What is closed is told at the element that is, what has no way at the zone that it comes from.
    """
    problems = []
    for one in stranded(freight, pairs):
        origin, destination = one.pairs[0]
        params: dict[str, object] = {
            "year": str(freight.day.year),
            "commodity": one.commodity,
            "origin": origin,
            "destination": destination,
            "pairs": len(one.pairs),
            "amount": round(one.amount),
            "unit": one.unit,
        }
        if one.closed:
            known = [place for place in one.closed if place[1] in base[place[0]].index]
            (table, row), code = (known or [("zones", origin)])[0], "demand_shut_out"
            params["elements"] = ", ".join(row for _, row in one.closed[:_NAMED])
        else:
            table, row, code = "zones", origin, "demand_without_way"
        number = record_number(base, table, row)
        problems.append(Problem(Severity.WARNING, code, f"{table}.csv", number, "id", params))
    return problems
