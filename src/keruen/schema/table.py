"""The nouns of the schema: a column, a table, the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

STRUCTURAL = frozenset({"source", "confidence", "note"})
"""Columns that say something about a row's numbers and are not numbers of their own."""


class ColumnType(StrEnum):
    """How a cell is read.

    ``value`` is a cell whose type is that of the column it is about (a range, a change);
    ``table`` and ``column`` are names of the schema itself.
    """

    ID = "id"
    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    ENUM = "enum"
    REFERENCE = "reference"
    COUNTRY = "country"
    CURRENCY = "currency"
    TABLE = "table"
    COLUMN = "column"
    VALUE = "value"
    TEXTS = "texts"
    LIST = "list"
    MAPPING = "mapping"

    @property
    def is_numeric(self) -> bool:
        """Whether cells are numbers, which need a range when they are assumed."""
        return self in (ColumnType.NUMBER, ColumnType.INTEGER)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table.

    Parameters
    ----------
    name, type, unit, description : str
        What it is called, how it is read, in which unit, and what it says.
    required : bool
        Whether an empty cell is an error.
    default : str
        Text taken for an empty cell; empty when absence stays absence.
    minimum, maximum : float or None
        Beyond these a value is impossible: an error.
    usual_minimum, usual_maximum : float or None
        Beyond these a value is implausible: a warning.
    values : tuple of str
        The values allowed, for enumerations.
    references : str
        Table whose key the cell names, or ``@column`` when a column of the row names the table.
    inherits : str
        Column of the row that names the class which fills an empty cell.
    """

    name: str
    type: ColumnType
    unit: str
    required: bool
    default: str
    minimum: float | None
    maximum: float | None
    usual_minimum: float | None
    usual_maximum: float | None
    values: tuple[str, ...]
    references: str
    inherits: str
    description: str

    @property
    def referenced_table(self) -> str | None:
        """Table a plain reference points to; None when a column of the row names it."""
        if self.type is not ColumnType.REFERENCE or self.references.startswith("@"):
            return None
        return self.references

    @property
    def table_column(self) -> str | None:
        """Column of the row that names the table this cell is about, or None."""
        return self.references[1:] if self.references.startswith("@") else None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order and the columns that identify a row."""

    name: str
    key: tuple[str, ...]
    group: str
    named: bool
    sourced: bool
    description: str
    columns: Mapping[str, Column]

    @property
    def file(self) -> str:
        """Name of the file inside a study folder."""
        return f"{self.name}.csv"

    @property
    def facts(self) -> tuple[Column, ...]:
        """Columns whose cells are facts with an owner: neither key nor about the row."""
        if not self.sourced:
            return ()
        return tuple(
            column
            for column in self.columns.values()
            if column.name not in self.key and column.name not in STRUCTURAL
        )


@dataclass(frozen=True, slots=True)
class Schema:
    """Every table of a study and the keys of ``study.yaml``."""

    tables: Mapping[str, Table]
    settings: Mapping[str, Column]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __contains__(self, name: object) -> bool:
        return name in self.tables
