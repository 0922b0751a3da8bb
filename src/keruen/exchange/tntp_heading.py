"""The order of the fields of a link in a TNTP file: the standard one, or that of its heading.

The README of the repository bstabler/TransportationNetworks gives the standard order; files name
their fields in a comment before the first link, which peers read as the names of columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from keruen.exchange.tntp_text import Findings
from keruen.model.findings import cut

FIELDS: Final = (
    "init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed",
    "toll", "link_type",
)  # fmt: skip
"""Fields of a link, in the standard order; speed and type are not used and may be anything."""

USED: Final = (0, 1, 2, 3, 4, 5, 6, 8)
"""Places in :data:`FIELDS` of those that are used."""

_WRITTEN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "init_node": ("init", "tail", "from", "from_node", "start_node", "a_node"),
        "term_node": ("term", "head", "to", "to_node", "end_node", "b_node"),
        "capacity": ("cap",),
        "length": ("distance", "link_length"),
        "free_flow_time": ("free", "free_time", "free_flow_travel_time", "fft", "fftt"),
        "b": ("alpha",),
        "power": ("beta",),
        "speed": ("speed_limit", "speedlimit"),
        "toll": ("tolls",),
        "link_type": ("type",),
    }
)
_NAMES: Final[Mapping[str, int]] = MappingProxyType(
    {
        name: place
        for place, field in enumerate(FIELDS)
        for name in (field, *_WRITTEN.get(field, ()))
    }
)
_BESIDE: Final = re.compile(r"\([^()]*\)|\[[^][]*\]")
_BETWEEN: Final = re.compile(r"[^a-z0-9]+")


class Order(NamedTuple):
    """Where the fields of a link stand.

    Parameters
    ----------
    places : tuple of int
        For each of :data:`FIELDS`, where it stands on a line; -1 for one that is not used and
        does not stand there.
    width : int
        Fields that a line has.
    """

    places: tuple[int, ...]
    width: int


STANDARD: Final = Order(tuple(range(len(FIELDS))), len(FIELDS))


def names_of(heading: str) -> list[str]:
    r"""Names in a heading, in small letters, without units in brackets.

    >>> names_of("Init node\tTerm node\tCapacity (veh/h)\t;")
    ['init_node', 'term_node', 'capacity']
    """
    bare = _BESIDE.sub(" ", heading.replace(";", " ").lower())
    parts = bare.split("\t") if "\t" in bare else re.split(r"\s{2,}", bare.strip())
    parts = parts if len(parts) > 1 else bare.split()
    names = (_BETWEEN.sub("_", part).strip("_") for part in parts)
    return [name for name in names if name]


def order_of(heading: tuple[int, str] | None, count: int, findings: Findings) -> Order:
    """Order of the fields by the heading of a file; the standard one where it does not tell.

    Parameters
    ----------
    heading : (int, str) or None
        Line and text of the heading.
    count : int
        Fields of the first link.
    findings : Findings
        Told when the order is another than the standard, and when the heading contradicts it and
        is not understood.

    Examples
    --------
    >>> given = (7, "from to length capacity free_flow_time b power toll")
    >>> order_of(given, 8, Findings("a")).places
    (0, 1, 3, 2, 4, 5, 6, -1, 7, -1)
    """
    if heading is None:
        return STANDARD
    row, told = heading
    names = names_of(told)
    if len(names) != count:
        return STANDARD
    known = [_NAMES.get(name, -1) for name in names]
    found = Order(
        tuple(known.index(place) if place in known else -1 for place in range(len(FIELDS))), count
    )
    once = all(known.count(place) == 1 for place in USED)
    if once and found.places == STANDARD.places:
        return found
    if once:
        findings.warn("tntp_field_order", row, value=", ".join(names))
        return found
    if any(place not in (-1, at) for at, place in enumerate(known)):
        findings.warn("tntp_heading_unread", row, value=cut(told), names=", ".join(FIELDS))
    return STANDARD
