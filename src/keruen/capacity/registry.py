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
        self._lines_rest_on: dict[str, frozenset[Row]] = {}
        self._corridors_rest_on: dict[str, frozenset[Row]] = {}
        self._before: tuple[Capacities, Difference] | None = None
        self.remembered: dict[tuple[str, ...], object] = {}
        """What others made of these capacities; variants know it too, and whoever looks holds what
        it was made from against what is here."""
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
        found = self._known(key)
        if found is None:
            here = row in self.model[table].index
            read = self._of_line(row) if here and table == section.KIND else None
            if read is not None:
                mode = ElementReader(self.model, section.KIND, row)
                mode.word("mode")
                rest_on = (*mode.inputs, *read.inputs)
                records = tuple(section.records_of(row, read.facts, rest_on))
            else:
                records = tuple(KINDS[table](self.model, row)) if here else ()
            self._records[key] = found = records
            is_single = read is not None and read.facts.is_single
            beside = self._beside(read) if read is not None and is_single else frozenset()
            self._rests_on[key] = beside | rows_of(i for one in records for i in one.inputs)
        return found

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
            if self._known_line(row) is None:
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
        """Capacities of a model that take over from these, when asked, what still holds."""
        variant = Capacities(model)
        variant._before = (self, apart)
        if keeps_graphs(apart):
            variant._graphs = self._graphs
        variant.remembered.update(self.remembered)
        return variant

    def _known(self, key: Row) -> tuple[Capacity, ...] | None:
        """Records of an element if they are known here, or before and still hold."""
        found = self._records.get(key)
        if found is None and self._before is not None:
            before, apart = self._before
            found = before._known(key)
            if found is None or not keeps_element(key, before._rests_on[key], apart):
                return None
            self._records[key], self._rests_on[key] = found, before._rests_on[key]
        return found

    def _known_line(self, row: str) -> LineSection | None:
        """The same of a section of a line, read."""
        found = self._lines.get(row)
        if found is None and self._before is not None:
            before, apart = self._before
            found = before._known_line(row)
            if found is None:
                return None
            if row not in before._lines_rest_on:
                before._lines_rest_on[row] = rows_of((*found.inputs, *found.beside))
            if not keeps_element((section.KIND, row), before._lines_rest_on[row], apart):
                return None
            self._lines[row], self._lines_rest_on[row] = found, before._lines_rest_on[row]
        return found

    def _known_corridor(self, name: str) -> Corridor | None:
        """The same of a compiled corridor."""
        found = self._corridors.get(name)
        if found is None and self._before is not None:
            before, apart = self._before
            found = before._known_corridor(name)
            if found is None:
                return None
            if name not in before._corridors_rest_on:
                before._corridors_rest_on[name] = rows_of(found.inputs)
            if not keeps_corridor(before._corridors_rest_on[name], apart):
                return None
            self._corridors[name] = found
            self._corridors_rest_on[name] = before._corridors_rest_on[name]
        return found

    def corridor(self, corridor: str) -> Corridor:
        """A corridor compiled for the day.

        Raises
        ------
        OutOfServiceError
            When it has no way that day.
        """
        found = self._known_corridor(corridor)
        if found is None:
            found = compile_corridor(self.model, corridor, self._graphs)
            self._corridors[corridor] = found
        return found

    def passable(self) -> tuple[Corridor, ...]:
        """Every corridor that has a way that day, by id."""
        found = []
        for name in sorted(map(str, self.model["corridors"].index)):
            try:
                found.append(self.corridor(name))
            except OutOfServiceError:
                continue
        return tuple(found)
