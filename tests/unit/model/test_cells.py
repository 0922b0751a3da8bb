from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from keruen.errors import Severity
from keruen.model.cells import (
    as_date,
    as_number,
    out_of_bounds,
    parse_column,
    parse_value,
    read_cell,
)
from keruen.schema import Column, load_schema


def column(name: str) -> Column:
    table, own = name.split(".")
    return load_schema()[table].columns[own]


LENGTH = column("sections.length_km")
TRACKS = column("sections.tracks")
DATE = column("sections.in_service_from")
ID = column("nodes.id")
NOTE = column("nodes.note")
AMOUNT = column("observations.value")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0),
        ("+12.50", 12.5),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1E-05", 1e-5),
        ("0.1", 0.1),
        ("123456789.123456789", 123456789.123456789),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert read_cell(text, AMOUNT) == (value, None)


@pytest.mark.parametrize(
    ("text", "code", "better"),
    [
        ("1,5", "decimal_comma", "1.5"),
        ("-0,125", "decimal_comma", "-0.125"),
        ("1 234,5", "decimal_comma", "1234.5"),
        ("1.234,5", "decimal_comma", "1234.5"),
        ("1,200", "decimal_comma", ""),
        ("1 200", "grouped_digits", "1200"),
        ("1\u00a0200.5", "grouped_digits", "1200.5"),
        ("1'200", "grouped_digits", "1200"),
        ("1_000_000", "grouped_digits", "1000000"),
        ("1,200,300", "grouped_digits", "1200300"),
        ("\u22125", "foreign_digits", "-5"),
        ("–5", "foreign_digits", "-5"),
        ("１２", "foreign_digits", "12"),
        ("12 km", "unit_in_cell", "12"),
        ("5%", "unit_in_cell", "5"),
        ("1,5 млн", "unit_in_cell", "1.5"),
        ("100t/year", "unit_in_cell", "100"),
        ("nan", "not_finite", None),
        ("-Infinity", "not_finite", None),
        ("#N/A", "not_finite", None),
        ("None", "not_finite", None),
        ("1e400", "number_too_large", None),
        ("1e99999999", "number_too_large", None),
        ("3 t", "unit_in_cell", "3"),
        ("0x10", "not_a_number", None),
        ("1d5", "not_a_number", None),
        ("about 5", "not_a_number", None),
        ("=1+1", "not_a_number", None),
        ("5-6", "not_a_number", None),
        ("1e", "not_a_number", None),
        ("٣", "foreign_digits", "3"),
    ],
)
def test_slips_of_numbers_are_named_and_mended(text: str, code: str, better: str | None) -> None:
    value, fault = read_cell(text, AMOUNT)
    assert value is None
    assert fault is not None
    assert (fault.code, fault.params.get("better")) == (code, better)


def test_whole_numbers() -> None:
    assert read_cell("2", TRACKS) == (2, None)
    assert read_cell("2.0", TRACKS) == (2, None)
    assert read_cell("2.5", TRACKS)[1].code == "not_an_integer"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("0", "below_minimum", Severity.ERROR),
        ("9", "above_maximum", Severity.ERROR),
        ("5", "above_usual_maximum", Severity.WARNING),
    ],
)
def test_impossible_values_are_errors_and_doubtful_ones_warnings(
    text: str, code: str, severity: Severity
) -> None:
    value, fault = read_cell(text, TRACKS)
    assert fault is not None
    assert (fault.code, fault.severity) == (code, severity)
    assert (value is None) == (severity is Severity.ERROR)
    assert parse_value(text, TRACKS)[1] == (fault if severity is Severity.ERROR else None)


def test_numbers_of_a_list_are_held_against_it() -> None:
    gauge = column("sections.gauge_mm")
    assert read_cell("1520", gauge) == (1520, None)
    fault = read_cell("1530", gauge)[1]
    assert fault is not None
    assert (fault.code, fault.params["better"]) == ("not_allowed", "1520")
    assert out_of_bounds(1435.0, gauge) is None


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("30.09.2025", "2025-09-30"),
        ("30/09/2025", "2025-09-30"),
        ("9/30/2025", "2025-09-30"),
        ("05/04/2025", ""),
        ("05.04.2025", "2025-04-05"),
        ("2025/9/3", "2025-09-03"),
        ("2025-9-3", "2025-09-03"),
        ("20250903", "2025-09-03"),
        ("2025-09-03T10:00", "2025-09-03"),
        ("2025-02-30", ""),
        ("2025", ""),
        ("20244-01-01", ""),
        ("45930", ""),
        ("yesterday", ""),
    ],
)
def test_dates_in_another_order_are_turned(text: str, better: str) -> None:
    value, fault = read_cell(text, DATE)
    assert value is None
    assert fault is not None
    assert (fault.code, fault.params["better"]) == ("not_a_date", better)


