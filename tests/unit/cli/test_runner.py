from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import NoReturn

import pytest

from keruen.cli.answer import Answer, Asked
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.errors import ExitStatus, FailedError, Problem, Severity, StudyError, UsageError, error
from keruen.i18n import translator

RUNNER = Runner(translator("en"), ("run", "x"))
ASKED = Asked("run", json=True, study="s")


def silent(screen: Screen, answer: Answer) -> None:
    del screen, answer


def raising(failure: BaseException) -> Callable[[], Answer]:
    def body() -> NoReturn:
        raise failure

    return body


@pytest.mark.parametrize(
    ("failure", "status", "word", "code"),
    [
        (StudyError([error("no_rows")]), 1, "findings", "no_rows"),
        (UsageError([error("year_and_date")]), 2, "usage", "year_and_date"),
        (FailedError([error("not_a_study", value="x")]), 3, "failed", "not_a_study"),
        (PermissionError(13, "no", "/x"), 3, "failed", "system_refused"),
        (OSError(28, "no room", "/x"), 3, "failed", "system_refused"),
        (ValueError("x"), 70, "internal", "internal"),
        (RecursionError(), 70, "internal", "internal"),
        (MemoryError(), 70, "internal", "internal"),
        (OSError("without a name"), 70, "internal", "internal"),
        (FailedError([error("a_code_of_no_catalogue")]), 70, "internal", "internal"),
        (KeyboardInterrupt(), 130, "interrupted", "interrupted"),
    ],
)
def test_every_end_is_one_json_object(
    failure: BaseException, status: int, word: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert RUNNER.run(ASKED, raising(failure), silent) == status
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert answer["status"] == word
    assert [problem["code"] for problem in answer["problems"]] == [code]
    assert answer["result"] is None
    assert (answer["command"], answer["study"]) == ("run", "s")
    assert printed.err == ""


@pytest.mark.parametrize("failure", [ValueError("secret"), KeyboardInterrupt()])
def test_people_get_a_sentence_and_no_trace(
    failure: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    RUNNER.run(Asked("run"), raising(failure), silent)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert "Traceback" not in printed.err
    assert "secret" not in printed.err


def test_the_log_file_named_holds_the_trace(capsys: pytest.CaptureFixture[str]) -> None:
    RUNNER.run(ASKED, raising(ValueError("inside")), silent)
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    name = problem["mend"].partition("log file ")[2].removesuffix(".")
    with open(name, encoding="utf-8") as log:  # noqa: PTH123
        text = log.read()
    assert "ValueError: inside" in text
    assert "('run', 'x')" in text


def test_a_result_that_has_no_json_is_an_internal_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = RUNNER.run(ASKED, lambda: Answer(result={"x": object()}), silent)
    assert status == ExitStatus.INTERNAL
    assert json.loads(capsys.readouterr().out)["status"] == "internal"


def test_what_a_library_prints_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    def body() -> Answer:
        sys.stdout.write("chatter\n")
        return Answer(result={})

    RUNNER.run(ASKED, body, silent)
    printed = capsys.readouterr()
    assert json.loads(printed.out)["result"] == {}
    assert printed.err == "chatter\n"


def test_warnings_stand_beside_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    def show(screen: Screen, answer: Answer) -> None:
        screen.line(f"found {answer.result}")

    answer = Answer({"a": 1}, [Problem(Severity.WARNING, "no_rows", "nodes.csv")])
    assert RUNNER.run(Asked("run"), lambda: answer, show) == 0
    printed = capsys.readouterr()
    assert printed.out == "found {'a': 1}\n"
    assert printed.err.startswith("1 warning\n  nodes.csv\n")


def test_a_reader_that_has_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", buffering=1) as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert RUNNER.run(ASKED, lambda: Answer(result={}), silent) == 0
        monkeypatch.undo()
