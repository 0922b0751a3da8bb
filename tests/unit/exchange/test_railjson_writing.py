from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from keruen.errors import FailedError, UsageError
from keruen.exchange.railjson import read_railjson
from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.shapes import VERSION
from keruen.exchange.railjson.throats import TrackEnd, throat
from keruen.exchange.railjson.writing import infrastructure_of, write_railjson
from keruen.model import Model
from support.exports import changed, corridor
from support.infra import LISTS, OPTIONS, railway

# Required fields of the schema of 3.5.3, written down apart from the product's own table.
REQUIRED = {
    "operational_points": {
        "id", "parts", "name", "uic", "plc", "country_code", "main_code", "secondary_code",
        "is_passenger_station", "secondary_name",
    },
    "track_sections": {"id", "geo", "length", "slopes", "curves"},
    "switches": {"id", "switch_type", "group_change_delay", "ports"},
    "speed_sections": {"id", "speed_limit_by_tag", "track_ranges"},
    "electrifications": {"id", "voltage", "track_ranges"},
    "buffer_stops": {"id", "track", "position"},
}  # fmt: skip
OPTIONAL = {
    "operational_points": {"weight"},
    "track_sections": {"loading_gauge_limits", "extensions"},
    "switches": {"extensions"},
    "speed_sections": {"speed_limit", "on_routes", "extensions"},
    "buffer_stops": {"extensions"},
}
PORTS = {"link": {"A", "B"}, "point_switch": {"A", "B1", "B2"}}


def star(folder: Path) -> Model:
    """Three double or single sections at one station, and a broad one that ends there."""
    return railway(
        folder,
        ("hub", "north", "east", "south", "west"),
        [
            ("hub_north", "hub", "north", 12.5, 2, 1520, "25kv_ac", 90),
            ("east_hub", "east", "hub", 7.25, 1, 1520, "diesel", 70),
            ("hub_south", "hub", "south", 30, 1, 1520, "3kv_dc", 70),
            ("hub_west", "hub", "west", 4, 1, 1435, "diesel", ""),
        ],
        [
            ("east_hub", 0, 400, "", ""),
            ("east_hub", 2, 410, 40, 350),
            ("east_hub", 7.25, 396, "", ""),
        ],
    )


def valid(document: dict[str, Any]) -> None:
    """The document has what the schema requires, nothing else, and refers to what is there."""
    assert document["version"] == "3.5.3"
    assert set(document) == {"version", *LISTS}
    for name, required in REQUIRED.items():
        for one in document[name]:
            assert required <= set(one) <= required | OPTIONAL.get(name, set()), name
        ids = [one["id"] for one in document[name]]
        assert len(ids) == len(set(ids))
        assert all(0 < len(own) <= 255 for own in ids)
    lengths = {one["id"]: one["length"] for one in document["track_sections"]}
    assert all(length > 0.0 for length in lengths.values())
    corners: Counter[tuple[str, str]] = Counter()
    for switch in document["switches"]:
        assert set(switch["ports"]) == PORTS[switch["switch_type"]]
        corners.update((port["track"], port["endpoint"]) for port in switch["ports"].values())
    for stop in document["buffer_stops"]:
        length = lengths[stop["track"]]
        assert stop["position"] in (0.0, length)
        corners[(stop["track"], "BEGIN" if stop["position"] == 0.0 else "END")] += 1
    every = {(track, end) for track in lengths for end in ("BEGIN", "END")}
    assert corners == Counter(every), "each end has one switch or one buffer stop"
    for one in document["speed_sections"] + document["electrifications"]:
        for span in one["track_ranges"]:
            assert 0.0 <= span["begin"] < span["end"] <= lengths[span["track"]]
    for track in document["track_sections"]:
        assert len(track["geo"]["coordinates"]) >= 2
        for span in track["slopes"] + track["curves"]:
            assert 0.0 <= span["begin"] < span["end"] <= track["length"]
    for point in document["operational_points"]:
        assert all(part["local_track_name"] for part in point["parts"])
        assert all(0.0 <= part["position"] <= lengths[part["track"]] for part in point["parts"])


