"""Compression against closed forms, and against a second way of finding the shortest period."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from keruen.rail.compression import NO_ADDITIONS, compress
from keruen.rail.compression_capacity import ordered_timetable
from keruen.rail.line import Block, LineDescription, Role, TrainClass
from keruen.rail.timetable import Timetable, TrainPath, occupied_min
from support.lines import FREIGHT, PUBLISHED, gap, line_of

FAST = TrainClass("fast", 400.0, role=Role.BACKGROUND)


def in_order(classes: str, fast_min: float, slow_min: float) -> float:
    """Occupancy of one track of two, of trains f and s in an order."""
    two = gap((slow_min, fast_min), (slow_min, fast_min), 2, headway_min=6.0)
    line = line_of(two, classes=(FREIGHT, FAST))
    spaced = 1440.0 / len(classes)
    paths = tuple(
        TrainPath("sf".index(kind), True, (turn * spaced,), (False, False))
        for turn, kind in enumerate(classes)
    )
    return compress(line, Timetable(paths))[0].occupancy_min


@pytest.mark.parametrize("each", [1, 3, 10])
@pytest.mark.parametrize(("fast", "slow"), [(20.0, 20.0), (20.0, 31.0), (7.5, 45.0)])
def test_two_speeds_in_fleets_and_by_turns(each: int, fast: float, slow: float) -> None:
    in_fleets = in_order("f" * each + "s" * each, fast, slow)
    by_turns = in_order("fs" * each, fast, slow)
    assert in_fleets == pytest.approx(2 * each * 6.0 + (slow - fast))
    assert by_turns == pytest.approx(each * (2 * 6.0 + (slow - fast)))


def apart(line: LineDescription, g: int, first: TrainPath, second: TrainPath) -> float:
    """Least time between entries, written anew from events at both ends of the gap."""
    facts = line.gaps[g]
    takes, follows = occupied_min(line, first, g), occupied_min(line, second, g)
    if first.odd != second.odd:
        stood = second.stops[g] if second.odd else second.stops[g + 1]
        return takes + (1.0 if stood else 4.0)  # tau_s, tau_np of the published example
    if facts.block is Block.SEMI_AUTOMATIC:
        return takes + facts.headway_min
    return max(facts.headway_min, takes + facts.headway_min - follows)


def shortest_by_trial(line: LineDescription, timetable: Timetable) -> float:
    """Bisect the period: feasible if no train has to be later than itself.

    Every instance of every train of several days is held against every other that is before it in
    the timetable in a gap, not only against its neighbour.
    """
    paths, cycle = timetable.paths, timetable.cycle_min
    rows = []
    for g in range(len(line.gaps)):
        single = line.gaps[g].tracks == 1
        for (i, one), (j, other) in itertools.product(enumerate(paths), repeat=2):
            if not single and one.odd != other.odd:
                continue
            for days in range(-4, 5):
                if one.entry_min[g] < other.entry_min[g] + days * cycle - 1e-9:
                    lead = one.entry_min[g] - other.entry_min[g]
                    rows.append((i, j, apart(line, g, one, other) + lead, days))

    def feasible(period: float) -> bool:
        # shift[j] + days * period - shift[i] >= weight, the shifts against the given timetable
        longest = np.full((len(paths), len(paths)), -np.inf)
        for i, j, weight, days in rows:
            longest[i, j] = max(longest[i, j], weight - days * period)
        for k in range(len(paths)):
            longest = np.maximum(longest, longest[:, k : k + 1] + longest[k : k + 1, :])
        return bool(np.all(np.diag(longest) <= 1e-7))

    low, high = 0.0, 4000.0
    assert feasible(high)
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (low, middle) if feasible(middle) else (middle, high)
    return high


def random_line(draw: np.random.Generator) -> tuple[LineDescription, Timetable]:
    count, kinds = int(draw.integers(1, 4)), int(draw.integers(1, 3))
    tracks = int(draw.integers(1, 3))
    gaps = [
        gap(
            tuple(draw.uniform(3.0, 30.0, kinds)),
            tuple(draw.uniform(3.0, 30.0, kinds)),
            tracks,
            float(draw.uniform(1.0, 5.0)),
            list(Block)[int(draw.integers(0, 2))],
            PUBLISHED,
        )
        for _ in range(count)
    ]
    classes = (FREIGHT, FAST)[:kinds]
    useful = tuple(draw.choice([300.0, 700.0, 1050.0], count + 1))
    line = line_of(*gaps, classes=classes, useful_m=useful)
    trains = tuple((int(draw.integers(1, 4)), int(draw.integers(1, 4))) for _ in range(kinds))
    return line, ordered_timetable(line, trains)


@pytest.mark.parametrize("seed", range(40))
def test_compression_by_trial(seed: int) -> None:
    line, laid = random_line(np.random.default_rng(seed))
    ends = (0, len(line.gaps))
    if any(  # waiting between sections is of the order only; rigid paths do not wait
        abs(path.entry_min[g] - path.entry_min[g - 1]) > laid.cycle_min / 2.0
        for path in laid.paths
        for g in range(1, len(line.gaps))
    ):
        line = line_of(line.gaps[0], classes=line.classes)
        cut = tuple(p._replace(entry_min=p.entry_min[:1], stops=p.stops[:2]) for p in laid.paths)
        laid, ends = laid._replace(paths=cut), (0, 1)
    (found,) = compress(line, laid, NO_ADDITIONS, ends)
    assert found.occupancy_min == pytest.approx(shortest_by_trial(line, laid), abs=1e-6)
