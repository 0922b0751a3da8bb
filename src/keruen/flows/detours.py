"""Every way that a random choice may fall on: the cheapest ways of a pair in the order of cost.

A class that chooses at random takes ways that are never the cheapest, so that looking for cheaper
ones does not find them. Here the simple ways of a pair are counted out one after the other, as far
as they cost at most some spreads of the choice more than the cheapest: each next one leaves a way
found before at one of its nodes, by Yen's method in Lawler's order, where every such way is looked
for once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import BOUND, FIRST, ORIGIN, SPREAD, Prices, RoutePool, Star, World
from keruen.flows.enrichment import Asked, Ways, rooms_for
from keruen.flows.link_state import link_cost
from keruen.flows.routes import picked
from keruen.flows.shortest import Barred, Ends, Toward, search_back, search_toward, toward_room
from keruen.jit import flat_kernel, part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]

SPREADS: Final = 4.0
"""Ways are counted out that cost at most so many spreads more than the cheapest: alone against it
the dearest of them would take ``exp(-4)``, a part in fifty."""
_ROUNDING: Final = 1e-12


class _Slots(NamedTuple):
    """Ways not yet taken: cost, where each leaves the way it came from, number of links, links."""

    cost: FloatArray
    leaves: IntArray
    length: IntArray
    links: ShortArray


class _Room(NamedTuple):
    toward: Toward
    slots: _Slots


@part
def _bar(ways: Ways, barred: Barred, begin: int, end: int, leaves: int) -> None:
    """Mark the links by which ways that begin like the last one go on."""
    barred.stamp[1] += 1
    own = ways.first[end - 1]
    for other in range(begin, end):
        first = ways.first[other]
        if ways.first[other + 1] - first <= leaves:
            continue
        same = True
        for at in range(leaves):
            if ways.links[first + at] != ways.links[own + at]:
                same = False
                break
        if same:
            barred.link[ways.links[first + leaves]] = barred.stamp[1]


@part
def _keep(star: Star, ways: Ways, room: _Room, slot: int, own: int, destination: int) -> None:
    """Write a way into its slot: the links up to where it leaves, and those of the search."""
    slots, before = room.slots, room.toward.search.before
    nodes = star.passable.size
    leaves, end, node = slots.leaves[slot], slots.leaves[slot], destination
    while before[node] >= 0:
        end += 1
        node = star.tail[before[node]]
    slots.length[slot] = end
    node = destination
    for at in range(end - 1, leaves - 1, -1):
        link = before[node]
        slots.links[slot * nodes + at] = link
        node = star.tail[link]
    for at in range(leaves):
        slots.links[slot * nodes + at] = ways.links[own + at]


class _Found(NamedTuple):
    """Ways of a pair so far: first and behind the last, where the last leaves, slots filled."""

    begin: int
    end: int
    leaves: int
    filled: int


class _Wanted(NamedTuple):
    """What is wanted of a pair: where to, how many ways at most, what they cost at most."""

    destination: int
    most: int
    limit: float


@part
def _leave(
    star: Star, cost: FloatArray, ways: Ways, room: _Room, found_yet: _Found, wanted: _Wanted
) -> int:
    """Look for the ways that leave the last one found, each at one node; slots filled after."""
    slots, barred = room.slots, room.toward.barred
    begin, end, leaves, filled = found_yet
    destination, most, limit = wanted
    own, length = ways.first[end - 1], ways.first[end] - ways.first[end - 1]
    barred.stamp[0] += 1
    root = 0.0
    for at in range(length):
        link = ways.links[own + at]
        spur = star.tail[link]
        if at >= leaves:
            worst, top = filled, limit
            if filled + end - begin >= most:
                # No more are wanted than would be taken: a new one has to be better than the worst.
                worst = 0
                for slot in range(1, filled):
                    if slots.cost[slot] > slots.cost[worst]:
                        worst = slot
                top = min(limit, slots.cost[worst]) if filled > 0 else -np.inf
            _bar(ways, barred, begin, end, at)
            ends = Ends(spur, destination)
            found = root + search_toward(star, cost, ends, room.toward, top - root)
            if found < np.inf and (worst == filled or found < slots.cost[worst]):
                slots.cost[worst], slots.leaves[worst] = found, at
                _keep(star, ways, room, worst, own, destination)
                filled += int(worst == filled)
        barred.node[spur] = barred.stamp[0]
        root += cost[link]
    return filled


@part
def _next(nodes: int, ways: Ways, slots: _Slots, end: int, filled: int) -> int:
    """Take the cheapest of the slots as a way; where it leaves the one it came from."""
    best = 0
    for slot in range(1, filled):
        if slots.cost[slot] < slots.cost[best]:
            best = slot
    first, length, leaves = ways.first[end], slots.length[best], slots.leaves[best]
    for at in range(length):
        ways.links[first + at] = slots.links[best * nodes + at]
    ways.first[end + 1] = first + length
    last = filled - 1
    if best != last:
        slots.cost[best], slots.leaves[best] = slots.cost[last], slots.leaves[last]
        slots.length[best] = slots.length[last]
        for at in range(slots.length[last]):
            slots.links[best * nodes + at] = slots.links[last * nodes + at]
    return int(leaves)


@flat_kernel
def _find_detours(
    star: Star,
    costs: FloatArray,
    reach: FloatArray,
    asked: Asked,
    room: _Room,
    ways: Ways,
    pair: int,
) -> int:
    """Count out the ways of all pairs from one on; the first that there was no room for."""
    nodes, back = star.passable.size, room.toward.back
    end = 0
    for one in range(pair):
        end += ways.counts[one]
    last_user, last_destination = -1, -1
    for one in range(pair, asked.user.size):
        if ways.first[end] + asked.most * nodes > ways.links.size:
            return one
        user, origin, destination = asked.user[one], asked.origin[one], asked.destination[one]
        if user != last_user or destination != last_destination:
            search_back(star, costs[user], destination, room.toward.search, back)
            last_user, last_destination = user, destination
        begin, least = end, back.distance[origin]
        ways.counts[one] = 0
        if least == np.inf:
            continue
        at, node = ways.first[end], origin
        while node != destination:
            ways.links[at] = back.onward[node]
            node = star.head[ways.links[at]]
            at += 1
        end += 1
        ways.first[end] = at
        limit = least + reach[user, 0]
        if reach[user, 1] > 0.0:
            limit = min(limit, reach[user, 1] * least)
        limit += _ROUNDING * abs(limit)
        wanted = _Wanted(destination, asked.most, limit)
        filled, leaves = 0, 0
        while end - begin < asked.most:
            yet = _Found(begin, end, leaves, filled)
            filled = _leave(star, costs[user], ways, room, yet, wanted)
            if filled == 0:
                break
            leaves = _next(nodes, ways, room.slots, end, filled)
            filled -= 1
            end += 1
        ways.counts[one] = end - begin
    return asked.user.size


@flat_kernel
def _fill_costs(prices: Prices, state: FloatArray, costs: FloatArray) -> None:
    """Cost of every link to every class."""
    for user in range(costs.shape[0]):
        for link in range(costs.shape[1]):
            costs[user, link] = link_cost(prices, state, user, link)


def costs_of(world: World, state: FloatArray) -> FloatArray:
    """Cost of every link to every class as the links are, shape (classes, links)."""
    costs = np.empty(world.prices.tariff.shape[:2])
    _fill_costs(world.prices, state, costs)
    return costs


def ways_within(world: World, costs: FloatArray, most: int) -> RoutePool:
    """The cheapest ways of every pair that chooses at random, within :data:`SPREADS`.

    Exact: no simple way that is left out is cheaper than one that is told, and fewer than ``most``
    are told only where there are no more within reach and below the bound of the class.

    Parameters
    ----------
    world : World
        The problem.
    costs : array, shape (classes, links)
        Cost of every link to every class.
    most : int
        Most ways of a pair.

    Returns
    -------
    RoutePool
        By pair, cheapest first; pairs of classes that do not choose at random have none.
    """
    star, prices = world.star, world.prices
    nodes = star.passable.size
    by, asked = asked_of(world, most)
    spread, bound = prices.classes[:, SPREAD], prices.classes[:, BOUND]
    reach = np.ascontiguousarray(np.stack([SPREADS * spread, bound], axis=-1))
    slots = _Slots(
        np.zeros(most),
        np.zeros(most, dtype=np.int64),
        np.zeros(most, dtype=np.int64),
        np.zeros(most * nodes, dtype=np.int32),
    )
    space = _Room(toward_room(star), slots)
    ways, done = rooms_for(asked, nodes), 0
    while done < by.size:
        done = _find_detours(star, costs, reach, asked, space, ways, done)
        if done < by.size:
            ways = ways._replace(links=np.concatenate([ways.links, ways.links]))
    return by_pair(world, ways, by)


def asked_of(world: World, most: int, factor: float = 1.0) -> tuple[IntArray, Asked]:
    """Pairs that choose at random by class and destination, and what is asked."""
    pairs = world.pairs
    at = np.searchsorted(pairs.groups[:, FIRST], np.arange(pairs.user.size), side="right") - 1
    origin = pairs.groups[at, ORIGIN]
    random = np.flatnonzero(world.prices.classes[pairs.user, SPREAD] > 0.0)
    order = np.lexsort((origin[random], pairs.destination[random], pairs.user[random]))
    by: IntArray = random[order].astype(np.int64)
    columns = (pairs.user[by], origin[by], pairs.destination[by])
    user, start, end = (np.ascontiguousarray(one, dtype=np.int64) for one in columns)
    return by, Asked(user, start, end, most, factor)


def by_pair(world: World, ways: Ways, by: IntArray) -> RoutePool:
    """Ways in the order of pairs; those not asked about have none."""
    pair_first = np.concatenate([[0], np.cumsum(ways.counts)]).astype(np.int64)
    routes = int(pair_first[-1])
    pool = RoutePool(
        np.append(pair_first, routes),
        ways.first[: routes + 1].copy(),
        ways.links[: ways.first[routes]].copy(),
        np.zeros(routes),
        np.zeros(routes),
    )
    place = np.full(world.pairs.user.size, by.size, dtype=np.int64)
    place[by] = np.arange(by.size)
    return picked(pool, place)
