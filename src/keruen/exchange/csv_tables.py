"""Tables as CSV files with a Frictionless descriptor, and back."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from keruen.errors import FailedError, UsageError, error
from keruen.exchange.cells import Cell, CellKind, cells_of, kind_of, plain_names
from keruen.exchange.content import Content, Exporter
from keruen.exchange.descriptor import FILE, resource, write_descriptor
from keruen.exchange.formulas import neutralised, restored
from keruen.model.files import read_bytes

_QUOTED: Final = re.compile(r'[",;\t\r\n]|\A\s|\s\Z')
_EXACT: Final = 1e15


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutralised(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return number_text(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def number_text(number: float) -> str:
    """The shortest text that reads back as the same number.

    >>> number_text(2030.0), number_text(0.1), number_text(float("-inf"))
    ('2030', '0.1', '-INF')
    """
    if np.isinf(number):
        return "INF" if number > 0 else "-INF"
    if number.is_integer() and abs(number) < _EXACT and (number or not np.signbit(number)):
        return str(int(number))
    return repr(number)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def write_csv(frame: pd.DataFrame, kinds: Mapping[str, CellKind], file: Path) -> None:
    """Write one table: UTF-8 without a mark, commas, line feeds, formulas neutralised.

    Parameters
    ----------
    frame : DataFrame
        The table; its index is left out.
    kinds : mapping of str to CellKind
        What each column holds.
    file : Path
        File to write.
    """
    columns = []
    for place, kind in enumerate(kinds.values()):
        cells = cells_of(frame.iloc[:, place], kind)
        known: dict[tuple[type, Cell], str] = {}
        texts = []
        for cell in cells:
            key = (type(cell), cell)
            text = known.get(key)
            if text is None:
                text = known[key] = _quoted(_text(cell))
            texts.append(text)
        columns.append(texts)
    lone = len(columns) == 1
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(_quoted(neutralised(name)) for name in kinds) + "\n")
        for record in zip(*columns, strict=True):
            # A lone empty cell is written as such, for a blank line is no record.
            stream.write((",".join(record) or ('""' if lone else "")) + "\n")


def write_folder(content: Content, folder: Path) -> None:
    """Write every table as ``NAME.csv``, and ``datapackage.json``.

    Raises
    ------
    UsageError
        When there is no table.
    """
    if not content.tables:
        raise UsageError([error("nothing_to_export")])
    resources = []
    for name, plain in plain_names(content.tables).items():
        frame = content.tables[name]
        kinds = {str(column): kind_of(frame.iloc[:, i]) for i, column in enumerate(frame.columns)}
        write_csv(frame, kinds, folder / f"{plain}.csv")
        resources.append(resource(name, f"{plain}.csv", kinds))
    write_descriptor(folder, content, resources)


EXPORTER: Final = Exporter(write_folder)


def _number(text: str) -> float:
    return float(text.replace("INF", "inf"))


_READ: Final[Mapping[CellKind, tuple[Callable[[str], object], str]]] = MappingProxyType(
    {
        CellKind.STRING: (restored, "object"),
        CellKind.NUMBER: (_number, "float64"),
        CellKind.INTEGER: (int, "Int64"),
        CellKind.BOOLEAN: (lambda text: {"true": True, "false": False}[text], "boolean"),
        CellKind.DATE: (date.fromisoformat, "datetime64[us]"),
        CellKind.DATETIME: (datetime.fromisoformat, "datetime64[us]"),
    }
)
"""How a text of each kind is read, and the type of its column."""


def _series(texts: Sequence[str], kind: CellKind) -> pd.Series[Any]:
    read, dtype = _READ[kind]
    if kind is CellKind.STRING:
        return pd.Series([read(text) for text in texts], dtype=object)
    values = [read(text) if text else None for text in texts]
    return pd.Series(values, dtype=pd.api.types.pandas_dtype(dtype))


def _read_file(folder: Path, described: Mapping[str, Any]) -> pd.DataFrame:
    name = str(described["path"])
    kinds = {str(f["name"]): CellKind(f["type"]) for f in described["schema"]["fields"]}
    if Path(name).name != name:
        raise ValueError(name)
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        header, *records = csv.reader(stream, strict=True)
    if [restored(text) for text in header] != list(kinds):
        raise ValueError(name)
    columns = zip(*records, strict=True) if records else ([] for _ in kinds)
    return pd.DataFrame(
        {
            column: _series(list(texts), kind)
            for (column, kind), texts in zip(kinds.items(), columns, strict=True)
        }
    )


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Read back a folder that the export to CSV wrote, formulas restored.

    Parameters
    ----------
    folder : Path
        Folder with ``datapackage.json``.

    Returns
    -------
    dict of str to DataFrame
        Tables by name, typed: float64, Int64, boolean, datetime64 or text. Empty cells of text are
        empty text.

    Raises
    ------
    FailedError
        When the folder is no such export or was changed beyond reading.
    """
    raw, problems = read_bytes(folder, FILE)
    if raw is None:
        raise FailedError(problems)
    try:
        package = json.loads(raw)
        return {str(r["title"]): _read_file(folder, r) for r in package["resources"]}
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise FailedError([error("unreadable", folder.name, reason=reason)]) from failure
    except (ValueError, KeyError, TypeError, IndexError, csv.Error) as failure:
        raise FailedError([error("not_an_export", value=str(folder))]) from failure
