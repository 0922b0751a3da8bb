"""Capacity of a named railway line: that of its hardest section.

What is left beside background trains is that of the section that leaves least, which may be
another: background differs from section to section.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.capacity.line_order import gauge_breaks, line_rows, passed_line
from keruen.capacity.line_places import JoinedGap, Run, joined_gaps, station_loops
from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Input
from keruen.capacity.section import (
    KIND,
    SectionFacts,
    ordinary_train_m,
    read_section,
    schemes,
    section_capacity,
)
from keruen.errors import FailedError
from keruen.model import Model
from keruen.rail.line_capacity import Level, LineCapacity, capacity_consumption_share

_ROUNDING: Final = 1e-9


class LineSection(NamedTuple):
    """A railway section of a line, read.

    Parameters
    ----------
    id : str
        Row of ``sections``.
    facts : SectionFacts
        In numbers; of sections of a line the gap reaches over nodes at which trains cannot cross.
    inputs : tuple of Input
        What its capacity rests on.
    beside : tuple of Input
        What says whether trains can cross at its ends.
    reaches_over : tuple of str
        Nodes within its gap, at which the ordinary train cannot cross.
    """

    id: str
    facts: SectionFacts
    inputs: tuple[Input, ...]
    beside: tuple[Input, ...] = ()
    reaches_over: tuple[str, ...] = ()


class LineResult(NamedTuple):
    """Capacity of a line at one level.

    Parameters
    ----------
    line : str
        Row of ``lines``.
    level : Level
        Level.
    section : str
        The section that binds before background trains.
    capacity : LineCapacity
        Of that section; trains a day in one direction, ``gross`` before background trains.
    left_section : str
        The section that leaves least beside background trains.
    left_per_day : float
        Trains a day in one direction that it leaves.
    consumption_share : float
        Share of the whole day that the background trains take on ``section``.
    schemes : dict
        Period of each crossing scheme on ``section``, minutes; empty on double track.
    inputs : tuple of Input
        What the capacity of ``section`` rests on.
    """

    line: str
    level: Level
    section: str
    capacity: LineCapacity
    left_section: str
    left_per_day: float
    consumption_share: float
    schemes: dict[str, float]
    inputs: tuple[Input, ...]


def read_line_section(model: Model, row: str) -> LineSection:
    """Read one railway section by itself."""
    reader, ends = (ElementReader(model, KIND, row) for _ in range(2))
    facts = read_section(reader)
    if facts.is_single:
        ends.optional("loop_length_m")
        ordinary_train_m(ends)
    return LineSection(row, facts, reader.inputs, ends.inputs)


def read_line(model: Model, line: str) -> tuple[LineSection, ...]:
    """Read the railway sections of a line that are in service, by id.

    Gaps reach over nodes at which the ordinary train cannot cross; see :func:`with_joined_gaps`.

    Raises
    ------
    OutOfServiceError
        When there is none.
    """
    sections = tuple(read_line_section(model, row) for row in line_rows(model, line))
    return with_joined_gaps(model, line, sections)


def with_joined_gaps(
    model: Model, line: str, sections: tuple[LineSection, ...]
) -> tuple[LineSection, ...]:
    """Let gaps reach over nodes and places that are too short for the longest train of the line.

    Parameters
    ----------
    model : Model
        Of a day.
    line : str
        Row of ``lines``.
    sections : tuple of LineSection
        Its sections in service, each read by itself.

    Returns
    -------
    tuple of LineSection
        In the order given. Of a line that is no row they are as they were.
    """
    longest = max((one.facts.train_m for one in sections), default=0.0)
    stations = station_loops(model)
    short = any(one.facts.is_single and one.facts.loop_m < longest for one in sections)
    if not short and all(own.tracks > 1 and own.useful_m >= longest for own in stations.values()):
        return sections
    try:
        way = passed_line(model, line)
    except FailedError:
        return sections
    known = {one.id: one for one in sections}
    breaks = {one.after for one in gauge_breaks(model, way)}
    runs = [
        Run(
            one.section,
            known[one.section].facts,
            ElementReader(model, KIND, one.section).number("length_km"),
            one.backward,
            one.start,
            one.end,
            one.section in breaks,
        )
        for one in way
    ]
    turned = {one.section for one in way if one.backward}
    for gap in joined_gaps(runs, stations):
        tracks = ElementReader(model, KIND, gap.sections[0])
        for node in gap.nodes:
            if node in stations:
                tracks.optional("useful_length_m", "station_tracks", stations[node].row)
        fewest = min(known[row].facts.place_tracks for row in gap.sections)
        rest_on = tuple(i for row in gap.sections for i in (*known[row].inputs, *known[row].beside))
        for row in gap.sections:
            joined = _joined(known[row], gap, row in turned, (*rest_on, *tracks.inputs))
            known[row] = joined._replace(facts=joined.facts._replace(place_tracks=fewest))
    return tuple(known[one.id] for one in sections)


def _joined(
    section: LineSection, gap: JoinedGap, turned: bool, inputs: tuple[Input, ...]
) -> LineSection:
    """A section in which the joined gap is the longest, unless another is longer."""
    facts = section.facts
    own_min = facts.forward_min + facts.backward_min
    if gap.odd_min + gap.even_min <= own_min * (1.0 + _ROUNDING):
        return section
    ways = (gap.even_min, gap.odd_min) if turned else (gap.odd_min, gap.even_min)
    joined = facts._replace(
        gap_km=gap.length_km,
        forward_min=ways[0],
        backward_min=ways[1],
        intervals=gap.intervals,
        places_km=facts.between_places_km,
    )
    rest_on = tuple(dict.fromkeys((*section.inputs, *inputs)))
    return section._replace(facts=joined, inputs=rest_on, reaches_over=gap.nodes)


def hardest(sections: tuple[LineSection, ...], level: Level) -> tuple[LineSection, LineCapacity]:
    """The section with the least capacity before background trains; of equal ones the first.

    Background trains are no property of the line, so it is the gross figure that is compared: it
    is what railways publish as the capacity of a line in the parallel timetable.
    """
    found = [
        (one, min(_both_ways(one, level), key=lambda c: c.gross_trains_per_day)) for one in sections
    ]
    return min(found, key=lambda pair: pair[1].gross_trains_per_day)


def least_left(sections: tuple[LineSection, ...], level: Level) -> tuple[LineSection, LineCapacity]:
    """The section with the least capacity beside background trains; of equal ones the hardest."""
    found = [(one, min(_both_ways(one, level), key=lambda c: c.trains_per_day)) for one in sections]
    return min(found, key=lambda pair: (pair[1].trains_per_day, pair[1].gross_trains_per_day))


def _both_ways(section: LineSection, level: Level) -> list[LineCapacity]:
    return [section_capacity(section.facts, level, way) for way in ("forward", "backward")]


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
        left_section, left = least_left(sections, level)
        consumption = capacity_consumption_share(0.0, capacity.period_min, section.facts.removals)
        out.append(
            LineResult(
                line,
                level,
                section.id,
                capacity,
                left_section.id,
                left.trains_per_day,
                consumption,
                schemes(section.facts),
                section.inputs,
            )
        )
    return tuple(out)
