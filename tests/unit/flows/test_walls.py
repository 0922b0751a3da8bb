from __future__ import annotations

import numpy as np
import pytest

from keruen.flows import Settings
from keruen.flows.arrays import VOLUME
from keruen.flows.checks import pair_findings
from keruen.flows.graph import compiled
from keruen.flows.limited import Limited
from keruen.flows.moving import Scarce, swaying, table_of
from keruen.flows.stretches import stretches_of
from keruen.flows.walls import Aim, rises, step
from support.scarce_networks import scarce_case


def search() -> Limited:
    case = scarce_case(5, congested=0.5)
    users = case.users._replace(theta=np.full(2, 0.5))
    wanted, _ = pair_findings(case.demand)
    problem = compiled(case.network, users, case.demand, wanted, False)
    run = Limited(problem, Settings(gap=1e-6), case.capacity, np.zeros(case.capacity.size))
    run.begin(None)
    return run


def test_steps_lead_to_where_price_times_room_is_what_was_asked() -> None:
    run = search()
    _, found = run.solve()
    assert found
    assert run.barrier is not None
    barrier, world = run.barrier, run.world
    load = run.state[barrier.link, VOLUME]
    barrier.left[:] = np.maximum(barrier.most - load, 0.01 * barrier.most)
    product = 0.01 * float(run.worth @ barrier.most) / barrier.most.size
    barrier.price[:] = np.maximum(barrier.price, product / barrier.left)
    excess = np.inf
    stretches = stretches_of(run.pool, run.state.shape[0])
    for _ in range(15):
        rise = rises(world, run.state, barrier, product)
        sway = swaying(world, run.pool, stretches, rise, run.spread)
        scarce = Scarce(barrier.link, barrier.most)
        table = table_of(world, run.pool, stretches, run.state, sway, scarce, 64)
        excess, _ = step(world, run.pool, run.state, barrier, Aim(product, 0.0, 1.0), table)
        assert (barrier.price > 0.0).all()
        assert (barrier.left > 0.0).all()
    assert barrier.price * barrier.left == pytest.approx(product, rel=1e-6)
    load = run.state[barrier.link, VOLUME]
    assert load + barrier.left == pytest.approx(barrier.most, rel=1e-6)
    assert excess < 1e-9 * abs(run.found.figures[0])
    pair = np.repeat(np.arange(world.pairs.user.size), np.diff(run.pool.pair_first))
    assert np.bincount(pair, run.pool.flow) == pytest.approx(world.pairs.amount)


def test_a_barrier_asks_for_the_product() -> None:
    run = search()
    assert run.barrier is not None
    begun = run.barrier
    barrier = begun._replace(price=begun.price.copy(), left=begun.left.copy())
    load = run.state[barrier.link, VOLUME]
    barrier.left[:] = np.maximum(barrier.most - load, 0.1)
    rise = rises(run.world, run.state, barrier, 2.0)
    # Where room and load make up the capacity the price is to become the product over the room.
    fits = np.isclose(load + barrier.left, barrier.most)
    assert fits.any()
    wanted = 2.0 / barrier.left - barrier.price
    assert rise[barrier.link[fits], 2] == pytest.approx(wanted[fits])
