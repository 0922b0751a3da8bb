"""What every train of a dispatched line did, as rows with plain names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from keruen.capacity.line_dispatch import LineDispatch
from keruen.capacity.line_timetable import CLASSES
from keruen.capacity.train_day import train_numbers
from keruen.events.calendar import MINUTE_MS
from keruen.rail.dispatch.columns import IN_SECTION
from keruen.rail.dispatch.network import Cause

COLUMNS: Final = (
    "train",
    "class",
    "direction",
    "kind",
    "element",
    "from_place",
    "to_place",
    "enter_min",
    "leave_min",
    "enter_at",
    "leave_at",
    "cause",
)
"""Columns of :func:`line_records`.

``kind`` is ``section`` of a run and ``place`` of a stay; ``element`` a row of ``sections`` or the
place. Minutes count from the first midnight of the days looked at; of trains due before they may
be less than nought. ``cause`` is why the train stood; empty where it ran.
"""


def line_records(found: LineDispatch, day: date | None) -> Iterator[tuple[str, ...]]:
    """Rows for each run over a gap and each stay at a place, of trains due in the days looked at.

    Parameters
    ----------
    found : LineDispatch
        How trains ran.
    day : date or None
        First of the days looked at; None leaves the time of day empty.

    Yields
    ------
    tuple of str
        In the order of :data:`COLUMNS`; by train number, or in the order of a given timetable, then
        by time.
    """
    timetable, records = found.timetable, found.records
    described, begin = timetable.described, timetable.looked_at_ms[0]
    numbers, counted = train_numbers(found), timetable.counted
    names = [place.name for place in described.description.places]
    midnight = None if day is None else datetime.combine(day, time())

    def moment(at_ms: int) -> tuple[str, str]:
        minutes = (at_ms - begin) / MINUTE_MS
        shown = "" if midnight is None else (midnight + timedelta(minutes=minutes)).isoformat()
        return f"{minutes:.3f}", shown[:19]

    rows = sorted(
        zip(*(column.tolist() for column in records), strict=True),
        key=lambda row: (row[0] if timetable.names else int(numbers[row[0]]), row[5], row[6]),
    )
    for train, kind, element, _, cause, enter_ms, leave_ms in rows:
        if not counted[train]:
            continue
        own = timetable.relations[timetable.relation_of[train]]
        is_run = kind == IN_SECTION
        ends = (element, element + 1) if is_run else (element, element)
        enter, leave = moment(enter_ms), moment(leave_ms)
        yield (
            numbers[train],
            CLASSES[own.train_class],
            "forward" if own.odd else "backward",
            "section" if is_run else "place",
            described.sections[element] if is_run else names[element],
            *(names[end] for end in (ends if own.odd else ends[::-1])),
            enter[0],
            leave[0],
            enter[1],
            leave[1],
            Cause(cause).name.lower() if cause else "",
        )
