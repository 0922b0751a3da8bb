"""An imported railway with the assumed trains can be run over; without them the notes say so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.line_run import line_run
from keruen.errors import FailedError, StudyError
from keruen.exchange.railjson import (
    ImportOptions,
    notes_as_warnings,
    read_railjson,
    write_imported,
)
from keruen.exchange.railjson.notes import Why
from keruen.exchange.railjson.trains import LINE_CLASS
from keruen.model import load_model
from support.infra import OPTIONS, fork


def written(folder: Path, infra: object) -> Path:
    file = folder / "infra.json"
    file.write_text(json.dumps(infra), encoding="utf-8")
    return file


def test_with_assumed_trains_a_run_is_computed(tmp_path: Path) -> None:
    options = replace(OPTIONS, with_trains=True)
    railway = read_railjson(written(tmp_path, fork()), options)
    assert {n.id for n in railway.notes if n.kind == "haulings"} == {"ac_1520", "diesel_1520"}
    write_imported(railway, tmp_path / "new")
    model = load_model(tmp_path / "new").at(date(2024, 7, 1))
    assert set(model["locomotives"]["confidence"]) <= {"assumed", "published"}
    section = str(model["sections"].index[0])
    assert model.text("sections", section, "line_class") == LINE_CLASS
    assert line_run(model, section).time_min > 0.0


def test_without_trains_the_notes_say_what_is_lacking(tmp_path: Path) -> None:
    railway = read_railjson(written(tmp_path, fork()), OPTIONS)
    (lacking,) = [n for n in railway.notes if n.why is Why.LACKING]
    assert (lacking.kind, lacking.value) == ("haulings", "rail run")
    write_imported(railway, tmp_path / "new")
    model = load_model(tmp_path / "new").at(date(2024, 7, 1))
    with pytest.raises(FailedError, match="section_without_hauling"):
        line_run(model, str(model["sections"].index[0]))


def test_a_gauge_without_trains_is_told(tmp_path: Path) -> None:
    iberian = ImportOptions(1668, date(2024, 7, 1), with_trains=True)
    railway = read_railjson(written(tmp_path, fork()), iberian)
    assert not [n for n in railway.notes if n.why is Why.LACKING]
    lacking = [n for n in railway.notes if n.why is Why.NO_TRAIN]
    assert {n.field for n in lacking} == {"25kv_ac, 1668 mm", "diesel, 1668 mm"}
    assert sorted(n.id for n in lacking) == sorted(railway.tables["sections"]["id"])
    warned = [w for w in notes_as_warnings(railway.notes, "f") if w.code == "railjson_no_train"]
    assert sum(int(str(w.params["count"])) for w in warned) == len(lacking)
    write_imported(railway, tmp_path / "new")


def test_a_traction_without_trains_is_told_of_its_sections_alone(tmp_path: Path) -> None:
    infra = fork()
    for wire in infra["electrifications"]:
        wire["voltage"] = "15000V"
    railway = read_railjson(written(tmp_path, infra), replace(OPTIONS, with_trains=True))
    lacking = {n.id for n in railway.notes if n.why is Why.NO_TRAIN}
    sections = railway.tables["sections"].set_index("id")["traction"]
    assert lacking == set(sections.index[sections == "15kv_ac"]) != set(sections.index)
    write_imported(railway, tmp_path / "new")
    model = load_model(tmp_path / "new").at(date(2024, 7, 1))
    runs = next(str(one) for one in sections.index if one not in lacking)
    assert line_run(model, runs).time_min > 0.0
    with pytest.raises(FailedError, match="section_without_hauling"):
        line_run(model, min(lacking))


def test_a_slope_of_no_railway_is_told_in_its_place(tmp_path: Path) -> None:
    infra = fork()
    infra["track_sections"][0]["slopes"] = [
        {"gradient": 8.0, "begin": 0.0, "end": 50.0},
        {"gradient": -400.0, "begin": 50.0, "end": 90.0},
    ]
    with pytest.raises(StudyError) as raised:
        read_railjson(written(tmp_path, infra), OPTIONS)
    (problem,) = raised.value.problems
    assert problem.code == "railjson_slope_out_of_range"
    assert problem.column == "/track_sections/0/slopes/1/gradient"
    assert problem.params["value"] == -400.0


def test_a_limit_of_nought_is_not_great_enough(tmp_path: Path) -> None:
    infra = fork()
    infra["speed_sections"] = [
        {"id": "v", "speed_limit": 0, "speed_limit_by_tag": {}, "track_ranges": []}
    ]
    with pytest.raises(StudyError) as raised:
        read_railjson(written(tmp_path, infra), OPTIONS)
    assert [problem.code for problem in raised.value.problems] == ["railjson_not_above"]
