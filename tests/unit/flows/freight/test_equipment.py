from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from keruen.flows.freight.equipment import (
    EQUIPMENT_COLUMNS,
    acquiring,
    empties,
    equipment_table,
)
from keruen.flows.freight.solve import Draw, Flows
from keruen.flows.freight.tables import route_table
from keruen.model import Model
from support.forwarding import YEAR, corridor, corridor_flows

ZONES = ("east", "middle")


@pytest.fixture(scope="module")
def flows() -> Flows:
    return corridor_flows().flows


@pytest.fixture(scope="module")
def narrow() -> Flows:
    """The same with a tenth of every capacity toward where boxes are wanted."""
    years = corridor().years
    freight = years.freight(YEAR)
    east = [draft.direction == "backward" for draft in freight.drafts]
    return years.solved(YEAR, Draw(freight.capacity * np.where(east, 0.1, 1.0)))


@pytest.fixture(scope="module")
def base() -> Model:
    return corridor().base


@pytest.fixture(scope="module")
def table(flows: Flows, base: Model) -> pd.DataFrame:
    return equipment_table(flows, acquiring(base, flows.freight))


def by_zone(table: pd.DataFrame, kind: str = "boxes") -> pd.DataFrame:
    return table[table["equipment"] == kind].set_index("zone")


def test_what_one_more_costs_is_told_by_the_unit_that_moves(base: Model, flows: Flows) -> None:
    found = acquiring(base, flows.freight)
    assert found["boxes"] == 700.0  # a TEU
    load_t = base.number("equipment", "hoppers", "unit_t")
    a_wagon = base.number("equipment", "hoppers", "acquire_usd")
    assert load_t is not None
    assert a_wagon is not None
    assert found["hoppers"] == a_wagon / load_t  # a tonne of load
    assert set(found) == set(flows.equipment)


def test_what_the_study_does_not_tell_is_not_known(flows: Flows, base: Model) -> None:
    blind = base.patched({("equipment", kind, "acquire_usd"): "" for kind in ("boxes", "hoppers")})
    usd = acquiring(blind, flows.freight)
    assert all(math.isnan(one) for one in usd.values())
    found = equipment_table(flows, usd)
    assert found["price_usd"].equals(found["saving_usd"])
    assert found["acquired_usd_per_year"].isna().all()


def test_it_is_conserved_at_every_zone(table: pd.DataFrame) -> None:
    """Received and brought empty less sent and taken empty is what is left over."""
    assert tuple(table.columns) == EQUIPMENT_COLUMNS
    left = table["received_per_year"] - table["sent_per_year"]
    left += table["empty_in_per_year"] - table["empty_out_per_year"]
    assert table["left_per_year"].to_numpy() == pytest.approx(left.to_numpy())
    boxes = by_zone(table)
    assert boxes["left_per_year"].sum() == pytest.approx(0.0, abs=1e-6)
    assert boxes.loc["east", "price_usd"] == boxes["price_usd"].max()  # boxes are wanted there


def test_empties_that_are_turned_away_did_not_move(narrow: Flows, base: Model) -> None:
    """What is told to come empty is what routes carry; the rest of the plan stands by itself."""
    found = by_zone(equipment_table(narrow, acquiring(base, narrow.freight)))
    routes = route_table(narrow, 0.0)
    routes = routes[(routes["commodity"] == "boxes") & (routes["loaded"] == "empty")]
    by_end = routes.groupby(["refused", "destination"])["quantity_per_year"].sum()
    assert by_end[True].sum() > 0.01 * by_end.sum()
    for refused, column in ((False, "empty_in_per_year"), (True, "refused_in_per_year")):
        told = found[column][found[column] > 0.0]
        assert told.to_dict() == pytest.approx(by_end[refused].to_dict())


def test_a_shortage_is_met_at_what_one_more_costs(flows: Flows) -> None:
    found = by_zone(equipment_table(flows, {"boxes": 50.0, "hoppers": 2.0}))
    east, middle = (found.filter(regex="usd|year").loc[zone].to_dict() for zone in ZONES)
    assert east["left_per_year"] < 0.0 < middle["left_per_year"]
    assert (east["price_usd"], middle["price_usd"]) == (50.0, 50.0)  # both would save more
    assert min(east["saving_usd"], middle["saving_usd"]) > 50.0
    assert east["acquired_usd_per_year"] == pytest.approx(-50.0 * east["left_per_year"])
    assert middle["acquired_usd_per_year"] == 0.0


def test_where_units_are_acquired_one_more_saves_that(flows: Flows) -> None:
    """Even if it would save less in moving empties: one unit fewer has to be acquired."""
    found = by_zone(equipment_table(flows, {"boxes": 1e5, "hoppers": 2.0}))
    east, middle = (found.filter(like="usd").loc[zone].to_dict() for zone in ZONES)
    assert east["price_usd"] == 1e5 > east["saving_usd"]
    assert middle["price_usd"] == middle["saving_usd"]


def test_kinds_are_summed_over_zones(table: pd.DataFrame) -> None:
    boxes, hoppers = empties(table)
    own = by_zone(table)
    assert (boxes.equipment, boxes.unit, hoppers.unit) == ("boxes", "TEU", "t")
    assert boxes.carried == own["empty_out_per_year"].sum()
    assert boxes.planned == boxes.carried + boxes.refused
    assert boxes.acquired == pytest.approx(own["left_per_year"].clip(lower=0.0).sum())
    assert boxes.usd == pytest.approx(700.0 * boxes.acquired)
    assert (hoppers.planned, hoppers.refused_share) == (0.0, 0.0)
