"""TNTP files as lines, tags and numbers, with what is wrong told by line.

Comments run from ``~`` to the end of their line. Letters outside ASCII may stand in comments in any
encoding; anywhere else they are told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from keruen.errors import FailedError, Problem, Severity, error
from keruen.model.files import decode, read_bytes
from keruen.model.findings import MAX_TOLD, and_more, cut

MAX_BYTES: Final = 200_000_000
"""A file larger than this is refused."""

MOST: Final = 1e15
"""The largest number that is computed with; a double counts units up to about nine times that."""

LEAST_CAPACITY: Final = 1e-15
MOST_CAPACITY: Final = 1e30
"""Large, because files write capacities without end as some large number."""
MOST_POWER: Final = 100.0
MOST_NODES: Final = 10_000_000

_TAG: Final = re.compile(r"<([^<>]*)>(.*)")
_END: Final = "END OF METADATA"
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_SHOWN: Final = 8


class Findings:
    """Collects problems of one file by line, the first ones of each kind one by one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors = 0
        self._told: list[Problem] = []
        self._counts: dict[tuple[str, Severity], int] = {}

    def tell(self, code: str, row: int | None, column: str | None = None, **params: object) -> None:
        """Something wrong at a line."""
        self.errors += 1
        self._add(Problem(Severity.ERROR, code, self.file, row, column, params))

    def warn(self, code: str, row: int | None, column: str | None = None, **params: object) -> None:
        """Something odd at a line that is read anyway."""
        self._add(Problem(Severity.WARNING, code, self.file, row, column, params))

    def _add(self, problem: Problem) -> None:
        kind = (problem.code, problem.severity)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= MAX_TOLD:
            self._told.append(problem)

    def problems(self) -> list[Problem]:
        """All of them, those that are too many counted."""
        more: list[Problem] = []
        for (code, severity), count in self._counts.items():
            more += and_more(code, self.file, None, max(0, count - MAX_TOLD), severity)
        return [*self._told, *more]


class Text(NamedTuple):
    """A file as lines.

    Parameters
    ----------
    tags : dict
        Values of the metadata with their lines, by name in capitals.
    body : list of (int, str)
        Lines behind the metadata that hold something, numbered, without comments.
    findings : Findings
        What is wrong so far.
    heading : (int, str) or None
        The last comment between the metadata and what is behind them, with its line.
    """

    tags: dict[str, tuple[str, int]]
    body: list[tuple[int, str]]
    findings: Findings
    heading: tuple[int, str] | None = None


def _folder(path: Path, ending: str) -> Problem:
    """Tell that a path is a folder, with the files in it that could have been meant."""
    try:
        names = sorted(one.name for one in path.iterdir() if one.name.lower().endswith(ending))
    except OSError:
        names = []
    shown = [*names[:_SHOWN], "…"] if len(names) > _SHOWN else names
    return error("tntp_folder", str(path), ending=ending, better=", ".join(shown))


def _lines(path: Path, ending: str) -> list[str]:
    if path.is_dir():
        raise FailedError([_folder(path, ending)])
    try:
        # Whoever names a link means what it leads to.
        real = path.resolve()
    except (OSError, RuntimeError):
        real = path
    raw, problems = read_bytes(real.parent, real.name, MAX_BYTES)
    if raw is None:
        raise FailedError([replace(problem, file=path.name) for problem in problems])
    text, problems = decode(raw, path.name)
    lines = text.splitlines()
    foreign = any(not line.partition("~")[0].isascii() for line in lines)
    if foreign and any(problem.is_error for problem in problems):
        raise FailedError(problems)
    return lines


def read_text(path: Path, ending: str) -> Text:
    """Read a file.

    Parameters
    ----------
    path : Path
        The file.
    ending : str
        How the names of such files end, for whoever gives a folder.

    Raises
    ------
    FailedError
        When the file cannot be read.
    """
    findings = Findings(path.name)
    tags: dict[str, tuple[str, int]] = {}
    body: list[tuple[int, str]] = []
    heading: tuple[int, str] | None = None
    ended = False
    for row, line in enumerate(_lines(path, ending), start=1):
        # Old systems end a text with the sign \x1a.
        bare = line.strip("\x1a\x00 \t\v\f")
        if not bare or bare.startswith("~"):
            if bare and ended and not body:
                heading = (row, bare.lstrip("~"))
            continue
        if ended:
            kept = bare.partition("~")[0].strip()
            if kept:
                body.append((row, kept))
            continue
        tag = _TAG.match(bare)
        if tag is None:
            findings.tell("tntp_no_tag", row, value=cut(bare))
            continue
        name = " ".join(tag[1].upper().split())
        ended = name == _END
        if name in tags:
            findings.tell("tntp_doubled_tag", row, tag=cut(name))
        tags[name] = (tag[2].split("~")[0].strip(), row)
    if not ended:
        findings.tell("tntp_no_end", None, tag=_END)
    return Text(tags, body, findings, heading)


def is_number(text: str) -> bool:
    """Whether a text is a finite decimal number.

    >>> is_number("1.5E+01"), is_number("nan"), is_number("1e999")
    (True, False, False)
    """
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def whole_tag(text: Text, name: str) -> int | None:
    """A whole number of the metadata; None where it is missing, or told to be none."""
    if name not in text.tags:
        return None
    value, row = text.tags[name]
    if not _WHOLE.fullmatch(value) or int(value) < 1:
        text.findings.tell("tntp_bad_tag", row, tag=name, value=cut(value))
        return None
    return int(value)


def taken(text: Text, name: str, value: int) -> int:
    """A number taken in place of one that the metadata lack; told at the line of their end."""
    if name not in text.tags:
        text.findings.warn("tntp_missing_tag", end_row(text), tag=name, value=value)
    return value


def end_row(text: Text) -> int | None:
    """Line in which the metadata end."""
    return text.tags[_END][1] if _END in text.tags else None


def factor_tag(text: Text, name: str) -> float | None:
    """A factor of the metadata; None where it is missing, or told to be none."""
    if name not in text.tags:
        return None
    value, row = text.tags[name]
    if not is_number(value) or not 0.0 <= float(value) <= MOST:
        text.findings.tell("tntp_bad_tag", row, tag=name, value=cut(value))
        return None
    return float(value)


def tell_unknown(text: Text, known: Collection[str]) -> None:
    """Tell tags that are not read, in which a name may be written wrong."""
    for name, (_, row) in text.tags.items():
        if name not in known and name != _END:
            text.findings.warn("tntp_unknown_tag", row, tag=cut(name))


def node(value: str, limit: int | None, at: tuple[int, str], findings: Findings) -> int:
    """A node counted from 0; -1, and told, where it is none."""
    if not _WHOLE.fullmatch(value):
        findings.tell("tntp_not_number", *at, value=cut(value))
        return -1
    number = int(value)
    if number < 1 or (limit is not None and number > limit):
        findings.tell("tntp_node_range", *at, value=number, limit=limit or "?")
        return -1
    return number - 1


def amount(value: str, at: tuple[int, str], findings: Findings, most: float = MOST) -> float:
    """A number from nought to the most there may be; -1, and told, where it is none."""
    number = float(value) if _NUMBER.fullmatch(value) else math.nan
    if 0.0 <= number <= most:
        return number
    if not math.isfinite(number):
        findings.tell("tntp_not_number", *at, value=cut(value))
    elif number < 0.0:
        findings.tell("tntp_below_zero", *at, value=number)
    else:
        findings.tell("tntp_too_large", *at, value=number, limit=most)
    return -1.0
