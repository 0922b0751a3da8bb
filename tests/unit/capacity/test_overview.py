from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.overview import LOOPS, capacity, element_records
from keruen.capacity.registry import KINDS
from keruen.errors import FailedError
from keruen.rail.line_capacity import Level
from support.tiny_study import hauled_tables, row_of, tiny_day, tiny_tables


def test_every_element_in_service_at_every_level(tmp_path: Path) -> None:
    known = tiny_day(tmp_path)
    found = capacity(known)
    listed = {(record.kind, record.id) for record in found}
    assert listed == {(kind, str(row)) for kind in KINDS for row in known.model[kind].index}
    for kind, row in listed:
        levels = {r.level for r in found if (r.kind, r.id) == (kind, row)}
        assert levels == {level.value for level in Level}
    assert [r.kind for r in found] == sorted((r.kind for r in found), key=list(KINDS).index)


def test_sections_of_a_corridor_have_its_tonnes(tmp_path: Path) -> None:
    known = tiny_day(tmp_path)
    record = next(r for r in capacity(known) if (r.id, r.level) == ("ab", "maximal"))
    pairs_per_t = 0.8 / 1000 * 1.1 / 365
    assert record.t_per_year == pytest.approx((1440 / 46 - 5.4) / pairs_per_t)
    assert record.teu_per_year == pytest.approx(float(record.t_per_year or 0) * 0.105)
    named = {entry.name: entry.value for entry in record.inputs}
    assert named["corridor"] == "way"
    assert named["t_per_year_per_pair"] == pytest.approx(1 / pairs_per_t)
    one = next(r for r in element_records(known, "sections", "ab") if r.level == "maximal")
    assert (one.t_per_year, one.teu_per_year) == (record.t_per_year, record.teu_per_year)
    assert ("loadings", "box/forward", "net_t_per_teu") in {entry.cell for entry in one.inputs}
    assert element_records(known, "fleets", "locos") == known.of("fleets", "locos")


def test_of_several_corridors_the_one_that_asks_most_measures(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["corridors"].append({"id": "other", "unevenness_ratio": 2})
    for table in ("corridor_points", "corridor_mix"):
        tables[table] += [{**row, "corridor": "other"} for row in tables[table]]
    tables["corridors"].reverse()
    record = next(r for r in capacity(tiny_day(tmp_path, tables)) if r.id == "ab")
    assert {e.value for e in record.inputs if e.name == "corridor"} == {"other"}


def test_only_the_loops_of_its_own_run_speak_for_a_section(tmp_path: Path) -> None:
    known = tiny_day(tmp_path)
    (corridor,) = known.passable()
    runs = {stretch.section: stretch.loop_cell for stretch in corridor.stretches}
    loops = {entry.cell for entry in corridor.inputs if entry.cell and entry.cell[2] == LOOPS}
    assert set(runs.values()) == loops
    for section, cell in runs.items():
        found = element_records(known, "sections", section)
        told = {e.cell for record in found for e in record.inputs if e.cell and e.cell[2] == LOOPS}
        assert told == ({cell} if found[0].t_per_year is not None else set())


def test_a_corridor_without_a_way_today_does_not_stop_the_others(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "de")["in_service_from"] = "2030-01-01"
    found = capacity(tiny_day(tmp_path, tables))
    assert next(r for r in found if r.id == "ab").t_per_year is None
    assert "de" not in {record.id for record in found}


def test_every_section_on_which_no_train_starts_is_told(tmp_path: Path) -> None:
    tables = hauled_tables()
    for row in ("ab", "bc"):
        row_of(tables, "sections", row).update(tracks=1, ruling_gradient_permille=60)
    with pytest.raises(FailedError) as raised:
        capacity(tiny_day(tmp_path, tables))
    told = {(one.code, one.params["section"]) for one in raised.value.problems}
    assert told == {("ruling_not_started", "ab"), ("ruling_not_started", "bc")}
