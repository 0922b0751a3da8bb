"""Why trains of a described line cannot run, as problems that name the section or the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from keruen.errors import Problem, Severity
from keruen.model import Model
from keruen.model.records import record_number
from keruen.rail.dispatch.compiling import compile_dispatch
from keruen.rail.dispatch.line_network import Windows, line_network, line_path
from keruen.rail.dispatch.network import Trains
from keruen.rail.line import LineDescription

_NOT_SATURATED: Final = "line_cannot_be_saturated"


def located(model: Model, line: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Say of problems of a described line where they stand, each once.

    Parameters
    ----------
    model : Model
        Of a day.
    line : str
        Row of ``lines``.
    problems : iterable of Problem
        Those whose parameters name a ``section`` get its record in ``sections.csv``.

    Returns
    -------
    tuple of Problem
        In the order in which they came.
    """
    found: dict[str, Problem] = {}
    for one in problems:
        section = str(one.params.get("section", ""))
        row = record_number(model, "sections", section) if section else one.row
        placed = replace(
            one, file=one.file or "sections.csv", row=row, params={"line": line, **one.params}
        )
        found.setdefault(repr(placed), placed)
    return tuple(found.values())


def saturation_problems(
    description: LineDescription, sections: Sequence[str], problems: Sequence[Problem]
) -> tuple[Problem, ...]:
    """Name the section or the place where a line that cannot be saturated stops its trains.

    Parameters
    ----------
    description : LineDescription
        The line, or a part of it.
    sections : sequence of str, length (gaps,)
        Row of ``sections`` that each gap belongs to.
    problems : sequence of Problem
        What a method said; those of other codes stay as they are.

    Returns
    -------
    tuple of Problem
        Warnings: other methods may still answer.
    """
    found: list[Problem] = []
    for one in problems:
        own: list[Problem] = []
        if one.code == _NOT_SATURATED:
            own = list(_rejections(description, sections))
        found += own or [one]
    return tuple(
        Problem(Severity.WARNING, one.code, one.file, one.row, one.column, one.params)
        for one in found
    )


def _rejections(description: LineDescription, sections: Sequence[str]) -> Iterator[Problem]:
    """One train of each class that runs, both ways, on its own: why it cannot run."""
    classes = (description.sought, *description.background)
    paths = [line_path(description, one, odd) for one in classes for odd in (True, False)]
    count = len(paths)
    due, weights = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    trains = Trains(np.arange(count), due, weights)
    network = line_network(description, Windows(True), even_tracks=True)
    told = set()
    for one in compile_dispatch(network, paths, trains).rejections:
        train = description.classes[classes[one.train // 2]]
        point, gap = one.params.get("point"), one.params.get("section")
        params = {
            "train": train.name,
            "place": "" if point is None else description.places[int(point)].name,
            "section": "" if gap is None else sections[int(gap)],
            "length_m": train.length_m,
        }
        key = (str(one.reason), *params.values())
        if key not in told:
            told.add(key)
            yield Problem(Severity.WARNING, str(one.reason), "sections.csv", params=params)
