from __future__ import annotations

import numpy as np
import pytest

from keruen.flows import Settings, users_of
from keruen.flows.arrays import DELAY, SPREAD, STATE_COLUMNS
from keruen.flows.equilibrium import assign
from keruen.flows.graph import compiled
from keruen.flows.link_state import load_routes
from keruen.flows.newton import Newton
from keruen.flows.path_sizes import size_routes
from support.flow_networks import all_routes, incidence, pair_of_routes, random_case


@pytest.mark.parametrize("optimum", [False, True])
def test_steps_from_equal_parts_come_to_rest_at_the_logit(optimum: bool) -> None:
    case = random_case(9)
    users = users_of(20, value=1.5, load=2.0, theta=1.0)
    problem = compiled(case.network, users, case.demand, np.ones(6, bool), optimum)
    every = all_routes(
        case.network,
        case.demand._replace(
            origin=case.demand.origin[problem.pair],
            destination=case.demand.destination[problem.pair],
        ),
    )
    place = np.argsort(problem.link)
    pair, counts = pair_of_routes(every), np.diff(every.pair_first)
    pool = every._replace(
        links=place[every.links].astype(np.int32),
        flow=(problem.world.pairs.amount / counts)[pair],
    )
    state = np.zeros((20, STATE_COLUMNS))
    size_routes(problem.world.prices, problem.world.pairs, pool, np.zeros(20, dtype=np.int64))
    load_routes(problem.world.prices, problem.world.pairs, pool, state)
    newton = Newton(problem.world, pool)
    for _ in range(40):
        newton.step(state)
    assert np.bincount(pair, pool.flow) == pytest.approx(problem.world.pairs.amount)
    settings = Settings(gap=1e-11, widen=False, system_optimum=optimum)
    start = all_routes(case.network, case.demand)
    found = assign(case.network, users, case.demand, settings, start)
    assert found.converged
    back = np.argsort(problem.link)
    assert state[back, DELAY] == pytest.approx(found.delay, rel=1e-6)
    if not optimum:
        costs = incidence(pool, 20) @ (1.5 * state[:, DELAY])
        perceived = costs + problem.world.prices.classes[0, SPREAD] * (
            np.log(pool.flow) - pool.log_size
        )
        for one in range(6):
            # Forty steps do not bring down routes so dear that nobody would take them.
            own = (pair == one) & (pool.flow > 1e-25)
            assert np.ptp(perceived[own]) < 1e-6
