"""The parallel timetable and the saturated dispatcher agree on uniform lines of any make."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keruen.rail.crossing import StationIntervals
from keruen.rail.dispatch.line_saturation import dispatch_capacity
from keruen.rail.line import Block, Gap, LineDescription, Place, TrainClass
from keruen.rail.parallel_timetable import parallel_timetable

TOLERANCE = 1e-3
FOLLOWING = 25
"""Trains on a track at once: the dispatcher can tell sixty places before a point apart."""

LEAST_START_MIN = 0.1
"""Minutes that starting after a crossing costs at least for the law to hold from above."""

INTERVALS = st.builds(
    StationIntervals,
    st.floats(0.0, 5.0),
    st.floats(0.0, 3.0),
    st.floats(0.0, 6.0),
    st.floats(0.0, 10.0),
)


@st.composite
def uniform_lines(draw: st.DrawFn) -> LineDescription:
    """One to six gaps alike, single or double, under either block, with two or three tracks."""
    count = draw(st.integers(1, 6))
    odd, even = draw(st.floats(5.0, 40.0)), draw(st.floats(5.0, 40.0))
    longest, shortest = max(odd, even), min(odd, even)
    headway = draw(st.floats(longest / FOLLOWING, max(shortest / 2.0, longest / FOLLOWING)))
    tracks, block = draw(st.sampled_from([1, 1, 2])), draw(st.sampled_from(list(Block)))
    gap = Gap(tracks, block, headway, draw(INTERVALS), (odd,), (even,))
    of_place = draw(st.integers(2, 3))
    places = tuple(Place(str(number), of_place, 1050.0) for number in range(count + 1))
    return LineDescription(places, (gap,) * count, (TrainClass("freight", 1000.0),))


def of_published_gaps(count: int, block: Block) -> LineDescription:
    gap = Gap(1, block, 8.0, StationIntervals(2.0, 1.0, 1.0, 4.0), (24.0,), (25.0,))
    places = tuple(Place(str(number), 2, 1050.0) for number in range(count + 1))
    return LineDescription(places, (gap,) * count, (TrainClass("freight", 1000.0),))


def may_carry_more(line: LineDescription) -> bool:
    """Whether the dispatcher rightly carries more than the parallel timetable on single track.

    Two trains that stop at one place may save time by arriving together. The interval of
    non-simultaneous arrivals forbids that, and so does the parallel timetable; a dispatcher whose
    points are not told so does not. And where starting after a crossing costs nothing, schemes that
    repeat only after three pairs beat those of the parallel timetable, which repeat with each.
    """
    intervals = line.gaps[0].intervals
    starting = float(intervals.crossing_min) + float(intervals.start_min)
    arrivals_bind = float(intervals.non_simultaneous_min) > starting
    return line.gaps[0].tracks == 1 and (arrivals_bind or starting < LEAST_START_MIN)


@example(of_published_gaps(1, Block.AUTOMATIC))
@example(of_published_gaps(1, Block.SEMI_AUTOMATIC))
@example(of_published_gaps(4, Block.AUTOMATIC))
@settings(max_examples=50)
@given(uniform_lines())
def test_the_dispatcher_reaches_the_parallel_timetable(line: LineDescription) -> None:
    by_timetable = parallel_timetable(line).pairs_per_day
    dispatched = dispatch_capacity(line, days=(2, 20)).pairs_per_day
    assert dispatched >= by_timetable * (1.0 - TOLERANCE)
    if not may_carry_more(line):
        assert dispatched <= by_timetable * (1.0 + TOLERANCE)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_one_gap_and_many_with_starts_and_stops(count: int) -> None:
    line = of_published_gaps(count, Block.AUTOMATIC)
    expected = 1440.0 / (55.0 if count == 1 else 57.0)
    assert math.isclose(dispatch_capacity(line).pairs_per_day, expected, rel_tol=TOLERANCE)
