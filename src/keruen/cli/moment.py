"""The day that a command looks at, and the study on that day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from keruen.cli.answer import Asked
from keruen.cli.options import one_moment
from keruen.cli.studies import find_study

if TYPE_CHECKING:
    from keruen.model import Model


def moment(base: Model, year: int | None, date: dt.date | None) -> dt.date:
    """The day asked for: ``--date``, 1 July of ``--year``, else the base date of the study."""
    if date is not None:
        return date
    return base.settings.base_date if year is None else dt.date(year, 7, 1)


def study_on_its_day(study: str, asked: Asked) -> tuple[Model, Asked]:
    """The study of an argument on the day asked for, under the scenario asked for.

    Returns
    -------
    Model, Asked
        The model of the day; what was asked, with that day unless a year was named.

    Raises
    ------
    UsageError
        When year and date are both given, or there is no such study or scenario.
    StudyError
        When the study has errors.
    """
    one_moment(asked.year, asked.date)
    folder = find_study(study)
    from keruen.study.pipeline import Request, prepare

    base, _ = prepare(Request(folder, asked.scenario))
    day = moment(base, asked.year, asked.date)
    return base.at(day), replace(asked, date=day if asked.year is None else None)
