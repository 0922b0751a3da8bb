"""A train in the network asks for its next move: what it needs is looked for and granted whole.

The next holding track, a track to pass on at each point between, a lane on each section. What
remains is a matter of known times (headways, station intervals), so that a granted train may still
stand until then; the section is its own from the grant on. This is what "first come, first served"
means here.
"""

from __future__ import annotations

from keruen.jit import flat_kernel, part
from keruen.rail.dispatch.columns import (
    ABLE,
    AGAIN,
    APPROACHING,
    BY_ORDER,
    CAUSE,
    CHANGED,
    DEPART,
    DIRECTION,
    ENTERED,
    GROUP_LANES,
    GROUP_OWN,
    GROUP_QUEUE,
    GUARD,
    HELD,
    IN_LANE,
    INSIDE,
    LANE_HELD,
    LEFT,
    LEG_APART,
    LEG_COLUMNS,
    LEG_DIRECTION,
    LEG_END,
    LEG_GROUP,
    LEG_HELD,
    LEG_PLACE,
    LEG_POINT,
    LEG_START,
    LEG_STOP,
    LONG_AGO,
    MOVE,
    MOVE_COLUMNS,
    MOVE_DWELL,
    MOVE_LAST,
    MOVE_LEG,
    MOVE_LEGS,
    MOVE_POINT,
    MOVE_STOPS,
    MOVING,
    NO_TRACK,
    NO_WAIT,
    NOW,
    OLD_LEG,
    OPPOSING,
    OUTSIDE,
    PARTNER,
    PASSES,
    PLACE,
    PLACE_BIT,
    PLACE_FIRST,
    PLACES,
    PLACES_HELD,
    PLANNED,
    PRIORITY,
    REACHED,
    RUN_HELD,
    SAFETY,
    STANDING,
    STATUS,
    TARGET_TRACK,
    THROUGH_HELD,
    TICKET,
    TICKETS,
    TRACK,
    WINDOW,
    Chance,
    IntArray,
)
from keruen.rail.dispatch.moves import (
    begin_dwell,
    brake,
    clear_lane,
    come_out,
    depart,
    enter,
    later,
)
from keruen.rail.dispatch.safety import is_safe
from keruen.rail.dispatch.sections import (
    AT_SIGNALS,
    ON_TRACK,
    after_windows,
    claimed_before,
    draw_runs,
    free_lane,
)
from keruen.rail.dispatch.tracks import (
    A_PLACE,
    hold,
    tracks_free,
    wait_for_group,
    wait_for_point,
    wait_for_safety,
)


@part
def lanes_free_at(m: IntArray, train: int, standing: int, wanted: int) -> tuple[int, int, int]:
    """When the next move can begin as far as sections go.

    Writes the lanes chosen into the row of the train.

    Parameters
    ----------
    wanted : int
        What the last lane has to lead to.

    Returns
    -------
    begin, cause, blocked : int
        Earliest beginning; what it is due to; the leg whose lanes are all blocked, or 0.
    """
    move = m[train + MOVE]
    leg = m[move + MOVE_LEG]
    legs = m[move + MOVE_LEGS]
    begin = 0
    due = NO_WAIT
    offset = 0
    for place in range(legs):
        group = m[leg + LEG_GROUP]
        run = m[train + RUN_HELD + LEG_HELD * place]
        starts = 1 if place == 0 and standing == 1 else 0
        if starts == 1:
            run += m[leg + LEG_START]
        lanes = m[group + GROUP_LANES]
        partner = m[group + PARTNER]
        if partner > 0 and claimed_before(m, train, partner):
            lanes = m[group + GROUP_OWN]
        end = wanted if place == legs - 1 else ON_TRACK
        how = (m[leg + LEG_DIRECTION], starts, run)
        lane, entry, cause = free_lane(m, group, how, (lanes, end, m[NOW] + offset))
        if lane == 0:
            return 0, cause, leg
        if m[group + GROUP_QUEUE] > 0 and claimed_before(m, train, group):
            return 0, OPPOSING, leg
        m[train + LANE_HELD + LEG_HELD * place] = lane
        if entry - offset > begin:
            begin = entry - offset
            due = cause
        offset += run
        leg += LEG_COLUMNS
    return begin, due, 0


@flat_kernel
def place_at_signals(m: IntArray, train: int) -> tuple[int, int]:
    """Lane chosen for the last leg of the next move, and the bit of its next free place."""
    last = m[m[train + MOVE] + MOVE_LEGS] - 1
    lane = m[train + LANE_HELD + LEG_HELD * last]
    place = m[lane + PLACE_FIRST] + m[lane + PLACES_HELD]
    if place >= m[lane + PLACES]:
        place -= m[lane + PLACES]
    return lane, m[lane + PLACE_BIT] + place


@part
def take_lanes(m: IntArray, train: int, begin: int, standing: int) -> tuple[int, int]:
    """Take the lanes chosen; when the train passes the first leg's end, and when it arrives."""
    move = m[train + MOVE]
    leg = m[move + MOVE_LEG]
    legs = m[move + MOVE_LEGS]
    time = begin
    ends = begin
    lane = 0
    for place in range(legs):
        lane = m[train + LANE_HELD + LEG_HELD * place]
        m[lane + INSIDE] += 1
        if m[lane + DIRECTION] != m[leg + LEG_DIRECTION]:
            m[lane + DIRECTION] = m[leg + LEG_DIRECTION]
            m[lane + REACHED] = LONG_AGO
        m[lane + ENTERED] = time
        time += m[train + RUN_HELD + LEG_HELD * place]
        if place == 0:
            if standing == 1:
                time += m[leg + LEG_START]
            ends = time
        m[lane + PASSES] = time
        if place < legs - 1:
            between = m[leg + LEG_POINT]
            m[between + HELD] |= 1 << m[train + THROUGH_HELD + LEG_HELD * place]
        leg += LEG_COLUMNS
    leg -= LEG_COLUMNS
    if m[leg + LEG_APART] > 0:
        m[lane + TICKETS] += 1
        m[train + TICKET] = m[lane + TICKETS]
    if m[move + MOVE_STOPS] == 1:
        time += m[leg + LEG_STOP]
    return ends, time


