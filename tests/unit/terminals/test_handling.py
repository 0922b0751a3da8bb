from __future__ import annotations

import pytest

from keruen.errors import RangeError
from keruen.terminals.handling import (
    MONTH_DAYS,
    Lot,
    Weather,
    handled_per_year,
    handling_capacity,
    handling_time_h,
)
from keruen.terminals.interruptions import Spells, max_arrival_rate_with_closures
from keruen.terminals.queueing import Servers, max_arrival_rate

GROUP = Servers(2, 18.0, 0.5, 1.0)
WINDY = Weather((0.3, 0.3, 0.2, 0.1, 0.1, 0.0, 0.0, 0.0, 0.1, 0.2, 0.5, 0.5), 30.0)


def test_the_year_is_the_sum_of_its_months() -> None:
    year = handling_capacity(GROUP, 0.4, WINDY)
    total = 0.0
    for share, days in zip(WINDY.closed_share, MONTH_DAYS, strict=True):
        month = max_arrival_rate_with_closures(GROUP, 0.4, Spells(share, 30.0))
        total += month.rate_per_h * 24.0 * days
    assert year.units_per_year == pytest.approx(total)
    assert year.worst_month == 11
    november = max_arrival_rate_with_closures(GROUP, 0.4, Spells(0.5, 30.0))
    assert year.even_units_per_year == pytest.approx(november.rate_per_h * 8760.0)
    assert year.months[5].rate_per_h == max_arrival_rate(*GROUP, 0.4).rate_per_h


def test_a_fair_year_is_even() -> None:
    year = handling_capacity(GROUP, 0.4)
    assert year.even_units_per_year == pytest.approx(year.units_per_year)
    assert year.utilisation == pytest.approx(max_arrival_rate(*GROUP, 0.4).utilisation)


def test_opening_hours_scale_the_year() -> None:
    whole = handling_capacity(GROUP, 0.4, WINDY).units_per_year
    assert handling_capacity(GROUP, 0.4, WINDY, 18.0).units_per_year == pytest.approx(0.75 * whole)


def test_a_group_without_servers() -> None:
    year = handling_capacity(GROUP._replace(servers=0), 0.4, WINDY)
    assert (year.units_per_year, year.utilisation, year.worst_month) == (0.0, 0.0, 1)


def test_lots_and_handling_times() -> None:
    assert handling_time_h(0.0, 20.0, 2.0) == 2.0
    assert handling_time_h(110.0, 22.0) == pytest.approx(5.0)
    assert handled_per_year(0.0, Lot(1.0, 1.0)) == (0.0, 0.0)


def test_impossible_numbers_are_refused() -> None:
    with pytest.raises(RangeError):
        handling_capacity(GROUP, 0.4, Weather((0.1,) * 11, 10.0))
    with pytest.raises(RangeError):
        handling_capacity(GROUP, 0.4, Weather((1.1,) * 12, 10.0))
    with pytest.raises(RangeError):
        handling_time_h(10.0, 0.0)
    with pytest.raises(RangeError):
        handled_per_year(-1.0, Lot(1.0, 1.0))
