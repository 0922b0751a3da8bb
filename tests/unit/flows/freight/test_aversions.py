from __future__ import annotations

from datetime import date

import pytest

from keruen.flows.freight.aversions import Aversion, aversions_on, segment_of, segmented
from keruen.flows.freight.draft import Draft, rail_place
from keruen.flows.freight.relation import Relation
from support.forwarding import corridor
from support.freight_diamond import BOX as BOXES

INLAND, OVERSEAS = frozenset({"inland"}), frozenset({"overseas"})
BOX = BOXES._replace(commodity="container")
GRAIN = BOXES._replace(commodity="grain", unit="t", cargo_class="dry_bulk")
OUT_AND_BACK = Relation("inland", "overseas", both=True)
SEA = Aversion("sea", "container", OUT_AND_BACK, "", "vessel_lines", "a_b", 100.0)
LAND = Aversion("land", "", Relation("", "", both=False), "XB", "", "", 5.0)


def rail(start: str, end: str, mode: str = "rail") -> Draft:
    ends = rail_place(start, "1520"), rail_place(end, "1520")
    return Draft(*ends, mode, "sections", f"{start}_{end}", "forward", (start, end))


@pytest.mark.parametrize(
    ("both", "commodity", "ends", "held"),
    [
        (False, "container", (INLAND, OVERSEAS), True),
        (False, "container", (OVERSEAS, INLAND), False),
        (True, "container", (OVERSEAS, INLAND), True),
        (True, "container", (INLAND, INLAND), False),
        (True, "grain", (INLAND, OVERSEAS), False),
    ],
)
def test_whom_it_concerns(
    both: bool, commodity: str, ends: tuple[frozenset[str], frozenset[str]], held: bool
) -> None:
    assert SEA._replace(relation=SEA.relation._replace(both=both)).concerns(commodity, ends) is held


def test_a_country_is_shunned_where_it_is_entered() -> None:
    country = {"a": "XA", "b": "XB", "c": "XB"}
    assert LAND.is_at(rail("a", "b"), country)
    assert not LAND.is_at(rail("b", "a"), country)
    assert not LAND.is_at(rail("b", "c"), country)
    assert not LAND.is_at(rail("a", "b", "border"), country)  # the procedure is no second entry


def test_an_element_is_shunned_both_ways() -> None:
    ship = rail("a", "b", "sea")._replace(table="vessel_lines", row="a_b")
    assert SEA.is_at(ship, {})
    assert SEA.is_at(ship._replace(direction="backward"), {})
    assert not SEA.is_at(ship._replace(row="a_c"), {})


def test_segments_name_what_is_shunned() -> None:
    both = (SEA, LAND)
    assert segment_of(both, "container", (INLAND, OVERSEAS)) == "sea+land"
    assert segment_of(both, "grain", (INLAND, OVERSEAS)) == "land"
    assert segment_of((SEA,), "grain", (INLAND, OVERSEAS)) == ""


def test_classes_are_split_by_what_some_pair_shuns() -> None:
    empty = BOX._replace(commodity="boxes", loaded="empty")
    groups = {"east": INLAND, "west": OVERSEAS}
    found = segmented((empty, BOX, GRAIN), (SEA,), groups, ["east", "west"])
    assert [one.name for one in found] == [
        "boxes_empty",
        "container",
        "container@sea",
        "grain",
    ]
    assert segmented((BOX,), (), groups, ["east", "west"]) == (BOX,)


def test_aversions_of_a_day() -> None:
    """One of the two of the template ends with 2026."""
    base = corridor().base
    found = aversions_on(base, date(2026, 12, 31))
    assert [one.row for one in found] == ["country_feared", "sea_feared"]
    assert found[1] == Aversion(
        "sea_feared",
        "container",
        OUT_AND_BACK,
        "",
        "vessel_lines",
        "ailaq_jaga_container",
        100.0,
    )
    assert [one.row for one in aversions_on(base, date(2027, 1, 1))] == ["country_feared"]
    assert [one.row for one in aversions_on(base, date(2023, 12, 31))] == ["country_feared"]
