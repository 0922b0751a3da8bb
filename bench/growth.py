"""How time and memory of an assignment grow with the network: own synthetic networks, no peer.

    python bench/growth.py [--most LINKS] [--gap GAP]

A network is a grid of nodes with links both ways, their times and capacities drawn from a seed,
some left out; five commodities of different value of time, load and cost go between zones spread
over it, two pairs a link: 200,000 pairs on 100,000 links. Each size runs in a process of its own,
kernels compiled before the clock starts. Counted is CPU time, and the memory that the process holds
at most beyond what it held before the problem was made.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time

import numpy as np

from keruen.flows import (
    Curves,
    Demand,
    Network,
    Settings,
    Users,
    assign,
    bpr_links,
    demand_of,
    network_of,
    users_of,
)

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
PAIRS_PER_LINK = 2
COMMODITIES = 5
LEFT_OUT = 0.03
SEED = 4


def grid(links: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
    """Tails and heads of a grid without some of its links, and the nodes along a side."""
    side = math.ceil((1.0 + math.sqrt(1.0 + links / (1.0 - LEFT_OUT))) / 2.0)
    number = np.arange(side * side).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    along = np.stack([number[:-1].ravel(), number[1:].ravel()])
    ways = np.concatenate([across, across[::-1], along, along[::-1]], axis=1)
    kept = rng.permutation(ways.shape[1])[: min(links, ways.shape[1])]
    return ways[0, kept], ways[1, kept], side


def problem(links: int) -> tuple[Network, Users, Demand]:
    rng = np.random.default_rng(SEED)
    tail, head, side = grid(links, rng)
    count = tail.size
    zones = max(2, round(math.sqrt(PAIRS_PER_LINK * links / COMMODITIES)))
    mean_load = PAIRS_PER_LINK * side * 2.0 / 3.0
    curves = Curves(
        rng.uniform(1.0, 3.0, count), mean_load * rng.uniform(0.7, 4.0, count), 0.15, 4.0
    )
    users = users_of(
        count,
        value=rng.uniform(0.5, 2.0, COMMODITIES),
        load=rng.uniform(0.5, 1.5, (COMMODITIES, 1)),
        fixed=rng.uniform(0.0, 0.5, (COMMODITIES, count)),
    )
    places = rng.choice(side * side, zones, replace=False)
    by = np.array(
        [(user, o, d) for user in range(COMMODITIES) for o in places for d in places if o != d]
    ).T
    demand = demand_of(by[1], by[2], rng.uniform(0.2, 1.8, by.shape[1]), by[0])
    return network_of(bpr_links(tail, head, curves), nodes=side * side), users, demand


def held_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def one(links: int, gap: float) -> dict[str, float]:
    assign(*problem(200), Settings(gap=1e-3))
    before_mb = held_mb()
    case = problem(links)
    before = time.process_time()
    found = assign(*case, Settings(gap=gap))
    cpu_s = time.process_time() - before
    return {
        "links": case[0].links.tail.size,
        "pairs": case[2].amount.size,
        "cpu_s": cpu_s,
        "mb": held_mb() - before_mb,
        "gap": found.relative_gap,
        "rounds": found.iterations,
        "routes": found.routes.flow.size,
        "route_links": float(np.diff(found.routes.first).mean()),
        "lost": len(found.problems),
        "over": float((found.volume / case[0].links.rows[:, 1]).max()),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--most", type=int, default=10_000, help="largest number of links")
    asked.add_argument("--gap", type=float, default=1e-4, help="relative gap")
    asked.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        json.dump(one(given.one, given.gap), sys.stdout)
        return 0
    print(f"to a relative gap of {given.gap:g}, {COMMODITIES} commodities")
    names = ("links", "pairs", "CPU, s", "MB", "rounds", "routes", "links each")
    print("".join(f"{name:>12}" for name in names))
    times = []
    for links in (size for size in SIZES if size <= given.most):
        call = [sys.executable, __file__, "--one", str(links), "--gap", str(given.gap)]
        done = subprocess.run(call, capture_output=True, text=True, check=True)
        got = json.loads(done.stdout)
        times.append((got["links"], got["cpu_s"], got["mb"]))
        print(
            f"{got['links']:12}{got['pairs']:12}{got['cpu_s']:12.2f}{got['mb']:12.0f}"
            f"{got['rounds']:12}{got['routes']:12}{got['route_links']:12.1f}"
        )
    if len(times) > 1:
        (small, s, _), (large, t, _) = times[0], times[-1]
        print(f"CPU grows as links to the power {math.log(t / s) / math.log(large / small):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
