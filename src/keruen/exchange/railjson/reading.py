"""From a railJSON infrastructure to the tables of a study.

Operational points become nodes, and switches out on the line junctions; tracks between them become
sections, those side by side one section. Heights are relative to the start of each section.
Signalling, classes of line and other trains, which railJSON does not know, are those of the
``rail-line`` template and are there to be replaced.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from keruen.errors import Problem, StudyError
from keruen.exchange.railjson.conditions import conditions_of, require_slopes
from keruen.exchange.railjson.findings import Findings
from keruen.exchange.railjson.geometry import Geometry
from keruen.exchange.railjson.losses import (
    KERUEN,
    MOST_TRACKS,
    dead_weight,
    differences,
    own_line,
    own_section,
)
from keruen.exchange.railjson.names import Ids, fits, plain_name
from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.parsing import Lists, Object, read_lists
from keruen.exchange.railjson.places import Line, Network, Place, network_of
from keruen.exchange.railjson.profiles import Profile, profile_of
from keruen.exchange.railjson.references import require_fitting
from keruen.exchange.railjson.trains import add_trains
from keruen.exchange.railjson.ways import ways_of
from keruen.model import Model, load_model
from keruen.schema import load_schema

SOURCE: Final = "railjson"
TEMPLATE: Final = "rail-line"
CLASSES: Final[Mapping[str, str]] = {
    "signalling": "signalling",
    "line_classes": "line_class",
    "traffic_classes": "traffic_class",
}
"""Tables that the template fills, and the column of ``sections`` that names their first row."""
_SHORTEST_KM: Final = 0.01
_KM_DIGITS: Final = 9
_POINT_FIELDS: Final = ("weight", "uic", "plc", "secondary_code", "secondary_name")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a railJSON file does not say and a study must.

    Parameters
    ----------
    gauge_mm : int
        Gauge of all tracks, mm.
    base_date : date
        Day of which the file gives the state.
    country : str
        Two-letter country of points that do not say theirs (all before version 3.5.3); empty when
        all do.
    speed_tag : str or None
        Tag of trains whose speed limits are taken where there are any for it.
    near_m : float
        Length of track up to which switches and points are one place, m: an assumption.
    with_trains : bool
        Whether to add assumed locomotives, trains and haulings, without which no running time is
        computed.
    """

    gauge_mm: int
    base_date: date
    country: str = ""
    speed_tag: str | None = None
    near_m: float = 1000.0
    with_trains: bool = False


class Imported(NamedTuple):
    """A railway as read.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Tables of a study; every column of the schema, None where a cell is empty.
    notes : tuple of Note
        Everything that was not understood, assumed, coarser than it was, or renamed.
    problems : tuple of Problem
        Warnings about what is wrong in the file but not carried over.
    options : ImportOptions
        As given.
    """

    tables: dict[str, pd.DataFrame]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    options: ImportOptions

    @property
    def counts(self) -> dict[str, int]:
        """Notes by reason."""
        return dict(Counter(note.why.value for note in self.notes))


def read_railjson(path: Path, options: ImportOptions) -> Imported:
    """Read a railJSON infrastructure.

    Parameters
    ----------
    path : Path
        A file of at most 200 MB.
    options : ImportOptions
        What the file does not say.

    Returns
    -------
    Imported
        Tables and notes.

    Raises
    ------
    FailedError
        When the file cannot be read, is no JSON, or no railJSON of version 3.
    StudyError
        With everything that is impossible in it, each at its JSON pointer.
    """
    notes: list[Note] = []
    lists, findings = read_lists(path, notes)
    require_fitting(lists, findings)
    require_slopes(lists, findings)
    points = [point["id"] for point in lists["operational_points"]]
    names = {track["id"]: own_section(track) for track in lists["track_sections"]}
    network, more = network_of(ways_of(lists), points, names, options.near_m)
    conditions, found = conditions_of(lists, options.speed_tag)
    notes += [*more, *found, *dead_weight(lists)]
    builder = _Builder(lists, options, notes, findings)
    nodes = builder.nodes(network)
    sections, profiles = [], []
    for line, name in zip(network.lines, builder.section_ids(network.lines), strict=True):
        tracks = [profile_of(name, track, conditions, []) for track in line.tracks]
        own = profile_of(name, line.tracks[0], conditions, notes)
        differences(name, tracks, notes)
        sections.append(builder.section(name, line, own, nodes))
        rows_of_own = own.rows if own.length_m >= _SHORTEST_KM * 1000.0 else ()
        profiles += [{"section": name, **row._asdict(), **_SOURCED} for row in rows_of_own]
    if findings.has_errors:
        raise StudyError(findings.problems())
    rows = {
        "nodes": builder.node_rows,
        "coordinates": builder.coordinate_rows,
        "lines": list(builder.line_rows.values()),
        "sections": sections,
        "track_profiles": profiles,
        "sources": [_source(path.name)],
    }
    if profiles:
        notes.append(Note("track_profiles", "", "elevation_m", Why.ASSUMED, "0 m"))
    tables = _with_classes({name: _frame(name, own) for name, own in rows.items()}, notes)
    if options.with_trains:
        add_trains(tables, notes)
    else:
        notes.append(Note("haulings", "", "", Why.LACKING, "rail run"))
    return Imported(tables, tuple(notes), findings.problems(), options)


