"""``keruen flows``: who goes which way, and the demand between zones that it rests on."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.flows_tntp import (
    GAP,
    only_with_tntp,
    only_without_tntp,
    parse_distance_weight,
    parse_gap,
    parse_toll_weight,
    show_tntp,
    tntp_body,
)
from keruen.cli.flows_year import show_year, year_body
from keruen.cli.naming import Names
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.runner import Runner
from keruen.cli.screen import Cell, Said, Screen
from keruen.cli.studies import find_study, study_name
from keruen.cli.usage import wrong_usage
from keruen.i18n import Translator
from keruen.i18n.amounts import unit_told, whole

if TYPE_CHECKING:
    import pandas as pd

    from keruen.flows.growth import YearDemand
    from keruen.model import Model

LEAST_SHARE: Final = 0.01
"""Part of its commodity below which a relation is left out on the screen."""


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("flows", cls=Command, help=t("cli.flows.help"))
    def flows(
        *,
        study: str | None = options.argument("STUDY", "cli.argument.study", required=False),
        demand: bool = options.flag("--demand", "cli.option.demand"),
        tntp: tuple[Path, Path] | None = options.two_files("--tntp", "cli.option.tntp"),
        gap: float | None = options.value("--gap", "G", "cli.option.gap", parse_gap),
        toll_weight: float | None = options.value(
            "--toll-weight", "W", "cli.option.toll_weight", parse_toll_weight
        ),
        distance_weight: float | None = options.value(
            "--distance-weight", "W", "cli.option.distance_weight", parse_distance_weight
        ),
        year: int | None = options.year,
        scenario: str | None = options.scenario,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        named = None if study is None or tntp is not None else study_name(study)
        asked = Asked("flows", json, named, scenario, year)

        def body() -> Answer:
            if tntp is not None:
                only_without_tntp(study=study, demand=demand, year=year, scenario=scenario)
                from keruen.exchange.tntp import Weights

                return tntp_body(tntp, gap or GAP, Weights(toll_weight, distance_weight))
            only_with_tntp(gap=gap, toll_weight=toll_weight, distance_weight=distance_weight)
            if study is None:
                raise wrong_usage("missing_argument", name="STUDY")
            folder = find_study(study)
            if not demand:
                return year_body(t, asked, folder)
            from keruen.flows.growth import demand_of
            from keruen.study.pipeline import Request, prepare

            base, problems = prepare(Request(folder, scenario))
            found = demand_of(base, year)
            told = [problem for problem in problems if problem.code == "demand_unserved"]
            known = replace(asked, year=found.year)
            return Answer(answer(found), told, asked=known, view=(base, found))

        def show(screen: Screen, given: Answer) -> None:
            if tntp is not None:
                show_tntp(screen, given)
                return
            if not demand:
                show_year(screen, given)
                return
            base, found = given.view
            show_demand(screen, base, found)

        return runner.run(asked, body, show)


def answer(found: YearDemand) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    columns = ("commodity", "origin", "destination", "loaded", "quantity", "unit", "distance_km")
    rows = zip(*(found.demand[name].tolist() for name in columns), strict=True)
    return {
        "definition": "demand",
        "gap": found.base.gap,
        "iterations": found.base.rounds,
        "fitted_year": found.base.year,
        "demand": [
            {
                "commodity": commodity,
                "origin": origin,
                "destination": destination,
                "loaded": loaded == "loaded",
                "quantity_t_per_year": quantity if unit == "t" else None,
                "quantity_teu_per_year": quantity if unit == "TEU" else None,
                "distance_km": known(distance),
                "served": math.isfinite(distance),
            }
            for commodity, origin, destination, loaded, quantity, unit, distance in rows
        ],
        "control_totals": control_totals(found.base.totals),
        "balance": found.base.balance.to_dict("records"),
    }


def known(value: float) -> float | None:
    """A number that JSON can hold."""
    return value if math.isfinite(value) else None


def control_totals(totals: pd.DataFrame) -> list[dict[str, object]]:
    """Totals with what they come to, as records."""
    columns = (
        *("unit", "loaded", "fitted", "wanted", "computed", "residual_share"),
        *("tolerance_share", "source", "confidence"),
    )
    rows = zip(totals.index, *(totals[name].tolist() for name in columns), strict=True)
    return [
        {"id": str(key), **dict(zip(columns, cells, strict=True))}
        | {"residual_share": known(cells[5])}
        for key, *cells in rows
    ]


def show_demand(screen: Screen, base: Model, found: YearDemand) -> None:
    """Print relations between countries, and the totals beside what they come to."""
    from keruen.flows.growth import by_country

    t, names = screen.t, Names(screen.t, base)
    relations = by_country(base, found.demand)
    if relations.empty:
        screen.line(t("cli.flows.none"))
        return
    sums = relations.groupby("commodity")["loaded"].transform("sum")
    screen.heading(t("cli.flows.relations", year=str(found.year)))
    heads = ("commodity", "from", "to", "loaded", "empty", "unit")
    large = relations[relations["loaded"] + relations["empty"] >= LEAST_SHARE * sums]
    screen.table(
        [t(f"cli.flows.{head}") for head in heads], _relations(t, names, large), align="<==>>="
    )
    left = len(relations) - len(large)
    screen.entry(t.plural("cli.flows.left_out", left), indent=0)
    screen.heading(t("cli.flows.totals", year=str(found.base.year)))
    heads = ("total", "wanted", "computed", "residual", "tolerance", "unit")
    rows = _totals(t, names, found.base.totals)
    screen.table([t(f"cli.flows.{head}") for head in heads], rows, align="<>>>>=")


def _relations(t: Translator, names: Names, relations: pd.DataFrame) -> list[list[Cell]]:
    return [
        [
            names.row("commodities", row["commodity"]),
            row["origin"],
            row["destination"],
            whole(t, row["loaded"]),
            whole(t, row["empty"]) if row["empty"] > 0 else "",
            unit_told(t, f"{row['unit']}/year"),
        ]
        for row in relations.to_dict("records")
    ]


def _totals(t: Translator, names: Names, totals: pd.DataFrame) -> list[list[Cell]]:
    return [
        [
            (names.row("control_totals", str(key)), Said(str(key), "dim")),
            whole(t, row["wanted"]),
            whole(t, row["computed"]),
            t.percent(round(row["residual_share"], 3) + 0.0, 1),
            t.percent(row["tolerance_share"]),
            unit_told(t, row["unit"]),
        ]
        for key, row in zip(totals.index, totals.to_dict("records"), strict=True)
    ]
