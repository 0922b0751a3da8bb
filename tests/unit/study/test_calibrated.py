from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from keruen.errors import FailedError
from keruen.model import read_study
from keruen.study.cache import StepCache
from keruen.study.calibrated import kept_calibration, write_cells
from keruen.study.pipeline import Request
from support.worlds import line, template


def test_a_calibration_is_kept_and_leaves_the_study_as_it_is(tmp_path: Path) -> None:
    study = template("corridor")(tmp_path / "corridor")
    before = {one.name: one.read_bytes() for one in study.iterdir()}
    told: list[str] = []
    cache = StepCache(tmp_path / "cache")
    first = kept_calibration(Request(study), lambda step, _: told.append(step), cache)
    assert set(told) == {"calibrate"}
    told.clear()
    second = kept_calibration(Request(study), lambda step, _: told.append(step), cache)
    assert told == []
    for name, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, second.tables[name])
    assert {one.name: one.read_bytes() for one in study.iterdir()} == before
    file = tmp_path / "cells.csv"
    write_cells(file, first.tables["calibration_cells"])
    cells = pd.read_csv(file)
    model = read_study(study).model
    assert model is not None
    for row in cells.to_dict("records"):
        held = model.number(row["table"], row["row"], row["column"])
        assert held == pytest.approx(row["study_value"])
    assert len(cells) == 2


def test_a_study_with_nothing_free_is_told(tmp_path: Path) -> None:
    study = line(tmp_path / "line")
    with pytest.raises(FailedError) as raised:
        kept_calibration(Request(study), lambda step, share: None, StepCache(None))
    assert [one.code for one in raised.value.problems] == ["no_calibration"]
