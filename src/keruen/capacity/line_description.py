"""A study's line on a day as the one description that every method of line capacity takes.

Places are the nodes of the line, and crossing places that its sections have between them: where
the longest stretch of a section without one is shorter than the section, that stretch is a gap and
the rest is cut into equal gaps no longer than it.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from keruen.capacity.hauling import hauling_of
from keruen.capacity.line import LineSection, read_line_section
from keruen.capacity.line_order import Passed, passed_line
from keruen.capacity.reader import ElementReader
from keruen.capacity.section import SectionFacts
from keruen.model import Model
from keruen.rail.compression_capacity import ANALYTIC
from keruen.rail.dispatch.line_saturation import dispatch_capacity, without_background
from keruen.rail.line import (
    DOUBLE,
    Block,
    Gap,
    LineAllowances,
    LineDescription,
    Place,
    Role,
    TrainClass,
)
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineCapacityMethod, LineMethod, LineResult, side_by_side
from keruen.units import running_time_min

LOOP_TRACKS: Final = 2
"""Tracks of a place on single track that the study says nothing of (assumption)."""
OVERTAKING_TRACKS: Final = 4
"""Tracks of a place on more tracks that the study says nothing of (assumption)."""
PASSENGER_LENGTH_M: Final = 400.0
"""Length of a passenger train (assumption)."""
_ROUNDING: Final = 1e-9

METHODS: Final[dict[LineMethod, LineCapacityMethod]] = {
    **ANALYTIC,
    LineMethod.DISPATCH: dispatch_capacity,
}
"""Every method, in the order in which they are shown."""


class StudyLine(NamedTuple):
    """A line of a study, described.

    Parameters
    ----------
    description : LineDescription
        Freight trains are sought; background trains are classes of their own. Of what differs by
        section there is the most: background trains, and what is taken off the day.
    sections : tuple of str, length (gaps,)
        Row of ``sections`` that each gap belongs to.
    lengths_km : tuple of float, length (gaps,)
        Length of each gap.
    """

    description: LineDescription
    sections: tuple[str, ...]
    lengths_km: tuple[float, ...]


class MethodCapacity(NamedTuple):
    """Capacity of a line by one method at one level.

    Parameters
    ----------
    gross : LineResult
        Before background trains.
    left_per_day : float
        Pairs a day beside the background.
    consumption_share : float
        Share of the day that the background takes.
    section : str
        Row of ``sections`` that binds.
    """

    gross: LineResult
    left_per_day: float
    consumption_share: float
    section: str


class _Stretch(NamedTuple):
    """A section of the line as it is passed, with what was read of it."""

    passed: Passed
    facts: SectionFacts
    length_km: float
    loop_m: float
    train_m: float
    passenger_km_per_h: float


def line_description(model: Model, line: str) -> StudyLine:
    """Describe a line of a study.

    Parameters
    ----------
    model : Model
        Of a day.
    line : str
        Row of ``lines``.

    Returns
    -------
    StudyLine
        For :func:`keruen.rail.line_result.side_by_side`.

    Raises
    ------
    OutOfServiceError
        When the line has no railway section in service.
    FailedError
        ``line_not_in_a_row``; ``number_needed``.
    """
    stretches = [_read(model, passed) for passed in passed_line(model, line)]
    train_m = max(one.train_m for one in stretches)
    gaps: list[Gap] = []
    owners: list[str] = []
    lengths: list[float] = []
    inner: list[tuple[int, float]] = []  # where places stand within sections, with their loops
    for one in stretches:
        for length_km in _gap_lengths(one):
            if owners and owners[-1] == one.passed.section:
                inner.append((len(gaps), one.loop_m))
            gaps.append(_gap(one, length_km))
            owners.append(one.passed.section)
            lengths.append(length_km)
    places = _places(model, stretches, owners, dict(inner), gaps, train_m)
    description = LineDescription(
        places, tuple(gaps), _classes(stretches, train_m), _day(stretches)
    )
    return StudyLine(description, tuple(owners), tuple(lengths))


def capacities_of_line(
    line: StudyLine, methods: tuple[LineMethod, ...], levels: tuple[Level, ...] = tuple(Level)
) -> tuple[MethodCapacity, ...]:
    """Capacity of a described line by several methods at several levels.

    Parameters
    ----------
    line : StudyLine
        See :func:`line_description`.
    methods : tuple of LineMethod
        What to ask.
    levels : tuple of Level
        Levels.

    Returns
    -------
    tuple of MethodCapacity
        By method, then by level.
    """
    asked = {method: METHODS[method] for method in methods}
    before = side_by_side(without_background(line.description), asked, levels)
    beside = before
    if line.description.background:
        beside = side_by_side(line.description, asked, levels)
    found = []
    for gross, left in zip(before, beside, strict=True):
        section = line.sections[gross.binding.first_place]
        share = left.consumption_share
        found.append(MethodCapacity(gross, left.pairs_per_day, share, section))
    return tuple(found)


def _read(model: Model, passed: Passed) -> _Stretch:
    section: LineSection = read_line_section(model, passed.section)
    reader = ElementReader(model, "sections", passed.section)
    hauling = hauling_of(model, passed.section)
    train_m = 0.0
    if hauling is not None:
        train = model.text("haulings", hauling, "train_type")
        train_m = reader.number("length_m", "train_types", train)
    loop = reader.optional("loop_length_m")
    permitted = reader.optional("permitted_speed_km_per_h")
    return _Stretch(
        passed,
        section.facts,
        reader.number("length_km"),
        math.inf if loop is None else loop,
        train_m,
        0.0 if permitted is None else permitted,
    )


def _gap_lengths(one: _Stretch) -> list[float]:
    """The longest stretch, and the rest in equal parts no longer than it."""
    longest = one.facts.gap_km
    rest = one.length_km - longest
    if rest <= _ROUNDING * one.length_km:
        return [longest]
    parts = math.ceil(rest / longest - _ROUNDING)
    return [longest, *[rest / parts] * parts]


def _gap(one: _Stretch, length_km: float) -> Gap:
    """A gap with the running times of freight and of passenger trains, and freight again."""
    facts = one.facts
    part = length_km / facts.gap_km
    odd, even = facts.forward_min * part, facts.backward_min * part
    if one.passed.backward:
        odd, even = even, odd
    fast = math.inf
    if one.passenger_km_per_h > 0.0:
        fast = running_time_min(length_km, one.passenger_km_per_h)
    return Gap(
        facts.tracks,
        Block.AUTOMATIC if facts.automatic else Block.SEMI_AUTOMATIC,
        facts.headway_min,
        facts.intervals,
        (odd, min(odd, fast), odd),
        (even, min(even, fast), even),
    )


def _classes(stretches: list[_Stretch], train_m: float) -> tuple[TrainClass, ...]:
    """Freight trains sought, passenger trains and domestic freight trains as background."""
    facts = [one.facts for one in stretches]
    passenger = max(one.passenger_pairs for one in facts)
    freight = max(one.freight_pairs for one in facts)
    removal = (max(one.removal_single for one in facts), max(one.removal_double for one in facts))
    return (
        TrainClass("freight", train_m),
        TrainClass(
            "passenger",
            min(PASSENGER_LENGTH_M, train_m),
            passenger,
            passenger,
            Role.BACKGROUND,
            removal_single=removal[0],
            removal_double=removal[1],
        ),
        TrainClass("domestic", train_m, freight, freight, Role.BACKGROUND),
    )


def _day(stretches: list[_Stretch]) -> LineAllowances:
    facts = [one.facts for one in stretches]
    return LineAllowances(
        max(one.window_single_min for one in facts),
        max(one.window_double_min for one in facts),
        min(one.reliability_share for one in facts),
        max(one.reserve_single_share for one in facts),
        max(one.reserve_double_share for one in facts),
    )


def _places(
    model: Model,
    stretches: list[_Stretch],
    owners: list[str],
    inner: dict[int, float],
    gaps: list[Gap],
    train_m: float,
) -> tuple[Place, ...]:
    """Nodes, with their own tracks where the study tells them, and places within sections."""
    known = _station_tracks(model)
    by_section = {one.passed.section: one for one in stretches}
    places = []
    for position in range(len(gaps) + 1):
        beside = range(max(position - 1, 0), min(position + 1, len(gaps)))
        single = max(gaps[gap].tracks for gap in beside) < DOUBLE
        tracks = LOOP_TRACKS if single else OVERTAKING_TRACKS
        if position in inner:
            name = f"{owners[position]}_{position}"
            places.append(Place(name, tracks, _length(inner[position], train_m)))
            continue
        last = by_section[owners[min(position, len(owners) - 1)]].passed
        node = last.end if position == len(gaps) else last.start
        loop = min(by_section[owners[gap]].loop_m for gap in beside)
        tracks, loop = known.get(node, (tracks, loop))
        places.append(Place(node, tracks, _length(loop, train_m)))
    return tuple(places)


def _length(loop_m: float, train_m: float) -> float:
    """Length of a loop; one that is not told takes the ordinary train."""
    return train_m if math.isinf(loop_m) else loop_m


def _station_tracks(model: Model) -> dict[str, tuple[int, float]]:
    """Tracks and useful length by node, of the group of tracks with most of them."""
    found: dict[str, tuple[int, float]] = {}
    for row in model["station_tracks"].index:
        node = model.text("station_tracks", str(row), "node")
        tracks = model.number("station_tracks", str(row), "tracks")
        length = model.number("station_tracks", str(row), "useful_length_m")
        if tracks is not None:
            own = (int(tracks), math.inf if length is None else length)
            found[node] = max(found.get(node, own), own)
    return found
