from __future__ import annotations

import json
from pathlib import Path

import pytest

from keruen.cli.run import report_languages
from keruen.flows.freight.unsettled import unsettled
from support.command_line import call, spawn
from support.worlds import line, line_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_run(tmp_path_factory.mktemp("world") / "run")


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
    assert "3 нысана: 1 орындалады, 1 орындалмайды, 1 анықталмаған." in called.out
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


@pytest.mark.parametrize("output", [None, "file/deep/out", "file/out"])
def test_a_place_that_cannot_be_made_is_refused_before_the_work(
    output: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def unreached(*arguments: object, **more: object) -> None:
        raise AssertionError("a step was run")

    monkeypatch.setattr("keruen.study.pipeline.run_steps", unreached)
    monkeypatch.chdir(tmp_path)
    for name in ("file", "runs"):
        (tmp_path / name).write_text("in the way", encoding="utf-8")
    place = () if output is None else ("-o", output)
    called = call(capsys, "run", str(line(tmp_path / "line")), *place, "--json")
    assert (called.status, called.codes) == (3, ["cannot_write"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "line", "runs"]


def test_every_command_calls_a_study_and_its_run_by_one_name(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = line(tmp_path / "line").rename(tmp_path / "elsewhere")
    asked = {
        **dict.fromkeys(("check", "capacity", "rail capacity"), study),
        **dict.fromkeys(("targets", "verify", "report"), run),
    }
    for command, folder in asked.items():
        answer = call(capsys, *command.split(), str(folder), "--json").envelope
        assert (command, answer["study"]) == (command, "line")
        assert answer["seed"] == (7 if folder == run else None)
    again = call(capsys, "run", str(study), "-o", str(tmp_path / "out"), "--json").envelope
    assert again["study"] == "line"
    assert call(capsys, "compare", str(study), str(run), "--json").envelope["study"] == "line"


def test_languages_of_the_reports() -> None:
    assert report_languages("en", ("en", "kk", "ru", "zh")) == ("en", "kk")
    assert report_languages("kk", ("en",)) == ("kk", "en")


def test_progress_of_a_run_goes_to_standard_error(tmp_path: Path) -> None:
    study = line(tmp_path / "line")
    called = spawn("run", str(study), "-o", str(tmp_path / "out"), "--json")
    assert called.envelope["status"] == "ok"
    assert called.err.splitlines()[-1] == "Report…"


def test_a_year_without_rest_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [unsettled(2030, 0.5, 0.0, 1e-5)]
    monkeypatch.setattr("keruen.study.freight.unsettled_years", lambda tables: told)
    study, out = line(tmp_path / "line"), tmp_path / "out"
    called = call(capsys, "run", str(study), "-o", str(out))
    assert called.status == 1
    assert "The flows of 2030 did not come to rest" in called.out
    again = call(capsys, "targets", str(out), "--json")
    assert (again.status, again.codes) == (1, ["flows_not_settled"])
