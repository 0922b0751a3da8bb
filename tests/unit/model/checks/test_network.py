from __future__ import annotations

import numpy as np
import pytest

from keruen.errors import Severity
from keruen.model.checks import network
from support.check_cases import OWN, Case, assert_told, at, cell
from support.template_draft import adding, draft, dropping, next_record, setting

JAGA_BATYS = at("sections", "jaga_batys", "length_km")


def with_length(km: str, code: str, **params: object) -> Case:
    edit = setting("sections", "jaga_batys", length_km=km)
    return Case(
        network.shorter_than_straight,
        code,
        JAGA_BATYS,
        {"sections": edit},
        params,
        Severity.WARNING,
    )


CASES = [
    cell(
        network.loops_to_self,
        "ends_where_it_starts",
        ("sections", "bulaq_orta", "to_node"),
        "bulaq",
    ),
    cell(
        network.loops_to_self,
        "ends_where_it_starts",
        ("vessel_lines", "ailaq_jaga_grain", "to_node"),
        "ailaq",
    ),
    *(
        cell(network.rail_without_attributes, "rail_needs", ("sections", "bulaq_orta", column), "")
        for column in network.RAIL_ATTRIBUTES
    ),
    with_length("100", "shorter_than_straight", value=100.0),
    with_length("1000", "much_longer_than_straight", value=1000.0),
    Case(
        network.gauge_breaks,
        "gauge_break_without_terminal",
        at("nodes", "qaqpa", "id"),
        {"terminals": setting("terminals", "qaqpa_gauge", kind="inland")},
        {"node": "qaqpa"},
        Severity.WARNING,
    ),
    Case(
        network.dangling_nodes,
        "dangling_node",
        ("nodes.csv", next_record("nodes"), "id"),
        {"nodes": adding({"id": "lonely", **OWN})},
        {},
        Severity.WARNING,
    ),
    Case(
        network.missing_coordinates,
        "missing_coordinate",
        at("nodes", "kent", "id"),
        {"coordinates": dropping("coordinates", "kent")},
        {},
        Severity.WARNING,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_a_road_needs_no_tracks() -> None:
    edit = setting("sections", "orta_kent", mode="road", tracks="", gauge_mm="", signalling="")
    assert network.rail_without_attributes(draft(sections=edit)) == []


def test_without_any_coordinates_nothing_is_missing_or_too_short() -> None:
    edited = draft(coordinates=None)
    assert network.missing_coordinates(edited) == []
    assert network.shorter_than_straight(edited) == []


def test_distances_of_places_known() -> None:
    quarter = network.great_circle_km(*map(np.array, ([0.0], [0.0], [0.0], [90.0])))
    assert quarter[0] == pytest.approx(np.pi / 2 * network.EARTH_RADIUS_KM)
    same = network.great_circle_km(*map(np.array, ([45.0], [70.0], [45.0], [70.0])))
    assert same[0] == 0.0
