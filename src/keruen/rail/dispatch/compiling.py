"""From points, sections, paths and trains to the flat arrays of the kernels.

Whatever cannot run is turned away with a reason, and nothing else: a train is taken exactly when it
could run alone. The reasons are data: a code and its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from keruen.events.calendar import DAY_MS
from keruen.rail.dispatch import columns as c
from keruen.rail.dispatch.columns import IntArray
from keruen.rail.dispatch.image import Tables, build_image
from keruen.rail.dispatch.network import Guard, Network, TrainPath, Trains
from keruen.rail.dispatch.one_line import directions_on_lines
from keruen.rail.dispatch.sections import after_windows


class Reason(StrEnum):
    """Why trains of a path, or a whole network, cannot run."""

    NO_SUCH_PLACE = "dispatch_no_such_place"
    ROUTE_DISCONNECTED = "dispatch_route_disconnected"
    NO_SECTION = "dispatch_no_section"
    NUMBERS_DIFFER = "dispatch_numbers_differ"
    TIME_OUT_OF_RANGE = "dispatch_time_out_of_range"
    NO_TRACK_LONG_ENOUGH = "dispatch_no_track_long_enough"
    LEAP_TOO_LONG = "dispatch_leap_too_long"
    LEAP_MEETS_ITSELF = "dispatch_leap_meets_itself"
    WINDOW_NEVER_FREE = "dispatch_window_never_free"
    TOO_MANY_TRACKS = "dispatch_too_many_tracks"


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
    """

    image: IntArray
    tables: Tables
    numbers: IntArray
    rejections: tuple[Rejection, ...]
    guard: Guard
    longest_window_wait_ms: int


