"""Errors of a calibration with parts left out, and every count beside its figure."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import pytest

from keruen.report.page.calibration import calibration
from keruen.report.page.context import Context

Told = Callable[..., Context]


def counts(uses: list[str]) -> pd.DataFrame:
    """Rows of ``calibration_fit``: counted 100, computed 120; without the year 150."""
    fitted = [use == "fit" for use in uses]
    return pd.DataFrame(
        {
            "measure": ["berth_boxes", "rail_west", "grain_west"][: len(uses)],
            "year": 2023,
            "use": uses,
            "unit": "TEU/year",
            "observed": 100.0,
            "computed_posterior": 120.0,
            "log_ratio_prior": math.log(2.0),
            "log_ratio_posterior": math.log(1.2),
            "log_ratio_without_year": [math.log(1.5) if own else math.nan for own in fitted],
            "log_ratio_without_corridor": [math.log(0.5) if own else math.nan for own in fitted],
        }
    )


def summary(*, at_rest: bool = True, agrees: bool = True) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rms_fit_prior": [math.log(2.0)],
            "rms_fit": [math.log(1.2)],
            "rms_without_year": [math.log(1.5)],
            "rms_without_corridor": [math.log(1.6)],
            "rms_judged_prior": [math.log(1.7)],
            "rms_judged": [math.log(1.3)],
            "condition_number": [1178.2],
            "information_bits": [3.86],
            "widened": [1.25],
            "at_rest": [at_rest],
            "study_agrees": [agrees],
        }
    )


def test_without_a_calibration_nothing_is_told(told: Told) -> None:
    assert calibration(told({})) is None


def test_errors_stand_by_use_and_what_was_judged_is_never_left_out(told: Told) -> None:
    tables = {"calibration_fit": counts(["fit", "judge", "fit"]), "calibration_summary": summary()}
    found = calibration(told(tables))
    assert found is not None
    assert [(row.name, row.count) for row in found.errors] == [("Fitted", 2), ("To judge by", 1)]
    assert found.errors[0].errors == ("100%", "20%", "50%", "60%")
    assert found.errors[1].errors == ("70%", "30%", "", "")
    assert [group.use for group in found.groups] == ["fit", "judge"]
    fitted, judged = (group.rows[0] for group in found.groups)
    assert fitted.differences == ("+100%", "+20%", "+50%", "\u221250%")
    assert judged.differences[2:] == ("", "")
    assert (fitted.observed, fitted.year) == ("100\u00a0TEU/year", 2023)
    assert "120" in fitted.computed


@pytest.mark.parametrize("yes", [True, False])
def test_whether_it_is_at_rest_and_agrees_is_said(told: Told, yes: bool) -> None:
    tables = {
        "calibration_fit": counts(["fit"]),
        "calibration_summary": summary(at_rest=yes, agrees=yes),
    }
    found = calibration(told(tables))
    assert found is not None
    words = " ".join(found.sentences)
    assert "3.9 bits" in words
    assert ("no step was found" in words) is yes
    assert ("Its cells hold the numbers found" in words) is yes


def test_a_difference_that_rounds_to_nought_has_no_sign(told: Told) -> None:
    frame = counts(["fit"]).assign(log_ratio_posterior=-0.004)
    found = calibration(told({"calibration_fit": frame, "calibration_summary": summary()}))
    assert found is not None
    assert found.groups[0].rows[0].differences[1] == "0%"
