from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.freight.chains import Ends, Terms, chains_of
from keruen.flows.freight.draft import Place
from keruen.flows.freight.legs import Leg, Reading
from keruen.flows.freight.variability import Planned
from support.freight_diamond import diamond, drafts, terms


def legs_of(change: dict[str, float] | None = None) -> tuple[Terms, tuple[Leg, ...]]:
    """Legs of the cheapest chain, with queues on rows."""
    freight = diamond()
    own = terms(freight)
    queue = np.array([(change or {}).get(draft.row, 0.0) for draft in freight.drafts])
    own = own._replace(hours=own.hours + queue, queue_h=queue)
    ends = Ends((freight.zones["east"],), (freight.zones["west"],))
    chain = chains_of(freight, ends, own, 20.0)[0]
    waits = {"border": Planned(1.0, 4.0)}
    reading = Reading(
        freight,
        own,
        lambda draft: waits.get(draft.mode, Planned()),
        lambda row: "main" if row in ("a_n", "north_rails") else "",
    )
    return own, reading.legs(chain.links)


def test_legs_meet_and_add_up() -> None:
    own, legs = legs_of()
    assert [(leg.mode, leg.start[1], leg.end[1], leg.country) for leg in legs] == [
        ("rail", "a", "n", "XA"),
        ("border", "n", "m", "XA"),
        ("rail", "m", "b", "XB"),
    ]
    assert sum(leg.time_h for leg in legs) == pytest.approx(45.5)
    assert [leg.length_km for leg in legs] == [100.0, 10.0, 100.0]
    assert [leg.usd for leg in legs] == [{"haulage": 1.0}] * 3
    assert own.user == 0


def test_a_border_is_its_sojourn_and_not_its_service() -> None:
    _, legs = legs_of({"north": 3.0})
    border = legs[1]
    assert (border.moving_h, border.wait_h) == (0.5, 4.0)
    assert border.sojourn_h == pytest.approx(8.0)
    assert border.time_h == pytest.approx(8.5)
    # Opening hours and service, and a queue that varies as much as it is long.
    assert border.variance_h2 == pytest.approx(4.0 + 9.0)


def test_far_sides_of_a_border_are_legs_apart_from_the_way_between() -> None:
    """Of 10 km the rails are part of the crossing, of 263 km a leg between its two sides."""
    found = []
    for draft in drafts():
        if draft.row == "north_rails":
            met: Place = ("met", "north", "1520")
            found.append(draft._replace(length_km=263.0, head=met))
            entry = draft._replace(
                mode="border", table="border_crossings", row="north_in", tail=met
            )
            found.append(entry._replace(length_km=0.0, running_h=0.0, standing_h=2.0))
        else:
            found.append(draft)
    freight = diamond(found)
    own = terms(freight)
    ends = Ends((freight.zones["east"],), (freight.zones["west"],))
    chain = next(
        one
        for one in chains_of(freight, ends, own, 20.0)
        if any(freight.drafts[link].row == "north" for link in one.links)
    )
    legs = Reading(freight, own, lambda _: Planned(), lambda _: "").legs(chain.links)
    assert [(leg.mode, leg.start[1], leg.end[1], leg.length_km) for leg in legs[:4]] == [
        ("rail", "a", "n", 100.0),
        ("border", "n", "n", 0.0),
        ("rail", "n", "m", 263.0),
        ("border", "m", "m", 0.0),
    ]
    assert [leg.sojourn_h for leg in legs[1:4]] == [5.0, 0.0, 2.0]
    far = freight._replace(assumptions=freight.assumptions._replace(crossing_km=263.0))
    legs = Reading(far, own, lambda _: Planned(), lambda _: "").legs(chain.links)
    assert [(leg.mode, leg.length_km) for leg in legs[:2]] == [("rail", 100.0), ("border", 263.0)]


def test_a_way_that_nothing_is_asked_for_is_not_priced() -> None:
    _, legs = legs_of()
    rail = legs[0]
    assert rail.is_priced
    assert not rail._replace(usd={"scarcity": 3.0}).is_priced
    assert rail._replace(usd={}, length_km=0.0).is_priced  # a place asks nothing by the kilometre


def test_the_queue_of_a_line_is_one() -> None:
    _, legs = legs_of({"a_n": 2.0})
    assert legs[0].variance_h2 == pytest.approx(4.0)
    assert legs[0].elements == (("sections", "a_n"),)
