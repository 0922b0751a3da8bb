"""Opening hours and weather: servers that stand still together, and the waits this makes.

Three waits are told apart, because only the first two are congestion:

* in the queue, for a server to become free of those ahead;
* behind closures, because what came while all was closed has to be worked off;
* closed on arrival: the rest of the spell in which one arrives.

Weather closes a port as a whole, at random, also while berths are empty, and work goes on
afterwards where it stopped (preemptive resume). With a share p of time closed, in spells of mean m
and scv s, open stretches exponential, availability A = 1 - p, utilisation rho of the open time::

    wait = wait of the same queue with service / A  +  p m (1 + s) / 2 * rho / (1 - rho)
         + p m (1 + s) / 2

For one server and random arrivals this is exact. It follows from the balance of the mean of the
work V waiting and of its square: with x the mean of V while open, ``x / A + (1 - A) load m (1 + s)
/ 2 = E[V]`` and ``load E[V] + rate E[S^2] / 2 = x``; the wait is ``E[V] / A`` and the rest of the
spell found. The first two terms equal the formula of Pollaczek and Khinchine with the effective
variability of Hopp and Spearman (:func:`effective_service`). For several servers that close
together it is exact when spells are long against service, and else on the safe side; how far is
stated at :func:`wait_with_closures`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from keruen.errors import require_range
from keruen.terminals.queueing import (
    ArrivalLimit,
    Servers,
    Wait,
    largest_utilisation,
    max_arrival_rate,
    mean_wait,
)
from keruen.units import HOURS_PER_DAY

_ALMOST_CLOSED: Final = 1.0 - 1e-9


class Spells(NamedTuple):
    """Closures that come at random and close all servers together.

    Parameters
    ----------
    closed_share : float
        Share of time closed.
    spell_h : float
        Mean length of a closure, hours.
    spell_scv : float
        Squared coefficient of variation of that length.
    """

    closed_share: float
    spell_h: float
    spell_scv: float = 1.0


NO_SPELLS: Final = Spells(0.0, 0.0)
"""Never closed."""


class EffectiveService(NamedTuple):
    """Service time as seen by a customer, standstills included.

    Parameters
    ----------
    service_h : float
        Mean, hours; infinite when always closed.
    service_scv : float
        Squared coefficient of variation.
    availability : float
        Share of time open.
    """

    service_h: float
    service_scv: float
    availability: float


class ClosureWait(NamedTuple):
    """Mean waits before service at servers that close, hours.

    Parameters
    ----------
    queue_h : float
        For those ahead to be served.
    behind_closures_h : float
        For what gathered during closures to be worked off.
    closed_on_arrival_h : float
        For the spell met on arrival to end.
    utilisation : float
        Share of the servers' open time in service.
    method : str
        Of the first, as in :class:`keruen.terminals.queueing.Wait`.
    """

    queue_h: float
    behind_closures_h: float
    closed_on_arrival_h: float
    utilisation: float
    method: str

    @property
    def congestion_h(self) -> float:
        """What more servers or fewer arrivals would shorten: all but the spell met on arrival."""
        return self.queue_h + self.behind_closures_h

    @property
    def total_h(self) -> float:
        """All waiting before service, hours."""
        return self.congestion_h + self.closed_on_arrival_h


def check_spells(spells: Spells) -> None:
    """Refuse spells that cannot be.

    Raises
    ------
    keruen.errors.RangeError
        If the share is outside 0..1, or a length or scv is negative.
    """
    require_range("closed_share", spells.closed_share, 0.0, 1.0)
    require_range("spell_h", spells.spell_h, 0.0)
    require_range("spell_scv", spells.spell_scv, 0.0)


def effective_service(
    service_h: float, service_scv: float, closures: Sequence[Spells]
) -> EffectiveService:
    """Mean and variability of service at one server under preemptive interruptions.

    ``t = t0 / A`` and ``c^2 = c0^2 + (1 + s) A (1 - A) m / t0``, one kind of closure after the
    other (Hopp and Spearman, Factory Physics, section 8.4, as quoted in public notes on it).

    Parameters
    ----------
    service_h, service_scv : float
        Natural mean, hours, and squared coefficient of variation.
    closures : sequence of Spells
        Kinds of closures, independent of each other.

    Returns
    -------
    EffectiveService
        As seen from outside.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    The book's two machines, both 15 min, c0^2 = 0.05 and three quarters available: the Hare fails
    rarely and long (248 min), the Tortoise often and shortly (38 min).

    >>> round(effective_service(15.0, 0.05, [Spells(0.25, 248.0)]).service_scv, 2)
    6.25
    >>> effective_service(15.0, 0.05, [Spells(0.25, 38.0)])
    EffectiveService(service_h=20.0, service_scv=1.0, availability=0.75)
    """
    require_range("service_h", service_h, 1e-12)
    require_range("service_scv", service_scv, 0.0)
    mean, scv, availability = service_h, service_scv, 1.0
    for spells in closures:
        check_spells(spells)
        if spells.closed_share > _ALMOST_CLOSED:
            return EffectiveService(math.inf, math.inf, 0.0)
        share_open = 1.0 - spells.closed_share
        inflation = (1.0 + spells.spell_scv) * share_open * spells.closed_share * spells.spell_h
        mean, scv = mean / share_open, scv + inflation / mean
        availability *= share_open
    return EffectiveService(mean, scv, availability)


def wait_with_closures(group: Servers, arrivals_per_h: float, spells: Spells) -> ClosureWait:
    """Mean waits at a group of servers that weather closes as a whole.

    Parameters
    ----------
    group : Servers
        Servers and their natural service; arrivals go on during closures.
    arrivals_per_h : float
        Arrival rate, hours closed included.
    spells : Spells
        The closures.

    Returns
    -------
    ClosureWait
        Its total is exact for one server with random arrivals. For several it is never below the
        exact solution of M/M/c with exponential spells, and above it by at most 0.3 of a service
        with its standstills (c = 2 to 6, utilisation 0.3 to 0.9, up to half the time closed, spells
        of 0.2 to 10 services, tests/oracles/test_interruptions.py): up to 35 % of a short wait,
        3 % or less at a utilisation of 0.9. The error is on the safe side.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    One berth, ships every 50 h served in 20 h, closed a fifth of the time in spells of 24 h:

    >>> wait = wait_with_closures(Servers(1, 20.0), 0.02, Spells(0.2, 24.0))
    >>> round(wait.queue_h, 2), round(wait.behind_closures_h, 2), wait.closed_on_arrival_h
    (25.0, 4.8, 4.800000000000001)
    """
    check_spells(spells)
    if spells.closed_share > _ALMOST_CLOSED:
        nobody = arrivals_per_h == 0.0
        return ClosureWait(0.0 if nobody else math.inf, 0.0, math.inf, math.inf, "unstable")
    stretched = group._replace(service_h=group.service_h / (1.0 - spells.closed_share))
    wait: Wait = mean_wait(stretched, arrivals_per_h)
    remaining = spells.closed_share * spells.spell_h * (1.0 + spells.spell_scv) / 2.0
    if math.isinf(wait.wait_h):
        return ClosureWait(math.inf, math.inf, remaining, wait.utilisation, wait.method)
    behind = remaining * wait.utilisation / (1.0 - wait.utilisation)
    return ClosureWait(wait.wait_h, behind, remaining, wait.utilisation, wait.method)


def max_arrival_rate_with_closures(
    group: Servers,
    acceptable_wait_share: float,
    spells: Spells = NO_SPELLS,
    hours_per_day: float = HOURS_PER_DAY,
) -> ArrivalLimit:
    """Largest arrival rate with bearable congestion at servers with opening hours and weather.

    Opening hours are a clock: arrivals are taken to come while the gate is open, so that a group
    open half the day handles half as much. Spells stand on the clock of the open hours.

    Parameters
    ----------
    group : Servers
        Servers and their natural service.
    acceptable_wait_share : float
        Mean congestion that users accept, :attr:`ClosureWait.congestion_h`, as a share of the
        natural mean service time. The spell met on arrival is nobody's congestion.
    spells : Spells
        Weather.
    hours_per_day : float
        Opening hours, 0 to 24.

    Returns
    -------
    ArrivalLimit
        Rate an hour of the whole year, closed hours included; the wait is the congestion.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    A berth that may be used to a fifth, then with 10 % of weather in spells of 12 h:

    >>> calm = max_arrival_rate_with_closures(Servers(1, 10.0), 0.25)
    >>> rough = max_arrival_rate_with_closures(Servers(1, 10.0), 0.25, Spells(0.1, 12.0))
    >>> round(calm.rate_per_h * 24, 3), round(rough.rate_per_h * 24, 3)
    (0.48, 0.365)
    """
    check_spells(spells)
    require_range("hours_per_day", hours_per_day, 0.0, HOURS_PER_DAY)
    require_range("acceptable_wait_share", acceptable_wait_share, 0.0)
    clock = hours_per_day / HOURS_PER_DAY
    if spells.closed_share == 0.0:
        calm = max_arrival_rate(*group, acceptable_wait_share)
        return calm._replace(rate_per_h=calm.rate_per_h * clock)
    mean_wait(group, 0.0)  # checks the ranges also of a group without servers
    if group.servers == 0 or spells.closed_share > _ALMOST_CLOSED:
        return ArrivalLimit(0.0, 0.0, 0.0, "none")
    limit = _limit(group, acceptable_wait_share, spells)
    return limit._replace(rate_per_h=limit.rate_per_h * clock)


@lru_cache(maxsize=8192)
def _limit(group: Servers, acceptable_wait_share: float, spells: Spells) -> ArrivalLimit:
    """Limit while open; kept, since months and years repeat the same groups and weather."""
    most_per_h = group.servers / group.service_h * (1.0 - spells.closed_share)

    def excess(utilisation: float) -> float:
        wait = wait_with_closures(group, utilisation * most_per_h, spells)
        return wait.congestion_h - acceptable_wait_share * group.service_h

    utilisation = largest_utilisation(excess)
    found = wait_with_closures(group, utilisation * most_per_h, spells)
    return ArrivalLimit(utilisation * most_per_h, utilisation, found.congestion_h, found.method)
