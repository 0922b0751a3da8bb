from __future__ import annotations

import math

import pytest

from keruen.errors import RangeError
from keruen.terminals.interruptions import (
    NO_SPELLS,
    Spells,
    effective_service,
    max_arrival_rate_with_closures,
    wait_with_closures,
)
from keruen.terminals.queueing import Servers, max_arrival_rate, mean_wait

GROUP = Servers(2, 18.0, 0.5, 1.0)


def test_without_closures_nothing_changes() -> None:
    assert effective_service(18.0, 0.5, []) == (18.0, 0.5, 1.0)
    assert effective_service(18.0, 0.5, [NO_SPELLS]) == (18.0, 0.5, 1.0)
    wait = wait_with_closures(GROUP, 0.06, NO_SPELLS)
    assert wait.total_h == mean_wait(GROUP, 0.06).wait_h
    assert max_arrival_rate_with_closures(GROUP, 0.4) == max_arrival_rate(*GROUP, 0.4)


def test_closures_follow_each_other_in_effective_service() -> None:
    weather, strikes = Spells(0.2, 24.0), Spells(0.1, 48.0, 0.0)
    both = effective_service(18.0, 0.5, [weather, strikes])
    assert both.availability == pytest.approx(0.72)
    assert both.service_h == pytest.approx(25.0)
    first = 0.5 + 2.0 * 0.8 * 0.2 * 24.0 / 18.0
    assert both.service_scv == pytest.approx(first + 0.9 * 0.1 * 48.0 / 22.5)


def test_the_three_waits_by_hand() -> None:
    # Closed a quarter, spells of 16 h: utilisation 0.5 of 3/4 of the time.
    wait = wait_with_closures(Servers(1, 12.0), 0.03125, Spells(0.25, 16.0))
    assert wait.utilisation == pytest.approx(0.5)
    assert wait.queue_h == pytest.approx(16.0)  # M/M/1 with services of 16 h
    assert wait.closed_on_arrival_h == pytest.approx(4.0)
    assert wait.behind_closures_h == pytest.approx(4.0)
    assert wait.congestion_h == pytest.approx(20.0)


def test_regular_spells_wait_half_as_long() -> None:
    random = wait_with_closures(GROUP, 0.05, Spells(0.2, 24.0, 1.0))
    regular = wait_with_closures(GROUP, 0.05, Spells(0.2, 24.0, 0.0))
    assert regular.closed_on_arrival_h == pytest.approx(random.closed_on_arrival_h / 2.0)
    assert regular.queue_h == random.queue_h


def test_always_closed_handles_nothing() -> None:
    assert max_arrival_rate_with_closures(GROUP, 0.4, Spells(1.0, 24.0)).rate_per_h == 0.0
    assert wait_with_closures(GROUP, 0.05, Spells(1.0, 24.0)).total_h == math.inf
    assert effective_service(18.0, 0.5, [Spells(1.0, 24.0)]) == (math.inf, math.inf, 0.0)
    assert max_arrival_rate_with_closures(GROUP, 0.4, hours_per_day=0.0).rate_per_h == 0.0


def test_too_much_for_the_open_time_is_told() -> None:
    wait = wait_with_closures(Servers(1, 10.0), 0.09, Spells(0.2, 5.0))
    assert wait.method == "unstable"
    assert wait.total_h == math.inf


def test_opening_hours_are_a_clock() -> None:
    spells = Spells(0.2, 24.0)
    whole = max_arrival_rate_with_closures(GROUP, 0.4, spells)
    half = max_arrival_rate_with_closures(GROUP, 0.4, spells, 12.0)
    assert half.rate_per_h == pytest.approx(whole.rate_per_h / 2.0)
    assert half.utilisation == whole.utilisation


def test_the_spell_met_on_arrival_is_not_counted_as_congestion() -> None:
    # Spells so long that any ship would wait longer for them than it accepts: still a capacity.
    limit = max_arrival_rate_with_closures(Servers(1, 10.0, 0.5), 0.3, Spells(0.3, 60.0))
    assert 0.0 < limit.utilisation < 0.2
    assert limit.wait_h == pytest.approx(3.0)


def test_no_berth_handles_nothing_in_any_weather() -> None:
    limit = max_arrival_rate_with_closures(Servers(0, 10.0), 0.3, Spells(0.1, 10.0))
    assert limit == (0.0, 0.0, 0.0, "none")


@pytest.mark.parametrize(
    "spells", [Spells(1.2, 5.0), Spells(-0.1, 5.0), Spells(0.1, -5.0), Spells(0.1, 5.0, math.nan)]
)
def test_impossible_spells_are_refused(spells: Spells) -> None:
    with pytest.raises(RangeError):
        effective_service(10.0, 0.5, [spells])
    with pytest.raises(RangeError):
        wait_with_closures(GROUP, 0.01, spells)
    with pytest.raises(RangeError):
        max_arrival_rate_with_closures(GROUP, 0.4, spells)


def test_impossible_hours_and_groups_are_refused() -> None:
    with pytest.raises(RangeError):
        max_arrival_rate_with_closures(GROUP, 0.4, NO_SPELLS, 25.0)
    with pytest.raises(RangeError):
        max_arrival_rate_with_closures(GROUP, -0.4, Spells(0.1, 5.0))
    with pytest.raises(RangeError):
        max_arrival_rate_with_closures(Servers(0, -1.0), 0.4, Spells(0.1, 5.0))
    with pytest.raises(RangeError):
        effective_service(0.0, 0.5, [])
