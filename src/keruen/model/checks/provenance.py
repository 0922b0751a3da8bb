"""Every number has an owner, and every assumed number a range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.errors import Problem, error
from keruen.model.cells import Read, Value, as_number, parse_value
from keruen.model.draft import Draft
from keruen.model.findings import MAX_TOLD, Fault, closest, cut
from keruen.model.reading import TableReading
from keruen.schema import Column, ColumnType, load_schema

_ASSUMED: Final = "assumed"
CHANGES: Final = ("project_changes", "scenario_changes")
RANGE: Final = ("low", "mode", "high")
_ORDERED: Final = (("low", "value"), ("value", "high"), ("low", "mode"), ("mode", "high"))


class _Lines(NamedTuple):
    """Lines of ``provenance.csv`` about one column of one table.

    Parameters
    ----------
    table, column : str
        The column.
    lines : ndarray of int
        Positions of the lines in ``provenance.csv``.
    rows : ndarray of int
        Positions of the rows they are about, -1 where there is none.
    """

    table: str
    column: str
    lines: NDArray[np.intp]
    rows: NDArray[np.intp]

    def only(self, mask: NDArray[np.bool_]) -> _Lines:
        """Some of the lines."""
        return self._replace(lines=self.lines[mask], rows=self.rows[mask])


def _groups(*columns: Iterable[str]) -> dict[tuple[str, ...], list[int]]:
    """Positions of equal rows, by what stands in them."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for position, key in enumerate(zip(*columns, strict=True)):
        groups.setdefault(key, []).append(position)
    return groups


def _lines_by_column(draft: Draft) -> tuple[_Lines, ...]:
    """Lines of ``provenance.csv`` by the table they name, if there is one, and column."""
    return draft.once(_read_lines)


def _read_lines(draft: Draft) -> tuple[_Lines, ...]:
    groups: list[_Lines] = []
    frame = draft.frame("provenance")
    keys = frame["row"].to_numpy(dtype=object)
    for (table, column), positions in _groups(frame["table"], frame["column"]).items():
        if table in load_schema():
            lines = np.array(positions, dtype=np.intp)
            rows = draft[table].positions(keys[lines].tolist())
            groups.append(_Lines(table, column, lines, rows))
    return tuple(groups)


def unknown_columns(draft: Draft) -> list[Problem]:
    """Columns that ``provenance.csv`` names exist; tables and rows are references like others."""
    reading = draft["provenance"]
    columns = reading.frame["column"].to_numpy(dtype=object)
    tables = reading.frame["table"].to_numpy(dtype=object)
    unknown = [
        group.lines
        for group in _lines_by_column(draft)
        if group.column not in load_schema()[group.table].columns
    ]

    def params(line: int) -> Mapping[str, object]:
        better = closest(columns[line], load_schema()[tables[line]].columns)
        return {"value": cut(columns[line]), "table": tables[line], "better": better}

    lines = np.sort(np.concatenate([np.zeros(0, dtype=np.intp), *unknown]))
    return reading.tell("unknown_column_name", lines, "column", params)


def _aimed_column(table: str, column: str, op: str) -> Column | None:
    """Declaration of the value of a change: of the cell changed, or of a summand or factor."""
    schema = load_schema()
    if table not in schema or column not in schema[table].columns:
        return None
    declared = schema[table].columns[column]
    return as_number(declared) if op in ("add", "multiply") else declared


def _by_declaration(draft: Draft, group: _Lines) -> Iterator[tuple[Column, _Lines]]:
    """Lines of one column with the declaration that governs them: of changes, that of the aim."""
    declared = load_schema()[group.table].columns.get(group.column)
    if declared is None:
        return
    group = group.only(group.rows >= 0)
    if declared.type is not ColumnType.VALUE:
        yield declared, group
    elif group.table in CHANGES:
        frame = draft.frame(group.table)
        aims = (frame[name].iloc[group.rows] for name in ("table", "column", "op"))
        for (table, column, op), positions in _groups(*aims).items():
            aimed = _aimed_column(table, column, op)
            if aimed is not None:
                yield aimed, _Lines(*group[:2], group.lines[positions], group.rows[positions])


def ranges_in_order(draft: Draft) -> list[Problem]:
    """Low, high and mode read like their cell; low, the value or mode, and high stand in order."""
    problems: list[Problem] = []
    frame = draft.frame("provenance")
    ends = [frame[name].to_numpy(dtype=object) for name in RANGE]
    for group in _lines_by_column(draft):
        for declared, lines in _by_declaration(draft, group):
            texts = [end[lines.lines].tolist() for end in ends]
            problems += _range_problems(draft, declared, lines, texts)
    return sorted(problems, key=lambda problem: problem.row or 0)[: MAX_TOLD * 10]


