"""Computed beside observed, by what the fit saw; and the calibration where a run has one."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import pytest

from keruen.report.page.context import Context
from keruen.report.page.flow_fit import fit, parameters, signed_percent

Told = Callable[..., Context]


def observed(ids: list[str], computed: list[float], seen: list[str]) -> pd.DataFrame:
    """Rows of ``flow_observed`` beside an observation of 100, none where computed is below 0."""
    values = [100.0 if value >= 0 else math.nan for value in computed]
    logs = [math.log(c / 100.0) if c > 0 else math.nan for c in computed]
    return pd.DataFrame(
        {
            "id": ids,
            "observation": "boxes_2023",
            "year": 2023,
            "computed": computed,
            "observed": values,
            "log_ratio": logs,
            "unit": "TEU/year",
            "confidence": "published",
            "source": "own_estimate",
            "calibrated": seen,
        }
    )


def test_what_the_fit_has_not_seen_comes_first_and_its_middle_is_told(told: Told) -> None:
    frame = observed(
        ["berth_boxes", "rail_west", "grain_west", "east_part"],
        [100.0, 150.0, 50.0, -1.0],
        ["fitted", "free", "free", "free"],
    )
    found = fit(told({"flow_observed": frame}))
    assert found is not None
    assert [group.seen for group in found.groups] == ["free", "fitted"]
    free = found.groups[0]
    assert [row.difference for row in free.rows] == ["+50%", "\u221250%"]
    assert free.told.endswith("Half of the 2 are within 50%.")
    assert found.groups[1].rows[0].name == "Containers over the berth"
    assert found.groups[1].rows[0].observed == "100\u00a0TEU/year"
    assert found.groups[1].rows[0].notes


def test_without_observations_there_is_nothing_to_compare(told: Told) -> None:
    assert fit(told({})) is None
    assert fit(told({"flow_observed": observed(["rail_west"], [-1.0], ["free"])})) is None


def test_nothing_computed_has_no_ratio(told: Told) -> None:
    found = fit(told({"flow_observed": observed(["rail_west"], [0.0], ["free"])}))
    assert found is not None
    assert found.groups[0].rows[0].difference == ""
    assert "Half" not in found.groups[0].told


@pytest.mark.parametrize(
    ("share", "words"), [(0.224, "+22%"), (-0.224, "\u221222%"), (0.001, "0%"), (None, "")]
)
def test_a_difference_has_its_sign(told: Told, share: float | None, words: str) -> None:
    assert signed_percent(told({}), share) == words


def test_a_calibration_is_told_only_where_a_run_has_one(told: Told) -> None:
    assert parameters(told({})) is None
    free = pd.DataFrame(
        {
            "parameter": ["one", "two"],
            "table": "equipment",
            "row": ["boxes", "hoppers"],
            "column": "empty_cost_share",
            "prior_low": 0.1,
            "prior_mode": 0.5,
            "prior_high": 0.9,
            "posterior_mode": [0.3, 0.5],
            "posterior_low": 0.2,
            "posterior_high": 0.4,
            "verdict": ["calibrated", "prior"],
            "study_value": 0.5,
        }
    )
    summary = pd.DataFrame(
        {
            "parameters": [2],
            "observations": [9],
            "first_year": [2019],
            "last_year": [2024],
            "rms_fit_prior": [math.log(1.5)],
            "rms_fit": [math.log(1.2)],
            "rms_without_year": [math.log(1.3)],
        }
    )
    found = parameters(told({"calibration": free, "calibration_summary": summary}))
    assert found is not None
    assert "9 counts of 2019–2024" in found.sentence
    assert "from 50% to 20%" in found.sentence
    assert [row.posterior for row in found.rows] == ["0.3 (0.2–0.4)", "0.5 (0.2–0.4)"]
    assert [row.is_prior for row in found.rows] == [False, True]
