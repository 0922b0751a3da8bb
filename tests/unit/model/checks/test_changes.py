from __future__ import annotations

import pytest

from keruen.model.checks import changes
from support.check_cases import OWN, Case, assert_told, at, change, planted
from support.template_draft import Row, adding, draft, next_record

TRACKS = {"table": "sections", "row": "tepe_dala", "column": "tracks", "value": "2"}


def inserted(table: str, row: str, **cells: str) -> list[Row]:
    """Lines that insert a row."""
    common = {"op": "insert", "table": table, "row": row}
    return [
        change(id=f"new_{column}", column=column, value=value, **common)
        for column, value in cells.items()
    ]


NODE = inserted("nodes", "new", name_en="New", kind="station", country="XA")


def scenario_line(name: str, **cells: str) -> Row:
    return {"id": name, "scenario": "low_water", "op": "set", **OWN, **cells}


CASES = [
    planted(
        changes.changes_apply,
        "dangling_reference",
        "row",
        change(**{**TRACKS, "row": "tepe_dal"}),
        value="tepe_dal",
        table="sections",
        better="tepe_dala",
    ),
    planted(
        changes.changes_apply,
        "dangling_reference",
        "row",
        change(op="remove", table="services", row="nothing"),
        table="services",
    ),
    planted(
        changes.changes_apply,
        "unknown_column_name",
        "column",
        change(**{**TRACKS, "column": "track"}),
        better="tracks",
    ),
    planted(changes.changes_apply, "key_changed", "column", change(**{**TRACKS, "column": "id"})),
    planted(changes.changes_apply, "not_an_integer", "value", change(**{**TRACKS, "value": "1.5"})),
    planted(
        changes.changes_apply,
        "above_maximum",
        "value",
        change(**{**TRACKS, "value": "20"}),
        limit=8.0,
    ),
    planted(
        changes.changes_apply,
        "above_maximum",
        "value",
        change(**{**TRACKS, "value": "20", "op": "add"}),
        value=21.0,
    ),
    planted(
        changes.changes_apply,
        "missing_value",
        "value",
        change(**{**TRACKS, "column": "length_km", "value": ""}),
    ),
    planted(
        changes.changes_apply,
        "arithmetic_on_text",
        "value",
        change(**{**TRACKS, "column": "traction", "op": "add"}),
        column="traction",
    ),
    planted(
        changes.changes_apply,
        "nothing_to_change",
        "value",
        change(**{**TRACKS, "row": "qaqpa_ailaq_road", "op": "multiply"}),
        column="tracks",
    ),
    planted(
        changes.changes_apply,
        "dangling_reference",
        "value",
        change(**{**TRACKS, "column": "signalling", "value": "autoo"}),
        better="auto",
        table="signalling",
    ),
    planted(
        changes.changes_apply,
        "dangling_reference",
        "row",
        *({**line, "project": "dredging"} for line in NODE),
        change(table="nodes", row="new", column="kind", value="yard"),
        value="new",
    ),
    Case(
        changes.inserts_complete,
        "insert_incomplete",
        ("project_changes.csv", next_record("project_changes"), "value"),
        {"project_changes": adding(*NODE[:2])},
        {"row": "new", "column": "country"},
    ),
    Case(
        changes.inserts_complete,
        "row_exists",
        ("project_changes.csv", next_record("project_changes"), "row"),
        {"project_changes": adding(*({**line, "row": "tau"} for line in NODE))},
        {"row": "tau", "table": "nodes"},
    ),
    planted(
        changes.inserts_complete,
        "unknown_column_name",
        "column",
        *NODE,
        *inserted("nodes", "new", contry="XA"),
        better="country",
    ),
    planted(
        changes.inserts_complete,
        "not_allowed",
        "value",
        NODE[0],
        NODE[2],
        *inserted("nodes", "new", kind="statoin"),
        better="station",
    ),
    planted(
        changes.inserts_complete,
        "insert_of_two_days",
        "date",
        *NODE[:2],
        {**NODE[2], "date": "2029-01-01"},
        row="new",
    ),
    planted(
        changes.inserts_complete,
        "dangling_reference",
        "value",
        *inserted("coordinates", "taw", lat_deg="1", lon_deg="2", licence="x", node="taw"),
        better="tau",
    ),
    planted(
        changes.inserts_in_conflict,
        "two_inserts",
        "row",
        *NODE,
        {**NODE[0], "id": "other", "project": "bypass"},
        row="new",
        other="second_track",
    ),
    planted(
        changes.changes_after_inserts,
        "change_before_insert",
        "date",
        change(**{**TRACKS, "row": "orta_dala_bypass"}, date="2027-01-01"),
        row="orta_dala_bypass",
        value="2028-07-01",
    ),
    planted(
        changes.sets_in_conflict,
        "two_sets",
        "priority",
        change(**TRACKS, project="bypass"),
        cell="sections/tepe_dala/tracks",
        other="second_track",
        first=at("project_changes", "second_track_tracks", "priority")[1],
    ),
    planted(changes.sets_in_conflict, "two_sets", "priority", change(**TRACKS)),
    Case(
        changes.sets_in_conflict,
        "two_sets",
        ("scenario_changes.csv", next_record("scenario_changes") + 1, "priority"),
        {"scenario_changes": adding(scenario_line("a", **TRACKS), scenario_line("b", **TRACKS))},
        {"other": "low_water"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def silent(*lines: Row) -> bool:
    edited = draft(project_changes=adding(*lines))
    checks = (
        changes.changes_apply,
        changes.inserts_complete,
        changes.inserts_in_conflict,
        changes.changes_after_inserts,
        changes.sets_in_conflict,
    )
    return not any(check(edited) for check in checks)


def test_priorities_or_days_settle_two_sets() -> None:
    first, second = change(**TRACKS, project="bypass"), change(**TRACKS, project="dredging", id="b")
    assert not silent({**first, "row": "orta_tepe"}, {**second, "row": "orta_tepe"})
    ranked = ({**first, "priority": "1"}, {**second, "priority": "2"})
    assert silent(*({**line, "row": "orta_tepe"} for line in ranked))
    alike = ({**first, "priority": "1"}, {**second, "priority": "1"})
    assert not silent(*({**line, "row": "orta_tepe"} for line in alike))
    assert silent({**change(**TRACKS), "date": "2030-01-01", "value": "3"})


def test_a_project_may_build_on_its_own_rows_and_on_those_of_what_is_committed() -> None:
    section = inserted(
        "sections", "new_line", mode="road", from_node="new", to_node="tau", length_km="3"
    )
    assert silent(*NODE, *({**line, "id": f"{line['id']}_s"} for line in section))
    assert silent(
        *NODE, change(table="nodes", row="new", column="kind", value="yard", project="bypass")
    )


def test_a_scenario_sees_only_its_own_rows() -> None:
    level = scenario_line(
        "x",
        scenario="no_support",
        table="water_levels",
        row="inner_sea/2030-01-01",
        column="level_m",
        value="-31",
    )
    (told,) = changes.changes_apply(draft(scenario_changes=adding(level)))
    assert (told.code, told.column) == ("dangling_reference", "row")
    assert not changes.changes_apply(
        draft(scenario_changes=adding({**level, "scenario": "low_water"}))
    )


def test_changes_of_tables_that_do_not_exist_are_left_to_the_references() -> None:
    assert silent(change(table="section", row="x", column="y", value="1"))
