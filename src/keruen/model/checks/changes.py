"""Changes of projects and scenarios name what exists, fit, and do not contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from keruen.errors import Problem
from keruen.model.cells import as_date
from keruen.model.draft import Draft
from keruen.model.findings import Fault, closest, cut
from keruen.model.overlay import Change, changed_value, changes_of, inserted_row
from keruen.schema import Column, load_schema

LAYERS: Final = (("project_changes", "project"), ("scenario_changes", "scenario"))
_CELL_OPS: Final = ("set", "add", "multiply")

RowKey = tuple[str, str]
"""Table and key of a row."""


class _Line(NamedTuple):
    """A change, where it stands and on which day it takes effect, None being at once or never."""

    change: Change
    position: int
    day: date | None

    @property
    def row(self) -> RowKey:
        """Row it is about."""
        return self.change.table, self.change.row


class _Layer(NamedTuple):
    """Changes of projects or of scenarios, and the rows that they insert.

    Parameters
    ----------
    name : str
        Table of the changes.
    lines : tuple of _Line
        All of them.
    inserts : dict
        Lines of each inserted row, by owner and row.
    decided : frozenset of str
        Owners on whose rows others may build: committed projects.
    known : dict
        Rows that each owner's changes may name, as far as they were asked for.
    """

    name: str
    lines: tuple[_Line, ...]
    inserts: dict[tuple[str, RowKey], list[_Line]]
    decided: frozenset[str]
    known: dict[str, dict[RowKey, list[_Line]]]

    def inserted(self, owner: str) -> dict[RowKey, list[_Line]]:
        """Rows that a change of an owner may name: its own, and those of what is decided; kept."""
        if owner not in self.known:
            self.known[owner] = {
                row: lines
                for (other, row), lines in self.inserts.items()
                if other == owner or other in self.decided
            }
        return self.known[owner]


def _layers(draft: Draft) -> tuple[_Layer, ...]:
    return draft.once(_read_layers)


def _read_layers(draft: Draft) -> tuple[_Layer, ...]:
    layers: list[_Layer] = []
    projects = draft.unique("projects")
    committed = frozenset(projects.index[projects["status"] == "committed"])
    for name, owner in LAYERS:
        opening = projects["open_date"].to_dict() if owner == "project" else {}
        lines = tuple(
            _Line(change, position, change.date or as_date(opening.get(change.owner)))
            for position, change in enumerate(changes_of(draft.frame(name), name, owner))
            if change.table in load_schema()
        )
        inserts: dict[tuple[str, RowKey], list[_Line]] = {}
        for line in lines:
            if line.change.op == "insert":
                inserts.setdefault((line.change.owner, line.row), []).append(line)
        decided = committed if owner == "project" else frozenset()
        layers.append(_Layer(name, lines, inserts, decided, {}))
    return tuple(layers)


def _unknown_column(change: Change) -> Fault | None:
    columns = load_schema()[change.table].columns
    if change.column in columns:
        return None
    better = closest(change.column, columns)
    params = {"value": cut(change.column), "table": change.table, "better": better}
    return Fault("unknown_column_name", params)


def _unknown_value(
    draft: Draft, inserted: dict[RowKey, list[_Line]], column: Column, value: object
) -> Fault | None:
    """A value that should name a row and names none, neither of the base nor inserted."""
    target = column.referenced_table
    if target is None or not isinstance(value, str) or value == "":
        return None
    known = draft.frame(target).index
    if value in known or (target, value) in inserted:
        return None
    params = {"value": cut(value), "table": target, "better": closest(value, known)}
    return Fault("dangling_reference", params)


def _cell_fault(
    draft: Draft, inserted: dict[RowKey, list[_Line]], line: _Line
) -> tuple[str, Fault] | None:
    """Column and fault of a set, summand or factor."""
    change = line.change
    fault = _unknown_column(change)
    if fault is not None:
        return "column", fault
    table = load_schema()[change.table]
    if change.column in table.key:
        return "column", Fault("key_changed", {"value": change.column})
    column = table.columns[change.column]
    before = None if change.op == "set" else _before(draft, change)
    value, fault = changed_value(change, column, before)
    if fault is None and value is None and column.required:
        fault = Fault("missing_value", {})
    fault = fault or _unknown_value(draft, inserted, column, value)
    return None if fault is None else ("value", fault)


def _before(draft: Draft, change: Change) -> object:
    """The cell that a summand or factor is about; of an inserted row, some number."""
    frame = draft.unique(change.table)
    return frame.at[change.row, change.column] if change.row in frame.index else 1.0


def changes_apply(draft: Draft) -> list[Problem]:
    """A set, summand, factor or removal names what exists, and a value that fits."""
    problems: list[Problem] = []
    for layer in _layers(draft):
        reading = draft[layer.name]
        for line in layer.lines:
            change, inserted = line.change, layer.inserted(line.change.owner)
            known = draft.frame(change.table).index
            if change.op in ("", "insert"):
                continue
            if change.row not in known and line.row not in inserted:
                params = {"value": cut(change.row), "table": change.table}
                fault = Fault(
                    "dangling_reference", {**params, "better": closest(change.row, known)}
                )
                problems.append(reading.at(line.position, "row", fault))
            elif change.op in _CELL_OPS:
                found = _cell_fault(draft, inserted, line)
                if found is not None:
                    problems.append(reading.at(line.position, *found))
    return _once_where_rows_are_unknown(draft, problems)


def _once_where_rows_are_unknown(draft: Draft, problems: list[Problem]) -> list[Problem]:
    """Of references to a table that is not there or cannot be read, only the first."""
    kept: list[Problem] = []
    told: set[object] = set()
    for problem in problems:
        table = problem.params.get("table")
        if problem.code == "dangling_reference" and not draft[str(table)].has_keys:
            if table in told:
                continue
            told.add(table)
        kept.append(problem)
    return kept


def inserts_complete(draft: Draft) -> list[Problem]:
    """A row inserted is new, whole, of one day, and names rows that exist."""
    problems: list[Problem] = []
    for layer in _layers(draft):
        reading = draft[layer.name]
        for (owner, (table, key)), lines in layer.inserts.items():
            unknown = [(line, _unknown_column(line.change)) for line in lines]
            faults = [(line, "column", fault) for line, fault in unknown if fault is not None]
            if not faults:
                faults = list(_insert_faults(draft, layer.inserted(owner), lines))
            if key in draft.frame(table).index:
                exists = Fault("row_exists", {"row": cut(key), "table": table})
                faults.append((lines[0], "row", exists))
            problems += [reading.at(line.position, column, fault) for line, column, fault in faults]
    return _once_where_rows_are_unknown(draft, problems)


def _insert_faults(
    draft: Draft, inserted: dict[RowKey, list[_Line]], lines: list[_Line]
) -> Iterator[tuple[_Line, str, Fault]]:
    first = lines[0]
    table = load_schema()[first.change.table]
    by_column = {line.change.column: line for line in lines}
    cells, faults = inserted_row(table, [line.change for line in lines])
    for change, fault in faults:
        yield by_column.get(change.column, first), "value", fault
    for name, column in table.columns.items():
        unknown = _unknown_value(draft, inserted, column, cells[name])
        if unknown is not None:
            yield by_column.get(name, first), "value", unknown
    for line in lines:
        if line.day != first.day:
            yield line, "date", Fault("insert_of_two_days", {"row": cut(first.change.row)})


def inserts_in_conflict(draft: Draft) -> list[Problem]:
    """Two projects do not insert one row."""
    problems: list[Problem] = []
    for layer in _layers(draft):
        if layer.name != "project_changes":
            continue
        owners: dict[RowKey, str] = {}
        for (owner, row), lines in layer.inserts.items():
            other = owners.setdefault(row, owner)
            if other != owner:
                params = {"row": cut(row[1]), "table": row[0], "other": other}
                fault = Fault("two_inserts", params)
                problems.append(draft[layer.name].at(lines[0].position, "row", fault))
    return problems


def changes_after_inserts(draft: Draft) -> list[Problem]:
    """A change of an inserted row does not take effect before the row is there."""
    problems: list[Problem] = []
    for layer in _layers(draft):
        for line in layer.lines:
            makers = layer.inserted(line.change.owner).get(line.row, [])
            if line.change.op == "insert" or not makers:
                continue
            made = makers[0].day
            if made is not None and (line.day or date.min) < made:
                params = {"row": cut(line.change.row), "value": made.isoformat()}
                fault = Fault("change_before_insert", params)
                problems.append(draft[layer.name].at(line.position, "date", fault))
    return problems


def sets_in_conflict(draft: Draft) -> list[Problem]:
    """Two projects, or two lines of one day, that set one cell need a priority each."""
    problems: list[Problem] = []
    for layer in _layers(draft):
        cells: dict[tuple[str, ...], list[_Line]] = {}
        for line in layer.lines:
            if line.change.op == "set":
                cell = (line.change.table, line.change.row, line.change.column)
                own = (line.change.owner,) if layer.name == "scenario_changes" else ()
                cells.setdefault((*own, *cell), []).append(line)
        for lines in cells.values():
            problems += _conflicts(draft, layer.name, lines)
    return problems


def _conflicts(draft: Draft, name: str, lines: list[_Line]) -> list[Problem]:
    """Lines that set a cell which an earlier line sets too, with nothing to say which wins."""
    problems: list[Problem] = []
    reading = draft[name]
    for place, line in enumerate(lines):
        rival = next((other for other in lines[:place] if _are_rivals(line, other)), None)
        if rival is not None:
            change = line.change
            params = {
                "cell": cut(f"{change.table}/{change.row}/{change.column}"),
                "first": int(reading.rows[rival.position]),
                "other": cut(rival.change.owner),
            }
            problems.append(reading.at(line.position, "priority", Fault("two_sets", params)))
    return problems


def _are_rivals(line: _Line, other: _Line) -> bool:
    ranks = (line.change.priority, other.change.priority)
    ranked = None not in ranks and ranks[0] != ranks[1]
    return not ranked and (line.change.owner != other.change.owner or line.day == other.day)
