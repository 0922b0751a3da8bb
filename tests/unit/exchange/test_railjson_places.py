from __future__ import annotations

import math
from pathlib import Path

import pytest

from keruen.exchange.railjson import parsing
from keruen.exchange.railjson.bands import Band
from keruen.exchange.railjson.conditions import Conditions
from keruen.exchange.railjson.folder import write_imported
from keruen.exchange.railjson.losses import own_section
from keruen.exchange.railjson.names import Ids, plain_name
from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.places import MOST_SWITCHES, network_of
from keruen.exchange.railjson.profiles import profile_of
from keruen.exchange.railjson.references import switch_types
from keruen.exchange.railjson.shapes import LISTS, SWITCH_TYPES
from keruen.exchange.railjson.ways import OPEN, POINT, SWITCH, Piece, ways_of
from support.infra import double_track, fork, infra, point, read, switch, track


def test_each_metre_of_track_lies_on_one_way() -> None:
    for document in (fork(), double_track()):
        ways = ways_of(document).ways
        total = math.fsum(one["length"] for one in document["track_sections"])
        assert math.fsum(way.length for way in ways) == pytest.approx(total)
        ends = {kind for way in ways for kind in (way.start.kind, way.stop.kind)}
        assert ends == {POINT, SWITCH, OPEN}


def test_links_are_walked_through() -> None:
    chain = infra(
        track_sections=[track(name, 1_000.0) for name in "abcd"],
        operational_points=[point("w", ("a", 0.0)), point("e", ("d", 1_000.0))],
        switches=[
            switch(f"l{one}", "link", A=(one, "END"), B=(other, "BEGIN"))
            for one, other in ("ab", "bc", "cd")
        ],
    )
    whole = [way for way in ways_of(chain).ways if way.length == 4_000.0]
    assert len(whole) == 1
    assert [piece.track for piece in whole[0].pieces] == list("abcd")
    assert [piece.track for piece in whole[0].turned().pieces] == list("dcba")


def test_points_in_one_spot_stay_two_places() -> None:
    document = infra(
        track_sections=[track("t", 900.0)],
        operational_points=[point("a", ("t", 400.0)), point("b", ("t", 400.0))],
    )
    network, _ = network_of(ways_of(document), ["a", "b"], {}, 1_000.0)
    assert [place.name for place in network.places] == ["a", "b"]
    assert [sum(piece.length for piece in line.tracks[0]) for line in network.lines] == [0.0]


def test_a_chain_of_switches_is_cut_into_places_of_bounded_size() -> None:
    count = 2 * MOST_SWITCHES
    tracks = [track(f"m{i:04}", 10.0) for i in range(count + 1)]
    stubs = [track(f"s{i:04}", 10.0) for i in range(count)]
    points = [
        switch(
            f"p{i:04}",
            "point_switch",
            A=(f"m{i:04}", "END"),
            B1=(f"m{i + 1:04}", "BEGIN"),
            B2=(f"s{i:04}", "BEGIN"),
        )
        for i in range(count)
    ]
    document = infra(track_sections=tracks + stubs, switches=points)
    network, _ = network_of(ways_of(document), [], {}, 1_000.0)
    assert max(len(place.switches) for place in network.places) <= MOST_SWITCHES
    assert sum(len(place.switches) for place in network.places) == count


def test_tracks_of_one_name_are_one_line_whatever_their_length() -> None:
    ends = {"one": 5_000.0, "two": 9_000.0, "three": 5_100.0}
    document = infra(
        track_sections=[track(name, length) for name, length in ends.items()],
        operational_points=[
            point("a", *((name, 0.0) for name in ends)),
            point("b", *ends.items()),
        ],
    )
    ways = ways_of(document)
    unnamed, _ = network_of(ways, ["a", "b"], {}, 1_000.0)
    assert sorted(len(line.tracks) for line in unnamed.lines) == [1, 2]
    names = {"one": "main", "two": "main", "three": "other"}
    named, _ = network_of(ways, ["a", "b"], names, 1_000.0)
    found = {line.tracks[0][0].track: len(line.tracks) for line in named.lines}
    assert found == {"one": 2, "three": 1}


