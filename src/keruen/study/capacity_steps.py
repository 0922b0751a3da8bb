"""When the capacity of an element changes over the years, and which openings it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.registry import Capacities
from keruen.capacity.reuse import rows_of
from keruen.model import Model
from keruen.model.cells import as_date
from keruen.model.draws import FloatArray, UncertainCell
from keruen.units import DAYS_PER_YEAR

_SAME: Final = 1e-12


class Event(NamedTuple):
    """A change of a decided project that takes effect on a day.

    Parameters
    ----------
    day : int
        Ordinal of the day as the study tells it.
    column : int
        Place among the drawn days; -1 when its day is not drawn.
    project : int
        Position of the project.
    """

    day: int
    column: int
    project: int


class Step(NamedTuple):
    """What an element gains from one year to the next with everything at its mode.

    Parameters
    ----------
    element : int
        Position of the element.
    gain : ndarray of float, shape (measures,)
        Of the logarithms.
    year : int
        Position of the year in which it shows.
    events : tuple of Event
        All of which have to be in effect; none when it comes with time alone.
    """

    element: int
    gain: FloatArray
    year: int
    events: tuple[Event, ...]


class Timeline(NamedTuple):
    """Steps of all elements.

    Parameters
    ----------
    days : tuple of int
        Ordinal of the day looked at in each year.
    steps : tuple of Step
        By element and year.
    day_columns : ndarray of int
        Columns of draws that hold days of events.
    """

    days: tuple[int, ...]
    steps: tuple[Step, ...]
    day_columns: NDArray[np.intp]

    def over_years(
        self, before: FloatArray, after: FloatArray, drawn: FloatArray, delays: FloatArray | None
    ) -> FloatArray:
        """Logarithms by year, from those of the first day and those of the last.

        Before the first opening of an element it is as on the first day; from then on as on the
        last day, less the gains of what is not open yet.

        Parameters
        ----------
        before, after : ndarray of float, shape (draws, elements, measures)
            On the first and on the last day.
        drawn : ndarray of float, shape (draws, day columns)
            Drawn days.
        delays : ndarray of float, shape (draws, projects), or None
            Years by which projects are later.

        Returns
        -------
        ndarray of float, shape (draws, years, elements, measures)
        """
        draws, _, _ = before.shape
        logs = np.repeat(before[:, None], len(self.days), axis=1)
        by_element: dict[int, list[Step]] = {}
        for step in self.steps:
            by_element.setdefault(step.element, []).append(step)
        for element, steps in by_element.items():
            is_open = [self._is_open(step, draws, drawn, delays) for step in steps]
            waits = [known for known, step in zip(is_open, steps, strict=True) if step.events]
            begun = np.any(waits, axis=0) if waits else np.zeros((draws, len(self.days)), bool)
            begun = begun[..., None]
            forward = np.repeat(before[:, None, element], len(self.days), axis=1)
            backward = np.repeat(after[:, None, element], len(self.days), axis=1)
            for known, step in zip(is_open, steps, strict=True):
                forward += known[..., None] * step.gain
                backward -= ~known[..., None] * step.gain
            logs[:, :, element] = np.where(begun, backward, forward)
        return logs

    def _is_open(
        self, step: Step, draws: int, drawn: FloatArray, delays: FloatArray | None
    ) -> NDArray[np.bool_]:
        """Whether all that a step waits for is in effect, by draw and year."""
        days = np.array(self.days)
        if not step.events:
            return np.tile(np.arange(len(days)) >= step.year, (draws, 1))
        ready = np.full(draws, -np.inf)
        for event in step.events:
            day = np.full(draws, float(event.day)) if event.column < 0 else drawn[:, event.column]
            late = 0.0 if delays is None else delays[:, event.project] * DAYS_PER_YEAR
            ready = np.maximum(ready, day + late)
        return ready[:, None] <= days[None, :]


def timeline(
    base: Model,
    known: Sequence[Capacities],
    elements: Sequence[tuple[str, str, str]],
    logs: Sequence[FloatArray],
    cells: Sequence[UncertainCell],
) -> Timeline:
    """Compare each year with the one before it, and find which openings made the difference.

    Parameters
    ----------
    base : Model
        The study before any day.
    known : sequence of Capacities
        Of the day looked at in each year, in which every element is worked out.
    elements : sequence of (str, str, str)
        Table, row, direction.
    logs : sequence of ndarray of float, shape (elements, measures)
        Logarithms of each year.
    cells : sequence of UncertainCell
        Columns of draws.

    Returns
    -------
    Timeline
    """
    columns = {cell.key: place for place, cell in enumerate(cells)}
    used: dict[int, int] = {}
    changes = _changes(base, columns, used)
    days = [(capacities.model.on or date.min).toordinal() for capacities in known]
    steps = []
    for year in range(1, len(known)):
        gains = np.nan_to_num(logs[year] - logs[year - 1])
        for place in np.flatnonzero((np.abs(gains) > _SAME).any(axis=1)).tolist():
            table, row, _ = elements[place]
            rests_on = {(table, row)}
            for capacities in known[year - 1 : year + 1]:
                records = capacities.of(table, row)
                rests_on |= rows_of(entry for record in records for entry in record.inputs)
            events = {
                event
                for touched in rests_on
                for event in changes.get(touched, ())
                if days[year - 1] < event.day <= days[year]
            }
            steps.append(Step(place, gains[place], year, tuple(sorted(events))))
    steps.sort(key=lambda step: (step.element, step.year))
    return Timeline(tuple(days), tuple(steps), np.array(list(used), dtype=np.intp))


def _changes(
    base: Model, columns: Mapping[tuple[str, str, str], int], used: dict[int, int]
) -> dict[tuple[str, str], list[Event]]:
    """Events by the row that they change; ``used`` numbers the columns of drawn days."""
    projects = base["projects"]
    place = {str(project): number for number, project in enumerate(projects.index)}
    opening = {str(row): as_date(day) for row, day in projects["open_date"].items()}
    found: dict[tuple[str, str], list[Event]] = {}
    lines = base["project_changes"]
    named = (lines[name].tolist() for name in ("project", "table", "row", "date"))
    for line, project, table, row, day in zip(lines.index, *named, strict=True):
        own = as_date(day)
        when = own or opening[project]
        if when is None or project in base.opened:
            continue
        told = ("projects", project, "open_date")
        cell = told if own is None else ("project_changes", str(line), "date")
        column = -1
        if cell in columns:
            column = used.setdefault(columns[cell], len(used))
        found.setdefault((table, row), []).append(Event(when.toordinal(), column, place[project]))
    return found
