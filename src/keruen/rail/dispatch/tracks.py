"""Tracks of points, and the queues of trains that wait for something to be released."""

from __future__ import annotations

from typing import Final

from keruen.jit import flat_kernel, part
from keruen.rail.dispatch.columns import (
    AFTER,
    BY_LINE,
    CANDIDATE_LIST,
    CANDIDATES,
    CHANGED,
    GROUP_PLACES,
    GROUP_QUEUE,
    GUARD,
    HELD,
    HELD_WITH,
    IN_LANE,
    LEG_COLUMNS,
    LEG_GROUP,
    LEG_HELD,
    LEG_POINT,
    LISTED,
    LOOK_AHEAD,
    MOVE,
    MOVE_FIT,
    MOVE_LAST,
    MOVE_LEG,
    MOVE_LEGS,
    MOVE_POINT,
    PATH_DIRECTION,
    POINT_ALL,
    POINT_COUNTING,
    POINT_QUEUE,
    POLICY,
    SAFETY_QUEUE,
    STATUS,
    THROUGH_HELD,
    TRAIN_PATH,
    WAITING,
    IntArray,
)
from keruen.rail.dispatch.sections import AT_SIGNALS, ON_TRACK, leads_there

A_PLACE: Final = -2
"""No track, but a place at the block signals before the point."""


@part
def highest_bit(mask: int) -> int:
    """Place of the highest bit of a mask that is not 0.

    >>> highest_bit(0b1010)
    3
    """
    place = 0
    while mask > 1:
        mask >>= 1
        place += 1
    return place


@part
def free_track(m: IntArray, train: int, point: int, fit: int, leaves: int) -> int:
    """Shortest free track of a point that a train may take to hold it; -1 where there is none.

    Parameters
    ----------
    fit : int
        Tracks it fits on.
    leaves : int
        1 where the point is its destination: it will leave the track whatever others do.
    """
    free = fit & ~m[point + HELD]
    if free == 0:
        return -1
    track = highest_bit(free)
    if m[GUARD] != BY_LINE or leaves == 1:
        return track
    # Trains of one direction never take the last track that all could use.
    counting = m[point + POINT_COUNTING]
    direction = m[m[train + TRAIN_PATH] + PATH_DIRECTION]
    taken = m[point + HELD_WITH + direction] | (1 << track)
    if ((1 << track) & counting) == 0 or (taken & counting) != counting:
        return track
    return -1


@part
def hold(m: IntArray, train: int, point: int, track: int, leaves: int) -> None:
    """Take a track for a train, on a line also in the count of its direction."""
    bit = 1 << track
    m[point + HELD] |= bit
    if leaves == 0:
        direction = m[m[train + TRAIN_PATH] + PATH_DIRECTION]
        m[point + HELD_WITH + direction] |= bit & m[point + POINT_COUNTING]


@part
def tracks_free(m: IntArray, train: int) -> tuple[int, int]:
    """Track at the next holding point, or what there is instead, and the point that has none.

    Writes the tracks to pass on into the row of the train.

    Returns
    -------
    track, lacking : int
        The track; -1 where there is none, with the point; ``A_PLACE`` where there is none but a
        place at the block signals before the point.
    """
    move = m[train + MOVE]
    point = m[move + MOVE_POINT]
    track = free_track(m, train, point, m[move + MOVE_FIT], m[move + MOVE_LAST])
    legs = m[move + MOVE_LEGS]
    leg = m[move + MOVE_LEG] + (legs - 1) * LEG_COLUMNS
    group = m[leg + LEG_GROUP]
    if m[group + GROUP_PLACES] > 0 and (track < 0 or not leads_there(m, group, ON_TRACK)):
        track = A_PLACE if leads_there(m, group, AT_SIGNALS) else -1
    if track == -1:
        return -1, point
    for place in range(legs - 2, -1, -1):
        leg -= LEG_COLUMNS
        between = m[leg + LEG_POINT]
        group = m[leg + LEG_GROUP]
        free = m[between + POINT_ALL] & ~m[between + HELD]
        if free == 0 or (m[group + GROUP_PLACES] > 0 and not leads_there(m, group, ON_TRACK)):
            return -1, between
        m[train + THROUGH_HELD + LEG_HELD * place] = highest_bit(free)
    return track, 0


@part
def release(m: IntArray, train: int, point: int, track: int) -> None:
    """Give a track back and wake whoever waits for a track of this point."""
    bit = 1 << track
    m[point + HELD] &= ~bit
    direction = m[m[train + TRAIN_PATH] + PATH_DIRECTION]
    m[point + HELD_WITH + direction] &= ~bit
    if m[point + POINT_QUEUE] > 0:
        wake_at(m, point)


@flat_kernel
def wake_at(m: IntArray, point: int) -> None:
    """Make candidates of those who wait for a track of a point and may find one now.

    Who stands on a track and would find none waits on without asking. With look-ahead all ask:
    those who do are its contenders.
    """
    train = m[point + POINT_QUEUE]
    m[point + POINT_QUEUE] = 0
    while train > 0:
        following = m[train + AFTER]
        m[train + AFTER] = 0
        lacking = 0
        if m[POLICY] != LOOK_AHEAD and m[train + STATUS] == WAITING and m[train + IN_LANE] == 0:
            _, lacking = tracks_free(m, train)
        if lacking > 0:
            wait_for_point(m, train, lacking)
        else:
            list_candidate(m, train)
        train = following


@part
def wake(m: IntArray, first: int) -> None:
    """Make candidates of all trains of a queue."""
    train = first
    while train > 0:
        following = m[train + AFTER]
        m[train + AFTER] = 0
        list_candidate(m, train)
        train = following


@part
def wake_for_safety(m: IntArray) -> None:
    """After holdings have changed, let those ask again whom safety held back."""
    if m[CHANGED] == 1:
        m[CHANGED] = 0
        first = m[SAFETY_QUEUE]
        if first > 0:
            m[SAFETY_QUEUE] = 0
            wake(m, first)


@part
def list_candidate(m: IntArray, train: int) -> None:
    """Let a train ask at this instant, once."""
    if m[train + LISTED] == 0:
        m[train + LISTED] = 1
        m[m[CANDIDATE_LIST] + m[CANDIDATES]] = train
        m[CANDIDATES] += 1


@part
def wait_for_point(m: IntArray, train: int, point: int) -> None:
    """Queue a train for a track of a point."""
    m[train + AFTER] = m[point + POINT_QUEUE]
    m[point + POINT_QUEUE] = train


@part
def wait_for_group(m: IntArray, train: int, group: int) -> None:
    """Queue a train for a lane."""
    m[train + AFTER] = m[group + GROUP_QUEUE]
    m[group + GROUP_QUEUE] = train


@part
def wait_for_safety(m: IntArray, train: int) -> None:
    """Queue a train until holdings change."""
    m[train + AFTER] = m[SAFETY_QUEUE]
    m[SAFETY_QUEUE] = train
