from __future__ import annotations

import numpy as np
import pytest

from keruen.capacity.registry import Capacities
from keruen.errors import FailedError
from keruen.flows.curves.registry import BPR, QUEUE
from keruen.flows.freight.compile import (
    Freight,
    compile_freight,
    drafts_of,
    link_costs,
)
from keruen.flows.freight.prices import BIG
from keruen.flows.freight.years import mid_year
from support.forwarding import YEAR, corridor
from support.freight_diamond import diamond


@pytest.fixture(scope="module")
def freight() -> Freight:
    return corridor().years.freight(YEAR)


def link(freight: Freight, row: str, direction: str = "forward") -> int:
    return next(
        at for at, one in enumerate(freight.drafts) if (one.row, one.direction) == (row, direction)
    )


def user(freight: Freight, name: str) -> int:
    return next(at for at, one in enumerate(freight.cargo) if one.name == name)


def test_a_model_of_no_day_is_refused() -> None:
    study = corridor()
    with pytest.raises(FailedError) as told:
        compile_freight(study.base, study.days(mid_year(YEAR)))
    assert told.value.problems[0].code == "day_needed"


def test_loads_in_the_units_of_each_link(freight: Freight) -> None:
    """Trains on rails, boxes over a berth for boxes, tonnes over one for grain."""
    box, grain = user(freight, "container"), user(freight, "grain")
    empty = user(freight, "boxes_empty")
    rails, boxes, tonnes = (
        link(freight, "bulaq_orta"),
        link(freight, "ailaq_container", "both"),
        link(freight, "ailaq_grain", "both"),
    )
    assert freight.load[box, rails] == pytest.approx(1.0 / 112.0)
    assert freight.load[grain, rails] == pytest.approx(1.0 / 3700.0)
    assert freight.load[[box, empty], boxes].tolist() == [1.0, 1.0]
    assert freight.load[grain, tonnes] == 1.0


def test_no_class_takes_links_that_do_not_serve_it(freight: Freight) -> None:
    fixed = freight.users().fixed
    for at, one in enumerate(freight.cargo):
        able = np.array([one.cargo_class in draft.serves for draft in freight.drafts])
        assert (freight.barred[at] == ~able).all()
        assert (fixed[at][~able] == BIG).all()
        assert fixed[at][able].max() < 1e4
    assert freight.barred[user(freight, "grain"), link(freight, "ailaq_container", "both")]
    assert freight.barred[:, link(freight, "qaqpa_ailaq_road")].all()


def test_classes_stand_at_stations_on_rail_alone(freight: Freight) -> None:
    grain, rails = user(freight, "grain"), link(freight, "bulaq_orta")
    assert freight.extra_h[grain, rails] == pytest.approx(1.6 * 36.0 / 50.0)
    at_sea = [at for at, one in enumerate(freight.drafts) if one.mode != "rail"]
    assert not freight.extra_h[:, at_sea].any()


def test_waits_are_those_of_the_busiest_month(freight: Freight) -> None:
    rails = link(freight, "bulaq_orta")
    links = freight.network.links
    assert links.kind[rails] == QUEUE
    assert links.rows[rails, 1] == pytest.approx(freight.capacity[rails] / freight.unevenness)
    assert freight.unevenness > 1.0
    assert links.kind[link(freight, "west", "both")] == BPR


def test_a_fear_is_felt_once_on_the_link_it_is_of(freight: Freight) -> None:
    fixed = freight.users().fixed
    more = fixed[user(freight, "container@sea_feared")] - fixed[user(freight, "container")]
    sea = [link(freight, "ailaq_jaga_container", way) for way in ("forward", "backward")]
    assert more[sea].tolist() == pytest.approx([100.0, 100.0])
    assert np.delete(more, sea) == pytest.approx(0.0)


def test_prices_of_a_draw_are_times_their_factor(freight: Freight) -> None:
    rows = list(freight.terms.rows)
    factor = np.ones(len(rows))
    factor[rows.index(("tariffs", "sea_any"))] = 3.0
    more = freight.users(factor).fixed - freight.users().fixed
    grain, sea = user(freight, "grain"), link(freight, "ailaq_jaga_grain")
    assert more[grain, sea] == pytest.approx(2.0 * 0.03 * 310.0)
    assert more[grain, link(freight, "bulaq_orta")] == 0.0


def test_what_is_shut_is_no_link() -> None:
    cell = ("vessel_allocations", "bulkers_grain", "share")
    shut = Capacities(corridor().base.with_cells({cell: "0"}).at(mid_year(YEAR)))
    found = drafts_of(shut.model, shut)
    assert "ailaq_jaga_grain" not in {one.row for one in found}
    assert all(one.capacity > 0.0 for one in found)


def test_cost_of_a_link_is_time_price_and_scarcity() -> None:
    freight = diamond()
    links = len(freight.drafts)
    freight = freight._replace(load=np.full((1, links), 0.01))
    users = corridor().years.freight(YEAR).users()
    users = users._replace(value=np.array([2.0]), fixed=np.full((1, links), 3.0))
    hours = freight.network.links.rows[:, 0]
    assert link_costs(freight, users)[0] == pytest.approx(2.0 * hours + 3.0)
    dear = link_costs(freight, users, hours + 1.0, np.full(links, 500.0))
    assert dear[0] == pytest.approx(2.0 * hours + 2.0 + 3.0 + 5.0)
