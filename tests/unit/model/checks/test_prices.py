from __future__ import annotations

import pytest

from keruen.errors import Severity
from keruen.model.checks import prices
from support.check_cases import OWN, Case, assert_told, at, cell
from support.template_draft import Row, adding, draft, next_record, setting

OPTION: Row = {"commodity": "container", "from_group": "inland", "to_group": "overseas", **OWN}
LATER: Row = {
    "id": "later",
    "name_en": "Later",
    "ways": "both",
    "from_date": "2040-12-31",
    "cost_usd_per_unit": "1",
    "time_days": "2",
    **OPTION,
}
PAST: Row = {"year": "2022", "ways": "forward", "factor": "1", **OWN}
CASES = [
    cell(
        prices.tariffs_per_km_have_mode, "tariff_without_mode", ("tariffs", "rail_any", "mode"), ""
    ),
    cell(prices.prices_of_one_sign, "subsidy_above_nought", ("tariffs", "support", "amount"), "50"),
    Case(
        prices.prices_of_one_sign,
        "price_below_nought",
        at("tariffs", "port_dues", "amount"),
        {"tariffs": setting("tariffs", "port_dues", amount="-1")},
        severity=Severity.WARNING,
    ),
    Case(
        prices.prices_of_one_sign,
        "subsidy_above_nought",
        at("provenance", "tariffs/support/amount", "high"),
        {"provenance": setting("provenance", "tariffs/support/amount", high="10")},
    ),
    Case(
        prices.prices_of_one_sign,
        "price_below_nought",
        at("provenance", "tariffs/port_dues/amount", "low"),
        {"provenance": setting("provenance", "tariffs/port_dues/amount", low="-10")},
        severity=Severity.WARNING,
    ),
    Case(
        prices.links_have_a_price,
        "link_without_price",
        at("sections", "qaqpa_ailaq_road", "mode"),
        {"tariffs": setting("tariffs", "road_any", commodity_class="container")},
        {"classes": "dry_bulk"},
        Severity.WARNING,
    ),
    cell(
        prices.options_complete,
        "option_half_stated",
        ("outside_options", "by_sea", "cost_usd_per_unit"),
        "",
    ),
    cell(
        prices.options_complete,
        "option_half_stated",
        ("outside_options", "by_sea", "time_days"),
        "",
    ),
    Case(
        prices.options_complete,
        "option_twice",
        ("outside_options.csv", next_record("outside_options"), "from_date"),
        {"outside_options": adding(LATER)},
        {"other": "by_sea"},
    ),
    Case(
        prices.history_once,
        "history_twice",
        ("demand_history.csv", next_record("demand_history"), "from_group"),
        {
            "demand_history": adding(
                {"id": "back", "from_group": "overseas", "to_group": "inland", **PAST}
            )
        },
        {"other": "boxes_2022"},
    ),
    Case(
        prices.history_once,
        "history_twice",
        ("demand_history.csv", next_record("demand_history"), "from_group"),
        {"demand_history": adding({"id": "all", "commodity": "container", **PAST})},
        {"other": "boxes_2022"},
    ),
    Case(
        prices.accesses_have_a_price,
        "access_without_price",
        at("zones", "east", "access_km"),
        {
            "tariffs": setting("tariffs", "road_any", country="XB"),
            "zones": setting("zones", "west", access_km="0"),
        },
        {"classes": "container, dry_bulk"},
        Severity.WARNING,
    ),
    Case(
        prices.values_once,
        "value_twice",
        ("cargo_values.csv", next_record("cargo_values"), "from_group"),
        {
            "cargo_values": adding(
                {"id": "again", "commodity": "grain", "cargo_value_usd_per_unit": "1", **OWN}
            )
        },
        {"other": "grain_overseas"},
    ),
    Case(
        prices.assumptions_stated,
        "assumptions_by_default",
        ("flow_assumptions.csv", None, None),
        {"flow_assumptions": None},
        severity=Severity.WARNING,
    ),
    cell(
        prices.aversions_avoid_one,
        "aversion_of_nothing",
        ("route_aversions", "country_feared", "country"),
        "",
    ),
    cell(
        prices.aversions_avoid_one,
        "aversion_of_two",
        ("route_aversions", "sea_feared", "country"),
        "XC",
    ),
    cell(
        prices.emissions_stated,
        "emission_not_stated",
        ("emission_factors", "rail_diesel", "wtw_g_per_tkm"),
        "",
    ),
    cell(
        prices.emissions_stated,
        "emission_not_stated",
        ("emission_factors", "lift", "wtw_g_per_t"),
        "",
    ),
    Case(
        prices.emissions_stated,
        "emission_disagrees",
        at("emission_factors", "ship", "wtw_g_per_tkm"),
        {"emission_factors": setting("emission_factors", "ship", upstream_share="0.5")},
        {"value": 36.0, "sum": 45.0},
        Severity.WARNING,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_options_that_follow_each_other_are_no_conflict() -> None:
    edited = draft(outside_options=adding({**LATER, "from_date": "2041-01-01"}))
    assert prices.options_complete(edited) == []


def test_an_option_without_dates_holds_on_every_day() -> None:
    edited = draft(outside_options=adding({**LATER, "from_date": ""}))
    assert [p.code for p in prices.options_complete(edited)] == ["option_twice"]


@pytest.mark.parametrize(
    "row",
    [
        {"year": "2021", "commodity": "container"},
        {"commodity": "grain"},
        {"commodity": "container", "from_group": "overseas", "to_group": "overseas"},
    ],
)
def test_another_year_commodity_or_pair_has_a_factor_of_its_own(row: Row) -> None:
    edited = draft(demand_history=adding({"id": "own", **PAST, **row}))
    assert prices.history_once(edited) == []


def test_a_study_that_prices_no_link_is_not_told_of_each() -> None:
    edited = draft(tariffs=lambda rows: [row.update(per="t") for row in rows])
    assert prices.links_have_a_price(edited) == []


@pytest.mark.parametrize(
    ("start", "end", "told"), [("ailaq", "qaqpa", 0), ("tau", "qaqpa", 1), ("ailaq", "", 1)]
)
def test_a_price_between_two_nodes_serves_their_section_alone(
    start: str, end: str, told: int
) -> None:
    edited = draft(tariffs=setting("tariffs", "road_any", from_node=start, to_node=end, per="t"))
    assert len(prices.links_have_a_price(edited)) == told


def test_a_price_of_another_country_serves_no_link_of_this_one() -> None:
    edited = draft(tariffs=setting("tariffs", "road_any", country="XZ"))
    assert len(prices.links_have_a_price(edited)) == 1
