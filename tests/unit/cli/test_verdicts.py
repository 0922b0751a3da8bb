from __future__ import annotations

import io
import math
from pathlib import Path

import pandas as pd
import pytest

from keruen.cli.naming import Names
from keruen.cli.screen import Screen
from keruen.cli.verdicts import amount, chances_of, note, rows_of, show_details
from keruen.i18n import translator
from keruen.model import read_study
from support.study_folder import StudyFolder
from support.template_draft import TEMPLATES

ROW = {
    "kind": "target",
    "metric": "corridor_capacity_t",
    "unit": "t/year",
    "reason": "computed",
    "verdict": "missed",
    "year": 2030,
    "first_year": None,
    "observed": None,
    "is_stated": False,
    "fitted": "",
    "surpassed_by": "",
}


def test_rows_are_plain_values() -> None:
    frame = pd.DataFrame(
        {"id": ["a", "b"], "first_year": [2025.0, math.nan], "computed": [math.nan, 1.5]}
    )
    assert list(rows_of(frame)) == [
        {"id": "a", "first_year": 2025, "computed": None},
        {"id": "b", "first_year": None, "computed": 1.5},
    ]


@pytest.mark.parametrize(
    ("changes", "value", "written"),
    [
        ({}, 10_000_000.0, "10.00 Mt/year"),
        ({}, 99_999.0, "99,999 t/year"),
        ({"unit": "TEU/year"}, 300_000.4, "300,000 TEU/year"),
        ({"unit": "ratio"}, 5.0, "×5.00"),
        ({"unit": "pairs/day"}, 12.0, "12 pairs/day"),
        ({"unit": "pairs/day"}, 12.55, "12.6 pairs/day"),
        ({"metric": "share", "unit": "1"}, 0.85, "85.0%"),
        ({}, None, "—"),
    ],
)
def test_amounts(changes: dict[str, object], value: float | None, written: str) -> None:
    said = amount(translator("en"), value, {**ROW, **changes})
    assert said.replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("changes", "turns", "said"),
    [
        ({"verdict": "met", "first_year": 2026}, 0, "It holds from 2026."),
        ({}, 0, "No year of the study meets it."),
        ({"first_year": 2033}, 0, "It is met in 2033 only."),
        (
            {"verdict": "undetermined", "reason": "flows_needed", "observed": 4_484_000.0},
            0,
            "Capacity alone does not decide this: flows are needed. Observed: 4.48 Mt/year.",
        ),
        (
            {"verdict": "missed", "reason": "flows_free", "kind": "fact", "observed": 4_484_000.0},
            0,
            "By the flows of 2030; the fit has not seen it. Observed: 4.48 Mt/year. A statement "
            "of fact is met when what is computed comes within 5% of it.",
        ),
        (
            {"reason": "flows_free", "observed": 4_484_000.0, "observed_is": "stated"},
            0,
            "By the flows of 2030; the fit has not seen it. Stated: 4.48 Mt/year, the claim "
            "itself and no count.",
        ),
        (
            {"verdict": "undetermined", "reason": "out_of_service"},
            0,
            "At the end of 2030 it is not in service, cannot be reached or has no such capacity.",
        ),
        (
            {},
            1,
            "No year of the study meets it. 1 assumed number could turn the verdict by itself.",
        ),
    ],
)
def test_notes(changes: dict[str, object], turns: int, said: str) -> None:
    found = note({**ROW, **changes}, turns, translator("en"))
    assert found.replace("\u00a0", " ") == said
    assert note({**ROW, **changes}, turns, translator("kk")) != found


def test_a_stated_figure_and_a_surpassed_one_are_said() -> None:
    t = translator("en")
    stated = note({**ROW, "verdict": "met", "first_year": 2025, "is_stated": True}, 0, t)
    fitted = note({**ROW, "verdict": "met", "first_year": 2025, "fitted": "a/b/c"}, 0, t)
    assert fitted.endswith("An assumed number was chosen so that this is reached: no finding.")
    assert stated.endswith("nothing was computed.")
    tight = note({**ROW, "surpassed_by": "titr_2024"}, 0, t)
    assert "titr_2024" in tight
    assert "too tight" in tight


def test_chances_are_told_of_targets_that_name_what_they_count(tmp_path: Path) -> None:
    study = StudyFolder(tmp_path / "study", "corridor")

    def name_a_measure(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["id"] == "corridor_volume":
                row["measure"] = "rail_west"

    study.edit("targets", name_a_measure)
    model = read_study(study.path).model
    assert model is not None
    frame = pd.DataFrame(
        {
            "target": ["corridor_volume", "port_boxes", "corridor_volume"],
            "measure": ["rail_west", "berth_boxes", "rail_west"],
            "year": [2030, 2024, 2024],
            "share": [math.nan, 0.5, 0.25],
            "n": [0, 8, 8],
        }
    )
    names = Names(translator("en"), model)
    assert chances_of(frame, names) == {
        "corridor_volume": [
            {"year": 2024, "share": 0.25, "n": 8},
            {"year": 2030, "share": None, "n": 0},
        ]
    }
    assert chances_of(None, names) == {}


@pytest.mark.parametrize("language", ["en", "kk"])
@pytest.mark.parametrize(
    ("metric", "binding", "lines"),
    [
        ("corridor_capacity_t", {"kind": "fleets", "element": "locomotives"}, ["full", "ladders"]),
        ("corridor_capacity_teu", {"kind": "sections", "element": "a_b"}, ["full"]),
        ("element_capacity_t", {"kind": "handling", "element": "berths"}, []),
        ("volume_t", None, []),
    ],
)
def test_the_capacity_of_a_corridor_says_of_which_element_it_is(
    language: str, metric: str, binding: dict[str, str] | None, lines: list[str]
) -> None:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    t, stream = translator(language), io.StringIO()
    target: dict[str, object] = {
        **dict.fromkeys(("computed_low", "computed_high", "within_share")),
        "id": "x",
        "name": "x",
        "definition": "x",
        "note": "x",
        "verdict": "missed",
        "metric": metric,
        "binding": binding,
        "computed": 1.0,
        "wanted": 2.0,
        "unit": "t/year",
        "level": "available",
        "year": 2030,
        "blocking": [],
        "package": [],
        "probability": [],
    }
    show_details(Screen(t, stream), [target], Names(t, model))
    said = " ".join(stream.getvalue().split())
    names = Names(t, model)
    named = {"element": names.element(binding["kind"], binding["element"])} if binding else {}
    assert (t("cli.targets.full_lead") in said) == bool(lines)
    assert ("full" in lines) == (bool(named) and t("cli.targets.full", **named) in said)
    assert ("ladders" in lines) == (t("cli.targets.full_in_ladders") in said)
