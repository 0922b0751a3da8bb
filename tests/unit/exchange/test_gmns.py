from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from keruen.capacity.line import read_line_section
from keruen.errors import FailedError
from keruen.exchange import export, read_tables
from keruen.exchange.elements import by_direction, capacities
from keruen.exchange.gmns import link_table, node_table, use_tables
from keruen.model import Model
from support.exports import content, corridor


@cache
def day() -> Model:
    return corridor().in_year(2024)


@cache
def links() -> pd.DataFrame:
    return link_table(content(), day()).set_index("link_id")


def test_each_section_and_vessel_line_is_a_link_each_way() -> None:
    count = len(day()["sections"]) + len(day()["vessel_lines"])
    assert len(links()) == 2 * count
    for table in ("sections", "vessel_lines"):
        for row, element in day()[table].iterrows():
            there = links().loc[f"{table}:{row}:forward"]
            back = links().loc[f"{table}:{row}:backward"]
            assert (there["from_node_id"], there["to_node_id"]) == (
                element["from_node"],
                element["to_node"],
            )
            assert (back["from_node_id"], back["to_node_id"]) == (
                element["to_node"],
                element["from_node"],
            )
            assert there["length"] == back["length"] == element["length_km"]
            assert (there["dir_flag"], back["dir_flag"]) == (1, -1)
            assert there["geometry_id"] == back["geometry_id"] == f"{table}:{row}"
    assert links()["directed"].all()


def test_capacity_is_per_hour_and_lane_and_adds_up_to_trains_a_day() -> None:
    rail = links()[links()["facility_type"] == "rail"]
    assert len(rail) > 4
    a_day = rail["capacity"] * rail["lanes"].astype(float) * 24.0
    np.testing.assert_allclose(a_day, rail["capacity_trains_per_day"], rtol=1e-12)
    found = capacities(content(), day())
    for direction in ("forward", "backward"):
        own = by_direction(found, "sections", direction)["trains_per_day"]
        shown = rail[rail["direction"] == direction].set_index("keruen_id")
        np.testing.assert_array_equal(shown["capacity_trains_per_day"], own[shown.index])


def test_a_lane_is_a_track_in_the_direction_of_travel() -> None:
    tracks = day()["sections"]["tracks"].dropna()
    wanted = {1: 1, 2: 1, 3: 2, 4: 2}
    rail = links()[links()["facility_type"] == "rail"]
    assert (rail["lanes"] == rail["tracks"].map(wanted)).all()
    assert set(tracks) >= {1, 2}, "the template has both"


def test_trains_go_at_their_running_speed_each_way() -> None:
    rail = links()[links()["facility_type"] == "rail"]
    assert rail["free_speed"].between(5.0, 120.0).all()
    for row in set(rail["keruen_id"]):
        facts = read_line_section(day(), row).facts
        link = links().loc[f"sections:{row}:backward"]
        assert link["free_speed"] == pytest.approx(facts.gap_km / facts.backward_min * 60.0)


def test_vessels_go_at_their_mean_speed_and_roads_are_unbounded() -> None:
    line = day()["vessel_lines"].iloc[0]
    link = links().loc[f"vessel_lines:{line.name}:forward"]
    assert link["free_speed"] == line["length_km"] / line["sailing_h"]
    assert link["capacity_t_per_year"] > 0
    road = links()[links()["facility_type"] == "road"]
    assert len(road)
    assert road["capacity"].isna().all(), "absent is not nought"


def test_trains_of_two_gauges_are_two_uses() -> None:
    rail = links()[links()["facility_type"] == "rail"]
    assert (rail["allowed_uses"] == "train_" + rail["gauge_mm"].astype(str)).all()
    definitions, groups = use_tables(links())
    assert set(definitions["use"]) == set(links()["allowed_uses"])
    assert {"truck", "vessel"} <= set(definitions["use"])
    assert groups["uses"].tolist() == ["train_1435,train_1520"]
    none, empty = use_tables(links().iloc[:0])
    assert none.empty
    assert empty.empty


def test_a_rail_section_without_a_gauge_is_of_any_train() -> None:
    sections = day()["sections"].copy()
    sections["gauge_mm"] = sections["gauge_mm"].where(sections["gauge_mm"] != 1435)
    model = replace(day(), tables=MappingProxyType({**day().tables, "sections": sections}))
    uses = set(link_table(content(level=None), model)["allowed_uses"])
    assert uses == {"train", "train_1520", "truck", "vessel"}


def test_nodes_without_coordinates_are_told(tmp_path: Path) -> None:
    kept = corridor()["coordinates"].iloc[6:]
    model = replace(corridor(), tables=MappingProxyType({**corridor().tables, "coordinates": kept}))
    with pytest.raises(FailedError) as raised:
        export("gmns", {}, model, tmp_path / "out")
    problem = raised.value.problems[0]
    assert (problem.code, problem.file) == ("nodes_without_coordinates", "coordinates.csv")
    lost = set(corridor()["coordinates"]["node"].iloc[:6])
    assert problem.params["count"] == len(lost)
    assert str(problem.params["nodes"]).endswith(" …")
    assert set(str(problem.params["nodes"]).removesuffix(" …").split(", ")) < lost
    assert list(tmp_path.iterdir()) == []


def test_nodes_are_in_degrees_with_their_names() -> None:
    nodes = node_table(day()).set_index("node_id")
    for _, place in day()["coordinates"].iterrows():
        assert nodes.at[place["node"], "x_coord"] == place["lon_deg"]
        assert nodes.at[place["node"], "y_coord"] == place["lat_deg"]
        assert nodes.at[place["node"], "name"] == day().text("nodes", place["node"], "name_en")


def test_without_a_level_links_have_no_capacity() -> None:
    bare = link_table(content(level=None), day())
    assert bare["capacity"].isna().all()
    assert set(bare["capacity_level"]) == {""}
    assert len(bare) == len(links())


def test_a_study_without_sections_has_no_links(tmp_path: Path) -> None:
    tables = {
        name: frame.iloc[:0] if name in {"sections", "vessel_lines"} else frame
        for name, frame in day().tables.items()
    }
    model = replace(day(), tables=MappingProxyType(tables))
    export("gmns", {}, model, tmp_path / "out", level=None)
    back = read_tables(tmp_path / "out")
    assert back["link"].empty
    assert len(back["node"]) == len(model["nodes"])
