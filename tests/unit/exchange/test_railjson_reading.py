from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keruen.capacity import Capacities, capacity
from keruen.errors import StudyError, UsageError
from keruen.exchange.railjson.folder import write_imported
from keruen.exchange.railjson.notes import Note, Why, notes_as_warnings
from keruen.exchange.railjson.reading import Imported
from keruen.model import load_model
from support.infra import (
    OPTIONS,
    double_track,
    fork,
    infra,
    point,
    read,
    rows,
    span,
    switch,
    track,
)


def profile(imported: Imported, section: str) -> list[tuple[Any, ...]]:
    frame = imported.tables["track_profiles"]
    own = frame[frame["section"] == section].sort_values("km")
    columns = ["km", "elevation_m", "limit_km_per_h", "radius_m"]
    cells = own[columns].astype(object)
    return [tuple(row) for row in cells.where(cells.notna(), None).to_numpy()]


def why(imported: Imported, kind: str, field: str = "") -> dict[str, Why]:
    return {
        note.id: note.why for note in imported.notes if (note.kind, note.field) == (kind, field)
    }


def test_a_fork_out_on_the_line_becomes_a_junction(tmp_path: Path) -> None:
    imported = read(fork(), tmp_path)
    kinds = {name: row["kind"] for name, row in rows(imported, "nodes").items()}
    assert kinds == {"alpha": "station", "beta": "station", "gamma": "station", "fork": "junction"}
    found = {
        name: (row["from_node"], row["to_node"], row["length_km"], row["tracks"])
        for name, row in rows(imported, "sections").items()
    }
    assert found == {
        "stem": ("alpha", "fork", 12.0, 1),
        "left": ("fork", "beta", 9.0, 1),
        "right": ("fork", "gamma", 19.5, 1),
    }
    assert (imported.tables["sections"]["gauge_mm"] == 1520).all()


def test_speeds_slopes_curves_and_wires_come_over(tmp_path: Path) -> None:
    imported = read(fork(), tmp_path)
    sections = rows(imported, "sections")
    assert sections["stem"]["permitted_speed_km_per_h"] == 80.0
    assert sections["right"]["permitted_speed_km_per_h"] is None, "the file limits nothing there"
    assert profile(imported, "stem") == [
        (0.0, 0.0, None, None),
        (2.0, 0.0, None, None),
        (3.0, 6.0, 50.0, None),
        (4.0, 12.0, None, None),
        (7.0, 30.0, None, None),
        (8.0, 30.0, None, 600.0),
        (8.5, 30.0, None, None),
        (12.0, 30.0, None, None),
    ]
    assert profile(imported, "left") == [], "nothing is said of it"
    assert profile(imported, "right") == [(0.0, 0.0, None, None), (19.5, -78.0, None, None)]
    traction = {name: row["traction"] for name, row in sections.items()}
    assert traction == {"stem": "25kv_ac", "left": "diesel", "right": "diesel"}
    assert why(imported, "sections", "traction") == {
        "left": Why.SIMPLIFIED,
        "right": Why.ASSUMED,
    }, "left has a wire over a part only"


def test_limits_of_a_tag_are_taken_when_it_is_asked_for(tmp_path: Path) -> None:
    imported = read(fork(), tmp_path, replace(OPTIONS, speed_tag="freight"))
    assert rows(imported, "sections")["stem"]["permitted_speed_km_per_h"] == 70.0
    assert "usual" not in why(imported, "speed_sections", "speed_limit_by_tag")
    untagged = read(fork(), tmp_path)
    assert why(untagged, "speed_sections", "speed_limit_by_tag") == {"usual": Why.NOT_CARRIED}


def test_a_section_walked_against_its_first_track_is_turned(tmp_path: Path) -> None:
    turned = infra(
        track_sections=[track("t", 8_000.0, slopes=[{"gradient": 5.0, "begin": 0.0, "end": 8e3}])],
        operational_points=[point("zulu", ("t", 0.0)), point("alpha", ("t", 8_000.0))],
    )
    imported = read(turned, tmp_path)
    row = rows(imported, "sections")["t"]
    assert (row["from_node"], row["to_node"]) == ("zulu", "alpha"), "as the track runs"
    assert profile(imported, "t")[-1][:2] == (8.0, 40.0)


