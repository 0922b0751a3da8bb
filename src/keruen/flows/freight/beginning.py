"""Routes that the search for a year's freight begins with."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import RoutePool
from keruen.flows.demand import Demand, Users
from keruen.flows.freight.pairs import Pairs
from keruen.flows.links import Network
from keruen.flows.route_sets import LEAST_SHARE, joined, ways_to_begin
from keruen.flows.routes import one_after_other, pair_of_routes, picked

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WAYS: Final = 4
"""Cheapest ways counted out between two zones before any is taken, and again at the costs found;
some that differ more from each other, and those cheapest at some prices on the way, come too."""
Given = tuple[Network, Users, Demand, FloatArray]
"""Network with a link for being turned away between any two zones behind its own, classes, demand
and capacities."""


def routes_to_begin(
    given: Given, pairs: Pairs, zones: int, known: tuple[Pairs, RoutePool] | None
) -> RoutePool:
    """Routes by pair: those known where there are any, else the cheapest; and being turned away.

    Parameters
    ----------
    given : Given
        What is to be solved. Link ``o * zones + d`` of the last ``zones ** 2`` stands for being
        turned away from zone ``o`` to zone ``d``.
    pairs : Pairs
        Pairs of the demand, by zone.
    zones : int
        Zones of the network.
    known : tuple of Pairs and RoutePool, or None
        Routes of a neighbouring case, and its pairs.
    """
    network, users, demand, capacity = given
    if known is None or not known[0].amount.size:
        ways = ways_to_begin(network, users, demand, capacity, WAYS)
        return _with_refusals(ways, pairs, network, zones)
    before, pool = known
    key, old = pairs.keys(zones), before.keys(zones)
    at = np.minimum(np.searchsorted(old, key), old.size - 1)
    new = np.flatnonzero((old[at] != key) | (np.diff(pool.pair_first)[at] == 0))
    pool = _with_refusals(pool, before, network, zones)
    if not new.size:
        return picked(pool, at)
    at[new] = old.size + np.arange(new.size)
    ways = ways_to_begin(network, users, demand.of(new), capacity, WAYS)
    found = _with_refusals(ways, pairs.of(new), network, zones)
    return picked(one_after_other(pool, found), at)


def _with_refusals(pool: RoutePool, pairs: Pairs, network: Network, zones: int) -> RoutePool:
    """Routes, and for every pair being turned away."""
    first = network.links.tail.size - zones * zones
    alone = pool.links[pool.first[:-1]] >= first
    if np.bincount(pair_of_routes(pool)[alone], minlength=pairs.amount.size).all():
        return pool
    ends: IntArray = np.arange(pairs.amount.size + 1, dtype=np.int64)
    away = (first + pairs.origin * zones + pairs.destination).astype(np.int32)
    amount = LEAST_SHARE * pairs.amount
    return joined(pool, RoutePool(ends, ends.copy(), away, amount, np.zeros(amount.size)))[0]
