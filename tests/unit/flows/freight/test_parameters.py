from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import log
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from keruen.capacity.registry import Capacities
from keruen.flows.freight.compile import Freight, compile_freight
from keruen.flows.freight.parameters import log_error, parameters_of, with_cells
from keruen.flows.freight.years import mid_year
from keruen.model import Model, read_study
from keruen.model.provenance import CellKey
from keruen.study.targets import days_of
from support.template_draft import TEMPLATES

CELLS: dict[CellKey, float] = {
    ("commodities", "container", "choice_spread_share"): 0.11,
    ("commodities", "grain", "choice_spread_share"): 0.05,
    ("route_aversions", "sea_feared", "cost_usd_per_unit"): 321.0,
    ("tariffs", "rail_boxes", "amount"): 0.7,
}


@cache
def known() -> tuple[Model, Capacities, Freight]:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    found = days_of(model)(mid_year(2024))
    return model, found, compile_freight(found.model, found)


def test_moved_cells_are_those_of_a_network_compiled_with_them() -> None:
    model, capacities, freight = known()
    quick = with_cells(freight, model, CELLS)
    patched = capacities.model.patched({cell: repr(value) for cell, value in CELLS.items()})
    slow = compile_freight(patched, capacities)
    assert quick.cargo == slow.cargo
    np.testing.assert_allclose(quick.users().fixed, slow.users().fixed, rtol=1e-9)
    assert not np.allclose(quick.users().fixed, freight.users().fixed)


def test_what_is_not_in_force_or_of_demand_changes_nothing() -> None:
    model, _, freight = known()
    cells: dict[CellKey, float] = {
        ("demand_history", "boxes_2022", "factor"): 0.5,
        ("route_aversions", "long_ago", "cost_usd_per_unit"): 9.0,
    }
    same = with_cells(freight, model, cells)
    np.testing.assert_array_equal(same.users().fixed, freight.users().fixed)


def test_a_cell_that_capacity_rests_on_is_refused() -> None:
    model, _, freight = known()
    with pytest.raises(ValueError, match="sections"):
        with_cells(freight, model, {("sections", "a", "length_km"): 1.0})


def test_parameters_have_priors_and_what_goes_along() -> None:
    model, _, _ = known()
    rows = [
        ("first", "container", "", 0.05, 0.1, 0.2),
        ("second", "grain", "first", 0.01, 0.02, 0.04),
    ]
    frame = pd.DataFrame(
        [
            {
                "id": key,
                "table": "commodities",
                "row": row,
                "column": "choice_spread_share",
                "same_as": along,
                "scale": "log",
                "prior_low": low,
                "prior_mode": mode,
                "prior_high": high,
                "note": "",
            }
            for key, row, along, low, mode, high in rows
        ],
        index=[row[0] for row in rows],
    )
    tables = {**model.tables, "calibration_parameters": frame}
    (one,) = parameters_of(replace(model, tables=MappingProxyType(tables)))
    assert one.value == model.number("commodities", "container", "choice_spread_share")
    own, along = one.cells
    assert own is one.own
    assert own.sd == pytest.approx(log(4.0) / 3.2897, rel=1e-4)
    assert along.at(1.0) / along.mode == pytest.approx(own.at(1.0) / own.mode)
    assert own.place(own.at(-0.7)) == pytest.approx(-0.7)


def test_less_trust_is_a_greater_error() -> None:
    errors = [log_error(name) for name in ("official", "published", "derived", "assumed")]
    assert errors == sorted(errors)
    assert log_error("no_such_word") == errors[-1]
