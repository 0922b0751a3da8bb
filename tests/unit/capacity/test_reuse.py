"""Where two models differ, and what holds across the difference."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keruen.capacity.corridor import compile_corridor
from keruen.capacity.reuse import (
    Difference,
    difference,
    keeps_corridor,
    keeps_element,
    keeps_graphs,
    of_cells,
    rows_of,
)
from support.tiny_study import (
    Tables,
    change,
    inserts,
    project,
    row_of,
    tiny_day,
    tiny_model,
    tiny_tables,
)

DAY = date(2024, 7, 1)
NOTHING = Difference(frozenset(), frozenset(), frozenset(), frozenset(), False)


def apart(tmp_path: Path, *changes: dict[str, object], tables: Tables | None = None) -> Difference:
    """Difference that a project of these changes makes."""
    tables = tables or tiny_tables()
    tables["projects"] = [project("p")]
    tables["project_changes"] = list(changes)
    base = tiny_model(tmp_path, tables)
    return difference(base.at(DAY), base.with_open(["p"]).at(DAY))


def test_a_model_does_not_differ_from_itself(tmp_path: Path) -> None:
    base = tiny_model(tmp_path)
    assert difference(base.at(DAY), base.at(DAY)) == NOTHING
    assert difference(base.at(DAY), base.at(date(2025, 7, 1))) == NOTHING._replace(day=True)


def test_a_number_is_a_row_and_a_column(tmp_path: Path) -> None:
    found = apart(tmp_path, change("p", ("sections", "ab", "tracks"), 2))
    assert found.rows == {("sections", "ab")}
    assert found.columns == {("sections", "tracks")}
    assert found.tables == found.structure == frozenset()


def test_a_change_to_the_same_value_still_changes_the_owner(tmp_path: Path) -> None:
    found = apart(tmp_path, change("p", ("sections", "ab", "tracks"), 1))
    assert found.rows == {("sections", "ab")}
    assert found.columns == frozenset()


def test_references_kinds_and_cells_once_empty_are_structure(tmp_path: Path) -> None:
    for place, cell in enumerate(
        (
            ("sections", "ab", "signalling"),
            ("sections", "ab", "crossing_gap_km"),
            ("handling", "berth_c", "serves"),
        )
    ):
        value = {"signalling": "auto", "crossing_gap_km": 9, "serves": "any"}[cell[2]]
        found = apart(tmp_path / str(place), change("p", cell, value))
        assert found.structure == {cell[0]}
        assert found.tables == frozenset()


def test_rows_that_come_and_go(tmp_path: Path) -> None:
    second = {**row_of(tiny_tables(), "handling", "berth_c"), "id": "berth_2"}
    owner = {"source": "register", "confidence": "official"}
    found = apart(
        tmp_path,
        *inserts("p", "handling", "berth_2", {**second, **owner}),
        change("p", ("station_tracks", "b_tracks", "in_service_to"), "2024-01-01"),
    )
    assert found.tables == {"handling", "station_tracks"}
    assert {("handling", "berth_2"), ("station_tracks", "b_tracks")} <= found.rows


def test_single_cells_of_a_model(tmp_path: Path) -> None:
    model = tiny_day(tmp_path).model
    cells = [("sections", "ab", "tracks"), ("sections", "ab", "running_time_forward_min")]
    assert of_cells(model, cells[:1]) == NOTHING._replace(
        rows=frozenset({("sections", "ab")}), columns=frozenset({("sections", "tracks")})
    )
    assert of_cells(model, cells[1:]).structure == {"sections"}


def test_an_element_goes_with_the_rows_it_rests_on() -> None:
    rests_on = frozenset({("sections", "ab"), ("signalling", "semi")})
    key = ("sections", "ab")
    assert keeps_element(key, rests_on, NOTHING)
    assert not keeps_element(key, rests_on, NOTHING._replace(rows=frozenset({key})))
    signals = NOTHING._replace(rows=frozenset({("signalling", "semi")}))
    assert not keeps_element(key, rests_on, signals)
    assert keeps_element(key, rests_on, NOTHING._replace(structure=frozenset({"terminals"})))


def test_elements_go_with_the_tables_they_look_for_rows_in() -> None:
    for kind, table, keeps in (
        ("station_tracks", "sections", False),
        ("handling", "closures", False),
        ("handling", "sections", True),
        ("vessel_lines", "loadings", False),
        ("vessel_lines", "fleets", True),
        ("border_crossings", "terminals", True),
    ):
        moved = NOTHING._replace(structure=frozenset({table}))
        assert keeps_element((kind, "x"), frozenset(), moved) is keeps
    tomorrow = NOTHING._replace(day=True)
    assert not keeps_element(("vessel_lines", "x"), frozenset(), tomorrow)
    assert keeps_element(("handling", "x"), frozenset(), tomorrow)


def test_ways_go_with_lengths_and_new_sections_only() -> None:
    assert keeps_graphs(NOTHING._replace(structure=frozenset({"sections"})))
    assert not keeps_graphs(NOTHING._replace(tables=frozenset({"sections"})))
    assert not keeps_graphs(NOTHING._replace(columns=frozenset({("sections", "length_km")})))
    assert keeps_graphs(NOTHING._replace(columns=frozenset({("vessel_lines", "length_km")})))


def test_a_corridor_goes_with_what_it_reads(tmp_path: Path) -> None:
    corridor = compile_corridor(tiny_day(tmp_path).model, "way")
    loading = ("loadings", "box/forward")
    assert loading in rows_of(corridor.inputs)
    rests_on = rows_of(corridor.inputs)
    assert keeps_corridor(rests_on, NOTHING)
    assert not keeps_corridor(rests_on, NOTHING._replace(rows=frozenset({loading})))
    for column, keeps in (
        (("sections", "tracks"), True),
        (("sections", "loop_length_m"), False),
        (("handling", "servers"), True),
        (("corridor_elements", "share"), False),
    ):
        assert keeps_corridor(rests_on, NOTHING._replace(columns=frozenset({column}))) is keeps
    assert not keeps_corridor(rests_on, NOTHING._replace(tables=frozenset({"terminals"})))
    assert keeps_corridor(rests_on, NOTHING._replace(tables=frozenset({"closures"})))
