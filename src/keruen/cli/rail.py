"""``keruen rail``: railway lines by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import typer

from keruen.cli import streams
from keruen.cli.amounts import figures, tenths
from keruen.cli.answer import Answer, Asked
from keruen.cli.naming import Names
from keruen.cli.options import Options, one_moment
from keruen.cli.pages import Command, Group
from keruen.cli.runner import Runner
from keruen.cli.screen import Cell, Said, Screen
from keruen.cli.studies import find_study, study_name
from keruen.i18n import shown

if TYPE_CHECKING:
    from keruen.capacity.line import LineResult
    from keruen.model import Model

METHOD: Final = "parallel_timetable"


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the group and its commands."""
    t, options = runner.t, Options(runner.t)
    rail = typer.Typer(
        cls=Group, help=t("cli.rail.help"), add_completion=False, invoke_without_command=True
    )
    app.add_typer(rail, name="rail")

    @rail.callback()
    def root(context: typer.Context, lang: str | None = options.lang) -> None:
        if context.invoked_subcommand is None:
            streams.write_line(context.get_help())

    register_capacity(rail, runner)


def register_capacity(app: typer.Typer, runner: Runner) -> None:
    """Add ``keruen rail capacity``."""
    t, options = runner.t, Options(runner.t)

    @app.command("capacity", cls=Command, help=t("cli.rail.capacity.help"))
    def capacity(
        *,
        study: str = options.study,
        line: str | None = options.argument("LINE", "cli.argument.line", required=False),
        year: int | None = options.year,
        date: Any = options.date,
        scenario: str | None = options.scenario,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("rail capacity", json, study_name(study), scenario, year, date)

        def body() -> Answer:
            one_moment(year, date)
            folder = find_study(study)
            from keruen.capacity.line import line_capacity
            from keruen.capacity.lookup import choose_line
            from keruen.study.pipeline import Request, prepare

            base, _ = prepare(Request(folder, scenario))
            day = date or (base.settings.base_date if year is None else dt.date(year, 7, 1))
            model = base.at(day)
            results = line_capacity(model, choose_line(model, line))
            when = day if year is None else None
            return Answer(answer(results), asked=replace(asked, date=when), view=(model, results))

        def show(screen: Screen, given: Answer) -> None:
            model, results = given.view
            show_line(screen, model, results)

        return runner.run(asked, body, show)


def answer(results: Sequence[LineResult]) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    return {"line": results[0].line, "methods": [method(result) for result in results]}


def method(result: LineResult) -> dict[str, object]:
    """One entry of ``methods``: before other trains are let through, one direction or in pairs."""
    from keruen.rail.line_capacity import whole_trains

    found = result.capacity
    return {
        "method": METHOD,
        "level": result.level,
        "period_min": found.period_min,
        "usable_min": found.usable_min,
        "capacity_trains_per_day": found.gross_trains_per_day,
        "capacity_pairs_per_day": found.gross_trains_per_day,
        "floored": whole_trains(found.gross_trains_per_day),
        "left_trains_per_day": found.trains_per_day,
        "capacity_consumption_share": result.consumption_share,
        "binding_section": result.section,
        "schemes": [{"name": n, "period_min": m} for n, m in result.schemes.items()],
    }


def show_line(screen: Screen, model: Model, results: Sequence[LineResult]) -> None:
    """Print the capacity of a line at each level, and the crossing schemes that lead to it."""
    t, names, first = screen.t, Names(screen.t, model), results[0]
    screen.line(shown(names.row("lines", first.line)), "bold")
    screen.line(t.date(model.on, "long"), "dim")
    rows: list[list[Cell]] = []
    for result in results:
        found = result.capacity
        name = (names.element("sections", result.section), Said(result.section, "dim"))
        numbers = [
            tenths(t, found.period_min),
            tenths(t, found.gross_trains_per_day),
            tenths(t, found.trains_per_day),
        ]
        rows.append([t(f"word.level.{result.level.value}"), name, *numbers])
    heads = ("level", "section", "period", "pairs", "left")
    screen.table([t(f"cli.rail.{head}") for head in heads], rows, align="<<")
    screen.entry(t("cli.capacity.background"), indent=0)
    if first.consumption_share > 0:
        share = t.percent(first.consumption_share, 1)
        screen.entry(t("cli.rail.consumption", share=share), indent=0)
    for section, schemes in _schemes(results).items():
        screen.heading(t("cli.rail.schemes"), names.element("sections", section))
        shortest = min(schemes.values())
        screen.table(
            [t("cli.rail.scheme"), t("cli.rail.period")],
            [
                [
                    Said(t(f"word.scheme.{name}"), "bold" if minutes == shortest else ""),
                    figures(t, minutes),
                ]
                for name, minutes in schemes.items()
            ],
        )


def _schemes(results: Sequence[LineResult]) -> dict[str, Mapping[str, float]]:
    """Schemes of each section that binds at some level; sections of several tracks have none."""
    return {result.section: result.schemes for result in results if result.schemes}
