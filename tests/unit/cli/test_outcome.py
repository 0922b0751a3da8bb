from __future__ import annotations

import pytest
import typer

from keruen.cli import outcome
from keruen.errors import ExitStatus, UsageError, error


def code_and_status(failure: BaseException) -> tuple[str, ExitStatus]:
    answer = outcome.outcome_of(failure, ())
    assert answer.result is None
    (problem,) = answer.problems
    return problem.code, answer.outcome


def test_what_a_room_raises_keeps_its_problems() -> None:
    failure = UsageError([error("no_rows", "a.csv"), error("year_and_date")])
    answer = outcome.outcome_of(failure, ())
    assert answer.problems == failure.problems
    assert answer.outcome is ExitStatus.USAGE


def test_what_typer_raises_is_wrong_usage() -> None:
    assert code_and_status(typer.BadParameter("x")) == ("wrong_usage", ExitStatus.USAGE)
    assert code_and_status(typer.Abort()) == ("interrupted", ExitStatus.INTERRUPTED)


def test_what_the_system_refuses_names_the_file() -> None:
    answer = outcome.outcome_of(PermissionError(13, "Permission denied", "/secret"), ())
    assert answer.problems[0].params == {"path": "/secret", "reason": "Permission denied"}
    assert answer.outcome is ExitStatus.FAILED


def test_a_fault_of_ours_is_internal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_and_status(KeyError("x")) == ("internal", ExitStatus.INTERNAL)
    monkeypatch.setattr(outcome, "write_trace", lambda failure, arguments: None)
    assert code_and_status(KeyError("x")) == ("internal_without_log", ExitStatus.INTERNAL)
