from __future__ import annotations

import pytest

from keruen.model.checks import projects
from support.check_cases import Case, assert_told, at, cell
from support.template_draft import draft, find, setting

CASES = [
    cell(
        projects.circular_envelopes,
        "circular",
        ("projects", "port_cranes", "part_of"),
        "port_cranes",
        value="port_cranes → port_cranes",
    ),
    Case(
        projects.costs_stated,
        "cost_or_reason",
        at("projects", "dredging", "cost_amount"),
        {"projects": setting("projects", "dredging", cost_reason="")},
    ),
    cell(projects.costs_stated, "cost_needs", ("projects", "port_cranes", "cost_currency"), ""),
    cell(projects.costs_stated, "cost_needs", ("projects", "port_cranes", "cost_price_year"), ""),
    Case(
        projects.costs_add_up,
        "costs_do_not_add",
        at("project_costs", "second_track/2024", "amount"),
        {"project_costs": setting("project_costs", "second_track/2026", amount="90000000")},
        {"project": "second_track", "value": 160e6, "whole": 110e6},
    ),
    Case(
        projects.projects_open,
        "change_without_date",
        at("project_changes", "port_cranes_service", "date"),
        {"projects": setting("projects", "port_cranes", open_date="")},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_every_project_of_a_circle_is_told_and_those_below_it_are_not() -> None:
    def circle(rows: list[dict[str, str]]) -> None:
        find("projects", rows, "main_line_programme")["part_of"] = "bypass"

    told = projects.circular_envelopes(draft(projects=circle))
    assert [problem.params["value"] for problem in told] == [
        "main_line_programme → bypass → main_line_programme",
        "bypass → main_line_programme → bypass",
    ]


def test_costs_of_a_project_that_is_not_there_are_left_to_the_references() -> None:
    edit = setting("project_costs", "second_track/2024", project="nowhere")
    told = projects.costs_add_up(draft(project_costs=edit))
    assert [problem.params["project"] for problem in told] == ["second_track"]
