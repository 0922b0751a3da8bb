"""What a planner knew on a day: totals rest on counts that were known by then."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.model.draws import uncertain
from keruen.study.forecast.vintage import planned
from keruen.study.pipeline import Request
from support.study_folder import StudyFolder
from support.template_draft import TEMPLATES

CORRIDOR = TEMPLATES / "corridor"


def test_totals_that_nobody_knew_yet_fall_out() -> None:
    now, told = planned(Request(CORRIDOR))
    assert not [one for one in told if one.code.startswith("totals_")]
    then, told = planned(Request(CORRIDOR, as_of=date(1990, 1, 1)))
    named = now["control_totals"]["observation"].fillna("").astype(str)
    gone = set(now["control_totals"].index[named != ""])
    assert set(now["control_totals"].index) - set(then["control_totals"].index) == gone
    codes = [one.code for one in told]
    assert ("totals_not_known" in codes) == bool(gone)
    assert not set(then["control_total_terms"]["control_total"]) & gone


def test_the_latest_count_known_stands_for_one_that_was_not(tmp_path: Path) -> None:
    study = StudyFolder(tmp_path / "study", "corridor")
    known: dict[str, str] = {}
    days = {"from_date": "2020-01-01", "to_date": "2020-12-31", "known_from": "2021-03-01"}
    middle = {"from_date": "2021-01-01", "to_date": "2021-12-31", "known_from": "2022-03-01"}
    late = {"from_date": "2023-01-01", "to_date": "2023-12-31", "known_from": "2024-03-01"}

    def count_again(rows: list[dict[str, str]]) -> None:
        first = rows[0]
        known["count"] = first["id"]
        rows += [
            {**first, **days, "id": "seen_2020", "value": "1", "confidence": "published"},
            {**first, **middle, "id": "seen_2021", "value": "2", "confidence": "published"},
        ]
        first.update(late)

    def rest_on_it(rows: list[dict[str, str]]) -> None:
        rows[0].update({"observation": known["count"], "value": "", "unit": ""})
        known["total"] = rows[0]["id"]

    study.edit("observations", count_again)
    study.edit("control_totals", rest_on_it)
    total = known["total"]
    then, told = planned(Request(study.path, as_of=date(2022, 12, 31)))
    assert then.text("control_totals", total, "observation") == "seen_2021"
    (older,) = [one for one in told if one.code == "totals_of_before"]
    assert older.params["names"] == total
    before, _ = planned(Request(study.path, as_of=date(2021, 12, 31)))
    assert before.text("control_totals", total, "observation") == "seen_2020"


def test_values_without_a_day_are_named_on_any_day_and_stay_as_they_are() -> None:
    now, told = planned(Request(CORRIDOR))
    assert not [one for one in told if one.code == "totals_without_day"]
    then, told = planned(Request(CORRIDOR, as_of=date(2001, 1, 1)))
    totals = now["control_totals"]
    typed = totals.index[totals["observation"].fillna("").astype(str) == ""]
    assert len(typed)
    (undated,) = [one for one in told if one.code == "totals_without_day"]
    assert undated.params["names"] == ", ".join(sorted(map(str, typed)))
    assert undated.params["count"] == len(typed)
    assert then["control_totals"].loc[typed, "value"].equals(totals.loc[typed, "value"])


def test_a_part_keeps_its_share_of_a_whole_that_takes_an_older_count(tmp_path: Path) -> None:
    study = StudyFolder(tmp_path / "study", "corridor")

    known: dict[str, float] = {}

    def know_later(rows: list[dict[str, str]]) -> None:
        known.update({row["id"]: float(row["value"]) for row in rows})
        next(row for row in rows if row["id"] == "boxes_2024")["known_from"] = "2025-03-01"

    def rest_on_it(rows: list[dict[str, str]]) -> None:
        whole = next(row for row in rows if row["id"] == "boxes")
        whole.update({"observation": "boxes_2024", "value": "", "unit": ""})

    study.edit("observations", know_later)
    study.edit("control_totals", rest_on_it)
    # Loaded boxes to the west are among all boxes; tonnes to the west are not boxes alone.
    then, told = planned(Request(study.path, as_of=date(2024, 12, 31)))
    assert then.text("control_totals", "boxes", "observation") == "boxes_2023"
    share = known["boxes_2023"] / known["boxes_2024"]
    assert share < 1.0
    assert then.number("control_totals", "boxes_west", "value") == pytest.approx(22_000.0 * share)
    assert then.number("control_totals", "transit", "value") == 700_000.0
    key = ("control_totals", "boxes_west", "value")
    (own,) = [cell for cell in uncertain(then) if cell.key == key]
    now, _ = planned(Request(study.path))
    (whole,) = [cell for cell in uncertain(now) if cell.key == key]
    assert float(own.low) == pytest.approx(float(whole.low) * share)
    assert float(own.low) < own.number(own.mode) < float(own.high)
    (scaled,) = [one for one in told if one.code == "totals_in_proportion"]
    assert scaled.params["names"] == "boxes_west"
    later, told = planned(Request(study.path, as_of=date(2025, 12, 31)))
    assert later.number("control_totals", "boxes_west", "value") == 22_000.0
    assert not [one for one in told if one.code == "totals_in_proportion"]