def test_dates() -> None:
    assert read_cell("2024-02-29", DATE) == (pd.Timestamp(2024, 2, 29), None)
    for text in ("0001-01-01", "1799-12-31", "2201-01-01", "9999-12-31"):
        fault = read_cell(text, DATE)[1]
        assert fault is not None
        assert fault.code == "date_out_of_range"
    assert as_date(pd.Timestamp(2024, 2, 29)) == date(2024, 2, 29)
    assert as_date(pd.NaT) is None
    assert as_date("") is None


@pytest.mark.parametrize("text", ["a", "0", "S01", "dm_razezd_19", "x" * 80])
def test_identifiers(text: str) -> None:
    assert read_cell(text, ID) == (text, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("../x", "bad_id"),
        ("..", "bad_id"),
        ("/etc/passwd", "bad_id"),
        ("-1", "bad_id"),
        ("_x", "bad_id"),
        ("CON", "reserved_id"),
        ("con", "reserved_id"),
        ("com1", "reserved_id"),
        ("x" * 81, "bad_id"),
        ("алматы", "bad_id"),
        ("a b", "bad_id"),
        ("a\n", "bad_id"),
        ("<script>", "bad_id"),
        ("a/b", "bad_id"),
    ],
)
def test_no_identifier_leaves_its_folder(text: str, code: str) -> None:
    value, fault = read_cell(text, ID)
    assert value is None
    assert fault is not None
    assert fault.code == code
    assert len(str(fault.params["value"])) <= 80


def test_codes_in_small_letters_are_mended() -> None:
    fault = read_cell("kz", column("nodes.country"))[1]
    assert fault is not None
    assert (fault.code, fault.params["better"]) == ("bad_country", "KZ")
    fault = read_cell("Tenge", column("tariffs.currency"))[1]
    assert fault is not None
    assert (fault.code, fault.params["better"]) == ("bad_currency", "")


def test_texts() -> None:
    assert read_cell('=HYPERLINK("x")', NOTE) == ('=HYPERLINK("x")', None)
    assert read_cell("a\nb", NOTE) == ("a\nb", None)
    hidden = read_cell("a\x1b[2J", NOTE)[1]
    long = read_cell("x" * 5000, NOTE)[1]
    assert hidden is not None
    assert long is not None
    assert (hidden.code, long.code) == ("control_character", "text_too_long")
    kind = read_cell("statoin", column("nodes.kind"))[1]
    assert kind is not None
    assert (kind.code, kind.params["better"]) == ("not_allowed", "station")


def test_a_summand_has_no_bounds() -> None:
    assert parse_value("-3.5", as_number(TRACKS)) == (-3.5, None)


def test_columns_are_typed_and_empty_cells_stay_empty() -> None:
    rows = [2, 3, 4]
    numbers, problems = parse_column(["", "12", "x"], LENGTH, "f.csv", rows)
    assert numbers.dtype == np.float64
    assert math.isnan(numbers[0])
    assert numbers[1] == 12.0
    assert [(p.row, p.code) for p in problems] == [(4, "not_a_number"), (2, "missing_value")]
    whole, _ = parse_column(["", "2", "3"], TRACKS, "f.csv", rows)
    assert str(whole.dtype) == "Int64"
    assert whole.tolist() == [pd.NA, 2, 3]
    days, _ = parse_column(["", "2024-01-01", "x"], DATE, "f.csv", rows)
    assert str(days.dtype) == "datetime64[us]"
    assert days.isna().tolist() == [True, False, True]
    texts, _ = parse_column(["", "b", "b"], NOTE, "f.csv", rows)
    assert texts.tolist() == ["", "b", "b"]


def test_defaults_fill_empty_cells() -> None:
    hours = column("handling.hours_per_day")
    assert parse_column(["", "12"], hours, "f.csv", [2, 3])[0].tolist() == [24.0, 12.0]
    tonnes = column("observations.tonnes")
    assert parse_column(["", "net"], tonnes, "f.csv", [2, 3])[0].tolist() == ["none", "net"]


def test_no_rows() -> None:
    for name, declared in load_schema()["sections"].columns.items():
        values, problems = parse_column([], declared, "f.csv", [])
        assert len(values) == 0, name
        assert problems == []


def test_many_bad_cells_are_told_once_each_and_then_counted() -> None:
    cells = [f"bad {i}" for i in range(20_000)]
    _, problems = parse_column(cells, LENGTH, "f.csv", range(2, 20_002))
    counted = {(p.params["code_told"], p.params["more"]) for p in problems if p.code == "and_more"}
    assert counted == {("not_a_number", 4800), ("bad_cell", 15_000)}
    assert len(problems) < 300


def test_one_bad_text_in_many_rows_is_told_for_each() -> None:
    _, problems = parse_column(["x", "1", "x"], LENGTH, "f.csv", [2, 3, 4])
    assert [p.row for p in problems] == [2, 4]
