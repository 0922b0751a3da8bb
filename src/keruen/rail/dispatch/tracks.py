"""Tracks of points, and the queues of trains that wait for something to be released."""

from __future__ import annotations

from keruen.jit import part
from keruen.rail.dispatch.columns import (
    AFTER,
    BY_LINE,
    CANDIDATE_LIST,
    CANDIDATES,
    CHANGED,
    GROUP_QUEUE,
    GUARD,
    HELD,
    HELD_WITH,
    LISTED,
    PATH_DIRECTION,
    POINT_COUNTING,
    POINT_QUEUE,
    SAFETY_QUEUE,
    TRAIN_PATH,
    IntArray,
)


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
def release(m: IntArray, train: int, point: int, track: int) -> None:
    """Give a track back and wake whoever waits for a track of this point."""
    bit = 1 << track
    m[point + HELD] &= ~bit
    direction = m[m[train + TRAIN_PATH] + PATH_DIRECTION]
    m[point + HELD_WITH + direction] &= ~bit
    waiting = m[point + POINT_QUEUE]
    if waiting > 0:
        m[point + POINT_QUEUE] = 0
        wake(m, waiting)


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
