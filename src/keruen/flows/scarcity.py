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

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError
from keruen.flows.arrays import FIXED, FIXED_COST, LOAD, SCARCITY, IntArray, RoutePool
from keruen.flows.checks import check_limits, check_problem, check_start, pair_findings
from keruen.flows.demand import Demand, Users
from keruen.flows.equilibrium import Assignment, answer, scaled
from keruen.flows.graph import Compiled, compiled
from keruen.flows.limited import Limited
from keruen.flows.links import Network
from keruen.flows.objective import proportions
from keruen.flows.rounds import DEFAULT, Settings
from keruen.flows.routes import pair_of_routes, without
from keruen.jit import flat_kernel

FloatArray = NDArray[np.float64]

_ALIKE: Final = 100.0


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


def _alike(users: Users) -> bool:
    """Whether a price of load is the same price of time to all classes, as a programme needs it."""
    found = proportions(users.load)
    if found is None or not (users.value > 0.0).all():
        return False
    ratio = found[0] / users.value
    return bool(np.allclose(ratio, ratio[0], rtol=1e-12, atol=0.0))


@flat_kernel
def mark_closed(
    pool: RoutePool, user: IntArray, closed: NDArray[np.bool_], shut: NDArray[np.bool_]
) -> None:
    """Mark routes that use a link which is closed to their class."""
    for pair in range(user.size):
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            for at in range(pool.first[route], pool.first[route + 1]):
                if closed[user[pair], pool.links[at]]:
                    shut[route] = True


def _open_routes(start: RoutePool, users: Users, demand: Demand, capacity: FloatArray) -> RoutePool:
    """Routes to begin with that use no link which is closed to their class."""
    closed = (capacity <= 0.0) & (users.load > 0.0)
    if not closed.any():
        return start
    shut = np.zeros(start.flow.size, dtype=np.bool_)
    mark_closed(start, demand.user.astype(np.int64), closed, shut)
    return without(start, shut) if shut.any() else start


def _begin_with(start: RoutePool, problem: Compiled) -> None:
    """Let demand that answers begin as it was, where it is about the same."""
    pairs = problem.world.pairs
    pair = pair_of_routes(start)
    moved = np.bincount(pair, np.maximum(start.flow, 0.0), start.pair_first.size - 1)
    ratio = moved[problem.pair] / pairs.amount
    known = (pairs.response != FIXED) & (ratio > 1.0 / _ALIKE) & (ratio < _ALIKE)
    pairs.amount[known] *= ratio[known]


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
    run = Limited(problem, settings, capacity, begins)
    tariff = problem.world.prices.tariff
    closed = (capacity[problem.link] <= 0.0) & (tariff[:, :, LOAD] > 0.0)
    tariff[closed, FIXED_COST] = np.inf
    surveyed = settings.surveys(start is not None)
    if start is not None:
        start = _open_routes(start, users, demand, capacity)
        if begins.any():
            _begin_with(start, problem)
        start = scaled(start, problem)
    run.begin(start)
    ended = run.find(surveyed)
    excess, slack = run.shares()
    tariff[closed, FIXED_COST] = 0.0
    back = np.argsort(problem.link)
    prices = run.state[back, SCARCITY]
    # Prices leave it without a programme, unless they are the same to all.
    programme = not prices.any() or settings.system_optimum or _alike(users)
    assignment = answer(run, problem, ended, problems, demand, programme)
    return Within(assignment, prices, excess, slack, run.steps, ended[1])
