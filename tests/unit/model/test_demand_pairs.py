from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keruen.model import Model
from keruen.model.demand_pairs import (
    Ends,
    connected_parts,
    factors_over,
    possible_cells,
    stated,
)
from support.demand_study import demand_tables, term, total
from support.tiny_study import tiny_model


@pytest.fixture
def model(tmp_path: Path) -> Model:
    observed = {"id": "seen", "quantity": "teu", "definition_en": "d", "value": 5}
    return tiny_model(
        tmp_path,
        demand_tables(
            control_totals=[
                total("own", 10, counted="twice"),
                total("seen", "", unit="", observation="seen"),
            ],
            control_total_terms=[
                term("own", "east", "west", ways="both", factor=3),
                term("seen", "", "west"),
                term("seen", "middle", "", "ore", sequence=2, factor=0.5),
            ],
            observations=[{**observed, "unit": "TEU/year", "known_from": "2025-01-01"}],
        ),
    )


def names(model: Model, boxed: tuple[str, ...] = ()) -> list[str]:
    cells = possible_cells(model["zones"], model["zone_masses"], boxed)
    return [
        f"{c[0]} {c[1][0]}{c[2][0]}"
        for c in cells[["commodity", "origin", "destination"]].to_numpy()
    ]


def test_cells_join_senders_with_receivers_but_no_zone_with_itself(model: Model) -> None:
    boxes = [f"boxes {pair}" for pair in ("em", "ew", "me", "mw", "we", "wm")]
    assert names(model) == [*boxes, "ore me", "ore mw"]


def test_empties_may_go_between_any_two_zones_of_the_commodity(model: Model) -> None:
    ore = [name for name in names(model, ("ore",)) if name.startswith("ore")]
    assert ore == [f"ore {pair}" for pair in ("em", "ew", "me", "mw", "we", "wm")]


def test_factors_follow_terms_ways_and_counting(model: Model) -> None:
    cells = possible_cells(model["zones"], model["zone_masses"])
    factors = factors_over(model.tables, model["control_totals"], cells)
    # Twice three boxes between east and west, both ways; boxes to the west and half of the ore.
    assert factors.tolist() == [[0, 6, 0, 0, 6, 0, 0, 0], [0, 1, 0, 1, 0, 0, 0.5, 0.5]]


def test_a_relation_both_ways_takes_each_pair_once(model: Model) -> None:
    cells = possible_cells(model["zones"], model["zone_masses"])
    chosen = Ends(model["zone_members"], cells).cells_of("", "", "", "both")
    assert chosen.all()
    none = Ends(model["zone_members"], cells).cells_of("ore", "west", "east", "forward")
    assert not none.any()


def test_values_and_units_come_from_the_total_or_its_observation(model: Model) -> None:
    found = stated(model["control_totals"], model["observations"])
    assert list(found.loc["own"]) == [10.0, "TEU/year"]
    assert list(found.loc["seen"]) == [5.0, "TEU/year"]


def test_parts_of_the_network_on_a_day(tmp_path: Path) -> None:
    tables = demand_tables()
    tables["sections"][1]["in_service_from"] = "2026-01-01"
    frames = tiny_model(tmp_path, tables).tables
    whole = connected_parts(frames, None)
    assert whole["e"] == whole["w"] != whole["x"]
    early = connected_parts(frames, date(2025, 1, 1))
    assert early["e"] == early["m"] != early["w"]
    assert early.dtype == np.int64
