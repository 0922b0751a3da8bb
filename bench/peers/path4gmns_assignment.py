"""The other peer's side of bench/assignment.py: runs in its own environment, prints a JSON object.

Writes the arrays of a problem as the GMNS files that path4gmns reads, and finds the equilibrium by
its columns (`find_ue`), which is written in Python around searches in C++. The clock runs over
`find_ue` alone. Routes may pass every node: what is closed to them cannot be told.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import path4gmns

GENERATED, UPDATED = 40, 400
"""Rounds of taking columns in, and of shifting flow between them: its gap falls slowly after."""


def write(name: str, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    with Path(name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header.split(","), *rows])


def write_problem(given: dict[str, np.ndarray]) -> None:
    """Nodes, links and demand in the present folder."""
    nodes = int(max(given["tail"].max(), given["head"].max())) + 1
    zones = int(given["zones"])
    write(
        "node.csv",
        "node_id,zone_id,x_coord,y_coord",
        ((node + 1, node + 1 if node < zones else "", 0, 0) for node in range(nodes)),
    )
    names = ("b", "power", "free", "capacity")
    columns = [given[name].tolist() for name in names]
    ends = (given["tail"] + 1).tolist(), (given["head"] + 1).tolist()
    write(
        "link.csv",
        "link_id,from_node_id,to_node_id,VDF_alpha1,VDF_beta1,VDF_fftt1,VDF_cap1,"
        "length,lanes,free_speed,capacity",
        (
            (number + 1, *row, 1, 1, 60, 1)
            for number, row in enumerate(zip(*ends, *columns, strict=True))
        ),
    )
    ends = (given["origin"] + 1).tolist(), (given["destination"] + 1).tolist()
    write(
        "demand.csv",
        "o_zone_id,d_zone_id,volume",
        zip(*ends, given["amount"].tolist(), strict=True),
    )


def assigned(given: dict[str, np.ndarray]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        write_problem(given)
        network = path4gmns.read_network()
        path4gmns.read_demand(network)
    before = time.process_time()
    own_gap = path4gmns.find_ue(network, GENERATED, UPDATED, 0.0)
    cpu_s = time.process_time() - before
    flows = np.zeros(given["tail"].size)
    for link in network._base_assignment.get_links():
        # Its own connectors of zones have no length.
        if link.get_length() > 0.0:
            flows[int(link.get_link_id()) - 1] = link.get_period_flow_vol(0)
    return {
        "version": version("path4gmns"),
        "cpu_s": cpu_s,
        "flows": flows.tolist(),
        "own_gap": float(own_gap),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    os.environ["OMP_NUM_THREADS"] = "1"
    arrays = dict(np.load(sys.argv[1]))
    with contextlib.redirect_stdout(io.StringIO()):
        answer = assigned(arrays)
    sys.stdout.write("\n" + json.dumps(answer))
