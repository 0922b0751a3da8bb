"""Lanes of sections: when a train may enter, behind another or after an opposing one.

A lane is one track of a section between two points. A section of one track has one lane for both
directions; one of more tracks has its lanes parted by direction, as *groups* to choose from.
"""

from __future__ import annotations

from typing import Final

from keruen.events import streams
from keruen.jit import flat_kernel, part
from keruen.rail.dispatch.columns import (
    AFTER,
    ASKED,
    CLEARED,
    CROSSING,
    DIRECTION,
    DRAWN_FOR,
    ENTERED,
    EXPONENTIAL,
    FIRST_COME,
    FOLLOWING,
    GROUP_LANE,
    GROUP_LANES,
    GROUP_QUEUE,
    GROUP_STEP,
    HEADWAY,
    INSIDE,
    LEG_COLUMNS,
    LEG_HELD,
    LEG_NUMBER,
    LEG_RUN,
    LOGNORMAL,
    MOVE,
    MOVE_COLUMNS,
    MOVE_LEG,
    MOVE_LEGS,
    MOVE_PERIOD,
    MOVE_SHUT,
    MOVE_SHUT_PASSING,
    MOVE_SHUTS,
    MOVE_SHUTS_PASSING,
    NO_SPREAD,
    NON_SIMULTANEOUS,
    ONE_TRAIN,
    OPPOSING,
    PASSES,
    PATH_END,
    PATH_MOVE,
    PLACES,
    PLACES_HELD,
    POLICY,
    RUN_HELD,
    SHUT_COLUMNS,
    SHUT_FROM,
    SHUT_UNTIL,
    STREAM,
    TRAIN_COUNT,
    TRAIN_NUMBER,
    TRAIN_PATH,
    TRAIN_WEIGHT,
    TRAIN_WIDTH,
    TRAINS_AT,
    UNIFORM,
    Chance,
    IntArray,
)

_COUNTERS = 64
"""Random numbers kept for each disturbance; the normal distribution needs more than one."""

ON_TRACK: Final = 0
"""A lane to a track: one in which no train stands that waits for one."""

AT_SIGNALS: Final = 1
"""A lane to a place at its own block signals."""


@part
def spread(kind: int, low: float, high: float, base: int, counter: int) -> float:
    """Draw from one of the distributions; see :class:`keruen.rail.dispatch.columns.Chance`."""
    if kind == UNIFORM:
        return low + (high - low) * streams.uniform(base, counter)
    if kind == EXPONENTIAL:
        return low + high * streams.exponential(base, counter)
    if kind == LOGNORMAL:
        return streams.lognormal(base, counter, low, high)
    return 0.0


@part
def entry_delay(m: IntArray, chance: Chance, train: int) -> int:
    """Delay with which a train is ready, ms; notes the stream of its random numbers."""
    base = streams.stream(chance.seed, chance.draw, m[train + TRAIN_NUMBER])
    m[train + STREAM] = base
    if chance.delay_kind == NO_SPREAD:
        return 0
    delay = spread(chance.delay_kind, chance.delay_low, chance.delay_high, base, 0)
    return int(delay + 0.5)


@part
def draw_runs(m: IntArray, chance: Chance, train: int) -> None:
    """Write the running times of the legs of a train's next move, stretched as they happen to be.

    They are drawn once a move; the key of each is the train, whose delay was drawn before, and the
    leg.
    """
    move = m[train + MOVE]
    if m[train + DRAWN_FOR] == move:
        return
    m[train + DRAWN_FOR] = move
    leg = m[move + MOVE_LEG]
    for place in range(m[move + MOVE_LEGS]):
        run = m[leg + LEG_RUN]
        if chance.stretch_kind != NO_SPREAD:
            base = m[train + STREAM]
            counter = _COUNTERS * (m[leg + LEG_NUMBER] + 1)
            stretch = spread(
                chance.stretch_kind, chance.stretch_low, chance.stretch_high, base, counter
            )
            run += int(run * stretch + 0.5)
        m[train + RUN_HELD + LEG_HELD * place] = run
        leg += LEG_COLUMNS


@flat_kernel
def draw_all_runs(m: IntArray, chance: Chance) -> int:
    """Sum of the running times of all trains over all their legs, ms."""
    total = 0
    for place in range(m[TRAIN_COUNT]):
        train = m[TRAINS_AT] + place * m[TRAIN_WIDTH]
        move = m[m[train + TRAIN_PATH] + PATH_MOVE]
        while move < m[m[train + TRAIN_PATH] + PATH_END]:
            m[train + MOVE] = move
            draw_runs(m, chance, train)
            for leg in range(m[move + MOVE_LEGS]):
                total += m[train + RUN_HELD + LEG_HELD * leg]
            move += MOVE_COLUMNS
    return total


@part
def comes_before(m: IntArray, train: int, other: int) -> bool:
    """Whether a train is served before another that asks too.

    First come: who has asked longer, then the lower number. By priority, and where look-ahead does
    not say otherwise: the greater weight first, then first come.
    """
    if m[POLICY] != FIRST_COME:
        heavier = m[train + TRAIN_WEIGHT] - m[other + TRAIN_WEIGHT]
        if heavier != 0:
            return bool(heavier > 0)
    longer = m[train + ASKED] - m[other + ASKED]
    if longer != 0:
        return bool(longer < 0)
    return train < other


