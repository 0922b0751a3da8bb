from __future__ import annotations

import numpy as np

from keruen.flows.checks import pair_findings
from keruen.flows.graph import compiled
from keruen.flows.link_state import load_routes
from keruen.flows.rounds import Run, Settings
from keruen.flows.stretches import load_stretches, stretches_of
from support.scarce_networks import scarce_case


def solved() -> Run:
    case = scarce_case(3, congested=0.5)
    users = case.users._replace(theta=np.full(2, 0.5))
    wanted, _ = pair_findings(case.demand)
    run = Run(compiled(case.network, users, case.demand, wanted, False), Settings(gap=1e-6))
    run.begin(None)
    run.solve()
    return run


def test_routes_are_their_stretches_put_together() -> None:
    pool, links = solved().pool, solved().state.shape[0]
    found = stretches_of(pool, links)
    for route in range(pool.flow.size):
        whole = [
            found.links[found.begins[one] : found.begins[one + 1]]
            for one in found.at[found.first[route] : found.first[route + 1]]
        ]
        own = pool.links[pool.first[route] : pool.first[route + 1]]
        assert sorted(np.concatenate(whole).tolist()) == sorted(own.tolist())
    # No two stretches are on the same routes, and no link is in two.
    on = [set(np.flatnonzero(found.at == one)) for one in range(found.begins.size - 1)]
    owner = np.repeat(np.arange(pool.flow.size), np.diff(found.first))
    sets = {tuple(sorted({int(owner[at]) for at in one})) for one in on}
    assert len(sets) == len(on)
    assert np.unique(found.links).size == found.links.size
    assert (found.of >= 0).sum() == found.links.size


def test_loads_are_those_of_all_routes() -> None:
    run = solved()
    other = run.state.copy()
    carried = load_stretches(run.world, run.pool, stretches_of(run.pool, run.state.shape[0]), other)
    load_routes(run.world.prices, run.world.pairs, run.pool, run.state)
    assert np.allclose(other, run.state, rtol=1e-12, atol=1e-12)
    assert carried.shape[0] == run.world.prices.classes.shape[0]
