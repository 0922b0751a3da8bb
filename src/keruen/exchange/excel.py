"""Tables as an Excel workbook: what it holds and from where, then a sheet for each table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from keruen.errors import FailedError, UsageError, error
from keruen.exchange.cells import (
    Cell,
    CellKind,
    cells_of,
    description_of,
    kind_of,
    plain_names,
    unit_of,
)
from keruen.exchange.content import Content, Exporter, extra_missing, facts, title

MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
MAX_TEXT: Final = 32_767
MAX_NAME: Final = 31
CONTENTS: Final = "contents"
COLUMNS: Final = "columns"
_RESERVED: Final = "history"
_CREATED: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - the same workbook whenever it is made
_FIRST_DAY: Final = date(1900, 3, 1)
_EXACT: Final = 2**53
_WIDEST: Final = 60
_SAMPLED: Final = 400
_A4: Final = 9
_LEGIBLE: Final = 300
_SHORT: Final = 8
_SMALL, _MIDDLE, _LARGE = 0.1, 10.0, 10_000.0
_LINE: Final = 15
_SOURCE_COLUMNS: Final = ("date", "licence", "title", "publisher", "address", "note")
_CONTENTS_WIDTHS: Final = (28, 12, 24, 80, 34, 40, 40)
_MERGED: Final = 5


class _Book:
    """A workbook being written, with its formats.

    Parameters
    ----------
    file : Path
        File to write.
    content : Content
        What is exported.
    """

    def __init__(self, file: Path, content: Content) -> None:
        try:
            import xlsxwriter  # noqa: PLC0415 - an extra
        except ImportError as missing:
            raise extra_missing("excel", "xlsxwriter") from missing
        options = {
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self.file = file
        self.book = xlsxwriter.Workbook(str(file), options)
        self.book.set_properties({"title": title(content)[:255], "created": _CREATED})
        self.head = self.book.add_format(
            {"bold": True, "bg_color": "#E3E9EE", "bottom": 1, "valign": "top", "indent": 1}
        )
        self.bold = self.book.add_format({"bold": True, "valign": "top"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
        self.link = self.book.add_format({"font_color": "#0B5CAD", "underline": 1, "valign": "top"})
        self.text = self.book.add_format({"indent": 1})
        self.whole = self.book.add_format({"num_format": "#,##0"})
        self.two = self.book.add_format({"num_format": "#,##0.00"})
        self.four = self.book.add_format({"num_format": "0.0000"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "indent": 1})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})

    def form_of(self, cells: Sequence[Cell], kind: CellKind) -> Any:  # noqa: ANN401 - has no types
        """Format of a column: numbers of many figures are shown with few and kept as they are."""
        if kind is CellKind.STRING:
            return self.text
        numbers = [c for c in cells if isinstance(c, float) and math.isfinite(c)]
        if all(len(f"{number:.12g}") <= _SHORT for number in numbers):
            return None
        largest = max(map(abs, numbers))
        if largest < _SMALL:
            return None
        return self.whole if largest >= _LARGE else self.two if largest >= _MIDDLE else self.four

    def sheet(self, name: str, repeated: int | None = None) -> Any:  # noqa: ANN401 - has no types
        """A new sheet that prints across, with its header on every page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_footer("&L&A&R&P/&N")
        if repeated is not None:
            sheet.repeat_rows(repeated)
        return sheet

    def put(self, sheet: Any, place: tuple[int, int], cell: Cell, form: Any = None) -> None:  # noqa: ANN401
        """Write one cell by its type; a text is never anything but a text."""
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(*place, cell, form)
        elif isinstance(cell, date):
            self._put_date(sheet, place, cell)
        elif isinstance(cell, str):
            sheet.write_string(*place, cell, form)
        elif abs(cell) == float("inf") or (isinstance(cell, int) and abs(cell) > _EXACT):
            sheet.write_string(*place, str(cell), form)
        else:
            sheet.write_number(*place, cell, form)

    def _put_date(self, sheet: Any, place: tuple[int, int], day: date) -> None:  # noqa: ANN401
        """Write a date; one that Excel's calendar does not hold, as text."""
        if date(day.year, day.month, day.day) < _FIRST_DAY:
            sheet.write_string(*place, day.isoformat())
        else:
            form = self.moment if isinstance(day, datetime) else self.day
            sheet.write_datetime(*place, day, form)

    def close(self) -> None:
        """Finish the file.

        Raises
        ------
        FailedError
            When it cannot be written.
        """
        from xlsxwriter.exceptions import XlsxWriterException  # noqa: PLC0415 - an extra

        try:
            self.book.close()
        except XlsxWriterException as failure:
            raise FailedError(
                [error("cannot_write", value=self.file.name, reason=str(failure))]
            ) from failure


def sheet_names(tables: Sequence[str]) -> dict[str, str]:
    """Sheet of each table: at most 31 plain characters, each its own whatever the case.

    >>> sheet_names(["sections", "contents"])
    {'sections': 'sections', 'contents': 'contents_2'}
    """
    return plain_names(tables, MAX_NAME, (CONTENTS, COLUMNS, _RESERVED))


def _require_fit(name: str, frame: pd.DataFrame) -> None:
    if len(frame) + 1 > MAX_ROWS or len(frame.columns) > MAX_COLUMNS:
        raise FailedError(
            [
                error(
                    "sheet_too_large",
                    table=name,
                    rows=len(frame),
                    columns=len(frame.columns),
                    row_limit=MAX_ROWS - 1,
                    column_limit=MAX_COLUMNS,
                )
            ]
        )


