"""What can go wrong, as data: a code with parameters, rendered into words by the faces.

Below the faces nobody writes sentences. A check appends a :class:`Problem`; a room that cannot go
on raises a :class:`KeruenError` that carries problems. The command line turns both into an exit
status and, through the message catalogues, into words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path


class ExitStatus(IntEnum):
    """Exit status of every command, as the JSON contract names them."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    FAILED = 3
    INTERNAL = 70
    INTERRUPTED = 130

    @property
    def word(self) -> str:
        """The word that stands in the ``status`` field of a JSON answer.

        >>> ExitStatus.FINDINGS.word
        'findings'
        """
        return self.name.lower()


class Severity(StrEnum):
    """An impossible value is an error, an implausible one a warning."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where it is, which rule it breaks, and the values its sentence needs.

    Parameters
    ----------
    severity : Severity
        Error or warning.
    code : str
        Rule broken, in snake case. The catalogues hold ``problem.<code>.rule`` and
        ``problem.<code>.mend`` for it.
    file : str or None
        File name relative to the study folder, with forward slashes.
    row : int or None
        Record number, 1-based, the header being record 1; None when not of a row.
    column : str or None
        Column name as it stands in the file.
    params : mapping
        Values for the message; plain strings and numbers only.

    Examples
    --------
    >>> Problem(Severity.ERROR, "below_minimum", "sections.csv", 4, "length_km").place
    'sections.csv:4:length_km'
    """

    severity: Severity
    code: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """File, row and column joined by colons; what is unknown is left out."""
        parts = [self.file, None if self.row is None else str(self.row), self.column]
        return ":".join(part for part in parts if part is not None)

    @property
    def is_error(self) -> bool:
        """Whether this finding makes the study unusable."""
        return self.severity is Severity.ERROR


def error(code: str, file: str | None = None, **params: object) -> Problem:
    """Build an error of a whole file or study; see :class:`Problem` for rows and columns."""
    return Problem(Severity.ERROR, code, file, None, None, params)


class KeruenError(Exception):
    """A command cannot go on; carries what is to be told and the exit status.

    Parameters
    ----------
    problems : sequence of Problem
        What to tell the user, at least one.
    """

    status = ExitStatus.FAILED

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.place} {p.code}".strip() for p in problems))
        self.problems = tuple(problems)


class StudyError(KeruenError):
    """The study has findings that stop the command (exit status 1)."""

    status = ExitStatus.FINDINGS


class UsageError(KeruenError):
    """The command was called wrongly (exit status 2)."""

    status = ExitStatus.USAGE


class FailedError(KeruenError):
    """The work could not be done: infeasible, an extra missing, unreadable (exit status 3)."""

    status = ExitStatus.FAILED


def taken_problem(target: Path) -> Problem:
    """Tell that a place for a folder is taken: by a file, or by a folder that is not empty."""
    code = "target_is_file" if target.is_file() else "target_not_empty"
    return error(code, value=str(target))


def cannot_write(target: object, failure: Exception) -> FailedError:
    """Tell of a file or folder that the system does not let us write, and why.

    >>> cannot_write("a.csv", OSError(28, "No space left on device")).problems[0].params
    {'value': 'a.csv', 'reason': 'No space left on device'}
    """
    said = getattr(failure, "strerror", None) or getattr(failure, "reason", None)
    reason = said or type(failure).__name__
    return FailedError([error("cannot_write", value=str(target), reason=reason)])


class OutOfServiceError(FailedError):
    """What was asked for is not there on the day: no way through, no section of a line."""


class RangeError(FailedError):
    """A formula was given a number outside the range in which it means something."""


def require_range(name: str, value: float, low: float, high: float = float("inf")) -> None:
    """Raise :class:`RangeError` unless ``low <= value <= high``; NaN and infinity never pass.

    >>> require_range("share", 0.5, 0.0, 1.0)
    >>> require_range("share", 1.5, 0.0, 1.0)
    Traceback (most recent call last):
    keruen.errors.RangeError: number_out_of_range
    """
    if not (low <= value <= high and abs(value) != float("inf")):
        raise RangeError([error("number_out_of_range", name=name, value=value, low=low, high=high)])
