"""Routes beyond the cheapest, found while the links of those found before are made dearer."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, require_range
from keruen.flows.arrays import RoutePool, ShortArray, Star
from keruen.flows.checks import check_problem, pair_findings
from keruen.flows.curves.registry import delay_terms
from keruen.flows.demand import Demand, Users
from keruen.flows.graph import link_order, star_of
from keruen.flows.links import Network
from keruen.flows.routes import picked
from keruen.flows.shortest import Ends, Search, Toward, search_back, search_toward, toward_room
from keruen.jit import flat_kernel, part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_ROOM: Final = 32


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


class Asked(NamedTuple):
    """Pairs by class and destination, and what is asked of each."""

    user: IntArray
    origin: IntArray
    destination: IntArray
    most: int
    factor: float


class Ways(NamedTuple):
    """Routes found, by pair: how many of each, where their links begin, and the links."""

    counts: IntArray
    first: IntArray
    links: ShortArray


@part
def _write(star: Star, search: Search, destination: int, links: ShortArray, begin: int) -> int:
    """Write the links of the route found, from origin to destination; where they end."""
    node, end = destination, begin
    while search.before[node] >= 0:
        end += 1
        node = star.tail[search.before[node]]
    node = destination
    for at in range(end - 1, begin - 1, -1):
        links[at] = search.before[node]
        node = star.tail[links[at]]
    return end


@part
def _known(ways: Ways, begin: int, route: int, end: int) -> bool:
    """Whether the links behind those of a route are those of one from ``begin`` on."""
    length = end - ways.first[route]
    for other in range(begin, route):
        if ways.first[other + 1] - ways.first[other] != length:
            continue
        same = True
        for at in range(length):
            if ways.links[ways.first[other] + at] != ways.links[ways.first[route] + at]:
                same = False
                break
        if same:
            return True
    return False


@part
def _raised(cost: FloatArray, asked: Asked, ways: Ways, begin: int, end: int) -> float:
    """Make the links of a route dearer; what it then costs."""
    whole = 0.0
    for at in range(begin, end):
        cost[ways.links[at]] *= asked.factor
        whole += cost[ways.links[at]]
    return whole


@flat_kernel
def _find_ways(
    star: Star, costs: FloatArray, asked: Asked, toward: Toward, ways: Ways, pair: int
) -> int:
    """Find the ways of all pairs from one on; the first that there was no room for.

    The first half of ``costs`` is raised on the way and put right again from the second.
    """
    nodes, search, back = star.passable.size, toward.search, toward.back
    route = 0
    for one in range(pair):
        route += ways.counts[one]
    last_user, last_destination = -1, -1
    for one in range(pair, asked.user.size):
        if ways.first[route] + asked.most * nodes > ways.links.size:
            return one
        user, origin, destination = asked.user[one], asked.origin[one], asked.destination[one]
        cost = costs[user]
        if user != last_user or destination != last_destination:
            search_back(star, cost, destination, search, back)
            last_user, last_destination = user, destination
        begin = route
        ways.counts[one] = 0
        if back.distance[origin] == np.inf:
            continue
        last, end, node = ways.first[route], ways.first[route], origin
        while node != destination:
            ways.links[end] = back.onward[node]
            node = star.head[ways.links[end]]
            end += 1
        for turn in range(asked.most):
            if turn > 0:
                # The route found before is one; rounding may not shut it out.
                limit = (1.0 + 1e-9) * _raised(cost, asked, ways, last, end)
                search_toward(star, cost, Ends(origin, destination), toward, limit)
                end = _write(star, search, destination, ways.links, ways.first[route])
            last = ways.first[route]
            if not _known(ways, begin, route, end):
                route += 1
                ways.first[route] = end
        ways.counts[one] = route - begin
        for own in range(begin, route):
            for at in range(ways.first[own], ways.first[own + 1]):
                cost[ways.links[at]] = costs[costs.shape[0] // 2 + user, ways.links[at]]
    return asked.user.size


def penalised_routes(
    network: Network, users: Users, demand: Demand, most: int = 3, factor: float = 1.3
) -> RoutePool:
    """Several routes for each pair, to begin with or to choose from.

    The cheapest route of an empty network is looked for, its links are made dearer by a factor for
    this pair, and so on; a route that was found before is not taken twice. One search for each
    route, which goes first where the way on was short: meant for thousands of pairs, not for
    hundreds of thousands.

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
    star = star_of(network, order)
    free = free_costs(network, users)[:, order]
    wanted, _ = pair_findings(demand)
    by = np.lexsort((demand.origin, demand.destination, demand.user))
    by = by[wanted[by]].astype(np.int64)
    user, origin, destination = (
        np.ascontiguousarray(one[by], dtype=np.int64)
        for one in (demand.user, demand.origin, demand.destination)
    )
    asked = Asked(user, origin, destination, most, factor)
    ways = all_ways(star, free, asked)
    # Pairs that are not served have no routes: they come as one that has none.
    pair_first = np.concatenate([[0], np.cumsum(ways.counts)]).astype(np.int64)
    routes = int(pair_first[-1])
    links = order[ways.links[: ways.first[routes]]].astype(np.int32)
    pool = RoutePool(
        np.append(pair_first, pair_first[-1]),
        ways.first[: routes + 1],
        links,
        np.zeros(routes),
        np.zeros(routes),
    )
    place = np.full(demand.amount.size, by.size, dtype=np.int64)
    place[by] = np.arange(by.size)
    return picked(pool, place)


def rooms_for(asked: Asked, nodes: int) -> Ways:
    """Room for the ways of pairs."""
    pairs = asked.user.size
    return Ways(
        np.zeros(pairs, dtype=np.int64),
        np.zeros(pairs * asked.most + 1, dtype=np.int64),
        np.zeros(asked.most * nodes + _ROOM * pairs * asked.most, dtype=np.int32),
    )


def all_ways(star: Star, free: FloatArray, asked: Asked) -> Ways:
    """Ways of all pairs, with as much room as they need."""
    pairs, nodes = asked.user.size, star.passable.size
    ways = rooms_for(asked, nodes)
    costs, toward = np.concatenate([free, free]), toward_room(star)
    done = 0
    while True:
        done = _find_ways(star, costs, asked, toward, ways, done)
        if done >= pairs:
            return ways
        ways = ways._replace(links=np.concatenate([ways.links, ways.links]))
