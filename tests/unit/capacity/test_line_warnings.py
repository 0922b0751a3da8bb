from __future__ import annotations

from pathlib import Path

from keruen.capacity.line import read_line
from keruen.capacity.line_warnings import short_track_warnings
from support.tiny_study import hauled_tables, row_of, tiny_day


def test_tracks_that_take_the_train_are_not_spoken_of(tmp_path: Path) -> None:
    model = tiny_day(tmp_path, hauled_tables()).model
    assert short_track_warnings(model, read_line(model, "main")) == ()


def test_a_station_too_short_for_the_train_is_told_with_its_row(tmp_path: Path) -> None:
    tables = hauled_tables()
    for row in ("ab", "bc"):
        row_of(tables, "sections", row).update(
            tracks=1, signalling="semi", crossing_gap_km=200, length_km=30
        )
    row_of(tables, "station_tracks", "b_tracks")["useful_length_m"] = 700
    model = tiny_day(tmp_path, tables).model
    (problem,) = short_track_warnings(model, read_line(model, "main"))
    assert (problem.code, problem.file) == ("train_longer_than_station", "station_tracks.csv")
    assert problem.column == "useful_length_m"
    assert problem.row is not None
    assert problem.params["gap"] == 60.0
    assert (problem.params["train"], problem.params["loop"]) == (800.0, 700.0)


def test_short_loops_of_a_section_are_told(tmp_path: Path) -> None:
    tables = hauled_tables()
    row_of(tables, "sections", "ab")["loop_length_m"] = 700
    model = tiny_day(tmp_path, tables).model
    (problem,) = short_track_warnings(model, read_line(model, "main"))
    assert (problem.code, problem.file) == ("train_longer_than_loops", "sections.csv")
    assert problem.params["row"] == "ab"
