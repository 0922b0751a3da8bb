from __future__ import annotations

import pytest

from keruen.model.checks import terminals
from support.check_cases import OWN, Case, assert_told, at, cell
from support.template_draft import adding, draft, dropping, setting

CASES = [
    cell(
        terminals.handling_without_capacity,
        "servers_need",
        ("handling", "ailaq_grain", "service_h"),
        "",
    ),
    cell(
        terminals.handling_without_capacity,
        "servers_need",
        ("handling", "ailaq_grain", "acceptable_wait_share"),
        "",
    ),
    cell(
        terminals.handling_without_capacity,
        "servers_need_lot",
        ("handling", "ailaq_grain", "lot_t"),
        "",
    ),
    Case(
        terminals.handling_without_capacity,
        "no_capacity",
        at("handling", "orta_loading", "servers"),
        {
            "handling": setting(
                "handling", "orta_loading", stated_t_per_year="", stated_teu_per_year=""
            )
        },
    ),
    cell(
        terminals.borders_without_capacity,
        "servers_need",
        ("border_crossings", "tau_exit", "acceptable_wait_share"),
        "",
    ),
    Case(
        terminals.borders_without_capacity,
        "no_capacity",
        at("border_crossings", "qaqpa_exit", "servers"),
        {"border_crossings": setting("border_crossings", "qaqpa_exit", limit_trains_per_day="")},
    ),
    cell(
        terminals.pools_without_payload,
        "pool_carries_nothing",
        ("vessel_pools", "bulkers", "capacity_t"),
        "",
    ),
    Case(
        terminals.pools_overcommitted,
        "pool_overcommitted",
        at("vessel_allocations", "feeders_container", "share"),
        {
            "vessel_allocations": adding(
                {"id": "x", "pool": "feeders", "line": "ailaq_jaga_grain", "share": "0.3", **OWN}
            )
        },
        {"pool": "feeders", "value": 1.3},
    ),
    Case(
        terminals.closures_by_month,
        "months_missing",
        at("weather_sites", "jaga_roads", "id"),
        {"closures": dropping("closures", "jaga_roads/3")},
        {"site": "jaga_roads", "months": "3"},
    ),
    cell(
        terminals.depth_without_level,
        "depth_needs_datum",
        ("terminals", "ailaq_port", "channel_datum_m"),
        "",
    ),
    cell(
        terminals.depth_without_level,
        "unknown_water_body",
        ("terminals", "ailaq_port", "water_body"),
        "outer_sea",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_a_site_without_any_closure_lacks_every_month() -> None:
    (told,) = terminals.closures_by_month(draft("berth", weather_sites=adding({"id": "quay"})))
    assert told.params["months"] == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"


def test_a_pool_may_be_used_up() -> None:
    used = adding({"id": "x", "pool": "bulkers", "line": "ailaq_jaga_container", "share": "0.2"})
    assert terminals.pools_overcommitted(draft(vessel_allocations=used)) == []
