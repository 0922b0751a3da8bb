from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from keruen.errors import FailedError
from keruen.flows.base_demand import BaseDemand, base_demand
from keruen.model import load_model
from support.demand_study import demand_tables, term, total
from support.template_draft import TEMPLATES
from support.tiny_study import Row, Tables, tiny_model

STUDY = TEMPLATES.parent / "studies" / "kazakhstan"


def fitted(tmp_path: Path, totals: list[Row], terms: list[Row], **more: list[Row]) -> BaseDemand:
    tables = demand_tables(control_totals=totals, control_total_terms=terms, **more)
    return base_demand(tiny_model(tmp_path, tables))


def pairs(found: BaseDemand, loaded: str = "loaded") -> dict[tuple[str, str, str], float]:
    frame = found.demand[found.demand["loaded"] == loaded]
    keys = zip(frame["commodity"], frame["origin"], frame["destination"], strict=True)
    return dict(zip(keys, frame["quantity"], strict=True))


def test_a_study_without_zones_has_no_demand() -> None:
    found = base_demand(load_model(TEMPLATES / "rail-line"))
    assert (len(found.demand), len(found.totals), len(found.balance)) == (0, 0, 0)
    assert (found.year, found.gap, found.rounds) == (2024, 0.0, 0)


def test_two_zones_and_one_total(tmp_path: Path) -> None:
    found = fitted(tmp_path, [total("west", 500)], [term("west", "east", "west")])
    assert pairs(found) == {("boxes", "east", "west"): pytest.approx(500.0)}
    row = found.demand.iloc[0]
    assert (row["unit"], row["distance_km"], row["served"]) == ("TEU", 300.0, True)
    shown = found.totals.loc["west"]
    assert (shown["wanted"], shown["residual"]) == (500.0, pytest.approx(0.0, abs=1e-6))
    assert (shown["source"], shown["confidence"]) == ("register", "official")


def test_what_no_total_counts_is_no_demand(tmp_path: Path) -> None:
    found = fitted(tmp_path, [total("west", 500)], [term("west", "", "west")])
    assert set(pairs(found)) == {("boxes", "east", "west"), ("boxes", "middle", "west")}


def test_masses_share_a_total_and_distance_deters(tmp_path: Path) -> None:
    ore = [term("ore", "middle", "", "ore")]
    found = fitted(tmp_path, [total("ore", 400, "t/year")], ore)
    assert pairs(found)["ore", "middle", "east"] == pytest.approx(300.0)
    tables = demand_tables(control_totals=[total("ore", 400, "t/year")], control_total_terms=ore)
    tables["commodities"][1]["deterrence_km"] = 100
    near = pairs(base_demand(tiny_model(tmp_path, tables)))
    # 100 km against 200 km at 100 km: a factor e more.
    ratio = near["ore", "middle", "east"] / near["ore", "middle", "west"]
    assert ratio == pytest.approx(3.0 * 2.718281828459045)


def test_a_total_both_ways_counted_twice(tmp_path: Path) -> None:
    totals = [total("boxes", 800, counted="twice")]
    found = fitted(tmp_path, totals, [term("boxes", "east", "west", ways="both")])
    assert sum(pairs(found).values()) == pytest.approx(400.0)
    assert found.totals.loc["boxes", "computed"] == pytest.approx(800.0)


def test_tonnes_of_boxes_and_ore_add_up_in_one_total(tmp_path: Path) -> None:
    terms = [
        term("all", "middle", "west", factor=10),
        term("all", "middle", "west", "ore", sequence=2),
        term("boxes", "middle", "west"),
    ]
    totals = [total("all", 1000, "t/year"), total("boxes", 40)]
    found = pairs(fitted(tmp_path, totals, terms))
    assert found["boxes", "middle", "west"] == pytest.approx(40.0)
    assert found["ore", "middle", "west"] == pytest.approx(600.0)


def test_a_total_of_nought_empties_its_pairs(tmp_path: Path) -> None:
    totals = [total("all", 100), total("none", 0)]
    terms = [term("all", "", "west"), term("none", "east", "west")]
    found = fitted(tmp_path, totals, terms)
    assert pairs(found) == {("boxes", "middle", "west"): pytest.approx(100.0)}
    assert found.totals.loc["none", "computed"] == 0.0
    assert not found.totals.loc["none", "fitted"]


def test_a_value_may_come_from_an_observation(tmp_path: Path) -> None:
    seen = {"id": "seen", "quantity": "teu", "definition_en": "d", "value": 70}
    observations = [{**seen, "unit": "TEU/year", "known_from": "2025-01-01"}]
    totals = [total("west", "", unit="", observation="seen")]
    found = fitted(tmp_path, totals, [term("west", "east", "west")], observations=observations)
    assert found.totals.loc["west", "unit"] == "TEU/year"
    assert pairs(found)["boxes", "east", "west"] == pytest.approx(70.0)


