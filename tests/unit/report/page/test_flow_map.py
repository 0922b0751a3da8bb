"""The map of flows: what is gathered into a line, how wide it is and what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from keruen.report.page.context import Context
from keruen.report.page.flow_map import flow_maps, full_places, ways_of
from keruen.report.page.matter import rows

Tables = dict[str, pd.DataFrame]


@pytest.fixture
def first_year(tables: Tables) -> list[Any]:
    links = tables["flow_links"]
    return list(rows(links[links["year"] == 2024]))


def test_both_directions_are_one_way_as_full_as_the_fuller(first_year: list[Any]) -> None:
    (way,) = (way for way in ways_of(first_year) if way.ends == ("qaqpa", "tau"))
    assert (way.mode, way.tonnes, way.share) == ("rail", 4e6, 1.0)
    assert way.elements == (("sections", "tau_qaqpa"),)


def test_lines_between_the_same_ports_are_one_way_the_most_laden_named_first(
    first_year: list[Any],
) -> None:
    (way,) = (way for way in ways_of(first_year) if way.mode == "sea")
    assert (way.tonnes, way.share) == (1.2e6, 0.9)
    assert [row for _, row in way.elements] == ["ailaq_jaga_grain", "ailaq_jaga_container"]


def test_what_lies_in_one_place_is_no_way_and_roads_lie_lowest(first_year: list[Any]) -> None:
    found = ways_of(first_year)
    assert [way.mode for way in found] == ["road", "sea", "rail", "rail"]
    assert found[0].share is None
    assert found[2].tonnes == 0.0


def test_the_map_tells_tonnes_and_use(told: Callable[..., Context], tables: Tables) -> None:
    (drawn,) = flow_maps(told(tables), 2024)
    assert drawn.heading == "Freight on the network, 2024"
    assert "Tau–Qaqpa: 4\u00a0Mt/year, 100% of capacity used" in drawn.picture
    assert "0.2\u00a0Mt/year</title>" in drawn.picture
    assert "no capacity limit given" in drawn.picture
    assert "95–100%" in drawn.picture


def test_a_map_widens_lines_by_tonnes(told: Callable[..., Context], tables: Tables) -> None:
    links = tables["flow_links"].copy()
    light = flow_maps(told({**tables, "flow_links": links}), 2024)[0].picture
    links.loc[links["element_row"] == "qaqpa_bulaq", "flow_t_per_year"] = 2e6
    heavy = flow_maps(told({**tables, "flow_links": links}), 2024)[0].picture
    assert "Qaqpa–Bulaq: " not in light
    assert "Qaqpa–Bulaq: 2\u00a0Mt/year, 50% of capacity used" in heavy


def test_places_with_a_full_border_or_terminal_have_a_ring(
    told: Callable[..., Context], tables: Tables, first_year: list[Any]
) -> None:
    full = full_places(first_year)
    assert full
    for node, elements in full.items():
        dear = [row for row in first_year if row["from_node"] == node and row["price_usd_per_t"]]
        assert {row["element_row"] for row in dear} >= {row for _, row in elements}
    ringed = flow_maps(told(tables), 2024)[0].picture
    links = tables["flow_links"].assign(price_usd_per_t=0.0)
    plain = flow_maps(told({**tables, "flow_links": links}), 2024)[0].picture
    assert "a border or terminal here is full" in ringed
    assert "a border or terminal here is full" not in plain
