"""A ratio taken apart: the parts multiply to the whole and no order is favoured."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import pytest

from keruen.capacity.factors import GROUPS, Decomposition, decompose
from keruen.capacity.line import LineSection, hardest, read_line
from keruen.rail.line_capacity import Level
from support.tiny_study import tiny_day


@pytest.fixture
def before(tmp_path: Path) -> tuple[LineSection, ...]:
    return read_line(tiny_day(tmp_path).model, "coast")


def changed(sections: tuple[LineSection, ...], **facts: Any) -> tuple[LineSection, ...]:  # noqa: ANN401
    return tuple(s._replace(facts=s.facts._replace(**facts)) for s in sections)


def product(found: Decomposition) -> float:
    return math.prod(factor.share_ratio for factor in found.factors)


def test_double_track_and_automatic_block(before: tuple[LineSection, ...]) -> None:
    after = changed(before, tracks=2, automatic=True, headway_min=10.0)
    found = decompose(before, after, Level.MAXIMAL)
    assert found.before == pytest.approx(1440 / 46)
    assert found.after == pytest.approx(144)
    assert [factor.name for factor in found.factors] == ["tracks", "block"]
    tracks, block = found.factors
    # Two tracks under the old block: 20 min of running and 4 min of interval; the automatic block
    # does nothing on a single track.
    assert tracks.alone_ratio == pytest.approx(46 / 24)
    assert block.alone_ratio == pytest.approx(1.0)
    assert tracks.without_ratio == pytest.approx(1.0)
    assert block.without_ratio == pytest.approx(46 / 24)
    # The mean over the two orders in which they could have come.
    assert math.log(tracks.share_ratio) == pytest.approx(
        (math.log(46 / 24) + math.log(46 / 10)) / 2
    )
    assert product(found) == pytest.approx(found.ratio)


def test_it_is_the_mean_over_all_orders(before: tuple[LineSection, ...]) -> None:
    new: dict[str, Any] = {
        "tracks": 2,
        "automatic": True,
        "headway_min": 8.0,
        "window_double_min": 180.0,
        "reliability_share": 0.95,
        "gap_km": 12.0,
        "forward_min": 12.0 / 80 * 60,
        "backward_min": 12.0 / 80 * 60,
        "speed_km_per_h": 80.0,
    }
    after = changed(before, **new)
    found = decompose(before, after, Level.AVAILABLE)
    names = [factor.name for factor in found.factors]
    assert names == ["tracks", "block", "speed", "windows", "gaps"]

    def capacity(groups: tuple[str, ...]) -> float:
        """An independent way: set the columns of the groups; running times from gap and speed."""
        facts = before[0].facts
        columns = {c for group in groups for c in GROUPS[group]} & new.keys()
        facts = facts._replace(**{c: new[c] for c in columns if not c.endswith("ward_min")})
        minutes = facts.gap_km / facts.speed_km_per_h * 60
        facts = facts._replace(forward_min=minutes, backward_min=minutes)
        section = before[0]._replace(facts=facts)
        return hardest((section,), Level.AVAILABLE)[1].gross_trains_per_day

    for factor in found.factors:
        gains = []
        for order in itertools.permutations(names):
            earlier = order[: order.index(factor.name)]
            gains.append(math.log(capacity((*earlier, factor.name)) / capacity(earlier)))
        assert math.log(factor.share_ratio) == pytest.approx(sum(gains) / len(gains))
    assert product(found) == pytest.approx(found.after / found.before)


def test_what_did_not_change_is_no_factor(before: tuple[LineSection, ...]) -> None:
    found = decompose(before, before, Level.PRACTICAL)
    assert found.factors == ()
    assert found.ratio == 1.0


def test_a_new_loop_is_no_higher_speed(before: tuple[LineSection, ...]) -> None:
    after = changed(before, gap_km=10.0, forward_min=10.0, backward_min=10.0)
    found = decompose(before, after, Level.MAXIMAL)
    assert [factor.name for factor in found.factors] == ["gaps"]
    assert found.ratio == pytest.approx(46 / 26)


def test_a_change_that_matters_not_is_worth_nothing(before: tuple[LineSection, ...]) -> None:
    # The window of double track is nothing to a single track: a player that adds nothing.
    after = changed(before, window_double_min=300.0, speed_km_per_h=90.0, forward_min=15.0)
    found = {factor.name: factor for factor in decompose(before, after, Level.AVAILABLE).factors}
    assert found["windows"].share_ratio == pytest.approx(1.0)
    assert found["speed"].share_ratio == pytest.approx(46 / 41)


def test_equal_players_share_equally(before: tuple[LineSection, ...]) -> None:
    # Halving the headway and doubling the tracks of an automatic double track do the same.
    double = changed(before, tracks=2, automatic=True, headway_min=10.0)
    found = decompose(double, changed(double, tracks=4, headway_min=5.0), Level.MAXIMAL)
    tracks, block = found.factors
    assert tracks.share_ratio == pytest.approx(2.0)
    assert block.share_ratio == pytest.approx(2.0)


def test_only_sections_of_both_days_count(before: tuple[LineSection, ...]) -> None:
    other = before[0]._replace(id="new", facts=before[0].facts._replace(forward_min=60.0))
    found = decompose(before, (*changed(before, tracks=2), other), Level.MAXIMAL)
    assert found.after == pytest.approx(60.0)
    with pytest.raises(ValueError, match="in common"):
        decompose(before, (other,), Level.MAXIMAL)
