from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.handling import capacities
from support.tiny_study import Tables, row_of, tiny_day, tiny_tables


def stormy(tables: Tables, closed_share: float) -> Tables:
    """A weather site at port C, closed for the same share of every month."""
    tables["weather_sites"] = [{"id": "roads", "node": "c", "spell_h": 12}]
    tables["closures"] = [
        {"site": "roads", "month": month, "closed_share": closed_share} for month in range(1, 13)
    ]
    row_of(tables, "terminals", "port_c")["weather_site"] = "roads"
    return tables


def test_a_berth_by_hand(tmp_path: Path) -> None:
    # One berth, 10 h a ship, random: a wait of a quarter of the service is met at a fifth.
    maximal, available, practical = capacities(tiny_day(tmp_path).model, "berth_c")
    assert maximal.native_per_year == pytest.approx(876)
    assert maximal.teu_per_year == pytest.approx(876 * 200)
    assert maximal.t_per_year == pytest.approx(876 * 2000)
    assert maximal.trains_per_day is None
    assert available.native_per_year == pytest.approx(175.2)
    assert practical.native_per_year == pytest.approx(175.2)
    assert (maximal.limit, available.limit) == ("service_time", "accepted_wait")
    assert {entry.name for entry in available.inputs} >= {"acceptable_wait_share", "utilisation"}


def test_weather_takes_capacity_but_not_from_the_maximal_level(tmp_path: Path) -> None:
    fair = capacities(tiny_day(tmp_path / "fair").model, "berth_c")
    rough = capacities(tiny_day(tmp_path / "rough", stormy(tiny_tables(), 0.1)).model, "berth_c")
    assert rough[0].native_per_year == fair[0].native_per_year
    assert float(rough[1].native_per_year or 0) < 0.9 * float(fair[1].native_per_year or 0)
    assert rough[1].limit == "weather_and_wait"
    cells = {entry.cell for entry in rough[1].inputs}
    assert {
        ("terminals", "port_c", "weather_site"),
        ("closures", "roads/7", "closed_share"),
    } <= cells


def test_trains_of_both_directions_come_in_pairs(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "handling", "berth_c").update(native_unit="train", serves="train")
    both = capacities(tiny_day(tmp_path / "both", tables).model, "berth_c")[0]
    assert both.trains_per_day == pytest.approx(876 / 365 / 2)
    assert both.native_per_year == pytest.approx(876 / 2)
    assert both.teu_per_year == pytest.approx(876 * 200)  # lots count both ways
    row_of(tables, "handling", "berth_c")["direction"] = "forward"
    one_way = capacities(tiny_day(tmp_path / "one_way", tables).model, "berth_c")[0]
    assert one_way.trains_per_day == pytest.approx(876 / 365)


def test_a_stated_capacity_stands_at_every_level(tmp_path: Path) -> None:
    tables = tiny_tables()
    row = row_of(tables, "handling", "berth_c")
    for column in ("servers", "service_h", "lot_t", "lot_teu", "acceptable_wait_share"):
        del row[column]
    row["stated_teu_per_year"] = 60_000
    levels = capacities(tiny_day(tmp_path, tables).model, "berth_c")
    assert [record.teu_per_year for record in levels] == [60_000] * 3
    assert [record.t_per_year for record in levels] == [None] * 3
    assert {record.limit for record in levels} == {"stated"}


def test_nothing_is_handled_where_the_terminal_is_closed(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "terminals", "port_c")["in_service_to"] = "2023-12-31"
    assert capacities(tiny_day(tmp_path, tables).model, "berth_c") == []
