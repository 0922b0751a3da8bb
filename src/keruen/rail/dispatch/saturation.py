"""Trains a day that a network lets through when trains of given relations never lack.

The relations are fed in turn: a train is ready as soon as the one before it in the round has
entered, whatever relation that is of. So no relation is ever more than a round ahead of another,
and none starves, however much better first come would serve it. What has warmed up is discarded,
the rest is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import require_range
from keruen.events.calendar import DAY_MS
from keruen.rail.dispatch.compiling import Rejection, compile_dispatch
from keruen.rail.dispatch.network import Network, Setting, TrainPath, Trains
from keruen.rail.dispatch.running import run

_MOST_A_DAY: Final = 3_000
"""More trains of one relation than are ever let through in a day."""
MIN_COUNTED: Final = 2
"""Trains from which on there is a rate."""
_SPARE: Final = 64
"""Rounds that may be under way."""


class Feed(NamedTuple):
    """An endless supply of trains of one relation.

    Parameters
    ----------
    paths : tuple of int
        Paths of its trains, taken in turn: the mix of classes.
    weight : int
        Their weight.
    per_round : int
        Trains in each round of all feeds: in this proportion the relations are let through.
    """

    paths: tuple[int, ...]
    weight: int = 1
    per_round: int = 1


class Saturation(NamedTuple):
    """What a saturated network lets through.

    Parameters
    ----------
    trains_a_day : tuple of float
        Of each feed, in its order.
    rejections : tuple of Rejection
        Trains that cannot run; then all rates are 0.
    """

    trains_a_day: tuple[float, ...]
    rejections: tuple[Rejection, ...] = ()


def saturate(
    network: Network,
    paths: Sequence[TrainPath],
    feeds: Sequence[Feed],
    setting: Setting,
    days: tuple[int, int] = (10, 60),
) -> Saturation:
    """Feed a network without end, its relations in turn, and count.

    Parameters
    ----------
    network, paths
        The network; see :mod:`keruen.rail.dispatch.network`.
    feeds : sequence of Feed
        One for each relation.
    setting : Setting
        Policy, guard, disturbances.
    days : (int, int)
        Days discarded, days counted.

    Returns
    -------
    Saturation
        Trains a day that left the network, by feed.

    Raises
    ------
    keruen.errors.RangeError
        If a feed is empty or the days are not positive.
    """
    require_range("days_discarded", days[0], 0)
    require_range("days_counted", days[1], 1)
    for feed in feeds:
        require_range("paths_of_feed", len(feed.paths), 1)
        require_range("trains_per_round", feed.per_round, 1)
    turns = order_of_round(feeds)
    rounds = min(_most_rounds(network, paths, feed, sum(days)) for feed in feeds)
    feed_of = np.tile(np.array(turns, dtype=np.int64), rounds)
    compiled = compile_dispatch(network, paths, _fed_trains(feeds, feed_of))
    if compiled.rejections:
        return Saturation((0.0,) * len(feeds), compiled.rejections)
    until = sum(days) * DAY_MS
    outcome = run(compiled, setting._replace(recording=False), until)
    rates = []
    for number in range(len(feeds)):
        rates.append(trains_a_day(outcome.finish_ms[feed_of == number], days[0]))
    return Saturation(tuple(rates))


def trains_a_day(finish_ms: NDArray[np.int64], days_discarded: int) -> float:
    """Rate at which trains are through, from the days counted.

    Parameters
    ----------
    finish_ms : int array, shape (trains,)
        When each is through, in any order; -1: it is not.
    days_discarded : int
        Days that are left out at the beginning.

    Returns
    -------
    float
        Trains a day; 0 where fewer than two are through.

    Notes
    -----
    By least squares over the trains in turn, so that trains that come in bunches give their rate
    without the error of a broken bunch at either end.

    Examples
    --------
    >>> trains_a_day(np.array([0, 1, 4, 5, 8, 9, -1]) * DAY_MS // 10, 0)
    5.2...
    """
    counted = np.sort(finish_ms[finish_ms >= days_discarded * DAY_MS])
    if len(counted) < MIN_COUNTED:
        return 0.0
    turn = np.arange(len(counted)) - (len(counted) - 1) / 2.0
    spaced = float(turn @ (counted - counted[0])) / float(turn @ turn)
    return DAY_MS / spaced if spaced > 0.0 else 0.0


def order_of_round(feeds: Sequence[Feed]) -> tuple[int, ...]:
    """Feed of each train of a round, every feed spread as evenly as it goes.

    >>> order_of_round((Feed((0,)), Feed((1,), per_round=2)))
    (1, 0, 1)
    """
    spread = sorted(
        ((train + 0.5) / feed.per_round, number)
        for number, feed in enumerate(feeds)
        for train in range(feed.per_round)
    )
    return tuple(number for _, number in spread)


def _most_rounds(network: Network, paths: Sequence[TrainPath], feed: Feed, days: int) -> int:
    """More rounds than pass the first section of a feed in so many days."""
    most = 0
    for number in feed.paths:
        path = paths[number]
        section = path.sections[0] if path.sections else -1
        if not (0 <= section < len(network.sections) and path.run_ms):
            continue  # such a path is turned away when it is compiled
        line = network.sections[section]
        apart = line.headway_ms
        if line.tracks == 1:
            apart = min(apart, path.run_ms[0])
        most = max(most, line.tracks * days * DAY_MS // max(apart, 1))
    return int(min(most, _MOST_A_DAY * days)) // feed.per_round + _SPARE


def _fed_trains(feeds: Sequence[Feed], feed_of: NDArray[np.int64]) -> Trains:
    """Trains of the feeds in the order given; the entry of each makes the next one ready."""
    path = np.zeros_like(feed_of)
    weight = np.zeros_like(feed_of)
    for number, feed in enumerate(feeds):
        own = feed_of == number
        path[own] = np.resize(np.array(feed.paths, dtype=np.int64), int(own.sum()))
        weight[own] = feed.weight
    following = np.arange(1, len(feed_of) + 1)
    following[-1] = -1
    return Trains(path, np.zeros_like(feed_of), weight, following)
