from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keruen.rail.dispatch.line_feeds import (
    by_timetable,
    in_turn,
    kinds_of,
    ways_of_kinds,
    with_approaches,
)
from keruen.rail.line import Block, LineAllowances
from keruen.rail.timetable import mixed_order, regular_paths
from support.lines import gap, line_of

LINE = line_of(*[gap(24.0, 25.0)] * 2, tracks=2, allowances=LineAllowances(window_single_min=60.0))


def test_the_line_goes_on_beyond_its_ends() -> None:
    longer = with_approaches(LINE)
    assert [one.tracks for one in longer.gaps] == [2, 1, 1, 2]
    assert longer.gaps[0].headway_min < min(one.headway_min for one in LINE.gaps)
    offered = in_turn(LINE, mixed_order(((1, 1),)), 1, True)
    assert [one.window_ms for one in offered.network.sections] == [0, 3_600_000, 3_600_000, 0]


def test_trains_may_follow_without_an_interval_under_semi_automatic_block() -> None:
    close = LINE.gaps[0]._replace(block=Block.SEMI_AUTOMATIC, headway_min=0.0)
    longer = with_approaches(replace(LINE, gaps=(close, close)))
    assert longer.gaps[0].headway_min > 0.0


def test_trains_in_turn_are_a_chain_in_the_order_given() -> None:
    order = ((0, True), (0, True), (0, False))
    offered = in_turn(LINE, order, 1, False)
    feeds = offered.trains.feeds
    assert feeds is not None
    assert feeds[:-1].tolist() == list(range(1, len(feeds)))
    assert feeds[-1] == -1
    assert offered.odd[:6].tolist() == [True, True, False] * 2
    # More than the signalling lets through: a headway of 8 minutes for all on single track.
    assert len(feeds) >= 1440 / 8


@pytest.mark.parametrize("early", [False, True])
def test_trains_of_a_timetable_come_in_its_period(early: bool) -> None:
    offered = by_timetable(LINE, 2, False, early=early)
    for way in (offered.odd, ~offered.odd):
        apart = np.diff(offered.trains.earliest_ms[way])
        assert set(apart.tolist()) == {57 * 60_000 + 2}  # 57 minutes, a millisecond an end
    assert offered.trains.earliest_ms.min() >= 0
    assert max(max(path.dwell_ms) for path in offered.paths) > 0


def test_a_regular_path_goes_forward_and_repeats() -> None:
    odd, even = regular_paths(LINE, 57.0)
    assert odd.odd
    assert not even.odd
    assert odd.entry_min[0] < odd.entry_min[1]
    assert even.entry_min[0] > even.entry_min[1]


def test_rounds_of_the_same_trains_have_their_ways_alike() -> None:
    few, many = (mixed_order(((odd, 1),)) for odd in (1, 5))
    assert kinds_of(few) == kinds_of(many) == ((0, False), (0, True))
    network, paths = ways_of_kinds(LINE, kinds_of(few), True)
    for order in (few, many):
        offered = in_turn(LINE, order, 1, True)
        assert (offered.network, offered.paths) == (network, paths)
    assert [path.points[0] for path in paths] == [4, 0]
    assert ways_of_kinds(LINE, kinds_of(few), False)[0] != network
