"""A study of a day compiled for the equilibrium: links, classes, prices, capacities as arrays."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.registry import Capacities
from keruen.errors import FailedError, error
from keruen.flows.curves.registry import BPR, QUEUE
from keruen.flows.demand import Users
from keruen.flows.freight.assumptions import Assumptions, assumptions_of
from keruen.flows.freight.aversions import Aversion, aversions_on, segmented
from keruen.flows.freight.cargo import Cargo, cargo_of
from keruen.flows.freight.changes import Groups, gauge_drafts, sea_drafts, zone_drafts
from keruen.flows.freight.draft import BOX, TRAIN, Draft, Place
from keruen.flows.freight.land import rail_drafts, road_drafts, unevenness_of
from keruen.flows.freight.prices import BIG, Pricing, Terms, below_nought, terms_of
from keruen.flows.freight.worths import Worth, worths_of
from keruen.flows.links import Links, Network
from keruen.model import Model

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SIZE_H: Final = 0.05
"""Least weight of a link in the overlap of routes, hours."""


class Freight(NamedTuple):
    """The freight network of a day.

    Parameters
    ----------
    day : date
        The day.
    drafts : tuple of Draft
        Links, in the order of all arrays.
    cargo : tuple of Cargo
        Classes, in the order of all arrays.
    network : Network
        Links with their delay curves, hours.
    load : array, shape (classes, links)
        Native units of the link's capacity in one unit of the class.
    extra_h : array, shape (classes, links)
        Hours of a class besides those of the link itself.
    terms : Terms
        Prices.
    barred : array of bool, shape (classes, links)
        Where a class may not go.
    capacity : array, shape (links,)
        Native units a year; infinite where none is known.
    zones : dict of str to int
        Node of each zone.
    pricing : Pricing
        Prices of pairs of zones.
    groups : dict of str to frozenset of str
        Groups of zones that each zone is in.
    aversions : tuple of Aversion
        What part of the cargo shuns.
    worths : tuple of Worth
        What goods of relations are worth.
    unevenness : float
        Busiest month over mean month: waits are those of that month, while over a year cargo that
        finds no room waits for it.
    assumptions : Assumptions
        What holds on the whole network.
    """

    day: date
    drafts: tuple[Draft, ...]
    cargo: tuple[Cargo, ...]
    network: Network
    load: FloatArray
    extra_h: FloatArray
    terms: Terms
    barred: BoolArray
    capacity: FloatArray
    zones: dict[str, int]
    pricing: Pricing
    groups: dict[str, frozenset[str]]
    aversions: tuple[Aversion, ...]
    worths: tuple[Worth, ...]
    unevenness: float
    assumptions: Assumptions

    def users(self, factor: FloatArray | None = None) -> Users:
        """Classes of users without a scale of choice, with prices times factors by tariff."""
        value = np.array([one.value_usd_per_h for one in self.cargo])
        fixed = self.terms.fixed(self.load.shape, factor) + value[:, None] * self.extra_h
        fixed[self.barred] = BIG
        return Users(value, self.load, fixed, np.full(value.size, np.inf))


def _groups(model: Model) -> dict[str, frozenset[str]]:
    """Groups that each zone is in."""
    found: dict[str, set[str]] = {}
    members = model["zone_members"]
    for group, zone in zip(members["zone_group"], members["zone"], strict=True):
        found.setdefault(str(zone), set()).add(str(group))
    return {zone: frozenset(own) for zone, own in found.items()}


def _gauges(drafts: list[Draft]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for draft in drafts:
        for place in (draft.tail, draft.head):
            if place[0] == "rail":
                found.setdefault(place[1], set()).add(place[2])
    return found


def drafts_of(model: Model, known: Capacities) -> list[Draft]:
    """All links of a study's freight network on a day."""
    rails = rail_drafts(model, known)
    roads = road_drafts(model)
    gauges = _gauges(rails)
    road_nodes = {place[1] for draft in roads for place in (draft.tail, draft.head)}
    groups = Groups(model, known)
    found = [
        *rails,
        *roads,
        *gauge_drafts(groups, gauges),
        *sea_drafts(groups, gauges, road_nodes),
        *zone_drafts(model, gauges, road_nodes),
    ]
    # A limit of nought is a closed way, not a very dear one.
    return [draft for draft in found if draft.capacity > 0.0]


