"""RailJSON infrastructures made by hand, and studies of railways to write them from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import keruen
from keruen.exchange.railjson import Imported, ImportOptions, read_railjson
from keruen.model import Model, load_model
from support.small_study import SETTINGS

TEMPLATE = Path(keruen.__file__).parent / "templates" / "rail-line"
OPTIONS = ImportOptions(1520, date(2024, 7, 1))
LISTS = (
    "operational_points", "level_crossings", "routes", "extended_switch_types", "switches",
    "track_sections", "speed_sections", "electrifications", "signals", "buffer_stops",
    "detectors", "neutral_sections",
)  # fmt: skip

Infra = dict[str, Any]


def infra(**lists: list[Any]) -> Infra:
    """An infrastructure with all lists, those not given empty."""
    return {"version": "3.5.3", **{name: lists.pop(name, []) for name in LISTS}, **lists}


def track(name: str, length: float, **more: object) -> Infra:
    """A track section along a parallel."""
    line = {"type": "LineString", "coordinates": [[80.0, 45.0], [80.0 + length / 80e3, 45.0]]}
    found = {"id": name, "length": length, "slopes": [], "curves": [], "geo": line}
    return {**found, "loading_gauge_limits": [], "extensions": {}, **more}


def point(name: str, /, *parts: tuple[str, float], **more: object) -> Infra:
    """An operational point of version 3.5.3."""
    return {
        "id": name,
        "parts": [
            {"track": on, "position": at, "local_track_name": "1", "extensions": {}}
            for on, at in parts
        ],
        "weight": None,
        "name": name.title(),
        "uic": None,
        "plc": None,
        "country_code": "KZ",
        "main_code": name,
        "secondary_code": None,
        "is_passenger_station": True,
        "secondary_name": None,
        **more,
    }


def switch(name: str, kind: str, **ports: tuple[str, str]) -> Infra:
    """A switch whose ports are ends of tracks."""
    return {
        "id": name,
        "switch_type": kind,
        "group_change_delay": 0.0,
        "ports": {port: {"endpoint": end, "track": on} for port, (on, end) in ports.items()},
        "extensions": {},
    }


def span(on: str, begin: float, end: float, way: str = "BOTH") -> Infra:
    """A stretch of a track."""
    return {"track": on, "begin": begin, "end": end, "applicable_directions": way}


def fork() -> Infra:
    """Three stations on three tracks that meet at points out on the line (a Y)."""
    return infra(
        track_sections=[
            track(
                "stem",
                12_000.0,
                slopes=[{"gradient": 6.0, "begin": 2_000.0, "end": 7_000.0}],
                curves=[{"radius": -600.0, "begin": 8_000.0, "end": 8_500.0}],
            ),
            track("left", 9_000.0),
            track("right", 20_000.0, slopes=[{"gradient": -4.0, "begin": 0.0, "end": 20_000.0}]),
        ],
        operational_points=[
            point("alpha", ("stem", 0.0)),
            point("beta", ("left", 9_000.0)),
            point("gamma", ("right", 19_500.0)),
        ],
        switches=[
            switch(
                "fork",
                "point_switch",
                A=("stem", "END"),
                B1=("left", "BEGIN"),
                B2=("right", "BEGIN"),
            )
        ],
        speed_sections=[
            {
                "id": "slow",
                "speed_limit": 50.0 / 3.6,
                "speed_limit_by_tag": {},
                "track_ranges": [span("stem", 3_000.0, 4_000.0)],
            },
            {
                "id": "usual",
                "speed_limit": 80.0 / 3.6,
                "speed_limit_by_tag": {"freight": 70.0 / 3.6},
                "track_ranges": [span("stem", 0.0, 12_000.0), span("left", 0.0, 9_000.0)],
            },
        ],
        electrifications=[
            {
                "id": "wire",
                "voltage": "25000V",
                "track_ranges": [span("stem", 0.0, 12_000.0), span("left", 0.0, 4_000.0)],
            }
        ],
        buffer_stops=[
            {"id": "end", "track": "right", "position": 20_000.0, "extensions": {}},
        ],
        signals=[{"id": "s1", "track": "stem", "position": 100.0, "direction": "START_TO_STOP"}],
    )


def double_track() -> Infra:
    """Two stations with two tracks between them, in pieces, and a crossover halfway.

    Station *west* has a loop beside each main track's end; the crossover makes a junction.
    """
    return infra(
        track_sections=[
            track("up1", 6_000.0),
            track("up2", 6_000.0),
            track("down1", 6_700.0),
            track("down2", 6_000.0),
            track("cross", 120.0),
            track("west_loop", 1_100.0),
            track("west_main", 1_100.0),
            track("lead", 200.0),
        ],
        operational_points=[
            point("west", ("west_main", 550.0), ("west_loop", 550.0), ("down1", 0.0)),
            point("east", ("up2", 5_500.0), ("down2", 5_500.0)),
        ],
        switches=[
            switch("join", "link", A=("lead", "END"), B=("up1", "BEGIN")),
            switch(
                "west_points",
                "point_switch",
                A=("lead", "BEGIN"),
                B1=("west_main", "END"),
                B2=("west_loop", "END"),
            ),
            switch(
                "cross_up",
                "point_switch",
                A=("up2", "BEGIN"),
                B1=("up1", "END"),
                B2=("cross", "BEGIN"),
            ),
            switch(
                "cross_down",
                "point_switch",
                A=("down1", "END"),
                B1=("down2", "BEGIN"),
                B2=("cross", "END"),
            ),
        ],
    )


def read(document: object, folder: Path, options: ImportOptions = OPTIONS) -> Imported:
    """Read a document as a file."""
    file = folder / "infra.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return read_railjson(file, options)


def rows(imported: Imported, table: str, key: str = "id") -> dict[str, dict[str, Any]]:
    """Rows of a table by id."""
    columns = [str(column) for column in imported.tables[table].columns]
    cells = imported.tables[table].to_numpy(dtype=object).tolist()
    found = [dict(zip(columns, own, strict=True)) for own in cells]
    return {str(row[key]): row for row in found}


def _csv(header: str, lines: Iterable[tuple[object, ...]]) -> str:
    body = (",".join("" if cell is None else str(cell) for cell in line) for line in lines)
    return "\n".join((header, *body)) + "\n"


def railway(
    folder: Path,
    nodes: Iterable[str],
    sections: Iterable[tuple[object, ...]],
    profiles: Iterable[tuple[object, ...]] = (),
) -> Model:
    """A study of a railway, with classes and signalling of the template.

    ``sections``: id, from, to, km, tracks, gauge, traction, permitted km/h. ``profiles``: section,
    km, elevation, limit, radius.
    """
    folder.mkdir(parents=True)
    sourced, own = "source,confidence", ("register", "derived")
    nodes = list(nodes)
    tables = {
        "sources": "id,title,publisher,licence\nregister,Register,Somebody,CC0-1.0\n",
        "nodes": _csv(
            f"id,kind,country,name_en,{sourced}",
            [(node, "station", "KZ", node.title(), *own) for node in nodes],
        ),
        "coordinates": _csv(
            f"node,lat_deg,lon_deg,licence,{sourced}",
            [(node, 45.0 + i / 100, 80.0 + i / 7, "CC0-1.0", *own) for i, node in enumerate(nodes)],
        ),
        "sections": _csv(
            "id,from_node,to_node,length_km,tracks,gauge_mm,traction,permitted_speed_km_per_h,"
            f"mode,signalling,line_class,traffic_class,{sourced}",
            [(*section, "rail", "example", "plain", "none", *own) for section in sections],
        ),
        "track_profiles": _csv(
            f"section,km,elevation_m,limit_km_per_h,radius_m,{sourced}",
            [(*profile, *own) for profile in profiles],
        ),
    }
    for name in ("signalling", "line_classes", "traffic_classes"):
        text = (TEMPLATE / f"{name}.csv").read_text(encoding="utf-8")
        for source in ("own_estimate", "worked_example"):
            text = text.replace(source, "register")
        tables[name] = text.replace("assumed", "derived").replace("published", "derived")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    return load_model(folder)