def _width(header: str, cells: Sequence[Cell]) -> float:
    """Width of a column in characters, from its header with the filter's arrow and some cells."""
    shown = [
        len(f"{c:,.2f}" if isinstance(c, float) and len(repr(c)) > _SHORT else str(c))
        for c in cells[:_SAMPLED]
        if c is not None
    ]
    return min(_WIDEST, max([len(header) + 4, 8, *(length + 2 for length in shown)]))


def _table_sheet(book: _Book, sheet: Any, name: str, frame: pd.DataFrame) -> None:  # noqa: ANN401
    """Fill the sheet of one table."""
    _require_fit(name, frame)
    across = 0.0
    for place, header in enumerate(map(str, frame.columns)):
        values = frame.iloc[:, place]
        kind = kind_of(values)
        cells = cells_of(values, kind)
        book.put(sheet, (0, place), header, book.head)
        form = book.form_of(cells, kind)
        if kind is CellKind.STRING:
            _require_short(name, header, cells)
        for row, cell in enumerate(cells, start=1):
            book.put(sheet, (row, place), cell, form)
        width = _width(header, cells)
        sheet.set_column(place, place, width)
        across += width
    if across <= _LEGIBLE:
        sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(1, 1)
    if len(frame.columns):
        sheet.autofilter(0, 0, max(1, len(frame)), len(frame.columns) - 1)


def _require_short(name: str, column: str, cells: Sequence[Cell]) -> None:
    for row, cell in enumerate(cells, start=2):
        if isinstance(cell, str) and len(cell.encode("utf-16-le")) // 2 > MAX_TEXT:
            raise FailedError(
                [
                    error(
                        "text_too_long_for_cell", table=name, column=column, row=row, limit=MAX_TEXT
                    )
                ]
            )


def _height(record: Sequence[Cell]) -> int:
    """Lines that the longest text of a record takes in the widths of the first sheet."""
    widths = zip(record, _CONTENTS_WIDTHS, strict=False)
    return max((_lines(len(str(cell)), width) for cell, width in widths if cell), default=1)


def _lines(length: int, width: int) -> int:
    """Lines of a text: widths are in figures, which are wider than the mean letter."""
    return max(1, math.ceil(length / (1.15 * width)))


def _block(book: _Book, sheet: Any, top: int, rows: Sequence[Sequence[Cell]]) -> int:  # noqa: ANN401
    """Write a header and records from a row on; gives the row after a blank one."""
    for place, header in enumerate(rows[0]):
        book.put(sheet, (top, place), header, book.head)
    for row, record in enumerate(rows[1:], start=top + 1):
        sheet.set_row(row, _LINE * _height(record))
        for place, cell in enumerate(record):
            book.put(sheet, (row, place), cell, book.wrapped)
    return top + len(rows) + 1


def _contents_sheet(book: _Book, sheet: Any, content: Content, names: Mapping[str, str]) -> None:  # noqa: ANN401
    """Fill the first sheet: what this is, which tables there are, where numbers come from."""
    room = sum(_CONTENTS_WIDTHS[1:_MERGED])
    top = 0
    for name, text in facts(content).items():
        book.put(sheet, (top, 0), name, book.bold)
        sheet.merge_range(top, 1, top, _MERGED - 1, "", book.wrapped)
        book.put(sheet, (top, 1), text[:MAX_TEXT], book.wrapped)
        sheet.set_row(top, _LINE * _lines(len(text), room))
        top += 1
    listed: list[list[Cell]] = [["table", "rows", "columns", "description"]]
    for name in names:
        frame = content.tables[name]
        listed.append([None, len(frame), len(frame.columns), description_of(name)])
    after = _block(book, sheet, top + 1, listed)
    for row, (name, plain) in enumerate(names.items(), start=top + 2):
        sheet.write_url(row, 0, f"internal:'{plain}'!A1", book.link, name)
    cited: list[list[Cell]] = [["source", *_SOURCE_COLUMNS]]
    for key, source in content.model["sources"].iterrows():
        cited.append([str(key), *(str(source[column]) or None for column in _SOURCE_COLUMNS)])
    _block(book, sheet, after, cited)
    for place, width in enumerate(_CONTENTS_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def _columns_frame(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every column of every table with its type, unit and description."""
    rows = [
        {
            "table": name,
            "column": str(column),
            "type": kind_of(frame.iloc[:, place]).value,
            "unit": unit_of(name, str(column)),
            "description": description_of(name, str(column)),
        }
        for name, frame in tables.items()
        for place, column in enumerate(frame.columns)
    ]
    return pd.DataFrame(rows, columns=["table", "column", "type", "unit", "description"])


def write_workbook(content: Content, file: Path) -> None:
    """Write a workbook: ``contents``, a sheet for each table, ``columns``.

    Cells are typed; nothing is a formula, whatever a text begins with. The same content gives the
    same bytes.

    Raises
    ------
    UsageError
        When there is no table.
    FailedError
        When xlsxwriter is not installed, or a table or text is larger than a sheet or cell holds.
    """
    if not content.tables:
        raise UsageError([error("nothing_to_export")])
    book = _Book(file, content)
    names = sheet_names(list(content.tables))
    first = book.sheet(CONTENTS)
    for name, plain in names.items():
        _table_sheet(book, book.sheet(plain, 0), name, content.tables[name])
    _table_sheet(book, book.sheet(COLUMNS, 0), COLUMNS, _columns_frame(content.tables))
    _contents_sheet(book, first, content, names)
    book.close()


EXPORTER: Final = Exporter(write_workbook, ".xlsx")
