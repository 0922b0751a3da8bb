"""The section on freight: sentences, scarce elements, volumes of targets, equipment."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from keruen.report.page.context import Context
from keruen.report.page.flows import FlowSection, Price, flows

Told = Callable[..., Context]
Tables = dict[str, pd.DataFrame]


@pytest.fixture
def section(told: Told, tables: Tables) -> FlowSection:
    found = flows(told(tables))
    assert found is not None
    return found


def test_a_run_without_demand_has_no_section(told: Told) -> None:
    assert flows(told({})) is None


def test_what_moves_and_what_is_turned_away_is_said_with_the_gap(section: FlowSection) -> None:
    first, last, gap, elsewhere, loose = section.sentences
    assert first.startswith("In 2024, 5\u00a0Mt/year want to move; 4\u00a0Mt/year move, and 1")
    assert "(20%)" in first
    assert last == "In 2028, 8\u00a0Mt/year want to move, and all of it moves."
    assert "3·10⁻⁷" in gap
    assert "at most 3.1% of what all shippers pay" in elsewhere
    assert "2028" in loose


def test_scarce_elements_come_by_what_is_paid_for_them(section: FlowSection) -> None:
    assert section.years == (2024, 2028)
    berths, backward = section.scarce
    assert berths.name == "Port of Ailaq, berths (containers)"
    assert berths.prices == (Price("40 / TEU", "12"), Price("", ""))
    assert backward.name == "Tau–Qaqpa, towards Tau"
    assert backward.prices == (Price("5,000 / train", "8"), Price("7,000 / train", "9"))
    assert section.more_scarce == ""


def test_a_chart_sets_the_wanted_value_beside_the_flows(section: FlowSection) -> None:
    (volume,) = section.volumes
    assert "reached first in 2028" in volume.sentences[0]
    assert "wanted: 3 Mt/year" in volume.picture


def test_a_target_that_is_never_reached_says_so(told: Told, tables: Tables) -> None:
    low = tables["flow_volumes"].assign(value=1e6)
    found = flows(told({**tables, "flow_volumes": low}))
    assert found is not None
    assert "not reached up to 2028" in found.volumes[0].sentences[0]


def test_equipment_says_where_one_more_is_worth_most(section: FlowSection) -> None:
    boxes, hoppers = section.equipment
    assert boxes.dearest is not None
    assert boxes.cheapest is not None
    assert (boxes.dearest.zone, boxes.dearest.price) == ("The east", "55\u00a0USD")
    assert (boxes.cheapest.zone, boxes.cheapest.price) == ("The west", "0\u00a0USD")
    assert boxes.share == "25%"
    assert (hoppers.dearest, hoppers.share) == (None, "—")


def test_empties_that_are_turned_away_and_what_is_acquired(section: FlowSection) -> None:
    boxes, hoppers = section.equipment
    assert (boxes.empty, boxes.away, boxes.away_share) == (
        *("1,000\u00a0TEU/year", "3,000\u00a0TEU/year"),
        "75%",
    )
    assert (boxes.acquired, boxes.cost) == ("4,000\u00a0TEU/year", "for $2.8M")
    assert (hoppers.away_share, hoppers.cost) == ("—", "")
    told = [one for one in section.empties if "that would return empty" in one]
    assert len(told) == 1  # the year that has its equipment told, and only what is turned away
    assert "of 4,000\u00a0TEU/year" in told[0]
    assert "3,000\u00a0TEU/year (75%) are turned away" in told[0]


def test_one_zone_is_not_the_cheapest_of_itself(told: Told, tables: Tables) -> None:
    equipment = tables["flow_equipment"]
    lone = equipment[equipment["zone"] == "east"]
    found = flows(told({**tables, "flow_equipment": lone}))
    assert found is not None
    assert found.equipment[0].dearest is not None
    assert found.equipment[0].cheapest is None


def test_a_run_without_equipment_has_no_words_about_it(told: Told, tables: Tables) -> None:
    found = flows(told({**tables, "flow_equipment": tables["flow_equipment"].iloc[:0]}))
    assert found is not None
    assert found.equipment == ()
    assert not found.empties


def test_it_speaks_kazakh(told: Told, tables: Tables) -> None:
    found = flows(told(tables, "kk"))
    assert found is not None
    assert found.sentences[0].startswith("2024 жылы 5\u00a0млн т/жыл тасымалдануға тиіс")
