"""Links and networks as the caller gives them: arrays in the caller's own order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.flows.curves.registry import BPR, QUEUE

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Links(NamedTuple):
    """Directed links, each with its delay curve.

    Parameters
    ----------
    tail, head : array of int, shape (links,)
        Nodes, counted from 0.
    kind : array of int, shape (links,)
        Curve of each (:data:`keruen.flows.curves.registry.KINDS`).
    rows : array, shape (links, 4)
        Parameters, as the file of the curve says.
    size : array, shape (links,)
        Weight of each in the overlap of routes, above nought: a length or a free cost.
    """

    tail: IntArray
    head: IntArray
    kind: NDArray[np.int8]
    rows: FloatArray
    size: FloatArray


class Network(NamedTuple):
    """Links with their nodes.

    Parameters
    ----------
    links : Links
        The links.
    passable : array of bool, shape (nodes,)
        Where routes may pass; where not, they may begin and end.
    """

    links: Links
    passable: NDArray[np.bool_]


class Curves(NamedTuple):
    """Parameters of curves of one kind, each an array of shape (links,) or one number for all.

    Parameters
    ----------
    free : array
        Time without load.
    capacity : array
        Capacity.
    factor : array
        ``b`` of BPR; wait at a utilisation of one half of a queue.
    shape : array
        ``power`` of BPR; ceiling of the utilisation of a queue.
    """

    free: ArrayLike
    capacity: ArrayLike
    factor: ArrayLike = 0.15
    shape: ArrayLike = 4.0


def bpr_links(
    tail: ArrayLike, head: ArrayLike, curves: Curves, size: ArrayLike | None = None
) -> Links:
    """Links with BPR curves.

    Parameters
    ----------
    tail, head : array of int, shape (links,)
        Ends.
    curves : Curves
        Parameters.
    size : array or None
        Weight in the overlap of routes; the free time where it is not given, and a millionth of the
        longest free time where that is nought.

    Examples
    --------
    >>> links = bpr_links([0, 0], [1, 1], Curves([1.0, 2.0], 10.0, 1.0, 1.0))
    >>> links.rows.tolist()
    [[1.0, 10.0, 1.0, 1.0], [2.0, 10.0, 1.0, 1.0]]
    """
    return _links(tail, head, curves, BPR, size)


def queue_links(
    tail: ArrayLike, head: ArrayLike, curves: Curves, size: ArrayLike | None = None
) -> Links:
    """Links with truncated queues; see :func:`bpr_links`.

    >>> queue_links([0], [1], Curves(2.0, 8.0, 3.0, 0.9)).kind.tolist()
    [1]
    """
    return _links(tail, head, curves, QUEUE, size)


def _links(
    tail: ArrayLike, head: ArrayLike, curves: Curves, kind: int, size: ArrayLike | None
) -> Links:
    tails = np.asarray(tail, dtype=np.int64)
    columns = [np.broadcast_to(np.asarray(one, dtype=np.float64), tails.shape) for one in curves]
    rows = np.stack(columns, axis=-1)
    if size is None:
        longest = float(rows[:, 0].max(initial=0.0))
        sizes = np.maximum(rows[:, 0], 1e-6 * longest if longest > 0.0 else 1.0)
    else:
        sizes = np.asarray(size, dtype=np.float64)
    heads = np.asarray(head, dtype=np.int64)
    return Links(tails, heads, np.full(tails.size, kind, dtype=np.int8), rows, sizes)


def network_of(links: Links, first_through: int = 0, nodes: int | None = None) -> Network:
    """A network whose first nodes may not be passed.

    Parameters
    ----------
    links : Links
        The links.
    first_through : int
        The first node, counted from 0, that routes may pass; the TNTP files count it from 1.
    nodes : int or None
        Number of nodes; as many as the links name where it is not given.

    Examples
    --------
    >>> network_of(bpr_links([0, 2], [2, 1], Curves(1.0, 1.0)), 2).passable.tolist()
    [False, False, True]
    """
    if nodes is None:
        nodes = int(max(links.tail.max(initial=-1), links.head.max(initial=-1))) + 1
    return Network(links, np.arange(nodes) >= first_through)
