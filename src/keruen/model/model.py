"""The model a study stands for: its tables, and what they are on a day."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from keruen.errors import UsageError, error
from keruen.model.cells import as_date
from keruen.model.findings import closest, cut
from keruen.model.overlay import Change, changes_of, overlay
from keruen.model.provenance import DEFAULT_OWNER, CellKey, Owner
from keruen.model.settings import Settings
from keruen.schema import load_schema

SCENARIO_TABLES: Final = frozenset({"scenarios", "scenario_changes"})
_ON_TOP: Final = frozenset({"set", "add", "multiply"})
"""Changes of cells, which leave the rows as they are."""


@dataclass(frozen=True, slots=True)
class Model:
    """A study whose tables passed every check; frozen, and cheap to look at for another day.

    Parameters
    ----------
    path : Path
        Folder it was read from.
    settings : Settings
        What ``study.yaml`` says.
    tables : mapping of str to DataFrame
        Typed tables indexed by the key of the row; never change them in place.
    owners : mapping
        Cells with an owner of their own.
    origins : mapping
        Cells changed by an overlay, and the cell of the change that says so.
    defaulted : frozenset of CellKey
        Cells that the schema's defaults fill.
    scenario : str or None
        Scenario laid over the base.
    on : date or None
        Day the tables stand for; None for the base as written.
    projects : frozenset of str
        Candidates taken as decided, besides the committed projects.
    opened : frozenset of str
        Projects taken as open, whatever their dates.
    cells : mapping of CellKey to str
        Cells set by a draw.
    whole : mapping of str to DataFrame
        Tables of a day with what is out of service that day still in them; empty for the base.
    """

    path: Path
    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    owners: Mapping[CellKey, Owner]
    origins: Mapping[CellKey, CellKey]
    defaulted: frozenset[CellKey] = frozenset()
    scenario: str | None = None
    on: date | None = None
    projects: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    cells: Mapping[CellKey, str] = field(default_factory=lambda: MappingProxyType({}))
    whole: Mapping[str, pd.DataFrame] = field(default_factory=lambda: MappingProxyType({}))
    _kin: Model | None = field(default=None, repr=False, compare=False)
    """The model this one was made from: what they share is read once."""
    _read: dict[tuple[str, str], dict[object, object]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Columns that were asked for cell by cell: a lookup in a frame costs a hundred times more."""
    _vouched: dict[tuple[str, str], Owner | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Owners of rows that were asked for."""
    _changes: dict[str, tuple[pd.DataFrame, list[Change]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Changes of projects as read, with the table that they stand in."""

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def text(self, table: str, row: str, column: str) -> str:
        """A cell as text; empty when absent."""
        value = self._cell(table, row, column)
        return "" if value is None or value is pd.NA or value is pd.NaT else str(value)

    def number(self, table: str, row: str, column: str) -> float | None:
        """A numeric cell; None when absent."""
        value = self._cell(table, row, column)
        if isinstance(value, float):
            return None if math.isnan(value) else value
        if value is None or value is pd.NA or math.isnan(float(str(value))):
            return None
        return float(str(value))

    def rows(self, table: str, **cells: str) -> list[str]:
        """Keys of the rows whose cells hold these texts, in the order of the table."""
        frame = self.tables[table]
        chosen = pd.Series(True, index=frame.index)
        for column, wanted in cells.items():
            chosen &= frame[column] == wanted
        return [str(key) for key in frame.index[chosen]]

    def owner(self, table: str, row: str, column: str) -> Owner | None:
        """Source, confidence and range of a cell, followed to the change that set it.

        Returns
        -------
        Owner or None
            None for tables that carry no sources and rows that do not exist. Nobody vouches for a
            cell that the schema's default fills: its source is empty and it counts as assumed.
        """
        cell = (table, row, column)
        own = self.origins.get(cell, cell)
        if own in self.defaulted and own not in self.owners:
            return DEFAULT_OWNER
        if own in self.owners:
            return self.owners[own]
        return self._owner_of_row(own[0], own[1])

    def _owner_of_row(self, table: str, row: str) -> Owner | None:
        """Who vouches for a row; models made from each other that have its table alike share it."""
        if (table, row) in self._vouched:
            return self._vouched[table, row]
        kin, found = self._kin, None
        if kin is not None and kin.tables.get(table) is self.tables[table]:
            found = kin._owner_of_row(table, row)
        elif load_schema()[table].sourced and row in self._column(table, "source"):
            source, confidence = (self.text(table, row, c) for c in ("source", "confidence"))
            found = Owner(source, confidence, "", "", "", "triangular")
        self._vouched[table, row] = found
        return found

    def under(self, scenario: str | None) -> Model:
        """The same study under a scenario.

        Raises
        ------
        UsageError
            When the study has no such scenario.
        """
        self._require_base()
        if scenario is not None:
            self.require("unknown_scenario", "scenarios", scenario)
        return replace(self, scenario=scenario, _kin=self)

    def having(self, projects: Iterable[str]) -> Model:
        """The same study with these candidate projects decided too.

        Raises
        ------
        UsageError
            When the study has no such project.
        """
        return replace(self, projects=self.projects | self._known(projects), _kin=self)

    def with_open(self, projects: Iterable[str]) -> Model:
        """The same study with these projects open already, whatever their dates.

        Raises
        ------
        UsageError
            When the study has no such project.
        """
        return replace(self, opened=self.opened | self._known(projects), _kin=self)

    def _known(self, projects: Iterable[str]) -> frozenset[str]:
        """Projects of the base of the study."""
        self._require_base()
        found = frozenset(projects)
        for project in sorted(found):
            self.require("unknown_project", "projects", project)
        return found

    def patched(self, cells: Mapping[CellKey, str]) -> Model:
        """The same model with single cells set on top of everything, for what-if questions."""
        sets = [
            Change(cell, "patch", "set", *cell, text, None, None, "", "")
            for cell, text in cells.items()
        ]
        tables = overlay(self.tables, sets).tables
        patched = replace(self, tables=MappingProxyType(tables), _kin=self)
        touched = {table for table, _, _ in cells}
        set_here = {(table, column) for table, _, column in cells}
        for key, known in self._read.items():
            if key[0] in touched and key not in set_here:
                patched._read[key] = known
        return patched

    def with_cells(self, cells: Mapping[CellKey, str]) -> Model:
        """The same study with single cells set, as a draw does.

        A cell of ``project_changes`` or ``scenario_changes`` may be set like any other. A cell that
        a scenario sets too keeps what is set here: a draw lies over the scenario.
        """
        self._require_base()
        return replace(self, cells=MappingProxyType({**self.cells, **cells}), _kin=self)

    def at(self, day: date, beside: Model | None = None) -> Model:
        """The model on a day: scenario, draw and the projects open by then, nothing out of service.

        Parameters
        ----------
        day : date
            The day.
        beside : Model or None
            A model of the same day: what it has alike is taken from it, so that less is done anew.

        Returns
        -------
        Model
            With ``on`` set; tables hold only what is in service.

        Raises
        ------
        FailedError
            When changes do not fit each other or the tables.
        """
        self._require_base()
        same = beside if beside is not None and beside.on == day else None
        more = None if same is None else self._only_more(same, day)
        if same is not None and more is not None:
            tables, moved = overlay(same.whole, more)
            return self._on(day, tables, {**same.origins, **moved}, same)
        tables = dict(self.tables)
        origins: dict[CellKey, CellKey] = {}
        if self.scenario is not None:
            tables = overlay(tables, self._drawn(tables, of_scenarios=True)).tables
            tables, moved = overlay(tables, _scenario_changes(tables, self.scenario, day))
            origins |= moved
        tables = overlay(tables, self._drawn(tables, of_scenarios=False)).tables
        tables, moved = overlay(tables, self._project_changes(tables, day))
        origins |= moved
        return self._on(day, tables, origins, same)

    def _on(
        self,
        day: date,
        tables: dict[str, pd.DataFrame],
        origins: dict[CellKey, CellKey],
        same: Model | None,
    ) -> Model:
        """The model of a day with these tables; a model of the day may have some of them alike."""
        serving = {
            name: same.tables[name]
            if same is not None and same.whole.get(name) is frame
            else in_service(frame, day)
            for name, frame in tables.items()
        }
        return replace(
            self,
            tables=MappingProxyType(serving),
            whole=MappingProxyType(tables),
            origins=MappingProxyType(origins),
            on=day,
            _kin=self,
        )

    def _only_more(self, other: Model, day: date) -> list[Change] | None:
        """Changes of projects open here and not in another model of the day, if they go on top.

        None where more than that differs, or where a change could depend on the order: it makes or
        takes rows away, or its cell is changed by something else already.
        """
        made_from = other._kin
        alike = (
            made_from is not None
            and made_from.tables is self.tables
            and (other.scenario, other.projects) == (self.scenario, self.projects)
            and other.cells is self.cells
            and other.opened <= self.opened
        )
        if not alike:
            return None
        fresh = self.opened - other.opened
        lines = [
            line._replace(date=day)
            for line in self._changes_in(other.whole["project_changes"])
            if line.owner in fresh
        ]
        on_top = all(
            line.op in _ON_TOP
            and line.table in other.whole
            and line.row in other.whole[line.table].index
            and (line.table, line.row, line.column) not in other.origins
            for line in lines
        )
        return lines if on_top else None

    def in_year(self, year: int) -> Model:
        """The model on 1 July of a year."""
        return self.at(date(year, 7, 1))

    def require(self, code: str, table: str, row: str) -> None:
        """Refuse a row that was named by a user and does not exist.

        Parameters
        ----------
        code : str
            Code of the problem, such as ``unknown_scenario``.
        table, row : str
            The row wanted.

        Raises
        ------
        UsageError
            With the nearest row there is.
        """
        known = self.tables[table].index
        if row not in known:
            raise UsageError([error(code, value=cut(row), better=closest(row, known))])

    def _cell(self, table: str, row: str, column: str) -> object:
        known = self._read.get((table, column))
        return (self._column(table, column) if known is None else known)[row]

    def _column(self, table: str, column: str) -> dict[object, object]:
        """Cells of a column by row, those of the model this one was made from where it has them."""
        known = self._read.get((table, column))
        if known is None:
            kin = self._kin
            if kin is not None and kin.tables.get(table) is self.tables[table]:
                known = kin._column(table, column)
            else:
                cells = self.tables[table][column]
                known = dict(zip(cells.index, cells.tolist(), strict=True))
            self._read[table, column] = known
        return known

    def _require_base(self) -> None:
        if self.on is not None:
            raise ValueError("a model of one day is final; ask the base")

    def _project_changes(self, tables: Mapping[str, pd.DataFrame], day: date) -> list[Change]:
        """Changes of decided projects in effect on a day, each with the day it took effect."""
        projects = tables["projects"]
        taken = projects.index.isin(list(self.projects | self.opened))
        opening = projects.loc[(projects["status"] == "committed") | taken, "open_date"].to_dict()
        changes = []
        for line in self._changes_in(tables["project_changes"]):
            if line.owner not in opening:
                continue
            when = day if line.owner in self.opened else line.date or as_date(opening[line.owner])
            if when is not None and when <= day:
                changes.append(line._replace(date=when))
        return changes

    def _changes_in(self, frame: pd.DataFrame) -> list[Change]:
        """Changes of projects, read once for all models made from one that have the table alike."""
        root = self
        while root._kin is not None:
            root = root._kin
        known = root._changes.get("project_changes")
        if known is None or known[0] is not frame:
            known = (frame, changes_of(frame, "project_changes", "project"))
            root._changes["project_changes"] = known
        return known[1]

    def _drawn(self, tables: Mapping[str, pd.DataFrame], *, of_scenarios: bool) -> list[Change]:
        """Sets of the draw, as laid over the tables; what a scenario removed is left out."""
        sets = []
        for cell, text in self.cells.items():
            table, row, _ = cell
            gone = (
                table in tables
                and row in self.tables[table].index
                and row not in tables[table].index
            )
            if (table in SCENARIO_TABLES) is of_scenarios and not gone:
                sets.append(Change(cell, "draw", "set", *cell, text, None, None, "", ""))
        return sets


def _scenario_changes(tables: Mapping[str, pd.DataFrame], scenario: str, day: date) -> list[Change]:
    lines = changes_of(tables["scenario_changes"], "scenario_changes", "scenario")
    return [
        line for line in lines if line.owner == scenario and (line.date is None or line.date <= day)
    ]


def in_service(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """Rows of a table that are in service on a day; all of a table that knows no such dates."""
    return _between_dates(frame, day, ("in_service_from", "in_service_to"))


def in_force(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """Rows of a table that hold on a day by ``from_date`` and ``to_date``, both days included."""
    return _between_dates(frame, day, ("from_date", "to_date"))


def _between_dates(frame: pd.DataFrame, day: date, columns: tuple[str, str]) -> pd.DataFrame:
    if columns[0] not in frame.columns or frame.empty:
        return frame
    moment = np.datetime64(day)
    since, until = (frame[name].to_numpy() for name in columns)
    out = (since > moment) | (until < moment)
    return frame[~out] if out.any() else frame
