from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from keruen.cli.answer import Asked
from keruen.cli.moment import moment, study_on_its_day
from keruen.errors import UsageError
from support.tiny_study import tiny_model, tiny_tables, write_tiny

DAY = dt.date(2026, 3, 4)


def test_a_date_goes_before_a_year_and_a_year_before_the_base_date(tmp_path: Path) -> None:
    base = tiny_model(tmp_path, tiny_tables())
    assert moment(base, 2026, DAY) == DAY
    assert moment(base, 2026, None) == dt.date(2026, 7, 1)
    assert moment(base, None, None) == base.settings.base_date


@pytest.mark.parametrize(
    ("year", "date", "on", "told"),
    [
        (None, DAY, DAY, DAY),
        (2026, None, dt.date(2026, 7, 1), None),
    ],
)
def test_the_study_is_that_of_the_day_and_the_day_is_told_unless_a_year_is(
    tmp_path: Path, year: int | None, date: dt.date | None, on: dt.date, told: dt.date | None
) -> None:
    study = str(write_tiny(tmp_path / "way", tiny_tables()))
    model, known = study_on_its_day(study, Asked("rail run", year=year, date=date))
    assert (model.on, known.date, known.year) == (on, told, year)


def test_two_moments_are_refused_before_the_study_is_looked_for() -> None:
    with pytest.raises(UsageError) as caught:
        study_on_its_day("nowhere", Asked("rail run", year=2026, date=DAY))
    assert caught.value.problems[0].code == "year_and_date"
