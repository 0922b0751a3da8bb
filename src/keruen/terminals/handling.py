"""Berths, cranes, gauge-change tracks and border posts: units a year at a bearable wait.

A group is counted in its own unit (vessels, trains, trucks); what a unit carries turns that into
tonnes and containers. Weather differs by month, so the year is the sum of its months.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from keruen.errors import require_range
from keruen.terminals.interruptions import Spells, max_arrival_rate_with_closures
from keruen.terminals.queueing import ArrivalLimit, Servers
from keruen.units import DAYS_PER_YEAR, HOURS_PER_DAY

MONTH_DAYS: Final = (31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0)
"""Days of the months of a common year."""


class Weather(NamedTuple):
    """Closures of a site over the year.

    Parameters
    ----------
    closed_share : sequence of float, 12
        Share of each month closed, January first.
    spell_h : float
        Mean length of a closure, hours.
    spell_scv : float
        Its squared coefficient of variation.
    """

    closed_share: Sequence[float]
    spell_h: float
    spell_scv: float = 1.0


FAIR: Final = Weather((0.0,) * 12, 0.0)
"""Never closed."""


class HandlingCapacity(NamedTuple):
    """What a group of servers handles in a year.

    Parameters
    ----------
    units_per_year : float
        Sum of the months: traffic that follows the weather.
    even_units_per_year : float
        The worst month all year long: traffic that comes evenly.
    worst_month : int
        1 to 12; of equal months the first.
    months : tuple of ArrivalLimit, 12
        Limit of each month: rate an hour, utilisation, wait.
    """

    units_per_year: float
    even_units_per_year: float
    worst_month: int
    months: tuple[ArrivalLimit, ...]

    @property
    def utilisation(self) -> float:
        """Share of open time in service at the limit, mean of the year by days."""
        busy = zip(self.months, MONTH_DAYS, strict=True)
        return sum(month.utilisation * days for month, days in busy) / DAYS_PER_YEAR


class Lot(NamedTuple):
    """What one unit brings and takes, both ways of the call together.

    Parameters
    ----------
    tonnes : float
        Net tonnes.
    teu : float
        Containers, TEU.
    """

    tonnes: float
    teu: float


def handling_time_h(lot: float, moves_per_h: float, fixed_h: float = 0.0) -> float:
    """Time one unit occupies a server: a fixed part and its lot at the handling rate.

    Parameters
    ----------
    lot : float
        Moves, tonnes or containers to handle.
    moves_per_h : float
        Rate of the server, all its cranes together, in the unit of the lot.
    fixed_h : float
        Mooring, coupling, papers: hours.

    Returns
    -------
    float
        Hours.

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative or the rate not positive.

    Examples
    --------
    150 containers off and 150 on with two cranes of 15 moves an hour, 3 h of mooring:

    >>> handling_time_h(300.0, 30.0, 3.0)
    13.0
    """
    require_range("lot", lot, 0.0)
    require_range("moves_per_h", moves_per_h, 1e-12)
    require_range("fixed_h", fixed_h, 0.0)
    return fixed_h + lot / moves_per_h


def handling_capacity(
    group: Servers,
    acceptable_wait_share: float,
    weather: Weather = FAIR,
    hours_per_day: float = HOURS_PER_DAY,
) -> HandlingCapacity:
    """Units a year that a group handles at a bearable wait.

    Parameters
    ----------
    group : Servers
        Servers, service and arrivals.
    acceptable_wait_share : float
        Mean congestion users accept, as a share of the mean service time.
    weather : Weather
        Closures by month.
    hours_per_day : float
        Opening hours.

    Returns
    -------
    HandlingCapacity
        By month and year.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range or the months are not twelve.

    Examples
    --------
    One berth, 10 h a ship, random; a quarter of a service to wait allows a fifth of the time:

    >>> round(handling_capacity(Servers(1, 10.0), 0.25).units_per_year, 3)
    175.2
    """
    shares = tuple(weather.closed_share)
    require_range("months", len(shares), 12.0, 12.0)
    limits: dict[float, ArrivalLimit] = {}
    for share in shares:
        if share not in limits:
            spells = Spells(share, weather.spell_h, weather.spell_scv)
            limits[share] = max_arrival_rate_with_closures(
                group, acceptable_wait_share, spells, hours_per_day
            )
    months = tuple(limits[share] for share in shares)
    rates = [month.rate_per_h for month in months]
    total = sum(rate * days for rate, days in zip(rates, MONTH_DAYS, strict=True)) * HOURS_PER_DAY
    worst = min(range(12), key=rates.__getitem__)
    even = rates[worst] * HOURS_PER_DAY * DAYS_PER_YEAR
    return HandlingCapacity(total, even, worst + 1, months)


def handled_per_year(units_per_year: float, lot: Lot) -> Lot:
    """Tonnes and containers a year from units a year.

    Parameters
    ----------
    units_per_year : float
        Vessels, trains or trucks.
    lot : Lot
        What one brings and takes.

    Returns
    -------
    Lot
        A year's.

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative.

    Examples
    --------
    >>> handled_per_year(100.0, Lot(2_000.0, 150.0))
    Lot(tonnes=200000.0, teu=15000.0)
    """
    require_range("units_per_year", units_per_year, 0.0)
    require_range("lot_t", lot.tonnes, 0.0)
    require_range("lot_teu", lot.teu, 0.0)
    return Lot(units_per_year * lot.tonnes, units_per_year * lot.teu)