def test_a_profile_says_what_holds_and_what_does_not_fit() -> None:
    conditions = Conditions(
        {"t": [Band(0.0, 50.0, 3.0), Band(50.0, 100.0, 60.0)]},
        {"t": [Band(0.0, 100.0, 20.0)]},
        {"t": [Band(0.0, 30.0, 20.0), Band(30.0, 60.0, 400.0)]},
        {"t": [Band(0.0, 60.0, 0.0), Band(60.0, 100.0, 2.0)]},
    )
    notes: list[Note] = []
    found = profile_of("s", (Piece("t", 0.0, 100.0),), conditions, notes)
    assert (found.length_m, found.permitted_km_per_h, found.traction) == (100.0, None, "diesel")
    assert [tuple(row) for row in found.rows] == [
        (0.0, 0.0, None, None),
        (0.03, 0.6, None, 400.0),
        (0.05, 1.0, 60.0, 400.0),
        (0.06, 1.2, 60.0, None),
        (0.1, 2.0, None, None),
    ]
    assert {(note.field, note.why, note.value) for note in notes} == {
        ("limit_km_per_h", Why.OUT_OF_RANGE, "3"),
        ("radius_m", Why.OUT_OF_RANGE, "20"),
        ("permitted_speed_km_per_h", Why.SIMPLIFIED, "partly"),
        ("traction", Why.SIMPLIFIED, "diesel"),
    }


def test_every_kind_of_switch_joins_ports_that_it_has() -> None:
    for kind in SWITCH_TYPES.values():
        assert {port for pairs in kind.groups.values() for pair in pairs for port in pair} == set(
            kind.ports
        )
    own = {"id": "link", "ports": ["X"], "groups": {}}
    assert switch_types(infra(extended_switch_types=[own])) == dict(SWITCH_TYPES), "built in"
    assert set(LISTS) == set(infra()) - {"version"}
    assert parsing.MAX_BYTES == 200_000_000


def test_ids_stay_where_they_can_and_are_never_given_twice() -> None:
    notes: list[Note] = []
    ids = Ids("nodes", notes)
    wanted = ["a.b", "a_b", "Достық", "con", "", "x" * 255, "a b"]
    found = ids.all_of("points", wanted)
    assert found["a_b"] == "a_b"
    assert len(set(found.values())) == len(wanted)
    assert all(own.isascii() and own.replace("_", "").isalnum() for own in found.values())
    assert {note.id for note in notes} == set(wanted) - {"a_b"}
    assert plain_name("\u202e\x00", "") == "?"


def test_only_tracks_that_keruen_wrote_name_their_section() -> None:
    def of(**source: object) -> str:
        return own_section(track("t", 1.0, extensions={"source": source}))

    assert of(name="keruen", id="s1") == "s1"
    assert [of(name="osm", id="s1"), of(name="keruen", id=7), of()] == ["", "", ""]
    assert own_section(track("t", 1.0, extensions=None)) == ""


def test_a_section_shorter_than_allowed_is_told_and_has_no_profile(tmp_path: Path) -> None:
    slopes = [{"gradient": 5.0, "begin": 0.0, "end": 4.0}]
    document = infra(
        track_sections=[track("t", 4.0, slopes=slopes)],
        operational_points=[point("a", ("t", 0.0)), point("b", ("t", 4.0))],
    )
    imported = read(document, tmp_path)
    assert imported.tables["sections"]["length_km"].tolist() == [0.01]
    assert imported.tables["track_profiles"].empty
    assert Note("sections", "t", "length_km", Why.OUT_OF_RANGE, "0.004000 km") in imported.notes
    assert write_imported(imported, tmp_path / "study")
