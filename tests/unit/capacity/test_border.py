from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.border import capacities
from keruen.terminals.queueing import max_arrival_rate
from support.tiny_study import row_of, tiny_day, tiny_tables


def test_servers_take_trains_around_the_clock_or_with_an_accepted_wait(tmp_path: Path) -> None:
    maximal, available, practical = capacities(tiny_day(tmp_path).model, "a_entry")
    assert maximal.trains_per_day == pytest.approx(24)  # two servers, two hours each
    assert maximal.limit == "service_time"
    allowed = max_arrival_rate(2, 2.0, 0.5, 1.0, 0.5).rate_per_h * 24
    assert available.trains_per_day == practical.trains_per_day == pytest.approx(allowed)
    assert 0 < allowed < 24
    assert available.limit == "accepted_wait"
    assert {r.direction for r in (maximal, available, practical)} == {"forward"}


def test_opening_hours_count_but_at_the_maximal_level(tmp_path: Path) -> None:
    whole = capacities(tiny_day(tmp_path / "whole").model, "a_entry")
    tables = tiny_tables()
    row_of(tables, "border_crossings", "a_entry")["hours_per_day"] = 12
    half = capacities(tiny_day(tmp_path / "half", tables).model, "a_entry")
    assert half[0].trains_per_day == whole[0].trains_per_day
    assert half[1].trains_per_day == pytest.approx(float(whole[1].trains_per_day or 0) / 2)


@pytest.mark.parametrize(("limit", "binds"), [(5, "agreed_limit"), (500, "service_time")])
def test_an_agreed_limit_holds_where_it_is_less(tmp_path: Path, limit: int, binds: str) -> None:
    tables = tiny_tables()
    row_of(tables, "border_crossings", "a_entry")["limit_trains_per_day"] = limit
    maximal = capacities(tiny_day(tmp_path, tables).model, "a_entry")[0]
    assert maximal.trains_per_day == pytest.approx(min(limit, 24))
    assert maximal.limit == binds


def test_a_limit_alone_holds_at_every_level(tmp_path: Path) -> None:
    tables = tiny_tables()
    row = row_of(tables, "border_crossings", "a_entry")
    for column in ("servers", "service_h", "acceptable_wait_share"):
        del row[column]
    row["limit_trains_per_day"] = 9
    levels = capacities(tiny_day(tmp_path, tables).model, "a_entry")
    assert [record.trains_per_day for record in levels] == [9, 9, 9]
    assert {record.formula for record in levels} == {"limit_trains_per_day"}


def test_servers_of_both_directions_take_pairs_and_a_limit_is_of_one(tmp_path: Path) -> None:
    tables = tiny_tables()
    row = row_of(tables, "border_crossings", "a_entry")
    row["direction"] = "both"
    shared = capacities(tiny_day(tmp_path / "shared", tables).model, "a_entry")[0]
    assert shared.trains_per_day == pytest.approx(12)
    row["limit_trains_per_day"] = 10
    limited = capacities(tiny_day(tmp_path / "limited", tables).model, "a_entry")[0]
    assert limited.trains_per_day == 10
