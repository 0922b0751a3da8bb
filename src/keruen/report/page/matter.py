"""What a report is made from, before any language: the run, its study, the days it looks at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

import pandas as pd

from keruen.errors import StudyError
from keruen.model import Model, read_study
from keruen.rail.line_capacity import Level
from keruen.study.forecast.store import forecast_beside
from keruen.study.pipeline import known_by
from keruen.study.store import Run

Row = Mapping[str, Any]

LEVELS: Final = tuple(level.value for level in Level)
"""Levels of capacity, the largest first."""


@dataclass(frozen=True)
class Matter:
    """A run with the study it was made from.

    Parameters
    ----------
    run : Run
        The run.
    model : Model
        Its study under its scenario, before any day.
    cells : mapping of str to int
        Cells of facts by confidence.
    """

    run: Run
    model: Model
    cells: Mapping[str, int]

    def table(self, name: str) -> pd.DataFrame:
        """A result table; an empty one without columns when the run lacks it."""
        return self.run.tables.get(name, pd.DataFrame())

    @property
    def years(self) -> range:
        """Years computed."""
        return self.model.settings.years

    @cached_property
    def first(self) -> Model:
        """The study on 1 July of the first year."""
        return self.model.in_year(self.years[0])

    @cached_property
    def last(self) -> Model:
        """The study on 1 July of the last year."""
        return self.model.in_year(self.years[-1])

    @cached_property
    def final(self) -> Model:
        """The study on the last day of the last year: everything decided that will ever open."""
        return self.model.at(date(self.years[-1], 12, 31))

    @cached_property
    def level(self) -> str:
        """Level at which the run sought the projects that lift a ladder."""
        ladders = self.table("ladders")
        if not ladders.empty:
            sought = ladders.loc[ladders["lifted_by"].notna(), "level"]
            if not sought.empty:
                return str(sought.iloc[0])
        return Level.AVAILABLE.value

    def model_of(self, table: str, row: str) -> Model | None:
        """A model in which a row exists: before any day, else when all is open; None if nowhere."""
        for candidate in (self.model, self.final):
            if table in candidate.tables and row in candidate[table].index:
                return candidate
        return None


def read_matter(run: Run) -> Matter:
    """Read the study that lies in a run folder, and the forecast where one lies there too.

    Raises
    ------
    StudyError
        When the copy of the study was damaged.
    FailedError
        When it is gone; when the forecast is damaged or of other inputs.
    """
    reading = read_study(run.study)
    if reading.model is None:
        raise StudyError(reading.errors)
    request = run.request
    as_of = request.as_of or reading.model.settings.as_of
    model = known_by(reading.model, as_of).under(request.scenario)
    known = forecast_beside(run)
    if known is not None:
        run = replace(run, tables={**run.tables, **known.tables})
    return Matter(run, model, reading.sources)


def rows(frame: pd.DataFrame) -> Iterator[Row]:
    """Rows of a frame as plain mappings; what is absent is None, whole numbers stay whole."""
    columns = [str(name) for name in frame.columns]
    for values in frame.itertuples(index=False, name=None):
        yield {name: plain(value) for name, value in zip(columns, values, strict=True)}


def plain(value: object) -> Any:  # noqa: ANN401  (a cell of any table)
    """Give a cell as Python knows it; NaN, NaT and NA become None.

    >>> plain(float("nan")) is None, plain(2.5)
    (True, 2.5)
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def words(text: str | None) -> tuple[str, ...]:
    """Split a cell that holds several ids.

    >>> words("a b"), words(None)
    (('a', 'b'), ())
    """
    return tuple((text or "").split())


def runs_of(values: Sequence[object]) -> list[tuple[int, int]]:
    """Group equal neighbours: first and last position of each run.

    >>> runs_of(["a", "a", "b"])
    [(0, 1), (2, 2)]
    """
    found: list[tuple[int, int]] = []
    for position, value in enumerate(values):
        if found and values[found[-1][0]] == value:
            found[-1] = (found[-1][0], position)
        else:
            found.append((position, position))
    return found
