"""The equilibrium of routes: who goes which way when everybody's choice costs everybody time."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, Problem
from keruen.flows.arrays import (
    DELAY,
    FIXED_COST,
    SPREAD,
    STATE_COLUMNS,
    VALUE,
    VOLUME,
    RoutePool,
    World,
    empty_pool,
)
from keruen.flows.checks import check_problem, check_start, pair_findings, unreachable
from keruen.flows.columns import COST, EXCESS, MISFIT, OUTSIDE, Mode, nothing_found, price
from keruen.flows.demand import Demand, Users
from keruen.flows.graph import Compiled, compiled
from keruen.flows.link_state import class_flows, load_routes
from keruen.flows.links import Network
from keruen.flows.newton import Newton
from keruen.flows.objective import objective_of
from keruen.flows.routes import Columns, merged, no_columns, picked, size_routes
from keruen.flows.shifts import Room, equilibrate
from keruen.flows.shortest import Search, room

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_INNER: Final = 0.1
_SLOW: Final = 0.3
_FIRST_ROOM: Final = 1 << 14


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
    """

    gap: float = 1e-6
    iterations: int = 500
    turns: int = 16
    system_optimum: bool = False
    widen: bool = True


DEFAULT: Final = Settings()


class Assignment(NamedTuple):
    """An equilibrium, in the caller's order of links and pairs.

    Parameters
    ----------
    flow : array, shape (classes, links)
        Flow of each class.
    volume, delay : array, shape (links,)
        Load of all classes, and the time it makes.
    routes : RoutePool
        Routes with their flows, by pair.
    amount : array, shape (pairs,)
        Demand moved: that given, or what is left of it at this cost; 0 where it is not served.
    cost : array, shape (pairs,)
        Least cost, or the expected least of a stochastic class; infinite where no route leads. In
        the system optimum these are marginal costs.
    relative_gap : float
        ``(cost of all flows - demand times least cost) / cost of all flows``, all at the costs of
        these flows: of a stochastic class the costs as perceived stand in the numerator.
    demand_gap : float
        Demand that would be another at these costs, times its cost, over the cost of all flows.
    route_set_error : float
        Demand times what the cheapest route outside the set saves, over the cost of all flows.
    iterations : int
        Rounds of pricing.
    converged : bool
        Whether the gaps came to what was asked.
    objective : float
        Of the mathematical programme that this equilibrium solves (:mod:`keruen.flows.objective`);
        not a number where there is none.
    total_cost : float
        What all flows pay.
    problems : tuple of Problem
        Pairs that were left out, and why.
    """

    flow: FloatArray
    volume: FloatArray
    delay: FloatArray
    routes: RoutePool
    amount: FloatArray
    cost: FloatArray
    relative_gap: float
    demand_gap: float
    route_set_error: float
    iterations: int
    converged: bool
    objective: float
    total_cost: float
    problems: tuple[Problem, ...]


class _Run:
    """One search: the arrays that its rounds change."""

    def __init__(self, problem: Compiled, settings: Settings) -> None:
        self.world: World = problem.world
        self.settings = settings
        self.stochastic = bool((self.world.prices.classes[:, SPREAD] > 0.0).any())
        pairs, links = self.world.pairs.user.size, self.world.star.head.size
        self.pool = empty_pool(pairs)
        self.state = np.zeros((links, STATE_COLUMNS))
        self.search: Search = room(self.world.star.passable.size)
        self.cost = np.zeros(links)
        self.found = nothing_found(pairs, _FIRST_ROOM)
        self.mark = np.zeros(links + 1, dtype=np.int64)
        self.active = np.zeros(pairs, dtype=np.bool_)
        self.count = np.zeros(links, dtype=np.int64)

    def take(self, columns: Columns) -> None:
        """Take routes in, drop those that nobody takes, and sum up the links."""
        self.pool = merged(self.world, self.pool, columns)
        if self.stochastic:
            size_routes(self.world.prices, self.world.pairs, self.pool, self.count)
        load_routes(self.world.prices, self.world.pairs, self.pool, self.state)

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
            self.pool = start
            self.take(no_columns())
        elif self.settings.widen:
            self.take(self.priced(True, loading=True))

    def gaps(self) -> tuple[float, float, float]:
        """Relative gap, demand gap and error of the set of routes."""
        figures = self.found.figures
        whole = max(abs(figures[COST]), np.finfo(float).tiny)
        return figures[EXCESS] / whole, figures[MISFIT] / whole, figures[OUTSIDE] / whole

    def settle(self, wanted: float) -> None:
        """Shift flow between the routes of the pool until hardly any cost is left to be saved.

        Where choice is random and turns get slow, they alternate with steps for all routes at once.
        """
        world, turns = self.world, self.settings.turns
        space = Room(self.mark, np.zeros(self.pool.flow.size), self.active)
        if not self.stochastic:
            equilibrate(world, self.pool, self.state, space, wanted, turns)
            return
        newton: Newton | None = None
        before = np.inf
        for turn in range(turns):
            excess = equilibrate(world, self.pool, self.state, space, wanted, 1)
            if excess <= wanted:
                break
            if excess > _SLOW * before and turn < turns - 2:
                newton = newton or Newton(world, self.pool)
                newton.step(self.state)
            before = excess

    def solve(self) -> tuple[int, bool]:
        """Price and shift in turns; number of rounds, and whether the gap was reached."""
        settings = self.settings
        for iteration in range(1, settings.iterations + 1):
            columns = self.priced(settings.widen)
            gap, misfit, outside = self.gaps()
            if settings.widen and self.stochastic:
                gap = max(gap, outside)
            if max(gap, misfit) <= settings.gap:
                return iteration, True
            if iteration == settings.iterations:
                break
            self.take(columns)
            figures = self.found.figures
            wanted = _INNER * max(settings.gap * figures[COST], figures[EXCESS] + figures[MISFIT])
            self.settle(wanted)
            load_routes(self.world.prices, self.world.pairs, self.pool, self.state)
        return settings.iterations, False


