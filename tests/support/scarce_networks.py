"""Random networks with hard capacities, and the linear programme of flows at constant costs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import lil_array

from keruen.flows import Curves, Demand, Network, Users, bpr_links, demand_of, network_of, users_of

FloatArray = NDArray[np.float64]

STAYING_AWAY = 60.0


class Scarce(NamedTuple):
    """A problem with capacities; every pair has a link of its own, which takes everything."""

    network: Network
    users: Users
    demand: Demand
    capacity: FloatArray


def scarce_case(seed: int, congested: float = 0.0, links: int = 20, pairs: int = 8) -> Scarce:
    """Two classes of different loads on a ring with arcs across it, too narrow for them.

    ``congested`` is ``b`` of the curves; where it is nought costs are constant.
    """
    rng, nodes = np.random.default_rng(seed), 8
    ring = np.arange(nodes)
    tail = np.concatenate([ring, rng.integers(0, nodes, links - nodes)])
    head = np.concatenate([(ring + 1) % nodes, rng.integers(0, nodes, links - nodes)])
    head = np.where(tail == head, (head + 1) % nodes, head)
    every = [(k, o, d) for k in range(2) for o in range(nodes) for d in range(nodes) if o != d]
    user, origin, destination = np.array(
        [every[at] for at in rng.permutation(len(every))[:pairs]]
    ).T
    amount = rng.uniform(1.0, 5.0, pairs)
    own = np.unique(np.stack([origin, destination]), axis=1)
    count = links + own.shape[1]
    cost = np.concatenate([rng.uniform(1.0, 10.0, links), np.full(own.shape[1], STAYING_AWAY)])
    load = np.zeros((2, count))
    load[:, :links] = rng.uniform(0.5, 2.0, (2, 1))
    capacity = np.full(count, np.inf)
    capacity[:links] = 0.3 * amount.sum() * rng.uniform(0.2, 1.0, links)
    free = np.where(np.arange(count) < links, 2.0, 0.0)
    room = np.where(np.isfinite(capacity), capacity, 1.0)
    network = network_of(
        bpr_links(
            np.concatenate([tail, own[0]]),
            np.concatenate([head, own[1]]),
            Curves(free, room, congested, 2.0),
            size=np.ones(count),
        )
    )
    users = users_of(count, value=np.ones(2), load=load, fixed=cost * np.array([[1.0], [1.1]]))
    return Scarce(network, users, demand_of(origin, destination, amount, user), capacity)


def linear_programme(case: Scarce) -> tuple[float, FloatArray]:
    """Least cost of flows by pair and link, and the duals of the capacities."""
    network, users, demand, capacity = case
    links, pairs = network.links.tail.size, demand.amount.size
    nodes, full = network.passable.size, np.flatnonzero(np.isfinite(capacity))
    balance, loads = (
        lil_array((pairs * nodes, pairs * links)),
        lil_array((full.size, pairs * links)),
    )
    wanted, cost = np.zeros(pairs * nodes), np.zeros(pairs * links)
    free = network.links.rows[:, 0]
    for pair in range(pairs):
        user = int(demand.user[pair])
        cost[pair * links : (pair + 1) * links] = users.fixed[user] + users.value[user] * free
        for link in range(links):
            balance[pair * nodes + network.links.tail[link], pair * links + link] = 1.0
            balance[pair * nodes + network.links.head[link], pair * links + link] = -1.0
        wanted[pair * nodes + demand.origin[pair]] += demand.amount[pair]
        wanted[pair * nodes + demand.destination[pair]] -= demand.amount[pair]
        for row, link in enumerate(full.tolist()):
            loads[row, pair * links + link] = users.load[user, link]
    solver: Any = linprog
    found = solver(cost, loads.tocsr(), capacity[full], balance.tocsr(), wanted, method="highs")
    duals = np.zeros(links)
    duals[full] = -found.ineqlin.marginals
    return float(found.fun), duals
