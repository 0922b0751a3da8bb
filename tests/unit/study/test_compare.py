from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from keruen.errors import StudyError
from keruen.study.compare import (
    Difference,
    compare_frames,
    compare_paths,
    compare_tables,
    plain,
    same,
)
from support.tiny_study import row_of, tiny_tables, write_tiny

KEY = ("year", "id")


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_cells_are_compared_by_key_whatever_the_order() -> None:
    a = frame(year=[2024, 2024, 2025], id=["x", "y", "x"], value=[1.0, 2.0, 3.0])
    b = a.iloc[::-1].reset_index(drop=True)
    assert compare_frames(a, b, KEY).same
    b.loc[b["id"] == "y", "value"] = 2.5
    found = compare_frames(a, b, KEY)
    assert found.changed == (Difference("2024/y", "value", 2.0, 2.5),)
    assert not found.same


def test_rows_of_one_side_only() -> None:
    a = frame(year=[2024, 2025], id=["x", "x"], value=[1.0, 3.0])
    found = compare_frames(a, a.iloc[:1], KEY)
    assert (found.only_a, found.only_b, found.changed) == (("2025/x",), (), ())
    assert compare_frames(a.iloc[:1], a, KEY).only_b == ("2025/x",)


def test_absent_equals_absent_and_nothing_else() -> None:
    a = frame(year=[1, 2, 3], id=["x"] * 3, value=[float("nan"), None, 1.0])
    b = frame(year=[1, 2, 3], id=["x"] * 3, value=[None, float("nan"), None])
    assert [cell.row for cell in compare_frames(a, b, KEY).changed] == ["3/x"]


def test_types_of_columns_do_not_matter() -> None:
    a = frame(year=[2024, 2025], id=["x", "y"], value=[1, 2], word=["p", "q"])
    b = a.astype({"year": "float64", "value": "float64", "word": "object"})
    assert compare_frames(a, b, KEY).same
    c = a.astype({"value": "Int64", "id": "object"})
    assert compare_frames(a, c, KEY).same


def test_a_column_of_one_side_is_empty_on_the_other() -> None:
    a = frame(year=[1, 2], id=["x", "y"], value=[1.0, None])
    found = compare_frames(a, a.drop(columns="value"), KEY)
    assert found.changed == (Difference("1/x", "value", 1.0, None),)
    assert compare_frames(a.drop(columns="value"), a, KEY).changed == (
        Difference("1/x", "value", None, 1.0),
    )


def test_rows_of_one_key_are_numbered() -> None:
    a = frame(year=[1, 1], id=["x", "x"], value=[1.0, 2.0])
    found = compare_frames(a, a.assign(value=[1.0, 3.0]), KEY)
    assert found.changed == (Difference("1/x#2", "value", 2.0, 3.0),)


def test_without_a_key_the_index_tells_rows_apart() -> None:
    a = pd.DataFrame({"value": [1, 2]}, index=["x", "y"])
    found = compare_frames(a, a.iloc[::-1].assign(value=[2, 9]), ())
    assert found.changed == (Difference("x", "value", 1, 9),)


def test_numbers_that_differ_by_a_rounding_are_the_same() -> None:
    assert same(1e9, 1e9 * (1 + 1e-12))
    assert not same(1.0, 1.0 + 1e-6)
    assert same(float("inf"), float("inf"))
    assert not same(0.0, 1e-12)
    assert same(True, True)
    assert not same("1", 1)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (np.float64(1.5), 1.5),
        (np.int64(2), 2),
        (np.bool_(True), True),
        (pd.NA, None),
        (pd.NaT, None),
        (np.nan, None),
        ("", ""),
        (pd.Timestamp(2025, 9, 30), "2025-09-30"),
    ],
)
def test_cells_are_plain(cell: object, expected: object) -> None:
    assert plain(cell) == expected
    assert type(plain(cell)) is type(expected)


def test_a_table_that_one_lacks_counts_as_empty() -> None:
    a = {"t": frame(year=[1], id=["x"], value=[1.0])}
    found = compare_tables(a, {}, {"t": KEY})
    assert found["t"].only_a == ("1/x",)
    assert compare_tables({}, {}, {}) == {}


def test_two_studies_cell_by_cell(tmp_path: Path) -> None:
    tables = tiny_tables()
    a = write_tiny(tmp_path / "a", tables)
    row_of(tables, "sections", "ab")["length_km"] = 41
    tables["sections"] = [*tables["sections"][1:], tables["sections"][0]]
    tables["lines"].append({"id": "new", "mode": "rail"})
    b = write_tiny(tmp_path / "b", tables)
    found = compare_paths(a, b)
    assert found["sections"].changed == (Difference("ab", "length_km", 40.0, 41.0),)
    assert found["lines"].only_b == ("new",)
    assert all(table.same for name, table in found.items() if name not in ("sections", "lines"))


def test_a_study_with_errors_is_not_compared(tmp_path: Path) -> None:
    tables = tiny_tables()
    a = write_tiny(tmp_path / "a", tables)
    row_of(tables, "sections", "ab")["length_km"] = -1
    with pytest.raises(StudyError):
        compare_paths(a, write_tiny(tmp_path / "b", tables))
