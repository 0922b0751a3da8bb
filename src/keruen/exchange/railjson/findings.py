"""Problems of one file, each at its place in the JSON, counted where they are too many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from keruen.errors import Problem, Severity
from keruen.model.findings import MAX_TOLD, and_more, cut

Place = tuple[str | int, ...]
"""Names and positions that lead from the root to a value."""
_LONGEST_STEP: Final = 80


def pointer(place: Iterable[str | int]) -> str:
    """A place as a JSON pointer (RFC 6901): ``~`` and ``/`` in names are written ``~0`` and ``~1``.

    >>> pointer(("switches", 3, "ports", "A/B"))
    '/switches/3/ports/A~1B'
    """
    steps = (str(step)[:_LONGEST_STEP].replace("~", "~0").replace("/", "~1") for step in place)
    return "".join(f"/{step}" for step in steps)


class Findings:
    """Collects problems of a file.

    Parameters
    ----------
    file : str
        Name that the problems carry.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._told: list[Problem] = []
        self._counts: dict[tuple[str, Severity], int] = {}

    def error(self, code: str, place: Place, **params: object) -> None:
        """Something impossible."""
        self._add(Severity.ERROR, code, place, params)

    def warning(self, code: str, place: Place, **params: object) -> None:
        """Something that cannot be right but is not carried over anyway."""
        self._add(Severity.WARNING, code, place, params)

    def _add(self, severity: Severity, code: str, place: Place, params: dict[str, object]) -> None:
        key = (code, severity)
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._counts[key] <= MAX_TOLD:
            short = {n: cut(v) if isinstance(v, str) else v for n, v in params.items()}
            at = pointer(place) or "/"
            self._told.append(Problem(severity, code, self.file, None, at, short))

    @property
    def has_errors(self) -> bool:
        """Whether something impossible was found."""
        return any(severity is Severity.ERROR for _, severity in self._counts)

    def problems(self) -> tuple[Problem, ...]:
        """All, in the order found, and the number of those that are not told one by one."""
        more: list[Problem] = []
        for (code, severity), count in self._counts.items():
            more += and_more(code, self.file, None, max(0, count - MAX_TOLD), severity)
        return (*self._told, *more)
