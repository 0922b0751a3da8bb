from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.drawn_run import drawn_run
from keruen.capacity.line_run import line_run
from support.tiny_study import BASE_DAY, hauled_tables, tiny_model


def test_a_drawn_run_keeps_times_places_and_energy(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, hauled_tables()).at(date.fromisoformat(BASE_DAY))
    run = line_run(model, "lines/main")
    drawn = drawn_run(run)
    assert drawn.time_min == run.time_min
    assert drawn.km.shape == drawn.speed_km_per_h.shape
    assert drawn.km[-1] == pytest.approx(run.length_km)
    assert len(drawn.legs) == len(run.legs)
    assert sum(leg.kilometres.wheel_kwh.sum() for leg in drawn.legs) == pytest.approx(run.wheel_kwh)
    assert [one.section for one in drawn.passed] == [
        stretch.passed.section for leg in run.legs for stretch in leg.stretches
    ]
