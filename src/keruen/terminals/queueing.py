"""Waiting before a group of equal servers, and how much may arrive before the wait is too long.

Berths, cranes, gauge-change tracks, border posts: customers arrive with some spread, are served by
any free one of c servers, first come first served. What a planner calls capacity is the largest
arrival rate at which the mean wait stays bearable, not a fixed utilisation.

Times are described by their mean and squared coefficient of variation (scv, variance over squared
mean): 1 is random (exponential), 1/k Erlang with k stages, 0 perfectly regular.

Three ways lead to the mean wait, in this order; :attr:`Wait.method` names the one taken:

``exact``          M/G/1, and E_j/E_k/c up to a size (:mod:`keruen.terminals.erlang_queue`)
``interpolated``   scv between those of two Erlang numbers: linear between their exact waits
``approximation``  the rest: :func:`approximate_wait_ratio`, its errors stated there
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from scipy.optimize import brentq

from keruen.errors import require_range
from keruen.terminals.erlang_queue import MAX_STATES, ErlangQueue, level_states, wait_ratio

_SAME: Final = 1e-9
_SATURATED: Final = 1.0 - 1e-9
_IDLE: Final = 1e-9


class Servers(NamedTuple):
    """A group of equal servers and what comes to it.

    Parameters
    ----------
    servers : int
        Servers; 0 where there are none.
    service_h : float
        Mean time one customer occupies a server, hours.
    service_scv : float
        Squared coefficient of variation of that time.
    arrival_scv : float
        Squared coefficient of variation of the times between arrivals.
    """

    servers: int
    service_h: float
    service_scv: float = 1.0
    arrival_scv: float = 1.0


class Wait(NamedTuple):
    """Mean wait of customers before their service.

    Parameters
    ----------
    wait_h : float
        Hours; infinite when more comes than can be served.
    utilisation : float
        Share of the servers' time in service; 1 or more means no steady state.
    method : str
        ``exact``, ``interpolated``, ``approximation``, or ``unstable``.
    """

    wait_h: float
    utilisation: float
    method: str


class ArrivalLimit(NamedTuple):
    """The most that may arrive at a bearable wait.

    Parameters
    ----------
    rate_per_h : float
        Customers an hour.
    utilisation : float
        Share of the servers' time in service at that rate.
    wait_h : float
        Mean wait at that rate, hours.
    method : str
        As in :class:`Wait`; ``none`` without a server.
    """

    rate_per_h: float
    utilisation: float
    wait_h: float
    method: str


def erlang_c(servers: int, offered_load: float) -> float:
    """Probability that an arriving customer of M/M/c has to wait.

    By way of the recursion of Erlang's loss formula, ``B_n = a B_{n-1} / (n + a B_{n-1})``, then
    ``C = c B / (c - a (1 - B))``; no factorial, hence stable for any number of servers.

    Parameters
    ----------
    servers : int
        Servers c, at least one.
    offered_load : float
        Arrival rate times mean service time, a, below c.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    keruen.errors.RangeError
        If there is no server or the load reaches the number of servers.

    Examples
    --------
    >>> erlang_c(1, 0.7)
    0.7
    >>> round(erlang_c(2, 1.0), 6)
    0.333333
    """
    require_range("servers", servers, 1.0)
    require_range("offered_load", offered_load, 0.0, servers)
    require_range("utilisation", offered_load / servers, 0.0, 1.0 - 1e-15)
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = offered_load * blocked / (count + offered_load * blocked)
    return servers * blocked / (servers - offered_load * (1.0 - blocked))


def mmc_wait_h(servers: int, service_h: float, arrivals_per_h: float) -> float:
    """Mean wait of M/M/c, ``C(c, a) * service / (c - a)``.

    Parameters
    ----------
    servers : int
        Servers c.
    service_h : float
        Mean service time, hours.
    arrivals_per_h : float
        Arrival rate.

    Returns
    -------
    float
        Hours.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range or more comes than can be served.

    Examples
    --------
    >>> round(mmc_wait_h(2, 1.0, 1.0), 6)
    0.333333
    """
    load = arrivals_per_h * service_h
    return erlang_c(servers, load) * service_h / (servers - load)


def pollaczek_khinchine_wait_h(
    service_h: float, service_scv: float, arrivals_per_h: float
) -> float:
    """Mean wait of M/G/1, ``rho / (1 - rho) * (1 + scv) / 2 * service``.

    The form stands in the article "M/D/1 queue" (s.cnmilf.com copy of Wikipedia, citing Cooper,
    Introduction to Queueing Theory, 1981, p. 189).

    Parameters
    ----------
    service_h, service_scv : float
        Mean, hours, and squared coefficient of variation of the service time.
    arrivals_per_h : float
        Arrival rate.

    Returns
    -------
    float
        Hours.

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative or more comes than can be served.

    Examples
    --------
    >>> pollaczek_khinchine_wait_h(2.0, 0.0, 0.25)
    1.0
    """
    require_range("service_scv", service_scv, 0.0)
    load = arrivals_per_h * service_h
    require_range("utilisation", load, 0.0, 1.0 - 1e-15)
    return load / (1.0 - load) * (1.0 + service_scv) / 2.0 * service_h


def approximate_wait_ratio(group: Servers, utilisation: float) -> float:
    """Mean wait of GI/G/c over that of M/M/c, approximately.

    The rule of Allen and Cunneen, (ca + cs) / 2 with the two scv, which is right as utilisation
    goes to 1, with two corrections for less: that of Kraemer and Langenbach-Belz for arrivals
    steadier or burstier than random, with the probability of waiting P in place of the
    utilisation, as the Warteschlangensimulator of A. Herzog has it,

        exp(-2/3 (1 - rho) / P * (1 - ca)^2 / (ca + cs))    ca <= 1
        exp(-(1 - rho) (ca - 1) / (ca + 4 cs))              ca > 1

    and that of Cosmetatos for regular service at several servers, as Liu, Pantelidis, Tam and Chow
    print it (arXiv 2102.05851, eq. 2), bounded by 0.24 as in Whitt 1993 (as quoted in the LINE
    solver's ``qsys_gigk_approx_whitt``): wait(M/D/c) = wait(M/M/c) / 2 * (1 + gamma),

        gamma = (1 - rho) (c - 1) (sqrt(4 + 5 c) - 2) / (16 rho c)

    Parameters
    ----------
    group : Servers
        Servers with their scv.
    utilisation : float
        Share of the servers' time in service, rho.

    Returns
    -------
    float
        Factor on the wait of M/M/c. Against exact solutions of E_j/E_k/c for j, k up to 4 and
        up to 6 servers the wait is within 2 % from a utilisation of 0.5 on with random arrivals;
        with steadier ones within 20 % from 0.6, 14 % at 0.8 and 7 % at 0.9. Below, the relative
        error grows while the wait itself goes to nought. A capacity found with it is 8 % below to
        4 % above the exact one for bearable waits of 0.1 to 0.8 services
        (tests/oracles/test_queueing.py). Beyond arrival scv of 1 two moments do not say enough:
        15 % in the one case simulated there.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    >>> round(approximate_wait_ratio(Servers(2, 1.0, 0.5, 1.0), 0.7), 3)
    0.756
    """
    servers, _, service, arrival = group
    require_range("service_scv", service, 0.0)
    require_range("arrival_scv", arrival, 0.0)
    require_range("utilisation", utilisation, 1e-9, 1.0)
    if service + arrival == 0.0:
        return 0.0
    idle = 1.0 - utilisation
    waiting = erlang_c(servers, servers * min(utilisation, _SATURATED))
    if arrival <= 1.0:
        # Far below saturation hardly anyone waits; the floor keeps the exponent finite.
        exponent = 2.0 / 3.0 * idle / max(waiting, 1e-300)
        spread = math.exp(-exponent * (1.0 - arrival) ** 2 / max(arrival + service, _SAME))
    else:
        spread = math.exp(-idle * (arrival - 1.0) / (arrival + 4.0 * service))
    gamma = idle * (servers - 1) * (math.sqrt(4.0 + 5.0 * servers) - 2.0)
    gamma = min(0.24, gamma / (16.0 * utilisation * servers))
    regular = arrival * max(0.0, 1.0 - service) / 2.0 * gamma
    return (arrival + service) / 2.0 * spread + min(regular, gamma / 2.0)


def _stages(scv: float) -> tuple[int, int, float] | None:
    """Erlang numbers on both sides of a scv, and the weight of the second; None beyond Erlang."""
    if scv * (MAX_STATES + 1) < 1.0 or scv > 1.0 + _SAME:
        return None
    exact = 1.0 / scv
    nearest = round(exact)
    if abs(exact - nearest) < _SAME * nearest:
        return nearest, nearest, 0.0
    few = math.floor(exact)
    weight = (1.0 / few - scv) / (1.0 / few - 1.0 / (few + 1))
    return few, few + 1, weight


def _wait_ratio(group: Servers, utilisation: float) -> tuple[float, str]:
    """Mean wait over that of M/M/c, and the way it was found."""
    servers, _, service_scv, arrival_scv = group
    random = abs(arrival_scv - 1.0) < _SAME
    if random and (servers == 1 or abs(service_scv - 1.0) < _SAME):
        return (1.0 + service_scv) / 2.0, "exact"
    service, arrival = _stages(service_scv), _stages(arrival_scv)
    if service is None or arrival is None:
        return approximate_wait_ratio(group, utilisation), "approximation"
    if level_states(ErlangQueue(servers, service[1], arrival[1])) > MAX_STATES:
        return approximate_wait_ratio(group, utilisation), "approximation"
    ratio = 0.0
    for k, service_weight in ((service[0], 1.0 - service[2]), (service[1], service[2])):
        for j, arrival_weight in ((arrival[0], 1.0 - arrival[2]), (arrival[1], arrival[2])):
            if service_weight * arrival_weight:
                found = wait_ratio(ErlangQueue(servers, k, j), utilisation)
                ratio += service_weight * arrival_weight * found
    return ratio, "exact" if not (service[2] or arrival[2]) else "interpolated"


def mean_wait(group: Servers, arrivals_per_h: float) -> Wait:
    """Mean wait before a group of servers, by the best way there is.

    Parameters
    ----------
    group : Servers
        Servers, service and arrivals.
    arrivals_per_h : float
        Arrival rate.

    Returns
    -------
    Wait
        Infinite where the rate reaches what the servers can do.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    Two berths, ships served in 12 h with two Erlang stages, arriving likewise every 10 h:

    >>> wait = mean_wait(Servers(2, 12.0, 0.5, 0.5), 0.1)
    >>> round(wait.wait_h, 2), round(wait.utilisation, 2), wait.method
    (2.67, 0.6, 'exact')
    """
    require_range("servers", group.servers, 0.0)
    require_range("service_h", group.service_h, 1e-12)
    require_range("service_scv", group.service_scv, 0.0)
    require_range("arrival_scv", group.arrival_scv, 0.0)
    require_range("arrivals_per_h", arrivals_per_h, 0.0)
    if arrivals_per_h == 0.0:
        return Wait(0.0, 0.0, "exact")
    if group.servers == 0:
        return Wait(math.inf, math.inf, "unstable")
    utilisation = arrivals_per_h * group.service_h / group.servers
    if utilisation > _SATURATED:
        return Wait(math.inf, utilisation, "unstable")
    ratio, method = _wait_ratio(group, max(utilisation, 1e-9))
    plain = mmc_wait_h(group.servers, group.service_h, arrivals_per_h)
    return Wait(ratio * plain, utilisation, method)


def largest_utilisation(excess: Callable[[float], float]) -> float:
    """Largest utilisation below 1 at which a rising function is not above nought.

    Parameters
    ----------
    excess : callable
        Wait less acceptable wait at a utilisation; rising.

    Returns
    -------
    float
        0 if it is above nought from the start, all but 1 if it never is.

    Examples
    --------
    >>> round(largest_utilisation(lambda u: u / (1 - u) - 1.0), 9)
    0.5
    """
    low, high = _IDLE, _SATURATED - 1e-9
    if excess(low) > 0.0:
        return 0.0
    if excess(high) <= 0.0:
        return high
    found = float(brentq(excess, low, high, xtol=1e-13, rtol=1e-12))
    # The root is found to a last digit; stand on the bearable side of it.
    return found if excess(found) <= 0.0 else found - 1e-11


def max_arrival_rate(
    servers: int,
    service_h: float,
    service_scv: float,
    arrival_scv: float,
    acceptable_wait_share: float,
) -> ArrivalLimit:
    """Largest arrival rate whose mean wait is at most a share of the mean service time.

    Parameters
    ----------
    servers : int
        Servers; 0 gives a rate of 0.
    service_h : float
        Mean service time, hours.
    service_scv, arrival_scv : float
        Squared coefficients of variation of service and of the times between arrivals.
    acceptable_wait_share : float
        Mean wait that users accept, as a share of the mean service time.

    Returns
    -------
    ArrivalLimit
        Rate, utilisation and wait at that rate.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    One berth with random arrivals and service: wait = rho / (1 - rho) services, so a quarter of a
    service is reached at a fifth. Three berths together are used more than twice as well.

    >>> round(max_arrival_rate(1, 10.0, 1.0, 1.0, 0.25).utilisation, 6)
    0.2
    >>> round(max_arrival_rate(3, 10.0, 1.0, 1.0, 0.25).utilisation, 3)
    0.573
    """
    group = Servers(servers, service_h, service_scv, arrival_scv)
    require_range("acceptable_wait_share", acceptable_wait_share, 0.0)
    mean_wait(group, 0.0)  # checks the ranges also of a group without servers
    if servers == 0:
        return ArrivalLimit(0.0, 0.0, 0.0, "none")
    return _limit(group, acceptable_wait_share)


@lru_cache(maxsize=8192)
def _limit(group: Servers, acceptable_wait_share: float) -> ArrivalLimit:
    """Limit of a group with servers; kept, since years repeat the same groups."""
    most_per_h = group.servers / group.service_h

    def excess(utilisation: float) -> float:
        wait = mean_wait(group, utilisation * most_per_h)
        return wait.wait_h - acceptable_wait_share * group.service_h

    utilisation = largest_utilisation(excess)
    wait = mean_wait(group, utilisation * most_per_h)
    return ArrivalLimit(utilisation * most_per_h, utilisation, wait.wait_h, wait.method)
