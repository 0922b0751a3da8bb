"""Traffic assignment beside AequilibraE: Sioux Falls and Barcelona to a relative gap of 1e-6.

    python bench/assignment.py FOLDER --peer-python PATH

FOLDER holds one folder a network with its TNTP files (NAME/NAME_net.tntp, NAME/NAME_trips.tntp);
none are part of the repository. PATH is the interpreter of an environment of its own with the
package `aequilibrae`. Both sides get the same arrays; the gap of the peer's link flows is computed
here, by our definition, beside the one that it reports. Timed is the assignment alone, on one core,
with kernels compiled and graphs prepared. Objectives are held against the best known ones.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from keruen.exchange.tntp import TntpProblem, read_tntp
from keruen.flows.equilibrium import Assignment, Settings, assign
from keruen.flows.graph import link_order, star_of
from keruen.flows.links import Links
from keruen.flows.shortest import room, search_from

ROUNDS = 5
OWN_REPEATS = 5
GAP, FINE_GAP = 1e-6, 1e-12
WITHIN, FINE_WITHIN = 1e-5, 1e-9
LEAST_RATIO = 50.0
BEST_KNOWN = {"SiouxFalls": 4231335.28710744, "Barcelona": 1265654.92203176}
PEER_SIDE = Path(__file__).with_name("peers") / "aequilibrae_assignment.py"


def problem_of(folder: Path, name: str) -> TntpProblem:
    return read_tntp(folder / name / f"{name}_net.tntp", folder / name / f"{name}_trips.tntp")


def bpr(links: Links, volume: np.ndarray) -> tuple[np.ndarray, float]:
    """Times at flows, and Beckmann's objective, written anew: not by the code that is measured."""
    free, capacity, b, power = links.rows.T
    ratio = np.where(b > 0.0, volume / np.where(b > 0.0, capacity, 1.0), 0.0)
    times = free * (1.0 + b * ratio**power)
    return times, float((free * volume * (1.0 + b * ratio**power / (power + 1.0))).sum())


def measured_gap(problem: TntpProblem, volume: np.ndarray) -> float:
    """(cost of all flows - demand times least cost) / cost of all flows, of link flows."""
    times, _ = bpr(problem.network.links, volume)
    times = times + problem.users.fixed[0]
    order = link_order(problem.network, problem.users)
    star, search = star_of(problem.network, order), room(problem.network.passable.size)
    cost, least = times[order], 0.0
    demand = problem.demand
    for origin in np.unique(demand.origin):
        here = demand.origin == origin
        search.stamp[0] += 1
        search.wanted[demand.destination[here]] = search.stamp[0]
        search_from(star, cost, int(origin), int(here.sum()), search)
        least += float((demand.amount[here] * search.distance[demand.destination[here]]).sum())
    whole = float((times * volume).sum())
    return (whole - least) / whole


def peer_run(python: str, arrays: Path) -> dict[str, Any]:
    call = [python, str(PEER_SIDE), str(arrays), str(GAP)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The peer's side failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def own_side(folder: Path, name: str) -> dict[str, float]:
    """CPU of one assignment, kernels compiled, in a process of its own; and of a re-solve."""
    problem = problem_of(folder, name)
    near = problem.demand._replace(amount=problem.demand.amount * 1.03)
    settings = Settings(gap=GAP)
    routes = assign(problem.network, problem.users, problem.demand, settings).routes
    answer = {}
    for key, demand, start in (("cpu_s", problem.demand, None), ("again_s", near, routes)):
        before = time.process_time()
        for _ in range(OWN_REPEATS):
            assign(problem.network, problem.users, demand, settings, start)
        answer[key] = (time.process_time() - before) / OWN_REPEATS
    return answer


def own_round(folder: Path, name: str) -> dict[str, float]:
    call = [sys.executable, __file__, str(folder), "--own-side", name]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def save(problem: TntpProblem, file: Path) -> None:
    links, demand = problem.network.links, problem.demand
    free, capacity, b, power = links.rows.T
    # Zones without demand are closed to routes that pass as well.
    through = int(np.argmax(problem.network.passable))
    ends = np.concatenate([demand.origin, demand.destination])
    zones = max(int(ends.max()) + 1, through)
    np.savez(
        file,
        tail=links.tail, head=links.head, free=free, capacity=capacity, b=b, power=power,
        origin=demand.origin, destination=demand.destination, amount=demand.amount,
        zones=zones, first_through=through,
    )  # fmt: skip


def right(name: str, problem: TntpProblem) -> bool:
    """Print our own answers at the gap that is timed and at a fine one; whether they are right."""
    good = True
    for gap, within in ((GAP, WITHIN), (FINE_GAP, FINE_WITHIN)):
        ours: Assignment = assign(problem.network, problem.users, problem.demand, Settings(gap=gap))
        off = ours.objective / BEST_KNOWN[name] - 1.0 if name in BEST_KNOWN else float("nan")
        again = measured_gap(problem, ours.volume)
        print(
            f"  Keruen to {gap:g}: gap {ours.relative_gap:.2e} (from link flows {again:.2e}),"
            f" {ours.iterations} rounds, objective {ours.objective:.6f}, {off:+.1e} of the best"
        )
        good &= ours.converged and not abs(off) > within
    return good


def compared(folder: Path, name: str, python: str | None) -> bool:
    problem = problem_of(folder, name)
    print(f"{name}: {problem.network.links.tail.size} links, {problem.demand.amount.size} pairs")
    good = right(name, problem)
    peers, owns = [], []
    with tempfile.TemporaryDirectory() as place:
        arrays = Path(place, "problem.npz")
        save(problem, arrays)
        for _ in range(ROUNDS):
            if python is not None:
                peers.append(peer_run(python, arrays))
            owns.append(own_round(folder, name))
    ours = statistics.median(one["cpu_s"] for one in owns)
    again = statistics.median(one["again_s"] for one in owns)
    print(f"  Keruen {1000 * ours:.2f} ms; 3 % more demand from these routes {1000 * again:.2f} ms")
    if peers:
        flows = np.array(peers[0]["flows"])
        _, objective = bpr(problem.network.links, flows)
        theirs = statistics.median(one["cpu_s"] for one in peers)
        off = objective / BEST_KNOWN[name] - 1.0 if name in BEST_KNOWN else float("nan")
        print(
            f"  AequilibraE {peers[0]['version']} bfw: {theirs:.2f} s, {peers[0]['iterations']}"
            f" iterations, gap as it reports {peers[0]['own_gap']:.2e}, of its flows"
            f" {measured_gap(problem, flows):.2e}, objective {off:+.1e} of the best"
        )
        print(f"  ratio {theirs / ours:,.0f} (median of {ROUNDS} interleaved rounds, warm)")
        good &= abs(off) <= WITHIN and theirs / ours >= LEAST_RATIO
    return good


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path, nargs="?", help="folder with one folder a network")
    asked.add_argument("--peer-python", help="interpreter of the environment with aequilibrae")
    asked.add_argument("--own-side", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.folder is None:
        print("No networks: give the folder that holds them. Nothing is compared.")
        return 0
    if given.own_side:
        json.dump(own_side(given.folder, given.own_side), sys.stdout)
        return 0
    if given.peer_python is None:
        print("No peer: make an environment with `aequilibrae` and give its interpreter with")
        print("--peer-python. Without it there is no ratio.")
    names = [name for name in BEST_KNOWN if (given.folder / name).is_dir()]
    good = [compared(given.folder, name, given.peer_python) for name in names]
    if not names:
        print(f"Neither {' nor '.join(BEST_KNOWN)} is there.")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
