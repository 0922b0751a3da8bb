from __future__ import annotations

import pytest

from keruen.errors import Severity
from keruen.model.checks import corridors
from support.check_cases import Case, assert_told, at
from support.template_draft import draft, dropping, setting

CASES = [
    Case(
        corridors.points_connected,
        "no_way",
        at("corridor_points", "east_west/20", "node"),
        {"sections": dropping("sections", "dala_ailaq")},
        {"corridor": "east_west", "mode": "rail", "start": "qaqpa", "end": "ailaq"},
    ),
    Case(
        corridors.corridors_have_points,
        "corridor_without_points",
        at("corridors", "east_west", "id"),
        {"corridor_points": list.clear},
    ),
    Case(
        corridors.corridors_have_points,
        "corridor_without_mix",
        at("corridors", "east_west", "id"),
        {"corridor_mix": list.clear},
    ),
    Case(
        corridors.mix_adds_to_one,
        "shares_not_one",
        at("corridor_mix", "east_west/container/forward", "share"),
        {"corridor_mix": dropping("corridor_mix", "east_west/grain/forward")},
        {"corridor": "east_west", "value": 0.7},
    ),
    Case(
        corridors.mix_has_loadings,
        "no_loading",
        at("corridor_mix", "east_west/grain/forward", "commodity"),
        {"loadings": dropping("loadings", "grain/forward")},
    ),
    Case(
        corridors.mix_has_loadings,
        "no_tonnes",
        at("loadings", "container/forward", "net_t_per_train"),
        {"loadings": setting("loadings", "container/forward", net_t_per_teu="")},
    ),
    Case(
        corridors.elements_serve_the_mix,
        "serves_nothing",
        at("corridor_elements", "east_west/90", "row"),
        {"handling": setting("handling", "ailaq_grain", serves="liquid_bulk")},
        {"value": "ailaq_grain", "class": "liquid_bulk"},
        Severity.WARNING,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_containers_need_a_train_with_places() -> None:
    edited = draft(train_types=setting("train_types", "container_train", teu=""))
    assert [(p.code, p.row) for p in corridors.mix_has_loadings(edited)] == [
        ("no_tonnes", at("loadings", "container/forward", "x")[1]),
        ("no_tonnes", at("loadings", "container/backward", "x")[1]),
    ]


def test_points_are_followed_in_their_order_and_not_that_of_the_file() -> None:
    def turned(rows: list[dict[str, str]]) -> None:
        rows.reverse()

    assert corridors.points_connected(draft(corridor_points=turned)) == []


def test_ends_that_are_no_nodes_are_left_to_the_references() -> None:
    edited = draft(corridor_points=setting("corridor_points", "east_west/30", node="nowhere"))
    assert corridors.points_connected(edited) == []
