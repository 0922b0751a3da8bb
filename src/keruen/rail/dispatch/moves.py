"""What a train does: it enters, leaves a point, clears a lane, brakes, comes out of a lane."""

from __future__ import annotations

from keruen.events import heap
from keruen.jit import flat_kernel, part
from keruen.rail.dispatch.columns import (
    ABLE,
    ARRIVED,
    ASKED,
    AT_POINT,
    BY_ORDER,
    CAUSE,
    CAUSE_BITS,
    CHANGED,
    CLEAR,
    CLEARED,
    CONFLICTS,
    DWELL_END,
    DWELLING,
    ELEMENT_BITS,
    FOLLOWING,
    FULL,
    GROUP_QUEUE,
    GROUP_SECTION,
    GUARD,
    HEAP_AT,
    IN_LANE,
    IN_SECTION,
    INNETWORK,
    INSIDE,
    KIND_BITS,
    KINDS,
    LANE_NUMBER,
    LEG_GROUP,
    LEG_START,
    LEG_STOP,
    LOST,
    MOST_AT_ONCE,
    MOVE,
    MOVE_COLUMNS,
    MOVE_FIT,
    MOVE_LAST,
    MOVE_LEG,
    NO_TRACK,
    NO_WAIT,
    OLD_ENTERED,
    OLD_LANE,
    OLD_LEG,
    PARTNER,
    PATH_DWELL,
    PATH_FIT,
    PATH_MOVE,
    PATH_ORIGIN,
    PLACE,
    PLACE_BIT,
    PLACE_FIRST,
    PLACES,
    PLACES_HELD,
    POINT_NUMBER,
    READY,
    REC_ENTER,
    REC_LEAVE,
    REC_WHAT,
    RECORD_COLUMNS,
    RECORD_NEXT,
    RECORDING,
    RECORDS_END,
    SAFETY,
    SIDE,
    SIDE_STANDS,
    STANDING,
    STATUS,
    TRACK,
    TRACK_BITS,
    TRAIN_NEXT,
    TRAIN_PATH,
    TRAIN_PLACE,
    WAITING,
    WINDOW,
    IntArray,
)
from keruen.rail.dispatch.safety import is_safe
from keruen.rail.dispatch.tracks import (
    free_track,
    hold,
    list_candidate,
    release,
    wait_for_point,
    wait_for_safety,
    wake,
)


@part
def later(m: IntArray, time: int, kind: int, train: int) -> None:
    """Put an event of a train into the heap."""
    if not heap.push(m, m[HEAP_AT], time, 0, train * KINDS + kind):
        m[FULL] = 1


@part
def write_record(m: IntArray, what: tuple[int, int, int, int, int], enter: int, leave: int) -> None:
    """Write (train, kind, number of the element, track, cause) with its times."""
    if m[RECORDING] == 0:
        return
    row = m[RECORD_NEXT]
    if row >= m[RECORDS_END]:
        m[FULL] = 1
        return
    train, kind, element, track, cause = what
    place = (m[train + TRAIN_PLACE] << ELEMENT_BITS) | element
    rest = (((kind << TRACK_BITS) | (track + 1)) << CAUSE_BITS) | cause
    m[row + REC_WHAT] = (place << (KIND_BITS + TRACK_BITS + CAUSE_BITS)) | rest
    m[row + REC_ENTER] = enter
    m[row + REC_LEAVE] = leave
    m[RECORD_NEXT] = row + RECORD_COLUMNS


@part
def wake_group(m: IntArray, group: int) -> None:
    """Let those ask again who wait for a lane of a group."""
    waiting = m[group + GROUP_QUEUE]
    if waiting > 0:
        m[group + GROUP_QUEUE] = 0
        wake(m, waiting)


@part
def clear_lane(m: IntArray, train: int, now: int) -> None:
    """The train is out of the lane it comes from; wake those who wait for it to be empty."""
    lane = m[train + OLD_LANE]
    group = m[m[train + OLD_LEG] + LEG_GROUP]
    m[lane + INSIDE] -= 1
    m[lane + CLEARED] = max(now, m[lane + CLEARED])
    what = (train, IN_SECTION, m[group + GROUP_SECTION], m[lane + LANE_NUMBER], NO_WAIT)
    write_record(m, what, m[train + OLD_ENTERED], now)
    if m[lane + INSIDE] == 0:
        wake_group(m, group)
        partner = m[group + PARTNER]
        if partner > 0:
            wake_group(m, partner)


@part
def end_wait(m: IntArray, train: int, now: int) -> None:
    """Write down the wait of a train that leaves its track, or its place at block signals."""
    since = m[train + ABLE]
    cause = m[train + CAUSE]
    if now > since:
        what = (train, AT_POINT, m[m[train + PLACE] + POINT_NUMBER], m[train + TRACK], cause)
        write_record(m, what, since, now)
        m[train + LOST] += now - since
        if cause not in (WINDOW, NO_WAIT):
            m[CONFLICTS] += 1
    m[train + CAUSE] = NO_WAIT


