"""The template that tests of forecasts share."""

from __future__ import annotations

import pytest

from keruen.model import Model, read_study
from support.template_draft import TEMPLATES


@pytest.fixture(scope="module")
def model() -> Model:
    found = read_study(TEMPLATES / "corridor").model
    assert found is not None
    return found
