"""Look-ahead: at a conflict, try each contender first on a copy of the state, take the least loss.

A train that could go now is in conflict with a *contender*: another that asks at this instant, or
one that runs and will reach its next holding point within the horizon, whose next move needs a
section or a point of the same. For each way to settle it the state is copied and run on by priority
until the horizon; the way that loses the least weighted time is taken, that of priority among
equals. To give way to a running train means to ask again when it arrives, behind it; a train gives
way once a move, to a train in motion, so that the argument against locks and the bound hold.
"""

from __future__ import annotations

from typing import Final

from keruen.jit import flat_kernel, kernel, part
from keruen.rail.dispatch.columns import (
    ABLE,
    AGAIN,
    APPROACHING,
    ASKED,
    CANDIDATE_LIST,
    CANDIDATES,
    CAUSE,
    DONE,
    GATES,
    GAVE_WAY,
    HORIZON,
    IN_LANE,
    LEFT,
    LEG_COLUMNS,
    LEG_GROUP,
    LISTED,
    LOST,
    MOVE,
    MOVE_COLUMNS,
    MOVE_LEG,
    MOVE_LEGS,
    MOVE_POINT,
    MOVING,
    NEXT_READY,
    NOW,
    OUTSIDE,
    OVERRULED,
    PATH_END,
    PATHS_AT,
    PLANNED,
    PRIORITY,
    READY_LIST,
    READY_MS,
    RECORDING,
    RECORDS_AT,
    STATUS,
    TRAIN_COUNT,
    TRAIN_FED,
    TRAIN_PATH,
    TRAIN_WEIGHT,
    TRAIN_WIDTH,
    WAITING,
    Chance,
    IntArray,
)
from keruen.rail.dispatch.grants import attempt
from keruen.rail.dispatch.loop import NEVER, advance, carry_out, next_time, take_first
from keruen.rail.dispatch.moves import brake, later
from keruen.rail.dispatch.tracks import list_candidate, wake_for_safety

_MOST_CONTENDERS: Final = 4


@flat_kernel
def _copy_rows(m: IntArray, spare: IntArray, window: tuple[int, int]) -> None:
    """Copy a state; of the trains those that can change within the horizon."""
    for cell in range(m[PATHS_AT]):
        spare[cell] = m[cell]
    spare[RECORDING] = 0
    for place in range(window[0], window[1]):
        train = m[m[READY_LIST] + place]
        for cell in range(train, train + m[TRAIN_WIDTH]):
            spare[cell] = m[cell]


@part
def _in_conflict(m: IntArray, first: int, second: int) -> bool:
    """Whether two moves need the same lanes, or the same holding point."""
    if m[first + MOVE_POINT] == m[second + MOVE_POINT]:
        return True
    legs_first = m[first + MOVE_LEG]
    legs_second = m[second + MOVE_LEG]
    for place in range(m[first + MOVE_LEGS]):
        group = m[legs_first + place * LEG_COLUMNS + LEG_GROUP]
        for behind in range(m[second + MOVE_LEGS]):
            if m[legs_second + behind * LEG_COLUMNS + LEG_GROUP] == group:
                return True
    return False


@flat_kernel
def weighted_loss(m: IntArray, window: tuple[int, int], now: int) -> int:
    """Time lost so far, times weight, summed over the trains of a window of readiness."""
    total = 0
    for place in range(window[0], window[1]):
        train = m[m[READY_LIST] + place]
        lost = m[train + LOST]
        status = m[train + STATUS]
        if status == WAITING or (status == MOVING and m[train + LEFT] > now):
            lost += max(0, now - m[train + ABLE])
        elif status == OUTSIDE and m[train + READY_MS] <= now:
            lost += now - m[train + READY_MS]
        total += lost * m[train + TRAIN_WEIGHT]
    return int(total)


@flat_kernel
def _give_way(m: IntArray, train: int, until: int) -> None:
    """Ask again, behind it, when another train arrives."""
    now = m[NOW]
    if m[train + STATUS] == APPROACHING:
        brake(m, train, now)
    m[train + GAVE_WAY] = m[train + MOVE]
    m[train + CAUSE] = PRIORITY
    m[train + ASKED] = until + 1
    later(m, until, AGAIN, train)


@flat_kernel
def _loss_if(m: IntArray, chance: Chance, pair: tuple[int, int], window: tuple[int, int]) -> int:
    """Loss at the horizon if ``pair[1]`` goes first, or ``pair[0]`` where it is 0; -1: cannot."""
    train, first = pair
    now = m[NOW]
    if first == 0:
        if not attempt(m, chance, train, now):
            return -1
    elif m[first + STATUS] == MOVING:
        _give_way(m, train, m[first + PLANNED])
    else:
        _unlist(m, first)
        if not attempt(m, chance, first, now):
            return -1
        list_candidate(m, train)
    wake_for_safety(m)
    advance(m, chance, now + m[HORIZON])
    return weighted_loss(m, window, now + m[HORIZON])


