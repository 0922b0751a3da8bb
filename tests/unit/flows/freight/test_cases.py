from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from keruen.flows.freight.cases import (
    Alike,
    Case,
    closed,
    gain_usd,
    priced,
    rent_usd,
    solve_case,
    timed,
    whole_of,
)
from keruen.flows.freight.compile import same_links
from keruen.flows.freight.selection import links_of
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.years import mid_year
from support.freight_study import corridor

YEAR = 2027


def links(table: str, row: str) -> np.ndarray:
    years, days = corridor()
    return links_of(years.freight(YEAR), days(mid_year(YEAR)).model, table, row)


def test_a_case_without_a_change_is_the_year_itself() -> None:
    years, _ = corridor()
    now = years.flows(YEAR)
    for start in (None, now):
        again = solve_case(years, YEAR, Case(years.freight(YEAR)), start)
        assert np.allclose(again.amount, now.amount, rtol=1e-5)
        assert whole_of(again) == pytest.approx(whole_of(now), rel=1e-5)


def test_demand_of_the_base_year_answers_to_a_case() -> None:
    years, _ = corridor()
    year = years.base_year
    now = years.flows(year)
    same = solve_case(years, year, Case(years.freight(year)), now)
    assert np.allclose(same.amount, now.amount, rtol=1e-4)
    rail = np.flatnonzero([one.mode == "rail" for one in years.freight(year).drafts])
    dear = solve_case(years, year, priced(years.freight(year), rail, 1.5), now)
    assert whole_of(dear).wanted_t < whole_of(now).wanted_t
    assert gain_usd(now, dear) < 0.0


def test_nobody_takes_what_is_closed() -> None:
    years, _ = corridor()
    now = years.flows(YEAR)
    shut = links("vessel_lines", "ailaq_jaga_container")
    assert now.within.assignment.volume[shut].sum() > 0.0
    after = solve_case(years, YEAR, closed(years.freight(YEAR), shut), now)
    assert not after.within.assignment.flow[:, shut].any()
    assert whole_of(after).served_t < whole_of(now).served_t
    assert gain_usd(now, after) < 0.0


def test_prices_move_on_the_links_named_only_and_aversions_stay() -> None:
    freight = corridor()[0].freight(2024)
    sea = np.flatnonzero([one.mode == "sea" for one in freight.drafts])
    case = priced(freight, sea, 2.0)
    change = case.freight.terms.usd - freight.terms.usd
    shunned = np.array([table == "route_aversions" for table, _ in freight.terms.rows])
    moved = np.isin(freight.terms.link, sea) & ~shunned[freight.terms.row]
    assert shunned.any()
    assert np.array_equal(change, np.where(moved, freight.terms.usd, 0.0))


def test_a_shorter_wait_draws_cargo_and_what_it_would_pay_at_most_stays() -> None:
    years, _ = corridor()
    freight, now = years.freight(YEAR), years.flows(YEAR)
    sea = links("vessel_lines", "ailaq_jaga_container")
    free = freight.network.links.rows[sea, 0]
    quick = solve_case(years, YEAR, timed(freight, sea, free * 0.5, 0.5), now)
    assert quick.within.assignment.volume[sea].sum() > now.within.assignment.volume[sea].sum()
    assert gain_usd(now, quick) > 0.0
    rail = np.flatnonzero([one.mode == "rail" for one in freight.drafts])
    cheap = solve_case(years, YEAR, priced(freight, rail, 0.7), now)
    assert whole_of(cheap).refused_t <= whole_of(now).refused_t
    assert whole_of(cheap).wanted_t > whole_of(now).wanted_t


def test_other_links_are_no_start() -> None:
    years, _ = corridor()
    now, later = years.freight(2024), years.freight(2030)
    assert same_links(now, now)
    assert not same_links(now, later)
    found = solve_case(years, 2030, Case(later), years.flows(2024))
    assert whole_of(found) == pytest.approx(whole_of(years.flows(2030)), rel=1e-4)


def test_cases_compared_choose_among_the_same_routes() -> None:
    years, days = corridor()
    year = 2030
    freight = years.freight(year)
    shut = closed(freight, links_of(freight, days(mid_year(year)).model, "sections", "tepe_dala"))
    here, earlier = Case(freight), Case(years.freight(YEAR))
    alike = Alike(years, year)
    for case in (shut, earlier):
        alike.seek(case)
    now = alike.present()
    assert now is alike.present()
    same, without = alike.solved(here), alike.solved(shut)
    assert np.array_equal(same.within.assignment.volume, now.within.assignment.volume)
    assert gain_usd(now, same) == 0.0
    # The rate of the whole way holds on the bypass too, so that hardly anybody is worse off.
    assert rent_usd(now) == pytest.approx(paid_for_scarcity(now))
    assert abs(gain_usd(now, without)) < 1e-3 * whole_of(now).cost_usd
    # What is left of the present's routes once the section is shut is all that there is then.
    assert ways(without) <= ways(now)
    bypass = {at for at, one in enumerate(freight.drafts) if one.row == "orta_dala_bypass"}
    assert any(bypass & set(way) for way in ways(now))
    # A network without the new link has the ways that do without it.
    before = alike.solved(earlier)
    assert before.within.converged
    assert not any(one.row == "orta_dala_bypass" for one in before.freight.drafts)


def paid_for_scarcity(flows: Flows) -> float:
    """What every class pays on every link."""
    own = len(flows.freight.drafts)
    carried = flows.within.assignment.flow[:, :own] * flows.freight.load
    return float((carried * flows.within.price[None, :own]).sum())


def ways(flows: Flows) -> set[tuple[int, ...]]:
    pool = flows.within.assignment.routes
    return {tuple(pool.links[a:b].tolist()) for a, b in pairwise(pool.first.tolist())}
