"""Laws of terminals, vessels and fleets: more means never handle less, worse days never more."""

from __future__ import annotations

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keruen.terminals.depth import available_draught_m, missing_draught_dm
from keruen.terminals.fleets import Turn, fleet_trains_per_day, units_needed
from keruen.terminals.handling import Weather, handling_capacity
from keruen.terminals.interruptions import (
    Spells,
    effective_service,
    max_arrival_rate_with_closures,
    wait_with_closures,
)
from keruen.terminals.queueing import Servers, erlang_c, max_arrival_rate, mean_wait
from keruen.terminals.vessels import (
    LineLoad,
    PortCall,
    Vessel,
    fleet_needed,
    payload_t,
    pool_capacity,
    round_trip,
    round_trips_per_year,
)

HAIR = 1e-7
STAGES = st.integers(1, 4)
SCV = st.one_of(
    STAGES.map(lambda stages: 1.0 / stages),
    st.floats(0.2, 2.0),
    st.sampled_from([0.0, 1e-300, 1e-3]),
)
SHARES = st.floats(0.0, 1.0)
WAITS = st.floats(0.02, 5.0)
HOURS = st.floats(0.1, 100.0)
GROUPS = st.builds(Servers, st.integers(1, 6), HOURS, SCV, SCV)
SPELLS = st.builds(Spells, st.floats(0.0, 0.95), st.floats(0.1, 200.0), st.floats(0.0, 2.0))
VESSELS = st.builds(
    Vessel, st.floats(100.0, 2e4), st.floats(0.0, 700.0), st.floats(2.0, 9.0), st.floats(0.0, 400.0)
)
TURNS = st.builds(Turn, st.floats(0.05, 1.0), st.floats(0.1, 60.0), st.floats(0.1, 80.0))
LOADS = st.builds(LineLoad, st.floats(1.0, 2e4), st.floats(0.05, 1.0), st.floats(0.05, 1.0))

# The first call for a group solves it at many utilisations; no timed assertions.
patient = settings(deadline=None, max_examples=40)


@patient
@given(st.integers(1, 14), STAGES, STAGES, WAITS)
def test_another_server_never_takes_capacity_away(
    servers: int, service_stages: int, arrival_stages: int, share: float
) -> None:
    # With four stages the exact solution gives way to the approximation at three to seven servers.
    scv = 1.0 / service_stages, 1.0 / arrival_stages
    before = max_arrival_rate(servers, 1.0, *scv, share)
    after = max_arrival_rate(servers + 1, 1.0, *scv, share)
    assert after.rate_per_h >= before.rate_per_h


@patient
@given(GROUPS, WAITS, st.floats(1.0, 3.0))
def test_more_patience_never_takes_capacity_away(
    group: Servers, share: float, factor: float
) -> None:
    before = max_arrival_rate(*group, share)
    after = max_arrival_rate(*group, share * factor)
    assert after.rate_per_h >= before.rate_per_h - HAIR


@patient
@given(GROUPS, WAITS)
def test_the_limit_is_bearable_and_a_little_more_is_not(group: Servers, share: float) -> None:
    limit = max_arrival_rate(*group, share)
    assert limit.wait_h <= share * group.service_h * (1.0 + HAIR)
    assert 0.0 <= limit.utilisation < 1.0
    assert math.isclose(limit.utilisation * group.servers, limit.rate_per_h * group.service_h)
    if limit.utilisation < 0.999:
        more = mean_wait(group, limit.rate_per_h * 1.0005 + 1e-9)
        assert more.wait_h >= limit.wait_h


@patient
@given(st.integers(0, 8), HOURS, SCV, SCV, WAITS, st.floats(0.1, 10.0))
def test_capacity_scales_with_the_speed_of_service(
    servers: int, service_h: float, service_scv: float, arrival_scv: float, share: float, by: float
) -> None:
    slow = max_arrival_rate(servers, service_h, service_scv, arrival_scv, share)
    quick = max_arrival_rate(servers, service_h / by, service_scv, arrival_scv, share)
    assert math.isclose(quick.rate_per_h, by * slow.rate_per_h, rel_tol=1e-6, abs_tol=1e-12)


@patient
@given(GROUPS, st.floats(0.05, 0.95), st.floats(1.01, 1.5))
def test_more_arrivals_never_wait_less(group: Servers, utilisation: float, by: float) -> None:
    rate = utilisation * group.servers / group.service_h
    before, after = mean_wait(group, rate), mean_wait(group, rate * by)
    assert after.wait_h >= before.wait_h * (1.0 - HAIR)


@given(st.integers(1, 300), st.floats(0.001, 0.999))
def test_the_probability_of_waiting_is_one(servers: int, utilisation: float) -> None:
    waits = erlang_c(servers, servers * utilisation)
    assert 0.0 <= waits <= 1.0
    assert erlang_c(servers + 1, servers * utilisation) <= waits


@patient
@given(GROUPS, WAITS, SPELLS)
def test_weather_never_adds_capacity(group: Servers, share: float, spells: Spells) -> None:
    calm = max_arrival_rate(*group, share)
    rough = max_arrival_rate_with_closures(group, share, spells)
    assert rough.rate_per_h <= calm.rate_per_h + HAIR


