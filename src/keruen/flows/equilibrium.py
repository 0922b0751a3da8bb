"""The equilibrium of routes: who goes which way when everybody's choice costs everybody time."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, Problem
from keruen.flows.arrays import DELAY, FIXED_COST, SPREAD, VALUE, VOLUME, RoutePool
from keruen.flows.checks import check_problem, check_start, pair_findings, unreachable
from keruen.flows.demand import Demand, Users
from keruen.flows.graph import Compiled, compiled
from keruen.flows.link_state import class_flows
from keruen.flows.links import Network
from keruen.flows.objective import objective_of
from keruen.flows.rounds import DEFAULT, Run, Settings
from keruen.flows.routes import no_columns, pair_of_routes, picked, routes_back

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

__all__ = ["DEFAULT", "Assignment", "Settings", "assign"]


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
        Demand times what the cheapest route outside the set saves, over the cost of all flows; or,
        where it is more and ``Settings.survey`` has it looked for, the part of what all pay that
        would be paid on other links, were the ways outside the set taken by the logit.
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
    run = Run(problem, settings)
    run.begin(None if start is None else scaled(start, problem))
    ended = run.find(settings.surveys(start is not None))
    return answer(run, problem, ended, problems, demand)


def scaled(start: RoutePool, problem: Compiled) -> RoutePool:
    """Routes to begin with in the order of the kernels, with flows that add up to the demand."""
    pool = picked(start, problem.pair)
    place = np.empty(problem.link.size, dtype=np.int32)
    place[problem.link] = np.arange(problem.link.size, dtype=np.int32)
    counts = np.diff(pool.pair_first)
    pair = pair_of_routes(pool)
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


def answer(
    run: Run,
    problem: Compiled,
    ended: tuple[int, bool],
    problems: list[Problem],
    demand: Demand,
    programme: bool = True,
) -> Assignment:
    """The result in the caller's order; without an objective where it is of no programme."""
    world, state = run.world, run.state
    gap, misfit, outside = run.gaps()
    if not run.keep:
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
        routes=routes_back(run.pool, problem.pair, problem.link, pairs),
        amount=amount,
        cost=cost,
        relative_gap=float(gap),
        demand_gap=float(misfit),
        route_set_error=max(float(outside), run.missed),
        iterations=ended[0],
        converged=ended[1],
        objective=objective_of(world, run.pool, state, flows) if programme else math.nan,
        total_cost=float(total.sum()),
        problems=(*problems, *unreachable(demand, problem.pair[lost])),
    )
