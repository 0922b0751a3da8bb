from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.solve import Flows, return_shares, solve
from keruen.flows.freight.universe import Universe
from keruen.flows.freight.years import FreightYears
from keruen.model import read_study
from keruen.study.targets import days_of
from support.template_draft import TEMPLATES

YEARS = (2024, 2028)
FIXED = Settings(gap=1e-6, widen=False)


@cache
def years() -> FreightYears:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    return FreightYears(model, days_of(model), Settings(gap=1e-6))


@cache
def cold(year: int) -> Flows:
    own = years()
    freight = own.freight(year)
    return solve(freight, own.loaded(year), return_shares(own.base, freight), Settings(gap=1e-6))


def test_on_its_routes_a_case_is_what_it_is_when_others_may_be_found() -> None:
    universe = Universe()
    assert len(universe) == 0
    universe.add(cold(2024))
    own = years()
    freight = own.freight(2024)
    start = universe.start(freight, own.loaded(2024))
    again = solve(freight, own.loaded(2024), return_shares(own.base, freight), FIXED, None, start)
    assert again.within.converged
    wider = FIXED._replace(widen=True)
    free = solve(freight, own.loaded(2024), return_shares(own.base, freight), wider, None, start)
    scale = free.within.assignment.volume.max()
    np.testing.assert_allclose(
        again.within.assignment.volume,
        free.within.assignment.volume,
        rtol=1e-3,
        atol=1e-4 * scale,
    )


def test_every_pair_may_be_turned_away_and_stands_once() -> None:
    universe = Universe()
    for year in YEARS:
        universe.add(cold(year))
    own = years()
    freight = own.freight(2024)
    start = universe.start(freight, own.loaded(2024))
    pairs, pool, zones = start.pairs, start.routes, len(freight.zones)
    keys = (pairs.user * zones + pairs.origin) * zones + pairs.destination
    assert (np.diff(keys) > 0).all()
    direct = len(freight.drafts) + pairs.origin * zones + pairs.destination
    for at in range(keys.size):
        first = pool.first[pool.pair_first[at] : pool.pair_first[at + 1]]
        assert (pool.links[first] == direct[at]).sum() == 1
    assert (pool.flow > 0.0).all()


def test_a_case_more_adds_routes_and_takes_none_away() -> None:
    universe = Universe()
    universe.add(cold(2024))
    before = len(universe)
    universe.add(cold(2024))
    assert len(universe) == before
    universe.add(cold(2028))
    assert len(universe) >= before


@pytest.mark.parametrize("year", YEARS)
def test_routes_lead_from_origin_to_destination(year: int) -> None:
    universe = Universe()
    for each in YEARS:
        universe.add(cold(each))
    own = years()
    freight = own.freight(year)
    start = universe.start(freight, own.loaded(year))
    links, nodes = freight.network.links, list(freight.zones.values())
    pool = start.routes
    pair = np.repeat(np.arange(start.pairs.user.size), np.diff(pool.pair_first))
    checked = 0
    for route in range(pool.flow.size):
        way = pool.links[pool.first[route] : pool.first[route + 1]]
        if way[0] >= len(freight.drafts):
            continue
        ends = (start.pairs.origin[pair[route]], start.pairs.destination[pair[route]])
        assert (links.tail[way[0]], links.head[way[-1]]) == tuple(nodes[end] for end in ends)
        checked += 1
    assert checked > 0
