"""Rounds of pricing and shifting that lead to an equilibrium, on the arrays of the kernels."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from keruen.flows.arrays import (
    BOUND,
    DELAY,
    FIXED_COST,
    SCARCITY,
    SPREAD,
    STATE_COLUMNS,
    VALUE,
    Reach,
    RoutePool,
    ShortArray,
    World,
    empty_pool,
)
from keruen.flows.columns import COST, EXCESS, MISFIT, OUTSIDE, Mode, nothing_found, price
from keruen.flows.detours import costs_of, ways_within
from keruen.flows.graph import Compiled
from keruen.flows.link_state import load_routes
from keruen.flows.newton import Newton
from keruen.flows.path_sizes import size_routes, size_stretches, unsized
from keruen.flows.route_sets import joined, logit, moved, universe_of
from keruen.flows.routes import Columns, merged, no_columns, pair_of_routes
from keruen.flows.shifts import Room, equilibrate
from keruen.flows.shortest import Search, room
from keruen.flows.stretches import Stretches, stretches_of

_INNER: Final = 0.1
_SLOW: Final = 0.3
_FIRST_ROOM: Final = 1 << 14
_MOST_EXCESS: Final = 1e-4
_SURVEYS: Final = 2
_MORE: Final = 2
_TINY: Final = float(np.finfo(float).tiny)


class Settings(NamedTuple):
    """How an equilibrium is looked for.

    Parameters
    ----------
    gap : float
        Relative gap at which it ends.
    iterations : int
        Most rounds of pricing.
    turns : int
        Most turns over all pairs between two rounds.
    system_optimum : bool
        Least cost of all together, instead of nobody being able to do better alone.
    widen : bool
        Take in routes that are cheaper than all in the pool; without it the routes given are all.
    excess : float or None
        With hard capacities, the share by which a load may be above one, and that of the cost of
        all flows which may be the price of capacity that is left; where it is not given, that of
        the gap, and at most 1e-4.
    links : int
        With hard capacities, most links whose changes of cost a step foresees together: fewer make
        shorter steps near an equilibrium, and more of them far from it.
    ways : int
        Cheapest ways counted out for each pair that chooses at random, where no start is given
        (:mod:`keruen.flows.detours`); with nought a set grows from the cheapest alone.
    survey : bool or None
        At the end count out the ways of pairs that choose at random at the costs found: those that
        the set lacks are taken in where it is to be widened, and what is still missing is told as
        ``route_set_error``. None does so where no start is given and where the set is not to be
        widened.
    sized : bool
        Whether routes given come with path sizes that are right: of this network and these classes.
    """

    gap: float = 1e-6
    iterations: int = 500
    turns: int = 16
    system_optimum: bool = False
    widen: bool = True
    excess: float | None = None
    links: int = 128
    ways: int = 8
    survey: bool | None = None
    sized: bool = False

    def allowed_excess(self) -> float:
        """Share of a capacity by which a load may be above it.

        >>> Settings(gap=1e-3).allowed_excess(), Settings(gap=1e-8).allowed_excess()
        (0.0001, 1e-08)
        """
        return min(self.gap, _MOST_EXCESS) if self.excess is None else self.excess

    def surveys(self, given: bool) -> bool:
        """Whether ways are counted out at the end, routes to begin with being given or not.

        >>> Settings().surveys(False), Settings().surveys(True), Settings(widen=False).surveys(True)
        (True, False, True)
        """
        return (not given or not self.widen) if self.survey is None else self.survey


DEFAULT: Final = Settings()


class Survey(NamedTuple):
    """What a count of the ways at the end has found.

    Parameters
    ----------
    routes : RoutePool
        Routes of the set and those that it lacks, these with the flows of a logit.
    missing : int
        Routes that it lacks.
    share : float
        Part of what all pay that would be paid on other links, were these taken by the logit.
    """

    routes: RoutePool
    missing: int
    share: float


class Run:
    """One search: the arrays that its rounds change."""

    def __init__(self, problem: Compiled, settings: Settings) -> None:
        self.world: World = problem.world
        self.settings = settings
        self.stochastic = bool((self.world.prices.classes[:, SPREAD] > 0.0).any())
        pairs, links = self.world.pairs.user.size, self.world.star.head.size
        self.pool = empty_pool(pairs)
        self.newton: Newton | None = None
        self.keep = False
        self.state = np.zeros((links, STATE_COLUMNS))
        self.search: Search = room(self.world.star.passable.size)
        self.cost = np.zeros(links)
        self.found = nothing_found(pairs, _FIRST_ROOM)
        self.mark = np.zeros(links + 1, dtype=np.int64)
        self.active = np.zeros(pairs, dtype=np.bool_)
        self.count = np.zeros(links, dtype=np.int64)
        self.free_cost = problem.free_cost
        self.reach: Reach | None = None
        self.stretches: tuple[ShortArray, Stretches] | None = None
        self.missed = 0.0

    def take(self, columns: Columns) -> None:
        """Take routes in, drop those that nobody takes, and sum up the links."""
        self.pool = merged(self.world, self.pool, columns, self.keep)
        self.size(self.pool)
        self.newton = None
        load_routes(self.world.prices, self.world.pairs, self.pool, self.state)

    def size(self, pool: RoutePool) -> None:
        """Path sizes of routes that have none yet."""
        if self.stochastic:
            size_routes(self.world.prices, self.world.pairs, pool, self.count)
            self._size_bounded(pool)

    def _size_bounded(self, pool: RoutePool) -> None:
        """Path sizes of the classes that have a bound."""
        prices, pairs = self.world.prices, self.world.pairs
        if not (prices.classes[:, BOUND] > 0.0).any():
            return
        if self.reach is None:
            self.reach = self._reached()
        size_stretches(prices, pairs, pool, self.stretched(pool), self.reach)

    def _reached(self) -> Reach:
        """The network without flows and scarcity, and the bounds of pairs at its costs."""
        prices, pairs = self.world.prices, self.world.pairs
        nobody, empty = empty_pool(pairs.user.size), np.zeros_like(self.state)
        load_routes(prices, pairs, nobody, empty)
        empty[:, SCARCITY] = 0.0
        least = self.free_cost
        if least is None:
            found = nothing_found(pairs.user.size, 0)
            price(self.world, nobody, empty, self.search, self.cost, found, Mode(0, False, False))
            least = found.least
        cost = prices.classes[:, [VALUE]] * empty[:, DELAY] + prices.tariff[:, :, FIXED_COST]
        with np.errstate(invalid="ignore"):
            return Reach(cost, prices.classes[pairs.user, BOUND] * least)

    def stretched(self, pool: RoutePool) -> Stretches:
        """Stretches of routes as they are."""
        if self.stretches is None or self.stretches[0] is not pool.links:
            self.stretches = pool.links, stretches_of(pool, self.cost.size)
        return self.stretches[1]

    def priced(self, widen: bool, loading: bool = False) -> Columns:
        """Routes to take in; ``found`` says how far from an equilibrium the flows are."""
        pairs = self.world.pairs
        groups = pairs.groups.shape[0] - 1
        self.found.figures[:] = 0.0
        self.found.columns[0] = 0
        first = 0
        while True:
            mode = Mode(first, widen, loading)
            space = (self.state, self.search, self.cost, self.found)
            first = price(self.world, self.pool, *space, mode)
            if first >= groups:
                count = int(self.found.columns[0])
                ends = self.found.first[: count + 1]
                return Columns(self.found.pair[:count], ends, self.found.links[: ends[-1]])
            links = self.found.links
            self.found = self.found._replace(links=np.concatenate([links, links]))

    def begin(self, start: RoutePool | None) -> None:
        """Put the demand on the routes given, or on the cheapest as group after group comes."""
        load_routes(self.world.prices, self.world.pairs, self.pool, self.state)
        if start is not None:
            self.pool = start if self.settings.sized else unsized(start)
            self.take(no_columns())
        elif self.settings.widen:
            if self.stochastic and self.settings.ways > 0:
                costs = costs_of(self.world, self.state)
                self.pool = universe_of(self.world, costs, self.settings.ways)
                self.take(no_columns())
            self.take(self.priced(True, loading=True))

    def gaps(self) -> tuple[float, float, float]:
        """Relative gap, demand gap and error of the set of routes."""
        figures = self.found.figures
        whole = max(abs(figures[COST]), np.finfo(float).tiny)
        return figures[EXCESS] / whole, figures[MISFIT] / whole, figures[OUTSIDE] / whole

    def within(self) -> bool:
        """Whether the flows keep to what they have to keep to besides the gap."""
        return True

    def hopeless(self, columns: Columns) -> bool:
        """Whether there is no use in going on, routes being as they are."""
        return False

    def settle(self, wanted: float) -> float:
        """Shift flow between the routes of the pool until hardly any cost is left to be saved.

        Where choice is random and turns get slow, they alternate with steps for all routes at once.

        Returns
        -------
        float
            What was left before the last turn.
        """
        world, turns = self.world, self.settings.turns
        space = Room(self.mark, np.zeros(self.pool.flow.size), self.active)
        if not self.stochastic:
            return equilibrate(world, self.pool, self.state, space, wanted, turns)
        excess, before = np.inf, np.inf
        for turn in range(turns):
            excess = equilibrate(world, self.pool, self.state, space, wanted, 1)
            if excess <= wanted:
                break
            if excess > _SLOW * before and turn < turns - 2:
                self.newton = self.newton or Newton(world, self.pool)
                self.newton.step(self.state)
            before = excess
        return excess

    def find(self, surveyed: bool) -> tuple[int, bool]:
        """Find an equilibrium and, where it is asked, take in the ways that its set lacks.

        Returns
        -------
        tuple of int and bool
            Rounds of pricing, and whether the gap was reached.
        """
        rounds, found = self.solve()
        if not (surveyed and self.stochastic and self.settings.ways > 0 and self.pool.flow.size):
            return rounds, found
        for _ in range(_SURVEYS if self.settings.widen else 0):
            lacking = self.survey(self.settings.ways)
            if not (found and lacking.missing):
                break
            self.go_on(lacking.routes)
            more, found = self.solve()
            rounds += more
        # What is told is looked for among more ways than are taken in.
        self.missed = self.survey(_MORE * self.settings.ways).share
        return rounds, found

    def survey(self, ways: int) -> Survey:
        """Ways within reach at the costs found, and what the set lacks of them."""
        world, costs = self.world, costs_of(self.world, self.state)
        every, new = joined(self.pool, ways_within(world, costs, ways))
        if not new.any():
            return Survey(every, 0, 0.0)
        # Path sizes of a pair that gets new routes are others.
        every.log_size[:] = 0.0
        self.size(every)
        pairs = world.pairs.user.size
        pair = pair_of_routes(every)
        amount = world.pairs.amount
        shares = logit(world, every, costs)
        now = every.flow / np.maximum(amount, _TINY)[pair]
        least = np.where(np.isfinite(self.found.least), np.abs(self.found.least), 0.0)
        whole = max(float(amount @ least), _TINY)
        share = moved(world, every, costs, shares - now) / whole
        kept = 1.0 - np.bincount(pair, shares * new, pairs)
        flow = amount[pair] * np.where(new, shares, now * kept[pair])
        return Survey(every._replace(flow=flow), int(new.sum()), share)

    def go_on(self, routes: RoutePool) -> None:
        """Go on from more routes than before, whose flows add up to the demand."""
        self.pool, self.newton = routes, None
        load_routes(self.world.prices, self.world.pairs, self.pool, self.state)

    def solve(self) -> tuple[int, bool]:
        """Price and shift in turns; number of rounds, and whether the gap was reached."""
        settings = self.settings
        for iteration in range(1, settings.iterations + 1):
            columns = self.priced(settings.widen)
            gap, misfit, outside = self.gaps()
            if settings.widen and self.stochastic:
                gap = max(gap, outside)
            if max(gap, misfit) <= settings.gap and self.within():
                return iteration, True
            if iteration == settings.iterations or self.hopeless(columns):
                return iteration, False
            self.take(columns)
            figures = self.found.figures
            wanted = _INNER * max(settings.gap * figures[COST], figures[EXCESS] + figures[MISFIT])
            self.settle(wanted)
            load_routes(self.world.prices, self.world.pairs, self.pool, self.state)
        return settings.iterations, False
