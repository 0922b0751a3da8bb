"""Laws of tables: what is written reads as the same, order is nothing, nothing is fatal."""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from keruen.errors import Severity
from keruen.model import Model, load_model, write_study
from keruen.model.cells import FIRST_DATE, LAST_DATE, read_cell
from keruen.model.files import decode
from keruen.model.overlay import Change, overlay
from keruen.model.reading import read_text_table, row_keys
from keruen.model.settings import Settings, parse_settings
from keruen.model.text import parse_csv
from keruen.model.write import cell_text, settings_yaml, table_csv
from keruen.schema import Column, ColumnType, Table, load_schema
from support.template_draft import TEMPLATES, readings

HOSTILE = st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "+7 727",
        "-",
        '"',
        '""",',
        "a\nb",
        "a\r\nb",
        "a\rb",
        ",",
        ";",
        "'",
        "\\",
        "{value}",
        "%s",
        "<b>",
        "NA",
        "nan",
        "null",
        "1e5",
        "0012",
        "Достық",
        "多斯特克",
        "e\u0301",
        "🚂",
    ]
)
"""Texts that other programs take for something else."""


PLAIN = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])


@cache
def texts() -> SearchStrategy[str]:
    """A text as a study may hold it: nothing hidden, nothing at its ends that reading strips."""
    pieces = st.text(PLAIN, max_size=10) | HOSTILE
    return st.lists(pieces, max_size=3).map(lambda found: "".join(found).strip())


@cache
def filled_texts() -> SearchStrategy[str]:
    """The same, never empty."""
    return texts().map(lambda text: text or "x")


def numbers(column: Column) -> SearchStrategy[float]:
    if column.values:
        return st.sampled_from([float(value) for value in column.values])
    low, high = column.minimum, column.maximum
    if column.type is ColumnType.INTEGER:
        least = -(2**53) if low is None else math.ceil(low)
        most = 2**53 if high is None else math.floor(high)
        return st.integers(least, most).map(float)
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


@cache
def cells(column: Column, *, filled: bool) -> SearchStrategy[Any]:
    """Values of a column in the type of its frame; empty ones too unless they must be filled."""
    empty = not (filled or column.required or column.default)
    if column.type.is_numeric:
        return numbers(column) | st.just(math.nan) if empty else numbers(column)
    if column.type is ColumnType.DATE:
        days = st.dates(FIRST_DATE, LAST_DATE).map(pd.Timestamp)
        return days | st.just(pd.NaT) if empty else days
    found: SearchStrategy[str]
    if column.values:
        found = st.sampled_from(column.values)
    elif column.type is ColumnType.ID:
        found = st.from_regex(r"id_[A-Za-z0-9_]{1,8}", fullmatch=True)
    elif column.type is ColumnType.COUNTRY:
        found = st.from_regex(r"[A-Z]{2}", fullmatch=True)
    elif column.type is ColumnType.CURRENCY:
        found = st.from_regex(r"[A-Z]{3}", fullmatch=True)
    else:
        found = filled_texts()
    return found | st.just("") if empty else found


@st.composite
def frames(draw: st.DrawFn, table: Table) -> pd.DataFrame:
    """A table as reading types it, with keys that are unique."""
    count = draw(st.integers(1, 3))
    empty = readings()[table.name].frame
    columns = {}
    for name, column in table.columns.items():
        drawn = [draw(cells(column, filled=name in table.key)) for _ in range(count)]
        columns[name] = pd.Series(drawn, dtype=object).astype(empty[name].dtype)
    frame = pd.DataFrame(columns)
    frame.index = row_keys(frame, table)
    return frame[~frame.index.duplicated()]


@pytest.mark.parametrize("name", list(load_schema().tables))
@settings(max_examples=6)
@given(data=st.data())
def test_a_table_written_reads_as_the_same(name: str, data: st.DataObject) -> None:
    table = load_schema()[name]
    frame = data.draw(frames(table))
    frame.columns = frame.columns.astype(object)  # as frames of a study are read
    written = table_csv(frame, table, {})
    parsed, problems = parse_csv(written, table.file)
    assert parsed is not None
    assert problems == []
    reading, problems = read_text_table(parsed, table)
    assert [problem for problem in problems if problem.is_error] == []
    pd.testing.assert_frame_equal(reading.frame, frame, check_freq=False)
    assert table_csv(reading.frame, table, {}) == written


@cache
def template(name: str) -> Model:
    return load_model(TEMPLATES / name)


@settings(max_examples=10)
@given(
    name=filled_texts(),
    note=texts(),
    length=st.floats(17, 23),
    day=st.dates(FIRST_DATE, LAST_DATE),
)
def test_a_study_written_reads_as_the_same(name: str, note: str, length: float, day: date) -> None:
    given_cells = {
        ("nodes", "tepe", "name_en"): name,
        ("nodes", "tepe", "note"): note,
        ("sections", "bulaq_tepe", "length_km"): repr(length),
        ("sections", "bulaq_tepe", "in_service_to"): day.isoformat(),
    }
    model = template("rail-line").patched(given_cells)
    with TemporaryDirectory() as folder:
        write_study(model, Path(folder) / "copy")
        copy = load_model(Path(folder) / "copy")
    for table, frame in model.tables.items():
        pd.testing.assert_frame_equal(copy[table], frame)
    assert (copy.settings, copy.owners, copy.defaulted) == (
        model.settings,
        model.owners,
        model.defaulted,
    )


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_so_that_they_read_as_themselves(value: float) -> None:
    column = load_schema()["observations"].columns["value"]
    assert read_cell(cell_text(value, column), column) == (value, None)


