from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.fleet import capacities, fleet_need
from support.tiny_study import row_of, tiny_day, tiny_tables


def test_locomotives_by_hand(tmp_path: Path) -> None:
    model = tiny_day(tmp_path).model
    maximal, available, practical = capacities(model, "locos")
    assert maximal.trains_per_day == pytest.approx(20 / 2)  # every unit fit
    assert available.trains_per_day == practical.trains_per_day == pytest.approx(8)
    assert available.limit == "units_locomotive"
    assert fleet_need(model, "locos", 8.0) == 20
    assert fleet_need(model, "locos", 8.1) == 21
    assert fleet_need(model, "locos", 0.0) == 0


def test_no_number_of_units_would_do_when_none_is_ever_fit(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "fleets", "locos")["availability_share"] = 0
    model = tiny_day(tmp_path, tables).model
    assert capacities(model, "locos")[1].trains_per_day == 0.0
    assert fleet_need(model, "locos", 1.0) is None
