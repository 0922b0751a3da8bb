from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from keruen.errors import FailedError
from keruen.flows.equilibrium import Settings
from keruen.flows.freight.measures import (
    FITTED,
    FREE,
    OBSERVED_COLUMNS,
    TOUCHED,
    calibrated,
    measured,
    observed_frame,
)
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


def test_flow_of_a_relation_is_what_was_not_turned_away() -> None:
    _, flows = corridor()
    model = having(
        all={"commodity": "grain", "unit": "t/year", "loaded": "loaded"},
        west={
            "commodity": "grain",
            "unit": "t/year",
            "loaded": "loaded",
            "from_group": "inland",
            "to_group": "overseas",
        },
        east={
            "commodity": "grain",
            "unit": "t/year",
            "loaded": "loaded",
            "from_group": "overseas",
            "to_group": "inland",
        },
    )
    found = measured(flows, model)
    assert found["all"] == pytest.approx(moved(flows, "grain"), rel=1e-9)
    assert found["west"] + found["east"] == pytest.approx(found["all"])


def test_a_consignment_that_passes_counts_once_and_by_its_direction() -> None:
    _, flows = corridor()
    line = {"subject_table": "vessel_lines", "subject_row": "ailaq_jaga_container"}
    model = having(
        both=line,
        out={**line, "direction": "forward"},
        back={**line, "direction": "backward"},
        port={"subject_table": "nodes", "subject_row": "ailaq", "mode": "sea"},
    )
    found = measured(flows, model)
    drafts = flows.freight.drafts
    on_link = sum(
        float((flows.within.assignment.flow[:, at] * teu).sum())
        for at, draft in enumerate(drafts)
        if draft.row == "ailaq_jaga_container" and draft.mode == "sea"
        for teu in [np.array([one.teu_per_unit for one in flows.freight.cargo])]
    )
    assert found["both"] == pytest.approx(on_link)
    assert found["both"] > 0.0
    assert found["out"] + found["back"] == pytest.approx(found["both"])
    assert found["port"] >= found["both"] * (1.0 - 1e-9)


def test_empties_count_with_what_they_serve() -> None:
    _, flows = corridor()
    model = having(
        loaded={"commodity": "container", "loaded": "loaded"},
        empty={"commodity": "container", "loaded": "empty"},
        both={"commodity": "container"},
        by_class={"commodity_class": "container"},
    )
    found = measured(flows, model)
    assert found["loaded"] + found["empty"] == pytest.approx(found["both"])
    assert found["empty"] == pytest.approx(moved(flows, "boxes"), rel=1e-9)
    assert found["by_class"] == pytest.approx(found["both"])


def test_units_convert_by_cargo_or_by_the_factor_of_the_row() -> None:
    _, flows = corridor()
    boxes = {"commodity": "container", "loaded": "loaded"}
    model = having(
        teu=boxes,
        t={**boxes, "unit": "t/year"},
        trains={**boxes, "unit": "trains/year"},
        given={**boxes, "unit": "trains/year", "factor": 0.01},
    )
    found = measured(flows, model)
    box = next(one for one in flows.freight.cargo if one.commodity == "container")
    assert found["t"] == pytest.approx(found["teu"] * box.t_per_unit)
    assert found["trains"] == pytest.approx(found["teu"] * box.trains_per_unit)
    assert found["given"] == pytest.approx(found["teu"] * 0.01)


def test_terms_add_up_before_a_share_is_taken() -> None:
    _, flows = corridor()
    boxes = {"commodity": "container", "loaded": "loaded"}
    west, east = (
        {**boxes, "from_group": one, "to_group": other}
        for one, other in (("inland", "overseas"), ("overseas", "inland"))
    )
    model = having(
        whole=boxes,
        part={**west, "share_of": "whole"},
        rest={**east, "adds_to": "part"},
        nothing={"commodity": "container", "from_group": "inland", "to_group": "inland"},
        of_nothing={**boxes, "share_of": "nothing"},
    )
    found = measured(flows, model)
    assert "rest" not in found
    assert found["part"] == pytest.approx(1.0)
    assert np.isnan(found["of_nothing"]) == (found["nothing"] == 0.0)


def test_only_the_year_of_the_flows_is_measured_unless_rows_are_named() -> None:
    _, flows = corridor()
    model = having(now={}, then={"year": 2020})
    assert set(measured(flows, model)) == {"now"}
    assert set(measured(flows, model, ["then"])) == {"then"}


def test_wagons_of_what_has_none_are_refused() -> None:
    _, flows = corridor()
    with pytest.raises(FailedError) as told:
        measured(flows, having(wrong={"commodity_class": "container", "unit": "wagons/year"}))
    (problem,) = told.value.problems
    assert (problem.code, problem.params["unit"]) == ("measure_needs_factor", "wagons/year")


def test_what_the_fit_saw_is_told() -> None:
    berth = {"subject_table": "handling", "subject_row": "ailaq_container"}
    model = having(
        fitted={**berth, "commodity": "container", "use": "fit"},
        same={**berth, "commodity": "container", "unit": "t/year"},
        grain={**berth, "commodity": "grain"},
        by_class={**berth, "commodity_class": "dry_bulk"},
        elsewhere={"subject_table": "nodes", "subject_row": "ailaq", "commodity": "container"},
    )
    assert calibrated(model) == {
        "fitted": FITTED,
        "same": TOUCHED,
        "grain": FREE,
        "by_class": FREE,
        "elsewhere": FREE,
    }


def test_observations_stand_beside_what_was_computed() -> None:
    model = having(
        seen={"year": 2023, "observation": "boxes_2023", "use": "judge"}, unseen={"year": 2024}
    )
    frame = observed_frame(model, {"seen": 124000.0, "unseen": 1.0})
    assert list(frame.columns) == list(OBSERVED_COLUMNS)
    seen = frame.set_index("id").loc["seen"]
    assert seen["observed"] == 62000.0
    assert seen["log_ratio"] == pytest.approx(np.log(2.0))
    assert frame.set_index("id").loc["unseen", ["observed", "log_ratio"]].isna().all()
