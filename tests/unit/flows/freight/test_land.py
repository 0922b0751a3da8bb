from __future__ import annotations

import math
from pathlib import Path

import pytest

from keruen.capacity.registry import Capacities
from keruen.flows.freight.draft import Draft, rail_place
from keruen.flows.freight.land import (
    ALL_RAIL,
    Borders,
    given_back,
    half_used_wait_h,
    inherited,
    rail_drafts,
    record_of,
    road_drafts,
    trains_a_year,
    unevenness_of,
)
from keruen.flows.freight.years import mid_year
from keruen.model import Model
from support.forwarding import YEAR, corridor
from support.tiny_study import tiny_day, tiny_tables


@pytest.fixture(scope="module")
def known() -> Capacities:
    return corridor().days(mid_year(YEAR))


@pytest.fixture(scope="module")
def rails(known: Capacities) -> list[Draft]:
    return rail_drafts(known.model, known)


def chain(rails: list[Draft], section: str, direction: str) -> list[Draft]:
    """Links of the way over a border: those that the section's ends and its borders make."""
    at = next(
        number
        for number, one in enumerate(rails)
        if (one.row, one.direction) == (section, direction)
    )
    found = [rails[at]]
    while rails[at - 1].head == found[0].tail and found[0].tail[0] != "rail":
        at -= 1
        found.insert(0, rails[at])
    at += len(found) - 1
    while found[-1].head[0] != "rail":
        at += 1
        found.append(rails[at])
    return found


def test_a_train_leaves_runs_and_enters(rails: list[Draft]) -> None:
    """Exit before the border section, entry behind it, one after the other."""
    west = chain(rails, "tau_qaqpa", "forward")
    assert [one.row for one in west] == ["tau_exit", "tau_qaqpa", "qaqpa_entry"]
    assert [a.head for a in west[:-1]] == [b.tail for b in west[1:]]
    assert (west[0].tail, west[-1].head) == (rail_place("tau", "1435"), rail_place("qaqpa", "1435"))


def test_a_joint_procedure_is_an_exit(rails: list[Draft], known: Capacities) -> None:
    east = chain(rails, "tau_qaqpa", "backward")
    assert [one.row for one in east] == ["qaqpa_exit", "tau_qaqpa"]
    borders = Borders(known.model, known)
    assert borders.between("qaqpa", "tau", "exit") == ["qaqpa_exit"]
    assert borders.between("qaqpa", "tau", "entry") == []
    assert borders.between("bulaq", "orta", "exit") == []


def test_what_a_procedure_takes(rails: list[Draft]) -> None:
    entry = next(one for one in rails if one.row == "qaqpa_entry")
    assert entry.standing_h == 2.0 + 6.0
    assert (entry.native, entry.mode, entry.serves) == ("train", "border", ALL_RAIL)
    assert entry.wait_h == pytest.approx(half_used_wait_h(2, 2.0, 2.0, 1.0))


def test_who_comes_while_a_border_is_shut_waits_half_of_that_time() -> None:
    """Shut for 12 of 24 h: half of those who come wait 6 h on average."""
    study = corridor()
    cell = ("border_crossings", "qaqpa_entry", "hours_per_day")
    known = Capacities(study.base.with_cells({cell: "12"}).at(mid_year(YEAR)))
    entry = next(one for one in rail_drafts(known.model, known) if one.row == "qaqpa_entry")
    assert entry.standing_h == pytest.approx(8.0 + 0.5 * 6.0)


def test_sections_run_both_ways_at_the_speed_of_their_class(rails: list[Draft]) -> None:
    own = [one for one in rails if one.row == "bulaq_orta"]
    assert [(one.direction, one.ends) for one in own] == [
        ("forward", ("bulaq", "orta")),
        ("backward", ("orta", "bulaq")),
    ]
    assert {one.running_h for one in own} == {36.0 / 50.0}
    assert {one.standing_h for one in own} == {0.0}


