"""The fleet that a volume takes, by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from keruen.capacity.needs import Need, fleet_needs
from support.tiny_study import Tables, row_of, tiny_day, tiny_tables

PAIRS_PER_T = 0.8 / 1000 * 1.1 / 365
BOAT_TEU = 8760 * 0.9 / 80 * 200  # of one boat a year, forward


def needs(tmp_path: Path, tables: Tables | None, volume: float) -> dict[str, Need]:
    return {need.element: need for need in fleet_needs(tiny_day(tmp_path, tables), "way", volume)}


@pytest.mark.parametrize("volume", [1.0, 1e5, 1e6, 3e7])
def test_units_for_a_volume(tmp_path: Path, volume: float) -> None:
    found = needs(tmp_path, None, volume)
    assert set(found) == {"c_d", "locos"}
    locos = volume * PAIRS_PER_T * 2 / 0.8
    assert found["locos"] == Need("locos", "fleets", 20.0, math.ceil(locos))
    boats = volume * 0.08 * 1.1 / BOAT_TEU
    assert found["c_d"] == Need("c_d", "vessel_lines", 2.0, math.ceil(boats))


def test_at_its_own_capacity_a_fleet_needs_itself(tmp_path: Path) -> None:
    assert needs(tmp_path, None, 8 / PAIRS_PER_T)["locos"].units_needed == 20
    assert needs(tmp_path, None, 2 * BOAT_TEU / (0.08 * 1.1))["c_d"].units_needed == 2


def test_a_fleet_still_to_be_bought_is_counted_too(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "fleets", "locos")["units"] = 0
    row_of(tables, "vessel_pools", "boats")["vessels"] = 0
    found = needs(tmp_path, tables, 1e6)
    assert found["locos"] == Need("locos", "fleets", 0.0, math.ceil(1e6 * PAIRS_PER_T * 2.5))
    assert found["c_d"] == Need("c_d", "vessel_lines", 0.0, math.ceil(1e6 * 0.088 / BOAT_TEU))


def test_no_number_of_vessels_crosses_to_a_port_that_is_never_open(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["weather_sites"] = [{"id": "roads", "node": "d", "spell_h": 30}]
    tables["closures"] = [
        {"site": "roads", "month": month, "closed_share": 1} for month in range(1, 13)
    ]
    row_of(tables, "terminals", "port_d")["weather_site"] = "roads"
    assert needs(tmp_path, tables, 1e5)["c_d"].units_needed is None


def test_vessels_count_by_the_share_that_sails_the_line(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "vessel_allocations", "boats_c_d")["share"] = 0.5
    found = needs(tmp_path, tables, 1e6)["c_d"]
    assert (found.units, found.units_needed) == (1.0, math.ceil(1e6 * 0.088 / BOAT_TEU))


def test_what_is_closed_needs_nothing(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "vessel_lines", "c_d")["in_service_to"] = "2024-01-01"
    assert set(needs(tmp_path, tables, 1e6)) == {"locos"}
