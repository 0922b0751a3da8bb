"""Records as logarithms."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from keruen.rail.line_capacity import Level
from keruen.study.capacity_parts import (
    amount,
    element_capacities,
    elements_over,
    in_direction,
    logs_of,
    parts_of,
)
from support.tiny_study import tiny_day


def test_net_trains_are_gross_less_those_taken(tmp_path: Path) -> None:
    known = tiny_day(tmp_path)
    record = element_capacities(known)["sections", "ab", "both"]
    gross, removed, teu, _ = parts_of(known.of("sections", "ab"), Level.AVAILABLE)["both"]
    assert record.native_per_year is not None
    assert np.isclose(np.exp(gross) - np.exp(removed), record.native_per_year)
    assert record.gross_trains_per_day is not None
    assert np.isclose(np.exp(gross), record.gross_trains_per_day * 365)
    assert np.isnan(teu)


def test_directions_fall_back_on_each_other() -> None:
    one, two = np.array([1.0, 5.0]), np.array([2.0, 3.0])
    ways = {"forward": one, "backward": two}
    assert in_direction(ways, "forward") is one
    both = in_direction(ways, "both")
    assert both is not None
    assert both.tolist() == [1.0, 3.0]
    assert in_direction({"both": one}, "backward") is one
    assert in_direction({}, "both") is None


def test_elements_are_in_as_many_directions_as_any_day_tells() -> None:
    part = np.zeros(4)
    states = [{("t", "a"): {"both": part}}, {("t", "a"): {"forward": part, "backward": part}}]
    elements = elements_over(states)
    assert elements == (("t", "a", "backward"), ("t", "a", "forward"))
    assert (amount(logs_of({}, elements)) == 0.0).all()
    assert (amount(logs_of(states[0], elements)) == 1.0).all()
    assert np.isinf(amount(np.array([np.log(1e15)]))).all()
