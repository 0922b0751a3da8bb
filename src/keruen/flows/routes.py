"""The pool of routes: new ones taken in, those that nobody takes dropped, others put in order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import SPREAD, FloatArray, IntArray, RoutePool, ShortArray, World
from keruen.jit import flat_kernel, part


class Columns(NamedTuple):
    """Routes to be taken in, at most one a pair, by ascending pair.

    Parameters
    ----------
    pair : array of int, shape (columns,)
        Pair of each.
    first : array of int, shape (columns + 1,)
        Where the links of each begin.
    links : array of int
        Their links, from origin to destination.
    """

    pair: IntArray
    first: IntArray
    links: ShortArray


@part
def _share_out(
    world: World, found: RoutePool, pair: int, begin: int, new: bool, keep: bool
) -> None:
    """Give a new route its flow, and make the flows of a pair add up to its demand."""
    amount = world.pairs.amount[pair]
    end = found.pair_first[pair + 1]
    if new and end - begin == 1:
        found.flow[begin] = amount
    elif new and (keep or world.prices.classes[world.pairs.user[pair], SPREAD] > 0.0):
        found.flow[end - 1] = amount / (end - begin - 1)
    summed = 0.0
    for route in range(begin, end):
        summed += found.flow[route]
    if summed > 0.0:
        for route in range(begin, end):
            found.flow[route] *= amount / summed


@flat_kernel
def merge(
    world: World,
    pool: RoutePool,
    kept: NDArray[np.bool_],
    columns: Columns,
    found: RoutePool,
    keep: bool,
) -> None:
    """Fill a pool with the routes that are kept and with new ones; see :func:`merged`."""
    number, end, column = 0, 0, 0
    for pair in range(world.pairs.user.size):
        begin = number
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            if kept[route]:
                for at in range(pool.first[route], pool.first[route + 1]):
                    found.links[end] = pool.links[at]
                    end += 1
                found.flow[number] = pool.flow[route]
                found.log_size[number] = pool.log_size[route]
                number += 1
                found.first[number] = end
        new = column < columns.pair.size and columns.pair[column] == pair
        if new:
            for at in range(columns.first[column], columns.first[column + 1]):
                found.links[end] = columns.links[at]
                end += 1
            column += 1
            number += 1
            found.first[number] = end
        found.pair_first[pair + 1] = number
        # A stochastic class drops no route: sizes stay as they are where none has come.
        if new:
            found.log_size[begin:number] = 0.0
        _share_out(world, found, pair, begin, new, keep)


def merged(world: World, pool: RoutePool, columns: Columns, keep: bool = False) -> RoutePool:
    """Make a pool of the routes that are used and of new ones.

    A deterministic class keeps a route only while somebody takes it; a stochastic class keeps all.
    A new route begins without flow where others carry it, with the whole demand where there is
    none, and with an equal part in a stochastic class, which has to have some of it. Flows of a
    pair are made to add up to its demand. Path sizes of pairs that get a new route are left to
    :mod:`keruen.flows.path_sizes`.
    """
    pair = pair_of_routes(pool)
    if keep:
        kept = np.ones(pool.flow.size, dtype=np.bool_)
    else:
        kept = (pool.flow > 0.0) | (world.prices.classes[world.pairs.user[pair], SPREAD] > 0.0)
    routes = int(kept.sum()) + columns.pair.size
    length = int(np.diff(pool.first)[kept].sum() + columns.first[-1])
    found = RoutePool(
        np.zeros(world.pairs.user.size + 1, dtype=np.int64),
        np.zeros(routes + 1, dtype=np.int64),
        np.zeros(length, dtype=np.int32),
        np.zeros(routes),
        np.zeros(routes),
    )
    merge(world, pool, kept, columns, found, keep)
    return found


def no_columns() -> Columns:
    """Nothing to be taken in.

    >>> no_columns().pair.size
    0
    """
    return Columns(
        np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32)
    )


def without(pool: RoutePool, left_out: NDArray[np.bool_]) -> RoutePool:
    """The pool without some of its routes.

    >>> pool = RoutePool(
    ...     np.array([0, 2]),
    ...     np.array([0, 2, 3]),
    ...     np.array([7, 8, 9], dtype=np.int32),
    ...     np.array([1.0, 2.0]),
    ...     np.zeros(2),
    ... )
    >>> less = without(pool, np.array([True, False]))
    >>> less.pair_first.tolist(), less.links.tolist(), less.flow.tolist()
    ([0, 1], [9], [2.0])
    """
    before: IntArray = np.concatenate([[0], np.cumsum(~left_out)]).astype(np.int64)
    found = chosen(pool, np.flatnonzero(~left_out))
    return found._replace(pair_first=before[pool.pair_first])


def picked(pool: RoutePool, order: IntArray) -> RoutePool:
    """The pool with its pairs in another order.

    Parameters
    ----------
    pool : RoutePool
        Routes.
    order : array of int, shape (pairs,)
        Which pair of the pool comes at each place; one may come never, none twice.

    Examples
    --------
    >>> from keruen.flows.arrays import RoutePool
    >>> pool = RoutePool(
    ...     np.array([0, 1, 3]),
    ...     np.array([0, 2, 3, 5]),
    ...     np.array([7, 8, 9, 5, 6], dtype=np.int32),
    ...     np.array([1.0, 2.0, 3.0]),
    ...     np.zeros(3),
    ... )
    >>> other = picked(pool, np.array([1, 0]))
    >>> other.flow.tolist(), other.links.tolist(), other.first.tolist()
    ([2.0, 3.0, 1.0], [9, 5, 6, 7, 8], [0, 1, 3, 5])
    """
    routes, pair_first = _ranges(pool.pair_first, order)
    return chosen(pool, routes)._replace(pair_first=pair_first)


def chosen(pool: RoutePool, routes: IntArray) -> RoutePool:
    """Some routes of a pool in the order given, as routes of one pair."""
    first: IntArray = np.zeros(routes.size + 1, dtype=np.int64)
    np.cumsum(np.diff(pool.first)[routes], out=first[1:])
    links = np.empty(first[-1], dtype=np.int32)
    _copy_links(pool, routes, links)
    ends = np.array([0, routes.size], dtype=np.int64)
    return RoutePool(ends, first, links, pool.flow[routes], pool.log_size[routes])


@flat_kernel
def _copy_links(pool: RoutePool, routes: IntArray, links: ShortArray) -> None:
    """Write the links of some routes one after another."""
    end = 0
    for number in range(routes.size):
        for at in range(pool.first[routes[number]], pool.first[routes[number] + 1]):
            links[end] = pool.links[at]
            end += 1


def pair_of_routes(pool: RoutePool) -> IntArray:
    """Pair of each route.

    >>> from keruen.flows.arrays import empty_pool
    >>> pool = empty_pool(3)._replace(pair_first=np.array([0, 2, 2, 3]))
    >>> pair_of_routes(pool).tolist()
    [0, 0, 2]
    """
    counts = np.diff(pool.pair_first)
    return np.repeat(np.arange(counts.size), counts)


def route_of_links(pool: RoutePool) -> IntArray:
    """Route of each link of ``pool.links``.

    >>> from keruen.flows.arrays import empty_pool
    >>> route_of_links(empty_pool(1)._replace(first=np.array([0, 1, 3]))).tolist()
    [0, 1, 1]
    """
    lengths = np.diff(pool.first)
    return np.repeat(np.arange(lengths.size), lengths)


def one_after_other(pool: RoutePool, more: RoutePool) -> RoutePool:
    """Two pools as one: the pairs of the second come behind those of the first."""
    return RoutePool(
        np.concatenate([pool.pair_first, pool.pair_first[-1] + more.pair_first[1:]]),
        np.concatenate([pool.first, pool.first[-1] + more.first[1:]]),
        np.concatenate([pool.links, more.links]),
        np.concatenate([pool.flow, more.flow]),
        np.concatenate([pool.log_size, more.log_size]),
    )


def routes_back(pool: RoutePool, pair: IntArray, link: IntArray, pairs: int) -> RoutePool:
    """Routes by the caller's pairs, with the caller's links; pairs left out have none.

    Parameters
    ----------
    pool : RoutePool
        Routes in the order of the kernels.
    pair, link : array of int
        The caller's number of each pair and link of theirs.
    pairs : int
        Pairs of the caller.
    """
    with_none = pool._replace(pair_first=np.append(pool.pair_first, pool.pair_first[-1]))
    order = np.full(pairs, pair.size, dtype=np.int64)
    order[pair] = np.arange(pair.size)
    found = picked(with_none, order)
    return found._replace(links=link[found.links].astype(np.int32))


def _ranges(first: IntArray, order: IntArray) -> tuple[IntArray, IntArray]:
    """Members of stretches laid end to end in an order, and where each then begins."""
    begin, length = first[order], first[order + 1] - first[order]
    begins: IntArray = np.zeros(order.size + 1, dtype=np.int64)
    np.cumsum(length, out=begins[1:])
    shift = np.repeat(begin - begins[:-1], length)
    return np.arange(begins[-1], dtype=np.int64) + shift, begins


def route_sums(pool: RoutePool, values: FloatArray) -> FloatArray:
    """Sum over the links of every route of a value that each link has.

    >>> from keruen.flows.arrays import RoutePool
    >>> pool = RoutePool(
    ...     np.array([0, 2]),
    ...     np.array([0, 2, 3]),
    ...     np.array([0, 1, 1], dtype=np.int32),
    ...     np.zeros(2),
    ...     np.zeros(2),
    ... )
    >>> route_sums(pool, np.array([1.0, 5.0])).tolist()
    [6.0, 5.0]
    """
    sums: FloatArray = np.zeros(pool.flow.size)
    np.add.at(sums, route_of_links(pool), values[pool.links])
    return sums
