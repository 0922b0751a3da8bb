"""A chain as legs: what runs, waits, is handled and paid between one place and the next."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Final, NamedTuple

from keruen.flows.freight.chains import Terms
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.prices import ACCESS, KIND_OF_MODE
from keruen.flows.freight.variability import Planned

Place = tuple[str, str]
"""Table and row."""
ITEMS: Final = ("haulage", "sea", "handling", "border", "scarcity")
"""What a leg may cost, in the order in which it is told."""
_PAID: Final = {mode: kinds[0] for mode, kinds in KIND_OF_MODE.items()} | {"access": ACCESS[0]}
"""Item of the cost of each mode. A change of gauge is told with handling, whatever prices it."""


class Leg(NamedTuple):
    """Part of a chain.

    Parameters
    ----------
    mode : str
        ``rail``, ``road``, ``sea``, ``border``, ``gauge_change``, ``transshipment``, ``access``.
    start, end : (str, str)
        Node, or the zone of an access. A side of a border that lies far from the other one is at
        its own station.
    country : str
        Country of whose carrier it is; of a border, of the country that is left.
    links : tuple of int
        Links.
    elements : tuple of (str, str)
        Elements passed, each once.
    length_km : float
        Length.
    moving_h : float
        Mean hours under way.
    standing_h : float
        Mean hours of service, papers and standing at stations.
    wait_h : float
        Mean hours of waiting: for others, for a departure, for opening.
    variance_h2 : float
        Variance of the hours, as far as it is known.
    usd : dict of str to float
        Cost of a unit by :data:`ITEMS`; what is nothing is left out.
    felt_usd : float
        What cargo that shuns the leg would pay to keep off it.
    """

    mode: str
    start: Place
    end: Place
    country: str
    links: tuple[int, ...]
    elements: tuple[Place, ...]
    length_km: float
    moving_h: float
    standing_h: float
    wait_h: float
    variance_h2: float
    usd: dict[str, float]
    felt_usd: float

    @property
    def time_h(self) -> float:
        """Mean hours."""
        return self.moving_h + self.standing_h + self.wait_h

    @property
    def sojourn_h(self) -> float:
        """Mean hours at the place itself: all but those under way."""
        return self.standing_h + self.wait_h

    @property
    def is_priced(self) -> bool:
        """Whether anything is asked for the way, or there is none to go."""
        return self.length_km <= 0.0 or any(item != "scarcity" for item in self.usd)

    @property
    def cost_usd(self) -> float:
        """What a unit pays."""
        return math.fsum(self.usd.values())


def _crosses(draft: Draft, country: dict[str, str]) -> bool:
    start, end = (country.get(node, "") for node in draft.ends)
    return start != end


def _keys(
    drafts: list[Draft], country: dict[str, str], crossing_km: float
) -> list[tuple[str, ...]]:
    """What consecutive links have in common when they are of one leg: the mode comes first."""
    borders = {frozenset(draft.ends) for draft in drafts if draft.mode == "border"}
    crossings = {
        frozenset(draft.ends)
        for draft in drafts
        if draft.mode == "rail" and draft.length_km <= crossing_km
    } & borders
    found: list[tuple[str, ...]] = []
    for draft in drafts:
        kinds = {draft.tail[0], draft.head[0]}
        if draft.mode in ("border", "rail") and frozenset(draft.ends) in crossings:
            found.append(("border", *draft.ends))
        elif draft.mode == "border":
            found.append(("border", _station(draft)))
        elif draft.mode == "sea":
            found.append(("sea", draft.row))
        elif "change" in kinds:
            found.append(("gauge_change", draft.ends[0]))
        elif "quay" in kinds:
            found.append(("transshipment", draft.ends[0]))
        elif draft.mode == "access":
            found.append(("access", draft.row))
        else:
            found.append((draft.mode, country.get(draft.ends[0], "")))
    return found


def _station(draft: Draft) -> str:
    """Station of a procedure at a border: cargo leaves at the first and enters at the second."""
    return draft.ends[0] if draft.head[0] == "left" else draft.ends[1]


def _place(draft: Draft, place: tuple[str, str, str], node: str) -> Place:
    is_zone = draft.table == "zones" and place[0] == "zone"
    return ("zones", place[1]) if is_zone else ("nodes", node)


def _variance(
    freight: Freight,
    links: list[int],
    terms: Terms,
    planned: list[Planned],
    line: Callable[[str], str],
) -> float:
    """Variance of the hours of a leg: a line has one queue, all else is independent."""
    queues: dict[str, float] = {}
    for link in links:
        draft = freight.drafts[link]
        own = line(draft.row) if draft.table == "sections" else ""
        key = f"line {own}" if own else f"link {link}"
        queues[key] = queues.get(key, 0.0) + float(terms.queue_h[link])
    return sum(one.variance_h2 for one in planned) + sum(wait * wait for wait in queues.values())


def _usd(freight: Freight, links: list[int], terms: Terms) -> dict[str, float]:
    found: dict[str, float] = {}
    for link in links:
        kind = _PAID.get(freight.drafts[link].mode, "handling")
        found[kind] = found.get(kind, 0.0) + float(terms.usd[link])
        found["scarcity"] = found.get("scarcity", 0.0) + float(terms.scarcity_usd[link])
    return {item: found[item] for item in ITEMS if found.get(item)}


class Reading(NamedTuple):
    """What legs are read with.

    Parameters
    ----------
    freight : Freight
        The network.
    terms : Terms
        What links take of a unit of the class.
    planned : callable
        Waiting and variance of an empty link (:func:`keruen.flows.freight.variability.planned`).
    line : callable
        Line of a section; empty where it is of none.
    """

    freight: Freight
    terms: Terms
    planned: Callable[[Draft], Planned]
    line: Callable[[str], str]

    def leg(self, mode: str, links: list[int]) -> Leg:
        """One leg of consecutive links."""
        freight, terms = self.freight, self.terms
        drafts = [freight.drafts[link] for link in links]
        planned = [self.planned(draft) for draft in drafts]
        first, last = drafts[0], drafts[-1]
        waits = math.fsum(one.wait_h for one in planned) + float(terms.queue_h[links].sum())
        moving = math.fsum(draft.running_h for draft in drafts)
        elements = (
            (draft.table, draft.row)
            for draft in drafts
            if draft.table not in ("terminals", "zones")
        )
        begin, end = first.ends[0], last.ends[1]
        if all(draft.mode == "border" for draft in drafts):
            begin, end = _station(first), _station(last)
        return Leg(
            mode,
            _place(first, first.tail, begin),
            _place(last, last.head, end),
            freight.pricing.country.get(first.ends[0], ""),
            tuple(links),
            tuple(dict.fromkeys(elements)),
            math.fsum(draft.length_km for draft in drafts),
            moving,
            max(0.0, float(terms.hours[links].sum()) - moving - waits),
            waits,
            _variance(freight, links, terms, planned, self.line),
            _usd(freight, links, terms),
            float(terms.felt_usd[links].sum()),
        )

    def legs(self, links: Iterable[int]) -> tuple[Leg, ...]:
        """Legs of a chain; passages that take neither time nor money are no legs.

        Parameters
        ----------
        links : iterable of int
            Links of the chain in order.
        """
        chain = list(links)
        drafts = [self.freight.drafts[link] for link in chain]
        supposed = self.freight.assumptions
        keys = _keys(drafts, self.freight.pricing.country, supposed.crossing_km)
        found = []
        for key, group in groupby(zip(keys, chain, strict=True), key=lambda pair: pair[0]):
            leg = self.leg(key[0], [link for _, link in group])
            if leg.time_h > 0.0 or leg.usd or leg.length_km > 0.0 or leg.felt_usd:
                found.append(leg)
        return tuple(found)
