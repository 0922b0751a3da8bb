"""A line through the years: its capacity at each change, and the factors of the whole."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.factors import GROUPS
from keruen.rail.line_capacity import Level
from keruen.study.history import (
    FACTOR_COLUMNS,
    assumed_factors,
    change_days,
    line_factors,
    line_history,
    lines_of_interest,
    unlisted_loop,
)
from keruen.study.targets import days_of
from support.tiny_study import (
    Row,
    Tables,
    assumed,
    change,
    inserts,
    project,
    row_of,
    tiny_model,
    tiny_tables,
)

BEFORE, AFTER = date(2024, 1, 1), date(2027, 1, 1)


def changing() -> Tables:
    """Line MAIN: a second track in 2025, better signalling for all in 2026, a branch in 2027."""
    tables = tiny_tables()
    committed = {"status": "committed"}
    tables["projects"] = [
        project("track", **committed, open_date="2025-05-01"),
        project("signals", **committed, open_date="2026-01-01"),
        project("branch", **committed, open_date="2027-01-01"),
        project("dream", open_date="2026-06-01"),
        project("coastal", **committed, open_date="2025-07-01"),
        project("early", **committed, open_date="2023-01-01"),
    ]
    branch = {**row_of(tables, "sections", "ab"), "id": "ac", "to_node": "c", "line": "main"}
    tables["project_changes"] = [
        change("track", ("sections", "ab", "tracks"), 2),
        change("signals", ("signalling", "semi", "headway_min"), 3) | {"date": "2026-03-01"},
        *inserts(
            "branch", "sections", "ac", {**branch, "source": "register", "confidence": "official"}
        ),
        change("dream", ("sections", "ab", "length_km"), 39),
        change("coastal", ("sections", "de", "tracks"), 2),
        change("early", ("sections", "bc", "tracks"), 3),
    ]
    return tables


def test_days_on_which_decided_projects_change_a_line(tmp_path: Path) -> None:
    base = tiny_model(tmp_path, changing())
    assert change_days(base, "main") == {
        date(2023, 1, 1): ("early",),
        date(2025, 5, 1): ("track",),
        date(2026, 3, 1): ("signals",),
        date(2027, 1, 1): ("branch",),
    }
    assert change_days(base, "coast") == {
        date(2025, 7, 1): ("coastal",),
        date(2026, 3, 1): ("signals",),
    }
    dreamt = change_days(base.having(["dream"]), "main")
    assert dreamt[date(2026, 6, 1)] == ("dream",)


def test_the_history_begins_at_the_base_date(tmp_path: Path) -> None:
    base = tiny_model(tmp_path, changing())
    found = line_history(base, days_of(base), "main")
    assert [entry.day for entry in found] == [
        BEFORE,
        date(2025, 5, 1),
        date(2026, 3, 1),
        AFTER,
    ]
    assert found[0].projects == ()
    maximal = [entry.results[0].capacity.gross_trains_per_day for entry in found]
    # A single track; 20 min and 4 of interval; 20 and 3; then the single-track branch binds.
    assert maximal == pytest.approx([1440 / 46, 1440 / 24, 1440 / 23, 1440 / 46])


def test_days_without_the_line_are_left_out(tmp_path: Path) -> None:
    tables = changing()
    for row in ("ab", "bc"):
        row_of(tables, "sections", row)["in_service_from"] = "2025-06-01"
    base = tiny_model(tmp_path, tables)
    found = line_history(base, days_of(base), "main")
    assert [entry.day.year for entry in found] == [2026, 2027]


def test_the_factors_of_a_line_multiply_to_its_ratio(tmp_path: Path) -> None:
    base = tiny_model(tmp_path, changing())
    for whole in line_factors(days_of(base), "main", BEFORE, date(2026, 3, 1)):
        assert {factor.name for factor in whole.factors} == {"tracks", "block", "windows"}
        assert math.prod(f.share_ratio for f in whole.factors) == pytest.approx(whole.ratio)


def test_a_line_laid_anew_has_no_factors(tmp_path: Path) -> None:
    tables = changing()
    for row in ("ab", "bc"):
        row_of(tables, "sections", row)["in_service_to"] = "2026-12-31"
    base = tiny_model(tmp_path, tables)
    assert line_factors(days_of(base), "main", BEFORE, AFTER) == ()


def test_which_factors_rest_on_assumptions(tmp_path: Path) -> None:
    tables = changing()
    tables["provenance"] = [assumed(("line_classes", "plain", "freight_speed_km_per_h"), 50, 70)]
    base = tiny_model(tmp_path, tables)
    found = assumed_factors(days_of(base), "main", BEFORE, AFTER)
    assert found == {name: name == "speed" for name in GROUPS}
    assert set(FACTOR_COLUMNS) == set(GROUPS)


def test_what_a_loop_that_no_list_shows_would_make(tmp_path: Path) -> None:
    tables = changing()
    row_of(tables, "sections", "ab")["crossing_gap_km"] = 30
    days = days_of(tiny_model(tmp_path / "1", tables))
    assert unlisted_loop(days, "main", BEFORE, date(2026, 3, 1), Level.MAXIMAL) is None
    tables["provenance"] = [assumed(("sections", "ab", "crossing_gap_km"), 15, 30)]
    days = days_of(tiny_model(tmp_path / "2", tables))
    loop = unlisted_loop(days, "main", BEFORE, date(2026, 3, 1), Level.MAXIMAL)
    assert loop is not None
    # 30 km: 66 min; 15 km: 36 min; after: 30 min of running and 3 min of interval.
    assert loop.alone_ratio == pytest.approx(66 / 36)
    assert loop.without_ratio == pytest.approx(36 / 33)
    assert loop.share_ratio == 1.0


def test_lines_that_targets_are_about(tmp_path: Path) -> None:
    tables = tiny_tables()
    line: Row = {"kind": "target", "metric": "line_capacity_pairs", "subject_table": "lines"}
    line |= {"wanted": 1, "unit": "pairs/day", "definition_en": "What is meant."}
    tables["targets"] = [
        {**line, "id": "x", "subject_row": "main"},
        {**line, "id": "y", "subject_row": "coast"},
        {**line, "id": "z", "subject_row": "main"},
    ]
    assert lines_of_interest(tiny_model(tmp_path, tables)) == ("coast", "main")
