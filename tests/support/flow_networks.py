"""Small networks for the tests of flows, and their routes counted out one by one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows import (
    Assignment,
    Curves,
    Demand,
    Network,
    RoutePool,
    Users,
    bpr_links,
    demand_of,
    network_of,
    users_of,
)

FloatArray = NDArray[np.float64]


class Case(NamedTuple):
    """A problem."""

    network: Network
    users: Users
    demand: Demand


def reordered(record: Any, by: NDArray[np.int64]) -> Any:  # noqa: ANN401 - any record of arrays
    """A record with all its arrays in another order."""
    return type(record)(*(None if column is None else column[by] for column in record))


def laid_together(one: Any, other: Any) -> Any:  # noqa: ANN401 - any two records of a kind
    """Two records of arrays, one behind the other."""
    pairs = zip(one, other, strict=True)
    return type(one)(*(None if a is None else np.concatenate([a, b]) for a, b in pairs))


def alike(one: Any, other: Any) -> bool:  # noqa: ANN401 - any two records of a kind
    """Whether all arrays of two records are the same."""
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def random_case(seed: int, nodes: int = 8, links: int = 20, pairs: int = 6) -> Case:
    """A connected random network: a ring, and arcs across it."""
    rng = np.random.default_rng(seed)
    ring = np.arange(nodes)
    tail = np.concatenate([ring, rng.integers(0, nodes, links - nodes)])
    head = np.concatenate([(ring + 1) % nodes, rng.integers(0, nodes, links - nodes)])
    head = np.where(tail == head, (head + 2) % nodes, head)
    curves = Curves(
        rng.uniform(1.0, 5.0, links),
        rng.uniform(5.0, 20.0, links),
        rng.uniform(0.1, 1.0, links),
        rng.choice([1.0, 2.0, 4.0, 4.7], links),
    )
    ends = [(o, d) for o in range(nodes) for d in range(nodes) if o != d]
    picked = rng.choice(len(ends), pairs, replace=False)
    origin, destination = np.array(ends)[picked].T
    network = network_of(bpr_links(tail, head, curves))
    return Case(
        network, users_of(links), demand_of(origin, destination, rng.uniform(1.0, 10.0, pairs))
    )


def all_routes(network: Network, demand: Demand) -> RoutePool:
    """Every route of every pair that passes no node twice."""
    tails, heads = network.links.tail, network.links.head
    counts, routes = [], []
    for origin, destination in zip(demand.origin, demand.destination, strict=True):
        found: list[list[int]] = []
        waiting: list[tuple[int, list[int], set[int]]] = [(int(origin), [], {int(origin)})]
        while waiting:
            node, links, seen = waiting.pop()
            for link in np.flatnonzero(tails == node):
                head = int(heads[link])
                if head == destination:
                    found.append([*links, int(link)])
                elif head not in seen and network.passable[head]:
                    waiting.append((head, [*links, int(link)], seen | {head}))
        counts.append(len(found))
        routes += sorted(found)
    return pool_of(counts, routes)


def pool_of(counts: list[int], routes: list[list[int]]) -> RoutePool:
    """A pool of routes without flows."""
    lengths = [len(route) for route in routes]
    return RoutePool(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.array([link for route in routes for link in route], dtype=np.int32),
        np.zeros(len(routes)),
        np.zeros(len(routes)),
    )


def incidence(pool: RoutePool, links: int) -> FloatArray:
    """1 where a route uses a link, shape (routes, links)."""
    found = np.zeros((pool.flow.size, links))
    for route in range(pool.flow.size):
        found[route, pool.links[pool.first[route] : pool.first[route + 1]]] = 1.0
    return found


def pair_of_routes(pool: RoutePool) -> NDArray[np.int64]:
    """The pair of each route."""
    counts = np.diff(pool.pair_first)
    return np.repeat(np.arange(counts.size), counts)


def bpr_times(network: Network, volume: FloatArray) -> FloatArray:
    """Times at loads, by the formula written out."""
    free, capacity, b, power = network.links.rows.T
    times: FloatArray = free * (1.0 + b * (volume / capacity) ** power)
    return times


def beckmann(network: Network, volume: FloatArray) -> float:
    """Sum of the integrals of the times, by the formula written out."""
    free, capacity, b, power = network.links.rows.T
    return float((free * volume * (1.0 + b * (volume / capacity) ** power / (power + 1.0))).sum())


def imbalance(case: Case, found: Assignment) -> float:
    """Largest difference, over nodes and classes, of what comes and goes and what is wanted."""
    links, nodes = case.network.links, case.network.passable.size
    worst = 0.0
    for user in range(case.users.value.size):
        own = case.demand.user == user
        wanted = np.zeros(nodes)
        np.add.at(wanted, case.demand.origin[own], found.amount[own])
        np.add.at(wanted, case.demand.destination[own], -found.amount[own])
        net = np.zeros(nodes)
        np.add.at(net, links.tail, found.flow[user])
        np.add.at(net, links.head, -found.flow[user])
        worst = max(worst, float(np.abs(net - wanted).max()))
    return worst
