from __future__ import annotations

import pytest

from keruen.model.checks import measures
from support.check_cases import OWN, Case, assert_told, at, cell
from support.template_draft import Row, adding, draft, next_record, setting

NEW = ("flow_measures.csv", next_record("flow_measures"))
TERM: Row = {
    "id": "planted",
    "name_en": "Planted",
    "commodity": "grain",
    "loaded": "loaded",
    "unit": "t/year",
    "year": "2023",
    "use": "show",
    **OWN,
}

CASES = [
    Case(
        measures.measures_convert,
        "measure_needs_factor",
        (*NEW, "factor"),
        {"flow_measures": adding({**TERM, "unit": "trains/year"})},
        {"unit": "trains/year"},
    ),
    Case(
        measures.measures_convert,
        "measure_needs_factor",
        (*NEW, "factor"),
        {"flow_measures": adding({**TERM, "unit": "TEU/year"})},
        {"unit": "TEU/year"},
    ),
    cell(
        measures.measures_match_observations,
        "measure_without_observation",
        ("flow_measures", "berth_boxes", "observation"),
        "",
    ),
    Case(
        measures.measures_match_observations,
        "measure_of_other_unit",
        at("flow_measures", "berth_boxes", "unit"),
        {"flow_measures": setting("flow_measures", "berth_boxes", unit="t/year")},
        {"value": "t/year", "other": "TEU/year"},
    ),
    Case(
        measures.measures_match_observations,
        "measure_of_other_year",
        at("flow_measures", "berth_boxes", "year"),
        {"flow_measures": setting("flow_measures", "berth_boxes", year="2022")},
        {"value": 2022, "observation": "boxes_2023"},
    ),
    Case(
        measures.terms_of_one_measure,
        "term_with_its_own",
        at("flow_measures", "grain_west", "adds_to"),
        {"flow_measures": setting("flow_measures", "grain_west", observation="corridor_2023")},
    ),
    Case(
        measures.terms_of_one_measure,
        "term_of_a_term",
        (*NEW, "adds_to"),
        {"flow_measures": adding({**TERM, "adds_to": "grain_west"})},
        {"value": "grain_west"},
    ),
    Case(
        measures.terms_of_one_measure,
        "term_of_other_kind",
        at("flow_measures", "grain_west", "year"),
        {"flow_measures": setting("flow_measures", "grain_west", year="2022")},
        {"value": "2022", "other": "2023", "measure": "rail_west"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_tonnes_of_boxes_follow_from_their_loading() -> None:
    assert measures.measures_convert(draft(flow_measures=adding({**TERM, "factor": ""}))) == []


def test_a_share_is_read_against_a_share() -> None:
    share = {"share_of": "rail_west", "observation": "corridor_2023", "use": "judge"}
    edited = draft(flow_measures=adding({**TERM, **share}))
    (told,) = measures.measures_match_observations(edited)
    assert (told.code, told.params["value"]) == ("measure_of_other_unit", "1")


def test_a_count_of_some_months_may_be_read_against() -> None:
    edited = draft(observations=setting("observations", "boxes_2023", unit="TEU"))
    assert measures.measures_match_observations(edited) == []
