"""Capacities of a forecast are the same however the elements are shared out."""

from __future__ import annotations

import numpy as np

from keruen.model import Model
from keruen.model.draws import sample, uncertain
from keruen.study.capacity_response import capacity_response
from keruen.study.forecast.capacity import CapacityPlan, drawn_of
from keruen.study.pipeline import Request
from keruen.study.targets import days_of
from support.template_draft import TEMPLATES

CORRIDOR = TEMPLATES / "corridor"
YEARS = (2024, 2030)


def test_parts_of_the_elements_together_are_all(model: Model) -> None:
    cells = uncertain(model)
    values = sample(cells, 3, 7)
    known = {}
    for part in ((0, 1), (0, 2), (1, 2)):
        response = capacity_response(model, days_of(model), YEARS, cells, part=part)
        found = response.capacities(values)
        known[part] = {one: found[:, :, at] for at, one in enumerate(response.elements)}
    parts = known[0, 2] | known[1, 2]
    assert not set(known[0, 2]) & set(known[1, 2])
    assert known[0, 2]
    assert known[1, 2]
    assert set(parts) == set(known[0, 1])
    for element, found in known[0, 1].items():
        np.testing.assert_allclose(parts[element], found, rtol=1e-9)


def test_no_element_in_service_comes_to_nought(model: Model) -> None:
    drawn = drawn_of(model, CapacityPlan(Request(CORRIDOR), YEARS), 8, 7, workers=1)
    assert drawn.ratios.native.shape == (8, 2, len(drawn.ratios.elements))
    # Later openings may come later still.
    assert (drawn.ratios.native[:, 0] > 0.0).all()
    assert drawn.values.shape == (8, len(drawn.cells))
