from __future__ import annotations

from datetime import date
from pathlib import Path

from keruen.capacity.line_dispatch import dispatch_line
from keruen.capacity.line_records import COLUMNS, line_records
from keruen.capacity.line_timetable import line_timetable, overload_problems
from keruen.rail.dispatch.network import Policy
from support.tiny_study import BASE_DAY, tiny_model, tiny_tables


def test_every_run_and_stay_has_plain_names(tmp_path: Path) -> None:
    day = date.fromisoformat(BASE_DAY)
    model = tiny_model(tmp_path, tiny_tables()).at(day)
    found = dispatch_line(line_timetable(model, "main", 2), Policy.FIRST_COME)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in line_records(found, day)]
    assert len({row["train"] for row in rows}) == int(found.timetable.counted.sum())
    runs = [row for row in rows if row["kind"] == "section"]
    assert {row["element"] for row in runs} == {"ab", "bc"}
    for row in runs:
        forward = row["direction"] == "forward"
        assert (int(row["train"]) % 2 == 1) is forward
        assert (row["from_place"] < row["to_place"]) is forward
        assert float(row["enter_min"]) < float(row["leave_min"])
        assert row["cause"] == ""
    freight = [row for row in runs if row["class"] == "freight" and row["direction"] == "forward"]
    assert [row["from_place"] for row in freight][:4] == ["a", "ab_1", "b", "bc_3"]
    assert all(row["enter_at"].startswith("2024-07-0") for row in rows)


def test_more_trains_than_the_line_takes_are_told(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, tiny_tables()).at(date.fromisoformat(BASE_DAY))
    (told,) = overload_problems(model, "main", 60)
    assert told.code == "more_trains_than_line_takes"
    assert told.params["section"] == "ab"
    takes = told.params["takes"]
    assert isinstance(takes, float)
    assert overload_problems(model, "main", takes - 1) == ()
