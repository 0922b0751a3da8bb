"""Stretches: links that are on the very same routes, which sums over routes need not tell apart.

A corridor's routes have dozens of links, most of them one after the other with no way on or off
between them. Whoever sums over routes time and again sums over stretches instead.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import LOAD, MONEY, VALUE, VOLUME, IntArray, RoutePool, ShortArray, World
from keruen.flows.link_state import refresh
from keruen.jit import flat_kernel

FloatArray = NDArray[np.float64]
SignArray = NDArray[np.uint64]


class Stretches(NamedTuple):
    """Routes as stretches, and stretches as links.

    Parameters
    ----------
    of : array of int, shape (links,)
        Stretch of each link, -1 of those that no route has.
    begins : array of int, shape (stretches + 1,)
        Where each begins in ``links``.
    links : array of int
        Links by stretch.
    first : array of int, shape (routes + 1,)
        Where the stretches of each route begin in ``at``.
    at : array of int
        Stretches of all routes, each once.
    """

    of: IntArray
    begins: IntArray
    links: IntArray
    first: IntArray
    at: ShortArray


@flat_kernel
def sign_links(pool: RoutePool, sign: SignArray) -> None:
    """Fill a sign for each link: the same for links that are on the very same routes.

    The sum of numbers drawn one for each route; of sixty-four bits, so that two sets of routes do
    not come to the same. Links that no route has keep the sign nought.
    """
    drawn = np.uint64(0)
    for route in range(pool.first.size - 1):
        drawn += np.uint64(0x9E3779B97F4A7C15)
        mixed = (drawn ^ (drawn >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
        for at in range(pool.first[route], pool.first[route + 1]):
            sign[pool.links[at]] += mixed


@flat_kernel
def _lay(pool: RoutePool, speaks: IntArray, first: IntArray, at: ShortArray) -> None:
    """Write the stretches of each route, by the one link that speaks for each; -1 of others."""
    end = 0
    for route in range(pool.first.size - 1):
        for link in range(pool.first[route], pool.first[route + 1]):
            stretch = speaks[pool.links[link]]
            if stretch >= 0:
                at[end] = stretch
                end += 1
        first[route + 1] = end


def stretches_of(pool: RoutePool, links: int) -> Stretches:
    """Stretches of a pool of routes on a network of so many links.

    Examples
    --------
    Two routes that begin alike: their first two links are one stretch.

    >>> pool = RoutePool(
    ...     np.array([0, 2]),
    ...     np.array([0, 3, 6]),
    ...     np.array([0, 1, 2, 0, 1, 3], dtype=np.int32),
    ...     np.ones(2),
    ...     np.zeros(2),
    ... )
    >>> found = stretches_of(pool, 5)
    >>> alike = found.of[0] == found.of[1]
    >>> bool(alike), found.begins.size - 1, int(found.of[4]), found.first.tolist()
    (True, 3, -1, [0, 2, 4])
    """
    sign = np.zeros(links, dtype=np.uint64)
    sign_links(pool, sign)
    used = np.flatnonzero(sign)
    order = used[np.argsort(sign[used], kind="stable")]
    differs = np.ones(order.size, dtype=np.bool_)
    differs[1:] = sign[order[1:]] != sign[order[:-1]]
    of = np.full(links, -1, dtype=np.int64)
    of[order] = np.cumsum(differs) - 1
    begins = np.append(np.flatnonzero(differs), order.size).astype(np.int64)
    speaks = np.full(links, -1, dtype=np.int64)
    speaks[order[differs]] = np.arange(begins.size - 1)
    first = np.zeros(pool.flow.size + 1, dtype=np.int64)
    at = np.zeros(pool.links.size, dtype=np.int32)
    _lay(pool, speaks, first, at)
    return Stretches(of, begins, order, first, at[: first[-1]].copy())


@flat_kernel
def _load(
    world: World, pool: RoutePool, stretches: Stretches, carried: FloatArray, state: FloatArray
) -> None:
    prices, pairs = world.prices, world.pairs
    for pair in range(pairs.user.size):
        user = pairs.user[pair]
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            flow = pool.flow[route]
            for at in range(stretches.first[route], stretches.first[route + 1]):
                carried[user, stretches.at[at]] += flow
    for link in range(state.shape[0]):
        volume, money, stretch = 0.0, 0.0, stretches.of[link]
        if stretch >= 0:
            for user in range(carried.shape[0]):
                volume += prices.tariff[user, link, LOAD] * carried[user, stretch]
                money += prices.classes[user, VALUE] * carried[user, stretch]
        state[link, VOLUME] = volume
        state[link, MONEY] = money
        refresh(prices.kind, prices.rows, prices.limit, state, link)


def load_stretches(
    world: World, pool: RoutePool, stretches: Stretches, state: FloatArray
) -> FloatArray:
    """Sum the flows of all routes on the links, as :func:`load_routes` does; fills ``state``.

    Returns
    -------
    array, shape (classes, stretches)
        Flow of each class.
    """
    carried = np.zeros((world.prices.classes.shape[0], stretches.begins.size - 1))
    _load(world, pool, stretches, carried, state)
    return carried


def summed(stretches: Stretches, values: FloatArray) -> FloatArray:
    """Sums over the links of each stretch of values that lie by link on the last axis."""
    own = values[..., stretches.links]
    if not stretches.links.size:
        return own
    sums: FloatArray = np.add.reduceat(own, stretches.begins[:-1], axis=-1)
    return sums
