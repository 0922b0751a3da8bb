from __future__ import annotations

import html
import re
import zipfile
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from keruen.errors import FailedError
from keruen.exchange import excel, export
from keruen.exchange.cells import cells_of, kind_of
from keruen.exchange.excel import sheet_names
from support.exports import HOSTILE, corridor, hostile_table

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
DATES = {"yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"}


class Sheet(NamedTuple):
    """A sheet as a reader sees it: cells by place, and the XML it stands in."""

    cells: dict[str, Any]
    xml: str

    def column(self, letter: str, rows: int) -> list[Any]:
        return [self.cells.get(f"{letter}{row}") for row in range(2, rows + 2)]


def text_of(node: ElementTree.Element) -> str:
    """Text of a shared string; the format writes odd characters as ``_xHHHH_``."""
    whole = "".join(part.text or "" for part in node.iter(f"{MAIN}t"))
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), whole)


def read_workbook(file: Path) -> dict[str, Sheet]:
    """Read a workbook without the package that wrote it."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    strings = [
        text_of(node)
        for node in ElementTree.fromstring(parts["xl/sharedStrings.xml"])  # noqa: S314 - our own
    ]
    styles = ElementTree.fromstring(parts["xl/styles.xml"])  # noqa: S314 - our own
    formats = {n.get("numFmtId"): n.get("formatCode") for n in styles.iter(f"{MAIN}numFmt")}
    used = styles.find(f"{MAIN}cellXfs")
    assert used is not None
    codes = [formats.get(n.get("numFmtId"), "") for n in used]
    found = {}
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    for number, name in enumerate(names, start=1):
        xml = parts[f"xl/worksheets/sheet{number}.xml"]
        cells = {}
        for cell in ElementTree.fromstring(xml).iter(f"{MAIN}c"):  # noqa: S314 - our own
            held = cell.find(f"{MAIN}v")
            if held is not None and held.text is not None:
                is_date = codes[int(cell.get("s") or 0)] in DATES
                cells[str(cell.get("r"))] = value_of(cell, held.text, strings, is_date)
        found[html.unescape(name)] = Sheet(cells, xml)
    return found


def value_of(cell: ElementTree.Element, text: str, strings: list[str], is_date: bool) -> Any:  # noqa: ANN401
    kind = cell.get("t")
    assert kind in {None, "s", "b"}, "a number, a shared text or a truth, never a formula's result"
    if kind == "s":
        return strings[int(text)]
    if kind == "b":
        return text == "1"
    if is_date:
        return datetime(1899, 12, 30) + timedelta(days=float(text))  # noqa: DTZ001
    return float(text)


@cache
def written() -> dict[str, pd.DataFrame]:
    return {"hostile": hostile_table(), "sections": corridor()["sections"]}


def saved(tables: dict[str, pd.DataFrame], tmp_path: Path) -> dict[str, Sheet]:
    (file,) = export("xlsx", tables, corridor(), tmp_path / "out.xlsx", about={"run": "r1"})
    return read_workbook(file)


def test_cells_come_back_typed_and_exact(tmp_path: Path) -> None:
    sheet = saved(written(), tmp_path)["hostile"]
    count = len(HOSTILE)
    assert sheet.column("A", count) == [text or None for text in HOSTILE]
    table = hostile_table()
    for letter, name in zip("BCD", ("number", "integer", "flag"), strict=True):
        assert sheet.column(letter, count) == cells_of(table[name], kind_of(table[name]))
    days = sheet.column("E", count)
    assert days[:3] == [datetime(2024, 2, 29), None, "1850-01-01"]  # noqa: DTZ001
    moment = sheet.column("F", count)[0]
    assert abs(moment - datetime(2024, 5, 6, 7, 8, 9)) < timedelta(milliseconds=1)  # noqa: DTZ001


def test_nothing_is_a_formula_or_an_outside_link(tmp_path: Path) -> None:
    saved({**written(), "=cmd|' /C calc'!A0": hostile_table()}, tmp_path)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        for name in archive.namelist():
            xml = archive.read(name).decode("utf-8")
            assert not re.search(r"<f[ >]", xml), name
            assert "TargetMode" not in xml, name
            assert "vba" not in name.lower()
            assert "externalLink" not in name


def column_letters(place: int) -> str:
    """Letters of a column of a sheet: A to Z, then AA and on."""
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters


def test_every_table_of_a_sheet_equals_the_table(tmp_path: Path) -> None:
    sections = corridor()["sections"]
    sheet = saved(written(), tmp_path)["sections"]
    letters = [column_letters(place) for place in range(len(sections.columns))]
    assert [sheet.cells[f"{letter}1"] for letter in letters] == list(sections.columns)
    for letter, name in zip(letters, sections.columns, strict=True):
        expected = cells_of(sections[name], kind_of(sections[name]))
        got = sheet.column(letter, len(sections))
        assert got == [
            datetime(c.year, c.month, c.day) if isinstance(c, date) else c  # noqa: DTZ001
            for c in expected
        ], name


def test_sheets_have_a_frozen_header_a_filter_and_widths(tmp_path: Path) -> None:
    sheets = saved(written(), tmp_path)
    rows = len(HOSTILE)
    assert 'topLeftCell="B2"' in sheets["hostile"].xml
    assert 'state="frozen"' in sheets["hostile"].xml
    assert f'<autoFilter ref="A1:F{rows + 1}"/>' in sheets["hostile"].xml
    widths = [
        float(width) for width in re.findall(r'<col [^>]*width="([0-9.]+)"', sheets["hostile"].xml)
    ]
    assert len(widths) == 6
    assert max(widths) < 62
    assert min(widths) >= 8


def test_the_first_sheet_says_what_it_is_and_where_numbers_come_from(tmp_path: Path) -> None:
    sheets = saved(written(), tmp_path)
    assert list(sheets) == ["contents", "hostile", "sections", "columns"]
    first = sheets["contents"]
    said = {
        first.cells[f"A{row}"]: first.cells.get(f"B{row}")
        for row in range(1, 15)
        if f"A{row}" in first.cells
    }
    assert said["study"] == corridor().settings.name
    assert said["run"] == "r1"
    texts = set(map(str, first.cells.values()))
    source = corridor()["sources"].iloc[0]
    assert {"hostile", "sections", str(source["title"]), str(source["publisher"])} <= texts
    assert re.findall(r'location="([^"]+)"', first.xml) == ["'hostile'!A1", "'sections'!A1"]


def test_the_last_sheet_explains_every_column(tmp_path: Path) -> None:
    sheet = saved(written(), tmp_path)["columns"]
    count = sum(len(frame.columns) for frame in written().values())
    rows = list(zip(*(sheet.column(letter, count) for letter in "ABCDE"), strict=True))
    assert ("hostile", "number", "number", None, None) in rows
    assert ("sections", "length_km", "number", "km", "Length.") in rows
    assert None not in [row[0] for row in rows]


def test_names_of_sheets_are_short_safe_and_each_their_own(tmp_path: Path) -> None:
    names = ["contents", "History", "a" * 40, "a" * 41, "[x]:*?/\\", "'q'", "COLUMNS", "columns"]
    found = sheet_names(names)
    assert all(len(name) <= 31 for name in found.values())
    lowered = [name.lower() for name in found.values()]
    assert len({*lowered, "contents", "columns", "history"}) == len(names) + 3
    sheets = saved({name: pd.DataFrame({"a": [1]}) for name in names}, tmp_path)
    assert list(sheets) == ["contents", *found.values(), "columns"]


def test_numbers_that_excel_does_not_hold_are_texts(tmp_path: Path) -> None:
    frame = pd.DataFrame({"big": pd.Series([2**60, 5], dtype="Int64"), "inf": [np.inf, -np.inf]})
    sheet = saved({"t": frame}, tmp_path)["t"]
    assert sheet.column("A", 2) == [str(2**60), 5.0]
    assert sheet.column("B", 2) == ["inf", "-inf"]


def test_an_empty_table_is_a_header(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": pd.Series([], dtype=object), "b": pd.Series([], dtype=float)})
    sheets = saved({"t": frame, "none": pd.DataFrame()}, tmp_path)
    assert sheets["t"].cells == {"A1": "a", "B1": "b"}
    assert sheets["none"].cells == {}


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": np.zeros(excel.MAX_ROWS)}),
        pd.DataFrame(np.zeros((1, excel.MAX_COLUMNS + 1))),
    ],
    ids=["rows", "columns"],
)
def test_a_table_larger_than_a_sheet_is_told(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(FailedError) as raised:
        export("xlsx", {"large": frame}, corridor(), tmp_path / "out.xlsx")
    problem = raised.value.problems[0]
    assert problem.code == "sheet_too_large"
    assert problem.params["table"] == "large"
    assert problem.params["row_limit"] == 1_048_575
    assert list(tmp_path.iterdir()) == []


def test_a_text_larger_than_a_cell_is_told(tmp_path: Path) -> None:
    fits = pd.DataFrame({"a": ["x" * excel.MAX_TEXT]})
    assert len(saved({"t": fits}, tmp_path)["t"].cells["A2"]) == excel.MAX_TEXT
    # What counts are units of UTF-16: each of these letters is two.
    wide = pd.DataFrame({"a": ["", "𐰴" * (excel.MAX_TEXT // 2 + 1)]})
    with pytest.raises(FailedError) as raised:
        export("xlsx", {"t": wide}, corridor(), tmp_path / "other.xlsx")
    assert raised.value.problems[0].code == "text_too_long_for_cell"
    assert raised.value.problems[0].params["row"] == 3
