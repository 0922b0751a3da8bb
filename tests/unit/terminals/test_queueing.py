from __future__ import annotations

import math

import pytest

from keruen.errors import RangeError
from keruen.terminals.erlang_queue import (
    MAX_STATES,
    ErlangQueue,
    mean_wait_in_services,
    wait_ratio,
)
from keruen.terminals.queueing import (
    Servers,
    approximate_wait_ratio,
    erlang_c,
    largest_utilisation,
    max_arrival_rate,
    mean_wait,
    mmc_wait_h,
    pollaczek_khinchine_wait_h,
)


def test_no_server_handles_nothing() -> None:
    limit = max_arrival_rate(0, 10.0, 0.5, 0.5, 0.25)
    assert limit == (0.0, 0.0, 0.0, "none")
    assert mean_wait(Servers(0, 10.0), 0.1).wait_h == math.inf
    assert mean_wait(Servers(0, 10.0), 0.0).wait_h == 0.0


def test_no_patience_no_capacity() -> None:
    assert max_arrival_rate(2, 10.0, 0.5, 1.0, 0.0).rate_per_h == pytest.approx(0.0, abs=1e-6)


def test_endless_patience_fills_the_servers() -> None:
    limit = max_arrival_rate(2, 10.0, 0.5, 0.5, 1e12)
    assert limit.utilisation == pytest.approx(1.0)
    assert limit.rate_per_h == pytest.approx(0.2)


def test_perfectly_regular_customers_never_wait() -> None:
    limit = max_arrival_rate(3, 10.0, 0.0, 0.0, 0.1)
    assert limit.utilisation == pytest.approx(1.0)
    assert limit.wait_h == 0.0


def test_too_much_is_told_not_guessed() -> None:
    wait = mean_wait(Servers(2, 10.0), 0.25)
    assert (wait.wait_h, wait.utilisation, wait.method) == (math.inf, 1.25, "unstable")


def test_each_way_to_a_wait_is_named() -> None:
    assert mean_wait(Servers(1, 1.0, 0.37, 1.0), 0.5).method == "exact"  # M/G/1
    assert mean_wait(Servers(300, 1.0, 1.0, 1.0), 250.0).method == "exact"  # M/M/c of any size
    assert mean_wait(Servers(3, 1.0, 0.25, 0.5), 1.5).method == "exact"
    assert mean_wait(Servers(3, 1.0, 0.3, 0.5), 1.5).method == "interpolated"
    assert mean_wait(Servers(3, 1.0, 0.0, 1.0), 1.5).method == "approximation"
    assert mean_wait(Servers(3, 1.0, 1.5, 1.0), 1.5).method == "approximation"
    assert mean_wait(Servers(40, 1.0, 1 / 3, 0.5), 30.0).method == "approximation"


def test_the_wait_changes_smoothly_with_the_spread() -> None:
    below, at, above = (
        mean_wait(Servers(2, 1.0, scv, 0.5), 1.4).wait_h for scv in (0.4999, 0.5, 0.5001)
    )
    assert below < at < above
    assert above - below < 1e-3


def test_example_of_two_berths_by_hand() -> None:
    # M/M/2 at a load of one: a third of the ships wait, a third of a service on average.
    assert mmc_wait_h(2, 12.0, 1.0 / 12.0) == pytest.approx(4.0)
    limit = max_arrival_rate(2, 12.0, 1.0, 1.0, 1.0 / 3.0)
    assert limit.rate_per_h == pytest.approx(1.0 / 12.0)
    assert limit.utilisation == pytest.approx(0.5)


def test_largest_utilisation_at_its_ends() -> None:
    assert largest_utilisation(lambda u: 1.0) == 0.0
    assert largest_utilisation(lambda u: -1.0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "bad",
    [
        (-1, 10.0, 1.0, 1.0, 0.25),
        (2, 0.0, 1.0, 1.0, 0.25),
        (2, 10.0, -0.5, 1.0, 0.25),
        (2, 10.0, 1.0, math.nan, 0.25),
        (2, 10.0, 1.0, 1.0, -0.25),
        (0, -10.0, 1.0, 1.0, 0.25),
    ],
)
def test_impossible_groups_are_refused(bad: tuple[int, float, float, float, float]) -> None:
    with pytest.raises(RangeError):
        max_arrival_rate(*bad)


def test_impossible_loads_are_refused() -> None:
    with pytest.raises(RangeError):
        erlang_c(2, 2.0)
    with pytest.raises(RangeError):
        erlang_c(0, 0.0)
    with pytest.raises(RangeError):
        pollaczek_khinchine_wait_h(1.0, 0.5, 1.0)
    with pytest.raises(RangeError):
        mean_wait(Servers(2, 1.0), -1.0)
    with pytest.raises(RangeError):
        approximate_wait_ratio(Servers(2, 1.0, 0.5, 0.5), 0.0)


def test_queues_too_large_to_solve_are_refused() -> None:
    with pytest.raises(RangeError) as refused:
        mean_wait_in_services(ErlangQueue(20, 4, 4), 0.7)
    assert refused.value.problems[0].params["high"] == MAX_STATES
    with pytest.raises(RangeError):
        mean_wait_in_services(ErlangQueue(2, 0, 1), 0.7)
    with pytest.raises(RangeError):
        mean_wait_in_services(ErlangQueue(2, 2, 1), 1.0)


def test_the_ratio_reaches_its_limit_at_saturation() -> None:
    queue = ErlangQueue(3, 4, 2)
    assert wait_ratio(queue, 1.0) == pytest.approx((1 / 4 + 1 / 2) / 2)
    near = wait_ratio(queue, 0.99)
    assert wait_ratio(queue, 0.995) == pytest.approx((near + wait_ratio(queue, 1.0)) / 2)
    assert wait_ratio(queue, 0.0) == wait_ratio(queue, 0.03)
