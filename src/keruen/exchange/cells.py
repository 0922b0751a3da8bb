"""What the columns of a table hold, and their cells as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import pandas as pd

from keruen.schema import load_schema

Cell = str | float | int | bool | date | datetime | None

RESULT_UNITS: Final[Mapping[str, str]] = {
    "_trains_per_day": "trains/day",
    "_teu_per_year": "TEU/year",
    "_t_per_year": "t/year",
    "_per_year": "1/year",
    "_usd_per_t": "USD/t",
    "_usd": "USD",
    "_h": "h",
    "_pairs_per_day": "pairs/day",
    "_kwh": "kWh",
    "_kwh_per_10000_gross_t_km": "kWh/10000tkm",
    "_l_per_10000_gross_t_km": "l/10000tkm",
    "_kg_per_10000_gross_t_km": "kg/10000tkm",
    "_fuel_l": "l",
    "_trailing_t": "t",
    "_km_per_h": "km/h",
    "_km": "km",
    "_min": "min",
    "_share": "1",
    "_ratio": "ratio",
}
"""Unit by the end of a result column's name; the first that fits counts."""

RESULT_TABLES: Final[Mapping[str, str]] = {
    "capacity": "What every element can carry on 1 July of a year, and what limits it.",
    "inputs": "Numbers that went into the capacities, with their sources.",
    "ladders": "Elements of a corridor in the order in which they bind as its volume grows.",
    "fleet_needs": "Vehicles that a corridor's volume takes, beside those there are.",
    "line_history": "Capacity of a line at each change.",
    "line_factors": "What the growth of a line's capacity is made of.",
    "line_methods": "Capacity of a line at each change by three methods at three levels.",
    "line_what_ifs": "What single measures would make of a line's capacity.",
    "line_runs": "Running time and energy of the ordinary train over a line.",
    "line_days": "How trains of drawn days run over a line, by who goes first.",
    "train_paths": "Trains of one day over time and kilometre; the cause is why one then stands.",
    "gap_occupancy": "Share of one day for which trains of a class take a track of a gap.",
    "train_speeds": "Speed of the ordinary train along a line.",
    "train_kilometres": "Time and energy of the ordinary train by kilometre.",
    "line_troubles": "What could not be computed of a line, and why.",
    "flow_sums": "What wants to move, moves and is turned away in a year, and the gap.",
    "flow_links": "What passes every element in a year, how full it is, what its scarcity costs.",
    "flow_routes": "Ways that cargo takes between two zones in a year, and its shares on them.",
    "flow_equipment": "Equipment that arrives and leaves loaded and empty, and its worth by zone.",
    "flow_volumes": "Measures of flows by year.",
    "flow_observed": "Observations of the base year beside what was computed for them.",
    "calibration": "Free numbers before and after counts of the past were looked at.",
    "calibration_cells": "Cells that the free numbers move, as the study holds and as found.",
    "calibration_fit": "Counts of the past beside what is computed, before, after and left out.",
    "calibration_summary": "The calibration in one row: errors, information, if it is at rest.",
    "target_turns": "Assumed cells whose range turns a verdict.",
}
"""What tables of a run hold that are no tables of a study."""


class CellKind(StrEnum):
    """What a column holds, in the words of the Frictionless table schema."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


_INFERRED: Final[Mapping[str, CellKind]] = {
    "boolean": CellKind.BOOLEAN,
    "integer": CellKind.INTEGER,
    "floating": CellKind.NUMBER,
    "mixed-integer-float": CellKind.NUMBER,
    "date": CellKind.DATE,
}


def kind_of(values: pd.Series[Any]) -> CellKind:
    """What a column holds.

    A column of days is one whose times are all midnight; anything mixed or of a time zone is text.

    >>> kind_of(pd.Series([1.5, None])).value, kind_of(pd.Series(["2024"])).value
    ('number', 'string')
    """
    types = pd.api.types
    if types.is_bool_dtype(values):
        return CellKind.BOOLEAN
    if types.is_integer_dtype(values):
        return CellKind.INTEGER
    if types.is_float_dtype(values):
        return CellKind.NUMBER
    held = values.dropna()
    if types.is_datetime64_dtype(values):
        whole = bool((held == held.dt.normalize()).all())
        return CellKind.DATE if whole else CellKind.DATETIME
    return _INFERRED.get(types.infer_dtype(held), CellKind.STRING)


def cells_of(values: pd.Series[Any], kind: CellKind) -> list[Cell]:
    """Cells of a column as plain values; None for an empty one.

    >>> cells_of(pd.Series(["a", "", None], dtype=object), CellKind.STRING)
    ['a', None, None]
    """
    held = zip(values.tolist(), values.isna().tolist(), strict=True)
    if kind is CellKind.STRING:
        return [None if gone or cell == "" else str(cell) for cell, gone in held]
    return [None if gone else _plain(cell, kind) for cell, gone in held]


def _plain(cell: Any, kind: CellKind) -> Cell:  # noqa: ANN401 - of whatever a table holds
    if kind is CellKind.NUMBER:
        return float(cell)
    if kind is CellKind.INTEGER:
        return int(cell)
    if kind is CellKind.BOOLEAN:
        return bool(cell)
    if kind is CellKind.DATE:
        return date(cell.year, cell.month, cell.day)
    return pd.Timestamp(cell).to_pydatetime(warn=False)


def unit_of(table: str, column: str) -> str:
    """Unit of a column: the schema's, or that which the name of a result ends in; or empty.

    >>> unit_of("sections", "length_km"), unit_of("ladders", "binds_at_t_per_year")
    ('km', 't/year')
    """
    schema = load_schema()
    if table in schema:
        declared = schema[table].columns.get(column)
        return declared.unit if declared else ""
    named = f"_{column}"
    return next((unit for end, unit in RESULT_UNITS.items() if named.endswith(end)), "")


def description_of(table: str, column: str | None = None) -> str:
    """What is known of a table, or what the schema says of one of its columns; or empty."""
    schema = load_schema()
    if column is None:
        return schema[table].description if table in schema else RESULT_TABLES.get(table, "")
    if table not in schema:
        return ""
    declared = schema[table].columns.get(column)
    return declared.description if declared else ""


def plain_names(
    names: Iterable[str], limit: int = 120, taken: Iterable[str] = ()
) -> dict[str, str]:
    """Names that are safe for files and sheets, each its own whatever the case of letters.

    Parameters
    ----------
    names : iterable of str
        Names of tables.
    limit : int
        Most characters.
    taken : iterable of str
        Names, in lower case, that are given already.

    Returns
    -------
    dict of str to str
        Safe name by name: letters, digits, ``_`` and ``-``.

    >>> plain_names(["sections", "../x", "SECTIONS"])
    {'sections': 'sections', '../x': '___x', 'SECTIONS': 'SECTIONS_2'}
    """
    found: dict[str, str] = {}
    given = set(taken)
    for name in names:
        kept = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in name)
        plain, number = kept[:limit] or "_", 1
        while plain.lower() in given:
            number += 1
            end = f"_{number}"
            plain = kept[: limit - len(end)] + end
        given.add(plain.lower())
        found[name] = plain
    return found
