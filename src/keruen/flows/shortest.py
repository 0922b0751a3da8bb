"""Shortest routes: Dijkstra's algorithm from one origin, on a heap of four children a node."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import Star
from keruen.jit import flat_kernel, part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]

_UNSEEN: Final = -1
_SETTLED: Final = -2


class Search(NamedTuple):
    """Room for one search, used again and again; shape (nodes,) but for the last.

    Parameters
    ----------
    distance : array
        Cost from the origin; infinite where no route leads.
    before : array of int
        Link by which the cheapest route comes in, -1 at the origin and where none leads.
    place : array of int
        Where a node stands in the heap.
    node : array of int
        Nodes of the heap.
    key : array
        Their costs.
    wanted : array of int
        Nodes that are asked for carry the stamp of the search.
    stamp : array of int, shape (1,)
        Counts the searches.
    """

    distance: FloatArray
    before: ShortArray
    place: ShortArray
    node: ShortArray
    key: FloatArray
    wanted: IntArray
    stamp: IntArray


def room(nodes: int) -> Search:
    """Room for searches over so many nodes."""
    return Search(
        np.zeros(nodes),
        np.zeros(nodes, dtype=np.int32),
        np.zeros(nodes, dtype=np.int32),
        np.zeros(nodes, dtype=np.int32),
        np.zeros(nodes),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


@part
def _rise(search: Search, start: int, node: int, key: float) -> None:
    """Put a node into the heap at a place or above it."""
    at = start
    while at > 0:
        up = (at - 1) >> 2
        if search.key[up] <= key:
            break
        search.key[at] = search.key[up]
        search.node[at] = search.node[up]
        search.place[search.node[at]] = at
        at = up
    search.key[at] = key
    search.node[at] = node
    search.place[node] = at


@part
def _sink(search: Search, size: int) -> None:
    """Put the node behind the end of the heap in at the top and let it sink."""
    node = search.node[size]
    key = search.key[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if search.key[other] < search.key[least]:
                least = other
        if search.key[least] >= key:
            break
        search.key[at] = search.key[least]
        search.node[at] = search.node[least]
        search.place[search.node[at]] = at
        at = least
    search.key[at] = key
    search.node[at] = node
    search.place[node] = at


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
        search.place[node] = _UNSEEN
    stamp = search.stamp[0]
    search.distance[origin] = 0.0
    _rise(search, 0, origin, 0.0)
    size = 1
    while size > 0 and wanted > 0:
        node = search.node[0]
        search.place[node] = _SETTLED
        size -= 1
        if size > 0:
            _sink(search, size)
        if search.wanted[node] == stamp:
            wanted -= 1
        if star.passable[node] == 0 and node != origin:
            continue
        reached = search.distance[node]
        for link in range(star.first_out[node], star.first_out[node + 1]):
            head = star.head[link]
            key = reached + cost[link]
            if key < search.distance[head]:
                place = search.place[head]
                if place == _UNSEEN:
                    place = size
                    size += 1
                search.distance[head] = key
                search.before[head] = link
                _rise(search, place, head, key)
    return wanted
