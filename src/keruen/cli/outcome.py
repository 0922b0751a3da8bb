"""From an exception to an answer: every way a command can end has a status and a problem."""

from __future__ import annotations

import typer

from keruen.cli.answer import Answer
from keruen.cli.trace import write_trace
from keruen.cli.usage import usage_problem
from keruen.errors import ExitStatus, KeruenError, Problem, Severity


def outcome_of(failure: BaseException, arguments: tuple[str, ...]) -> Answer:
    """Answer for a command that raised.

    Parameters
    ----------
    failure : BaseException
        What was raised.
    arguments : tuple of str
        Arguments of the command line, for the log of an internal error.
    """
    if isinstance(failure, KeruenError):
        return Answer(problems=failure.problems, status=failure.status)
    if isinstance(failure, typer.TyperException):
        return Answer(problems=(usage_problem(failure),), status=ExitStatus.USAGE)
    if isinstance(failure, KeyboardInterrupt | typer.Abort):
        return Answer(problems=(_error("interrupted"),), status=ExitStatus.INTERRUPTED)
    if isinstance(failure, OSError) and failure.filename is not None:
        problem = _error(
            "system_refused", path=str(failure.filename), reason=failure.strerror or "?"
        )
        return Answer(problems=(problem,), status=ExitStatus.FAILED)
    log = write_trace(failure, arguments)
    problem = (
        _error("internal_without_log", kind=type(failure).__name__)
        if log is None
        else _error("internal", kind=type(failure).__name__, log=str(log))
    )
    return Answer(problems=(problem,), status=ExitStatus.INTERNAL)


def _error(code: str, **params: object) -> Problem:
    return Problem(Severity.ERROR, code, params=params)
