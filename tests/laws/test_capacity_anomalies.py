"""Improvements of mixed lines: the median never falls, what falls is counted and has a cause."""

from __future__ import annotations

import pytest

from support.capacity_anomalies import METHODS, Change, changes, covered, report
from support.capacity_lines import IMPROVEMENTS

MOST_LOST = {"parallel_timetable": 0.0, "compression": 0.02, "dispatch": 0.12}
"""Share of cases that lose, over all improvements; see docs/explanation/capacity-anomalies.md."""
MOST_UNEXPLAINED = 0.1
"""Share of losses without a cause, if more than two: 2.7 % were measured; see the same page."""
FEATURES = {
    "directional_imbalance",
    "mixed_speeds",
    "partly_doubled",
    "two_track_insert",
    "loop_shorter_than_the_train",
    "window",
    "semi_automatic",
    "one_class",
    "intervals_differ",
}


def hold_against_the_report(found: list[Change], least_cases: int) -> None:
    rows = report(found)
    assert {row.improvement for row in rows} == set(IMPROVEMENTS)
    for row in rows:
        assert row.cases >= least_cases, row
        assert row.median_share >= 0.0, row
        assert sum(count for _, count in row.causes) == row.lost, row
    for method in {row.method for row in rows}:
        of_method = [change for change in found if change.method == method]
        lost = [change for change in of_method if change.cause]
        assert len(lost) <= MOST_LOST[method] * len(of_method), (method, report(lost))
        unexplained = [change for change in lost if change.cause == "unexplained"]
        assert len(unexplained) <= max(2.0, MOST_UNEXPLAINED * len(lost)), unexplained


def test_the_drawn_lines_have_what_lines_have() -> None:
    found = covered(range(1000))
    assert set(found) == FEATURES
    assert min(found.values()) >= 50, found


def test_few_lines_with_all_trains_faster_lose_by_no_method() -> None:
    found = list(changes(range(200, 212), METHODS, ["faster_all"]))
    assert len(found) > 30
    assert [change for change in found if change.cause] == []


def test_few_lines_bettered() -> None:
    hold_against_the_report(list(changes(range(12), ["parallel_timetable", "compression"])), 2)


@pytest.mark.slow
def test_more_lines_bettered() -> None:
    hold_against_the_report(list(changes(range(40), ["dispatch"])), 10)
