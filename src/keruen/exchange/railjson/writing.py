"""From the railways of a study to a railJSON infrastructure.

Every main track of a section is a track section from node to node, with a part of the operational
point at either end, so that lengths between points are those of the study. What railJSON cannot
say, and what had to be made up for it, is noted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.errors import FailedError, error
from keruen.exchange.elements import located, with_classes
from keruen.exchange.placing import place_file
from keruen.exchange.railjson.conditions import KM_PER_H, VOLTAGES
from keruen.exchange.railjson.losses import KERUEN
from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.parsing import Object
from keruen.exchange.railjson.shapes import BOTH, LISTS, VERSION
from keruen.exchange.railjson.throats import LEG_M, TrackEnd, throat
from keruen.exchange.railjson.ways import BEGIN, END
from keruen.model import Model

_SHOWN: Final = 5
_SECTION_FIELDS: Final = frozenset(
    (
        "mode",
        "line",
        "from_node",
        "to_node",
        "length_km",
        "tracks",
        "traction",
        "permitted_speed_km_per_h",
    )
)
"""Columns of ``sections`` that railJSON has a place for."""
_LINE_FIELDS: Final = frozenset(("mode", "name_en", "name_kk", "name_ru", "name_zh"))
"""Columns of ``lines`` that an extension of Keruen's own carries."""
_NODE_FIELDS: Final = frozenset(("kind", "country", "name_en"))
_NO_LOSS: Final = frozenset(("id", "source", "confidence", "note"))
_TABLES: Final = frozenset(
    ("nodes", "sections", "lines", "track_profiles", "coordinates", "sources")
)
_POINT_KIND: Final = "station"


class _Stretch(NamedTuple):
    """A part of a section on which everything is one and the same; metres."""

    begin: float
    end: float
    gradient: float | None
    radius: float | None
    limit: float | None


class _Infra:
    """An infrastructure as it grows."""

    def __init__(self, notes: list[Note]) -> None:
        self.notes = notes
        self.lists: dict[str, list[Object]] = {name: [] for name in LISTS}
        self._limits: dict[float, Object] = {}
        self._wires: dict[str, Object] = {}

    def track(self, name: str, length: float, line: list[list[float]], section: str) -> Object:
        """Add a track section."""
        track: Object = {
            "id": name,
            "length": length,
            "slopes": [],
            "curves": [],
            "loading_gauge_limits": [],
            "geo": {"type": "LineString", "coordinates": line},
            "extensions": {"source": {"name": KERUEN, "id": section}} if section else {},
        }
        self.lists["track_sections"].append(track)
        return track

    def limit(self, track: str, stretch: _Stretch) -> None:
        """Add a stretch to the speed section of its limit."""
        if stretch.limit is None:
            return
        if stretch.limit not in self._limits:
            self._limits[stretch.limit] = {
                "id": f"speed.{stretch.limit:.10g}",
                "speed_limit": stretch.limit / KM_PER_H,
                "speed_limit_by_tag": {},
                "track_ranges": [],
                "on_routes": None,
                "extensions": {},
            }
            self.lists["speed_sections"].append(self._limits[stretch.limit])
        ranges = self._limits[stretch.limit]["track_ranges"]
        ranges.append(_range(track, stretch.begin, stretch.end))

    def wire(self, track: str, traction: str, length: float) -> None:
        """Add a track to the electrification of its voltage."""
        if traction not in self._wires:
            self._wires[traction] = {
                "id": f"wire.{traction}",
                "voltage": VOLTAGES[traction],
                "track_ranges": [],
            }
            self.lists["electrifications"].append(self._wires[traction])
        self._wires[traction]["track_ranges"].append(_range(track, 0.0, length))


def _range(track: str, begin: float, end: float) -> Object:
    return {"track": track, "begin": begin, "end": end, "applicable_directions": BOTH}


