"""How the capacity of every element answers to draws, worked out once instead of for each draw.

The logarithm of a capacity is taken as a sum: its value with everything at its mode, and for each
uncertain number what moving that number alone would add, a straight line in the number's logarithm
between mode and either end. Alternatives (one track or two, one block or another) are not added up:
every combination of an element's own is worked out, with responses of its own. What this leaves
out, and how far it is off, is told in ``docs/explanation/draws.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.model import Model
from keruen.model.draws import FloatArray, UncertainCell, dimensions
from keruen.model.provenance import CellKey
from keruen.rail.line_capacity import Level
from keruen.study.capacity_branches import State, Work
from keruen.study.capacity_moves import Judgements, Key
from keruen.study.capacity_parts import (
    MEASURES,
    Element,
    all_parts,
    amount,
    element_capacities,
    elements_over,
    logs_of,
)
from keruen.study.capacity_steps import Timeline, timeline
from keruen.study.metrics import Days

__all__ = ["LEAST_LEFT", "Response", "capacity_response", "element_capacities"]

LEAST_LEFT: Final = 0.1
"""Part of the trains of a section that is left beside the background in any draw; assumed. No draw
leaves less than that, unless the section leaves less with everything at its mode: freight that runs
through was seen on these lines, beside the background that is there."""
_GROSS: Final = MEASURES.index("gross_native")
_REMOVED: Final = MEASURES.index("removed")


@dataclass(frozen=True, slots=True)
class Response:
    """Capacities as a function of draws.

    Parameters
    ----------
    elements : tuple of (str, str, str)
        Table, row, direction.
    years : tuple of int
        Years.
    cells : tuple of UncertainCell
        Columns of draws.
    not_moved : tuple of (str, str, str)
        Judgements, told by one cell of each, an end of which some element cannot be worked out at;
        they do not move those.
    """

    elements: tuple[Element, ...]
    years: tuple[int, ...]
    cells: tuple[UncertainCell, ...]
    not_moved: tuple[CellKey, ...]
    _columns: NDArray[np.intp]
    _first: State
    _last: State
    _timeline: Timeline

    def modes(self) -> FloatArray:
        """The draw with everything at its mode, shape (1, cells)."""
        return np.array([[cell.number(cell.mode) for cell in self.cells]])

    def capacities(
        self,
        values: FloatArray,
        delays: FloatArray | None = None,
        measure: str = "native",
        left: float = 0.0,
    ) -> FloatArray:
        """Capacities a year at the level asked for.

        Parameters
        ----------
        values : ndarray of float, shape (draws, cells)
            As :func:`keruen.model.draws.sample` gives them.
        delays : ndarray of float, shape (draws, projects), optional
            Years by which projects open later, in the order of ``projects``.
        measure : str
            ``native``, ``teu`` or ``t``.
        left : float
            Least part of the trains of a section that background trains drawn high leave to others,
            or what they leave with everything at its mode, where that is less.

        Returns
        -------
        ndarray of float, shape (draws, years, elements)
            0 where an element is not in service, infinite where nothing limits it, NaN where the
            measure is not defined.
        """
        before = self._logs(self._first, values)
        after = self._logs(self._last, values)
        logs = self._timeline.over_years(before, after, self._columns_of_days(values), delays)
        if measure != "native":
            return amount(logs[..., MEASURES.index(measure)])
        gross, removed = amount(logs[..., _GROSS]), amount(logs[..., _REMOVED])
        if left > 0.0:
            share = np.maximum(1.0 - self._left_at_modes(), 1.0 - left)
            removed = np.minimum(removed, gross * share)
        return np.maximum(gross - removed, 0.0)

    def _left_at_modes(self) -> FloatArray:
        """Part of the trains of each element that is left with everything at its mode."""
        modes = self.modes()
        before, after = self._logs(self._first, modes), self._logs(self._last, modes)
        logs = self._timeline.over_years(before, after, self._columns_of_days(modes), None)
        gross, removed = amount(logs[..., _GROSS]), amount(logs[..., _REMOVED])
        known = np.isfinite(gross) & (gross > 0.0)
        left = 1.0 - removed / np.where(known, gross, 1.0)
        return np.where(known, np.maximum(left, 0.0), 1.0)

    def believed(
        self, values: FloatArray, moved: FloatArray | float = 0.0, left: float = LEAST_LEFT
    ) -> FloatArray:
        """Draws without the alternatives that the trains of their own lines rule out.

        A line's tracks and block are drawn apart from the trains that run there. A line of one
        track cannot carry those of a trunk line of two: where not even the least background leaves
        room for what moved besides, the alternatives of an element are as the study states them,
        and with them those of all that share the judgement.

        Parameters
        ----------
        values : ndarray of float, shape (draws, cells)
            As :func:`keruen.model.draws.sample` gives them.
        moved : ndarray of float, shape (elements,)
            Native units a year that are known to have moved besides the background.
        left : float
            Least part of the trains of a section that is left beside the background.

        Returns
        -------
        ndarray of float, shape (draws, cells)
        """
        found = values.copy()
        _, follows = dimensions(self.cells)
        of_cell = np.array(follows)
        for state in (self._first, self._last):
            gross = amount(self._logs(state, found)[..., _GROSS])
            least = amount(self._least_background(state, found))
            chosen = self._chosen(state, found)
            narrow = (least > 0.0) & (gross - least < np.maximum(moved, left * gross))
            for colour in range(state.choosers.shape[1]):
                choosers = state.choosers[:, colour]
                out = narrow & (chosen[..., colour] > 0)
                for judgement in np.unique(choosers[out.any(axis=0)]).tolist():
                    draws = out[:, choosers == judgement].any(axis=1)
                    columns = of_cell == of_cell[self._columns[judgement]]
                    found[np.ix_(draws, columns)] = 0.0
        return found

    def _least_background(self, state: State, values: FloatArray) -> FloatArray:
        """Logarithms (draws, elements) of the background with all that moves it at its least."""
        chosen = self._chosen(state, values)
        found = np.full(chosen.shape[:2], -np.inf)
        for combination, branch in state.branches.items():
            here = (chosen == np.array(combination, dtype=np.intp)).all(axis=2)
            ends = branch.low[_REMOVED].minimum(branch.high[_REMOVED])
            least = branch.base[:, _REMOVED] + np.asarray(ends.minimum(0.0).sum(axis=0)).ravel()
            found[here] = np.broadcast_to(least, found.shape)[here]
        return found

    def _chosen(self, state: State, values: FloatArray) -> NDArray[np.intp]:
        """Alternatives drawn, by draw, element and colour."""
        chosen = np.zeros((len(values), len(self.elements), state.choosers.shape[1]), np.intp)
        for colour in range(state.choosers.shape[1]):
            judgement = state.choosers[:, colour]
            has = judgement >= 0
            chosen[:, has, colour] = values[:, self._columns[judgement[has]]].astype(np.intp)
        return chosen

    def _columns_of_days(self, values: FloatArray) -> FloatArray:
        return values[:, self._timeline.day_columns]

    def _logs(self, state: State, values: FloatArray) -> FloatArray:
        """Logarithms (draws, elements, measures) on the day of a state."""
        towards_low, towards_high = self._shares(values)
        chosen = self._chosen(state, values)
        logs = np.empty((len(values), len(self.elements), len(MEASURES)))
        for combination, branch in state.branches.items():
            here = (chosen == np.array(combination, dtype=np.intp)).all(axis=2)
            if not here.any():
                continue
            for measure in range(len(MEASURES)):
                moved = towards_low @ branch.low[measure] + towards_high @ branch.high[measure]
                logs[..., measure][here] = (branch.base[:, measure] + moved)[here]
        return logs

    def _shares(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """How far each judgement has gone from its mode to its low and to its high, 0 to 1."""
        low = np.zeros((len(values), len(self._columns)))
        high = np.zeros_like(low)
        for position, column in enumerate(self._columns):
            cell = self.cells[column]
            drawn = values[:, column]
            if cell.alternatives:
                high[:, position] = drawn > 0.0
                continue
            ends = np.array([cell.number(t) for t in (cell.low, cell.mode, cell.high)])
            if ends[0] > 0.0:
                drawn, ends = np.log(drawn), np.log(ends)
            down, up = ends[1] - ends[0], ends[2] - ends[1]
            if down > 0.0:
                low[:, position] = np.clip((ends[1] - drawn) / down, 0.0, 1.0)
            if up > 0.0:
                high[:, position] = np.clip((drawn - ends[1]) / up, 0.0, 1.0)
        return low, high


def capacity_response(
    base: Model,
    days: Days,
    years: Sequence[int],
    cells: Sequence[UncertainCell],
    tell: Callable[[float], None] = lambda _: None,
    level: Level = Level.AVAILABLE,
    part: tuple[int, int] = (0, 1),
) -> Response:
    """Work out how capacities answer to draws.

    Parameters
    ----------
    base : Model
        The study before any day.
    days : callable
        Its capacities by day.
    years : sequence of int
        Years, rising; 1 July of each is looked at.
    cells : sequence of UncertainCell
        Columns of the draws to come.
    tell : callable
        Told the share done.
    level : Level
        Level of the capacities.
    part : tuple of int
        Which of how many parts of the elements, so that several processes share the work.

    Returns
    -------
    Response

    Raises
    ------
    FailedError
        When an element cannot be worked out with everything at its mode.
    """
    dates = [date(year, 7, 1) for year in years]
    judgements = Judgements(base, cells)
    states = [all_parts(days(day), level) for day in dates]
    elements = elements_over(states)
    only = None
    if part[1] > 1:
        only = share_of_work(elements, days(dates[-1]).model, part)
        elements = tuple(one for one in elements if one[:2] in only)
    logs = [logs_of(state, elements) for state in states]
    line = timeline(base, [days(day) for day in dates], elements, logs, cells)
    failed: set[CellKey] = set()
    found: list[State] = []
    idle: set[int] = set()
    waiting = {elements[one.element][:2] for one in line.steps if one.events}
    for step, (day, wanted) in enumerate(((dates[0], only), (dates[-1], waiting))):
        work = Work(days(day), judgements, elements, level, failed)
        work.keep(wanted)
        work.idle = idle
        found.append(work.state(_part_of(tell, step)))
    return Response(
        elements,
        tuple(years),
        tuple(cells),
        tuple(sorted(failed)),
        np.array(judgements.columns, dtype=np.intp),
        found[0],
        found[1],
        line,
    )


def _part_of(tell: Callable[[float], None], part: int) -> Callable[[float], None]:
    """Tell the share of one of two parts."""
    return lambda done: tell((part + done) / 2.0)


def share_of_work(elements: Sequence[Element], model: Model, part: tuple[int, int]) -> set[Key]:
    """Tables and rows of one of several parts of about the same work.

    Sections of a line stay together, since a line is read as a whole.

    Parameters
    ----------
    elements : sequence of Element
        All elements.
    model : Model
        Of a day, that knows the lines of sections.
    part : tuple of int
        Which of how many parts.
    """
    sections = model["sections"]
    lines = dict(sections["line"]) if "line" in sections.columns else {}
    groups: dict[Key, set[Key]] = {}
    for table, row, _ in elements:
        line = lines.get(row) if table == "sections" else None
        group = ("lines", str(line)) if line else (table, row)
        groups.setdefault(group, set()).add((table, row))
    weights, parts = [0] * part[1], [set[Key]() for _ in range(part[1])]
    for group in sorted(groups, key=lambda one: (-len(groups[one]), one)):
        lightest = weights.index(min(weights))
        parts[lightest] |= groups[group]
        weights[lightest] += len(groups[group]) * (_OF_SECTION if group[0] == "lines" else 1)
    return parts[part[0]]


_OF_SECTION: Final = 4
"""Work of a section, where that of another element is one."""
