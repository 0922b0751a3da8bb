from __future__ import annotations

import numpy as np

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.carried import carried
from keruen.flows.freight.years import FreightYears
from keruen.model import read_study
from keruen.study.targets import days_of
from support.template_draft import TEMPLATES


def test_routes_over_links_that_are_no_more_fall_out() -> None:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    years = FreightYears(model, days_of(model), Settings(gap=1e-3))
    before, start = years.freight(2024), years.flows(2024).start
    assert carried(start, before, before) is start
    used = int(np.bincount(start.routes.links)[: len(before.drafts)].argmax())
    after = before._replace(drafts=before.drafts[:used] + before.drafts[used + 1 :])
    moved = carried(start, before, after)
    assert moved is not None
    pool = moved.routes
    assert 0 < pool.flow.size < start.routes.flow.size
    assert moved.price.size == start.price.size - 1
    own = len(after.drafts)
    assert before.drafts[used][:7] not in {
        after.drafts[link][:7] for link in pool.links if link < own
    }


def test_nothing_is_carried_to_other_classes() -> None:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    years = FreightYears(model, days_of(model), Settings(gap=1e-3))
    freight = years.freight(2024)
    other = freight._replace(cargo=freight.cargo[:-1])
    assert carried(years.flows(2024).start, freight, other) is None
