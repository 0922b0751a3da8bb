"""The sections of a line in the order in which a train passes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pandas as pd

from keruen.errors import FailedError, OutOfServiceError, Problem, Severity, error
from keruen.model import Model
from keruen.model.cells import as_date
from keruen.model.overlay import changes_of
from keruen.model.pieces import pieces_of
from keruen.model.records import record_number


class Passed(NamedTuple):
    """A section as a train passes it.

    Parameters
    ----------
    section : str
        Row of ``sections``.
    backward : bool
        Whether it is passed from its end to its start.
    start, end : str
        Nodes in the order of passing.
    """

    section: str
    backward: bool
    start: str
    end: str

    def turned(self) -> Passed:
        """The same section passed the other way."""
        return Passed(self.section, not self.backward, self.end, self.start)


class GaugeBreak(NamedTuple):
    """A node of a line at which its gauge changes: trains run up to it from either side.

    Parameters
    ----------
    node : str
        Row of ``nodes``.
    before, after : str
        Sections that meet there, in the order of passing.
    gauge_before, gauge_after : int
        Millimetres.
    """

    node: str
    before: str
    after: str
    gauge_before: int
    gauge_after: int


def line_rows(model: Model, line: str) -> tuple[str, ...]:
    """Railway sections of a line that are in service, by id.

    Raises
    ------
    OutOfServiceError
        ``line_without_sections`` when the study has none; ``line_not_in_service`` when it has, but
        not on that day: with the day on which the first of them opens, if one does.
    """
    own = [
        str(row)
        for row in model["sections"].index
        if model.text("sections", row, "line") == line
        and model.text("sections", row, "mode") == "rail"
    ]
    if own:
        return tuple(sorted(own))
    opening, known = _openings(model, line)
    if not known:
        raise OutOfServiceError([error("line_without_sections", "sections.csv", line=line)])
    day = model.on.isoformat() if model.on is not None else ""
    told = {"line": line, "date": day}
    later = [one for one in opening if model.on is None or one > model.on]
    if not later:
        raise OutOfServiceError([error("line_not_in_service", "sections.csv", **told)])
    opens = min(later).isoformat()
    raise OutOfServiceError([error("line_opens_later", "sections.csv", **told, opens=opens)])


def _openings(model: Model, line: str) -> tuple[list[date], bool]:
    """Days on which sections of a line open, and whether the study has any, later ones too."""
    whole = model.whole.get("sections", model["sections"])
    own = whole[(whole["line"] == line) & (whole["mode"] == "rail")]
    found = [as_date(since) for since in own["in_service_from"]]
    opened = model["projects"]["open_date"].to_dict()
    decided = set(model.rows("projects", status="committed")) | model.projects
    rows = {str(row) for row in own.index}
    for change in changes_of(model["project_changes"], "project_changes", "project"):
        when = change.date or as_date(opened.get(change.owner, pd.NaT))
        if change.table != "sections" or change.owner not in decided:
            continue
        if change.column == "line" and change.value == line:
            rows.add(change.row)
            found.append(when)
        elif change.column == "in_service_from" and change.row in rows:
            found.append(date.fromisoformat(change.value) if change.value else when)
    return [one for one in found if one is not None], bool(rows)


def passed_section(model: Model, section: str, *, backward: bool = False) -> Passed:
    """One section, from its start to its end unless told otherwise."""
    start, end = (model.text("sections", section, column) for column in ("from_node", "to_node"))
    found = Passed(section, False, start, end)
    return found.turned() if backward else found


def passed_line(model: Model, line: str, *, backward: bool = False) -> tuple[Passed, ...]:
    """Railway sections of a line in service, one after another.

    Forward is the way in which most of its sections run from start to end; of two ways alike, the
    one that begins at the node named first in the alphabet.

    Parameters
    ----------
    model : Model
        Of a day.
    line : str
        Row of ``lines``.
    backward : bool
        The other way.

    Returns
    -------
    tuple of Passed
        At least one.

    Raises
    ------
    OutOfServiceError
        When there is none; see :func:`line_rows`.
    FailedError
        ``line_in_pieces`` when sections are missing between them, with the ends of each piece;
        ``line_not_in_a_row`` when they branch, run side by side or form a circle, with the node
        where they do.
    """
    sections = [passed_section(model, row) for row in line_rows(model, line)]
    beside: dict[str, list[Passed]] = {}
    for one in sections:
        beside.setdefault(one.start, []).append(one)
        beside.setdefault(one.end, []).append(one.turned())
    _whole(model, line, sections)
    crowded = [node for node, around in sorted(beside.items()) if len(around) > 2]
    ends = sorted(node for node, around in beside.items() if len(around) == 1)
    if crowded or len(ends) != 2:
        at = (crowded or ends or sorted(beside))[0]
        raise FailedError([error("line_not_in_a_row", "sections.csv", line=line, node=at)])
    ways = [_from_end(beside, end) for end in ends]
    forward = min(ways, key=lambda way: sum(one.backward for one in way))
    return _turned(forward) if backward else forward


def check_connected(model: Model, line: str) -> None:
    """Check that the railway sections of a line in service hang together.

    Raises
    ------
    FailedError
        ``line_in_pieces``, at the row of a section of the second piece.
    OutOfServiceError
        When the line has no railway section in service.
    """
    _whole(model, line, [passed_section(model, row) for row in line_rows(model, line)])


def _whole(model: Model, line: str, sections: list[Passed]) -> None:
    pieces = pieces_of((one.start, one.end) for one in sections)
    if len(pieces) < 2:
        return
    apart = min(one.section for one in sections if one.start in pieces[1].nodes)
    told = {"line": line, "count": len(pieces), "pieces": ", ".join(one.told for one in pieces)}
    row = record_number(model, "sections", apart)
    found = Problem(Severity.ERROR, "line_in_pieces", "sections.csv", row, "line", told)
    raise FailedError([found])


def gauge_breaks(model: Model, way: tuple[Passed, ...]) -> tuple[GaugeBreak, ...]:
    """Nodes on the way at which the gauge changes."""
    return tuple(_breaks(model, way))


def _breaks(model: Model, way: tuple[Passed, ...]) -> Iterator[GaugeBreak]:
    gauges = [int(model.number("sections", one.section, "gauge_mm") or 0) for one in way]
    for place in range(1, len(way)):
        if gauges[place - 1] != gauges[place]:
            before, after = way[place - 1], way[place]
            yield GaugeBreak(
                after.start, before.section, after.section, gauges[place - 1], gauges[place]
            )


def gauge_warnings(model: Model, line: str) -> tuple[Problem, ...]:
    """Say of each break of gauge on a line that trains run up to it from either side."""
    return tuple(
        Problem(
            Severity.WARNING,
            "gauge_changes_on_line",
            "sections.csv",
            record_number(model, "sections", one.after),
            "gauge_mm",
            {
                "line": line,
                "node": one.node,
                "before": one.gauge_before,
                "after": one.gauge_after,
            },
        )
        for one in gauge_breaks(model, passed_line(model, line))
    )


def _from_end(beside: dict[str, list[Passed]], end: str) -> tuple[Passed, ...]:
    """Walk from an end of a row to the other."""
    way = [beside[end][0]]
    while True:
        onward = [one for one in beside[way[-1].end] if one.section != way[-1].section]
        if not onward:
            return tuple(way)
        way.append(onward[0])


def _turned(way: tuple[Passed, ...]) -> tuple[Passed, ...]:
    return tuple(one.turned() for one in reversed(way))
