"""Steps of capacity over the years."""

from __future__ import annotations

import numpy as np

from keruen.study.capacity_steps import Event, Step, Timeline


def over(delays: list[float] | None, drawn: list[list[float]]) -> list[list[float]]:
    gains = [np.array([1.0]), np.array([2.0]), np.array([0.5])]
    steps = (
        Step(0, gains[0], 1, (Event(15, 0, 0),)),
        Step(0, gains[1], 2, (Event(25, -1, 1), Event(22, -1, 0))),
        Step(1, gains[2], 1, ()),
    )
    line = Timeline((10, 20, 30), steps, np.array([0]))
    before, after = np.array([[[0.0], [7.0], [9.0]]]), np.array([[[3.0], [7.5], [9.0]]])
    late = None if delays is None else np.array([delays])
    return [
        row.tolist() for row in line.over_years(before, after, np.array(drawn), late)[0, ..., 0]
    ]


def test_as_told_each_step_shows_in_its_year() -> None:
    assert over(None, [[15.0]]) == [[0.0, 7.0, 9.0], [1.0, 7.5, 9.0], [3.0, 7.5, 9.0]]


def test_a_day_drawn_later_moves_its_own_step_only() -> None:
    assert [row[0] for row in over(None, [[25.0]])] == [0.0, 0.0, 3.0]
    assert [row[0] for row in over(None, [[35.0]])] == [0.0, 0.0, 2.0]


def test_a_step_waits_for_all_of_its_openings() -> None:
    assert [row[0] for row in over([0.0, 1.0], [[15.0]])] == [0.0, 1.0, 1.0]
    assert [row[0] for row in over([np.inf, np.inf], [[15.0]])] == [0.0, 0.0, 0.0]
