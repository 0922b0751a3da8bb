"""Saturation of networks: no relation starves, proportions are kept."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from keruen.errors import RangeError
from keruen.events.calendar import DAY_MS
from keruen.rail.dispatch.compiling import Reason, compile_dispatch
from keruen.rail.dispatch.network import Network, Point, Section, Setting, TrainPath, Trains
from keruen.rail.dispatch.running import run
from keruen.rail.dispatch.saturation import Feed, saturate, trains_a_day

MINUTE = 60_000
BRANCHES = Network(  # two branches meet at a junction, one line leads on
    [Point((1000.0,) * tracks) for tracks in (2, 2, 2, 4)],
    [Section(0, 2, 1, 5 * MINUTE), Section(1, 2, 1, 5 * MINUTE), Section(2, 3, 1, 5 * MINUTE)],
)


def way(*points: int, run_min: int = 10, length_m: float = 800.0) -> TrainPath:
    between = [
        next(s for s, one in enumerate(BRANCHES.sections) if {one.start, one.end} == {a, b})
        for a, b in pairwise(points)
    ]
    count = len(between)
    times = (run_min * MINUTE,) * count
    return TrainPath(points, tuple(between), times, (0,) * count, (0,) * count, length_m)


RELATIONS = (way(0, 2, 3), way(3, 2, 0), way(1, 2, 3), way(3, 2, 1))
FEEDS = tuple(Feed((number,)) for number in range(len(RELATIONS)))


def first_come(days: int) -> list[int]:
    """Trains through, by relation, where each feed runs on by itself."""
    each = 300 * days
    path = np.repeat(np.arange(len(RELATIONS)), each)
    following = np.arange(1, len(path) + 1)
    following[each - 1 :: each] = -1
    feeding = Trains(path, np.zeros_like(path), np.ones_like(path), following)
    compiled = compile_dispatch(BRANCHES, RELATIONS, feeding)
    finish = run(compiled, Setting(recording=False), days * DAY_MS).finish_ms
    return [int((finish[path == number] >= 0).sum()) for number in range(len(RELATIONS))]


def test_no_relation_of_a_junction_starves() -> None:
    own = first_come(10)
    assert min(own) * 4 < max(own)  # each feed by itself: some relation is all but shut out
    rates = saturate(BRANCHES, RELATIONS, FEEDS, Setting(), (2, 20)).trains_a_day
    assert min(rates) > 10.0
    assert max(rates) == pytest.approx(min(rates), rel=0.02)


def test_relations_are_let_through_in_the_proportion_asked_for() -> None:
    feeds = (Feed((0,), per_round=3), Feed((1,), per_round=3), Feed((2,)), Feed((3,)))
    main, back, branch, to_branch = saturate(
        BRANCHES, RELATIONS, feeds, Setting(), (2, 20)
    ).trains_a_day
    assert main == pytest.approx(3.0 * branch, rel=0.05)
    assert back == pytest.approx(3.0 * to_branch, rel=0.05)


def test_what_cannot_run_is_told() -> None:
    long_one = way(0, 2, 3, length_m=1200.0)
    found = saturate(BRANCHES, [long_one], [Feed((0,))], Setting(), (1, 2))
    assert found.trains_a_day == (0.0,)
    assert found.rejections[0].reason is Reason.NO_TRACK_LONG_ENOUGH


@pytest.mark.parametrize("feed", [Feed(()), Feed((0,), per_round=0)])
def test_an_empty_feed_is_refused(feed: Feed) -> None:
    with pytest.raises(RangeError):
        saturate(BRANCHES, RELATIONS, [feed], Setting(), (1, 2))


def test_a_rate_does_not_suffer_from_broken_bunches() -> None:
    bunches = np.sort(np.concatenate([np.arange(300), np.arange(300) + 0.1])) * DAY_MS / 10
    for first in range(3):
        counted = bunches[first:].astype(np.int64)
        assert trains_a_day(counted, 0) == pytest.approx(20.0, rel=1e-4)
    assert trains_a_day(np.array([5]), 0) == 0.0
    assert trains_a_day(np.array([-1, -1, 7, 7]), 0) == 0.0
