"""Cells that name other rows must name rows that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.errors import Problem, error
from keruen.model.draft import Draft
from keruen.model.findings import Suggestions, cut
from keruen.model.reading import TableReading
from keruen.schema import Column, ColumnType, load_schema


def _missing(reading: TableReading, column: str, known: Collection[str]) -> NDArray[np.bool_]:
    """Which cells of a column name something that is not known; empty ones name nothing."""
    unknown = reading.named_in(column).difference(known, ("",))
    if not unknown:
        return np.zeros(len(reading.rows), dtype=bool)
    return np.asarray(reading.frame[column].isin(list(unknown)), dtype=bool)


def _dangling(
    reading: TableReading, column: str, mask: NDArray[np.bool_], target: TableReading
) -> list[Problem]:
    """Tell cells of one column that name no row of a table of which the rows are known."""
    if not mask.any() or not target.has_keys:
        return []
    table, positions = target.table.name, np.flatnonzero(mask)
    cells, suggest = reading.frame[column].to_numpy(dtype=object), Suggestions(target.frame.index)
    return reading.tell(
        "dangling_reference",
        positions,
        column,
        lambda p: {"value": cut(cells[p]), "table": table, "better": suggest(cells[p])},
    )


class _Dangling(NamedTuple):
    """Cells of one column that name rows which a table lacks."""

    reading: TableReading
    column: str
    mask: NDArray[np.bool_]
    target: TableReading


def _plain(draft: Draft) -> Iterator[_Dangling]:
    """References to one table that the column declares."""
    for reading in draft.tables.values():
        for column in reading.table.columns.values() if len(reading.rows) else ():
            if column.referenced_table is not None:
                target = draft[column.referenced_table]
                mask = _missing(reading, column.name, target.named_in())
                yield _Dangling(reading, column.name, mask, target)


def _with_table(draft: Draft) -> Iterator[_Dangling]:
    """References to the table that another cell of the row names."""
    for reading in draft.tables.values():
        for column in reading.table.columns.values() if len(reading.rows) else ():
            if column.type is ColumnType.REFERENCE and column.table_column:
                for name, mask in _missing_by_table(draft, reading, column):
                    yield _Dangling(reading, column.name, mask, draft[name])


def tables_not_read(draft: Draft) -> list[Problem]:
    """A table that others name rows of is there and can be read; told once, however many do."""
    cells: dict[str, int] = {}
    firsts: dict[str, str] = {}
    for found in (*_plain(draft), *_with_table(draft)):
        if found.target.has_keys or not found.mask.any():
            continue
        name = found.target.table.name
        cells[name] = cells.get(name, 0) + int(found.mask.sum())
        row = int(found.reading.rows[np.flatnonzero(found.mask)[0]])
        firsts.setdefault(name, f"{found.reading.table.file}:{row}:{found.column}")
    return [
        error(
            "table_not_read" if draft[name].present else "missing_table",
            draft[name].table.file,
            table=name,
            count=count,
            first=firsts[name],
        )
        for name, count in cells.items()
    ]


def dangling_references(draft: Draft) -> list[Problem]:
    """Every plain reference names an existing row."""
    return [problem for found in _plain(draft) for problem in _dangling(*found)]


def dangling_cells(draft: Draft) -> list[Problem]:
    """Rows named together with their table exist, and so does the table."""
    problems: list[Problem] = []
    for reading in draft.tables.values():
        for column in reading.table.columns.values() if len(reading.rows) else ():
            if column.type is ColumnType.TABLE:
                problems += _unknown_tables(reading, column)
    return problems + [problem for found in _with_table(draft) for problem in _dangling(*found)]


def _missing_by_table(
    draft: Draft, reading: TableReading, column: Column
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """For each table that rows name: which of their cells name a row that it lacks."""
    tables = reading.frame[str(column.table_column)].to_numpy(dtype=object)
    cells = reading.frame[column.name].to_numpy(dtype=object)
    for name in dict.fromkeys(tables):
        if name in load_schema():
            known = draft[name].named_in()
            mask = np.zeros(len(cells), dtype=bool)
            named = np.flatnonzero(tables == name)
            mask[named] = [cell != "" and cell not in known for cell in cells[named]]
            yield name, mask


def _unknown_tables(reading: TableReading, column: Column) -> list[Problem]:
    known = pd.Index(list(load_schema().tables))
    suggest, cells = Suggestions(known), reading.frame[column.name].to_numpy(dtype=object)
    return reading.tell(
        "unknown_table_name",
        np.flatnonzero(_missing(reading, column.name, known)),
        column.name,
        lambda p: {"value": cut(cells[p]), "table": "tables", "better": suggest(cells[p])},
    )


def tables_without_rows_named(draft: Draft) -> list[Problem]:
    """A row that names a table names a row of it too, and the other way round."""
    problems: list[Problem] = []
    for reading in draft.tables.values():
        for column in reading.table.columns.values():
            if column.type is ColumnType.REFERENCE and column.table_column:
                table, row = reading.filled(column.table_column), reading.filled(column.name)
                problems += reading.place("missing_value", table & ~row, column.name)
                problems += reading.place("missing_value", row & ~table, column.table_column)
    return problems


def unfilled_inheritance(draft: Draft) -> list[Problem]:
    """A cell of a railway section may stay empty only where a class is named that fills it."""
    reading = draft["sections"]
    problems: list[Problem] = []
    rail = np.asarray(reading.frame["mode"] == "rail", dtype=bool)
    for column in reading.table.columns.values():
        if column.inherits:
            empty = rail & ~reading.filled(column.name) & ~reading.filled(column.inherits)
            problems += reading.place(
                "nothing_to_inherit", empty, column.name, class_column=column.inherits
            )
    return problems
