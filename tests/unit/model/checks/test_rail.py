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
        rail.carried_among_freight,
        "carried_above_freight",
        ("traffic_classes", "busy", "carried_pairs_per_day"),
        "7",
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
    Case(
        rail.profiles_too_steep,
        "profile_too_steep",
        at("track_profiles", "dala_ailaq/31", "elevation_m"),
        {"track_profiles": setting("track_profiles", "dala_ailaq/46", elevation_m="3000")},
        {"km": 31.0, "section": "dala_ailaq", "permille": 197.7, "limit": 100.0},
    ),
    Case(
        rail.limits_above_the_permitted,
        "profile_limit_above_permitted",
        at("track_profiles", "dala_ailaq/17", "limit_km_per_h"),
        {"track_profiles": setting("track_profiles", "dala_ailaq/17", limit_km_per_h="150")},
        {"value": 150.0, "permitted": 90.0, "section": "dala_ailaq"},
        severity=Severity.WARNING,
    ),
    cell(
        rail.no_train_fits_a_loop,
        "loop_shorter_than_trains",
        ("line_classes", "hills", "loop_length_m"),
        "899",
        length=900.0,
    ),
    cell(
        rail.no_train_fits_a_loop,
        "loop_shorter_than_trains",
        ("sections", "bulaq_orta", "loop_length_m"),
        "850",
        length=900.0,
    ),
    cell(
        rail.no_train_fits_a_loop,
        "loop_shorter_than_trains",
        ("station_tracks", "orta_tracks", "useful_length_m"),
        "850",
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


def test_a_limit_that_container_trains_may_use_is_not_too_high() -> None:
    tables = {
        "track_profiles": setting("track_profiles", "dala_ailaq/17", limit_km_per_h="110"),
        "line_classes": setting("line_classes", "plain", container_permitted_speed_km_per_h="120"),
    }
    assert rail.limits_above_the_permitted(draft(**tables)) == []
    only = draft(track_profiles=tables["track_profiles"])
    assert len(rail.limits_above_the_permitted(only)) == 1


def test_points_at_one_kilometre_are_too_steep() -> None:
    doubled = setting("track_profiles", "dala_ailaq/31", km="17.0")
    told = rail.profiles_too_steep(draft(track_profiles=doubled))
    assert [(p.row, p.params["permille"]) for p in told] == [(3, "∞")]
