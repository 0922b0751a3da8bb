from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.freight.prices import BIG
from keruen.flows.freight.zone_costs import zone_costs
from support.freight_diamond import diamond, drafts


def test_the_cheapest_way_between_zones() -> None:
    """45.5 h by the north; barred links are no way, and none leads back."""
    freight = diamond()
    zones = list(freight.zones)
    east, west = zones.index("east"), zones.index("west")
    hours = freight.network.links.rows[None, :, 0].copy()
    found = zone_costs(freight, hours)[0]
    assert found[east, west] == pytest.approx(45.5)
    assert np.isinf(found[west, east])
    hours[:, [one.row == "north" for one in freight.drafts]] = BIG
    assert zone_costs(freight, hours)[0, east, west] == pytest.approx(14.0 + 5.5 + 32.0)


def test_no_way_leads_through_a_zone() -> None:
    """A zone at the place W, close to everything, is no short cut."""
    inner = drafts()[0]._replace(
        tail=("zone", "inner", ""), head=("rail", "b", "1520"), row="inner"
    )
    into = inner._replace(tail=("rail", "a", "1520"), head=("zone", "inner", ""))
    freight = diamond([*drafts(), inner, into])
    zones = list(freight.zones)
    found = zone_costs(freight, freight.network.links.rows[None, :, 0])[0]
    east, west, middle = (zones.index(one) for one in ("east", "west", "inner"))
    assert found[east, middle] == pytest.approx(0.0, abs=1e-6)
    assert found[middle, west] == pytest.approx(0.0, abs=1e-6)
    assert found[east, west] == pytest.approx(45.5)
