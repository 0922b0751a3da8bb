from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keruen.flows.freight.solve import Flows
from keruen.flows.freight.tables import (
    EQUIPMENT_COLUMNS,
    LINK_COLUMNS,
    ROUTE_COLUMNS,
    Ways,
    equipment_table,
    link_table,
    route_table,
    sums,
)
from support.forwarding import corridor_flows


@pytest.fixture(scope="module")
def flows() -> Flows:
    return corridor_flows().flows


@pytest.fixture(scope="module")
def links(flows: Flows) -> pd.DataFrame:
    return link_table(flows)


@pytest.fixture(scope="module")
def routes(flows: Flows) -> pd.DataFrame:
    return route_table(flows, 0.0)


def row(frame: pd.DataFrame, element: str, direction: str = "forward") -> pd.Series:
    own = frame[(frame["element_row"] == element) & (frame["direction"] == direction)]
    assert len(own) == 1
    return own.iloc[0]


def test_columns(flows: Flows, links: pd.DataFrame, routes: pd.DataFrame) -> None:
    assert tuple(links.columns) == LINK_COLUMNS
    assert tuple(routes.columns) == ROUTE_COLUMNS
    assert tuple(equipment_table(flows).columns) == EQUIPMENT_COLUMNS


def test_every_element_stands_once_and_passages_do_not(links: pd.DataFrame) -> None:
    assert not links.duplicated(["element_table", "element_row", "direction"]).any()
    assert set(links["mode"]) == {"rail", "road", "sea", "border", "handling"}


def test_links_carry_what_routes_bring(links: pd.DataFrame, routes: pd.DataFrame) -> None:
    """Boxes over the berth are all that goes over the sea, loaded and empty, both ways."""
    over = routes[routes["chain"].str.contains("ailaq_container", regex=False)]
    berth = row(links, "ailaq_container", "both")
    assert berth["flow_teu_per_year"] == pytest.approx(over["quantity_per_year"].sum())
    loaded = over[over["loaded"] == "loaded"]["quantity_per_year"].sum()
    assert berth["flow_t_per_year"] == pytest.approx(10.0 * loaded)
    both = [row(links, "ailaq_jaga_container", way) for way in ("forward", "backward")]
    assert berth["load_per_year"] == pytest.approx(sum(one["load_per_year"] for one in both))


def test_trains_are_those_of_what_is_in_them(links: pd.DataFrame) -> None:
    rails = row(links, "orta_tepe")
    grain = rails["flow_t_per_year"] - row(links, "ailaq_jaga_container")["flow_t_per_year"]
    trains = rails["flow_teu_per_year"] / 112.0 + grain / 3700.0
    assert rails["load_per_year"] == pytest.approx(trains)
    assert rails["utilisation_share"] == pytest.approx(trains / rails["capacity_per_year"])
    assert rails["time_h"] - rails["wait_h"] == pytest.approx(36.0 / 50.0)


def test_what_has_no_capacity_has_no_use(links: pd.DataFrame) -> None:
    road = row(links, "qaqpa_ailaq_road")
    assert np.isnan(road["capacity_per_year"])
    assert np.isnan(road["utilisation_share"])


def test_routes_of_a_pair_are_all_of_it(flows: Flows, routes: pd.DataFrame) -> None:
    pairs = routes.groupby(["origin", "destination", "commodity", "loaded"])
    assert pairs["share"].sum().to_numpy() == pytest.approx(1.0)
    assert routes["quantity_per_year"].sum() == pytest.approx(flows.amount.sum())
    for _, own in pairs:
        assert own["number"].tolist() == list(range(1, len(own) + 1))
        assert own["share"].is_monotonic_decreasing


def test_small_shares_are_left_out(flows: Flows, routes: pd.DataFrame) -> None:
    """Twice as much wanted of every other pair halves the shares of its routes."""
    twice = np.where(np.arange(flows.amount.size) % 2, 2.0, 1.0)
    few = route_table(flows._replace(amount=flows.amount * twice), 0.51)
    assert 0 < len(few) < len(routes)
    assert (few["share"] >= 0.51).all()


def test_a_route_in_words_kilometres_and_dollars(routes: pd.DataFrame) -> None:
    """From Kent to the sea 174 km, over it 310, 160 beyond; 20 and 100 km of access."""
    grain = routes[routes["commodity"] == "grain"].iloc[0]
    assert grain["chain"] == "kent – [ailaq_grain] – ailaq – [jaga_grain] – jaga – batys"
    assert grain["length_km"] == pytest.approx(20.0 + 55 + 36 + 37 + 46 + 310 + 160 + 100)
    # 0.03 a tonne-kilometre, but Orta–Ailaq (119 km) at 4200 tenge of the place by 470.
    rest = 0.03 * (55 + 310 + 160)
    assert grain["cost_usd"] == pytest.approx(rest + 4200.0 / 470.0 + 5.0)


def test_costs_are_paid_and_waited(flows: Flows) -> None:
    """Dollars of a route are those of its prices and its hours at the value of its class."""
    ways = Ways(flows)
    value = np.array([one.value_usd_per_h for one in flows.freight.cargo])
    whole = ways.paid + value[:, None] * ways.hours
    assert np.allclose(whole, ways.usd)
    assert set(ways.pair.tolist()) == set(range(flows.amount.size))


def test_routes_through_links(flows: Flows) -> None:
    ways = Ways(flows)
    berth = {at for at, one in enumerate(flows.freight.drafts) if one.row == "ailaq_grain"}
    hit = ways.through(berth)
    for route in range(hit.size):
        assert hit[route] == bool(berth & set(ways.links(route).tolist()))


def test_sums_are_wanted_served_and_refused(flows: Flows, links: pd.DataFrame) -> None:
    found = sums(flows)
    assert found["served_t_per_year"] + found["refused_t_per_year"] == pytest.approx(
        found["demand_t_per_year"]
    )
    sea = links[(links["mode"] == "sea")]["flow_t_per_year"].sum()
    assert found["served_t_per_year"] == pytest.approx(sea)  # all of it is over the sea
    assert found["gap"] <= 1e-6
    assert found["converged"] == 1.0


def test_equipment_is_conserved_at_every_zone(flows: Flows) -> None:
    """Received and brought empty less sent and taken empty is what is left over."""
    found = equipment_table(flows)
    left = found["received_per_year"] - found["sent_per_year"]
    left += found["empty_in_per_year"] - found["empty_out_per_year"]
    scale = found["received_per_year"].max()
    assert found["left_per_year"].to_numpy() == pytest.approx(left.to_numpy(), abs=1e-3 * scale)
    boxes = found[found["equipment"] == "boxes"].set_index("zone")
    assert boxes["empty_in_per_year"].sum() == pytest.approx(boxes["empty_out_per_year"].sum())
    assert boxes.loc["east", "price_usd"] == boxes["price_usd"].max()  # boxes are wanted there