_SOURCED: Final = {"source": SOURCE, "confidence": "derived"}


def _source(file: str) -> dict[str, str]:
    shown = plain_name(file, "infra.json")
    return {
        "id": SOURCE,
        "title": f"railJSON infrastructure {shown}",
        "publisher": "not stated",
        "address": shown,
        "licence": "not stated",
        "note": "Gauge and base date, and the country where the file says none, as stated when "
        "it was imported.",
    }


def _frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = list(load_schema()[table].columns)
    return pd.DataFrame(rows, columns=columns, dtype=object)


class _Builder:
    """Makes rows of tables from places and lines."""

    def __init__(
        self, lists: Lists, options: ImportOptions, notes: list[Note], findings: Findings
    ) -> None:
        self.options = options
        self.notes = notes
        self.findings = findings
        self.points = {point["id"]: point for point in lists["operational_points"]}
        self.tracks = {track["id"]: track for track in lists["track_sections"]}
        self.geometry = Geometry(lists, notes)
        self.node_rows: list[dict[str, Any]] = []
        self.coordinate_rows: list[dict[str, Any]] = []
        self.line_rows: dict[tuple[str, str], dict[str, Any]] = {}
        self._line_ids = Ids("lines", notes)

    def nodes(self, network: Network) -> dict[Place, str]:
        """Rows of nodes and coordinates; the id of each place."""
        ids = Ids("nodes", self.notes)
        of_points = ids.all_of("operational_points", list(self.points))
        countries = self._countries()
        usual = Counter(countries.values()).most_common(1)
        degrees = Counter(place for line in network.lines for place in (line.start, line.stop))
        found: dict[Place, str] = {}
        for place in network.places:
            if place.point:
                node, country = of_points[place.point], countries[place.point]
                name = self._point_name(self.points[place.point])
                kind = self._kind(self.points[place.point], degrees[place])
                at = self.geometry.of_point(place.point)
            else:
                node = place.name if ids.take(place.name) else ids.make("switches", place.name)
                country = self.options.country or (usual[0][0] if usual else "")
                name, kind = plain_name(f"Junction {place.name}", node), "junction"
                at = self.geometry.of_switch(place.name)
                if len(set(countries.values())) > 1:
                    self.notes.append(Note("nodes", node, "country", Why.ASSUMED, country))
            found[place] = node
            row = {"id": node, "name_en": name, "kind": kind, "country": country, **_SOURCED}
            self.node_rows.append(row)
            if at is not None:
                where = {"node": node, "lon_deg": at[0], "lat_deg": at[1]}
                self.coordinate_rows.append({**where, "licence": "not stated", **_SOURCED})
        return found

    def _countries(self) -> dict[str, str]:
        found = {}
        for position, (name, point) in enumerate(self.points.items()):
            own = point.get("country_code", "")
            if fits("nodes", "country", own):
                found[name] = own
            elif self.options.country:
                found[name] = self.options.country
                self.notes.append(
                    Note("operational_points", name, "country_code", Why.ASSUMED, own[:40])
                )
            else:
                place = ("operational_points", position)
                self.findings.error("railjson_country_unknown", place, value=own)
                found[name] = ""
        return found

    def _point_name(self, point: Object) -> str:
        extensions = point.get("extensions") or {}
        identifier = extensions.get("identifier")
        older = identifier.get("name") if isinstance(identifier, dict) else None
        own, notes = point["id"], self.notes
        for extension in sorted(extensions):
            if extension != "identifier":
                notes.append(
                    Note("operational_points", own, "extensions", Why.NOT_CARRIED, extension[:40])
                )
        for field in _POINT_FIELDS:
            if point.get(field) is not None:
                notes.append(
                    Note("operational_points", own, field, Why.NOT_CARRIED, str(point[field])[:40])
                )
        if point.get("main_code", own) != own:
            notes.append(
                Note(
                    "operational_points", own, "main_code", Why.NOT_CARRIED, point["main_code"][:40]
                )
            )
        if not point["parts"]:
            notes.append(Note("operational_points", own, "parts", Why.NOT_CARRIED, "[]"))
        name = plain_name(point.get("name", older), own)
        if point.get("name", older) not in (None, name):
            notes.append(Note("operational_points", own, "name", Why.RENAMED, name[:40]))
        return name

    def _kind(self, point: Object, degree: int) -> str:
        if point.get("is_passenger_station"):
            return "station"
        kind = "junction" if degree > 2 and "is_passenger_station" in point else "station"
        self.notes.append(Note("operational_points", point["id"], "kind", Why.ASSUMED, kind))
        return kind

    def section_ids(self, lines: Iterable[Line]) -> list[str]:
        """An id for each line: that of the section it was written from, else of its first track."""
        ids = Ids("sections", self.notes)
        lines = list(lines)
        wanted = [self._wanted(line) for line in lines]
        kept = [name if ids.take(name) else "" for name in wanted]
        pairs = zip(kept, wanted, strict=True)
        return [own or ids.make("track_sections", name) for own, name in pairs]

    def _wanted(self, line: Line) -> str:
        longest = max(line.tracks[0], key=lambda piece: piece.length)
        return own_section(self.tracks[longest.track]) or longest.track

    def section(
        self, name: str, line: Line, own: Profile, nodes: Mapping[Place, str]
    ) -> dict[str, Any]:
        """A row of ``sections``."""
        length = round(own.length_m / 1000.0, _KM_DIGITS)
        if length < _SHORTEST_KM:
            self.notes.append(
                Note("sections", name, "length_km", Why.OUT_OF_RANGE, f"{length:.6f} km")
            )
        return {
            "id": name,
            "line": self._line(line),
            "mode": "rail",
            "from_node": nodes[line.start],
            "to_node": nodes[line.stop],
            "length_km": max(length, _SHORTEST_KM),
            "tracks": min(len(line.tracks), MOST_TRACKS),
            "gauge_mm": self.options.gauge_mm,
            "traction": own.traction,
            "permitted_speed_km_per_h": own.permitted_km_per_h,
            **_SOURCED,
        }

    def _line(self, line: Line) -> str | None:
        """The named line that the first track belongs to."""
        longest = max(line.tracks[0], key=lambda piece: piece.length)
        written, names = own_line(self.tracks[longest.track])
        if written:
            return self._own_line(written, names)
        sncf = (self.tracks[longest.track].get("extensions") or {}).get("sncf")
        if not isinstance(sncf, dict) or not isinstance(sncf.get("line_name"), str):
            return None
        name = plain_name(sncf["line_name"], "?")
        key = (name, str(sncf.get("line_code", ""))[:40])
        if key not in self.line_rows:
            wanted = re.sub("[^A-Za-z0-9]+", "_", f"{name} {key[1]}").strip("_")
            own = wanted if self._line_ids.take(wanted) else self._line_ids.make("lines", wanted)
            row = {"id": own, "name_en": name, "mode": "rail", **_SOURCED}
            self.line_rows[key] = row
        return str(self.line_rows[key]["id"])

    def _own_line(self, wanted: str, names: Mapping[str, str]) -> str:
        """The line that Keruen wrote, with its id where the table takes it."""
        key = (KERUEN, wanted)
        if key not in self.line_rows:
            taken = self._line_ids.take(wanted)
            own = wanted if taken else self._line_ids.make("lines", wanted)
            shown = {
                f"name_{language}": plain_name(name, own)
                for language, name in names.items()
                if f"name_{language}" in load_schema()["lines"].columns
            }
            self.line_rows[key] = {"id": own, "name_en": own, **shown, "mode": "rail", **_SOURCED}
        return str(self.line_rows[key]["id"])


@cache
def _template() -> Model:
    return load_model(Path(str(files("keruen") / "templates" / TEMPLATE)))


def _with_classes(tables: dict[str, pd.DataFrame], notes: list[Note]) -> dict[str, pd.DataFrame]:
    """The tables with classes and signalling of the template, which railJSON does not know."""
    template = _template()
    for table, column in CLASSES.items():
        tables[table] = template[table].astype(object)
        first = str(template[table].index[0])
        tables["sections"][column] = first
        notes.append(Note("sections", "", column, Why.ASSUMED, first))
    sources = template["sources"].astype(object)
    tables["sources"] = pd.concat([tables["sources"], sources], ignore_index=True)
    provenance = template["provenance"]
    own = provenance[provenance["table"].isin(list(CLASSES))]
    tables["provenance"] = own.astype(object)
    return tables
