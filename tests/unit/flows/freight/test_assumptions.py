from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.registry import Capacities
from keruen.flows.freight.assumptions import ROW, TABLE, Assumptions, assumptions_of
from keruen.flows.freight.changes import Groups, sea_drafts, zone_drafts
from keruen.flows.freight.compile import compile_freight
from keruen.flows.freight.land import road_drafts
from keruen.flows.freight.years import mid_year
from keruen.model import Model
from keruen.schema import load_schema
from support.forwarding import YEAR, corridor
from support.tiny_study import tiny_model, tiny_tables

DEFAULTS = Assumptions(8.0, 0.9, 600.0, 1.2, 30.0)


def other(**numbers: str) -> Model:
    """The template with other assumptions, on the day of its year."""
    cells = {(TABLE, ROW, name): text for name, text in numbers.items()}
    return corridor().base.with_cells(cells).at(mid_year(YEAR))


def test_a_study_without_a_row_has_the_defaults_of_the_schema(tmp_path: Path) -> None:
    assert assumptions_of(tiny_model(tmp_path, tiny_tables())) == DEFAULTS
    columns = load_schema()[TABLE].columns
    assert {name: float(columns[name].default) for name in Assumptions._fields} == (
        DEFAULTS._asdict()
    )


def test_a_study_says_its_own() -> None:
    found = assumptions_of(other(ship_lots="4", crossing_km="12.5"))
    assert found == DEFAULTS._replace(ship_lots=4.0, crossing_km=12.5)


def test_lorries_of_a_faster_day_are_sooner_there_and_at_zones() -> None:
    """900 km a day are 37.5 km/h, on roads and between a zone and its node."""
    model = other(road_km_per_day="900")
    assert road_drafts(model)[0].running_h == pytest.approx(195.0 / 37.5)
    found = next(one for one in zone_drafts(model, {"batys": {"1520"}}, set()) if one.row == "west")
    assert found.running_h == pytest.approx(100.0 / 37.5)


def test_ships_of_few_consignments_make_cargo_wait_longer() -> None:
    waits = []
    for lots in ("8", "4"):
        known = Capacities(other(ship_lots=lots))
        found = sea_drafts(Groups(known.model, known), {}, set())
        waits.append(next(one.wait_h for one in found if one.mode == "sea"))
    assert waits[1] == pytest.approx(2.0 * waits[0])


def test_the_ceiling_of_waits_is_that_of_the_study() -> None:
    known = Capacities(other(wait_ceiling_share="0.8"))
    freight = compile_freight(known.model, known)
    assert freight.assumptions.wait_ceiling_share == 0.8
    assert set(freight.network.links.rows[:, 3].tolist()) == {0.0, 0.8}
