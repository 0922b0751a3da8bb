from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.counting import Counting
from keruen.flows.freight.measures import measured, measures_of
from keruen.flows.freight.solve import Draw
from keruen.flows.freight.years import FreightYears
from keruen.model import read_study
from keruen.study.targets import days_of
from support.template_draft import TEMPLATES


def test_what_is_counted_at_once_is_what_is_measured() -> None:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    years = FreightYears(model, days_of(model), Settings(gap=1e-3))
    rows = [row for row, one in measures_of(model).items() if not one.adds_to]
    mean = years.flows(2028)
    counting = Counting(mean, model, rows)
    scarce = years.solved(2028, Draw(0.5 * mean.freight.capacity), mean.start)
    values = []
    for flows in (mean, scarce):
        wanted = measured(flows, model, rows)
        found = counting.measured(flows)
        assert found.tolist() == pytest.approx([wanted[row] for row in rows], rel=1e-12)
        values.append(found)
    assert (values[0] > 0.0).all()
    assert not np.allclose(values[0], values[1])
