"""Waits against closed forms, published tables of port planning, and a plain simulation."""

from __future__ import annotations

import heapq
from fractions import Fraction
from math import comb, factorial

import numpy as np
import pytest

from keruen.terminals.erlang_queue import (
    MAX_STATES,
    ErlangQueue,
    level_states,
    mean_wait_in_services,
    wait_ratio,
)
from keruen.terminals.queueing import (
    Servers,
    approximate_wait_ratio,
    erlang_c,
    max_arrival_rate,
    mean_wait,
    mmc_wait_h,
    pollaczek_khinchine_wait_h,
)


def simulated_wait(group: Servers, arrivals_per_h: float, customers: int, seed: int) -> float:
    """Mean wait of customers served in order of arrival by the first server to be free."""
    rng = np.random.default_rng(seed)

    def gamma(mean: float, scv: float) -> list[float]:
        if scv == 0.0:
            return [mean] * customers
        drawn: list[float] = rng.gamma(1.0 / scv, mean * scv, customers).tolist()
        return drawn

    free = [0.0] * group.servers
    clock = total = 0.0
    warm = customers // 10
    gaps, services = gamma(1.0 / arrivals_per_h, group.arrival_scv), gamma(*group[1:3])
    for number, (gap, service) in enumerate(zip(gaps, services, strict=True)):
        clock += gap
        begin = max(clock, free[0])
        heapq.heapreplace(free, begin + service)
        if number >= warm:
            total += begin - clock
    return total / (customers - warm)


# --- M/M/c and M/G/1: closed forms -------------------------------------------------------------


@pytest.mark.parametrize(
    ("servers", "load"),
    [(1, Fraction(7, 10)), (2, Fraction(1)), (3, Fraction(2)), (5, Fraction(4))],
)
def test_erlang_c_by_its_definition_in_exact_fractions(servers: int, load: Fraction) -> None:
    last = load**servers / factorial(servers) * servers / (servers - load)
    total = sum(load**n / factorial(n) for n in range(servers)) + last
    assert erlang_c(servers, float(load)) == pytest.approx(float(last / total), rel=1e-14)


def test_textbook_three_servers() -> None:
    # Six an hour at three servers of three an hour: a ninth of the time nobody is there, and a
    # customer stays 28.89 minutes (Gross and Harris, as worked in public teaching code).
    load = 2.0
    empty = 1.0 / (sum(load**n / factorial(n) for n in range(3)) + load**3 / factorial(3) * 3)
    assert empty == pytest.approx(1.0 / 9.0)
    wait = mmc_wait_h(3, 1.0 / 3.0, 6.0)
    assert (wait + 1.0 / 3.0) * 60.0 == pytest.approx(28.88889, abs=1e-5)


def test_many_servers_stay_stable() -> None:
    # The definition with factorials would overflow; birth and death probabilities in logarithms.
    servers, load = 400, 380.0
    logs = np.cumsum(np.log(load / np.minimum(np.arange(1, 6000), servers)))
    weights = np.exp(np.concatenate([[0.0], logs]) - logs.max())
    waits = weights[servers:].sum() / weights.sum()
    assert erlang_c(servers, load) == pytest.approx(waits, rel=1e-9)


@pytest.mark.parametrize("utilisation", [0.2, 0.6, 0.9])
@pytest.mark.parametrize("stages", [1, 2, 5])
def test_one_server_with_random_arrivals_is_pollaczek_khinchine(
    utilisation: float, stages: int
) -> None:
    exact = mean_wait_in_services(ErlangQueue(1, stages, 1), utilisation)
    assert exact == pytest.approx(
        pollaczek_khinchine_wait_h(1.0, 1.0 / stages, utilisation), rel=1e-9
    )


def test_regular_service_halves_the_wait() -> None:
    random = mean_wait(Servers(1, 3.0, 1.0), 0.25)
    regular = mean_wait(Servers(1, 3.0, 0.0), 0.25)
    assert regular.method == "exact"
    assert regular.wait_h == pytest.approx(random.wait_h / 2.0)


