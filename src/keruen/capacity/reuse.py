"""What of the capacities of one model still holds in another, and what has to be done anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from keruen.capacity.record import Input
from keruen.model import Model
from keruen.model.provenance import CellKey
from keruen.schema import ColumnType, load_schema

Row = tuple[str, str]
"""Table and key."""

_STRUCTURE: Final = frozenset(
    {ColumnType.ID, ColumnType.REFERENCE, ColumnType.DATE, ColumnType.TABLE, ColumnType.ENUM}
)
"""Types of columns that say what there is and not how much."""
_ABSENT: Final = frozenset({"", "nan"})
"""Texts of an empty cell."""

_GRAPH: Final = frozenset({"from_node", "to_node", "mode", "length_km"})
_CORRIDOR: Final[Mapping[str, frozenset[str]]] = {
    "sections": _GRAPH | {"gauge_mm", "loop_length_m", "line_class"},
    "line_classes": frozenset({"loop_length_m"}),
    "nodes": frozenset(),
    "terminals": frozenset({"node"}),
    "handling": frozenset({"terminal", "kind", "serves", "direction"}),
    "border_crossings": frozenset({"from_node", "to_node", "direction", "side"}),
    "vessel_lines": frozenset({"from_node", "to_node", "serves"}),
    "station_tracks": frozenset({"node", "useful_length_m"}),
    "fleets": frozenset({"corridor"}),
    "commodities": frozenset({"class"}),
    "loadings": frozenset({"train_type"}),
    "train_types": frozenset(),
    "corridor_mix": frozenset({"corridor", "commodity", "direction", "join_node", "leave_node"}),
    "corridor_points": frozenset({"corridor", "sequence", "node", "mode"}),
    "corridor_elements": frozenset({"corridor", "sequence", "table", "row", "share"}),
    "corridors": frozenset(),
}
"""Tables, and columns in them, that every corridor reads besides the inputs it names."""

_CALENDAR: Final = frozenset({"terminals", "weather_sites", "closures"})
_SOUGHT: Final[Mapping[str, frozenset[str]]] = {
    "sections": frozenset({"haulings", "station_tracks"}),
    "station_tracks": frozenset({"sections"}),
    "handling": _CALENDAR,
    "vessel_lines": _CALENDAR | {"vessel_allocations", "vessel_pools", "water_levels", "loadings"},
}
"""Tables in which a kind of element looks for rows that its own row does not name."""


class Difference(NamedTuple):
    """Where two models of one study differ.

    Parameters
    ----------
    rows : frozenset of (str, str)
        Table and key of rows with a cell that differs, or that only one has.
    columns : frozenset of (str, str)
        Table and name of columns with such a cell.
    tables : frozenset of str
        Tables with a row that only one has.
    structure : frozenset of str
        Tables that differ in what there is: rows, references, kinds, dates, cells once empty.
    day : bool
        Whether they stand for different days.
    """

    rows: frozenset[Row]
    columns: frozenset[tuple[str, str]]
    tables: frozenset[str]
    structure: frozenset[str]
    day: bool


def _is_structure(table: str, column: str) -> bool:
    return load_schema()[table].columns[column].type in _STRUCTURE


def of_cells(model: Model, cells: Iterable[CellKey]) -> Difference:
    """Difference that setting single cells of a model makes."""
    known = tuple(cells)
    return Difference(
        rows=frozenset((table, row) for table, row, _ in known),
        columns=frozenset((table, column) for table, _, column in known),
        tables=frozenset(),
        structure=frozenset(
            table
            for table, row, column in known
            if _is_structure(table, column) or model.text(table, row, column) in _ABSENT
        ),
        day=False,
    )


def difference(old: Model, new: Model) -> Difference:
    """Compare two models of days of one study under one scenario and draw, neither patched.

    Cells can then differ only where an overlay touched one of them; rows, where one has them out of
    service.
    """
    rows: set[Row] = set()
    columns: set[tuple[str, str]] = set()
    tables: set[str] = set()
    structure: set[str] = set()
    for name, frame in new.tables.items():
        before = old.tables[name].index
        if frame.index is not before and not frame.index.equals(before):
            rows.update((name, str(row)) for row in frame.index.symmetric_difference(before))
            tables.add(name)
    for cell in old.origins.keys() | new.origins.keys():
        table, row, column = cell
        if (table, row) in rows or row not in new.tables[table].index:
            continue
        value, other = old.text(*cell), new.text(*cell)
        if value != other:
            columns.add((table, column))
            if {value, other} & _ABSENT or _is_structure(table, column):
                structure.add(table)
        if value != other or old.origins.get(cell) != new.origins.get(cell):
            rows.add((table, row))
    return Difference(
        frozenset(rows),
        frozenset(columns),
        frozenset(tables),
        frozenset(structure | tables),
        old.on != new.on,
    )


def rows_of(inputs: Iterable[Input]) -> frozenset[Row]:
    """Rows that inputs stand in."""
    return frozenset((i.cell[0], i.cell[1]) for i in inputs if i.cell is not None)


def keeps_element(key: Row, rests_on: frozenset[Row], apart: Difference) -> bool:
    """Whether what was worked out for an element holds on the other side of a difference.

    It does not when a row that it rests on differs, nor when a table differs in what there is that
    elements of its kind look for rows in. The water level makes sea lines depend on the day.

    Parameters
    ----------
    key : (str, str)
        Table and row of the element.
    rests_on : frozenset of (str, str)
        Rows that it was worked out from.
    apart : Difference
        The difference.
    """
    if key in apart.rows or not rests_on.isdisjoint(apart.rows):
        return False
    if key[0] == "vessel_lines" and apart.day:
        return False
    return _SOUGHT.get(key[0], frozenset()).isdisjoint(apart.structure)


def keeps_graphs(apart: Difference) -> bool:
    """Whether the ways through the network are those of before."""
    return apart.tables.isdisjoint({"nodes", "sections"}) and not any(
        table == "sections" and column in _GRAPH for table, column in apart.columns
    )


def keeps_corridor(rests_on: frozenset[Row], apart: Difference) -> bool:
    """Whether a corridor compiled from these rows holds on the other side of a difference."""
    if not apart.tables.isdisjoint(_CORRIDOR) or any(
        column in _CORRIDOR.get(table, ()) for table, column in apart.columns
    ):
        return False
    return rests_on.isdisjoint(apart.rows)
