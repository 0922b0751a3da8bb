from __future__ import annotations

from pathlib import Path

from keruen.capacity.line import read_line
from keruen.capacity.line_warnings import packet_warnings, short_track_warnings
from support.tiny_study import hauled_tables, packet_tables, row_of, tiny_day


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


def test_packets_that_cannot_run_are_told_with_their_section(tmp_path: Path) -> None:
    model = tiny_day(tmp_path, packet_tables(tracks=2)).model
    (problem,) = packet_warnings(model, read_line(model, "main"))
    assert (problem.code, problem.params["section"], problem.row) == ("packets_do_not_fit", "ab", 2)
    assert problem.params["line"] == "main"


def test_packets_that_run_or_are_not_asked_for_are_not_spoken_of(tmp_path: Path) -> None:
    plain = packet_tables(tracks=2)
    row_of(plain, "signalling", "auto")["packet_share"] = ""
    for name, tables in (("run", packet_tables()), ("plain", plain)):
        model = tiny_day(tmp_path / name, tables).model
        assert packet_warnings(model, read_line(model, "main")) == ()
