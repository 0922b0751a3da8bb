"""Equilibria within hard capacities: what is scarce gets a price.

A link that has a capacity costs, besides what its curve says, a price per unit of load, the same
for everybody on it. Where the load stays below the capacity the price is nought; where it would be
above, the price is what makes it stay. Flows, prices and what is left of every capacity are moved
together by steps of an interior-point method (:mod:`keruen.flows.joint`): price times what is left
is the same small number on every link, which goes to nought, so that neither passes nought on the
way. Classes that take the cheapest route get a spread on the way, which goes to nought as well.

The gap is that of a plain equilibrium in which everybody pays the prices.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError
from keruen.flows.arrays import (
    AT_LIMIT,
    DELAY,
    FIXED,
    FIXED_COST,
    LOAD,
    MOST,
    SCARCITY,
    SPREAD,
    VALUE,
    VOLUME,
    RoutePool,
)
from keruen.flows.checks import check_limits, check_problem, check_start, pair_findings
from keruen.flows.columns import COST, OUTSIDE
from keruen.flows.demand import Demand, Users
from keruen.flows.equilibrium import Assignment, answer, scaled
from keruen.flows.graph import Compiled, compiled
from keruen.flows.joint import WANTED, Aim, Barrier, spread_out, step, table_of
from keruen.flows.link_state import load_routes
from keruen.flows.links import Network
from keruen.flows.objective import proportions
from keruen.flows.rounds import DEFAULT, Run, Settings
from keruen.flows.routes import Columns, without

FloatArray = NDArray[np.float64]

_AWAY: Final = 1e3
_INNER: Final = 0.1
_COLD: Final = 0.1
_WARM: Final = 0.01
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
_GROWS: Final = 10.0
_TURNS: Final = 60


class Within(NamedTuple):
    """An equilibrium within capacities.

    Parameters
    ----------
    assignment : Assignment
        The equilibrium: its gap and costs of pairs are those at the prices; ``total_cost`` is
        without them, and ``objective`` is not a number where prices leave it without a programme.
    price : array, shape (links,)
        Cost of a unit of load, 0 where there is capacity left.
    excess_share : float
        The largest ``(load - capacity) / capacity`` above 0.
    slack_share : float
        Prices times capacities that are left, over the cost of all flows.
    rounds : int
        Steps.
    converged : bool
        Whether the gap, the excess and the slack all came to what was asked.
    """

    assignment: Assignment
    price: FloatArray
    excess_share: float
    slack_share: float
    rounds: int
    converged: bool


class _Limited(Run):
    """A search whose links have limits."""

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

    def begin(self, start: RoutePool | None) -> None:
        """Put the demand on routes, with a way past what is scarce for every pair."""
        super().begin(start)
        if not self.scarce.size or not self.pool.flow.size:
            return
        self.worth = self._cost_per_load()
        if start is None and self.settings.widen:
            self._add_ways_out(_AWAY * self.worth)
        left = np.maximum(self.most - self.state[self.scarce, VOLUME], _WARM * self.most)
        price = self.limit[self.scarce, AT_LIMIT].copy()
        if not price.any():
            left = np.maximum(left, _COLD * self.most)
            price = _COLD**2 * self.worth * self.most / left
        self.barrier = Barrier(self.scarce, self.most, price, left)

    def _add_ways_out(self, price: FloatArray) -> None:
        """Give every pair a route past what is scarce, so that no load has to be above a limit."""
        self.state[self.scarce, SCARCITY] = price
        self.take(self.priced(True))

    def _cost_per_load(self) -> FloatArray:
        """What users pay in all, per load that all of them would make on each scarce link."""
        prices, pool, user = self.world.prices, self.pool, self.world.pairs.user
        pair = np.repeat(np.arange(user.size), np.diff(pool.pair_first))
        by_class = np.bincount(user[pair], pool.flow, prices.classes.shape[0])
        load = by_class @ prices.tariff[:, self.scarce, LOAD]
        route = np.repeat(np.arange(pool.flow.size), np.diff(pool.first))
        by = user[pair[route]]
        money = prices.classes[by, VALUE] * self.state[pool.links, DELAY]
        money += prices.tariff[by, pool.links, FIXED_COST]
        paid = float((pool.flow[route] * money).sum())
        return np.asarray(paid / np.where(load > 0.0, load, np.inf) + np.finfo(float).tiny)

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
        table = table_of(
            self.world,
            self.pool,
            costs,
            self.barrier,
            Aim(0.0, max(self.share, _WARM), 1.0, self.settings.links),
        )
        table.rise[:, WANTED] = 0.0
        spread_out(self.world, self.pool, costs, table)
        load_routes(self.world.prices, self.world.pairs, self.pool, self.state)

    def solve(self) -> tuple[int, bool]:
        """Find an equilibrium of the demand as it begins first: its costs are near those it has."""
        response = self.world.pairs.response
        if self.barrier is None or not response.any():
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

    def hopeless(self, columns: Columns) -> bool:
        """Whether round after round no route was found that would make room."""
        self.idle = 0 if columns.pair.size else self.idle + 1
        return self.barrier is not None and self.idle >= _IDLE

    def settle(self, wanted: float) -> float:
        """Move all flows and prices at once until hardly any cost is left to be saved."""
        if self.barrier is None:
            return super().settle(wanted)
        barrier, settings = self.barrier, self.settings
        whole = abs(self.found.figures[COST])
        # Rounds that find no route are asked to be finer, as that is what was missing.
        fine = _INNER**self.idle
        wanted = fine * _INNER * max(settings.gap * whole, _INNER * self.found.figures[OUTSIDE])
        least = fine * _NOUGHT * settings.allowed_excess() * whole / self.most.size
        finest, last = self._finest()
        failed = self.idle > 1 and max(self.shares()) > _WARM
        careful = _INNER if failed else _NOUGHT
        self._inside(barrier, failed)
        self.share = last if finest > _NARROW and not failed else max(self.share, _WARM)
        excess, before, reach, settled = np.inf, np.inf, 1.0, False
        for turn in range(_TURNS):
            self._price(barrier.price)
            product = max(_CENTRE * float((barrier.price * barrier.left).mean()), least)
            # Prices may not come to rest before the flows do.
            if before < np.inf:
                product = max(product, careful * min(before, whole) / self.most.size)
            if self.share > last:
                product = max(product, _INNER * self.share * whole / self.most.size)
            excess = step(
                self.world,
                self.pool,
                self.state,
                barrier,
                Aim(product, self.share, reach, settings.links),
            )
            self.steps += 1
            if turn and excess <= wanted and self.share <= last and self.within():
                settled = True
                break
            if (barrier.price > _ABSURD * self.worth).any():
                # What is asked cannot be had on these routes.
                break
            # A step that made matters worse is followed by shorter ones.
            reach = max(0.5 * reach, _SHORTEST) if excess > before else min(2.0 * reach, 1.0)
            before = excess
            if excess <= _INNER * self.share * whole:
                self.share = _NARROWS * self.share if self.share > finest else last
        # Of price and capacity left one is nought: that which is the smaller part of its whole.
        full = barrier.price * self.most >= barrier.left * self.worth
        paid = float((barrier.price * self.state[self.scarce, VOLUME])[~full].sum())
        if settled and paid <= _INNER * settings.gap * whole:
            self._price(np.where(full, barrier.price, 0.0))
        else:
            self._price(barrier.price)
        return excess

    def _inside(self, barrier: Barrier, failed: bool) -> None:
        """Begin away from the walls, the further the worse loads keep to the capacities."""
        off = _COLD if failed else min(_COLD, max(_WARM, self.shares()[0]))
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
        load_routes(self.world.prices, self.world.pairs, self.pool, self.state)


def _alike(users: Users) -> bool:
    """Whether a price of load is the same price of time to all classes, as a programme needs it."""
    found = proportions(users.load)
    if found is None or not (users.value > 0.0).all():
        return False
    ratio = found[0] / users.value
    return bool(np.allclose(ratio, ratio[0], rtol=1e-12, atol=0.0))


def _open_routes(start: RoutePool, users: Users, demand: Demand, capacity: FloatArray) -> RoutePool:
    """Routes to begin with that use no link which is closed to their class."""
    closed = (capacity <= 0.0) & (users.load > 0.0)
    route = np.repeat(np.arange(start.flow.size), np.diff(start.first))
    pair = np.repeat(np.arange(demand.user.size), np.diff(start.pair_first))
    shut = closed[demand.user[pair[route]], start.links]
    return without(start, np.bincount(route, shut, start.flow.size) > 0)


def assign_within(
    network: Network,
    users: Users,
    demand: Demand,
    capacity: FloatArray,
    settings: Settings = DEFAULT,
    start: RoutePool | None = None,
    price: FloatArray | None = None,
) -> Within:
    """Find the equilibrium of a network whose links take no more than their capacities.

    Demand that cannot be served at any price leaves it without an answer: who asks gives every pair
    a link of its own at the cost at which it would rather stay away.

    Parameters
    ----------
    network, users, demand, settings, start
        As of :func:`keruen.flows.equilibrium.assign`.
    capacity : array, shape (links,)
        Most load of each link; infinite without a limit, 0 where no load may pass.
    price : array or None, shape (links,)
        Prices to begin with, such as those of a year before.

    Returns
    -------
    Within
        The equilibrium, its prices, and how well it keeps to the capacities.

    Raises
    ------
    FailedError
        With all that is wrong in the arrays, when no honest answer is possible.

    Examples
    --------
    Two roads of which the cheaper takes 4 of 6: the others stay away only if it costs as much.

    >>> from keruen.flows.demand import demand_of, users_of
    >>> from keruen.flows.links import Curves, bpr_links, network_of
    >>> roads = network_of(bpr_links([0, 0], [1, 1], Curves([1.0, 3.0], 1.0, 0.0, 1.0)))
    >>> found = assign_within(
    ...     roads, users_of(2), demand_of([0], [1], [6.0]), np.array([4.0, np.inf])
    ... )
    >>> found.assignment.volume.round(5).tolist(), found.price.round(5).tolist()
    ([4.0, 2.0], [2.0, 0.0])
    """
    begins = np.zeros(capacity.size) if price is None else price
    wrong = check_problem(network, users, demand)
    if not wrong:
        wrong = check_limits(network, demand, capacity, begins)
        if start is not None:
            wrong += check_start(network, demand, start)
    if wrong:
        raise FailedError(wrong)
    wanted, problems = pair_findings(demand)
    problem = compiled(network, users, demand, wanted, settings.system_optimum)
    run = _Limited(problem, settings, capacity, begins)
    tariff = problem.world.prices.tariff
    closed = (capacity[problem.link] <= 0.0) & (tariff[:, :, LOAD] > 0.0)
    tariff[closed, FIXED_COST] = np.inf
    if start is not None:
        start = scaled(_open_routes(start, users, demand, capacity), problem)
    run.begin(start)
    iterations, converged = run.solve()
    excess, slack = run.shares()
    tariff[closed, FIXED_COST] = 0.0
    back = np.argsort(problem.link)
    prices = run.state[back, SCARCITY]
    assignment = answer(run, problem, (iterations, converged), problems, demand)
    if prices.any() and not (settings.system_optimum or _alike(users)):
        assignment = assignment._replace(objective=math.nan)
    return Within(assignment, prices, excess, slack, run.steps, converged)
