"""Capacity of a line by dispatching: as many trains as get through when they never lack.

Method (c) beside the parallel timetable and compression, on the same line and with the same record.
Trains stand ready beyond both ends, in turns, so that neither direction gets ahead of its share;
first come is first served, and what leaves the line in the days counted is its capacity. Background
trains run between those sought, evenly spread, and so many trains are sought that the two together
fill the days for which the background is stated. Of an odd number of tracks at a place on single
track one is left out.

First come has no foresight: a train that never lacks comes too early to the place where it could
run through, and stops. One class of trains in equal numbers is therefore also run at the times of
the parallel timetable, and the better of the two counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, error
from keruen.events.calendar import DAY_MS
from keruen.rail.dispatch.compiling import (
    Compiled,
    Ways,
    compile_dispatch,
    compile_ways,
    with_trains,
)
from keruen.rail.dispatch.line_feeds import (
    Order,
    by_timetable,
    in_turn,
    kinds_of,
    ways_of_kinds,
)
from keruen.rail.dispatch.network import Setting
from keruen.rail.dispatch.running import run
from keruen.rail.dispatch.saturation import trains_a_day
from keruen.rail.line import DOUBLE, Block, LineDescription
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import (
    LineMethod,
    LineResult,
    SectionResult,
    round_of_directions,
    share_of_heavier,
)
from keruen.rail.parallel_timetable import parallel_timetable
from keruen.rail.timetable import mixed_order
from keruen.units import MINUTES_PER_DAY

Counts = tuple[tuple[int, int], ...]
"""Odd and even trains of each class."""

DAYS: Final = (5, 40)
"""Days discarded and counted; a longer count changes the rate of an undisturbed line by little."""
STATED_DAYS: Final = 4
"""Days over which parts of background trains add up to whole ones."""
_TRIALS: Final = 12
"""Numbers of trains sought that are tried at most; a few do."""
_LOOK_BEYOND: Final = 2
"""Rounds beyond those that fit of which one more might."""
_MOST_OFFERED: Final = 600
"""Pairs of a timetable that are offered, if days are to be left out: those that find no room wait
outside and are looked at again and again."""


def dispatch_capacity(
    line: LineDescription, level: Level = Level.MAXIMAL, days: tuple[int, int] = DAYS
) -> LineResult:
    """Capacity of a line by saturating it.

    Maximal: the day without windows. Available: with the maintenance windows of all gaps at the
    same time of day, times the reliability. Practical: less the greatest reserve of the gaps.

    Parameters
    ----------
    line : LineDescription
        Places, gaps, trains and allowances; packets form as they may.
    level : Level
        Maximal, available or practical.
    days : (int, int)
        Days discarded, days counted.

    Returns
    -------
    LineResult
        Trains a day of the class sought, in the proportion of its directions. The binding stretch
        is the gap that a pair takes longest. What background consumes is found from trains in turns
        with and without it.

    Raises
    ------
    FailedError
        ``line_cannot_be_saturated`` when a train of the line cannot run at all.

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
    windows = level is not Level.MAXIMAL
    factor = _share_of_day(line, level)
    shares = share_of_heavier(line)
    if line.background:
        free = _free(line, windows, days) * factor
        whole = _free(line, False, days)
        left = _beside_background(line, windows, factor, days)
    else:
        free = left = _best(line, windows, days) * factor
        whole = _best(line, False, days)
    stated = max(line.classes[line.sought][2:4])
    consumption = (free - left + stated) / whole if whole > 0.0 else 1.0
    gap = max(range(len(line.gaps)), key=lambda g: _pair_min(line, g))
    period = MINUTES_PER_DAY / whole if whole > 0.0 else math.inf
    odd, even = (left * share for share in shares)
    binding = SectionResult(gap, gap + 1, period, odd, even, consumption)
    return LineResult(LineMethod.DISPATCH, level, odd, even, binding, (binding,))


def _share_of_day(line: LineDescription, level: Level) -> float:
    """What reliability and reserve leave of the trains, where they leave least."""
    if level is Level.MAXIMAL:
        return 1.0
    days = [line.allowances.of_gap(gap.tracks) for gap in line.gaps]
    reserve = max(day.reserve_share for day in days) if level is Level.PRACTICAL else 0.0
    return line.allowances.reliability_share * (1.0 - reserve)


def _with_sought(line: LineDescription, background: Counts, rounds: int) -> Counts:
    """Trains of the class sought, rounds of its proportion of directions, beside the others."""
    counts = list(background)
    odd, even = round_of_directions(line)
    counts[line.sought] = (odd * rounds, even * rounds)
    return tuple(counts)


def _none_of_any(line: LineDescription) -> Counts:
    return ((0, 0),) * len(line.classes)


def _free(line: LineDescription, windows: bool, days: tuple[int, int]) -> float:
    """Trains a day of the heavier direction, of the class sought alone and in turns."""
    counts = _with_sought(line, _none_of_any(line), 1)
    return _rounds_a_day(line, counts, windows, days) * max(round_of_directions(line))


def _best(line: LineDescription, windows: bool, days: tuple[int, int]) -> float:
    """Trains a day of the heavier direction: in turns, or by the timetable if that is more."""
    free = _free(line, windows, days)
    starts_cost = any(gap.tracks < DOUBLE or gap.block is not Block.AUTOMATIC for gap in line.gaps)
    if round_of_directions(line) != (1, 1) or not starts_cost:
        return free
    return max(free, _timetabled_a_day(line, windows, days))


