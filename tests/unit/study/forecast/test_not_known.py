"""Measures whose demand was not known on a day are named, with the totals that say so."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from keruen.flows.base_demand import base_demand
from keruen.model import Model
from keruen.study.forecast.not_known import EVERYTHING_KNOWN, lost, not_known
from keruen.study.forecast.rows import forecast_rows


def having(model: Model, totals: pd.DataFrame, terms: pd.DataFrame) -> Model:
    """The study with other control totals."""
    tables = {**model.tables, "control_totals": totals, "control_total_terms": terms}
    return replace(model, tables=MappingProxyType(tables))


def test_with_all_totals_everything_is_known(model: Model) -> None:
    assert not_known(model, model, forecast_rows(model)) == EVERYTHING_KNOWN


def test_a_measure_of_demand_without_a_total_is_not_known(model: Model) -> None:
    terms = model["control_total_terms"]
    then = having(
        model, model["control_totals"].loc[["transit"]], terms[terms["commodity"] == "grain"]
    )
    found = not_known(model, then, forecast_rows(model))
    # Boxes over the berth are containers alone, of which no total is left.
    assert "berth_boxes_2024" in found.measures
    assert found.totals == ("boxes", "boxes_west")
    assert not_known(model, model, ("berth_boxes_2024",)) == EVERYTHING_KNOWN


def test_a_total_that_others_drive_to_nought_is_not_known(model: Model) -> None:
    totals, terms = model["control_totals"], model["control_total_terms"]
    # The same boxes counted again, far more surely, and a thousandth of them.
    twin = totals.loc[["boxes_west"]].rename(index={"boxes_west": "twin"})
    twin = twin.assign(value=22.0, tolerance_share=1e-4)
    loose = totals.drop(index=["boxes", "transit"]).assign(tolerance_share=1.0)
    own = terms[terms["control_total"] == "boxes_west"].assign(control_total="twin")
    torn = having(model, pd.concat([loose, twin]), pd.concat([terms, own], ignore_index=True))
    now, then = base_demand(model), base_demand(torn)
    assert then.totals["computed"]["boxes_west"] < 0.5 * then.totals["wanted"]["boxes_west"]
    cells, names = lost(now, then, torn, model)
    assert "boxes_west" in names
    assert {commodity for commodity, _, _ in cells} >= {"container"}
