"""Trains a day that a line lets through when trains never lack at either end.

Method (c) of capacity: the line is fed from both ends, the next train of a feed being ready as soon
as the one before it has entered. What has warmed up is discarded, the rest is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from keruen.errors import require_range
from keruen.events.calendar import DAY_MS
from keruen.rail.dispatch.compiling import Rejection, compile_dispatch
from keruen.rail.dispatch.network import Network, Setting, TrainPath, Trains
from keruen.rail.dispatch.running import run


class Feed(NamedTuple):
    """An endless supply of trains at one end.

    Parameters
    ----------
    paths : tuple of int
        Paths of its trains, taken in turn: the mix of classes.
    weight : int
        Their weight.
    """

    paths: tuple[int, ...]
    weight: int = 1


class Saturation(NamedTuple):
    """What a saturated line lets through.

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
    """Feed a line without end and count.

    Parameters
    ----------
    network, paths
        The line; see :mod:`keruen.rail.dispatch.network`.
    feeds : sequence of Feed
        One for each end, or more.
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

    Notes
    -----
    Between the first and the last train to leave in the days counted there are one train fewer
    intervals than trains: the rate is (trains - 1) over that time, so that a steady line gives its
    rate without the error of a broken period at either end.
    """
    require_range("days_discarded", days[0], 0)
    require_range("days_counted", days[1], 1)
    for feed in feeds:
        require_range("paths_of_feed", len(feed.paths), 1)
    least = [min(min(paths[path].run_ms) for path in feed.paths) for feed in feeds]
    counts = [_most_trains(network, paths, feed, sum(days)) for feed in feeds]
    trains = _fed_trains(feeds, counts)
    compiled = compile_dispatch(network, paths, trains)
    if compiled.rejections or min(least) <= 0:
        return Saturation((0.0,) * len(feeds), compiled.rejections)
    until = sum(days) * DAY_MS
    outcome = run(compiled, setting._replace(recording=False), until)
    rates = []
    begin = 0
    for count in counts:
        finish = outcome.finish_ms[begin : begin + count]
        counted = np.sort(finish[(finish >= days[0] * DAY_MS) & (finish <= until)])
        spell = int(counted[-1] - counted[0]) if len(counted) > 1 else 0
        rates.append((len(counted) - 1) * DAY_MS / spell if spell else 0.0)
        begin += count
    return Saturation(tuple(rates))


def _most_trains(network: Network, paths: Sequence[TrainPath], feed: Feed, days: int) -> int:
    """More trains than can pass the feed's slowest-filling section in so many days."""
    most = 0
    for number in feed.paths:
        path = paths[number]
        for place, section in enumerate(path.sections):
            if not 0 <= section < len(network.sections):
                continue
            line = network.sections[section]
            apart = max(line.headway_ms, 1)
            if line.tracks == 1:
                apart = max(1, min(apart, path.run_ms[place]))
            least = max(apart, 30_000)
            most = max(most, line.tracks * days * DAY_MS // least)
            break
    return int(min(most, 3_000 * days)) + 64


def _fed_trains(feeds: Sequence[Feed], counts: Sequence[int]) -> Trains:
    path, weight, next_train = [], [], []
    begin = 0
    for feed, count in zip(feeds, counts, strict=True):
        path.append(np.resize(np.array(feed.paths, dtype=np.int64), count))
        weight.append(np.full(count, feed.weight, dtype=np.int64))
        following = np.arange(begin + 1, begin + count + 1)
        following[-1] = -1
        next_train.append(following)
        begin += count
    total = np.concatenate(path)
    return Trains(
        total,
        np.zeros(len(total), dtype=np.int64),
        np.concatenate(weight),
        np.concatenate(next_train),
    )
