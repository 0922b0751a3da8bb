from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import line_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_run(tmp_path_factory.mktemp("world") / "run")


def test_a_run_and_a_study_are_exported(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, "export", str(run), "--to", "csv", "-o", str(tmp_path / "run"), "--json")
    assert (called.status, called.envelope["study"]) == (0, "line")
    names = {Path(name).name for name in called.envelope["result"]["files"]}
    assert {"targets.csv", "capacity.csv", "datapackage.json"} <= names
    book = tmp_path / "book.xlsx"
    said = call(capsys, "export", str(run / "inputs"), "--to", "xlsx", "-o", str(book))
    assert (said.status, said.out) == (0, f"1 file written:\n  {book}\n")
    assert book.stat().st_size > 1000


def test_a_year_of_a_study_is_exported_as_it_is_then(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = Path(shutil.copytree(run / "inputs", tmp_path / "line"))
    sections = study / "sections.csv"
    text = sections.read_text(encoding="utf-8").replace("20,20,,,own", "20,20,2026-01-01,,own")
    sections.write_text(text, encoding="utf-8")
    for year, rows in (("2025", 2), ("2027", 3)):
        target = tmp_path / year
        command = ("export", str(study), "--to", "csv", "-o", str(target), "--year", year)
        assert call(capsys, *command).status == 0
        assert len((target / "sections.csv").read_text(encoding="utf-8").splitlines()) == rows + 1