def test_what_is_written_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "out" / "infra.json"
    write_railjson(star(tmp_path / "study"), file)
    assert [entry.name for entry in file.parent.iterdir()] == ["infra.json"]
    valid(json.loads(file.read_text(encoding="utf-8")))
    assert VERSION == "3.5.3"


def test_the_corridor_template_is_valid_too() -> None:
    document, notes = infrastructure_of(corridor().in_year(2024))
    valid(document)
    assert notes


def test_tracks_speeds_slopes_curves_and_wires_are_written(tmp_path: Path) -> None:
    document, _ = infrastructure_of(star(tmp_path / "study"))
    tracks = {one["id"]: one for one in document["track_sections"]}
    assert {"hub_north", "hub_north.2", "east_hub", "hub_south", "hub_west"} <= set(tracks)
    assert tracks["hub_north.2"]["length"] == 12_500.0
    assert tracks["hub_north.2"]["extensions"]["source"] == {"name": "keruen", "id": "hub_north"}
    slopes = [(s["begin"], s["end"], s["gradient"]) for s in tracks["east_hub"]["slopes"]]
    assert slopes == [(0.0, 2000.0, 5.0), (2000.0, 7250.0, pytest.approx(-14.0 / 5.25))]
    assert tracks["east_hub"]["curves"] == [{"radius": 350.0, "begin": 2000.0, "end": 7250.0}]
    limits = {
        (span["track"], span["begin"], span["end"]): round(one["speed_limit"] * 3.6, 9)
        for one in document["speed_sections"]
        for span in one["track_ranges"]
    }
    assert limits == {
        ("hub_north", 0.0, 12_500.0): 90.0,
        ("hub_north.2", 0.0, 12_500.0): 90.0,
        ("east_hub", 0.0, 2_000.0): 70.0,
        ("east_hub", 2_000.0, 7_250.0): 40.0,
        ("hub_south", 0.0, 30_000.0): 70.0,
    }
    wires = {
        span["track"]: one["voltage"]
        for one in document["electrifications"]
        for span in one["track_ranges"]
    }
    assert wires == {"hub_north": "25000V", "hub_north.2": "25000V", "hub_south": "3000V"}


def test_no_train_passes_a_break_of_gauge(tmp_path: Path) -> None:
    document, _ = infrastructure_of(star(tmp_path / "study"))
    ended = {stop["track"] for stop in document["buffer_stops"] if stop["position"] == 0.0}
    assert "hub_west" in ended
    points = {one["id"]: one for one in document["operational_points"]}
    assert {part["track"] for part in points["hub"]["parts"]} >= {"hub_west", "east_hub"}


def movements(switches: list[dict[str, Any]], start: TrackEnd, known: set[str]) -> set[str]:
    """Tracks of sections that a train can go to from the end of one, without turning back."""
    joins = {"link": [("A", "B")], "point_switch": [("A", "B1"), ("A", "B2")]}
    beside: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for switch in switches:
        ends = {port: (e["track"], e["endpoint"]) for port, e in switch["ports"].items()}
        for one, other in joins[switch["switch_type"]]:
            beside.setdefault(ends[one], []).append(ends[other])
            beside.setdefault(ends[other], []).append(ends[one])
    found, waiting = set(), [(start.track, start.endpoint)]
    while waiting:
        for track, end in beside.get(waiting.pop(), []):
            if track in known:
                found.add(track)
            else:
                waiting.append((track, "END" if end == "BEGIN" else "BEGIN"))
    return found


@pytest.mark.parametrize("sizes", [(1, 1), (2, 2), (1, 1, 1), (2, 1, 3), (4,), (2, 2, 2, 2)])
def test_a_throat_lets_every_track_reach_every_other_section(sizes: tuple[int, ...]) -> None:
    ends = [
        TrackEnd(f"s{i}", f"s{i}.{k}", "END" if i % 2 else "BEGIN")
        for i, size in enumerate(sizes)
        for k in range(size)
    ]
    made = throat("n", ends)
    known = {end.track for end in ends}
    for end in ends:
        others = {other.track for other in ends if other.section != end.section}
        assert movements(made.switches, end, known) == others
    assert len(made.tracks) == len(set(made.tracks))
    assert made.closed == (ends if len(sizes) == 1 else [])


