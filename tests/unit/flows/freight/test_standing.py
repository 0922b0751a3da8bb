from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.freight.solve import Flows
from keruen.flows.freight.standing import (
    STANDING_COLUMNS,
    Standings,
    boxes_of,
    tonnes_of,
    unit_tonnes,
)
from support.forwarding import corridor_flows


@pytest.fixture(scope="module")
def flows() -> Flows:
    return corridor_flows().flows


def test_empties_weigh_nothing_net_and_count_as_boxes(flows: Flows) -> None:
    empty = [at for at, one in enumerate(flows.freight.cargo) if one.loaded == "empty"]
    assert not tonnes_of(flows)[empty].any()
    boxes = next(at for at in empty if flows.freight.cargo[at].commodity == "boxes")
    assert boxes_of(flows)[boxes].max() > 0.0


def test_links_of_an_element_add_up_and_hours_are_of_the_fullest(flows: Flows) -> None:
    found, links = flows.within.assignment, [0, 5, 9]
    one = Standings(flows).at(links)
    weight = unit_tonnes(flows.freight)
    assert one.load == pytest.approx(found.volume[links].sum())
    assert one.flow_t == pytest.approx((weight @ found.flow[:, links]).sum())
    fullest = links[int(np.argmax(found.volume[links]))]
    assert one.time_h == pytest.approx(found.delay[fullest])
    assert one.time_h - one.wait_h == pytest.approx(flows.freight.network.links.rows[fullest, 0])
    assert one.price_usd == flows.within.price[links].max()


def test_a_price_is_spread_over_the_tonnes_that_pass(flows: Flows) -> None:
    one = Standings(flows).at([0])._replace(price_usd=6.0, load=10.0, flow_t=30.0)
    assert one.price_usd_per_t == pytest.approx(2.0)
    assert one._replace(flow_t=0.0).price_usd_per_t == 0.0


def test_numbers_by_their_columns(flows: Flows) -> None:
    one = Standings(flows).at([0])._replace(load=30.0, capacity=40.0, flow_t=60.0, price_usd=6.0)
    told = one.numbers()
    assert tuple(told) == STANDING_COLUMNS
    assert (told["load_per_year"], told["capacity_per_year"]) == (30.0, 40.0)
    assert (told["utilisation_share"], told["price_usd_per_t"]) == (0.75, 3.0)
    assert (told["flow_t_per_year"], told["flow_teu_per_year"]) == (60.0, one.flow_teu)
    assert (told["time_h"], told["wait_h"], told["price_usd"]) == (one.time_h, one.wait_h, 6.0)
    boundless = one._replace(capacity=np.inf).numbers()
    assert np.isnan([boundless["capacity_per_year"], boundless["utilisation_share"]]).all()