def test_the_wait_of_a_line_is_shared_out_over_its_sections(
    rails: list[Draft], known: Capacities
) -> None:
    own = next(one for one in rails if (one.row, one.direction) == ("bulaq_orta", "forward"))
    record = record_of(known, "sections", "bulaq_orta", "forward")
    assert record is not None
    assert record.trains_per_day is not None
    assert own.capacity == pytest.approx(record.trains_per_day * 365.0)
    # Six sections of the main line.
    assert own.wait_h == pytest.approx(24.0 / record.trains_per_day / 6.0)


def test_trains_that_flows_carry_have_their_paths_back(known: Capacities) -> None:
    """Background to a corridor, they are flows of the study; all other background stays."""
    model = known.model
    row = "bulaq_orta"
    kind = model.text("sections", row, "traffic_class")
    freight = model.number("traffic_classes", kind, "freight_pairs_per_day")
    record = record_of(known, "sections", row, "forward")
    assert record is not None
    assert record.trains_per_day is not None
    assert freight is not None
    assert given_back(model, row, record) == 0.0

    def carrying(pairs: float) -> Model:
        return model.patched({("traffic_classes", kind, "carried_pairs_per_day"): str(pairs)})

    half = carrying(freight / 2.0)
    assert given_back(half, row, record) == pytest.approx(freight / 2.0 * 365.0)
    # No more than run.
    assert given_back(carrying(freight + 9.0), row, record) == pytest.approx(freight * 365.0)
    # A line that background traffic fills altogether: what the rest of it leaves of the paths.
    narrow = record._replace(trains_per_day=0.0, gross_trains_per_day=1.0 + freight / 2.0)
    removed = next(float(i.value) for i in record.inputs if i.name == "removed_trains_per_day")
    left = max(0.0, 1.0 + freight - removed)
    assert given_back(half, row, narrow) == pytest.approx(left * 365.0)
    assert given_back(half, row, None) == 0.0
    wider = next(one for one in rail_drafts(half, known) if one.row == row)
    assert wider.kept == pytest.approx(freight / 2.0 * 365.0)
    assert wider.capacity == pytest.approx(record.trains_per_day * 365.0 + wider.kept)


def test_what_no_record_limits_is_without_limit(known: Capacities) -> None:
    assert trains_a_year(None) == math.inf
    road = record_of(known, "sections", "qaqpa_ailaq_road", "forward")
    assert road is not None  # a record of both directions that counts no trains
    assert trains_a_year(road) == math.inf
    assert record_of(known, "sections", "no_such_row", "forward") is None


def test_roads_are_for_lorries(known: Capacities) -> None:
    ahead, back = road_drafts(known.model)
    assert (ahead.ends, back.ends) == (("qaqpa", "ailaq"), ("ailaq", "qaqpa"))
    assert ahead.running_h == pytest.approx(195.0 / 25.0)
    assert ahead.serves == {"ro_ro"}
    assert ahead.capacity == math.inf


def test_a_number_of_a_row_stands_before_that_of_its_class(known: Capacities) -> None:
    model = known.model
    column = "freight_speed_km_per_h"
    assert inherited(model, "sections", "bulaq_orta", column) == 50.0
    own = model.patched({("sections", "bulaq_orta", column): "30"})
    assert inherited(own, "sections", "bulaq_orta", column) == 30.0
    assert inherited(model, "sections", "bulaq_orta", "length_km") == 36.0


def test_regular_service_halves_the_wait() -> None:
    """Pollaczek and Khinchine: at one half an M/D/1 queue waits half of what an M/M/1 does."""
    assert half_used_wait_h(1, 2.0, 1e9, 1.0) == pytest.approx(1.0, rel=1e-6)


def test_unevenness_is_the_largest_of_the_corridors(tmp_path: Path) -> None:
    tables = tiny_tables()
    assert unevenness_of(tiny_day(tmp_path, tables).model) == 1.1
    tables["corridors"].append({"id": "other", "unevenness_ratio": 1.3})
    tables["corridor_points"] += [{**row, "corridor": "other"} for row in tables["corridor_points"]]
    tables["corridor_mix"] += [{**row, "corridor": "other"} for row in tables["corridor_mix"]]
    assert unevenness_of(tiny_day(tmp_path, tables).model) == 1.3
