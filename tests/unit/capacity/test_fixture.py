"""What a corridor lists besides its sections: shares, closures, and ways that run back."""

from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.fixture import Fixture, fixtures_of
from keruen.capacity.ladder import corridor_ladder
from support.tiny_study import Tables, row_of, tiny_day, tiny_tables

PLACES = {"a": 0, "b": 1, "c": 2, "d": 3, "e": 4}


def fixtures(tmp_path: Path, tables: Tables) -> dict[str, Fixture]:
    found = fixtures_of(tiny_day(tmp_path, tables).model, "way", PLACES)
    return {fixture.row: fixture for fixture in found}


def two_berths(share: float, other: float) -> Tables:
    """A second container berth at port C, with the shares of the first and of itself."""
    tables = tiny_tables()
    second = {**row_of(tables, "handling", "berth_c"), "id": "berth_c2"}
    tables["handling"].append(second)
    tables["corridor_elements"][2]["share"] = share
    listed = {"corridor": "way", "sequence": 9, "table": "handling", "row": "berth_c2"}
    tables["corridor_elements"].append({**listed, "share": other})
    return tables


def test_elements_keep_what_they_serve(tmp_path: Path) -> None:
    found = fixtures(tmp_path, tiny_tables())
    assert found["berth_c"].serves == "container"
    assert found["a_entry"].direction == "forward"
    assert found["b_tracks"].length_m == 850
    assert found["locos"].table == "fleets"
    assert all(fixture.in_service for fixture in found.values())


def test_a_sea_line_told_from_the_far_end_runs_back(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "vessel_lines", "c_d").update(
        from_node="d", to_node="c", from_terminal="port_d", to_terminal="port_c"
    )
    assert fixtures(tmp_path / "there", tables)["c_d"].runs_back
    known = tiny_day(tmp_path / "back", tables)
    step = next(s for s in corridor_ladder(known, "way").steps if s.element == "c_d")
    # Its backward loads are the corridor's forward cargo, and half the payload is used that way.
    assert step.direction == "backward"
    straight = corridor_ladder(tiny_day(tmp_path / "straight"), "way")
    whole = next(s for s in straight.steps if s.element == "c_d")
    assert step.binds_at_t == pytest.approx(whole.binds_at_t / 2)


def test_what_stands_beside_takes_over_from_what_is_closed(tmp_path: Path) -> None:
    tables = two_berths(0.6, 0.4)
    assert fixtures(tmp_path / "open", tables)["berth_c"].share == 0.6
    row_of(tables, "handling", "berth_c2")["in_service_to"] = "2024-01-31"
    closed = fixtures(tmp_path / "closed", tables)
    assert closed["berth_c"].share == pytest.approx(1.0)
    assert "berth_c2" not in closed


def test_nothing_passes_where_all_is_closed(tmp_path: Path) -> None:
    tables = two_berths(0.6, 0.4)
    for berth in ("berth_c", "berth_c2"):
        row_of(tables, "handling", berth)["in_service_from"] = "2030-01-01"
    found = fixtures(tmp_path, tables)
    assert not found["berth_c"].in_service
    assert not found["berth_c2"].in_service
    assert found["berth_c"].serves == "container"


def test_elements_in_a_row_do_not_stand_in_for_each_other(tmp_path: Path) -> None:
    tables = two_berths(1, 1)  # both see all cargo: one after the other
    row_of(tables, "handling", "berth_c2")["in_service_to"] = "2024-01-31"
    found = fixtures(tmp_path, tables)
    assert found["berth_c"].share == 1
    assert not found["berth_c2"].in_service


def test_a_closed_terminal_closes_its_berths(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "terminals", "port_c")["in_service_to"] = "2024-01-31"
    assert not fixtures(tmp_path, tables)["berth_c"].in_service


def test_what_is_listed_with_no_share_never_blocks(tmp_path: Path) -> None:
    tables = two_berths(1, 0)
    row_of(tables, "handling", "berth_c2")["in_service_from"] = "2030-01-01"
    assert "berth_c2" not in fixtures(tmp_path, tables)


def test_a_parallel_port_beside_the_way_sees_its_share(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["nodes"].append({"id": "f", "kind": "port", "country": "KZ"})
    tables["terminals"].append({"id": "port_f", "node": "f", "kind": "port"})
    tables["handling"].append(
        {**row_of(tables, "handling", "berth_c"), "id": "berth_f", "terminal": "port_f"}
    )
    tables["corridor_elements"][2]["share"] = 0.7
    tables["corridor_elements"].append(
        {"corridor": "way", "sequence": 9, "table": "handling", "row": "berth_f", "share": 0.3}
    )
    found = fixtures(tmp_path, tables)["berth_f"]
    assert (found.first, found.last, found.share) == (None, None, 0.3)


def test_no_shares_above_one_appear_from_rounding(tmp_path: Path) -> None:
    tables = two_berths(1 / 3, 2 / 3)
    row_of(tables, "handling", "berth_c")["in_service_to"] = "2024-01-31"
    assert fixtures(tmp_path, tables)["berth_c2"].share == pytest.approx(1.0)
