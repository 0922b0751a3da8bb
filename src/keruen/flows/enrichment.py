"""Routes beyond the cheapest, found while the links of those found before are made dearer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, require_range
from keruen.flows.arrays import RoutePool, Star
from keruen.flows.checks import check_problem, pair_findings
from keruen.flows.curves.registry import delay_terms
from keruen.flows.demand import Demand, Users
from keruen.flows.graph import link_order, star_of
from keruen.flows.links import Network
from keruen.flows.shortest import Search, room, search_from

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def free_costs(network: Network, users: Users) -> FloatArray:
    """Cost of every link to every class when nothing moves, shape (classes, links).

    Examples
    --------
    >>> from keruen.flows.demand import users_of
    >>> from keruen.flows.links import Curves, bpr_links, network_of
    >>> network = network_of(bpr_links([0], [1], Curves(3.0, 10.0)))
    >>> free_costs(network, users_of(1, value=[2.0], fixed=1.0)).tolist()
    [[7.0]]
    """
    links = network.links
    delays = [
        delay_terms(kind, row, 0.0)[0] for kind, row in zip(links.kind, links.rows, strict=True)
    ]
    costs: FloatArray = users.value[:, None] * np.array(delays) + users.fixed
    return costs


def _found(star: Star, search: Search, origin: int, destination: int, cost: FloatArray) -> IntArray:
    """Links of the cheapest route, from origin to destination; empty where none leads."""
    search.stamp[0] += 1
    search.wanted[destination] = search.stamp[0]
    if search_from(star, cost, origin, 1, search):
        return np.zeros(0, dtype=np.int64)
    links, node = [], destination
    while node != origin:
        links.append(int(search.before[node]))
        node = int(star.tail[links[-1]])
    return np.array(links[::-1], dtype=np.int64)


def penalised_routes(
    network: Network, users: Users, demand: Demand, most: int = 3, factor: float = 1.3
) -> RoutePool:
    """Several routes for each pair, to begin with or to choose from.

    The cheapest route of an empty network is looked for, its links are made dearer by a factor for
    this pair, and so on; a route that was found before is not taken twice. One search for each
    route: meant for thousands of pairs, not for hundreds of thousands.

    Parameters
    ----------
    network, users, demand
        The problem.
    most : int
        Searches for each pair.
    factor : float
        By how much a link grows dearer each time it is on a route; above 1.

    Returns
    -------
    RoutePool
        Routes by pair in the order of ``demand``, with the links of ``network``, without flows.

    Raises
    ------
    FailedError
        With all that is wrong in the arrays.
    keruen.errors.RangeError
        If ``most`` is below 1 or ``factor`` not above 1.

    Examples
    --------
    >>> from keruen.flows.demand import demand_of, users_of
    >>> from keruen.flows.links import Curves, bpr_links, network_of
    >>> network = network_of(bpr_links([0, 0], [1, 1], Curves([1.0, 1.2], 10.0)))
    >>> penalised_routes(network, users_of(2), demand_of([0], [1], [1.0])).links.tolist()
    [0, 1]
    """
    wrong = check_problem(network, users, demand)
    if wrong:
        raise FailedError(wrong)
    require_range("most", most, 1)
    require_range("factor", factor, 1.0 + 1e-9)
    order = link_order(network, users)
    star, search = star_of(network, order), room(network.passable.size)
    costs = free_costs(network, users)[:, order]
    wanted, _ = pair_findings(demand)
    counts: list[int] = []
    routes: list[IntArray] = []
    for pair in range(demand.amount.size):
        before = len(routes)
        own = costs[demand.user[pair]].copy()
        known: set[bytes] = set()
        for _ in range(most if wanted[pair] else 0):
            origin, destination = int(demand.origin[pair]), int(demand.destination[pair])
            found = _found(star, search, origin, destination, own)
            if found.size == 0:
                break
            own[found] *= factor
            if found.tobytes() not in known:
                known.add(found.tobytes())
                routes.append(order[found])
        counts.append(len(routes) - before)
    lengths = [route.size for route in routes]
    return RoutePool(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([np.zeros(0), *routes]).astype(np.int32),
        np.zeros(len(routes)),
        np.zeros(len(routes)),
    )
