"""A study's line on a day as the one description that every method of line capacity takes.

Places and gaps are those of :mod:`keruen.capacity.line_places`. A description has one background
and one set of allowances for the whole of it; a line on which they differ, or whose gauge changes,
is therefore described stretch by stretch as well, and asked stretch by stretch.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

from keruen.capacity.line import read_line_section
from keruen.capacity.line_order import Passed, gauge_breaks, passed_line
from keruen.capacity.line_places import (
    Run,
    StationLoop,
    gap_lengths,
    gap_minutes,
    station_loops,
)
from keruen.capacity.line_refusals import saturation_problems
from keruen.capacity.reader import ElementReader
from keruen.capacity.section import PLACE_TRACKS, SectionFacts
from keruen.errors import Problem
from keruen.model import Model
from keruen.rail.compression_capacity import ANALYTIC
from keruen.rail.dispatch.line_saturation import dispatch_capacity, without_background
from keruen.rail.line import (
    DOUBLE,
    NO_PACKETS,
    Block,
    Gap,
    LineAllowances,
    LineDescription,
    PacketRule,
    Place,
    Role,
    TrainClass,
)
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineAnswer, LineCapacityMethod, LineMethod, LineResult, answers
from keruen.rail.parallel_timetable import Schemes, parallel_timetable
from keruen.units import running_time_min

OVERTAKING_TRACKS: Final = 4
"""Tracks of a place on more tracks that the study says nothing of (assumption)."""
PASSENGER_LENGTH_M: Final = 400.0
"""Length of a passenger train (assumption)."""

METHODS: Final[dict[LineMethod, LineCapacityMethod]] = {
    **ANALYTIC,
    LineMethod.PARALLEL_TIMETABLE: partial(parallel_timetable, schemes=Schemes.EACH_GAP),
    LineMethod.DISPATCH: dispatch_capacity,
}
"""Every method, in the order in which they are shown.

Crossing schemes of the parallel timetable are those of each gap by itself, as for sections.
"""


class GapTraffic(NamedTuple):
    """What is told of each gap and holds for whole descriptions only.

    Parameters
    ----------
    passenger_pairs, freight_pairs : float
        Background trains a day.
    removals : (float, float)
        Removal coefficients of passenger trains on single and on double track.
    allowances : LineAllowances
        What is taken off the day.
    packets : PacketRule
        Packets asked for; none on single track where they cannot run.
    """

    passenger_pairs: float
    freight_pairs: float
    removals: tuple[float, float]
    allowances: LineAllowances
    packets: PacketRule = NO_PACKETS


class PlannedStop(NamedTuple):
    """A place, how long every freight train stands there, and whether locomotives are changed."""

    place: int
    minutes: float
    changes_locomotive: bool


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
    traffic : tuple of GapTraffic, length (gaps,)
        What each gap has of its own.
    breaks : tuple of int
        Places at which the gauge changes: no train runs through.
    stops : tuple of PlannedStop
        Places at which every freight train that goes on stands for a change of crew or locomotive.
    """

    description: LineDescription
    sections: tuple[str, ...]
    lengths_km: tuple[float, ...]
    traffic: tuple[GapTraffic, ...]
    breaks: tuple[int, ...] = ()
    stops: tuple[PlannedStop, ...] = ()

    @property
    def has_windows(self) -> bool:
        """Whether some gap has a maintenance window."""
        line = self.description
        return any(line.allowances.of_gap(gap.tracks).window_min > 0.0 for gap in line.gaps)

    @property
    def background_differs(self) -> bool:
        """Whether background trains differ along the line."""
        return len({one[:2] for one in self.traffic}) > 1


class Part(NamedTuple):
    """A part of a line that is described as a line of its own, and the gap it begins with."""

    first: int
    description: LineDescription


class MethodCapacity(NamedTuple):
    """Capacity of a line by one method at one level.

    Parameters
    ----------
    gross : LineResult
        Before background trains, of the part of the line that carries least.
    section : str
        Row of ``sections`` that binds.
    left_per_day : float
        Pairs a day beside the background, where least is left.
    left_section : str
        Row of ``sections`` where that is.
    consumption_share : float
        Share of the day that the background takes there.
    """

    gross: LineResult
    section: str
    left_per_day: float
    left_section: str
    consumption_share: float


class MethodFailure(NamedTuple):
    """A method that has no answer for a line at a level, and why."""

    method: LineMethod
    level: Level
    problems: tuple[Problem, ...]


