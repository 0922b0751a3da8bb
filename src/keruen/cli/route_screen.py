"""Chains on the screen: one table of all, then each by its legs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from keruen.cli.screen import Cell, Screen
from keruen.i18n import ABSENT
from keruen.i18n.amounts import whole
from keruen.i18n.route_words import (
    days_told,
    gases_told,
    items_told,
    leg_cells,
    leg_told,
    remarks_told,
    sum_told,
    via_told,
)

Chain = Mapping[str, Any]


def show_route(screen: Screen, result: Chain, day: date) -> None:
    """Print the chains of a result of ``keruen route``.

    Parameters
    ----------
    screen : Screen
        Where.
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
    vias = [via_told(chain) for chain in chains]
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
    rows: list[list[Cell]] = [[leg_told(t, leg), *leg_cells(t, leg)] for leg in chain["legs"]]
    screen.table([t(f"cli.route.{head}") for head in heads], rows)
    items = [f"{item} {usd}" for item, usd in items_told(t, chain)]
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
    for told in remarks_told(t, result):
        screen.entry(told, indent=0)
    screen.entry(t("cli.route.note", year=str(result["price_year"])), indent=0)
    if any(not leg["priced"] for chain in result["chains"] for leg in chain["legs"]):
        screen.entry(t("cli.route.unpriced"), indent=0)
