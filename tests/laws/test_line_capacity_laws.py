"""Laws of line capacity: more track, more loops, less time never carry fewer trains."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from keruen.rail.compression_capacity import compression_capacity
from keruen.rail.crossing import SCHEMES, StationIntervals, best_period_min, crossing_period_min
from keruen.rail.gaps import binding
from keruen.rail.headway import automatic_block_headway_min, semi_automatic_headway_min
from keruen.rail.line import NO_PACKETS, Block, Gap, LineDescription, PacketRule, Place, TrainClass
from keruen.rail.line_capacity import (
    DayAllowances,
    Level,
    Packet,
    Removal,
    double_track,
    single_track,
    single_track_packet,
)
from keruen.rail.line_result import LineCapacityMethod
from keruen.rail.parallel_timetable import Schemes, parallel_timetable
from keruen.rail.stations import StationTracks, station_capacity

MINUTES = st.floats(0.5, 120.0)
SHARES = st.floats(0.0, 1.0)
INTERVALS = st.builds(
    StationIntervals,
    st.floats(0.0, 5.0),
    st.floats(0.0, 3.0),
    st.floats(0.0, 6.0),
    st.floats(0.0, 10.0),
)
ALLOWANCES = st.builds(DayAllowances, st.floats(0.0, 400.0), st.floats(0.5, 1.0), SHARES)
REMOVALS = st.lists(st.builds(Removal, st.floats(0.0, 30.0), st.floats(0.0, 3.0)), max_size=4)
GAPS = st.lists(st.tuples(MINUTES, MINUTES), min_size=1, max_size=12)

HAIR = 1e-9


def line_pairs(gaps: list[tuple[float, float]], intervals: StationIntervals) -> float:
    odd, even = zip(*gaps, strict=True)
    return single_track(binding(best_period_min(odd, even, intervals)).period_min).trains_per_day


@given(GAPS, INTERVALS, st.data())
def test_a_loop_never_takes_capacity_away(
    gaps: list[tuple[float, float]], intervals: StationIntervals, data: st.DataObject
) -> None:
    where = data.draw(st.integers(0, len(gaps) - 1))
    odd_share, even_share = data.draw(st.floats(0.01, 0.99)), data.draw(st.floats(0.01, 0.99))
    odd, even = gaps[where]
    parts = [
        (odd * odd_share, even * even_share),
        (odd * (1 - odd_share), even * (1 - even_share)),
    ]
    with_loop = gaps[:where] + parts + gaps[where + 1 :]
    assert line_pairs(with_loop, intervals) >= line_pairs(gaps, intervals) - HAIR


@given(GAPS, INTERVALS, st.floats(0.1, 1.0))
def test_faster_trains_never_take_capacity_away(
    gaps: list[tuple[float, float]], intervals: StationIntervals, factor: float
) -> None:
    faster = [(odd * factor, even * factor) for odd, even in gaps]
    assert line_pairs(faster, intervals) >= line_pairs(gaps, intervals) - HAIR


@given(MINUTES, MINUTES, INTERVALS, st.integers(0, 3), st.floats(0.0, 1.0))
def test_shorter_intervals_never_lengthen_a_period(
    odd: float, even: float, intervals: StationIntervals, which: int, factor: float
) -> None:
    shorter = intervals._replace(
        **{intervals._fields[which]: factor * float(list(intervals)[which])}
    )
    for scheme in SCHEMES:
        before = float(crossing_period_min(scheme, odd, even, intervals))
        assert float(crossing_period_min(scheme, odd, even, shorter)) <= before + HAIR


@given(MINUTES, MINUTES, INTERVALS)
def test_directions_mirror_each_other(odd: float, even: float, intervals: StationIntervals) -> None:
    forward = {s: float(crossing_period_min(s, odd, even, intervals)) for s in SCHEMES}
    for scheme in SCHEMES:
        mirrored = scheme._replace(
            odd_leaves_running=scheme.even_leaves_running,
            even_leaves_running=scheme.odd_leaves_running,
        )
        back = float(crossing_period_min(mirrored, even, odd, intervals))
        assert math.isclose(back, forward[scheme])


@given(MINUTES, ALLOWANCES, REMOVALS)
def test_levels_stand_in_order(
    period: float, allowances: DayAllowances, removals: list[Removal]
) -> None:
    maximal, available, practical = (
        single_track(period, level, allowances, removals).trains_per_day for level in Level
    )
    assert maximal >= available - HAIR
    assert available >= practical - HAIR
    assert practical >= 0.0


@given(MINUTES, st.floats(0.1, 1.0), ALLOWANCES, REMOVALS)
def test_a_shorter_headway_never_takes_capacity_away(
    headway: float, factor: float, allowances: DayAllowances, removals: list[Removal]
) -> None:
    before = double_track(headway, Level.PRACTICAL, allowances, removals)
    after = double_track(headway * factor, Level.PRACTICAL, allowances, removals)
    assert after.trains_per_day >= before.trains_per_day - HAIR


@given(MINUTES, MINUTES, INTERVALS, st.floats(0.1, 60.0))
def test_a_second_track_under_automatic_block_never_carries_less(
    odd: float, even: float, intervals: StationIntervals, spare: float
) -> None:
    # Any headway up to the single-track period: the second track is at least as good.
    period = float(best_period_min(odd, even, intervals))
    headway = max(period - spare, 0.05)
    assert double_track(headway).trains_per_day >= single_track(period).trains_per_day - HAIR


@given(MINUTES, ALLOWANCES, REMOVALS)
def test_floors_lie_within_one_train(
    period: float, allowances: DayAllowances, removals: list[Removal]
) -> None:
    capacity = single_track(period, Level.AVAILABLE, allowances, removals)
    assert capacity.floored <= capacity.trains_per_day + HAIR
    assert capacity.trains_per_day < capacity.floored + 1


@given(MINUTES, ALLOWANCES, REMOVALS, st.builds(Removal, SHARES, SHARES))
def test_another_train_never_leaves_more_room(
    period: float, allowances: DayAllowances, removals: list[Removal], other: Removal
) -> None:
    before = single_track(period, Level.AVAILABLE, allowances, removals).trains_per_day
    after = single_track(period, Level.AVAILABLE, allowances, [*removals, other]).trains_per_day
    assert after <= before + HAIR


@given(MINUTES, MINUTES, MINUTES, SHARES, SHARES, st.integers(2, 5))
def test_packets_help_just_where_headways_are_shorter_than_the_period(
    period: float, odd: float, even: float, share: float, more: float, trains: int
) -> None:
    few = single_track_packet(period, Packet(odd, even, share * more, trains)).trains_per_day
    many = single_track_packet(period, Packet(odd, even, share, trains)).trains_per_day
    if odd + even <= period:
        assert many >= few - HAIR * few
    else:
        assert many <= few + HAIR * few


@given(st.lists(st.floats(500.0, 3000.0), min_size=1, max_size=10), st.floats(30.0, 120.0))
def test_a_further_block_never_shortens_the_headway(blocks: list[float], speed: float) -> None:
    before = automatic_block_headway_min(blocks, 1000.0, speed, 0.1)
    assert automatic_block_headway_min([*blocks, 1000.0], 1000.0, speed, 0.1) >= before - HAIR


@given(MINUTES, MINUTES, st.floats(0.0, 10.0))
def test_a_block_post_never_takes_capacity_away(first: float, second: float, gap: float) -> None:
    whole = double_track(semi_automatic_headway_min(first + second, gap)).trains_per_day
    parts = (semi_automatic_headway_min(part, gap) for part in (first, second))
    assert double_track(max(parts)).trains_per_day >= whole - HAIR


@given(st.integers(0, 30), MINUTES, st.integers(0, 6), MINUTES, st.floats(0.0, 1440.0))
def test_another_station_track_or_throat_never_takes_capacity_away(
    tracks: int, occupancy: float, throats: int, throat: float, usable: float
) -> None:
    group = StationTracks(tracks, occupancy, throats, throat)
    before = station_capacity(group, usable).trains_per_day
    assert station_capacity(group._replace(tracks=tracks + 1), usable).trains_per_day >= before
    assert station_capacity(group._replace(throats=throats + 1), usable).trains_per_day >= before


# The line as a whole, by parallel timetable and by compression, all trains changed together.

SINGLE = st.floats(1.0, 60.0)
WHOLE_LINES = st.lists(
    st.builds(
        lambda odd, even, tracks, block, headway, intervals: Gap(
            tracks, block, headway, intervals, (odd,), (even,)
        ),
        SINGLE,
        SINGLE,
        st.sampled_from([1, 1, 2]),
        st.sampled_from(list(Block)),
        st.floats(0.5, 15.0),
        INTERVALS,
    ),
    min_size=1,
    max_size=6,
)
METHODS = st.sampled_from([parallel_timetable, compression_capacity])


@st.composite
def lines(draw: st.DrawFn) -> LineDescription:
    gaps = draw(WHOLE_LINES)
    useful = st.sampled_from([500.0, 1050.0])
    places = tuple(Place(str(i), draw(st.integers(1, 4)), draw(useful)) for i in range(7))
    odd, even = draw(st.sampled_from([(0.0, 0.0), (4.0, 4.0), (4.0, 3.0), (2.0, 5.0)]))
    packets = PacketRule(draw(st.sampled_from([0.0, 0.0, 0.5, 1.0])))
    return LineDescription(
        places[: len(gaps) + 1],
        tuple(gaps),
        (TrainClass("freight", 1000.0, odd, even),),
        packets=packets,
    )


def with_headways_in_earnest(line: LineDescription) -> LineDescription:
    """Headways that let a train follow another sooner than one could come from the far end."""
    gaps = tuple(
        gap._replace(headway_min=min(gap.headway_min, gap.odd_min[0], gap.even_min[0]))
        for gap in line.gaps
    )
    return replace(line, gaps=gaps)


def not_fewer(method: LineCapacityMethod, before: LineDescription, after: LineDescription) -> None:
    first, second = method(before, Level.MAXIMAL), method(after, Level.MAXIMAL)
    assert second.odd_per_day >= first.odd_per_day * (1.0 - HAIR)
    assert second.even_per_day >= first.even_per_day * (1.0 - HAIR)


@given(lines(), METHODS, st.floats(0.2, 1.0))
def test_faster_trains_never_take_line_capacity_away(
    line: LineDescription, method: LineCapacityMethod, factor: float
) -> None:
    gaps = tuple(
        gap._replace(odd_min=(gap.odd_min[0] * factor,), even_min=(gap.even_min[0] * factor,))
        for gap in line.gaps
    )
    not_fewer(method, line, replace(line, gaps=gaps))


@given(lines(), METHODS, st.floats(0.2, 1.0))
def test_shorter_headways_never_take_line_capacity_away(
    line: LineDescription, method: LineCapacityMethod, factor: float
) -> None:
    gaps = tuple(gap._replace(headway_min=gap.headway_min * factor) for gap in line.gaps)
    not_fewer(method, line, replace(line, gaps=gaps))


@given(lines(), METHODS, st.data())
def test_a_place_more_never_takes_line_capacity_away(
    line: LineDescription, method: LineCapacityMethod, data: st.DataObject
) -> None:
    where = data.draw(st.integers(0, len(line.gaps) - 1))
    share = data.draw(st.floats(0.02, 0.98))
    gap = line.gaps[where]
    parts = tuple(
        gap._replace(odd_min=(gap.odd_min[0] * part,), even_min=(gap.even_min[0] * part,))
        for part in (share, 1.0 - share)
    )
    place = Place("new", data.draw(st.integers(1, 4)), data.draw(st.sampled_from([500.0, 1050.0])))
    after = replace(
        line,
        gaps=(*line.gaps[:where], *parts, *line.gaps[where + 1 :]),
        places=(*line.places[: where + 1], place, *line.places[where + 1 :]),
    )
    not_fewer(method, line, after)


@given(lines(), METHODS, st.data())
def test_a_longer_loop_never_takes_line_capacity_away(
    line: LineDescription, method: LineCapacityMethod, data: st.DataObject
) -> None:
    where = data.draw(st.integers(0, len(line.places) - 1))
    before = line.places[where]
    longer = Place("longer", before.tracks + data.draw(st.integers(0, 2)), 1050.0)
    places = (*line.places[:where], longer, *line.places[where + 1 :])
    not_fewer(method, line, replace(line, places=places))


@given(lines(), METHODS, st.data())
def test_a_track_more_never_takes_line_capacity_away(
    line: LineDescription, method: LineCapacityMethod, data: st.DataObject
) -> None:
    # Crossing costs the same everywhere: the second track makes its ends places where trains cross,
    # and where that takes longer than at the places used before, a short gap may lose by it.
    line = with_headways_in_earnest(line)
    same = tuple(gap._replace(intervals=line.gaps[0].intervals) for gap in line.gaps)
    line = replace(line, gaps=same)
    where = data.draw(st.integers(0, len(line.gaps) - 1))
    gap = line.gaps[where]
    more = gap._replace(tracks=gap.tracks + (1 if gap.tracks == 1 else 2))
    not_fewer(method, line, replace(line, gaps=(*line.gaps[:where], more, *line.gaps[where + 1 :])))


@given(lines())
def test_both_methods_agree_on_one_class_without_packets(line: LineDescription) -> None:
    line = replace(with_headways_in_earnest(line), packets=NO_PACKETS)
    first, second = parallel_timetable(line), compression_capacity(line)
    assert math.isclose(first.odd_per_day, second.odd_per_day, rel_tol=1e-9)
    assert math.isclose(first.even_per_day, second.even_per_day, rel_tol=1e-9)


@given(lines())
def test_schemes_of_the_line_never_promise_more_than_each_gap_its_own(
    line: LineDescription,
) -> None:
    together = parallel_timetable(replace(line, packets=NO_PACKETS))
    if all(s.last_place - s.first_place == 1 for s in together.sections):
        apart = parallel_timetable(replace(line, packets=NO_PACKETS), schemes=Schemes.EACH_GAP)
        assert together.odd_per_day <= apart.odd_per_day * (1.0 + HAIR)
