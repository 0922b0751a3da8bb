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
    GROUP_LANES,
    GROUP_OWN,
    GROUP_PLACE_BIT,
    GROUP_PLACES,
    IN_LANE,
    INNETWORK,
    LEG_COLUMNS,
    LEG_GROUP,
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
    PLACE_BIT,
    PLACE_FIRST,
    PLACES,
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


@flat_kernel
def _comes_out(m: IntArray, train: int, lane: int, track: int, move: int) -> bool:
    """Whether a train that stands at a place of a lane comes to a track of the point ahead."""
    point = m[move - MOVE_COLUMNS + MOVE_POINT]
    ahead = track - m[lane + PLACE_BIT] - m[lane + PLACE_FIRST]
    places = m[lane + PLACES]
    place = m[lane + PLACE_FIRST]
    for _ in range(ahead if ahead >= 0 else ahead + places):
        if (m[point + SCRATCH] >> (m[lane + PLACE_BIT] + place)) & 1 == 1:
            return False
        place = place + 1 if place + 1 < places else 0
    return bool((m[move - MOVE_COLUMNS + MOVE_FIT] & ~m[point + SCRATCH]) != 0)


@flat_kernel
def _open_lane(m: IntArray, group: int, point: int) -> bool:
    """Whether nobody stands in some lane of a group that has places at block signals."""
    if m[group + GROUP_LANES] > m[group + GROUP_OWN]:
        return True
    places = m[group + GROUP_PLACES]
    held = m[point + SCRATCH] >> m[group + GROUP_PLACE_BIT]
    for _ in range(m[group + GROUP_OWN]):
        if (held & ((1 << places) - 1)) == 0:
            return True
        held >>= places
    return False


@flat_kernel
def can_finish(m: IntArray, train: int, lane: int, track: int, move: int) -> bool:
    """Whether a train can run from a move to its end, all others standing as in ``SCRATCH``.

    Parameters
    ----------
    lane : int
        Lane at whose signals it stands, 0 where it stands on a track.
    track : int
        Its track, or its place.
    move : int
        Its next move.
    """
    if lane > 0 and not _comes_out(m, train, lane, track, move):
        return False
    end = m[m[train + TRAIN_PATH] + PATH_END]
    while move < end:
        if (m[move + MOVE_FIT] & ~m[m[move + MOVE_POINT] + SCRATCH]) == 0:
            return False
        leg = m[move + MOVE_LEG]
        for place in range(m[move + MOVE_LEGS]):
            ahead = m[leg + LEG_POINT]
            group = m[leg + LEG_GROUP]
            if place > 0:
                before = m[leg - LEG_COLUMNS + LEG_POINT]
                if (m[before + POINT_ALL] & ~m[before + SCRATCH]) == 0:
                    return False
            if m[group + GROUP_PLACES] > 0 and not _open_lane(m, group, ahead):
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
    """Whether the kept order serves the new state too: only those before the mover are touched.

    A mover that comes to stand in a lane behind trains that follow it in the order would follow the
    last of them instead: it holds no track, and the lane that was open to it is open to them.
    """
    for place in range(m[INNETWORK]):
        train = m[m[ORDER_LIST] + place]
        if train == mover:
            return True
        _, track, _ = _standing(m, train)
        if not can_finish(m, train, m[train + IN_LANE], track, _lift(m, train)):
            return False
    return True


@flat_kernel
def _search(m: IntArray, mover: int, state: tuple[int, int, int, int]) -> bool:
    """Look for any order; where there is one it stands in the search list.

    To take whoever can finish is no loss: a train gone only frees tracks.
    """
    point, lane, track, move = state
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
                own_point, own_track, ahead, in_lane = point, track, move, lane
            else:
                own_point, own_track, ahead = _standing(m, train)
                in_lane = m[train + IN_LANE]
            m[own_point + SCRATCH] &= ~(1 << own_track)
            if can_finish(m, train, in_lane, own_track, ahead):
                for back in range(place, found, -1):
                    m[found_list + back] = m[found_list + back - 1]
                m[found_list + found] = train
                found += 1
                progress = True
            else:
                m[own_point + SCRATCH] |= 1 << own_track
    return bool(found == left)


@flat_kernel
def is_safe(m: IntArray, mover: int, state: tuple[int, int, int, int]) -> bool:
    """Whether the state after one train has come to hold a track is safe; if so, keep an order.

    Parameters
    ----------
    mover : int
        The train; in the order already, or about to enter (``TRACK`` is -1).
    state : (point, lane, track, move)
        Where it would stand: a track of a point, or a place of a lane that leads there (else 0);
        its next move from there.
    """
    point, lane, track, move = state
    _spread_out(m, mover, point, track)
    m[point + SCRATCH] &= ~(1 << track)
    if can_finish(m, mover, lane, track, move):
        # It could run on at once, before all others: they lose nothing by that.
        _put_first(m, mover)
        return True
    m[point + SCRATCH] |= 1 << track
    if _order_holds(m, mover):
        if m[mover + TRACK] < 0:
            m[m[ORDER_LIST] + m[INNETWORK]] = mover
        return True
    _spread_out(m, mover, point, track)
    if not _search(m, mover, state):
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