@patient
@given(GROUPS, WAITS, SPELLS, st.floats(1.0, 5.0))
def test_longer_spells_never_add_capacity(
    group: Servers, share: float, spells: Spells, factor: float
) -> None:
    longer = spells._replace(spell_h=spells.spell_h * factor)
    before = max_arrival_rate_with_closures(group, share, spells).rate_per_h
    assert max_arrival_rate_with_closures(group, share, longer).rate_per_h <= before + HAIR


@patient
@given(GROUPS, WAITS, SPELLS, st.floats(0.0, 24.0), st.floats(0.0, 24.0))
def test_longer_opening_hours_never_take_capacity_away(
    group: Servers, share: float, spells: Spells, one: float, other: float
) -> None:
    short, long = sorted((one, other))
    before = max_arrival_rate_with_closures(group, share, spells, short).rate_per_h
    assert max_arrival_rate_with_closures(group, share, spells, long).rate_per_h >= before - HAIR


@patient
@given(GROUPS, SPELLS, st.floats(0.05, 0.9))
def test_waits_add_up_and_are_never_negative(
    group: Servers, spells: Spells, utilisation: float
) -> None:
    rate = utilisation * group.servers / group.service_h * (1.0 - spells.closed_share)
    wait = wait_with_closures(group, rate, spells)
    parts = (wait.queue_h, wait.behind_closures_h, wait.closed_on_arrival_h)
    assert min(parts) >= 0.0
    assert math.isclose(wait.total_h, sum(parts))
    assert wait.total_h >= mean_wait(group, rate).wait_h * (1.0 - HAIR)


@given(HOURS, SCV, st.lists(SPELLS, max_size=3))
def test_interruptions_only_lengthen_and_roughen_service(
    service_h: float, scv: float, closures: list[Spells]
) -> None:
    effective = effective_service(service_h, scv, closures)
    assert effective.service_h >= service_h
    assert effective.service_scv >= scv
    assert math.isclose(effective.service_h * effective.availability, service_h)


@patient
@given(GROUPS, WAITS, st.lists(st.floats(0.0, 0.9), min_size=12, max_size=12))
def test_the_worst_month_all_year_never_handles_more_than_the_year(
    group: Servers, share: float, closed: list[float]
) -> None:
    year = handling_capacity(group, share, Weather(closed, 24.0))
    assert year.even_units_per_year <= year.units_per_year * (1.0 + HAIR)
    worst = year.months[year.worst_month - 1].rate_per_h
    assert worst == min(month.rate_per_h for month in year.months)


@given(st.floats(0.0, 20.0), st.floats(-30.0, 0.0), st.floats(-30.0, 0.0), st.floats(0.0, 2.0))
def test_a_lower_sea_never_gives_more_draught(
    channel: float, level: float, other: float, clearance: float
) -> None:
    low, high = sorted((level, other))
    shallow = available_draught_m(channel, -28.0, low, clearance)
    deep = available_draught_m(channel, -28.0, high, clearance)
    assert shallow <= deep
    assert missing_draught_dm(5.0, shallow) >= missing_draught_dm(5.0, deep)


@given(VESSELS, st.floats(0.0, 12.0), st.floats(0.0, 12.0))
def test_payload_rises_with_draught_and_stays_within_the_vessel(
    vessel: Vessel, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= payload_t(vessel, low) <= payload_t(vessel, high) <= vessel.capacity_t
    assert payload_t(vessel, vessel.design_draught_m) == vessel.capacity_t


@given(st.floats(0.5, 100.0), st.floats(0.0, 60.0), SPELLS, st.floats(0.0, 1.0))
def test_weather_never_shortens_a_round_trip(
    sailing: float, port: float, spells: Spells, availability: float
) -> None:
    calm = round_trip(sailing, PortCall(port), PortCall(port))
    rough = round_trip(sailing, PortCall(port, spells), PortCall(port))
    assert rough.cycle_h >= calm.cycle_h
    assert round_trips_per_year(rough, availability) <= round_trips_per_year(calm, availability)


@given(st.floats(0.0, 1e8), st.floats(0.0, 1e8), st.floats(1.0, 500.0), LOADS)
def test_the_fleet_needed_carries_the_volume_and_one_less_does_not(
    forward: float, backward: float, trips: float, load: LineLoad
) -> None:
    needed = fleet_needed(forward, backward, trips, load)
    assert needed is not None
    capacity = pool_capacity(needed, 1.0, trips, load)
    assert capacity.forward_per_year >= forward * (1.0 - 1e-8)
    assert capacity.backward_per_year >= backward * (1.0 - 1e-8)
    if needed:
        fewer = pool_capacity(needed - 1, 1.0, trips, load)
        short_forward = fewer.forward_per_year < forward
        assert short_forward or fewer.backward_per_year < backward


@given(st.floats(0.0, 500.0), TURNS)
def test_the_units_needed_move_the_trains_and_one_less_does_not(trains: float, turn: Turn) -> None:
    needed = units_needed(trains, turn)
    assert needed is not None
    assert fleet_trains_per_day(needed, turn) >= trains * (1.0 - 1e-8)
    assume(needed > 0)
    assert fleet_trains_per_day(needed - 1, turn) < trains


@given(st.floats(0.0, 500.0), TURNS, st.floats(0.1, 1.0))
def test_a_shorter_turn_never_needs_more_units(trains: float, turn: Turn, factor: float) -> None:
    before = units_needed(trains, turn)
    after = units_needed(trains, turn._replace(turn_days=turn.turn_days * factor))
    assert before is not None
    assert after is not None
    assert after <= before
