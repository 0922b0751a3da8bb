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
    rows = memory[begin : begin + count * c.TRAIN_COLUMNS].reshape(count, c.TRAIN_COLUMNS)
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
    """Tracks, one of which would let the train go on: those of the first point that is full."""
    move = int(train[c.MOVE])
    leg = int(memory[move + c.MOVE_LEG])
    needs = [(int(memory[move + c.MOVE_POINT]), int(memory[move + c.MOVE_FIT]))]
    for _ in range(int(memory[move + c.MOVE_LEGS]) - 1):
        between = int(memory[leg + c.LEG_POINT])
        needs.append((between, int(memory[between + c.POINT_ALL])))
        leg += c.LEG_COLUMNS
    for point, fit in needs:
        if fit & ~int(memory[point + c.HELD]) == 0:
            return [(point, track) for track in range(fit.bit_length()) if fit >> track & 1]
    return []


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
