from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.line import line_capacity
from keruen.capacity.line_description import (
    OVERTAKING_TRACKS,
    PlannedStop,
    StudyLine,
    capacities_of_line,
    line_description,
    parts_of_line,
)
from keruen.capacity.line_order import gauge_warnings
from keruen.capacity.section import PLACE_TRACKS
from keruen.model import Model
from keruen.rail.line import Block, Role
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineMethod
from support.tiny_study import (
    BASE_DAY,
    Tables,
    hauled_tables,
    packet_tables,
    row_of,
    tiny_model,
    tiny_tables,
)


def day_model(folder: Path, tables: Tables | None = None) -> Model:
    return tiny_model(folder, tables or tiny_tables()).at(date.fromisoformat(BASE_DAY))


def described(folder: Path, tables: Tables | None = None, line: str = "main") -> StudyLine:
    return line_description(day_model(folder, tables), line)


def test_a_section_longer_than_its_longest_gap_has_places_in_it(tmp_path: Path) -> None:
    line = described(tmp_path)
    assert line.sections == ("ab", "ab", "bc", "bc")
    gaps, places = line.description.gaps, line.description.places
    assert [gap.odd_min[0] for gap in gaps] == pytest.approx([20.0, 20.0, 20.0, 10.0])
    assert [gap.tracks for gap in gaps] == [1, 1, 2, 2]
    assert [gap.block for gap in gaps] == [Block.SEMI_AUTOMATIC] * 2 + [Block.AUTOMATIC] * 2
    assert [place.name for place in places] == ["a", "ab_1", "b", "bc_3", "c"]
    # b has tracks of its own in station_tracks.
    tracks = [PLACE_TRACKS, PLACE_TRACKS, 4, OVERTAKING_TRACKS, OVERTAKING_TRACKS]
    assert [place.tracks for place in places] == tracks
    assert {place.useful_length_m for place in places} == {850.0}


def test_the_rest_beside_the_longest_gap_is_cut_evenly(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "ab")["crossing_gap_km"] = 17
    gaps = described(tmp_path, tables).description.gaps[:3]
    assert [gap.odd_min[0] for gap in gaps] == pytest.approx([17.0, 11.5, 11.5])


def test_background_is_of_two_classes(tmp_path: Path) -> None:
    sought, passenger, domestic = described(tmp_path).description.classes
    assert (sought.role, sought.odd_per_day) == (Role.SOUGHT, 0.0)
    assert (passenger.odd_per_day, passenger.even_per_day) == (2.0, 2.0)
    assert (passenger.removal_single, passenger.removal_double) == (1.2, 1.5)
    assert (domestic.odd_per_day, domestic.removal_single) == (3.0, 1.0)


def test_trains_of_haulings_bring_lengths_and_the_permitted_speed(tmp_path: Path) -> None:
    line = described(tmp_path, hauled_tables()).description
    assert [one.length_m for one in line.classes] == [800.0, 400.0, 800.0]
    freight, passenger, domestic = line.gaps[0].odd_min
    assert passenger == pytest.approx(15.0)  # 20 km at 80 km/h
    assert freight == domestic > passenger


def test_a_section_run_from_its_end_has_its_times_turned(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "de").update(
        line="main", from_node="d", to_node="c", running_time_forward_min=30, crossing_gap_km=25
    )
    for name in ("corridors", "corridor_points", "corridor_elements", "corridor_mix", "fleets"):
        del tables[name]
    line = described(tmp_path, tables)
    row_of(tables, "sections", "de").update(from_node="c", to_node="d")
    turned = described(tmp_path, tables)
    assert line.description.gaps[-1].even_min[0] == 30.0
    assert turned.description.gaps[-1].odd_min[0] == 30.0


