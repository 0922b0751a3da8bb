"""How far routes of a pair overlap: what a random choice takes off for it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from keruen.flows.arrays import (
    BOUND,
    SPREAD,
    FloatArray,
    IntArray,
    Pairs,
    Prices,
    Reach,
    RoutePool,
)
from keruen.flows.stretches import Stretches, summed
from keruen.jit import flat_kernel, part


@flat_kernel
def size_routes(prices: Prices, pairs: Pairs, pool: RoutePool, count: IntArray) -> None:
    """Fill the logarithm of path sizes of stochastic classes without a bound, where still unknown.

    Known are those of a pair whose first route has one below nought.

    ``PS_r = sum over links a of r of (l_a / L_r) / N_a``, with ``l_a`` the weight of a link,
    ``L_r`` their sum over the route and ``N_a`` the routes of the pair that use the link; so
    AequilibraE 1.7 computes it too (``route_choice_set_results.pyx``), with the cost of a link as
    its weight. A route that shares nothing has 1; each of two that share all has 1/2.

    Parameters
    ----------
    prices, pairs, pool
        The problem; ``pool.log_size`` is filled.
    count : array of int, shape (links,)
        Room for counting; zero before and after.
    """
    for pair in range(pairs.user.size):
        user = pairs.user[pair]
        if prices.classes[user, SPREAD] <= 0.0 or prices.classes[user, BOUND] > 0.0:
            continue
        first = pool.pair_first[pair]
        last = pool.pair_first[pair + 1]
        if first == last or pool.log_size[first] < 0.0:
            continue
        for at in range(pool.first[first], pool.first[last]):
            count[pool.links[at]] += 1
        for route in range(first, last):
            whole, part = 0.0, 0.0
            for at in range(pool.first[route], pool.first[route + 1]):
                link = pool.links[at]
                whole += prices.size[link]
                part += prices.size[link] / count[link]
            pool.log_size[route] = math.log(part / whole)
        for at in range(pool.first[first], pool.first[last]):
            count[pool.links[at]] = 0


class SizeRoom(NamedTuple):
    """Room for :func:`size_bounded`.

    Parameters
    ----------
    cost, counts, weight : array, shape (routes,)
        Cost on the empty network; logarithm of what a route counts, to a factor that all of its
        kind share; part that it counts for the route looked at.
    place : array of int, shape (links,)
        One more than where a link stands among those of a pair; zero before and after.
    links : array of int, shape (links,)
        Links of a pair, each once.
    ends : array of int, shape (links + 1,)
        Where the routes of each of them end in ``routes``, behind a nought.
    routes : array of int
        Routes of a pair by its links; as many as all routes of it have links.
    """

    cost: FloatArray
    counts: FloatArray
    weight: FloatArray
    place: IntArray
    links: IntArray
    ends: IntArray
    routes: IntArray


@part
def _put_by_link(pool: RoutePool, pair: int, room: SizeRoom) -> int:
    """List by link which routes of a pair use it; the number of these links."""
    first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
    count = 0
    for at in range(pool.first[first], pool.first[last]):
        link = pool.links[at]
        if room.place[link] == 0:
            room.links[count] = link
            count += 1
            room.place[link] = count
            room.ends[count] = 0
        room.ends[room.place[link]] += 1
    room.ends[0], before = 0, 0
    for one in range(1, count + 1):
        own = room.ends[one]
        room.ends[one] = before
        before += own
    for route in range(first, last):
        for at in range(pool.first[route], pool.first[route + 1]):
            one = room.place[pool.links[at]]
            room.routes[room.ends[one]] = route
            room.ends[one] += 1
    return count


@part
def _counted(cost: float, most: float, spread: float) -> float:
    """Logarithm of ``exp((most - cost) / spread) - 1``, or beyond the bound of the logit's weight.

    In a form that neither overflows nor loses figures.
    """
    if cost < most < np.inf:
        room = (most - cost) / spread
        return room + math.log(-math.expm1(-room))
    return -cost / spread


@part
def _weigh(first: int, last: int, route: int, most: float, room: SizeRoom) -> None:
    """Fill how much each route of a pair counts in the path size of one of them."""
    cost = room.cost[route]
    for other in range(first, last):
        if room.cost[other] <= cost:
            room.weight[other] = 1.0
        elif cost < most <= room.cost[other]:
            room.weight[other] = 0.0
        else:
            room.weight[other] = math.exp(room.counts[other] - room.counts[route])


@flat_kernel
def size_bounded(
    prices: Prices, pairs: Pairs, pool: RoutePool, reach: Reach, room: SizeRoom
) -> None:
    """Fill the logarithm of path sizes of stochastic classes with a bound, where still unknown.

    ``PS_r = sum over links a of r of (l_a / L_r) / (sum over routes k that use a of w_kr)``, where
    a route counts in full for those that are not cheaper, ``w_kr = 1`` where ``c_k <= c_r``, and
    for cheaper ones by how near the bound ``B`` it is::

        w_kr = (exp((B - c_k) / s) - 1) / (exp((B - c_r) / s) - 1),    0 where c_k >= B > c_r

    with ``c`` the cost on an empty network, which no flow changes, and ``s`` the spread of the
    class; where both are beyond the bound ``w_kr = exp((c_r - c_k) / s)``. So a route that nobody
    in his senses would take leaves the others alone, and comes in without a leap as it gets
    cheaper; of two that share all links each has a half. Sizes lie between those of
    :func:`size_routes` and 1, whatever the spread. Own derivation
    (``docs/explanation/equilibrium.md``).

    Parameters
    ----------
    prices, pairs, pool
        The problem; ``pool.log_size`` is filled.
    reach : Reach
        The empty network, and the bound of each pair.
    room : SizeRoom
        Room.
    """
    for pair in range(pairs.user.size):
        user, most = pairs.user[pair], reach.most[pair]
        spread = prices.classes[user, SPREAD]
        if spread <= 0.0 or prices.classes[user, BOUND] <= 0.0:
            continue
        first, last = pool.pair_first[pair], pool.pair_first[pair + 1]
        if first == last or pool.log_size[first] < 0.0:
            continue
        for route in range(first, last):
            cost = 0.0
            for at in range(pool.first[route], pool.first[route + 1]):
                cost += reach.cost[user, pool.links[at]]
            room.cost[route] = cost
            room.counts[route] = _counted(cost, most, spread)
        count = _put_by_link(pool, pair, room)
        for route in range(first, last):
            _weigh(first, last, route, most, room)
            whole, part = 0.0, 0.0
            for at in range(pool.first[route], pool.first[route + 1]):
                link = pool.links[at]
                one, uses = room.place[link], 0.0
                for own in range(room.ends[one - 1], room.ends[one]):
                    uses += room.weight[room.routes[own]]
                whole += prices.size[link]
                part += prices.size[link] / uses
            pool.log_size[route] = math.log(part / whole)
        for one in range(count):
            room.place[room.links[one]] = 0


def size_stretches(
    prices: Prices, pairs: Pairs, pool: RoutePool, stretches: Stretches, reach: Reach
) -> None:
    """Fill path sizes of classes with a bound, as :func:`size_bounded`, by stretches of links.

    Parameters
    ----------
    prices, pairs, pool, reach
        As of :func:`size_bounded`, by link.
    stretches : Stretches
        Stretches of the pool.
    """
    routes, count = pool.flow.size, stretches.begins.size - 1
    short = pool._replace(first=stretches.first, links=stretches.at)
    own = prices._replace(size=summed(stretches, prices.size))
    room = SizeRoom(
        np.empty(routes),
        np.empty(routes),
        np.empty(routes),
        np.zeros(count, dtype=np.int64),
        np.empty(count, dtype=np.int64),
        np.empty(count + 1, dtype=np.int64),
        np.empty(stretches.at.size, dtype=np.int64),
    )
    size_bounded(own, pairs, short, reach._replace(cost=summed(stretches, reach.cost)), room)


def unsized(pool: RoutePool) -> RoutePool:
    """The pool without path sizes, as of routes that come from elsewhere."""
    return pool._replace(log_size=np.zeros(pool.flow.size))
