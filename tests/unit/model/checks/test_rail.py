from __future__ import annotations

import pytest

from keruen.errors import Severity
from keruen.model.checks import rail
from support.check_cases import OWN, Case, assert_told, at, cell
from support.template_draft import adding, draft, dropping, next_record, setting

AGAIN = {
    "id": "again", "traction": "25kv_ac", "gauge_mm": "1520", "line_class": "plain",
    "train_type": "grain_train", "locomotive": "electric", "units": "1", **OWN,
}  # fmt: skip

CASES = [
    Case(
        rail.haulings_in_conflict,
        "hauling_twice",
        ("haulings.csv", next_record("haulings"), "traction"),
        {"haulings": adding(AGAIN)},
    ),
    cell(
        rail.locomotives_of_the_traction,
        "locomotive_not_fed",
        ("haulings", "electric_1520", "locomotive"),
        "diesel",
    ),
    Case(
        rail.classes_half_described,
        "class_half_described",
        at("line_classes", "plain", "gradient_share"),
        {"line_classes": setting("line_classes", "plain", gradient_share="")},
        severity=Severity.WARNING,
    ),
    Case(
        rail.profiles_over_their_section,
        "profile_starts_late",
        at("track_profiles", "dala_ailaq/0", "km"),
        {"track_profiles": setting("track_profiles", "dala_ailaq/0", km="1")},
    ),
    Case(
        rail.profiles_over_their_section,
        "profile_of_other_length",
        at("track_profiles", "dala_ailaq/31", "km"),
        {"track_profiles": dropping("track_profiles", "dala_ailaq/46")},
        {"km": 31.0, "length": 46.0},
    ),
    cell(
        rail.no_train_fits_a_loop,
        "loop_shorter_than_trains",
        ("line_classes", "hills", "loop_length_m"),
        "899",
        length=900.0,
    ),
    Case(
        rail.lines_in_pieces,
        "line_in_pieces",
        ("sections.csv", 2, "line"),
        {"sections": dropping("sections", "bulaq_orta")},
        severity=Severity.WARNING,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_a_class_that_describes_nothing_is_fine() -> None:
    nothing = setting(
        "line_classes", "plain", permitted_speed_km_per_h="", gradient_share="",
        running_allowance_share="",
    )  # fmt: skip
    assert rail.classes_half_described(draft(line_classes=nothing)) == []


def test_a_class_of_its_own_is_no_conflict() -> None:
    assert rail.haulings_in_conflict(draft(haulings=adding({**AGAIN, "line_class": "hills"}))) == []
