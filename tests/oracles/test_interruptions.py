"""Waits behind closures against an exact Markov chain and a plain simulation."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from scipy.linalg import solve_banded

from keruen.terminals.interruptions import (
    Spells,
    effective_service,
    max_arrival_rate_with_closures,
    wait_with_closures,
)
from keruen.terminals.queueing import Servers, max_arrival_rate, pollaczek_khinchine_wait_h


def chain_wait_h(group: Servers, arrivals_per_h: float, spells: Spells) -> float:
    """Mean wait of M/M/c whose servers stop together, from the chain (customers, open or closed).

    The chain is cut where it is all but empty; its balance equations are a band matrix, state
    2 n + closed. Service counts while open; a customer in service during a closure stays in
    service, so that time in the system is wait plus stretched service.
    """
    closing = spells.closed_share / (1.0 - spells.closed_share) / spells.spell_h
    opening = 1.0 / spells.spell_h
    rho = arrivals_per_h * group.service_h / group.servers / (1.0 - spells.closed_share)
    swell = 1.0 + spells.closed_share * spells.spell_h / group.service_h * group.servers
    levels = int(60 * swell / (1.0 - rho)) + 20 * group.servers
    customers = np.arange(levels)
    serve = np.minimum(customers, group.servers) / group.service_h
    arrive = np.where(customers < levels - 1, arrivals_per_h, 0.0)
    # Columns of the transposed generator in band form: rows 2 above to 2 below.
    band = np.zeros((5, 2 * levels))
    band[2, 0::2] = -(arrive + serve + closing)
    band[2, 1::2] = -(arrive + opening)
    band[3, 0::2] = closing  # open -> closed, one state on
    band[1, 1::2] = opening  # closed -> open, one state back
    band[4, 0::2] = arrive  # one customer more: two states on
    band[4, 1::2] = arrive
    band[0, 0::2] = serve  # one less: two states back
    # Replace the first balance equation by fixing its probability, then normalise.
    band[2, 0], band[1, 1], band[0, 2] = 1.0, 0.0, 0.0
    right = np.zeros(2 * levels)
    right[0] = 1.0
    weights = solve_banded((2, 2), band, right)
    weights /= weights.sum()
    present = float(weights[0::2] @ customers + weights[1::2] @ customers)
    return present / arrivals_per_h - group.service_h / (1.0 - spells.closed_share)


@pytest.mark.parametrize("closed", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("spell", [0.2, 2.0, 10.0])
@pytest.mark.parametrize("utilisation", [0.3, 0.7, 0.9])
def test_one_berth_is_exact(closed: float, spell: float, utilisation: float) -> None:
    group, spells = Servers(1, 1.0), Spells(closed, spell)
    rate = utilisation * (1.0 - closed)
    exact = chain_wait_h(group, rate, spells)
    assert wait_with_closures(group, rate, spells).total_h == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("servers", [2, 3, 6])
@pytest.mark.parametrize("closed", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("spell", [0.2, 1.0, 10.0])
def test_several_berths_are_within_the_stated_error(
    servers: int, closed: float, spell: float
) -> None:
    group, spells = Servers(servers, 1.0), Spells(closed, spell)
    for utilisation in (0.3, 0.5, 0.7, 0.9):
        rate = utilisation * servers * (1.0 - closed)
        exact = chain_wait_h(group, rate, spells)
        found = wait_with_closures(group, rate, spells).total_h
        assert found >= exact - 1e-6
        assert found - exact <= 0.3 / (1.0 - closed)
        assert found <= exact * 1.35
        if utilisation == 0.9:
            assert found <= exact * 1.03


def simulate_closures(
    group: Servers, arrivals_per_h: float, spells: Spells, customers: int, seed: int
) -> float:
    """Mean wait when spells, arrivals and service are drawn one by one.

    Work goes on only while open, so the queue runs on the clock of open time: whoever comes during
    a closure joins it at the closure's moment of that clock. Real waits are read off afterwards.
    """
    rng = np.random.default_rng(seed)
    open_mean = spells.spell_h * (1.0 - spells.closed_share) / spells.closed_share
    arrivals = np.cumsum(rng.exponential(1.0 / arrivals_per_h, customers))
    number = int(arrivals[-1] / (open_mean + spells.spell_h) * 1.5) + 100
    opens = rng.exponential(open_mean, number)
    if spells.spell_scv == 0.0:
        closes = np.full(number, spells.spell_h)
    else:
        closes = rng.gamma(1.0 / spells.spell_scv, spells.spell_h * spells.spell_scv, number)
    closure_open = np.cumsum(opens)  # on the open clock
    closed_before = np.concatenate([[0.0], np.cumsum(closes)])
    closure_real = closure_open + closed_before[:-1]
    assert closure_real[-1] > arrivals[-1]
    nth = np.searchsorted(closure_real, arrivals, side="right")  # closures begun before arrival
    previous_open = np.where(nth > 0, closure_open[nth - 1], 0.0)
    reopened = np.where(nth > 0, closure_real[nth - 1] + closes[nth - 1], 0.0)
    on_open_clock = previous_open + np.maximum(arrivals - reopened, 0.0)
    services = rng.gamma(1.0 / group.service_scv, group.service_h * group.service_scv, customers)
    free = [0.0] * group.servers
    begins = np.empty(customers)
    pairs = zip(on_open_clock.tolist(), services.tolist(), strict=True)
    for place, (ready, service) in enumerate(pairs):
        begins[place] = max(ready, free[0])
        heapq.heapreplace(free, begins[place] + service)
    # A closure at the very moment a customer became ready has to pass before it begins.
    passed = np.searchsorted(closure_open, begins, side="left")
    passed = np.maximum(passed, nth)
    waits = begins + closed_before[passed] - arrivals
    return float(waits[customers // 10 :].mean())


@pytest.mark.parametrize(
    ("group", "spells", "utilisation"),
    [
        (Servers(1, 1.0, 0.5), Spells(0.2, 2.0, 1.0), 0.7),
        (Servers(1, 1.0, 0.5), Spells(0.3, 3.0, 0.25), 0.6),
        (Servers(1, 1.0, 0.25), Spells(0.1, 4.0, 2.0), 0.7),
    ],
)
def test_one_berth_with_erlang_service_agrees_with_simulation(
    group: Servers, spells: Spells, utilisation: float
) -> None:
    rate = utilisation * (1.0 - spells.closed_share)
    simulated = simulate_closures(group, rate, spells, 400_000, seed=21)
    assert wait_with_closures(group, rate, spells).total_h == pytest.approx(simulated, rel=0.04)


@pytest.mark.parametrize(
    ("group", "spells", "utilisation"),
    [
        (Servers(2, 1.0, 0.5), Spells(0.2, 2.0, 1.0), 0.7),
        (Servers(3, 1.0, 0.5), Spells(0.3, 3.0, 0.5), 0.6),
    ],
)
def test_several_berths_with_erlang_service_are_on_the_safe_side(
    group: Servers, spells: Spells, utilisation: float
) -> None:
    rate = utilisation * group.servers * (1.0 - spells.closed_share)
    simulated = simulate_closures(group, rate, spells, 400_000, seed=22)
    found = wait_with_closures(group, rate, spells).total_h
    assert simulated * 0.97 <= found <= simulated * 1.15


def test_the_simulation_itself_agrees_with_the_chain() -> None:
    group, spells = Servers(2, 1.0), Spells(0.2, 2.0)
    exact = chain_wait_h(group, 1.12, spells)
    assert simulate_closures(group, 1.12, spells, 400_000, seed=23) == pytest.approx(
        exact, rel=0.04
    )


@pytest.mark.parametrize("scv", [0.0, 0.5, 1.0, 2.0])
def test_congestion_at_one_berth_is_that_of_effective_service(scv: float) -> None:
    """Two ways to the same wait: effective variability, and the sum of two waits."""
    spells = Spells(0.25, 6.0, 0.7)
    effective = effective_service(2.0, scv, [spells])
    by_variability = pollaczek_khinchine_wait_h(effective.service_h, effective.service_scv, 0.25)
    summed = wait_with_closures(Servers(1, 2.0, scv), 0.25, spells).congestion_h
    assert summed == pytest.approx(by_variability)


def test_capacity_at_one_berth_by_both_ways() -> None:
    spells = Spells(0.2, 12.0)
    effective = effective_service(10.0, 0.5, [spells])
    share = 0.6 * 10.0 / effective.service_h  # of the natural service in either way
    by_variability = max_arrival_rate(1, effective.service_h, effective.service_scv, 1.0, share)
    direct = max_arrival_rate_with_closures(Servers(1, 10.0, 0.5), 0.6, spells)
    assert direct.rate_per_h == pytest.approx(by_variability.rate_per_h, rel=1e-9)
