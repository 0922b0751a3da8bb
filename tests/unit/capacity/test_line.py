"""A line carries what its hardest section does."""

from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.line import (
    capacity_of_line,
    hardest,
    line_capacity,
    read_line,
    read_line_section,
)
from keruen.errors import OutOfServiceError
from keruen.rail.crossing import best_period_min
from keruen.rail.line_capacity import Level
from support.tiny_study import hauled_tables, row_of, tiny_day, tiny_tables


def test_the_hardest_section_binds_before_background_trains(tmp_path: Path) -> None:
    tables = tiny_tables()
    # Many trains on the double track do not make it the hardest.
    row_of(tables, "sections", "bc")["freight_pairs_per_day"] = 200
    maximal, available, practical = line_capacity(tiny_day(tmp_path, tables).model, "main")
    assert {maximal.section, available.section, practical.section} == {"ab"}
    assert maximal.level is Level.MAXIMAL
    assert maximal.capacity.gross_trains_per_day == pytest.approx(1440 / 46)
    assert maximal.consumption_share == pytest.approx((2 * 1.2 + 3) * 46 / 1440)
    assert maximal.schemes["through_even"] == pytest.approx(46)


def test_a_gap_of_49_km_at_55_km_h(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "ab").update(
        length_km=49, crossing_gap_km=49, freight_speed_km_per_h=55
    )
    found = line_capacity(tiny_day(tmp_path, tables).model, "main")[0]
    assert found.capacity.period_min == pytest.approx(2 * 49 / 55 * 60 + 6)  # 112.9 min
    assert found.capacity.gross_trains_per_day == pytest.approx(12.7536, abs=1e-4)
    assert found.capacity.floored == 7  # less 5.4 for other trains


def test_of_double_track_the_slower_direction_counts(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "ab").update(
        tracks=2, running_time_forward_min=20, running_time_backward_min=26
    )
    found = line_capacity(tiny_day(tmp_path, tables).model, "main")[0]
    assert found.section == "ab"
    assert found.capacity.gross_trains_per_day == pytest.approx(1440 / 30)
    assert found.schemes == {}


def test_of_equal_sections_the_order_of_rows_does_not_choose(tmp_path: Path) -> None:
    found = []
    for place in range(2):
        tables = tiny_tables()
        row_of(tables, "sections", "de")["line"] = "main"
        if place:
            tables["sections"].reverse()
        sections = read_line(tiny_day(tmp_path / str(place), tables).model, "main")
        found.append(hardest(sections, Level.MAXIMAL)[0].id)
    assert found == ["ab", "ab"]


def test_a_line_without_sections_is_out_of_service(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "de")["in_service_from"] = "2030-01-01"
    with pytest.raises(OutOfServiceError, match="line_opens_later") as raised:
        line_capacity(tiny_day(tmp_path, tables).model, "coast")
    assert raised.value.problems[0].params["opens"] == "2030-01-01"


def test_least_is_left_where_background_is_most(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "bc")["freight_pairs_per_day"] = 130
    maximal = line_capacity(tiny_day(tmp_path, tables).model, "main")[0]
    assert (maximal.section, maximal.left_section) == ("ab", "bc")
    assert maximal.left_per_day == pytest.approx(1440 / 10 - 130 - 2 * 1.5)
    assert maximal.capacity.trains_per_day > maximal.left_per_day


def test_loops_shorter_than_the_train_are_no_places(tmp_path: Path) -> None:
    tables = hauled_tables()
    known = tiny_day(tmp_path / "long", tables).model
    row_of(tables, "sections", "ab")["loop_length_m"] = 700  # trains of 800 m
    row_of(tables, "sections", "bc")["loop_length_m"] = 700
    short = tiny_day(tmp_path / "short", tables).model
    fits, too_long = (read_line_section(model, "ab").facts for model in (known, short))
    assert (fits.gap_km, too_long.gap_km, too_long.between_places_km) == (20.0, 40.0, 20.0)
    assert too_long.forward_min == pytest.approx(2 * fits.forward_min)
    names = {entry.name for entry in read_line_section(short, "ab").inputs}
    assert {"loop_length_m", "train_types.length_m"} <= names
    # Trains follow each other over loops on double track whatever their length.
    assert read_line_section(short, "bc").facts.gap_km == 20.0


def test_gaps_reach_over_a_node_that_is_too_short(tmp_path: Path) -> None:
    tables = hauled_tables()
    for row in ("ab", "bc"):
        row_of(tables, "sections", row).update(
            tracks=1, signalling="semi", crossing_gap_km=200, length_km=30
        )
    free = read_line(tiny_day(tmp_path / "long", tables).model, "main")[0].facts
    row_of(tables, "station_tracks", "b_tracks")["useful_length_m"] = 700
    sections = read_line(tiny_day(tmp_path / "short", tables).model, "main")
    assert [one.facts.gap_km for one in sections] == [60.0, 60.0]
    assert "station_tracks.useful_length_m" in {entry.name for entry in sections[0].inputs}
    joined = capacity_of_line("main", sections)[0].capacity.period_min
    twice = best_period_min(2 * free.forward_min, 2 * free.backward_min, free.intervals)
    assert joined == pytest.approx(float(twice))
