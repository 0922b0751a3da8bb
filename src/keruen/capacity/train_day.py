"""The trains of a line on the days looked at as a picture needs them: ways over time, tracks taken.

What a run keeps of a dispatch, so that a report is drawn from its tables alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.line_description import StudyLine
from keruen.capacity.line_dispatch import LineDispatch
from keruen.capacity.line_timetable import CLASSES
from keruen.events.calendar import MINUTE_MS
from keruen.rail.dispatch.columns import IN_SECTION
from keruen.rail.dispatch.polylines import (
    Chainage,
    TrainPolyline,
    occupied_shares,
    train_polylines,
)
from keruen.rail.line import DOUBLE, Block


class DrawnTrain(NamedTuple):
    """A train and its way, or a piece of it.

    Parameters
    ----------
    number : str
        Odd one way and even the other.
    train_class : int
        Place in :data:`keruen.capacity.line_timetable.CLASSES`.
    odd : bool
        Whether it runs in the order of the line.
    path : TrainPolyline
        Over time and kilometre.
    """

    number: str
    train_class: int
    odd: bool
    path: TrainPolyline


class TrainDay(NamedTuple):
    """The days looked at of a dispatched line.

    Parameters
    ----------
    line : str
        Row of ``lines``.
    described : StudyLine
        The line as it was dispatched.
    span_min : (float, float)
        Beginning and end, minutes since the records' zero, both at midnight.
    trains : tuple of DrawnTrain
        All that are on the line in that time.
    occupied : array, shape (gaps, classes)
        See :func:`occupied_by_gap`.
    """

    line: str
    described: StudyLine
    span_min: tuple[float, float]
    trains: tuple[DrawnTrain, ...]
    occupied: NDArray[np.float64]


def train_day(found: LineDispatch) -> TrainDay:
    """Take from a dispatch what a picture needs.

    Parameters
    ----------
    found : LineDispatch
        Of :func:`keruen.capacity.line_dispatch.dispatch_line`.

    Returns
    -------
    TrainDay
        Trains in the order of their numbers in the timetable, then by time.
    """
    timetable = found.timetable
    km = np.append(0.0, np.cumsum(timetable.described.lengths_km))
    gaps = len(timetable.described.sections)
    ends = np.array([[gap, gap + 1] for gap in range(gaps)])
    begin, end = (at / MINUTE_MS for at in timetable.looked_at_ms)
    relations = [timetable.relations[number] for number in timetable.relation_of]
    origins = [one.first if one.odd else one.last for one in relations]
    numbers = train_numbers(found)
    drawn = tuple(
        DrawnTrain(
            numbers[path.train],
            relations[path.train].train_class,
            relations[path.train].odd,
            path,
        )
        for path in train_polylines(found.records, Chainage(km, ends), origins)
        if path.time_min[-1] > begin and path.time_min[0] < end
    )
    return TrainDay(
        timetable.line, timetable.described, (begin, end), drawn, occupied_by_gap(found)
    )


def train_numbers(found: LineDispatch) -> list[str]:
    """Names of the trains, where they have any.

    Else odd numbers one way and even ones the other, in the order in which trains are due.
    """
    timetable = found.timetable
    if timetable.names:
        return list(timetable.names)
    numbers = [""] * len(timetable.relation_of)
    given = {True: 1, False: 2}
    for train in np.argsort(timetable.trains.earliest_ms, kind="stable").tolist():
        odd = timetable.relations[timetable.relation_of[train]].odd
        numbers[train] = str(given[odd])
        given[odd] += 2
    return numbers


def occupied_by_gap(found: LineDispatch) -> NDArray[np.float64]:
    """Share of the days looked at for which trains of each class take a track of each gap.

    Trains that follow each other under automatic block on a track of their direction take a headway
    each; all others take the gap for as long as they run over it.

    Parameters
    ----------
    found : LineDispatch
        Of :func:`keruen.capacity.line_dispatch.dispatch_line`.

    Returns
    -------
    array, shape (gaps, classes)
        A mean over the tracks of the gap.
    """
    timetable, records = found.timetable, found.records
    gaps = timetable.described.description.gaps
    begin, end = timetable.looked_at_ms
    span = begin / MINUTE_MS, end / MINUTE_MS
    shares = np.zeros((len(gaps), len(CLASSES)))
    class_of = timetable.class_of
    if not class_of.size:
        return shares
    running = occupied_shares(records, len(gaps), class_of.tolist(), span)
    shares[:, : running.shape[1]] = running
    entered = (records.kind == IN_SECTION) & (records.enter_ms >= begin) & (records.enter_ms < end)
    counts = np.zeros_like(shares)
    np.add.at(counts, (records.element[entered], class_of[records.train[entered]]), 1.0)
    for number, gap in enumerate(gaps):
        if gap.tracks >= DOUBLE and gap.block is Block.AUTOMATIC:
            shares[number] = counts[number] * gap.headway_min / (span[1] - span[0])
        shares[number] /= gap.tracks
    return shares
