from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keruen.flows.freight.outside import Outside
from keruen.flows.freight.solve import Draw
from keruen.flows.freight.years import FreightYears, PairKey, costs_by_pair, mid_year
from support.forwarding import YEAR, corridor

BASE = 2024


@pytest.fixture(scope="module")
def years() -> FreightYears:
    return corridor().years


class Known(FreightYears):
    """Years whose costs of reference are given, and another way that grows dearer by 100."""

    def reference(self) -> dict[PairKey, float]:
        return {("container", "east", "west"): 1000.0}

    def outside(self, year: int) -> Outside:
        later = 100.0 if year > self.base_year else 0.0
        known = super().outside(mid_year(year).year)
        return Outside(tuple(one._replace(usd=one.usd + later) for one in known.options))


def test_the_day_of_a_year() -> None:
    assert mid_year(2030) == date(2030, 7, 1)


def test_networks_demand_and_flows_are_worked_out_once(years: FreightYears) -> None:
    assert years.freight(YEAR) is years.freight(YEAR)
    assert years.demand(YEAR) is years.demand(YEAR)
    assert years.flows(BASE) is years.flows(BASE)
    assert years.freight(YEAR).day == mid_year(YEAR)


def test_demand_of_the_base_year_is_what_it_was(years: FreightYears) -> None:
    loaded = years.loaded(BASE)
    assert years.answer(BASE, loaded) is None
    flows = years.flows(BASE)
    own = np.array([one.loaded == "loaded" for one in flows.freight.cargo])[flows.pairs.user]
    assert flows.amount[own] == pytest.approx(loaded.amount)


def test_demand_of_a_later_year_answers_to_its_costs(years: FreightYears) -> None:
    """``given * exp(-elasticity * (cost - reference) / reference)``; nothing else has changed."""
    loaded, flows = years.loaded(YEAR), years.flows(YEAR)
    answer = years.answer(YEAR, loaded)
    assert answer is not None
    assert answer.shift_usd == pytest.approx(0.0)
    own = np.array([one.loaded == "loaded" for one in flows.freight.cargo])[flows.pairs.user]
    elasticity = np.array([one.elasticity for one in flows.freight.cargo])[loaded.user]
    part = (flows.cost[own] - answer.reference_usd) / answer.reference_usd
    assert flows.amount[own] == pytest.approx(loaded.amount * np.exp(-elasticity * part), rel=1e-5)
    assert np.abs(flows.amount[own] / loaded.amount - 1.0).max() > 1e-6


def test_costs_of_the_base_year_are_the_reference(years: FreightYears) -> None:
    flows, known = years.flows(BASE), years.reference()
    assert known == costs_by_pair(flows)
    assert set(known) >= {("container", "east", "west"), ("grain", "middle", "west")}
    assert not [one for one in known if one[0] in ("boxes", "hoppers")]  # no empties
    zones = list(flows.freight.zones)
    names = [one.name for one in flows.freight.cargo]
    own = (
        (flows.pairs.user == names.index("container@sea_feared"))
        & (flows.pairs.origin == zones.index("east"))
        & (flows.pairs.destination == zones.index("west"))
    )
    assert flows.cost[own].tolist() == [known["container", "east", "west"]]


@pytest.mark.parametrize(("year", "subsidy"), [(2026, 0.0), (2027, 50.0)])
def test_a_subsidy_that_ends_and_another_way_shift_demand(year: int, subsidy: float) -> None:
    """Fifty dollars to the west until 2026; the way round by sea is dearer by 100."""
    study = corridor()
    years = Known(study.base, study.days)
    pairs = years.loaded(year)
    answer = years.answer(year, pairs)
    assert answer is not None
    freight = years.freight(year)
    zones = list(freight.zones)
    found: dict[PairKey, tuple[float, float]] = {}
    for at in range(pairs.amount.size):
        ends = zones[pairs.origin[at]], zones[pairs.destination[at]]
        key = (freight.cargo[int(pairs.user[at])].commodity, *ends)
        found[key] = (float(answer.reference_usd[at]), float(answer.shift_usd[at]))
    reference, shift = found["container", "east", "west"]
    assert reference == 1000.0
    assert shift == pytest.approx(subsidy - 100.0)
    west = found["container", "west", "east"]
    assert np.isnan(west[0])
    assert west[1] == pytest.approx(-100.0)
    assert found["grain", "middle", "west"][1] == 0.0  # grain has no other way


def test_a_near_year_is_where_a_search_begins(years: FreightYears) -> None:
    """Until what is feared changes with 2027: then the classes are others."""
    years.flows(BASE)
    assert years._near(YEAR) is not None
    assert years._near(2027) is None


def test_growth_of_a_draw(years: FreightYears) -> None:
    flows = years.flows(BASE)
    half = years.solved(
        BASE, Draw(rounds=1), flows.start, np.full(years.loaded(BASE).amount.size, 0.5)
    )
    own = np.array([one.loaded == "loaded" for one in half.freight.cargo])[half.pairs.user]
    assert half.amount[own] == pytest.approx(0.5 * years.loaded(BASE).amount)
