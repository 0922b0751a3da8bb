from __future__ import annotations

import random

import pytest

from keruen.rail.dispatch.closing import (
    LegRun,
    Shut,
    common_period_ms,
    returns,
    shut_begins,
)
from keruen.rail.dispatch.network import Window


def meets(legs: list[LegRun], begin: int) -> bool:
    """By looking at every millisecond of every leg."""
    return any(
        (begin + leg.offset_ms + step - window.start_ms) % window.period_ms < window.length_ms
        for leg in legs
        for window in leg.windows
        for step in range(leg.lasting_ms)
    )


@pytest.mark.parametrize("seed", range(40))
def test_stretches_are_the_beginnings_that_meet_a_window(seed: int) -> None:
    dice = random.Random(seed)
    legs, offset = [], 0
    for _ in range(dice.randint(1, 3)):
        lasting = dice.randint(1, 6)
        windows = [
            Window(dice.randrange(40), dice.randint(0, 3), dice.choice((8, 12, 24)))
            for _ in range(dice.randint(0, 3))
        ]
        legs.append(LegRun(offset, lasting, tuple(windows)))
        offset += lasting
    found = shut_begins(legs)
    if not found.period_ms:
        assert not any(meets(legs, begin) for begin in range(48))
        return
    shut = [any(a <= begin < b for a, b in found.stretches) for begin in range(found.period_ms)]
    assert shut == [meets(legs, begin) for begin in range(found.period_ms)]
    waits = [
        next((k for k in range(found.period_ms) if not shut[(begin + k) % found.period_ms]), None)
        for begin in range(found.period_ms)
    ]
    if None in waits:
        assert found.for_ever
    else:
        assert found.longest_ms == max(wait for wait in waits if wait is not None)


def test_a_window_over_midnight_comes_twice_in_the_stretches() -> None:
    assert shut_begins([LegRun(0, 2, (Window(22, 4, 24),))]) == Shut(24, ((0, 2), (21, 26)), 5)


def test_windows_whose_gaps_are_shorter_than_the_run_shut_it_for_ever() -> None:
    windows = (Window(0, 2, 12), Window(6, 2, 12))
    assert not shut_begins([LegRun(0, 4, windows)]).for_ever
    assert shut_begins([LegRun(0, 5, windows)]).for_ever
    assert (common_period_ms(windows), returns(windows)) == (12, 2)
    assert common_period_ms(()) == 0
