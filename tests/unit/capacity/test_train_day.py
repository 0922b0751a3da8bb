from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keruen.capacity.line_dispatch import LineDispatch, dispatch_line
from keruen.capacity.line_timetable import line_timetable
from keruen.capacity.train_day import occupied_by_gap, train_day
from keruen.rail.dispatch.network import Policy
from support.tiny_study import BASE_DAY, hauled_tables, tiny_model


@pytest.fixture
def found(tmp_path: Path) -> LineDispatch:
    model = tiny_model(tmp_path, hauled_tables()).at(date.fromisoformat(BASE_DAY))
    return dispatch_line(line_timetable(model, "main", 6.0, 1, 3), Policy.FIRST_COME)


def test_on_single_track_trains_take_a_gap_for_as_long_as_they_run(found: LineDispatch) -> None:
    shares = occupied_by_gap(found)
    gap = found.timetable.described.description.gaps[0]
    least = 6 * (gap.odd_min[0] + gap.even_min[0]) / 1440.0
    assert least <= shares[0, 0] <= least * 1.3
    double = found.timetable.described.description.gaps[2]
    assert shares[2, 0] == pytest.approx(12 * double.headway_min / 1440.0 / 2, rel=0.2)


def test_only_trains_of_the_days_looked_at_are_drawn(found: LineDispatch) -> None:
    day = train_day(found)
    begin, end = day.span_min
    assert end - begin == 1440.0
    assert len(day.trains) < len(found.timetable.relation_of)
    for train in day.trains:
        assert train.path.time_min[-1] > begin
        assert train.path.time_min[0] < end
        assert np.all(np.diff(train.path.time_min) >= 0.0)
    assert day.occupied.shape == (len(day.described.sections), 3)
