"""A small freight network: two borders side by side, and two railways behind one of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from keruen.flows.freight.assumptions import Assumptions
from keruen.flows.freight.cargo import Cargo
from keruen.flows.freight.chains import Terms
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.draft import Draft, Place, rail_place, zone_place
from keruen.flows.links import Links, Network

BOX = Cargo("boxes", "loaded", "TEU", "container", 0.01, 10.0, 1.0, 2.0, 0.1, 0.3, 2.5, 0.5, 1.0)
COUNTRY = {"a": "XA", "n": "XA", "m": "XB", "s": "XA", "t": "XB", "w": "XB", "b": "XB"}


class _Prices:
    country = COUNTRY


def _rail(row: str, start: str, end: str, hours: float) -> Draft:
    ends = (start, end)
    places = (rail_place(start, "1520"), rail_place(end, "1520"))
    return Draft(*places, "rail", "sections", row, "forward", ends, 100.0, hours)


def _border(row: str, start: str, end: str, hours: float) -> list[Draft]:
    """Papers, then the way over."""
    ends = (start, end)
    met: Place = ("left", row, "1520")
    tail, head = rail_place(start, "1520"), rail_place(end, "1520")
    exit_ = Draft(tail, met, "border", "border_crossings", row, "forward", ends)
    over = Draft(met, head, "rail", "sections", f"{row}_rails", "forward", ends, 10.0, 0.5)
    return [exit_._replace(standing_h=hours), over]


def drafts() -> list[Draft]:
    """Links: by the north ``a n | m b`` or ``a n | m w b``, by the south ``a s | t b``."""
    found = [
        Draft(
            zone_place("east"),
            rail_place("a", "1520"),
            "access",
            "zones",
            "east",
            "both",
            ("a", "a"),
        ),
        _rail("a_n", "a", "n", 10.0),
        *_border("north", "n", "m", 5.0),
        _rail("m_b", "m", "b", 30.0),
        _rail("m_w", "m", "w", 18.0),
        _rail("w_b", "w", "b", 14.0),
        _rail("a_s", "a", "s", 14.0),
        *_border("south", "s", "t", 5.0),
        _rail("t_b", "t", "b", 32.0),
        Draft(
            rail_place("b", "1520"),
            zone_place("west"),
            "access",
            "zones",
            "west",
            "both",
            ("b", "b"),
        ),
    ]
    return found


def diamond(links: list[Draft] | None = None) -> Freight:
    """The network compiled by hand, for one class and without prices of its own."""
    own = drafts() if links is None else links
    names = sorted({place for draft in own for place in (draft.tail, draft.head)})
    at = {place: number for number, place in enumerate(names)}
    tail, head = (
        np.array([at[getattr(draft, end)] for draft in own], dtype=np.int64)
        for end in ("tail", "head")
    )
    free = np.array([draft.running_h + draft.standing_h for draft in own])
    rows = np.stack([free, np.ones(free.size), np.zeros(free.size), np.zeros(free.size)], axis=-1)
    kind = np.zeros(free.size, dtype=np.int8)
    passable = np.array([place[0] != "zone" for place in names], dtype=np.bool_)
    network = Network(Links(tail, head, kind, rows, np.maximum(free, 0.05)), passable)
    none: Any = None
    return Freight(
        day=date(2026, 7, 1),
        drafts=tuple(own),
        cargo=(BOX,),
        network=network,
        load=np.zeros((1, free.size)),
        extra_h=np.zeros((1, free.size)),
        terms=none,
        barred=np.zeros((1, free.size), dtype=np.bool_),
        capacity=np.full(free.size, np.inf),
        zones={place[1]: number for place, number in at.items() if place[0] == "zone"},
        pricing=_Prices(),  # type: ignore[arg-type]
        groups={},
        aversions=(),
        worths=(),
        unevenness=1.0,
        assumptions=Assumptions(8.0, 0.9, 600.0, 1.2, 30.0),
    )


def terms(freight: Freight, usd: float = 1.0) -> Terms:
    """What links take: their hours at the value of the class, and so much a railway link."""
    hours = freight.network.links.rows[:, 0]
    none = np.zeros(hours.size)
    paid = np.array([usd if draft.mode == "rail" else 0.0 for draft in freight.drafts])
    return Terms(0, hours, none, paid, none, none, BOX.value_usd_per_h * hours + paid)
