"""Years of a forecast under a draw: a draw of what is stated gives the study as it stands."""

from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.arrays import RoutePool
from keruen.flows.freight.pairs import no_pairs
from keruen.flows.freight.solve import Start
from keruen.model import read_study
from keruen.model.draws import uncertain
from keruen.study.forecast.draws import OneDraw, Ratios
from keruen.study.forecast.part import Plan, Ready, in_use, is_near_rest, solved_draw
from keruen.study.forecast.rows import forecast_rows
from keruen.study.pipeline import Request
from support.template_draft import TEMPLATES

CORRIDOR = TEMPLATES / "corridor"
YEARS = (2024, 2030)
ELEMENT = ("sections", "nowhere", "both")


@pytest.fixture(scope="module")
def ready() -> Ready:
    model = read_study(CORRIDOR).model
    assert model is not None
    return Plan(Request(CORRIDOR), YEARS, forecast_rows(model), (ELEMENT,))()


def draw_of_what_is_stated() -> OneDraw:
    model = read_study(CORRIDOR).model
    assert model is not None
    values = np.array([cell.number(cell.value) for cell in uncertain(model)])
    whole = np.ones((len(YEARS), 1))
    return OneDraw(values, Ratios((ELEMENT,), YEARS, whole, whole, whole))


def test_what_is_stated_gives_the_study_as_it_stands(ready: Ready) -> None:
    stands, drawn = solved_draw(ready, None), solved_draw(ready, draw_of_what_is_stated())
    assert (stands.open, drawn.open) == (0, 0)
    assert all(is_near_rest(year.mean) for year in ready.years.values())
    np.testing.assert_allclose(drawn.volumes, stands.volumes, rtol=0.02)
    assert (stands.volumes > 0.0).all()


def test_the_same_draw_gives_the_same(ready: Ready) -> None:
    draw = draw_of_what_is_stated()
    again = solved_draw(ready, draw)
    np.testing.assert_array_equal(again.volumes, solved_draw(ready, draw).volumes)


def test_routes_that_hardly_anybody_takes_are_left_behind() -> None:
    pool = RoutePool(
        np.array([0, 2, 3]),
        np.array([0, 1, 2, 3]),
        np.array([5, 6, 7], dtype=np.int32),
        np.array([100.0, 1e-3, 1e-9]),
        np.zeros(3),
    )
    found = in_use(Start(no_pairs(), pool, np.zeros(8)), 1e-4).routes
    assert found.links.tolist() == [5, 7]
    assert found.pair_first.tolist() == [0, 1, 2]