def _loads(drafts: list[Draft], cargo: tuple[Cargo, ...]) -> FloatArray:
    """Native units of each link in one unit of each class."""
    by = {
        TRAIN: np.array([one.trains_per_unit for one in cargo]),
        BOX: np.array([one.teu_per_unit for one in cargo]),
    }
    tonnes = np.array([one.t_per_unit for one in cargo])
    found = np.empty((len(cargo), len(drafts)))
    for link, draft in enumerate(drafts):
        found[:, link] = by.get(draft.native, tonnes) * draft.share
    return found


def _network(
    drafts: list[Draft], places: dict[Place, int], unevenness: float, ceiling: float
) -> Network:
    tail, head = (
        np.array([places[getattr(draft, end)] for draft in drafts], dtype=np.int64)
        for end in ("tail", "head")
    )
    free = np.array([draft.running_h + draft.standing_h for draft in drafts])
    capacity = np.array([draft.capacity for draft in drafts])
    wait = np.array([draft.wait_h * draft.share for draft in drafts])
    queued = np.isfinite(capacity) & (wait > 0.0)
    rows = np.stack(
        [
            free,
            np.where(queued, capacity / unevenness, 1.0),
            np.where(queued, wait, 0.0),
            np.where(queued, ceiling, 0.0),
        ],
        axis=-1,
    )
    kind = np.where(queued, QUEUE, BPR).astype(np.int8)
    passable = np.array([place[0] != "zone" for place in places], dtype=np.bool_)
    return Network(Links(tail, head, kind, rows, np.maximum(free, SIZE_H)), passable)


def compile_freight(model: Model, known: Capacities) -> Freight:
    """Compile the freight network of a day.

    Parameters
    ----------
    model : Model
        Of a day.
    known : Capacities
        Its capacities.

    Returns
    -------
    Freight

    Raises
    ------
    FailedError
        When the model is of no day, or with everything that flows need and the study lacks.
    """
    if model.on is None:
        raise FailedError([error("day_needed")])
    groups = _groups(model)
    aversions, worths = aversions_on(model, model.on), worths_of(model)
    zone_rows = sorted(map(str, model["zones"].index))
    cargo = segmented(cargo_of(model), aversions, groups, zone_rows, worths)
    drafts = drafts_of(model, known)
    if not drafts or not cargo:
        raise FailedError([error("no_freight")])
    unevenness = unevenness_of(model)
    names = sorted({place for draft in drafts for place in (draft.tail, draft.head)})
    places = {place: number for number, place in enumerate(names)}
    pricing = Pricing(model, model.on)
    supposed = assumptions_of(model)
    terms, barred = terms_of(pricing, drafts, cargo, aversions)
    running = np.array([draft.running_h if draft.mode == "rail" else 0.0 for draft in drafts])
    standing = np.array([one.standing_share for one in cargo])
    freight = Freight(
        model.on,
        tuple(drafts),
        cargo,
        _network(drafts, places, unevenness, supposed.wait_ceiling_share),
        _loads(drafts, cargo),
        standing[:, None] * running[None, :],
        terms,
        barred,
        np.array([draft.capacity for draft in drafts]),
        {place[1]: number for place, number in places.items() if place[0] == "zone"},
        pricing,
        groups,
        aversions,
        worths,
        unevenness,
        supposed,
    )
    wrong = below_nought(model, terms, link_costs(freight, freight.users()))
    if wrong:
        raise FailedError(wrong)
    return freight


def same_zones(a: Freight, b: Freight) -> bool:
    """Whether two networks have the same zones and classes."""
    return list(a.zones) == list(b.zones) and [one.name for one in a.cargo] == [
        one.name for one in b.cargo
    ]


def same_links(a: Freight, b: Freight) -> bool:
    """Whether routes of one network are routes of the other, with the same classes and zones."""
    return same_zones(a, b) and [one[:7] for one in a.drafts] == [one[:7] for one in b.drafts]


def link_costs(
    freight: Freight, users: Users, delay: FloatArray | None = None, price: FloatArray | None = None
) -> FloatArray:
    """Cost of each link to each class: of an empty network, or at delays and scarcity prices.

    Returns
    -------
    array, shape (classes, links)
        Dollars a unit.
    """
    hours = freight.network.links.rows[:, 0] if delay is None else delay
    found: FloatArray = users.value[:, None] * hours + users.fixed
    if price is not None:
        found = found + freight.load * price
    return found
