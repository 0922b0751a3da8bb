"""Run a compiled timetable: arrays in, flat records out."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import require_range
from keruen.rail.dispatch import columns as c
from keruen.rail.dispatch.columns import Chance, IntArray
from keruen.rail.dispatch.compiling import Compiled
from keruen.rail.dispatch.locks import Lock, find_lock
from keruen.rail.dispatch.look_ahead import advance_looking_ahead
from keruen.rail.dispatch.loop import NEVER, advance, make_ready
from keruen.rail.dispatch.network import Guard, Policy, Setting, Spread

_TINY: Final = 1e-9


class End(IntEnum):
    """How a run ended."""

    COMPLETE = 0
    LOCKED = 1


class Records(NamedTuple):
    """What happened, a row for each run over a section and each stay at a point.

    ``kind`` 0 is a run over a section (``element``: section; ``track``: its lane), 1 a stay at a
    point (``track`` -1: outside, before entering; or kept in the section before it, so that it does
    not arrive together with another; tracks beyond those of the point: places at block signals
    before it). ``cause`` is a :class:`keruen.rail.dispatch.network.Cause`. Trains are numbered as
    in the timetable given.
    """

    train: NDArray[np.int32]
    kind: NDArray[np.int32]
    element: NDArray[np.int32]
    track: NDArray[np.int32]
    cause: NDArray[np.int32]
    enter_ms: IntArray
    leave_ms: IntArray


class Dispatch(NamedTuple):
    """Outcome of a run.

    Parameters
    ----------
    end : End
        ``LOCKED`` where some trains lock each other; else ``COMPLETE``, also where the run was
        stopped at a time with trains under way.
    finish_ms : array of int
        When each train in the arrays left its destination; -1: it has not.
    lost_ms : array of int
        Time each lost by waiting and by stopping for others.
    log : array of int, shape (records, 3)
        What happened, packed; :func:`records_of` unpacks it.
    numbers : array of int
        Number in the timetable given, of each train in the arrays.
    lock : Lock or None
        Who waits for whom.
    most_at_once, conflicts, searches, gates, overruled : int
        Most trains in the network at once; waits for other trains; searches for a certified order;
        look-ahead's conflicts, and those it decided against priority.
    """

    end: End
    finish_ms: IntArray
    lost_ms: IntArray
    log: IntArray
    numbers: IntArray
    lock: Lock | None
    most_at_once: int
    conflicts: int
    searches: int
    gates: int
    overruled: int


def chance_of(setting: Setting) -> Chance:
    """Flatten what is random in a setting.

    Raises
    ------
    keruen.errors.RangeError
        If a mean or a deviation is negative, a range is turned round, or a stretch leaves no
        running time.
    """
    for name, (kind, low, high), least in (
        ("delay", setting.delay, -math.inf),
        ("stretch", setting.stretch, -1.0 + _TINY),
    ):
        require_range(f"{name}_low", low, -math.inf if kind is Spread.LOGNORMAL else least)
        require_range(f"{name}_high", high, low if kind is Spread.UNIFORM else 0.0)
    return Chance(
        setting.seed,
        setting.draw,
        int(setting.delay.spread),
        float(setting.delay.low),
        float(setting.delay.high),
        int(setting.stretch.spread),
        float(setting.stretch.low),
        float(setting.stretch.high),
    )


def new_memory(compiled: Compiled, setting: Setting) -> IntArray:
    """Memory before the first event, with room for the records."""
    image = compiled.image
    guard = compiled.guard if setting.guard is None else setting.guard
    if guard == Guard.LINE and compiled.guard != Guard.LINE:
        guard = Guard.ORDER
    records = _records_at_most(compiled) if setting.recording else 0
    memory = np.empty(len(image) + records * c.RECORD_COLUMNS, dtype=np.int64)
    memory[: len(image)] = image
    memory[c.RECORDS_END] = len(memory)
    memory[c.GUARD] = guard
    memory[c.POLICY] = setting.policy
    memory[c.HORIZON] = setting.horizon_ms
    memory[c.RECORDING] = int(setting.recording)
    return memory


def _records_at_most(compiled: Compiled) -> int:
    """Each train: delayed, entering, at the origin; each move: its legs and four stays."""
    tables = compiled.tables
    legs = np.concatenate(([0], np.cumsum(tables.moves[:, c.MOVE_LEGS] + 4)))
    of_path = 4 + legs[tables.paths[:, c.PATH_END]] - legs[tables.paths[:, c.PATH_MOVE]]
    return int(of_path[tables.trains[:, 1]].sum())


def train_rows(memory: IntArray) -> IntArray:
    """Rows of the trains, shape (trains, TRAIN_WIDTH): a view."""
    begin, count = int(memory[c.TRAINS_AT]), int(memory[c.TRAIN_COUNT])
    width = int(memory[c.TRAIN_WIDTH])
    return memory[begin : begin + count * width].reshape(count, width)


def run(compiled: Compiled, setting: Setting, until_ms: int = NEVER - 1) -> Dispatch:
    """Run all trains to their ends, or until they lock, or until a time.

    Parameters
    ----------
    compiled : Compiled
        See :func:`keruen.rail.dispatch.compiling.compile_dispatch`.
    setting : Setting
        Policy, guard, seed, disturbances.
    until_ms : int
        Stop after this time.

    Returns
    -------
    Dispatch
        Times and records.

    Raises
    ------
    keruen.errors.RangeError
        As :func:`chance_of`.
    """
    memory = new_memory(compiled, setting)
    chance = chance_of(setting)
    make_ready(memory, chance)
    if setting.policy == Policy.LOOK_AHEAD:
        advance_looking_ahead(memory, chance, until_ms)
    else:
        advance(memory, chance, until_ms)
    if memory[c.FULL]:
        raise AssertionError("the memory of the dispatcher is too short")
    return _outcome(compiled, memory, until_ms)


def _outcome(compiled: Compiled, memory: IntArray, until_ms: int) -> Dispatch:
    trains = train_rows(memory)
    done = trains[:, c.STATUS] == c.DONE
    locked = until_ms == NEVER - 1 and not bool(done.all())
    return Dispatch(
        End.LOCKED if locked else End.COMPLETE,
        np.where(done, trains[:, c.ABLE], -1),
        trains[:, c.LOST].copy(),
        memory[memory[c.RECORDS_AT] : memory[c.RECORD_NEXT]].reshape(-1, c.RECORD_COLUMNS),
        compiled.numbers,
        find_lock(compiled, memory) if locked else None,
        *(int(memory[key]) for key in (c.MOST_AT_ONCE, c.CONFLICTS, c.SEARCHES)),
        *(int(memory[key]) for key in (c.GATES, c.OVERRULED)),
    )


def records_of(dispatch: Dispatch) -> Records:
    """Unpack what happened, in the order in which it ended."""
    rows = dispatch.log
    word = rows[:, c.REC_WHAT].copy()
    parts = []
    for bits in (c.CAUSE_BITS, c.TRACK_BITS, c.KIND_BITS, c.ELEMENT_BITS):
        parts.append((word & ((1 << bits) - 1)).astype(np.int32))
        word >>= bits
    cause, track, kind, element = parts
    train = dispatch.numbers[word].astype(np.int32)
    times = rows[:, c.REC_ENTER].copy(), rows[:, c.REC_LEAVE].copy()
    return Records(train, kind, element, track - 1, cause, *times)
