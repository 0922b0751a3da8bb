"""A corridor compiled: its way, positions, flows, trains per tonne."""

from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.corridor import (
    Corridor,
    compile_corridor,
    pairs_per_day_per_t,
    trains_per_t,
)
from keruen.errors import FailedError, OutOfServiceError, RangeError
from support.tiny_study import Row, Tables, row_of, tiny_day, tiny_tables


def way(tmp_path: Path, tables: Tables | None = None) -> Corridor:
    return compile_corridor(tiny_day(tmp_path, tables).model, "way")


def mix(tables: Tables, place: int) -> Row:
    return tables["corridor_mix"][place]


def test_the_way_and_its_positions(tmp_path: Path) -> None:
    found = way(tmp_path)
    assert found.nodes == ("a", "b", "c", "d", "e")
    assert [(s.section, s.first, s.last) for s in found.stretches] == [
        ("ab", 0, 1),
        ("bc", 1, 2),
        ("de", 3, 4),
    ]
    places = {f.row: (f.first, f.last) for f in found.fixtures}
    assert places == {
        "a_entry": (0, 1),
        "b_tracks": (1, 1),
        "berth_c": (2, 2),
        "c_d": (2, 3),
        "locos": (None, None),
    }
    assert found.unevenness_ratio == 1.1


def test_flows_by_hand(tmp_path: Path) -> None:
    forward, backward = sorted(way(tmp_path).flows, key=lambda flow: -flow.share)
    assert (forward.direction, backward.direction) == ("forward", "backward")
    assert (forward.share, forward.net_t_per_train) == (0.8, 1000)  # 100 TEU of 10 t, all loaded
    assert (backward.share, backward.net_t_per_train) == (0.2, 400)  # 100 TEU of 8 t, half loaded
    assert forward.teu_per_t == pytest.approx(0.1)
    assert (forward.first, forward.last) == (0, 4)
    assert way(tmp_path / "again").teu_per_t == pytest.approx(0.8 / 10 + 0.2 / 8)


def test_the_heavier_direction_loads_a_section(tmp_path: Path) -> None:
    found = way(tmp_path)
    trains = trains_per_t(found, 0, 1)
    assert trains == pytest.approx({"forward": 0.8 / 1000, "backward": 0.2 / 400})
    stretch = found.stretches[0]
    assert pairs_per_day_per_t(found, stretch) == pytest.approx(0.8 / 1000 * 1.1 / 365)
    assert stretch.pairs_per_t == pairs_per_day_per_t(found, stretch)


def test_long_trains_run_shortened_over_the_shortest_loops_of_their_run(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "bc")["loop_length_m"] = 680  # a train of 850 m loses a fifth
    tables["train_types"].append({**tables["train_types"][0], "id": "local", "length_m": 600})
    found = way(tmp_path, tables)
    assert [s.loop_length_m for s in found.stretches] == [680, 680, 680]
    assert found.stretches[0].pairs_per_t == pytest.approx(0.8 / 1000 / 0.8 * 1.1 / 365)
    assert {f.length_m for f in found.fixtures} == {680}
    row_of(tables, "sections", "de")["gauge_mm"] = 1435
    apart = way(tmp_path / "apart", tables)
    assert [s.loop_length_m for s in apart.stretches] == [680, 680, 850]


def test_loops_longer_than_the_train_change_nothing(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "line_classes", "plain")["loop_length_m"] = 1500
    assert way(tmp_path, tables).stretches[0].pairs_per_t == pytest.approx(0.0008 * 1.1 / 365)


def test_cargo_that_joins_on_the_way_loads_only_what_it_passes(tmp_path: Path) -> None:
    tables = tiny_tables()
    mix(tables, 0)["join_node"] = "b"
    mix(tables, 1)["leave_node"] = "c"
    found = way(tmp_path, tables)
    assert trains_per_t(found, 0, 1)["forward"] == 0
    assert trains_per_t(found, 1, 2)["forward"] == pytest.approx(0.0008)
    # Joining and leaving are told in forward order, whichever way the cargo goes.
    assert trains_per_t(found, 0, 1)["backward"] == pytest.approx(0.0005)
    assert trains_per_t(found, 3, 4)["backward"] == 0
    assert trains_per_t(found, None, None)["backward"] == pytest.approx(0.0005)


