"""Random networks and timetables under heavy load, drawn from a seed."""

from __future__ import annotations

import random
from typing import NamedTuple

import numpy as np

from keruen.rail.dispatch.network import (
    Disturbance,
    Network,
    Point,
    Section,
    Setting,
    Spread,
    TrainPath,
    Trains,
    Window,
)

MINUTE = 60_000
DAY = 1440 * MINUTE
LENGTHS_M = (600.0, 850.0, 1050.0, 1400.0)


class Case(NamedTuple):
    network: Network
    paths: list[TrainPath]
    trains: Trains
    setting: Setting


def random_case(seed: int) -> Case:
    """6 to 14 points, junctions and circles among them, and 14 to 34 trains within half an hour."""
    dice = random.Random(seed)
    count = dice.randint(6, 14)
    plain_line = dice.random() < 0.1
    points = [_point(dice, plain_line) for _ in range(count)]
    sections = []
    for point in range(1, count):
        # A tree grown mostly at its tip: long lines with branches.
        near = point - 1 if plain_line or dice.random() < 0.6 else dice.randrange(point)
        sections.append(_section(dice, near, point))
    for _ in range(0 if plain_line else dice.choice((0, 0, 1, 2))):
        one, other = dice.sample(range(count), 2)
        sections.append(_section(dice, one, other))
    beside: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for number, section in enumerate(sections):
        beside[section.start].append((section.end, number))
        beside[section.end].append((section.start, number))
    paths = [_path(dice, points, sections, beside) for _ in range(dice.randint(3, 8))]
    trains = dice.randint(14, 34)
    timetable = Trains(
        np.array([dice.randrange(len(paths)) for _ in range(trains)], dtype=np.int64),
        np.array([dice.randrange(30 * MINUTE) for _ in range(trains)], dtype=np.int64),
        np.array([dice.choice((1, 1, 1, 3, 10)) for _ in range(trains)], dtype=np.int64),
    )
    setting = Setting(
        seed=seed,
        delay=Disturbance(Spread.EXPONENTIAL, 0.0, 10.0 * MINUTE),
        stretch=dice.choice(
            (
                Disturbance(),
                Disturbance(Spread.UNIFORM, 0.0, 0.2),
                Disturbance(Spread.EXPONENTIAL, 0.0, 0.1),
                Disturbance(Spread.LOGNORMAL, -3.0, 1.0),
            )
        ),
    )
    return Case(Network(points, sections), paths, timetable, setting)


def _point(dice: random.Random, plain_line: bool) -> Point:
    if plain_line:
        return Point((1050.0,) * dice.choice((2, 2, 3)), dice.random() < 0.5)
    lengths = tuple(dice.choice(LENGTHS_M) for _ in range(dice.choice((1, 2, 2, 3, 3))))
    return Point(lengths, dice.random() < 0.5)


def _section(dice: random.Random, start: int, end: int) -> Section:
    windows = [_window(dice) for _ in range(dice.choice((0, 0, 0, 0, 0, 1, 1, 2, 3)))]
    # The first as the fields of old, one window a day.
    first = windows.pop() if windows and windows[-1].period_ms == DAY else Window(0, 0)
    tracks = dice.choice((1, 1, 1, 1, 1, 1, 2, 3))
    return Section(
        start,
        end,
        tracks,
        dice.choice((4, 6, 8)) * MINUTE,
        dice.random() < 0.3,
        dice.choice((0, 1, 2)) * MINUTE,
        dice.choice((0, 3, 4)) * MINUTE,
        first.start_ms,
        first.length_ms,
        tuple(windows),
        dice.choice((None, None, None, 0, 1)) if tracks > 1 else None,
    )


def _window(dice: random.Random) -> Window:
    """An hour or two a day, a quarter of an hour every six, or three hours every other day."""
    length, period = dice.choice(
        ((60 * MINUTE, DAY), (120 * MINUTE, DAY), (15 * MINUTE, DAY // 4), (180 * MINUTE, 2 * DAY))
    )
    return Window(dice.randrange(period // MINUTE) * MINUTE, length, period)


def _path(
    dice: random.Random,
    points: list[Point],
    sections: list[Section],
    beside: list[list[tuple[int, int]]],
) -> TrainPath:
    """The way found by a walk that never turns back, the longest of three."""
    walks = [_walk(dice, beside) for _ in range(3)]
    met, taken = max(walks, key=lambda walk: len(walk[1]))
    pace = dice.choice((0.7, 1.0, 1.0, 1.5))
    legs = len(taken)
    # Timetables are made for trains that fit at both ends; between, they may not.
    fits = min(max(points[met[end]].track_lengths_m) for end in (0, -1))
    length = dice.choice((500.0, 800.0, 1000.0))
    if dice.random() < 0.98:
        length = min(length, fits)
    stops = [dice.random() < 0.12 for _ in met]
    dwell = tuple(
        dice.choice((5, 15, 30)) * MINUTE
        if stop and max(points[point].track_lengths_m) >= length
        else 0
        for stop, point in zip(stops, met, strict=True)
    )
    return TrainPath(
        tuple(met),
        tuple(taken),
        tuple(int(dice.randint(6, 20) * pace * MINUTE) for _ in range(legs)),
        (2 * MINUTE,) * legs,
        (MINUTE,) * legs,
        length,
        dwell,
    )


def _walk(dice: random.Random, beside: list[list[tuple[int, int]]]) -> tuple[list[int], list[int]]:
    here = dice.randrange(len(beside))
    met, taken = [here], []
    while True:
        onward = [(there, by) for there, by in beside[here] if there not in met]
        if not onward or (len(met) > 4 and dice.random() < 0.1):
            break
        here, by = dice.choice(onward)
        met.append(here)
        taken.append(by)
    if not taken:
        there, by = dice.choice(beside[here])
        return [here, there], [by]
    return met, taken
