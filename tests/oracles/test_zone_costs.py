"""Least costs between zones held against the shortest paths of another library."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.flows.freight.compile import Freight, link_costs
from keruen.flows.freight.prices import BIG
from keruen.flows.freight.zone_costs import LEAST_COST, zone_costs
from support.forwarding import YEAR, corridor
from support.freight_diamond import diamond, drafts

FloatArray = NDArray[np.float64]


def by_scipy(freight: Freight, costs: FloatArray) -> FloatArray:
    """Least costs between zones of one class: ways out of zones start from twins of them."""
    links, nodes = freight.network.links, freight.network.passable.size
    open_ = costs < BIG
    zone = ~freight.network.passable[links.tail]
    tail = np.where(zone, links.tail + nodes, links.tail)[open_]
    head, cost = links.head[open_], np.maximum(costs[open_], LEAST_COST)
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.ones(tail.size, dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    graph = csr_array((cost[first], (tail[first], head[first])), shape=(2 * nodes, 2 * nodes))
    at = np.array(list(freight.zones.values()), dtype=np.intp)
    found: FloatArray = np.asarray(dijkstra(graph, indices=at + nodes)[:, at], dtype=np.float64)
    return found


def with_an_inner_zone() -> Freight:
    """The diamond with a zone that would be a short cut, and one that is left and come back to."""
    inner = drafts()[0]._replace(
        tail=("zone", "inner", ""), head=("rail", "b", "1520"), row="inner"
    )
    into = inner._replace(tail=("rail", "a", "1520"), head=("zone", "inner", ""))
    back = inner._replace(tail=("rail", "b", "1520"), head=("zone", "inner", ""))
    return diamond([*drafts(), inner, into, back])


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("inner", [False, True])
def test_random_costs_and_bars(seed: int, inner: bool) -> None:
    freight = with_an_inner_zone() if inner else corridor().years.freight(YEAR)
    random = np.random.default_rng(seed)
    costs = random.uniform(0.0, 100.0, (3, len(freight.drafts)))
    costs[random.random(costs.shape) < 0.1 * (seed % 4)] = BIG
    found = zone_costs(freight, costs)
    for of_class, cost in zip(found, costs, strict=True):
        np.testing.assert_allclose(of_class, by_scipy(freight, cost), rtol=1e-12)
    if inner and not seed % 4:
        middle = list(freight.zones).index("inner")
        assert np.isfinite(found[:, middle, middle]).all()


def test_costs_of_classes_in_a_study() -> None:
    freight = corridor().years.freight(YEAR)
    costs = link_costs(freight, freight.users())
    expected = np.stack([by_scipy(freight, one) for one in costs])
    np.testing.assert_allclose(zone_costs(freight, costs), expected, rtol=1e-12)
    assert np.isfinite(expected).any()
    assert np.isinf(expected).any()
