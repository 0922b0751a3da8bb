from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from keruen.capacity.registry import Capacities
from keruen.flows.freight.changes import (
    Groups,
    boarding,
    gauge_drafts,
    native_gauges,
    sea_drafts,
    zone_drafts,
)
from keruen.flows.freight.draft import Draft, land_place, rail_place, zone_place
from keruen.flows.freight.years import mid_year
from keruen.units import HOURS_PER_YEAR
from support.forwarding import YEAR, corridor

GAUGES = {
    "tau": {"1435"},
    "qaqpa": {"1435", "1520"},
    "kent": {"1520"},
    "ailaq": {"1520"},
    "jaga": {"1520"},
    "batys": {"1520"},
}
ROADS = {"qaqpa", "ailaq"}


@pytest.fixture(scope="module")
def known() -> Capacities:
    return corridor().days(mid_year(YEAR))


@pytest.fixture(scope="module")
def groups(known: Capacities) -> Groups:
    return Groups(known.model, known)


@pytest.fixture(scope="module")
def sea(groups: Groups) -> list[Draft]:
    return sea_drafts(groups, GAUGES, ROADS)


def passages(drafts: list[Draft]) -> set[tuple[object, object]]:
    return {(one.tail, one.head) for one in drafts if one.mode == "access"}


def test_what_a_ship_takes() -> None:
    assert boarding("rail_ferry") >= {"container", "liquid_bulk", "dry_bulk", "rail_ferry"}
    assert boarding("container") == {"container"}
    assert "rail_ferry" not in boarding("general")


def test_the_gauge_of_a_node_is_that_of_its_own_rails(known: Capacities) -> None:
    """Rails of the neighbour that lead up to it do not count, unless it has no others."""
    native = native_gauges(known.model)
    assert native["qaqpa"] == "1520"
    assert native["tau"] == "1435"


@pytest.mark.parametrize(
    ("track", "start", "end"),
    [("gauge_tracks_west", "1435", "1520"), ("gauge_tracks_east", "1520", "1435")],
)
def test_tracks_of_one_direction_change_trains_of_that_direction(
    groups: Groups, track: str, start: str, end: str
) -> None:
    """Forward is over the border to the west, where the wide rails are."""
    own = {
        (tail, head)
        for tail, head in passages(gauge_drafts(groups, GAUGES))
        if ("change", track, "0") in (tail, head) or ("change", track, "1") in (tail, head)
    }
    assert own == {
        (rail_place("qaqpa", start), ("change", track, "0")),
        (("change", track, "1"), rail_place("qaqpa", end)),
    }


def test_tracks_for_boxes_change_nothing_else(groups: Groups) -> None:
    serves = {one.row: one.serves for one in gauge_drafts(groups, GAUGES) if one.mode == "handling"}
    assert serves["gauge_tracks_west"] == {"container"}
    assert "dry_bulk" in serves["gauge_tracks_east"]


def test_where_one_gauge_ends_nothing_is_changed(groups: Groups) -> None:
    assert gauge_drafts(groups, {"qaqpa": {"1520"}}) == []


def test_a_group_is_one_link_that_both_ways_share(sea: list[Draft]) -> None:
    """Loading and unloading meet in one capacity: from land to ship and back over the berth."""
    count = Counter(one.row for one in sea if one.mode == "handling")
    assert set(count.values()) == {1}
    berth = next(one for one in sea if one.row == "ailaq_container")
    ways = passages(sea)
    assert (rail_place("ailaq", "1520"), berth.tail) in ways
    assert (berth.head, rail_place("ailaq", "1520")) in ways
    ahead, back = (one for one in sea if one.row == "ailaq_jaga_container")
    assert ahead.tail == berth.head
    assert back.head == berth.tail


def test_boxes_and_grain_have_quays_of_their_own(sea: list[Draft]) -> None:
    quays = {one.tail[1]: one.serves for one in sea if one.mode == "handling"}
    assert quays == {
        "ailaq_port/container": {"container"},
        "jaga_port/container": {"container"},
        "ailaq_port/dry_bulk": {"dry_bulk"},
        "jaga_port/dry_bulk": {"dry_bulk"},
    }


