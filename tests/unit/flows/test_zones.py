from __future__ import annotations

from pathlib import Path

import numpy as np

from keruen.flows.zones import zone_distances
from support.demand_study import ZONES, demand_tables
from support.tiny_study import tiny_model


def test_distances_go_both_ways_and_hold_the_access(tmp_path: Path) -> None:
    tables = demand_tables()
    tables["zones"][0]["access_km"] = 7
    found = zone_distances(tiny_model(tmp_path, tables), list(ZONES))
    assert found.tolist() == [[0, 107, 307], [107, 0, 200], [307, 200, 0]]


def test_of_two_sections_the_shorter_counts_and_vessels_join_too(tmp_path: Path) -> None:
    tables = demand_tables()
    longer = {**tables["sections"][0], "id": "longer", "length_km": 400}
    vessel = {"id": "ship", "from_node": "w", "to_node": "e", "serves": "any", "length_km": 50}
    tables["sections"].append(longer)
    tables["vessel_lines"] = [{**vessel, "sailing_h": 5, "port_time_h": 5}]
    found = zone_distances(tiny_model(tmp_path, tables), list(ZONES))
    assert found.tolist() == [[0, 100, 50], [100, 0, 150], [50, 150, 0]]


def test_what_is_not_in_service_on_the_base_date_joins_nothing(tmp_path: Path) -> None:
    tables = demand_tables()
    tables["sections"][1]["in_service_from"] = "2026-01-01"
    model = tiny_model(tmp_path, tables)
    assert np.isinf(zone_distances(model, ["middle", "west"])[0, 1])
    later = model.in_year(2027)
    assert zone_distances(later, ["middle", "west"])[0, 1] == 200.0
