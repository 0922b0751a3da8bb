from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from keruen.errors import FailedError
from keruen.study.pipeline import Outcome, Progress, Request, run_steps
from keruen.study.verify import verify_run
from support.worlds import line_run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_run(tmp_path_factory.mktemp("world") / "run")


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "run"))


def test_an_untouched_run_is_the_same(run: Path) -> None:
    found = verify_run(run)
    assert found.same
    assert (found.files, found.tables, found.same_code, found.study) == ((), None, True, "line")
    assert verify_run(run, again=True).same


def test_changed_and_lost_files_are_named(run: Path) -> None:
    (run / "inputs" / "lines.csv").unlink()
    (run / "tables" / "targets.parquet").write_bytes(b"nothing")
    found = verify_run(run)
    assert [(file.name, bool(file.found)) for file in found.files] == [
        ("inputs/lines.csv", False),
        ("tables/targets.parquet", True),
    ]
    assert not found.same


def test_results_that_come_out_otherwise_are_located(run: Path) -> None:
    def otherwise(request: Request, progress: Progress) -> Outcome:
        made = run_steps(request, progress=progress)
        targets = made.tables["targets"].copy()
        targets.loc[targets["id"] == "enough", "computed"] += 1.0
        return replace(made, tables={**made.tables, "targets": targets, "more": pd.DataFrame()})

    found = verify_run(run, again=True, steps=otherwise)
    assert not found.same
    assert found.files == ()
    assert found.tables is not None
    (cell,) = found.tables["targets"].changed
    assert (cell.row, cell.column) == ("enough", "computed")
    assert all(table.same for name, table in found.tables.items() if name != "targets")


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": None},
        {"tables": {"targets": {"rows": 1}}},
        {"seed": "7"},
        {"as_of": "yesterday"},
        {"inputs": {"../outside.csv": "0" * 64}},
        {"tables": {"../../targets": {"rows": 1, "sha256": "0" * 64}}},
    ],
)
def test_a_manifest_of_another_shape_is_damaged(change: dict[str, object], run: Path) -> None:
    manifest = run / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**content, **change}), encoding="utf-8")
    with pytest.raises(FailedError) as failed:
        verify_run(run)
    assert failed.value.problems[0].code == "damaged_run"