def test_a_sailing_waits_for_its_ship(sea: list[Draft], known: Capacities) -> None:
    """In port, weather and half of the interval between sailings, besides the way itself."""
    ahead = next(one for one in sea if one.row == "ailaq_jaga_container")
    (record,) = (
        one
        for one in known.of("vessel_lines", "ailaq_jaga_container")
        if (one.level, one.direction) == ("available", "forward")
    )
    assert record.native_per_year is not None
    cycle = next(float(one.value) for one in record.inputs if one.name == "cycle_h")
    interval = HOURS_PER_YEAR / record.native_per_year
    assert ahead.running_h == 15.0
    assert ahead.standing_h == pytest.approx(20.0 + (cycle / 2.0 - 35.0) + interval / 2.0)
    assert ahead.wait_h == pytest.approx(interval / 16.0)
    assert (ahead.native, ahead.capacity) == ("TEU", record.teu_per_year)


def test_lots_back_are_smaller(sea: list[Draft]) -> None:
    """0.9 and 0.6 of a ship are loaded, there and back."""
    ahead, back = (one for one in sea if one.row == "ailaq_jaga_container")
    assert back.capacity / ahead.capacity == pytest.approx(0.6 / 0.9)


def test_a_line_without_ships_does_not_sail() -> None:
    study = corridor()
    cell = ("vessel_allocations", "bulkers_grain", "share")
    known = Capacities(study.base.with_cells({cell: "0"}).at(mid_year(YEAR)))
    drafts = sea_drafts(Groups(known.model, known), GAUGES, ROADS)
    assert not [one for one in drafts if one.row == "ailaq_jaga_grain" and one.capacity > 0.0]
    assert [one for one in drafts if one.row == "ailaq_jaga_container"]


def test_zones_are_reached_both_ways(known: Capacities) -> None:
    found = zone_drafts(known.model, GAUGES, ROADS)
    own = [one for one in found if one.row == "west"]
    assert [(one.tail, one.head) for one in own] == [
        (zone_place("west"), rail_place("batys", "1520")),
        (rail_place("batys", "1520"), zone_place("west")),
    ]
    assert [one.running_h for one in own] == [100.0 / 25.0] * 2
    assert not np.isfinite(own[0].capacity)


def test_a_share_of_the_cargo_uses_a_group(known: Capacities) -> None:
    """As the corridor's own elements say; whole where they say nothing."""
    model = known.model
    shares = {row: Groups(model, known).draft(row, (zone_place("a"), zone_place("b")), "n",
                                              frozenset()).share
              for row in map(str, model["handling"].index)}  # fmt: skip
    elements = model["corridor_elements"]
    own = elements[elements["table"] == "handling"].set_index("row")["share"].dropna()
    for row, share in shares.items():
        assert share == (own[row] if row in own.index else 1.0)


def test_a_port_abroad_without_rails_or_roads_is_joined_by_its_land(known: Capacities) -> None:
    """Cargo that ends where the ship lands reaches the zone; where rails are, they alone do."""
    alone = {node: gauges for node, gauges in GAUGES.items() if node != "jaga"}
    zone = str(known.model.rows("zones", node="batys")[0])
    changed = corridor().base.with_cells({("zones", zone, "node"): "jaga"})
    abroad = changed.at(mid_year(YEAR))
    ships = passages(sea_drafts(Groups(known.model, known), alone, ROADS))
    joined = {one.tail: one for one in zone_drafts(abroad, alone, ROADS) if one.row == zone}
    land = land_place("jaga")
    assert any(head == land for _, head in ships)
    assert any(tail == land for tail, _ in ships)
    assert joined[land].serves >= {"container", "ro_ro"}
    assert land not in {one.tail for one in zone_drafts(abroad, GAUGES, ROADS)}
