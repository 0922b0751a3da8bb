"""Lanes of sections: when a train may enter, behind another or after an opposing one.

A lane is one track of a section between two points. A section of one track has one lane for both
directions; one of more tracks has its lanes parted by direction, as *groups* to choose from.
"""

from __future__ import annotations

from keruen.events import calendar, streams
from keruen.jit import flat_kernel, part
from keruen.rail.dispatch.columns import (
    AFTER,
    ASKED,
    BY_PRIORITY,
    CLEARED,
    CROSSING,
    DIRECTION,
    DRAWN_FOR,
    ENTERED,
    EXPONENTIAL,
    FOLLOWING,
    GROUP_LANE,
    GROUP_LANES,
    GROUP_QUEUE,
    HEADWAY,
    INSIDE,
    LANE_COLUMNS,
    LEG_COLUMNS,
    LEG_GROUP,
    LEG_NUMBER,
    LEG_RUN,
    LEG_START,
    LEG_STOP,
    LOGNORMAL,
    MOVE,
    MOVE_COLUMNS,
    MOVE_LEG,
    MOVE_LEGS,
    MOVE_STOPS,
    NO_SPREAD,
    NON_SIMULTANEOUS,
    ONE_TRAIN,
    OPPOSING,
    PASSES,
    PATH_END,
    PATH_MOVE,
    POLICY,
    RUN_HELD,
    TRAIN_COLUMNS,
    TRAIN_COUNT,
    TRAIN_NUMBER,
    TRAIN_PATH,
    TRAIN_WEIGHT,
    TRAINS_AT,
    UNIFORM,
    WINDOW_LENGTH,
    WINDOW_START,
    Chance,
    IntArray,
)

_COUNTERS = 64
"""Random numbers kept for each disturbance; the normal distribution needs more than one."""

_DAYS_SEARCHED = 3
"""A leap over windows that is not free within so many days never is: windows return daily."""


@part
def spread(kind: int, low: float, high: float, base: int, counter: int) -> float:
    """Draw from one of the distributions; see :class:`keruen.rail.dispatch.columns.Rules`."""
    if kind == UNIFORM:
        return low + (high - low) * streams.uniform(base, counter)
    if kind == EXPONENTIAL:
        return low + high * streams.exponential(base, counter)
    if kind == LOGNORMAL:
        return streams.lognormal(base, counter, low, high)
    return 0.0


@part
def entry_delay(m: IntArray, chance: Chance, train: int) -> int:
    """Delay with which a train is ready, ms."""
    if chance.delay_kind == NO_SPREAD:
        return 0
    base = streams.stream(chance.seed, chance.draw, m[train + TRAIN_NUMBER])
    delay = spread(chance.delay_kind, chance.delay_low, chance.delay_high, base, 0)
    return int(delay + 0.5)


@part
def draw_runs(m: IntArray, chance: Chance, train: int) -> None:
    """Write the running times of the legs of a train's next move, stretched as they happen to be.

    They are drawn once a move; the key of each is the train and the leg.
    """
    move = m[train + MOVE]
    if m[train + DRAWN_FOR] == move:
        return
    m[train + DRAWN_FOR] = move
    leg = m[move + MOVE_LEG]
    for place in range(m[move + MOVE_LEGS]):
        run = m[leg + LEG_RUN]
        if chance.stretch_kind != NO_SPREAD:
            base = streams.stream(chance.seed, chance.draw, m[train + TRAIN_NUMBER])
            counter = _COUNTERS * (m[leg + LEG_NUMBER] + 1)
            stretch = spread(
                chance.stretch_kind, chance.stretch_low, chance.stretch_high, base, counter
            )
            run += int(run * stretch + 0.5)
        m[train + RUN_HELD + place] = run
        leg += LEG_COLUMNS


@flat_kernel
def draw_all_runs(m: IntArray, chance: Chance) -> int:
    """Sum of the running times of all trains over all their legs, ms."""
    total = 0
    for place in range(m[TRAIN_COUNT]):
        train = m[TRAINS_AT] + place * TRAIN_COLUMNS
        move = m[m[train + TRAIN_PATH] + PATH_MOVE]
        while move < m[m[train + TRAIN_PATH] + PATH_END]:
            m[train + MOVE] = move
            draw_runs(m, chance, train)
            for leg in range(m[move + MOVE_LEGS]):
                total += m[train + RUN_HELD + leg]
            move += MOVE_COLUMNS
    return total


