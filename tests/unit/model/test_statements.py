"""Counts have a period; what was only stated has none."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from keruen.model import Model, read_study
from keruen.model.statements import is_statement
from support.template_draft import TEMPLATES


@pytest.fixture(scope="module")
def model() -> Model:
    found = read_study(TEMPLATES / "corridor").model
    assert found is not None
    return found


def said(model: Model, **cells: str | None) -> Model:
    frame = model["observations"].copy()
    for name, value in cells.items():
        frame[name] = frame[name].astype(object)
        frame.loc["boxes_2023", name] = value
    return replace(model, tables=MappingProxyType({**model.tables, "observations": frame}))


def test_a_count_has_a_period_and_a_statement_has_none(model: Model) -> None:
    assert not is_statement(model, "boxes_2023")
    assert not is_statement(model, "")
    assert not is_statement(model, "no_such_row")
    bare = said(model, from_date=None, to_date=None, counted="none")
    assert is_statement(bare, "boxes_2023")
    assert not is_statement(said(bare, counted="once"), "boxes_2023")
    assert not is_statement(said(model, counted="none"), "boxes_2023")
