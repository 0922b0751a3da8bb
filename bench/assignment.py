"""Traffic assignment beside AequilibraE and path4gmns: Sioux Falls and Barcelona.

    python bench/assignment.py FOLDER --peer-python PATH --path4gmns-python PATH

FOLDER holds one folder a network with its TNTP files (NAME/NAME_net.tntp, NAME/NAME_trips.tntp);
none are part of the repository. The first PATH is the interpreter of an environment of its own with
the package `aequilibrae`, the second that of one with `path4gmns`, `requests` and `numpy`; either
may be left out. All sides get the same arrays; the gap of a peer's link flows is computed here, by
our definition, beside the one that it reports, and whether they balance at every node. Timed is the
assignment alone, on one core, with kernels compiled and graphs prepared. Objectives are held
against the best known ones. AequilibraE is asked for a relative gap of 1e-6; path4gmns comes not
near it and is compared at the gap that it has when it stops, on Sioux Falls: it cannot close the
zones of Barcelona to routes that pass.
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
BALANCED = 1e-9
PEERS = Path(__file__).with_name("peers")
OTHER_PEER_ON = ("SiouxFalls",)


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


def imbalance(problem: TntpProblem, volume: np.ndarray) -> float:
    """Largest difference at a node of what comes, goes and is wanted, as a share of all demand."""
    links, demand = problem.network.links, problem.demand
    ends = (links.tail, links.head, demand.destination, demand.origin)
    amounts = (volume, -volume, demand.amount, -demand.amount)
    nodes = problem.network.passable.size
    net = sum(np.bincount(at, by, nodes) for at, by in zip(ends, amounts, strict=True))
    return float(np.abs(net).max() / demand.amount.sum())


def peer_run(python: str, script: str, arrays: Path) -> dict[str, Any]:
    call = [python, str(PEERS / script), str(arrays), str(GAP)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The peer's side failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def own_side(folder: Path, name: str, gap: float) -> dict[str, float]:
    """CPU of one assignment, kernels compiled, in a process of its own; and of a re-solve."""
    problem = problem_of(folder, name)
    near = problem.demand._replace(amount=problem.demand.amount * 1.03)
    settings = Settings(gap=gap)
    routes = assign(problem.network, problem.users, problem.demand, settings).routes
    answer = {}
    for key, demand, start in (("cpu_s", problem.demand, None), ("again_s", near, routes)):
        before = time.process_time()
        for _ in range(OWN_REPEATS):
            assign(problem.network, problem.users, demand, settings, start)
        answer[key] = (time.process_time() - before) / OWN_REPEATS
    return answer


def own_round(folder: Path, name: str, gap: float = GAP) -> dict[str, float]:
    call = [sys.executable, __file__, str(folder), "--own-side", name, "--own-gap", str(gap)]
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


def told(name: str, problem: TntpProblem, peer: dict[str, Any]) -> tuple[float, float]:
    """Print what a peer's link flows are worth; its objective above the best known, and its gap."""
    flows = np.array(peer["flows"])
    _, objective = bpr(problem.network.links, flows)
    off = objective / BEST_KNOWN[name] - 1.0
    gap, apart = measured_gap(problem, flows), imbalance(problem, flows)
    print(
        f"    gap as it reports {peer['own_gap']:.2e}, of its flows {gap:.2e};"
        f" objective {off:+.1e} of the best; out of balance {apart:.0e}"
    )
    if apart > BALANCED:
        print("    its flows do not balance at every node: no ratio")
        return float("inf"), gap
    return off, gap


def median_cpu(runs: list[dict[str, Any]], key: str = "cpu_s") -> float:
    return statistics.median(one[key] for one in runs)


def ratio(theirs: float, ours: float, answers_equal: bool) -> bool:
    if not answers_equal:
        print("    the answers are not equal: no ratio")
        return False
    print(f"  ratio {theirs / ours:,.0f} (median of {ROUNDS} interleaved rounds, warm)")
    return theirs / ours >= LEAST_RATIO


def beside_aequilibrae(folder: Path, name: str, python: str | None, arrays: Path) -> bool:
    """To the same gap of 1e-6."""
    peers, owns = [], []
    for _ in range(ROUNDS):
        if python is not None:
            peers.append(peer_run(python, "aequilibrae_assignment.py", arrays))
        owns.append(own_round(folder, name))
    ours, again = median_cpu(owns), median_cpu(owns, "again_s")
    print(f"  Keruen {1000 * ours:.2f} ms; 3 % more demand from these routes {1000 * again:.2f} ms")
    if not peers:
        return True
    peer, theirs = peers[0], median_cpu(peers)
    steps = peer["iterations"]
    print(f"  AequilibraE {peer['version']} bfw: {theirs:.2f} s, {steps} iterations")
    off, _ = told(name, problem_of(folder, name), peer)
    return ratio(theirs, ours, abs(off) <= WITHIN)


def beside_path4gmns(folder: Path, name: str, python: str, arrays: Path) -> bool:
    """To the gap that the peer has when it stops."""
    peers = [peer_run(python, "path4gmns_assignment.py", arrays)]
    theirs = peers[0]["cpu_s"]
    print(f"  path4gmns {peers[0]['version']} find_ue: {theirs:.2f} s")
    off, gap = told(name, problem_of(folder, name), peers[0])
    owns = [own_round(folder, name, gap)]
    for _ in range(ROUNDS - 1):
        peers.append(peer_run(python, "path4gmns_assignment.py", arrays))
        owns.append(own_round(folder, name, gap))
    theirs, ours = median_cpu(peers), median_cpu(owns)
    print(f"  to that gap: Keruen {1000 * ours:.2f} ms, path4gmns {theirs:.2f} s")
    # No flows of that gap can have an objective further above the least.
    return ratio(theirs, ours, abs(off) <= gap)


def compared(folder: Path, name: str, python: str | None, other: str | None) -> bool:
    problem = problem_of(folder, name)
    print(f"{name}: {problem.network.links.tail.size} links, {problem.demand.amount.size} pairs")
    good = right(name, problem)
    with tempfile.TemporaryDirectory() as place:
        arrays = Path(place, "problem.npz")
        save(problem, arrays)
        good &= beside_aequilibrae(folder, name, python, arrays)
        if other is not None and name in OTHER_PEER_ON:
            good &= beside_path4gmns(folder, name, other, arrays)
    return good


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path, nargs="?", help="folder with one folder a network")
    asked.add_argument("--peer-python", help="interpreter of the environment with aequilibrae")
    asked.add_argument("--path4gmns-python", help="interpreter of the environment with path4gmns")
    asked.add_argument("--own-side", help=argparse.SUPPRESS)
    asked.add_argument("--own-gap", type=float, default=GAP, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.folder is None:
        print("No networks: give the folder that holds them. Nothing is compared.")
        return 0
    if given.own_side:
        json.dump(own_side(given.folder, given.own_side, given.own_gap), sys.stdout)
        return 0
    if given.peer_python is None:
        print("No peer: make an environment with `aequilibrae` and give its interpreter with")
        print("--peer-python. Without it there is no ratio.")
    names = [name for name in BEST_KNOWN if (given.folder / name).is_dir()]
    peers = given.peer_python, given.path4gmns_python
    good = [compared(given.folder, name, *peers) for name in names]
    if not names:
        print(f"Neither {' nor '.join(BEST_KNOWN)} is there.")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
