"""From points, sections, paths and trains to the flat arrays of the kernels.

Whatever cannot run is turned away with a reason, and nothing else: a train is taken exactly when it
could run alone. The reasons are data: a code and its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from keruen.rail.dispatch import columns as c
from keruen.rail.dispatch.columns import IntArray
from keruen.rail.dispatch.image import Tables, build_image
from keruen.rail.dispatch.network import Guard, Network, TrainPath, Trains
from keruen.rail.dispatch.one_line import directions_on_lines
from keruen.rail.dispatch.ways import Growing, Reason, Refused, path_row

__all__ = [
    "Compiled",
    "Reason",
    "Rejection",
    "Ways",
    "compile_dispatch",
    "compile_ways",
    "with_trains",
]


class Rejection(NamedTuple):
    """A train that cannot run.

    Parameters
    ----------
    train : int
        Place in the timetable given.
    reason : Reason
        What stands in its way.
    params : mapping
        Where: ``point``, ``section``, ``length_m`` and the like.
    """

    train: int
    reason: Reason
    params: Mapping[str, float]


class Compiled(NamedTuple):
    """What kernels run on.

    Parameters
    ----------
    image : array of int
        Memory before the first event; see :mod:`keruen.rail.dispatch.columns`.
    tables : Tables
        The same by numbers, for whoever wants to read them.
    numbers : array of int
        Place in the timetable given, of each train in the arrays.
    rejections : tuple of Rejection
        Trains left out.
    guard : Guard
        ``LINE`` where the rule of the line suffices, else ``ORDER``.
    longest_window_wait_ms : int
        Longest that any move can have to wait for windows alone.
    tracks_unused : mapping
        Of points with more tracks than are used (:class:`keruen.rail.dispatch.network.Point`): how
        many, the shortest, are left out.
    """

    image: IntArray
    tables: Tables
    numbers: IntArray
    rejections: tuple[Rejection, ...]
    guard: Guard
    longest_window_wait_ms: int
    tracks_unused: Mapping[int, int]


class Ways(NamedTuple):
    """A network and the paths over it in rows, before any train.

    Parameters
    ----------
    points, groups, paths, moves, legs, shuts : arrays of int
        As in :class:`keruen.rail.dispatch.image.Tables`.
    row_of : mapping
        Row of each path that can be run, by its number.
    refused : mapping
        Why the others cannot, by number.
    guard, longest_window_wait_ms, tracks_unused
        As in :class:`Compiled`.
    """

    points: IntArray
    groups: IntArray
    paths: IntArray
    moves: IntArray
    legs: IntArray
    shuts: IntArray
    row_of: Mapping[int, int]
    refused: Mapping[int, Refused]
    guard: Guard
    longest_window_wait_ms: int
    tracks_unused: Mapping[int, int]


def compile_dispatch(network: Network, paths: Sequence[TrainPath], trains: Trains) -> Compiled:
    """Compile a network and its timetable.

    Parameters
    ----------
    network : Network
        Points and sections.
    paths : sequence of TrainPath
        Ways.
    trains : Trains
        Timetable.

    Returns
    -------
    Compiled
        Arrays, and the trains turned away with their reasons.

    Examples
    --------
    Two points, one section, one train that is longer than the tracks:

    >>> from keruen.rail.dispatch.network import Point, Section
    >>> network = Network([Point((500.0,)), Point((900.0,))], [Section(0, 1)])
    >>> way = TrainPath((0, 1), (0,), (600_000,), (0,), (0,), 800.0)
    >>> one = Trains(np.array([0]), np.array([0]), np.array([1]))
    >>> turned_away = compile_dispatch(network, [way], one).rejections[0]
    >>> turned_away.reason.value, turned_away.params
    ('dispatch_no_track_long_enough', {'point': 0, 'length_m': 800.0})
    """
    return with_trains(compile_ways(network, paths), trains)


def compile_ways(network: Network, paths: Sequence[TrainPath]) -> Ways:
    """Compile a network and the paths over it: what many timetables have alike.

    Parameters
    ----------
    network, paths
        As of :func:`compile_dispatch`.
    """
    tables = Growing(*_infrastructure(network), [], [], [], [])
    rows: list[list[int]] = []
    refused: dict[int, Refused] = {}
    place: dict[int, int] = {}
    kept: list[TrainPath] = []
    for number, path in enumerate(paths):
        before = [len(part) for part in (tables.moves, tables.legs, tables.shuts, tables.waits)]
        try:
            row = path_row(network, path, tables)
        except Refused as refusal:
            refused[number] = refusal
            moves, legs, shuts, waits = before
            del tables.moves[moves:], tables.legs[legs:], tables.shuts[shuts:], tables.waits[waits:]
            continue
        place[number] = len(rows)
        rows.append(row)
        kept.append(path)
    points, guard = _points_and_guard(tables, kept, rows)
    _add_places(tables)
    _let_leaps_pass(tables)
    return Ways(
        points,
        _array(tables.groups, c.GROUP_PLACE_BIT + 1),
        _array(rows, c.PATH_COLUMNS),
        _array(tables.moves, c.MOVE_COLUMNS),
        _array(tables.legs, c.LEG_NUMBER),
        _array(tables.shuts, c.SHUT_COLUMNS),
        place,
        refused,
        guard,
        max(tables.waits, default=0),
        _unused(network),
    )


def with_trains(ways: Ways, trains: Trains) -> Compiled:
    """Compile a timetable over ways that were compiled; see :func:`compile_dispatch`."""
    count = len(ways.row_of) + len(ways.refused)
    numbers, rejections = _sort_out(trains, count, ways.row_of, ways.refused)
    rows = _train_rows(trains, numbers, ways.row_of)
    arrays = Tables(ways.points, ways.groups, ways.paths, ways.moves, ways.legs, rows, ways.shuts)
    return Compiled(
        build_image(arrays),
        arrays,
        numbers,
        rejections,
        ways.guard,
        ways.longest_window_wait_ms,
        ways.tracks_unused,
    )


def _unused(network: Network) -> dict[int, int]:
    """Tracks left out, by point."""
    counts = [len(point.track_lengths_m) for point in network.points]
    return {
        point: count - c.MAX_TRACKS for point, count in enumerate(counts) if count > c.MAX_TRACKS
    }


def _sort_out(
    trains: Trains, paths: int, place: Mapping[int, int], refused: Mapping[int, Refused]
) -> tuple[IntArray, tuple[Rejection, ...]]:
    """Trains that run, by number, and those turned away."""
    path_of = np.asarray(trains.path, dtype=np.int64)
    runs = np.zeros(paths + 1, dtype=bool)
    runs[list(place)] = True
    known = (path_of >= 0) & (path_of < paths)
    in_time = np.asarray(trains.earliest_ms) >= 0
    taken = runs[np.where(known, path_of, paths)] & in_time
    rejections = []
    for train in np.flatnonzero(~taken):
        path = int(path_of[train])
        if path in refused:
            reason, params = refused[path].reason, refused[path].params
        elif known[train]:
            reason, params = Reason.TIME_OUT_OF_RANGE, {}
        else:
            reason, params = Reason.NO_SUCH_PLACE, {"path": path}
        rejections.append(Rejection(int(train), reason, params))
    return np.flatnonzero(taken).astype(np.int64), tuple(rejections)


def _array(rows: Sequence[Sequence[int]], width: int) -> IntArray:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _infrastructure(
    network: Network,
) -> tuple[list[list[float]], list[list[int]], list[tuple[int, int]]]:
    """Track lengths from the longest down; groups of lanes; groups of each section by direction."""
    lengths = [
        sorted(point.track_lengths_m, reverse=True)[: c.MAX_TRACKS] for point in network.points
    ]
    groups: list[list[int]] = []
    group_of = []
    lanes = 0
    for number, section in enumerate(network.sections):
        there, shared, back = section.split
        rest = [
            number,
            section.headway_ms,
            int(section.one_train),
            section.crossing_ms,
            section.non_simultaneous_ms,
        ]
        first = len(groups)
        if there + back == 0:
            group_of.append((first, first))
            groups.append([lanes, 1, shared, 0, *rest, 0, 0, 0])
        else:
            group_of.append((first, first + 1))
            last = lanes + section.tracks - 1
            partners = (first + 2, first + 1) if shared else (0, 0)
            groups.append([lanes, 1, there + shared, there, *rest, partners[0], 0, 0])
            groups.append([last, -1, shared + back, back, *rest, partners[1], 0, 0])
        lanes += section.tracks
    return lengths, groups, group_of


def _points_and_guard(
    tables: Growing, paths: Sequence[TrainPath], rows: list[list[int]]
) -> tuple[IntArray, Guard]:
    """Masks of the points; writes directions into the rows where all ways lie on lines."""
    count = len(tables.lengths)
    points = np.zeros((count, c.POINT_COUNTING + 1), dtype=np.int64)
    points[:, c.POINT_NUMBER] = np.arange(count)
    points[:, c.POINT_ALL] = [(1 << len(tracks)) - 1 for tracks in tables.lengths]
    directions = directions_on_lines(count, [path.points for path in paths])
    if directions is None:
        return points, Guard.ORDER
    counting = [-1] * count
    waits = [False] * count
    for row, direction in zip(rows, directions, strict=True):
        row[c.PATH_DIRECTION] = direction
        origin = row[c.PATH_ORIGIN]
        counting[origin] &= row[c.PATH_FIT]
        waits[origin] = True
        for move in tables.moves[row[c.PATH_MOVE] : row[c.PATH_END]]:
            counting[move[c.MOVE_POINT]] &= move[c.MOVE_FIT]
            waits[move[c.MOVE_POINT]] |= not move[c.MOVE_LAST]
    for point in range(count):
        points[point, c.POINT_COUNTING] = max(counting[point], 0)
        if waits[point] and counting[point].bit_count() < 2:
            points[:, c.POINT_COUNTING] = 0
            return points, Guard.ORDER
    return points, Guard.LINE


def _add_places(tables: Growing) -> None:
    """Let trains hold places at the block signals of a lane of their own direction.

    On a lane of one direction under automatic block as many trains can stand one behind the other
    as can run in it, a headway apart. Their places are further bits of the point ahead.
    """
    longest: dict[int, int] = {}
    point_of: dict[int, int] = {}
    for leg in tables.legs:
        group = leg[c.LEG_GROUP]
        lasting = leg[c.LEG_RUN] + leg[c.LEG_START] + leg[c.LEG_STOP]
        longest[group] = max(longest.get(group, 0), lasting)
    for move in tables.moves:
        last = tables.legs[move[c.MOVE_LEG] + move[c.MOVE_LEGS] - 1]
        point_of.setdefault(last[c.LEG_GROUP], move[c.MOVE_POINT])
    used = [len(lengths) for lengths in tables.lengths]
    for number, point in point_of.items():
        row = tables.groups[number]
        own, headway = row[c.GROUP_OWN], row[c.HEADWAY]
        if own == 0 or row[c.ONE_TRAIN] or headway == 0:
            continue
        places = min(longest[number] // headway + 1, (c.MAX_TRACKS - used[point]) // own)
        row[c.GROUP_PLACES] = places
        row[c.GROUP_PLACE_BIT] = used[point]
        used[point] += own * places


def _let_leaps_pass(tables: Growing) -> None:
    """Do not keep arrivals apart at points that some train leaps over, for it cannot be kept."""
    leapt: set[int] = set()
    for move in tables.moves:
        first = move[c.MOVE_LEG]
        legs = tables.legs[first : first + move[c.MOVE_LEGS] - 1]
        leapt.update(leg[c.LEG_POINT] for leg in legs)
    for leg in tables.legs:
        if leg[c.LEG_POINT] in leapt:
            leg[c.LEG_APART] = 0


def _train_rows(trains: Trains, numbers: IntArray, place: Mapping[int, int]) -> IntArray:
    rows = np.empty((len(numbers), 5), dtype=np.int64)
    given = np.asarray(trains.path, dtype=np.int64)[numbers]
    new_place = np.full(max(place, default=0) + 1, -1, dtype=np.int64)
    for path, row in place.items():
        new_place[path] = row
    rows[:, 0] = numbers
    rows[:, 1] = new_place[given]
    rows[:, 2] = np.asarray(trains.earliest_ms)[numbers]
    rows[:, 3] = np.asarray(trains.weight)[numbers]
    rows[:, 4] = -1
    if trains.feeds is not None:
        known = np.full(len(np.asarray(trains.path)) + 1, -1, dtype=np.int64)
        known[numbers] = np.arange(len(numbers))
        rows[:, 4] = known[np.asarray(trains.feeds, dtype=np.int64)[numbers]]
    return rows
