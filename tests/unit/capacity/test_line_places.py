from __future__ import annotations

import pytest

from keruen.capacity.line_places import Run, StationLoop, gap_lengths, gap_minutes, joined_gaps
from keruen.capacity.section import SectionFacts
from keruen.rail.crossing import StationIntervals

FACTS = SectionFacts(
    tracks=1,
    gap_km=20.0,
    speed_km_per_h=60.0,
    forward_min=20.0,
    backward_min=30.0,
    automatic=False,
    intervals=StationIntervals(2, 1, 1, 4),
    headway_min=4.0,
    window_single_min=0.0,
    window_double_min=0.0,
    reliability_share=1.0,
    reserve_single_share=0.0,
    reserve_double_share=0.0,
    passenger_pairs=0.0,
    removal_single=1.0,
    removal_double=1.0,
    freight_pairs=0.0,
    loop_m=1050.0,
    train_m=900.0,
)
FIRST = Run("ab", FACTS, 30.0, False, "a", "b")
SECOND = Run("bc", FACTS, 20.0, True, "b", "c")


def test_the_longest_stretch_comes_first_and_times_follow_length() -> None:
    assert gap_lengths(FACTS, 30.0) == [20.0, 10.0]
    assert gap_minutes(FIRST, 10.0) == (10.0, 15.0)
    assert gap_minutes(SECOND, 10.0) == (15.0, 10.0)


@pytest.mark.parametrize(
    ("station", "lengths"),
    [
        (StationLoop(2, 1050.0), [20.0, 10.0, 20.0]),
        (StationLoop(2, 850.0), [20.0, 30.0]),
        (StationLoop(1, 1050.0), [20.0, 30.0]),
    ],
)
def test_a_node_without_room_joins_the_gaps_beside_it(
    station: StationLoop, lengths: list[float]
) -> None:
    gaps = joined_gaps([FIRST, SECOND], {"b": station})
    assert [gap.length_km for gap in gaps] == lengths
    if len(lengths) == 2:
        assert (gaps[1].odd_min, gaps[1].even_min) == (10.0 + 30.0, 15.0 + 20.0)
        assert (gaps[1].sections, gaps[1].nodes) == (("ab", "bc"), ("b",))


def test_no_gap_reaches_over_a_break_of_gauge_or_a_second_track() -> None:
    short = {"b": StationLoop(2, 100.0)}
    assert len(joined_gaps([FIRST, SECOND._replace(is_break=True)], short)) == 3
    double = SECOND._replace(facts=FACTS._replace(tracks=2))
    assert [gap.length_km for gap in joined_gaps([FIRST, double], short)] == [20.0, 10.0]


def test_short_loops_within_a_section_leave_it_whole() -> None:
    short = FIRST._replace(facts=FACTS._replace(loop_m=300.0))
    assert [gap.length_km for gap in joined_gaps([short], {})] == [30.0]
