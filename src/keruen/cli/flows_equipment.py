"""Equipment in ``keruen flows STUDY``: what returns empty or is turned away, what is acquired."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from keruen.cli.envelope import plain, records
from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Screen
from keruen.i18n import Translator
from keruen.i18n.amounts import figures, millions, unit_told, whole

if TYPE_CHECKING:
    import pandas as pd

    from keruen.flows.freight.equipment import Empties

ZONES_SHOWN: Final = 2
"""Zones of a kind where one more unit is worth most, and most are lacking."""
TOLD: Final = 0.005
"""Part of the empties of a kind turned away from which on the sums tell it."""


def _by_kind(equipment: pd.DataFrame) -> list[Empties]:
    from keruen.flows.freight.equipment import empties

    return empties(equipment)


def empties_told(equipment: pd.DataFrame) -> list[dict[str, object]]:
    """Shape the empties of the answer: each kind of equipment, all zones together."""
    return [
        {
            "equipment": one.equipment,
            "unit": one.unit,
            "loaded_per_year": one.loaded,
            "carried_per_year": one.carried,
            "refused_per_year": one.refused,
            "refused_share": one.refused_share,
            "acquired_per_year": one.acquired,
            "acquired_usd_per_year": plain(one.usd),
        }
        for one in _by_kind(equipment)
    ]


def show_refused(screen: Screen, names: Names, equipment: pd.DataFrame) -> None:
    """Print which empties are turned away, a line for each kind."""
    t = screen.t
    for one in _by_kind(equipment):
        if one.refused_share < TOLD:
            continue
        told = {
            "name": names.row("equipment", one.equipment),
            "refused": whole(t, one.refused),
            "planned": whole(t, one.planned),
            "unit": unit_told(t, one.unit),
            "share": t.percent(one.refused_share),
        }
        screen.entry(t("cli.freight.sum.empty", **told), indent=0)


def show_equipment(screen: Screen, names: Names, equipment: pd.DataFrame) -> None:
    """Print what becomes of each kind, and where one more unit of it is worth most."""
    if equipment.empty:
        return
    t = screen.t
    screen.heading(t("cli.freight.equipment_moves"))
    heads = ("equipment_kind", "unit", "loaded", "empty", "away", "acquired", "acquired_usd")
    kinds = [_kind(t, names, one) for one in _by_kind(equipment)]
    screen.table([t(f"cli.freight.{head}") for head in heads], kinds, align="<<")
    dear = equipment[equipment["price_usd"] > 0.0]
    if not dear.empty:
        _show_dear(screen, names, dear)
    screen.entry(t("cli.freight.left_note"), indent=0)


def _kind(t: Translator, names: Names, one: Empties) -> list[Cell]:
    return [
        names.row("equipment", one.equipment),
        unit_told(t, one.unit),
        whole(t, one.loaded),
        whole(t, one.carried),
        whole(t, one.refused),
        whole(t, one.acquired),
        millions(t, one.usd if math.isfinite(one.usd) else None),
    ]


def _show_dear(screen: Screen, names: Names, dear: pd.DataFrame) -> None:
    t = screen.t
    screen.heading(t("cli.freight.equipment"))
    heads = ("equipment_kind", "zone", "empty_in", "empty_out", "away", "left", "price", "saving")
    order = dear.sort_values(["price_usd", "left_per_year"], ascending=[False, True])
    top = order.groupby("equipment").head(ZONES_SHOWN)
    rows: list[list[Cell]] = [
        [
            names.row("equipment", row["equipment"]),
            names.row("zones", row["zone"]),
            whole(t, row["empty_in_per_year"]),
            whole(t, row["empty_out_per_year"]),
            whole(t, row["refused_in_per_year"] + row["refused_out_per_year"]),
            whole(t, row["left_per_year"]),
            figures(t, row["price_usd"]),
            figures(t, row["saving_usd"]),
        ]
        for row in records(top.sort_values(["equipment", "zone"]))
    ]
    screen.table([t(f"cli.freight.{head}") for head in heads], rows, align="<<")
