"""Trains that lock each other: who waits for whom, and a circle among them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keruen.rail.dispatch import columns as c
from keruen.rail.dispatch.columns import IntArray
from keruen.rail.dispatch.compiling import Compiled


class Waiting(NamedTuple):
    """A train that cannot go on: at which point, for a track of which, and who holds them all."""

    train: int
    at_point: int
    for_point: int
    holders: tuple[int, ...]


class Lock(NamedTuple):
    """Trains that stand for ever.

    Parameters
    ----------
    waiting : tuple of Waiting
        All that are left in the network, by number.
    cycle : tuple of int
        Trains each of which waits for a track held by the next, and the last by the first.
    outside : tuple of int
        Trains that never got in.
    """

    waiting: tuple[Waiting, ...]
    cycle: tuple[int, ...]
    outside: tuple[int, ...]


def find_lock(compiled: Compiled, memory: IntArray) -> Lock:
    """Read from a state in which nothing happens any more who waits for whom.

    Nothing moves any more, hence every train left waits for tracks that trains left hold; to follow
    holders must therefore lead in a circle.
    """
    numbers = compiled.numbers
    begin, count = int(memory[c.TRAINS_AT]), int(memory[c.TRAIN_COUNT])
    width = int(memory[c.TRAIN_WIDTH])
    rows = memory[begin : begin + count * width].reshape(count, width)
    left = np.flatnonzero((rows[:, c.STATUS] != c.DONE) & (rows[:, c.TRACK] >= 0))
    standing = {(int(rows[k, c.PLACE]), int(rows[k, c.TRACK])): int(k) for k in left}
    waiting = {}
    for train in left:
        wanted = _wanted(memory, rows[train])
        holders = tuple(sorted(standing[place] for place in wanted if place in standing))
        point = int(memory[wanted[0][0] + c.POINT_NUMBER]) if wanted else -1
        waiting[int(train)] = (point, holders)
    return Lock(
        tuple(
            Waiting(
                int(numbers[train]),
                int(memory[rows[train, c.PLACE] + c.POINT_NUMBER]),
                point,
                tuple(int(numbers[holder]) for holder in holders),
            )
            for train, (point, holders) in waiting.items()
        ),
        tuple(int(numbers[train]) for train in _cycle(waiting)),
        tuple(
            int(number)
            for number in numbers[(rows[:, c.STATUS] != c.DONE) & (rows[:, c.TRACK] < 0)]
        ),
    )


def _wanted(memory: IntArray, train: IntArray) -> list[tuple[int, int]]:
    """Tracks, or places at signals, one of which would let the train go on if nobody held it."""
    move = int(train[c.MOVE])
    lane = int(train[c.IN_LANE])
    if lane:
        before = move - c.MOVE_COLUMNS
        first = int(memory[lane + c.PLACE_BIT] + memory[lane + c.PLACE_FIRST])
        point = int(train[c.PLACE])
        if int(train[c.TRACK]) != first:
            return [(point, first)]
        return _bits(point, int(memory[before + c.MOVE_FIT]))
    leg = int(memory[move + c.MOVE_LEG])
    legs = int(memory[move + c.MOVE_LEGS])
    for place in range(legs):
        last = place == legs - 1
        between = int(memory[leg + c.LEG_POINT])
        fit = int(memory[move + c.MOVE_FIT] if last else memory[between + c.POINT_ALL])
        held = int(memory[between + c.HELD])
        places = _places(memory, int(memory[leg + c.LEG_GROUP]))
        if fit & ~held == 0 and not (last and places and any(mask & ~held for mask in places)):
            return _bits(between, fit)
        if places and all(mask & held for mask in places):
            return _bits(between, sum(places) & held)
        leg += c.LEG_COLUMNS
    return []


def _bits(point: int, mask: int) -> list[tuple[int, int]]:
    return [(point, track) for track in range(mask.bit_length()) if mask >> track & 1]


def _places(memory: IntArray, group: int) -> list[int]:
    """Places at the signals of each lane of a group; none where some lane has no such places."""
    count, bit = int(memory[group + c.GROUP_PLACES]), int(memory[group + c.GROUP_PLACE_BIT])
    own = int(memory[group + c.GROUP_OWN])
    if count == 0 or own < int(memory[group + c.GROUP_LANES]):
        return []
    return [((1 << count) - 1) << (bit + lane * count) for lane in range(own)]


def _cycle(waiting: dict[int, tuple[int, tuple[int, ...]]]) -> list[int]:
    """Follow holders from a train until one comes again."""
    for start in waiting:
        seen: list[int] = []
        train = start
        while train not in seen:
            seen.append(train)
            holders = waiting[train][1]
            if not holders:
                break
            train = holders[0]
        else:
            return seen[seen.index(train) :]
    return []