def _range_problems(
    draft: Draft, declared: Column, group: _Lines, ends: list[list[str]]
) -> list[Problem]:
    """What is wrong with the ranges of cells that one declaration governs."""
    reading = draft["provenance"]
    own = draft.frame(group.table)[group.column].to_numpy(dtype=object)[group.rows]
    ordered = declared.type.is_numeric or declared.type is ColumnType.DATE
    ordered = ordered and not declared.values
    known: dict[str, Read] = {"": (None, None)}
    problems: list[Problem] = []
    for line, value, *texts in zip(group.lines.tolist(), own, *ends, strict=True):
        read: dict[str, Value] = {"value": value}
        for name, text in zip(RANGE, texts, strict=True):
            if text not in known:
                known[text] = parse_value(text, declared)
            read[name], fault = known[text]
            if fault is not None:
                problems.append(reading.at(line, name, fault))
        if group.table in CHANGES:
            read["value"], _ = parse_value(str(value), declared)
        disorder = _disorder(read) if ordered else None
        if disorder is not None:
            problems.append(reading.at(line, *disorder))
    return problems


def _disorder(read: Mapping[str, Value]) -> tuple[str, Fault] | None:
    """Column and fault of a range whose parts do not stand in order."""
    for first, second in _ORDERED:
        # What is not known has no order: it is neither above nor below.
        lower, upper = read[first], read[second]
        if _known(lower) and _known(upper) and lower > upper:  # type: ignore[operator]
            params = {"first": first, "value": _shown(lower), "second": second}
            fault = Fault("range_out_of_order", {**params, "limit": _shown(upper)})
            return (first if first != "value" else second), fault
    return None


def _known(value: object) -> bool:
    """Whether a value is a number or a day."""
    if value is None:
        return False
    if isinstance(value, float | int):
        return not math.isnan(value)
    return isinstance(value, pd.Timestamp) and bool(pd.notna(value))


def _shown(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value).removesuffix(" 00:00:00")


def incomplete_ranges(draft: Draft) -> list[Problem]:
    """A range has two ends."""
    reading = draft["provenance"]
    low, high = reading.filled("low"), reading.filled("high")
    return [
        *reading.place("range_incomplete", high & ~low, "low"),
        *reading.place("range_incomplete", low & ~high, "high"),
    ]


def assumed_without_range(draft: Draft) -> list[Problem]:
    """An assumed number without a low and a high says more than is known.

    Where the table of ranges is not there or cannot be read, all of them are told at once.
    """
    found = list(_without_range(draft))
    if draft["provenance"].has_keys:
        problems: list[Problem] = []
        for reading, column, mask in found:
            problems += reading.tell(
                "assumed_without_range", np.flatnonzero(mask), column, reading.named
            )
        return problems
    if not found:
        return []
    reading, column, mask = found[0]
    first = f"{reading.table.file}:{int(reading.rows[mask][0])}:{column}"
    count = sum(int(mask.sum()) for _, _, mask in found)
    return [error("ranges_not_read", draft["provenance"].table.file, count=count, first=first)]


def _without_range(draft: Draft) -> Iterator[tuple[TableReading, str, NDArray[np.bool_]]]:
    """Tables and columns, with which of their cells are assumed numbers without a range."""
    named = {(group.table, group.column): group for group in _lines_by_column(draft)}
    lines = draft.frame("provenance")
    confidences = lines["confidence"].to_numpy(dtype=object)
    ranged = draft["provenance"].filled("low") & draft["provenance"].filled("high")
    for name, reading in draft.tables.items():
        facts = reading.table.facts
        if not facts or not len(reading.rows):
            continue
        stated = reading.frame["confidence"].to_numpy(dtype=object) == _ASSUMED
        for column in facts:
            wanting = _numeric(draft, name, column)
            if not wanting.any():
                continue
            assumed = stated.copy()
            group = named.get((name, column.name))
            if group is not None:
                there = group.only(group.rows >= 0)
                assumed[there.rows] = confidences[there.lines] == _ASSUMED
                wanting[there.rows[ranged[there.lines]]] = False
            if (wanting & assumed).any():
                yield reading, column.name, wanting & assumed


def _numeric(draft: Draft, table: str, column: Column) -> NDArray[np.bool_]:
    """Cells of a column that hold a number which the study itself gives."""
    reading = draft[table]
    if column.type is not ColumnType.VALUE:
        if not column.type.is_numeric:
            return np.zeros(len(reading.rows), dtype=bool)
        given = reading.filled(column.name)
        return given & ~reading.defaulted.get(column.name, np.zeros(len(given), dtype=bool))
    aims = zip(*(reading.frame[name] for name in ("table", "column", "op")), strict=True)
    declared = [_aimed_column(*aim) for aim in aims]
    numeric = np.array([d is not None and d.type.is_numeric for d in declared], dtype=bool)
    return numeric & reading.filled(column.name)
