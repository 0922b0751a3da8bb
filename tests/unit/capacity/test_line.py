"""A line carries what its hardest section does."""

from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.line import hardest, line_capacity, read_line
from keruen.errors import OutOfServiceError
from keruen.rail.line_capacity import Level
from support.tiny_study import row_of, tiny_day, tiny_tables


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
    with pytest.raises(OutOfServiceError, match="line_without_sections"):
        line_capacity(tiny_day(tmp_path, tables).model, "coast")
