"""The network compiled to arrays once: nodes as integers, sections as links in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.errors import FailedError, OutOfServiceError, error
from keruen.model import Model

_NOWHERE = -9999


class Way(NamedTuple):
    """A way through the network.

    Parameters
    ----------
    nodes : tuple of str
        Nodes passed, ends included.
    sections : tuple of str
        Sections, in order; one fewer than nodes.
    forward : tuple of bool
        Whether each section is travelled from its ``from_node``.
    length_km : float
        Whole length.
    """

    nodes: tuple[str, ...]
    sections: tuple[str, ...]
    forward: tuple[bool, ...]
    length_km: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Sections of one mode as a weighted graph; between two nodes the shortest section counts.

    Nodes and sections are taken in the order of their ids, so that the order of rows in a study
    never decides between two ways of equal length.

    Parameters
    ----------
    nodes : mapping of str to int
        Integer of each node, in the order of their ids.
    lengths : csr_array, shape (nodes, nodes)
        Length of the shortest section from row to column, kilometres.
    section : mapping of (int, int) to int
        Position of that section.
    ids : ndarray of str
        Section ids.
    starts : ndarray of int
        Integer of each section's ``from_node``.
    """

    nodes: dict[str, int]
    lengths: csr_array
    section: dict[tuple[int, int], int]
    ids: NDArray[np.object_]
    starts: NDArray[np.intp]

    def _position(self, node: str) -> int:
        if node not in self.nodes:
            raise FailedError([error("no_such_row", row=node, table="nodes")])
        return self.nodes[node]

    def _from(self, start: int) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Distance to every node and the node before it on the way there."""
        distances, before = dijkstra(
            self.lengths, directed=True, indices=np.array([start]), return_predecessors=True
        )
        return distances[0], before[0]

    def shortest(self, start: str, end: str) -> Way:
        """Shortest way between two nodes.

        Parameters
        ----------
        start, end : str
            Node ids.

        Returns
        -------
        Way
            Of length nought when both are the same.

        Raises
        ------
        FailedError
            When a node is not known.
        OutOfServiceError
            When no way exists.
        """
        first, last = self._position(start), self._position(end)
        distance, before = self._from(first)
        if not np.isfinite(distance[last]):
            raise OutOfServiceError([error("no_way_between", start=start, end=end)])
        passed = [last]
        while passed[-1] != first and before[passed[-1]] != _NOWHERE:
            passed.append(int(before[passed[-1]]))
        passed.reverse()
        links = [self.section[pair] for pair in pairwise(passed)]
        names = list(self.nodes)
        return Way(
            tuple(names[node] for node in passed),
            tuple(str(self.ids[link]) for link in links),
            tuple(
                bool(self.starts[link] == node) for link, node in zip(links, passed, strict=False)
            ),
            float(distance[last]),
        )

    def near_ways(self, start: str, end: str, ratio: float) -> dict[tuple[str, bool], float]:
        """Sections on ways between two nodes that are not much longer than the shortest.

        Parameters
        ----------
        start, end : str
            Node ids.
        ratio : float
            How many times as long as the shortest way a way may be.

        Returns
        -------
        dict of (str, bool) to float
            By section, and whether it is travelled from its ``from_node``, the length of the
            shortest way through it; empty where no way leads.

        Raises
        ------
        FailedError
            When a node is not known.
        """
        first, last = self._position(start), self._position(end)
        (there, _), (back, _) = self._from(first), self._from(last)
        if not np.isfinite(there[last]) or first == last:
            return {}
        tail, head = np.array(list(self.section), dtype=np.int64).T
        link = np.array(list(self.section.values()), dtype=np.int64)
        whole = there[tail] + np.asarray(self.lengths[tail, head]).ravel() + back[head]
        onward = (there[tail] < there[head]) & (back[head] < back[tail])
        near = np.flatnonzero(onward & (whole <= ratio * there[last]))
        return {
            (str(self.ids[link[at]]), bool(self.starts[link[at]] == tail[at])): float(whole[at])
            for at in near.tolist()
        }

    def nearest(self, start: str, among: tuple[str, ...]) -> str | None:
        """The node of some that is nearest to another; of equally near ones the first.

        Returns
        -------
        str or None
            None when none of them can be reached.

        Raises
        ------
        FailedError
            When a node is not known.
        """
        distance, _ = self._from(self._position(start))
        reached = [float(distance[self._position(node)]) for node in among]
        best = min(range(len(among)), key=reached.__getitem__, default=None)
        return None if best is None or not np.isfinite(reached[best]) else among[best]


def compile_graph(model: Model, mode: str, avoiding: frozenset[str] = frozenset()) -> Graph:
    """Compile the sections of a mode.

    Parameters
    ----------
    model : Model
        Of a day, or the base; only sections in its tables count.
    mode : str
        ``rail``, ``road`` or ``sea``.
    avoiding : frozenset of str
        Sections left out.

    Returns
    -------
    Graph
    """
    sections = model["sections"]
    own = sections[(sections["mode"] == mode) & ~sections.index.isin(avoiding)].sort_index()
    nodes = {node: place for place, node in enumerate(sorted(map(str, model["nodes"].index)))}
    starts = np.array([nodes[node] for node in own["from_node"]], dtype=np.intp)
    ends = np.array([nodes[node] for node in own["to_node"]], dtype=np.intp)
    lengths = own["length_km"].to_numpy(dtype=np.float64)
    best: dict[tuple[int, int], int] = {}
    for link, pair in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        for ordered in (pair, pair[::-1]):
            if ordered not in best or lengths[link] < lengths[best[ordered]]:
                best[ordered] = link
    pairs = np.array(list(best), dtype=np.intp).reshape(-1, 2)
    weights = lengths[list(best.values())] if best else np.zeros(0)
    matrix = csr_array((weights, (pairs[:, 0], pairs[:, 1])), shape=(len(nodes), len(nodes)))
    return Graph(nodes, matrix, best, own.index.to_numpy(dtype=object), starts)
