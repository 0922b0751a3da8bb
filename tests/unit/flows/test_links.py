from __future__ import annotations

import numpy as np

from keruen.flows import Curves, bpr_links, network_of, queue_links


def test_one_number_holds_for_all_links() -> None:
    links = bpr_links([0, 1], [1, 0], Curves([1.0, 2.0], 5.0))
    assert links.rows.tolist() == [[1.0, 5.0, 0.15, 4.0], [2.0, 5.0, 0.15, 4.0]]
    assert queue_links([0], [1], Curves(1.0, 2.0, 3.0, 0.8)).rows.tolist() == [[1.0, 2.0, 3.0, 0.8]]


def test_weights_in_the_overlap_are_above_nought() -> None:
    assert bpr_links([0, 0], [1, 1], Curves([0.0, 4.0], 5.0)).size.tolist() == [4e-6, 4.0]
    assert bpr_links([0], [1], Curves(0.0, 5.0)).size.tolist() == [1.0]
    assert bpr_links([0], [1], Curves(1.0, 5.0), size=[7.0]).size.tolist() == [7.0]


def test_nodes_are_counted_from_the_links_or_given() -> None:
    links = bpr_links([0, 4], [4, 2], Curves(1.0, 5.0))
    assert network_of(links).passable.tolist() == [True] * 5
    assert np.flatnonzero(network_of(links, 2, 9).passable).tolist() == [2, 3, 4, 5, 6, 7, 8]
