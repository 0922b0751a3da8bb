from __future__ import annotations

import pytest

from keruen.i18n import ABSENT, translator
from keruen.i18n.route_words import (
    cost_told,
    days_told,
    gases_told,
    items_told,
    leg_cells,
    leg_name,
    leg_told,
    remarks_told,
    sum_told,
)


def test_gases_that_are_known_in_part() -> None:
    t = translator("en")
    assert gases_told(t, {"co2e_kg": 1234.6, "co2e_known_kg": 1234.6}) == "1,235"
    assert gases_told(t, {"co2e_kg": None, "co2e_known_kg": 12.34}) == "> 12.3"
    assert gases_told(t, {"co2e_kg": None, "co2e_known_kg": 0.0}) == ABSENT


def test_hours_as_days_and_names_of_legs() -> None:
    assert days_told(translator("en"), 36.0) == "1.5"
    assert (
        leg_name({"mode": "gauge_change", "from_name": "Dostyk", "to_name": "Dostyk"}) == "Dostyk"
    )


def test_what_has_no_price_costs_not_nothing() -> None:
    t = translator("en")
    road, rail = {"cost_usd": 0.0, "priced": False}, {"cost_usd": 7.2, "priced": True}
    assert (cost_told(t, road), cost_told(t, rail)) == (ABSENT, "7")
    bare = {"legs": [road], "items_usd": {"haulage": 0.0, "subsidy": 0.0}, "cost_usd": 0.0}
    assert sum_told(t, bare) == ABSENT
    paid = {**bare, "items_usd": {"subsidy": -50.0}, "cost_usd": -50.0}
    assert sum_told(t, paid) != ABSENT
    assert sum_told(t, {**bare, "legs": [road, rail], "cost_usd": 7.2}) == "7"


def test_a_leg_says_what_it_is() -> None:
    leg = {"mode": "sea", "from_name": "Aktau", "to_name": "Alat"}
    assert leg_told(translator("en"), leg) == "sea: Aktau – Alat"


def test_items_below_half_a_dollar_are_left_out() -> None:
    items = {"haulage": 1234.6, "sea": 0.4, "subsidy": -50.0}
    told = items_told(translator("en"), {"items_usd": items})
    assert told == [("haulage", "1,235"), ("subsidy", "-50")]


@pytest.mark.parametrize("language", ["en", "kk"])
def test_remarks(language: str) -> None:
    t = translator(language)
    bare = {"other_ways": [], "chains_found": 2, "chains": [{}, {}], "turned_away_share": None}
    assert remarks_told(t, bare) == []
    assert remarks_told(t, {**bare, "turned_away_share": 4e-4}) == []
    other = {"name": "Suez", "time_h": 36.0, "cost_usd": 987.0}
    told = remarks_told(
        t, {**bare, "other_ways": [other], "chains_found": 5, "turned_away_share": 0.125}
    )
    assert len(told) == 3
    assert all(word in told[0] for word in ("Suez", t.number(1.5, 1), "987"))
    assert "3" in told[1]
    assert t.percent(0.125, 1) in told[2]


def test_cells_of_a_leg_have_no_length_where_it_leads_nowhere() -> None:
    leg = {
        "length_km": 3056.6,
        "time_h": 72.6,
        "time_sd_h": 0.4,
        "wait_h": 1.2,
        "cost_usd": 764.0,
        "priced": True,
        "co2e_kg": 549.6,
    }
    t = translator("en")
    assert leg_cells(t, leg) == ("3,057", "73", "0", "1", "764", "550")
    assert leg_cells(t, {**leg, "length_km": 0.0, "priced": False})[::4] == ("", ABSENT)
