from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from keruen.cli.route_screen import show_route
from keruen.cli.screen import Screen
from keruen.i18n import translator

LEG: dict[str, Any] = {
    "mode": "rail",
    "from_name": "Dostyk",
    "to_name": "Aktau",
    "length_km": 3000.0,
    "time_h": 120.0,
    "time_sd_h": 12.0,
    "wait_h": 6.0,
    "cost_usd": 1500.0,
    "priced": True,
    "co2e_kg": 410.0,
    "co2e_known_kg": 410.0,
}
CHAIN: dict[str, Any] = {
    **LEG,
    "legs": [LEG, {**LEG, "mode": "road", "to_name": "Quryq", "priced": False}],
    "via": ["Dostyk"],
    "border_sojourn_h": 18.0,
    "time_cost_usd": 90.0,
    "items_usd": {"haulage": 1500.0, "subsidy": 0.0},
    "probability_share": 0.75,
}


def shown(**changed: object) -> str:
    result = {
        "quantity": 1.0,
        "unit": "TEU",
        "origin": {"name": "Xi'an"},
        "destination": {"name": "Aktau"},
        "commodity_name": "containers",
        "price_year": 2024,
        "chains": [CHAIN],
        "chains_found": 1,
        "other_ways": [],
        "turned_away_share": None,
        **changed,
    }
    stream = io.StringIO()
    show_route(Screen(translator("en"), stream), result, date(2030, 7, 1))
    return stream.getvalue()


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_table_of_chains_then_each_by_its_legs() -> None:
    told = shown()
    assert max(map(len, told.splitlines())) <= 80
    first, rest = told.split("1. Dostyk")
    assert all(word in first for word in ("2030", "5.0", "1,500", "75.0%"))
    assert "rail: Dostyk – Aktau" in rest
    assert "haulage 1,500" in rest


def test_what_has_no_price_is_said() -> None:
    note = translator("en")("cli.route.unpriced")[:40]
    assert note in shown()
    assert note not in shown(chains=[{**CHAIN, "legs": [LEG]}])
    bare = {**CHAIN, "legs": [{**LEG, "priced": False}], "items_usd": {"haulage": 0.0}}
    assert translator("en")("cli.route.no_price") in shown(chains=[bare])


def test_remarks_stand_below() -> None:
    assert translator("en").plural("word.route.left_out", 3) in shown(chains_found=4)