class _Refused(Exception):
    def __init__(self, reason: Reason, **params: float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


class _Growing(NamedTuple):
    """Rows of the arrays while they are put together."""

    lengths: list[list[float]]
    groups: list[list[int]]
    group_of: list[tuple[int, int]]
    moves: list[list[int]]
    legs: list[list[int]]


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
    tables = _Growing(*_infrastructure(network), [], [])
    rows: list[list[int]] = []
    refused: dict[int, _Refused] = {}
    place: dict[int, int] = {}
    kept: list[TrainPath] = []
    for number, path in enumerate(paths):
        before = len(tables.moves), len(tables.legs)
        try:
            row = _path_row(network, path, tables)
        except _Refused as refusal:
            refused[number] = refusal
            del tables.moves[before[0] :], tables.legs[before[1] :]
            continue
        place[number] = len(rows)
        rows.append(row)
        kept.append(path)
    points, guard = _points_and_guard(tables, kept, rows)
    _add_blocks(tables)
    arrays = Tables(
        points,
        _array(tables.groups, c.WINDOW_LENGTH + 1),
        _array(rows, c.PATH_COLUMNS),
        _array(tables.moves, c.MOVE_COLUMNS),
        _array(tables.legs, c.LEG_NUMBER),
        np.zeros((0, 5), dtype=np.int64),
    )
    longest = _window_waits(arrays, place, refused)
    numbers, rejections = _sort_out(trains, len(paths), place, refused)
    arrays = arrays._replace(trains=_train_rows(trains, numbers, place))
    return Compiled(build_image(arrays), arrays, numbers, rejections, guard, longest)


def _sort_out(
    trains: Trains, paths: int, place: Mapping[int, int], refused: Mapping[int, _Refused]
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


def _array(rows: list[list[int]], width: int) -> IntArray:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _infrastructure(
    network: Network,
) -> tuple[list[list[float]], list[list[int]], list[tuple[int, int]]]:
    """Track lengths from the longest down; groups of lanes; groups of each section by direction."""
    lengths = [sorted(point.track_lengths_m, reverse=True) for point in network.points]
    groups: list[list[int]] = []
    group_of = []
    lanes = 0
    for number, section in enumerate(network.sections):
        rest = [
            number,
            section.headway_ms,
            int(section.one_train),
            section.crossing_ms,
            section.non_simultaneous_ms,
            section.window_start_ms % DAY_MS,
            section.window_ms,
        ]
        if section.tracks == 1:
            group_of.append((len(groups), len(groups)))
            groups.append([lanes, 1, *rest])
        else:
            back = section.tracks // 2
            group_of.append((len(groups), len(groups) + 1))
            groups.append([lanes, section.tracks - back, *rest])
            groups.append([lanes + section.tracks - back, back, *rest])
        lanes += section.tracks
    return lengths, groups, group_of


def _check_path(network: Network, path: TrainPath) -> None:
    count = len(path.sections)
    if count == 0:
        raise _Refused(Reason.NO_SECTION)
    widths = {len(path.run_ms), len(path.start_ms), len(path.stop_ms), len(path.points) - 1}
    widths |= {len(extra) - 1 for extra in (path.dwell_ms, path.dwell_cause) if extra}
    if widths != {count}:
        raise _Refused(Reason.NUMBERS_DIFFER, sections=count)
    for point in path.points:
        if not 0 <= point < len(network.points):
            raise _Refused(Reason.NO_SUCH_PLACE, point=point)
        if len(network.points[point].track_lengths_m) > c.MAX_TRACKS:
            raise _Refused(Reason.TOO_MANY_TRACKS, point=point, most=c.MAX_TRACKS)
    for place, number in enumerate(path.sections):
        if not 0 <= number < len(network.sections):
            raise _Refused(Reason.NO_SUCH_PLACE, section=number)
        section = network.sections[number]
        ends = (path.points[place], path.points[place + 1])
        if ends not in ((section.start, section.end), (section.end, section.start)):
            raise _Refused(Reason.ROUTE_DISCONNECTED, section=number, point=ends[0])
        least = min(
            path.run_ms[place] - 1,
            path.start_ms[place],
            path.stop_ms[place],
            section.headway_ms,
            section.crossing_ms,
            section.non_simultaneous_ms,
            section.window_ms,
            section.tracks - 1,
        )
        if least < 0 or section.window_ms > DAY_MS:
            raise _Refused(Reason.TIME_OUT_OF_RANGE, section=number)
    if path.dwell_ms and min(path.dwell_ms) < 0:
        raise _Refused(Reason.TIME_OUT_OF_RANGE)


def _fit(lengths: Sequence[float], length_m: float) -> int:
    """Tracks long enough, as a mask: the lowest bits."""
    count = 0
    for length in lengths:
        if length >= length_m:
            count += 1
    return (1 << count) - 1


def _path_row(network: Network, path: TrainPath, tables: _Growing) -> list[int]:
    """Add the moves and legs of a path; returns its row."""
    _check_path(network, path)
    count = len(path.sections)
    dwell = path.dwell_ms or (0,) * (count + 1)
    cause = path.dwell_cause or (c.DWELL,) * (count + 1)
    fits = [_fit(tables.lengths[point], path.length_m) for point in path.points]
    turns = [path.sections[k] == path.sections[k + 1] for k in range(count - 1)]
    stops = [False, *(dwell[k + 1] > 0 or turns[k] for k in range(count - 1)), True]
    for place in range(count + 1):
        needed = place in (0, count) or stops[place]
        if needed and fits[place] == 0:
            raise _Refused(
                Reason.NO_TRACK_LONG_ENOUGH, point=path.points[place], length_m=path.length_m
            )
    first_move = len(tables.moves)
    begin = 0
    for place in range(1, count + 1):
        if fits[place] == 0:
            continue
        _add_move(path, tables, network, (begin, place))
        last = int(place == count)
        tables.moves[-1][c.MOVE_POINT :] = [
            path.points[place],
            fits[place],
            int(stops[place]),
            dwell[place],
            cause[place],
            last,
        ]
        begin = place
    return [first_move, len(tables.moves), path.points[0], fits[0], dwell[0], cause[0], 0]


def _add_move(path: TrainPath, tables: _Growing, network: Network, ends: tuple[int, int]) -> None:
    begin, end = ends
    met = path.points[begin : end + 1]
    if len(met) - 1 > c.MAX_LEGS:
        raise _Refused(Reason.LEAP_TOO_LONG, point=met[0], most=c.MAX_LEGS)
    if len(set(met)) < len(met):
        raise _Refused(Reason.LEAP_MEETS_ITSELF, point=met[0])
    tables.moves.append([len(tables.legs), end - begin, 0, 0, 0, 0, 0, 0])
    for place in range(begin, end):
        number = path.sections[place]
        if place + 1 < end and not tables.lengths[path.points[place + 1]]:
            raise _Refused(Reason.NO_TRACK_LONG_ENOUGH, point=path.points[place + 1], length_m=0)
        direction = int(network.sections[number].start != path.points[place])
        tables.legs.append(
            [
                tables.group_of[number][direction],
                direction,
                path.run_ms[place],
                path.start_ms[place],
                path.stop_ms[place],
                path.points[place + 1],
            ]
        )


def _points_and_guard(
    tables: _Growing, paths: Sequence[TrainPath], rows: list[list[int]]
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


def _add_blocks(tables: _Growing) -> None:
    """Let trains hold places at the block signals of a track of their own direction.

    On a track of one direction under automatic block as many trains can stand one behind the other
    as can run in it, a headway apart, and are in nobody's way but each other's. Their places are
    further bits of the point ahead, for those only that come over this track.
    """
    longest: dict[int, int] = {}
    for leg in tables.legs:
        group = leg[c.LEG_GROUP]
        lasting = leg[c.LEG_RUN] + leg[c.LEG_START] + leg[c.LEG_STOP]
        longest[group] = max(longest.get(group, 0), lasting)
    used = [len(lengths) for lengths in tables.lengths]
    masks: dict[int, int] = {}
    for move in tables.moves:
        last = tables.legs[move[c.MOVE_LEG] + move[c.MOVE_LEGS] - 1]
        group, point = last[c.LEG_GROUP], move[c.MOVE_POINT]
        headway = tables.groups[group][c.HEADWAY]
        section = tables.groups[group][c.GROUP_SECTION]
        shared = tables.group_of[section][0] == tables.group_of[section][1]
        if shared or tables.groups[group][c.ONE_TRAIN] or headway == 0:
            continue
        if group not in masks:
            count = tables.groups[group][c.GROUP_LANES] * (longest[group] // headway + 1)
            count = min(count, c.MAX_TRACKS - used[point])
            masks[group] = ((1 << count) - 1) << used[point]
            used[point] += count
        move[c.MOVE_FIT] |= masks[group]


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


def _window_waits(arrays: Tables, place: dict[int, int], refused: dict[int, _Refused]) -> int:
    """Refuse ways with a move that meets a window at every time of the day.

    Returns the longest wait for windows alone of the other moves: it is longest just after the last
    chance, hence for a train that begins one millisecond too late for a window.
    """
    windows = arrays.groups[arrays.legs[:, c.LEG_GROUP], c.WINDOW_LENGTH]
    if not windows.any():
        return 0
    image = build_image(arrays)
    longest = 0
    for path, row in list(place.items()):
        begin, end = arrays.paths[row, [c.PATH_MOVE, c.PATH_END]]
        for number in range(begin, end):
            first = int(arrays.moves[number, c.MOVE_LEG])
            legs = range(first, first + int(arrays.moves[number, c.MOVE_LEGS]))
            if not windows[first : legs.stop].any():
                continue
            move = int(image[c.MOVES_AT]) + number * c.MOVE_COLUMNS
            if after_windows(image, move, 0, 1) < 0:
                section = arrays.groups[arrays.legs[first, c.LEG_GROUP], c.GROUP_SECTION]
                refused[path] = _Refused(Reason.WINDOW_NEVER_FREE, section=int(section))
                del place[path]
                break
            for missed in _missed(arrays, number, legs):
                longest = max(longest, int(after_windows(image, move, missed, 1)) - missed)
    return longest


def _missed(arrays: Tables, move: int, legs: range) -> list[int]:
    """Beginnings that come one millisecond too late for the window of some leg."""
    found = []
    offset = 0
    for leg in legs:
        group = arrays.groups[arrays.legs[leg, c.LEG_GROUP]]
        lasting = int(arrays.legs[leg, c.LEG_RUN])
        if leg == legs[0]:
            lasting += int(arrays.legs[leg, c.LEG_START])
        if leg == legs[-1] and arrays.moves[move, c.MOVE_STOPS]:
            lasting += int(arrays.legs[leg, c.LEG_STOP])
        if group[c.WINDOW_LENGTH] > 0:
            found.append(int(group[c.WINDOW_START]) + 2 * DAY_MS - offset - lasting + 1)
        offset += lasting
    return found