def test_totals_of_another_year_are_another_demand(tmp_path: Path) -> None:
    totals = [total("now", 100), total("then", 60, year=2020)]
    terms = [term("now", "east", "west"), term("then", "east", "west")]
    tables = demand_tables(control_totals=totals, control_total_terms=terms)
    model = tiny_model(tmp_path, tables)
    assert pairs(base_demand(model))["boxes", "east", "west"] == pytest.approx(100.0)
    assert pairs(base_demand(model, 2020))["boxes", "east", "west"] == pytest.approx(60.0)
    assert base_demand(model, 2021).demand.empty


def with_returns(share: float) -> Tables:
    totals = [
        total("west", 100),
        total("east", 64, loaded="both"),
        total("told", 5, loaded="empty"),
    ]
    terms = [
        term("west", "east", "west"),
        term("east", "west", "east"),
        term("told", "west", "east"),
    ]
    tables = demand_tables(control_totals=totals, control_total_terms=terms)
    tables["zones"][2]["empty_return_share"] = share
    return tables


def test_empties_return_and_are_part_of_totals_that_count_both(tmp_path: Path) -> None:
    found = base_demand(tiny_model(tmp_path, with_returns(0.4)))
    # Loaded x and 0.4 (100 - x) empty are 64 together: x = 40, and 24 empty.
    assert pairs(found)["boxes", "west", "east"] == pytest.approx(40.0)
    assert pairs(found, "empty")["boxes", "west", "east"] == pytest.approx(24.0)
    balance = found.balance.set_index("zone")
    west = balance.loc["west"]
    assert (west["received"], west["sent"]) == (pytest.approx(100.0), pytest.approx(40.0))
    assert west["empty_sent"] == pytest.approx(24.0)
    assert west["left_over"] == pytest.approx(36.0)
    assert balance.loc["east", "left_over"] == pytest.approx(-36.0)


def test_a_total_of_empties_is_shown_and_not_fitted(tmp_path: Path) -> None:
    told = base_demand(tiny_model(tmp_path, with_returns(0.4))).totals.loc["told"]
    assert not told["fitted"]
    assert (told["wanted"], told["computed"]) == (5.0, pytest.approx(24.0))


def test_demand_without_a_way_is_kept_and_marked(tmp_path: Path) -> None:
    tables = demand_tables(
        control_totals=[total("all", 100)], control_total_terms=[term("all", "", "west")]
    )
    tables["zones"][2]["node"] = "x"
    tables["sections"].append(
        {"id": "xx", "mode": "road", "from_node": "x", "to_node": "w", "length_km": 1}
    )
    tables["sections"][1]["in_service_from"] = "2026-01-01"
    found = base_demand(tiny_model(tmp_path, tables))
    assert found.demand["quantity"].sum() == pytest.approx(100.0)
    assert not found.demand["served"].any()


def test_exact_totals_in_conflict_are_refused(tmp_path: Path) -> None:
    totals = [total("a", 100), total("b", 60), total("c", 60)]
    terms = [term("a", "east", ""), term("b", "east", "west"), term("c", "east", "middle")]
    with pytest.raises(FailedError) as told:
        fitted(tmp_path, totals, terms)
    problem = told.value.problems[0]
    assert (problem.code, problem.file) == ("totals_not_met", "control_totals.csv")
    assert problem.params["total"] in {"a", "b", "c"}


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    tables = with_returns(0.4)
    turned = {name: rows[::-1] for name, rows in tables.items()}
    one = base_demand(tiny_model(tmp_path, tables))
    other = base_demand(tiny_model(tmp_path, turned))
    for name in ("demand", "totals", "balance"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


@pytest.fixture(scope="module")
def kazakhstan() -> Any:  # noqa: ANN401
    return base_demand(load_model(STUDY))


def test_the_reference_study_meets_its_totals(kazakhstan: BaseDemand) -> None:
    totals = kazakhstan.totals
    assert kazakhstan.gap <= 1e-10
    assert totals["fitted"].all()
    deviations = totals["residual_share"].abs() / totals["tolerance_share"]
    assert deviations.max() < 1.0
    assert kazakhstan.demand["served"].all()
    firm = totals.loc[["cre_teu", "china_central_asia", "titr_t"], "residual_share"]
    assert firm.abs().max() < 0.01


def test_oil_of_the_reference_study_has_a_chain_of_its_own(kazakhstan: BaseDemand) -> None:
    crude = kazakhstan.demand[kazakhstan.demand["commodity"] == "crude_oil"]
    assert [tuple(row) for row in crude[["origin", "destination", "unit"]].to_numpy()] == [
        ("kz_mangystau", "azerbaijan", "t")
    ]


def test_boxes_of_the_reference_study_leave_europe_mostly_otherwise(kazakhstan: BaseDemand) -> None:
    balance = kazakhstan.balance.set_index("zone")
    europe = balance.loc[["eu_poland", "eu_west", "eu_centre_east"]]
    back = europe["sent"].sum() + europe["empty_sent"].sum()
    assert back / europe["received"].sum() == pytest.approx(0.15, abs=0.01)
