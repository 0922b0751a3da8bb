"""The memory of the dispatcher as it is before the first event: rows with addresses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keruen.events.heap import heap_length, make_heap
from keruen.rail.dispatch import columns as c
from keruen.rail.dispatch.columns import IntArray


class Tables(NamedTuple):
    """Rows that refer to each other by their numbers; columns as in :mod:`columns`.

    ``groups`` holds the columns up to ``GROUP_PLACE_BIT``: lanes by the number of the first, the
    partner by its number plus one; ``shuts`` the rows that moves refer to.
    """

    points: IntArray
    groups: IntArray
    paths: IntArray
    moves: IntArray
    legs: IntArray
    trains: IntArray
    shuts: IntArray


def build_image(tables: Tables) -> IntArray:
    """Lay out the array and turn numbers into addresses.

    Parameters
    ----------
    tables : Tables
        Rows by number; the trains' columns are (number in the timetable, path, earliest, weight,
        next train or -1).

    Returns
    -------
    array of int
        All but the records.
    """
    points, groups, paths, moves, legs, trains, shuts = tables
    lanes = _lanes(groups)
    tracks = sum(int(mask).bit_count() for mask in points[:, c.POINT_ALL])
    places = int((groups[:, c.GROUP_OWN] * groups[:, c.GROUP_PLACES]).sum())
    inside = min(len(trains), tracks + places) + 1
    width = c.TRAIN_COLUMNS + c.LEG_HELD * int(moves[:, c.MOVE_LEGS].max(initial=1))
    # Of a train in the network up to four events wait: it clears, departs, arrives, asks again.
    events = 5 * inside + 64
    lengths = [
        (c.POINTS_AT, len(points) * c.POINT_COLUMNS),
        (c.GROUPS_AT, len(groups) * c.GROUP_COLUMNS),
        (c.LANES_AT, lanes * c.LANE_COLUMNS),
        (c.HEAP_AT, heap_length(events)),
        (c.CANDIDATE_LIST, len(trains) + 1),
        (c.ORDER_LIST, inside + 1),
        (c.SEARCH_LIST, inside + 1),
        (c.PATHS_AT, len(paths) * c.PATH_COLUMNS),
        (c.MOVES_AT, len(moves) * c.MOVE_COLUMNS),
        (c.LEGS_AT, len(legs) * c.LEG_COLUMNS),
        (c.SHUTS_AT, len(shuts) * c.SHUT_COLUMNS),
        (c.TRAINS_AT, len(trains) * width),
        (c.READY_LIST, len(trains)),
    ]
    at = {}
    length = c.HEADER
    for key, part in lengths:
        at[key] = length
        length += part
    image = np.zeros(length, dtype=np.int64)
    for key, address in at.items():
        image[key] = address
    image[c.RECORDS_AT] = image[c.RECORDS_END] = image[c.RECORD_NEXT] = length
    image[c.POINT_COUNT] = len(points)
    image[c.TRAIN_COUNT] = len(trains)
    image[c.TRAIN_WIDTH] = width
    make_heap(image, at[c.HEAP_AT], events)
    _lay_network(image, points, groups)
    _lay_paths(image, paths, moves, legs)
    _rows(image, c.SHUTS_AT, len(shuts), c.SHUT_COLUMNS)[:] = shuts
    _lay_trains(image, trains)
    return image


def _rows(image: IntArray, key: int, count: int, width: int) -> IntArray:
    return image[image[key] : image[key] + count * width].reshape(count, width)


def _lay_network(image: IntArray, points: IntArray, groups: IntArray) -> None:
    rows = _rows(image, c.POINTS_AT, len(points), c.POINT_COLUMNS)
    rows[:, : points.shape[1]] = points
    rows[:, [c.SIDE_STANDS, c.OTHERS_STAND]] = c.LONG_AGO
    rows = _rows(image, c.GROUPS_AT, len(groups), c.GROUP_COLUMNS)
    rows[:, : groups.shape[1]] = groups
    rows[:, c.GROUP_LANE] = image[c.LANES_AT] + c.LANE_COLUMNS * groups[:, c.GROUP_LANE]
    rows[:, c.GROUP_STEP] *= c.LANE_COLUMNS
    shares = groups[:, c.PARTNER] > 0
    partner = image[c.GROUPS_AT] + c.GROUP_COLUMNS * (groups[:, c.PARTNER] - 1)
    rows[:, c.PARTNER] = np.where(shares, partner, 0)
    lanes = _rows(image, c.LANES_AT, _lanes(groups), c.LANE_COLUMNS)
    lanes[:, c.DIRECTION] = -1
    lanes[:, [c.REACHED, c.KEPT_UNTIL]] = c.LONG_AGO
    first: dict[int, int] = {}
    for group in groups:
        own = _lanes_of(group)
        section = int(group[c.GROUP_SECTION])
        first[section] = min([first.get(section, lanes.size), *own])
        for place, lane in enumerate(own[: group[c.GROUP_OWN]]):
            lanes[lane, c.PLACES] = group[c.GROUP_PLACES]
            lanes[lane, c.PLACE_BIT] = group[c.GROUP_PLACE_BIT] + place * group[c.GROUP_PLACES]
    for group in groups:
        own = _lanes_of(group)
        lanes[own, c.LANE_NUMBER] = np.array(own) - first[int(group[c.GROUP_SECTION])]


def _lanes_of(group: IntArray) -> list[int]:
    """Numbers of the lanes of a group, its own first."""
    lane, step, count = (int(group[key]) for key in (c.GROUP_LANE, c.GROUP_STEP, c.GROUP_LANES))
    return [lane + step * place for place in range(count)]


def _lanes(groups: IntArray) -> int:
    """Lanes of all groups."""
    return max((lane for group in groups for lane in _lanes_of(group)), default=-1) + 1


def _lay_paths(image: IntArray, paths: IntArray, moves: IntArray, legs: IntArray) -> None:
    point, leg, move = (int(image[key]) for key in (c.POINTS_AT, c.LEGS_AT, c.MOVES_AT))
    rows = _rows(image, c.PATHS_AT, len(paths), c.PATH_COLUMNS)
    rows[:] = paths
    rows[:, c.PATH_MOVE] = move + c.MOVE_COLUMNS * paths[:, c.PATH_MOVE]
    rows[:, c.PATH_END] = move + c.MOVE_COLUMNS * paths[:, c.PATH_END]
    rows[:, c.PATH_ORIGIN] = point + c.POINT_COLUMNS * paths[:, c.PATH_ORIGIN]
    rows = _rows(image, c.MOVES_AT, len(moves), c.MOVE_COLUMNS)
    rows[:] = moves
    rows[:, c.MOVE_LEG] = leg + c.LEG_COLUMNS * moves[:, c.MOVE_LEG]
    rows[:, c.MOVE_POINT] = point + c.POINT_COLUMNS * moves[:, c.MOVE_POINT]
    for column in (c.MOVE_SHUT, c.MOVE_SHUT_PASSING):
        rows[:, column] = image[c.SHUTS_AT] + c.SHUT_COLUMNS * moves[:, column]
    rows = _rows(image, c.LEGS_AT, len(legs), c.LEG_COLUMNS)
    rows[:, : legs.shape[1]] = legs
    rows[:, c.LEG_GROUP] = int(image[c.GROUPS_AT]) + c.GROUP_COLUMNS * legs[:, c.LEG_GROUP]
    rows[:, c.LEG_POINT] = point + c.POINT_COLUMNS * legs[:, c.LEG_POINT]
    rows[:, c.LEG_NUMBER] = np.arange(len(legs))


def _lay_trains(image: IntArray, trains: IntArray) -> None:
    width = int(image[c.TRAIN_WIDTH])
    rows = _rows(image, c.TRAINS_AT, len(trains), width)
    rows[:, c.TRAIN_NUMBER] = trains[:, 0]
    rows[:, c.TRAIN_PLACE] = np.arange(len(trains))
    rows[:, c.TRAIN_PATH] = image[c.PATHS_AT] + c.PATH_COLUMNS * trains[:, 1]
    rows[:, c.TRAIN_EARLIEST] = trains[:, 2]
    rows[:, c.TRAIN_WEIGHT] = trains[:, 3]
    rows[:, c.TRACK] = -1
    feeds = trains[:, 4]
    fed = feeds[feeds >= 0]
    rows[feeds >= 0, c.TRAIN_NEXT] = image[c.TRAINS_AT] + width * fed
    rows[fed, c.TRAIN_FED] = 1
