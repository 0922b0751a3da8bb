from __future__ import annotations

import numpy as np
import pytest

from keruen.flows import Curves, Settings, bpr_links, demand_of, network_of, users_of
from keruen.flows.arrays import DELAY, VOLUME, World
from keruen.flows.checks import pair_findings
from keruen.flows.graph import compiled
from keruen.flows.moving import Scarce, put_costs, slopes, swaying, table_of
from keruen.flows.rounds import Run
from keruen.flows.routes import route_sums
from keruen.flows.stretches import stretches_of


def three_roads() -> Run:
    """Two steep roads side by side behind one that all take, and one that no load changes."""
    links = bpr_links(
        [0, 1, 1, 1],
        [1, 2, 2, 2],
        Curves([1.0, 2.0, 2.5, 4.0], 4.0, [1.0, 1.0, 1.0, 0.0], 2.0),
        size=np.ones(4),
    )
    users, demand = users_of(4, theta=1.0), demand_of([0], [2], [6.0])
    wanted, _ = pair_findings(demand)
    run = Run(compiled(network_of(links), users, demand, wanted, False), Settings(gap=1e-10))
    run.begin(None)
    run.solve()
    return run


def swayed(run: Run, world: World) -> np.ndarray:
    stretches = stretches_of(run.pool, run.state.shape[0])
    return swaying(world, run.pool, stretches, slopes(world, run.state), np.ones(1))


def test_a_link_that_all_take_does_not_sway_nor_one_that_no_load_changes() -> None:
    run = three_roads()
    sway = swayed(run, run.world)
    first = int(np.flatnonzero(run.world.star.tail == 0)[0])
    flat = int(np.flatnonzero(run.world.prices.rows[:, 2] == 0.0)[0])
    assert sway[first] == pytest.approx(0.0, abs=1e-12)
    assert sway[flat] == 0.0
    steep = [link for link in range(4) if link not in (first, flat)]
    flow = run.state[steep, VOLUME]
    assert (flow > 0.1).any()
    rise = slopes(run.world, run.state)[steep, 0]
    # Of a logit: flow times the part that goes elsewhere, over the spread, times the slope.
    assert sway[steep] == pytest.approx(flow * (1.0 - flow / 6.0) * rise)


def test_what_routes_cost_is_parted_without_loss() -> None:
    run = three_roads()
    world, none = run.world, Scarce(np.zeros(0, dtype=np.int64), np.zeros(0))
    sway, stretches = swayed(run, world), stretches_of(run.pool, run.state.shape[0])
    table = table_of(world, run.pool, stretches, run.state, sway, none, 1)
    put_costs(world, run.state, table, slopes(world, run.state))
    assert run.pool.flow.size > 1
    assert table.right.size == 1
    parts = [
        table.base[route]
        + table.cost[0, table.at[table.first[route] : table.first[route + 1]], 0].sum()
        for route in range(run.pool.flow.size)
    ]
    assert parts == pytest.approx(route_sums(run.pool, run.state[:, DELAY]))
    chosen = table.link[0]
    assert sway[chosen] == sway.max()
    for route in range(run.pool.flow.size):
        begin, count = table.first[route], table.together[route]
        links = run.pool.links[run.pool.first[route] : run.pool.first[route + 1]]
        assert count == (links == chosen).sum()
        assert (table.at[begin : begin + count] == 0).all()