class LineCapacities(NamedTuple):
    """What was found by method, then by level, and what could not be."""

    found: tuple[MethodCapacity, ...]
    failed: tuple[MethodFailure, ...]


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
        For :func:`capacities_of_line`.

    Raises
    ------
    OutOfServiceError
        When the line has no railway section in service.
    FailedError
        ``line_in_pieces``; ``line_not_in_a_row``; ``number_needed``.
    """
    way = passed_line(model, line)
    broken = {one.after for one in gauge_breaks(model, way)}
    runs = [_read(model, passed, passed.section in broken) for passed in way]
    train_m = max(one.facts.train_m for one in runs)
    gaps: list[Gap] = []
    owners: list[Run] = []
    lengths: list[float] = []
    for one in runs:
        permitted = ElementReader(model, "sections", one.section).optional(
            "permitted_speed_km_per_h"
        )
        for length_km in gap_lengths(one.facts, one.length_km):
            gaps.append(_gap(one, length_km, permitted or 0.0))
            owners.append(one)
            lengths.append(length_km)
    traffic = tuple(_traffic(one.facts) for one in owners)
    breaks = tuple(
        gap
        for gap in range(1, len(owners))
        if owners[gap].is_break and owners[gap - 1].section != owners[gap].section
    )
    most = _most(traffic)
    description = LineDescription(
        _places(owners, gaps, station_loops(model), breaks, train_m),
        tuple(gaps),
        _classes(most, train_m),
        most.allowances,
        most.packets,
    )
    sections = tuple(one.section for one in owners)
    stops = _stops(model, description.places)
    return StudyLine(description, sections, tuple(lengths), traffic, breaks, stops)


def _stops(model: Model, places: tuple[Place, ...]) -> tuple[PlannedStop, ...]:
    """Changes of crew and locomotive by place; of several groups of tracks the longest.

    A crew that changes while locomotives do takes no time of its own.
    """
    columns = ("crew_change_min", "locomotive_change_min")
    positions = {place.name: position for position, place in enumerate(places)}
    found: dict[int, PlannedStop] = {}
    for row in map(str, model["station_tracks"].index):
        place = positions.get(model.text("station_tracks", row, "node"))
        crew, locomotive = (model.number("station_tracks", row, one) or 0.0 for one in columns)
        if place is not None and max(crew, locomotive) > 0.0:
            own = PlannedStop(place, max(crew, locomotive), locomotive >= crew)
            found[place] = max(found.get(place, own), own)
    return tuple(sorted(found.values()))


def capacities_of_line(
    line: StudyLine, methods: tuple[LineMethod, ...], levels: tuple[Level, ...] = tuple(Level)
) -> LineCapacities:
    """Capacity of a described line by several methods at several levels.

    Every method is asked of the same parts of the line (:func:`parts_of_line`): before background
    trains of those alike in what is taken off the day, beside them of those alike in background
    too. The least decides.

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
    LineCapacities
        By method, then by level; a method that cannot answer gives its reasons.
    """
    asked = {method: METHODS[method] for method in methods}
    free = parts_of_line(line, by_background=False)
    before = [answers(without_background(one.description), asked, levels) for one in free]
    beside, busy = before, free
    if line.description.background:
        busy = parts_of_line(line, by_background=True)
        beside = [answers(one.description, asked, levels) for one in busy]
    found, failed = [], []
    for place, (method, level) in enumerate((m, level) for m in asked for level in levels):
        gross, left = ([one[place] for one in each] for each in (before, beside))
        problems = _refused(line, [*zip(free, gross, strict=True), *zip(busy, left, strict=True)])
        if problems:
            failed.append(MethodFailure(method, level, problems))
        else:
            found.append(_least(line, (free, gross), (busy, left)))
    return LineCapacities(tuple(found), tuple(failed))


def _least(
    line: StudyLine,
    before: tuple[list[Part], list[LineAnswer]],
    beside: tuple[list[Part], list[LineAnswer]],
) -> MethodCapacity:
    """The least over parts, before background trains and beside them."""

    def least(parts: list[Part], own: list[LineAnswer]) -> tuple[LineResult, str]:
        results = [
            (part.first, answer.result)
            for part, answer in zip(parts, own, strict=True)
            if answer.result is not None
        ]
        first, result = min(results, key=lambda pair: pair[1].pairs_per_day)
        return result, line.sections[first + result.binding.first_place]

    gross, section = least(*before)
    left, left_section = least(*beside)
    left_per_day = min(left.pairs_per_day, gross.pairs_per_day)
    return MethodCapacity(gross, section, left_per_day, left_section, left.consumption_share)


def _refused(line: StudyLine, asked: list[tuple[Part, LineAnswer]]) -> tuple[Problem, ...]:
    """Why parts have no answer, each reason once, with the section where the line itself is why."""
    found: dict[tuple[str, str], Problem] = {}
    for part, answer in asked:
        sections = line.sections[part.first : part.first + len(part.description.gaps)]
        for problem in saturation_problems(part.description, sections, answer.problems):
            found.setdefault((problem.code, str(sorted(problem.params.items()))), problem)
    return tuple(found.values())


def parts_of_line(line: StudyLine, *, by_background: bool) -> list[Part]:
    """Cut a line where its gauge changes, and where what is taken off the day or background does.

    A part ends only where the ordinary train can cross; gaps that are one to it stay together and
    have the most of what differs.

    Parameters
    ----------
    line : StudyLine
        The line.
    by_background : bool
        Whether to cut where background trains differ too.

    Returns
    -------
    list of Part
        In the order of the line.
    """
    known, gaps = line.description, len(line.sections)
    usable = [p for p in range(1, gaps) if known.can_cross(p, known.sought, known.sought)]
    cuts = sorted({0, *usable, *line.breaks, gaps})
    merged: list[tuple[int, int, GapTraffic]] = []
    for first, last in pairwise(cuts):
        own = _most(line.traffic[first:last])
        if not by_background:
            own = own._replace(passenger_pairs=0.0, freight_pairs=0.0, removals=(1.0, 1.0))
        if merged and merged[-1][2] == own and first not in line.breaks:
            merged[-1] = (merged[-1][0], last, own)
        else:
            merged.append((first, last, own))
    return [
        Part(
            first,
            replace(
                known,
                places=known.places[first : last + 1],
                gaps=known.gaps[first:last],
                classes=_classes(own, known.classes[known.sought].length_m),
                allowances=own.allowances,
                packets=own.packets,
            ),
        )
        for first, last, own in merged
    ]


def _read(model: Model, passed: Passed, is_break: bool) -> Run:
    section = read_line_section(model, passed.section)
    length_km = ElementReader(model, "sections", passed.section).number("length_km")
    ends = (passed.start, passed.end)
    return Run(passed.section, section.facts, length_km, passed.backward, *ends, is_break)


def _gap(run: Run, length_km: float, passenger_km_per_h: float) -> Gap:
    """A gap with the running times of freight and of passenger trains, and freight again."""
    facts = run.facts
    odd, even = gap_minutes(run, length_km)
    fast = math.inf
    if passenger_km_per_h > 0.0:
        fast = running_time_min(length_km, passenger_km_per_h)
    return Gap(
        facts.tracks,
        Block.AUTOMATIC if facts.automatic else Block.SEMI_AUTOMATIC,
        facts.headway_min,
        facts.intervals,
        (odd, min(odd, fast), odd),
        (even, min(even, fast), even),
    )


def _traffic(facts: SectionFacts) -> GapTraffic:
    return GapTraffic(
        facts.passenger_pairs,
        facts.freight_pairs,
        (facts.removal_single, facts.removal_double),
        LineAllowances(
            facts.window_single_min,
            facts.window_double_min,
            facts.reliability_share,
            facts.reserve_single_share,
            facts.reserve_double_share,
        ),
        facts.packets if facts.has_packets or not facts.is_single else NO_PACKETS,
    )


def _most(traffic: tuple[GapTraffic, ...]) -> GapTraffic:
    """The most trains and the most that is taken off the day of what gaps have; fewest packets."""
    days = [one.allowances for one in traffic]
    removals = [one.removals for one in traffic]
    return GapTraffic(
        max(one.passenger_pairs for one in traffic),
        max(one.freight_pairs for one in traffic),
        (max(one[0] for one in removals), max(one[1] for one in removals)),
        LineAllowances(
            max(one.window_single_min for one in days),
            max(one.window_double_min for one in days),
            min(one.reliability_share for one in days),
            max(one.reserve_single_share for one in days),
            max(one.reserve_double_share for one in days),
        ),
        min((one.packets for one in traffic), key=lambda own: (own.share, own.trains)),
    )


def _classes(traffic: GapTraffic, train_m: float) -> tuple[TrainClass, ...]:
    """Freight trains sought, passenger trains and domestic freight trains as background."""
    passenger, freight = traffic.passenger_pairs, traffic.freight_pairs
    return (
        TrainClass("freight", train_m),
        TrainClass(
            "passenger",
            min(PASSENGER_LENGTH_M, train_m),
            passenger,
            passenger,
            Role.BACKGROUND,
            removal_single=traffic.removals[0],
            removal_double=traffic.removals[1],
        ),
        TrainClass("domestic", train_m, freight, freight, Role.BACKGROUND),
    )


def _places(
    owners: list[Run],
    gaps: list[Gap],
    stations: dict[str, StationLoop],
    breaks: tuple[int, ...],
    train_m: float,
) -> tuple[Place, ...]:
    """Nodes, with their own tracks where the study tells them, and places within sections.

    Where the gauge changes a line ends on either side: such a node takes every train.
    """
    places = []
    for position in range(len(gaps) + 1):
        beside = range(max(position - 1, 0), min(position + 1, len(gaps)))
        single = max(gaps[gap].tracks for gap in beside) < DOUBLE
        tracks = PLACE_TRACKS if single else OVERTAKING_TRACKS
        own = owners[min(position, len(owners) - 1)]
        loop = min(owners[gap].facts.loop_m for gap in beside)
        if 0 < position < len(gaps) and owners[position - 1].section == own.section:
            places.append(Place(f"{own.section}_{position}", tracks, _length(loop, train_m)))
            continue
        node = own.end if position == len(gaps) else own.start
        known = stations.get(node, StationLoop(tracks, loop))
        length = _length(known.useful_m, train_m)
        if position in breaks:
            places.append(Place(node, max(known.tracks, OVERTAKING_TRACKS), max(length, train_m)))
        else:
            places.append(Place(node, known.tracks, length))
    return tuple(places)


def _length(loop_m: float, train_m: float) -> float:
    """Length of a loop; one that is not told takes the ordinary train."""
    return train_m if math.isinf(loop_m) else loop_m
