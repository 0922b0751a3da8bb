"""The loop: events of an instant first, then the trains that ask, one after another.

At each instant everything that happens by itself is carried out: trains reach points, clear
sections, come to the end of their dwell. This frees tracks and lanes and makes trains ask. Then
those who ask are served in the order of the policy until nobody who asks can be served.
"""

from __future__ import annotations

import numpy as np

from keruen.events import heap
from keruen.jit import flat_kernel, kernel, part
from keruen.rail.dispatch.columns import (
    ABLE,
    AGAIN,
    APPROACHING,
    ARRIVED,
    ASKED,
    AT_POINT,
    BY_ORDER,
    CANDIDATE_LIST,
    CANDIDATES,
    CHANGED,
    CLEAR,
    CONFLICTS,
    DEPART,
    DISTURBANCE,
    DONE,
    DWELL_END,
    GUARD,
    HEADWAY,
    HEAP_AT,
    HELD,
    IN_LANE,
    INNETWORK,
    KEPT_SINCE,
    KEPT_UNTIL,
    KINDS,
    LANE_HELD,
    LEFT,
    LEG_APART,
    LEG_COLUMNS,
    LEG_END,
    LEG_GROUP,
    LEG_HELD,
    LEG_PLACE,
    LEG_POINT,
    LEG_STOP,
    LISTED,
    LOST,
    MOVE,
    MOVE_COLUMNS,
    MOVE_DWELL,
    MOVE_DWELL_CAUSE,
    MOVE_LEG,
    MOVE_LEGS,
    MOVE_POINT,
    MOVE_STOPS,
    NEXT_READY,
    NOW,
    OLD_ENTERED,
    OLD_LANE,
    OLD_LEG,
    ONE_TRAIN,
    OPPOSING,
    OTHERS_STAND,
    PASSES,
    PATH_DWELL_CAUSE,
    PATH_END,
    PATH_MOVE,
    PATH_ORIGIN,
    PLACE,
    PLANNED,
    POINT_NUMBER,
    POINT_QUEUE,
    REACHED,
    READY_LIST,
    READY_MS,
    RUN_HELD,
    SIDE,
    SIDE_STANDS,
    STANDING,
    STATUS,
    TARGET_TRACK,
    THROUGH_HELD,
    TICKET,
    TRACK,
    TRAIN_COUNT,
    TRAIN_EARLIEST,
    TRAIN_FED,
    TRAIN_PATH,
    TRAIN_WIDTH,
    TRAINS_AT,
    TURN,
    Chance,
    IntArray,
)
from keruen.rail.dispatch.grants import attempt
from keruen.rail.dispatch.moves import (
    ask,
    begin_dwell,
    clear_lane,
    depart,
    later,
    write_record,
)
from keruen.rail.dispatch.safety import leave_order
from keruen.rail.dispatch.sections import comes_before, entry_delay
from keruen.rail.dispatch.tracks import list_candidate, release, wake_at, wake_for_safety

NEVER = 1 << 62


@kernel
def make_ready(m: IntArray, chance: Chance) -> None:
    """Draw the entry delays and put the trains in the order in which they are ready."""
    count = m[TRAIN_COUNT]
    ready_ms = np.empty(count, dtype=np.int64)
    for place in range(count):
        train = m[TRAINS_AT] + place * m[TRAIN_WIDTH]
        earliest = m[train + TRAIN_EARLIEST]
        ready = earliest + entry_delay(m, chance, train)
        if m[train + TRAIN_FED] == 1:
            ready = NEVER
        elif ready > earliest:
            origin = m[m[train + TRAIN_PATH] + PATH_ORIGIN]
            what = (train, AT_POINT, m[origin + POINT_NUMBER], -1, DISTURBANCE)
            write_record(m, what, earliest, ready)
        m[train + READY_MS] = ready
        ready_ms[place] = ready
    order = np.argsort(ready_ms, kind="mergesort")
    for place in range(count):
        m[m[READY_LIST] + place] = m[TRAINS_AT] + order[place] * m[TRAIN_WIDTH]


@flat_kernel
def kept_apart(m: IntArray, train: int, leg: int, now: int) -> bool:
    """Whether a train is kept before the point it reaches, to come in later.

    It comes in no sooner than the station interval after the last train from another section, and
    where trains in front of it are kept as well, after them and a headway apart.
    """
    group = m[leg + LEG_GROUP]
    point = m[leg + LEG_POINT]
    lane = m[train + LANE_HELD + LEG_HELD * m[train + LEG_PLACE]]
    other = m[point + OTHERS_STAND] if m[point + SIDE] == group else m[point + SIDE_STANDS]
    until = max(now, other + m[leg + LEG_APART])
    braked = m[leg + LEG_STOP] if m[m[train + MOVE] + MOVE_STOPS] == 1 else 0
    if m[group + ONE_TRAIN] == 0:
        until = max(until, m[lane + REACHED] + m[group + HEADWAY] + braked)
        if m[train + TICKET] > m[lane + TURN] + 1 and m[lane + KEPT_UNTIL] >= now:
            until = max(until, m[lane + KEPT_UNTIL], now + 1)
    if until > now:
        if m[train + KEPT_SINCE] == 0:
            m[train + KEPT_SINCE] = now
        m[lane + KEPT_UNTIL] = max(m[lane + KEPT_UNTIL], until)
        m[lane + PASSES] = max(m[lane + PASSES], until - braked)
        m[train + PLANNED] = until
        later(m, until, LEG_END, train)
        return True
    m[lane + TURN] += 1
    m[lane + REACHED] = now - braked
    since = m[train + KEPT_SINCE]
    if since > 0:
        write_record(m, (train, AT_POINT, m[point + POINT_NUMBER], -1, OPPOSING), since, now)
        m[train + KEPT_SINCE] = 0
        m[train + LOST] += now - since
        m[CONFLICTS] += 1
    if m[point + SIDE] != group:
        m[point + OTHERS_STAND] = m[point + SIDE_STANDS]
        m[point + SIDE] = group
    m[point + SIDE_STANDS] = now
    return False


