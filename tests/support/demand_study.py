"""Three zones on a road, boxes and ore between them: demand that can be worked out by hand."""

from __future__ import annotations

from typing import Any

from support.tiny_study import Row, Tables

ZONES = ("east", "middle", "west")


def demand_tables(**more: list[Row]) -> Tables:
    """East, 100 km, middle, 200 km, west; ``more`` replaces or adds tables.

    East and west send and receive boxes and so does the middle; ore goes from the middle only. No
    totals yet, so no demand either.
    """
    tables: Tables = {
        "sources": [
            {"id": "register", "title": "Register", "publisher": "P", "licence": "CC0-1.0"}
        ],
        "nodes": [{"id": node, "kind": "city", "country": "KZ"} for node in "emwx"],
        "sections": [
            {"id": "em", "mode": "road", "from_node": "e", "to_node": "m", "length_km": 100},
            {"id": "mw", "mode": "road", "from_node": "w", "to_node": "m", "length_km": 200},
        ],
        "commodities": [
            {"id": "boxes", "class": "container", "unit": "TEU"},
            {"id": "ore", "class": "dry_bulk", "unit": "t"},
        ],
        "zones": [{"id": zone, "country": "KZ", "node": zone[0], "access_km": 0} for zone in ZONES],
        "zone_groups": [{"id": zone} for zone in ZONES],
        "zone_members": [{"zone_group": zone, "zone": zone} for zone in ZONES],
        "zone_masses": [
            *(mass(zone, "boxes", 1, 1) for zone in ZONES),
            mass("middle", "ore", 1, None),
            mass("east", "ore", None, 3),
            mass("west", "ore", None, 1),
        ],
    }
    return tables | more


def mass(zone: str, commodity: str, origin: object, destination: object) -> Row:
    """A row of ``zone_masses``."""
    return {
        "zone": zone,
        "commodity": commodity,
        "origin_mass": origin,
        "destination_mass": destination,
        "meaning": "trade",
    }


def total(identity: str, value: object, unit: str = "TEU/year", **cells: Any) -> Row:  # noqa: ANN401
    """A row of ``control_totals``: of 2024, loaded, met exactly unless told otherwise."""
    return {
        "id": identity,
        "year": 2024,
        "observation": "",
        "value": value,
        "unit": unit,
        "loaded": "loaded",
        "counted": "once",
        "tolerance_share": 0,
        "definition_en": identity,
        **cells,
    }


def term(
    owner: str,
    origin: str,
    destination: str,
    commodity: str = "boxes",
    **cells: Any,  # noqa: ANN401
) -> Row:
    """A row of ``control_total_terms``, one way unless told otherwise; the first of its total."""
    return {
        "control_total": owner,
        "sequence": 1,
        "commodity": commodity,
        "from_group": origin,
        "to_group": destination,
        "ways": "forward",
        "factor": "",
        **cells,
    }
