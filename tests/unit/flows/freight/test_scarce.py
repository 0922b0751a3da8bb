from __future__ import annotations

import numpy as np

from keruen.flows.freight.scarce import scarce_links
from keruen.flows.freight.solve import Flows
from support.forwarding import corridor_flows


def priced(price: float, left_share: float, gap: float = 1e-6) -> tuple[Flows, int]:
    """The flows with one price alone, on a link with so much of its capacity left."""
    flows = corridor_flows().flows
    freight, assignment = flows.freight, flows.within.assignment
    own = len(freight.drafts)
    link = int(np.argmax(np.where(np.isfinite(freight.capacity), assignment.volume[:own], 0.0)))
    capacity, prices = freight.capacity.copy(), np.zeros_like(flows.within.price)
    capacity[link] = assignment.volume[link] / (1.0 - left_share)
    prices[link] = price
    within = flows.within._replace(
        price=prices, slack_share=0.0, assignment=assignment._replace(relative_gap=gap)
    )
    changed = flows._replace(freight=freight._replace(capacity=capacity), within=within)
    return changed, link


def test_what_is_full_at_a_price_is_scarce() -> None:
    flows, link = priced(5.0, 1e-8)
    assert np.flatnonzero(scarce_links(flows)).tolist() == [link]


def test_what_has_room_is_not_scarce_whatever_dust_its_price_is() -> None:
    assert not scarce_links(priced(5.0, 0.06)[0]).any()
    # The root of the gap is what may be left.
    assert scarce_links(priced(5.0, 0.9e-3)[0]).any()
    assert not scarce_links(priced(5.0, 1.1e-3)[0]).any()


def test_a_price_that_the_gap_cannot_tell_from_nought_is_none() -> None:
    flows, link = priced(5.0, 0.0)
    load = float(flows.within.assignment.volume[link])
    least = 1e-6 * flows.within.assignment.total_cost / load
    assert not scarce_links(priced(0.9 * least, 0.0)[0]).any()
    assert scarce_links(priced(1.1 * least, 0.0)[0]).any()
