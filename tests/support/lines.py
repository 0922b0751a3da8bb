"""Lines to try the methods of line capacity on."""

from __future__ import annotations

from keruen.rail.crossing import StationIntervals
from keruen.rail.line import (
    NO_PACKETS,
    NOTHING_TAKEN,
    Block,
    Gap,
    LineAllowances,
    LineDescription,
    PacketRule,
    Place,
    TrainClass,
)

PUBLISHED = StationIntervals(2.0, 1.0, 1.0, 4.0)
"""Intervals of the published example: start, stop, crossing, non-simultaneous arrival."""

FREIGHT = TrainClass("freight", 1000.0)
"""The class sought."""


def gap(
    odd_min: float | tuple[float, ...],
    even_min: float | tuple[float, ...],
    tracks: int = 1,
    headway_min: float = 8.0,
    block: Block = Block.AUTOMATIC,
    intervals: StationIntervals = PUBLISHED,
) -> Gap:
    """A gap; running times of one class as plain numbers."""
    odd = odd_min if isinstance(odd_min, tuple) else (odd_min,)
    even = even_min if isinstance(even_min, tuple) else (even_min,)
    return Gap(tracks, block, headway_min, intervals, odd, even)


def line_of(
    *gaps: Gap,
    classes: tuple[TrainClass, ...] = (FREIGHT,),
    tracks: int | tuple[int, ...] = 3,
    useful_m: tuple[float, ...] | None = None,
    allowances: LineAllowances = NOTHING_TAKEN,
    packets: PacketRule = NO_PACKETS,
) -> LineDescription:
    """Gaps in a row between places that are long enough unless said otherwise."""
    count = len(gaps) + 1
    of_place = tracks if isinstance(tracks, tuple) else (tracks,) * count
    lengths = useful_m or (1050.0,) * count
    places = tuple(Place(f"P{i}", of_place[i], lengths[i]) for i in range(count))
    return LineDescription(places, tuple(gaps), classes, allowances, packets)
