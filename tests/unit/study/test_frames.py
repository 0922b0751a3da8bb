from __future__ import annotations

from pathlib import Path

from keruen.capacity.ladder import corridor_ladder
from keruen.capacity.needs import Need
from keruen.capacity.overview import capacity
from keruen.capacity.record import derived
from keruen.study.frames import (
    CAPACITY_COLUMNS,
    capacity_frame,
    inputs_frame,
    ladder_frame,
    needs_frame,
    stacked,
    targets_frame,
    turns_frame,
)
from support.tiny_study import tiny_day


def test_capacities_one_row_a_record(tmp_path: Path) -> None:
    records = capacity(tiny_day(tmp_path))
    frame = capacity_frame(2025, records)
    assert tuple(frame.columns) == CAPACITY_COLUMNS
    assert len(frame) == len(records)
    assert set(frame["year"]) == {2025}
    assert frame["trains_per_day"].isna().sum() > 0


def test_inputs_of_one_level_each_once(tmp_path: Path) -> None:
    records = capacity(tiny_day(tmp_path))
    frame = inputs_frame(2025, records, "available")
    assert not frame.duplicated(["kind", "id", "name"]).any()
    gap = frame[(frame["id"] == "ab") & (frame["name"] == "line_classes.crossing_gap_km")].iloc[0]
    assert (gap["value"], gap["unit"], gap["source"]) == ("20", "km", "register")
    assert inputs_frame(2025, records, "none").empty
    third = records[0]._replace(inputs=(derived("third", 1 / 3, "1"),))
    assert inputs_frame(2025, [third], third.level)["value"].item() == "0.3333333333"


def test_a_ladder_tells_lifting_projects_where_they_were_sought(tmp_path: Path) -> None:
    ladder = corridor_ladder(tiny_day(tmp_path), "way")
    first = ladder.steps[0]
    frame = ladder_frame(2025, ladder, {f"{first.kind}/{first.element}": ("p", "q")})
    assert frame["lifted_by"].tolist()[0] == "p q"
    assert frame["lifted_by"].isna().sum() == len(ladder.steps) - 1
    assert ladder_frame(2025, ladder, None)["lifted_by"].isna().all()
    assert frame["rank"].tolist() == list(range(1, len(ladder.steps) + 1))


def test_needs_and_empty_frames_keep_their_columns() -> None:
    frame = needs_frame(2025, "way", 1e6, [Need("locos", "fleets", 20.0, None)])
    assert frame["units_needed"].isna().all()
    assert needs_frame(2025, "way", 1e6, []).columns.tolist() == frame.columns.tolist()
    assert "verdict" in targets_frame([]).columns
    assert "stands_in" in turns_frame([]).columns


def test_frames_under_each_other() -> None:
    frame = needs_frame(2025, "way", 1e6, [Need("locos", "fleets", 20.0, 4)])
    empty = needs_frame(2024, "way", 1e6, [])
    both = stacked([empty, frame, frame])
    assert both.index.tolist() == [0, 1]
    assert stacked([empty]).columns.tolist() == frame.columns.tolist()
    assert stacked([], ("a", "b")).columns.tolist() == ["a", "b"]
