from __future__ import annotations

import numpy as np

from keruen.flows import Curves, bpr_links, demand_of, network_of, users_of
from keruen.flows.arrays import BOUND, FIRST, FIXED_COST, LOAD, SPREAD, VALUE
from keruen.flows.graph import compiled, link_order
from support.flow_networks import alike, random_case, reordered


def test_the_order_of_rows_makes_no_difference() -> None:
    case = random_case(3)
    links, pairs = case.network.links, case.demand
    rng = np.random.default_rng(0)
    by, pair_by = rng.permutation(links.tail.size), rng.permutation(pairs.amount.size)
    turned = case.network._replace(links=reordered(links, by))
    users = case.users._replace(load=case.users.load[:, by], fixed=case.users.fixed[:, by])
    shuffled = reordered(pairs, pair_by)
    everybody = np.ones(pairs.amount.size, bool)
    one = compiled(case.network, case.users, pairs, everybody, False)
    other = compiled(turned, users, shuffled, everybody, False)
    assert alike(one.world.star, other.world.star)
    assert alike(one.world.prices, other.world.prices)
    assert alike(one.world.pairs, other.world.pairs)
    assert np.array_equal(by[other.link], one.link)
    assert np.array_equal(pair_by[other.pair], one.pair)


def test_links_beside_each_other_stand_by_what_tells_them_apart() -> None:
    rng = np.random.default_rng(4)
    ends, fixed = rng.integers(0, 4, (2, 60)), rng.integers(0, 3, (2, 60)).astype(float)
    curves = Curves(rng.integers(1, 3, 60).astype(float), 9.0)
    network = network_of(bpr_links(ends[0], ends[1], curves))
    users = users_of(60, value=[1.0, 2.0], fixed=fixed)
    links = network.links
    keys = (*fixed, *users.load, links.size, *links.rows.T, links.kind, links.head, links.tail)
    assert link_order(network, users).tolist() == np.lexsort(keys).tolist()


def test_pairs_stand_in_groups_of_class_and_origin() -> None:
    case = random_case(1, pairs=12)
    user = np.arange(12) % 2
    users = case.users._replace(
        value=np.array([1.0, 3.0]),
        theta=np.array([np.inf, 4.0]),
        load=np.repeat(case.users.load, 2, axis=0) * np.array([[1.0], [2.0]]),
        fixed=np.repeat(case.users.fixed, 2, axis=0) + np.array([[0.0], [5.0]]),
    )
    found = compiled(case.network, users, case.demand._replace(user=user), np.ones(12, bool), True)
    world = found.world
    assert world.pairs.groups[-1, FIRST] == 12
    for group in range(world.pairs.groups.shape[0] - 1):
        klass, origin, first = world.pairs.groups[group]
        own = found.pair[first : world.pairs.groups[group + 1, FIRST]]
        assert (user[own] == klass).all()
        assert (case.demand.origin[own] == origin).all()
    assert world.prices.classes[:, VALUE].tolist() == [1.0, 3.0]
    assert world.prices.classes[:, SPREAD].tolist() == [0.0, 0.25]
    assert world.prices.classes[:, BOUND].tolist() == [0.0, 0.0]
    assert set(world.prices.tariff[1, :, LOAD]) == {2.0}
    assert set(world.prices.tariff[1, :, FIXED_COST]) == {5.0}
    assert world.prices.marginal == 1


def test_links_out_of_a_node_stand_side_by_side() -> None:
    network = network_of(bpr_links([2, 0, 2, 1], [0, 1, 1, 2], Curves(np.ones(4), 1.0)), 1)
    case = network, users_of(4), demand_of([0], [1], [1.0])
    star = compiled(*case, np.ones(1, bool), False).world.star
    assert star.first_out.tolist() == [0, 1, 2, 4]
    assert star.head.tolist() == [1, 2, 0, 1]
    assert star.passable.tolist() == [0, 1, 1]
