"""A train asks: it enters, runs on, or learns what it waits for.

A request is granted whole: the next holding track, a track to pass on at each point between, a lane
on each section. What remains is a matter of known times (headways, station intervals), so that a
granted train may still stand until then; the section is its own from the grant on. This is what
"first come, first served" means here.
"""

from __future__ import annotations

from keruen.events import heap
from keruen.jit import flat_kernel, part
from keruen.rail.dispatch.columns import (
    ABLE,
    AGAIN,
    APPROACHING,
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
    DEPART,
    DIRECTION,
    DWELL,
    DWELL_END,
    DWELLING,
    ELEMENT_BITS,
    ENTERED,
    FULL,
    GRANTS,
    GROUP_QUEUE,
    GROUP_SECTION,
    GUARD,
    HEAP_AT,
    HELD,
    IN_SECTION,
    INNETWORK,
    INSIDE,
    KIND_BITS,
    KINDS,
    LANE_HELD,
    LANE_NUMBER,
    LEFT,
    LEG_COLUMNS,
    LEG_DIRECTION,
    LEG_END,
    LEG_GROUP,
    LEG_PLACE,
    LEG_POINT,
    LEG_START,
    LEG_STOP,
    LOST,
    MOST_AT_ONCE,
    MOVE,
    MOVE_COLUMNS,
    MOVE_FIT,
    MOVE_LAST,
    MOVE_LEG,
    MOVE_LEGS,
    MOVE_POINT,
    MOVE_STOPS,
    MOVING,
    NO_TRACK,
    NO_WAIT,
    OLD_ENTERED,
    OLD_LANE,
    OLD_LEG,
    OUTSIDE,
    PASSES,
    PATH_DWELL,
    PATH_FIT,
    PATH_MOVE,
    PATH_ORIGIN,
    PLACE,
    PLANNED,
    POINT_ALL,
    POINT_NUMBER,
    PRIORITY,
    READY,
    REC_ENTER,
    REC_LEAVE,
    REC_WHAT,
    RECORD_COLUMNS,
    RECORD_NEXT,
    RECORDING,
    RECORDS_END,
    RUN_HELD,
    SAFETY,
    STANDING,
    STATUS,
    TARGET_TRACK,
    THROUGH_HELD,
    TRACK,
    TRACK_BITS,
    TRAIN_NEXT,
    TRAIN_PATH,
    TRAIN_PLACE,
    WAITING,
    WINDOW,
    Chance,
    IntArray,
)
from keruen.rail.dispatch.safety import is_safe
from keruen.rail.dispatch.sections import after_windows, claimed_before, draw_runs, free_lane
from keruen.rail.dispatch.tracks import (
    free_track,
    highest_bit,
    hold,
    list_candidate,
    release,
    wait_for_group,
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
def clear_lane(m: IntArray, train: int, now: int) -> None:
    """The train is out of the lane it comes from; wake those who wait for it to be empty."""
    lane = m[train + OLD_LANE]
    group = m[m[train + OLD_LEG] + LEG_GROUP]
    m[lane + INSIDE] -= 1
    m[lane + CLEARED] = max(now, m[lane + CLEARED])
    what = (train, IN_SECTION, m[group + GROUP_SECTION], m[lane + LANE_NUMBER], NO_WAIT)
    write_record(m, what, m[train + OLD_ENTERED], now)
    if m[lane + INSIDE] == 0:
        waiting = m[group + GROUP_QUEUE]
        if waiting > 0:
            m[group + GROUP_QUEUE] = 0
            wake(m, waiting)


@part
def depart(m: IntArray, train: int, now: int) -> None:
    """The train leaves the point it stands at; its track there is free."""
    place = m[train + PLACE]
    track = m[train + TRACK]
    since = m[train + ABLE]
    cause = m[train + CAUSE]
    if now > since:
        write_record(m, (train, AT_POINT, m[place + POINT_NUMBER], track, cause), since, now)
        m[train + LOST] += now - since
        if cause not in (WINDOW, DWELL, NO_WAIT):
            m[CONFLICTS] += 1
    m[train + CAUSE] = NO_WAIT
    release(m, train, place, track)


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


@part
def enter(m: IntArray, train: int, now: int) -> int:
    """Try to enter the network on a track of the origin; returns the cause of waiting, 0 if in."""
    path = m[train + TRAIN_PATH]
    origin = m[path + PATH_ORIGIN]
    track = free_track(m, train, origin, m[path + PATH_FIT], 0)
    if track < 0:
        wait_for_point(m, train, origin)
        return NO_TRACK
    move = m[path + PATH_MOVE]
    if m[GUARD] == BY_ORDER and not is_safe(m, train, origin, track, move):
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


@part
def brake(m: IntArray, train: int, now: int) -> None:
    """The train cannot pass: it comes to a stand, and only then its section is clear."""
    last = m[train + OLD_LEG]
    stand = now + m[last + LEG_STOP]
    m[train + STATUS] = WAITING
    m[train + ABLE] = stand
    first = m[m[train + MOVE] + MOVE_LEG]
    m[train + LOST] += m[last + LEG_STOP] + m[first + LEG_START]
    later(m, stand, CLEAR, train)


@part
def lanes_free_at(m: IntArray, train: int, standing: int) -> tuple[int, int, int]:
    """When the next move can begin as far as sections go.

    Writes the lanes chosen into the row of the train.

    Returns
    -------
    begin, cause, blocked : int
        Earliest beginning; what it is due to; the leg whose lanes are all blocked, or 0.
    """
    move = m[train + MOVE]
    first = m[move + MOVE_LEG]
    legs = m[move + MOVE_LEGS]
    begin = 0
    due = NO_WAIT
    offset = 0
    for place in range(legs):
        leg = first + place * LEG_COLUMNS
        group = m[leg + LEG_GROUP]
        run = m[train + RUN_HELD + place]
        starts = 1 if place == 0 and standing == 1 else 0
        if starts == 1:
            run += m[leg + LEG_START]
        lane, entry, cause = free_lane(m, group, m[leg + LEG_DIRECTION], starts, run)
        if lane == 0:
            return 0, cause, leg
        if m[group + GROUP_QUEUE] > 0:
            claimed = claimed_before(m, train, leg)
            if claimed > 0:
                return 0, claimed, leg
        m[train + LANE_HELD + place] = lane
        if entry - offset > begin:
            begin = entry - offset
            due = cause
        offset += run
    return begin, due, 0


@part
def tracks_free(m: IntArray, train: int) -> tuple[int, int]:
    """Track at the next holding point, or -1 and the point that has none.

    Writes the tracks to pass on into the row of the train.
    """
    move = m[train + MOVE]
    point = m[move + MOVE_POINT]
    fit = m[move + MOVE_FIT]
    track = free_track(m, train, point, fit, m[move + MOVE_LAST])
    if track < 0:
        return -1, point
    first = m[move + MOVE_LEG]
    legs = m[move + MOVE_LEGS]
    for place in range(legs - 1):
        between = m[first + place * LEG_COLUMNS + LEG_POINT]
        free = m[between + POINT_ALL] & ~m[between + HELD]
        if free == 0:
            return -1, between
        m[train + THROUGH_HELD + place] = highest_bit(free)
    return track, 0


@part
def grant(m: IntArray, train: int, track: int, times: tuple[int, int, int]) -> None:
    """Give a train its next move: tracks, lanes, and the time it begins.

    Parameters
    ----------
    times : (now, begin, standing)
        ``begin`` may lie ahead; ``standing`` is 1 where it starts from a stand.
    """
    now, begin, standing = times
    if m[train + STATUS] == APPROACHING:
        clear_lane(m, train, now)
    move = m[train + MOVE]
    point = m[move + MOVE_POINT]
    m[m[train + PLACE] + STANDING] &= ~(1 << m[train + TRACK])
    m[point + STANDING] |= 1 << track
    m[CHANGED] = 1
    m[GRANTS] += 1
    hold(m, train, point, track, m[move + MOVE_LAST])
    m[train + TARGET_TRACK] = track
    m[train + STATUS] = MOVING
    m[train + LEG_PLACE] = 0
    m[train + LEFT] = begin
    first = m[move + MOVE_LEG]
    legs = m[move + MOVE_LEGS]
    time = begin
    ends = begin
    for place in range(legs):
        leg = first + place * LEG_COLUMNS
        lane = m[train + LANE_HELD + place]
        m[lane + INSIDE] += 1
        m[lane + DIRECTION] = m[leg + LEG_DIRECTION]
        m[lane + ENTERED] = time
        time += m[train + RUN_HELD + place]
        if place == 0:
            if standing == 1:
                time += m[leg + LEG_START]
            ends = time
        m[lane + PASSES] = time
        if place < legs - 1:
            between = m[leg + LEG_POINT]
            m[between + HELD] |= 1 << m[train + THROUGH_HELD + place]
    if m[move + MOVE_STOPS] == 1:
        time += m[first + (legs - 1) * LEG_COLUMNS + LEG_STOP]
    m[train + PLANNED] = time
    if legs == 1:
        ends = time
    later(m, ends, LEG_END, train)
    if begin > now:
        later(m, begin, DEPART, train)
    else:
        depart(m, train, now)


@part
def run_on(m: IntArray, chance: Chance, train: int, now: int) -> int:
    """Try the next move of a train in the network; returns the cause of waiting, 0 if granted."""
    draw_runs(m, chance, train)
    move = m[train + MOVE]
    track, lacking = tracks_free(m, train)
    approaching = m[train + STATUS] == APPROACHING
    if approaching and track >= 0:
        begin, cause, blocked = lanes_free_at(m, train, 0)
        free = blocked == 0 and begin <= now and after_windows(m, move, now, 0) == now
        if free and (
            m[GUARD] != BY_ORDER
            or is_safe(m, train, m[move + MOVE_POINT], track, move + MOVE_COLUMNS)
        ):
            grant(m, train, track, (now, now, 0))
            return NO_WAIT
    able = m[train + ABLE]
    if approaching:
        able = now + m[m[train + OLD_LEG] + LEG_STOP]
        brake(m, train, now)
    if track < 0:
        wait_for_point(m, train, lacking)
        return NO_TRACK
    begin, cause, blocked = lanes_free_at(m, train, 1)
    if blocked > 0:
        wait_for_group(m, train, m[blocked + LEG_GROUP])
        return cause
    begin = max(begin, now, able)
    opening = after_windows(m, move, begin, 1)
    if opening > begin:
        later(m, opening, AGAIN, train)
        return WINDOW
    if m[GUARD] == BY_ORDER and not is_safe(
        m, train, m[move + MOVE_POINT], track, move + MOVE_COLUMNS
    ):
        wait_for_safety(m, train)
        return SAFETY
    if begin > able and m[train + CAUSE] == NO_WAIT:
        m[train + CAUSE] = cause
    grant(m, train, track, (now, begin, 1))
    return NO_WAIT


@flat_kernel
def attempt(m: IntArray, chance: Chance, train: int, now: int) -> bool:
    """Let one train ask; whether it was granted what it asks for."""
    outside = m[train + STATUS] == OUTSIDE
    cause = enter(m, train, now) if outside else run_on(m, chance, train, now)
    if cause != NO_WAIT and m[train + CAUSE] != PRIORITY:
        m[train + CAUSE] = cause
    return cause == NO_WAIT
