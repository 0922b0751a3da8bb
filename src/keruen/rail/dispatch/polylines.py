"""From the flat records of a dispatcher to lines over time and kilometre: what a picture draws.

Records name sections and points; kilometres come from a chainage of the points. Points off the line
that is shown have none, and a train is drawn only where it is on the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.events.calendar import MINUTE_MS
from keruen.rail.dispatch.columns import AT_POINT, IN_SECTION, NO_WAIT

if TYPE_CHECKING:
    from keruen.rail.dispatch.running import Records

_SAME_KM: Final = 1e-9


class Chainage(NamedTuple):
    """Where the points of a network lie on the line that is shown.

    Parameters
    ----------
    km : array, shape (points,)
        Kilometre of each point; NaN off the line.
    section_ends : array of int, shape (sections, 2)
        Points at the start and the end of each section.
    """

    km: NDArray[np.float64]
    section_ends: NDArray[np.int64]


class TrainPolyline(NamedTuple):
    """A train over time, or a piece of its way on the line that is shown.

    Parameters
    ----------
    train : int
        Its number in the records.
    time_min, km : array, shape (breakpoints,)
        Minutes since the records' zero, not falling; kilometres.
    cause : array of int, shape (breakpoints - 1,)
        Why it stands, a :class:`keruen.rail.dispatch.network.Cause`; ``NONE`` where it runs, or
        where it stands and no cause is recorded.
    """

    train: int
    time_min: NDArray[np.float64]
    km: NDArray[np.float64]
    cause: NDArray[np.int32]

    @property
    def rising(self) -> bool:
        """Whether it goes towards higher kilometres."""
        return bool(self.km[-1] >= self.km[0])


class Meeting(NamedTuple):
    """Two trains at one place: when the later one comes, where, and their numbers.

    The first of the numbers is of the train that came first: of an overtaking, the one overtaken.
    """

    time_min: float
    km: float
    trains: tuple[int, int]


class Meetings(NamedTuple):
    """Crossings of opposing trains, and overtakings, in order of time."""

    meets: tuple[Meeting, ...]
    overtakes: tuple[Meeting, ...]


def train_polylines(
    records: Records,
    chainage: Chainage,
    origins: Mapping[int, int] | Sequence[int],
    outside: bool = False,
) -> list[TrainPolyline]:
    """Draw each train of a dispatch as a line over time and kilometre.

    Parameters
    ----------
    records : Records
        Of :func:`keruen.rail.dispatch.running.records_of`, or rows alike.
    chainage : Chainage
        Kilometres of the points.
    origins : mapping or sequence of int
        Point at which each train begins, by its number.
    outside : bool
        Whether waits before entering the network belong to the line.

    Returns
    -------
    list of TrainPolyline
        By number of the train, then by time; a train that leaves the line and comes back has more
        than one, one that is never on it none.

    Raises
    ------
    ValueError
        If a train runs over a section that does not begin where it is.

    Examples
    --------
    A train that runs 10 minutes, stands 5 for an opposing one and runs 10 more:

    >>> from keruen.rail.dispatch.running import Records
    >>> rows = np.array(
    ...     [  # train, kind, element, track, cause, enter, leave
    ...         [0, 0, 0, 0, 0, 0, 600_000],
    ...         [0, 1, 1, 0, 1, 600_000, 900_000],
    ...         [0, 0, 1, 0, 0, 900_000, 1_500_000],
    ...     ]
    ... )
    >>> line = Chainage(np.array([0.0, 12.0, 24.0]), np.array([[0, 1], [1, 2]]))
    >>> (path,) = train_polylines(Records(*rows.T), line, [0])
    >>> path.time_min.tolist(), path.km.tolist(), path.cause.tolist()
    ([0.0, 10.0, 15.0, 25.0], [0.0, 12.0, 12.0, 24.0], [0, 1, 0])
    """
    train = np.asarray(records.train)
    order = np.lexsort((np.asarray(records.leave_ms), np.asarray(records.enter_ms), train))
    bounds = np.flatnonzero(np.diff(train[order])) + 1
    found: list[TrainPolyline] = []
    for rows in np.split(order, bounds):
        if rows.size:
            number = int(train[rows[0]])
            way = _way(records, rows, chainage, origins[number], outside)
            found += _pieces(number, way)
    return found


class _Way(NamedTuple):
    """Breakpoints of one train: (time in ms, km), and the cause of each stretch between them."""

    stands: list[tuple[int, float]]
    causes: list[int]

    def add(self, time: int, km: float, cause: int) -> None:
        if self.stands:
            self.causes.append(cause)
        self.stands.append((time, km))


def _way(
    records: Records, rows: NDArray[np.int64], chainage: Chainage, origin: int, outside: bool
) -> _Way:
    way = _Way([], [])
    place = origin
    for row in rows:
        enter, leave = int(records.enter_ms[row]), int(records.leave_ms[row])
        element = int(records.element[row])
        here = float(chainage.km[place])
        if records.kind[row] == AT_POINT:
            if leave > enter and (outside or records.track[row] >= 0):
                _stand(way, enter, here, NO_WAIT)
                way.add(leave, here, int(records.cause[row]))
        elif records.kind[row] == IN_SECTION:
            start, end = (int(point) for point in chainage.section_ends[element])
            if place not in (start, end):
                raise ValueError(f"train at point {place} runs over section {element}")
            _stand(way, enter, here, NO_WAIT)
            place = end if place == start else start
            way.add(leave, float(chainage.km[place]), NO_WAIT)
    return way


def _stand(way: _Way, time: int, km: float, cause: int) -> None:
    """Begin at a time, or stand until then where the record before ended earlier."""
    if not way.stands or way.stands[-1][0] < time:
        way.add(time, km, cause)


def _pieces(train: int, way: _Way) -> list[TrainPolyline]:
    """Cut a way where it is off the line; a piece needs two breakpoints."""
    found, begin = [], 0
    known = [bool(np.isfinite(km)) for _, km in way.stands]
    for place in range(len(known) + 1):
        if place < len(known) and known[place]:
            continue
        if place - begin >= 2:
            times, kms = zip(*way.stands[begin:place], strict=True)
            causes = np.array(way.causes[begin : place - 1], dtype=np.int32)
            found.append(
                TrainPolyline(train, np.array(times) / MINUTE_MS, np.array(kms), causes),
            )
        begin = place + 1
    return found


class _Visit(NamedTuple):
    """A train at a place on its way: from when to when, and towards which side."""

    arrive: float
    depart: float
    train: int
    rising: bool


def meetings(paths: Iterable[TrainPolyline]) -> Meetings:
    """Find where trains meet and where they overtake.

    Two trains meet at a place where both come by and go on, in opposite directions, and their stays
    share an instant. One overtakes another where it comes after it, in the same direction, and
    leaves before it. Places where a train begins or ends do not count, nor does the open line.

    Parameters
    ----------
    paths : iterable of TrainPolyline
        Of :func:`train_polylines`.

    Returns
    -------
    Meetings
        In order of time.

    Examples
    --------
    >>> def path(train, time_min, km):
    ...     cause = np.zeros(len(km) - 1, dtype=np.int32)
    ...     return TrainPolyline(train, np.array(time_min), np.array(km), cause)
    >>> up = path(1, [0.0, 10.0, 20.0, 30.0], [0.0, 9.0, 9.0, 18.0])
    >>> down = path(2, [5.0, 15.0, 25.0], [18.0, 9.0, 0.0])
    >>> meetings([up, down]).meets
    (Meeting(time_min=15.0, km=9.0, trains=(1, 2)),)
    """
    visits: dict[float, list[_Visit]] = {}
    for path in paths:
        for km, visit in _visits(path):
            visits.setdefault(round(km, 6), []).append(visit)
    meets, overtakes = [], []
    for km, there in visits.items():
        there.sort()
        for place, first in enumerate(there):
            for second in there[place + 1 :]:
                if second.arrive > first.depart:
                    break
                met = Meeting(second.arrive, km, (first.train, second.train))
                if first.rising != second.rising:
                    meets.append(met)
                elif second.depart < first.depart and second.arrive > first.arrive:
                    overtakes.append(met)
    return Meetings(tuple(sorted(meets)), tuple(sorted(overtakes)))


def _visits(path: TrainPolyline) -> list[tuple[float, _Visit]]:
    """Stays at places passed on the way, of no length where the train does not stop."""
    moves = np.flatnonzero(np.abs(np.diff(path.km)) > _SAME_KM)
    found = []
    for before, after in pairwise(moves):
        comes, goes = (path.km[move + 1] - path.km[move] for move in (before, after))
        if (comes > 0) == (goes > 0):
            visit = _Visit(
                float(path.time_min[before + 1]),
                float(path.time_min[after]),
                path.train,
                bool(goes > 0),
            )
            found.append((float(path.km[after]), visit))
    return found


def occupied_shares(
    records: Records, sections: int, class_of: Sequence[int], span_min: tuple[float, float]
) -> NDArray[np.float64]:
    """Share of a span of time in which trains of each class run over each section.

    Parameters
    ----------
    records : Records
        Of :func:`keruen.rail.dispatch.running.records_of`, or rows alike.
    sections : int
        Number of sections.
    class_of : sequence of int
        Class of each train, by its number, from 0.
    span_min : tuple of float
        Beginning and end of the span, minutes.

    Returns
    -------
    array, shape (sections, classes)
        Time in the section over the span, summed over trains: on several tracks, or with trains one
        behind the other, more than 1 is possible. Headways and intervals are not in it.

    Raises
    ------
    ValueError
        If the span is empty.

    Examples
    --------
    >>> from keruen.rail.dispatch.running import Records
    >>> rows = np.array([[0, 0, 0, 0, 0, 0, 600_000], [1, 0, 0, 0, 0, 900_000, 1_500_000]])
    >>> occupied_shares(Records(*rows.T), 2, [0, 1], (0.0, 20.0)).tolist()
    [[0.5, 0.25], [0.0, 0.0]]
    """
    begin, end = (minute * MINUTE_MS for minute in span_min)
    if not begin < end:
        raise ValueError("a share needs a span of time")
    running = np.asarray(records.kind) == IN_SECTION
    enter = np.clip(np.asarray(records.enter_ms)[running], begin, end)
    leave = np.clip(np.asarray(records.leave_ms)[running], begin, end)
    kinds = np.asarray(class_of, dtype=np.int64)[np.asarray(records.train)[running]]
    shares = np.zeros((sections, max(class_of, default=-1) + 1))
    np.add.at(
        shares, (np.asarray(records.element)[running], kinds), (leave - enter) / (end - begin)
    )
    return shares
