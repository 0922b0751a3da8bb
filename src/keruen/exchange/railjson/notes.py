"""What does not pass from one description of a railway to the other, thing by thing."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from keruen.errors import Problem, Severity


class Why(StrEnum):
    """Why a thing is noted; the value is the code of the warning that tells it."""

    NOT_CARRIED = "railjson_not_carried"
    """The other side has no place for it."""
    UNKNOWN_FIELD = "railjson_unknown_field"
    """The schema does not know it."""
    ASSUMED = "railjson_assumed"
    """The file does not say it, and something stands in."""
    SIMPLIFIED = "railjson_simplified"
    """Carried, but coarser than it was."""
    OUT_OF_RANGE = "railjson_out_of_range"
    """Outside what the other side takes: left out, or moved to the nearest that it takes."""
    RENAMED = "railjson_renamed"
    """Called otherwise, for the other side does not take the name."""
    ADDED = "railjson_added"
    """Made up because the other side cannot do without."""
    LACKING = "railjson_lacking"
    """Neither told nor made up, and something does not work without."""
    NO_TRAIN = "railjson_no_train"
    """No train is known that could be assumed for a section."""


class Note(NamedTuple):
    """One thing that is not as it was.

    Parameters
    ----------
    kind : str
        Kind of object: a list of the railJSON file, or a table of the study.
    id : str
        The object; empty when the note is of the whole kind.
    field : str
        Field or column; empty when the note is of the whole object.
    why : Why
        Reason.
    value : str
        What it was, or what stands in, where that can be said shortly.
    """

    kind: str
    id: str
    field: str
    why: Why
    value: str = ""


def notes_as_warnings(notes: Iterable[Note], file: str) -> list[Problem]:
    """Warnings that tell notes: one for each kind, field and reason, with their number.

    Parameters
    ----------
    notes : iterable of Note
        In any order.
    file : str
        Name of the file they are about.

    Returns
    -------
    list of Problem
        In the order in which the first note of each came.

    Examples
    --------
    >>> signals = [Note("signals", name, "", Why.NOT_CARRIED) for name in ("s1", "s2")]
    >>> [(p.code, p.params["count"], p.params["first"]) for p in notes_as_warnings(signals, "a")]
    [('railjson_not_carried', 2, 's1')]
    """
    counts: dict[tuple[str, str, Why], int] = {}
    firsts: dict[tuple[str, str, Why], Note] = {}
    for note in notes:
        key = (note.kind, note.field, note.why)
        counts[key] = counts.get(key, 0) + 1
        firsts.setdefault(key, note)
    return [
        Problem(
            Severity.WARNING,
            why.value,
            file,
            None,
            None,
            {
                "kind": kind,
                "field": field or "*",
                "count": counts[kind, field, why],
                "first": firsts[kind, field, why].id or "*",
                "value": firsts[kind, field, why].value or "–",
            },
        )
        for kind, field, why in counts
    ]
