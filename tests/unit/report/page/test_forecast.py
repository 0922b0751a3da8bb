"""A forecast beside a run: its fans, chances of targets, and what its spread comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from keruen.report.page.context import Context, context_of
from keruen.report.page.forecast import forecast

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="session")
def forecasts(tables: Tables) -> Tables:
    """A forecast of two years, of a measure that a target names and of one that none names."""
    volumes = [
        {
            "id": measure,
            "year": year,
            "definition": "",
            "unit": unit,
            "n": 50,
            "as_computed": 2e6 + 1e6 * at,
            "mean": 2e6,
            "sd": 1e5,
            "interpolated": False,
            **dict(zip(("p05", "p25", "p50", "p75", "p95"), levels, strict=True)),
        }
        for measure, unit in (("rail_west", "t/year"), ("east_part", "1"))
        for at, (year, levels) in enumerate(
            ((2024, (1e6, 2e6, 3e6, 4e6, 5e6)), (2028, (2e6, 3e6, 4e6, 6e6, 8e6)))
        )
    ]
    chances = {
        "target": "corridor_volume",
        "measure": "rail_west",
        "unit": "t/year",
        "year": [2024, 2028],
        "wanted": 3e6,
        "share": [0.25, 0.75],
        "n": 50,
    }
    groups = {
        "measure": "rail_west",
        "year": 2028,
        "inputs": 3,
        "group": ["growth", "prices", "capacities"],
        "share": [0.6, -0.02, 1.4],
        "by_chance": [0.01, 0.02, 0.9],
    }
    drivers = {
        "measure": ["rail_west"],
        "year": 2028,
        "kind": "judgement",
        "cells": 1,
        "table": "growth_drivers",
        "row": "trade",
        "column": "rate_share_per_year",
        "rank_correlation": 0.8,
        "share_of_rank_variance": 0.64,
    }
    return {
        **tables,
        "forecast_volumes": pd.DataFrame(volumes),
        "forecast_probability": pd.DataFrame(chances),
        "forecast_groups": pd.DataFrame(groups),
        "forecast_drivers": pd.DataFrame(drivers),
    }


def test_a_run_without_a_forecast_has_no_section(
    told: Callable[..., Context], tables: Tables
) -> None:
    assert forecast(told(tables)) is None


@pytest.mark.parametrize("language", ["en", "kk"])
def test_chances_and_fans_are_told(
    told: Callable[..., Context], forecasts: Tables, language: str
) -> None:
    found = forecast(told(forecasts, language))
    assert found is not None
    assert "50" in found.sentence
    assert found.years == (2024, 2028)
    (chance,) = found.chances
    digits = ["".join(letter for letter in one if letter.isdigit()) for one in chance.shares]
    assert digits == ["25", "75"]
    assert len(found.fans) == 1
    assert found.fans[0].picture.count("<svg") == 2


def test_all_measures_are_in_the_table_with_their_ranges(
    told: Callable[..., Context], forecasts: Tables
) -> None:
    found = forecast(told(forecasts))
    assert found is not None
    values = {one.unit: one.values for one in found.spreads}
    assert len(values) == 2
    assert [one for unit, one in values.items() if unit != "%"] == [
        (("3", "1", "5"), ("4", "2", "8"))
    ]


def test_origins_name_groups_and_drivers(told: Callable[..., Context], forecasts: Tables) -> None:
    found = forecast(told(forecasts))
    assert found is not None
    (origin,) = found.origins
    # A share below nought or above the whole is one by chance.
    assert [share for share, _ in origin.groups] == ["60%", "0%", "100%"]
    assert "0.80" in origin.drivers[0]
    assert len(found.groups) == 3


@pytest.mark.parametrize(("year", "heading"), [(2024, "Volume"), (2023, "Volume, 2024")])
def test_a_fan_is_not_headed_by_the_year_of_its_count(
    told: Callable[..., Context], forecasts: Tables, year: int, heading: str
) -> None:
    context = told(forecasts)
    model = context.matter.model
    measures = model["flow_measures"].copy()
    measures.loc["rail_west", "name_en"] = "Volume, 2024"
    measures.loc["rail_west", "year"] = year
    named = replace(model, tables={**model.tables, "flow_measures": measures})
    matter = replace(context.matter, model=named)
    found = forecast(context_of(matter, context.t))
    assert found is not None
    assert [fan.heading for fan in found.fans] == [heading]
    assert found.has_computed


def test_a_statement_of_fact_says_how_near_draws_have_to_come(
    told: Callable[..., Context], forecasts: Tables
) -> None:
    context = told(forecasts)
    model = context.matter.model
    targets = model["targets"].copy()
    targets.loc["corridor_volume", "kind"] = "fact"
    stated = replace(model, tables={**model.tables, "targets": targets})
    found = forecast(context_of(replace(context.matter, model=stated), context.t))
    assert found is not None
    assert found.chances[0].wanted.startswith("within 5% of ")


@pytest.mark.parametrize("language", ["en", "kk"])
def test_what_was_not_known_is_named_and_not_told(
    told: Callable[..., Context], forecasts: Tables, language: str
) -> None:
    volumes = forecasts["forecast_volumes"].copy()
    levels = ["p05", "p25", "p50", "p75", "p95", "mean", "sd", "as_computed"]
    volumes.loc[volumes["id"] == "rail_west", levels] = float("nan")
    context = told({**forecasts, "forecast_volumes": volumes}, language)
    found = forecast(context)
    assert found is not None
    assert found.not_known == context.names.of("flow_measures", "rail_west")
    assert [one.name for one in found.spreads] == [context.names.of("flow_measures", "east_part")]
