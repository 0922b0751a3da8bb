"""What was asked and what is answered: the two records between a command and its printing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keruen.errors import ExitStatus, Problem


@dataclass(frozen=True, slots=True)
class Asked:
    """The command and the common options it was called with.

    Parameters
    ----------
    command : str
        Words of the command, such as ``rail capacity``; empty when none was recognised.
    json : bool
        Whether the answer is one JSON object.
    study, scenario : str or None
        Name of the study, id of the scenario.
    year : int or None
        Year looked at, meaning its 1 July.
    date, as_of : date or None
        Day looked at; day after which observations are ignored.
    seed : int or None
        Seed of the random numbers.
    """

    command: str
    json: bool = False
    study: str | None = None
    scenario: str | None = None
    year: int | None = None
    date: dt.date | None = None
    as_of: dt.date | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found.

    Parameters
    ----------
    result : mapping or None
        The ``result`` of the JSON contract; None when there is none.
    problems : sequence of Problem
        Findings, errors and warnings.
    status : ExitStatus or None
        None takes findings where a problem is an error and success otherwise.
    asked : Asked or None
        What was asked, completed by what the study fills in (its seed, its name); None keeps the
        record the command was called with.
    view : object of the command
        What the screen needs beyond the result; never printed as it is.
    """

    result: Mapping[str, Any] | None = None
    problems: Sequence[Problem] = ()
    status: ExitStatus | None = None
    asked: Asked | None = None
    view: Any = None

    @property
    def outcome(self) -> ExitStatus:
        """Exit status of the command."""
        if self.status is not None:
            return self.status
        found = any(problem.is_error for problem in self.problems)
        return ExitStatus.FINDINGS if found else ExitStatus.OK
