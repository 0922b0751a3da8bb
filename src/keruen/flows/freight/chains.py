"""Chains between two places in an equilibrium: which there are, and who takes them.

A chain is a way through the freight network, at the delays and prices that its users meet. Two
chains differ when they pass other borders, sea lines or changes of train, or when they share less
than four fifths of their hours. They are found by closing, in turn, each border, port and change of
a chain that was found (what is left is searched again), and by making the links of the cheapest
chains dearer.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.flows.freight.compile import Freight, link_costs
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.prices import BIG
from keruen.flows.freight.solve import Flows, spreads_usd
from keruen.flows.freight.zone_costs import LEAST_COST, zone_costs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Key = tuple[str, ...]
"""A border, a port, a change of train or a sea line, as chains are told apart by them."""

ALIKE: Final = 0.8
"""Part of its hours that a chain shares with one of the same borders and ports to be the same."""
DEAREST: Final = 2.0
"""Cost, over that of the cheapest chain, up to which a chain is worth considering."""
_SEARCHES: Final = 80
_PENALTIES: Final = 12
_PENALTY: Final = 1.3


class Terms(NamedTuple):
    """What each link takes of one unit of a class, in the order of ``Freight.drafts``.

    Parameters
    ----------
    user : int
        Position of the class in ``Freight.cargo``.
    hours : array
        Mean hours, waits among them.
    queue_h : array
        Hours of them in queues that other cargo makes.
    usd : array
        What carriers ask.
    scarcity_usd : array
        Price of what is scarce.
    felt_usd : array
        What the class would pay to keep off; nobody is paid it.
    cost : array
        All of it with the price of time; infinite where the class may not go.
    """

    user: int
    hours: FloatArray
    queue_h: FloatArray
    usd: FloatArray
    scarcity_usd: FloatArray
    felt_usd: FloatArray
    cost: FloatArray


class Ends(NamedTuple):
    """Where chains begin and end: nodes of the compiled network, several where rails differ."""

    origin: tuple[int, ...]
    destination: tuple[int, ...]


class Chain(NamedTuple):
    """A way through the network.

    Parameters
    ----------
    links : tuple of int
        Its links, from origin to destination.
    cost : float
        What a unit pays and feels on it, time included.
    share : float
        Part of the cargo that takes it.
    """

    links: tuple[int, ...]
    cost: float
    share: float


def terms_at(flows: Flows, user: int) -> Terms:
    """What links take of a unit of a class, as its users meet them in an equilibrium.

    Parameters
    ----------
    flows : Flows
        The equilibrium.
    user : int
        Position of the class.
    """
    freight = flows.freight
    count = len(freight.drafts)
    delay = flows.within.assignment.delay[:count]
    hours = delay + freight.extra_h[user]
    usd, felt = np.zeros(count), np.zeros(count)
    asked = freight.terms
    own = np.flatnonzero(asked.cargo == user)
    shunned = np.array([table != "tariffs" for table, _ in asked.rows], dtype=np.bool_)
    away = shunned[asked.row[own]] if own.size else np.zeros(0, dtype=np.bool_)
    np.add.at(usd, asked.link[own[~away]], asked.usd[own[~away]])
    np.add.at(felt, asked.link[own[away]], asked.usd[own[away]])
    scarcity = freight.load[user] * flows.within.price[:count]
    cost = freight.cargo[user].value_usd_per_h * hours + usd + felt + scarcity
    return Terms(
        user,
        hours,
        np.maximum(delay - freight.network.links.rows[:, 0], 0.0),
        usd,
        scarcity,
        felt,
        np.where(freight.barred[user], np.inf, cost),
    )


def spread_of(flows: Flows, user: int) -> float:
    """Scale of the choice of a class in an equilibrium, dollars a unit."""
    freight = flows.freight
    by_link = link_costs(freight, freight.users())
    # Only the own class is asked for: the others need no search.
    none = np.full((len(freight.zones), len(freight.zones)), np.inf)
    costs = [none for _ in freight.cargo]
    costs[user] = zone_costs(freight, by_link[[user]])[0]
    return float(spreads_usd(freight, flows.pairs, costs)[user])


def key_of(draft: Draft) -> Key | None:
    """What of a link tells chains apart; None for ways and passages."""
    if draft.mode == "border":
        return ("border", *sorted(draft.ends))
    if draft.mode == "handling":
        return ("handling", draft.ends[0])
    return ("sea", draft.row) if draft.mode == "sea" else None


class _Search:
    """Searches for cheapest chains between two ends, with some links closed or dearer."""

    def __init__(self, freight: Freight, ends: Ends, cost: FloatArray) -> None:
        links = freight.network.links
        passable = freight.network.passable
        begins = passable[links.tail] | np.isin(links.tail, ends.origin)
        self.open = begins & np.isfinite(cost) & (cost < BIG)
        self.cost = np.where(self.open, np.maximum(cost, LEAST_COST), np.inf)
        self.tail, self.head, self.nodes = links.tail, links.head, passable.size
        self.ends = ends
        keys = [key_of(draft) for draft in freight.drafts]
        self.at: dict[Key, list[int]] = {}
        for link, key in enumerate(keys):
            if key is not None:
                self.at.setdefault(key, []).append(link)
        self.keys = keys
        self.size = links.size

    def cheapest(self, cost: FloatArray, closed: Iterable[Key] = ()) -> tuple[int, ...]:
        """Links of the cheapest chain; none where no way leads."""
        usable = self.open.copy()
        for key in closed:
            usable[self.at[key]] = False
        at = np.flatnonzero(usable)
        order = at[np.lexsort((cost[at], self.head[at], self.tail[at]))]
        tail, head = self.tail[order], self.head[order]
        first = np.ones(order.size, dtype=np.bool_)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        kept = order[first]
        between = {
            (int(a), int(b)): int(link)
            for a, b, link in zip(self.tail[kept], self.head[kept], kept, strict=True)
        }
        shape = (self.nodes, self.nodes)
        graph = csr_array((cost[kept], (self.tail[kept], self.head[kept])), shape=shape)
        reached, before, _ = dijkstra(
            graph, indices=list(self.ends.origin), return_predecessors=True, min_only=True
        )
        end = min(self.ends.destination, key=lambda node: (reached[node], node))
        if not np.isfinite(reached[end]):
            return ()
        found: list[int] = []
        while before[end] >= 0:
            found.append(between[int(before[end]), int(end)])
            end = int(before[end])
        return tuple(reversed(found))

    def keys_on(self, links: Iterable[int]) -> tuple[Key, ...]:
        """Borders, ports and changes of a chain in its order, each once."""
        told = (self.keys[link] for link in links)
        return tuple(dict.fromkeys(key for key in told if key is not None))

    def sum(self, links: Iterable[int]) -> float:
        """Cost of a chain."""
        return float(self.cost[list(links)].sum())

    def alike(self, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
        """Whether two chains are nearly the same."""
        if self.keys_on(one) != self.keys_on(other):
            return False
        both = self.size[list(set(one) & set(other))].sum()
        return bool(both >= ALIKE * min(self.size[list(one)].sum(), self.size[list(other)].sum()))


def _by_closing(search: _Search) -> list[tuple[int, ...]]:
    """Chains found while borders, ports and changes of those found before are closed."""
    first = search.cheapest(search.cost)
    if not first:
        return []
    found = [first]
    waiting: list[tuple[float, int, tuple[Key, ...]]] = []
    seen: set[frozenset[Key]] = {frozenset()}

    def push(chain: tuple[int, ...], closed: tuple[Key, ...]) -> None:
        for key in search.keys_on(chain):
            more = frozenset({*closed, key})
            if more not in seen:
                seen.add(more)
                heapq.heappush(waiting, (search.sum(chain), len(seen), (*closed, key)))

    push(first, ())
    most = DEAREST * search.sum(first)
    for _ in range(_SEARCHES):
        if not waiting:
            break
        *_, closed = heapq.heappop(waiting)
        chain = search.cheapest(search.cost, closed)
        if chain and search.sum(chain) <= most:
            found.append(chain)
            push(chain, closed)
    return found


def _by_penalty(search: _Search) -> list[tuple[int, ...]]:
    """Chains found while the links of those found before grow dearer."""
    cost = search.cost.copy()
    found = []
    for _ in range(_PENALTIES):
        chain = search.cheapest(cost)
        if not chain:
            break
        found.append(chain)
        cost[list(chain)] *= _PENALTY
    return found


def pool_chains(flows: Flows, user: int, origin: int, destination: int) -> list[tuple[int, ...]]:
    """Routes of a pair of zones in the equilibrium, without being turned away.

    Parameters
    ----------
    flows : Flows
        The equilibrium.
    user : int
        Position of the class.
    origin, destination : int
        Positions of the zones in ``Freight.zones``.
    """
    pairs, pool = flows.pairs, flows.within.assignment.routes
    own = (pairs.user == user) & (pairs.origin == origin) & (pairs.destination == destination)
    found = []
    for pair in np.flatnonzero(own):
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            links = tuple(map(int, pool.links[pool.first[route] : pool.first[route + 1]]))
            if all(link < len(flows.freight.drafts) for link in links):
                found.append(links)
    return found


def path_sizes(chains: list[tuple[int, ...]], size: FloatArray) -> FloatArray:
    """Path size of each chain: 1 where it shares nothing, a half for each of two that share all.

    ``sum over links (l_a / L) / N_a``, as :func:`keruen.flows.path_sizes.size_routes` computes it:
    of chains worth considering every one counts alike.

    Examples
    --------
    >>> path_sizes([(0, 1), (0, 2)], np.array([1.0, 1.0, 3.0])).tolist()
    [0.75, 0.875]
    """
    uses = np.bincount([link for chain in chains for link in chain], minlength=size.size)
    return np.array(
        [
            (size[list(chain)] / uses[list(chain)]).sum() / size[list(chain)].sum()
            for chain in chains
        ]
    )


def choice_shares(costs: FloatArray, sizes: FloatArray, spread: float) -> FloatArray:
    """Part of the cargo on each chain: a logit of cost and logarithm of path size.

    Parameters
    ----------
    costs : array, shape (chains,)
        Dollars a unit.
    sizes : array, shape (chains,)
        Path sizes.
    spread : float
        Dollars a unit by which costs count one.

    Examples
    --------
    >>> choice_shares(np.array([10.0, 10.0]), np.array([1.0, 1.0]), 2.0).tolist()
    [0.5, 0.5]
    """
    worth = np.log(sizes) - (costs - costs.min()) / spread
    weights = np.exp(worth - worth.max())
    shares: FloatArray = weights / weights.sum()
    return shares


def chains_of(
    freight: Freight,
    ends: Ends,
    terms: Terms,
    spread: float,
    known: Iterable[tuple[int, ...]] = (),
) -> list[Chain]:
    """Chains between two places that are worth considering, the cheapest first.

    Parameters
    ----------
    freight : Freight
        The network.
    ends : Ends
        Where they begin and end.
    terms : Terms
        What links take (:func:`terms_at`).
    spread : float
        Scale of the choice (:func:`spread_of`).
    known : iterable of tuple of int
        Chains to look at besides, such as :func:`pool_chains`.

    Returns
    -------
    list of Chain
        No two nearly the same, none dearer than twice the cheapest; the shares are among them.
        Empty where no way leads.
    """
    search = _Search(freight, ends, terms.cost)
    found = {*_by_closing(search), *_by_penalty(search), *known}
    summed = ((search.sum(links), links) for links in found if links)
    # What is known from elsewhere may be closed by now.
    ordered = sorted(pair for pair in summed if np.isfinite(pair[0]))
    kept: list[tuple[int, ...]] = []
    costs: list[float] = []
    for cost, links in ordered:
        if cost <= DEAREST * ordered[0][0] and not any(search.alike(links, one) for one in kept):
            kept.append(links)
            costs.append(cost)
    if not kept:
        return []
    shares = choice_shares(np.array(costs), path_sizes(kept, search.size), spread)
    columns = zip(kept, costs, shares.tolist(), strict=True)
    return [Chain(links, cost, share) for links, cost, share in columns]