@pytest.mark.parametrize("arrival_stages", [2, 3])
@pytest.mark.parametrize("utilisation", [0.3, 0.8])
def test_one_server_with_erlang_arrivals_and_random_service(
    arrival_stages: int, utilisation: float
) -> None:
    # GI/M/1: wait = s / (1 - s) services, s the root of s = A*(mu - mu s).
    root = utilisation
    for _ in range(2000):
        root = (arrival_stages * utilisation / (arrival_stages * utilisation + 1.0 - root)) ** (
            arrival_stages
        )
    exact = mean_wait_in_services(ErlangQueue(1, 1, arrival_stages), utilisation)
    assert exact == pytest.approx(root / (1.0 - root), rel=1e-8)


# --- Erlang arrivals and service: published tables ----------------------------------------------

GROENVELD_E2_E2 = {
    0.2: (0.0604, 0.0065, 0.0011, 0.0002),
    0.3: (0.1310, 0.0235, 0.0062, 0.0019, 0.0007, 0.0002),
    0.4: (0.2355, 0.0576, 0.0205, 0.0085, 0.0039, 0.0019),
    0.6: (0.6306, 0.2222, 0.1103, 0.0639, 0.0400, 0.0265, 0.0182, 0.0128, 0.0093, 0.0069),
    0.7: (1.0391, 0.4125, 0.2275, 0.1441, 0.0988, 0.0712, 0.0532, 0.0407, 0.0319, 0.0258),
}
"""Groenveld 2007, table V, E2/E2/n, as kept in OpenTISim: wait over service by berths."""

GROENVELD_M_E2 = {
    0.3: (0.32, 0.08, 0.03, 0.01),
    0.5: (0.75, 0.26, 0.12, 0.07, 0.04, 0.03, 0.02),
    0.6: (1.13, 0.43, 0.23, 0.14, 0.09, 0.06, 0.05),
    0.7: (1.75, 0.73, 0.42, 0.27, 0.19, 0.14, 0.11),
    0.8: (3.00, 1.34, 0.82, 0.57, 0.42, 0.33, 0.27),
    0.9: (6.75, 3.14, 2.01, 1.45, 1.12, 0.91, 0.76),
}
"""Groenveld 2007, table IV, M/E2/n, the same, printed to two places."""


@pytest.mark.parametrize("utilisation", GROENVELD_E2_E2)
def test_published_waits_with_erlang_arrivals_and_service(utilisation: float) -> None:
    for berths, printed in enumerate(GROENVELD_E2_E2[utilisation], start=1):
        exact = mean_wait_in_services(ErlangQueue(berths, 2, 2), utilisation)
        assert exact == pytest.approx(printed, abs=5e-4)


@pytest.mark.parametrize("utilisation", GROENVELD_M_E2)
def test_published_waits_with_random_arrivals(utilisation: float) -> None:
    for berths, printed in enumerate(GROENVELD_M_E2[utilisation], start=1):
        exact = mean_wait_in_services(ErlangQueue(berths, 2, 1), utilisation)
        # At 0.9 the printed values are themselves approximations, e.g. 3.14 for 3.207.
        assert exact == pytest.approx(printed, abs=0.012, rel=0.03 if utilisation == 0.9 else 0.0)


# --- Erlang arrivals and service: other ways ----------------------------------------------------


@pytest.mark.parametrize(
    ("queue", "utilisation"),
    [
        (ErlangQueue(2, 2, 2), 0.7),
        (ErlangQueue(3, 3, 2), 0.8),
        (ErlangQueue(4, 2, 1), 0.75),
        (ErlangQueue(2, 1, 4), 0.8),
    ],
)
def test_exact_waits_agree_with_simulation(queue: ErlangQueue, utilisation: float) -> None:
    group = Servers(queue.servers, 1.0, 1.0 / queue.service_stages, 1.0 / queue.arrival_stages)
    simulated = simulated_wait(group, utilisation * queue.servers, 300_000, seed=11)
    assert mean_wait_in_services(queue, utilisation) == pytest.approx(simulated, rel=0.03)