@part
def _reach(m: IntArray, train: int, now: int) -> None:
    """A train is at the end of a leg: runs on within its move, arrives, or would pass."""
    move = m[train + MOVE]
    place = m[train + LEG_PLACE]
    leg = m[move + MOVE_LEG] + place * LEG_COLUMNS
    legs = m[move + MOVE_LEGS]
    if m[leg + LEG_APART] > 0 and kept_apart(m, train, leg, now):
        return
    m[train + OLD_LANE] = m[train + LANE_HELD + LEG_HELD * place]
    m[train + OLD_LEG] = leg
    m[train + OLD_ENTERED] = m[train + LEFT]
    if place < legs - 1:
        clear_lane(m, train, now)
        between = m[leg + LEG_POINT]
        m[between + HELD] &= ~(1 << m[train + THROUGH_HELD + LEG_HELD * place])
        if m[between + POINT_QUEUE] > 0:
            wake_at(m, between)
        m[train + LEG_PLACE] = place + 1
        m[train + LEFT] = now
        end = now + m[train + RUN_HELD + LEG_HELD * (place + 1)]
        if place + 1 == legs - 1 and m[move + MOVE_STOPS] == 1:
            end += m[leg + LEG_COLUMNS + LEG_STOP]
        later(m, end, LEG_END, train)
        return
    m[train + PLACE] = m[move + MOVE_POINT]
    m[train + TRACK] = m[train + TARGET_TRACK]
    m[train + MOVE] = move + MOVE_COLUMNS
    if m[move + MOVE_STOPS] == 0:
        m[train + STATUS] = APPROACHING
        m[train + ASKED] = now
        m[train + ABLE] = now
        list_candidate(m, train)
        return
    clear_lane(m, train, now)
    if m[train + IN_LANE] > 0:
        ask(m, train, now)
        return
    begin_dwell(m, train, now, m[move + MOVE_DWELL])


@part
def _end_dwell(m: IntArray, train: int, now: int) -> None:
    """A train has stood its time: it leaves the network, or asks for its next move."""
    path = m[train + TRAIN_PATH]
    first = m[path + PATH_MOVE]
    move = m[train + MOVE]
    place = m[train + PLACE]
    track = m[train + TRACK]
    arrived = m[train + ARRIVED]
    if now > arrived:
        if move == first:
            cause = m[path + PATH_DWELL_CAUSE]
        else:
            cause = m[move - MOVE_COLUMNS + MOVE_DWELL_CAUSE]
        write_record(m, (train, AT_POINT, m[place + POINT_NUMBER], track, cause), arrived, now)
    if move < m[path + PATH_END]:
        ask(m, train, now)
        return
    m[place + STANDING] &= ~(1 << track)
    if m[GUARD] == BY_ORDER:
        leave_order(m, train)
    m[INNETWORK] -= 1
    m[CHANGED] = 1
    m[train + STATUS] = DONE
    m[train + ABLE] = now
    release(m, train, place, track)


@part
def next_time(m: IntArray) -> int:
    """Time of the next event; NEVER where there is none."""
    time = NEVER
    if heap.waiting(m, m[HEAP_AT]) > 0:
        time = heap.first_time(m, m[HEAP_AT])
    place = m[NEXT_READY]
    if place < m[TRAIN_COUNT]:
        time = min(time, m[m[m[READY_LIST] + place] + READY_MS])
    return int(time)


@flat_kernel
def carry_out(m: IntArray, now: int) -> None:
    """Carry out all events of an instant."""
    m[NOW] = now
    count = m[TRAIN_COUNT]
    place = m[NEXT_READY]
    while place < count and m[m[m[READY_LIST] + place] + READY_MS] == now:
        train = m[m[READY_LIST] + place]
        m[train + ASKED] = now
        list_candidate(m, train)
        place += 1
    m[NEXT_READY] = place
    events = m[HEAP_AT]
    while heap.waiting(m, events) > 0 and heap.first_time(m, events) == now:
        item = heap.pop(m, events)
        kind = item % KINDS
        train = item // KINDS
        if kind == LEG_END:
            _reach(m, train, now)
        elif kind == DEPART:
            depart(m, train, now)
        elif kind == CLEAR:
            clear_lane(m, train, now)
        elif kind == DWELL_END:
            _end_dwell(m, train, now)
        elif kind == AGAIN:
            list_candidate(m, train)
        else:
            m[train + ASKED] = now
            list_candidate(m, train)
    wake_for_safety(m)


@part
def take_first(m: IntArray) -> int:
    """Take the train that is to be served first out of the candidates."""
    count = m[CANDIDATES]
    best = 0
    for place in range(1, count):
        if comes_before(m, m[m[CANDIDATE_LIST] + place], m[m[CANDIDATE_LIST] + best]):
            best = place
    train = m[m[CANDIDATE_LIST] + best]
    m[m[CANDIDATE_LIST] + best] = m[m[CANDIDATE_LIST] + count - 1]
    m[CANDIDATES] = count - 1
    m[train + LISTED] = 0
    return int(train)


@flat_kernel
def advance(m: IntArray, chance: Chance, until: int) -> None:
    """Run by first come or by priority until a time has passed or nothing happens any more."""
    while True:
        while m[CANDIDATES] > 0:
            train = take_first(m)
            attempt(m, chance, train, m[NOW])
            wake_for_safety(m)
        now = next_time(m)
        if now == NEVER or now > until:
            return
        carry_out(m, now)
