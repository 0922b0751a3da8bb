from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from keruen.exchange.cells import (
    CellKind,
    cells_of,
    description_of,
    kind_of,
    plain_names,
    unit_of,
)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pd.Series(["a", None], dtype=object), CellKind.STRING),
        (pd.Series(["a", None]), CellKind.STRING),
        (pd.Series([None, None], dtype=object), CellKind.STRING),
        (pd.Series([], dtype=object), CellKind.STRING),
        (pd.Series(["a", 1], dtype=object), CellKind.STRING),
        (pd.Series([1, None], dtype=object), CellKind.INTEGER),
        (pd.Series([1, 2.5], dtype=object), CellKind.NUMBER),
        (pd.Series([1, None], dtype="Int64"), CellKind.INTEGER),
        (pd.Series([1.0, None]), CellKind.NUMBER),
        (pd.Series([True, None], dtype=object), CellKind.BOOLEAN),
        (pd.Series([True, None], dtype="boolean"), CellKind.BOOLEAN),
        (pd.Series([date(2024, 1, 1), None], dtype=object), CellKind.DATE),
        (pd.to_datetime(pd.Series(["2024-01-01", None])), CellKind.DATE),
        (pd.to_datetime(pd.Series(["2024-01-01 10:00", None])), CellKind.DATETIME),
        (pd.to_datetime(pd.Series(["2024-01-01T10:00+05:00"])), CellKind.STRING),
    ],
)
def test_the_kind_of_a_column(values: pd.Series[Any], kind: CellKind) -> None:
    assert kind_of(values) is kind


def test_cells_are_plain_values_and_gaps_are_none() -> None:
    assert cells_of(pd.Series([1, None], dtype="Int64"), CellKind.INTEGER) == [1, None]
    days = pd.to_datetime(pd.Series(["2024-01-01", None]))
    assert cells_of(days, CellKind.DATE) == [date(2024, 1, 1), None]
    moments = pd.to_datetime(pd.Series(["2024-01-01 10:00"]))
    assert cells_of(moments, CellKind.DATETIME) == [datetime(2024, 1, 1, 10)]  # noqa: DTZ001
    flags = cells_of(pd.Series([True, None], dtype=object), CellKind.BOOLEAN)
    assert flags == [True, None]
    assert type(flags[0]) is bool
    assert cells_of(pd.Series(["", "x", 3], dtype=object), CellKind.STRING) == [None, "x", "3"]


@pytest.mark.parametrize(
    ("table", "column", "unit"),
    [
        ("sections", "length_km", "km"),
        ("sections", "no_such_column", ""),
        ("capacity", "gross_trains_per_day", "trains/day"),
        ("capacity", "native_per_year", "1/year"),
        ("capacity", "teu_per_year", "TEU/year"),
        ("capacity", "t_per_year", "t/year"),
        ("capacity", "id", ""),
    ],
)
def test_units(table: str, column: str, unit: str) -> None:
    assert unit_of(table, column) == unit


def test_descriptions_come_from_the_schema_or_from_the_list_of_results() -> None:
    assert description_of("sections", "length_km") == "Length."
    assert description_of("sections").startswith("Physical lines")
    assert description_of("capacity").endswith(".")
    assert description_of("capacity", "limit") == ""
    assert description_of("unheard_of") == ""


def test_names_are_safe_short_and_each_its_own() -> None:
    long = "x" * 40
    hostile = ["a", "A", "../../etc/passwd", "a[b]:*?", long, long + "y", "", "'a'", "阿拉山口"]
    found = plain_names(hostile, 31, taken=("a",))
    assert list(found) == hostile
    assert all(name.isascii() and 0 < len(name) <= 31 for name in found.values())
    assert not set("/\\:*?[]'.") & set("".join(found.values()))
    lowered = [name.lower() for name in found.values()]
    assert len(set(lowered)) == len(lowered)
    assert "a" not in lowered
