"""The tables of how trains run on a line."""

from __future__ import annotations

import json
from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from keruen.capacity.line_run import line_run
from keruen.model import Model
from keruen.rail.energy import DIESEL_KG_PER_L
from keruen.study.frames import KEYS
from keruen.study.line_trains import LINE_TABLES, Gathered, LineOnDay, line_trains
from support.tiny_study import hauled_tables, tiny_model, tiny_tables

FIRST, LAST = date(2024, 1, 1), date(2027, 1, 1)


def gathered(model: Model, *others: Model) -> dict[str, pd.DataFrame]:
    found = Gathered()
    entries = [LineOnDay("main", FIRST, model)]
    entries += [LineOnDay("main", LAST, other) for other in others]
    line_trains(found, "main", entries, 3)
    return found.tables()


def by_way(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, str, str], dict[Hashable, Any]]:
    """Runs by date, measure and direction."""
    return {
        (row["date"], row["what_if"], row["direction"]): row
        for row in tables["line_runs"].to_dict("records")
    }


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return tiny_model(tmp_path_factory.mktemp("line"), hauled_tables()).at(FIRST)


@pytest.fixture(scope="module")
def tables(model: Model) -> dict[str, pd.DataFrame]:
    doubled = model.patched({("sections", "ab", "tracks"): "2"})
    return gathered(model, doubled)


def test_every_table_has_its_columns_and_its_key(tables: dict[str, pd.DataFrame]) -> None:
    for name, columns in LINE_TABLES.items():
        assert tuple(tables[name].columns) == columns
        key = list(KEYS[name])
        assert not tables[name].duplicated(key).any(), name


def test_three_methods_at_three_levels_on_every_day(tables: dict[str, pd.DataFrame]) -> None:
    methods = tables["line_methods"]
    assert len(methods) == 2 * 3 * 3
    by = methods.set_index(["date", "method", "level"])["pairs_per_day"].sort_index()
    for method in ("parallel_timetable", "compression", "dispatch"):
        for day in (FIRST, LAST):
            own = by[day.isoformat(), method]
            assert own["maximal"] >= own["available"] >= own["practical"] > 0
        last, first = by[LAST.isoformat(), method], by[FIRST.isoformat(), method]
        assert last["maximal"] > first["maximal"]


def test_measures_are_laid_over_the_first_day(tables: dict[str, pd.DataFrame]) -> None:
    found = tables["line_what_ifs"]
    assert set(found["date"]) == {FIRST.isoformat()}
    by = found.set_index(["what_if", "method", "level"])["pairs_per_day"].sort_index()
    stands = by["as_it_stands", "parallel_timetable", "available"]
    assert by["second_track", "parallel_timetable", "available"] > stands
    known = (
        tables["line_methods"].set_index(["date", "method", "level"])["pairs_per_day"].sort_index()
    )
    assert stands == known[FIRST.isoformat(), "parallel_timetable", "available"]


def test_runs_tell_energy_by_weight_and_way(model: Model, tables: dict[str, pd.DataFrame]) -> None:
    runs = by_way(tables)
    row = runs[FIRST.isoformat(), "as_it_stands", "forward"]
    run = line_run(model, "lines/main")
    assert row["running_min"] == pytest.approx(run.time_min)
    litres = row["fuel_l_per_10000_gross_t_km"]
    assert row["fuel_kg_per_10000_gross_t_km"] == pytest.approx(litres * DIESEL_KG_PER_L)
    assert litres * run.gross_t_km(is_diesel=True) / 1e4 == pytest.approx(run.fuel_l)


def test_a_day_is_kept_under_every_policy_and_drawn_under_one(
    tables: dict[str, pd.DataFrame],
) -> None:
    days = tables["line_days"]
    assert set(days["policy"]) == {"first_come", "priority", "look_ahead"}
    assert (days["trains_finished"] == days["trains"] - days["trains_rejected"]).all()
    paths = tables["train_paths"]
    assert set(paths["date"]) == {FIRST.isoformat(), LAST.isoformat()}
    for _, own in paths.groupby(["date", "train"]):
        assert own["time_min"].is_monotonic_increasing
    shares = tables["gap_occupancy"]["share"]
    assert shares.between(0.0, 1.5).all()
    assert shares.max() > 0.0


def test_speed_and_energy_are_kept_along_the_way(tables: dict[str, pd.DataFrame]) -> None:
    first = tables["train_kilometres"]
    first = first[first["date"] == FIRST.isoformat()]
    runs = by_way(tables)
    total = runs[FIRST.isoformat(), "as_it_stands", "forward"]
    assert first["wheel_kwh"].sum() == pytest.approx(total["wheel_kwh"])
    speeds = tables["train_speeds"]
    assert speeds["speed_km_per_h"].max() <= 80.0 + 1e-9


def test_what_cannot_be_computed_is_told_once_for_each_part(tmp_path: Path) -> None:
    whole = tiny_model(tmp_path, tiny_tables()).at(FIRST)
    found = gathered(whole.patched({("sections", "bc", "from_node"): "d"}))
    troubles = found["line_troubles"]
    assert {"methods", "day", "speed"} <= set(troubles["part"])
    assert "line_in_pieces" in set(troubles["code"])
    assert all(json.loads(params) for params in troubles["params"])
    assert found["line_methods"].empty


def test_a_study_without_locomotives_keeps_its_capacity(tmp_path: Path) -> None:
    found = gathered(tiny_model(tmp_path, tiny_tables()).at(FIRST))
    assert len(found["line_methods"]) == 9
    assert found["line_runs"].empty
    assert set(found["line_troubles"]["code"]) == {"section_without_hauling"}