def infrastructure_of(model: Model) -> tuple[Object, tuple[Note, ...]]:
    """The railways of a study as a railJSON infrastructure.

    Parameters
    ----------
    model : Model
        Of a day (what is in service then), or the base.

    Returns
    -------
    dict
        The document, as :mod:`json` takes it.
    tuple of Note
        What is not carried over, and what was made up.

    Raises
    ------
    FailedError
        When there is no railway, or a node on it has no coordinates, which the schema requires.
    """
    notes: list[Note] = []
    sections = with_classes(model, "sections")
    rail = sections[sections["mode"] == "rail"]
    if rail.empty:
        raise FailedError([error("railjson_no_railway", "sections.csv")])
    places = _located(model, rail)
    infra = _Infra(notes)
    ends: dict[str, dict[float, list[TrackEnd]]] = {}
    lengths: dict[str, float] = {}
    for name, row in rail.iterrows():
        gauge = 0.0 if pd.isna(row["gauge_mm"]) else float(row["gauge_mm"])
        line = [places[str(row[end])] for end in ("from_node", "to_node")]
        stretches = _stretches(model, str(name), row, notes)
        for number in range(1, _tracks(row) + 1):
            track = str(name) if number == 1 else f"{name}.{number}"
            length = float(row["length_km"]) * 1000.0
            lengths[track] = length
            added = infra.track(track, length, line, str(name))
            added["extensions"] |= _line_of(model, row)
            _add_track(infra, added, stretches, row)
            for end, endpoint in (("from_node", BEGIN), ("to_node", END)):
                at = ends.setdefault(str(row[end]), {}).setdefault(gauge, [])
                at.append(TrackEnd(str(name), track, endpoint))
    for node, by_gauge in ends.items():
        _add_point(infra, model, node, by_gauge, lengths)
        for gauge, own in by_gauge.items():
            _add_throat(infra, node, f"{node}.{gauge:.0f}", own, (places[node], lengths))
    _note_losses(model, ends, notes)
    return {"version": VERSION, **infra.lists}, tuple(notes)


def _located(model: Model, rail: pd.DataFrame) -> dict[str, list[float]]:
    """Longitude and latitude of every node on a railway."""
    nodes = sorted({str(node) for end in ("from_node", "to_node") for node in rail[end]})
    known = located(model).reindex(nodes)
    lost = known.index[known.isna().any(axis=1)].astype(str).tolist()
    if lost:
        shown = ", ".join(lost[:_SHOWN]) + (" …" if len(lost) > _SHOWN else "")
        raise FailedError(
            [error("nodes_without_coordinates", "coordinates.csv", count=len(lost), nodes=shown)]
        )
    return dict(zip(nodes, known.to_numpy(dtype=np.float64).tolist(), strict=True))


def _line_of(model: Model, row: pd.Series[Any]) -> Object:
    """The line of a section in an extension of Keruen's own, for railJSON knows no lines."""
    line = row["line"]
    if not isinstance(line, str) or line not in model["lines"].index:
        return {}
    names = {
        column.removeprefix("name_"): model.text("lines", line, column)
        for column in model["lines"].columns
        if column.startswith("name_")
    }
    return {KERUEN: {"line": line, "names": {key: name for key, name in names.items() if name}}}


def _tracks(row: pd.Series[Any]) -> int:
    return 1 if pd.isna(row["tracks"]) else int(row["tracks"])


