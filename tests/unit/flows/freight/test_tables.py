from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keruen.flows.arrays import RoutePool
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.tables import (
    LINK_COLUMNS,
    ROUTE_COLUMNS,
    Ways,
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
    key = ["origin", "destination", "commodity", "loaded"]
    told = few.groupby(key)
    wanted = (few["quantity_per_year"] / few["share"]).groupby([few[one] for one in key]).first()
    shares = told["share"].sum() + told["left_out_share"].first()
    moved = routes.groupby(key)["quantity_per_year"].sum().loc[wanted.index]
    assert (shares * wanted).to_numpy() == pytest.approx(moved.to_numpy())


def test_routes_that_read_alike_are_one_row(flows: Flows, routes: pd.DataFrame) -> None:
    key = ["origin", "destination", "commodity", "loaded", "refused", "chain"]
    assert not routes.duplicated(key).any()
    away = routes[routes["refused"]]
    assert away[["cost_usd", "time_h", "length_km"]].isna().all(axis=None)
    assert routes[~routes["refused"]]["cost_usd"].notna().all()
    turned = flows.refused[flows.amount > 0.0]
    assert away["quantity_per_year"].sum() == pytest.approx(turned.sum())


def twice(pool: RoutePool) -> RoutePool:
    """Every route as two that read alike: a third as it is, two thirds without its first link."""
    counts = np.diff(pool.first)
    own = [
        pool.links[start : start + many] for start, many in zip(pool.first, counts, strict=False)
    ]
    links = [half for one in own for half in (one, one[1:] if one.size > 1 else one)]
    sizes = np.array([half.size for half in links])
    return pool._replace(
        pair_first=2 * pool.pair_first,
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(pool.first.dtype),
        links=np.concatenate(links),
        flow=np.repeat(pool.flow, 2) * np.tile([1.0 / 3.0, 2.0 / 3.0], pool.flow.size),
        log_size=np.repeat(pool.log_size, 2),
    )


def test_a_row_of_two_routes_is_their_mean(flows: Flows, routes: pd.DataFrame) -> None:
    """The first link of grain is 20 km of access to Kent, which no chain in words tells."""
    assignment = flows.within.assignment
    both = assignment._replace(routes=twice(assignment.routes))
    rows = route_table(flows._replace(within=flows.within._replace(assignment=both)), 0.0)
    assert rows["chain"].tolist() == routes["chain"].tolist()
    assert rows["share"].to_numpy() == pytest.approx(routes["share"].to_numpy())
    grain = rows["commodity"] == "grain"
    before, after = (frame[grain].iloc[0] for frame in (routes, rows))
    assert before["length_km"] - after["length_km"] == pytest.approx(20.0 * 2.0 / 3.0)
    assert before["time_h"] > after["time_h"]
    # Lorries ask 0.09 a tonne-kilometre there.
    assert before["cost_usd"] - after["cost_usd"] == pytest.approx(0.09 * 20.0 * 2.0 / 3.0)


def test_the_cost_of_a_route_holds_what_its_pair_gets(
    flows: Flows, routes: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boxes from inland to overseas get 50 a box; grain and empty boxes do not."""
    monkeypatch.setattr(type(flows.freight.pricing), "of_pair", lambda *_: [])
    bare = route_table(flows, 0.0)
    gets = (routes["cost_usd"] - bare["cost_usd"]).where(~routes["refused"], 0.0)
    boxes = (routes["commodity"] == "container") & (routes["loaded"] == "loaded")
    assert set(gets[boxes & ~routes["refused"]].round(9)) == {0.0, -50.0}
    assert set(gets[~boxes].round(9)) == {0.0}


def test_a_route_in_words_kilometres_and_dollars(routes: pd.DataFrame) -> None:
    """From Kent to the sea 174 km, over it 310, 160 beyond; 20 and 100 km of access."""
    grain = routes[routes["commodity"] == "grain"].iloc[0]
    assert grain["chain"] == "kent – [ailaq_grain] – ailaq – [jaga_grain] – jaga – batys"
    assert grain["length_km"] == pytest.approx(20.0 + 55 + 36 + 37 + 46 + 310 + 160 + 100)
    # 0.03 a tonne-kilometre, but Orta–Ailaq (119 km) at 4200 tenge of the place by 470.
    rest = 0.03 * (55 + 310 + 160)
    access = 0.09 * (20.0 + 100.0)
    # What the sea is feared with (5) is felt and not paid.
    assert grain["cost_usd"] == pytest.approx(rest + 4200.0 / 470.0 + access)


def test_costs_are_paid_and_waited(flows: Flows) -> None:
    """Dollars of a route are those of its prices and its hours at the value of its class."""
    ways = Ways(flows)
    value = np.array([one.value_usd_per_h for one in flows.freight.cargo])
    whole = ways.paid + ways.felt + value[:, None] * ways.hours
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
