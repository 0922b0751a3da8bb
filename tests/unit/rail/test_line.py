"""The line description: what it refuses, and where its trains find room."""

from __future__ import annotations

import math
from typing import Any

import pytest

from keruen.errors import RangeError
from keruen.rail.crossing import StationIntervals
from keruen.rail.line import (
    Block,
    LineAllowances,
    LineDescription,
    PacketRule,
    Place,
    Role,
    TrainClass,
    hardest_intervals,
    merged_running_min,
)
from support.lines import FREIGHT, PUBLISHED, gap, line_of


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("gaps", {"gaps": ()}),
        ("places", {"places": (Place("A", 2, 1050.0),)}),
        ("sought_classes", {"classes": (FREIGHT._replace(role=Role.BACKGROUND),)}),
        ("sought_classes", {"classes": (FREIGHT, FREIGHT)}),
        ("packet_share", {"packets": PacketRule(1.5)}),
        ("packet_trains", {"packets": PacketRule(0.5, 1)}),
        ("place_tracks", {"places": (Place("A", 0, 1050.0), Place("B", 2, 1050.0))}),
        ("useful_length_m", {"places": (Place("A", 1, -1.0), Place("B", 2, 1050.0))}),
        ("length_m", {"classes": (FREIGHT._replace(length_m=-1.0),)}),
        ("odd_per_day", {"classes": (FREIGHT._replace(odd_per_day=math.nan),)}),
        ("removal_double", {"classes": (FREIGHT._replace(removal_double=-1.0),)}),
        ("gap_tracks", {"gaps": (gap(9.0, 9.0, tracks=0),)}),
        ("headway_min", {"gaps": (gap(9.0, 9.0, headway_min=0.0),)}),
        ("crossing_min", {"gaps": (gap(9.0, 9.0, intervals=PUBLISHED._replace(crossing_min=-1)),)}),
        ("classes_in_even_min", {"gaps": (gap(9.0, (9.0, 9.0)),)}),
        ("odd_min", {"gaps": (gap(0.0, 9.0),)}),
        ("window_double_min", {"allowances": LineAllowances(window_double_min=1500.0)}),
        ("reliability_share", {"allowances": LineAllowances(reliability_share=1.1)}),
    ],
)
def test_impossible_lines_are_refused(name: str, changes: dict[str, Any]) -> None:
    good = line_of(gap(9.0, 9.0))
    facts = {field: getattr(good, field) for field in ("places", "gaps", "classes")}
    with pytest.raises(RangeError) as refused:
        LineDescription(**(facts | changes))
    assert refused.value.problems[0].params["name"] == name


def test_semi_automatic_block_may_need_no_added_interval() -> None:
    line = line_of(gap(9.0, 9.0, headway_min=0.0, block=Block.SEMI_AUTOMATIC))
    assert line.gaps[0].headway_min == 0.0


def test_a_loop_shorter_than_the_train_is_no_crossing_place() -> None:
    short = TrainClass("short", 600.0, role=Role.BACKGROUND)
    both = (9.0, 9.0)
    line = line_of(gap(both, both), gap(both, both), classes=(FREIGHT, short),
                   useful_m=(1050.0, 850.0, 1050.0))  # fmt: skip
    assert not line.can_cross(1, 0, 0)
    assert line.can_cross(1, 0, 1)
    assert line.can_cross(1, 1, 0)
    assert line.can_cross(0, 0, 0)
    assert not line.can_overtake(1, 0)
    assert line.can_overtake(1, 1)
    assert line.can_overtake(2, 0)


def test_at_the_end_of_two_tracks_trains_cross_whatever_their_length() -> None:
    line = line_of(gap(9.0, 9.0), gap(9.0, 9.0, tracks=2), useful_m=(0.0, 0.0, 0.0))
    assert line.can_cross(1, 0, 0)
    single = line_of(gap(9.0, 9.0), gap(9.0, 9.0), tracks=1)
    assert not single.can_cross(1, 0, 0)


def test_overtaking_beside_two_tracks_needs_a_third() -> None:
    two = gap(9.0, 9.0, tracks=2)
    assert not line_of(two, two, tracks=2).can_overtake(1, 0)
    assert line_of(two, two, tracks=3).can_overtake(1, 0)
    assert line_of(gap(9.0, 9.0), gap(9.0, 9.0), tracks=2).can_overtake(1, 0)


def test_allowances_go_by_the_number_of_tracks() -> None:
    allowances = LineAllowances(120.0, 60.0, 0.9, 0.15, 0.09)
    assert allowances.of_gap(1) == (120.0, 0.9, 0.15)
    assert allowances.of_gap(2) == (60.0, 0.9, 0.09)


def test_gaps_as_one() -> None:
    line = line_of(gap(9.0, 10.0), gap(4.0, 5.0, intervals=StationIntervals(1.0, 3.0, 0.5, 5.0)))
    assert merged_running_min(line, 0, 2) == (13.0, 15.0)
    assert hardest_intervals(line.gaps) == StationIntervals(2.0, 3.0, 1.0, 5.0)


def test_background_without_trains_is_none() -> None:
    idle = TrainClass("idle", 500.0, role=Role.BACKGROUND)
    line = line_of(gap((9.0, 9.0), (9.0, 9.0)), classes=(idle, FREIGHT))
    assert line.background == ()
    assert line.sought == 1
    assert line.gaps[0].running_min(1, odd=False) == 9.0
