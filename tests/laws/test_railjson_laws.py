"""What railJSON can say of a study comes back; no file brings more than a told refusal."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.errors import KeruenError
from keruen.exchange.railjson import read_railjson, write_imported, write_railjson
from keruen.model import Model, load_model
from support.infra import OPTIONS, Infra, double_track, fork, railway, read

NODES = tuple("abcdefg")
LINES = ("odd", "even")
TRACTIONS = ("diesel", "25kv_ac", "15kv_ac", "3kv_dc")
METRES = st.integers(20, 90_000).map(lambda metres: metres / 1000.0)
SPEEDS = st.integers(50, 1600).map(lambda tenth: tenth / 10.0)

Row = tuple[Any, ...]


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


@st.composite
def profiles(draw: st.DrawFn, section: str, length: float) -> list[Row]:
    """Rows from the start of a section to its end; heights from nought, as they come back."""
    inner = draw(st.sets(st.integers(1, int(length * 1000) - 1), max_size=4))
    kms = [0.0, *(metre / 1000.0 for metre in sorted(inner)), length]
    rows = []
    height = before = 0.0
    for km in kms:
        height += draw(st.integers(-5, 5)) / 1000.0 * (km - before) * 1000.0
        before = km
        limit = draw(st.sampled_from(("", 25, 40.5)))
        radius = draw(st.sampled_from(("", 300, 850.5)))
        last = km == length
        rows.append((section, km, round(height, 4), *(("", "") if last else (limit, radius))))
    return rows


@st.composite
def networks(draw: st.DrawFn) -> tuple[tuple[str, ...], list[Row], list[Row]]:
    """Nodes, sections of up to four tracks (some side by side), and profiles of some of them."""
    # A place has at most 300 switches: tracks that end at a node are joined each to each.
    nodes = NODES[: draw(st.integers(2, len(NODES)))]
    room = dict.fromkeys(nodes, 16)
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    ends = draw(st.lists(pairs.filter(lambda p: p[0] != p[1]), min_size=1, max_size=8))
    sections, rows = [], []
    for number, (start, end) in enumerate(ends):
        name, length = f"s{number}_{start}{end}", draw(METRES)
        traction = draw(st.sampled_from(TRACTIONS))
        speed = draw(st.one_of(st.just(""), SPEEDS))
        most = min(4, room[start], room[end])
        if most < 1:
            continue
        tracks = draw(st.integers(1, most))
        room[start] -= tracks
        room[end] -= tracks
        sections.append((name, start, end, length, tracks, 1520, traction, speed))
        if draw(st.booleans()):
            rows += draw(profiles(name, length))
    return nodes, sections, rows


def effective(model: Model, section: str) -> list[tuple[float, float, float, float]]:
    """Height, limit and radius on each kilometre where something may change: what trains meet."""
    permitted = model.number("sections", section, "permitted_speed_km_per_h") or 0.0
    frame = model["track_profiles"]
    own = frame[frame["section"] == section].sort_values("km")
    found = []
    for _, row in own.iterrows():
        limit = permitted if pd.isna(row["limit_km_per_h"]) else float(row["limit_km_per_h"])
        radius = 0.0 if pd.isna(row["radius_m"]) else float(row["radius_m"])
        found.append((float(row["km"]), float(row["elevation_m"]), limit, radius))
    return found


def at(rows: list[tuple[float, float, float, float]], km: float) -> tuple[float, float]:
    """Limit and radius that hold from a kilometre on."""
    row = [row for row in rows if row[0] <= km + 1e-6][-1]
    return row[2], row[3]


def height(rows: list[tuple[float, float, float, float]], km: float) -> float:
    """Height at a kilometre, straight between rows."""
    for before, after in pairwise(rows):
        if before[0] <= km <= after[0] + 1e-6:
            share = (km - before[0]) / (after[0] - before[0])
            return before[1] + share * (after[1] - before[1])
    return rows[-1][1]


def in_lines(model: Model) -> Model:
    """The study with every section in one of two lines, or in none."""
    sections = model["sections"].copy()
    sections["line"] = [("", "odd", "even")[n % 3] for n in range(len(sections))]
    columns = list(model["lines"].columns)
    own = [
        {"id": name, "mode": "rail", "name_en": name.title(), "name_kk": "Жол"} for name in LINES
    ]
    lines = pd.DataFrame(own).set_index("id", drop=False).reindex(columns=columns)
    return replace(model, tables={**model.tables, "sections": sections, "lines": lines})


@settings(max_examples=10, deadline=None)
@given(networks())
def test_what_railjson_can_say_comes_back(network: tuple[Any, ...]) -> None:
    nodes, sections, rows = network
    with folder() as here:
        model = railway(here / "study", nodes, sections, rows)
        model = in_lines(model)
        write_railjson(model, here / "infra.json")
        imported = read_railjson(here / "infra.json", OPTIONS)
        write_imported(imported, here / "back")
        back = load_model(here / "back")
    used = {node for section in sections for node in section[1:3]}
    assert set(back["nodes"].index) == used
    assert set(back["sections"].index) == {section[0] for section in sections}
    for node in used:
        assert back.text("nodes", node, "name_en") == model.text("nodes", node, "name_en")
        assert back.text("nodes", node, "country") == "KZ"
    places = back["coordinates"].set_index("node")[["lat_deg", "lon_deg"]].sort_index()
    own = model["coordinates"].set_index("node")[["lat_deg", "lon_deg"]].loc[places.index]
    pd.testing.assert_frame_equal(places, own)
    for name, start, end, length, tracks, gauge, traction, _ in sections:
        row = back["sections"].loc[name]
        assert (row["from_node"], row["to_node"]) == (start, end)
        assert (row["tracks"], row["gauge_mm"], row["traction"]) == (tracks, gauge, traction)
        assert abs(row["length_km"] - length) < 1e-9
        compare_profiles(model, back, name)
        line = model.text("sections", name, "line")
        assert back.text("sections", name, "line") == line
        for column in ("mode", "name_en", "name_kk") if line else ():
            assert back.text("lines", line, column) == model.text("lines", line, column)


def compare_profiles(model: Model, back: Model, section: str) -> None:
    before, after = effective(model, section), effective(back, section)
    permitted = model.number("sections", section, "permitted_speed_km_per_h")
    if not before:
        assert not after
        assert back.number("sections", section, "permitted_speed_km_per_h") == permitted
        return
    edges = sorted({row[0] for row in before + after})
    for start, end in pairwise(edges):
        if end - start > 1e-5:
            assert at(before, start) == at(after, start)
    for km in edges:
        assert abs(height(before, km) - height(after, km)) < 1e-4


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**30),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["stem", "alpha", "fork", "END", "BEGIN", "3.5.3", "\ud800", "x" * 300]),
    st.just([]),
    st.just({}),
    st.just([[1.0, 2.0]] * 3),
)


def paths(value: object, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Places of every value of a document but the document itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type]
    for step, one in inner:
        yield (*here, step)
        if isinstance(one, dict | list):
            yield from paths(one, (*here, step))


DOCUMENTS = (fork(), double_track())
PLACES = tuple(tuple(paths(document)) for document in DOCUMENTS)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_spoilt_file_is_refused_with_its_places_or_gives_a_study(data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(DOCUMENTS) - 1))
    document = copy.deepcopy(DOCUMENTS[which])
    for place in data.draw(st.lists(st.sampled_from(PLACES[which]), min_size=1, max_size=3)):
        spoil(document, place, data)
    with folder() as here:
        try:
            imported = read(json.loads(json.dumps(document)), here)
        except KeruenError as refused:
            assert refused.problems
            assert all(problem.file == "infra.json" for problem in refused.problems)
            return
        write_imported(imported, here / "study")
        assert load_model(here / "study") is not None


def spoil(document: Infra, place: tuple[str | int, ...], data: st.DataObject) -> None:
    """Put junk at a place, or take away what stands there; a place that is gone stays so."""
    at_place: Any = document
    for step in place[:-1]:
        try:
            at_place = at_place[step]
        except (KeyError, IndexError, TypeError):
            return
    if not isinstance(at_place, dict | list):
        return
    try:
        if data.draw(st.booleans()):
            at_place[place[-1]] = data.draw(JUNK)  # type: ignore[index]
        else:
            del at_place[place[-1]]  # type: ignore[arg-type]
    except (KeyError, IndexError):
        return
