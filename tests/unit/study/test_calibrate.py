from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from keruen.flows.freight.measures import FIT, JUDGE
from keruen.model import Model, read_study
from keruen.study import calibrate
from keruen.study.calibrate import (
    BEYOND,
    CALIBRATED,
    COLUMNS,
    FIT_COLUMNS,
    PRIOR,
    SUMMARY_COLUMNS,
    Calibration,
    calibration,
    corridor_of,
    observed_of,
)
from keruen.study.past import Past
from keruen.study.targets import days_of
from support.template_draft import TEMPLATES

TRUE_SPREAD, TRUE_HISTORY = 0.13, 0.6
ROWS = {
    "sea_2024": {"subject_table": "vessel_lines", "subject_row": "ailaq_jaga_container"},
    "land_2024": {"subject_table": "border_crossings", "subject_row": "tau_exit"},
    "all_2024": {},
    "sea_2022": {"subject_table": "vessel_lines", "subject_row": "ailaq_jaga_container"},
    "land_2022": {"subject_table": "border_crossings", "subject_row": "tau_exit"},
    "all_2022": {},
    "all_2022_judged": {"from_group": "inland", "to_group": "overseas"},
}


def frame_like(frame: pd.DataFrame, rows: Mapping[str, Mapping[str, object]]) -> pd.DataFrame:
    plain = {name: np.nan if frame[name].dtype == np.float64 else "" for name in frame.columns}
    made = pd.DataFrame(
        [{**plain, "id": key, **own} for key, own in rows.items()], index=list(rows)
    )
    return made.astype({n: "float64" for n in frame.columns if frame[n].dtype == np.float64})


@cache
def template() -> Model:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    parameters = {
        "spread": ("commodities", "container", "choice_spread_share", 0.03, 0.08, 0.2),
        "past": ("demand_history", "boxes_2022", "factor", 0.4, 0.8, 1.6),
    }
    free = {
        key: {
            "table": table,
            "row": row,
            "column": column,
            "scale": "log",
            "prior_low": low,
            "prior_mode": mode,
            "prior_high": high,
        }
        for key, (table, row, column, low, mode, high) in parameters.items()
    }
    measures = {
        key: {
            "direction": "both",
            "commodity": "container",
            "ways": "both",
            "loaded": "loaded",
            "unit": "TEU/year",
            "year": int(key.split("_")[1]),
            "use": JUDGE if key.endswith("judged") else FIT,
            "observation": key,
            **own,
        }
        for key, own in ROWS.items()
    }
    seen = {key: {"value": 1.0, "confidence": "published"} for key in ROWS}
    frames = {
        "calibration_parameters": frame_like(model["calibration_parameters"], free),
        "flow_measures": frame_like(model["flow_measures"], measures),
        "observations": frame_like(model["observations"], seen),
    }
    return replace(model, tables=MappingProxyType({**model.tables, **frames}))


def counting(values: dict[str, float]) -> Model:
    model = template()
    frame = model["observations"].assign(value=[values[key] for key in ROWS])
    return replace(model, tables=MappingProxyType({**model.tables, "observations": frame}))


@cache
def twin() -> Calibration:
    """A calibration on what the model itself counts with other parameters than the prior's."""
    model = template()
    observed = observed_of(model)
    rows = {
        year: [one.measure.id for one in observed if one.measure.year == year]
        for year in (2022, 2024)
    }
    past = Past(model, days_of(model), rows)
    cells = {
        ("commodities", "container", "choice_spread_share"): TRUE_SPREAD,
        ("demand_history", "boxes_2022", "factor"): TRUE_HISTORY,
    }
    past.gather([{}], lambda _: None)
    values = {
        row: float(value)
        for year, own in rows.items()
        for row, value in zip(own, np.exp(past.logs(year, cells)), strict=True)
    }
    shown = counting(values)
    found = calibration(shown, days_of(shown), thorough=True)
    assert found is not None
    return found


def test_demand_of_the_past_is_found_again_where_counts_speak_of_it() -> None:
    frame = calibrate.parameter_frame(twin()).set_index("parameter")
    past = frame.loc["past"]
    assert past["posterior_mode"] == pytest.approx(TRUE_HISTORY, rel=0.05)
    assert past["posterior_low"] < TRUE_HISTORY < past["posterior_high"]
    assert past["verdict"] == CALIBRATED
    assert past["information_bits"] > 1.0


