"""What the kernels of the equilibrium see: records of flat arrays in one fixed order.

Links stand by tail, groups of pairs by class and origin (:mod:`keruen.flows.graph` puts them so),
and a record is one argument of a kernel. Times are in any one unit, costs in another; what is said
of units elsewhere holds here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]

FIXED: Final = 0
EXPONENTIAL: Final = 1
POWER: Final = 2


class Star(NamedTuple):
    """The network as a forward star: the links out of a node stand side by side.

    Parameters
    ----------
    first_out : array of int, shape (nodes + 1,)
        Links out of node ``n`` are ``first_out[n]`` up to, not including, ``first_out[n + 1]``.
    tail, head : array of int, shape (links,)
        Ends of each link.
    passable : array of int, shape (nodes,)
        0 where routes may begin and end but not pass, 1 elsewhere.
    """

    first_out: IntArray
    tail: ShortArray
    head: ShortArray
    passable: NDArray[np.uint8]


class Prices(NamedTuple):
    """What a link costs each class.

    Parameters
    ----------
    kind : array of int, shape (links,)
        Curve of each link.
    rows : array, shape (links, 4)
        Its parameters.
    classes : array, shape (classes, 3)
        Value of time; spread of the logit, ``1 / theta``, in cost, 0 where everybody takes the
        cheapest; multiple of the least cost of an empty network from which a route takes nothing
        from the path sizes of nearer ones, 0 where every route takes its part.
    tariff : array, shape (classes, links, 2)
        Load of one unit of flow, in the unit of the link's capacity; cost that no load changes.
    size : array, shape (links,)
        Weight of each link in the overlap of routes.
    limit : array, shape (links, 3)
        Hard limit of the load, infinite where there is none; price of a unit of load at the limit;
        by how much it rises per unit of load beyond (:mod:`keruen.flows.scarcity`).
    marginal : int
        1 where a class pays what it costs all others besides (system optimum), 0 otherwise.
    """

    kind: NDArray[np.int8]
    rows: FloatArray
    classes: FloatArray
    tariff: FloatArray
    size: FloatArray
    limit: FloatArray
    marginal: int


VALUE: Final = 0
SPREAD: Final = 1
BOUND: Final = 2
"""Columns of ``Prices.classes``."""

LOAD: Final = 0
FIXED_COST: Final = 1
"""Last index of ``Prices.tariff``."""

MOST: Final = 0
AT_LIMIT: Final = 1
STIFFNESS: Final = 2
"""Columns of ``Prices.limit``."""


class Pairs(NamedTuple):
    """Who goes where, in groups of one class and origin.

    Parameters
    ----------
    groups : array of int, shape (groups + 1, 3)
        Class, origin and first pair of each group; the last row has the number of pairs.
    user : array of int, shape (pairs,)
        Class of each pair.
    destination : array of int, shape (pairs,)
        Node of each pair.
    amount : array, shape (pairs,)
        Demand now; changed in place where it answers to cost.
    response : array of int, shape (pairs,)
        How it answers: FIXED, EXPONENTIAL or POWER.
    answer : array, shape (pairs, 3)
        Elasticity, reference cost and reference amount of the answer.
    """

    groups: IntArray
    user: IntArray
    destination: ShortArray
    amount: FloatArray
    response: NDArray[np.int8]
    answer: FloatArray


CLASS: Final = 0
ORIGIN: Final = 1
FIRST: Final = 2
"""Columns of ``Pairs.groups``."""

ELASTICITY: Final = 0
REFERENCE_COST: Final = 1
REFERENCE_AMOUNT: Final = 2
"""Columns of ``Pairs.answer``."""


class Reach(NamedTuple):
    """What bounded path sizes are measured by: the network without any flow.

    Parameters
    ----------
    cost : array, shape (classes, links)
        Cost of each link to each class when nothing moves.
    most : array, shape (pairs,)
        Cost on them from which a route takes nothing from the path sizes of nearer ones; not looked
        at where the class has no bound.
    """

    cost: FloatArray
    most: FloatArray


class World(NamedTuple):
    """All that a search for an equilibrium is given: the network, its prices, who goes where."""

    star: Star
    prices: Prices
    pairs: Pairs


VOLUME: Final = 0
MONEY: Final = 1
DELAY: Final = 2
SLOPE: Final = 3
BEND: Final = 4
SCARCITY: Final = 5
RISE: Final = 6
STATE_COLUMNS: Final = 7
"""Columns of the state, shape (links, 7), which is what the flows make of the links: load of all
classes; flows of all classes times their values of time, which says who pays for a delay; time at
the load, and its two derivatives; price of scarcity per unit of load, and its derivative."""


class RoutePool(NamedTuple):
    """Routes of all pairs, packed.

    Parameters
    ----------
    pair_first : array of int, shape (pairs + 1,)
        Routes of pair ``p`` are ``pair_first[p]`` up to ``pair_first[p + 1]``.
    first : array of int, shape (routes + 1,)
        Links of route ``r`` are ``links[first[r]:first[r + 1]]``, from origin to destination.
    links : array of int
        Links of all routes.
    flow : array, shape (routes,)
        Flow of each; changed in place.
    log_size : array, shape (routes,)
        Logarithm of the path size; 0 where the class is not stochastic, and until it is found
        (:func:`keruen.flows.path_sizes.size_routes`).
    """

    pair_first: IntArray
    first: IntArray
    links: ShortArray
    flow: FloatArray
    log_size: FloatArray


def empty_pool(pairs: int) -> RoutePool:
    """A pool without routes.

    >>> empty_pool(2).pair_first.tolist()
    [0, 0, 0]
    """
    return RoutePool(
        np.zeros(pairs + 1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.zeros(0, dtype=np.int32),
        np.zeros(0),
        np.zeros(0),
    )
