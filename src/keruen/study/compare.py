"""What differs between two runs or two studies, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from keruen.model import load_model
from keruen.model.reading import KEY_SEPARATOR
from keruen.study.frames import KEYS
from keruen.study.store import MANIFEST, read_run

RELATIVE: Final = 1e-9
"""Numbers that differ by less than this share are the same."""


class Difference(NamedTuple):
    """A cell with its two values."""

    row: str
    column: str
    a: object
    b: object


class TableDifference(NamedTuple):
    """Rows only here or there, and cells that changed."""

    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    changed: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.only_a or self.only_b or self.changed)


def plain(value: object) -> object:
    """A cell as text, number, bool or None.

    >>> plain(float("nan")) is None, plain(pd.Timestamp(2025, 1, 2))
    (True, '2025-01-02')
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def same(a: object, b: object) -> bool:
    """Whether two plain cells are equal, numbers to a relative :data:`RELATIVE`.

    >>> same(1.0, 1.0 + 1e-12), same(1.0, 1.1), same(None, "")
    (True, False, False)
    """
    numbers = isinstance(a, int | float) and isinstance(b, int | float)
    if numbers and not (isinstance(a, bool) or isinstance(b, bool)):
        return math.isclose(float(str(a)), float(str(b)), rel_tol=RELATIVE, abs_tol=0.0)
    return a == b


def _key_text(cell: object) -> str:
    """A cell of a key as text; a year is the same as a whole and as a real number."""
    value = plain(cell)
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _keyed(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """A table under the text of its key; rows of one key are numbered from the second on."""
    if key and set(key) <= set(frame.columns):
        parts = zip(*(map(_key_text, frame[name].tolist()) for name in key), strict=True)
        texts = [KEY_SEPARATOR.join(cells) for cells in parts]
    else:
        texts = list(map(str, frame.index))
    seen: dict[str, int] = {}
    for place, text in enumerate(texts):
        seen[text] = seen.get(text, 0) + 1
        if seen[text] > 1:
            texts[place] = f"{text}#{seen[text]}"
    return frame.set_axis(pd.Index(texts, dtype=object), axis=0)


def compare_frames(a: pd.DataFrame, b: pd.DataFrame, key: Sequence[str]) -> TableDifference:
    """Compare two tables by key.

    Parameters
    ----------
    a, b : DataFrame
        The tables; row order does not matter.
    key : sequence of str
        Columns that identify a row; empty when the index does.

    Returns
    -------
    TableDifference
        Sorted by row and column. A column that only one table has counts as empty in the other.
    """
    left, right = _keyed(a, key), _keyed(b, key)
    rows_a, rows_b = set(left.index), set(right.index)
    rows = sorted(rows_a & rows_b)
    columns = [*left.columns, *(c for c in right.columns if c not in left.columns)]
    sides = [(_cells(left, name, rows), _cells(right, name, rows)) for name in columns]
    changed = [
        Difference(row, str(column), ours[place], theirs[place])
        for place, row in enumerate(rows)
        for column, (ours, theirs) in zip(columns, sides, strict=True)
        if not same(ours[place], theirs[place])
    ]
    return TableDifference(
        tuple(sorted(rows_a - rows_b)), tuple(sorted(rows_b - rows_a)), tuple(changed)
    )


def _cells(frame: pd.DataFrame, column: object, rows: list[str]) -> list[object]:
    """Plain cells of a column in the order of some rows; all absent when it has no such column."""
    if column not in frame.columns:
        return [None] * len(rows)
    known = dict(zip(frame.index, frame[column].tolist(), strict=True))
    return [plain(known[row]) for row in rows]


def load_tables(path: Path) -> tuple[Mapping[str, pd.DataFrame], Mapping[str, Sequence[str]]]:
    """Tables of a run or of a study, and their keys.

    Raises
    ------
    StudyError, FailedError
        When the path is neither.
    """
    if (path / MANIFEST).is_file():
        return read_run(path).tables, KEYS
    model = load_model(path)
    held = {name: frame for name, frame in model.tables.items() if not frame.empty}
    return held, dict.fromkeys(held, ())


def compare_paths(a: Path, b: Path) -> dict[str, TableDifference]:
    """Compare two runs, or two studies, table by table.

    Returns
    -------
    dict
        Every table that either has; a table that one lacks counts as empty there.
    """
    tables_a, keys_a = load_tables(a)
    tables_b, keys_b = load_tables(b)
    return compare_tables(tables_a, tables_b, {**keys_b, **keys_a})


def compare_tables(
    a: Mapping[str, pd.DataFrame],
    b: Mapping[str, pd.DataFrame],
    keys: Mapping[str, Sequence[str]],
) -> dict[str, TableDifference]:
    """Compare two sets of tables by name."""
    nothing = pd.DataFrame()
    return {
        name: compare_frames(a.get(name, nothing), b.get(name, nothing), keys.get(name, ()))
        for name in sorted({*a, *b})
    }
