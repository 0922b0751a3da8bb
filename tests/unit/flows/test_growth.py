from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from keruen.errors import FailedError
from keruen.flows.base_demand import base_demand
from keruen.flows.growth import (
    by_country,
    demand_in_year,
    demand_of,
    growth_factors,
    history_factors,
)
from keruen.model import Model
from support.demand_study import demand_tables, term, total
from support.tiny_study import Row, tiny_model


def driver(identity: str, rate: float, **cells: object) -> Row:
    return {
        "id": identity,
        "kind": "trade",
        "commodity": "boxes",
        "from_group": "east",
        "to_group": "west",
        "ways": "forward",
        "from_year": 2025,
        "to_year": 2030,
        "rate_share_per_year": rate,
        **cells,
    }


def growing(tmp_path: Path, *drivers: Row) -> Model:
    tables = demand_tables(
        control_totals=[total("west", 100), total("east", 40)],
        control_total_terms=[term("west", "east", "west"), term("east", "west", "east")],
        growth_drivers=list(drivers),
    )
    tables["zones"][2]["empty_return_share"] = 0.5
    return tiny_model(tmp_path, tables)


def quantities(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    keys = zip(frame["origin"], frame["loaded"], strict=True)
    return dict(zip(keys, frame["quantity"], strict=True))


def test_in_the_base_year_demand_is_the_base_demand(tmp_path: Path) -> None:
    model = growing(tmp_path, driver("a", 0.1))
    base = base_demand(model)
    pd.testing.assert_frame_equal(demand_in_year(model, base, 2024), base.demand)


def test_loaded_demand_compounds_and_empties_follow(tmp_path: Path) -> None:
    model = growing(tmp_path, driver("a", 0.1))
    found = quantities(demand_in_year(model, base_demand(model), 2026))
    assert found["east", "loaded"] == pytest.approx(121.0)
    assert found["west", "loaded"] == pytest.approx(40.0)
    assert found["west", "empty"] == pytest.approx(0.5 * 81.0)


def test_drivers_multiply_within_their_spans(tmp_path: Path) -> None:
    both = driver("b", 0.5, from_year=2027, to_year=2028, ways="both", commodity="")
    model = growing(tmp_path, driver("a", 0.1, to_year=2026), both)
    cells = base_demand(model).demand
    loaded = cells[cells["loaded"] == "loaded"]
    west, east = growth_factors(model, loaded, 2024, 2035)
    assert (loaded["origin"].tolist(), west) == (["east", "west"], pytest.approx(1.21 * 2.25))
    assert east == pytest.approx(2.25)
    assert growth_factors(model, loaded, 2026, 2027).tolist() == [1.5, 1.5]


def test_years_before_the_base_are_refused(tmp_path: Path) -> None:
    model = growing(tmp_path)
    with pytest.raises(FailedError) as told:
        demand_in_year(model, base_demand(model), 2023)
    assert [(p.code, p.params) for p in told.value.problems] == [
        ("demand_before_base", {"year": 2023, "base": 2024})
    ]


def test_a_year_with_totals_of_its_own_is_fitted_and_not_grown(tmp_path: Path) -> None:
    tables = demand_tables(
        control_totals=[total("now", 100), total("later", 500, year=2027)],
        control_total_terms=[term("now", "east", "west"), term("later", "east", "west")],
        growth_drivers=[driver("a", 0.1)],
    )
    model = tiny_model(tmp_path, tables)
    found = {year: demand_of(model, year) for year in (2024, 2026, 2027)}
    sums = {year: float(one.demand["quantity"].sum()) for year, one in found.items()}
    assert sums == pytest.approx({2024: 100.0, 2026: 121.0, 2027: 500.0})
    assert [one.base.year for one in found.values()] == [2024, 2024, 2027]
    assert demand_of(model).year == 2024


def test_relations_of_countries_add_up_loaded_and_empty(tmp_path: Path) -> None:
    model = growing(tmp_path)
    demand = base_demand(model).demand
    (row,) = by_country(model, demand).to_dict("records")
    assert (row["origin"], row["destination"], row["unit"]) == ("KZ", "KZ", "TEU")
    assert row["loaded"] == pytest.approx(140.0)
    assert row["empty"] == pytest.approx(30.0)


def past(year: int, factor: float, **cells: object) -> Row:
    return {
        "id": f"y{year}_{len(cells)}",
        "year": year,
        "commodity": "boxes",
        "from_group": "east",
        "to_group": "west",
        "ways": "forward",
        "factor": factor,
        **cells,
    }


def remembering(tmp_path: Path, *rows: Row) -> Model:
    tables = demand_tables(
        control_totals=[total("west", 100), total("east", 40)],
        control_total_terms=[term("west", "east", "west"), term("east", "west", "east")],
        demand_history=list(rows),
    )
    return tiny_model(tmp_path, tables)


def test_a_past_year_is_the_base_year_times_its_history(tmp_path: Path) -> None:
    model = remembering(tmp_path, past(2020, 0.5), past(2022, 0.8))
    base = base_demand(model.at(model.settings.base_date), 2024)
    now = base.demand[base.demand["loaded"] == "loaded"].reset_index(drop=True)
    for year, expected in ((2020, 0.5), (2021, 0.65), (2022, 0.8), (2023, 0.9)):
        factors = history_factors(model, now, 2024, year)
        assert sorted(set(factors.round(12))) == [expected, 1.0]
    then = demand_of(model, 2022).demand
    loaded = then[then["loaded"] == "loaded"].reset_index(drop=True)
    assert loaded["quantity"].tolist() == pytest.approx(
        (now["quantity"] * history_factors(model, now, 2024, 2022)).tolist()
    )


def test_a_year_before_all_history_is_told(tmp_path: Path) -> None:
    with pytest.raises(FailedError) as told:
        demand_of(remembering(tmp_path, past(2022, 0.8)), 2020)
    assert [one.code for one in told.value.problems] == ["demand_before_base"]
