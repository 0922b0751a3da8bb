"""Servers with opening hours, weather and an accepted wait: berths, cranes and borders alike."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

from keruen.capacity.reader import ElementReader
from keruen.rail.line_capacity import Level
from keruen.terminals.handling import FAIR, MONTH_DAYS, Weather, handling_capacity
from keruen.terminals.queueing import Servers
from keruen.units import DAYS_PER_YEAR, HOURS_PER_YEAR

_WITH_WAIT: Final = (
    "sum over months of the largest arrival rate"
    " with mean wait <= acceptable_wait_share * service_h"
)
FORMULAS: Final = MappingProxyType(
    {
        Level.MAXIMAL: "8760 * servers / service_h",
        Level.AVAILABLE: _WITH_WAIT,
        Level.PRACTICAL: _WITH_WAIT,
    }
)
"""Formula by level, units a year."""


class Throughput(NamedTuple):
    """What a group of servers can take at a level.

    Parameters
    ----------
    per_year : float
        Units a year.
    utilisation : float
        Share of the open time that servers are busy.
    limit : str
        Code of what binds.
    """

    per_year: float
    utilisation: float
    limit: str


def read_servers(reader: ElementReader, arrival_stages: float) -> Servers:
    """Servers of an element: number, service time and its stages."""
    stages = reader.number("service_stages")
    return Servers(
        int(reader.number("servers")),
        reader.number("service_h"),
        1.0 / stages,
        1.0 / arrival_stages,
    )


def read_weather(reader: ElementReader, terminal: str) -> Weather:
    """Closures by month at a terminal; fair weather where it has no weather site."""
    if not terminal:
        return FAIR
    site = reader.word("weather_site", "terminals", terminal)
    if not site:
        return FAIR
    spell = reader.number("spell_h", "weather_sites", site)
    shares = [
        reader.number("closed_share", "closures", f"{site}/{month}") for month in range(1, 13)
    ]
    return Weather(shares, spell)


def mean_closed_share(weather: Weather) -> float:
    """Share of the year closed, months weighed by their days.

    >>> mean_closed_share(Weather([0.1] * 12, 24.0))
    0.1
    """
    weighed = (share * days for share, days in zip(weather.closed_share, MONTH_DAYS, strict=True))
    return round(sum(weighed) / DAYS_PER_YEAR, 12)


def throughput(
    reader: ElementReader, servers: Servers, weather: Weather, level: Level
) -> Throughput:
    """Units a year that a group of servers takes.

    Parameters
    ----------
    reader : ElementReader
        At the element; opening hours and accepted wait are read from it.
    servers : Servers
        The group.
    weather : Weather
        Closures by month.
    level : Level
        maximal: every hour of the year; available and practical: as many as wait no longer than
        accepted, with opening hours and weather. The accepted wait is a reserve already.

    Returns
    -------
    Throughput
    """
    most = HOURS_PER_YEAR * servers.servers / servers.service_h
    if level is Level.MAXIMAL:
        return Throughput(most, 1.0, "service_time")
    hours = reader.number("hours_per_day")
    accepted = reader.number("acceptable_wait_share")
    found = handling_capacity(servers, accepted, weather, hours)
    limit = "weather_and_wait" if weather is not FAIR else "accepted_wait"
    return Throughput(found.units_per_year, found.utilisation, limit)
