"""Capacity of a line by dispatching: as many trains as get through when they never lack.

Method (c) beside the parallel timetable and compression, on the same line and with the same record.
Trains stand ready at both ends, in turns, so that neither direction gets ahead; first come is first
served, and what leaves the line in the days counted is its capacity. Background trains run between
those sought, evenly spread, and so many trains are sought that the two together fill the days for
which the background is stated. Of an odd number of tracks at a place on single track one is left
out.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, error, require_range
from keruen.events.calendar import DAY_MS
from keruen.rail.dispatch.compiling import compile_dispatch
from keruen.rail.dispatch.line_network import Windows, line_network, line_path
from keruen.rail.dispatch.network import Setting, Trains
from keruen.rail.dispatch.running import run
from keruen.rail.line import DOUBLE, Block, LineDescription
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineMethod, LineResult, SectionResult, share_of_heavier
from keruen.rail.timetable import mixed_order
from keruen.units import MINUTES_PER_DAY

DAYS: Final = (5, 40)
"""Days discarded and counted; a longer count changes the rate of an undisturbed line by little."""
STATED_DAYS: Final = 4
"""Days over which parts of background trains add up to whole ones."""
_TRIALS: Final = 12
"""Numbers of trains sought that are tried at most; a few do."""


def dispatch_capacity(line: LineDescription, level: Level = Level.MAXIMAL) -> LineResult:
    """Capacity of a line by saturating it.

    Maximal: the day without windows. Available: with the maintenance windows of all gaps at the
    same time of day, times the reliability. Practical: less the greatest reserve of the gaps.

    Parameters
    ----------
    line : LineDescription
        Places, gaps, trains and allowances; packets form as they may. Directions must be alike.
    level : Level
        Maximal, available or practical.

    Returns
    -------
    LineResult
        Pairs a day of the class sought. The binding stretch is the gap that a pair takes longest.

    Raises
    ------
    FailedError
        ``line_cannot_be_saturated`` when a train of the line cannot run at all.
    keruen.errors.RangeError
        If the directions differ.

    Examples
    --------
    >>> from keruen.rail.crossing import StationIntervals
    >>> from keruen.rail.line import Gap, Place, TrainClass
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(0, 0, 2, 2), (15.0,), (15.0,))
    >>> places = tuple(Place(name, 2, 1050.0) for name in "ABC")
    >>> line = LineDescription(places, (gap, gap), (TrainClass("freight", 1000.0),))
    >>> round(dispatch_capacity(line).pairs_per_day, 1), round(1440.0 / 34.0, 1)
    (42.4, 42.4)
    """
    require_range("directions_alike", min(share_of_heavier(line)), 1.0, 1.0)
    windows = level is not Level.MAXIMAL
    factor = _share_of_day(line, level)
    free = _saturated(line, (0,) * len(line.classes), 1, windows) * factor
    left = _beside_background(line, windows, factor) if line.background else free
    stated = max(line.classes[line.sought][2:4])
    whole = _saturated(line, (0,) * len(line.classes), 1, False)
    consumption = (free - left + stated) / whole if whole > 0.0 else 1.0
    gap = max(range(len(line.gaps)), key=lambda g: _pair_min(line, g))
    period = MINUTES_PER_DAY / (free / factor) if free > 0.0 else math.inf
    binding = SectionResult(gap, gap + 1, period, left, left, consumption)
    return LineResult(LineMethod.DISPATCH, level, left, left, binding, (binding,))


def _share_of_day(line: LineDescription, level: Level) -> float:
    """What reliability and reserve leave of the trains, where they leave least."""
    if level is Level.MAXIMAL:
        return 1.0
    days = [line.allowances.of_gap(gap.tracks) for gap in line.gaps]
    reserve = max(day.reserve_share for day in days) if level is Level.PRACTICAL else 0.0
    return line.allowances.reliability_share * (1.0 - reserve)


def _beside_background(line: LineDescription, windows: bool, factor: float) -> float:
    """Pairs a day of the class sought that run beside the background.

    Reliability and reserve leave less than the day: the background and the trains sought have to
    find room in that part of it.
    """
    background = tuple(
        round(max(line.classes[i].odd_per_day, line.classes[i].even_per_day) * STATED_DAYS)
        if i in line.background
        else 0
        for i in range(len(line.classes))
    )

    def days_taken(sought: int) -> float:
        rate = _saturated(line, background, sought, windows) * factor
        return (sum(background) + sought) / rate if rate > 0.0 else math.inf

    if sum(background) and days_taken(0) >= STATED_DAYS:
        return 0.0
    free = _saturated(line, (0,) * len(background), 1, windows) * factor
    sought, found = max(1, round(free * STATED_DAYS)), 0.0
    for _ in range(_TRIALS):
        days = days_taken(sought)
        if math.isinf(days):
            return 0.0
        found = max(0.0, sought + (STATED_DAYS - days) * (sum(background) + sought) / days)
        if abs(found - sought) <= 1.0:
            break
        sought = max(1, round(found))
    return found / STATED_DAYS


@lru_cache(maxsize=512)
def _saturated(
    line: LineDescription, background: tuple[int, ...], sought: int, windows: bool
) -> float:
    """Pairs a day of all trains, those sought and the background in turn."""
    counts = [(number, 0) for number in background]
    counts[line.sought] = (sought, 0)
    order = [position for position, _ in mixed_order(tuple(counts))]
    network = line_network(line, Windows(windows), even_tracks=True)
    paths = [line_path(line, i, odd) for i in range(len(line.classes)) for odd in (True, False)]
    each = math.ceil(_most_per_day(line) * sum(DAYS)) + len(order)
    trains = _taking_turns(np.resize(np.array(order, dtype=np.int64), each))
    compiled = compile_dispatch(network, paths, trains)
    if compiled.rejections:
        reason = str(compiled.rejections[0].reason)
        raise FailedError([error("line_cannot_be_saturated", reason=reason)])
    outcome = run(compiled, Setting(recording=False), sum(DAYS) * DAY_MS)
    finish = outcome.finish_ms
    return min(_rate(finish[:each]), _rate(finish[each:]))


def _taking_turns(classes: NDArray[np.int64]) -> Trains:
    """As many trains of each direction, odd ones first; an entry makes the next ready.

    Odd train k is followed by even train k + 1 and even train k by odd train k + 1, so that neither
    direction gets ahead: where both never lack, first come lets one crowd the other out.
    """
    each = len(classes)
    onward = np.arange(1, each + 1)
    onward[-1] = -1
    across = np.where(onward >= 0, onward + each, -1)
    return Trains(
        np.concatenate([2 * classes, 2 * classes + 1]),
        np.zeros(2 * each, dtype=np.int64),
        np.ones(2 * each, dtype=np.int64),
        np.concatenate([across, onward]),
    )


def _rate(finish_ms: NDArray[np.int64]) -> float:
    """Trains a day between the first and the last to leave in the days counted."""
    counted = np.sort(finish_ms[finish_ms >= DAYS[0] * DAY_MS])
    spell = int(counted[-1] - counted[0]) if len(counted) > 1 else 0
    return (len(counted) - 1) * DAY_MS / spell if spell else 0.0


def _most_per_day(line: LineDescription) -> float:
    """More trains of a direction than signalling lets through."""
    most = math.inf
    for gap in line.gaps:
        apart = gap.headway_min
        if gap.block is Block.SEMI_AUTOMATIC:
            apart += min(*gap.odd_min, *gap.even_min)
        most = min(most, MINUTES_PER_DAY * math.ceil(gap.tracks / DOUBLE) / apart)
    return most


def _pair_min(line: LineDescription, position: int) -> float:
    """Minutes for which a pair of the class sought takes a gap, starts and stops left out."""
    gap = line.gaps[position]
    runs = [gap.running_min(line.sought, odd) for odd in (True, False)]
    if gap.tracks < DOUBLE:
        return sum(runs)
    if gap.block is Block.AUTOMATIC:
        return gap.headway_min * DOUBLE / gap.tracks
    return (max(runs) + gap.headway_min) * DOUBLE / gap.tracks


def without_background(line: LineDescription) -> LineDescription:
    """The same line without its background trains."""
    classes = tuple(
        train if position == line.sought else train._replace(odd_per_day=0.0, even_per_day=0.0)
        for position, train in enumerate(line.classes)
    )
    return replace(line, classes=classes)
