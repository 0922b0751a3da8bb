"""Line capacity against a second way: laying trains on the gap one after the other.

The formulae divide the day by a period. Here trains are placed on a time axis by the station
intervals themselves, one event after the other, and are counted.
"""

from __future__ import annotations

import pytest

from keruen.rail.crossing import (
    SCHEMES,
    CrossingScheme,
    StationIntervals,
    best_period_min,
    crossing_period_min,
)
from keruen.rail.gaps import binding
from keruen.rail.line_capacity import Packet, double_track, packet_period_min, single_track

DAY = 1440.0


def lay_pairs(
    scheme: CrossingScheme, odd: float, even: float, times: StationIntervals, days: int
) -> float:
    """Pairs a day: follow the front of the last train through the gap and back, event by event."""
    start, stop = float(times.start_min), float(times.stop_min)
    crossing, waiting = float(times.crossing_min), float(times.non_simultaneous_min)
    clock, pairs = 0.0, 0
    while True:
        for running, leaves, enters in (
            (odd, scheme.odd_leaves_running, scheme.odd_enters_running),
            (even, scheme.even_leaves_running, scheme.even_enters_running),
        ):
            clock += running + (0.0 if enters else start) + (0.0 if leaves else stop)
            # The next train enters at the end where this one has left.
            clock += crossing if leaves else waiting
        if clock > days * DAY:
            return pairs / days
        pairs += 1


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
@pytest.mark.parametrize(
    ("odd", "even", "times"),
    [
        (24.0, 25.0, StationIntervals(2.0, 1.0, 1.0, 4.0)),
        (53.0, 49.5, StationIntervals(2.5, 1.0, 1.5, 4.0)),
        (7.0, 8.5, StationIntervals(1.5, 0.5, 0.5, 1.5)),
    ],
)
def test_pairs_laid_one_by_one(
    scheme: CrossingScheme, odd: float, even: float, times: StationIntervals
) -> None:
    period = float(crossing_period_min(scheme, odd, even, times))
    laid = lay_pairs(scheme, odd, even, times, days=200)
    assert laid == pytest.approx(single_track(period).trains_per_day, abs=1 / 200)


def saturate(gaps: int, running: float, clearance: float, turns: int) -> float:
    """Pairs a day of a saturated line, trains of both directions always ready at its two ends.

    Turn by turn every gap takes one train, odd and even alternately, neighbouring gaps in
    opposite phase: what leaves a gap in one turn enters the next gap in the turn after, as soon as
    that gap has been cleared.
    """
    cleared = [0.0] * gaps  # when the gap's last train has left it
    half = turns // 2
    at_half = 0.0
    for turn in range(turns):
        before = list(cleared)
        for gap in range(gaps):
            feeder = gap - 1 if (turn - gap) % 2 == 0 else gap + 1
            ready = before[feeder] if 0 <= feeder < gaps else 0.0
            cleared[gap] = max(before[gap] + clearance, ready) + running
        if turn == half:
            at_half = cleared[0]
    return (turns - 1 - half) / 2 / (cleared[0] - at_half) * DAY


@pytest.mark.parametrize("gaps", [1, 2, 3, 12])
def test_saturated_line_as_seen_in_simulation(gaps: int) -> None:
    free_start = StationIntervals(0.0, 0.0, 2.0, 2.0)
    period = binding(best_period_min([15.0] * gaps, [15.0] * gaps, free_start)).period_min
    expected = single_track(period).trains_per_day
    assert expected == pytest.approx(42.35, abs=0.005)
    assert saturate(gaps, 15.0, 2.0, turns=400) == pytest.approx(expected)


def test_packets_laid_one_by_one() -> None:
    """Alternate single pairs and packets of three, and count pairs against minutes."""
    packet = Packet(9.0, 11.0, share=0.75, trains=3)  # three of four pairs run in packets
    clock, pairs = 0.0, 0
    for _ in range(1000):
        clock += 52.0
        pairs += 1
        clock += 52.0 + 2 * (9.0 + 11.0)
        pairs += 3
    assert clock / pairs == pytest.approx(packet_period_min(52.0, packet))


def test_double_track_laid_one_by_one() -> None:
    clock, trains = 0.0, 0
    while clock + 8.5 <= DAY + 1e-9:
        clock += 8.5
        trains += 1
    assert trains == double_track(8.5).floored