def _beside_background(
    line: LineDescription, windows: bool, factor: float, days: tuple[int, int]
) -> float:
    """Trains a day of the class sought that run beside the background, heavier direction.

    Reliability and reserve leave less than the day: the background and the trains sought have to
    find room in that part of it.
    """
    background = tuple(
        (round(train.odd_per_day * STATED_DAYS), round(train.even_per_day * STATED_DAYS))
        if position in line.background
        else (0, 0)
        for position, train in enumerate(line.classes)
    )

    def days_taken(rounds: int) -> float:
        counts = _with_sought(line, background, rounds)
        if not any(map(sum, counts)):
            return 0.0
        rate = _rounds_a_day(line, counts, windows, days) * factor
        return 1.0 / rate if rate > 0.0 else math.inf

    alone = days_taken(0)
    if alone >= STATED_DAYS:
        return 0.0
    each = max(round_of_directions(line))
    free = _free(line, windows, days) / each * factor
    sizes = [sum(map(sum, _with_sought(line, background, rounds))) for rounds in (0, 1)]
    found = _most_rounds(
        days_taken, max(1, round(free * (STATED_DAYS - alone))), (sizes[0], sizes[1])
    )
    return found * each / STATED_DAYS


def _most_rounds(
    days_taken: Callable[[int], float], guess: int, trains_of: tuple[int, int]
) -> float:
    """The rounds of trains sought that fill the stated days, with the part of one that is left.

    Time does not grow evenly with the rounds, since others stand between other trains. From the
    number at which the mean time of a train would fill the days the search goes on until
    :data:`_LOOK_BEYOND` more do not fit either, or down, in growing steps and back by halves, until
    one fits.

    Parameters
    ----------
    days_taken : callable
        Days that the background and so many rounds take.
    guess : int
        Rounds to begin with.
    trains_of : (int, int)
        Trains of the background alone, and with one round.
    """
    rounds = guess
    for _ in range(_TRIALS):
        taken = days_taken(rounds)
        if math.isinf(taken):
            return 0.0
        trains = trains_of[0] + rounds * (trains_of[1] - trains_of[0])
        more = (STATED_DAYS - taken) * trains / taken / (trains_of[1] - trains_of[0])
        if abs(more) <= 1.0:
            break
        rounds = max(1, round(rounds + more))
    step, too_many = 1, rounds
    while rounds > 0 and days_taken(rounds) > STATED_DAYS:
        too_many, rounds = rounds, max(0, rounds - step)
        step *= 2
    while too_many - rounds > 1:
        middle = (rounds + too_many) // 2
        if days_taken(middle) > STATED_DAYS:
            too_many = middle
        else:
            rounds = middle
    beyond = rounds + 1
    while beyond <= rounds + _LOOK_BEYOND:
        if days_taken(beyond) <= STATED_DAYS:
            rounds = beyond
        beyond += 1
    taken, over = days_taken(rounds), days_taken(rounds + 1)
    return rounds + (STATED_DAYS - taken) / (over - taken)


def _rounds_a_day(
    line: LineDescription, counts: Counts, windows: bool, days: tuple[int, int]
) -> float:
    return rounds_a_day(line, mixed_order(counts), windows, days)


@lru_cache(maxsize=512)
def rounds_a_day(
    line: LineDescription, order: Order, windows: bool, days: tuple[int, int] = DAYS
) -> float:
    """Rounds of trains that a line lets through in a day when the trains never lack.

    Parameters
    ----------
    line : LineDescription
        The line.
    order : tuple of (int, bool)
        Class and direction, odd or not, of each train of a round.
    windows : bool
        Whether maintenance windows are kept.
    days : (int, int)
        Days discarded, days counted.

    Returns
    -------
    float
        Of the direction that gets ahead less.

    Raises
    ------
    FailedError
        As :func:`dispatch_capacity`.
    """
    offered = in_turn(line, order, sum(days), windows)
    compiled = with_trains(_ways(line, kinds_of(order), windows), offered.trains)
    finish, odd = _finished(compiled, days), offered.odd
    of_odd = sum(way for _, way in order)
    found = math.inf
    for way, of_round in ((odd, of_odd), (~odd, len(order) - of_odd)):
        if of_round:
            found = min(found, trains_a_day(finish[way], days[0]) / of_round)
    return found


@lru_cache(maxsize=8)
def _ways(line: LineDescription, kinds: Order, windows: bool) -> Ways:
    """What rounds of the same kinds of trains have alike."""
    return compile_ways(*ways_of_kinds(line, kinds, windows))


@lru_cache(maxsize=512)
def _timetabled_a_day(line: LineDescription, windows: bool, days: tuple[int, int]) -> float:
    """Pairs a day of those offered at the times of the parallel timetable."""
    pairs = parallel_timetable(without_background(line)).pairs_per_day
    shorter = min(1.0, _MOST_OFFERED / (pairs * sum(days)))
    days = (math.ceil(days[0] * shorter), max(2, math.ceil(days[1] * shorter)))
    best = 0.0
    for early in (False, True):
        offered = by_timetable(line, sum(days), windows, early=early)
        compiled = compile_dispatch(offered.network, offered.paths, offered.trains)
        outcome, odd = _finished(compiled, days), offered.odd
        best = max(
            best, min(trains_a_day(outcome[odd], days[0]), trains_a_day(outcome[~odd], days[0]))
        )
    return best


def _finished(compiled: Compiled, days: tuple[int, int]) -> NDArray[np.int64]:
    """When each train is through, in ms."""
    if compiled.rejections:
        reason = str(compiled.rejections[0].reason)
        raise FailedError([error("line_cannot_be_saturated", reason=reason)])
    return run(compiled, Setting(recording=False), sum(days) * DAY_MS).finish_ms


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
