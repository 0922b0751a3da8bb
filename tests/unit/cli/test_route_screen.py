from __future__ import annotations

from keruen.cli.route_screen import cost_told, days_told, gases_told, leg_name, sum_told
from keruen.i18n import ABSENT, translator


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
