from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from keruen.errors import FailedError
from keruen.model.overlay import (
    Change,
    Tables,
    changed_value,
    changes_of,
    empty_cell,
    inserted_row,
    overlay,
)
from keruen.schema import load_schema
from support.template_draft import readings


def tables() -> Tables:
    return {name: reading.frame for name, reading in readings().items()}


def change(op: str, row: str, column: str = "", value: str = "", **more: object) -> Change:
    plain = Change(
        ("project_changes", "x", "value"), "p", op, "sections", row, column, value, None, None,
        "own_estimate", "derived",
    )  # fmt: skip
    return plain._replace(**more)  # type: ignore[arg-type]


def cell(changes: list[Change], row: str = "tepe_dala", column: str = "tracks") -> object:
    return overlay(tables(), changes).tables["sections"].at[row, column]


def code_of(changes: list[Change]) -> str:
    with pytest.raises(FailedError) as failure:
        overlay(tables(), changes)
    return failure.value.problems[0].code


def test_set_add_and_multiply() -> None:
    assert cell([change("set", "tepe_dala", "tracks", "2")]) == 2
    assert cell([change("add", "tepe_dala", "tracks", "1")]) == 2
    assert cell([change("multiply", "tepe_dala", "length_km", "0.5")], column="length_km") == 18.5
    assert cell([change("set", "tepe_dala", "line", "branch")], column="line") == "branch"
    day = cell([change("set", "tepe_dala", "in_service_to", "2030-01-01")], column="in_service_to")
    assert day == pd.Timestamp(2030, 1, 1)


def test_set_to_nothing_empties() -> None:
    assert cell([change("set", "tepe_dala", "tracks", "")]) is pd.NA
    assert cell([change("set", "tepe_dala", "line", "")], column="line") == ""
    day = cell([change("set", "tepe_dala", "in_service_to", "")], column="in_service_to")
    assert day is pd.NaT


def test_the_order_is_that_of_the_operations_and_not_of_the_lines() -> None:
    lines = [
        change("multiply", "tepe_dala", "length_km", "2"),
        change("add", "tepe_dala", "length_km", "3"),
        change("set", "tepe_dala", "length_km", "10"),
    ]
    assert cell(lines, column="length_km") == cell(lines[::-1], column="length_km") == 26.0


def test_of_two_sets_the_higher_priority_wins_and_of_equals_the_later_day() -> None:
    low = change("set", "tepe_dala", "tracks", "2", priority=1, date=date(2030, 1, 1))
    high = change("set", "tepe_dala", "tracks", "3", priority=2, date=date(2025, 1, 1))
    assert cell([high, low]) == cell([low, high]) == 3
    later = low._replace(priority=None, value="4")
    assert cell([later, high._replace(priority=None)]) == 4


def test_rows_are_inserted_changed_and_removed() -> None:
    cells = {"mode": "road", "from_node": "orta", "to_node": "dala", "length_km": "70"}
    lines = [change("insert", "new", name, value) for name, value in cells.items()]
    after = overlay(tables(), [*lines, change("add", "new", "length_km", "5")])
    row = after.tables["sections"].loc["new"]
    assert (row["id"], row["length_km"], row["source"]) == ("new", 75.0, "own_estimate")
    assert row["tracks"] is pd.NA
    assert after.origins[("sections", "new", "mode")] == ("project_changes", "x", "value")
    gone = overlay(tables(), [change("remove", "tepe_dala")]).tables["sections"]
    assert "tepe_dala" not in gone.index
    # Rows are removed last, so that changes of one layer do not depend on their order.
    both = overlay(
        tables(), [change("remove", "tepe_dala"), *[change("set", "tepe_dala", "tracks", "2")]]
    )
    assert "tepe_dala" not in both.tables["sections"].index


def test_keys_of_several_parts_and_defaults_are_filled_in() -> None:
    line = change("insert", "quay/4", "closed_share", "0.2", table="closures")
    row, faults = inserted_row(load_schema()["closures"], [line])
    assert faults == []
    assert (row["site"], row["month"], row["closed_share"]) == ("quay", 4, 0.2)
    service = change("insert", "new", "kind", "berth", table="handling")
    row, faults = inserted_row(load_schema()["handling"], [service])
    assert row["hours_per_day"] == 24.0
    assert {fault.params["column"] for _, fault in faults} == {"terminal", "serves", "native_unit"}


def test_the_tables_before_stay_as_they_are() -> None:
    before = tables()
    kept = before["sections"].copy()
    overlay(before, [change("set", "tepe_dala", "tracks", "2"), change("remove", "orta_kent")])
    pd.testing.assert_frame_equal(before["sections"], kept)
    assert overlay(before, []).tables["sections"] is before["sections"]
    after = overlay(before, [change("set", "tepe_dala", "tracks", "2")]).tables
    assert after["nodes"] is before["nodes"]
    assert after["sections"].dtypes.equals(before["sections"].dtypes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([change("set", "nowhere", "tracks", "2")], "no_such_row"),
        ([change("set", "tepe_dala", "tracks", "2", table="section")], "no_such_row"),
        ([change("set", "tepe_dala", "track", "2")], "unknown_column_name"),
        ([change("set", "tepe_dala", "tracks", "many")], "not_a_number"),
        ([change("set", "tepe_dala", "tracks", "99")], "above_maximum"),
        ([change("multiply", "tepe_dala", "length_km", "-1")], "below_minimum"),
        ([change("multiply", "tepe_dala", "length_km", "1e300")] * 2, "above_maximum"),
        ([change("add", "tepe_dala", "line", "1")], "arithmetic_on_text"),
        ([change("add", "tepe_dala", "tracks", "")], "missing_value"),
        ([change("add", "qaqpa_ailaq_road", "tracks", "1")], "nothing_to_change"),
        ([change("insert", "tepe_dala", "mode", "road")], "row_exists"),
        ([change("insert", "new", "mode", "road")], "insert_incomplete"),
        ([change("insert", "new", "length_km", "far")], "insert_incomplete"),
        (
            [change("insert", "n", "mode", "road"), change("insert", "n", "line", "", owner="q")],
            "two_inserts",
        ),
    ],
)
def test_what_does_not_fit_raises(changes: list[Change], code: str) -> None:
    assert code_of(changes) == code


def test_lines_of_a_table_are_read() -> None:
    lines = changes_of(tables()["project_changes"], "project_changes", "project")
    named = {line.origin[1]: line for line in lines}
    first = named["second_track_tracks"]
    assert (first.owner, first.op, first.value, first.date) == ("second_track", "set", "2", None)
    assert named["dredging_depth"].date == date(2026, 11, 1)


def test_arithmetic_on_whole_numbers_stays_whole() -> None:
    tracks = load_schema()["sections"].columns["tracks"]
    assert changed_value(change("multiply", "a", "tracks", "1.5"), tracks, 2) == (3, None)
    assert changed_value(change("add", "a", "tracks", "1"), tracks, pd.NA)[0] is None
    assert empty_cell(tracks) is pd.NA
