"""Sea lines by hand: cycles, weather, shares of pools, and draught under a falling sea."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity
from keruen.capacity.vessel import capacities, draught_m, water_level_m
from keruen.errors import FailedError
from support.tiny_study import Tables, row_of, tiny_day, tiny_model, tiny_tables


def found(
    tmp_path: Path, tables: Tables, day: str = "2024-07-01"
) -> dict[tuple[str, str], Capacity]:
    records = capacities(tiny_day(tmp_path, tables, day).model, "c_d")
    return {(record.level, record.direction): record for record in records}


def shallow(tables: Tables) -> Tables:
    """A channel of 6 m at -28 m before port C, boats of 5 m, the sea falling a metre in 2025."""
    tables["water_levels"] = [
        {"water_body": "sea", "date": "2025-01-01", "level_m": -28.5},
        {"water_body": "sea", "date": "2026-01-01", "level_m": -29.5},
    ]
    row_of(tables, "terminals", "port_c").update(
        water_body="sea", channel_depth_m=6, channel_datum_m=-28
    )
    row_of(tables, "vessel_pools", "boats").update(
        design_draught_m=5, tonnes_per_dm_t=50, keel_clearance_m=0.5
    )
    return tables


def test_round_trips_and_shares_by_hand(tmp_path: Path) -> None:
    records = found(tmp_path, tiny_tables())
    # 20 h each way and 20 h at each end: 80 h; two boats: 219 round trips when always fit.
    forward, backward = records["maximal", "forward"], records["maximal", "backward"]
    assert forward.native_per_year == pytest.approx(219)
    assert forward.t_per_year == pytest.approx(219 * 3000)
    assert backward.t_per_year == pytest.approx(219 * 3000 * 0.5)
    assert forward.teu_per_year == pytest.approx(219 * 200)  # 3000 t would bear 272 TEU of 11 t
    assert records["available", "forward"].t_per_year == pytest.approx(219 * 0.9 * 3000)
    assert records["practical", "forward"] == records["available", "forward"]._replace(
        level="practical"
    )
    assert forward.limit == "vessels"


def test_heavy_boxes_bound_the_containers(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "vessel_pools", "boats")["capacity_t"] = 1100
    forward = found(tmp_path, tables)["maximal", "forward"]
    assert forward.teu_per_year == pytest.approx(219 * 100)  # 11 t a box, the mean of the loadings
    assert ("loadings", "box/backward", "net_t_per_teu") in {i.cell for i in forward.inputs}


def test_a_line_takes_its_share_of_each_pool(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "vessel_allocations", "boats_c_d")["share"] = 0.25
    tables["vessel_pools"].append(
        {**row_of(tables, "vessel_pools", "boats"), "id": "others", "vessels": 1}
    )
    tables["vessel_allocations"].append(
        {"id": "others_c_d", "pool": "others", "line": "c_d", "share": 1}
    )
    forward = found(tmp_path, tables)["maximal", "forward"]
    assert forward.native_per_year == pytest.approx(219 * (0.25 + 0.5))


def test_weather_lengthens_the_cycle(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["weather_sites"] = [{"id": "roads", "node": "d", "spell_h": 30}]
    tables["closures"] = [
        {"site": "roads", "month": month, "closed_share": 0.2} for month in range(1, 13)
    ]
    row_of(tables, "terminals", "port_d")["weather_site"] = "roads"
    records = found(tmp_path, tables)
    cycle = 40 + 20 + 20 / 0.8 + 0.2 * 30
    assert records["available", "forward"].native_per_year == pytest.approx(2 * 0.9 * 8760 / cycle)
    assert records["maximal", "forward"].native_per_year == pytest.approx(219)


@pytest.mark.parametrize(
    ("day", "level"),
    [
        ("2020-01-01", -28.5),  # before the first date: the first
        ("2025-01-01", -28.5),
        ("2025-07-02", -28.5 - 182 / 365),
        ("2026-01-01", -29.5),
        ("2031-05-05", -29.5),
    ],
)
def test_the_water_level_is_interpolated_by_days(tmp_path: Path, day: str, level: float) -> None:
    model = tiny_model(tmp_path, shallow(tiny_tables())).at(date.fromisoformat(day))
    reader = ElementReader(model, "vessel_lines", "c_d")
    assert water_level_m(reader, "sea") == pytest.approx(level)
    assert draught_m(reader, "c_d", 0.5) == pytest.approx(6 + level + 28 - 0.5)
    assert "level_m_sea" in {entry.name for entry in reader.inputs}


def test_a_shallow_channel_takes_tonnes_off(tmp_path: Path) -> None:
    # 6 m less 1.5 m of fallen sea less 0.5 m of clearance: 4 m, ten decimetres missing.
    low = found(tmp_path / "low", shallow(tiny_tables()), "2026-01-01")["maximal", "forward"]
    assert low.t_per_year == pytest.approx(219 * (3000 - 10 * 50))
    assert low.limit == "vessels_and_draught"
    high = found(tmp_path / "high", shallow(tiny_tables()), "2025-01-01")["maximal", "forward"]
    assert high.t_per_year == pytest.approx(219 * 3000)
    assert high.limit == "vessels"


def test_pools_out_of_service_carry_nothing(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "vessel_pools", "boats")["in_service_from"] = "2030-01-01"
    assert {record.t_per_year for record in found(tmp_path, tables).values()} == {0.0}


def test_a_line_that_no_pool_is_meant_for_is_unbounded(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["vessel_allocations"] = []
    records = found(tmp_path, tables)
    assert {record.limit for record in records.values()} == {"unbounded"}
    assert {record.t_per_year for record in records.values()} == {None}


def test_vessels_that_say_neither_tonnes_nor_boxes_are_refused(tmp_path: Path) -> None:
    tables = tiny_tables()
    pool = row_of(tables, "vessel_pools", "boats")
    del pool["capacity_t"], pool["capacity_teu"]
    pool["capacity_wagons"] = 54
    with pytest.raises(FailedError, match="number_needed"):
        found(tmp_path, tables)