@part
def depart(m: IntArray, train: int, now: int) -> None:
    """The train leaves the point it stands at; its track there is free."""
    end_wait(m, train, now)
    release(m, train, m[train + PLACE], m[train + TRACK])


@flat_kernel
def come_out(m: IntArray, train: int, now: int) -> int:
    """Let a train come from its place in a lane to a track ahead; the cause of waiting, 0 if out.

    Trains come out of a lane in the order in which they have entered it.
    """
    lane = m[train + IN_LANE]
    point = m[train + PLACE]
    place = m[train + TRACK]
    move = m[train + MOVE]
    if place != m[lane + PLACE_BIT] + m[lane + PLACE_FIRST]:
        wait_for_point(m, train, point)
        return FOLLOWING
    before = move - MOVE_COLUMNS
    track = free_track(m, train, point, m[before + MOVE_FIT], m[before + MOVE_LAST])
    if track < 0:
        wait_for_point(m, train, point)
        return NO_TRACK
    if m[GUARD] == BY_ORDER and not is_safe(m, train, (point, 0, track, move)):
        wait_for_safety(m, train)
        return SAFETY
    hold(m, train, point, track, m[before + MOVE_LAST])
    m[point + STANDING] ^= (1 << track) | (1 << place)
    m[CHANGED] = 1
    m[lane + PLACES_HELD] -= 1
    following = m[lane + PLACE_FIRST] + 1
    m[lane + PLACE_FIRST] = following if following < m[lane + PLACES] else 0
    end_wait(m, train, now)
    m[train + IN_LANE] = 0
    m[train + TRACK] = track
    m[train + ABLE] = max(now, m[train + ABLE])
    release(m, train, point, place)
    return NO_WAIT


@part
def begin_dwell(m: IntArray, train: int, now: int, dwell: int) -> None:
    """Stand for a time that the timetable asks for."""
    m[train + STATUS] = DWELLING
    m[train + ARRIVED] = now
    later(m, now + dwell, DWELL_END, train)


@part
def ask(m: IntArray, train: int, now: int) -> None:
    """Stand, able to leave, and ask for the next move."""
    m[train + STATUS] = WAITING
    m[train + ASKED] = now
    m[train + ABLE] = now
    list_candidate(m, train)


@flat_kernel
def enter(m: IntArray, train: int, now: int) -> int:
    """Try to enter the network on a track of the origin; returns the cause of waiting, 0 if in."""
    path = m[train + TRAIN_PATH]
    origin = m[path + PATH_ORIGIN]
    track = free_track(m, train, origin, m[path + PATH_FIT], 0)
    if track < 0:
        wait_for_point(m, train, origin)
        return NO_TRACK
    move = m[path + PATH_MOVE]
    if m[GUARD] == BY_ORDER and not is_safe(m, train, (origin, 0, track, move)):
        wait_for_safety(m, train)
        return SAFETY
    hold(m, train, origin, track, 0)
    m[origin + STANDING] |= 1 << track
    m[CHANGED] = 1
    m[INNETWORK] += 1
    m[MOST_AT_ONCE] = max(m[MOST_AT_ONCE], m[INNETWORK])
    since = m[train + ASKED]
    cause = m[train + CAUSE]
    if now > since:
        write_record(m, (train, AT_POINT, m[origin + POINT_NUMBER], -1, cause), since, now)
        m[train + LOST] += now - since
        m[CONFLICTS] += 1
    m[train + CAUSE] = NO_WAIT
    m[train + MOVE] = move
    m[train + PLACE] = origin
    m[train + TRACK] = track
    dwell = m[path + PATH_DWELL]
    if dwell > 0:
        begin_dwell(m, train, now, dwell)
    else:
        ask(m, train, now)
    fed = m[train + TRAIN_NEXT]
    if fed > 0:
        later(m, now, READY, fed)
    return NO_WAIT


@flat_kernel
def brake(m: IntArray, train: int, now: int) -> None:
    """The train cannot pass: it comes to a stand, and only then its section is clear."""
    last = m[train + OLD_LEG]
    stand = now + m[last + LEG_STOP]
    m[train + STATUS] = WAITING
    m[train + ABLE] = stand
    point = m[train + PLACE]
    if m[point + SIDE] == m[last + LEG_GROUP]:
        m[point + SIDE_STANDS] = stand
    first = m[m[train + MOVE] + MOVE_LEG]
    m[train + LOST] += m[last + LEG_STOP] + m[first + LEG_START]
    later(m, stand, CLEAR, train)
