from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.freight.chains import Ends, chains_of, choice_shares, key_of, path_sizes
from keruen.flows.freight.compile import Freight
from support.freight_diamond import diamond, drafts, terms


@pytest.fixture
def freight() -> Freight:
    return diamond()


def ends_of(freight: Freight) -> Ends:
    return Ends((freight.zones["east"],), (freight.zones["west"],))


def rows(freight: Freight, links: tuple[int, ...]) -> list[str]:
    return [freight.drafts[link].row for link in links if freight.drafts[link].mode != "access"]


def test_chains_of_other_borders_and_other_rails(freight: Freight) -> None:
    found = chains_of(freight, ends_of(freight), terms(freight), 20.0)
    assert [rows(freight, chain.links) for chain in found] == [
        ["a_n", "north", "north_rails", "m_b"],
        ["a_n", "north", "north_rails", "m_w", "w_b"],
        ["a_s", "south", "south_rails", "t_b"],
    ]
    assert [chain.cost for chain in found] == sorted(chain.cost for chain in found)
    assert found[0].cost == pytest.approx(2.0 * 45.5 + 3.0)
    assert sum(chain.share for chain in found) == pytest.approx(1.0)


def test_nearly_the_same_rails_are_one_chain() -> None:
    links = [
        draft._replace(running_h=4.0) if draft.row in ("m_b", "m_w", "w_b") else draft
        for draft in drafts()
    ]
    freight = diamond([one._replace(running_h=60.0) if one.row == "a_n" else one for one in links])
    found = chains_of(freight, ends_of(freight), terms(freight), 20.0)
    assert [rows(freight, chain.links)[:2] for chain in found] == [
        ["a_s", "south"],
        ["a_n", "north"],
    ]


def test_too_dear_a_chain_is_left_out(freight: Freight) -> None:
    dear = terms(freight)
    south = [number for number, draft in enumerate(freight.drafts) if draft.row == "south"]
    dear.cost[south] += 500.0
    found = chains_of(freight, ends_of(freight), dear, 20.0)
    assert all("south" not in rows(freight, chain.links) for chain in found)


def test_known_chains_are_looked_at_and_counted_once(freight: Freight) -> None:
    plain = chains_of(freight, ends_of(freight), terms(freight), 20.0)
    known = [chain.links for chain in plain]
    assert chains_of(freight, ends_of(freight), terms(freight), 20.0, known) == plain


def test_no_way_no_chain(freight: Freight) -> None:
    closed = terms(freight)
    closed.cost[[number for number, one in enumerate(freight.drafts) if one.mode == "border"]] = (
        np.inf
    )
    assert chains_of(freight, ends_of(freight), closed, 20.0) == []


def test_ends_at_several_places_take_the_nearest(freight: Freight) -> None:
    places = {
        draft.head: int(node)
        for draft, node in zip(freight.drafts, freight.network.links.head, strict=True)
    }
    near = Ends(
        (places["rail", "m", "1520"], places["rail", "t", "1520"]), (freight.zones["west"],)
    )
    found = chains_of(freight, near, terms(freight), 20.0)
    assert rows(freight, found[0].links) == ["m_b"]


def test_path_sizes_and_shares() -> None:
    sizes = path_sizes([(0, 1), (0, 1)], np.array([2.0, 3.0]))
    assert sizes.tolist() == [0.5, 0.5]
    shares = choice_shares(np.array([10.0, 12.0]), np.array([1.0, 0.5]), 2.0)
    assert shares[1] / shares[0] == pytest.approx(0.5 * np.exp(-1.0))


def test_what_tells_chains_apart() -> None:
    keys = [key_of(draft) for draft in drafts()]
    assert set(keys) == {None, ("border", "m", "n"), ("border", "s", "t")}