@part
def _unlist(m: IntArray, train: int) -> None:
    """Take a train out of the candidates."""
    count = m[CANDIDATES]
    for place in range(count):
        if m[m[CANDIDATE_LIST] + place] == train:
            m[m[CANDIDATE_LIST] + place] = m[m[CANDIDATE_LIST] + count - 1]
            m[CANDIDATES] = count - 1
            break
    m[train + LISTED] = 0


@flat_kernel
def _contenders(
    m: IntArray, train: int, window: tuple[int, int]
) -> tuple[int, tuple[int, int, int, int]]:
    """Number of contenders of a train, and the first of them in the order of readiness."""
    now = m[NOW]
    move = m[train + MOVE]
    may_give_way = m[train + GAVE_WAY] != move
    count = 0
    found = (0, 0, 0, 0)
    for place in range(window[0], min(window[1], m[NEXT_READY])):
        other = m[m[READY_LIST] + place]
        if other == train:
            continue
        status = m[other + STATUS]
        ahead = m[other + MOVE]
        if status == MOVING:
            ahead += MOVE_COLUMNS
            at_end = ahead >= m[m[other + TRAIN_PATH] + PATH_END]
            if at_end or not may_give_way:
                continue
            planned = m[other + PLANNED]
            if planned <= now or planned > now + m[HORIZON]:
                continue
        elif m[other + LISTED] == 0 or status == OUTSIDE or m[other + IN_LANE] > 0:
            continue
        if _in_conflict(m, move, ahead):
            if count == 0:
                found = (other, 0, 0, 0)
            elif count == 1:
                found = (found[0], other, 0, 0)
            elif count == 2:
                found = (found[0], found[1], other, 0)
            else:
                found = (found[0], found[1], found[2], other)
            count += 1
            if count == _MOST_CONTENDERS:
                break
    return count, found


@flat_kernel
def _least_loss(
    m: IntArray, spare: IntArray, chance: Chance, train: int, window: tuple[int, int]
) -> int:
    """The contender that goes before a train because the least is lost so; 0: the train itself."""
    count, others = _contenders(m, train, window)
    best = 0
    least = -1
    # One call for all: a zero written out in a second would compile all it calls once more.
    for number in range(-1, count if count > 0 else -1):
        first = 0 if number < 0 else others[number]
        _copy_rows(m, spare, window)
        loss = _loss_if(spare, chance, (train, first), window)
        if number < 0:
            if loss < 0:
                break
            m[GATES] += 1
            least = loss
        elif 0 <= loss < least:
            least = loss
            best = first
    return int(best)


@flat_kernel
def _settle(
    m: IntArray, spare: IntArray, chance: Chance, train: int, window: tuple[int, int]
) -> None:
    """Let one train ask that would be served first, or another before it."""
    now = m[NOW]
    best = _least_loss(m, spare, chance, train, window)
    if best == 0:
        attempt(m, chance, train, now)
        return
    m[OVERRULED] += 1
    if m[best + STATUS] == MOVING:
        _give_way(m, train, m[best + PLANNED])
        return
    m[train + CAUSE] = PRIORITY
    _unlist(m, best)
    attempt(m, chance, best, now)
    list_candidate(m, train)


@kernel
def advance_looking_ahead(m: IntArray, chance: Chance, until: int) -> None:
    """Run with look-ahead until a time has passed or nothing happens any more."""
    spare = m[: m[RECORDS_AT]].copy()
    trains = m[TRAIN_COUNT]
    fed = False
    for place in range(trains):
        fed = fed or m[m[m[READY_LIST] + place] + TRAIN_FED] == 1
    begin = 0
    while True:
        while m[CANDIDATES] > 0:
            now = m[NOW]
            while begin < trains and m[m[m[READY_LIST] + begin] + STATUS] == DONE:
                begin += 1
            end = m[NEXT_READY]
            while end < trains and m[m[m[READY_LIST] + end] + READY_MS] <= now + m[HORIZON]:
                end += 1
            window = (begin, trains) if fed else (begin, end)
            train = take_first(m)
            if m[train + STATUS] == OUTSIDE or m[train + IN_LANE] > 0:
                attempt(m, chance, train, now)
            else:
                _settle(m, spare, chance, train, window)
            wake_for_safety(m)
        now = next_time(m)
        if now == NEVER or now > until:
            return
        carry_out(m, now)
