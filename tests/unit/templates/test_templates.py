"""The templates themselves: clean, small, made up, and computed as their sources say."""

from __future__ import annotations

import pytest

from keruen.model import list_templates, load_model, read_study
from keruen.rail.crossing import StationIntervals, best_period_min, scheme_periods_min
from keruen.schema import load_schema
from support.template_draft import TEMPLATES


@pytest.mark.parametrize("template", list_templates())
def test_a_template_has_no_problem_at_all(template: str) -> None:
    assert read_study(TEMPLATES / template).problems == ()


def test_the_corridor_has_ten_nodes_and_every_table() -> None:
    model = load_model(TEMPLATES / "corridor")
    assert len(model["nodes"]) == 10
    assert all(len(model[name]) > 0 for name in load_schema().tables)
    assert set(model["project_changes"]["op"]) == {"set", "add", "multiply", "insert", "remove"}
    assert set(model["projects"]["status"]) == {"committed", "candidate"}


@pytest.mark.parametrize("template", list_templates())
def test_names_are_in_english_and_kazakh(template: str) -> None:
    model = load_model(TEMPLATES / template)
    assert {"en", "kk"} <= set(model.settings.title)
    for name, table in load_schema().tables.items():
        if table.named:
            assert (model[name]["name_en"] != "").all(), name
            assert (model[name]["name_kk"] != "").all(), name


def test_the_rail_line_is_the_worked_example() -> None:
    model = load_model(TEMPLATES / "rail-line")
    times = tuple(
        model.number("sections", "bulaq_tepe", f"running_time_{way}_min")
        for way in ("forward", "backward")
    )
    assert times == (24.0, 25.0)
    intervals = StationIntervals(
        *(
            model.number("signalling", "example", column) or 0.0
            for column in (
                "start_min",
                "stop_min",
                "crossing_interval_min",
                "non_simultaneous_interval_min",
            )
        )
    )
    periods = scheme_periods_min(24.0, 25.0, intervals)
    assert list(periods.values()) == [59.0, 55.0, 57.0, 57.0]
    assert best_period_min(24.0, 25.0, intervals) == 55.0
    assert model.number("signalling", "example", "window_single_min") == 0.0
    assert model.number("signalling", "example", "reliability_share") == 1.0
    # It is the hardest section of its line, and nothing else runs there.
    forward = model["sections"]["running_time_forward_min"]
    assert forward.idxmax() == "bulaq_tepe"
    assert model.number("traffic_classes", "none", "passenger_pairs_per_day") == 0.0


@pytest.mark.parametrize("template", list_templates())
def test_what_is_made_up_says_so(template: str) -> None:
    sources = load_model(TEMPLATES / template)["sources"]
    own = sources[sources["address"] == ""]
    assert own.index.tolist() == ["own_estimate"]
    assert "made up" in own["title"].iloc[0].lower()
