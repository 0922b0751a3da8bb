"""Write a study: the same model always gives the same bytes, and reading them gives it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

import pandas as pd
import yaml

from keruen.model import package
from keruen.model import settings as settings_file
from keruen.model.folder import new_folder
from keruen.model.model import Model
from keruen.model.settings import Settings
from keruen.schema import Column, ColumnType, Table, load_schema

_LARGEST_WHOLE: Final = 1e15
_QUOTED: Final = frozenset(',"\n\r')
_FORMAT: Final = 1


def cell_text(value: object, column: Column) -> str:
    """A cell as text: the shortest that reads as the same value.

    Examples
    --------
    >>> columns = load_schema()["sections"].columns
    >>> cell_text(40.0, columns["length_km"]), cell_text(0.1, columns["length_km"])
    ('40', '0.1')
    >>> cell_text(pd.Timestamp(2025, 9, 30), columns["in_service_from"])
    '2025-09-30'
    """
    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    if column.type is ColumnType.DATE:
        return str(value)[:10]
    number = float(str(value))
    if number.is_integer() and abs(number) < _LARGEST_WHOLE:
        return str(int(number))
    return repr(number)


def _quoted(text: str) -> str:
    """A text as a cell of a CSV file, in quotes only where it needs them."""
    if _QUOTED.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def table_csv(frame: pd.DataFrame, table: Table, empty: Mapping[str, frozenset[str]]) -> str:
    r"""A table as CSV: columns in the order of the schema, lines ending in a line feed.

    Parameters
    ----------
    frame : DataFrame
        Typed cells, indexed by key.
    table : Table
        Its declaration.
    empty : mapping of str to frozenset of str
        Keys of rows, by column, whose cell is left empty for the default to fill.

    Examples
    --------
    >>> table = load_schema()["corridor_points"]
    >>> cells = {"corridor": "a", "sequence": 1, "node": "b", "mode": "rail"}
    >>> table_csv(pd.DataFrame([cells], index=["a/1"]), table, {})
    'corridor,sequence,node,mode\na,1,b,rail\n'
    """
    columns = []
    for name, column in table.columns.items():
        blank = empty.get(name, frozenset())
        columns.append(
            [
                "" if key in blank else _quoted(cell_text(value, column))
                for key, value in zip(frame.index, frame[name], strict=True)
            ]
        )
    lines = [",".join(table.columns), *(",".join(row) for row in zip(*columns, strict=True))]
    return "\n".join(lines) + "\n"


def settings_yaml(settings: Settings) -> str:
    """``study.yaml`` of a study, keys in the order of the schema and empty ones left out."""
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    content: dict[str, object] = {}
    for key in load_schema().settings:
        value = values.get(key, _FORMAT if key == "format" else None)
        if value in (None, "", ()) or value == {}:
            continue
        if isinstance(value, Mapping):
            content[key] = dict(value)
        else:
            content[key] = list(value) if isinstance(value, tuple) else value
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100))


def study_files(model: Model) -> dict[str, str]:
    """Content of every file of a study, by name; tables without rows have none.

    Raises
    ------
    ValueError
        When the model is that of a day: a study is written as the base it is.
    """
    if model.on is not None:
        raise ValueError("a model of one day is no study; write the base")
    empty: dict[str, dict[str, set[str]]] = {}
    for name, row, column in model.defaulted:
        empty.setdefault(name, {}).setdefault(column, set()).add(row)
    files = {settings_file.FILE: settings_yaml(model.settings)}
    for name, table in load_schema().tables.items():
        if not model[name].empty:
            blank = {column: frozenset(rows) for column, rows in empty.get(name, {}).items()}
            files[table.file] = table_csv(model[name], table, blank)
    return files


def write_study(model: Model, path: Path) -> tuple[str, ...]:
    """Write a study to a folder that is not there yet or empty; it appears whole or not at all.

    Parameters
    ----------
    model : Model
        The base of a study, of no day.
    path : Path
        Folder to make.

    Returns
    -------
    tuple of str
        Names of the files.

    Raises
    ------
    UsageError
        When the path is taken.
    FailedError
        When the system refuses.
    """
    files = study_files(model)
    with new_folder(path) as folder:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        package.write_descriptor(folder)
    return (*files, package.FILE)
