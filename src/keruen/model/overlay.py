"""Lay changes over tables: scenario, draw, projects.

All three speak the same five words. Within one layer rows are inserted first, then cells are set,
then summands and factors applied, then rows removed, each by priority and date, so that the result
does not depend on the order of lines in a file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from numbers import Real
from typing import Any, Final, NamedTuple

import pandas as pd

from keruen.errors import FailedError, error
from keruen.model.cells import Value, as_date, as_number, parse_value
from keruen.model.findings import Fault
from keruen.model.provenance import CellKey
from keruen.model.reading import KEY_SEPARATOR
from keruen.schema import Column, ColumnType, Table, load_schema

_ORDER: Final = {"insert": 0, "set": 1, "add": 2, "multiply": 3, "remove": 4}

_COLUMNS: Final = (
    "op",
    "table",
    "row",
    "column",
    "value",
    "date",
    "priority",
    "source",
    "confidence",
)

Tables = dict[str, pd.DataFrame]


class Change(NamedTuple):
    """One line of ``project_changes``, ``scenario_changes`` or a draw, with where it stands."""

    origin: CellKey
    owner: str
    op: str
    table: str
    row: str
    column: str
    value: str
    date: date | None
    priority: int | None
    source: str
    confidence: str


class Overlaid(NamedTuple):
    """Tables after an overlay, and for every cell it touched the cell that says so."""

    tables: Tables
    origins: dict[CellKey, CellKey]


def changes_of(frame: pd.DataFrame, table: str, owner_column: str) -> list[Change]:
    """Read the changes of a table.

    Parameters
    ----------
    frame : DataFrame
        ``project_changes`` or ``scenario_changes``.
    table : str
        Its name.
    owner_column : str
        ``project`` or ``scenario``.
    """
    columns = [frame[name] for name in (owner_column, *_COLUMNS)]
    return [
        Change(
            origin=(table, str(key), "value"),
            owner=owner,
            op=op,
            table=aimed,
            row=row,
            column=column,
            value=value,
            date=as_date(day),
            priority=_whole(rank),
            source=source,
            confidence=confidence,
        )
        for key, owner, op, aimed, row, column, value, day, rank, source, confidence in zip(
            frame.index, *columns, strict=True
        )
    ]


def _whole(number: Any) -> int | None:  # noqa: ANN401
    return None if pd.isna(number) else int(number)


def _sort_key(change: Change) -> tuple[int, int, date, CellKey]:
    rank, day = change.priority or 0, change.date or date.min
    return _ORDER.get(change.op, len(_ORDER)), rank, day, change.origin


def _number_of(cell: object) -> float | None:
    return float(cell) if isinstance(cell, Real) and not math.isnan(cell) else None


def changed_value(change: Change, column: Column, before: object) -> tuple[Value, Fault | None]:
    """Value of a cell after a change, or the rule the change breaks.

    Parameters
    ----------
    change : Change
        A set, a summand or a factor.
    column : Column
        Declaration of the cell's column.
    before : object
        The cell before.

    Examples
    --------
    >>> column = load_schema()["sections"].columns["length_km"]
    >>> half = Change(
    ...     ("", "", ""), "p", "multiply", "sections", "a", "length_km", "0.5", None, None, "", ""
    ... )
    >>> changed_value(half, column, 40.0)
    (20.0, None)
    """
    if change.op == "set":
        return parse_value(change.value, column)
    if not column.type.is_numeric:
        return None, Fault("arithmetic_on_text", {"column": column.name})
    operand, fault = parse_value(change.value, as_number(column))
    if not isinstance(operand, float):
        return None, fault or Fault("missing_value", {})
    number = _number_of(before)
    if number is None:
        return None, Fault("nothing_to_change", {"column": column.name})
    after = number + operand if change.op == "add" else number * operand
    whole = column.type is ColumnType.INTEGER and abs(after) < 1e15
    return parse_value(repr(round(after) if whole else after), column)


def empty_cell(column: Column) -> object:
    """What an empty cell of a column holds."""
    if column.type is ColumnType.INTEGER:
        return pd.NA
    if column.type is ColumnType.NUMBER:
        return float("nan")
    return pd.NaT if column.type is ColumnType.DATE else ""


def inserted_row(
    table: Table, changes: Sequence[Change]
) -> tuple[dict[str, object], list[tuple[Change, Fault]]]:
    """Cells of a new row from its change lines; key and owner are filled in where not given.

    Parameters
    ----------
    table : Table
        Declaration of the table.
    changes : sequence of Change
        Lines of one row, at least one.

    Returns
    -------
    dict
        A cell for every column.
    list of (Change, Fault)
        Lines that cannot be; what no line gives is told at the first.
    """
    lines = {change.column: change for change in changes}
    given = dict(zip(table.key, changes[0].row.split(KEY_SEPARATOR), strict=False))
    if table.sourced:
        given |= {"source": changes[0].source, "confidence": changes[0].confidence}
    given |= {name: line.value for name, line in lines.items()}
    cells: dict[str, object] = {}
    faults: list[tuple[Change, Fault]] = []
    for name, column in table.columns.items():
        value, fault = parse_value(given.get(name, "") or column.default, column)
        cells[name] = empty_cell(column) if value is None else value
        if fault is not None:
            faults.append((lines.get(name, changes[0]), fault))
        elif value is None and column.required:
            params = {"column": name, "row": changes[0].row}
            faults.append((changes[0], Fault("insert_incomplete", params)))
    return cells, faults


def _insert(tables: Tables, changes: Iterable[Change]) -> dict[CellKey, CellKey]:
    rows: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        rows.setdefault((change.table, change.row), []).append(change)
    origins: dict[CellKey, CellKey] = {}
    added: dict[str, dict[str, dict[str, object]]] = {}
    for (name, key), lines in rows.items():
        cells, faults = inserted_row(load_schema()[name], lines)
        if key in tables[name].index:
            raise FailedError([error("row_exists", row=key, table=name)])
        if len({line.owner for line in lines}) > 1:
            raise FailedError([error("two_inserts", row=key, table=name)])
        if faults:
            raise FailedError([fault.at(None, None, None) for _, fault in faults])
        added.setdefault(name, {})[key] = cells
        origins |= {(name, key, line.column): line.origin for line in lines}
    for name, own in added.items():
        tables[name] = _with_rows(tables[name], own)
    return origins


def _with_rows(frame: pd.DataFrame, rows: Mapping[str, Mapping[str, object]]) -> pd.DataFrame:
    """A table with rows, by their keys, below its own."""
    columns = {
        name: pd.Series([cells[name] for cells in rows.values()], dtype=frame[name].dtype)
        for name in next(iter(rows.values()))
    }
    added = pd.DataFrame(columns, columns=pd.Index(list(columns), dtype=object))
    added.index = pd.Index(list(rows), dtype=object, name="key")
    return pd.concat([frame, added])


def overlay(tables: Mapping[str, pd.DataFrame], changes: Iterable[Change]) -> Overlaid:
    """Apply one layer of changes.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables before; they stay as they are.
    changes : iterable of Change
        The layer, in any order.

    Returns
    -------
    Overlaid
        New tables (those untouched are shared) and where each changed cell comes from.

    Raises
    ------
    FailedError
        When a change names a row or column that is not there or a value that does not fit.
    """
    after: Tables = dict(tables)
    ordered = sorted(changes, key=_sort_key)
    origins = _insert(after, (change for change in ordered if change.op == "insert"))
    sheets: dict[str, _Sheet] = {}
    for change in ordered:
        if change.op == "insert":
            continue
        if change.table not in sheets and change.table in after:
            sheets[change.table] = _Sheet(after[change.table])
        sheet = sheets.get(change.table)
        if sheet is None or change.row not in sheet.frame.index or change.row in sheet.removed:
            raise FailedError([error("no_such_row", row=change.row, table=change.table)])
        if change.op == "remove":
            sheet.removed.add(change.row)
            continue
        sheet.change(change)
        origins[(change.table, change.row, change.column)] = change.origin
    after |= {name: sheet.changed() for name, sheet in sheets.items()}
    return Overlaid(after, origins)


class _Sheet:
    """A table under change: columns are copied when they are first touched."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.removed: set[str] = set()
        self._columns: dict[str, Any] = {}

    def change(self, change: Change) -> None:
        """Set one cell, or add to it or multiply it."""
        column = load_schema()[change.table].columns.get(change.column)
        if column is None:
            params = {"value": change.column, "table": change.table, "better": ""}
            raise FailedError([error("unknown_column_name", **params)])
        if change.column not in self._columns:
            self._columns[change.column] = self.frame[change.column].array.copy()
        cells = self._columns[change.column]
        position = self.frame.index.get_loc(change.row)
        value, fault = changed_value(change, column, cells[position])
        if fault is not None:
            raise FailedError([fault.at(None, None, change.column)])
        cells[position] = empty_cell(column) if value is None else value

    def changed(self) -> pd.DataFrame:
        """The table after all changes."""
        frame = self.frame.copy(deep=False)
        for name, cells in self._columns.items():
            # Without its type said, a column of texts would be taken for another one of pandas'.
            frame[name] = pd.Series(cells, index=frame.index, dtype=self.frame[name].dtype)
        return frame.drop(index=list(self.removed)) if self.removed else frame
