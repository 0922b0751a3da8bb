"""What holds of the base must hold after every scenario and project too.

The changes are laid over the tables as far as they ever go, and the checks of structure are asked
again. What they find is told at the line that brought it about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.errors import FailedError, Problem
from keruen.model.checks import aims, corridors, network, references, terminals
from keruen.model.checks.changes import LAYERS
from keruen.model.draft import Draft
from keruen.model.overlay import Change, Overlaid, changes_of, overlay
from keruen.model.provenance import CellKey
from keruen.model.reading import TableReading, empty_table

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
    """A draft with changes laid over it, and the line that each changed place comes from."""

    draft: Draft
    lines: dict[Place, Place]


def _variants(draft: Draft) -> Iterator[list[list[Change]]]:
    """Layers of changes to try: all projects, alone and on top of each scenario."""
    (projects, owner), (scenarios, author) = LAYERS
    built = changes_of(draft.frame(projects), projects, owner)
    supposed = changes_of(draft.frame(scenarios), scenarios, author)
    if built:
        yield [built]
    for scenario in dict.fromkeys(change.owner for change in supposed):
        yield [[change for change in supposed if change.owner == scenario], built]


def _lay(draft: Draft, layers: Iterable[list[Change]]) -> _Laid:
    tables: Mapping[str, pd.DataFrame] = {name: r.frame for name, r in draft.tables.items()}
    origins: dict[CellKey, CellKey] = {}
    for layer in layers:
        laid = overlay(tables, layer)
        tables = laid.tables
        origins |= laid.origins
    return _located(draft, Overlaid(dict(tables), origins))


def _located(draft: Draft, laid: Overlaid) -> _Laid:
    """Give rows of the base their record number, and inserted rows one of their own."""
    records = {
        name: dict(zip(draft.frame(name).index, map(int, draft[name].rows), strict=True))
        for name, _ in LAYERS
    }
    lines: dict[Place, Place] = {}
    readings: dict[str, TableReading] = {}
    fresh = 1 + max((int(r.rows.max(initial=0)) for r in draft.tables.values()), default=0)
    for name, reading in draft.tables.items():
        frame = laid.tables[name]
        if name in ABOUT_THE_BASE:
            readings[name] = empty_table(name)
            continue
        if frame is reading.frame:
            readings[name] = reading
            continue
        positions = reading.positions(frame.index.astype(str).tolist())
        rows = np.where(positions >= 0, reading.rows[positions], 0).astype(np.int64)
        new = np.flatnonzero(positions < 0)
        rows[new] = np.arange(fresh, fresh + len(new))
        fresh += len(new)
        readings[name] = TableReading(reading.table, frame, rows)
        numbers = dict(zip(frame.index, map(int, rows), strict=True))
        for (table, key, column), (layer, change, _) in laid.origins.items():
            if table == name and key in numbers:
                place = (f"{layer}.csv", records[layer][change], "value")
                lines[(reading.table.file, numbers[key], column)] = place
                whole: Place = (reading.table.file, numbers[key], None)
                lines[whole] = min(lines.get(whole, place), place, key=lambda p: p[1] or 0)
    return _Laid(Draft(draft.settings, MappingProxyType(readings)), lines)


def _told(problem: Problem, laid: _Laid) -> Problem:
    """The problem at the line of the change that causes it, where that is known."""
    row = problem.row or 0
    own: Place = (problem.file, row, problem.column)
    inserted = laid.lines.get((problem.file, row, None))
    place = laid.lines.get(own) or inserted or (problem.file, problem.row, problem.column)
    return Problem(problem.severity, problem.code, *place, problem.params)


def structure_under_changes(draft: Draft) -> list[Problem]:
    """Structure holds after all projects, alone and on top of each scenario.

    Asked only of a draft without errors; problems that the base has too are not told again.
    """
    known: set[tuple[str, str]] | None = None  # asked of the base only when there is need
    told: dict[tuple[str, str], Problem] = {}
    for layers in _variants(draft):
        try:
            laid = _lay(draft, layers)
        except FailedError as failure:
            found = [_unplaced(problem, layers) for problem in failure.problems]
        else:
            problems = [p for check in STRUCTURE for p in check(laid.draft) if p.is_error]
            if problems and known is None:
                known = {(p.code, p.place) for check in STRUCTURE for p in check(draft)}
            found = [_told(p, laid) for p in problems if (p.code, p.place) not in (known or ())]
        for problem in found:
            told.setdefault((problem.code, problem.place), problem)
    return list(told.values())


def _unplaced(problem: Problem, layers: list[list[Change]]) -> Problem:
    """A failure to lay changes over each other, at the file of the last layer."""
    file = f"{layers[-1][0].origin[0]}.csv" if layers[-1] else f"{LAYERS[1][0]}.csv"
    return Problem(problem.severity, problem.code, file, None, problem.column, problem.params)
