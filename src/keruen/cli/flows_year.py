"""``keruen flows STUDY``: the equilibrium of freight in a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from keruen.cli.answer import Answer, Asked
from keruen.cli.envelope import records
from keruen.cli.flows_equipment import empties_told, show_equipment, show_refused
from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Said, Screen
from keruen.i18n import Translator
from keruen.i18n.amounts import (
    figures,
    measured,
    measured_unit,
    millions,
    scientific,
    tenths,
    unit_told,
    whole,
)

if TYPE_CHECKING:
    import pandas as pd

    from keruen.model import Model
    from keruen.study.freight import YearFlows

LINKS_SHOWN: Final = 15
SCARCE_SHOWN: Final = 12
_THOUSAND: Final = 1e3
DEFINITION: Final = "stochastic_user_equilibrium"


Row = Mapping[str, Any]


class View(NamedTuple):
    """What the screen shows."""

    base: Model
    found: YearFlows


def year_body(t: Translator, asked: Asked, folder: Path) -> Answer:
    """Find the equilibrium of the year asked for."""
    from keruen.study.freight import flows_of_year
    from keruen.study.pipeline import Request, prepare
    from keruen.study.targets import days_of

    base, problems = prepare(Request(folder, asked.scenario))
    found = flows_of_year(base, days_of(base), asked.year)
    told = [problem for problem in problems if problem.code == "demand_unserved"]
    known = replace(asked, year=found.year)
    told += map(Names(t, base).problem, found.problems)
    return Answer(answer(found), told, asked=known, view=View(base, found))


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
        "empties": empties_told(found.equipment),
        "observed": [_observed(row) for row in records(found.observed)],
    }


def _link(row: Row) -> dict[str, object]:
    from keruen.flows.freight.standing import STANDING_COLUMNS

    named = {"id": "element_row", "table": "element_table", "from": "from_node", "to": "to_node"}
    flows, others = STANDING_COLUMNS[:2], STANDING_COLUMNS[2:]
    first = ("id", "table", "direction", "from", "to", "mode", *flows, "native_unit")
    keys = (*first, *others, "scarce")
    return {key: row[named.get(key, key)] for key in keys}


def _route(row: Row) -> dict[str, object]:
    kept = ("origin", "destination", "commodity", "chain", "share", "cost_usd", "time_h")
    return {name: row[name] for name in kept} | {
        "loaded": row["loaded"] == "loaded",
        "refused": row["refused"],
        "left_out_share": row["left_out_share"],
        "length_km": row["length_km"],
        "quantity": row["quantity_per_year"],
        "unit": row["unit"],
    }


def _observed(row: Row) -> dict[str, object]:
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
        amount = millions(t, sums[f"{name}_t_per_year"])
        screen.entry(t(f"cli.freight.sum.{name}", amount=amount), indent=0)
    show_refused(screen, names, found.equipment)
    kept = {
        "gap": scientific(t, sums["gap"]),
        "elsewhere": t.percent(sums["route_set_error"], 1),
        "excess": scientific(t, sums["excess_share"]),
    }
    screen.entry(t("cli.freight.gap", **kept), indent=0)
    _show_links(screen, names, found.links)
    show_equipment(screen, names, found.equipment)
    _show_observed(screen, names, found.observed)


def _show_links(screen: Screen, names: Names, links: pd.DataFrame) -> None:
    t = screen.t
    scarce = links[links["scarce"]].sort_values("price_usd_per_t", ascending=False)
    screen.heading(t("cli.freight.scarce"))
    if scarce.empty:
        screen.entry(t("cli.freight.nothing_scarce"), indent=0)
    else:
        heads = ("element", "direction", "price", "unit", "price_t")
        rows = [_scarce(t, names, row) for row in records(scarce.head(SCARCE_SHOWN))]
        screen.table([t(f"cli.freight.{head}") for head in heads], rows, align="<=>=>")
    used = links[links["utilisation_share"].notna() & (links["flow_t_per_year"] > 0.0)]
    busiest = used.sort_values("utilisation_share", ascending=False).head(LINKS_SHOWN)
    screen.heading(t("cli.freight.busiest"))
    titles = ("element", "direction", "use", "tonnes", "boxes", "wait")
    rows = [_busy(t, names, row) for row in records(busiest)]
    screen.table([t(f"cli.freight.{head}") for head in titles], rows, align="<=>>>>")


def _element(names: Names, row: Row) -> Cell:
    table, key = row["element_table"], row["element_row"]
    return (names.row(table, key), Said(key, "dim"))


def _scarce(t: Translator, names: Names, row: Row) -> list[Cell]:
    return [
        _element(names, row),
        t(f"word.direction.{row['direction']}"),
        figures(t, row["price_usd"]),
        unit_told(t, f"USD/{row['native_unit']}"),
        figures(t, row["price_usd_per_t"]),
    ]


def _busy(t: Translator, names: Names, row: Row) -> list[Cell]:
    return [
        _element(names, row),
        t(f"word.direction.{row['direction']}"),
        t.percent(row["utilisation_share"]),
        whole(t, row["flow_t_per_year"] / _THOUSAND),
        whole(t, row["flow_teu_per_year"]),
        tenths(t, row["wait_h"]),
    ]


def _show_observed(screen: Screen, names: Names, observed: pd.DataFrame) -> None:
    t = screen.t
    beside = observed[observed["observed"].notna()]
    if beside.empty:
        return
    screen.heading(t("cli.freight.observed"))
    heads = ("measure", "computed", "observed_value", "unit", "seen")
    rows: list[list[Cell]] = [
        [
            (names.row("flow_measures", row["id"]), Said(row["id"], "dim")),
            measured(t, row["computed"], row["unit"]),
            _beside(names, row),
            measured_unit(t, row["unit"]),
            t(f"cli.freight.seen.{row['calibrated']}"),
        ]
        for row in records(beside)
    ]
    screen.table([t(f"cli.freight.{head}") for head in heads], rows, align="<>>==")


def _beside(names: Names, row: Row) -> Cell:
    """What was observed, and whether it is only what was stated."""
    from keruen.model.statements import is_statement

    t = names.t
    value = measured(t, row["observed"], row["unit"])
    if not is_statement(names.models[0], str(row["observation"])):
        return value
    return (value, Said(t("cli.freight.is_stated"), "dim"))
