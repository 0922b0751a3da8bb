"""``keruen flows STUDY``: the equilibrium of freight in a year."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from keruen.cli.amounts import figures, whole
from keruen.cli.answer import Answer, Asked
from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Said, Screen
from keruen.i18n import Translator, shown, unit_code

if TYPE_CHECKING:
    import pandas as pd

    from keruen.model import Model
    from keruen.study.freight import YearFlows

LINKS_SHOWN: Final = 15
SCARCE_SHOWN: Final = 12
DEFINITION: Final = "stochastic_user_equilibrium"


class View(NamedTuple):
    """What the screen shows."""

    base: Model
    found: YearFlows


def year_body(asked: Asked, folder: Path) -> Answer:
    """Find the equilibrium of the year asked for."""
    from keruen.study.freight import flows_of_year
    from keruen.study.pipeline import Request, prepare
    from keruen.study.targets import days_of

    base, problems = prepare(Request(folder, asked.scenario))
    found = flows_of_year(base, days_of(base), asked.year)
    told = [problem for problem in problems if problem.code == "demand_unserved"]
    known = replace(asked, year=found.year)
    return Answer(answer(found), [*told, *found.problems], asked=known, view=View(base, found))


def answer(found: YearFlows) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    sums = found.sums
    return {
        "definition": DEFINITION,
        "gap": sums["gap"],
        "route_set_error": sums["route_set_error"],
        "capacity_excess_share": sums["excess_share"],
        "converged": bool(sums["converged"]),
        "iterations": int(sums["iterations"]),
        "objective": None,
        "demand_t_per_year": sums["demand_t_per_year"],
        "served_t_per_year": sums["served_t_per_year"],
        "refused_t_per_year": sums["refused_t_per_year"],
        "links": [_link(row) for row in records(found.links)],
        "routes": [_route(row) for row in records(found.routes)],
        "equipment": records(found.equipment),
        "observed": [_observed(row) for row in records(found.observed)],
    }


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; what is not a number is nothing."""
    return [{name: _plain(value) for name, value in row.items()} for row in _rows(frame)]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table, each by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _link(row: dict[str, Any]) -> dict[str, object]:
    return {
        "id": row["element_row"],
        "table": row["element_table"],
        "direction": row["direction"],
        "from": row["from_node"],
        "to": row["to_node"],
        "mode": row["mode"],
        "flow_t_per_year": row["flow_t_per_year"],
        "flow_teu_per_year": row["flow_teu_per_year"],
        "native_unit": row["native_unit"],
        "load_per_year": row["load_per_year"],
        "capacity_per_year": row["capacity_per_year"],
        "utilisation_share": row["utilisation_share"],
        "time_h": row["time_h"],
        "wait_h": row["wait_h"],
        "price_usd": row["price_usd"],
        "price_usd_per_t": row["price_usd_per_t"],
    }


def _route(row: dict[str, Any]) -> dict[str, object]:
    kept = ("origin", "destination", "commodity", "chain", "share", "cost_usd", "time_h")
    return {name: row[name] for name in kept} | {
        "loaded": row["loaded"] == "loaded",
        "refused": row["refused"],
        "left_out_share": row["left_out_share"],
        "length_km": row["length_km"],
        "quantity": row["quantity_per_year"],
        "unit": row["unit"],
    }


def _observed(row: dict[str, Any]) -> dict[str, object]:
    kept = ("id", "definition", "year", "computed", "observed", "unit", "source")
    return {name: row[name] for name in kept} | {
        "calibrated": row["calibrated"] != "free",
        "seen": row["calibrated"],
    }


def show_year(screen: Screen, given: Answer) -> None:
    """Print sums, what is scarce, the busiest elements, and computed beside observed."""
    view: View = given.view
    t, found, names = screen.t, view.found, Names(screen.t, view.base)
    sums = found.sums
    screen.heading(t("cli.freight.year", year=str(found.year)))
    for name in ("demand", "served", "refused"):
        amount = whole(t, sums[f"{name}_t_per_year"])
        screen.entry(t(f"cli.freight.sum.{name}", amount=amount), indent=0)
    screen.entry(
        t("cli.freight.gap", gap=f"{sums['gap']:.1e}", excess=f"{sums['excess_share']:.1e}"),
        indent=0,
    )
    _show_links(screen, names, found.links)
    _show_equipment(screen, names, found.equipment)
    _show_observed(screen, found.observed)


