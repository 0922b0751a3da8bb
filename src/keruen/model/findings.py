"""How rooms of the model tell what they find: capped, located, with the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Final, NamedTuple

from keruen.errors import Problem, Severity

MAX_TOLD: Final = 200
"""Problems of one kind told one by one in one column; the rest is counted."""
MAX_SHOWN: Final = 80
"""Characters of a foreign text that a problem carries."""
_MAX_KNOWN: Final = 5_000
_MAX_SUGGESTIONS: Final = 20

Found = tuple[int, Mapping[str, object]]
"""Record number and parameters of one finding."""


class Fault(NamedTuple):
    """A rule that a value breaks, its place still open."""

    code: str
    params: Mapping[str, object]
    severity: Severity = Severity.ERROR

    def at(self, file: str | None, row: int | None, column: str | None) -> Problem:
        """The problem at a place."""
        return Problem(self.severity, self.code, file, row, column, self.params)


def cut(text: str) -> str:
    """A text short enough to be told.

    >>> len(cut("x" * 1000))
    80
    """
    return text[:MAX_SHOWN]


def closest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to a misspelt one, or an empty text.

    >>> closest("lenght_km", ["length_km", "tracks"])
    'length_km'
    >>> closest("Tracks", ["length_km", "tracks"]), closest("s1", ["S01", "S02"])
    ('tracks', 'S01')
    """
    words = {str(one).lower(): str(one) for one in islice(known, _MAX_KNOWN)}
    matches = get_close_matches(word[:MAX_SHOWN].lower(), words, n=1, cutoff=0.6)
    return words[matches[0]] if matches else ""


class Suggestions:
    """Nearest words for the misspelt ones of a column, each looked for once and not too many."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(islice(known, _MAX_KNOWN))
        self._found: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        """The nearest known word, or an empty text."""
        if word not in self._found and len(self._found) < _MAX_SUGGESTIONS:
            self._found[word] = closest(word, self._known)
        return self._found.get(word, "")


def cap_rows(
    code: str,
    file: str,
    column: str | None,
    found: Iterable[Found],
    severity: Severity = Severity.ERROR,
) -> list[Problem]:
    """Make problems of one kind, the first ones one by one and the rest as a count.

    Parameters
    ----------
    code : str
        Rule broken.
    file, column : str, str or None
        Where.
    found : iterable of (int, mapping)
        Record number and parameters of each; only the first are kept.
    severity : Severity
        Of all of them.

    Examples
    --------
    >>> told = cap_rows("bad_id", "nodes.csv", "id", ((row, {}) for row in range(2, 1002)))
    >>> len(told), told[-1].code, told[-1].params["more"]
    (201, 'and_more', 800)
    """
    findings = iter(found)
    told = [
        Problem(severity, code, file, row, column, params)
        for row, params in islice(findings, MAX_TOLD)
    ]
    return told + and_more(code, file, column, sum(1 for _ in findings), severity)


def and_more(
    code: str, file: str, column: str | None, more: int, severity: Severity = Severity.ERROR
) -> list[Problem]:
    """Count what is not told one by one."""
    if not more:
        return []
    return [Problem(severity, "and_more", file, None, column, {"code_told": code, "more": more})]
