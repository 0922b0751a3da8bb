"""Why a train cannot run over a section, told in the table that says how steep the section is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from keruen.capacity.hauling import Track
from keruen.errors import Problem, Severity, error
from keruen.model import Model
from keruen.model.records import record_number
from keruen.rail.climbing import climb_margins
from keruen.rail.train import Train

LEAST_CLIMBING_KM_PER_H: Final = 20.0
"""A train keeps at least this speed on the ruling gradient (assumption: about the least speed at
which diesel locomotives give their continuous effort)."""
_WHY: Final = {
    "train_cannot_start": "not_started",
    "train_stalls": "not_held",
    "train_too_slow": "not_held",
    "brakes_do_not_hold": "not_braked",
}
_RULING: Final = "ruling_gradient_permille"


class Attempt(NamedTuple):
    """A run that did not come about: the section, its track and the train.

    ``backward`` tells that the kilometres of its problems are counted from the end.
    """

    section: str
    track: Track
    train: Train
    backward: bool = False

    @property
    def least_km_per_h(self) -> float:
        """The least speed wanted uphill."""
        return min(LEAST_CLIMBING_KM_PER_H, self.track.permitted_km_per_h)


def cannot_run(problems: Iterable[Problem], attempt: Attempt) -> list[Problem]:
    """Say of problems of a run on which section and why, and what is missing.

    Parameters
    ----------
    problems : iterable of Problem
        Of :class:`keruen.rail.running.NotRunnableError`, with ``permille`` and ``km``; others,
        that a number is out of range, are told of the section.
    attempt : Attempt
        What was tried.

    Returns
    -------
    list of Problem
        ``ruling_…`` where a ruling gradient stands in, ``profile_…`` with its kilometre where there
        is a profile.
    """
    return [_told(problem, attempt) for problem in problems]


def _told(problem: Problem, attempt: Attempt) -> Problem:
    if problem.code not in _WHY:
        known = {name: problem.params.get(name, "") for name in ("name", "value", "low", "high")}
        return error("section_out_of_range", "sections.csv", section=attempt.section, **known)
    why = _WHY[problem.code]
    permille = float(str(problem.params["permille"]))
    told: dict[str, object] = {
        "section": attempt.section,
        "permille": round(abs(permille), 1),
        "mass": round(attempt.train.trailing_t),
        "units": sum(number for _, number in attempt.train.locomotives),
    }
    if why != "not_braked":
        start, hold = climb_margins(attempt.train, permille, attempt.least_km_per_h)
        told["missing"] = max(1, round(-(start if why == "not_started" else hold)))
    if why == "not_held":
        told["speed"] = attempt.least_km_per_h
    if not attempt.track.profile:
        return Problem(Severity.ERROR, f"ruling_{why}", "sections.csv", None, _RULING, told)
    km = float(str(problem.params["km"]))
    told["km"] = round(attempt.track.length_km - km if attempt.backward else km, 1)
    file = "track_profiles.csv"
    return Problem(Severity.ERROR, f"profile_{why}", file, None, "elevation_m", told)


def in_their_rows(model: Model, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of :func:`cannot_run` with the record of the file that says how steep it is.

    That is the row of the profile from which on the train is in trouble; or the section, or the
    class of line where the section leaves its ruling gradient to it.
    """
    return [_in_its_row(model, problem) for problem in problems]


def _in_its_row(model: Model, problem: Problem) -> Problem:
    section = str(problem.params.get("section", ""))
    if problem.row is not None or section not in model["sections"].index:
        return problem
    if problem.code.startswith("profile_"):
        rows = model.rows("track_profiles", section=section)
        places = sorted((model.number("track_profiles", row, "km") or 0.0, row) for row in rows)
        km = float(str(problem.params["km"]))
        _, row = places[max(0, bisect_right(places, (km, "\U0010ffff")) - 1)]
        return replace(problem, row=record_number(model, "track_profiles", row))
    table, row = "sections", section
    if problem.column == _RULING and model.number("sections", section, _RULING) is None:
        table, row = "line_classes", model.text("sections", section, "line_class")
    return replace(problem, file=f"{table}.csv", row=record_number(model, table, row))