def test_slopes_of_pieces_walked_backwards_change_sign(tmp_path: Path) -> None:
    pieces = infra(
        track_sections=[
            track("a", 6_000.0, slopes=[{"gradient": 10.0, "begin": 1_000.0, "end": 2_000.0}]),
            track("b", 4_000.0, slopes=[{"gradient": 10.0, "begin": 0.0, "end": 1_000.0}]),
        ],
        operational_points=[point("west", ("a", 0.0)), point("east", ("b", 0.0))],
        switches=[switch("l", "link", A=("a", "END"), B=("b", "END"))],
    )
    imported = read(pieces, tmp_path)
    heights = [row[:2] for row in profile(imported, "a")]
    assert heights == [(0.0, 0.0), (1.0, 0.0), (2.0, 10.0), (9.0, 10.0), (10.0, 0.0)]


def test_two_tracks_are_one_section_and_a_crossover_a_junction(tmp_path: Path) -> None:
    imported = read(double_track(), tmp_path)
    sections = rows(imported, "sections")
    assert {name: row["tracks"] for name, row in sections.items()} == {"down1": 2, "down2": 2}
    first, second = sections["down1"], sections["down2"]
    assert (first["from_node"], first["to_node"]) == ("west", "cross_down")
    assert (second["from_node"], second["to_node"]) == ("cross_down", "east")
    assert first["length_km"] == pytest.approx(6.7), "the shorter track stands for both"
    assert second["length_km"] == pytest.approx(5.5)
    lengths = {note.id: note.value for note in imported.notes if note.field == "length_km"}
    assert lengths == {"down1": "+0.050 km", "down2": "+0.120 km"}, "how far the other is off"
    assert rows(imported, "nodes")["cross_down"]["kind"] == "junction"
    lost = why(imported, "track_sections", "length")
    assert {"cross", "west_loop", "west_main"} <= set(lost), "station tracks and dead ends"


def test_a_loop_out_on_the_line_keeps_its_two_tracks(tmp_path: Path) -> None:
    loop = infra(
        track_sections=[
            track("in", 10_000.0),
            track("one", 3_000.0),
            track("two", 3_000.0),
            track("out", 7_000.0),
        ],
        operational_points=[point("west", ("in", 0.0)), point("east", ("out", 7_000.0))],
        switches=[
            switch("w", "point_switch", A=("in", "END"), B1=("one", "BEGIN"), B2=("two", "BEGIN")),
            switch("e", "point_switch", A=("out", "BEGIN"), B1=("one", "END"), B2=("two", "END")),
        ],
    )
    found = {row["id"]: row["tracks"] for row in rows(read(loop, tmp_path), "sections").values()}
    assert found == {"in": 1, "one": 2, "out": 1}
    near = read(loop, tmp_path, replace(OPTIONS, near_m=3_500.0))
    whole = rows(near, "sections")
    assert {row["from_node"] for row in whole.values()} | {
        row["to_node"] for row in whole.values()
    } == {"west", "e", "east"}
    assert sum(row["length_km"] for row in whole.values()) == pytest.approx(20.0)


def test_lines_of_unlike_length_between_two_points_are_two_sections(tmp_path: Path) -> None:
    detour = infra(
        track_sections=[track("direct", 10_000.0), track("detour", 16_000.0)],
        operational_points=[
            point("west", ("direct", 0.0), ("detour", 0.0)),
            point("east", ("direct", 10_000.0), ("detour", 16_000.0)),
        ],
    )
    assert set(rows(read(detour, tmp_path), "sections")) == {"direct", "detour"}