def test_scv_between_two_erlang_numbers_agrees_with_simulation() -> None:
    group = Servers(2, 1.0, 0.4, 0.7)  # gamma times
    wait = mean_wait(group, 1.5)
    assert wait.method == "interpolated"
    assert wait.wait_h == pytest.approx(simulated_wait(group, 1.5, 300_000, seed=12), rel=0.04)


def test_random_queue_is_the_simplest_erlang_queue() -> None:
    for servers in (1, 2, 7, 40):
        for utilisation in (0.3, 0.9):
            exact = mean_wait_in_services(ErlangQueue(servers, 1, 1), utilisation)
            assert exact == pytest.approx(mmc_wait_h(servers, 1.0, utilisation * servers), rel=1e-8)


def test_number_of_states_is_that_of_the_combinations() -> None:
    assert level_states(ErlangQueue(5, 3, 2)) == 2 * comb(7, 2)


@pytest.mark.parametrize(
    "queue",
    [
        ErlangQueue(1, 2, 2),
        ErlangQueue(2, 4, 4),
        ErlangQueue(10, 2, 2),
        ErlangQueue(30, 2, 1),
        ErlangQueue(5, 3, 3),
    ],
)
def test_quick_ratio_is_within_its_stated_error(queue: ErlangQueue) -> None:
    plain = ErlangQueue(queue.servers, 1, 1)
    for utilisation in np.linspace(0.05, 0.985, 23):
        exact = mean_wait_in_services(queue, utilisation) / mean_wait_in_services(
            plain, utilisation
        )
        assert wait_ratio(queue, utilisation) == pytest.approx(exact, abs=1e-4)


# --- The approximation: errors as stated in its docstring ---------------------------------------


def approximation_error(queue: ErlangQueue, utilisation: float) -> float:
    group = Servers(queue.servers, 1.0, 1.0 / queue.service_stages, 1.0 / queue.arrival_stages)
    plain = mmc_wait_h(queue.servers, 1.0, utilisation * queue.servers)
    exact = mean_wait_in_services(queue, utilisation)
    return approximate_wait_ratio(group, utilisation) * plain / exact - 1.0


SOLVED = [
    queue
    for servers in (1, 2, 3, 4, 6)
    for service in (1, 2, 4)
    for arrival in (1, 2, 4)
    if level_states(queue := ErlangQueue(servers, service, arrival)) <= MAX_STATES
]


@pytest.mark.parametrize("queue", SOLVED, ids=str)
def test_approximation_is_within_its_stated_error(queue: ErlangQueue) -> None:
    if queue.arrival_stages == 1:
        bounds = dict.fromkeys((0.5, 0.6, 0.7, 0.8, 0.9, 0.97), 0.02)
    else:
        bounds = {0.6: 0.20, 0.7: 0.20, 0.8: 0.14, 0.9: 0.07, 0.97: 0.02}
    for utilisation, bound in bounds.items():
        assert abs(approximation_error(queue, utilisation)) < bound


def test_approximation_for_bursty_arrivals_agrees_with_simulation() -> None:
    group = Servers(3, 1.0, 1.0, 2.0)
    wait = mean_wait(group, 2.4)
    assert wait.method == "approximation"
    assert wait.wait_h == pytest.approx(simulated_wait(group, 2.4, 400_000, seed=13), rel=0.15)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.8])
def test_capacity_by_the_approximation_is_near_the_exact(share: float) -> None:
    """What the error of a wait means for a capacity: 8 per cent below to 4 above."""
    for queue in SOLVED:
        scv = 1.0 / queue.service_stages, 1.0 / queue.arrival_stages
        exact = max_arrival_rate(queue.servers, 1.0, *scv, share)
        group = Servers(queue.servers, 1.0, *scv)
        low, high = 1e-6, 1.0 - 1e-9
        for _ in range(60):
            middle = (low + high) / 2.0
            plain = mmc_wait_h(queue.servers, 1.0, middle * queue.servers)
            if approximate_wait_ratio(group, middle) * plain <= share:
                low = middle
            else:
                high = middle
        assert 0.92 * exact.utilisation <= low <= 1.04 * exact.utilisation
