from __future__ import annotations

import math

import pytest

from keruen.errors import RangeError
from keruen.terminals.depth import available_draught_m, missing_draught_dm
from keruen.terminals.interruptions import Spells
from keruen.terminals.vessels import (
    LineLoad,
    PortCall,
    RoundTrip,
    Vessel,
    check_pool_shares,
    fleet_needed,
    payload_t,
    payload_teu,
    pool_capacity,
    round_trip,
    round_trips_per_year,
)

TANKER = Vessel(12_000.0, 0.0, 6.4, 230.0)
FEEDER = Vessel(3_150.0, 225.0, 4.6, 50.0)


def test_a_metre_of_sea_is_a_metre_of_draught() -> None:
    before = available_draught_m(5.5, -29.0, -29.0, 0.5)
    assert before == 5.0
    assert available_draught_m(5.5, -29.0, -30.0, 0.5) == pytest.approx(4.0)
    assert available_draught_m(5.5, -29.0, -40.0, 0.5) == 0.0


def test_payload_loses_tonnes_by_the_decimetre() -> None:
    assert payload_t(TANKER, 7.0) == 12_000.0
    assert payload_t(TANKER, 5.4) == pytest.approx(12_000.0 - 10.0 * 230.0)
    assert payload_t(TANKER, 0.5) == 0.0
    assert missing_draught_dm(6.4, 7.0) == 0.0


def test_a_dry_channel_lets_no_vessel_through() -> None:
    assert payload_t(TANKER._replace(tonnes_per_dm=0.0), 0.0) == 0.0


def test_containers_are_limited_by_slots_then_by_weight() -> None:
    assert payload_teu(FEEDER, 3_150.0, 14.0) == 225.0
    assert payload_teu(FEEDER, payload_t(FEEDER, 3.6), 14.0) == pytest.approx(2_650.0 / 14.0)
    assert payload_teu(TANKER, 12_000.0, 14.0) == 0.0


def test_round_trip_by_hand() -> None:
    windy = Spells(0.25, 40.0, 0.5)
    trip = round_trip(20.0, PortCall(18.0, windy), PortCall(10.0))
    assert trip == RoundTrip(40.0, 18.0 / 0.75 + 10.0, 0.25 * 40.0 * 0.75)
    assert trip.cycle_h == pytest.approx(81.5)
    assert round_trips_per_year(trip, 0.9) == pytest.approx(8760.0 * 0.9 / 81.5)


def test_a_port_that_never_opens() -> None:
    trip = round_trip(20.0, PortCall(18.0, Spells(1.0, 24.0)), PortCall(10.0))
    assert trip.cycle_h == math.inf
    assert round_trips_per_year(trip, 0.9) == 0.0
    assert fleet_needed(1.0, 0.0, 0.0, LineLoad(200.0)) is None


def test_pool_shared_by_two_lines() -> None:
    shares = [0.7, 0.3]
    check_pool_shares(shares)
    lines = [pool_capacity(5, share, 100.0, LineLoad(225.0, 1.0, 0.5)) for share in shares]
    whole = pool_capacity(5, 1.0, 100.0, LineLoad(225.0, 1.0, 0.5))
    assert sum(line.forward_per_year for line in lines) == pytest.approx(whole.forward_per_year)
    assert whole == (500.0, 112_500.0, 56_250.0)
    with pytest.raises(RangeError):
        check_pool_shares([0.7, 0.4])


def test_fleet_follows_the_heavier_direction() -> None:
    load = LineLoad(200.0, 1.0, 0.5)
    assert fleet_needed(36_000.0, 0.0, 90.0, load) == 2
    assert fleet_needed(36_000.0, 36_000.0, 90.0, load) == 4
    assert fleet_needed(36_001.0, 0.0, 90.0, load) == 3
    assert fleet_needed(0.0, 0.0, 90.0, load) == 0
    assert fleet_needed(1.0, 0.0, 90.0, LineLoad(0.0)) is None


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_impossible_numbers_are_refused(bad: float) -> None:
    for refused in (
        lambda: available_draught_m(bad, -29.0, -29.0, 0.5),
        lambda: missing_draught_dm(bad, 5.0),
        lambda: payload_t(TANKER._replace(capacity_t=bad), 5.0),
        lambda: payload_teu(FEEDER, 100.0, bad),
        lambda: round_trip(bad, PortCall(1.0), PortCall(1.0)),
        lambda: round_trip(1.0, PortCall(bad), PortCall(1.0)),
        lambda: pool_capacity(bad, 1.0, 90.0, LineLoad(200.0)),
        lambda: fleet_needed(bad, 0.0, 90.0, LineLoad(200.0)),
        lambda: round_trips_per_year(RoundTrip(1.0, 1.0, 0.0), bad),
    ):
        with pytest.raises(RangeError):
            refused()


def test_a_cycle_without_time_is_refused() -> None:
    with pytest.raises(RangeError):
        round_trips_per_year(RoundTrip(0.0, 0.0, 0.0), 1.0)
