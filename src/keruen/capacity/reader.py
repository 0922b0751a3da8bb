"""Read the numbers of one element from a model and remember each with its owner."""

from __future__ import annotations

from datetime import date

from keruen.capacity.record import Input, derived
from keruen.errors import FailedError, error
from keruen.model import Model
from keruen.model.provenance import CellKey
from keruen.schema import load_schema


class ElementReader:
    """Reads cells of one row, following classes for empty cells, and keeps what was read.

    Parameters
    ----------
    model : Model
        Model of a day.
    table, row : str
        The element.
    """

    def __init__(self, model: Model, table: str, row: str) -> None:
        self.model = model
        self.table = table
        self.row = row
        self._read: dict[tuple[str, CellKey | None], Input] = {}

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Everything read so far, in order of first use."""
        return tuple(self._read.values())

    def word(self, column: str, table: str | None = None, row: str | None = None) -> str:
        """A text cell, remembered; empty text when absent."""
        where, key = table or self.table, row or self.row
        value = self.model.text(where, key, column)
        if value:
            self._remember(column, value, "1", (where, key, column))
        return value

    def optional(
        self, column: str, table: str | None = None, row: str | None = None
    ) -> float | None:
        """A number, its class's where the cell is empty; None when both are absent."""
        where, key = table or self.table, row or self.row
        number = self.model.number(where, key, column)
        declared = load_schema()[where].columns[column]
        if number is None and declared.inherits:
            reference = self.model.text(where, key, declared.inherits)
            target = load_schema()[where].columns[declared.inherits].references
            if reference and column in load_schema()[target].columns:
                where, key = target, reference
                number = self.model.number(where, key, column)
        if number is None:
            return None
        self._remember(column, number, declared.unit or "1", (where, key, column))
        return number

    def number(self, column: str, table: str | None = None, row: str | None = None) -> float:
        """A number that must be there.

        Raises
        ------
        FailedError
            When it is absent.
        """
        value = self.optional(column, table, row)
        if value is None:
            where, key = table or self.table, row or self.row
            raise FailedError([error("number_needed", where + ".csv", row=key, column=column)])
        return value

    def note(self, name: str, value: float | str, unit: str) -> None:
        """Remember a quantity that the engine derived."""
        self._read[(name, None)] = derived(name, value, unit)

    def day(self) -> date:
        """The day of the model.

        Raises
        ------
        FailedError
            When the model is that of no day.
        """
        if self.model.on is None:
            raise FailedError([error("day_needed")])
        return self.model.on

    def _remember(self, name: str, value: float | str, unit: str, cell: CellKey) -> None:
        owner = self.model.owner(*cell)
        source, confidence = (owner.source, owner.confidence) if owner else ("", "assumed")
        shown = name if cell[0] == self.table else f"{cell[0]}.{name}"
        self._read[(shown, cell)] = Input(shown, value, unit, source, confidence, cell)
