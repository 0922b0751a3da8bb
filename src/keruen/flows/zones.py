"""Distances between zones over the whole network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.model import Model
from keruen.model.model import in_service

FloatArray = NDArray[np.float64]


def zone_distances(model: Model, zones: list[str]) -> FloatArray:
    """Shortest distances between zones by rail, road and sea together, access included.

    Sections and vessel lines count in both directions, whatever their gauge, as they stood on the
    base date or, for a model of a day, that day.

    Parameters
    ----------
    model : Model
        With ``zones``, ``sections`` and ``vessel_lines``.
    zones : list of str
        Zones wanted.

    Returns
    -------
    ndarray, shape (zones, zones)
        Kilometres; nought from a zone to itself, infinite where no way leads.
    """
    day = model.on or model.settings.base_date
    nodes = {str(node): place for place, node in enumerate(sorted(model["nodes"].index))}
    best: dict[tuple[int, int], float] = {}
    for table in ("sections", "vessel_lines"):
        frame = in_service(model[table], day)
        ends = zip(frame["from_node"], frame["to_node"], frame["length_km"], strict=True)
        for start, end, length in ends:
            pair = (nodes[min(start, end)], nodes[max(start, end)])
            best[pair] = min(float(length), best.get(pair, np.inf))
    pairs = np.array(sorted(best), dtype=np.intp).reshape(-1, 2)
    lengths = np.array([best[start, end] for start, end in pairs.tolist()], dtype=np.float64)
    shape = (len(nodes), len(nodes))
    graph = csr_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=shape)
    at = np.array([nodes[model.text("zones", zone, "node")] for zone in zones], dtype=np.intp)
    access = np.array([model.number("zones", zone, "access_km") or 0.0 for zone in zones])
    found = dijkstra(graph, directed=False, indices=at)[:, at] + access[:, None] + access
    np.fill_diagonal(found, 0.0)
    return np.asarray(found, dtype=np.float64)
