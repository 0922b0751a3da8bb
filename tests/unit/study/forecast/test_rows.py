"""Which measures are forecast, and which of them a target is about."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from keruen.model import Model
from keruen.study.forecast.rows import (
    definition_of,
    forecast_rows,
    labels,
    representatives,
    rows_of_target,
    unit_of,
    without_year,
)


def with_table(model: Model, name: str, frame: pd.DataFrame) -> Model:
    return replace(model, tables=MappingProxyType({**model.tables, name: frame}))


def test_units_and_definitions(model: Model) -> None:
    assert unit_of(model, "east_part") == "1"
    assert definition_of(model, "rail_west") == "Boxes and grain going west by rail"
    assert definition_of(model, "berth_boxes") == model.text(
        "observations", "boxes_2023", "definition_en"
    )


def test_of_one_definition_the_latest_row_stands(model: Model) -> None:
    frame = model["flow_measures"]
    older = frame.loc[["rail_west"]].rename(index={"rail_west": "rail_west_2020"})
    older = older.assign(year=2020)
    again = frame.loc[["grain_west"]].rename(index={"grain_west": "grain_west_2020"})
    again = again.assign(adds_to="rail_west_2020", year=2020)
    later = frame.loc[["berth_boxes_2024"]].rename(index={"berth_boxes_2024": "boxes_2030"})
    known = with_table(
        model, "flow_measures", pd.concat([frame, older, again, later.assign(year=2030)])
    )
    assert forecast_rows(known) == ("berth_boxes_2024", "east_part", "rail_west")
    assert representatives(known)["rail_west_2020"] == "rail_west"


def test_a_target_is_about_the_measure_that_it_names(model: Model) -> None:
    rows = forecast_rows(model)
    seen = model["targets"].assign(measure="")
    assert rows_of_target(with_table(model, "targets", seen), "port_boxes", rows) == (
        "berth_boxes_2024",
    )
    named = model["targets"].assign(measure="rail_west")
    assert rows_of_target(with_table(model, "targets", named), "port_boxes", rows) == ("rail_west",)


def observed_of(model: Model, table: str, row: str) -> Model:
    """The study with what is counted at the berth told as a count of another element."""
    frame = model["observations"].copy()
    counts = [model.text("flow_measures", "berth_boxes_2024", "observation"), "boxes_2023"]
    frame.loc[counts, ["subject_table", "subject_row"]] = [table, row]
    return with_table(model, "observations", frame)


def test_a_target_is_never_judged_by_the_measure_of_another_element(model: Model) -> None:
    rows = forecast_rows(model)
    seen = with_table(model, "targets", model["targets"].assign(measure="", observation=""))
    assert rows_of_target(seen, "port_boxes", rows) == ("berth_boxes_2024",)
    for other in (("corridors", "east_west"), ("nodes", "ailaq"), ("handling", "jaga_container")):
        assert rows_of_target(observed_of(seen, *other), "port_boxes", rows) == ()


def corridor_by(model: Model, lines: list[str]) -> Model:
    """The study with a corridor of sea lines, a target of it, and tonnes counted at Ailaq."""
    elements = model["corridor_elements"]
    first = elements.iloc[[0]]
    part = pd.concat(
        [
            elements,
            *(first.assign(corridor="by_sea", table="vessel_lines", row=line) for line in lines),
        ]
    )
    wanted = model["targets"].loc[["corridor_volume"]].assign(subject_row="by_sea", observation="")
    counted = (
        model["flow_measures"]
        .loc[["berth_boxes_2024"]]
        .rename(index={"berth_boxes_2024": "port_t"})
    )
    port = model["vessel_lines"]["from_node"].iloc[0]
    text = {"subject_table": "nodes", "subject_row": port, "commodity_class": "", "commodity": ""}
    counted = counted.assign(unit="t/year", observation="", **text)
    for name, frame in (
        ("corridor_elements", part),
        ("targets", wanted),
        ("flow_measures", pd.concat([model["flow_measures"], counted])),
    ):
        model = with_table(model, name, frame)
    return model


def test_a_part_of_a_route_is_not_judged_by_the_whole(model: Model) -> None:
    elements = model["corridor_elements"]
    lines = elements[(elements["corridor"] == "east_west") & (elements["table"] == "vessel_lines")]
    part = corridor_by(model, [str(lines["row"].iloc[0])])
    measures = part["flow_measures"].drop(index="port_t")
    measures.loc["rail_west", ["unit", "observation"]] = ["t/year", "corridor_2023"]
    seen = with_table(part, "flow_measures", measures)
    assert model.text("observations", "corridor_2023", "subject_row") == "east_west"
    assert rows_of_target(seen, "corridor_volume", ("rail_west",)) == ()
    whole = seen["targets"].assign(subject_row="east_west")
    found = rows_of_target(with_table(seen, "targets", whole), "corridor_volume", ("rail_west",))
    assert found == ("rail_west",)


def test_a_port_tells_of_a_corridor_whose_sea_lines_alone_call_there(model: Model) -> None:
    port = model["vessel_lines"]["from_node"].iloc[0]
    ends = model["vessel_lines"][["from_node", "to_node"]]
    calling = list(map(str, ends.index[(ends == port).any(axis=1)]))
    whole = corridor_by(model, calling)
    assert rows_of_target(whole, "corridor_volume", forecast_rows(whole)) == ("port_t",)
    lines = whole["vessel_lines"]
    more = pd.concat([lines, lines.iloc[[0]].rename(index=lambda _: "another_line")])
    other = with_table(whole, "vessel_lines", more)
    assert rows_of_target(other, "corridor_volume", forecast_rows(other)) == ()


def test_names_of_what_is_forecast_carry_no_past_year(model: Model) -> None:
    frame = model["flow_measures"].copy()
    frame.loc["berth_boxes_2024", "name_en"] = "Boxes at the berth, 2024"
    frame.loc["berth_boxes_2024", "name_kk"] = "Айлақ, 2024"
    named = with_table(model, "flow_measures", frame)
    rows = forecast_rows(named)
    assert labels(named, rows, "en")["berth_boxes_2024"] == "Boxes at the berth"
    assert labels(named, rows, "kk")["berth_boxes_2024"] == "Айлақ"
    frame.loc["rail_west", "name_en"] = "Boxes at the berth"
    twice = with_table(model, "flow_measures", frame)
    assert labels(twice, rows, "en")["berth_boxes_2024"] == "Boxes at the berth, 2024"
    assert without_year("箱量\uff0c2024", 2024) == "箱量"
