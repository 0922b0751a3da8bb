"""Which measures are forecast, and which of them a target is about."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest

from keruen.model import Model, read_study
from keruen.study.forecast.rows import (
    definition_of,
    forecast_rows,
    representatives,
    rows_of_target,
    unit_of,
)
from support.template_draft import TEMPLATES


@pytest.fixture(scope="module")
def model() -> Model:
    found = read_study(TEMPLATES / "corridor").model
    assert found is not None
    return found


def with_table(model: Model, name: str, frame: pd.DataFrame) -> Model:
    return replace(model, tables=MappingProxyType({**model.tables, name: frame}))


def test_units_and_definitions(model: Model) -> None:
    assert unit_of(model, "east_part") == "1"
    assert definition_of(model, "rail_west") == "Boxes going west by rail"
    assert definition_of(model, "berth_boxes") == model.text(
        "observations", "boxes_2023", "definition_en"
    )


def test_of_one_definition_the_latest_row_stands(model: Model) -> None:
    frame = model["flow_measures"]
    older = frame.loc[["rail_west"]].rename(index={"rail_west": "rail_west_2020"})
    older = older.assign(year=2020)
    again = frame.loc[["grain_west"]].rename(index={"grain_west": "grain_west_2020"})
    again = again.assign(adds_to="rail_west_2020", year=2020)
    later = frame.loc[["berth_boxes_2024"]].rename(index={"berth_boxes_2024": "boxes_2030"})
    known = with_table(
        model, "flow_measures", pd.concat([frame, older, again, later.assign(year=2030)])
    )
    assert forecast_rows(known) == ("berth_boxes_2024", "east_part", "rail_west")
    assert representatives(known)["rail_west_2020"] == "rail_west"


def test_a_target_is_about_the_measure_that_it_names(model: Model) -> None:
    rows = forecast_rows(model)
    seen = model["targets"].assign(measure="")
    assert rows_of_target(with_table(model, "targets", seen), "port_boxes", rows) == (
        "berth_boxes_2024",
    )
    named = model["targets"].assign(measure="rail_west")
    assert rows_of_target(with_table(model, "targets", named), "port_boxes", rows) == ("rail_west",)
