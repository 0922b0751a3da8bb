"""From the caller's arrays to those of the kernels, in an order that no row order changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import Pairs, Prices, Star, World
from keruen.flows.demand import Demand, Users
from keruen.flows.links import Network

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Compiled(NamedTuple):
    """A problem for the kernels, and the way back.

    Parameters
    ----------
    world : World
        The problem.
    link : array of int, shape (links,)
        The caller's number of each link.
    pair : array of int, shape (pairs served,)
        The caller's number of each pair.
    free_cost : array or None, shape (pairs served,)
        Least cost of each on an empty network, where it is known.
    """

    world: World
    link: IntArray
    pair: IntArray
    free_cost: FloatArray | None = None


def link_order(network: Network, users: Users) -> IntArray:
    """Order of links by tail, head and all that tells them apart.

    Links between the same nodes are told apart by what they are, so that only links alike in every
    number can change places.
    """
    links = network.links
    order = np.lexsort((links.head, links.tail)).astype(np.int64)
    head, tail = links.head[order], links.tail[order]
    again = (head[1:] == head[:-1]) & (tail[1:] == tail[:-1])
    # Few have others beside them.
    beside = np.flatnonzero(np.append(again, False) | np.insert(again, 0, False))
    of = order[beside]
    keys = [*users.fixed[:, of], *users.load[:, of], links.size[of], *links.rows[of].T]
    order[beside] = of[np.lexsort((*keys, links.kind[of], links.head[of], links.tail[of]))]
    return order


def star_of(network: Network, order: IntArray) -> Star:
    """The forward star of links in an order by tail."""
    tail = network.links.tail[order]
    nodes = network.passable.size
    first = np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int64)
    head = network.links.head[order]
    passable = network.passable.astype(np.uint8)
    return Star(first, tail.astype(np.int32), head.astype(np.int32), passable)


def laid(*columns: FloatArray) -> FloatArray:
    """Arrays side by side in a last dimension of their own, laid in memory row after row.

    Kernels are compiled for the way arrays lie: all that they are given lies in this one.

    >>> laid(np.zeros((3, 2)).T, np.ones((2, 3))).flags.c_contiguous
    True
    """
    return np.ascontiguousarray(np.stack(columns, axis=-1), dtype=np.float64)


def prices_of(network: Network, users: Users, order: IntArray, system_optimum: bool) -> Prices:
    """Prices of links in an order."""
    links = network.links
    with np.errstate(divide="ignore"):
        spread = 1.0 / users.theta
    bound = np.zeros_like(spread) if users.bound is None else users.bound
    return Prices(
        links.kind[order],
        np.ascontiguousarray(links.rows[order]),
        laid(users.value, spread, bound),
        laid(users.load[:, order], users.fixed[:, order]),
        links.size[order],
        laid(np.full(order.size, np.inf), np.zeros(order.size), np.zeros(order.size)),
        int(system_optimum),
    )


def pairs_of(demand: Demand, served: IntArray) -> Pairs:
    """Pairs in an order by class and origin, in groups."""
    user, origin = demand.user[served], demand.origin[served]
    starts = np.ones(served.size, dtype=bool)
    starts[1:] = (user[1:] != user[:-1]) | (origin[1:] != origin[:-1])
    first = np.flatnonzero(starts)
    ends = np.array([[-1, -1, served.size]], dtype=np.int64)
    groups = np.stack([user[first], origin[first], first], axis=-1)
    amount = demand.amount[served]
    return Pairs(
        np.concatenate([groups, ends]),
        user,
        demand.destination[served].astype(np.int32),
        amount.copy(),
        demand.response[served],
        laid(demand.elasticity[served], demand.reference_cost[served], amount),
    )


def compiled(
    network: Network, users: Users, demand: Demand, wanted: NDArray[np.bool_], system_optimum: bool
) -> Compiled:
    """Put a checked problem into the order of the kernels.

    Parameters
    ----------
    network, users, demand
        The problem.
    wanted : array of bool, shape (pairs,)
        Pairs to be served.
    system_optimum : bool
        Whether classes pay what they cost the others.
    """
    order = link_order(network, users)
    by = np.lexsort((demand.destination, demand.origin, demand.user)).astype(np.int64)
    served = by[wanted[by]]
    star = star_of(network, order)
    prices = prices_of(network, users, order, system_optimum)
    free = None if demand.free_cost is None else demand.free_cost[served]
    return Compiled(World(star, prices, pairs_of(demand, served)), order, served, free)
