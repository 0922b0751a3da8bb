"""Shortest routes: Dijkstra's algorithm from one origin, on a heap of four children a node.

A node that is reached more cheaply goes into the heap once more, and what it had there before is
passed over when it comes up: that is quicker than to keep account of where each node stands. Where
the heap is full, what has been overtaken is thrown out.

It is not the heap of :mod:`keruen.events.heap`, which orders whole milliseconds, priorities and
serial numbers, and never takes an event back: one kernel for both would carry three numbers where
two do, and compare twice.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import Star
from keruen.jit import flat_kernel, part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]


class Search(NamedTuple):
    """Room for one search, used again and again; shape (nodes,) where nothing else is said.

    Parameters
    ----------
    distance : array
        Cost from the origin; infinite where no route leads.
    before : array of int
        Link by which the cheapest route comes in, -1 at the origin and where none leads.
    node : array of int, shape (entries,)
        Nodes of the heap, more than once where they were reached more cheaply.
    key : array, shape (entries,)
        Their costs.
    wanted : array of int
        Nodes that are asked for carry the stamp of the search.
    stamp : array of int, shape (1,)
        Counts the searches.
    """

    distance: FloatArray
    before: ShortArray
    node: ShortArray
    key: FloatArray
    wanted: IntArray
    stamp: IntArray


def room(nodes: int) -> Search:
    """Room for searches over so many nodes."""
    # One entry of each node counts; as many again may have been overtaken.
    entries = 2 * nodes + 1
    return Search(
        np.zeros(nodes),
        np.zeros(nodes, dtype=np.int32),
        np.zeros(entries, dtype=np.int32),
        np.zeros(entries),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


NOTHING_AHEAD: Final[FloatArray] = np.zeros(0)


@part
def rise(search: Search, start: int, node: int, key: float) -> None:
    """Put an entry into the heap at a place or above it."""
    at = start
    while at > 0:
        up = (at - 1) >> 2
        if search.key[up] <= key:
            break
        search.key[at] = search.key[up]
        search.node[at] = search.node[up]
        at = up
    search.key[at] = key
    search.node[at] = node


@part
def sink(search: Search, start: int, size: int, node: int, key: float) -> None:
    """Put an entry into the heap at a place or below it."""
    at = start
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least, lowest = child, search.key[child]
        for other in range(child + 1, min(child + 4, size)):
            if search.key[other] < lowest:
                least, lowest = other, search.key[other]
        if lowest >= key:
            break
        search.key[at] = lowest
        search.node[at] = search.node[least]
        at = least
    search.key[at] = key
    search.node[at] = node


@part
def cleared(search: Search, size: int, distance: FloatArray, ahead: FloatArray) -> int:
    """Throw out of the heap what has been overtaken; its size after that.

    Keys are distances, and what is ahead of the nodes where there is such an array.
    """
    kept = 0
    for at in range(size):
        node = search.node[at]
        known = distance[node] + (ahead[node] if ahead.size > 0 else 0.0)
        if search.key[at] <= known:
            search.key[kept] = search.key[at]
            search.node[kept] = node
            kept += 1
    for at in range((kept - 2) >> 2, -1, -1):
        sink(search, at, kept, search.node[at], search.key[at])
    return kept


@flat_kernel
def search_from(star: Star, cost: FloatArray, origin: int, wanted: int, search: Search) -> int:
    """Find the cheapest routes from an origin to the nodes that carry the stamp of the search.

    Parameters
    ----------
    star : Star
        The network.
    cost : array, shape (links,)
        Cost of each link, none negative.
    origin : int
        Node.
    wanted : int
        So many nodes carry the stamp; the search ends when it has found them all.
    search : Search
        Filled here: ``distance`` and ``before``.

    Returns
    -------
    int
        Nodes wanted that no route leads to.
    """
    nodes = search.distance.size
    for node in range(nodes):
        search.distance[node] = np.inf
        search.before[node] = -1
    stamp = search.stamp[0]
    search.distance[origin] = 0.0
    rise(search, 0, origin, 0.0)
    size = 1
    while size > 0 and wanted > 0:
        node = search.node[0]
        reached = search.key[0]
        size -= 1
        if size > 0:
            sink(search, 0, size, search.node[size], search.key[size])
        if reached > search.distance[node]:
            continue
        if search.wanted[node] == stamp:
            wanted -= 1
        if star.passable[node] == 0 and node != origin:
            continue
        for link in range(star.first_out[node], star.first_out[node + 1]):
            head = star.head[link]
            key = reached + cost[link]
            if key < search.distance[head]:
                # Where no route passes and none is asked for nothing begins.
                if star.passable[head] == 0 and search.wanted[head] != stamp:
                    continue
                search.distance[head] = key
                search.before[head] = link
                if size == search.key.size:
                    size = cleared(search, size, search.distance, NOTHING_AHEAD)
                rise(search, size, head, key)
                size += 1
    return wanted


class Back(NamedTuple):
    """The links into each node, side by side, and what the way on from each node is.

    Parameters
    ----------
    first_in : array of int, shape (nodes + 1,)
        Where the links into each node begin in ``link``.
    link : array of int, shape (links,)
        Links by head.
    distance : array, shape (nodes,)
        Least cost from each node to the destination looked at last; infinite where no way leads.
    onward : array of int, shape (nodes,)
        Link by which the cheapest way goes on, -1 at the destination and where none leads.
    """

    first_in: IntArray
    link: IntArray
    distance: FloatArray
    onward: ShortArray


def back_of(star: Star) -> Back:
    """Links by head, with room for distances."""
    nodes = star.passable.size
    by_head = np.argsort(star.head, kind="stable").astype(np.int64)
    first = np.searchsorted(star.head[by_head], np.arange(nodes + 1)).astype(np.int64)
    return Back(first, by_head, np.zeros(nodes), np.zeros(nodes, dtype=np.int32))


@flat_kernel
def search_back(star: Star, cost: FloatArray, destination: int, search: Search, back: Back) -> None:
    """Find the cheapest ways from all nodes to a destination; fills ``back``."""
    for node in range(back.distance.size):
        back.distance[node] = np.inf
        back.onward[node] = -1
    back.distance[destination] = 0.0
    rise(search, 0, destination, 0.0)
    size = 1
    while size > 0:
        node, reached = search.node[0], search.key[0]
        size -= 1
        if size > 0:
            sink(search, 0, size, search.node[size], search.key[size])
        if reached > back.distance[node]:
            continue
        if star.passable[node] == 0 and node != destination:
            continue
        for at in range(back.first_in[node], back.first_in[node + 1]):
            link = back.link[at]
            tail = star.tail[link]
            key = reached + cost[link]
            if key < back.distance[tail]:
                back.distance[tail] = key
                back.onward[tail] = link
                if size == search.key.size:
                    size = cleared(search, size, back.distance, NOTHING_AHEAD)
                rise(search, size, tail, key)
                size += 1


class Ends(NamedTuple):
    """Nodes that a route is looked for between."""

    origin: int
    destination: int


class Barred(NamedTuple):
    """What a search may not touch.

    Parameters
    ----------
    node : array of int, shape (nodes,)
        Nodes that carry the first stamp are barred.
    link : array of int, shape (links,)
        Links out of the origin that carry the second stamp are.
    stamp : array of int, shape (2,)
        The stamps now.
    """

    node: IntArray
    link: IntArray
    stamp: IntArray


class Toward(NamedTuple):
    """Room for searches toward a destination.

    Parameters
    ----------
    search : Search
        Distances are infinite before and after a search.
    back : Back
        What the ways on cost at least: of a search back from the destination at costs of which none
        was above those now.
    barred : Barred
        What may not be touched.
    touched : array of int, shape (nodes,)
        Room for nodes that have been reached.
    """

    search: Search
    back: Back
    barred: Barred
    touched: IntArray


def toward_room(star: Star) -> Toward:
    """Room for searches toward a destination; nothing is barred."""
    nodes, links = star.passable.size, star.head.size
    search = room(nodes)
    search.distance[:] = np.inf
    barred = Barred(
        np.zeros(nodes, dtype=np.int64),
        np.zeros(links, dtype=np.int64),
        np.ones(2, dtype=np.int64),
    )
    return Toward(search, back_of(star), barred, np.zeros(nodes, dtype=np.int64))


@flat_kernel
def search_toward(star: Star, cost: FloatArray, ends: Ends, toward: Toward, limit: float) -> float:
    """Find the cheapest route between two nodes, going first where the way on is short (A*).

    Parameters
    ----------
    star, cost
        As of :func:`search_from`.
    ends : Ends
        Origin and destination.
    toward : Toward
        Room; ``search.before`` leads back from the destination.
    limit : float
        What the route costs at most, as some route is known to; what is dearer is not looked at.

    Returns
    -------
    float
        What it costs; infinite where none leads there.
    """
    origin, destination = ends
    search, back, barred = toward.search, toward.back, toward.barred
    touched, cheapest = 1, np.inf
    search.distance[origin] = 0.0
    search.before[origin] = -1
    toward.touched[0] = origin
    rise(search, 0, origin, back.distance[origin])
    size = 1
    while size > 0:
        node, key = search.node[0], search.key[0]
        if node == destination:
            cheapest = search.distance[node]
            break
        size -= 1
        if size > 0:
            sink(search, 0, size, search.node[size], search.key[size])
        reached = search.distance[node]
        if key > reached + back.distance[node]:
            continue
        for link in range(star.first_out[node], star.first_out[node + 1]):
            head = star.head[link]
            if barred.node[head] == barred.stamp[0] or (
                node == origin and barred.link[link] == barred.stamp[1]
            ):
                continue
            if star.passable[head] == 0 and head != destination:
                continue
            known = reached + cost[link]
            whole = known + back.distance[head]
            if known < search.distance[head] and whole <= limit:
                if search.distance[head] == np.inf:
                    toward.touched[touched] = head
                    touched += 1
                search.distance[head] = known
                search.before[head] = link
                if size == search.key.size:
                    size = cleared(search, size, search.distance, back.distance)
                rise(search, size, head, whole)
                size += 1
    for at in range(touched):
        search.distance[toward.touched[at]] = np.inf
    return float(cheapest)


@flat_kernel
def between(
    star: Star, costs: FloatArray, nodes: IntArray, search: Search, found: FloatArray
) -> None:
    """Find what the cheapest ways between nodes cost.

    Parameters
    ----------
    star : Star
        The network.
    costs : array, shape (classes, links)
        Cost of each link to each class, infinite where it may not go.
    nodes : array of int, shape (n,)
        Nodes.
    search : Search
        Room.
    found : array, shape (classes, n, n)
        Filled: from the nodes of the rows to those of the columns, of a node to itself that of
        going out and coming back; infinite where no way leads.
    """
    for user in range(costs.shape[0]):
        for at in range(nodes.size):
            search.stamp[0] += 1
            for to in range(nodes.size):
                search.wanted[nodes[to]] = search.stamp[0]
            # One more than there are: all nodes are looked at.
            search_from(star, costs[user], nodes[at], nodes.size + 1, search)
            for to in range(nodes.size):
                found[user, at, to] = search.distance[nodes[to]]
            found[user, at, at] = np.inf
            for link in range(star.head.size):
                tail = star.tail[link]
                if star.head[link] == nodes[at] and (star.passable[tail] or tail == nodes[at]):
                    back = search.distance[tail] + costs[user, link]
                    found[user, at, at] = min(found[user, at, at], back)
