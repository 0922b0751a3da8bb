"""Kinds of element and the method that computes each: a kind is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from keruen.capacity import border, fleet, handling, section, station, vessel
from keruen.capacity.corridor import Corridor, Graphs, compile_corridor
from keruen.capacity.line import LineSection, read_line_section, with_joined_gaps
from keruen.capacity.line_order import line_rows
from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity
from keruen.capacity.reuse import (
    Difference,
    Row,
    difference,
    keeps_corridor,
    keeps_element,
    keeps_graphs,
    of_cells,
    rows_of,
)
from keruen.errors import FailedError, OutOfServiceError
from keruen.model import Model
from keruen.model.provenance import CellKey

Method = Callable[[Model, str], list[Capacity]]

KINDS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        section.KIND: section.capacities,
        station.KIND: station.capacities,
        handling.KIND: handling.capacities,
        border.KIND: border.capacities,
        vessel.KIND: vessel.capacities,
        fleet.KIND: fleet.capacities,
    }
)
"""Method by table of the element."""
_ENDS: Final = ("from_node", "to_node")


class Capacities:
    """Capacities of one day, each worked out once, when first asked for.

    Parameters
    ----------
    model : Model
        Of a day.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._records: dict[Row, tuple[Capacity, ...]] = {}
        self._lines: dict[str, LineSection] = {}
        self._whole: dict[str, dict[str, LineSection]] = {}
        self._rests_on: dict[Row, frozenset[Row]] = {}
        self._corridors: dict[str, Corridor] = {}
        self._graphs = Graphs(model)
        self._is_patched = False

    def of(self, table: str, row: str) -> tuple[Capacity, ...]:
        """Records of one element, all directions and levels; empty when it is out of service.

        Raises
        ------
        KeyError
            When no method is registered for the table.
        """
        key = (table, row)
        if key not in self._records:
            here = row in self.model[table].index
            read = self._of_line(row) if here and table == section.KIND else None
            if read is not None:
                mode = ElementReader(self.model, section.KIND, row)
                mode.word("mode")
                rest_on = (*mode.inputs, *read.inputs)
                records = tuple(section.records_of(row, read.facts, rest_on))
            else:
                records = tuple(KINDS[table](self.model, row)) if here else ()
            self._records[key] = records
            is_single = read is not None and read.facts.is_single
            beside = self._beside(read) if read is not None and is_single else frozenset()
            self._rests_on[key] = beside | rows_of(i for one in records for i in one.inputs)
        return self._records[key]

    def _of_line(self, row: str) -> LineSection | None:
        """A railway section of a line; on single track its gap reaches over nodes too short."""
        line = self.model.text("sections", row, "line")
        is_rail = self.model.text("sections", row, "mode") == "rail"
        if not line or not is_rail:
            return None
        if line not in self._whole:
            try:
                self._whole[line] = {one.id: one for one in self.line(line)}
            except FailedError:  # told at the section that fails
                self._whole[line] = {}
        return self._whole[line].get(row)

    def _beside(self, one: LineSection) -> frozenset[Row]:
        """Rows that say how far the gap of a section reaches: those of it and of its neighbours.

        Of a gap that reaches over nodes already, those of the whole line.
        """
        ends = {self.model.text(section.KIND, one.id, column) for column in _ENDS}
        whole = self._whole[self.model.text(section.KIND, one.id, "line")]
        near = [
            other
            for row, other in whole.items()
            if one.reaches_over
            or ends & {self.model.text(section.KIND, row, column) for column in _ENDS}
        ]
        nodes = {self.model.text(section.KIND, o.id, column) for o in near for column in _ENDS}
        tracks = {
            (station.KIND, str(row))
            for row, node in self.model[station.KIND]["node"].items()
            if node in nodes
        }
        own = {(section.KIND, other.id) for other in near}
        return rows_of(i for other in near for i in other.beside) | tracks | own

    def line(self, line: str) -> tuple[LineSection, ...]:
        """Railway sections of a line that are in service, read.

        Raises
        ------
        OutOfServiceError
            When there is none.
        """
        rows = line_rows(self.model, line)
        for row in rows:
            if row not in self._lines:
                self._lines[row] = read_line_section(self.model, row)
        sections = tuple(self._lines[row] for row in rows)
        return with_joined_gaps(self.model, line, sections)

    def patched(self, cells: Mapping[CellKey, str]) -> Capacities:
        """Capacities of the same day with single cells set; only what they touch is done anew."""
        variant = self._reused(self.model.patched(cells), of_cells(self.model, cells))
        variant._is_patched = True
        return variant

    def revised(self, model: Model) -> Capacities:
        """Capacities of the same study on another day or with projects open.

        Parameters
        ----------
        model : Model
            A day's model of the same study; only what differs is done anew.
        """
        alike = (self.model.scenario, self.model.cells) == (model.scenario, model.cells)
        if self._is_patched or not alike:
            return Capacities(model)
        return self._reused(model, difference(self.model, model))

    def _reused(self, model: Model, apart: Difference) -> Capacities:
        variant = Capacities(model)
        for key, records in self._records.items():
            rests_on = self._rests_on[key]
            if keeps_element(key, rests_on, apart):
                variant._records[key] = records
                variant._rests_on[key] = rests_on
        for row, read in self._lines.items():
            key = (section.KIND, row)
            if keeps_element(key, rows_of((*read.inputs, *read.beside)), apart):
                variant._lines[row] = read
        for name, corridor in self._corridors.items():
            if keeps_corridor(corridor, apart):
                variant._corridors[name] = corridor
        if keeps_graphs(apart):
            variant._graphs = self._graphs
        return variant

    def corridor(self, corridor: str) -> Corridor:
        """A corridor compiled for the day.

        Raises
        ------
        OutOfServiceError
            When it has no way that day.
        """
        if corridor not in self._corridors:
            self._corridors[corridor] = compile_corridor(self.model, corridor, self._graphs)
        return self._corridors[corridor]

    def passable(self) -> tuple[Corridor, ...]:
        """Every corridor that has a way that day, by id."""
        found = []
        for name in sorted(map(str, self.model["corridors"].index)):
            try:
                found.append(self.corridor(name))
            except OutOfServiceError:
                continue
        return tuple(found)
