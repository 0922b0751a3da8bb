"""From text to columns of cells, whatever a spreadsheet or an editor did to the text.

Other separators, ragged rows, unclosed quotes: each is told once, with its place, and reading goes
on as far as it makes sense, so that one run shows every problem.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from keruen.errors import Problem, Severity, error
from keruen.model.findings import MAX_TOLD, and_more

_CHUNK: Final = 65_536
_LONGEST_CELL: Final = 131_072
_SEPARATORS: Final = ((";", ";"), ("\t", "tab"), ("|", "|"))


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as text: header, one list of cells a column, and the record number of each row."""

    header: tuple[str, ...]
    columns: tuple[list[str], ...]
    rows: list[int]


@dataclass(slots=True)
class _Ragged:
    """Rows that are shorter or longer than the header."""

    told: list[tuple[int, int]] = field(default_factory=list)
    found: int = 0
    surplus_row: int = 0

    def note(self, row: int, record: list[str], width: int) -> None:
        """Tell a short row and a surplus cell with something in it; empty ones are harmless."""
        if len(record) > width and not any(cell.strip() for cell in record[width:]):
            self.surplus_row = self.surplus_row or row
            return
        self.found += 1
        if self.found <= MAX_TOLD:
            self.told.append((row, len(record)))


def _separator(text: str, file: str) -> tuple[str, list[Problem]]:
    head = text.split("\n", 1)[0]
    for separator, name in _SEPARATORS:
        if separator in head and "," not in head:
            return separator, [error("wrong_separator", file, separator=name)]
    return ",", []


def parse_csv(text: str, file: str) -> tuple[TextTable | None, list[Problem]]:
    r"""Split text into columns of stripped cells.

    Parameters
    ----------
    text : str
        Content of the file.
    file : str
        Name to tell problems with.

    Returns
    -------
    TextTable or None
        None when there is no header or the quoting makes the rest unreadable.
    list of Problem
        Everything found on the way.

    Examples
    --------
    >>> table, problems = parse_csv("id,name\na, x \n\nb,y\n", "t.csv")
    >>> table.columns, table.rows, problems
    ((['a', 'b'], ['x', 'y']), [2, 4], [])
    """
    if not text.strip():
        return None, [error("empty_file", file)]
    separator, problems = _separator(text, file)
    if "\x00" in text:
        problems.append(error("binary_content", file))
        text = text.replace("\x00", "")
    # The limit is one of the process: what else runs in it may have put up another.
    before = csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    ragged = _Ragged()
    try:
        header = tuple(name.strip() for name in next(reader))
        if not any(header):
            return None, [*problems, Problem(Severity.ERROR, "no_header", file, 1)]
        table = _columns(reader, header, ragged)
    except (csv.Error, StopIteration) as failure:
        long = _long_cell(text, separator, file)
        broken = error("broken_quoting", file, line=reader.line_num, reason=str(failure))
        return None, [*problems, long or broken]
    finally:
        csv.field_size_limit(before)
    return table, problems + _ragged_problems(ragged, len(header), file)


def _long_cell(text: str, separator: str, file: str) -> Problem | None:
    """The problem of a cell too long to be read, where that is what stopped the reading."""
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=separator, strict=True)
    header: list[str] = []
    start, row = 0, 1
    try:
        for record in reader:
            header, start, row = header or record, reader.line_num, row + 1
    except csv.Error:
        stream.seek(0)
        rest = "".join(islice(stream, start, None))
        position = _position_of_long(rest, separator)
        if position is None:
            return None
        column = header[position].strip() if position < len(header) else ""
        params = {"maximum": _LONGEST_CELL}
        return Problem(Severity.ERROR, "cell_too_long", file, row, column or None, params)
    return None


def _position_of_long(record: str, separator: str) -> int | None:
    """Position of the first cell of a record that is longer than can be read.

    None when there is none before the record ends, or when it is a cell whose quotes never close:
    then it is the quotes that are wrong.
    """
    cell = re.compile(rf'"(?:[^"]+|"")*+"|[^{re.escape(separator)}\r\n]*')
    place = position = 0
    while found := cell.match(record, place):
        if found.end() - found.start() > _LONGEST_CELL and found[0].count('"') % 2 == 0:
            return position
        place, position = found.end(), position + 1
        if record[place : place + 1] != separator:
            return None
        place += 1
    return None


def _ragged_problems(ragged: _Ragged, width: int, file: str) -> list[Problem]:
    problems = [
        Problem(Severity.ERROR, "ragged_row", file, row, None, {"cells": cells, "columns": width})
        for row, cells in ragged.told
    ]
    problems += and_more("ragged_row", file, None, ragged.found - len(ragged.told))
    if ragged.surplus_row:
        problems.append(Problem(Severity.WARNING, "surplus_separators", file, ragged.surplus_row))
    return problems


def _columns(reader: Iterator[list[str]], header: tuple[str, ...], ragged: _Ragged) -> TextTable:
    """Transpose records chunk by chunk; ragged records are padded or cut, and noted.

    Equal cells share one text, which keeps a table of a million rows small.
    """
    width = len(header)
    columns: tuple[list[str], ...] = tuple([] for _ in header)
    shared: tuple[dict[str, str], ...] = tuple({} for _ in header)
    rows: list[int] = []
    number = 1
    while chunk := list(islice(reader, _CHUNK)):
        kept: list[list[str]] = []
        for record in chunk:
            number += 1
            if not record or (len(record) == 1 and not record[0].strip()):
                continue
            rows.append(number)
            if len(record) == width:
                kept.append(record)
                continue
            ragged.note(number, record, width)
            kept.append((record + [""] * width)[:width])
        for column, known, cells in zip(columns, shared, zip(*kept, strict=True), strict=False):
            column.extend([known.setdefault(cell, cell) for cell in map(str.strip, cells)])
            if len(known) > _CHUNK:
                known.clear()
    return TextTable(header, columns, rows)
