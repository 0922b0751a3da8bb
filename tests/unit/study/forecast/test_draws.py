from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pytest

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.solve import is_loaded
from keruen.flows.freight.years import FreightYears
from keruen.model import Model
from keruen.model.draws import UncertainCell, uncertain
from keruen.study.forecast.draws import Cells, OneDraw, Ratios, YearDraws, ratio
from keruen.study.targets import days_of

YEAR = 2030
RATE = ("growth_drivers", "trade", "rate_share_per_year")


@pytest.fixture(scope="module")
def years(model: Model) -> FreightYears:
    return FreightYears(model, days_of(model), Settings(gap=1e-3))


NONE: dict[str, float] = {}


class Drawn(NamedTuple):
    """Draws of the year, and one whose elements have a share of what they have at the mode."""

    year: YearDraws
    one: OneDraw


def drawn_of(
    model: Model,
    years: FreightYears,
    cells: tuple[UncertainCell, ...],
    values: list[float],
    moved: dict[str, float] = NONE,
) -> Drawn:
    drafts = years.freight(YEAR).drafts
    elements = tuple(sorted({(one.table, one.row, one.direction) for one in drafts}))
    shares = np.array([moved.get(row, 1.0) for _, row, _ in elements])[None, :]
    ratios = Ratios(elements, (YEAR,), shares, shares, shares)
    own = YearDraws(years, YEAR, Cells(model, cells), elements, 0)
    return Drawn(own, OneDraw(np.array(values), ratios))


def test_with_everything_as_stated_a_draw_is_the_study(model: Model, years: FreightYears) -> None:
    cells = uncertain(model)
    stated = [cell.number(cell.value) for cell in cells]
    own = drawn_of(model, years, cells, stated)
    base = years.flows(2024)
    case = own.year.case(own.one, base.cost[is_loaded(base)])
    freight, pairs = years.freight(YEAR), years.loaded(YEAR)
    assert case.draw.capacity == pytest.approx(freight.capacity)
    assert case.draw.prices == pytest.approx(np.ones(len(freight.terms.rows)))
    assert case.pairs.amount == pytest.approx(pairs.amount)
    wanted = years.answer(YEAR, pairs)
    assert wanted is not None
    assert case.answer is not None
    assert case.answer.reference_usd == pytest.approx(wanted.reference_usd, nan_ok=True)
    assert case.answer.shift_usd == pytest.approx(wanted.shift_usd, abs=1e-9)
    for one, other in zip(case.freight.cargo, freight.cargo, strict=True):
        assert one[7:11] == pytest.approx(other[7:11])


def test_growth_follows_the_rate_that_is_drawn(model: Model, years: FreightYears) -> None:
    owner = next(iter(model.owners.values()))._replace(low="0.01", high="0.05", mode="")
    owners = MappingProxyType({**model.owners, RATE: owner})
    known = replace(model, owners=owners)
    cells = tuple(cell for cell in uncertain(known) if cell.key == RATE)
    assert len(cells) == 1
    grown = drawn_of(model, years, cells, []).year.growth(np.array([0.05]))
    # Six years of growth, 2025 to 2030, on the pairs that the driver covers.
    assert sorted(set(grown.round(9).tolist())) == pytest.approx([1.0, (1.05 / 1.03) ** 6])
    again = drawn_of(model, years, cells, []).year.growth(np.array([0.03]))
    assert again == pytest.approx(np.ones(grown.size))


def test_capacities_move_with_their_elements_alone(model: Model, years: FreightYears) -> None:
    drafts = years.freight(YEAR).drafts
    row = next(one.row for one in drafts if np.isfinite(one.capacity))
    own = drawn_of(model, years, (), [], {row: 0.25})
    compiled, found = years.freight(YEAR).capacity, own.year.capacity(own.one.ratios)
    for draft, before, after in zip(drafts, compiled.tolist(), found.tolist(), strict=True):
        assert after == (0.25 * before if draft.row == row else before)


def test_paths_given_back_are_not_drawn(model: Model, years: FreightYears) -> None:
    """A draw moves what the record leaves; an element that it has not opened stays shut."""
    drafts = years.freight(YEAR).drafts
    at, row = next((n, one.row) for n, one in enumerate(drafts) if np.isfinite(one.capacity))
    for share, wanted in ((0.25, 0.25 * 0.6 + 0.4), (0.0, 0.0)):
        own = drawn_of(model, years, (), [], {row: share})
        whole = years.freight(YEAR).capacity[at]
        own.year._kept[at] = 0.4 * whole
        own.year._least[at] = 0.0
        assert own.year.capacity(own.one.ratios)[at] == pytest.approx(wanted * whole)


def test_numbers_are_looked_up_where_they_are_drawn(model: Model) -> None:
    owner = next(iter(model.owners.values()))._replace(low="0.01", high="0.05", mode="")
    known = replace(model, owners=MappingProxyType({**model.owners, RATE: owner}))
    cells = tuple(cell for cell in uncertain(known) if cell.key == RATE)
    other = ("commodities", "container", "cost_elasticity")
    numbers = Cells(model, cells).look_up([other, RATE])
    stated = model.number(*other)
    assert numbers.of(np.array([0.06])).tolist() == [stated, 0.06]
    assert numbers.ratios(np.array([0.06])).tolist() == pytest.approx([1.0, 2.0])


def test_a_ratio_of_what_is_not_known_moves_nothing() -> None:
    drawn = np.array([3.0, np.nan, np.inf, 0.0])
    stated = np.array([2.0, 2.0, np.inf, 5.0])
    assert ratio(drawn, stated).tolist() == [1.5, 1.0, 1.0, 0.0]
