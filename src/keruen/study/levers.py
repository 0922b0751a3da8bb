"""Levers that corridors argue about: how an element and the whole answer when one is moved."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.lookup import ElementKey, elements_of
from keruen.capacity.registry import Capacities
from keruen.errors import FailedError, OutOfServiceError, UsageError, error
from keruen.flows.arrays import FloatArray
from keruen.flows.freight.cargo import LOADED, TEU
from keruen.flows.freight.cases import (
    Alike,
    Case,
    Whole,
    gain_usd,
    priced,
    timed,
    whole_of,
)
from keruen.flows.freight.selection import Subject, standing_of, users_of
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.years import FreightYears
from keruen.model.findings import closest, cut

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

THROUGH_TARIFF: Final = "through-tariff"
BORDER_HOURS: Final = "border-hours"
SAILING: Final = "guaranteed-sailing"
SUBSIDY: Final = "subsidy"
POINTS: Final = {
    THROUGH_TARIFF: (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3),
    BORDER_HOURS: (0.25, 0.5, 0.75, 1.0, 1.25, 1.5),
    SAILING: (0.25, 0.5, 0.75, 1.0, 1.25, 1.5),
    SUBSIDY: (0.0, 50.0, 100.0, 200.0, 300.0, 400.0, 500.0),
}
"""Where each lever is put: a factor of what is asked or waited for, or dollars a TEU."""
LEVERS: Final = tuple(POINTS)
HALF: Final = 0.5


class Ends(NamedTuple):
    """A relation as a user names it: zones, groups of zones or countries; empty for any."""

    origin: str = ""
    destination: str = ""


class Point(NamedTuple):
    """What a lever at a point brings.

    Parameters
    ----------
    value : float
        Where the lever is.
    flow_t, flow_teu : float
        Net tonnes and TEU a year that pass the element.
    relation_teu : float or None
        TEU a year that move on the relation, of a subsidy.
    price_usd : float or None
        Highest scarcity price of the element; None of a place.
    wait_h : float or None
        Longest wait at it.
    whole : Whole
        The whole study.
    gain_usd : float
        What shippers gain a year against the present point.
    """

    value: float
    flow_t: float
    flow_teu: float
    relation_teu: float | None
    price_usd: float | None
    wait_h: float | None
    whole: Whole
    gain_usd: float


class Response(NamedTuple):
    """Response to a lever.

    Parameters
    ----------
    lever : str
        One of :data:`LEVERS`.
    unit : str
        ``share`` of what is, or ``USD/TEU``.
    scope_kind : str
        ``element``, ``corridor``, ``country`` or ``relation``: what the lever is pulled on.
    scope : tuple of str
        Their ids; of a relation both ends.
    links : int
        Links that it moves; nought of a subsidy.
    points : tuple of Point
        The curve.
    elasticity : float or None
        Per cent of the flow through the element (of a subsidy: of the relation) for one per cent of
        the lever at the present point; of a subsidy for one per cent of the cost of the relation.
        None where nothing flows.
    """

    lever: str
    unit: str
    scope_kind: str
    scope: tuple[str, ...]
    links: int
    points: tuple[Point, ...]
    elasticity: float | None


class _Scope(NamedTuple):
    kind: str
    ids: tuple[str, ...]
    links: IntArray


class _Setting(NamedTuple):
    """All that a lever is pulled in."""

    years: FreightYears
    year: int
    known: Capacities
    subject: Subject
    now: Flows


class Plan(NamedTuple):
    """What a lever is pulled on, and the cases to solve for its curve.

    Parameters
    ----------
    lever : str
        One of :data:`LEVERS`.
    kind : str
        As ``Response.scope_kind``.
    ids : tuple of str
        As ``Response.scope``.
    links : array of int
        Links that it moves; none of a subsidy.
    relation : array of bool or None, shape (loaded pairs,)
        The pairs that a subsidy is for.
    cases : tuple of (float, Case)
        Points of the lever, each with its case. That of the present is a case like the others.
    """

    lever: str
    kind: str
    ids: tuple[str, ...]
    links: IntArray
    relation: BoolArray | None
    cases: tuple[tuple[float, Case], ...]


def planned(setting: _Setting, lever: str, ends: Ends | None = None) -> Plan:
    """Find out what a lever moves.

    Parameters
    ----------
    setting : setting of :func:`setting_of`
        The study, the year, the element and the equilibrium of the present.
    lever : str
        One of :data:`LEVERS`.
    ends : Ends or None
        Relation of a subsidy; None takes the largest that uses the element.

    Returns
    -------
    Plan

    Raises
    ------
    FailedError
        ``lever_without_links`` where the lever would move nothing.
    UsageError
        ``unknown_zone`` where the study has no such end of a relation.
    """
    if lever == SUBSIDY:
        return _subsidy(setting, ends or Ends())
    scope = _scope(setting, lever)
    if not scope.links.size:
        raise FailedError([error("lever_without_links", lever=lever, value=setting.subject.row)])
    cases = tuple((value, _case(setting.now, lever, scope.links, value)) for value in POINTS[lever])
    return Plan(lever, scope.kind, scope.ids, scope.links, None, cases)


def respond(setting: _Setting, plan: Plan, alike: Alike) -> Response:
    """Work out the response to a lever.

    Parameters
    ----------
    setting : setting of :func:`setting_of`
        As of :func:`planned`.
    plan : Plan
        What the lever moves.
    alike : Alike
        Routes of all cases, those of the plan among them.

    Returns
    -------
    Response

    Raises
    ------
    FailedError
        ``lever_without_links`` where nothing moves on the relation of a subsidy.
    """
    here = setting._replace(now=alike.present())
    found = [(value, alike.solved(case)) for value, case in plan.cases]
    if plan.relation is not None:
        return _paid_response(here, plan, plan.relation, found)
    points = tuple(_point(here, value, flows) for value, flows in found)
    slope = _elasticity([(p.value, p.flow_t or p.flow_teu) for p in points], 1.0)
    size = int(plan.links.size)
    return Response(plan.lever, "share", plan.kind, plan.ids, size, points, slope)


def setting_of(
    years: FreightYears, year: int, known: Capacities, subject: Subject, now: Flows
) -> _Setting:
    """Bring together what a lever is pulled in.

    Parameters
    ----------
    years : FreightYears
        The study.
    year : int
        Year.
    known : Capacities
        Of its day.
    subject : Subject
        The element.
    now : Flows
        The equilibrium of the present.
    """
    return _Setting(years, year, known, subject, now)


def _case(now: Flows, lever: str, links: IntArray, value: float) -> Case:
    """The network with a lever at a point."""
    freight = now.freight
    if lever == THROUGH_TARIFF:
        return priced(freight, links, value)
    rows = freight.network.links.rows
    free = rows[links, 0]
    if lever == BORDER_HOURS:
        return timed(freight, links, free * value, value)
    # A sailing takes half of the interval on average; the wait of a curve is the interval.
    interval = np.array([freight.drafts[link].wait_h for link in links.tolist()])
    return timed(freight, links, free + HALF * interval * (value - 1.0), value)


def _point(
    setting: _Setting, value: float, flows: Flows, relation: BoolArray | None = None
) -> Point:
    subject = setting.subject
    users = users_of(flows, subject)
    standings = standing_of(flows, subject)
    teu = None
    if relation is not None:
        teu = float(_moved_on(flows)[relation].sum())
    return Point(
        value,
        float(users["flow_t_per_year"].sum()),
        float(users["flow_teu_per_year"].sum()),
        teu,
        max((one.price_usd for one in standings), default=None),
        max((one.wait_h for one in standings), default=None),
        whole_of(flows),
        gain_usd(setting.now, flows),
    )


def _elasticity(points: list[tuple[float, float]], at: float) -> float | None:
    """Rise of the logarithm of the second by that of the first, between the neighbours of a point.

    >>> _elasticity([(0.5, 4.0), (1.0, 2.0), (2.0, 1.0)], 1.0)
    -1.0
    """
    values = [value for value, _ in points]
    middle = values.index(at)
    (low, before), (high, after) = points[max(0, middle - 1)], points[middle + 1]
    if before <= 0.0 or after <= 0.0:
        return None
    return math.log(after / before) / math.log(high / low)


_MODES: Final = {BORDER_HOURS: frozenset({"border"}), SAILING: frozenset({"sea"})}


def _scope(setting: _Setting, lever: str) -> _Scope:
    """Links that a lever moves: the element's own, else those of its corridors, else its country's.

    A through tariff is never that of an element alone.
    """
    freight, subject = setting.now.freight, setting.subject
    own = {freight.drafts[link].mode for link in subject.links.tolist()}
    rail_or_road = frozenset({"road"} if own == {"road"} else {"rail"})
    modes = _MODES.get(lever, rail_or_road)
    fit = [
        at
        for at, one in enumerate(freight.drafts)
        if one.mode in modes and _moved(lever, freight.network.links.rows[at], one.wait_h)
    ]
    mine = [at for at in fit if at in set(subject.links.tolist())]
    if mine and lever != THROUGH_TARIFF:
        return _Scope("element", (subject.row,), np.array(mine, dtype=np.int64))
    names, keys = _corridors(setting)
    along = [at for at in fit if (freight.drafts[at].table, freight.drafts[at].row) in keys]
    if along:
        return _Scope("corridor", names, np.array(along, dtype=np.int64))
    country = freight.pricing.country
    countries = {
        country.get(end, "") for link in subject.links for end in freight.drafts[int(link)].ends
    } - {""}
    near = [at for at in fit if country.get(freight.drafts[at].ends[0], "") in countries]
    return _Scope("country", tuple(sorted(countries)), np.array(near, dtype=np.int64))


def _moved(lever: str, row: FloatArray, wait_h: float) -> bool:
    """Whether a lever of hours moves a link at all."""
    return lever == THROUGH_TARIFF or (row[0] > 0.0 and (lever == BORDER_HOURS or wait_h > 0.0))


def _corridors(setting: _Setting) -> tuple[tuple[str, ...], frozenset[ElementKey]]:
    """Corridors that pass the element, and everything on them."""
    freight, subject = setting.now.freight, setting.subject
    rows = {(freight.drafts[at].table, freight.drafts[at].row) for at in subject.links.tolist()}
    names: list[str] = []
    keys: frozenset[ElementKey] = frozenset()
    for name in sorted(map(str, setting.known.model["corridors"].index)):
        try:
            elements = elements_of(setting.known.corridor(name))
        except OutOfServiceError:
            continue
        if any(key in rows for key in elements):
            names.append(name)
            keys |= elements
    return tuple(names), keys


def _loaded(flows: Flows) -> BoolArray:
    kinds = np.array([one.loaded == LOADED for one in flows.freight.cargo], dtype=np.bool_)
    found: BoolArray = kinds[flows.pairs.user]
    return found


def _subsidy(setting: _Setting, ends: Ends) -> Plan:
    """Dollars for each loaded TEU of a relation, whatever its way."""
    now, freight = setting.now, setting.now.freight
    ends = ends if any(ends) else _largest(setting)
    origins, destinations = (_zones(setting, one) for one in ends)
    pairs = now.pairs.of(_loaded(now))
    boxed = np.array([one.unit == TEU for one in freight.cargo], dtype=np.bool_)[pairs.user]
    relation: BoolArray = boxed & origins[pairs.origin] & destinations[pairs.destination]
    if not relation.any() or _moved_on(now)[relation].sum() <= 0.0:
        raise FailedError([error("lever_without_links", lever=SUBSIDY, value=" – ".join(ends))])
    cases = tuple(
        (value, Case(freight, pays=np.where(relation, -value, 0.0))) for value in POINTS[SUBSIDY]
    )
    none = np.zeros(0, dtype=np.int64)
    return Plan(SUBSIDY, "relation", tuple(ends), none, relation, cases)


def _paid_response(
    setting: _Setting, plan: Plan, relation: BoolArray, found: list[tuple[float, Flows]]
) -> Response:
    """Response of a relation to dollars for each loaded TEU."""
    now = setting.now
    moved = _moved_on(now)[relation]
    points = []
    for value, flows in found:
        point = _point(setting, value, flows, relation)
        # The rule of half sees costs of ways; what is paid besides comes on top.
        paid = 0.5 * value * float(moved.sum() + _moved_on(flows)[relation].sum())
        points.append(point._replace(gain_usd=point.gain_usd + paid))
    cost = float(np.average(now.cost[_loaded(now)][relation], weights=moved))
    curve = [(cost - point.value, point.relation_teu or 0.0) for point in points]
    slope = _elasticity(curve, cost) if cost > POINTS[SUBSIDY][1] else None
    return Response(SUBSIDY, "USD/TEU", plan.kind, plan.ids, 0, tuple(points), slope)


def _moved_on(flows: Flows) -> FloatArray:
    """Units that move, by loaded pair."""
    return (flows.amount - flows.refused)[_loaded(flows)]


def _largest(setting: _Setting) -> Ends:
    """The relation with the most loaded TEU through the element."""
    users = users_of(setting.now, setting.subject)
    boxes = users[(users["loaded"] == LOADED) & (users["flow_teu_per_year"] > 0.0)]
    if boxes.empty:
        raise FailedError([error("lever_without_links", lever=SUBSIDY, value=setting.subject.row)])
    by: dict[Ends, float] = {}
    columns = (boxes["origin"], boxes["destination"], boxes["flow_teu_per_year"])
    for origin, destination, teu in zip(*columns, strict=True):
        ends = Ends(str(origin), str(destination))
        by[ends] = by.get(ends, 0.0) + float(teu)
    return max(sorted(by), key=by.__getitem__)


def _zones(setting: _Setting, end: str) -> BoolArray:
    """Which zones an end of a relation means: a zone, a group of zones, a country; all if empty."""
    model, freight = setting.known.model, setting.now.freight
    zones = list(freight.zones)
    country = [model.text("zones", zone, "country") for zone in zones]
    found = np.array(
        [
            not end or end in (zone, of) or end in freight.groups.get(zone, frozenset())
            for zone, of in zip(zones, country, strict=True)
        ],
        dtype=np.bool_,
    )
    if not found.any():
        known = [*zones, *map(str, model["zone_groups"].index), *country]
        raise UsageError([error("unknown_zone", value=cut(end), better=closest(end, known))])
    return found
