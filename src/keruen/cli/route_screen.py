"""Chains on the screen: one table of all, then each by its legs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from keruen.cli.amounts import figures, tenths, whole
from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Screen
from keruen.i18n import ABSENT, Translator

HOURS_PER_DAY: Final = 24.0
SINGLE: Final = ("gauge_change", "transshipment")
"""Legs that lead nowhere."""

Chain = Mapping[str, Any]


def leg_name(leg: Chain) -> str:
    """Where a leg leads.

    >>> leg_name({"mode": "sea", "from_name": "Aktau", "to_name": "Alat"})
    'Aktau – Alat'
    """
    if leg["mode"] in SINGLE or leg["from_name"] == leg["to_name"]:
        return str(leg["from_name"])
    return f"{leg['from_name']} – {leg['to_name']}"


def _mode(t: Translator, leg: Chain) -> str:
    mode = leg["mode"]
    return t(f"word.leg.{mode}")


def _item(t: Translator, name: str) -> str:
    return t(f"word.cost.{name}")


def days_told(t: Translator, hours: float) -> str:
    """Hours as days with one decimal."""
    return tenths(t, hours / HOURS_PER_DAY)


def gases_told(t: Translator, one: Chain) -> str:
    """Greenhouse gases; where a part is not known, that it is more than what is."""
    if one["co2e_kg"] is not None:
        return figures(t, one["co2e_kg"], 3)
    return f"> {figures(t, one['co2e_known_kg'], 3)}" if one["co2e_known_kg"] > 0 else ABSENT


def cost_told(t: Translator, leg: Chain) -> str:
    """What a leg costs; nothing told where the study has no price for it.

    >>> from keruen.i18n import translator
    >>> cost_told(translator("en"), {"cost_usd": 12.3, "priced": True})
    '12'
    """
    return whole(t, leg["cost_usd"]) if leg["priced"] else ABSENT


def sum_told(t: Translator, chain: Chain) -> str:
    """What a chain costs; nothing told where no leg of it has a price."""
    known = any(leg["priced"] for leg in chain["legs"]) or any(chain["items_usd"].values())
    return whole(t, chain["cost_usd"]) if known else ABSENT


def other_told(t: Translator, one: Chain) -> str:
    """A way that is no part of the network."""
    days, cost = days_told(t, one["time_h"]), whole(t, one["cost_usd"])
    return t("cli.route.other_way", name=one["name"], days=days, cost=cost)


def show_route(screen: Screen, names: Names, result: Chain, day: date) -> None:
    """Print the chains of a result of ``keruen route``.

    Parameters
    ----------
    screen : Screen
        Where.
    names : Names
        Names of rows.
    result : mapping
        Result of the JSON contract.
    day : date
        Day that the equilibrium stands for.
    """
    t = screen.t
    amount = t.unit(result["quantity"], result["unit"])
    ends = {"origin": result["origin"]["name"], "destination": result["destination"]["name"]}
    told = t("cli.route.heading", year=str(day.year), cargo=result["commodity_name"], **ends)
    screen.heading(told, amount)
    chains = list(result["chains"])
    vias = [", ".join(chain["via"]) or ABSENT for chain in chains]
    heads = ("chain", "via", "days", "spread", "cost", "gases", "share")
    rows: list[list[Cell]] = [
        [
            str(number),
            via,
            days_told(t, chain["time_h"]),
            days_told(t, chain["time_sd_h"]),
            sum_told(t, chain),
            gases_told(t, chain),
            t.percent(chain["probability_share"], 1),
        ]
        for number, (via, chain) in enumerate(zip(vias, chains, strict=True), start=1)
    ]
    screen.table([t(f"cli.route.{head}") for head in heads], rows, align="><")
    for number, chain in enumerate(chains, start=1):
        _show_chain(screen, number, vias[number - 1], chain)
    _notes(screen, result)


def _show_chain(screen: Screen, number: int, via: str, chain: Chain) -> None:
    t = screen.t
    screen.heading(f"{number}. {via}")
    heads = ("leg", "km", "hours", "spread_h", "waits", "cost", "gases")
    rows: list[list[Cell]] = [
        [
            f"{_mode(t, leg)}: {leg_name(leg)}",
            whole(t, leg["length_km"]) if leg["length_km"] else "",
            whole(t, leg["time_h"]),
            whole(t, leg["time_sd_h"]),
            whole(t, leg["wait_h"]),
            cost_told(t, leg),
            gases_told(t, leg),
        ]
        for leg in chain["legs"]
    ]
    screen.table([t(f"cli.route.{head}") for head in heads], rows)
    items = [
        f"{_item(t, name)} {whole(t, usd)}"
        for name, usd in chain["items_usd"].items()
        if round(usd)
    ]
    if items:
        told = t("cli.route.items", cost=whole(t, chain["cost_usd"]), items=t.list(items))
        screen.entry(told, indent=2)
    elif sum_told(t, chain) == ABSENT:
        screen.entry(t("cli.route.no_price"), indent=2)
    hours = {"sojourn": days_told(t, chain["border_sojourn_h"])}
    screen.entry(
        t("cli.route.times", time_cost=whole(t, chain["time_cost_usd"]), **hours), indent=2
    )


def _notes(screen: Screen, result: Chain) -> None:
    t = screen.t
    screen.line()
    for one in result["other_ways"]:
        screen.entry(other_told(t, one), indent=0)
    screen.entry(t("cli.route.note", year=str(result["price_year"])), indent=0)
    if any(not leg["priced"] for chain in result["chains"] for leg in chain["legs"]):
        screen.entry(t("cli.route.unpriced"), indent=0)
    left = result["chains_found"] - len(result["chains"])
    if left:
        screen.entry(t.plural("cli.route.left_out", left), indent=0)
    if result["turned_away_share"]:
        share = t.percent(result["turned_away_share"], 1)
        screen.entry(t("cli.route.turned_away", share=share), indent=0)