def test_a_point_on_a_ring_and_a_ring_without_points_are_told(tmp_path: Path) -> None:
    ring = infra(
        track_sections=[track("ring", 5_000.0), track("lone", 4_000.0), track("line", 9_000.0)],
        operational_points=[point("on_ring", ("ring", 100.0), ("line", 0.0)), point("lost")],
        switches=[
            switch("r", "link", A=("ring", "END"), B=("ring", "BEGIN")),
            switch("l", "link", A=("lone", "END"), B=("lone", "BEGIN")),
        ],
    )
    imported = read(ring, tmp_path)
    assert rows(imported, "sections") == {}
    told = {note.id: note.value for note in imported.notes if note.kind == "track_sections"}
    assert told["lone"] == "ring"
    assert told["ring"].startswith("station track")
    assert told["line"].startswith("dead end")
    assert why(imported, "operational_points", "parts") == {"lost": Why.NOT_CARRIED}


def test_no_train_turns_back_in_a_switch(tmp_path: Path) -> None:
    # The points now belong to beta, and join the tracks to alpha and beta, not gamma and beta.
    imported = read(fork(), tmp_path, replace(OPTIONS, near_m=10_000.0))
    sections = rows(imported, "sections")
    assert {name: row["length_km"] for name, row in sections.items()} == {
        "stem": 21.0,
        "right": 19.5,
    }, "the way through the points counts for alpha only"
    assert why(imported, "switches", "B2") == {"fork": Why.SIMPLIFIED}


def test_names_and_ids_that_cannot_stay_are_told(tmp_path: Path) -> None:
    document = infra(
        track_sections=[track("t/1", 3_000.0), track("t.1", 3_000.0)],
        operational_points=[
            point("op.a", ("t/1", 0.0), name="Ak\u202etogay"),
            point("op a", ("t/1", 3_000.0), ("t.1", 0.0)),
            point("op_a", ("t.1", 3_000.0)),
        ],
    )
    imported = read(document, tmp_path)
    nodes = rows(imported, "nodes")
    assert set(nodes) == {"op_a", "op_a_2", "op_a_3"}, "the one that can stay does"
    assert set(rows(imported, "sections")) == {"t_1", "t_1_2"}
    assert set(why(imported, "operational_points", "id")) == {"op.a", "op a"}
    assert nodes["op_a_2"]["name_en"] == "Aktogay"
    assert why(imported, "operational_points", "name") == {"op.a": Why.RENAMED}


def test_files_of_older_versions_are_read(tmp_path: Path) -> None:
    document = fork()
    document["version"] = "3.4.13"
    del document["level_crossings"]
    for old in document["operational_points"]:
        for field in ("name", "uic", "plc", "country_code", "main_code", "is_passenger_station"):
            del old[field]
        old["extensions"] = {"identifier": {"name": "Old", "uic": 1}, "sncf": {"ci": 0}}
    with pytest.raises(StudyError) as refused:
        read(document, tmp_path)
    codes = {problem.code for problem in refused.value.problems}
    assert codes == {"railjson_country_unknown"}
    assert refused.value.problems[1].place == "infra.json:/operational_points/1"
    imported = read(document, tmp_path, replace(OPTIONS, country="KZ"))
    assert {row["name_en"] for row in rows(imported, "nodes").values()} >= {"Old"}
    assert set(why(imported, "operational_points", "country_code")) == {"alpha", "beta", "gamma"}
    assert Note("level_crossings", "", "", Why.ASSUMED, "[]") in imported.notes


