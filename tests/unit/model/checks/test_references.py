from __future__ import annotations

from types import MappingProxyType

import pytest

from keruen.errors import Problem
from keruen.model.checks import references
from keruen.model.draft import Draft
from keruen.model.reading import empty_table
from support.check_cases import Case, assert_told, at, cell
from support.template_draft import (
    adding,
    draft,
    next_record,
    read_rows,
    rows_of,
    setting,
)


def provenance_line(**cells: str) -> dict[str, str]:
    return {"source": "own_estimate", "confidence": "assumed", **cells}


CASES = [
    cell(
        references.dangling_references,
        "dangling_reference",
        ("sections", "bulaq_orta", "from_node"),
        "bulak",
        value="bulak",
        better="bulaq",
        table="nodes",
    ),
    cell(
        references.dangling_references,
        "dangling_reference",
        ("handling", "ailaq_grain", "terminal"),
        "nowhere",
        value="nowhere",
        better="",
    ),
    cell(
        references.dangling_references,
        "dangling_reference",
        ("nodes", "tau", "source"),
        "own_estimat",
        better="own_estimate",
    ),
    cell(
        references.dangling_cells,
        "dangling_reference",
        ("corridor_elements", "east_west/10", "row"),
        "tau_exist",
        better="tau_exit",
        table="border_crossings",
    ),
    cell(
        references.dangling_cells,
        "unknown_table_name",
        ("project_changes", "second_track_tracks", "table"),
        "section",
        better="sections",
    ),
    Case(
        references.dangling_cells,
        "dangling_reference",
        ("provenance.csv", next_record("provenance"), "row"),
        {
            "provenance": adding(
                provenance_line(table="sections", row="bulaq_ort", column="length_km")
            )
        },
        {"value": "bulaq_ort", "better": "bulaq_orta"},
    ),
    Case(
        references.dangling_cells,
        "unknown_table_name",
        ("provenance.csv", next_record("provenance"), "table"),
        {"provenance": adding(provenance_line(table="node", row="tau", column="kind"))},
        {"value": "node", "better": "nodes"},
    ),
    cell(
        references.tables_without_rows_named,
        "missing_value",
        ("observations", "corridor_2023", "subject_row"),
        "",
    ),
    cell(
        references.tables_without_rows_named,
        "missing_value",
        ("observations", "boxes_2023", "subject_table"),
        "",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_a_class_that_is_not_named_fills_nothing() -> None:
    told = references.unfilled_inheritance(
        draft(sections=setting("sections", "bulaq_orta", line_class="", traffic_class=""))
    )
    _, row, _ = at("sections", "bulaq_orta", "line_class")
    assert {problem.code for problem in told} == {"nothing_to_inherit"}
    assert {problem.row for problem in told} == {row}
    assert {problem.column: problem.params["class_column"] for problem in told} == {
        "permitted_speed_km_per_h": "line_class",
        "ruling_gradient_permille": "line_class",
        "gradient_share": "line_class",
        "running_allowance_share": "line_class",
        "loop_length_m": "line_class",
        "freight_speed_km_per_h": "line_class",
        "passenger_pairs_per_day": "traffic_class",
        "freight_pairs_per_day": "traffic_class",
    }


def test_a_road_inherits_nothing_and_needs_nothing() -> None:
    road = setting("sections", "qaqpa_ailaq_road", line_class="", traffic_class="")
    assert references.unfilled_inheritance(draft(sections=road)) == []


def references_told(broken: Draft) -> list[Problem]:
    return [
        *references.tables_not_read(broken),
        *references.dangling_references(broken),
        *references.dangling_cells(broken),
    ]


def test_a_table_that_is_left_out_is_told_once_however_many_name_its_rows() -> None:
    problems = references_told(draft(weather_sites=None, closures=None))
    by_file = {problem.file: problem for problem in problems}
    assert len(by_file) == len(problems) == 2
    told = by_file["weather_sites.csv"]
    file, row, column = at("terminals", "ailaq_port", "weather_site")
    sites = rows_of("terminals") + rows_of("vessel_lines")
    named = sum(bool(cells.get("weather_site")) for cells in sites)
    owned = sum(cells["table"] == "weather_sites" for cells in rows_of("provenance"))
    assert (told.code, told.row, told.column) == ("missing_table", None, None)
    assert told.params == {
        "table": "weather_sites",
        "count": named + owned,
        "first": f"{file}:{row}:{column}",
    }


@pytest.mark.parametrize("state", ["absent", "unreadable", "without its key"])
def test_references_to_a_table_of_unknown_rows_are_counted(state: str) -> None:
    whole = draft()
    nodes = {
        "absent": empty_table("nodes"),
        "unreadable": empty_table("nodes", present=True),
        "without its key": read_rows("nodes", [{**row, "id": ""} for row in rows_of("nodes")]),
    }[state]
    broken = Draft(whole.settings, MappingProxyType({**whole.tables, "nodes": nodes}))
    (told,) = references_told(broken)
    assert told.code == ("missing_table" if state == "absent" else "table_not_read")
    assert told.file == "nodes.csv"
    ends = 2 * len(rows_of("sections"))
    assert isinstance(told.params["count"], int)
    assert told.params["count"] > ends + len(rows_of("coordinates"))
    assert not references_told(whole)


def test_very_many_dangling_cells_are_counted() -> None:
    told = references.dangling_references(
        draft(coordinates=adding(*({"node": f"no_{i}"} for i in range(500))))
    )
    own = [problem for problem in told if problem.column == "node"]
    assert len(own) == 201
    assert own[-1].code == "and_more"
    assert own[-1].params == {"code_told": "dangling_reference", "more": 300}
