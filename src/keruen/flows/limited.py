"""The search for an equilibrium within hard capacities: rounds of pricing, flows and prices moved.

Between two rounds flows and prices are moved together, behind a barrier that gives way as flows
come to rest (:mod:`keruen.flows.walls`): far away from it at first, near to it from a neighbour's
prices. As long as routes are missing they come to rest only so far as what the new routes save asks
for.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import (
    AT_LIMIT,
    DELAY,
    FIXED,
    FIXED_COST,
    LOAD,
    MOST,
    REFERENCE_AMOUNT,
    SCARCITY,
    SPREAD,
    VALUE,
    VOLUME,
    RoutePool,
)
from keruen.flows.columns import COST, OUTSIDE
from keruen.flows.graph import Compiled
from keruen.flows.joint import Table, spread_out
from keruen.flows.link_state import class_flows, load_routes
from keruen.flows.moving import Scarce, costs_of_routes, swaying, table_of
from keruen.flows.rounds import Run, Settings
from keruen.flows.routes import Columns, no_columns, pair_of_routes, without
from keruen.flows.stretches import load_stretches
from keruen.flows.walls import Aim, Barrier, rises, step

FloatArray = NDArray[np.float64]

_AWAY: Final = 1e3
_INNER: Final = 0.1
_COLD: Final = 0.1
_WARM: Final = 0.01
_LUKEWARM: Final = 1e-3
_CENTRE: Final = 0.1
_NARROWS: Final = 0.5
_NOUGHT: Final = 0.03
_NARROW: Final = 0.005
_FINEST: Final = 1e-8
_SHORTEST: Final = 0.05
_DEAR: Final = 3.0
_ABSURD: Final = 1e6
_IDLE: Final = 5
_FIRST: Final = 1e-3
_FEW: Final = 0.05
_JAMMED: Final = 0.02
_JAMS: Final = 2
_GROWS: Final = 10.0
_TURNS: Final = 60
_SOON: Final = 25
_STUCK: Final = 60
_BETTER: Final = 0.8
_OUTSIDE: Final = 0.3
_ENOUGH: Final = 0.3
_NEARLY: Final = 0.9
_ROUGH: Final = 3.0
_LOOSE: Final = 0.05
_FRESH: Final = 3


class Limited(Run):
    """A search whose links have limits.

    Parameters
    ----------
    problem : Compiled
        The problem.
    settings : Settings
        How it is looked for.
    capacity, price : array, shape (links,)
        Most loads, and prices to begin with, in the caller's order of links.
    """

    def __init__(
        self, problem: Compiled, settings: Settings, capacity: FloatArray, price: FloatArray
    ) -> None:
        super().__init__(problem, settings)
        self.limit = self.world.prices.limit
        limits, load = capacity[problem.link], self.world.prices.tariff[:, :, LOAD]
        # A link that is closed, or wide enough for everybody, needs no price.
        pairs = self.world.pairs
        most_load = np.bincount(pairs.user, pairs.amount, load.shape[0]) @ load
        # Demand that answers may grow.
        most_load = most_load * (_GROWS if pairs.response.any() else 1.0)
        held = (limits > 0.0) & (limits < most_load)
        self.scarce = np.flatnonzero(held)
        self.most = limits[self.scarce]
        self.limit[self.scarce, MOST] = self.most
        self.limit[self.scarce, AT_LIMIT] = price[problem.link][self.scarce]
        self.barrier: Barrier | None = None
        self.keep = self.scarce.size > 0
        self.steps = self.idle = 0
        self.share = _COLD
        self.worth = np.zeros(self.scarce.size)
        self.spread = self.world.prices.classes[self.world.pairs.user, SPREAD]
        self.warm = self.settled = False
        self.extra = np.zeros(0, dtype=np.int64)

    def begin(self, start: RoutePool | None) -> None:
        """Put the demand on routes, with a way past what is scarce for every pair."""
        super().begin(start)
        if not self.scarce.size or not self.pool.flow.size:
            return
        self.worth = self._cost_per_load()
        if self.settings.widen and not self.limit[self.scarce, AT_LIMIT].any():
            self._add_ways_out(start is not None)
        price = self.limit[self.scarce, AT_LIMIT].copy()
        self.warm = start is not None and bool(price.any())
        self.barrier = self._cold()
        if price.any():
            self.barrier.price[:] = price

    def _cold(self) -> Barrier:
        """A barrier far from the walls."""
        left = np.maximum(self.most - self.state[self.scarce, VOLUME], _COLD * self.most)
        price = _COLD**2 * self.worth * self.most / left
        return Barrier(self.scarce, self.most, price, left)

    def _add_ways_out(self, given: bool) -> None:
        """Give every pair a route past what is scarce, so that no load has to be above a limit.

        Who is given routes to begin with wants no others than those that are needed: of these the
        ones that hardly anybody takes go again, once prices are about right.
        """
        over = self.state[self.scarce, VOLUME] > self.most
        if (given and not over.any()) or self._have_ways_out():
            return
        self.state[self.scarce, SCARCITY] = _AWAY * self.worth
        columns = self.priced(True)
        pair = columns.pair.copy()
        self.take(columns)
        if given:
            self.extra = self.pool.pair_first[pair + 1] - 1

    def _have_ways_out(self) -> bool:
        """Whether every pair has a route past all that is scarce."""
        scarce = np.zeros(self.cost.size, dtype=np.bool_)
        scarce[self.scarce] = True
        meets = np.logical_or.reduceat(scarce[self.pool.links], self.pool.first[:-1])
        free = pair_of_routes(self.pool)[~meets]
        return bool(np.bincount(free, minlength=self.spread.size).all())

    def _drop_extra(self) -> None:
        """Leave out ways past what is scarce that turned out dearer than others of their pair."""
        load_routes(self.world.prices, self.world.pairs, self.pool, self.state)
        cost = costs_of_routes(self.world, self.pool, self.stretched(self.pool), self.state).base
        left_out = np.zeros(cost.size, dtype=np.bool_)
        left_out[self.extra] = True
        pair = pair_of_routes(self.pool)
        least = np.full(self.spread.size, np.inf)
        np.minimum.at(least, pair[~left_out], cost[~left_out])
        own = pair[self.extra]
        hardly = self.pool.flow[self.extra] <= _FEW * self.world.pairs.amount[own]
        left_out[self.extra] = hardly & (cost[self.extra] >= least[own])
        self.pool = without(self.pool, left_out)
        super().take(no_columns())

    def _paid(self) -> float:
        """What all users pay, prices apart."""
        prices = self.world.prices
        flows = np.zeros(prices.tariff.shape[:2])
        class_flows(self.world.pairs, self.pool, flows)
        money = prices.classes[:, [VALUE]] * self.state[:, DELAY]
        fixed = prices.tariff[:, :, FIXED_COST]
        return float((flows * (money + np.where(flows > 0.0, fixed, 0.0))).sum())

    def _cost_per_load(self) -> FloatArray:
        """What users pay in all, per load that all of them would make on each scarce link."""
        prices, pool, user = self.world.prices, self.pool, self.world.pairs.user
        pair = pair_of_routes(pool)
        by_class = np.bincount(user[pair], pool.flow, prices.classes.shape[0])
        load = by_class @ prices.tariff[:, self.scarce, LOAD]
        some = np.where(load > 0.0, load, np.inf)
        return np.asarray(self._paid() / some + np.finfo(float).tiny)

    def shares(self) -> tuple[float, float]:
        """Largest excess over a capacity, and the price of what is left of all, as shares."""
        load, price = self.state[self.scarce, VOLUME], self.state[self.scarce, SCARCITY]
        whole = max(abs(self.found.figures[COST]), np.finfo(float).tiny)
        slack = (price * np.maximum(self.most - load, 0.0)).sum() / whole
        return float((load / self.most - 1.0).max(initial=0.0)), float(slack)

    def within(self) -> bool:
        """Whether the loads keep to the capacities, and only what is full has a price."""
        return max(self.shares()) <= self.settings.allowed_excess()

    def take(self, columns: Columns) -> None:
        """Take routes in with the flows that they would have at the present costs of links."""
        if self.barrier is None or not columns.pair.size:
            return super().take(columns)
        costs = self.state.copy()
        super().take(columns)
        table = costs_of_routes(self.world, self.pool, self.stretched(self.pool), costs)
        table.spread[:] = max(self.share, _WARM)
        spread_out(self.world, self.pool, table)
        load_routes(self.world.prices, self.world.pairs, self.pool, self.state)

    def solve(self) -> tuple[int, bool]:
        """Find an equilibrium of the demand as it begins first: its costs are near those it has."""
        response = self.world.pairs.response
        if self.barrier is None:
            return super().solve()
        if self.warm:
            self.found.figures[COST] = self._paid()
            self.settle(_INNER * self.settings.gap * self.found.figures[COST])
            load_routes(self.world.prices, self.world.pairs, self.pool, self.state)
            if self.settled:
                return super().solve()
            self._begin_anew()
        if not response.any():
            return super().solve()
        given, settings = response.copy(), self.settings
        response[:] = FIXED
        self.settings = settings._replace(gap=max(settings.gap, _FIRST))
        begins = self.barrier
        self.barrier = begins._replace(price=begins.price.copy(), left=begins.left.copy())
        before, found = super().solve()
        if not found:
            # What does not fit as it is may fit once demand has answered.
            self.barrier = begins
            self._price(begins.price)
        response[:] = given
        self.settings, self.idle = settings, 0
        rounds, found = super().solve()
        return before + rounds, found

    def _begin_anew(self) -> None:
        """Begin on the routes as if nothing were known: the neighbour was none."""
        pairs, pool = self.world.pairs, self.pool
        self.warm, self.share = False, _COLD
        answers = pairs.response != FIXED
        pairs.amount[answers] = pairs.answer[answers, REFERENCE_AMOUNT]
        counts = np.diff(pool.pair_first)
        pool.flow[:] = np.repeat(pairs.amount / np.maximum(counts, 1), counts)
        self._price(np.zeros(self.scarce.size))
        if self.settings.widen:
            self._add_ways_out(True)
        self.barrier = self._cold()

    def go_on(self, routes: RoutePool) -> None:
        """Go on near the flows and prices that are known."""
        super().go_on(routes)
        self.warm, self.settled, self.idle = self.barrier is not None, False, 0
        self.extra = self.extra[:0]

    def hopeless(self, columns: Columns) -> bool:
        """Whether round after round no route was found that would make room."""
        self.idle = 0 if columns.pair.size else self.idle + 1
        return self.barrier is not None and self.idle >= _IDLE

    def settle(self, wanted: float) -> float:
        """Move all flows and prices at once until hardly any cost is left to be saved."""
        if self.barrier is None:
            return super().settle(wanted)
        whole = abs(self.found.figures[COST])
        # Rounds that find no route are asked to be finer, as that is what was missing.
        fine = _INNER**self.idle
        least = _ENOUGH * self.settings.gap * whole
        missing = _OUTSIDE * float(self.found.figures[OUTSIDE])
        # The first routes are too few for fine work.
        wanted = fine * max(least, missing, wanted if self.steps == 0 and not self.warm else 0.0)
        left = self._come_to_rest(self.barrier, wanted, fine, wanted > least)
        if self.extra.size and self.settled:
            self._drop_extra()
        # Later they are routes like others.
        self.extra = self.extra[:0]
        return left

    def _come_to_rest(self, barrier: Barrier, wanted: float, fine: float, loose: bool) -> float:
        """Move flows and prices by steps behind a barrier; what was left before the last."""
        whole = abs(self.found.figures[COST])
        least = fine * _NOUGHT * self.settings.allowed_excess() * whole / self.most.size
        finest, last = self._finest()
        failed = self.idle > 1 and max(self.shares()) > _WARM
        careful = _INNER if failed else _NOUGHT
        off = _COLD if failed else min(_COLD, max(_LUKEWARM, _INNER * self.shares()[0]))
        self._inside(barrier, off, failed)
        self.share = last if finest > _NARROW and not failed else max(self.share, _WARM)
        excess, before, reach, best, last_better, jams = np.inf, np.inf, 1.0, np.inf, 0, 0
        self.settled = False
        table: Table | None = None
        # What has not come to rest from a neighbour soon begins anew.
        for turn in range(_SOON if self.warm and not self.found.columns[0] else _TURNS):
            self.limit[self.scarce, AT_LIMIT] = barrier.price
            product = max(_CENTRE * float((barrier.price * barrier.left).mean()), least)
            # Prices may not come to rest before the flows do.
            if before < np.inf:
                product = max(product, careful * min(before, whole) / self.most.size)
            if self.share > last:
                product = max(product, _INNER * self.share * whole / self.most.size)
            if table is None or turn % _FRESH == 0:
                self._price(barrier.price)
                table = self._table(rises(self.world, self.state, barrier, product))
            aim = Aim(product, self.share, reach)
            excess, gone = step(self.world, self.pool, self.state, barrier, aim, table)
            self.steps += 1
            jams = jams + 1 if gone < _JAMMED * reach else 0
            if jams == _JAMS:
                # Too near to a wall to get on.
                off, jams, before = min(_COLD, max(_GROWS * off, _LUKEWARM)), 0, np.inf
                self._inside(barrier, off, failed)
                table = None
                continue
            rough = min(_COLD, _INNER * excess / whole)
            if turn == 0 and rough > _ROUGH * off:
                # Flows are further off than loads have shown.
                self._inside(barrier, rough, failed)
            if turn and excess <= wanted and self.share <= last and self._enough(loose):
                self.settled = True
                break
            if (barrier.price > _ABSURD * self.worth).any():
                # What is asked cannot be had on these routes.
                break
            if excess < _BETTER * best:
                best, last_better = excess, turn
            elif turn - last_better > _STUCK:
                # Routes are too few, or the beginning too far off.
                break
            # A step that made matters worse is followed by shorter ones.
            reach = max(0.5 * reach, _SHORTEST) if excess > before else min(2.0 * reach, 1.0)
            before = excess
            if excess <= _INNER * self.share * whole:
                self.share = _NARROWS * self.share if self.share > finest else last
        self._let_go(barrier)
        return excess

    def _enough(self, loose: bool) -> bool:
        """Whether loads keep to capacities, or nearly so where routes are missing."""
        return self.within() or (loose and self.shares()[0] <= _LOOSE)

    def _let_go(self, barrier: Barrier) -> None:
        """Leave the barrier: of price and capacity left one is nought. Loads are left to others."""
        whole = abs(self.found.figures[COST])
        # That which is the smaller part of its whole.
        full = barrier.price * self.most >= barrier.left * self.worth
        paid = np.where(full, np.inf, barrier.price * self.state[self.scarce, VOLUME])
        # The least that is paid goes first, as far as costs may change by it.
        order = np.argsort(paid, kind="stable")
        gone = order[np.cumsum(paid[order]) <= _INNER * self.settings.gap * whole]
        price = barrier.price.copy()
        if self.settled:
            price[gone] = 0.0
        self.limit[self.scarce, AT_LIMIT] = price

    def _table(self, rise: FloatArray) -> Table:
        """What the next steps are worked out on; costs rise with loads as is said."""
        least = np.where(np.isfinite(self.found.least), np.abs(self.found.least), 0.0)
        spread = np.maximum(np.maximum(self.spread, self.share * least), 1e-300)
        routes = self.world, self.pool, self.stretched(self.pool)
        sway = swaying(*routes, rise, spread)
        # A link that is full or nearly so will sway once its price is what it has to be.
        near = self.state[self.scarce, VOLUME] > _NEARLY * self.most
        sway[self.scarce[near]] = np.maximum(sway[self.scarce[near]], 1.0)
        scarce = Scarce(self.scarce, self.most)
        return table_of(*routes, self.state, sway, scarce, self.settings.links)

    def _inside(self, barrier: Barrier, off: float, failed: bool) -> None:
        """Begin away from the walls, so far as a part of each capacity and price."""
        barrier.left[:] = np.maximum(self.most - self.state[self.scarce, VOLUME], off * self.most)
        price = np.minimum(barrier.price, _DEAR * self.worth) if failed else barrier.price
        price = np.maximum(price, off**2 * self.worth * self.most / barrier.left)
        barrier.price[:] = np.maximum(price, np.finfo(float).tiny)
        self.share = max(self.share, off)

    def _finest(self) -> tuple[float, float]:
        """Spread, as a share of costs, that is too small to matter; and that to end with."""
        certain = self.spread <= 0.0
        last = max(_INNER * self.settings.gap, _FINEST) if certain.any() else 0.0
        known = np.isfinite(self.found.least) & ~certain
        own = self.spread[known] / np.maximum(np.abs(self.found.least[known]), 1e-300)
        return min(last if certain.any() else np.inf, float(own.min(initial=np.inf))), last

    def _price(self, price: FloatArray) -> None:
        """Ask prices, and sum the links up."""
        self.limit[self.scarce, AT_LIMIT] = price
        load_stretches(self.world, self.pool, self.stretched(self.pool), self.state)
