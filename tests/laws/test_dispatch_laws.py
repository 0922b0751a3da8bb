"""No network deadlocks: random networks with junctions, windows and disturbances, under load."""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pytest

from keruen.rail.dispatch.bound import finish_bound_ms
from keruen.rail.dispatch.compiling import Compiled, Reason, compile_dispatch
from keruen.rail.dispatch.network import Cause, Guard, Policy
from keruen.rail.dispatch.running import Dispatch, End, records_of, run
from support.dispatch_networks import Case, random_case

FOR_OTHERS = [
    Cause.OPPOSING,
    Cause.FOLLOWING,
    Cause.NO_TRACK,
    Cause.SAFETY,
    Cause.PRIORITY,
]


class Tally:
    """What a law has seen, so that it cannot hold because nothing happened."""

    def __init__(self) -> None:
        self.networks = self.trains = self.turned_away = 0
        self.by_order = self.unguarded_locks = self.searches = 0
        self.conflicts: list[int] = []
        self.at_once: list[int] = []
        self.reasons: Counter[Reason] = Counter()
        self.closest = 0.0

    def report(self) -> str:
        return (
            f"{self.networks} networks, {self.by_order} of them by order; {self.trains} trains, "
            f"{self.turned_away} turned away ({100 * self.turned_away / self.trains:.1f} %: "
            f"{ {reason.value: count for reason, count in self.reasons.items()} }); "
            f"at once in the network: median {np.median(self.at_once):.0f}, "
            f"most {max(self.at_once)}; conflicts per train: median "
            f"{np.median(self.conflicts):.0f}, mean {np.mean(self.conflicts):.2f}; "
            f"searches for an order: {self.searches}; closest to the bound: {self.closest:.2f}; "
            f"locked with avoidance off: {self.unguarded_locks}"
        )


def check(case: Case, compiled: Compiled, outcome: Dispatch, tally: Tally) -> None:
    """No lock, no train lost, each within the bound; counts conflicts."""
    count = len(compiled.numbers)
    assert outcome.end == End.COMPLETE
    assert len(outcome.finish_ms) == count
    assert (outcome.finish_ms >= 0).all()
    bound = finish_bound_ms(compiled, case.setting)
    last = int(outcome.finish_ms.max(initial=0))
    assert last <= bound
    records = records_of(outcome)
    runs = np.bincount(records.train[records.kind == 0], minlength=len(case.trains.path))
    wanted = np.array([len(case.paths[path].sections) for path in case.trains.path])
    assert (runs[compiled.numbers] == wanted[compiled.numbers]).all()
    tally.closest = max(tally.closest, last / max(bound, 1))
    waits = records.train[(records.kind == 1) & np.isin(records.cause, FOR_OTHERS)]
    tally.conflicts.extend(
        np.bincount(waits, minlength=len(case.trains.path))[compiled.numbers].tolist()
    )
    tally.at_once.append(outcome.most_at_once)
    tally.searches += outcome.searches


def law(seeds: range, policy: Policy) -> Tally:
    tally = Tally()
    for seed in seeds:
        case = random_case(seed)
        setting = case.setting._replace(policy=policy)
        compiled = compile_dispatch(case.network, case.paths, case.trains)
        tally.networks += 1
        tally.trains += len(case.trains.path)
        tally.turned_away += len(compiled.rejections)
        tally.reasons.update(rejection.reason for rejection in compiled.rejections)
        tally.by_order += compiled.guard == Guard.ORDER
        check(case, compiled, run(compiled, setting), tally)
        if seed % 10 == 0:
            loose = run(compiled, setting._replace(guard=Guard.NONE, recording=False))
            tally.unguarded_locks += loose.end == End.LOCKED
    return tally


def hold_to(tally: Tally) -> None:
    sys.stdout.write(tally.report() + "\n")
    assert tally.turned_away < 0.05 * tally.trains
    assert np.median(tally.conflicts) >= 3
    assert tally.by_order > 0.5 * tally.networks
    # The same networks do lock when nothing prevents it.
    assert tally.unguarded_locks > 0


@pytest.mark.parametrize("policy", [Policy.FIRST_COME, Policy.PRIORITY])
def test_random_networks_never_lock(policy: Policy) -> None:
    hold_to(law(range(300), policy))


def test_random_networks_never_lock_under_look_ahead() -> None:
    tally = law(range(40), Policy.LOOK_AHEAD)
    assert np.median(tally.conflicts) >= 2


@pytest.mark.slow
def test_twenty_thousand_random_networks_never_lock() -> None:
    hold_to(law(range(20_000), Policy.FIRST_COME))