def test_what_railjson_has_no_words_for_is_told(tmp_path: Path) -> None:
    _, notes = infrastructure_of(star(tmp_path / "study"))
    told = {(note.kind, note.id, note.field, note.why) for note in notes}
    assert told >= {
        ("sections", "hub_west", "gauge_mm", Why.NOT_CARRIED),
        ("sections", "hub_north", "signalling", Why.NOT_CARRIED),
        ("line_classes", "", "", Why.NOT_CARRIED),
        ("track_profiles", "east_hub", "elevation_m", Why.SIMPLIFIED),
        ("nodes", "hub", "track_sections", Why.ADDED),
        ("routes", "", "", Why.ASSUMED),
    }
    model = corridor().in_year(2024)
    _, notes = infrastructure_of(model)
    roads = set(model["sections"].index[model["sections"]["mode"] != "rail"])
    assert roads
    assert {n.id for n in notes if n.kind == "sections" and not n.field} == roads


def test_classes_fill_speeds_and_days_decide_what_is_there() -> None:
    model = changed(corridor(), "line_classes", "permitted_speed_km_per_h", "plain", 85.0)
    written = {}
    for year in (model.settings.first_year, model.settings.last_year):
        day = model.in_year(year)
        document, _ = infrastructure_of(day)
        assert {round(one["speed_limit"] * 3.6, 6) for one in document["speed_sections"]} == {
            60.0,
            70.0,
            80.0,
            85.0,
        }
        tracks = [t["extensions"].get("source") for t in document["track_sections"]]
        written[year] = Counter(source["id"] for source in tracks if source)
        rail = day["sections"][day["sections"]["mode"] == "rail"]
        assert written[year] == Counter(rail["tracks"].astype(int).to_dict())
    assert len(written) == 2


def test_a_study_without_railway_or_coordinates_is_refused(tmp_path: Path) -> None:
    model = star(tmp_path / "study")
    lost = changed(model, "coordinates", "node", "hub", "elsewhere")
    with pytest.raises(FailedError) as told:
        write_railjson(lost, tmp_path / "infra.json")
    assert told.value.problems[0].code == "nodes_without_coordinates"
    road = model
    for section in model["sections"].index:
        road = changed(road, "sections", "mode", str(section), "road")
    with pytest.raises(FailedError) as told:
        write_railjson(road, tmp_path / "infra.json")
    assert told.value.problems[0].code == "railjson_no_railway"
    assert not (tmp_path / "infra.json").exists()


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "infra.json"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError):
        write_railjson(star(tmp_path / "study"), file)
    assert file.read_text(encoding="utf-8") == "mine"


def test_profiles_that_end_early_or_late_are_told(tmp_path: Path) -> None:
    model = railway(
        tmp_path / "study",
        ("a", "b", "c"),
        [("ab", "a", "b", 5, 1, 1520, "diesel", 60), ("bc", "b", "c", 5, 1, 1520, "diesel", 60)],
        [("ab", 0, 10, "", ""), ("ab", 5, 12, "", ""), ("bc", 0, 0, "", ""), ("bc", 5, 6, "", "")],
    )
    # A project may lengthen a section and leave its profile as it was.
    longer = changed(model, "sections", "length_km", "ab", 6.0)
    changed_too = changed(longer, "sections", "length_km", "bc", 4.0)
    document, notes = infrastructure_of(changed_too)
    valid(document)
    assert Note("track_profiles", "ab", "km", Why.SIMPLIFIED, "0 ‰") in notes
    assert Note("track_profiles", "bc", "km", Why.OUT_OF_RANGE, "5000 m") in notes
    file = tmp_path / "infra.json"
    write_railjson(changed_too, file)
    assert len(read_railjson(file, OPTIONS).tables["sections"]) == 2
