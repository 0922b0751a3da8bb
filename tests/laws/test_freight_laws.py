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
from keruen.flows.freight.solve import LEAST_EMPTY, Draw, Flows
from keruen.flows.freight.tables import Ways, equipment_table, link_table, sums
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


@few
@given(SEEDS, YEARS)
def test_equipment_that_comes_goes_or_is_left(seed: int, year: int) -> None:
    # Empties return of the loaded flows of the turn before, so the balance is that of the flows
    # themselves only where empties crowd nobody out.
    flows = drawn(seed, year, room=3.0)
    table = equipment_table(flows)
    assert not table.empty
    came = table["received_per_year"] + table["empty_in_per_year"]
    went = table["sent_per_year"] + table["empty_out_per_year"] + table["left_per_year"]
    scale = table.groupby("equipment")["received_per_year"].transform("sum")
    assert ((came - went).abs() <= 1e-3 * scale).all()
    for number, one in enumerate(flows.freight.cargo):
        if one.loaded == EMPTY:
            plan = flows.equipment[one.equipment].flow
            moved = flows.pairs.amount[flows.pairs.user == number].sum()
            # Relations that are next to nothing are left out of the network.
            assert moved == pytest.approx(plan.sum(), rel=plan.size * LEAST_EMPTY)


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
