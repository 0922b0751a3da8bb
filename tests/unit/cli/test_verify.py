from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import line_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_run(tmp_path_factory.mktemp("world") / "run")


@pytest.fixture
def copied(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "copied"))


def test_a_run_is_verified_and_made_again(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "verify", str(copied)).out == "The files are as they were written.\n"
    again = call(capsys, "verify", str(copied), "--rerun")
    assert (again.status, again.err) == (0, "")
    assert "came out the same again" in again.out


def test_a_changed_result_is_found_cell_by_cell(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pandas as pd

    table = copied / "tables" / "targets.parquet"
    frame = pd.read_parquet(table)
    frame.loc[frame["id"] == "enough", "computed"] = 1234.5
    frame.to_parquet(table, index=False)
    called = call(capsys, "verify", str(copied), "--rerun", "--json")
    assert (called.status, called.codes) == (1, ["run_changed", "run_not_repeated"])
    file, cell = called.envelope["result"]["differences"]
    assert (file["table"], file["column"]) == ("tables/targets.parquet", "sha256")
    assert (cell["table"], cell["row"], cell["column"]) == ("targets", "enough", "computed")
    assert (cell["a"], cell["b"]) == pytest.approx((1234.5, 1440 / 55))
    said = call(capsys, "verify", str(copied), "--rerun")
    assert "1234.5" in said.out
    assert "Made again, results differ: 1." in " ".join(said.err.split())


def test_a_lost_file_is_found(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "inputs" / "nodes.csv").unlink()
    called = call(capsys, "verify", str(copied), "--json")
    (lost,) = called.envelope["result"]["differences"]
    assert (lost["table"], lost["b"]) == ("inputs/nodes.csv", None)


def test_another_version_of_the_program_is_told(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = copied / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**content, "code": "0" * 64}), encoding="utf-8")
    called = call(capsys, "verify", str(copied), "--json")
    assert (called.status, called.codes) == (0, ["run_of_other_code"])


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": 1}', '{"format": 99}', '{"format": 1, "inputs": 3, "tables": 4}'],
)
@pytest.mark.parametrize("command", ["verify", "report", "targets"])
def test_a_broken_manifest_is_told(
    content: str, command: str, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied / "manifest.json").write_text(content, encoding="utf-8")
    called = call(capsys, command, str(copied), "--json")
    assert called.status == 3
    assert set(called.codes) <= {"damaged_run", "run_of_other_format"}
