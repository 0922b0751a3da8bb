"""Forecasts in folders: whole, of the inputs that they say, and beside the run of the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from keruen.errors import FailedError, UsageError
from keruen.model import Model, input_hashes, read_study
from keruen.study.forecast.forecast import Forecast
from keruen.study.forecast.store import (
    FOLDER,
    RECORD,
    forecast_beside,
    forecast_for,
    made_from,
    read_forecast,
    write_forecast,
)
from keruen.study.pipeline import Request
from keruen.study.store import MANIFEST, Run
from support.template_draft import TEMPLATES

CORRIDOR = TEMPLATES / "corridor"
NONE: Mapping[str, Any] = {}


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    found = read_study(CORRIDOR).model
    assert isinstance(found, Model)
    frame = pd.DataFrame({"id": ["a", "b"], "p50": [1.0, 2.0]})
    return Forecast(Request(CORRIDOR), found, 4, 7, {"forecast_volumes": frame}, (), 0)


def manifest(other: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "format": 1,
        "study": "corridor",
        "code": "",
        "scenario": None,
        "seed": 1,
        "as_of": None,
        "created": "2026-01-01T00:00:00+00:00",
        "inputs": dict(input_hashes(CORRIDOR)),
        "tables": {},
        **other,
    }


def run_folder(folder: Path, other: Mapping[str, Any] = NONE) -> Run:
    folder.mkdir()
    told = manifest(other)
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    return Run(folder, told, {})


def code_of(failed: pytest.ExceptionInfo[Any]) -> list[str]:
    return [problem.code for problem in failed.value.problems]


def test_a_forecast_comes_back_from_its_folder(forecast: Forecast, tmp_path: Path) -> None:
    place = write_forecast(forecast, tmp_path / "kept")
    found = read_forecast(place)
    pd.testing.assert_frame_equal(
        found.tables["forecast_volumes"], forecast.tables["forecast_volumes"]
    )
    assert (found.record["draws"], found.record["seed"]) == (4, 7)
    with pytest.raises(UsageError) as refused:
        write_forecast(forecast, place)
    assert code_of(refused) == ["target_not_empty"]


def test_in_a_run_it_has_a_folder_of_its_own(forecast: Forecast, tmp_path: Path) -> None:
    run = run_folder(tmp_path / "run")
    assert forecast_beside(run) is None
    assert write_forecast(forecast, run.path) == run.path / FOLDER
    beside = forecast_beside(run)
    assert beside is not None
    assert beside.path == run.path / FOLDER
    assert read_forecast(run.path).record == beside.record


@pytest.mark.parametrize("other", [{"scenario": "war"}, {"inputs": {}}, {"as_of": "2022-12-31"}])
def test_a_run_of_other_inputs_is_refused(
    forecast: Forecast, tmp_path: Path, other: dict[str, Any]
) -> None:
    run = run_folder(tmp_path / "run", other)
    with pytest.raises(FailedError) as refused:
        write_forecast(forecast, run.path)
    assert code_of(refused) == ["forecast_of_other_inputs"]
    place = write_forecast(forecast, tmp_path / "kept")
    with pytest.raises(FailedError) as refused:
        forecast_for(place, run.manifest)
    assert code_of(refused) == ["forecast_of_other_inputs"]
    assert forecast_for(place, made_from(forecast)).path == place


def test_what_is_no_forecast_or_not_whole_is_told(forecast: Forecast, tmp_path: Path) -> None:
    with pytest.raises(FailedError) as failed:
        read_forecast(tmp_path)
    assert code_of(failed) == ["not_a_forecast"]
    place = write_forecast(forecast, tmp_path / "kept")
    (place / "forecast_volumes.parquet").write_bytes(b"PAR1")
    with pytest.raises(FailedError) as failed:
        read_forecast(place)
    assert code_of(failed) == ["damaged_forecast"]
    (place / RECORD).write_text("[]", encoding="utf-8")
    with pytest.raises(FailedError) as failed:
        read_forecast(place)
    assert code_of(failed) == ["not_a_forecast"]