def test_cargo_of_a_node_beside_the_way_joins_at_the_nearest_point(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["nodes"].append({"id": "mine", "kind": "station", "country": "KZ"})
    branch = {**row_of(tables, "sections", "ab"), "id": "b_mine", "to_node": "mine"}
    tables["sections"].append({**branch, "from_node": "b"})
    mix(tables, 0)["join_node"] = "mine"
    found = way(tmp_path, tables)
    assert next(f for f in found.flows if f.direction == "forward").first == 1


def test_cargo_that_cannot_come_is_refused(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["nodes"].append({"id": "isle", "kind": "port", "country": "KZ"})
    mix(tables, 0)["join_node"] = "isle"
    with pytest.raises(FailedError, match="node_not_on_corridor"):
        way(tmp_path, tables)


def test_a_corridor_over_a_closed_section_has_no_way(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "bc")["in_service_from"] = "2031-01-01"
    with pytest.raises(OutOfServiceError, match="no_way_between"):
        way(tmp_path, tables)


def test_the_shortest_way_of_the_day_is_taken(tmp_path: Path) -> None:
    tables = tiny_tables()
    short = {**row_of(tables, "sections", "bc"), "id": "ac", "from_node": "a", "to_node": "c"}
    tables["sections"].append({**short, "length_km": 60, "in_service_from": "2030-01-01"})
    before = compile_corridor(tiny_day(tmp_path / "1", tables).model, "way")
    after = compile_corridor(tiny_day(tmp_path / "2", tables, "2030-01-01").model, "way")
    assert before.nodes == ("a", "b", "c", "d", "e")
    assert after.nodes == ("a", "c", "d", "e")
    # Tracks of a station that the way leaves aside no longer concern it.
    assert "b_tracks" in {f.row for f in before.fixtures}
    assert "b_tracks" not in {f.row for f in after.fixtures}


def test_two_gauges_side_by_side_share_the_trains(tmp_path: Path) -> None:
    tables = tiny_tables()
    narrow = {**row_of(tables, "sections", "ab"), "id": "ab_1435", "gauge_mm": 1435}
    tables["sections"].append({**narrow, "from_node": "b", "to_node": "a", "length_km": 41})
    found = way(tmp_path, tables)
    assert [(s.section, s.share) for s in found.stretches] == [
        ("ab", 0.5),
        ("ab_1435", 0.5),
        ("bc", 1.0),
        ("de", 1.0),
    ]


def test_what_tonnes_per_train_rest_on_is_named(tmp_path: Path) -> None:
    cells = {entry.cell for entry in way(tmp_path).inputs}
    assert {
        ("corridors", "way", "unevenness_ratio"),
        ("corridor_mix", "way/box/forward", "share"),
        ("loadings", "box/forward", "net_t_per_teu"),
        ("loadings", "box/backward", "loaded_share"),
        ("train_types", "boxes", "teu"),
        ("line_classes", "plain", "loop_length_m"),
    } <= cells


def test_cargo_of_trains_without_tonnes_is_refused(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["loadings"][1]["loaded_share"] = 0
    with pytest.raises(RangeError, match="number_out_of_range"):
        way(tmp_path, tables)


def test_shares_are_taken_as_parts_of_their_sum(tmp_path: Path) -> None:
    known = tiny_day(tmp_path)
    patched = known.patched({("corridor_mix", "way/box/forward", "share"): "0.3"})
    shares = {f.direction: f.share for f in patched.corridor("way").flows}
    assert shares == pytest.approx({"forward": 0.6, "backward": 0.4})