def test_what_ends_outside_its_prior_is_told_apart() -> None:
    whole = twin()
    far = whole.found._replace(
        z=np.full_like(whole.found.z, 3.0), covariance=0.01 * np.eye(whole.found.z.size)
    )
    frame = calibrate.parameter_frame(whole._replace(found=far))
    assert set(frame["verdict"]) == {BEYOND}
    assert (frame["posterior_mode"] > frame["prior_high"]).all()


def test_what_the_counts_do_not_move_reads_prior() -> None:
    whole = twin()
    still = whole.found._replace(
        z=np.zeros_like(whole.found.z), covariance=np.eye(whole.found.z.size)
    )
    frame = calibrate.parameter_frame(whole._replace(found=still))
    assert set(frame["verdict"]) == {PRIOR}
    assert (frame["posterior_mode"] == frame["prior_mode"]).all()
    np.testing.assert_allclose(frame["posterior_low"], frame["prior_low"], rtol=0.06)


def test_the_fit_is_nearer_than_the_prior_and_judged_counts_are_left_out() -> None:
    whole = twin()
    fit = calibrate.fit_frame(whole)
    summary = calibrate.summary_frame(whole, fit).iloc[0]
    assert list(fit.columns) == list(FIT_COLUMNS)
    assert list(summary.index) == list(SUMMARY_COLUMNS)
    assert (summary["observations"], summary["judged"], summary["parameters"]) == (6, 1, 2)
    assert summary["rms_fit"] < 0.5 * summary["rms_fit_prior"]
    judged = fit[fit["use"] == JUDGE]
    assert judged["computed_without_year"].isna().all()
    assert not whole.evidence.used[[one.measure.use == JUDGE for one in whole.observed]].any()


def test_the_mode_is_at_rest_and_a_study_that_holds_it_is_told_so() -> None:
    whole = twin()
    summary = calibrate.summary_frame(whole, calibrate.fit_frame(whole)).iloc[0]
    assert summary["at_rest"]
    assert not summary["study_agrees"]
    assert summary["objective"] < summary["objective_study"]
    assert list(whole.found.path) == sorted(whole.found.path, reverse=True)
    held = tuple(
        one._replace(value=one.own.at(z))
        for one, z in zip(whole.parameters, whole.found.z.tolist(), strict=True)
    )
    again = whole._replace(parameters=held)
    assert calibrate.parameter_frame(again)["study_agrees"].all()


def test_cells_that_are_proposed_are_those_of_the_mode() -> None:
    whole = twin()
    cells = calibrate.cell_frame(template(), whole).set_index("parameter")
    modes = calibrate.parameter_frame(whole).set_index("parameter")["posterior_mode"]
    np.testing.assert_allclose(cells["value"], modes, rtol=1e-3)
    assert (cells["low"] < cells["value"]).all()
    assert (cells["value"] < cells["high"]).all()


def test_one_step_from_what_a_study_holds_says_that_it_is_not_the_mode() -> None:
    whole = twin()
    model = template()
    values = {one.measure.id: one.value for one in whole.observed}
    shown = counting({key: values[key] for key in ROWS})
    found = calibration(shown, days_of(model))
    assert found is not None
    assert not found.found.at_rest
    assert found.found.steps == 1
    assert found.equilibria < whole.equilibria


def test_without_a_year_its_own_demand_falls_back_to_the_prior() -> None:
    fit = calibrate.fit_frame(twin()).set_index("measure")
    row = fit.loc["all_2022"]
    assert abs(row["log_ratio_posterior"]) < 0.05
    assert row["log_ratio_without_year"] > 0.15


def test_a_study_without_parameters_has_empty_tables() -> None:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    none = model["calibration_parameters"].iloc[:0]
    model = replace(
        model, tables=MappingProxyType({**model.tables, "calibration_parameters": none})
    )
    found = calibrate.calibrate(model, days_of(model))
    assert {name: tuple(frame.columns) for name, frame in found.items()} == COLUMNS
    assert all(frame.empty for frame in found.values())


def test_counts_after_the_base_year_are_not_looked_at() -> None:
    model = template()
    frame = model["flow_measures"].assign(year=2025)
    later = replace(model, tables=MappingProxyType({**model.tables, "flow_measures": frame}))
    assert observed_of(later) == ()


def test_a_measure_belongs_to_the_country_that_its_element_leads_into() -> None:
    countries = {one.measure.id: one.corridor for one in observed_of(template())}
    assert countries["all_2024"] == ""
    assert countries["sea_2024"] == countries["sea_2022"] != ""
    assert corridor_of(template(), observed_of(template())[0].measure) in countries.values()
