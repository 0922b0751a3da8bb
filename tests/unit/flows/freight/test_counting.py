from __future__ import annotations

import numpy as np
import pytest

from keruen.errors import FailedError
from keruen.flows.equilibrium import Settings
from keruen.flows.freight.counting import Counting, measured, scarce_to
from keruen.flows.freight.measures import measures_of
from keruen.flows.freight.solve import Draw
from keruen.flows.freight.tables import sums
from keruen.flows.freight.years import FreightYears
from keruen.model import read_study
from keruen.study.targets import days_of
from support.measured_corridor import corridor, having, moved
from support.template_draft import TEMPLATES

WEST = {"from_group": "inland", "to_group": "overseas", "mode": "rail"}


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


def test_measures_of_the_template_are_no_more_than_what_moves() -> None:
    """A factor without a commodity multiplies tonnes: 12 made 3.1 of 0.7 million tonnes."""
    _, flows = corridor()
    model = read_study(TEMPLATES / "corridor").model
    assert model is not None
    found = measured(flows, model, ["rail_west", "east_part"])
    west = having(
        boxes={"commodity": "container", "loaded": "loaded", "unit": "t/year", **WEST},
        grain={"commodity": "grain", "loaded": "loaded", "unit": "t/year", **WEST},
    )
    parts = measured(flows, west)
    assert found["rail_west"] == pytest.approx(parts["boxes"] + parts["grain"])
    assert found["rail_west"] <= sums(flows)["served_t_per_year"]
    assert 0.0 < found["east_part"] <= 1.0


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


def test_scarce_elements_are_told_to_those_who_pay_them() -> None:
    model, flows = corridor()
    years = FreightYears(model, days_of(model), Settings(gap=1e-4))
    narrow = np.where(
        [draft.row == "ailaq_grain" for draft in flows.freight.drafts],
        0.3 * flows.within.assignment.volume[: len(flows.freight.drafts)],
        flows.freight.capacity,
    )
    scarce = years.solved(2024, Draw(narrow), flows.start)
    told = having(boxes={"commodity": "container"}, grain={"commodity": "grain", "unit": "t/year"})
    found = scarce_to(scarce, told, ["boxes", "grain"], narrow)
    assert found["grain"][0] == "handling/ailaq_grain"
    assert "handling/ailaq_grain" not in found["boxes"]


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


def test_what_pairs_give_adds_up_to_the_measure() -> None:
    _, flows = corridor()
    line = {"subject_table": "vessel_lines", "subject_row": "ailaq_jaga_container"}
    model = having(both=line, whole={}, out={**line, "direction": "forward", "share_of": "both"})
    counting = Counting(flows, model, ("both", "out"))
    pairs = counting.of_pairs(flows)
    both, out = counting.measured(flows)
    (own,) = pairs["both"]
    part, divisor = pairs["out"]
    assert own.shape == flows.pairs.amount.shape
    assert own.sum() == pytest.approx(both)
    assert divisor.sum() == pytest.approx(both)
    assert part.sum() / divisor.sum() == pytest.approx(out)
