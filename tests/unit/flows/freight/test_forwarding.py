from __future__ import annotations

import math

import numpy as np
import pytest

from keruen.errors import FailedError, UsageError
from keruen.flows.freight.chains import spread_of, terms_at
from keruen.flows.freight.forwarding import Quote, Wanted, joined_at, quote
from keruen.flows.freight.solve import Flows
from keruen.model.place_names import Named
from support.forwarding import corridor_flows

EAST, WEST = Named("zones", "east"), Named("zones", "west")
MIDDLE = Named("zones", "middle")


def asked(origin: Named, destination: Named, commodity: str = "container") -> Quote:
    base, model, flows = corridor_flows()
    return quote(base, model, flows, Wanted(origin, destination, commodity))


def test_costs_are_those_that_the_equilibrium_chose_by() -> None:
    """Cost and scale of the choice give back the expected cost of the pair and its split."""
    flows = corridor_flows().flows
    found = asked(EAST, WEST)
    user = next(n for n, one in enumerate(flows.freight.cargo) if one == found.cargo)
    zones = list(flows.freight.zones)
    pairs, pool = flows.pairs, flows.within.assignment.routes
    ends = (zones.index("east"), zones.index("west"))
    own = (pairs.user == user) & (pairs.origin == ends[0]) & (pairs.destination == ends[1])
    pair = int(np.flatnonzero(own)[0])
    routes = range(pool.pair_first[pair], pool.pair_first[pair + 1])
    links = [tuple(pool.links[pool.first[r] : pool.first[r + 1]].tolist()) for r in routes]
    taken = {chain: pool.flow[route] for chain, route in zip(links, routes, strict=True)}
    whole = sum(taken.values())
    for way in found.ways:
        share = taken[way.chain.links] / whole
        expected = way.chain.cost + spread_of(flows, user) * math.log(share)
        assert flows.cost[pair] == pytest.approx(expected, rel=1e-4)
    assert found.demand == pytest.approx(whole)
    assert found.refused == pytest.approx(whole - sum(taken[way.chain.links] for way in found.ways))


def test_legs_add_up_to_the_chain() -> None:
    flows = corridor_flows().flows
    for origin, destination, commodity in ((EAST, WEST, "container"), (MIDDLE, WEST, "grain")):
        found = asked(origin, destination, commodity)
        user = next(n for n, one in enumerate(flows.freight.cargo) if one == found.cargo)
        terms = terms_at(flows, user)
        for way in found.ways:
            links = list(way.chain.links)
            assert way.time_h == pytest.approx(terms.hours[links].sum())
            paid = sum(leg.cost_usd for leg in way.legs)
            felt = sum(leg.felt_usd for leg in way.legs)
            worth = found.cargo.value_usd_per_h * way.time_h
            assert paid + felt + worth == pytest.approx(way.chain.cost)
            for one, other in zip(way.legs, way.legs[1:], strict=False):
                assert one.end == other.start
            assert way.time_sd_h > 0.0


def test_gases_are_activity_times_factor() -> None:
    found = asked(EAST, WEST)
    way = found.ways[0]
    by_mode = {leg.mode: one for leg, one in zip(way.legs, way.emissions, strict=True)}
    tonnes = found.cargo.t_per_unit
    assert by_mode["sea"].kg == pytest.approx(tonnes * 310.0 * 36.0 / 1000.0)
    assert by_mode["transshipment"].kg == pytest.approx(tonnes * 1.2)
    # The template knows no factor of rails in the east: that is told and makes the sum unknown.
    assert by_mode["rail"].lacking
    assert way.co2e_kg is None


def test_a_node_enters_where_it_stands() -> None:
    """Zones of the template have a way of their own to their node, which a node does without."""
    base = corridor_flows().base
    assert joined_at(base, Named("nodes", "batys")) == Named("nodes", "batys")
    whole, part = asked(EAST, WEST), asked(EAST, Named("nodes", "batys"))
    assert [leg.mode for leg in whole.ways[0].legs][-1] == "access"
    assert [leg.mode for leg in part.ways[0].legs] == [leg.mode for leg in whole.ways[0].legs][:-1]
    assert part.demand is None
    assert part.of_pair == whole.of_pair


def test_the_same_place_twice_is_refused() -> None:
    with pytest.raises(UsageError) as raised:
        asked(EAST, EAST)
    assert raised.value.problems[0].code == "same_place"


def without(mode: str, table: str, row: str) -> Flows:
    """The flows of a network whose links of a mode, or of one element, are closed to all."""
    flows = corridor_flows().flows
    closed = [
        one.mode == mode or (one.table, one.row) == (table, row) for one in flows.freight.drafts
    ]
    return flows._replace(freight=flows.freight._replace(barred=flows.freight.barred | closed))


@pytest.mark.parametrize(
    ("closed", "code", "row"),
    [
        (("sea", "", ""), "no_chain_between", 2),
        (("", "zones", "east"), "no_way_out", 2),
        (("", "zones", "west"), "no_way_in", 4),
    ],
)
def test_where_no_chain_leads_is_located(closed: tuple[str, str, str], code: str, row: int) -> None:
    base, model, _ = corridor_flows()
    flows = without(*closed)
    with pytest.raises(FailedError) as raised:
        quote(base, model, flows, Wanted(EAST, WEST, "container"))
    problem = raised.value.problems[0]
    assert (problem.code, problem.file, problem.row) == (code, "zones.csv", row)


def test_cargo_that_no_zone_moves_is_located() -> None:
    base, model, flows = corridor_flows()
    cargo = tuple(one._replace(commodity="else") for one in flows.freight.cargo)
    with pytest.raises(FailedError) as raised:
        quote(
            base,
            model,
            flows._replace(freight=flows.freight._replace(cargo=cargo)),
            Wanted(EAST, WEST, "grain"),
        )
    problem = raised.value.problems[0]
    assert (problem.code, problem.file, problem.row) == ("no_cargo_class", "commodities.csv", 3)
