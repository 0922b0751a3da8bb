"""What a forwarder asks: the chains between two places in a year, with time, cost and emissions."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from keruen.errors import FailedError, Problem, Severity, UsageError, error
from keruen.flows.freight.aversions import segment_of
from keruen.flows.freight.cargo import LOADED, Cargo
from keruen.flows.freight.chains import (
    Chain,
    Ends,
    chains_of,
    pool_chains,
    spread_of,
    terms_at,
)
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.emissions import Emission, Emissions
from keruen.flows.freight.legs import Leg, Reading
from keruen.flows.freight.outside import Option, outside_on
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.variability import planned
from keruen.model import Model
from keruen.model.place_names import Named
from keruen.model.records import record_number

_LAND: Final = ("rail", "road", "land")


class Wanted(NamedTuple):
    """What is to go where.

    Parameters
    ----------
    origin, destination : Named
        Rows of ``zones`` or ``nodes``.
    commodity : str
        Row of ``commodities``.
    most : int
        Chains told at most.
    """

    origin: Named
    destination: Named
    commodity: str
    most: int = 4


class Way(NamedTuple):
    """A chain with its legs.

    Parameters
    ----------
    chain : Chain
        Links, cost and share.
    legs : tuple of Leg
        Legs in order.
    emissions : tuple of Emission
        What each leg emits.
    """

    chain: Chain
    legs: tuple[Leg, ...]
    emissions: tuple[Emission, ...]

    @property
    def time_h(self) -> float:
        """Mean hours from door to door."""
        return sum(leg.time_h for leg in self.legs)

    @property
    def time_sd_h(self) -> float:
        """Standard deviation of the hours; legs vary independently."""
        return float(np.sqrt(sum(leg.variance_h2 for leg in self.legs)))

    @property
    def co2e_kg(self) -> float | None:
        """Greenhouse gases of a unit; None where a part has no factor."""
        if any(one.lacking for one in self.emissions):
            return None
        return sum(one.kg for one in self.emissions)


class Quote(NamedTuple):
    """The answer.

    Parameters
    ----------
    cargo : Cargo
        Class of cargo.
    ends : tuple of Named
        Where it goes from and to, as it joins the network: a node at which one zone joins without a
        way of its own is that zone.
    ways : tuple of Way
        Chains, the most likely first.
    found : int
        Chains that there are, those not told among them.
    of_pair : tuple of (str, float)
        What the pair pays or gets whatever its way: rows of ``tariffs`` and dollars a unit.
    demand : float or None
        Units a year that want to go; None where the pair has no demand of its own.
    refused : float
        Those of them that no way is worth its price.
    other : tuple of Option
        Ways that are no part of the network, such as by sea around.
    """

    cargo: Cargo
    ends: tuple[Named, Named]
    ways: tuple[Way, ...]
    found: int
    of_pair: tuple[tuple[str, float], ...]
    demand: float | None
    refused: float
    other: tuple[Option, ...]

    @property
    def of_pair_usd(self) -> float:
        """Sum of what the pair pays or gets."""
        return sum(usd for _, usd in self.of_pair)


class _Joined(NamedTuple):
    """Where one end joins the network: as what, at which nodes of it, in which groups of zones."""

    named: Named
    nodes: tuple[int, ...]
    groups: frozenset[str]


def joined_at(model: Model, named: Named) -> Named:
    """A node as the zone that joins there, where that is one without a way of its own.

    Parameters
    ----------
    model : Model
        The study.
    named : Named
        A zone or a node.
    """
    if named.table == "zones":
        return named
    zones = model.rows("zones", node=named.row)
    near = [zone for zone in zones if not model.number("zones", zone, "access_km")]
    return Named("zones", near[0]) if len(near) == 1 else named


def _joined(model: Model, freight: Freight, named: Named) -> _Joined:
    meant = joined_at(model, named)
    if meant.table == "zones":
        node = freight.zones.get(meant.row)
        nodes = () if node is None else (node,)
        return _Joined(meant, nodes, freight.groups.get(meant.row, frozenset()))
    links = freight.network.links
    places: set[int] = set()
    for number, draft in enumerate(freight.drafts):
        if draft.tail[0] in _LAND and draft.tail[1] == meant.row:
            places.add(int(links.tail[number]))
        if draft.head[0] in _LAND and draft.head[1] == meant.row:
            places.add(int(links.head[number]))
    own = [freight.groups.get(zone, frozenset()) for zone in model.rows("zones", node=meant.row)]
    # Where several zones join, a place belongs to the groups that they have in common.
    groups = frozenset.intersection(*own) if own else frozenset()
    return _Joined(meant, tuple(sorted(places)), groups)


def _stands(model: Model, named: Named, code: str, **params: object) -> Problem:
    """A problem at the row of a place."""
    row = record_number(model, named.table, named.row)
    known = {"place": named.row, **params}
    return Problem(Severity.ERROR, code, f"{named.table}.csv", row, "id", known)


def _class_of(
    model: Model, freight: Freight, commodity: str, groups: tuple[frozenset[str], frozenset[str]]
) -> int:
    """Class of a commodity between zones of these groups."""
    segment = segment_of(freight.aversions, commodity, groups, freight.worths)
    name = f"{commodity}@{segment}" if segment else commodity
    for wanted in (name, commodity):
        for number, one in enumerate(freight.cargo):
            if one.loaded == LOADED and one.name == wanted:
                return number
    row = record_number(model, "commodities", commodity)
    params = {"commodity": commodity}
    told = Problem(Severity.ERROR, "no_cargo_class", "commodities.csv", row, "id", params)
    raise FailedError([told])


def _check_way(model: Model, freight: Freight, user: int, ends: tuple[_Joined, _Joined]) -> None:
    """Tell the end that no link of a class touches."""
    links, able = freight.network.links, ~freight.barred[user]
    commodity = freight.cargo[user].commodity
    sides = (
        (ends[0], links.tail, "no_way_out"),
        (ends[1], links.head, "no_way_in"),
    )
    wrong = [
        _stands(model, end.named, code, commodity=commodity)
        for end, side, code in sides
        if not np.isin(side[able], end.nodes).any()
    ]
    if wrong:
        raise FailedError(wrong)


def quote(base: Model, model: Model, flows: Flows, wanted: Wanted) -> Quote:
    """Chains between two places at the delays and prices of an equilibrium.

    Parameters
    ----------
    base : Model
        The study, in whose files problems are located.
    model : Model
        Of the day of the equilibrium.
    flows : Flows
        The equilibrium of the year.
    wanted : Wanted
        What goes where.

    Returns
    -------
    Quote

    Raises
    ------
    UsageError
        ``same_place`` when origin and destination are one.
    FailedError
        ``no_cargo_class``, ``no_way_out``, ``no_way_in`` or ``no_chain_between``, located.
    """
    freight = flows.freight
    start, end = (_joined(model, freight, one) for one in (wanted.origin, wanted.destination))
    if start.named == end.named:
        raise UsageError([error("same_place", value=start.named.row)])
    groups = (start.groups, end.groups)
    user = _class_of(base, freight, wanted.commodity, groups)
    _check_way(base, freight, user, (start, end))
    terms = terms_at(flows, user)
    places = list(freight.zones)
    both = start.named.table == end.named.table == "zones"
    pair = tuple(places.index(one.named.row) for one in (start, end)) if both else None
    known = pool_chains(flows, user, *pair) if pair is not None else []
    chains = chains_of(freight, Ends(start.nodes, end.nodes), terms, spread_of(flows, user), known)
    cargo = freight.cargo[user]
    if not chains:
        params = {"destination": end.named.row, "commodity": cargo.commodity}
        raise FailedError([_stands(base, start.named, "no_chain_between", **params)])
    reading = Reading(
        freight,
        terms,
        lambda draft: planned(model, draft),
        lambda section: model.text("sections", section, "line"),
    )
    gases = Emissions(model, freight, cargo.cargo_class, cargo.t_per_unit)
    likely = sorted(chains, key=lambda one: (-one.share, one.cost, one.links))[: wanted.most]
    ways = []
    for chain in likely:
        legs = reading.legs(chain.links)
        ways.append(Way(chain, legs, tuple(gases.of(leg) for leg in legs)))
    demand, refused = _demand(flows, user, pair)
    return Quote(
        cargo,
        (start.named, end.named),
        tuple(ways),
        len(chains),
        tuple(freight.pricing.of_pair(cargo, groups)),
        demand,
        refused,
        outside_on(base, freight.day).of(cargo, groups),
    )


def _demand(flows: Flows, user: int, pair: tuple[int, ...] | None) -> tuple[float | None, float]:
    """Units a year of a pair that want to go, and those that are turned away."""
    if pair is None:
        return None, 0.0
    pairs = flows.pairs
    own = (pairs.user == user) & (pairs.origin == pair[0]) & (pairs.destination == pair[1])
    if not own.any():
        return None, 0.0
    return float(flows.amount[own].sum()), float(flows.refused[own].sum())
