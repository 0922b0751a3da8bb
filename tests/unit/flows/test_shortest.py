from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.flows import Curves, Network, bpr_links, network_of, users_of
from keruen.flows.graph import link_order, star_of
from keruen.flows.shortest import (
    Ends,
    Search,
    between,
    room,
    search_back,
    search_from,
    search_toward,
    toward_room,
)
from support.flow_networks import random_case


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


def test_a_heap_full_of_what_has_been_overtaken_is_cleared() -> None:
    # Every node reaches all that follow more cheaply than any before it: n (n - 1) / 2 entries.
    nodes = 40
    tail, head = np.triu_indices(nodes, 1)
    cost = (head - tail).astype(np.float64) ** 2
    network = network_of(bpr_links(tail, head, Curves(cost, 1.0, 0.0)), nodes=nodes)
    search = searched(network, 0, list(range(nodes)))
    assert search.distance.tolist() == list(range(nodes))
    assert tail.size > 4 * search.key.size
    assert search.before[1:].tolist() == [
        int(np.flatnonzero((tail == node) & (head == node + 1))[0]) for node in range(nodes - 1)
    ]


def test_ways_back_and_toward_are_the_ways_from() -> None:
    rng = np.random.default_rng(8)
    for _ in range(5):
        case = random_case(int(rng.integers(1000)))
        star = star_of(case.network, link_order(case.network, case.users))
        nodes = star.passable.size
        free = rng.uniform(1.0, 5.0, star.head.size)
        dearer = free * rng.uniform(1.0, 2.0, free.size)
        search, toward = room(nodes), toward_room(star)
        back = toward.back
        every = np.arange(nodes, dtype=np.int64)
        least = np.zeros((2, nodes, nodes))
        between(star, np.stack([free, dearer]), every, search, least)
        for destination in range(nodes):
            search_back(star, free, destination, toward.search, back)
            others = every != destination
            assert back.distance[others] == pytest.approx(least[0, others, destination])
            for origin in every[others].tolist():
                wanted = least[1, origin, destination]
                ends = Ends(origin, destination)
                found = search_toward(star, dearer, ends, toward, np.inf)
                assert found == pytest.approx(wanted)
                assert np.isinf(toward.search.distance).all()
                if np.isfinite(wanted):
                    assert search_toward(star, dearer, ends, toward, wanted * 1.001) == found
                    assert search_toward(star, dearer, ends, toward, wanted * 0.99) == np.inf


def test_out_and_back_is_the_way_from_a_node_to_itself() -> None:
    network = network_of(bpr_links([0, 1, 1, 2], [1, 0, 2, 1], Curves([1.0, 2.0, 4.0, 8.0], 1.0)))
    star = star_of(network, np.argsort(network.links.tail, kind="stable"))
    found = np.zeros((1, 3, 3))
    between(star, np.array([[1.0, 2.0, 4.0, 8.0]]), np.arange(3), room(3), found)
    assert found[0].tolist() == [[3.0, 1.0, 5.0], [2.0, 3.0, 4.0], [10.0, 8.0, 12.0]]