@part
def enterable(m: IntArray, lane: int, wanted: int) -> bool:
    """Whether a lane leads to what is wanted: past nobody who stands in it, or to a free place."""
    if wanted == ON_TRACK:
        return bool(m[lane + PLACES_HELD] == 0)
    return bool(m[lane + PLACES_HELD] < m[lane + PLACES])


@flat_kernel
def leads_there(m: IntArray, group: int, wanted: int) -> bool:
    """Whether some lane of a group leads to what is wanted."""
    lane = m[group + GROUP_LANE]
    for _ in range(m[group + GROUP_LANES]):
        if enterable(m, lane, wanted):
            return True
        lane += m[group + GROUP_STEP]
    return False


@part
def entry_to(m: IntArray, group: int, lane: int, how: tuple[int, int, int]) -> tuple[int, int, int]:
    """When a lane can be entered: 1 and the time, or 0 where trains inside block it; the cause.

    Parameters
    ----------
    how : (direction, standing, run)
        See :func:`free_lane`.
    """
    direction, standing, run = how
    before = m[lane + DIRECTION]
    if before == -1:
        return 1, 0, 0
    if before == direction:
        if m[group + ONE_TRAIN] == 1:
            if m[lane + INSIDE] > 0:
                return 0, 0, FOLLOWING
            return 1, m[lane + CLEARED] + m[group + HEADWAY], FOLLOWING
        headway = m[group + HEADWAY]
        return 1, max(m[lane + ENTERED] + headway, m[lane + PASSES] + headway - run), FOLLOWING
    if m[lane + INSIDE] > 0:
        return 0, 0, OPPOSING
    if standing == 1:
        return 1, m[lane + CLEARED] + m[group + CROSSING], OPPOSING
    return 1, m[lane + CLEARED] + m[group + NON_SIMULTANEOUS], OPPOSING


@flat_kernel
def _best_lane(
    m: IntArray, group: int, how: tuple[int, int, int], limits: tuple[int, int, int]
) -> tuple[int, int, int]:
    """Find what :func:`free_lane` returns where there are several lanes."""
    lanes, wanted, ready = limits
    lane = m[group + GROUP_LANE]
    best = 0
    best_entry = 0
    best_cause = 0
    blocked = FOLLOWING
    for _ in range(lanes):
        if enterable(m, lane, wanted):
            free, entry, cause = entry_to(m, group, lane, how)
            if free == 0:
                if cause == OPPOSING:
                    blocked = OPPOSING
            elif best == 0 or max(entry, ready) < max(best_entry, ready):
                best, best_entry, best_cause = lane, entry, cause
        lane += m[group + GROUP_STEP]
    if best == 0:
        return 0, 0, blocked
    return best, best_entry, best_cause


@part
def free_lane(
    m: IntArray, group: int, how: tuple[int, int, int], limits: tuple[int, int, int]
) -> tuple[int, int, int]:
    """Lane of a group that can be entered first, of equals one of the direction alone.

    Parameters
    ----------
    how : (direction, standing, run)
        ``standing`` is 1 where the train starts from a stand, 0 where it enters passing; ``run``
        the time from entering to passing the far end, ms.
    limits : (lanes, wanted, ready)
        So many of the lanes may be taken; what the lane has to lead to; before ``ready`` the train
        does not enter.

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
    lane = m[group + GROUP_LANE]
    if limits[0] == 1 and m[lane + PLACES] == 0:
        free, entry, cause = entry_to(m, group, lane, how)
        return lane * free, entry, cause
    return _best_lane(m, group, how, limits)


@flat_kernel
def after_windows(m: IntArray, move: int, time: int, standing: int) -> int:
    """When, from a time on, a move can be begun so that no leg meets a window.

    Timetable running times count: a train that runs late may run into a window.
    """
    period = m[move + MOVE_PERIOD]
    if period == 0:
        return time
    first = m[move + MOVE_SHUT]
    count = m[move + MOVE_SHUTS]
    if standing == 0:
        first = m[move + MOVE_SHUT_PASSING]
        count = m[move + MOVE_SHUTS_PASSING]
    within = time % period
    # Stretches are in order: the last that begins by then holds the time, or none does.
    low = 0
    while low < count:
        middle = (low + count) >> 1
        if m[first + middle * SHUT_COLUMNS + SHUT_FROM] <= within:
            low = middle + 1
        else:
            count = middle
    if low == 0:
        return time
    until = m[first + (low - 1) * SHUT_COLUMNS + SHUT_UNTIL]
    return int(time + max(0, until - within))


@flat_kernel
def claimed_before(m: IntArray, train: int, group: int) -> bool:
    """Whether trains that wait for the lanes of a group come before a train.

    An opposing train that waits for a lane to clear keeps later ones from following into it.
    """
    waiting = m[group + GROUP_QUEUE]
    while waiting > 0:
        if waiting != train and comes_before(m, waiting, train):
            return True
        waiting = m[waiting + AFTER]
    return False