def _number(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _stretches(
    model: Model, section: str, row: pd.Series[Any], notes: list[Note]
) -> list[_Stretch]:
    """A section cut where its profile changes; one stretch where it has none."""
    length = float(row["length_km"]) * 1000.0
    permitted = _number(row["permitted_speed_km_per_h"])
    table = model["track_profiles"]
    rows = table[table["section"] == section].sort_values("km")
    if rows.empty:
        return [_Stretch(0.0, length, None, None, permitted)]
    at = [float(km) * 1000.0 for km in rows["km"]]
    heights = [float(height) for height in rows["elevation_m"]]
    limits = [_number(limit) for limit in rows["limit_km_per_h"]]
    radii = [_number(radius) for radius in rows["radius_m"]]
    if at[0] > 0.0 or at[-1] < length:
        notes.append(Note("track_profiles", section, "km", Why.SIMPLIFIED, "0 ‰"))
    found = [_Stretch(0.0, min(at[0], length), None, None, permitted)]
    for i, begin in enumerate(at):
        end = min(at[i + 1], length) if i + 1 < len(at) else length
        gradient = None
        if i + 1 < len(at) and at[i + 1] > begin:
            gradient = (heights[i + 1] - heights[i]) / (at[i + 1] - begin) * 1000.0
        limit = permitted if limits[i] is None else limits[i]
        found.append(_Stretch(begin, end, gradient, radii[i], limit))
    if at[-1] > length:
        notes.append(Note("track_profiles", section, "km", Why.OUT_OF_RANGE, f"{at[-1]:.0f} m"))
    return [stretch for stretch in found if stretch.begin < stretch.end]


def _add_track(
    infra: _Infra, track: Object, stretches: list[_Stretch], row: pd.Series[Any]
) -> None:
    for stretch in stretches:
        span = {"begin": stretch.begin, "end": stretch.end}
        if stretch.gradient is not None:
            track["slopes"].append({"gradient": stretch.gradient, **span})
        if stretch.radius is not None:
            track["curves"].append({"radius": stretch.radius, **span})
        infra.limit(track["id"], stretch)
    traction = str(row["traction"])
    if traction in VOLTAGES:
        infra.wire(track["id"], traction, track["length"])


def _add_point(
    infra: _Infra,
    model: Model,
    node: str,
    by_gauge: dict[float, list[TrackEnd]],
    lengths: dict[str, float],
) -> None:
    kind = model.text("nodes", node, "kind")
    ends = [end for own in by_gauge.values() for end in own]
    infra.lists["operational_points"].append(
        {
            "id": node,
            "parts": [
                {
                    "track": end.track,
                    "position": 0.0 if end.endpoint == BEGIN else lengths[end.track],
                    "local_track_name": end.track,
                    "extensions": {},
                }
                for end in ends
            ],
            "weight": None,
            "name": model.text("nodes", node, "name_en") or node,
            "uic": None,
            "plc": None,
            "country_code": model.text("nodes", node, "country"),
            "main_code": node,
            "secondary_code": None,
            "is_passenger_station": kind == _POINT_KIND,
            "secondary_name": None,
        }
    )
    if kind != _POINT_KIND:
        infra.notes.append(Note("nodes", node, "kind", Why.NOT_CARRIED, kind))


def _add_throat(
    infra: _Infra,
    node: str,
    stem: str,
    ends: list[TrackEnd],
    at: tuple[list[float], dict[str, float]],
) -> None:
    place, lengths = at
    made = throat(stem, ends)
    for track in made.tracks:
        infra.track(track, LEG_M, [place, place], "")
    infra.lists["switches"] += [{**switch, "extensions": {}} for switch in made.switches]
    if made.tracks:
        infra.notes.append(
            Note("nodes", node, "track_sections", Why.ADDED, f"{len(made.tracks)} × {LEG_M:g} m")
        )
    for end in made.closed:
        infra.lists["buffer_stops"].append(
            {
                "id": f"buffer.{end.track}.{end.endpoint.lower()}",
                "track": end.track,
                "position": 0.0 if end.endpoint == BEGIN else lengths[end.track],
                "extensions": {},
            }
        )


def _note_losses(model: Model, ends: dict[str, Any], notes: list[Note]) -> None:
    """What a study says of its railways and places that railJSON has no words for."""
    sections = model["sections"]
    for name, mode in sections["mode"].items():
        if mode != "rail":
            notes.append(Note("sections", str(name), "", Why.NOT_CARRIED, str(mode)))
    rail = sections[sections["mode"] == "rail"]
    others = model["lines"].index.difference(pd.Index(rail["line"].dropna()))
    notes += [Note("lines", str(line), "", Why.NOT_CARRIED) for line in others]
    _note_columns("lines", model["lines"].drop(others), _LINE_FIELDS, notes)
    _note_columns("sections", rail, _SECTION_FIELDS, notes)
    unknown = rail["traction"].isin(["", None]) | rail["traction"].isna()
    notes += [
        Note("sections", str(name), "traction", Why.ASSUMED, "diesel")
        for name in rail.index[unknown]
    ]
    nodes = model["nodes"]
    on_rails = nodes.index.isin(list(ends))
    notes += [Note("nodes", str(n), "", Why.NOT_CARRIED) for n in nodes.index[~on_rails]]
    _note_columns("nodes", nodes[on_rails], _NODE_FIELDS, notes)
    profiles = model["track_profiles"]
    starts = profiles[(profiles["km"] == 0.0) & (profiles["elevation_m"] != 0.0)]
    for section, height in zip(starts["section"], starts["elevation_m"], strict=True):
        note = Note(
            "track_profiles", str(section), "elevation_m", Why.SIMPLIFIED, f"{height:g} m → 0 m"
        )
        notes.append(note)
    for table, frame in model.tables.items():
        if table not in _TABLES and len(frame):
            notes.append(Note(table, "", "", Why.NOT_CARRIED, str(len(frame))))
    for name in ("routes", "signals", "detectors"):
        notes.append(Note(name, "", "", Why.ASSUMED, "[]"))


def _note_columns(
    table: str, frame: pd.DataFrame, carried: frozenset[str], notes: list[Note]
) -> None:
    for column in frame.columns:
        if column in carried or column in _NO_LOSS:
            continue
        filled = frame[column].notna() & (frame[column].astype(object) != "")
        notes += [
            Note(table, str(row), str(column), Why.NOT_CARRIED) for row in frame.index[filled]
        ]


def write_railjson(model: Model, path: Path) -> tuple[Note, ...]:
    """Write the railways of a study as a railJSON file of version 3.5.3.

    Parameters
    ----------
    model : Model
        Of a day (what is in service then), or the base.
    path : Path
        File to make; must not be there, or be empty.

    Returns
    -------
    tuple of Note
        What is not carried over, and what was made up.

    Raises
    ------
    UsageError
        When the file is there already and not empty.
    FailedError
        When there is no railway, a node has no coordinates, or the system refuses.
    """
    document, notes = infrastructure_of(model)
    place_file(path, _writer(document))
    return notes


def _writer(document: Object) -> Callable[[Path], None]:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"

    def fill(file: Path) -> None:
        file.write_text(text, encoding="utf-8", newline="\n")

    return fill
