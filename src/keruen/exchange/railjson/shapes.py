"""The railJSON schema, as data: which lists an infrastructure holds and what stands in them.

Names, types, units and requirements are those of OSRD's schema of version 3.5.3 (repository
OpenRailAssociation/osrd on GitHub, ``python/osrd_schemas/osrd_schemas/infra.py`` and
``editoast/schemas/src/infra/``, at commit 10575d8cb50f3db0a91dcb4d1c0c9cc328cabb5d); lengths and
offsets are metres, gradients metres a kilometre, speeds metres a second. What versions 3.0 to 3.5.2
leave out is not required in reading: fields that only the newest have are optional here, and
written all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

VERSION: Final = "3.5.3"
MAJOR: Final = "3"


class Text(NamedTuple):
    """A text that is not empty, of at most so many characters."""

    longest: int = 4000


class Number(NamedTuple):
    """A finite number not below (or, when ``above``, greater than) a least one."""

    least: float | None = None
    above: bool = False


class Whole(NamedTuple):
    """An integer not below a least one."""

    least: int | None = None


class Truth(NamedTuple):
    """True or false."""


class OneOf(NamedTuple):
    """One of some words."""

    words: tuple[str, ...]


class Anything(NamedTuple):
    """What Keruen does not look into."""


class Items(NamedTuple):
    """A list."""

    of: Shape
    fewest: int = 0


class Mapped(NamedTuple):
    """An object whose names are free."""

    of: Shape


class Field(NamedTuple):
    """A field of a record."""

    shape: Shape
    required: bool = True
    nullable: bool = False


class Record(NamedTuple):
    """An object with known fields.

    Parameters
    ----------
    fields : mapping of str to Field
        Fields by name.
    open : bool
        Whether other fields pass unnoted, for the object is noted as a whole.
    """

    fields: Mapping[str, Field]
    open: bool = False


Shape = Text | Number | Whole | Truth | OneOf | Anything | Items | Mapped | Record

ID: Final = Text(255)
OFFSET: Final = Number(0.0)
_MAYBE_TEXT: Final = Field(Text(), required=False, nullable=True)
_TRACK: Final = {"track": Field(ID), "position": Field(OFFSET)}
_EXTENSIONS: Final = Field(Mapped(Anything()), required=False, nullable=True)
_SPAN: Final = {"begin": Field(OFFSET), "end": Field(OFFSET)}
DIRECTIONS: Final = ("START_TO_STOP", "STOP_TO_START")
BOTH: Final = "BOTH"
_APPLICABLE: Final = Items(
    Record(
        {
            "track": Field(ID),
            **_SPAN,
            "applicable_directions": Field(OneOf((*DIRECTIONS, BOTH))),
        }
    )
)
_LINE: Final = Record(
    {
        "type": Field(OneOf(("LineString",))),
        "coordinates": Field(Items(Items(Number(), fewest=2), fewest=2)),
        "bbox": Field(Anything(), required=False, nullable=True),
    }
)
_CONNECTION: Final = Record({"src": Field(ID), "dst": Field(ID)})

_POINT: Final = Record(
    {
        "id": Field(ID),
        "parts": Field(
            Items(
                Record(
                    {
                        **_TRACK,
                        "local_track_name": Field(Text(), required=False),
                        "extensions": _EXTENSIONS,
                    }
                )
            )
        ),
        "weight": Field(Whole(0), required=False, nullable=True),
        "name": Field(Text(), required=False),
        "uic": Field(Whole(), required=False, nullable=True),
        "plc": _MAYBE_TEXT,
        "country_code": Field(Text(), required=False),
        "main_code": Field(Text(), required=False),
        "secondary_code": _MAYBE_TEXT,
        "is_passenger_station": Field(Truth(), required=False),
        "secondary_name": _MAYBE_TEXT,
        "extensions": _EXTENSIONS,
    }
)
_TRACK_SECTION: Final = Record(
    {
        "id": Field(ID),
        "length": Field(Number(0.0, above=True)),
        "slopes": Field(Items(Record({"gradient": Field(Number()), **_SPAN}))),
        "curves": Field(Items(Record({"radius": Field(Number()), **_SPAN}))),
        "loading_gauge_limits": Field(
            Items(Record({"category": Field(Text()), **_SPAN})), required=False
        ),
        "geo": Field(_LINE, required=False),
        "extensions": _EXTENSIONS,
    }
)
_SWITCH: Final = Record(
    {
        "id": Field(ID),
        "switch_type": Field(ID),
        "group_change_delay": Field(Number(0.0)),
        "ports": Field(
            Mapped(Record({"endpoint": Field(OneOf(("BEGIN", "END"))), "track": Field(ID)}))
        ),
        "extensions": _EXTENSIONS,
    }
)
_SWITCH_TYPE: Final = Record(
    {
        "id": Field(ID),
        "ports": Field(Items(ID, fewest=1)),
        "groups": Field(Mapped(Items(_CONNECTION))),
    }
)
_SPEED: Final = Record(
    {
        "id": Field(ID),
        "speed_limit": Field(Number(0.0, above=True), required=False, nullable=True),
        "speed_limit_by_tag": Field(Mapped(Number(0.0, above=True)), required=False),
        "track_ranges": Field(_APPLICABLE),
        "on_routes": Field(Items(ID), required=False, nullable=True),
        "extensions": _EXTENSIONS,
    }
)
_ELECTRIFICATION: Final = Record(
    {"id": Field(ID), "voltage": Field(Text()), "track_ranges": Field(_APPLICABLE)}
)
_LOCATED: Final = Record({"id": Field(ID), **_TRACK}, open=True)
_NAMED: Final = Record({"id": Field(ID)}, open=True)

LISTS: Final[Mapping[str, Record]] = MappingProxyType(
    {
        "operational_points": _POINT,
        "track_sections": _TRACK_SECTION,
        "switches": _SWITCH,
        "extended_switch_types": _SWITCH_TYPE,
        "speed_sections": _SPEED,
        "electrifications": _ELECTRIFICATION,
        "buffer_stops": _LOCATED,
        "detectors": _LOCATED,
        "signals": _LOCATED,
        "routes": _NAMED,
        "neutral_sections": _NAMED,
        "level_crossings": _NAMED,
    }
)
"""Lists of an infrastructure, each with the shape of its objects."""
NEEDED: Final = ("operational_points", "track_sections")
"""Lists without which there is nothing to read."""

Connections = Mapping[str, tuple[tuple[str, str], ...]]
"""Ports joined in each position of a switch."""


class SwitchType(NamedTuple):
    """A kind of switch: its ports, and which are joined in each position."""

    ports: tuple[str, ...]
    groups: Connections


def _joined(**groups: str) -> Connections:
    return {
        group: tuple((pair.split("-")[0], pair.split("-")[1]) for pair in pairs.split())
        for group, pairs in groups.items()
    }


_SLIP_PORTS: Final = ("A1", "B1", "A2", "B2")
SWITCH_TYPES: Final[Mapping[str, SwitchType]] = MappingProxyType(
    {
        "link": SwitchType(("A", "B"), _joined(STATIC="A-B")),
        "point_switch": SwitchType(("A", "B1", "B2"), _joined(A_B1="A-B1", A_B2="A-B2")),
        "crossing": SwitchType(_SLIP_PORTS, _joined(STATIC="A1-B1 A2-B2")),
        "single_slip_switch": SwitchType(_SLIP_PORTS, _joined(STATIC="A1-B1 A2-B2", A1_B2="A1-B2")),
        "double_slip_switch": SwitchType(
            _SLIP_PORTS, _joined(A1_B1="A1-B1", A1_B2="A1-B2", A2_B1="A2-B1", A2_B2="A2-B2")
        ),
    }
)
"""Kinds of switch that every infrastructure has."""
