"""Run folders appear whole or not at all, and say what they were made from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from keruen.errors import FailedError, UsageError
from keruen.study.pipeline import Outcome, Request, run_steps
from keruen.study.store import (
    Run,
    damaged_files,
    free_place,
    latest_run,
    read_manifest,
    read_run,
    require_place,
    require_writable,
    write_run,
    write_text,
)
from support.small_study import SETTINGS
from support.tiny_study import tiny_tables, write_tiny


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    short = SETTINGS.replace("last_year: 2030", "last_year: 2024")
    study = write_tiny(tmp_path_factory.mktemp("study") / "small", tiny_tables(), short)
    return run_steps(Request(study, as_of=date(2024, 3, 1)), ("capacity",))


@pytest.fixture
def run(outcome: Outcome, tmp_path: Path) -> Run:
    return write_run(outcome, tmp_path / "runs" / "one", "keruen run small")


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_run_says_what_it_was_made_from(run: Run, outcome: Outcome) -> None:
    again = read_run(run.path)
    assert again.manifest == json.loads((run.path / "manifest.json").read_text(encoding="utf-8"))
    assert again.manifest["study"] == "small"
    assert again.manifest["command"] == "keruen run small"
    assert again.manifest["as_of"] == "2024-03-01"
    assert set(again.manifest["inputs"]) == set(outcome.inputs)
    assert set(again.tables) == {"capacity", "inputs"}
    assert len(again.tables["capacity"]) == len(outcome.tables["capacity"])
    assert damaged_files(run.path, again.manifest) == []
    assert [path for path in run.path.parent.iterdir() if path != run.path] == []


def test_the_request_of_a_run_is_over_its_own_copy(run: Run, outcome: Outcome) -> None:
    request = read_run(run.path).request
    assert request == Request(run.path / "inputs", None, outcome.seed, date(2024, 3, 1))
    again = run_steps(request, ("capacity",))
    assert again.inputs == outcome.inputs
    assert again.tables["capacity"].equals(outcome.tables["capacity"])


def test_a_finish_that_fails_leaves_nothing(outcome: Outcome, tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def finish(run: Run) -> None:
        (run.path / "report.html").write_text("half", encoding="utf-8")
        seen.append(names(run.path))
        raise RuntimeError("out of ink")

    with pytest.raises(RuntimeError, match="out of ink"):
        write_run(outcome, tmp_path / "run", "c", finish)
    assert "manifest.json" in seen[0]
    assert list(tmp_path.iterdir()) == []


def test_what_finish_adds_is_part_of_the_run(outcome: Outcome, tmp_path: Path) -> None:
    def finish(run: Run) -> None:
        (run.path / "report.html").write_text("whole", encoding="utf-8")

    run = write_run(outcome, tmp_path / "run", "c", finish)
    assert (run.path / "report.html").read_text(encoding="utf-8") == "whole"


def test_a_folder_with_something_in_it_is_left_alone(outcome: Outcome, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    write_run(outcome, tmp_path / "run", "c")  # an empty one is filled
    before = names(tmp_path / "run")
    for target, code in (
        (tmp_path / "run", "target_not_empty"),
        (tmp_path / "run" / "manifest.json", "target_is_file"),
    ):
        with pytest.raises(UsageError, match=code):
            write_run(outcome, target, "c")
    assert names(tmp_path / "run") == before


def test_a_place_that_cannot_be_written_is_told(outcome: Outcome, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(FailedError, match="cannot_write"):
        write_run(outcome, tmp_path / "file" / "deep" / "run", "c")
    assert names(tmp_path) == ["file"]


def test_a_place_is_tried_without_leaving_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    for good in (tmp_path / "run", Path("deep/er/run"), tmp_path / "file" / ".." / "run"):
        require_place(good)
    for bad in (tmp_path / "file" / "run", Path("file/deep/run"), Path("x" * 300)):
        with pytest.raises(FailedError, match="cannot_write"):
            require_place(bad)
    for taken, code in (
        (tmp_path, "target_not_empty"),
        (tmp_path / "file", "target_is_file"),
        (tmp_path / "loop", "target_not_empty"),
    ):
        with pytest.raises(UsageError, match=code):
            require_place(taken)
    assert names(tmp_path) == ["file", "loop"]


@pytest.mark.parametrize("reason", ["Permission denied", "No space left on device"])
def test_a_folder_in_which_nothing_can_be_made_is_told(
    reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **more: object) -> str:
        raise OSError(13, reason)

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(FailedError) as failure:
        require_writable(tmp_path / "runs")
    (problem,) = failure.value.problems
    assert problem.params == {"value": str(tmp_path / "runs"), "reason": reason}


def test_the_folder_worked_in_can_be_the_place(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    write_run(outcome, Path(), "c")
    assert (tmp_path / "run" / "manifest.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_study_that_goes_away_meanwhile_leaves_nothing(outcome: Outcome, tmp_path: Path) -> None:
    from dataclasses import replace

    gone = replace(outcome, request=Request(tmp_path / "gone"))
    with pytest.raises(FailedError, match="cannot_write"):
        write_run(gone, tmp_path / "run", "c")
    assert list(tmp_path.iterdir()) == []


def spoilt(run: Run, spoil: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads((run.path / "manifest.json").read_text(encoding="utf-8"))
    spoil(content)
    (run.path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m.pop("tables"),
        lambda m: m.pop("inputs"),
        lambda m: m.pop("created"),
        lambda m: m.update(tables=["capacity"]),
        lambda m: m.update(inputs=None),
        lambda m: m.update(seed="7"),
        lambda m: m.update(as_of="yesterday"),
        lambda m: m.update(as_of=20240301),
        lambda m: m["tables"].update(capacity=None),
        lambda m: m["tables"].update(capacity={"rows": 3}),
        lambda m: m["inputs"].update({"../secret": "0" * 64}),
        lambda m: m["inputs"].update({"nodes.csv": 5}),
        lambda m: m["tables"].update({"more": {"sha256": "0" * 64}}),  # and no such file
    ],
)
def test_a_damaged_manifest_is_told(run: Run, spoil: Callable[[dict[str, Any]], object]) -> None:
    spoilt(run, spoil)
    with pytest.raises(FailedError, match="damaged_run"):
        read_run(run.path)


@pytest.mark.parametrize("text", ["", "{", "\ufeff{}", "[" * 100_000, "NaN"])
def test_what_is_no_manifest_is_told(run: Run, text: str) -> None:
    (run.path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(FailedError, match=r"damaged_run|run_of_other_format"):
        read_run(run.path)


def test_another_format_is_told(run: Run) -> None:
    spoilt(run, lambda m: m.update(format=2))
    with pytest.raises(FailedError, match="run_of_other_format"):
        read_manifest(run.path)


def test_a_damaged_table_is_told(run: Run) -> None:
    (run.path / "tables" / "capacity.parquet").write_bytes(b"PAR1")
    with pytest.raises(FailedError, match="damaged_run"):
        read_run(run.path)


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(FailedError, match="not_a_run"):
            read_run(place)


def test_tables_beside_those_of_the_manifest_are_not_read(run: Run, outcome: Outcome) -> None:
    outcome.tables["inputs"].to_parquet(run.path / "tables" / "more.parquet")
    assert set(read_run(run.path).tables) == {"capacity", "inputs"}


def test_files_changed_since_are_found(run: Run) -> None:
    (run.path / "inputs" / "nodes.csv").write_text("changed", encoding="utf-8")
    (run.path / "tables" / "capacity.parquet").unlink()
    found = damaged_files(run.path, run.manifest)
    assert [(name, bool(actual)) for name, _, actual in found] == [
        ("inputs/nodes.csv", True),
        ("tables/capacity.parquet", False),
    ]


def test_the_newest_run_of_a_study(outcome: Outcome, tmp_path: Path) -> None:
    assert latest_run(tmp_path / "nowhere", "small") is None
    for name, created in (("b", "2026-01-01T00:00:00+00:00"), ("a", "2026-02-01T00:00:00+00:00")):
        run = write_run(outcome, tmp_path / name, "c")
        spoilt(run, lambda m, created=created: m.update(created=created))  # type: ignore[misc]
    (tmp_path / "z").mkdir()
    (tmp_path / "stray.txt").write_text("", encoding="utf-8")
    assert latest_run(tmp_path, "small") == tmp_path / "a"
    assert latest_run(tmp_path, "other") is None


def test_a_run_of_the_same_second_has_a_place_of_its_own(tmp_path: Path) -> None:
    now = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001
    first = free_place(tmp_path, "small", now)
    first.mkdir()
    second = free_place(tmp_path, "small", now)
    assert first != second
    assert second.name.startswith(first.name)


def test_a_text_is_written_whole_or_not(tmp_path: Path) -> None:
    write_text(tmp_path / "report.html", "Қазақстан\n")
    assert (tmp_path / "report.html").read_bytes() == "Қазақстан\n".encode()
    with pytest.raises(FailedError, match="cannot_write"):
        write_text(tmp_path / "nowhere" / "report.html", "x")
    assert names(tmp_path) == ["report.html"]
