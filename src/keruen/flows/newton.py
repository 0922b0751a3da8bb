"""Newton's step for all routes of stochastic classes at once.

Shifting flow pair after pair is slow where flow can move between the routes of several pairs and
change no link: only the randomness of choice tells right from wrong there. One step for all routes
solves, for ``z``, the relative change of each flow,

    spread * z + J (h * z) = -(C - mean of C),        h-weighted mean of z over each pair = 0

with the flows ``h``, the perceived costs ``C`` and the derivatives ``J`` of the costs of routes by
the flows of routes, which are products of sparse matrices and are never formed. GMRES does not ask
for ``J`` to be symmetric, which it is not where classes load links out of proportion. The flows
then become ``h * exp(z)``, scaled to the demand, with ``z`` bounded. A step alone may make matters
worse, where routes with next to no flow have to grow; turns of shifting between steps mend that.
The derivation is our own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, gmres

from keruen.flows.arrays import (
    BEND,
    DELAY,
    FIXED_COST,
    LOAD,
    MONEY,
    RISE,
    SCARCITY,
    SLOPE,
    SPREAD,
    VALUE,
    RoutePool,
    World,
)
from keruen.flows.link_state import load_routes
from keruen.flows.routes import pair_of_routes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_LEAP: Final = 2.0
_FLOOR: Final = 1e-100
_LEAST: Final = 1e-12
_SOLVED: Final = 1e-3
_STEPS: Final = 60


class Newton:
    """Steps for the routes of stochastic classes that carry flow; the pool's flows change.

    Parameters
    ----------
    world : World
        The problem.
    pool : RoutePool
        Its routes.
    """

    def __init__(self, world: World, pool: RoutePool) -> None:
        self._world = world
        self._pool = pool
        pairs, prices = world.pairs, world.prices
        counts = np.diff(pool.pair_first)
        pair = pair_of_routes(pool)
        spread = prices.classes[pairs.user[pair], SPREAD]
        # Turns of shifting see to routes that hardly anybody takes.
        used = (spread > 0.0) & (pool.flow > _LEAST * pairs.amount[pair])
        several = np.bincount(pair, used, counts.size)[pair] > 1.5
        self._routes: IntArray = np.flatnonzero(used & several)
        self._pair: IntArray = np.unique(pair[self._routes], return_inverse=True)[1]
        self._count = int(self._pair.max(initial=-1)) + 1
        self._spread = spread[self._routes]
        user = pairs.user[pair[self._routes]]
        first, last = pool.first[self._routes], pool.first[self._routes + 1]
        length = last - first
        row = np.repeat(np.arange(self._routes.size), length)
        begins = np.concatenate([[0], np.cumsum(length)])
        at = np.arange(begins[-1]) + np.repeat(first - begins[:-1], length)
        link = pool.links[at]
        shape = (self._routes.size, prices.kind.size)
        by = user[row]
        self._value = csr_array((prices.classes[by, VALUE], link, begins), shape=shape)
        self._load = csr_array((prices.tariff[by, link, LOAD], link, begins), shape=shape)
        self._fixed = csr_array((prices.tariff[by, link, FIXED_COST], link, begins), shape=shape)

    def _centred(self, values: FloatArray, flow: FloatArray) -> FloatArray:
        """Values less their flow-weighted mean over each pair."""
        whole = np.bincount(self._pair, flow, self._count)
        mean = np.bincount(self._pair, flow * values, self._count) / whole
        return np.asarray(values - mean[self._pair])

    def _perceived(self, state: FloatArray, flow: FloatArray) -> FloatArray:
        cost = self._value @ state[:, DELAY] + self._fixed.sum(axis=1)
        charged = state[:, SCARCITY]
        if self._world.prices.marginal:
            charged = charged + state[:, SLOPE] * state[:, MONEY]
        cost = cost + self._load @ charged
        return np.asarray(cost + self._spread * (np.log(flow) - self._pool.log_size[self._routes]))

    def _rises(self, state: FloatArray, change: FloatArray) -> FloatArray:
        """Changes of the costs of routes for changes of their flows."""
        slope, volume = state[:, SLOPE], self._load.T @ change
        rises = self._value @ (slope * volume)
        charged = state[:, RISE] * volume
        if self._world.prices.marginal:
            money = self._value.T @ change
            charged = charged + state[:, BEND] * state[:, MONEY] * volume + slope * money
        return np.asarray(rises + self._load @ charged)

    def _changes(self, state: FloatArray, flow: FloatArray, cost: FloatArray) -> FloatArray:
        """Relative changes of the flows, from the equations."""
        root = np.sqrt(flow)

        def product(scaled: FloatArray) -> FloatArray:
            # In z * sqrt(h) the operator is symmetric where the costs have a potential.
            z = self._centred(scaled / root, flow)
            rises = self._centred(self._rises(state, flow * z), flow)
            return np.asarray(self._spread * scaled + root * rises)

        wanted = -root * self._centred(cost, flow)
        operator = LinearOperator((flow.size, flow.size), matvec=product, dtype=np.float64)
        found, _ = gmres(operator, wanted, rtol=_SOLVED, restart=_STEPS, maxiter=1)
        return self._centred(found / root, flow)

    def step(self, state: FloatArray) -> None:
        """Change the flows by one step.

        Parameters
        ----------
        state : array, shape (links, 7)
            Links under the present flows; changed with them.
        """
        world, pool = self._world, self._pool
        if self._routes.size == 0:
            return
        flow = pool.flow[self._routes]
        changes = self._changes(state, flow, self._perceived(state, flow))
        whole = np.bincount(self._pair, flow, self._count)[self._pair]
        moved = flow * np.exp(np.clip(changes, -_LEAP, _LEAP))
        # The logarithm needs some flow on every route, however little.
        moved = np.maximum(moved, _FLOOR * whole)
        moved *= whole / np.bincount(self._pair, moved, self._count)[self._pair]
        pool.flow[self._routes] = moved
        load_routes(world.prices, world.pairs, pool, state)
