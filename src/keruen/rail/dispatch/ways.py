"""A way over points and sections cut into moves, or the reason why its trains cannot run."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from keruen.rail.dispatch import columns as c
from keruen.rail.dispatch.closing import MOST_RETURNS, LegRun, Shut, returns, shut_begins
from keruen.rail.dispatch.network import Network, Section, TrainPath, Window


class Reason(StrEnum):
    """Why trains of a path, or a whole network, cannot run."""

    NO_SUCH_PLACE = "dispatch_no_such_place"
    ROUTE_DISCONNECTED = "dispatch_route_disconnected"
    NO_SECTION = "dispatch_no_section"
    NUMBERS_DIFFER = "dispatch_numbers_differ"
    TIME_OUT_OF_RANGE = "dispatch_time_out_of_range"
    NO_TRACK_LONG_ENOUGH = "dispatch_no_track_long_enough"
    LEAP_MEETS_ITSELF = "dispatch_leap_meets_itself"
    WINDOW_NEVER_FREE = "dispatch_window_never_free"


class Refused(Exception):
    """Trains of a path cannot run."""

    def __init__(self, reason: Reason, **params: float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


class Growing(NamedTuple):
    """Rows of the arrays while they are put together."""

    lengths: list[list[float]]
    groups: list[list[int]]
    group_of: list[tuple[int, int]]
    moves: list[list[int]]
    legs: list[list[int]]
    shuts: list[tuple[int, int]]
    waits: list[int]


def _check_path(network: Network, path: TrainPath) -> None:
    count = len(path.sections)
    if count == 0:
        raise Refused(Reason.NO_SECTION)
    widths = {len(path.run_ms), len(path.start_ms), len(path.stop_ms), len(path.points) - 1}
    widths |= {len(extra) - 1 for extra in (path.dwell_ms, path.dwell_cause) if extra}
    if widths != {count}:
        raise Refused(Reason.NUMBERS_DIFFER, sections=count)
    for point in path.points:
        if not 0 <= point < len(network.points):
            raise Refused(Reason.NO_SUCH_PLACE, point=point)
    for place, number in enumerate(path.sections):
        if not 0 <= number < len(network.sections):
            raise Refused(Reason.NO_SUCH_PLACE, section=number)
        section = network.sections[number]
        ends = (path.points[place], path.points[place + 1])
        if ends not in ((section.start, section.end), (section.end, section.start)):
            raise Refused(Reason.ROUTE_DISCONNECTED, section=number, point=ends[0])
        numbers = (path.run_ms[place] - 1, path.start_ms[place], path.stop_ms[place])
        if min(numbers) < 0 or not _in_range(section):
            raise Refused(Reason.TIME_OUT_OF_RANGE, section=number)
    if path.dwell_ms and min(path.dwell_ms) < 0:
        raise Refused(Reason.TIME_OUT_OF_RANGE)


def _in_range(section: Section) -> bool:
    numbers = (
        section.headway_ms,
        section.crossing_ms,
        section.non_simultaneous_ms,
        section.window_ms,
        section.tracks - 1,
        min(section.split),
    )
    windows = all(
        0 <= window.length_ms <= window.period_ms and window.period_ms > 0
        for window in (Window(section.window_start_ms, section.window_ms), *section.windows)
    )
    return min(numbers) >= 0 and windows


def _fit(lengths: Sequence[float], length_m: float) -> int:
    """Tracks long enough, as a mask: the lowest bits."""
    count = 0
    for length in lengths:
        if length >= length_m:
            count += 1
    return (1 << count) - 1


def path_row(network: Network, path: TrainPath, tables: Growing) -> list[int]:
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
            raise Refused(
                Reason.NO_TRACK_LONG_ENOUGH, point=path.points[place], length_m=path.length_m
            )
    first_move = len(tables.moves)
    begin = 0
    for place in range(1, count + 1):
        if fits[place] == 0:
            continue
        _add_legs(path, tables, network, (begin, place))
        tables.moves.append(
            [
                len(tables.legs) - (place - begin),
                place - begin,
                path.points[place],
                fits[place],
                int(stops[place]),
                dwell[place],
                cause[place],
                int(place == count),
                *_shut_columns(network, path, tables, (begin, place, stops[place])),
            ]
        )
        begin = place
    return [first_move, len(tables.moves), path.points[0], fits[0], dwell[0], cause[0], 0]


def _add_legs(path: TrainPath, tables: Growing, network: Network, ends: tuple[int, int]) -> None:
    begin, end = ends
    met = path.points[begin : end + 1]
    if len(set(met)) < len(met):
        raise Refused(Reason.LEAP_MEETS_ITSELF, point=met[0])
    for place in range(begin, end):
        number = path.sections[place]
        if place + 1 < end and not tables.lengths[path.points[place + 1]]:
            raise Refused(Reason.NO_TRACK_LONG_ENOUGH, point=path.points[place + 1], length_m=0)
        section, point = network.sections[number], path.points[place + 1]
        direction = int(section.start != path.points[place])
        apart = section.tracks == 1 and network.points[point].arrivals_apart
        if not tables.groups[tables.group_of[number][direction]][c.GROUP_LANES]:
            raise Refused(Reason.ROUTE_DISCONNECTED, section=number, point=path.points[place])
        tables.legs.append(
            [
                tables.group_of[number][direction],
                direction,
                path.run_ms[place],
                path.start_ms[place],
                path.stop_ms[place],
                point,
                section.non_simultaneous_ms if apart else 0,
            ]
        )


def _shut_columns(
    network: Network, path: TrainPath, tables: Growing, move: tuple[int, int, bool]
) -> tuple[int, int, int, int, int]:
    """Period of the windows of a move, and its rows of shut times: from a stand, passing."""
    begin, end, stops = move
    of_legs = [network.sections[number].all_windows for number in path.sections[begin:end]]
    windows = [window for own in of_legs for window in own]
    if not windows:
        return 0, 0, 0, 0, 0
    first = path.sections[begin]
    if returns(windows) > MOST_RETURNS:
        raise Refused(Reason.TIME_OUT_OF_RANGE, section=first)
    found: list[Shut] = []
    for starts in (True, False):
        offset, legs = 0, []
        for place, own in enumerate(of_legs, begin):
            lasting = path.run_ms[place]
            lasting += path.start_ms[place] if place == begin and starts else 0
            lasting += path.stop_ms[place] if place == end - 1 and stops else 0
            legs.append(LegRun(offset, lasting, own))
            offset += lasting
        found.append(shut_begins(legs))
    standing, passing = found
    if standing.for_ever:
        raise Refused(Reason.WINDOW_NEVER_FREE, section=_shut_section(network, path, move))
    row = len(tables.shuts)
    tables.shuts.extend((*standing.stretches, *passing.stretches))
    tables.waits.append(standing.longest_ms)
    counts = len(standing.stretches), len(passing.stretches)
    return standing.period_ms, row, counts[0], row + counts[0], counts[1]


def _shut_section(network: Network, path: TrainPath, move: tuple[int, int, bool]) -> int:
    """The section that alone is never free for so long, or the first of the move."""
    begin, end, _ = move
    for place in range(begin, end):
        windows = network.sections[path.sections[place]].all_windows
        if shut_begins([LegRun(0, path.run_ms[place], windows)]).for_ever:
            return path.sections[place]
    return path.sections[begin]
