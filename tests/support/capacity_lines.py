"""Lines drawn from a seed, and what can be done to better them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from keruen.rail.crossing import StationIntervals
from keruen.rail.line import Block, Gap, LineAllowances, LineDescription, Place, Role, TrainClass

LONG_M: Final = 1050.0
SHORT_M: Final = 700.0

Better = Callable[[LineDescription], LineDescription | None]
"""A line improved; None where there is nothing to improve."""


def _intervals(draw: np.random.Generator) -> StationIntervals:
    low, high = (1.0, 0.5, 0.5, 3.0), (3.0, 2.0, 2.0, 6.0)
    return StationIntervals(*(float(value) for value in draw.uniform(low, high).round(1)))


def _tracks_of_gaps(draw: np.random.Generator, count: int) -> list[int]:
    """Single; or doubled from one end; or with an insert of two tracks; or double throughout."""
    tracks = [1] * count
    kind = draw.random()
    if kind < 0.2:
        doubled = int(draw.integers(1, count))
        tracks[:doubled] = [2] * doubled
    elif kind < 0.35 and count >= 3:
        tracks[int(draw.integers(1, count - 1))] = 2
    elif kind < 0.42:
        tracks = [2] * count
    return tracks


def draw_line(seed: int) -> LineDescription:
    """A line of two to four gaps with mixed traffic, or with one class in a quarter of cases."""
    draw = np.random.default_rng(seed)
    count = int(draw.integers(2, 5))
    tracks = _tracks_of_gaps(draw, count)
    alike = draw.random() < 0.5
    common = _intervals(draw)
    speeds = [1.0, *draw.uniform([0.5, 1.05], [0.95, 1.4]).round(2)]
    kinds = 1 if draw.random() < 0.25 else int(draw.integers(2, 4))
    gaps = []
    for number in range(count):
        odd, even = draw.uniform(8.0, 25.0, 2).round(1)
        block = Block.AUTOMATIC if draw.random() < 0.6 else Block.SEMI_AUTOMATIC
        intervals = common if alike else _intervals(draw)
        odd_min = tuple(float(odd * speed) for speed in speeds[:kinds])
        even_min = tuple(float(even * speed) for speed in speeds[:kinds])
        headway = float(min(draw.uniform(2.0, 8.0), *odd_min, *even_min))
        gaps.append(Gap(tracks[number], block, headway, intervals, odd_min, even_min))
    short = draw.random() < 0.3
    places = tuple(
        Place(
            f"P{number}",
            int(draw.integers(2, 5)),
            SHORT_M if short and draw.random() < 0.5 else LONG_M,
        )
        for number in range(count + 1)
    )
    sought = [(0.0, 0.0), (4.0, 4.0), (4.0, 3.0), (1.0, 2.0)][int(draw.integers(0, 4))]
    classes = [TrainClass("freight", 1000.0, *sought)]
    for name, length in (("fast", 400.0), ("slow", 300.0))[: kinds - 1]:
        per_day = float(draw.integers(1, 9)) / 2.0
        weights = (float(draw.uniform(0.8, 2.0)), float(draw.uniform(0.8, 2.0)))
        classes.append(TrainClass(name, length, per_day, per_day, Role.BACKGROUND, 1.0, *weights))
    window = float(draw.choice([0.0, 0.0, 60.0, 120.0]))
    day = LineAllowances(window, window, 0.95 if window else 1.0)
    return LineDescription(places, tuple(gaps), tuple(classes), day)


def features(line: LineDescription) -> frozenset[str]:
    """What a line has that a plain one has not."""
    tracks = [gap.tracks for gap in line.gaps]
    inner = range(1, len(line.gaps))
    sought = line.classes[line.sought]
    found = {
        "directional_imbalance": sought.odd_per_day != sought.even_per_day,
        "mixed_speeds": len(line.background) > 0,
        "partly_doubled": len(set(tracks)) > 1,
        "two_track_insert": any(
            tracks[gap] > 1 and tracks[gap - 1] == tracks[gap + 1] == 1
            for gap in range(1, len(tracks) - 1)
        ),
        "loop_shorter_than_the_train": any(
            line.places[place].useful_length_m < sought.length_m
            and line.single_track_on_both_sides(place)
            for place in inner
        ),
        "window": line.allowances.window_single_min > 0.0,
        "semi_automatic": any(gap.block is Block.SEMI_AUTOMATIC for gap in line.gaps),
        "one_class": not line.background,
        "intervals_differ": any(one.intervals != two.intervals for one, two in pairwise(line.gaps)),
    }
    return frozenset(name for name, has in found.items() if has)


def _pair_min(gap: Gap) -> float:
    return gap.odd_min[0] + gap.even_min[0]


def _loop_more(line: LineDescription) -> LineDescription:
    single = [g for g, gap in enumerate(line.gaps) if gap.tracks == 1]
    where = max(single or range(len(line.gaps)), key=lambda g: _pair_min(line.gaps[g]))
    gap = line.gaps[where]
    half = gap._replace(
        odd_min=tuple(run / 2.0 for run in gap.odd_min),
        even_min=tuple(run / 2.0 for run in gap.even_min),
    )
    half = half._replace(headway_min=min(half.headway_min, *half.odd_min, *half.even_min))
    place = Place("new", 2 if gap.tracks == 1 else 4, LONG_M)
    return replace(
        line,
        gaps=(*line.gaps[:where], half, half, *line.gaps[where + 1 :]),
        places=(*line.places[: where + 1], place, *line.places[where + 1 :]),
    )


def _longer_loops(line: LineDescription) -> LineDescription | None:
    places = tuple(place._replace(useful_length_m=LONG_M) for place in line.places)
    return None if places == line.places else replace(line, places=places)


def _track_more_at_places(line: LineDescription) -> LineDescription:
    places = tuple(place._replace(tracks=place.tracks + 1) for place in line.places)
    return replace(line, places=places)


def _second_track(line: LineDescription) -> LineDescription | None:
    single = [g for g, gap in enumerate(line.gaps) if gap.tracks == 1]
    if not single:
        return None
    where = max(single, key=lambda g: _pair_min(line.gaps[g]))
    gap = line.gaps[where]._replace(tracks=2)
    return replace(line, gaps=(*line.gaps[:where], gap, *line.gaps[where + 1 :]))


def _faster(classes: Callable[[LineDescription], tuple[int, ...]]) -> Better:
    def better(line: LineDescription) -> LineDescription | None:
        which = classes(line)
        if not which:
            return None

        def shorter(runs: tuple[float, ...]) -> tuple[float, ...]:
            return tuple(run * (0.85 if i in which else 1.0) for i, run in enumerate(runs))

        gaps = tuple(
            gap._replace(odd_min=shorter(gap.odd_min), even_min=shorter(gap.even_min))
            for gap in line.gaps
        )
        return replace(line, gaps=gaps)

    return better


def _shorter_headway(line: LineDescription) -> LineDescription:
    gaps = tuple(gap._replace(headway_min=gap.headway_min * 0.7) for gap in line.gaps)
    return replace(line, gaps=gaps)


IMPROVEMENTS: Final[dict[str, Better]] = {
    "loop_more": _loop_more,
    "longer_loops": _longer_loops,
    "track_more_at_places": _track_more_at_places,
    "second_track": _second_track,
    "faster_all": _faster(lambda line: tuple(range(len(line.classes)))),
    "faster_background": _faster(lambda line: line.background),
    "faster_sought": _faster(lambda line: (line.sought,) if line.background else ()),
    "shorter_headway": _shorter_headway,
}
"""What betters a line, by name."""


# What is made alike to find a cause.


def equal_intervals(line: LineDescription) -> LineDescription:
    """Crossing costs the same everywhere: as in the first gap."""
    return replace(
        line, gaps=tuple(gap._replace(intervals=line.gaps[0].intervals) for gap in line.gaps)
    )


def no_starts_and_stops(line: LineDescription) -> LineDescription:
    """A stop costs nothing but its station interval."""
    return replace(
        line,
        gaps=tuple(
            gap._replace(intervals=gap.intervals._replace(start_min=0.0, stop_min=0.0))
            for gap in line.gaps
        ),
    )


def equal_speeds(line: LineDescription) -> LineDescription:
    """Background trains run like those sought, and are as long."""
    count, sought = len(line.classes), line.sought
    gaps = tuple(
        gap._replace(
            odd_min=(gap.odd_min[sought],) * count, even_min=(gap.even_min[sought],) * count
        )
        for gap in line.gaps
    )
    classes = tuple(
        train._replace(length_m=line.classes[sought].length_m) for train in line.classes
    )
    return replace(line, gaps=gaps, classes=classes)


def even_tracks(line: LineDescription) -> LineDescription:
    """One track fewer at places with an odd number of tracks."""
    places = tuple(
        place._replace(tracks=max(2, place.tracks - place.tracks % 2)) for place in line.places
    )
    return replace(line, places=places)


def two_tracks(line: LineDescription) -> LineDescription:
    """Two tracks at every place: no packets of trains can form and none can be overtaken."""
    return replace(line, places=tuple(place._replace(tracks=2) for place in line.places))


def without_window(line: LineDescription) -> LineDescription:
    """The whole day."""
    return replace(line, allowances=LineAllowances())


def shaken(line: LineDescription, seed: int) -> LineDescription:
    """The same line with each running time changed by up to two per cent."""
    draw = np.random.default_rng(seed)
    gaps = []
    for gap in line.gaps:
        odd, even = draw.uniform(0.98, 1.02, 2)
        odd_min = tuple(float(run * odd) for run in gap.odd_min)
        even_min = tuple(float(run * even) for run in gap.even_min)
        headway = min(gap.headway_min, *odd_min, *even_min)
        gaps.append(gap._replace(headway_min=headway, odd_min=odd_min, even_min=even_min))
    return replace(line, gaps=tuple(gaps))
