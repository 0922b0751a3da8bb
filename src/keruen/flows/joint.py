"""One step for the flows of all routes and the prices of all full links at once.

With the flows ``h`` of the routes of a pair, what they are perceived to cost ``c`` and its spread
``s``, flows are sought in the form ``h * exp(-(c + e) / s)``, scaled to the demand, where ``e`` is
what the costs of the links will have changed by. To the first order the loads then change by

    d = - sum over routes of load * h / s * (c + e, less their mean over the pair)

and ``e`` follows from ``d``: on a link with a slope it is the slope times ``d``; on a scarce one
its price changes by what :mod:`keruen.flows.walls` says, a number plus another times ``d``.

Where the demand ``q`` of a pair answers to what its routes cost on average, ``u``, it becomes what
it would be at that cost, and beyond that falls with the elasticity by what the costs of links will
have changed by; all its flows with it.

That is one equation a link, solved for the links whose costs move most; of each route only these
are looked at, and what its other links cost stands still for some steps. Of a class the matrix is
symmetric, but for what its members load and pay: half of it is summed up over routes. Flows are
those of the logit at the costs so foreseen. On the way all classes have at least a spread that
whoever asks lets go to nought. The derivation is our own.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from keruen.flows.arrays import (
    CLASS,
    FIRST,
    FIXED,
    MONEY,
    SPREAD,
    VALUE,
    VOLUME,
    FloatArray,
    IntArray,
    RoutePool,
    ShortArray,
    World,
)
from keruen.flows.link_state import refresh
from keruen.flows.response import amount_at, slope_at
from keruen.jit import flat_kernel, part

LINKS: Final = 128
_FLOOR: Final = 1e-30
_LEAP: Final = 3.0
_FAR: Final = 15.0
_BEGINS: Final = 0.02
_HARDLY: Final = 1e-9
_ALL: Final = 1e-14


class Table(NamedTuple):
    """What a step is worked out on.

    Parameters
    ----------
    link : array of int, shape (moving,)
        Links whose costs move, by bundle.
    bundle : array of int, shape (moving,)
        Bundle of each: links that are on the very same routes stand for each other. The first
        bundles have one link each, whose changes are foreseen together.
    first : array of int, shape (routes + 1,)
        Where the bundles of each route begin in ``at``.
    at : array of int
        Bundles of all routes, those that are foreseen together first.
    together : array of int, shape (routes,)
        So many of them are foreseen together.
    base : array, shape (routes,)
        What the other links of each route cost.
    perceived : array, shape (routes,)
        What each route costs as perceived, with the change of prices that is wanted anyhow.
    power, flow : array, shape (routes,)
        Where the logarithm of each flow is to go, less the highest of its pair; from what flow.
    spread : array, shape (pairs,)
        Spread of each; on the way in, its least as a share of the cost.
    answer : array, shape (pairs, 3)
        Logarithm of the demand that a pair would have, over what it has, if prices changed as is
        wanted anyhow; by how much the logarithm falls with cost; mean of what flows are perceived
        to cost with that change. All nought where demand is fixed.
    amount, growth : array, shape (pairs,)
        Demand, and where its logarithm is to go.
    load : array, shape (classes, moving)
        Load of a unit of each class on each moving link.
    cost : array, shape (classes, bundles, 2)
        What a unit pays on a bundle now; by how much that is to change anyhow.
    gain : array, shape (classes, joint)
        By how much it rises with the load of each link that is foreseen together.
    carried : array, shape (classes, bundles)
        Room for the flow of each class.
    sums : array, shape (joint, joint)
        Room, nought before and after.
    right, share : array, shape (joint,)
        Room, nought before and after.
    union, own : array of int, shape (joint,)
        Room.
    """

    link: IntArray
    bundle: IntArray
    first: IntArray
    at: ShortArray
    together: IntArray
    base: FloatArray
    perceived: FloatArray
    power: FloatArray
    flow: FloatArray
    spread: FloatArray
    answer: FloatArray
    amount: FloatArray
    growth: FloatArray
    load: FloatArray
    cost: FloatArray
    gain: FloatArray
    carried: FloatArray
    sums: FloatArray
    right: FloatArray
    share: FloatArray
    union: IntArray
    own: IntArray


@part
def _expected(pool: RoutePool, table: Table, pair: int, whole: float) -> float:
    """Expected least cost of a pair at what its routes, at their flows, are perceived to cost.

    That of the logit: what flows pay on average is more than it as long as they are others.
    """
    lowest, summed = np.inf, 0.0
    first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
    for route in range(first, last):
        if pool.flow[route] > 0.0:
            lowest = min(lowest, table.perceived[route])
    for route in range(first, last):
        dearer = (table.perceived[route] - lowest) / table.spread[pair]
        if pool.flow[route] > 0.0 and dearer < 700.0:
            summed += pool.flow[route] / whole * math.exp(-dearer)
    return float(lowest - table.spread[pair] * math.log(summed))


@part
def _perceive(
    world: World, pool: RoutePool, table: Table, user: int, pair: int
) -> tuple[float, float]:
    """Fill what the routes of a pair are perceived to cost, and their spread.

    Returns
    -------
    tuple of float
        Flow of all; what they pay beyond the least now.
    """
    first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
    amount, spread = world.pairs.amount[pair], world.prices.classes[user, SPREAD]
    whole, mean, own, lowest, least = 0.0, 0.0, 0.0, np.inf, np.inf
    for route in range(first, last):
        cost, wanted = table.base[route], 0.0
        for at in range(table.first[route], table.first[route + 1]):
            cost += table.cost[user, table.at[at], 0]
            wanted += table.cost[user, table.at[at], 1]
        table.perceived[route] = cost
        table.power[route] = wanted
        least = min(least, cost)
    spread = max(spread, table.spread[pair] * abs(least), 1e-300)
    table.spread[pair] = spread
    for route in range(first, last):
        flow = pool.flow[route]
        if flow > 0.0:
            table.perceived[route] += spread * (math.log(flow / amount) - pool.log_size[route])
            lowest = min(lowest, table.perceived[route])
        own += flow * table.perceived[route]
        mean += flow * table.power[route]
        whole += flow
    if whole <= 0.0:
        return 0.0, 0.0
    over = max(0.0, own - whole * lowest)
    own /= whole
    mean /= whole
    if world.pairs.response[pair] != FIXED:
        expected = _expected(pool, table, pair, whole)
        wished = max(amount_at(world.pairs, pair, expected), _FLOOR)
        falls = slope_at(world.pairs, pair, expected)
        now = min(max(math.log(wished / amount), -_LEAP), _LEAP)
        # What is wanted of prices anyhow counts like what they change by besides.
        table.answer[pair, 0] = now - falls * mean
        table.answer[pair, 1] = falls
        table.answer[pair, 2] = own + mean
        over += abs(amount_at(world.pairs, pair, own) - amount) * abs(own)
    for route in range(first, last):
        table.perceived[route] += table.power[route] - own - mean
    return whole, over


@part
def _shares(pool: RoutePool, table: Table, pair: int, whole: float) -> int:
    """Flows of a pair over each link that its choice or demand moves; number of these links.

    Of a pair whose demand is fixed these are links that only some of its routes use.
    """
    count = 0
    for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
        # What hardly anybody takes moves no load worth the name.
        if pool.flow[route] <= _HARDLY * whole:
            continue
        begin = table.first[route]
        for at in range(begin, begin + table.together[route]):
            link = table.at[at]
            if table.share[link] == 0.0:
                table.union[count] = link
                count += 1
            table.share[link] += pool.flow[route]
    kept = 0
    for at in range(count):
        link = table.union[at]
        if table.answer[pair, 1] > 0.0 or table.share[link] < whole * (1.0 - _ALL):
            table.union[kept] = link
            kept += 1
        else:
            table.share[link] = 0.0
    return kept


@part
def _enter_pair(pool: RoutePool, table: Table, pair: int, whole: float) -> None:
    """Add a pair to the sums of its class: the lower half of the matrix, and the right side."""
    spread = table.spread[pair]
    kept = _shares(pool, table, pair, whole)
    if kept == 0:
        return
    for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
        if pool.flow[route] <= _HARDLY * whole:
            continue
        weight = pool.flow[route] / spread
        count, begin = 0, table.first[route]
        for at in range(begin, begin + table.together[route]):
            link = table.at[at]
            if table.share[link] > 0.0:
                table.own[count] = link
                count += 1
                table.right[link] -= weight * table.perceived[route]
                for to in range(count):
                    other = table.own[to]
                    table.sums[max(link, other), min(link, other)] += weight
    falls = (1.0 / spread - table.answer[pair, 1]) / whole
    for at in range(kept):
        row = table.union[at]
        table.right[row] += table.share[row] * table.answer[pair, 0]
        own = falls * table.share[row]
        for to in range(at + 1):
            link = table.union[to]
            table.sums[max(row, link), min(row, link)] -= own * table.share[link]
    for at in range(kept):
        table.share[table.union[at]] = 0.0


@part
def _enter_class(table: Table, user: int, out: FloatArray) -> None:
    """Enter the sums of a class into the equations, and put them back to nought."""
    count = table.right.size
    for row in range(count):
        load = table.load[user, row]
        out[row, count] += load * table.right[row]
        table.right[row] = 0.0
        if table.sums[row, row] != 0.0 and load != 0.0:
            for link in range(row + 1):
                out[row, link] += load * table.sums[row, link] * table.gain[user, link]
            for link in range(row + 1, count):
                out[row, link] += load * table.sums[link, row] * table.gain[user, link]
    for row in range(count):
        for link in range(row + 1):
            table.sums[row, link] = 0.0


@part
def _moves(world: World, pool: RoutePool, pair: int) -> bool:
    """Whether a pair has a choice, or its demand an answer."""
    count = pool.pair_first[pair + 1] - pool.pair_first[pair]
    return bool(count > 1 or (count == 1 and world.pairs.response[pair] != FIXED))


@flat_kernel
def equations(world: World, pool: RoutePool, table: Table, out: FloatArray) -> float:
    """Fill the equations for the changes of loads.

    Parameters
    ----------
    world, pool
        The problem and its routes.
    table : Table
        ``perceived``, ``spread`` and ``answer`` are filled.
    out : array, shape (links that move, links that move + 1)
        Matrix without its ones on the diagonal, and the right side; added to.

    Returns
    -------
    float
        What flows pay beyond the least of their pairs now.
    """
    pairs = world.pairs
    excess = 0.0
    for group in range(pairs.groups.shape[0] - 1):
        user = pairs.groups[group, CLASS]
        for pair in range(pairs.groups[group, FIRST], pairs.groups[group + 1, FIRST]):
            if not _moves(world, pool, pair):
                continue
            whole, over = _perceive(world, pool, table, user, pair)
            excess += over
            if whole > 0.0:
                _enter_pair(pool, table, pair, whole)
        if user != pairs.groups[group + 1, CLASS]:
            _enter_class(table, user, out)
    return excess


@flat_kernel
def foresee(world: World, pool: RoutePool, table: Table, change: FloatArray) -> None:
    """Fill where flows are to go as the changes of loads say, and from where.

    Parameters
    ----------
    world, pool, table
        As of :func:`equations`; ``flow``, ``amount``, ``power`` and ``growth`` are filled.
    change : array, shape (joint,)
        Of the loads that are foreseen together; others follow unforeseen.
    """
    pairs = world.pairs
    for pair in range(pairs.user.size):
        first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
        table.amount[pair] = pairs.amount[pair]
        for route in range(first, last):
            table.flow[route] = pool.flow[route]
        if not _moves(world, pool, pair):
            continue
        user = pairs.user[pair]
        whole, highest = 0.0, -np.inf
        for route in range(first, last):
            rise, begin = 0.0, table.first[route]
            for at in range(begin, begin + table.together[route]):
                rise += table.gain[user, table.at[at]] * change[table.at[at]]
            table.perceived[route] += rise
            table.power[route] = -table.perceived[route] / table.spread[pair]
            whole += pool.flow[route]
            if pool.flow[route] > 0.0:
                highest = max(highest, table.power[route])
        for route in range(first, last):
            table.power[route] -= highest
        table.growth[pair] = 0.0
        if whole > 0.0 and pairs.response[pair] != FIXED:
            expected = _expected(pool, table, pair, whole)
            wished = amount_at(pairs, pair, table.answer[pair, 2] + expected)
            power = math.log(max(wished, _FLOOR) / pairs.amount[pair])
            table.growth[pair] = min(max(power, -_LEAP), _LEAP)


@flat_kernel
def follow(world: World, pool: RoutePool, state: FloatArray, table: Table, length: float) -> None:
    """Go a part of the way that is foreseen, and sum up the links that move.

    Parameters
    ----------
    world, pool, state, table
        As of :func:`foresee`; flows, demand that answers and moving links are changed.
    length : float
        Part of the step that is gone.
    """
    pairs, prices = world.pairs, world.prices
    classes, bundles = table.carried.shape
    for user in range(classes):
        for bundle in range(bundles):
            table.carried[user, bundle] = 0.0
    for pair in range(pairs.user.size):
        user = pairs.user[pair]
        if _moves(world, pool, pair):
            _follow_pair(world, pool, table, pair, length)
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            flow = pool.flow[route]
            for at in range(table.first[route], table.first[route + 1]):
                table.carried[user, table.at[at]] += flow
    for moving in range(table.link.size):
        volume, money = 0.0, 0.0
        for user in range(classes):
            carried = table.carried[user, table.bundle[moving]]
            volume += table.load[user, moving] * carried
            money += prices.classes[user, VALUE] * carried
        state[table.link[moving], VOLUME] = volume
        state[table.link[moving], MONEY] = money
        refresh(prices.kind, prices.rows, prices.limit, state, table.link[moving])


@part
def _follow_pair(world: World, pool: RoutePool, table: Table, pair: int, length: float) -> None:
    """Change the flows of a pair as it is foreseen."""
    first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
    whole, summed = 0.0, 0.0
    for route in range(first, last):
        whole += table.flow[route]
    if whole <= 0.0:
        return
    # A step that is cut short leads from where it leads nowhere: no flow goes all the way, and what
    # hardly anybody takes yet begins with a part of where it is to go.
    farthest = -_FAR / max(1.0 - length, 1e-3)
    begins, goals = _BEGINS * length * (1.0 - length), 0.0
    if world.pairs.response[pair] != FIXED:
        whole *= math.exp(length * table.growth[pair])
        world.pairs.amount[pair] = whole
    for route in range(first, last):
        power = table.power[route]
        table.perceived[route] = table.flow[route] * math.exp(max(power, -700.0))
        goals += table.perceived[route]
        power = max(length * max(power, farthest), -700.0)
        pool.flow[route] = max(table.flow[route] * math.exp(power), _FLOOR * whole)
        summed += pool.flow[route]
    for route in range(first, last):
        part = (1.0 - begins) * pool.flow[route] / summed + begins * table.perceived[route] / goals
        pool.flow[route] = max(part * whole, _FLOOR * whole)


@flat_kernel
def spread_out(world: World, pool: RoutePool, table: Table) -> None:
    """Give every route the flow of the logit at the present costs of links."""
    for pair in range(world.pairs.user.size):
        first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
        whole, summed, lowest = 0.0, 0.0, np.inf
        for route in range(first, last):
            whole += pool.flow[route]
            pool.flow[route] = world.pairs.amount[pair]
        if last - first < 2:
            continue
        _perceive(world, pool, table, world.pairs.user[pair], pair)
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
