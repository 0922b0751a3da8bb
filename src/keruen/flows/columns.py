"""Pricing: the cheapest route of every pair at the present costs, the gap, and routes to take in.

The costs stand still while all pairs are priced, so that the gap is exactly that of the flows.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from keruen.flows.arrays import (
    CLASS,
    FIRST,
    FIXED,
    ORIGIN,
    SPREAD,
    FloatArray,
    IntArray,
    Prices,
    RoutePool,
    ShortArray,
    Star,
    World,
)
from keruen.flows.link_state import add_flow, link_cost
from keruen.flows.response import amount_at
from keruen.flows.shortest import Search, search_from
from keruen.jit import flat_kernel, part

COST: Final = 0
EXCESS: Final = 1
OUTSIDE: Final = 2
MISFIT: Final = 3
FIGURES: Final = 4

_SAME: Final = 1e-14


class Found(NamedTuple):
    """What pricing finds.

    Parameters
    ----------
    least : array, shape (pairs,)
        Cost of the cheapest of all routes; infinite where none leads.
    perceived : array, shape (pairs,)
        Cost that demand answers to: the least, or the expected least of a stochastic class,
        ``-1 / theta * ln(sum of PS * exp(-theta * cost))``.
    figures : array, shape (4,)
        Cost of all flows; what of it equilibrium would not leave; what the cheapest routes outside
        the pool would save; demand in the wrong place times its cost.
    pair : array of int, shape (pairs,)
        Pairs that get a new route.
    first : array of int, shape (pairs + 1,)
        Where the links of each new route begin.
    links : array of int
        Links of the new routes, one after another.
    columns : array of int, shape (1,)
        Number of new routes.
    """

    least: FloatArray
    perceived: FloatArray
    figures: FloatArray
    pair: IntArray
    first: IntArray
    links: ShortArray
    columns: IntArray


def nothing_found(pairs: int, links: int) -> Found:
    """Room for what pricing finds, with so many links for new routes."""
    return Found(
        np.full(pairs, np.inf),
        np.full(pairs, np.inf),
        np.zeros(FIGURES),
        np.zeros(pairs, dtype=np.int64),
        np.zeros(pairs + 1, dtype=np.int64),
        np.zeros(links, dtype=np.int32),
        np.zeros(1, dtype=np.int64),
    )


@part
def _fill(prices: Prices, state: FloatArray, user: int, cost: FloatArray) -> None:
    """Cost of every link to a class."""
    for link in range(cost.size):
        cost[link] = link_cost(prices, state, user, link)


@part
def _search_group(world: World, cost: FloatArray, search: Search, group: int) -> None:
    """Cheapest routes from the origin of a group to its destinations."""
    pairs = world.pairs
    search.stamp[0] += 1
    first, last = pairs.groups[group, FIRST], pairs.groups[group + 1, FIRST]
    for pair in range(first, last):
        search.wanted[pairs.destination[pair]] = search.stamp[0]
    search_from(world.star, cost, pairs.groups[group, ORIGIN], last - first, search)


@part
def _judge(
    world: World, pool: RoutePool, found: Found, cost: FloatArray, pair: int, widen: bool
) -> float:
    """Add what a pair pays to the figures.

    Returns
    -------
    float
        Cost of its cheapest route in the pool, infinite without one.
    """
    amount, least = world.pairs.amount[pair], found.least[pair]
    spread = world.prices.classes[world.pairs.user[pair], SPREAD]
    best, lowest, summed = np.inf, np.inf, 0.0
    for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
        own = 0.0
        for at in range(pool.first[route], pool.first[route + 1]):
            own += cost[pool.links[at]]
        flow = pool.flow[route]
        found.figures[COST] += flow * own
        best = min(best, own)
        if spread > 0.0:
            own += spread * (math.log(flow / amount) - pool.log_size[route])
        lowest = min(lowest, own)
        summed += flow * own
    if best == np.inf:
        if widen and least < np.inf:
            found.figures[EXCESS] += amount * least
        return best
    found.figures[OUTSIDE] += amount * max(0.0, best - least)
    if widen and spread <= 0.0:
        lowest = min(lowest, least)
    found.perceived[pair] = lowest
    found.figures[EXCESS] += max(0.0, summed - amount * lowest)
    if world.pairs.response[pair] != FIXED:
        off = abs(amount - amount_at(world.pairs, pair, lowest))
        found.figures[MISFIT] += off * abs(lowest)
    return best


@part
def _route_length(star: Star, search: Search, destination: int) -> int:
    """Links on the route that the search found."""
    length, node = 0, destination
    while search.before[node] >= 0:
        node = star.tail[search.before[node]]
        length += 1
    return length


@part
def _write_route(
    star: Star, search: Search, destination: int, links: ShortArray, begin: int, end: int
) -> None:
    """Write the links of the route that the search found, from origin to destination."""
    node = destination
    for at in range(end - 1, begin - 1, -1):
        links[at] = search.before[node]
        node = star.tail[links[at]]


@part
def _group_length(world: World, search: Search, group: int) -> int:
    """Links on the routes that the search found to all destinations of a group."""
    length = 0
    pairs = world.pairs
    for pair in range(pairs.groups[group, FIRST], pairs.groups[group + 1, FIRST]):
        length += _route_length(world.star, search, pairs.destination[pair])
    return length


class Mode(NamedTuple):
    """How pairs are priced.

    Parameters
    ----------
    first : int
        Group to begin with; what is found is added to what was found before it.
    widen : bool
        Whether routes cheaper than all of the pool are taken in and count in the gap.
    loading : bool
        Put the demand of every group on its cheapest routes before the next group is looked at.
    """

    first: int
    widen: bool
    loading: bool


@flat_kernel
def price(
    world: World,
    pool: RoutePool,
    state: FloatArray,
    search: Search,
    cost: FloatArray,
    found: Found,
    mode: Mode,
) -> int:
    """Price all pairs, or as many as there is room for.

    Parameters
    ----------
    world : World
        The problem.
    pool : RoutePool
        Routes with their flows; without any when loading.
    state : array, shape (links, 7)
        Links under those flows; when loading, changed as flow is put on them.
    search : Search
        Room.
    cost : array, shape (links,)
        Room.
    found : Found
        Filled here.
    mode : Mode
        How.

    Returns
    -------
    int
        The first group that was not priced: there is no room for the links of its routes; as many
        as there are groups when all are priced.
    """
    prices, pairs = world.prices, world.pairs
    groups: int = pairs.groups.shape[0] - 1
    columns = found.columns[0]
    end = found.first[columns]
    last_user = -1
    for group in range(mode.first, groups):
        user = pairs.groups[group, CLASS]
        if user != last_user:
            _fill(prices, state, user, cost)
            last_user = user
        _search_group(world, cost, search, group)
        if mode.widen and end + _group_length(world, search, group) > found.links.size:
            return group
        for pair in range(pairs.groups[group, FIRST], pairs.groups[group + 1, FIRST]):
            node = pairs.destination[pair]
            least = search.distance[node]
            found.least[pair] = least
            found.perceived[pair] = least
            best = _judge(world, pool, found, cost, pair, mode.widen)
            if least == np.inf or not mode.widen or least >= best * (1.0 - _SAME):
                continue
            begin = end
            end += _route_length(world.star, search, node)
            _write_route(world.star, search, node, found.links, begin, end)
            found.pair[columns] = pair
            columns += 1
            found.first[columns] = end
            found.columns[0] = columns
            if mode.loading:
                for at in range(begin, end):
                    link = found.links[at]
                    add_flow(prices, state, user, link, pairs.amount[pair])
                    cost[link] = link_cost(prices, state, user, link)
    return groups
