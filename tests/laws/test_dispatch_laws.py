"""No network deadlocks: random networks with junctions, windows and disturbances, under load."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from keruen.rail.dispatch.bound import finish_bound_ms
from keruen.rail.dispatch.compiling import Compiled, Reason, compile_dispatch
from keruen.rail.dispatch.network import Cause, Guard, Policy
from keruen.rail.dispatch.running import Dispatch, End, Records, records_of, run
from support.dispatch_networks import MINUTE, Case, random_case

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
        self.followed = self.at_signals = self.met = self.both_ways = 0

    def report(self) -> str:
        return (
            f"{self.networks} networks, {self.by_order} of them by order; {self.trains} trains, "
            f"{self.turned_away} turned away ({100 * self.turned_away / self.trains:.1f} %: "
            f"{ {reason.value: count for reason, count in self.reasons.items()} }); "
            f"at once in the network: median {np.median(self.at_once):.0f}, "
            f"most {max(self.at_once)}; conflicts per train: median "
            f"{np.median(self.conflicts):.0f}, mean {np.mean(self.conflicts):.2f}, three or more: "
            f"{100 * np.mean(np.array(self.conflicts) >= 3):.0f} %; "
            f"{self.followed} times behind another in a lane, {self.at_signals} stands at block "
            f"signals; {self.met} arrivals from two sides; {self.both_ways} times over a lane last "
            f"used the other way beside one of the own direction; "
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
    check_lanes(case, records, tally)
    waits = records.train[(records.kind == 1) & np.isin(records.cause, FOR_OTHERS)]
    tally.conflicts.extend(
        np.bincount(waits, minlength=len(case.trains.path))[compiled.numbers].tolist()
    )
    tally.at_once.append(outcome.most_at_once)
    tally.searches += outcome.searches


class Visit(NamedTuple):
    """A train's run over a section, and when it was out of its lane at last."""

    section: int
    lane: int
    forward: bool
    enter: int
    leave: int
    out: int
    point: int


def visits_of(case: Case, records: Records) -> list[Visit]:
    """Runs of all trains; a stand at block signals keeps a train in its lane."""
    tracks = [len(point.track_lengths_m) for point in case.network.points]
    found: dict[int, list[Visit]] = {}
    paths = [case.paths[number] for number in case.trains.path.tolist()]
    columns = (records.train, records.kind, records.element, records.track)
    rows = zip(
        *(column.tolist() for column in (*columns, records.enter_ms, records.leave_ms)),
        strict=True,
    )
    for train, kind, element, track, enter, leave in rows:
        path = paths[train]
        own = found.setdefault(train, [])
        if kind == 0:
            place = len(own)
            assert path.sections[place] == element
            point = path.points[place + 1]
            forward = case.network.sections[element].start == path.points[place]
            own.append(Visit(element, track, forward, enter, leave, leave, point))
        elif track >= tracks[element]:
            assert own[-1].point == element
            own[-1] = own[-1]._replace(out=max(leave, own[-1].out))
    return [visit for own in found.values() for visit in own]


def check_lanes(case: Case, records: Records, tally: Tally) -> None:
    """No train overtakes another in a lane; arrivals from two sides are tau_np apart."""
    visits = visits_of(case, records)
    longest = [max(point.track_lengths_m) for point in case.network.points]
    leapt = {spot for way in case.paths for spot in way.points if longest[spot] < way.length_m}
    by_lane: dict[tuple[int, int], list[Visit]] = {}
    by_point: dict[int, list[Visit]] = {}
    for visit in visits:
        by_lane.setdefault((visit.section, visit.lane), []).append(visit)
        section = case.network.sections[visit.section]
        apart = case.network.points[visit.point].arrivals_apart and visit.point not in leapt
        if apart and section.tracks == 1 and section.non_simultaneous_ms > 0:
            by_point.setdefault(visit.point, []).append(visit)
        tally.at_signals += visit.out > visit.leave
    for (number, _), inside in by_lane.items():
        inside.sort(key=lambda visit: (visit.enter, visit.out))
        for ahead, behind in pairwise(inside):
            assert ahead.out <= behind.out
            if ahead.forward == behind.forward:
                tally.followed += behind.enter < ahead.out
            else:
                assert ahead.leave <= behind.enter
                tally.both_ways += case.network.sections[number].tracks > 1
    for arrivals in by_point.values():
        arrivals.sort(key=lambda visit: visit.leave)
        for first, second in pairwise(arrivals):
            if first.section != second.section:
                least = case.network.sections[second.section].non_simultaneous_ms
                assert second.leave - first.leave >= least
                tally.met += second.leave - first.leave == least


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
    # Three conflicts a train in the median, and not by a hair.
    assert np.mean(np.array(tally.conflicts) >= 3) > 0.55
    assert tally.by_order > 0.5 * tally.networks
    # What the laws speak of does happen.
    assert min(tally.followed, tally.at_signals, tally.met, tally.both_ways) > 0
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


@pytest.mark.slow
def test_look_ahead_loses_less_weighted_time_than_first_come() -> None:
    """Policies side by side over a hundred cases, trains of weight 1 to 10 under heavy load."""
    rows = []
    for seed in range(100):
        case = random_case(seed)
        compiled = compile_dispatch(case.network, case.paths, case.trains)
        weight = case.trains.weight[compiled.numbers]
        settings = [case.setting._replace(policy=one, recording=False) for one in Policy]
        rows.append([int((run(compiled, one).lost_ms * weight).sum()) for one in settings])
    lost = np.array(rows) / MINUTE
    ratio = lost / lost[:, [Policy.FIRST_COME]]
    sys.stdout.write(f"weighted delay, min, {len(rows)} cases; ratio to first come\n")
    sys.stdout.write("policy       mean    median  ratio: median  of means  worst  worse in\n")
    for policy in Policy:
        own, by_case = lost[:, policy], ratio[:, policy]
        of_means = own.mean() / lost[:, Policy.FIRST_COME].mean()
        sys.stdout.write(
            f"{policy.name.lower():11s}{own.mean():7.0f}{np.median(own):9.0f}"
            f"{np.median(by_case):12.3f}{of_means:13.3f}{by_case.max():9.2f}"
            f"{100 * np.mean(by_case > 1):8.1f} %\n"
        )
    ahead = ratio[:, Policy.LOOK_AHEAD]
    assert np.median(ahead) < np.median(ratio[:, Policy.PRIORITY])
    assert lost[:, Policy.LOOK_AHEAD].mean() < 0.8 * lost[:, Policy.FIRST_COME].mean()
    assert np.mean(ahead > 1) < 0.05
