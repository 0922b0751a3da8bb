from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from keruen.flows.freight.counting import measured
from keruen.model import read_study
from keruen.study.past import Past
from keruen.study.targets import days_of
from support.template_draft import TEMPLATES

ROWS = {2022: ["berth_boxes_2022"], 2024: ["berth_boxes_2024"]}
HISTORY = ("demand_history", "boxes_2022", "factor")
SPREAD = ("commodities", "container", "choice_spread_share")


@cache
def past() -> Past:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    found = Past(model, days_of(model), ROWS)
    found.gather([{}], lambda _: None)
    return found


def test_only_years_that_a_number_moves_are_worked_out_again() -> None:
    own = past()
    for year in ROWS:
        own.logs(year, {})
    before = own.solved
    assert (own.logs(2024, {HISTORY: 0.5}) == own.logs(2024, {})).all()
    assert own.solved == before
    own.logs(2022, {HISTORY: 0.5})
    assert own.solved == before + 1


def test_demand_of_the_past_goes_along_with_its_cell() -> None:
    own = past()
    half = own.wanted(2022, {HISTORY: 0.4}).amount.sum()
    whole = own.wanted(2022, {HISTORY: 0.8}).amount.sum()
    assert half < whole
    assert own.wanted(2024, {HISTORY: 0.4}).amount.sum() == own.wanted(2024, {}).amount.sum()


def test_the_order_of_cases_changes_nothing() -> None:
    own = past()
    first = own.logs(2024, {SPREAD: 0.11})
    own.logs(2024, {SPREAD: 0.3})
    own._logs[2024].clear()
    np.testing.assert_allclose(own.logs(2024, {SPREAD: 0.11}), first, atol=1e-5)


def test_differences_nearby_are_those_of_the_whole_case() -> None:
    own = past()
    base = own.logs(2024, {SPREAD: 0.10})
    near = own.logs(2024, {SPREAD: 0.10}, near=True)
    moved_near = own.logs(2024, {SPREAD: 0.12}, near=True)
    moved = own.logs(2024, {SPREAD: 0.12})
    assert np.abs(moved - base).max() > 0.0
    np.testing.assert_allclose(moved_near - near, moved - base, atol=2e-3)


def test_what_is_counted_is_what_the_flows_measure() -> None:
    own = past()
    flows = own.flows(2022, {})
    counted = measured(flows, own.base, ROWS[2022])
    assert np.exp(own.logs(2022, {}))[0] == pytest.approx(counted["berth_boxes_2022"], rel=1e-4)
