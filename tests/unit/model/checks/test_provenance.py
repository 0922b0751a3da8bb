from __future__ import annotations

import pytest

from keruen.model.checks import Check, provenance
from support.check_cases import OWN, Case, assert_told, at
from support.template_draft import (
    adding,
    draft,
    dropping,
    find,
    next_record,
    rows_of,
    setting,
)


def line(check: Check, code: str, told_in: str, cells: dict[str, str], **params: object) -> Case:
    """A case in which one line is added to ``provenance.csv``."""
    own = {"source": "own_estimate", "confidence": "assumed", **cells}
    place = ("provenance.csv", next_record("provenance"), told_in)
    return Case(check, code, place, {"provenance": adding(own)}, params)


LENGTH = {"table": "sections", "row": "bulaq_orta", "column": "length_km"}
TRACKS = {**LENGTH, "column": "tracks"}
GAUGE = {**LENGTH, "column": "gauge_mm"}
DATE = {"table": "projects", "row": "second_track", "column": "open_date"}
CHANGE = {"table": "project_changes", "row": "second_track_tracks", "column": "value"}

CASES = [
    line(
        provenance.unknown_columns,
        "unknown_column_name",
        "column",
        {**LENGTH, "column": "lenght_km"},
        value="lenght_km",
        better="length_km",
        table="sections",
    ),
    line(
        provenance.ranges_in_order,
        "range_out_of_order",
        "low",
        {**LENGTH, "low": "40", "high": "50"},
        first="low",
        value="40",
        second="value",
        limit="36",
    ),
    line(
        provenance.ranges_in_order,
        "range_out_of_order",
        "high",
        {**LENGTH, "low": "20", "high": "30"},
        first="value",
        value="36",
        second="high",
        limit="30",
    ),
    line(
        provenance.ranges_in_order,
        "range_out_of_order",
        "mode",
        {**LENGTH, "low": "30", "mode": "41", "high": "40"},
        first="mode",
        second="high",
    ),
    line(
        provenance.ranges_in_order,
        "range_out_of_order",
        "low",
        {**DATE, "low": "2027-08-01", "high": "2027-09-01"},
        value="2027-08-01",
        limit="2027-07-01",
    ),
    line(
        provenance.ranges_in_order,
        "decimal_comma",
        "low",
        {**LENGTH, "low": "30,5", "high": "40"},
        better="30.5",
    ),
    line(
        provenance.ranges_in_order,
        "above_maximum",
        "high",
        {**TRACKS, "low": "1", "high": "9"},
        value=9.0,
        limit=8.0,
    ),
    line(
        provenance.ranges_in_order,
        "not_an_integer",
        "high",
        {**CHANGE, "low": "1", "high": "2.5"},
        value="2.5",
    ),
    line(provenance.incomplete_ranges, "range_incomplete", "high", {**GAUGE, "low": "1520"}),
    line(provenance.incomplete_ranges, "range_incomplete", "low", {**GAUGE, "high": "1520"}),
    Case(
        provenance.assumed_without_range,
        "assumed_without_range",
        at("sections", "bulaq_orta", "length_km"),
        {"provenance": dropping("provenance", "sections/bulaq_orta/length_km")},
        {"key": "bulaq_orta"},
    ),
    Case(
        provenance.assumed_without_range,
        "assumed_without_range",
        at("project_changes", "port_cranes_service", "value"),
        {"provenance": dropping("provenance", "project_changes/port_cranes_service/value")},
        {"key": "port_cranes_service"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_alternatives_have_no_order() -> None:
    own = {"source": "own_estimate", "confidence": "assumed", "distribution": "alternatives"}
    gauges = {**own, **GAUGE, "low": "1668", "high": "1435"}
    signalling = {**own, **LENGTH, "column": "signalling", "low": "semi_auto", "high": "auto"}
    edited = draft(provenance=adding(gauges, signalling))
    assert provenance.ranges_in_order(edited) == []


def test_a_line_of_its_own_makes_a_cell_assumed() -> None:
    edited = draft(
        sections=setting("sections", "bulaq_orta", confidence="published"),
        provenance=dropping("provenance", "sections/bulaq_orta/length_km"),
    )
    assert provenance.assumed_without_range(edited) == []
    own = {"source": "own_estimate", "confidence": "assumed", **LENGTH}

    def replaced(rows: list[dict[str, str]]) -> None:
        rows.remove(find("provenance", rows, "sections/bulaq_orta/length_km"))
        rows.append(own)

    edited = draft(
        sections=setting("sections", "bulaq_orta", confidence="published"), provenance=replaced
    )
    (told,) = provenance.assumed_without_range(edited)
    assert (told.file, told.row, told.column) == at("sections", "bulaq_orta", "length_km")


def test_what_a_default_fills_needs_no_range() -> None:
    new = {**OWN, "confidence": "assumed", "id": "more", "pool": "feeders", "share": ""}
    edited = draft(vessel_pools=setting("vessel_pools", "feeders", keel_clearance_m=""))
    assert provenance.assumed_without_range(edited) == []
    assert new["share"] == ""


def test_ranges_that_cannot_be_read_are_told_at_once() -> None:
    (told,) = provenance.assumed_without_range(draft(provenance=None))
    each = provenance.assumed_without_range(draft(provenance=lambda rows: rows.clear()))
    assert (told.code, told.file, told.row) == ("ranges_not_read", "provenance.csv", None)
    assert told.params == {"count": len(each), "first": each[0].place}
    assert len(each) > 100
    assert {problem.code for problem in each} == {"assumed_without_range"}


def test_the_template_has_ranges_of_every_kind() -> None:
    tables = {row["table"] for row in rows_of("provenance")}
    assert {"sections", "project_changes", "scenario_changes", "closures"} <= tables