@pytest.mark.parametrize("loop_m", [850, 650])
def test_the_parallel_timetable_of_the_description_is_that_of_the_sections(
    tmp_path: Path, loop_m: float
) -> None:
    tables = hauled_tables()
    row_of(tables, "sections", "bc").update(
        tracks=1, signalling="semi", freight_pairs_per_day=6, loop_length_m=loop_m
    )
    model = day_model(tmp_path, tables)
    methods = (LineMethod.PARALLEL_TIMETABLE, LineMethod.COMPRESSION)
    answers = capacities_of_line(line_description(model, "main"), methods)
    assert not answers.failed
    for own, known in zip(answers.found, line_capacity(model, "main"), strict=False):
        assert own.gross.pairs_per_day == pytest.approx(known.capacity.gross_trains_per_day)
        assert own.left_per_day == pytest.approx(known.left_per_day)
        assert (own.section, own.left_section) == (known.section, known.left_section)
    parallel, compressed = answers.found[0], answers.found[3]
    # Gaps alike in a row cannot each have the best scheme, which compression knows.
    assert compressed.gross.pairs_per_day <= parallel.gross.pairs_per_day + 1e-9
    assert compressed.gross.pairs_per_day == pytest.approx(parallel.gross.pairs_per_day, rel=0.05)


def test_background_takes_from_every_method(tmp_path: Path) -> None:
    methods = (LineMethod.COMPRESSION, LineMethod.DISPATCH)
    for found in capacities_of_line(described(tmp_path), methods, (Level.MAXIMAL,)).found:
        assert found.gross.pairs_per_day - found.left_per_day == pytest.approx(5.0, abs=1.5)
        share = 1.0 - found.left_per_day / found.gross.pairs_per_day
        assert found.consumption_share == pytest.approx(share, abs=0.02)


def test_a_line_is_asked_stretch_by_stretch_of_equal_background(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "bc")["freight_pairs_per_day"] = 100
    line = described(tmp_path, tables)
    assert line.background_differs
    assert [part.first for part in parts_of_line(line, by_background=True)] == [0, 2]
    assert [part.first for part in parts_of_line(line, by_background=False)] == [0]
    (found,) = capacities_of_line(line, (LineMethod.COMPRESSION,), (Level.MAXIMAL,)).found
    assert (found.section, found.left_section) == ("ab", "ab")
    assert found.left_per_day == pytest.approx(found.gross.pairs_per_day - 5.0, abs=1.5)


def test_a_line_is_cut_where_its_gauge_changes(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "bc")["gauge_mm"] = 1435
    tables["terminals"].append({"id": "change", "node": "b", "kind": "transloading"})
    for name in ("corridors", "corridor_points", "corridor_elements", "corridor_mix", "fleets"):
        del tables[name]
    line = described(tmp_path, tables)
    assert line.breaks == (2,)
    assert [part.first for part in parts_of_line(line, by_background=False)] == [0, 2]
    (warning,) = gauge_warnings(day_model(tmp_path / "again", tables), "main")
    assert warning.code == "gauge_changes_on_line"
    assert (warning.row, warning.params["node"]) == (3, "b")


def test_packets_of_a_study_in_the_parallel_timetable_alone(tmp_path: Path) -> None:
    packets = packet_tables()
    plain = packet_tables()
    row_of(plain, "signalling", "auto")["packet_share"] = ""
    with_them, without = day_model(tmp_path / "with", packets), day_model(tmp_path / "out", plain)
    line = line_description(with_them, "main")
    first = parts_of_line(line, by_background=False)[0]
    assert (first.description.packets.share, first.description.packets.trains) == (0.5, 2)
    found = capacities_of_line(line, (LineMethod.PARALLEL_TIMETABLE, LineMethod.COMPRESSION)).found
    by_sections = line_capacity(with_them, "main")
    for own, section in zip(found[:3], by_sections, strict=True):
        assert own.gross.pairs_per_day == pytest.approx(section.capacity.gross_trains_per_day)
    other = capacities_of_line(line_description(without, "main"), (LineMethod.COMPRESSION,)).found
    assert [one.gross.pairs_per_day for one in found[3:]] == [
        one.gross.pairs_per_day for one in other
    ]
    assert by_sections[0].capacity.gross_trains_per_day == pytest.approx(1440 / 69.5)


def test_changes_of_crew_and_locomotive_by_place(tmp_path: Path) -> None:
    tables = tiny_tables()
    assert described(tmp_path / "none", tables).stops == ()
    first = tables["station_tracks"][0]
    first |= {"crew_change_min": 20, "locomotive_change_min": 15}
    tables["station_tracks"].append({**first, "id": "b_more", "locomotive_change_min": 45})
    assert described(tmp_path / "some", tables).stops == (PlannedStop(2, 45.0, True),)
    tables["station_tracks"].pop()
    assert described(tmp_path / "crew", tables).stops == (PlannedStop(2, 20.0, False),)
