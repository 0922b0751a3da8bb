"""The corridor template in 2024, with measures of a test's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.years import FreightYears
from keruen.model import Model, read_study
from keruen.study.targets import days_of
from support.template_draft import TEMPLATES


@cache
def corridor() -> tuple[Model, Flows]:
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    return model, FreightYears(model, days_of(model), Settings(gap=1e-4)).flows(2024)


def having(**rows: Mapping[str, object]) -> Model:
    """The template with these measures only; what is not named is empty."""
    model, _ = corridor()
    frame = model["flow_measures"]
    plain = dict.fromkeys(frame.columns, "") | {
        "direction": "both",
        "ways": "forward",
        "loaded": "both",
        "unit": "TEU/year",
        "year": 2024,
        "factor": np.nan,
        "use": "show",
    }
    made = pd.DataFrame(
        [{**plain, "id": key, **own} for key, own in rows.items()], index=list(rows)
    )
    tables = {**model.tables, "flow_measures": made.astype({"factor": "float64"})}
    return replace(model, tables=MappingProxyType(tables))


def moved(flows: Flows, commodity: str) -> float:
    own = [one.commodity == commodity for one in flows.freight.cargo]
    return float((flows.amount - flows.refused)[np.array(own)[flows.pairs.user]].sum())