@part
def grant(m: IntArray, train: int, target: tuple[int, int], times: tuple[int, int, int]) -> None:
    """Give a train its next move: tracks, lanes, and the time it begins.

    Parameters
    ----------
    target : (lane, track)
        A track ahead, or a place of a lane that leads there; the lane is 0 for a track.
    times : (now, begin, standing)
        ``begin`` may lie ahead; ``standing`` is 1 where it starts from a stand.
    """
    now, begin, standing = times
    into, track = target
    if m[train + STATUS] == APPROACHING:
        clear_lane(m, train, now)
    move = m[train + MOVE]
    point = m[move + MOVE_POINT]
    m[m[train + PLACE] + STANDING] &= ~(1 << m[train + TRACK])
    m[point + STANDING] |= 1 << track
    m[CHANGED] = 1
    hold(m, train, point, track, m[move + MOVE_LAST])
    if into > 0:
        m[into + PLACES_HELD] += 1
    m[train + IN_LANE] = into
    m[train + TARGET_TRACK] = track
    m[train + STATUS] = MOVING
    m[train + LEG_PLACE] = 0
    m[train + LEFT] = begin
    ends, time = take_lanes(m, train, begin, standing)
    m[train + PLANNED] = time
    if m[move + MOVE_LEGS] == 1:
        ends = time
    later(m, ends, LEG_END, train)
    if begin > now:
        later(m, begin, DEPART, train)
    else:
        depart(m, train, now)


@part
def is_allowed(m: IntArray, train: int, into: int, track: int) -> bool:
    """Whether what keeps trains from locking lets a train make its next move to a track."""
    if m[GUARD] != BY_ORDER:
        return True
    move = m[train + MOVE]
    return is_safe(m, train, (m[move + MOVE_POINT], into, track, move + MOVE_COLUMNS))


@flat_kernel
def wait_for_it(m: IntArray, train: int, what: tuple[int, int, int, int, int, int]) -> int:
    """Queue a train that stands for what its move lacks; returns the cause of waiting.

    Parameters
    ----------
    what : (track, lacking, cause, blocked, begin, opening)
        As in :func:`tracks_free` and :func:`lanes_free_at`; when it could begin, and when it would
        then meet no window.
    """
    track, lacking, cause, blocked, begin, opening = what
    if track == -1:
        wait_for_point(m, train, lacking)
        return NO_TRACK
    if blocked > 0:
        wait_for_group(m, train, m[blocked + LEG_GROUP])
        return cause
    if opening > begin:
        later(m, opening, AGAIN, train)
        return WINDOW
    wait_for_safety(m, train)
    return SAFETY


@part
def run_on(m: IntArray, chance: Chance, train: int, now: int) -> int:
    """Try the next move of a train in the network; returns the cause of waiting, 0 if granted."""
    approaching = m[train + STATUS] == APPROACHING
    if m[train + IN_LANE] > 0:
        cause = come_out(m, train, now)
        if cause != NO_WAIT:
            if approaching:
                brake(m, train, now)
            return cause
        before = m[train + MOVE] - MOVE_COLUMNS
        if m[before + MOVE_STOPS] == 1:
            begin_dwell(m, train, now, m[before + MOVE_DWELL])
            return NO_WAIT
    draw_runs(m, chance, train)
    move = m[train + MOVE]
    track, lacking = tracks_free(m, train)
    wanted = AT_SIGNALS if track == A_PLACE else ON_TRACK
    able = m[train + ABLE]
    standing = 0 if approaching else 1
    into, target = 0, track
    while True:
        begin, cause, blocked = now, NO_WAIT, 0
        opening = now
        if track != -1:
            begin, cause, blocked = lanes_free_at(m, train, standing, wanted)
            begin = max(begin, now, able)
            if blocked == 0:
                opening = after_windows(m, move, begin, standing)
        fits = track != -1 and blocked == 0 and opening == begin
        if fits and (standing == 1 or begin == now):
            if wanted == AT_SIGNALS:
                into, target = place_at_signals(m, train)
            if is_allowed(m, train, into, target):
                break
        if standing == 1:
            return wait_for_it(m, train, (track, lacking, cause, blocked, begin, opening))
        # It cannot pass: it comes to a stand, and only then its section is clear.
        able = now + m[m[train + OLD_LEG] + LEG_STOP]
        brake(m, train, now)
        standing = 1
    if begin > able and m[train + CAUSE] == NO_WAIT:
        m[train + CAUSE] = cause
    grant(m, train, (into, target), (now, begin, standing))
    return NO_WAIT


@flat_kernel
def attempt(m: IntArray, chance: Chance, train: int, now: int) -> bool:
    """Let one train ask; whether it was granted what it asks for."""
    outside = m[train + STATUS] == OUTSIDE
    cause = enter(m, train, now) if outside else run_on(m, chance, train, now)
    if cause != NO_WAIT and m[train + CAUSE] != PRIORITY:
        m[train + CAUSE] = cause
    return cause == NO_WAIT
