from __future__ import annotations

import heapq
import random

import numpy as np

from keruen.events.heap import first_time, heap_length, make_heap, pop, push, waiting
from keruen.jit import plain


def test_events_come_by_time_then_priority_then_serial() -> None:
    dice = random.Random(7)
    array = np.zeros(10 + heap_length(300), dtype=np.int64)
    make_heap(array, 10, 300)
    expected: list[tuple[int, int, int]] = []
    for serial in range(2000):
        if expected and (len(expected) == 300 or dice.random() < 0.45):
            time, _, item = heapq.heappop(expected)
            assert first_time(array, 10) == time
            assert pop(array, 10) == item
        else:
            time, priority = dice.randrange(50), dice.randrange(3)
            assert push(array, 10, time, priority, serial)
            heapq.heappush(expected, (time, priority * 2**40 + serial, serial))
        assert waiting(array, 10) == len(expected)
        # Serial numbers of the heap count pushes alone; ours count both, in the same order.
    assert (array[:10] == 0).all()


def test_a_full_heap_says_so_and_an_empty_one_too() -> None:
    array = np.zeros(heap_length(2), dtype=np.int64)
    make_heap(array, 0, 2)
    for call in (push, plain(push)):
        make_heap(array, 0, 2)
        assert [call(array, 0, 5, 0, item) for item in range(3)] == [True, True, False]
    assert [plain(pop)(array, 0), pop(array, 0), pop(array, 0)] == [0, 1, -1]
