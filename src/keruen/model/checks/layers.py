"""What holds of the base must hold after every scenario and project too.

The changes are laid over the tables as far as they ever go, and the checks of structure are asked
again. What they find is told at the line that brought it about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from keruen.errors import FailedError, Problem
from keruen.model.checks import aims, corridors, network, references, terminals
from keruen.model.checks.changes import LAYERS
from keruen.model.draft import Draft
from keruen.model.overlay import Change, Overlaid, changes_of, overlay
from keruen.model.provenance import CellKey
from keruen.model.reading import TableReading, empty_table
from keruen.model.settings import Settings

STRUCTURE: Final = (
    references.dangling_references,
    references.dangling_cells,
    references.tables_without_rows_named,
    references.unfilled_inheritance,
    network.loops_to_self,
    network.rail_without_attributes,
    terminals.handling_without_capacity,
    terminals.borders_without_capacity,
    terminals.pools_without_payload,
    terminals.pools_overcommitted,
    terminals.closures_by_month,
    terminals.depth_without_level,
    corridors.points_connected,
    corridors.corridors_have_points,
    corridors.mix_adds_to_one,
    corridors.mix_has_loadings,
    aims.spans_in_order,
)
"""Checks that engines rely on, on any day and under any scenario."""

ABOUT_THE_BASE: Final = (
    "provenance",
    "observations",
    "flow_measures",
    "calibration_parameters",
    "targets",
    "questions",
    "system_rows",
    "project_costs",
    "project_parties",
    "project_changes",
    "scenario_changes",
)
"""Tables that no engine walks: they may go on naming what a change removes."""

Place = tuple[str | None, int | None, str | None]


class _Laid(NamedTuple):
    """Tables with changes laid over them, and the line that each changed place comes from."""

    tables: Mapping[str, TableReading]
    lines: Mapping[str, Mapping[Place, Place]]

    def line_of(self, problem: Problem) -> Place:
        """Where the change stands that causes a problem; where that is not known, the problem."""
        lines = self.lines.get(problem.file or "", {})
        inserted = lines.get((problem.file, problem.row or 0, None))
        own: Place = (problem.file, problem.row or 0, problem.column)
        return lines.get(own) or inserted or (problem.file, problem.row, problem.column)


class _Layers:
    """Changes of projects and of scenarios, laid over a draft.

    What a scenario leaves alone is the same under all of them, and is laid only once.
    """

    def __init__(self, draft: Draft) -> None:
        (projects, owner), (scenarios, author) = LAYERS
        self._draft = draft
        self._frames = {name: reading.frame for name, reading in draft.tables.items()}
        self._records = {
            name: dict(zip(draft.frame(name).index, map(int, draft[name].rows), strict=True))
            for name in (projects, scenarios)
        }
        rows = (int(r.rows.max(initial=0)) for r in draft.tables.values())
        self._fresh = 1 + max(rows, default=0)
        self._built = changes_of(draft.frame(projects), projects, owner)
        self._supposed: dict[str, list[Change]] = {}
        for change in changes_of(draft.frame(scenarios), scenarios, author):
            self._supposed.setdefault(change.owner, []).append(change)
        self._alone: _Laid | None = None

    def variants(self) -> Iterator[list[list[Change]]]:
        """Layers to try: all projects, alone and on top of each scenario."""
        if self._built:
            yield [self._built]
        for supposed in self._supposed.values():
            yield [supposed, self._built]

    def lay(self, layers: list[list[Change]]) -> _Laid:
        """Lay one variant."""
        if len(layers) == 1:
            alone = overlay(self._frames, self._built)
            self._alone = self._located(alone, alone.tables)
            return self._alone
        first = overlay(self._frames, layers[0])
        touched = {name for name, frame in first.tables.items() if frame is not self._frames[name]}
        if self._alone is None:
            return self._located(_upon(first, self._built), first.tables)
        again = [change for change in self._built if change.table in touched]
        located = self._located(_upon(first, again), touched)
        kept = {name: own for name, own in self._alone.tables.items() if name not in touched}
        lines = {**self._alone.lines, **located.lines}
        return _Laid(MappingProxyType({**located.tables, **kept}), lines)

    def _located(self, laid: Overlaid, names: Iterable[str]) -> _Laid:
        """Give rows of the base their record number, and inserted rows one of their own."""
        origins: dict[str, list[tuple[CellKey, CellKey]]] = {}
        for cell, origin in laid.origins.items():
            origins.setdefault(cell[0], []).append((cell, origin))
        lines: dict[str, dict[Place, Place]] = {}
        readings: dict[str, TableReading] = {}
        for name in names:
            reading, frame = self._draft[name], laid.tables[name]
            if name in ABOUT_THE_BASE:
                readings[name] = empty_table(name)
                continue
            if frame is reading.frame:
                readings[name] = reading
                continue
            positions = reading.positions(frame.index.tolist())
            rows = np.where(positions >= 0, reading.rows[positions], 0).astype(np.int64)
            new = np.flatnonzero(positions < 0)
            rows[new] = np.arange(self._fresh, self._fresh + len(new))
            readings[name] = TableReading(reading.table, frame, rows)
            lines[reading.table.file] = self._lines(readings[name], origins.get(name, ()))
        return _Laid(readings, lines)

    def _lines(
        self, reading: TableReading, origins: Iterable[tuple[CellKey, CellKey]]
    ) -> dict[Place, Place]:
        """Line of the change of each changed cell of a table, and the first one of each row."""
        lines: dict[Place, Place] = {}
        file = reading.table.file
        numbers = dict(zip(reading.frame.index.tolist(), map(int, reading.rows), strict=True))
        for (_, key, column), (layer, change, _) in origins:
            if key in numbers:
                place = (f"{layer}.csv", self._records[layer][change], "value")
                lines[(file, numbers[key], column)] = place
                whole: Place = (file, numbers[key], None)
                lines[whole] = min(lines.get(whole, place), place, key=lambda p: p[1] or 0)
        return lines


def _upon(first: Overlaid, changes: list[Change]) -> Overlaid:
    """Changes laid over what is laid already."""
    second = overlay(first.tables, changes)
    return Overlaid(second.tables, {**first.origins, **second.origins})


class _Watched(Mapping[str, TableReading]):
    """Tables of a draft, noting which of them are looked at."""

    def __init__(self, tables: Mapping[str, TableReading]) -> None:
        self._tables = tables
        self.seen: dict[str, TableReading] = {}

    def __getitem__(self, name: str) -> TableReading:
        self.seen[name] = self._tables[name]
        return self.seen[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class _Answers:
    """What the checks of structure find; each is asked again where a table it looked at differs."""

    def __init__(self, settings: Settings | None) -> None:
        self._settings = settings
        self._found: list[list[tuple[Mapping[str, TableReading], list[Problem]]]]
        self._found = [[] for _ in STRUCTURE]

    def of(self, tables: Mapping[str, TableReading]) -> list[Problem]:
        """Problems of some tables, in the order of the checks."""
        problems: list[Problem] = []
        for check, found in zip(STRUCTURE, self._found, strict=True):
            for seen, known in found:
                if all(tables[name] is reading for name, reading in seen.items()):
                    problems += known
                    break
            else:
                watched = _Watched(tables)
                found.append((watched.seen, check(Draft(self._settings, watched))))
                problems += found[-1][1]
        return problems


def structure_under_changes(draft: Draft) -> list[Problem]:
    """Structure holds after all projects, alone and on top of each scenario.

    Asked only of a draft without errors; problems that the base has too are not told again.
    """
    known: set[tuple[str, str]] | None = None  # asked of the base only when there is need
    told: dict[tuple[str, str], Problem] = {}
    variants, answers = _Layers(draft), _Answers(draft.settings)
    for layers in variants.variants():
        try:
            laid = variants.lay(layers)
        except FailedError as failure:
            found = [_unplaced(problem, layers) for problem in failure.problems]
        else:
            problems = [p for p in answers.of(laid.tables) if p.is_error]
            if problems and known is None:
                known = {(p.code, p.place) for p in answers.of(draft.tables)}
            found = [
                Problem(p.severity, p.code, *laid.line_of(p), p.params)
                for p in problems
                if (p.code, p.place) not in (known or ())
            ]
        for problem in found:
            told.setdefault((problem.code, problem.place), problem)
    return list(told.values())


def _unplaced(problem: Problem, layers: list[list[Change]]) -> Problem:
    """A failure to lay changes over each other, at the file of the last layer."""
    file = f"{layers[-1][0].origin[0]}.csv" if layers[-1] else f"{LAYERS[1][0]}.csv"
    return Problem(problem.severity, problem.code, file, None, problem.column, problem.params)
