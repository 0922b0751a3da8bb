"""Who owns a number: the source, confidence and range of every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.model.reading import TableReading

CellKey = tuple[str, str, str]
"""Table, key of the row, column."""
CONFIDENCES: Final = ("official", "published", "derived", "assumed")


class Owner(NamedTuple):
    """Source and confidence of a cell and, where it is uncertain, its range as text.

    ``fitted_to_table`` and ``fitted_to`` name the target or observation that the value was chosen
    to reach; both are empty for a value that saw nothing.
    """

    source: str
    confidence: str
    low: str
    mode: str
    high: str
    distribution: str
    fitted_to_table: str = ""
    fitted_to: str = ""


DEFAULT_OWNER: Final = Owner("", "assumed", "", "", "", "")
"""Owner of a cell that a study leaves empty and the schema's default fills: nobody vouches."""


def overrides(provenance: pd.DataFrame) -> dict[CellKey, Owner]:
    """Index ``provenance.csv`` by cell.

    Parameters
    ----------
    provenance : DataFrame
        The table as read.

    Returns
    -------
    dict
        Owner by (table, row, column).
    """
    columns = ("table", "row", "column", *Owner._fields)
    cells = zip(*(provenance[name].tolist() for name in columns), strict=True)
    return {(t, r, c): Owner(*rest) for t, r, c, *rest in cells}


def defaulted_cells(tables: Mapping[str, TableReading]) -> frozenset[CellKey]:
    """Cells that the schema's defaults fill."""
    return frozenset(
        (name, str(reading.frame.index[int(position)]), column)
        for name, reading in tables.items()
        for column, empty in reading.defaulted.items()
        for position in np.flatnonzero(empty)
    )


def count_cells(
    tables: Mapping[str, TableReading], known: Mapping[CellKey, Owner]
) -> dict[str, int]:
    """Count the cells of facts that a study fills, by confidence.

    Parameters
    ----------
    tables : mapping of str to TableReading
        Tables as read; cells that a default fills are nobody's and not counted.
    known : mapping
        Cells with an owner of their own.

    Returns
    -------
    dict
        Numbers of cells: official, published, derived, assumed.
    """
    counts: Counter[str] = Counter()
    named: dict[tuple[str, str], dict[str, str]] = {}
    for (table, row, cell), owner in known.items():
        named.setdefault((table, cell), {})[row] = owner.confidence
    for name, reading in tables.items():
        facts = reading.table.facts
        if reading.frame.empty or not facts:
            continue
        stated = reading.frame["confidence"].to_numpy(dtype=object)
        for column in facts:
            filled = reading.filled(column.name)
            if not filled.any():
                continue
            confidences = stated
            counted = filled & ~reading.defaulted.get(column.name, np.False_)
            own = named.get((name, column.name))
            if own:
                positions = reading.positions(list(own))
                there = positions >= 0
                confidences = confidences.copy()
                confidences[positions[there]] = np.array(list(own.values()), dtype=object)[there]
                counted[positions[there]] = filled[positions[there]]
            counts.update(confidences[counted].tolist())
    return {confidence: counts[confidence] for confidence in CONFIDENCES}
