"""Capacities are worked out once, and again only where something changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keruen.capacity import registry, section
from keruen.capacity.ladder import corridor_ladder
from keruen.capacity.line import line_capacity
from keruen.capacity.overview import capacity
from keruen.capacity.record import Capacity
from keruen.capacity.registry import KINDS, Capacities
from keruen.errors import OutOfServiceError
from keruen.model import Model
from keruen.rail.line_capacity import Level
from support.tiny_study import (
    change,
    hauled_tables,
    project,
    row_of,
    tiny_day,
    tiny_model,
    tiny_tables,
)

DAY = date(2024, 7, 1)


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Elements worked out, in order."""
    done: list[str] = []

    def counting(kind: str) -> registry.Method:
        def method(model: Model, row: str) -> list[Capacity]:
            done.append(row)
            return KINDS[kind](model, row)

        return method

    def counting_records(row: str, *read: Any) -> list[Capacity]:  # noqa: ANN401
        done.append(row)
        return records_of(row, *read)

    # A section of a line is read with its line, and then worked out like any other.
    records_of = section.records_of
    counted = {kind: counting(kind) for kind in KINDS if kind != section.KIND}
    monkeypatch.setattr(registry, "KINDS", {**KINDS, **counted})
    monkeypatch.setattr(section, "records_of", counting_records)
    yield done


def test_an_element_is_worked_out_once(tmp_path: Path, worked_out: list[str]) -> None:
    known = tiny_day(tmp_path)
    first = known.of("sections", "ab")
    assert known.of("sections", "ab") is first
    assert worked_out == ["ab"]


def test_what_is_out_of_service_has_no_records(tmp_path: Path) -> None:
    assert tiny_day(tmp_path).of("sections", "nowhere") == ()
    with pytest.raises(KeyError):
        tiny_day(tmp_path).of("nodes", "a")


def test_a_patch_redoes_what_it_touches_and_nothing_else(
    tmp_path: Path, worked_out: list[str]
) -> None:
    known = tiny_day(tmp_path)
    capacity(known)
    del worked_out[:]
    patched = known.patched({("handling", "berth_c", "service_h"): "5"})
    corridor_ladder(patched, "way")
    assert worked_out == ["berth_c"]
    del worked_out[:]
    corridor_ladder(known.patched({("line_classes", "plain", "crossing_gap_km"): "5"}), "way")
    assert sorted(worked_out) == ["ab", "de"]  # trains on bc follow each other at a headway
    del worked_out[:]
    corridor_ladder(known.patched({("loadings", "box/forward", "net_t_per_teu"): "5"}), "way")
    assert worked_out == ["c_d"]  # the weight of boxes on board


def test_a_patch_leaves_the_original_alone(tmp_path: Path) -> None:
    known = tiny_day(tmp_path)
    before = corridor_ladder(known, "way")
    after = corridor_ladder(known.patched({("corridors", "way", "unevenness_ratio"): "2"}), "way")
    assert after.capacity_t == pytest.approx(before.capacity_t * 1.1 / 2)
    assert corridor_ladder(known, "way") == before
    assert corridor_ladder(Capacities(known.model), "way") == before


def test_a_cell_that_was_empty_takes_effect(tmp_path: Path) -> None:
    known = tiny_day(tmp_path)
    capacity(known)
    known.line("main")
    patched = known.patched({("sections", "ab", "running_time_forward_min"): "40"})
    gross = [r.gross_trains_per_day for r in patched.of("sections", "ab")]
    assert gross[0] == pytest.approx(1440 / 66)
    assert patched.line("main")[0].facts.forward_min == 40
    closed = known.patched({("handling", "berth_c", "hours_per_day"): "12"})
    assert closed.of("handling", "berth_c")[1].native_per_year == pytest.approx(87.6)


def test_another_day_redoes_only_what_changed(tmp_path: Path, worked_out: list[str]) -> None:
    tables = tiny_tables()
    tables["projects"] = [project("second", status="committed", open_date="2025-01-01")]
    tables["project_changes"] = [change("second", ("sections", "ab", "tracks"), 2)]
    base = tiny_model(tmp_path, tables)
    known = Capacities(base.at(DAY))
    capacity(known)
    del worked_out[:]
    later = known.revised(base.at(date(2025, 7, 1)))
    assert set(capacity(later)) == set(capacity(Capacities(base.at(date(2025, 7, 1)))))
    assert worked_out.count("ab") == 2
    assert worked_out.count("bc") == 1
    assert worked_out.count("c_d") == 2  # the water may have fallen


def test_a_revision_of_a_patch_starts_anew(tmp_path: Path) -> None:
    base = tiny_model(tmp_path)
    patched = Capacities(base.at(DAY)).patched({("sections", "ab", "tracks"): "2"})
    capacity(patched)
    again = patched.revised(base.at(DAY))
    assert set(capacity(again)) == set(capacity(Capacities(base.at(DAY))))


def test_corridors_without_a_way_are_left_out(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "de")["in_service_from"] = "2030-01-01"
    known = tiny_day(tmp_path / "closed", tables)
    assert known.passable() == ()
    with pytest.raises(OutOfServiceError):
        known.corridor("way")
    assert [corridor.id for corridor in tiny_day(tmp_path / "open").passable()] == ["way"]


def test_a_section_knows_nodes_that_are_too_short(tmp_path: Path) -> None:
    tables = hauled_tables()
    for row in ("ab", "bc"):
        row_of(tables, "sections", row).update(
            tracks=1, signalling="semi", crossing_gap_km=200, length_km=30
        )
    long = tiny_day(tmp_path / "long", tables)
    before = long.of("sections", "ab")
    cell = ("station_tracks", "b_tracks", "useful_length_m")
    short = long.patched({cell: "700"})  # trains of 800 m
    of_line = {one.level: one.capacity for one in line_capacity(short.model, "main")}
    for record in short.of("sections", "ab"):
        gross = of_line[Level(record.level)].gross_trains_per_day
        assert record.gross_trains_per_day == pytest.approx(gross)
    assert short.of("sections", "ab") == Capacities(short.model).of("sections", "ab")
    assert short.of("sections", "ab") != before
    assert short.patched({cell: "900"}).of("sections", "ab") == before
