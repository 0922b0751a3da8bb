"""Safe states in the banker's sense: an order exists in which every train can run to its end.

A state is who holds which track once everything that moves stands. It is safe where the trains can
be put in an order such that each in turn, those before it gone, can run to its end while those
after it stand. Running to the end needs, move by move, a free track it fits on ahead and any free
track at the points it passes; sections need no thought, for a standing train is in none.

The certified order is kept. A move is allowed only where an order exists for the state it leads to,
so that the first train of the order always has a next move, and nothing ever locks.
"""

from __future__ import annotations

from keruen.jit import flat_kernel, part
from keruen.rail.dispatch.columns import (
    INNETWORK,
    LEG_COLUMNS,
    LEG_POINT,
    MOVE,
    MOVE_COLUMNS,
    MOVE_FIT,
    MOVE_LEG,
    MOVE_LEGS,
    MOVE_POINT,
    MOVING,
    ORDER_LIST,
    PATH_END,
    PLACE,
    POINT_ALL,
    POINT_COLUMNS,
    POINT_COUNT,
    POINTS_AT,
    SCRATCH,
    SEARCH_LIST,
    SEARCHES,
    STANDING,
    STATUS,
    TARGET_TRACK,
    TRACK,
    TRAIN_PATH,
    IntArray,
)


@part
def can_finish(m: IntArray, train: int, move: int) -> bool:
    """Whether a train can run from a move to its end, all others standing as in ``SCRATCH``."""
    end = m[m[train + TRAIN_PATH] + PATH_END]
    while move < end:
        if (m[move + MOVE_FIT] & ~m[m[move + MOVE_POINT] + SCRATCH]) == 0:
            return False
        leg = m[move + MOVE_LEG]
        for _ in range(m[move + MOVE_LEGS] - 1):
            between = m[leg + LEG_POINT]
            if (m[between + POINT_ALL] & ~m[between + SCRATCH]) == 0:
                return False
            leg += LEG_COLUMNS
        move += MOVE_COLUMNS
    return True


@part
def _standing(m: IntArray, train: int) -> tuple[int, int, int]:
    """Point and track a train holds once all that moves stands, and its next move from there."""
    move = m[train + MOVE]
    if m[train + STATUS] == MOVING:
        return m[move + MOVE_POINT], m[train + TARGET_TRACK], move + MOVE_COLUMNS
    return m[train + PLACE], m[train + TRACK], move


@part
def _lift(m: IntArray, train: int) -> int:
    """Take a train's track off the scratch holdings; returns its next move."""
    point, track, move = _standing(m, train)
    m[point + SCRATCH] &= ~(1 << track)
    return move


@part
def _spread_out(m: IntArray, mover: int, point: int, track: int) -> None:
    """Write the holdings as they stand after a move of one train into ``SCRATCH``."""
    place = m[POINTS_AT]
    for _ in range(m[POINT_COUNT]):
        m[place + SCRATCH] = m[place + STANDING]
        place += POINT_COLUMNS
    if m[mover + TRACK] >= 0:
        _lift(m, mover)
    m[point + SCRATCH] |= 1 << track


@part
def _order_holds(m: IntArray, mover: int) -> bool:
    """Whether the kept order serves the new state too: only those before the mover are touched."""
    for place in range(m[INNETWORK]):
        train = m[m[ORDER_LIST] + place]
        if train == mover:
            return True
        if not can_finish(m, train, _lift(m, train)):
            return False
    return True


@flat_kernel
def _search(m: IntArray, mover: int, point: int, track: int, move: int) -> bool:
    """Look for any order; where there is one it stands in the search list.

    To take whoever can finish is no loss: a train gone only frees tracks.
    """
    m[SEARCHES] += 1
    found_list = m[SEARCH_LIST]
    left = m[INNETWORK]
    for place in range(left):
        m[found_list + place] = m[m[ORDER_LIST] + place]
    if m[mover + TRACK] < 0:
        m[found_list + left] = mover
        left += 1
    found = 0
    progress = True
    while progress and found < left:
        progress = False
        for place in range(found, left):
            train = m[found_list + place]
            if train == mover:
                own_point, own_track, ahead = point, track, move
            else:
                own_point, own_track, ahead = _standing(m, train)
            m[own_point + SCRATCH] &= ~(1 << own_track)
            if can_finish(m, train, ahead):
                for back in range(place, found, -1):
                    m[found_list + back] = m[found_list + back - 1]
                m[found_list + found] = train
                found += 1
                progress = True
            else:
                m[own_point + SCRATCH] |= 1 << own_track
    return bool(found == left)


@flat_kernel
def is_safe(m: IntArray, mover: int, point: int, track: int, move: int) -> bool:
    """Whether the state after one train has come to hold a track is safe; if so, keep an order.

    Parameters
    ----------
    mover : int
        The train; in the order already, or about to enter (``TRACK`` is -1).
    point, track : int
        What it would hold.
    move : int
        Its next move from there.
    """
    _spread_out(m, mover, point, track)
    m[point + SCRATCH] &= ~(1 << track)
    if can_finish(m, mover, move):
        # It could run on at once, before all others: they lose nothing by that.
        _put_first(m, mover)
        return True
    m[point + SCRATCH] |= 1 << track
    if _order_holds(m, mover):
        if m[mover + TRACK] < 0:
            m[m[ORDER_LIST] + m[INNETWORK]] = mover
        return True
    _spread_out(m, mover, point, track)
    if not _search(m, mover, point, track, move):
        return False
    total = m[INNETWORK] + (1 if m[mover + TRACK] < 0 else 0)
    for place in range(total):
        m[m[ORDER_LIST] + place] = m[m[SEARCH_LIST] + place]
    return True


@part
def _put_first(m: IntArray, train: int) -> None:
    order = m[ORDER_LIST]
    last = m[INNETWORK]
    for place in range(last):
        if m[order + place] == train:
            last = place
    for place in range(last, 0, -1):
        m[order + place] = m[order + place - 1]
    m[order] = train


@part
def leave_order(m: IntArray, train: int) -> None:
    """Take a train that leaves the network out of the order."""
    order = m[ORDER_LIST]
    shift = 0
    for place in range(m[INNETWORK]):
        if m[order + place] == train:
            shift = 1
        elif shift == 1:
            m[order + place - 1] = m[order + place]
