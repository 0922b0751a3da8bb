from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keruen.errors import Severity
from keruen.model.reading import TableReading, empty_table, filled_cells, read_text_table, row_keys
from keruen.model.text import parse_csv
from keruen.schema import load_schema

NODES = "id,kind,country,name_en,source,confidence\n"


def read(text: str, table: str = "nodes") -> tuple[TableReading, list[tuple[str, int | None, str]]]:
    parsed, _ = parse_csv(text, f"{table}.csv")
    assert parsed is not None
    reading, problems = read_text_table(parsed, load_schema()[table])
    return reading, [(p.code, p.row, p.column or "") for p in problems]


def test_a_table_has_every_column_in_the_order_of_the_schema() -> None:
    reading, problems = read("name_en,id,kind,source,confidence,country\nA,a,yard,s,official,KZ\n")
    assert problems == []
    assert list(reading.frame.columns) == list(load_schema()["nodes"].columns)
    assert reading.frame.index.tolist() == ["a"]
    assert reading.rows.tolist() == [2]
    assert reading.frame.at["a", "unlocode"] == ""


def test_headers_are_held_against_the_schema() -> None:
    _, problems = read("id,kind,contry,name_en,source,confidence,id,colour,,\na,,,,,,,,x,\n")
    assert problems[:4] == [
        ("unknown_column", 1, "contry"),
        ("duplicate_column", 1, "id"),
        ("unknown_column", 1, "colour"),
        ("unnamed_column", 1, ""),
    ]
    # What is misspelt is not said to be missing too.
    assert ("missing_column", 1, "country") not in problems


def test_columns_that_every_row_needs_are_missed() -> None:
    _, problems = read("id,name_en\na,A\n")
    assert [(code, column) for code, _, column in problems] == [
        ("missing_column", "kind"),
        ("missing_column", "country"),
        ("missing_column", "source"),
        ("missing_column", "confidence"),
    ]


def test_a_header_of_noise_is_told_shortly() -> None:
    _, problems = read(",".join(f"noise_{i}" for i in range(20_000)) + "\nx\n")
    assert len(problems) < 300
    assert ("and_more", None, "") in problems


def test_of_two_columns_of_one_name_the_first_counts() -> None:
    reading, _ = read("id,id\na,b\n")
    assert reading.frame["id"].tolist() == ["a"]


def test_keys_that_come_twice() -> None:
    row = "a,yard,KZ,A,s,official\n"
    reading, problems = read(NODES + row + row.replace("a,", "b,", 1) + row)
    assert problems == [("duplicate_key", 4, "id")]
    assert reading.positions(["a", "b", "c"]).tolist() == [0, 1, -1]


def test_empty_keys_are_missing_and_not_doubled() -> None:
    _, problems = read(NODES + ",yard,KZ,A,s,official\n,yard,KZ,A,s,official\n")
    assert [code for code, *_ in problems] == ["missing_value", "missing_value"]


def test_compound_keys_of_numbers_and_days() -> None:
    reading, _ = read("site,month,closed_share\nquay,3,0.1\n,,\n", "closures")
    assert reading.frame.index.tolist() == ["quay/3", "/"]
    reading, _ = read("water_body,date,level_m\nsea,2024-01-01,-28\nsea,,1\n", "water_levels")
    assert reading.frame.index.tolist() == ["sea/2024-01-01", "sea/"]
    assert row_keys(reading.frame, reading.table).equals(reading.frame.index)


def test_a_header_alone_is_a_warning() -> None:
    parsed, _ = parse_csv(NODES, "nodes.csv")
    assert parsed is not None
    reading, problems = read_text_table(parsed, load_schema()["nodes"])
    assert [(p.code, p.severity) for p in problems] == [("no_rows", Severity.WARNING)]
    assert reading.frame.empty


def test_defaults_are_remembered() -> None:
    reading, _ = read("id,hours_per_day\na,\nb,12\n", "handling")
    assert reading.defaulted["hours_per_day"].tolist() == [True, False]
    assert reading.defaulted["service_stages"].tolist() == [True, True]
    assert "lot_t" not in reading.defaulted


def test_a_table_left_out_is_typed_like_one_that_is_there() -> None:
    for name, table in load_schema().tables.items():
        absent = empty_table(name)
        assert not absent.present
        assert list(absent.frame.columns) == list(table.columns)
    reading, _ = read(NODES + "a,yard,KZ,A,s,official\n")
    assert reading.present
    assert empty_table("nodes").frame.dtypes.equals(reading.frame.dtypes)


def test_places_of_a_mask() -> None:
    reading, _ = read(NODES + "a,yard,KZ,A,s,official\n\nb,yard,KZ,B,s,official\n")
    told = reading.place("c", np.array([False, True]), "id", Severity.WARNING, x=1)
    assert [(p.row, p.severity, p.params) for p in told] == [(4, Severity.WARNING, {"x": 1})]
    unknown = pd.Series([True, pd.NA], dtype="boolean")
    assert [p.row for p in reading.place("c", unknown, "id")] == [2]


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series(["", "x"], dtype=object),
        pd.Series([float("nan"), 0.0]),
        pd.Series([pd.NA, 0], dtype="Int64"),
        pd.Series([pd.NaT, pd.Timestamp(2024, 1, 1)]),
    ],
)
def test_filled_cells(cells: pd.Series) -> None:
    found = filled_cells(cells)
    assert found.tolist() == [False, True]
    found[0] = True  # a copy, free to be changed
