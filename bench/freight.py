"""CPU time of equilibria of freight on the reference study: from nothing, and from a neighbour.

    python bench/freight.py [--study FOLDER] [--gap 1e-4]

Each is one call of ``FreightYears.solved``, on networks and demand that stand already: two turns
of equilibrium and return of empties, of a draw one. *From nothing* counts out the ways of all pairs
before and after; *on its ways* these are known, and no flow and no price. Medians of five runs
after one that is not counted; times are CPU of the process, one thread.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.carried import carried
from keruen.flows.freight.solve import AS_COMPILED, Draw, Flows, Start, near_to
from keruen.flows.freight.years import FreightYears
from keruen.study.pipeline import Request, prepare
from keruen.study.targets import days_of

STUDY = Path(__file__).resolve().parents[1] / "src" / "keruen" / "studies" / "kazakhstan"
RUNS = 5
SPREAD = 0.1
LATE = 2040
SEED = 1


def measured(solve: Callable[[], Flows]) -> tuple[float, Flows]:
    """Median CPU seconds of the runs after the first, and the last result."""
    seconds = []
    for _ in range(RUNS + 1):
        begun = time.process_time()
        found = solve()
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds[1:]), found


def line(name: str, seconds: float, found: Flows) -> str:
    """One row of the table."""
    within = found.within
    assignment = within.assignment
    return (
        f"| {name} | {1e3 * seconds:.0f} | {within.rounds} | {assignment.iterations} "
        f"| {assignment.relative_gap:.1e} | {within.excess_share:.1e} | {within.slack_share:.1e} "
        f"| {assignment.routes.flow.size:,} | {'yes' if within.converged else 'no'} |"
    )


def ways_alone(found: Flows) -> Start:
    """The routes of an equilibrium without flows and prices."""
    start = found.start
    routes = start.routes._replace(flow=np.zeros_like(start.routes.flow))
    return Start(start.pairs, routes, np.zeros_like(start.price))


def rows(study: Path, gap: float) -> list[str]:
    """Rows of the table."""
    model, _ = prepare(Request(study))
    years = FreightYears(model, days_of(model), Settings(gap=gap))
    base = years.base_year
    known = years.flows(base)
    carry = carried(known.start, years.freight(base), years.freight(base + 1))
    random = np.random.default_rng(SEED)
    capacity, near = known.freight.capacity, near_to(known)
    drawn = [capacity * np.exp(SPREAD * random.standard_normal(capacity.size)) for _ in range(3)]
    late = years.flows(LATE)
    cases = [
        (f"{base} on its ways", base, AS_COMPILED, ways_alone(known)),
        (f"{LATE} on its ways", LATE, AS_COMPILED, ways_alone(late)),
        (f"{base} from nothing", base, AS_COMPILED, None),
        (f"{LATE} from nothing", LATE, AS_COMPILED, None),
        (f"{base + 1} from {base}", base + 1, AS_COMPILED, carry),
        (f"{base} from itself", base, Draw(near=near), known.start),
        *(
            (f"draw {at + 1} of {base}", base, Draw(capacity=one, near=near), known.start)
            for at, one in enumerate(drawn)
        ),
    ]
    return [line(name, *measured(lambda own=own: years.solved(*own))) for name, *own in cases]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--study", type=Path, default=STUDY, help="folder of a study")
    asked.add_argument("--gap", type=float, default=1e-4, help="relative gap")
    given = asked.parse_args()
    print(f"to a relative gap of {given.gap:g}; capacities drawn {SPREAD:.0%} apart (lognormal)")
    print("| what | CPU, ms | steps | rounds | gap | excess | slack | routes | converged |")
    print("|---|---|---|---|---|---|---|---|---|")
    for one in rows(given.study, given.gap):
        print(one, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