def test_nothing_is_dropped_silently(tmp_path: Path) -> None:
    document = fork()
    document["catenaries"] = []
    document["track_sections"][0]["sch"] = {}
    document["track_sections"][1]["loading_gauge_limits"] = [
        {"category": "G1", "begin": 0.0, "end": 10.0}
    ]
    document["electrifications"].append(
        {"id": "dc", "voltage": "1500V", "track_ranges": [span("right", 0.0, 10.0)]}
    )
    document["neutral_sections"] = [{"id": "n1"}]
    document["routes"] = [{"id": "r1"}]
    document["speed_sections"].append(
        {
            "id": "by_route",
            "speed_limit": 10.0,
            "speed_limit_by_tag": {},
            "on_routes": ["r1"],
            "track_ranges": [span("left", 0.0, 10.0)],
        }
    )
    document["speed_sections"].append(
        {
            "id": "crawl",
            "speed_limit": 1.0,
            "speed_limit_by_tag": {},
            "track_ranges": [span("right", 0.0, 10.0, "START_TO_STOP")],
        }
    )
    document["operational_points"][0]["uic"] = 27
    imported = read(document, tmp_path)
    told = {(note.kind, note.id, note.field, note.why) for note in imported.notes}
    assert told >= {
        ("infra", "", "catenaries", Why.UNKNOWN_FIELD),
        ("track_sections", "stem", "sch", Why.UNKNOWN_FIELD),
        ("track_sections", "left", "loading_gauge_limits", Why.NOT_CARRIED),
        ("electrifications", "dc", "voltage", Why.NOT_CARRIED),
        ("neutral_sections", "n1", "", Why.NOT_CARRIED),
        ("routes", "r1", "", Why.NOT_CARRIED),
        ("signals", "s1", "", Why.NOT_CARRIED),
        ("speed_sections", "by_route", "on_routes", Why.NOT_CARRIED),
        ("speed_sections", "crawl", "applicable_directions", Why.SIMPLIFIED),
        ("sections", "right", "limit_km_per_h", Why.OUT_OF_RANGE),
        ("operational_points", "alpha", "uic", Why.NOT_CARRIED),
        ("track_sections", "right", "length", Why.NOT_CARRIED),
    }
    assert sum(imported.counts.values()) == len(imported.notes)
    warnings = notes_as_warnings(imported.notes, "infra.json")
    assert sum(int(str(warning.params["count"])) for warning in warnings) == len(imported.notes)
    assert not any(warning.is_error for warning in warnings)


def test_heights_outside_the_earth_leave_the_profile_out(tmp_path: Path) -> None:
    document = fork()
    document["track_sections"][0]["slopes"] = [
        {"gradient": -100.0, "begin": 0.0, "end": document["track_sections"][0]["length"]}
    ]
    imported = read(document, tmp_path)
    assert profile(imported, "stem") == []
    assert why(imported, "sections", "elevation_m")["stem"] is Why.OUT_OF_RANGE


def test_coordinates_come_from_the_lines_of_tracks(tmp_path: Path) -> None:
    places = rows(read(fork(), tmp_path), "coordinates", "node")
    assert (places["alpha"]["lon_deg"], places["alpha"]["lat_deg"]) == (80.0, 45.0)
    assert places["gamma"]["lon_deg"] == pytest.approx(80.0 + 19_500.0 / 80e3)
    assert places["fork"]["lon_deg"] == 80.15, "the end of the stem"
    document = fork()
    del document["track_sections"][1]["geo"]
    document["track_sections"][2]["geo"]["coordinates"] = [[600000.0, 6e6], [600001.0, 6e6]]
    imported = read(document, tmp_path)
    assert set(rows(imported, "coordinates", "node")) == {"alpha", "fork"}
    assert why(imported, "track_sections", "geo") == {
        "left": Why.ASSUMED,
        "right": Why.OUT_OF_RANGE,
    }


def test_what_is_read_is_a_study_that_runs(tmp_path: Path) -> None:
    imported = read(fork(), tmp_path)
    files = write_imported(imported, tmp_path / "study")
    assert {"study.yaml", "sections.csv", "track_profiles.csv"} <= set(files)
    model = load_model(tmp_path / "study")
    assert set(model["sections"].index) == {"stem", "left", "right"}
    records = list(capacity(Capacities(model.in_year(2025))))
    found = {record.id: record.trains_per_day for record in records if record.kind == "sections"}
    assert set(found) == {"stem", "left", "right"}
    assert all(value > 0.0 for value in found.values() if value is not None)
    assert model.number("sections", "stem", "permitted_speed_km_per_h") == 80.0
    assert model.number("sections", "right", "permitted_speed_km_per_h") is None


def test_a_folder_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    imported = read(fork(), tmp_path)
    with pytest.raises(UsageError):
        write_imported(imported, tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["infra.json"]
