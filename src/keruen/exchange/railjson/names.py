"""Ids and names of railJSON as ids and names of a study."""

from __future__ import annotations

import re
from typing import Final

from keruen.exchange.railjson.notes import Note, Why
from keruen.model.cells import read_cell
from keruen.model.files import has_hidden_characters
from keruen.schema import load_schema

_FOREIGN: Final = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_ID: Final = 70
_LONGEST_NAME: Final = 300


def fits(table: str, column: str, text: str) -> bool:
    """Whether a text may stand in a column.

    >>> fits("nodes", "id", "aktogay"), fits("nodes", "id", "op.aktogay")
    (True, False)
    """
    value, fault = read_cell(text, load_schema()[table].columns[column])
    return value is not None and (fault is None or fault.severity.value != "error")


class Ids:
    """Ids of one table, each given once.

    Parameters
    ----------
    table : str
        The table.
    notes : list of Note
        Notes of changed ids are added to it.
    """

    def __init__(self, table: str, notes: list[Note]) -> None:
        self._table = table
        self._notes = notes
        self._taken: set[str] = set()
        self._following: dict[str, int] = {}

    def take(self, wanted: str) -> bool:
        """Reserve an id as it is; False when it cannot stand in the table or is taken."""
        free = wanted not in self._taken and fits(self._table, "id", wanted)
        if free:
            self._taken.add(wanted)
        return free

    def make(self, kind: str, wanted: str) -> str:
        """An id like the one wanted; that it is another is noted."""
        stem = _FOREIGN.sub("_", wanted).strip("_")[:_LONGEST_ID] or self._table
        own, number = stem, self._following.get(stem, 1)
        while not self.take(own):
            number += 1
            own = f"{stem}_{number}"
        self._following[stem] = number
        self._notes.append(Note(kind, wanted, "id", Why.RENAMED, own))
        return own

    def all_of(self, kind: str, wanted: list[str]) -> dict[str, str]:
        """Ids for objects, those that can stay as they are before the others."""
        kept = {name: name for name in wanted if self.take(name)}
        return {name: kept.get(name) or self.make(kind, name) for name in wanted}


def plain_name(text: object, otherwise: str) -> str:
    r"""A name without what is not seen, or another when nothing is left.

    >>> plain_name(" Aktogay\x07 ", "op.1"), plain_name(None, "op.1")
    ('Aktogay', 'op.1')
    """
    for one in (text, otherwise):
        if isinstance(one, str):
            seen = "".join(c for c in one if not has_hidden_characters(c) and c not in "\r\n\t")
            name = " ".join(seen.split())[:_LONGEST_NAME]
            if name and fits("nodes", "name_en", name):
                return name
    return "?"
