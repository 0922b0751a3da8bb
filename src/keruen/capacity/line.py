"""Capacity of a named railway line: that of its hardest section."""

from __future__ import annotations

from typing import NamedTuple

from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Input
from keruen.capacity.section import KIND, SectionFacts, read_section, schemes, section_capacity
from keruen.errors import OutOfServiceError, error
from keruen.model import Model
from keruen.rail.line_capacity import Level, LineCapacity, capacity_consumption_share


class LineSection(NamedTuple):
    """A railway section of a line, read."""

    id: str
    facts: SectionFacts
    inputs: tuple[Input, ...]


class LineResult(NamedTuple):
    """Capacity of a line at one level.

    Parameters
    ----------
    line : str
        Row of ``lines``.
    level : Level
        Level.
    section : str
        The section that binds.
    capacity : LineCapacity
        Of that section; trains a day in one direction, ``gross`` before background trains.
    consumption_share : float
        Share of the whole day that the background trains take there.
    schemes : dict
        Period of each crossing scheme there, minutes; empty on double track.
    inputs : tuple of Input
        What its capacity rests on.
    """

    line: str
    level: Level
    section: str
    capacity: LineCapacity
    consumption_share: float
    schemes: dict[str, float]
    inputs: tuple[Input, ...]


def line_rows(model: Model, line: str) -> tuple[str, ...]:
    """Railway sections of a line that are in service, by id.

    Raises
    ------
    OutOfServiceError
        When there is none.
    """
    sections = model["sections"]
    own = sections.index[(sections["line"] == line) & (sections["mode"] == "rail")]
    if own.empty:
        raise OutOfServiceError([error("line_without_sections", "sections.csv", line=line)])
    return tuple(sorted(map(str, own)))


def read_line_section(model: Model, row: str) -> LineSection:
    """Read one railway section."""
    reader = ElementReader(model, KIND, row)
    facts = read_section(reader)
    return LineSection(row, facts, reader.inputs)


def read_line(model: Model, line: str) -> tuple[LineSection, ...]:
    """Read the railway sections of a line that are in service, by id.

    Raises
    ------
    OutOfServiceError
        When there is none.
    """
    return tuple(read_line_section(model, row) for row in line_rows(model, line))


def hardest(sections: tuple[LineSection, ...], level: Level) -> tuple[LineSection, LineCapacity]:
    """The section with the least capacity before background trains; of equal ones the first.

    Background trains are no property of the line, so it is the gross figure that is compared: it
    is what railways publish as the capacity of a line in the parallel timetable.
    """
    found = [
        (
            s,
            min(
                (section_capacity(s.facts, level, d) for d in ("forward", "backward")),
                key=lambda c: c.gross_trains_per_day,
            ),
        )
        for s in sections
    ]
    return min(found, key=lambda pair: pair[1].gross_trains_per_day)


def line_capacity(model: Model, line: str) -> tuple[LineResult, ...]:
    """Capacity of a line by the parallel timetable, at every level.

    Parameters
    ----------
    model : Model
        Of a day.
    line : str
        Row of ``lines``.

    Returns
    -------
    tuple of LineResult
        Maximal, available, practical.

    Raises
    ------
    OutOfServiceError
        When the line has no railway section in service.
    """
    return capacity_of_line(line, read_line(model, line))


def capacity_of_line(line: str, sections: tuple[LineSection, ...]) -> tuple[LineResult, ...]:
    """Capacity of a line whose sections were read, at every level; see :func:`line_capacity`."""
    out = []
    for level in Level:
        section, capacity = hardest(sections, level)
        consumption = capacity_consumption_share(0.0, capacity.period_min, section.facts.removals)
        out.append(
            LineResult(
                line,
                level,
                section.id,
                capacity,
                consumption,
                schemes(section.facts),
                section.inputs,
            )
        )
    return tuple(out)
