"""The peer's side of bench/assignment.py: runs in its own environment and prints one JSON object.

Reads the arrays of a problem from a file and assigns with bi-conjugate Frank-Wolfe on one core. The
clock runs over `execute` alone, when the graph is prepared and the matrix is in memory.

Links that no route can use are left out of the peer's graph, and their flow is nought. Version
1.7.0 makes one link of two that both lead into a node without a way out, against the direction of
one of them (mended after it, in its pull request 846): Barcelona has such a node.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from aequilibrae.matrix import AequilibraeMatrix
from aequilibrae.paths import Graph, TrafficAssignment, TrafficClass

ALGORITHM = "bfw"
MOST_ITERATIONS = 50_000


def passed(given: dict[str, np.ndarray]) -> np.ndarray:
    """Links that lead somewhere and come from somewhere, one behind the other to zones."""
    tail, head = given["tail"], given["head"]
    nodes = int(max(tail.max(), head.max())) + 1
    kept = np.ones(tail.size, dtype=np.bool_)
    while True:
        left = np.zeros(nodes, dtype=np.bool_)
        entered = np.zeros(nodes, dtype=np.bool_)
        left[tail[kept]] = left[: int(given["zones"])] = True
        entered[head[kept]] = entered[: int(given["zones"])] = True
        fewer = kept & left[head] & entered[tail]
        if fewer.sum() == kept.sum():
            return kept
        kept = fewer


def graph_of(given: dict[str, np.ndarray]) -> Graph:
    links = given["tail"].size
    network = pd.DataFrame(
        {
            "link_id": np.arange(1, links + 1),
            "a_node": given["tail"] + 1,
            "b_node": given["head"] + 1,
            "direction": np.ones(links, dtype=np.int8),
            "capacity": given["capacity"],
            "free_flow_time": given["free"],
            "b": given["b"],
            # Where b is nought the power does not matter; the peer wants at least 1.
            "power": np.where(given["b"] == 0.0, 1.0, given["power"]),
        }
    )[passed(given)]
    graph = Graph()
    graph.network = network
    graph.prepare_graph(np.arange(1, int(given["zones"]) + 1))
    graph.set_graph("free_flow_time")
    graph.set_skimming(["free_flow_time"])
    graph.set_blocked_centroid_flows(bool(given["first_through"] > 0))
    return graph


def matrix_of(given: dict[str, np.ndarray]) -> AequilibraeMatrix:
    zones = int(given["zones"])
    matrix = AequilibraeMatrix()
    matrix.create_empty(zones=zones, matrix_names=["trips"], memory_only=True)
    matrix.index[:] = np.arange(1, zones + 1)
    trips = np.zeros((zones, zones))
    trips[given["origin"], given["destination"]] = given["amount"]
    matrix.matrix["trips"][:, :] = trips
    matrix.computational_view(["trips"])
    return matrix


def assigned(given: dict[str, np.ndarray], gap: float) -> dict[str, Any]:
    users = TrafficClass("all", graph_of(given), matrix_of(given))
    work = TrafficAssignment()
    work.set_classes([users])
    work.set_vdf("BPR")
    work.set_vdf_parameters({"alpha": "b", "beta": "power"})
    work.set_capacity_field("capacity")
    work.set_time_field("free_flow_time")
    work.set_algorithm(ALGORITHM)
    work.set_cores(1)
    work.max_iter = MOST_ITERATIONS
    work.rgap_target = gap
    before = time.process_time()
    work.execute()
    cpu_s = time.process_time() - before
    by_link = work.results()["trips_ab"]
    flows = np.zeros(given["tail"].size)
    flows[by_link.index.to_numpy() - 1] = by_link.to_numpy()
    report = work.report()
    return {
        "version": version("aequilibrae"),
        "cpu_s": cpu_s,
        "flows": flows.tolist(),
        "iterations": len(report),
        "own_gap": float(report["rgap"].iloc[-1]),
    }


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    arrays = dict(np.load(sys.argv[1]))
    answer = assigned(arrays, float(sys.argv[2]))
    sys.stdout.write("\n" + json.dumps(answer))