titles = st.dictionaries(st.sampled_from(["en", "kk", "ru", "zh"]), filled_texts(), min_size=1)


@given(
    title=titles,
    description=st.just({}) | titles,
    licence=texts(),
    seed=st.integers(0, 2**63 - 1),
    years=st.tuples(st.integers(1990, 2050), st.integers(0, 100)),
    as_of=st.none() | st.dates(),
)
def test_settings_written_read_as_the_same(
    title: dict[str, str],
    description: dict[str, str],
    licence: str,
    seed: int,
    years: tuple[int, int],
    as_of: date | None,
) -> None:
    first, span = years
    written = Settings(
        name="law",
        title=title,
        description=description,
        languages=("en", "kk"),
        base_year=2024,
        base_date=date(2024, 12, 31),
        first_year=first,
        last_year=first + span,
        currency="USD",
        price_year=2024,
        seed=seed,
        as_of=as_of,
        licence=licence,
        time_axis={"hours": 8760, "first_weekday": "monday", "utc_offset_h": 5},
    )
    found, problems = parse_settings(settings_yaml(written))
    assert problems == []
    assert found == written


@given(text=st.text(max_size=40) | HOSTILE, data=st.data())
def test_any_text_is_read_or_told(text: str, data: st.DataObject) -> None:
    table = load_schema()[data.draw(st.sampled_from(list(load_schema().tables)))]
    column = data.draw(st.sampled_from(list(table.columns.values())))
    value, fault = read_cell(text, column)
    if fault is None:
        assert (value is None) == (text == "")
        return
    assert all(isinstance(v, str | int | float) for v in fault.params.values())
    if fault.severity is Severity.WARNING:
        assert value is not None
    better = fault.params.get("better")
    if better:
        # What is suggested can be read, though it may be out of bounds.
        _, again = read_cell(str(better), column)
        assert again is None or again.code != fault.code


@given(raw=st.binary(max_size=300), table=st.sampled_from(list(load_schema().tables.values())))
def test_no_bytes_are_fatal_to_a_table(raw: bytes, table: Table) -> None:
    header = ",".join(table.columns).encode() + b"\n"
    for content in (raw, header + raw):
        text, problems = decode(content, table.file)
        parsed, found = parse_csv(text, table.file)
        problems += found
        if parsed is not None:
            reading, found = read_text_table(parsed, table)
            problems += found
            assert len(reading.frame) == len(reading.rows) == len(parsed.rows)
        assert all(problem.file == table.file for problem in problems)
        assert parsed is not None or problems


yaml_pieces = st.lists(
    st.sampled_from(
        ["name: x\n", "&a ", "*a", "[", "]", "{", "}", ": ", "- ", "\n", "'", '"', "!!python/x ",
         "? ", "<<: ", "| \n", "0x", "9" * 30, "2024-01-01", "~", "\t", "#", "%YAML 1.1\n", "---\n"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(text=st.text(max_size=200) | yaml_pieces)
def test_no_text_is_fatal_to_the_settings(text: str) -> None:
    found, problems = parse_settings(text)
    assert found is None
    assert problems
    assert all(problem.file == "study.yaml" for problem in problems)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    column, values = draw(
        st.sampled_from(
            [
                ("length_km", st.sampled_from(["1.25", "0.5", "2"])),
                ("running_time_forward_min", st.sampled_from(["1.5", "0.75"])),
            ]
        )
    )
    row = draw(st.sampled_from(["tepe_dala"]))
    op = draw(st.sampled_from(["set", "add", "multiply"]))
    return Change(
        ("project_changes", draw(st.from_regex(r"[a-z]{6}", fullmatch=True)), "value"),
        draw(st.sampled_from(["p", "q"])),
        op,
        "sections",
        row,
        column,
        draw(values),
        draw(st.none() | st.dates(date(2024, 1, 1), date(2030, 1, 1))),
        draw(st.none() | st.integers(-3, 3)),
        "own_estimate",
        "derived",
    )


@settings(max_examples=40)
@given(data=st.data())
def test_the_order_of_lines_in_a_layer_is_nothing(data: st.DataObject) -> None:
    lines = data.draw(st.lists(changes(), max_size=8, unique_by=lambda c: c.origin))
    tables = {name: reading.frame for name, reading in readings().items()}
    turned = data.draw(st.permutations(lines))
    one, other = overlay(tables, lines), overlay(tables, turned)
    pd.testing.assert_frame_equal(one.tables["sections"], other.tables["sections"])
    assert one.origins == other.origins
    touched = {(c.row, c.column) for c in lines}
    before, after = tables["sections"], one.tables["sections"]
    for column in before.columns:
        same = [row for row in before.index if (row, column) not in touched]
        pd.testing.assert_series_equal(before.loc[same, column], after.loc[same, column])


@given(day=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
@settings(max_examples=30)
def test_every_row_in_service_is_there_and_no_other(day: date) -> None:
    model = template("corridor").at(day)
    moment = pd.Timestamp(day)
    for name, frame in model.tables.items():
        if "in_service_from" in frame.columns:
            assert not (frame["in_service_from"] > moment).any()
            assert not (frame["in_service_to"] < moment).any()
        assert frame.index.is_unique, name
    opened = model.number("sections", "tepe_dala", "tracks")
    assert opened == (2.0 if day >= date(2027, 7, 1) else 1.0)
    assert np.isfinite(opened)
