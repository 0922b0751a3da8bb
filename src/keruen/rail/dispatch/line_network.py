"""A line of capacity as the network of the dispatcher: places as points, gaps as sections."""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.events.calendar import MINUTE_MS
from keruen.rail.dispatch.network import Network, Point, Section, TrainPath
from keruen.rail.line import DOUBLE, Block, LineDescription

END_TRACKS: Final = 4
"""Tracks that the ends of a line have at least (assumption): what lies behind them takes trains."""


class Windows(NamedTuple):
    """Whether maintenance windows are kept, and from when after midnight; minutes."""

    kept: bool
    start_min: float = 0.0


def line_network(
    line: LineDescription, windows: Windows, *, even_tracks: bool, arrivals_apart: bool = False
) -> Network:
    """Build the network of a line.

    Parameters
    ----------
    line : LineDescription
        The line.
    windows : Windows
        Maintenance windows of all gaps, at one time of day.
    even_tracks : bool
        Whether to leave one track out of an odd number of tracks at a place on single track; see
        :func:`even_number`.
    arrivals_apart : bool
        Whether places on single track do not let trains arrive together from both sides. The
        parallel timetable has no such meetings: in its schemes one of two trains always passes.

    Returns
    -------
    Network
        Points and sections in the order of places and gaps. The ends take every train, and where a
        gap of two tracks ends trains stand on its tracks whatever their length.
    """
    longest = max(train.length_m for train in line.classes)
    last, points = len(line.gaps), []
    for position, place in enumerate(line.places):
        if position in (0, last):
            tracks = max(place.tracks, END_TRACKS)
            points.append(Point((max(place.useful_length_m, longest),) * tracks))
        elif line.single_track_on_both_sides(position):
            tracks = even_number(place.tracks) if even_tracks else place.tracks
            points.append(Point((place.useful_length_m,) * tracks, arrivals_apart))
        else:
            own = (max(place.useful_length_m, longest),) * DOUBLE
            points.append(Point(own + (place.useful_length_m,) * max(place.tracks - DOUBLE, 0)))
    sections = [
        Section(
            position,
            position + 1,
            gap.tracks,
            milliseconds(gap.headway_min),
            gap.block is Block.SEMI_AUTOMATIC,
            milliseconds(float(gap.intervals.crossing_min)),
            milliseconds(float(gap.intervals.non_simultaneous_min)),
            milliseconds(windows.start_min),
            milliseconds(line.allowances.of_gap(gap.tracks).window_min) if windows.kept else 0,
        )
        for position, gap in enumerate(line.gaps)
    ]
    return Network(points, sections)


def line_path(
    line: LineDescription, train_class: int, odd: bool, ends: tuple[int, int] | None = None
) -> TrainPath:
    """Build the way of a class over a line or a part of it.

    Parameters
    ----------
    line : LineDescription
        The line.
    train_class : int
        Position of the class.
    odd : bool
        Direction.
    ends : (int, int) or None
        First and last place of the part, in the order of the line; None: the whole.

    Returns
    -------
    TrainPath
        Running times without supplements, and those for starting and stopping.
    """
    first, last = ends or (0, len(line.gaps))
    order = range(first, last) if odd else range(last - 1, first - 1, -1)
    gaps = [line.gaps[position] for position in order]
    places = range(first, last + 1) if odd else range(last, first - 1, -1)
    return TrainPath(
        tuple(places),
        tuple(order),
        tuple(max(1, milliseconds(gap.running_min(train_class, odd))) for gap in gaps),
        tuple(milliseconds(float(gap.intervals.start_min)) for gap in gaps),
        tuple(milliseconds(float(gap.intervals.stop_min)) for gap in gaps),
        line.classes[train_class].length_m,
    )


def even_number(tracks: int) -> int:
    """Tracks of a place on single track that the two directions can share alike.

    First come is led astray by an odd track: trains of one direction gather where only one of the
    other fits, and the line with three tracks lets through fewer than that with two.

    >>> even_number(1), even_number(2), even_number(3)
    (1, 2, 2)
    """
    return tracks - tracks % 2 if tracks > 1 else tracks


def milliseconds(minutes: float) -> int:
    """Whole milliseconds of minutes."""
    return round(minutes * MINUTE_MS)