def _show_links(screen: Screen, names: Names, links: pd.DataFrame) -> None:
    t = screen.t
    scarce = links[links["price_usd"] > 0.0].sort_values("price_usd_per_t", ascending=False)
    screen.heading(t("cli.freight.scarce"))
    if scarce.empty:
        screen.entry(t("cli.freight.nothing_scarce"), indent=0)
    else:
        heads = ("element", "direction", "use", "price", "unit", "price_t")
        rows = [_scarce(t, names, row) for row in _rows(scarce.head(SCARCE_SHOWN))]
        screen.table([t(f"cli.freight.{head}") for head in heads], rows, align="<<>>=>")
    used = links[links["utilisation_share"].notna() & (links["flow_t_per_year"] > 0.0)]
    busiest = used.sort_values("utilisation_share", ascending=False).head(LINKS_SHOWN)
    screen.heading(t("cli.freight.busiest"))
    heads = ("element", "direction", "use", "tonnes", "boxes", "wait")
    rows = [_busy(t, names, row) for row in _rows(busiest)]
    screen.table([t(f"cli.freight.{head}") for head in heads], rows, align="<<>>>>")


def _element(names: Names, row: dict[str, Any]) -> Cell:
    table, key = row["element_table"], row["element_row"]
    return (names.row(table, key), Said(key, "dim"))


def _scarce(t: Translator, names: Names, row: dict[str, Any]) -> list[Cell]:
    return [
        _element(names, row),
        t(f"word.direction.{row['direction']}"),
        t.percent(row["utilisation_share"]),
        figures(t, row["price_usd"]),
        _unit(t, f"USD/{row['native_unit']}"),
        figures(t, row["price_usd_per_t"]),
    ]


def _busy(t: Translator, names: Names, row: dict[str, Any]) -> list[Cell]:
    return [
        _element(names, row),
        t(f"word.direction.{row['direction']}"),
        t.percent(row["utilisation_share"]),
        whole(t, row["flow_t_per_year"]),
        whole(t, row["flow_teu_per_year"]),
        figures(t, row["wait_h"]),
    ]


def _show_equipment(screen: Screen, names: Names, equipment: pd.DataFrame) -> None:
    t = screen.t
    dear = equipment[equipment["price_usd"] > 0.0]
    if dear.empty:
        return
    screen.heading(t("cli.freight.equipment"))
    heads = ("equipment_kind", "zone", "empty_in", "empty_out", "left", "price")
    top = dear.sort_values("price_usd", ascending=False).groupby("equipment").head(2)
    rows: list[list[Cell]] = [
        [
            names.row("equipment", row["equipment"]),
            names.row("zones", row["zone"]),
            whole(t, row["empty_in_per_year"]),
            whole(t, row["empty_out_per_year"]),
            whole(t, row["left_per_year"]),
            figures(t, row["price_usd"]),
        ]
        for row in _rows(top.sort_values(["equipment", "zone"]))
    ]
    screen.table([t(f"cli.freight.{head}") for head in heads], rows, align="<<")
    screen.entry(t("cli.freight.left_note"), indent=0)


def _show_observed(screen: Screen, observed: pd.DataFrame) -> None:
    t = screen.t
    beside = observed[observed["observed"].notna()]
    if beside.empty:
        return
    screen.heading(t("cli.freight.observed"))
    heads = ("measure", "computed", "observed_value", "unit", "seen")
    rows: list[list[Cell]] = [
        [
            (row["definition"], Said(str(row["id"]), "dim")),
            figures(t, row["computed"]),
            figures(t, row["observed"]),
            _unit(t, row["unit"]),
            t(f"cli.freight.seen.{row['calibrated']}"),
        ]
        for row in _rows(beside)
    ]
    screen.table([t(f"cli.freight.{head}") for head in heads], rows, align="<>>==")


def _unit(t: Translator, name: str) -> str:
    """A unit in words where the language has them."""
    return t.unit_name(name) if t.has(f"unit.name.{unit_code(name)}") else shown(name)
