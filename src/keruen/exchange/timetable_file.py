"""A timetable of a line from a CSV file: one row for each train and place that it comes by.

Every problem is told at once, with its record and column, as for the tables of a study.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from keruen.capacity.given_timetable import Call, GivenTimetable, GivenTrain, stretches_of
from keruen.capacity.line_description import StudyLine
from keruen.capacity.line_timetable import CLASSES
from keruen.errors import FailedError, Problem, Severity, StudyError, error
from keruen.model.files import decode, has_hidden_characters, read_bytes
from keruen.model.findings import MAX_TOLD, and_more, closest, cut
from keruen.model.text import TextTable, parse_csv
from keruen.units import MINUTES_PER_DAY

COLUMNS: Final = ("train", "train_class", "node", "arrival", "departure")
"""Columns of the file, in any order."""
MAX_BYTES: Final = 1 << 24
"""A file larger than this is refused: 16 MiB."""
MOST_TRAINS: Final = 1000
"""A timetable of more trains a day is refused."""
LONGEST_MIN: Final = 14_400.0
"""The latest time, ten days after the midnight that times count from."""
_NAME_LENGTH: Final = 40
_CLOCK: Final = re.compile(r"([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?")
_MINUTES: Final = re.compile(r"[0-9]{1,5}(\.[0-9]{1,6})?")


class Route(NamedTuple):
    """What the file may name.

    Parameters
    ----------
    places : mapping of str to int
        Places of the line by name, those within sections too.
    nodes : frozenset of int
        Places that are nodes: a train that passes one names it.
    known : frozenset of str
        All nodes of the study.
    stretches : tuple of (int, int)
        First and last place of each stretch that trains can run over.
    whole : bool
        Whether every train has to run over a whole stretch.
    """

    places: Mapping[str, int]
    nodes: frozenset[int]
    known: frozenset[str]
    stretches: tuple[tuple[int, int], ...]
    whole: bool


class _Row(NamedTuple):
    """A row whose cells were read; None where one is empty or wrong."""

    record: int
    train: str
    train_class: int | None
    place: int | None
    arrival: float | None
    departure: float | None
    whole: bool


def route_of(line: StudyLine, known: Iterable[str], *, whole: bool) -> Route:
    """What a timetable of a line may name.

    Parameters
    ----------
    line : StudyLine
        The line.
    known : iterable of str
        All nodes of the study.
    whole : bool
        Whether every train has to run over the whole line, up to a change of gauge.
    """
    known = frozenset(known)
    names = [place.name for place in line.description.places]
    nodes = frozenset(place for place, name in enumerate(names) if name in known)
    places = MappingProxyType({name: place for place, name in enumerate(names)})
    return Route(places, nodes, known, stretches_of(line), whole)


def read_timetable(file: Path, route: Route) -> GivenTimetable:
    """Read a timetable.

    Times are minutes after midnight, or hours and minutes; the next day goes on past 24:00. A train
    that does not stop may leave out one of its two times. Where it begins it needs no arrival,
    where it ends no departure.

    Parameters
    ----------
    file : Path
        CSV file, UTF-8, of :data:`COLUMNS`.
    route : Route
        See :func:`route_of`.

    Returns
    -------
    GivenTimetable
        Trains in the order of the file.

    Raises
    ------
    FailedError
        When the file cannot be read or is too large.
    StudyError
        With every problem: of the file, of a cell, or of a train, each with its record.
    """
    name = file.name
    raw, problems = read_bytes(file.parent, name, MAX_BYTES)
    if raw is None:
        raise FailedError(problems)
    text, problems = decode(raw, name)
    table, found = parse_csv(text, name)
    problems = [one for one in (*problems, *found) if one.is_error]
    if table is None or problems:
        raise StudyError(problems)
    found = list(_header_problems(table.header, name))
    if found:
        raise StudyError(found)
    rows, problems = _rows(table, route, name)
    if not rows:
        problems.append(error("timetable_empty", name))
    trains: list[GivenTrain] = []
    by_train: dict[str, list[_Row]] = {}
    for row in rows:
        by_train.setdefault(row.train, []).append(row)
    if len(by_train) > MOST_TRAINS:
        problems.append(error("timetable_too_long", name, trains=len(by_train), most=MOST_TRAINS))
    for own in by_train.values():
        told = list(_train_problems(own, route))
        problems += [_at(name, one) for one in told]
        if not told and all(row.whole for row in own):
            trains.append(_train(own))
    if problems:
        raise StudyError(_capped(problems, name))
    return GivenTimetable(name, tuple(trains))


def _capped(problems: list[Problem], file: str) -> list[Problem]:
    ordered = sorted(problems, key=lambda one: (one.row or 0, one.column or ""))
    more = max(0, len(ordered) - MAX_TOLD)
    return ordered[:MAX_TOLD] + and_more(ordered[-1].code, file, None, more)


class _Told(NamedTuple):
    """A problem whose file is still to be named."""

    code: str
    row: int
    column: str
    params: Mapping[str, object]


def _at(file: str, told: _Told) -> Problem:
    return Problem(Severity.ERROR, told.code, file, told.row, told.column, told.params)


def _header_problems(header: Sequence[str], file: str) -> Iterator[Problem]:
    for place, column in enumerate(header):
        if column in header[:place]:
            yield Problem(Severity.ERROR, "duplicate_column", file, 1, column)
        elif column not in COLUMNS:
            better = closest(column, [one for one in COLUMNS if one not in header])
            params = {"value": cut(column), "better": better, "known": ", ".join(COLUMNS)}
            yield Problem(Severity.ERROR, "timetable_unknown_column", file, 1, column, params)
    for column in COLUMNS:
        if column not in header:
            yield Problem(Severity.ERROR, "missing_column", file, 1, column)


def _rows(table: TextTable, route: Route, file: str) -> tuple[list[_Row], list[Problem]]:
    columns = [table.columns[table.header.index(column)] for column in COLUMNS]
    rows: list[_Row] = []
    problems: list[Problem] = []
    for record, *cells in zip(table.rows, *columns, strict=True):
        if any(cells):
            row, told = _row(record, cells, route)
            rows.append(row)
            problems += [_at(file, one) for one in told]
    return rows, problems


def _row(record: int, cells: Sequence[str], route: Route) -> tuple[_Row, list[_Told]]:
    train, train_class, node, arrival, departure = cells
    told = [
        *_name_problems(record, train),
        *_class_problems(record, train_class),
        *_node_problems(record, node, route),
    ]
    times: list[float | None] = []
    for column, text in (("arrival", arrival), ("departure", departure)):
        minutes = minutes_of(text) if text else None
        if text and minutes is None:
            told.append(_Told("timetable_bad_time", record, column, {"value": cut(text)}))
        times.append(minutes)
    if not arrival and not departure:
        told.append(_Told("timetable_no_time", record, "arrival", {"train": cut(train)}))
    place = route.places.get(node)
    number = CLASSES.index(train_class) if train_class in CLASSES else None
    return _Row(record, train, number, place, times[0], times[1], not told), told


def _name_problems(record: int, train: str) -> Iterator[_Told]:
    if not train:
        yield _Told("missing_value", record, "train", {})
    elif len(train) > _NAME_LENGTH:
        yield _Told("text_too_long", record, "train", {"limit": _NAME_LENGTH})
    elif has_hidden_characters(train):
        yield _Told("control_character", record, "train", {"value": cut(train)})


def _class_problems(record: int, text: str) -> Iterator[_Told]:
    if not text:
        yield _Told("missing_value", record, "train_class", {})
    elif text not in CLASSES:
        params = {
            "value": cut(text),
            "allowed": ", ".join(CLASSES),
            "better": closest(text, CLASSES),
        }
        yield _Told("not_allowed", record, "train_class", params)


def _node_problems(record: int, node: str, route: Route) -> Iterator[_Told]:
    if not node:
        yield _Told("missing_value", record, "node", {})
    elif node not in route.places:
        code = "timetable_node_elsewhere" if node in route.known else "timetable_unknown_node"
        yield _Told(
            code, record, "node", {"value": cut(node), "better": closest(node, route.places)}
        )


def minutes_of(text: str) -> float | None:
    """Minutes after midnight; None for what is no time.

    >>> minutes_of("08:30"), minutes_of("25:10:30"), minutes_of("90.5"), minutes_of("8.30 h")
    (510.0, 1510.5, 90.5, None)
    """
    found = _CLOCK.fullmatch(text)
    if found:
        hours, minutes, seconds = (int(one or 0) for one in found.groups())
        told = hours * 60.0 + minutes + seconds / 60.0
    elif _MINUTES.fullmatch(text):
        told = float(text)
    else:
        return None
    return told if told <= LONGEST_MIN else None


def _train_problems(rows: Sequence[_Row], route: Route) -> Iterator[_Told]:
    """What is wrong with a train as a whole; rows with a bad cell stand aside."""
    yield from _class_changes(rows)
    placed = [(row, row.place) for row in rows if row.place is not None]
    of_way = list(_way_problems(placed, route))
    yield from of_way
    yield from _clock_problems(rows)
    if not of_way and all(row.whole for row in rows):
        yield from _end_problems(rows, route)


def _class_changes(rows: Sequence[_Row]) -> Iterator[_Told]:
    first = rows[0]
    for row in rows[1:]:
        if (
            None not in (row.train_class, first.train_class)
            and row.train_class != first.train_class
        ):
            params = {
                "train": cut(row.train),
                "value": CLASSES[row.train_class or 0],
                "first": first.record,
                "other": CLASSES[first.train_class or 0],
            }
            yield _Told("timetable_class_changes", row.record, "train_class", params)


def _way_problems(placed: Sequence[tuple[_Row, int]], route: Route) -> Iterator[_Told]:
    """A place twice, a jump, a turn."""
    names = {place: name for name, place in route.places.items()}
    seen: dict[int, int] = {}
    way = 0
    before: int | None = None
    for row, place in placed:
        train = {"train": cut(row.train), "node": names[place]}
        if place in seen:
            params = {**train, "first": seen[place]}
            yield _Told("timetable_node_twice", row.record, "node", params)
            continue
        seen[place] = row.record
        if before is not None:
            step = 1 if place > before else -1
            if way and step != way:
                yield _Told("timetable_turns_back", row.record, "node", train)
                return
            way = step
            jumped = [at for at in range(before + step, place, step) if at in route.nodes]
            if jumped:
                params = {**train, "before": names[before], "missing": names[jumped[0]]}
                yield _Told("timetable_jumps", row.record, "node", params)
        before = place


def _clock_problems(rows: Sequence[_Row]) -> Iterator[_Told]:
    """Time that runs backward, at a place or on the way to it."""
    before: float | None = None
    for row in rows:
        for column, minutes in (("arrival", row.arrival), ("departure", row.departure)):
            if minutes is None:
                continue
            stands = column == "departure" and row.arrival is not None
            early = before is not None and (minutes < before if stands else minutes <= before)
            if early:
                params = {
                    "train": cut(row.train),
                    "minutes": clock(minutes),
                    "before": clock(before or 0.0),
                }
                yield _Told("timetable_runs_backward", row.record, column, params)
            before = minutes


def _end_problems(rows: Sequence[_Row], route: Route) -> Iterator[_Told]:
    """A train that begins or ends where it should not, or never arrives."""
    first, last = rows[0], rows[-1]
    train = {"train": cut(first.train)}
    if len(rows) == 1:
        yield _Told("timetable_never_arrives", last.record, "node", train)
        return
    if first.departure is None:
        yield _Told("timetable_never_departs", first.record, "departure", train)
    elif first.departure >= MINUTES_PER_DAY:
        yield _Told("timetable_begins_late", first.record, "departure", train)
    if last.arrival is None:
        yield _Told("timetable_never_arrives", last.record, "arrival", train)
    begin, end = sorted((first.place or 0, last.place or 0))
    over = [one for one in route.stretches if one[0] <= begin and end <= one[1]]
    names = {place: name for name, place in route.places.items()}
    if not over:
        broken = next(one[1] for one in route.stretches if begin < one[1])
        params = {**train, "node": names[broken]}
        yield _Told("timetable_passes_gauge_break", last.record, "node", params)
    elif route.whole:
        odd = (last.place or 0) > (first.place or 0)
        for row, wanted in ((first, over[0][not odd]), (last, over[0][odd])):
            if row.place != wanted:
                params = {**train, "node": names[row.place or 0], "wanted": names[wanted]}
                code = "timetable_begins_midway" if row is first else "timetable_ends_midway"
                yield _Told(code, row.record, "node", params)


def clock(minutes: float) -> str:
    """A time as hours and minutes.

    >>> clock(1510.5), clock(510.0)
    ('25:10:30', '08:30')
    """
    seconds = round(minutes * 60.0)
    hours, rest = divmod(seconds, 3600)
    told = f"{hours:02d}:{rest // 60:02d}"
    return told if rest % 60 == 0 else f"{told}:{rest % 60:02d}"


def _train(rows: Sequence[_Row]) -> GivenTrain:
    """A train whose rows are right. A pass with one time has it twice."""
    last = len(rows) - 1
    calls = []
    for number, row in enumerate(rows):
        arrival = row.arrival if number == 0 or row.arrival is not None else row.departure
        departure = row.departure if number == last or row.departure is not None else row.arrival
        calls.append(Call(row.place or 0, arrival, departure, row.record))
    return GivenTrain(rows[0].train, rows[0].train_class or 0, tuple(calls))
