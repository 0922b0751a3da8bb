"""When the last train is done at the latest, whatever the order in which trains are served.

At any time after the last train is ready and before the last is done, at least one of these holds:
a train runs (its running times and supplements count); a train dwells; an interval after a train
has entered, cleared or reached the end of a section has not passed (headway and station intervals
count); or all stand and could go on but for windows. In the last case the first train of the
certified order, on a line the foremost of a direction, goes as soon as windows let it, so that each
such time is ended by a grant and is no longer than the longest wait for windows. Added up, this
bounds the time.
"""

from __future__ import annotations

import numpy as np

from keruen.rail.dispatch import columns as c
from keruen.rail.dispatch.columns import IntArray
from keruen.rail.dispatch.compiling import Compiled
from keruen.rail.dispatch.loop import make_ready
from keruen.rail.dispatch.network import Setting
from keruen.rail.dispatch.running import chance_of, new_memory, train_rows
from keruen.rail.dispatch.sections import draw_all_runs


def finish_bound_ms(compiled: Compiled, setting: Setting) -> int:
    """Latest time at which the last train leaves its destination.

    last ready + sum over all trains of (running times as drawn + start and stop supplements + the
    longest interval of each section, and both intervals where arrivals are kept apart + dwells) +
    moves * longest wait for windows.

    Parameters
    ----------
    compiled : Compiled
        Network and timetable, without fed trains.
    setting : Setting
        The seed and the disturbances count; the policy does not.

    Returns
    -------
    int
        Milliseconds.
    """
    memory = new_memory(compiled, setting._replace(recording=False))
    chance = chance_of(setting)
    make_ready(memory, chance)
    ready = int(train_rows(memory)[:, c.READY_MS].max(initial=0))
    moves, fixed = _fixed_of_paths(compiled)
    paths = compiled.tables.trains[:, 1]
    waits = int(moves[paths].sum()) * compiled.longest_window_wait_ms
    return ready + int(draw_all_runs(memory, chance)) + int(fixed[paths].sum()) + waits


def _fixed_of_paths(compiled: Compiled) -> tuple[IntArray, IntArray]:
    """Moves of each path; its supplements, intervals and dwells."""
    tables = compiled.tables
    intervals: IntArray = tables.groups[:, [c.HEADWAY, c.CROSSING, c.NON_SIMULTANEOUS]].max(axis=1)
    group = tables.legs[:, c.LEG_GROUP]
    of_leg = tables.legs[:, c.LEG_START] + tables.legs[:, c.LEG_STOP] + intervals[group]
    # Where arrivals are kept apart, a train may be kept for both intervals before it comes in.
    apart = tables.legs[:, c.LEG_APART]
    until = _sums(of_leg + np.where(apart > 0, apart + tables.groups[group, c.HEADWAY], 0))
    legs = _sums(tables.moves[:, c.MOVE_LEGS])
    dwells = _sums(tables.moves[:, c.MOVE_DWELL])
    begin, end = tables.paths[:, c.PATH_MOVE], tables.paths[:, c.PATH_END]
    fixed = tables.paths[:, c.PATH_DWELL] + until[legs[end]] - until[legs[begin]]
    return end - begin, fixed + dwells[end] - dwells[begin]


def _sums(values: IntArray) -> IntArray:
    """Sums of the first 0, 1, ... values; the legs of moves follow each other without gaps."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values)))
