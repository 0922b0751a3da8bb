"""The kernels of the equilibrium run by Python itself give what the compiled ones give."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from keruen.flows import (
    EXPONENTIAL,
    Settings,
    assign,
    assign_within,
    columns,
    equilibrium,
    joint,
    link_state,
    objective,
    penalised_routes,
    response,
    rounds,
    routes,
    scarcity,
    shifts,
    shortest,
    users_of,
)
from keruen.flows.curves import bpr, queue, registry
from keruen.jit import plain
from support.flow_networks import Case, random_case

MODULES: tuple[ModuleType, ...] = (
    bpr, columns, equilibrium, joint, link_state, objective, queue, registry, response, rounds,
    routes, scarcity, shifts, shortest,
)  # fmt: skip


def cases() -> list[tuple[Case, Settings]]:
    case = random_case(6)
    crowded = case._replace(demand=case.demand._replace(amount=case.demand.amount * 5.0))
    answering = crowded.demand._replace(
        response=np.array([0, EXPONENTIAL] * 3, dtype=np.int8),
        elasticity=np.full(6, 0.05),
        reference_cost=np.full(6, 10.0),
    )
    queues = crowded.network.links._replace(
        kind=np.arange(20, dtype=np.int8) % 2,
        rows=np.where(
            (np.arange(20) % 2 == 1)[:, None], [2.0, 30.0, 1.0, 0.9], crowded.network.links.rows
        ),
    )
    mixed = users_of(
        20,
        value=[1.0, 2.0, 1.5],
        load=[[1.0], [2.5], [1.0]],
        theta=[np.inf, 1.5, 0.7],
        bound=[0.0, 0.0, 2.0],
    )
    both = answering._replace(user=np.arange(6) % 3)
    return [
        (crowded, Settings(gap=1e-10)),
        (crowded, Settings(gap=1e-6, system_optimum=True)),
        (Case(crowded.network._replace(links=queues), mixed, both), Settings(gap=1e-7)),
    ]


def test_compiled_and_plain_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = [assign(*case, settings) for case, settings in cases()]
    limits = np.full(20, 12.0)
    within = assign_within(*cases()[0][0], limits, Settings(gap=1e-3, iterations=3))
    pools = [penalised_routes(*case) for case, _ in cases()]
    for module in MODULES:
        for name, value in list(vars(module).items()):
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, plain(value))
    assert vars(rounds)["price"] is plain(columns.price)
    for ours, (case, settings) in zip(compiled, cases(), strict=True):
        twin = assign(*case, settings)
        assert twin.iterations == ours.iterations
        assert twin.volume == pytest.approx(ours.volume, rel=1e-12, abs=1e-12)
        assert np.array_equal(twin.routes.links, ours.routes.links)
        assert twin.objective == pytest.approx(ours.objective, rel=1e-12, nan_ok=True)
    twin_within = assign_within(*cases()[0][0], limits, Settings(gap=1e-3, iterations=3))
    assert twin_within.rounds == within.rounds
    assert twin_within.price == pytest.approx(within.price, rel=1e-6, abs=1e-6)
    for pool, (case, _) in zip(pools, cases(), strict=True):
        assert np.array_equal(penalised_routes(*case).links, pool.links)
