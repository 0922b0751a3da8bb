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

import numpy as np
from numpy.typing import NDArray

from keruen.model import Model
from keruen.model.draws import FloatArray, UncertainCell
from keruen.model.provenance import CellKey
from keruen.rail.line_capacity import Level
from keruen.study.capacity_branches import State, Work
from keruen.study.capacity_moves import Judgements
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

__all__ = ["Response", "capacity_response", "element_capacities"]


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

    def capacities(
        self, values: FloatArray, delays: FloatArray | None = None, measure: str = "native"
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

        Returns
        -------
        ndarray of float, shape (draws, years, elements)
            0 where an element is not in service, infinite where nothing limits it, NaN where the
            measure is not defined.
        """
        before = self._logs(self._first, values)
        after = self._logs(self._last, values)
        logs = self._timeline.over_years(before, after, self._columns_of_days(values), delays)
        if measure == "native":
            return np.maximum(amount(logs[..., 0]) - amount(logs[..., 1]), 0.0)
        return amount(logs[..., MEASURES.index(measure)])

    def _columns_of_days(self, values: FloatArray) -> FloatArray:
        return values[:, self._timeline.day_columns]

    def _logs(self, state: State, values: FloatArray) -> FloatArray:
        """Logarithms (draws, elements, measures) on the day of a state."""
        towards_low, towards_high = self._shares(values)
        chosen = np.zeros((len(values), len(self.elements), state.choosers.shape[1]), np.intp)
        for colour in range(state.choosers.shape[1]):
            judgement = state.choosers[:, colour]
            has = judgement >= 0
            places = values[:, self._columns[judgement[has]]].astype(np.intp)
            chosen[:, has, colour] = places
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
    logs = [logs_of(state, elements) for state in states]
    line = timeline(base, [days(day) for day in dates], elements, logs, cells)
    failed: set[CellKey] = set()
    found: list[State] = []
    idle: set[int] = set()
    waiting = {elements[step.element][:2] for step in line.steps if step.events}
    for part, (day, wanted) in enumerate(((dates[0], None), (dates[-1], waiting))):
        work = Work(days(day), judgements, elements, level, failed)
        work.keep(wanted)
        work.idle = idle
        found.append(work.state(_part_of(tell, part)))
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
