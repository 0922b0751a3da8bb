"""Structure holds after changes too, and what breaks it is told at the line that does."""

from __future__ import annotations

from keruen.model.checks.layers import structure_under_changes
from support.check_cases import OWN, change
from support.template_draft import Edit, adding, draft, next_record

FIRST = next_record("project_changes")


def told(*lines: dict[str, str]) -> list[tuple[str, str, int | None, str | None]]:
    return [
        (p.code, str(p.file), p.row, p.column)
        for p in structure_under_changes(draft(project_changes=adding(*lines)))
    ]


def test_the_template_holds_under_all_its_changes() -> None:
    assert structure_under_changes(draft()) == []


def test_a_removed_row_that_others_name_is_told_where_they_name_it() -> None:
    problems = structure_under_changes(
        draft(project_changes=adding(change(op="remove", table="signalling", row="auto")))
    )
    assert {p.code for p in problems} == {"dangling_reference"}
    places = {(p.file, p.column) for p in problems}
    # Sections of the base name it, and so does a change that would set it.
    assert ("sections.csv", "signalling") in places
    assert ("project_changes.csv", "value") in places


def test_a_change_that_breaks_a_rule_is_told_at_its_line() -> None:
    cleared = change(table="handling", row="ailaq_grain", column="service_h", value="")
    assert told(cleared) == [("servers_need", "project_changes.csv", FIRST, "value")]
    share = change(table="corridor_mix", row="east_west/grain/forward", column="share", value="0.4")
    assert [code for code, *_ in told(share)] == ["shares_not_one"]


def test_an_inserted_row_that_lacks_something_is_told_at_its_first_line() -> None:
    cells = {"mode": "rail", "from_node": "orta", "to_node": "ailaq", "length_km": "110"}
    lines = [
        change(id=f"n_{c}", op="insert", table="sections", row="new", column=c, value=v)
        for c, v in cells.items()
    ]
    problems = told(*lines)
    assert {code for code, *_ in problems} == {"rail_needs", "nothing_to_inherit"}
    assert {place[1:3] for place in problems} == {("project_changes.csv", FIRST)}


def test_scenarios_are_laid_under_the_projects() -> None:
    removed = {
        "id": "x",
        "scenario": "low_water",
        "op": "remove",
        "table": "sections",
        "row": "tepe_dala",
        **OWN,
    }
    edit: Edit = adding(removed)
    problems = structure_under_changes(draft(scenario_changes=edit))
    # The scenario takes away the section that a project changes.
    assert [(p.code, p.file) for p in problems] == [("no_such_row", "project_changes.csv")]
    assert problems[0].params["row"] == "tepe_dala"


def test_a_base_that_is_broken_already_is_not_told_again() -> None:
    def broken(rows: list[dict[str, str]]) -> None:
        rows[0]["length_km"] = "1"
        rows[0]["to_node"] = "nowhere"

    assert structure_under_changes(draft(sections=broken)) == []
