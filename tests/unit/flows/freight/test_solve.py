from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from keruen.flows import Network, Users, Within, assign_within
from keruen.flows.freight.compile import link_costs
from keruen.flows.freight.pairs import Pairs
from keruen.flows.freight.solve import (
    AS_COMPILED,
    Draw,
    Flows,
    return_shares,
    solve,
    spreads_usd,
)
from keruen.flows.freight.tables import Ways
from keruen.flows.freight.zone_costs import zone_costs
from support.forwarding import corridor

YEAR = 2024  # the base year, whose demand is fixed


@pytest.fixture(scope="module")
def flows() -> Flows:
    return corridor().years.flows(YEAR)


@pytest.fixture(scope="module")
def scarce(flows: Flows) -> Flows:
    """With half of the berth for grain, which was nearly full."""
    capacity = flows.freight.capacity.copy()
    capacity[berth(flows)] *= 0.5
    return corridor().years.solved(YEAR, Draw(capacity, rounds=1), flows.start)


def berth(flows: Flows) -> int:
    return next(at for at, one in enumerate(flows.freight.drafts) if one.row == "ailaq_grain")


def by_route(flows: Flows) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What the routes of each pair carry, being turned away among them."""
    pool = flows.within.assignment.routes
    pair = np.repeat(np.arange(flows.amount.size), np.diff(pool.pair_first))
    return np.bincount(pair, pool.flow, flows.amount.size).astype(np.float64)


def volumes(flows: Flows) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return flows.within.assignment.volume[: len(flows.freight.drafts)]


def test_all_that_is_wanted_is_served_or_turned_away(flows: Flows, scarce: Flows) -> None:
    for one in (flows, scarce):
        assert by_route(one) == pytest.approx(one.amount, rel=1e-9)
        assert one.amount == pytest.approx(one.pairs.amount)
        assert (one.refused >= 0.0).all()
        assert (one.refused <= one.amount).all()
    assert flows.refused.sum() < 1e-3 * flows.amount.sum()


def test_capacities_are_kept(flows: Flows, scarce: Flows) -> None:
    capacity = flows.freight.capacity.copy()
    assert (volumes(flows) <= capacity * (1.0 + 1e-3)).all()
    capacity[berth(flows)] *= 0.5
    assert (volumes(scarce) <= capacity * (1.0 + 1e-3)).all()


def test_what_is_scarce_has_a_price_or_turns_cargo_away(flows: Flows, scarce: Flows) -> None:
    at = berth(flows)
    half = 0.5 * flows.freight.capacity[at]
    assert volumes(flows)[at] > half
    assert volumes(scarce)[at] == pytest.approx(half, rel=2e-3)
    assert scarce.within.price[at] > flows.within.price[at]
    grain = [at for at, one in enumerate(flows.freight.cargo) if one.commodity == "grain"]
    own = np.isin(scarce.pairs.user, grain)
    wanted = scarce.amount[own].sum()
    assert scarce.refused[own].sum() == pytest.approx(wanted - half, rel=2e-3)
    assert (scarce.cost[own] > flows.cost[np.isin(flows.pairs.user, grain)]).all()


def test_a_warm_start_ends_where_a_cold_one_does(flows: Flows) -> None:
    warm = corridor().years.solved(YEAR, AS_COMPILED, flows.start)
    scale = np.maximum(volumes(flows), 1e-3 * volumes(flows).max())
    assert (np.abs(volumes(warm) - volumes(flows)) <= 1e-4 * scale).all()
    assert warm.cost == pytest.approx(flows.cost, rel=1e-4)


def test_ways_at_the_price_of_being_turned_away_leave_path_sizes_alone(
    monkeypatch: pytest.MonkeyPatch, flows: Flows
) -> None:
    given: list[Users] = []

    def noted(network: Network, users: Users, *rest: Any) -> Within:  # noqa: ANN401
        given.append(users)
        return assign_within(network, users, *rest)

    monkeypatch.setattr("keruen.flows.freight.solve.assign_within", noted)
    corridor().years.solved(YEAR, Draw(rounds=1), flows.start)
    ratios = [one.reservation_ratio for one in flows.freight.cargo]
    assert min(ratios) > 1.0
    assert [None if one.bound is None else one.bound.tolist() for one in given] == [ratios]


def test_a_pair_that_is_new_to_a_start_finds_its_way(flows: Flows) -> None:
    """Begun from an equilibrium without the last loaded pair."""
    years = corridor().years
    freight, every = years.freight(YEAR), years.loaded(YEAR)
    fewer = Pairs(every.user[:-1], every.origin[:-1], every.destination[:-1], every.amount[:-1])
    begun = solve(freight, fewer, {}, years.settings, draw=Draw(rounds=1))
    assert not begun.equipment  # no kind of equipment was said to return
    assert begun.pairs.amount == pytest.approx(fewer.amount)
    shares = return_shares(years.base, freight)
    found = solve(freight, every, shares, years.settings, None, begun.start)
    assert volumes(found) == pytest.approx(volumes(flows), rel=1e-3, abs=1.0)


def test_dearer_tariffs_make_dearer_ways(flows: Flows) -> None:
    """Fixed demand with one way each: half as much again of every price is paid in full.

    Besides it counts what queues have changed by: to stay away is another way, and got dearer too.
    """
    freight = flows.freight
    factor = np.full(len(freight.terms.rows), 1.5)
    dearer = corridor().years.solved(YEAR, Draw(prices=factor, rounds=1), flows.start)
    kinds = np.array([one.loaded == "loaded" for one in freight.cargo])
    own, other = kinds[flows.pairs.user], kinds[dearer.pairs.user]
    assert dearer.amount[other] == pytest.approx(flows.amount[own])
    ways = Ways(flows)
    taken = [(pair, ways.links(route)) for route, pair in enumerate(ways.pair) if own[pair]]
    # Prices that are only felt are prices too; what a pair gets whatever its way is none of a way.
    prices = ways.paid + ways.felt
    asked = [prices[flows.pairs.user[pair], links].sum() for pair, links in taken if links.size]
    assert len(asked) == own.sum()
    half = 0.5 * np.array(asked)
    longer = dearer.within.assignment.delay - flows.within.assignment.delay
    value = freight.users().value[flows.pairs.user]
    waited = [value[pair] * longer[links].sum() for pair, links in taken if links.size]
    assert np.abs(waited).max() < 0.1
    rise = dearer.cost[other] - flows.cost[own]
    assert rise - np.array(waited) == pytest.approx(half, rel=1e-3)


def test_shares_that_return() -> None:
    """Of boxes those of the zones, where they are told; of wagons that of the wagons."""
    years = corridor().years
    freight = years.freight(YEAR)
    assert list(freight.zones) == ["east", "middle", "west"]
    found = return_shares(years.base, freight)
    assert found["boxes"].tolist() == [0.5, 0.8, 0.3]
    assert found["hoppers"].tolist() == [1.0, 1.0, 1.0]


def test_the_scale_of_choice_is_a_share_of_the_mean_cost(flows: Flows) -> None:
    freight = flows.freight
    costs = list(zone_costs(freight, link_costs(freight, freight.users())))
    loaded = corridor().years.loaded(YEAR)
    found = spreads_usd(freight, loaded, costs)
    for number, one in enumerate(freight.cargo):
        own = loaded.user == number
        if own.any():
            cost = costs[number][loaded.origin[own], loaded.destination[own]]
            mean = (cost * loaded.amount[own]).sum() / loaded.amount[own].sum()
            assert found[number] == pytest.approx(one.spread_share * mean)
        assert found[number] > 0.0