def assign(
    network: Network,
    users: Users,
    demand: Demand,
    settings: Settings = DEFAULT,
    start: RoutePool | None = None,
) -> Assignment:
    """Find the equilibrium of a network.

    Every pair of nodes has a set of routes. In turns the cheapest route of every pair is looked for
    and taken into its set (column generation), and flow is shifted between the routes of each set
    until they cost the same (gradient projection). Routes that nobody takes any more are dropped.

    Parameters
    ----------
    network : Network
        Links and nodes.
    users : Users
        Classes of users.
    demand : Demand
        Who goes where; each pair of a class once.
    settings : Settings
        How it is looked for.
    start : RoutePool or None
        Routes to begin with, by pair in the order of ``demand`` and links in that of ``network``,
        such as ``routes`` of an assignment of a year before; their flows are scaled to the demand.

    Returns
    -------
    Assignment
        The equilibrium. Pairs that no route leads to are left out and told.

    Raises
    ------
    FailedError
        With all that is wrong in the arrays, when no honest answer is possible.

    Examples
    --------
    Pigou's two roads: one always takes 1, the other as long as the share that takes it. Everybody
    takes the second; best for all together would be a half.

    >>> from keruen.flows.demand import demand_of, users_of
    >>> from keruen.flows.links import Curves, bpr_links, network_of
    >>> roads = bpr_links([0, 0], [1, 1], Curves([1.0, 1e-9], 1.0, [0.0, 1e9], 1.0))
    >>> found = assign(network_of(roads), users_of(2), demand_of([0], [1], [1.0]))
    >>> found.volume.round(6).tolist()
    [0.0, 1.0]
    >>> best = Settings(system_optimum=True)
    >>> assign(network_of(roads), users_of(2), demand_of([0], [1], [1.0]), best).volume.round(6)
    array([0.5, 0.5])
    """
    wrong = check_problem(network, users, demand)
    if start is not None and not wrong:
        wrong = check_start(network, demand, start)
    if wrong:
        raise FailedError(wrong)
    wanted, problems = pair_findings(demand)
    problem = compiled(network, users, demand, wanted, settings.system_optimum)
    run = _Run(problem, settings)
    run.begin(None if start is None else _scaled(start, problem))
    iterations, converged = run.solve()
    return _answer(run, problem, (iterations, converged), problems, demand)


def _scaled(start: RoutePool, problem: Compiled) -> RoutePool:
    """Routes to begin with in the order of the kernels, with flows that add up to the demand."""
    pool = picked(start, problem.pair)
    place = np.empty(problem.link.size, dtype=np.int32)
    place[problem.link] = np.arange(problem.link.size, dtype=np.int32)
    counts = np.diff(pool.pair_first)
    pair = np.repeat(np.arange(counts.size), counts)
    amount = problem.world.pairs.amount
    flow = np.maximum(pool.flow, 0.0)
    sums = np.bincount(pair, flow, counts.size)
    stochastic = problem.world.prices.classes[problem.world.pairs.user, SPREAD] > 0.0
    lowest = np.bincount(pair, flow <= 0.0, counts.size)
    # Without flows to go by, and where a logit needs some on each, routes begin with equal parts.
    even = (sums <= 0.0) | (stochastic & (lowest > 0))
    share = np.where(
        even[pair], 1.0 / np.maximum(counts, 1)[pair], flow / np.where(even, 1.0, sums)[pair]
    )
    return pool._replace(links=place[pool.links], flow=share * amount[pair])


def _answer(
    run: _Run,
    problem: Compiled,
    ended: tuple[int, bool],
    problems: list[Problem],
    demand: Demand,
) -> Assignment:
    """The result in the caller's order."""
    world, state = run.world, run.state
    gap, misfit, outside = run.gaps()
    run.take(no_columns())
    flows = np.zeros(world.prices.tariff.shape[:2])
    class_flows(world.pairs, run.pool, flows)
    back = np.empty(problem.link.size, dtype=np.int64)
    back[problem.link] = np.arange(problem.link.size)
    pairs = demand.amount.size
    amount, cost = np.zeros(pairs), np.full(pairs, np.inf)
    cost[problem.pair] = run.found.perceived
    lost = np.diff(run.pool.pair_first) == 0
    amount[problem.pair] = np.where(lost, 0.0, world.pairs.amount)
    fixed = world.prices.tariff[:, :, FIXED_COST]
    total = flows * (world.prices.classes[:, [VALUE]] * state[:, DELAY] + fixed)
    return Assignment(
        flow=flows[:, back],
        volume=state[back, VOLUME],
        delay=state[back, DELAY],
        routes=_routes_back(run.pool, problem, pairs),
        amount=amount,
        cost=cost,
        relative_gap=float(gap),
        demand_gap=float(misfit),
        route_set_error=float(outside),
        iterations=ended[0],
        converged=ended[1],
        objective=objective_of(world, run.pool, state, flows),
        total_cost=float(total.sum()),
        problems=(*problems, *unreachable(demand, problem.pair[lost])),
    )


def _routes_back(pool: RoutePool, problem: Compiled, pairs: int) -> RoutePool:
    """Routes by the caller's pairs, with the caller's links; pairs left out have none."""
    with_none = pool._replace(pair_first=np.append(pool.pair_first, pool.pair_first[-1]))
    order = np.full(pairs, problem.pair.size, dtype=np.int64)
    order[problem.pair] = np.arange(problem.pair.size)
    found = picked(with_none, order)
    return found._replace(links=problem.link[found.links].astype(np.int32))
