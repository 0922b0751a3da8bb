from __future__ import annotations

import pytest

from keruen.model.checks import calibration
from support.check_cases import Case, assert_told
from support.template_draft import Row, adding, draft, next_record, setting

NEW = ("calibration_parameters.csv", next_record("calibration_parameters"))
FREE: Row = {
    "id": "planted",
    "table": "commodities",
    "row": "grain",
    "column": "choice_spread_share",
    "scale": "log",
    "prior_low": "0.03",
    "prior_mode": "0.08",
    "prior_high": "0.2",
}
FITTED = [
    {"id": f"m{number}", "use": "fit", "observation": "boxes_2023", "loaded": "loaded"}
    for number in range(3)
]

CASES = [
    Case(
        calibration.parameters_move_flows,
        "calibration_cell",
        (*NEW, "column"),
        {"calibration_parameters": adding({**FREE, "column": "cost_elasticity"})},
    ),
    Case(
        calibration.parameters_move_flows,
        "calibration_prior",
        (*NEW, "prior_low"),
        {"calibration_parameters": adding({**FREE, "prior_low": "0.1"})},
    ),
    Case(
        calibration.parameters_move_flows,
        "calibration_prior",
        (*NEW, "prior_low"),
        {"calibration_parameters": adding({**FREE, "prior_low": "-0.1"})},
    ),
    Case(
        calibration.parameters_few,
        "calibration_too_free",
        ("calibration_parameters.csv", 2, "row"),
        {
            "calibration_parameters": adding(FREE),
            "flow_measures": setting("flow_measures", "berth_boxes", use="show"),
        },
        {"parameters": 2, "fitted": 2},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_a_normal_prior_may_go_below_nought() -> None:
    edited = draft(calibration_parameters=adding({**FREE, "scale": "linear", "prior_low": "-0.1"}))
    assert calibration.parameters_move_flows(edited) == []


def test_what_goes_along_is_no_further_parameter_and_goes_along_with_a_free_one() -> None:
    along = [
        FREE,
        {**FREE, "id": "second", "row": "metal", "same_as": "planted"},
        {**FREE, "id": "third", "row": "metal", "same_as": "second"},
    ]
    edited = draft(calibration_parameters=adding(*along), flow_measures=adding(*FITTED))
    (told,) = calibration.parameters_few(edited)
    assert (told.code, told.column) == ("calibration_chain", "same_as")
    assert told.row == next_record("calibration_parameters") + 2
