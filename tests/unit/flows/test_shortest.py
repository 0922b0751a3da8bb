from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.flows import Curves, Network, bpr_links, network_of, users_of
from keruen.flows.graph import link_order, star_of
from keruen.flows.shortest import Search, room, search_from


def searched(network: Network, origin: int, wanted: list[int]) -> Search:
    """The search for some nodes, with the free times as costs."""
    order = link_order(network, users_of(network.links.tail.size))
    search = room(network.passable.size)
    search.stamp[0] = 1
    search.wanted[wanted] = 1
    cost = network.links.rows[order, 0].copy()
    search_from(star_of(network, order), cost, origin, len(wanted), search)
    return search


@pytest.mark.parametrize("seed", range(5))
def test_distances_are_those_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nodes, links = 60, 240
    dense = np.full((nodes, nodes), np.inf)
    tail, head = rng.integers(0, nodes, (2, links))
    cost = rng.uniform(0.0, 9.0, links)
    np.minimum.at(dense, (tail, head), cost)
    graph = csr_array(np.where(np.isfinite(dense), dense, 0.0))
    network = network_of(bpr_links(tail, head, Curves(cost, 1.0, 0.0)), nodes=nodes)
    ours = searched(network, 0, list(range(nodes))).distance
    assert np.allclose(ours, dijkstra(graph, indices=np.array([0]))[0], rtol=1e-12)
    assert np.isfinite(ours).sum() > nodes // 2


def test_routes_begin_and_end_at_closed_nodes_but_do_not_pass_them() -> None:
    # 0 and 1 are zones; the short way from 0 to 3 leads through zone 1.
    links = bpr_links([0, 1, 0, 2, 3], [1, 3, 2, 3, 1], Curves([1.0, 1.0, 5.0, 5.0, 1.0], 1.0, 0.0))
    network = network_of(links, first_through=2)
    search = searched(network, 0, [1, 3])
    assert search.distance[[1, 3]].tolist() == [1.0, 10.0]
    assert searched(network._replace(passable=np.ones(4, bool)), 0, [3]).distance[3] == 2.0
    assert searched(network, 1, [3]).distance[3] == 1.0


def test_a_search_ends_with_the_last_node_that_is_wanted() -> None:
    chain = bpr_links(np.arange(9), np.arange(1, 10), Curves(np.ones(9), 1.0, 0.0))
    search = searched(network_of(chain), 0, [2])
    assert search.distance[2] == 2.0
    assert np.isinf(search.distance[4:]).all()
