"""How far assumed numbers move a value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.registry import Capacities
from keruen.study.metrics import Days, Target, measure, read_target
from keruen.study.sensitivity import Spread, sensitivity
from keruen.study.targets import days_of
from support.tiny_study import (
    Row,
    Tables,
    assumed,
    change,
    project,
    row_of,
    tiny_model,
    tiny_tables,
)

DAY = date(2024, 12, 31)
LINE: Row = {
    "id": "t",
    "kind": "target",
    "metric": "line_capacity_pairs",
    "subject_table": "lines",
    "subject_row": "main",
    "level": "maximal",
    "wanted": 30,
    "unit": "pairs/day",
    "definition_en": "What is meant.",
}


def study(tmp_path: Path, tables: Tables, row: Row) -> tuple[Days, Target]:
    tables["targets"] = [row]
    base = tiny_model(tmp_path, tables)
    return days_of(base), read_target(base, "t")


def spread(tmp_path: Path, tables: Tables, row: Row = LINE) -> Spread:
    days, target = study(tmp_path, tables, row)
    found = measure(days, DAY, target)
    assert found is not None
    return sensitivity(days, DAY, target, found)


def test_each_assumed_cell_goes_to_both_ends_alone_and_all_together(tmp_path: Path) -> None:
    tables = tiny_tables()
    speed = ("line_classes", "plain", "freight_speed_km_per_h")
    start = ("signalling", "semi", "start_min")
    tables["provenance"] = [assumed(speed, 50, 75), assumed(start, 1, 3)]
    found = spread(tmp_path, tables)
    by_cell = {turn.cell: turn for turn in found.turns}
    assert set(by_cell) == {speed, start}
    assert by_cell[speed].value_at_low == pytest.approx(1440 / 54)
    assert by_cell[speed].value_at_high == pytest.approx(1440 / 38)
    assert by_cell[start].value_at_low == pytest.approx(1440 / 44)
    assert by_cell[start].value_at_high == pytest.approx(1440 / 48)
    assert found.turns[0].cell == speed  # the widest first
    assert found.range == pytest.approx((1440 / 56, 1440 / 36))
    assert all(turn.stands_in == turn.cell for turn in found.turns)


def test_cells_that_are_sure_or_do_not_matter_are_left_out(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["provenance"] = [
        {**assumed(("line_classes", "plain", "crossing_gap_km"), 15, 25), "confidence": "derived"},
        assumed(("signalling", "semi", "non_simultaneous_interval_min"), 3, 6),
        assumed(("signalling", "semi", "headway_min"), 3, 6),
    ]
    assert spread(tmp_path, tables) == Spread((), None)


def test_a_corridor_turns_with_its_loadings_too(tmp_path: Path) -> None:
    tables = tiny_tables()
    cells = [
        ("corridors", "way", "unevenness_ratio"),
        ("loadings", "box/forward", "net_t_per_teu"),
        ("handling", "berth_c", "service_h"),
    ]
    tables["provenance"] = [
        assumed(cells[0], 1.05, 1.2),
        assumed(cells[1], 8, 14),
        assumed(cells[2], 6, 18),
    ]
    row = {**LINE, "metric": "corridor_capacity_t", "unit": "t/year", "level": "available"}
    row |= {"subject_table": "corridors", "subject_row": "way"}
    found = spread(tmp_path, tables, row)
    assert {turn.cell for turn in found.turns} == set(cells)


def second_track(tables: Tables, value: int = 10) -> Tables:
    """A project that sets the gap of section AB and adds to its background trains."""
    tables["projects"] = [project("loops", status="committed", open_date="2024-09-01")]
    tables["project_changes"] = [
        change("loops", ("sections", "ab", "crossing_gap_km"), value),
        change("loops", ("signalling", "semi", "start_min"), 1, "add"),
    ]
    return tables


def test_of_a_cell_that_a_project_sets_the_range_is_that_of_the_change(tmp_path: Path) -> None:
    tables = second_track(tiny_tables())
    stands_in = ("project_changes", "loops_set_sections_ab_crossing_gap_km", "value")
    tables["provenance"] = [
        assumed(("sections", "ab", "crossing_gap_km"), 30, 40),
        assumed(stands_in, 8, 12),
        assumed(("signalling", "semi", "start_min"), 1, 3),  # then added to: left out
    ]
    row_of(tables, "sections", "ab")["crossing_gap_km"] = 35
    (turn,) = spread(tmp_path, tables).turns
    assert turn.cell == ("sections", "ab", "crossing_gap_km")
    assert turn.stands_in == stands_in
    assert (turn.low, turn.high) == ("8", "12")
    assert turn.value_at_low == pytest.approx(1440 / 24)  # 16 min and 2 x (1 + 3)


def test_of_a_ratio_before_and_after_turn_apart(tmp_path: Path) -> None:
    tables = second_track(tiny_tables())
    tables["project_changes"].pop()
    stands_in = ("project_changes", "loops_set_sections_ab_crossing_gap_km", "value")
    own = ("sections", "ab", "crossing_gap_km")
    tables["provenance"] = [assumed(own, 30, 40), assumed(stands_in, 8, 12)]
    row_of(tables, "sections", "ab")["crossing_gap_km"] = 35
    row = {**LINE, "metric": "line_capacity_ratio", "unit": "ratio", "base_date": "2024-08-31"}
    turns = {turn.stands_in: turn for turn in spread(tmp_path, tables, row).turns}
    assert set(turns) == {own, stands_in}
    # Before: 76 min; after: 26 min. Each range moves its own day only.
    assert turns[own].value_at_low == pytest.approx((2 * 30 + 6) / 26)
    assert turns[stands_in].value_at_low == pytest.approx(76 / (2 * 8 + 6))


def test_patching_gives_what_a_study_written_so_gives(tmp_path: Path) -> None:
    tables = tiny_tables()
    cell = ("line_classes", "plain", "crossing_gap_km")
    tables["provenance"] = [assumed(cell, 12, 33)]
    found = spread(tmp_path, tables)
    for end, value in ((12, found.turns[0].value_at_low), (33, found.turns[0].value_at_high)):
        written = tiny_tables()
        written["line_classes"][0]["crossing_gap_km"] = end
        days, target = study(tmp_path / str(end), written, LINE)
        anew = measure(days, DAY, target)
        assert anew is not None
        assert value == anew.value
        assert isinstance(days(DAY), Capacities)
