"""One table read: typed cells, the key of every row, where each row stands in its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.errors import Problem, Severity
from keruen.model.cells import parse_column
from keruen.model.findings import MAX_TOLD, Fault, Suggestions, and_more, cap_rows, cut
from keruen.model.text import TextTable
from keruen.schema import Table, load_schema

KEY_SEPARATOR: Final = "/"


@dataclass(frozen=True, slots=True)
class TableReading:
    """A table read from disk.

    Parameters
    ----------
    table : Table
        Its declaration.
    frame : DataFrame
        Typed cells, indexed by the key of the row.
    rows : ndarray of int, shape (rows,)
        Record number of each row.
    defaulted : mapping of str to ndarray of bool, shape (rows,)
        Cells, by column, that the file leaves empty and the schema's default fills.
    present : bool
        Whether the study has the file.
    readable : bool
        Whether its content could be read as a table.
    """

    table: Table
    frame: pd.DataFrame
    rows: NDArray[np.int64]
    defaulted: Mapping[str, NDArray[np.bool_]] = field(default_factory=lambda: MappingProxyType({}))
    present: bool = True
    readable: bool = True
    _filled: dict[str, NDArray[np.bool_]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _places: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _named: dict[str, frozenset[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def has_keys(self) -> bool:
        """Whether it can be said which rows there are: not without the file or its key column."""
        named = self.frame.index
        return self.readable and (not len(named) or any(key.strip(KEY_SEPARATOR) for key in named))

    def place(
        self,
        code: str,
        mask: NDArray[np.bool_] | pd.Series[Any],
        column: str | None,
        severity: Severity = Severity.ERROR,
        **params: object,
    ) -> list[Problem]:
        """Problems of one kind for the rows a mask picks; an unknown truth picks nothing."""
        if isinstance(mask, pd.Series):
            mask = mask.fillna(False).to_numpy(dtype=bool)
        return self.tell(code, np.flatnonzero(mask), column, lambda _: params, severity)

    def tell(
        self,
        code: str,
        positions: NDArray[np.intp],
        column: str | None,
        params: Callable[[int], Mapping[str, object]],
        severity: Severity = Severity.ERROR,
    ) -> list[Problem]:
        """Problems of one kind for rows, the first ones one by one and the rest as a count.

        Parameters
        ----------
        code : str
            Rule broken.
        positions : ndarray of int
            Positions of the rows.
        column : str or None
            Column it is in.
        params : callable
            From the position of a row to the parameters of its problem.
        severity : Severity
            Of all of them.
        """
        found = ((int(self.rows[p]), params(int(p))) for p in positions[:MAX_TOLD])
        told = cap_rows(code, self.table.file, column, found, severity)
        more = max(0, len(positions) - MAX_TOLD)
        return told + and_more(code, self.table.file, column, more, severity)

    def at(self, position: int, column: str, fault: Fault) -> Problem:
        """The problem of a fault in one cell."""
        return fault.at(self.table.file, int(self.rows[position]), column)

    def named(self, position: int) -> Mapping[str, object]:
        """Parameter ``key`` of a problem: what a row is called."""
        return {"key": cut(str(self.frame.index[position]))}

    def filled(self, column: str) -> NDArray[np.bool_]:
        """Which cells of a column hold something, shape (rows,); kept, so not to be written to."""
        if column not in self._filled:
            self._filled[column] = filled_cells(self.frame[column])
            self._filled[column].flags.writeable = False
        return self._filled[column]

    def named_in(self, column: str | None = None) -> frozenset[str]:
        """Distinct texts of a column, or of the keys of the rows; kept."""
        kept_as = column or ""
        if kept_as not in self._named:
            texts = self.frame.index if column is None else self.frame[column]
            self._named[kept_as] = frozenset(texts.tolist())
        return self._named[kept_as]

    def firsts(self, column: str, values: pd.Index[Any]) -> NDArray[np.intp]:
        """Position of the first row that holds each value, for values that are not empty."""
        cells = self.frame[column]
        chosen = cells.isin(values) & (cells != "") & ~cells.duplicated()
        return np.flatnonzero(chosen)

    def positions(self, keys: Sequence[str] | pd.Series[Any]) -> NDArray[np.intp]:
        """Position of the first row with each key, -1 where there is none."""
        if not self._places:
            for place, key in enumerate(self.frame.index.tolist()):
                self._places.setdefault(key, place)
        return np.array([self._places.get(key, -1) for key in keys], dtype=np.intp)


def filled_cells(cells: pd.Series[Any]) -> NDArray[np.bool_]:
    """Which cells hold something: a number, a date, a text that is not empty.

    >>> filled_cells(pd.Series(["", "x"], dtype=object)).tolist()
    [False, True]
    """
    if cells.dtype == object:
        return np.array(cells.to_numpy() != "", dtype=bool)
    return ~np.asarray(cells.array.isna(), dtype=bool)


def row_keys(frame: pd.DataFrame, table: Table) -> pd.Index[Any]:
    """Key of every row as one text; the parts of a compound key are joined by ``/``."""
    parts: list[list[str]] = []
    for name in table.key:
        values = frame[name]
        if values.dtype == object:
            parts.append(values.tolist())
        elif pd.api.types.is_datetime64_any_dtype(values):
            parts.append(values.dt.strftime("%Y-%m-%d").fillna("").tolist())
        else:
            # A whole number is itself in a key, whatever the type of its column: 17, not 17.0.
            parts.append(values.astype("string").fillna("").str.removesuffix(".0").tolist())
    keys = parts[0] if len(parts) == 1 else list(map(KEY_SEPARATOR.join, zip(*parts, strict=True)))
    index: pd.Index[Any] = pd.Index(keys, dtype=object, name="key")
    return index


def _header_problems(text: TextTable, table: Table) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    suggested: set[str] = set()
    given = frozenset(text.header)
    missing = [name for name in table.columns if name not in given]
    suggest, suggest_any = Suggestions(missing), Suggestions(table.columns)

    def tell(code: str, name: str, **params: object) -> None:
        problems.append(Problem(Severity.ERROR, code, table.file, 1, cut(name) or None, params))

    for name, cells in zip(text.header, text.columns, strict=True):
        if name == "":
            if any(cells):
                tell("unnamed_column", name)
        elif name in seen:
            tell("duplicate_column", name)
        elif name not in table.columns:
            better = suggest(name) or suggest_any(name)
            suggested.add(better)
            tell("unknown_column", name, value=cut(name), better=better)
        seen.add(name)
    for name in missing:
        if table.columns[name].required and name not in suggested:
            tell("missing_column", name)
    more = max(0, len(problems) - MAX_TOLD)
    return problems[:MAX_TOLD] + and_more("unknown_column", table.file, None, more)


def _key_problems(reading: TableReading) -> list[Problem]:
    index = reading.frame.index
    repeated = np.flatnonzero(index.duplicated(keep="first"))
    firsts = reading.positions(index[repeated].astype(str).tolist()) if len(repeated) else repeated
    first_of = dict(zip(map(int, repeated), map(int, firsts), strict=True))
    return reading.tell(
        "duplicate_key",
        np.array([p for p in repeated if index[int(p)].strip(KEY_SEPARATOR)], dtype=np.intp),
        reading.table.key[-1],
        lambda p: {"value": cut(str(index[p])), "first": int(reading.rows[first_of[p]])},
    )


@cache
def empty_table(table: str, *, present: bool = False) -> TableReading:
    """A table that a study leaves out, or that cannot be read: all columns, no rows.

    ``present`` says which of the two; either way nothing of it was read.
    """
    declared = load_schema()[table]
    columns = {
        name: parse_column([], column, "", [])[0] for name, column in declared.columns.items()
    }
    frame = pd.DataFrame(columns, columns=pd.Index(list(columns), dtype=object))
    frame.index = pd.Index([], dtype=object, name="key")
    rows = np.zeros(0, dtype=np.int64)
    return TableReading(declared, frame, rows, present=present, readable=False)


def read_text_table(text: TextTable, table: Table) -> tuple[TableReading, list[Problem]]:
    """Type the cells of one table and collect what is wrong with them.

    Parameters
    ----------
    text : TextTable
        The table as text.
    table : Table
        Its declaration.

    Returns
    -------
    TableReading
        Columns in the order of the declaration; columns not given are empty.
    list of Problem
        Of headers, cells and keys.
    """
    problems = _header_problems(text, table)
    given = dict(zip(reversed(text.header), reversed(text.columns), strict=True))
    series: dict[str, pd.Series[Any]] = {}
    defaulted: dict[str, NDArray[np.bool_]] = {}
    places = pd.RangeIndex(len(text.rows))
    for name, column in table.columns.items():
        cells = given.get(name)
        series[name], found = parse_column(
            [""] * len(text.rows) if cells is None else cells,
            column,
            table.file,
            text.rows,
            places,
        )
        problems += found if cells is not None else []
        if column.default:
            empty = [True] * len(text.rows) if cells is None else [not cell for cell in cells]
            defaulted[name] = np.array(empty, dtype=bool)
    # Names as plain texts are found more than twice as fast as in the type pandas takes for them.
    frame = pd.DataFrame(series, index=places)
    frame.columns = pd.Index(list(series), dtype=object)
    frame.index = row_keys(frame, table)
    rows = np.asarray(text.rows, dtype=np.int64)
    reading = TableReading(table, frame, rows, MappingProxyType(defaulted))
    if not text.rows:
        return reading, [*problems, Problem(Severity.WARNING, "no_rows", table.file)]
    return reading, problems + _key_problems(reading)
