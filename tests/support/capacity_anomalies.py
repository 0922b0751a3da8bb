"""Does an improvement of a line ever take capacity away, and if so: why?

The cause of a loss is found by computing: what is suspected is taken out of the line, before and
after, and where the loss is gone with it, that was the cause. The suspects are asked in a fixed
order, and the first that explains a loss is named. Most losses would vanish with any change of the
line, so a suspect has to explain the loss on lines with slightly other running times too, as far as
these lose; where none does, the loss itself is a coincidence of times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from keruen.rail.compression import NO_ADDITIONS, compress_unchecked, section_ends
from keruen.rail.compression_capacity import compression_capacity, ordered_timetable
from keruen.rail.dispatch.line_saturation import dispatch_capacity, rounds_a_day
from keruen.rail.line import LineDescription
from keruen.rail.line_capacity import Level
from keruen.rail.parallel_timetable import parallel_timetable
from keruen.rail.timetable import mixed_order
from support.capacity_lines import (
    IMPROVEMENTS,
    Better,
    draw_line,
    equal_intervals,
    equal_speeds,
    even_tracks,
    features,
    no_starts_and_stops,
    shaken,
    two_tracks,
    without_window,
)

DAYS: Final = (4, 20)
"""Days that the dispatcher discards and counts."""
LONGER: Final = (8, 80)
"""The same where it is asked whether the count was too short."""
BAR: Final = {"parallel_timetable": 1e-9, "compression": 1e-9, "dispatch": 1e-3}
"""Share of capacity from which on less is a loss; a count of days has no better resolution."""
SHAKES: Final = 4
"""So often running times are shaken to see whether a loss is a coincidence of times."""
ORDERS: Final = 8
"""Other orders of trains that are tried."""

Counts = tuple[tuple[int, int], ...]
Measure = Callable[[LineDescription], float]
Alike = Callable[[LineDescription], LineDescription]


class Change(NamedTuple):
    """One improvement of one line by one method.

    ``share`` is the change over what was carried before; ``cause`` is empty where nothing is lost.
    """

    seed: int
    method: str
    improvement: str
    share: float
    cause: str


def level_of(line: LineDescription) -> Level:
    """Available where there is a window, else maximal."""
    return Level.AVAILABLE if line.allowances.window_single_min > 0.0 else Level.MAXIMAL


def _dispatched(line: LineDescription) -> float:
    return dispatch_capacity(line, level_of(line), DAYS).trains_per_day


METHODS: Final[dict[str, Measure]] = {
    "parallel_timetable": lambda line: parallel_timetable(line, level_of(line)).trains_per_day,
    "compression": lambda line: compression_capacity(line, level_of(line)).trains_per_day,
    "dispatch": _dispatched,
}
"""Trains a day of the class sought."""


def day_of(line: LineDescription, trains_per_day: float) -> Counts:
    """Trains of four days: the background as stated, of the class sought as many as were found."""
    counts = [
        (round(train.odd_per_day * 4), round(train.even_per_day * 4)) for train in line.classes
    ]
    sought = line.classes[line.sought]
    odd, even = sought.odd_per_day, sought.even_per_day
    share = odd / (odd + even) if odd + even > 0.0 else 0.5
    of_four = 4.0 * trains_per_day
    counts[line.sought] = (
        max(1, round(of_four * share)),
        max(1, round(of_four * (1.0 - share))),
    )
    return tuple(counts)


def _through(line: LineDescription, counts: Counts, days: tuple[int, int] = DAYS) -> float:
    """Rounds of given trains that the dispatcher gets through in a day."""
    return rounds_a_day(line, mixed_order(counts), level_of(line) is not Level.MAXIMAL, days)


def _compressed(line: LineDescription, counts: Counts) -> float:
    """How often given trains, compressed, would fit into a day."""
    ends = section_ends(line, ordered_timetable(line, counts))
    laid = ordered_timetable(line, counts, ends)
    occupied = compress_unchecked(line, laid, NO_ADDITIONS, ends)
    return 1.0 / max(section.occupancy_min for section in occupied)


def orders(counts: Counts) -> Iterator[tuple[tuple[int, bool], ...]]:
    """Other orders of the same trains: in fleets, mirrored, and drawn."""
    even_spread = mixed_order(counts)
    yield even_spread[::-1]
    yield tuple(sorted(even_spread, key=lambda turn: turn[0]))
    draw = np.random.default_rng(0)
    for reach in np.linspace(1.0, 6.0, ORDERS - 2):
        moved = np.arange(len(even_spread)) + draw.uniform(0.0, reach, len(even_spread))
        yield tuple(even_spread[place] for place in np.argsort(moved, kind="stable"))


def _even(counts: Counts) -> Counts:
    return tuple((max(pair), max(pair)) for pair in counts)


class _Case(NamedTuple):
    """A loss: the line before and after, and the same lines shaken, where those lose too."""

    pairs: tuple[tuple[LineDescription, LineDescription], ...]
    counts: Counts
    bar: float

    def keeps(self, measure: Measure, alike: Alike = lambda line: line) -> bool:
        """Whether nothing is lost on any of the lines once they are made alike."""
        return all(
            measure(alike(after)) >= measure(alike(before)) * (1.0 - self.bar)
            for before, after in self.pairs
        )

    def explained_by(self, measure: Measure, suspects: dict[str, Alike]) -> str:
        """First suspect without which nothing is lost; one that changes no line is none."""
        for name, alike in suspects.items():
            changed = any(alike(line) != line for pair in self.pairs for line in pair)
            if changed and self.keeps(measure, alike):
                return name
        return ""


SUSPECTS_OF_COMPRESSION: Final[dict[str, Alike]] = {
    "dearer_crossing": equal_intervals,
    "speeds_differ": equal_speeds,
    "stops_of_the_pattern": no_starts_and_stops,
}
SUSPECTS_OF_DISPATCH: Final[dict[str, Alike]] = {
    "window": without_window,
    "odd_track": even_tracks,
    "packets": two_tracks,
    "dearer_crossing": equal_intervals,
    "speeds_differ": equal_speeds,
    "starts_and_stops": no_starts_and_stops,
}


def _shaken_losses(
    measure: Measure, before: LineDescription, improve: Better, bar: float
) -> list[tuple[LineDescription, LineDescription]]:
    """Of the line shaken in several ways, before and after, what loses as the line itself does."""
    found = []
    for seed in range(SHAKES):
        line = shaken(before, seed)
        after = improve(line)
        if after is not None and measure(after) < measure(line) * (1.0 - bar):
            found.append((line, after))
    return found


def _cause(method: str, before: LineDescription, improve: Better, carried: float) -> str:
    """Name of the first suspect that explains a loss; ``unexplained`` if none does."""
    after = improve(before)
    assert after is not None
    counts, bar = day_of(before, carried), BAR[method]
    alone = _Case(((before, after),), counts, bar)
    if method == "parallel_timetable":
        suspects: dict[str, Alike] = {"dearer_crossing": equal_intervals}
        return alone.explained_by(METHODS[method], suspects) or "unexplained"

    def same_trains(line: LineDescription) -> float:
        return _through(line, counts) if method == "dispatch" else _compressed(line, counts)

    if alone.keeps(same_trains):
        return "number_of_trains"
    if method == "dispatch" and alone.keeps(lambda line: _through(line, counts, LONGER)):
        return "length_of_count"
    losses = _shaken_losses(same_trains, before, improve, bar)
    if not losses:
        return "coincidence_of_times"
    case = _Case((*alone.pairs, *losses), counts, bar)
    if method == "compression":
        return case.explained_by(same_trains, SUSPECTS_OF_COMPRESSION) or "unexplained"
    found = case.explained_by(same_trains, SUSPECTS_OF_DISPATCH)
    if found:
        return found
    if case.keeps(lambda line: _through(line, _even(counts))):
        return "directions_differ"
    if all(_some_order_keeps(*pair, counts, bar) for pair in case.pairs):
        return "order_of_trains"
    return "unexplained"


def _some_order_keeps(
    before: LineDescription, after: LineDescription, counts: Counts, bar: float
) -> bool:
    """Whether some other order of the same trains gets through after as fast as before."""
    windows = level_of(after) is not Level.MAXIMAL
    carried = _through(before, counts)
    return any(
        rounds_a_day(after, order, windows, DAYS) >= carried * (1.0 - bar)
        for order in orders(counts)
    )


def changes(
    seeds: Iterable[int], methods: Iterable[str], improvements: Iterable[str] = IMPROVEMENTS
) -> Iterator[Change]:
    """Every improvement of every line by every method.

    A line that carries nothing of the class sought before is passed over.
    """
    methods, improvements = list(methods), list(improvements)
    for seed in seeds:
        before = draw_line(seed)
        for method in methods:
            measure = METHODS[method]
            carried = measure(before)
            if carried <= 0.0:
                continue
            for improvement in improvements:
                after = IMPROVEMENTS[improvement](before)
                if after is None:
                    continue
                share = measure(after) / carried - 1.0
                lost = share < -BAR[method]
                cause = _cause(method, before, IMPROVEMENTS[improvement], carried) if lost else ""
                yield Change(seed, method, improvement, share, cause)


class Row(NamedTuple):
    """A row of the report: one improvement by one method."""

    method: str
    improvement: str
    cases: int
    median_share: float
    lost: int
    median_loss: float
    worst_loss: float
    worst_seed: int
    causes: tuple[tuple[str, int], ...]


def report(found: Iterable[Change]) -> tuple[Row, ...]:
    """Changes by method and improvement, in the order in which they come first."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in found:
        groups.setdefault((change.method, change.improvement), []).append(change)
    rows = []
    for (method, improvement), group in groups.items():
        lost = [change for change in group if change.cause]
        worst = min(group, key=lambda change: change.share)
        causes: dict[str, int] = {}
        for change in lost:
            causes[change.cause] = causes.get(change.cause, 0) + 1
        rows.append(
            Row(
                method,
                improvement,
                len(group),
                median(change.share for change in group),
                len(lost),
                -median(change.share for change in lost) if lost else 0.0,
                -worst.share if lost else 0.0,
                worst.seed,
                tuple(sorted(causes.items(), key=lambda item: (-item[1], item[0]))),
            )
        )
    return tuple(rows)


def covered(seeds: Iterable[int]) -> dict[str, int]:
    """How many of the drawn lines have each feature."""
    found: dict[str, int] = {}
    for seed in seeds:
        for name in sorted(features(draw_line(seed))):
            found[name] = found.get(name, 0) + 1
    return found
