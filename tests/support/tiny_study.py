"""A corridor of three railway sections, a port and a sea line, whose figures can be done by hand.

Forward: border A, 40 km of single track, station B, 30 km of double track, port C, the sea to D,
25 km of single track, city E. Tests copy the tables, change what they are about, and write them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from keruen.capacity.registry import Capacities
from keruen.model import Model, load_model
from keruen.schema import load_schema
from support.small_study import SETTINGS

Row = dict[str, Any]
Tables = dict[str, list[Row]]

BASE_DAY = "2024-07-01"

_RAIL: Row = {
    "mode": "rail",
    "gauge_mm": 1520,
    "traction": "diesel",
    "line_class": "plain",
    "traffic_class": "quiet",
}


def tiny_tables() -> Tables:
    """Tables of the corridor; a new copy each time."""
    return {**_places(), **_rails(), **_ports(), **_fleets(), **_cargo(), **_way()}


def _places() -> Tables:
    return {
        "sources": [
            {"id": "register", "title": "Register", "publisher": "P", "licence": "CC0-1.0"}
        ],
        "nodes": [
            {"id": "a", "kind": "border_point", "country": "KZ"},
            {"id": "b", "kind": "station", "country": "KZ"},
            {"id": "c", "kind": "port", "country": "KZ"},
            {"id": "d", "kind": "port", "country": "AZ"},
            {"id": "e", "kind": "city", "country": "AZ"},
        ],
        "lines": [{"id": "main", "mode": "rail"}, {"id": "coast", "mode": "rail"}],
        "line_classes": [
            {
                "id": "plain",
                "freight_speed_km_per_h": 60,
                "container_speed_km_per_h": 70,
                "ruling_gradient_permille": 9,
                "loop_length_m": 850,
                "crossing_gap_km": 20,
            }
        ],
        "traffic_classes": [
            {"id": "quiet", "passenger_pairs_per_day": 2, "freight_pairs_per_day": 3}
        ],
    }


def _rails() -> Tables:
    semi = {
        "id": "semi",
        "block": "semi_auto",
        "start_min": 2,
        "stop_min": 1,
        "crossing_interval_min": 1,
        "non_simultaneous_interval_min": 4,
        "headway_min": 4,
        "window_single_min": 60,
        "window_double_min": 120,
        "reliability_share": 0.9,
        "reserve_single_share": 0.2,
        "reserve_double_share": 0.1,
        "removal_passenger_single": 1.2,
        "removal_passenger_double": 1.5,
    }
    return {
        "signalling": [semi, {**semi, "id": "auto", "block": "auto", "headway_min": 10}],
        "sections": [
            {**_RAIL, "id": "ab", "line": "main", "from_node": "a", "to_node": "b"}
            | {"length_km": 40, "tracks": 1, "signalling": "semi"},
            {**_RAIL, "id": "bc", "line": "main", "from_node": "b", "to_node": "c"}
            | {"length_km": 30, "tracks": 2, "signalling": "auto"},
            {**_RAIL, "id": "de", "line": "coast", "from_node": "d", "to_node": "e"}
            | {"length_km": 25, "tracks": 1, "signalling": "semi"},
        ],
        "station_tracks": [
            {"id": "b_tracks", "node": "b", "tracks": 4, "useful_length_m": 850}
            | {"occupancy_min": 60, "throats": 1, "throat_min": 6}
        ],
    }


def _ports() -> Tables:
    return {
        "terminals": [
            {"id": "port_c", "node": "c", "kind": "port"},
            {"id": "port_d", "node": "d", "kind": "port"},
        ],
        "handling": [
            {"id": "berth_c", "terminal": "port_c", "kind": "berth", "serves": "container"}
            | {"direction": "both", "native_unit": "vessel", "servers": 1, "service_h": 10}
            | {"lot_t": 2000, "lot_teu": 200, "acceptable_wait_share": 0.25}
        ],
        "border_crossings": [
            {"id": "a_entry", "from_node": "a", "to_node": "b", "direction": "forward"}
            | {"side": "entry", "servers": 2, "service_h": 2, "acceptable_wait_share": 0.5}
        ],
    }


def _fleets() -> Tables:
    return {
        "vessel_pools": [
            {"id": "boats", "kind": "feeder", "vessels": 2, "capacity_t": 3000}
            | {"capacity_teu": 200, "availability_share": 0.9}
        ],
        "vessel_lines": [
            {"id": "c_d", "from_node": "c", "to_node": "d", "serves": "container"}
            | {"from_terminal": "port_c", "to_terminal": "port_d"}
            | {"length_km": 400, "sailing_h": 20, "port_time_h": 20, "lot_share_backward": 0.5}
        ],
        "vessel_allocations": [{"id": "boats_c_d", "pool": "boats", "line": "c_d", "share": 1}],
        "fleets": [
            {"id": "locos", "kind": "locomotive", "corridor": "way", "units": 20}
            | {"availability_share": 0.8, "turn_days": 2, "units_per_train": 1}
        ],
    }


def _cargo() -> Tables:
    return {
        "commodities": [{"id": "box", "class": "container", "unit": "TEU"}],
        "train_types": [
            {"id": "boxes", "gross_t": 2000, "length_m": 850, "wagons": 50, "teu": 100}
            | {"speed": "container"}
        ],
        "loadings": [
            {"commodity": "box", "direction": "forward", "train_type": "boxes"}
            | {"net_t_per_teu": 10, "tare_t_per_teu": 2, "loaded_share": 1},
            {"commodity": "box", "direction": "backward", "train_type": "boxes"}
            | {"net_t_per_teu": 8, "tare_t_per_teu": 2, "loaded_share": 0.5},
        ],
        "corridor_mix": [
            {"corridor": "way", "commodity": "box", "direction": "forward", "share": 0.8},
            {"corridor": "way", "commodity": "box", "direction": "backward", "share": 0.2},
        ],
    }


def _way() -> Tables:
    elements = (
        ("border_crossings", "a_entry"),
        ("station_tracks", "b_tracks"),
        ("handling", "berth_c"),
        ("vessel_lines", "c_d"),
    )
    return {
        "corridors": [{"id": "way", "unevenness_ratio": 1.1}],
        "corridor_points": [
            {"corridor": "way", "sequence": 1, "node": "a", "mode": "rail"},
            {"corridor": "way", "sequence": 2, "node": "c", "mode": "none"},
            {"corridor": "way", "sequence": 3, "node": "d", "mode": "rail"},
            {"corridor": "way", "sequence": 4, "node": "e", "mode": "none"},
        ],
        "corridor_elements": [
            {"corridor": "way", "sequence": place, "table": table, "row": row}
            for place, (table, row) in enumerate(elements, start=1)
        ],
    }


def packet_tables(tracks: int = 3, share: float = 0.5) -> Tables:
    """The first section as one gap under automatic block, with packets asked for."""
    tables = tiny_tables()
    row_of(tables, "sections", "ab").update(signalling="auto", crossing_gap_km=40)
    row_of(tables, "signalling", "auto").update(packet_share=share, packet_trains=2)
    row_of(tables, "station_tracks", "b_tracks")["tracks"] = tracks
    tables["station_tracks"].append({**tables["station_tracks"][0], "id": "a_tracks", "node": "a"})
    return tables


def hauled_tables() -> Tables:
    """Tables of the corridor with a train for every railway section, and its locomotives."""
    tables = tiny_tables()
    for row in tables["line_classes"]:
        row |= {"permitted_speed_km_per_h": 80, "gradient_share": 0.2}
        row |= {"running_allowance_share": 0.1}
    tables["train_types"] += [
        {"id": "ordinary", "gross_t": 3000, "length_m": 800, "wagons": 45, "speed": "freight"},
        {"id": "local", "gross_t": 1500, "length_m": 600, "wagons": 30, "speed": "freight"},
    ]
    tables["locomotives"] = [
        {"id": "diesel_one", "traction": "diesel", "mass_t": 138, "length_m": 22}
        | {"power_kw": 2900, "starting_effort_kn": 530, "adhesion_share": 0.35}
        | {"max_speed_km_per_h": 120, "efficiency_share": 0.34, "idle_l_per_h": 15},
        {"id": "wire_one", "traction": "25kv_ac", "mass_t": 200, "length_m": 35}
        | {"power_kw": 8500, "starting_effort_kn": 830, "adhesion_share": 0.35}
        | {"brake_effort_kn": 450, "brake_power_kw": 7600, "returned_share": 0.8}
        | {"max_speed_km_per_h": 120, "efficiency_share": 0.85, "auxiliary_kw": 100},
    ]
    tables["haulings"] = [
        {"id": "under_smoke", "traction": "diesel", "locomotive": "diesel_one"},
        {"id": "under_wire", "traction": "25kv_ac", "locomotive": "wire_one"},
    ]
    for row in tables["haulings"]:
        row |= {"gauge_mm": 1520, "train_type": "ordinary", "units": 1}
    return tables


def project(identity: str, **cells: Any) -> Row:  # noqa: ANN401
    """A candidate of 2035 that costs a million dollars, unless cells say otherwise."""
    return {
        "id": identity,
        "kind": "rail",
        "status": "candidate",
        "open_date": "2035-01-01",
        "cost_amount": 1e6,
        "cost_currency": "USD",
        "cost_price_year": 2024,
        "cost_tax": "net",
        **cells,
    }


def change(owner: str, cell: tuple[str, str, str], value: object, op: str = "set") -> Row:
    """A line of ``project_changes``."""
    table, row, column = cell
    return {
        "id": "_".join((owner, op, table, row.replace("/", "_"), column)),
        "project": owner,
        "op": op,
        "table": table,
        "row": row,
        "column": column,
        "value": value,
    }


def inserts(owner: str, table: str, row: str, cells: Mapping[str, object]) -> list[Row]:
    """Lines of ``project_changes`` that insert a row."""
    return [change(owner, (table, row, column), value, "insert") for column, value in cells.items()]


def assumed(cell: tuple[str, str, str], low: object, high: object) -> Row:
    """A line of ``provenance`` that makes a cell an assumed one with a range."""
    table, row, column = cell
    return {
        "table": table,
        "row": row,
        "column": column,
        "source": "register",
        "confidence": "assumed",
        "low": low,
        "high": high,
    }


def write_tiny(folder: Path, tables: Tables, settings: str = SETTINGS) -> Path:
    """Write a study; sources, confidences and English names are filled in where left out.

    A table without rows gets no file.
    """
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(settings, encoding="utf-8")
    for name, rows in tables.items():
        if not rows:
            continue
        declared = load_schema()[name]
        standing: Row = {}
        if declared.sourced:
            standing |= {"source": "register", "confidence": "official"}
        filled = [
            {**standing, **({"name_en": row.get("id")} if declared.named else {}), **row}
            for row in rows
        ]
        columns = [column for column in declared.columns if any(column in row for row in filled)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="", extrasaction="raise")
            writer.writeheader()
            writer.writerows(filled)
    return folder


_READ: dict[str, Model] = {}


def tiny_model(folder: Path, tables: Tables | None = None) -> Model:
    """The base of a tiny study, written and read; equal tables are read once."""
    content = json.dumps(tables or tiny_tables(), default=str)
    if content not in _READ:
        place = folder / f"tiny{len(_READ)}"
        _READ[content] = load_model(write_tiny(place, tables or tiny_tables()))
    return _READ[content]


def tiny_day(folder: Path, tables: Tables | None = None, day: str = BASE_DAY) -> Capacities:
    """Capacities of a tiny study on a day."""
    return Capacities(tiny_model(folder, tables).at(date.fromisoformat(day)))


def row_of(tables: Tables, table: str, key: str) -> Row:
    """A row of a table by its id, to be changed in place."""
    return next(row for row in tables[table] if row["id"] == key)
