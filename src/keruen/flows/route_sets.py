"""Sets of routes that a random choice has: to begin with, and what is lacking in the end.

The cheapest ways of every pair that chooses at random are counted out (:mod:`keruen.flows.detours`)
and joined with some that differ more from each other. While prices are found, routes that are
cheaper than all known are taken in as for any class; in the end the ways are counted out again.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import (
    FIXED_COST,
    LOAD,
    SPREAD,
    STATE_COLUMNS,
    RoutePool,
    World,
    empty_pool,
)
from keruen.flows.checks import pair_findings
from keruen.flows.demand import Demand, Users
from keruen.flows.detours import asked_of, by_pair, costs_of, ways_within
from keruen.flows.enrichment import all_ways
from keruen.flows.graph import compiled
from keruen.flows.link_state import load_routes
from keruen.flows.links import Network
from keruen.flows.routes import chosen, one_after_other, pair_of_routes, route_sums, routes_back
from keruen.jit import flat_kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SignArray = NDArray[np.uint64]

APART: Final = 3
FACTOR: Final = 1.3
"""So many ways are looked for by making links of those found dearer by the factor: they differ more
from each other than the cheapest do."""
LEAST_SHARE: Final = 1e-3
"""Share of the demand of a pair that a route begins with on which hardly anybody is."""


@flat_kernel
def _sign_routes(pool: RoutePool, sign: SignArray) -> None:
    """Fill a sign for each route, which routes of other links, or in another order, do not have."""
    for route in range(sign.size):
        mixed = np.uint64(0x9E3779B97F4A7C15)
        for at in range(pool.first[route], pool.first[route + 1]):
            mixed = (mixed ^ np.uint64(pool.links[at])) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = mixed ^ (mixed >> np.uint64(29))
        sign[route] = mixed


def joined(pool: RoutePool, more: RoutePool) -> tuple[RoutePool, NDArray[np.bool_]]:
    """Routes of two pools by pair, each once, and which of them only the second has."""
    pair = np.concatenate([pair_of_routes(pool), pair_of_routes(more)])
    sign = np.zeros(pair.size, dtype=np.uint64)
    _sign_routes(pool, sign[: pool.flow.size])
    _sign_routes(more, sign[pool.flow.size :])
    # Of those alike the first comes first, since the order of equals stays.
    order = np.lexsort((sign, pair))
    again = np.zeros(pair.size, dtype=np.bool_)
    again[1:] = (np.diff(pair[order]) == 0) & (sign[order][1:] == sign[order][:-1])
    kept = np.sort(order[~again])
    kept = kept[np.argsort(pair[kept], kind="stable")]
    counts = np.bincount(pair[kept], minlength=pool.pair_first.size - 1)
    found = chosen(one_after_other(pool, more), kept)
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return found._replace(pair_first=ends), kept >= pool.flow.size


def universe_of(world: World, costs: FloatArray, most: int) -> RoutePool:
    """Ways that a search begins with: the cheapest, and some that differ more from each other.

    Parameters
    ----------
    world, costs, most
        As of :func:`ways_within`.

    Returns
    -------
    RoutePool
        By pair, with the flows of a logit at these costs.
    """
    by, asked = asked_of(world, min(APART, most), FACTOR)
    apart = by_pair(world, all_ways(world.star, costs, asked), by)
    pool, _ = joined(ways_within(world, costs, most), apart)
    shares = logit(world, pool, costs)
    amount = world.pairs.amount[pair_of_routes(pool)]
    return pool._replace(flow=np.maximum(shares, LEAST_SHARE) * amount)


def logit(world: World, pool: RoutePool, costs: FloatArray) -> FloatArray:
    """Share of each route in its pair, with its path size, at costs of links that stand still."""
    user = world.pairs.user
    pair = pair_of_routes(pool)
    links = np.repeat(pair, np.diff(pool.first))
    own = pool._replace(links=np.arange(pool.links.size, dtype=np.int32))
    cost = route_sums(own, costs[user[links], pool.links])
    spread = world.prices.classes[user[pair], SPREAD]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = pool.log_size - cost / spread
    best = np.full(user.size, -np.inf)
    np.maximum.at(best, pair, value)
    # Of pairs whose ways are all closed nobody takes any.
    known = np.isfinite(best)
    weight = np.where(known[pair], np.exp(value - np.where(known, best, 0.0)[pair]), 0.0)
    whole = np.where(known, np.bincount(pair, weight, user.size), 1.0)
    share: FloatArray = weight / whole[pair]
    return share


@flat_kernel
def _moves(
    world: World,
    pool: RoutePool,
    costs: FloatArray,
    change: FloatArray,
    room: tuple[FloatArray, IntArray],
) -> float:
    """Half of what is paid on links by as much of each pair as takes others; see :func:`moved`."""
    differs, union = room
    found = 0.0
    for pair in range(world.pairs.user.size):
        user, count = world.pairs.user[pair], 0
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            for at in range(pool.first[route], pool.first[route + 1]):
                link = pool.links[at]
                if differs[link] == 0.0:
                    union[count] = link
                    count += 1
                differs[link] += change[route]
        for at in range(count):
            link = union[at]
            if differs[link] != 0.0 and costs[user, link] < np.inf:
                found += abs(differs[link]) * costs[user, link] * world.pairs.amount[pair]
            differs[link] = 0.0
    return 0.5 * found


def moved(world: World, pool: RoutePool, costs: FloatArray, change: FloatArray) -> float:
    """What the part of every pair pays that would take other links.

    Half the sum over pairs and links of cost times amount times the change of the pair's share on
    the link: of two ways that share nothing the part that changes over, of ways that share nearly
    all only what they do not share.

    Parameters
    ----------
    world, pool, costs
        As of :func:`logit`.
    change : array, shape (routes,)
        Change of the share of each route in its pair.
    """
    links = costs.shape[1]
    # A link comes to the list again whenever its change goes through nought on the way.
    room = np.zeros(links), np.zeros(max(pool.links.size, 1), dtype=np.int64)
    return float(_moves(world, pool, costs, change, room))


def ways_to_begin(
    network: Network, users: Users, demand: Demand, capacity: FloatArray, most: int
) -> RoutePool:
    """Ways to begin with on the network without flows, where some links may be closed.

    Parameters
    ----------
    network, users, demand, capacity
        As of :func:`keruen.flows.scarcity.assign_within`; all classes choose at random.
    most : int
        Cheapest ways of each pair.

    Returns
    -------
    RoutePool
        By pair and link of the caller, with the flows of a logit on the empty network.
    """
    problem = compiled(network, users, demand, pair_findings(demand)[0], False)
    world = problem.world
    tariff = world.prices.tariff
    tariff[(capacity[problem.link] <= 0.0) & (tariff[:, :, LOAD] > 0.0), FIXED_COST] = np.inf
    state = np.zeros((world.star.head.size, STATE_COLUMNS))
    load_routes(world.prices, world.pairs, empty_pool(world.pairs.user.size), state)
    pool = universe_of(world, costs_of(world, state), most)
    return routes_back(pool, problem.pair, problem.link, demand.amount.size)
