"""Compile every kernel once, so that what follows finds them: a day of trains, a choice of routes.

``make test`` lets each part, named as an argument, run beside the type checker; without a name all
are compiled. The compiled code is kept where ``keruen.jit`` keeps it; ``XDG_CACHE_HOME`` says which
folder of caches that is.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np

from keruen.flows import (
    Curves,
    assign,
    assign_within,
    bpr_links,
    demand_of,
    network_of,
    penalised_routes,
    users_of,
)
from keruen.model import load_model
from keruen.study.line_trains import Gathered, LineOnDay, line_trains


def two_roads() -> None:
    """Share a demand out over two roads, once for certain and once at random."""
    network = network_of(bpr_links([0, 0], [1, 1], Curves([1.0, 1.5], 4.0)))
    users = users_of(2, theta=[np.inf, 1.0])
    demand = demand_of([0, 0], [1, 1], [6.0, 6.0], [0, 1])
    assign(network, users, demand, start=penalised_routes(network, users, demand))
    assign(network, users, demand)
    capacity = np.array([4.0, np.inf])
    found = assign_within(network, users, demand, capacity)
    assign_within(
        network, users, demand, capacity, start=found.assignment.routes, price=found.price
    )


def one_day() -> None:
    """Run the trains of the corridor template under every policy."""
    with resources.as_file(resources.files("keruen") / "templates" / "corridor") as folder:
        base = load_model(Path(folder))
    day = base.settings.base_date
    line_trains(Gathered(), "main", [LineOnDay("main", day, base.at(day))], base.settings.seed)


PARTS: Final = {"roads": two_roads, "trains": one_day}


def main(*names: str) -> None:
    """Compile the parts named, or all."""
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(*sys.argv[1:])
