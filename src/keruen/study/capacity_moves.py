"""What a draw of a cell moves on a day: the cells of that day's model, and which elements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from keruen.capacity.registry import KINDS, Capacities
from keruen.model import Model
from keruen.model.draws import UncertainCell, dimensions
from keruen.model.provenance import CellKey

Key = tuple[str, str]
"""Table and row of an element."""
_CHANGES: Final = ("project_changes", "scenario_changes")
_WHOLE: Final = ("projects", "scenarios")


class Judgements:
    """Cells of a study that are drawn together, one number each.

    Parameters
    ----------
    base : Model
        The study before any day.
    cells : sequence of UncertainCell
        Its uncertain cells; those that hold days or aim at none are known and move nothing.
    """

    def __init__(self, base: Model, cells: Sequence[UncertainCell]) -> None:
        self.base = base
        known, follows = dimensions(cells)
        self.members: list[list[UncertainCell]] = [[] for _ in known]
        self.columns = [0] * len(known)
        """Column of draws in which each stands, that of one of its cells."""
        for position, (cell, judgement) in enumerate(zip(cells, follows, strict=True)):
            self.members[judgement].append(cell)
            self.columns[judgement] = position

    def aims(self, model: Model) -> dict[CellKey, list[int]]:
        """Judgements by the cell of a day's model that they set or take part in setting."""
        found: dict[CellKey, list[int]] = {}
        for judgement, members in enumerate(self.members):
            for cell in members:
                aim = self.aim(cell)
                if aim is None or aim[0] not in model.tables or aim[1] not in model[aim[0]].index:
                    continue
                takes_part = aim in model.origins or cell.table not in _CHANGES
                if takes_part and judgement not in found.setdefault(aim, []):
                    found[aim].append(judgement)
        return found

    def aim(self, cell: UncertainCell) -> CellKey | None:
        """Cell of a fact that an uncertain cell says: itself, or what the change changes."""
        if cell.table not in _CHANGES:
            return cell.key
        if cell.column != "value":
            return None
        table, row, column = (
            self.base.text(cell.table, cell.row, part) for part in ("table", "row", "column")
        )
        return table, row, column

    def patch(self, model: Model, judgement: int, text: str) -> dict[CellKey, str]:
        """Cells of a day's model as they would be, had the study this text in a judgement's cells.

        A cell that projects set, add to or multiply is worked out anew through all of its changes.
        """
        cells: dict[CellKey, str] = {}
        for cell in self.members[judgement]:
            aim = self.aim(cell)
            if aim is None or aim[0] not in model.tables or aim[1] not in model[aim[0]].index:
                continue
            if aim == cell.key and aim not in model.origins:
                cells[aim] = text
                continue
            value = self._replayed(model.on, aim, {cell.key: text})
            if value is not None and value != model.text(*aim):
                cells[aim] = value
        return cells

    def _replayed(self, day: date | None, aim: CellKey, cells: Mapping[CellKey, str]) -> str | None:
        """A cell of a day, of a study cut down to what changes its row."""
        table, row, _ = aim
        base = self.base
        tables = {name: base[name] for name in _WHOLE}
        for name in _CHANGES:
            lines = base[name]
            tables[name] = lines[(lines["table"] == table) & (lines["row"] == row)]
        tables[table] = base[table][base[table].index == row]
        kept = {
            key: text
            for key, text in {**base.cells, **cells}.items()
            if key[0] in tables and key[1] in tables[key[0]].index
        }
        small = replace(
            base, tables=MappingProxyType(tables), cells=MappingProxyType(kept), _kin=None
        )
        after = small.at(day or base.settings.base_date)
        return after.text(*aim) if row in after[table].index else None


def resting(known: Capacities, key: Key, aims: Mapping[CellKey, list[int]]) -> tuple[int, ...]:
    """Judgements that the records of an element rest on, in order."""
    found: set[int] = set()
    for record in known.of(*key):
        for entry in record.inputs:
            if entry.cell is not None:
                found.update(aims.get(entry.cell, ()))
    return tuple(sorted(found))


def colours(rests: Mapping[Key, Iterable[int]]) -> dict[int, int]:
    """Number judgements so that no element rests on two of one number.

    All of one number can be moved at once and each element still tells what its own one does, as
    columns of a sparse Jacobian are put together. Greedy, those of most elements first.

    >>> colours({("t", "a"): (1, 2), ("t", "b"): (3,)})
    {1: 0, 2: 1, 3: 0}
    """
    elements: dict[int, list[Key]] = {}
    for key, judgements in rests.items():
        for judgement in judgements:
            elements.setdefault(judgement, []).append(key)
    used: dict[Key, set[int]] = {key: set() for key in rests}
    found: dict[int, int] = {}
    for judgement in sorted(elements, key=lambda one: (-len(elements[one]), one)):
        taken = set().union(*(used[key] for key in elements[judgement]))
        colour = next(number for number in range(len(taken) + 1) if number not in taken)
        found[judgement] = colour
        for key in elements[judgement]:
            used[key].add(colour)
    return found


def elements_of(model: Model) -> list[Key]:
    """Elements in service that have capacities, by kind and row."""
    return [(table, str(row)) for table in KINDS for row in model[table].index]