@part
def comes_before(m: IntArray, train: int, other: int) -> bool:
    """Whether a train is served before another that asks too.

    First come: who has asked longer, then the lower number. By priority: the greater weight first,
    then first come.
    """
    if m[POLICY] == BY_PRIORITY:
        heavier = m[train + TRAIN_WEIGHT] - m[other + TRAIN_WEIGHT]
        if heavier != 0:
            return bool(heavier > 0)
    longer = m[train + ASKED] - m[other + ASKED]
    if longer != 0:
        return bool(longer < 0)
    return train < other


@part
def free_lane(
    m: IntArray, group: int, direction: int, standing: int, run: int
) -> tuple[int, int, int]:
    """Lane of a group that can be entered first.

    Parameters
    ----------
    standing : int
        1 where the train starts from a stand, 0 where it enters passing.
    run : int
        Time from entering to passing the far end, ms.

    Returns
    -------
    lane, entry, cause : int
        The lane, 0 where each is blocked by trains inside; from when on it may be entered;
        what that time, or the blocking, is due to.

    Notes
    -----
    Following, automatic block: a headway apart when entering and when passing the far end.
    Following, semi-automatic block: a headway after the train in front has cleared. Opposing:
    after the last has cleared, tau_s later from a stand, tau_np later when passing.
    """
    best = 0
    best_entry = 0
    best_cause = 0
    blocked = FOLLOWING
    lane = m[group + GROUP_LANE] - LANE_COLUMNS
    for _ in range(m[group + GROUP_LANES]):
        lane += LANE_COLUMNS
        before = m[lane + DIRECTION]
        if before == -1:
            entry, cause = 0, 0
        elif before == direction:
            cause = FOLLOWING
            if m[group + ONE_TRAIN] == 1:
                if m[lane + INSIDE] > 0:
                    continue
                entry = m[lane + CLEARED] + m[group + HEADWAY]
            else:
                headway = m[group + HEADWAY]
                entry = max(m[lane + ENTERED] + headway, m[lane + PASSES] + headway - run)
        else:
            cause = OPPOSING
            if m[lane + INSIDE] > 0:
                blocked = OPPOSING
                continue
            if standing == 1:
                entry = m[lane + CLEARED] + m[group + CROSSING]
            else:
                entry = m[lane + CLEARED] + m[group + NON_SIMULTANEOUS]
        if best == 0 or entry < best_entry:
            best, best_entry, best_cause = lane, entry, cause
    if best == 0:
        return 0, 0, blocked
    return best, best_entry, best_cause


@part
def after_windows(m: IntArray, move: int, time: int, standing: int) -> int:
    """When, from a time on, a move can be begun so that no leg meets a window; -1: never.

    Timetable running times count: a train that runs late may run into a window.
    """
    first = m[move + MOVE_LEG]
    legs = m[move + MOVE_LEGS]
    begin = time
    while begin < time + _DAYS_SEARCHED * calendar.DAY_MS:
        moved = False
        entry = begin
        for place in range(legs):
            leg = first + place * LEG_COLUMNS
            group = m[leg + LEG_GROUP]
            lasting = m[leg + LEG_RUN]
            if place == 0 and standing == 1:
                lasting += m[leg + LEG_START]
            if place == legs - 1 and m[move + MOVE_STOPS] == 1:
                lasting += m[leg + LEG_STOP]
            length = m[group + WINDOW_LENGTH]
            if length > 0:
                start = m[group + WINDOW_START]
                if length + lasting > calendar.DAY_MS:
                    return -1
                free = calendar.window_end(entry, lasting, start, length)
                if free > entry:
                    begin += free - entry
                    moved = True
                    break
            entry += lasting
        if not moved:
            return begin
    return -1


@part
def claimed_before(m: IntArray, train: int, leg: int) -> int:
    """Whether trains that wait for the same lane come before: the cause of letting them; 0: none.

    An opposing train that waits for the lane to clear keeps later ones from following into it.
    """
    waiting = m[m[leg + LEG_GROUP] + GROUP_QUEUE]
    while waiting > 0:
        if waiting != train and comes_before(m, waiting, train):
            return OPPOSING
        waiting = m[waiting + AFTER]
    return 0
