from __future__ import annotations

import pytest

from keruen.flows.freight.aversions import segment_of, segmented
from keruen.flows.freight.compile import compile_freight
from keruen.flows.freight.pairs import loaded_pairs
from keruen.flows.freight.relation import Relation
from keruen.flows.freight.worths import Worth, worths_of
from keruen.flows.freight.years import mid_year
from support.forwarding import YEAR, corridor
from support.freight_diamond import BOX as BOXES

INLAND, OVERSEAS = frozenset({"inland"}), frozenset({"overseas"})
BOX = BOXES._replace(commodity="container")
DEAR = Worth("dear", "container", Relation("inland", "overseas", both=True), 2.0, 1.5)
VALUE = ("cargo_values", "grain_overseas", "cargo_value_usd_per_unit")


def test_the_goods_of_a_relation_cost_more_an_hour() -> None:
    """260 instead of 250 USD a tonne at 0.4 % a day."""
    (found,) = worths_of(corridor().base)
    assert (found.row, found.commodity) == ("grain_overseas", "grain")
    assert found.ratio == pytest.approx(1.04)
    assert found.dearer_usd_per_h == pytest.approx(10.0 * 0.004 / 24.0)
    assert found.concerns("grain", (INLAND, OVERSEAS))
    assert not found.concerns("grain", (OVERSEAS, INLAND))
    assert not found.concerns("container", (INLAND, OVERSEAS))


def test_a_commodity_without_a_value_has_none_by_relation() -> None:
    cell = ("commodities", "grain", "cargo_value_usd_per_unit")
    assert worths_of(corridor().base.with_cells({cell: "0"}).at(mid_year(YEAR))) == ()


def test_classes_are_split_by_what_their_goods_are_worth() -> None:
    """Empty boxes hold no goods, and other commodities are not meant."""
    empty = BOX._replace(commodity="boxes", loaded="empty")
    grain = BOX._replace(commodity="grain")
    groups = {"east": INLAND, "west": OVERSEAS}
    found = segmented((empty, BOX, grain), (), groups, ["east", "west"], (DEAR,))
    assert [one.name for one in found] == ["boxes_empty", "container", "container@=dear", "grain"]
    assert found[2].value_usd_per_h == pytest.approx(BOX.value_usd_per_h + 1.5)
    assert [one.worth_ratio for one in found] == [1.0, 1.0, 2.0, 1.0]
    assert segment_of((), "container", (OVERSEAS, INLAND), (DEAR,)) == "=dear"


def test_pairs_are_of_the_class_of_their_goods() -> None:
    study = corridor()
    dearer = study.base.with_cells({VALUE: "500"})
    known = study.days(mid_year(YEAR))
    freight = compile_freight(known.model, known)
    other = compile_freight(dearer.at(mid_year(YEAR)), known)
    grain = [at for at, one in enumerate(freight.cargo) if "=grain_overseas" in one.segment]
    assert len(grain) == 1
    value, was = (one.cargo[grain[0]].value_usd_per_h for one in (other, freight))
    assert value - was == pytest.approx(240.0 * 0.004 / 24.0)
    pairs = loaded_pairs(freight, study.years.demand(YEAR).demand)
    zones = list(freight.zones)
    own = pairs.user == grain[0]
    assert {zones[at] for at in pairs.origin[own]} <= {"east", "middle"}
    assert {zones[at] for at in pairs.destination[own]} == {"west"}
