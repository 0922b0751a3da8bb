from __future__ import annotations

import numpy as np

from keruen.flows.curves.bpr import bpr_integral, bpr_terms
from keruen.flows.curves.queue import queue_integral, queue_terms
from keruen.flows.curves.registry import BPR, KINDS, QUEUE, delay_integral, delay_terms
from keruen.jit import plain

ROW = np.array([2.0, 8.0, 0.5, 0.9])


def test_every_kind_has_a_number_of_its_own() -> None:
    assert sorted(KINDS.values()) == list(range(len(KINDS)))


def test_the_number_picks_the_curve() -> None:
    assert delay_terms(BPR, ROW, 5.0) == plain(bpr_terms)(ROW, 5.0)
    assert delay_terms(QUEUE, ROW, 5.0) == plain(queue_terms)(ROW, 5.0)
    assert delay_integral(BPR, ROW, 5.0) == plain(bpr_integral)(ROW, 5.0)
    assert delay_integral(QUEUE, ROW, 5.0) == plain(queue_integral)(ROW, 5.0)
