"""Laws of freight equilibria: what goes in comes out, whatever demand, capacities and prices are.

That more capacity never costs the optimum anything is held on the level of links
(``test_flows_laws.py``, ``test_scarcity_laws.py``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from keruen.flows.freight.cargo import EMPTY, LOADED
from keruen.flows.freight.equipment import NOISE, acquiring, equipment_table
from keruen.flows.freight.solve import LEAST_EMPTY, Draw, Flows
from keruen.flows.freight.tables import Ways, link_table, sums
from keruen.model import load_model
from support.freight_study import corridor, freight_of, shuffled

few = settings(max_examples=8)
SEEDS = st.integers(0, 5_000)
YEARS = st.sampled_from([2024, 2030])

FloatArray = NDArray[np.float64]


@cache
def drawn(seed: int, year: int, room: float = -1.5) -> Flows:
    """The template with other demand, capacities and prices; most is short unless there is room."""
    years, _ = corridor()
    freight = years.freight(year)
    dice = np.random.default_rng(seed)
    capacity = freight.capacity * dice.lognormal(room, 1.0, freight.capacity.size)
    prices = dice.uniform(0.5, 2.0, len(freight.terms.rows))
    growth = dice.lognormal(0.0, 0.7, years.loaded(year).amount.size)
    return years.solved(year, Draw(capacity, prices), growth=growth)


def sums_at_nodes(flows: Flows) -> tuple[FloatArray, FloatArray]:
    """Out less in of links, and of demand that is served, by class and node."""
    links = flows.freight.network.links
    nodes = flows.freight.network.passable.size
    own = flows.within.assignment.flow[:, : links.tail.size]
    by_links = np.array(
        [np.bincount(links.tail, row, nodes) - np.bincount(links.head, row, nodes) for row in own]
    )
    node = np.array(list(flows.freight.zones.values()))
    by_demand = np.zeros_like(by_links)
    served = flows.amount - flows.refused
    np.add.at(by_demand, (flows.pairs.user, node[flows.pairs.origin]), served)
    np.add.at(by_demand, (flows.pairs.user, node[flows.pairs.destination]), -served)
    return by_links, by_demand


@few
@given(SEEDS, YEARS)
def test_what_enters_a_node_leaves_it_in_every_class(seed: int, year: int) -> None:
    flows = drawn(seed, year)
    by_links, by_demand = sums_at_nodes(flows)
    assert np.abs(by_demand).sum() > 0.0
    assert np.allclose(by_links, by_demand, rtol=0.0, atol=1e-8 * flows.amount.sum())


@few
@given(SEEDS, YEARS)
def test_nothing_is_negative_and_loads_keep_to_capacities(seed: int, year: int) -> None:
    flows = drawn(seed, year)
    found = flows.within.assignment
    assert (found.flow >= 0.0).all()
    assert (flows.within.price >= 0.0).all()
    assert (flows.refused >= 0.0).all()
    assert (flows.refused <= flows.amount * (1.0 + 1e-9)).all()
    assert flows.within.excess_share <= 1e-4
    barred = found.flow[:, : len(flows.freight.drafts)][flows.freight.barred]
    assert not barred.any()


@few
@given(SEEDS, YEARS)
def test_what_wants_to_move_is_served_or_turned_away(seed: int, year: int) -> None:
    flows = drawn(seed, year)
    ways = Ways(flows)
    has_way = np.array([ways.links(route).size > 0 for route in range(ways.pool.flow.size)])
    served = np.bincount(ways.pair, ways.pool.flow * has_way, flows.amount.size)
    assert np.allclose(served + flows.refused, flows.amount, rtol=1e-9, atol=1e-9)
    told = sums(flows)
    parts = told["served_t_per_year"] + told["refused_t_per_year"]
    assert parts == pytest.approx(told["demand_t_per_year"])


def carried_by_zone(flows: Flows, kind: str, loaded: str) -> tuple[FloatArray, FloatArray]:
    """Units of a kind that routes bring to each zone and take from it, told by what they pass."""
    ways, zones = Ways(flows), len(flows.freight.zones)
    came, went = np.zeros(zones), np.zeros(zones)
    for route, flow in enumerate(ways.pool.flow.tolist()):
        pair = int(ways.pair[route])
        one = flows.freight.cargo[int(flows.pairs.user[pair])]
        if (one.equipment, one.loaded) == (kind, loaded) and ways.links(route).size:
            came[flows.pairs.destination[pair]] += flow
            went[flows.pairs.origin[pair]] += flow
    return came, went


@few
@given(SEEDS, YEARS)
def test_equipment_that_comes_goes_or_is_left(seed: int, year: int) -> None:
    """The balance is that of what moves: what is turned away, loaded or empty, moves nowhere."""
    flows = drawn(seed, year)
    table = equipment_table(flows, acquiring(corridor()[0].base, flows.freight))
    assert set(table["equipment"]) == set(flows.equipment)
    for kind, rows in table.groupby("equipment"):
        numbers = rows.set_index("zone").filter(like="per_year")
        own = numbers.reindex(list(flows.freight.zones)).fillna(0.0)
        received, sent = carried_by_zone(flows, str(kind), LOADED)
        empty_in, empty_out = carried_by_zone(flows, str(kind), EMPTY)
        expected = {
            "received_per_year": received,
            "sent_per_year": sent,
            "empty_in_per_year": empty_in,
            "empty_out_per_year": empty_out,
            "left_per_year": received + empty_in - sent - empty_out,
        }
        for name, value in expected.items():
            assert np.allclose(own[name], value, rtol=1e-9, atol=1e-9 * received.sum()), name
        # Relations that are next to nothing are left out of the network.
        plan = flows.equipment[str(kind)].flow
        number = flows.freight.cargo.index(
            next(one for one in flows.freight.cargo if one[:2] == (kind, EMPTY))
        )
        planned = flows.pairs.amount[flows.pairs.user == number].sum()
        assert planned == pytest.approx(plan.sum(), rel=plan.size * LEAST_EMPTY)
        told = own["empty_in_per_year"].sum() + own["refused_in_per_year"].sum()
        assert told == pytest.approx(planned, rel=NOISE)
        assert own["refused_in_per_year"].sum() == pytest.approx(own["refused_out_per_year"].sum())


@few
@given(SEEDS, YEARS)
def test_equipment_is_worth_no_more_than_acquiring_it(seed: int, year: int) -> None:
    flows = drawn(seed, year)
    table = equipment_table(flows, acquiring(corridor()[0].base, flows.freight))
    priced = table[table["price_usd"].notna()]
    assert (priced["price_usd"] <= priced["acquire_usd"]).all()
    assert not (priced["price_usd"] > priced["saving_usd"])[priced["left_per_year"] >= 0.0].any()
    cost = -table["left_per_year"].clip(upper=0.0) * table["acquire_usd"]
    assert table["acquired_usd_per_year"].to_numpy() == pytest.approx(cost.to_numpy())


@few
@given(SEEDS)
def test_a_year_without_change_asks_for_no_other_demand(seed: int) -> None:
    """Fixed demand of the base year is moved or turned away, never lost."""
    flows = drawn(seed, 2024)
    loaded = np.array([one.loaded == LOADED for one in flows.freight.cargo])[flows.pairs.user]
    assert np.allclose(flows.amount[loaded], flows.pairs.amount[loaded])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(seed: int, tmp_path: Path) -> None:
    years, _ = corridor()
    other, _ = freight_of(load_model(shuffled(tmp_path / "corridor", seed)))
    a, b = years.flows(2024), other.flows(2024)
    assert [one[:7] for one in a.freight.drafts] == [one[:7] for one in b.freight.drafts]
    assert np.array_equal(a.freight.capacity, b.freight.capacity)
    first, second = link_table(a), link_table(b)
    for column in ("flow_t_per_year", "flow_teu_per_year", "load_per_year", "time_h", "price_usd"):
        assert np.allclose(first[column], second[column], rtol=1e-6, atol=1e-6), column
