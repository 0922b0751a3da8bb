"""A study's line made by hand, and timetables for it as text."""

from __future__ import annotations

from pathlib import Path

from keruen.capacity.given_timetable import GivenTimetable
from keruen.capacity.line_description import GapTraffic, StudyLine
from keruen.exchange.timetable_file import read_timetable, route_of
from keruen.rail.line import LineAllowances, LineDescription, Place, Role, TrainClass
from support.lines import gap

HEADER = "train,train_class,node,arrival,departure\n"
NODES = ("a", "b", "d", "far")
"""Nodes of the study; ``ab_1`` of the line is a place within a section, ``far`` on no line."""

PAIR = (
    HEADER
    + """\
1,freight,a,,06:00
1,freight,b,06:47,06:50
1,freight,d,07:15,
2,freight,d,,06:20
2,freight,b,,06:46
2,freight,a,07:35,
"""
)
"""Two trains that cross at b."""


def line_by_hand(
    breaks: tuple[int, ...] = (), useful_m: float = 1050.0, window_min: float = 0.0
) -> StudyLine:
    """Single track from a by a loop and b to d; passenger trains take half the time of freight.

    The window is that of the last gap.
    """
    classes = (
        TrainClass("freight", 900.0),
        TrainClass("passenger", 400.0, role=Role.BACKGROUND),
        TrainClass("domestic", 900.0, role=Role.BACKGROUND),
    )
    minutes = ((24.0, 12.0, 24.0), (20.0, 10.0, 20.0), (22.0, 11.0, 22.0))
    description = LineDescription(
        tuple(Place(name, 2, useful_m) for name in ("a", "ab_1", "b", "d")),
        tuple(gap(own, own) for own in minutes),
        classes,
        LineAllowances(window_single_min=window_min),
    )
    free = GapTraffic(0.0, 0.0, (1.0, 1.0), LineAllowances())
    shut = free._replace(allowances=LineAllowances(window_single_min=window_min))
    return StudyLine(
        description, ("ab", "ab", "bd"), (20.0, 16.0, 18.0), (free, free, shut), breaks
    )


def given(
    folder: Path, text: str, line: StudyLine | None = None, *, whole: bool = True
) -> GivenTimetable:
    """Read a timetable."""
    file = folder / "trains.csv"
    file.write_text(text, encoding="utf-8")
    return read_timetable(file, route_of(line or line_by_hand(), NODES, whole=whole))
