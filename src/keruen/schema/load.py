"""Read the declarations that stand beside this module."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from keruen.schema.table import Column, ColumnType, Schema, Table
from keruen.units import UNITS


def _rows(resource: Traversable) -> list[dict[str, str]]:
    return list(csv.DictReader(resource.read_text(encoding="utf-8").splitlines()))


def _bound(text: str) -> float | None:
    return float(text) if text else None


def _column(row: Mapping[str, str]) -> Column:
    unit = row["unit"]
    if unit and unit not in UNITS:
        raise ValueError(f"column {row['name']}: unit {unit!r} is not declared in keruen.units")
    return Column(
        name=row["name"],
        type=ColumnType(row["type"]),
        unit=unit,
        required=row["required"] == "yes",
        default=row["default"],
        minimum=_bound(row["minimum"]),
        maximum=_bound(row["maximum"]),
        usual_minimum=_bound(row["usual_minimum"]),
        usual_maximum=_bound(row["usual_maximum"]),
        values=tuple(row["values"].split()),
        references=row["references"],
        inherits=row["inherits"],
        description=row["description"],
    )


def _table(
    row: Mapping[str, str], own: Iterable[Column], common: Mapping[str, list[Column]]
) -> Table:
    columns = list(own)
    keys = tuple(row["key"].split())
    named, sourced = row["named"] == "yes", row["sourced"] == "yes"
    if named:
        columns[len(keys) : len(keys)] = common["named"]
    if sourced:
        columns += common["sourced"]
    return Table(
        name=row["table"],
        key=keys,
        group=row["group"],
        named=named,
        sourced=sourced,
        description=row["description"],
        columns=MappingProxyType({column.name: column for column in columns}),
    )


@cache
def load_schema() -> Schema:
    """Load the schema of a study.

    Returns
    -------
    Schema
        Tables in the order of ``tables.csv`` with their columns in order.

    Examples
    --------
    >>> load_schema()["sections"].columns["length_km"].unit
    'km'
    >>> load_schema()["provenance"].key
    ('table', 'row', 'column')
    """
    home = files("keruen.schema")
    common: dict[str, list[Column]] = {"named": [], "sourced": []}
    for row in _rows(home / "common.csv"):
        common[row["group"]].append(_column(row))
    tables = {
        row["table"]: _table(
            row, map(_column, _rows(home / "tables" / f"{row['table']}.csv")), common
        )
        for row in _rows(home / "tables.csv")
    }
    settings = {row["name"]: _column(row) for row in _rows(home / "settings.csv")}
    return Schema(MappingProxyType(tables), MappingProxyType(settings))
