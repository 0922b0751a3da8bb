"""Responses of capacities to draws against working every draw out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keruen.model import Model
from keruen.model.draws import FloatArray, UncertainCell, draw_overlay, sample, uncertain
from keruen.study.capacity_response import Response, capacity_response, element_capacities
from keruen.study.targets import days_of
from support.tiny_study import assumed, change, project, tiny_model, tiny_tables

YEARS = (2024, 2026, 2028)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Model:
    tables = tiny_tables()
    tables["projects"] = [project("double", status="committed", open_date="2025-06-01")]
    tables["project_changes"] = [change("double", ("sections", "ab", "tracks"), 2)]
    tracks = {**assumed(("sections", "bc", "tracks"), 1, 2), "distribution": "alternatives"}
    opening = assumed(("projects", "double", "open_date"), "2025-01-01", "2028-01-01")
    tables["provenance"] = [
        assumed(("line_classes", "plain", "freight_speed_km_per_h"), 50, 75),
        assumed(("signalling", "semi", "start_min"), 1, 3),
        assumed(("line_classes", "plain", "crossing_gap_km"), 15, 25),
        tracks,
        opening,
    ]
    return tiny_model(tmp_path_factory.mktemp("study"), tables)


@pytest.fixture(scope="module")
def cells(base: Model) -> tuple[UncertainCell, ...]:
    return uncertain(base)


@pytest.fixture(scope="module")
def response(base: Model, cells: tuple[UncertainCell, ...]) -> Response:
    return capacity_response(base, days_of(base), YEARS, cells)


def exact(model: Model, response: Response) -> FloatArray:
    """Native capacities (years, elements), worked out."""
    days = days_of(model)
    found = np.zeros((len(YEARS), len(response.elements)))
    for place, year in enumerate(YEARS):
        known = element_capacities(days(date(year, 7, 1)))
        for number, element in enumerate(response.elements):
            record = known.get(element) or known.get((*element[:2], "both"))
            if record is not None:
                native = record.native_per_year
                found[place, number] = np.nan if native is None else native
                if record.limit == "unbounded":
                    found[place, number] = np.inf
    return found


def row_at(cells: tuple[UncertainCell, ...], **texts: str) -> FloatArray:
    return np.array([[one.number(texts.get(one.column, one.mode)) for one in cells]])


def test_at_the_modes_nothing_is_lost(
    base: Model, cells: tuple[UncertainCell, ...], response: Response
) -> None:
    found = response.capacities(row_at(cells))
    np.testing.assert_allclose(found[0], exact(base, response), rtol=1e-9)


@pytest.mark.parametrize(
    "texts",
    [
        {"freight_speed_km_per_h": "75"},
        {"start_min": "1"},
        {"crossing_gap_km": "25"},
        {"tracks": "1"},
    ],
)
def test_one_number_at_an_end_is_exact(
    base: Model, cells: tuple[UncertainCell, ...], response: Response, texts: dict[str, str]
) -> None:
    row = row_at(cells, **texts)
    wanted = exact(draw_overlay(base, cells, row[0]), response)
    assert not np.array_equal(wanted, exact(base, response), equal_nan=True)
    np.testing.assert_allclose(response.capacities(row)[0], wanted, rtol=1e-9)


def test_everything_drawn_is_near(
    base: Model, cells: tuple[UncertainCell, ...], response: Response
) -> None:
    values = sample(cells, 6, 11)
    found = response.capacities(values)
    for draw, row in enumerate(values):
        wanted = exact(draw_overlay(base, cells, row), response)
        np.testing.assert_allclose(found[draw], wanted, rtol=0.05)


def test_a_late_opening_leaves_the_years_before_as_they_were(
    base: Model, cells: tuple[UncertainCell, ...], response: Response
) -> None:
    element = response.elements.index(("sections", "ab", "both"))
    told = response.capacities(row_at(cells))[0, :, element]
    late = response.capacities(row_at(cells, open_date="2027-06-01"))[0, :, element]
    assert told[0] < told[1] == told[2]
    assert late.tolist() == [told[0], told[0], told[2]]
    delays = np.full((1, len(base["projects"])), np.inf)
    never = response.capacities(row_at(cells), delays)[0, :, element]
    assert never.tolist() == [told[0]] * 3


def test_measures_that_an_element_has_not_are_not_a_number(
    cells: tuple[UncertainCell, ...], response: Response
) -> None:
    tonnes = response.capacities(row_at(cells), measure="t")
    element = response.elements.index(("sections", "ab", "both"))
    assert np.isnan(tonnes[0, :, element]).all()


def test_tracks_that_cannot_carry_what_moved_are_not_believed(
    cells: tuple[UncertainCell, ...], response: Response
) -> None:
    row, stated = row_at(cells, tracks="1"), row_at(cells)
    assert response.believed(row).tolist() == row.tolist(), "one track carries the background"
    moved = np.zeros(len(response.elements))
    element = response.elements.index(("sections", "bc", "both"))
    moved[element] = response.capacities(stated)[0, 0, element]
    assert response.believed(row, moved).tolist() == stated.tolist()
    # What moved elsewhere says nothing of this line.
    elsewhere = np.where(np.arange(moved.size) == element, 0.0, np.inf)
    assert response.believed(row, elsewhere).tolist() == row.tolist()


def test_background_leaves_a_part_or_what_it_leaves_at_the_modes(
    cells: tuple[UncertainCell, ...], response: Response
) -> None:
    stated, row = row_at(cells), row_at(cells, tracks="1")
    np.testing.assert_array_equal(
        response.capacities(stated, left=0.95), response.capacities(stated)
    )
    element = response.elements.index(("sections", "bc", "both"))
    plain, kept = (response.capacities(row, left=left)[0, 0, element] for left in (0.0, 0.95))
    assert 0.0 < plain < kept
