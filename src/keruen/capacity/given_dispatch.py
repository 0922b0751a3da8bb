"""The trains of a given timetable for the dispatcher, instead of drawn ones."""

from __future__ import annotations

import numpy as np

from keruen.capacity.given_timetable import (
    GivenTimetable,
    GivenTrain,
    freight_pairs,
    paths_of,
    relation_of,
)
from keruen.capacity.line_description import StudyLine
from keruen.capacity.line_timetable import LineTimetable, Supply, assembled, days_beside
from keruen.events.calendar import DAY_MS
from keruen.rail.dispatch.line_network import line_path, milliseconds
from keruen.rail.dispatch.network import TrainPath
from keruen.rail.line import LineDescription
from keruen.rail.timetable import TrainPath as GivenPath


def given_line_timetable(
    line: str, described: StudyLine, given: GivenTimetable, days: int = 1
) -> LineTimetable:
    """Let every train of a timetable run on each day.

    A train is due at its first departure, runs as long over each gap as the timetable gives it, and
    stands where it stops at least as long as there; it does not wait for its time.

    Parameters
    ----------
    line : str
        Row of ``lines``.
    described : StudyLine
        The line.
    given : GivenTimetable
        Trains of a day, over the line or a part of it.
    days : int
        Days looked at.

    Returns
    -------
    LineTimetable
        For :func:`keruen.capacity.line_dispatch.dispatch_line`; a train of several days has the
        number of the day behind its name.

    Raises
    ------
    FailedError
        ``timetable_no_time_to_run``.
    """
    own = paths_of(described, given)
    ways = [
        _way(described.description, train, path)
        for train, path in zip(given.trains, own, strict=True)
    ]
    beside = days_beside(ways)
    spread = np.arange(days + 2 * beside, dtype=np.int64)
    supplies = []
    for train, way in zip(given.trains, ways, strict=True):
        due = milliseconds(float(train.calls[0].departure_min or 0.0))
        names = tuple(
            train.name if days == 1 else f"{train.name}/{day + 1 - beside}"
            for day in spread.tolist()
        )
        supplies.append(Supply(relation_of(train), way, due + spread * DAY_MS, names))
    return assembled(line, described, supplies, (days, beside), freight_pairs(given))


def _way(line: LineDescription, train: GivenTrain, path: GivenPath) -> TrainPath:
    """Way of a train with its own running times and stays."""
    way = line_path(line, train.train_class, train.odd, (train.first, train.last))
    stays = dict.fromkeys(way.points, 0)
    for call in train.calls[1:-1]:
        stay = float(call.departure_min or 0.0) - float(call.arrival_min or 0.0)
        stays[call.place] = milliseconds(stay)
    return way._replace(
        run_ms=tuple(max(1, milliseconds(path.run_min[gap])) for gap in way.sections),
        dwell_ms=tuple(stays.values()),
    )
