"""When a move cannot begin because it would meet maintenance windows.

The windows of a section return each after its period, those of all sections that a move runs over
together after the least common multiple. Within it the beginnings that would meet a window are
stretches, which are found once, so that a kernel only looks up one of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from keruen.rail.dispatch.network import Window

MOST_RETURNS: Final = 20_000
"""Windows of a move within their common period; more are refused."""


class LegRun(NamedTuple):
    """A leg of a move: when after its beginning, for how long, and the windows of its section."""

    offset_ms: int
    lasting_ms: int
    windows: tuple[Window, ...]


class Shut(NamedTuple):
    """Beginnings that meet a window.

    Parameters
    ----------
    period_ms : int
        After so long they return; 0: there are no windows.
    stretches : tuple of (int, int)
        In order and apart: from, until; the first begin in [0, period), the last may end beyond it,
        its rest then comes first as well.
    longest_ms : int
        Longest wait for a beginning that meets none.
    """

    period_ms: int
    stretches: tuple[tuple[int, int], ...]
    longest_ms: int

    @property
    def for_ever(self) -> bool:
        """Whether every beginning meets a window."""
        return 0 < self.period_ms <= self.longest_ms


NEVER_SHUT: Final = Shut(0, (), 0)


def common_period_ms(windows: Sequence[Window]) -> int:
    """Time after which windows return together; 0 where there are none.

    >>> common_period_ms([Window(0, 1, 4), Window(2, 1, 6)])
    12
    """
    return math.lcm(*(window.period_ms for window in windows)) if windows else 0


def returns(windows: Sequence[Window]) -> int:
    """How often windows return within their common period.

    >>> returns([Window(0, 1, 4), Window(2, 1, 6)])
    5
    """
    period = common_period_ms(windows)
    return sum(period // window.period_ms for window in windows)


def shut_begins(legs: Sequence[LegRun]) -> Shut:
    """Find the beginnings of a move with which some leg meets a window of its section.

    A leg entered at e that lasts l meets the window [s, s + n) where e < s + n and e + l > s.

    Parameters
    ----------
    legs : sequence of LegRun
        In the order in which they are run.

    Returns
    -------
    Shut
        In whole milliseconds.

    Examples
    --------
    A run of 3 entered 10 after the beginning, a window from 4 to 6 of every 20:

    >>> shut_begins([LegRun(10, 3, (Window(4, 2, 20),))])
    Shut(period_ms=20, stretches=((12, 16),), longest_ms=4)
    """
    return _shut_begins(tuple(legs))


@lru_cache(maxsize=8192)
def _shut_begins(legs: tuple[LegRun, ...]) -> Shut:
    # The same moves are asked for by every timetable that is tried on a line.
    windows = [window for leg in legs for window in leg.windows if window.length_ms > 0]
    period = common_period_ms(windows)
    if not period:
        return NEVER_SHUT
    merged: list[list[int]] = []
    for begin, end in sorted(_stretches(legs, period)):
        if merged and begin <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([begin, end])
    # What runs over the end of the period goes on at its beginning.
    while len(merged) > 1 and merged[-1][1] - period >= merged[0][0]:
        merged[-1][1] = max(merged[-1][1], merged[0][1] + period)
        del merged[0]
    longest = max(end - begin for begin, end in merged)
    if longest >= period:
        return Shut(period, ((0, period),), period)
    if merged[-1][1] > period:
        merged.insert(0, [0, merged[-1][1] - period])
    return Shut(period, tuple((begin, end) for begin, end in merged), longest)


def _stretches(legs: Sequence[LegRun], period: int) -> Iterator[tuple[int, int]]:
    """Beginnings that meet one return of one window, the first of each in [0, period)."""
    for leg in legs:
        for window in leg.windows:
            if window.length_ms == 0:
                continue
            first = window.start_ms - leg.lasting_ms - leg.offset_ms + 1
            count = leg.lasting_ms + window.length_ms - 1
            for number in range(period // window.period_ms):
                begin = (first + number * window.period_ms) % period
                yield begin, begin + count
