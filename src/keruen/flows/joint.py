"""One step for the flows of all routes and the prices of all full links at once.

With the flows ``h`` of the routes of a pair, what they are perceived to cost ``c`` and its spread
``s``, flows are sought in the form ``h * exp(-(c + e) / s)``, scaled to the demand, where ``e`` is
what the costs of the links will have changed by. To the first order the loads then change by

    d = - sum over routes of load * h / s * (c + e, less their mean over the pair)

and ``e`` follows from ``d``: on a link with a slope it is the slope times ``d``; on a scarce one,
where the price ``p`` times the capacity left ``l`` is to become ``m`` (Newton's step of a
primal-dual interior point, which starts outside where it has to),

    m / l - p + p / l * (load + l - capacity + d).

Where the demand ``q`` of a pair answers to what its routes cost on average, ``u``, it becomes what
it would be at that cost, and beyond that falls with the elasticity by what the costs of links will
have changed by; all its flows with it.

That is one equation a link, solved for the links whose costs move most; the others follow later.
Flows are those of the logit at the costs so foreseen. On the way all classes have
at least a spread that whoever asks lets go to nought. The derivation is our own.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from keruen.flows.arrays import (
    BEND,
    FIXED,
    LOAD,
    MONEY,
    SLOPE,
    SPREAD,
    VALUE,
    VOLUME,
    FloatArray,
    IntArray,
    Prices,
    RoutePool,
    World,
)
from keruen.flows.link_state import link_cost
from keruen.flows.response import amount_at, slope_at
from keruen.jit import flat_kernel, part

LINKS: Final = 128
_NEAR: Final = 0.95
_FLOOR: Final = 1e-30
_LEAP: Final = 20.0
_HARDLY: Final = 1e-9


class Table(NamedTuple):
    """What a step is worked out on.

    Parameters
    ----------
    place : array of int, shape (links,)
        Number of each link among those whose costs are thought to move, -1 of the others.
    rise : array, shape (links, 3)
        How the cost of a link to a class rises with its load: times its value of time, times its
        load; and the change of the price wanted at the present load.
    perceived, wanted : array, shape (routes,)
        What each route costs as perceived, with that change; the change alone.
    spread : array, shape (pairs,)
        Spread of each; on the way in, its least as a share of the cost.
    answer : array, shape (pairs, 2)
        Logarithm of the demand that a pair would have at its mean cost over what it has; by how
        much the logarithm falls with that cost. Both nought where demand is fixed.
    share : array, shape (links,)
        Room, nought before and after.
    union, own : array of int, shape (links,)
        Room.
    gain : array, shape (links,)
        Room.
    """

    place: IntArray
    rise: FloatArray
    perceived: FloatArray
    wanted: FloatArray
    spread: FloatArray
    answer: FloatArray
    share: FloatArray
    union: IntArray
    own: IntArray
    gain: FloatArray


OF_VALUE: Final = 0
OF_LOAD: Final = 1
WANTED: Final = 2
"""Columns of ``Table.rise``."""


@part
def _perceive(
    world: World, pool: RoutePool, state: FloatArray, table: Table, pair: int
) -> tuple[float, float]:
    """Fill what the routes of a pair are perceived to cost, and their spread.

    Returns
    -------
    tuple of float
        Flow of all; what they pay beyond the least now.
    """
    prices = world.prices
    user = world.pairs.user[pair]
    first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
    amount, spread = world.pairs.amount[pair], prices.classes[user, SPREAD]
    whole, mean, own, lowest, least = 0.0, 0.0, 0.0, np.inf, np.inf
    for route in range(first, last):
        cost, wanted = 0.0, 0.0
        for at in range(pool.first[route], pool.first[route + 1]):
            link = pool.links[at]
            cost += link_cost(prices, state, user, link)
            wanted += prices.tariff[user, link, LOAD] * table.rise[link, WANTED]
        table.perceived[route] = cost
        table.wanted[route] = wanted
        least = min(least, cost)
    spread = max(spread, table.spread[pair] * abs(least), 1e-300)
    table.spread[pair] = spread
    for route in range(first, last):
        flow = pool.flow[route]
        cost = table.perceived[route]
        if flow > 0.0:
            cost += spread * (math.log(flow / amount) - pool.log_size[route])
            lowest = min(lowest, cost)
        own += flow * cost
        whole += flow
        table.perceived[route] = cost + table.wanted[route]
        mean += flow * table.perceived[route]
    if whole <= 0.0:
        return 0.0, 0.0
    mean /= whole
    for route in range(first, last):
        table.perceived[route] -= mean
    over = max(0.0, own - whole * lowest)
    if world.pairs.response[pair] != FIXED:
        wanted = max(amount_at(world.pairs, pair, mean), _FLOOR)
        table.answer[pair, 0] = min(max(math.log(wanted / amount), -_LEAP), _LEAP)
        table.answer[pair, 1] = slope_at(world.pairs, pair, mean)
        now = own / whole
        over += abs(amount_at(world.pairs, pair, now) - amount) * abs(now)
    return whole, over


@part
def _rise_of(prices: Prices, table: Table, user: int, link: int) -> float:
    """How the cost of a link to a class rises with its load."""
    value, load = prices.classes[user, VALUE], prices.tariff[user, link, LOAD]
    return float(value * table.rise[link, OF_VALUE] + load * table.rise[link, OF_LOAD])


@part
def _shares(pool: RoutePool, table: Table, pair: int, whole: float) -> int:
    """Flows of a pair over each link that its choice or demand moves; number of these links.

    Of a pair whose demand is fixed these are links that only some of its routes use.
    """
    count = 0
    for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
        if pool.flow[route] <= 0.0:
            continue
        for at in range(pool.first[route], pool.first[route + 1]):
            link = pool.links[at]
            if table.place[link] >= 0:
                if table.share[link] == 0.0:
                    table.union[count] = link
                    count += 1
                table.share[link] += pool.flow[route]
    kept = 0
    for at in range(count):
        link = table.union[at]
        if table.answer[pair, 1] > 0.0 or table.share[link] < whole * (1.0 - 1e-14):
            table.union[kept] = link
            kept += 1
        else:
            table.share[link] = 0.0
    return kept


@part
def _enter_pair(
    world: World, pool: RoutePool, table: Table, pair: int, whole: float, out: FloatArray
) -> None:
    """Enter a pair into the equations."""
    prices, user = world.prices, world.pairs.user[pair]
    spread = table.spread[pair]
    last = out.shape[1] - 1
    kept = _shares(pool, table, pair, whole)
    if kept == 0:
        return
    for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
        weight = pool.flow[route] / spread
        # What hardly anybody takes moves no load worth the name.
        if pool.flow[route] <= _HARDLY * whole:
            continue
        count = 0
        for at in range(pool.first[route], pool.first[route + 1]):
            link = pool.links[at]
            if table.share[link] > 0.0:
                table.own[count] = link
                table.gain[count] = _rise_of(prices, table, user, link)
                count += 1
        for at in range(count):
            link = table.own[at]
            own = weight * prices.tariff[user, link, LOAD]
            row = table.place[link]
            out[row, last] -= own * table.perceived[route]
            for to in range(count):
                out[row, table.place[table.own[to]]] += own * table.gain[to]
    for at in range(kept):
        link = table.union[at]
        table.gain[at] = table.share[link] * _rise_of(prices, table, user, link)
    for at in range(kept):
        link = table.union[at]
        load = table.share[link] * prices.tariff[user, link, LOAD]
        own = load * (1.0 / spread - table.answer[pair, 1]) / whole
        row = table.place[link]
        out[row, last] += load * table.answer[pair, 0]
        for to in range(kept):
            out[row, table.place[table.union[to]]] -= own * table.gain[to]
    for at in range(kept):
        table.share[table.union[at]] = 0.0


@part
def _moves(world: World, pool: RoutePool, pair: int) -> bool:
    """Whether a pair has a choice, or its demand an answer."""
    count = pool.pair_first[pair + 1] - pool.pair_first[pair]
    return bool(count > 1 or (count == 1 and world.pairs.response[pair] != FIXED))


@flat_kernel
def equations(
    world: World, pool: RoutePool, state: FloatArray, table: Table, out: FloatArray
) -> float:
    """Fill the equations for the changes of loads.

    Parameters
    ----------
    world, pool, state
        The problem, its routes and its links.
    table : Table
        ``perceived`` and ``spread`` are filled.
    out : array, shape (links that move, links that move + 1)
        Matrix without its ones on the diagonal, and the right side; added to.

    Returns
    -------
    float
        What flows pay beyond the least of their pairs now.
    """
    excess = 0.0
    for pair in range(world.pairs.user.size):
        if not _moves(world, pool, pair):
            continue
        whole, over = _perceive(world, pool, state, table, pair)
        excess += over
        if whole > 0.0:
            _enter_pair(world, pool, table, pair, whole, out)
    return excess


@flat_kernel
def follow(world: World, pool: RoutePool, table: Table, change: FloatArray, length: float) -> None:
    """Change the flows as the changes of loads say.

    Parameters
    ----------
    world, pool, table
        As of :func:`equations`; flows are changed.
    change : array, shape (links,)
        Of the loads.
    length : float
        Part of the step that is gone.
    """
    prices = world.prices
    for pair in range(world.pairs.user.size):
        first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
        if not _moves(world, pool, pair):
            continue
        user = world.pairs.user[pair]
        whole, summed, highest, dearer = 0.0, 0.0, -np.inf, 0.0
        for route in range(first, last):
            rise = 0.0
            for at in range(pool.first[route], pool.first[route + 1]):
                link = pool.links[at]
                if change[link] != 0.0:
                    rise += _rise_of(prices, table, user, link) * change[link]
            table.perceived[route] = -(table.perceived[route] + rise) / table.spread[pair]
            whole += pool.flow[route]
            dearer += pool.flow[route] * rise
            if pool.flow[route] > 0.0:
                highest = max(highest, table.perceived[route])
        if whole <= 0.0:
            continue
        if world.pairs.response[pair] != FIXED:
            power = table.answer[pair, 0] - table.answer[pair, 1] * dearer / whole
            whole *= math.exp(length * min(max(power, -_LEAP), _LEAP))
            world.pairs.amount[pair] = whole
        for route in range(first, last):
            power = max(length * (table.perceived[route] - highest), -700.0)
            pool.flow[route] = max(pool.flow[route] * math.exp(power), _FLOOR * whole)
            summed += pool.flow[route]
        for route in range(first, last):
            pool.flow[route] = max(pool.flow[route] * whole / summed, _FLOOR * whole)


@flat_kernel
def spread_out(world: World, pool: RoutePool, state: FloatArray, table: Table) -> None:
    """Give every route the flow of the logit at the present costs of links."""
    for pair in range(world.pairs.user.size):
        first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
        whole, summed, lowest = 0.0, 0.0, np.inf
        for route in range(first, last):
            whole += pool.flow[route]
            pool.flow[route] = world.pairs.amount[pair]
        if last - first < 2:
            continue
        _perceive(world, pool, state, table, pair)
        for route in range(first, last):
            lowest = min(lowest, table.perceived[route])
        for route in range(first, last):
            power = max((lowest - table.perceived[route]) / table.spread[pair], -700.0)
            pool.flow[route] = math.exp(power)
            summed += pool.flow[route]
        for route in range(first, last):
            pool.flow[route] = max(pool.flow[route] / summed, _FLOOR) * whole


@flat_kernel
def solve(out: FloatArray) -> None:
    """Solve linear equations in place: elimination with partial pivoting.

    At this size a library of several threads spends its time on waking them.

    Parameters
    ----------
    out : array, shape (n, n + 1)
        Matrix and right side; the solution stands in the last column.

    Examples
    --------
    >>> both = np.array([[0.0, 2.0, 4.0], [1.0, 1.0, 3.0]])
    >>> solve(both)
    >>> both[:, 2].tolist()
    [1.0, 2.0]
    """
    count = out.shape[0]
    for column in range(count):
        best = column
        for row in range(column + 1, count):
            if abs(out[row, column]) > abs(out[best, column]):
                best = row
        if best != column:
            for at in range(column, count + 1):
                out[best, at], out[column, at] = out[column, at], out[best, at]
        if out[column, column] == 0.0:
            # Only where prices have run away: nothing is known of this link.
            out[column, column] = 1.0
            out[column, count] = 0.0
        for row in range(column + 1, count):
            factor = out[row, column] / out[column, column]
            if factor != 0.0:
                for at in range(column + 1, count + 1):
                    out[row, at] -= factor * out[column, at]
    for row in range(count - 1, -1, -1):
        found = out[row, count]
        for at in range(row + 1, count):
            found -= out[row, at] * out[at, count]
        out[row, count] = found / out[row, row]


class Barrier(NamedTuple):
    """Prices and what is left of each scarce capacity, both above nought on the way.

    Parameters
    ----------
    link : array of int, shape (scarce,)
        The links.
    most : array, shape (scarce,)
        Their capacities.
    price, left : array, shape (scarce,)
        Changed in place.
    """

    link: IntArray
    most: FloatArray
    price: FloatArray
    left: FloatArray


class Aim(NamedTuple):
    """Where a step goes.

    Parameters
    ----------
    product : float
        What price times what is left is to become.
    share : float
        Least spread, as a share of the cost of each pair.
    reach : float
        Most part of the step that is gone.
    links : int
        Most links whose changes of cost are foreseen together.
    """

    product: float
    share: float
    reach: float
    links: int = LINKS


def table_of(world: World, pool: RoutePool, state: FloatArray, barrier: Barrier, aim: Aim) -> Table:
    """Choose the links whose costs move, and say how; for the aim see :func:`step`."""
    prices, links = world.prices, state.shape[0]
    rise = np.zeros((links, 3))
    rise[:, OF_VALUE] = state[:, SLOPE]
    load = state[:, VOLUME]
    if prices.marginal:
        some = np.maximum(load, np.finfo(float).tiny)
        rise[:, OF_LOAD] = state[:, MONEY] * (state[:, BEND] + state[:, SLOPE] / some)
    at, left = barrier.link, barrier.left
    stiff = barrier.price / left
    rise[at, OF_LOAD] += stiff
    off = load[at] + left - barrier.most
    rise[at, WANTED] = aim.product / left - barrier.price + stiff * off
    values = prices.classes[:, VALUE].max(initial=0.0)
    weight = (values * rise[:, OF_VALUE] + rise[:, OF_LOAD]) * load
    weight[at] *= 10.0
    chosen = np.argsort(-weight, kind="stable")[: aim.links]
    chosen = chosen[weight[chosen] > 0.0]
    place = np.full(links, -1, dtype=np.int64)
    place[chosen] = np.arange(chosen.size)
    return Table(
        place,
        rise,
        np.zeros(pool.flow.size),
        np.zeros(pool.flow.size),
        np.full(world.pairs.user.size, aim.share),
        np.zeros((world.pairs.user.size, 2)),
        np.zeros(links),
        np.zeros(links, dtype=np.int64),
        np.zeros(links, dtype=np.int64),
        np.zeros(links),
    )


def step(world: World, pool: RoutePool, state: FloatArray, barrier: Barrier, aim: Aim) -> float:
    """Change all flows and prices by one step; loads are left to who asks.

    Parameters
    ----------
    world, pool, state
        The problem, its routes and its links.
    barrier : Barrier
        Prices and what is left of capacities.
    aim : Aim
        Where it goes.

    Returns
    -------
    float
        What flows paid beyond the least of their pairs before it.
    """
    table = table_of(world, pool, state, barrier, aim)
    chosen = np.flatnonzero(table.place >= 0)
    count = chosen.size
    out = np.zeros((count, count + 1))
    excess = equations(world, pool, state, table, out)
    out[np.arange(count), np.arange(count)] += 1.0
    solve(out)
    change = np.zeros(table.place.size)
    change[chosen] = out[table.place[chosen], count]
    at, price, left = barrier.link, barrier.price, barrier.left
    dearer = table.rise[at, WANTED] + price / left * change[at]
    less = barrier.most - left - state[at, VOLUME] - change[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.concatenate([-price / dearer, -left / less])
    ends = ends[np.concatenate([dearer, less]) < 0.0]
    length = min(aim.reach, _NEAR * float(ends.min(initial=np.inf)))
    follow(world, pool, table, change, length)
    price += length * dearer
    left += length * less
    return float(excess)
