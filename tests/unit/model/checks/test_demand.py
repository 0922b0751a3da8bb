from __future__ import annotations

import pytest

from keruen.errors import Severity
from keruen.model.checks import CHECKS, demand, references
from support.check_cases import OWN, Case, assert_told, at
from support.template_draft import Row, adding, draft, next_record, setting

BOXES: Row = {"commodity": "container", "ways": "forward", "sequence": "10", **OWN}
OF_2024: Row = {
    "year": "2024",
    "unit": "TEU/year",
    "loaded": "loaded",
    "counted": "once",
    "tolerance_share": "0.01",
    "definition_en": "Planted",
    "name_en": "Planted",
    **OWN,
}
NEW = ("control_totals.csv", next_record("control_totals"))

CASES = [
    Case(
        references.dangling_references,
        "dangling_reference",
        at("zone_members", "overseas/west", "zone"),
        {"zone_members": setting("zone_members", "overseas/west", zone="wset")},
        {"value": "wset", "table": "zones", "better": "west"},
    ),
    Case(
        demand.zones_off_network,
        "zone_off_network",
        at("zones", "west", "node"),
        {
            "zones": setting("zones", "west", node="isle"),
            "nodes": adding({"id": "isle", "kind": "city", "country": "XC", **OWN}),
        },
        {"value": "isle"},
    ),
    Case(
        demand.totals_stated_once,
        "total_stated_twice",
        at("control_totals", "boxes_2023", "value"),
        {"control_totals": setting("control_totals", "boxes_2023", value="7")},
    ),
    Case(
        demand.totals_stated_once,
        "total_not_stated",
        at("control_totals", "boxes", "value"),
        {"control_totals": setting("control_totals", "boxes", value="")},
    ),
    Case(
        demand.totals_stated_once,
        "total_not_per_year",
        at("control_totals", "boxes", "unit"),
        {"control_totals": setting("control_totals", "boxes", unit="TEU")},
        {"value": "TEU"},
    ),
    Case(
        demand.terms_convert,
        "factor_needed",
        at("control_total_terms", "transit/10", "factor"),
        {"control_total_terms": setting("control_total_terms", "transit/10", factor="")},
        {"unit": "t/year", "other": "TEU/year"},
    ),
    Case(
        demand.totals_have_pairs,
        "demand_to_itself",
        at("control_total_terms", "boxes_west/10", "to_group"),
        {
            "control_total_terms": setting(
                "control_total_terms", "boxes_west/10", from_group="overseas"
            )
        },
        {"total": "boxes_west", "zone": "west"},
    ),
    Case(
        demand.totals_have_pairs,
        "total_without_pairs",
        at("control_totals", "boxes_west", "id"),
        {
            "control_total_terms": setting(
                "control_total_terms",
                "boxes_west/10",
                from_group="overseas",
                to_group="inland",
                commodity="grain",
            )
        },
    ),
    Case(
        demand.totals_have_pairs,
        "total_without_pairs",
        (*NEW, "id"),
        {"control_totals": adding({"id": "bare", "value": "1", **OF_2024})},
    ),
    Case(
        demand.parts_within_wholes,
        "part_above_whole",
        at("control_totals", "boxes_west", "value"),
        {"control_totals": setting("control_totals", "boxes_west", value="60000")},
        {"value": 60000.0, "whole": "boxes", "most": 40000.0},
        Severity.WARNING,
    ),
    Case(
        demand.pairs_served,
        "demand_unserved",
        at("zones", "east", "node"),
        {
            "vessel_lines": list.clear,
            "control_total_terms": setting(
                "control_total_terms", "boxes/10", ways="forward", commodity="container"
            ),
            "zone_members": lambda rows: rows.remove(
                next(row for row in rows if row["zone"] == "middle")
            ),
        },
        {"origin": "east", "destination": "west"},
        Severity.WARNING,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    if case.code != "demand_unserved":
        assert_told(case)
        return
    told = case.told()
    assert (told[0].code, (told[0].file, told[0].row, told[0].column)) == (case.code, case.place)
    assert told[0].params == case.params
    assert {problem.severity for problem in told} == {Severity.WARNING}
    assert [problem.params["origin"] for problem in told] == ["east", "west"]


def test_exact_totals_in_conflict_are_an_error() -> None:
    edited = draft(
        control_totals=lambda rows: (
            [row.update(tolerance_share="0") for row in rows]
            and setting("control_totals", "boxes_west", value="60000")(rows)
        )
    )
    assert [p.severity for p in demand.parts_within_wholes(edited)] == [Severity.ERROR]


def test_a_part_of_another_year_is_no_part() -> None:
    edited = draft(
        control_totals=setting("control_totals", "boxes_west", value="60000", year="2022")
    )
    assert demand.parts_within_wholes(edited) == []


def test_negative_demand_is_refused_where_it_stands() -> None:
    from keruen.model.reading import read_text_table
    from keruen.model.text import parse_csv
    from keruen.schema import load_schema

    table = load_schema()["control_totals"]
    text, _ = parse_csv("id,value\nboxes,-5\n", table.file)
    assert text is not None
    _, problems = read_text_table(text, table)
    assert [(p.code, p.row, p.column) for p in problems if p.column == "value"] == [
        ("below_minimum", 2, "value")
    ]


def test_more_pairs_than_can_be_fitted_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = draft()
    monkeypatch.setattr(demand, "MAX_PAIRS", 51)
    # Three zones send or receive boxes, two grain; four totals.
    told = [problem for check in CHECKS for problem in check(clean)]
    assert [(p.code, p.file, p.params) for p in told] == [
        ("demand_too_large", "zone_masses.csv", {"value": 52, "limit": 51})
    ]
