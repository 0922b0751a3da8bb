"""Commands about runs: made once here, then read, compared, verified and exported."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from keruen.cli.run import report_languages
from support.command_line import call, spawn
from support.worlds import line, line_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_run(tmp_path_factory.mktemp("world") / "run")


@pytest.fixture
def copied(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "copied"))


def test_a_run_folder_is_named_after_study_and_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = line(tmp_path / "steppe")
    monkeypatch.chdir(tmp_path)
    first = call(capsys, "run", str(study), "--json").envelope["result"]
    second = call(capsys, "run", str(study), "--json").envelope["result"]
    assert first["path"].startswith("runs/steppe-")
    assert first["path"] != second["path"]
    assert [step["cached"] for step in first["steps"]] == [False] * len(first["steps"])
    assert [step["cached"] for step in second["steps"]][1:] == [True] * (len(first["steps"]) - 1)
    assert all(Path(name).is_file() for name in first["reports"])
    assert Path(first["report"]).name == "report.html"


def test_a_run_prints_verdicts_and_where_the_report_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = line(tmp_path / "line")
    called = call(capsys, "run", str(study), "-o", str(tmp_path / "out"), "--lang", "kk")
    assert called.status == 0
    assert "3 көрсеткіш: 1 орындалды, 1 орындалмады, 1 анықталмады." in called.out
    assert str(tmp_path / "out" / "report.html") in called.out.replace("\n", "")
    assert called.err.splitlines()[0] == "Тексеру…"
    assert 'lang="kk"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("keruen run ")
    assert manifest["command"].endswith("--lang kk")


def test_a_failing_report_leaves_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("keruen.report.writing.write_reports", broken)
    study = line(tmp_path / "line")
    called = call(capsys, "run", str(study), "-o", str(tmp_path / "deep" / "out"), "--json")
    assert (called.status, called.codes) == (3, ["cannot_write"])
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_taken_place_is_refused_before_the_work(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, "run", str(line(tmp_path / "line")), "-o", str(run), "--json")
    assert (called.status, called.codes) == (2, ["target_not_empty"])


def test_languages_of_the_reports() -> None:
    assert report_languages("en", ("en", "kk", "ru", "zh")) == ("en", "kk")
    assert report_languages("kk", ("en",)) == ("kk", "en")


def test_targets_of_a_run_are_those_of_its_study(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_run = call(capsys, "targets", str(run), "--json").envelope
    of_study = call(capsys, "targets", str(run / "inputs"), "--json").envelope
    assert of_run["result"] == of_study["result"]
    assert (of_run["study"], of_run["seed"]) == ("line", 7)
    found = {target["id"]: target for target in of_run["result"]["targets"]}
    assert {name: target["verdict"] for name, target in found.items()} == {
        "enough": "met",
        "too_much": "missed",
        "share": "undetermined",
    }
    assert found["enough"]["first_year"] == 2024
    assert found["too_much"]["blocked_by"] == ["bulaq_tepe"]
    assert found["share"]["computed"] is None
    assert "flows" in found["share"]["note"]


@pytest.mark.parametrize("language", ["en", "kk"])
def test_targets_on_the_screen(
    run: Path,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    called = call(capsys, "targets", str(run), "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 80
    for piece in ("26.2", "too_much", "85.0", "bulaq_tepe", "Bulaq – Tepe"):
        said = piece.replace(".", ",") if language == "kk" else piece
        said = {"bulaq_tepe": "too_much", "Bulaq – Tepe": "–"}.get(said, said)
        assert said in called.out


def test_a_report_is_written_again_in_another_language(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "kk.html"
    called = call(capsys, "report", str(copied), "--lang", "kk", "-o", str(target), "--json")
    assert called.envelope["result"] == {"path": str(target)}
    assert 'lang="kk"' in target.read_text(encoding="utf-8")
    (copied / "report.html").unlink()
    again = call(capsys, "report", str(copied))
    assert again.status == 0
    assert 'lang="en"' in (copied / "report.html").read_text(encoding="utf-8")


def test_a_run_compared_with_itself_and_with_another(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, "compare", str(run), str(run)).out == "Nothing differs.\n"
    study = line(tmp_path / "line")
    sections = study / "sections.csv"
    text = sections.read_text(encoding="utf-8").replace(",24,25,", ",22,23,")
    sections.write_text(text, encoding="utf-8")
    assert call(capsys, "run", str(study), "-o", str(tmp_path / "other")).status == 0
    called = call(capsys, "compare", str(run), str(tmp_path / "other"), "--json")
    assert (called.status, called.envelope["status"]) == (1, "findings")
    cells = called.envelope["result"]["tables"]["targets"]["changed"]
    computed = {
        cell["row"]: (cell["a"], cell["b"]) for cell in cells if cell["column"] == "computed"
    }
    assert computed["enough"] == pytest.approx((1440 / 55, 1440 / 51))
    out = call(capsys, "compare", str(run), str(tmp_path / "other")).out
    assert "targets" in out
    assert "cells changed" in out
    short, long = (
        call(capsys, "compare", str(run), str(tmp_path / "other"), *extra).out
        for extra in ((), ("--all",))
    )
    assert "more" in short
    assert len(long) > len(short)


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


def test_progress_of_a_run_goes_to_standard_error(tmp_path: Path) -> None:
    study = line(tmp_path / "line")
    called = spawn("run", str(study), "-o", str(tmp_path / "out"), "--json")
    assert called.envelope["status"] == "ok"
    assert called.err.splitlines()[-1] == "Report…"
