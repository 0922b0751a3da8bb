"""A binary heap of events in a stretch of a flat array.

A row of the heap is an event: time, order, item. ``order`` joins the priority and the serial number
of the event, so that two events never compare equal and the same run gives the same order. The
stretch begins at ``base`` with a row of its own, (events waiting, events ever pushed, capacity);
events stand in the rows behind it, 1 to size, so that the parent of row k is row k // 2.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.jit import part

IntArray = NDArray[np.int64]

ROW: Final = 3
_TIME: Final = 0
_ORDER: Final = 1
_ITEM: Final = 2

SERIALS: Final = 1 << 40
"""So many events can be pushed before serial numbers would run into the priority."""


def heap_length(capacity: int) -> int:
    """Numbers that a heap of some capacity takes in its array."""
    return ROW * (capacity + 1)


@part
def make_heap(array: IntArray, base: int, capacity: int) -> None:
    """Make an empty heap.

    Parameters
    ----------
    array : array of int
        Holds the heap among whatever else.
    base : int
        Where the heap begins.
    capacity : int
        Most events that ever wait at once.

    Examples
    --------
    >>> array = np.zeros(heap_length(4), dtype=np.int64)
    >>> make_heap(array, 0, 4)
    >>> push(array, 0, 20, 0, 7), push(array, 0, 10, 1, 8), push(array, 0, 10, 0, 9)
    (True, True, True)
    >>> [pop(array, 0), pop(array, 0), pop(array, 0), pop(array, 0)]
    [9, 8, 7, -1]
    """
    array[base] = 0
    array[base + 1] = 0
    array[base + 2] = capacity


@part
def waiting(array: IntArray, base: int) -> int:
    """Events that wait."""
    return int(array[base])


@part
def first_time(array: IntArray, base: int) -> int:
    """Time of the first event; one must wait."""
    return int(array[base + ROW + _TIME])


@part
def push(array: IntArray, base: int, time: int, priority: int, item: int) -> bool:
    """Add an event; False, and nothing changed, where the heap is full.

    Parameters
    ----------
    array, base
        See :func:`make_heap`.
    time : int
        When it happens, milliseconds.
    priority : int
        Among events of one time the least comes first; among those, the one pushed first.
    item : int
        Whatever the engine wants to know of it.
    """
    if array[base] >= array[base + 2]:
        return False
    order = priority * SERIALS + array[base + 1]
    array[base + 1] += 1
    array[base] += 1
    place = array[base]
    while place > 1:
        row = base + ROW * (place >> 1)
        before = array[row + _TIME]
        if before < time or (before == time and array[row + _ORDER] < order):
            break
        below = base + ROW * place
        array[below + _TIME] = before
        array[below + _ORDER] = array[row + _ORDER]
        array[below + _ITEM] = array[row + _ITEM]
        place >>= 1
    row = base + ROW * place
    array[row + _TIME] = time
    array[row + _ORDER] = order
    array[row + _ITEM] = item
    return True


@part
def pop(array: IntArray, base: int) -> int:
    """Take the first event out and return its item; -1 where none waits."""
    size = array[base]
    if size == 0:
        return -1
    item = array[base + ROW + _ITEM]
    last = base + ROW * size
    time = array[last + _TIME]
    order = array[last + _ORDER]
    moved = array[last + _ITEM]
    size -= 1
    array[base] = size
    place = 1
    child = 2
    while child <= size:
        row = base + ROW * child
        below = array[row + _TIME]
        if child < size:
            # As numbers instead of branches: which of two children comes first cannot be foreseen.
            right = array[row + ROW + _TIME]
            sooner = array[row + ROW + _ORDER] < array[row + _ORDER]
            other = int(right < below) | (int(right == below) & int(sooner))
            child += other
            row += ROW * other
            below = array[row + _TIME]
        if time < below or (time == below and order < array[row + _ORDER]):
            break
        above = base + ROW * place
        array[above + _TIME] = below
        array[above + _ORDER] = array[row + _ORDER]
        array[above + _ITEM] = array[row + _ITEM]
        place = child
        child = place << 1
    row = base + ROW * place
    array[row + _TIME] = time
    array[row + _ORDER] = order
    array[row + _ITEM] = moved
    return int(item)
