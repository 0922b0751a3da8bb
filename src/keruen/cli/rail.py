"""``keruen rail``: railway lines by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import typer

from keruen.cli import streams
from keruen.cli.answer import Answer, Asked
from keruen.cli.moment import study_on_its_day
from keruen.cli.naming import Names
from keruen.cli.options import Options
from keruen.cli.pages import Command, Group
from keruen.cli.progress import tell_compiling
from keruen.cli.rail_diagram import register_diagram
from keruen.cli.rail_dispatch import FIRST_COME, register_dispatch
from keruen.cli.rail_doors import register_export, register_import
from keruen.cli.rail_run import register_run
from keruen.cli.rail_timetable import Compressed, compressed, show_timetable
from keruen.cli.runner import Runner
from keruen.cli.screen import Cell, Said, Screen
from keruen.cli.studies import study_name
from keruen.cli.usage import wrong_usage
from keruen.i18n import shown
from keruen.i18n.amounts import figures, tenths

if TYPE_CHECKING:
    from keruen.capacity.line import LineResult
    from keruen.capacity.line_description import MethodCapacity, MethodFailure
    from keruen.errors import Problem
    from keruen.model import Model

METHOD: Final = "parallel_timetable"
COMPRESSION: Final = "compression"
OTHERS: Final = (COMPRESSION, "dispatch")
"""Methods beside the parallel timetable: ``keruen.rail.line_result.LineMethod``."""
ALL: Final = "all"
CHOICES: Final = (METHOD, *OTHERS, ALL)


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
    register_run(rail, runner)
    register_dispatch(rail, runner)
    register_diagram(rail, runner)
    register_import(rail, runner)
    register_export(rail, runner)


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
        method: str | None = options.choice("--method", "METHOD", "cli.option.method", CHOICES),
        timetable: Any = options.timetable,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("rail capacity", json, study_name(study), scenario, year, date)

        def body() -> Answer:
            if timetable is not None and method not in (None, COMPRESSION):
                raise wrong_usage("timetable_by_compression", option="--method", value=method)
            model, known = study_on_its_day(study, asked)
            from keruen.capacity.line import capacity_of_line, read_line
            from keruen.capacity.line_order import check_connected
            from keruen.capacity.line_warnings import packet_warnings, short_track_warnings
            from keruen.capacity.lookup import choose_line

            chosen = choose_line(model, line)
            check_connected(model, chosen)
            if timetable is not None:
                return compressed(model, chosen, timetable, known)
            wanted = METHOD if method is None else method
            if wanted in ("dispatch", ALL) and not json:
                tell_compiling(t, FIRST_COME)
            sections = read_line(model, chosen)
            results = capacity_of_line(chosen, sections) if wanted in (METHOD, ALL) else ()
            others = other_methods(model, chosen, wanted)
            shape = answer(chosen, results, others)
            view = (model, chosen, results, others)
            short = short_track_warnings(model, sections)
            problems = (*short, *packet_warnings(model, sections), *others.problems)
            return Answer(shape, problems=problems, asked=known, view=view)

        def show(screen: Screen, given: Answer) -> None:
            if isinstance(given.view, Compressed):
                show_head(screen, given.view.model, given.view.line)
                show_timetable(screen, given.view)
                return
            model, chosen, results, others = given.view
            show_head(screen, model, chosen)
            if results:
                show_line(screen, model, results)
            if others.found or others.failed:
                show_methods(screen, model, results, others)

        return runner.run(asked, body, show)


class Others(NamedTuple):
    """What methods beside the parallel timetable say, what they cannot, and what to warn of."""

    found: tuple[MethodCapacity, ...] = ()
    failed: tuple[MethodFailure, ...] = ()
    problems: tuple[Problem, ...] = ()
    background_differs: bool = False


def other_methods(model: Model, line: str, wanted: str) -> Others:
    """Capacity of the line by the methods asked for beside the parallel timetable.

    Raises
    ------
    FailedError
        When nothing but such methods is asked for, and none has an answer.
    """
    if wanted == METHOD:
        return Others()
    from keruen.capacity.line_description import capacities_of_line, line_description
    from keruen.capacity.line_order import gauge_warnings
    from keruen.capacity.line_refusals import located
    from keruen.errors import FailedError, Severity
    from keruen.rail.line_result import LineMethod

    methods = tuple(LineMethod(one) for one in OTHERS if wanted in (one, ALL))
    described = line_description(model, line)
    found, failed = capacities_of_line(described, methods)
    reasons = located(model, line, (problem for one in failed for problem in one.problems))
    if wanted != ALL and not found:
        raise FailedError([replace(one, severity=Severity.ERROR) for one in reasons])
    problems = (*gauge_warnings(model, line), *reasons)
    return Others(found, failed, problems, described.background_differs)


def answer(
    line: str, results: Sequence[LineResult], others: Others | None = None
) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    known = Others() if others is None else others
    methods = [*map(method, results), *map(other_method, known.found)]
    unanswered = [
        {
            "method": one.method.value,
            "level": one.level.value,
            "reasons": [problem.code for problem in one.problems],
        }
        for one in known.failed
    ]
    return {"line": line, "methods": methods, "unanswered": unanswered}


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
        "left_trains_per_day": result.left_per_day,
        "left_section": result.left_section,
        "capacity_consumption_share": result.consumption_share,
        "binding_section": result.section,
        "schemes": [{"name": n, "period_min": m} for n, m in result.schemes.items()],
    }


def other_method(found: MethodCapacity) -> dict[str, object]:
    """One entry of ``methods`` of another method than the parallel timetable."""
    gross = found.gross.pairs_per_day
    period = found.gross.period_min if gross > 0.0 else None
    return {
        "method": found.gross.method.value,
        "level": found.gross.level,
        "period_min": period,
        "usable_min": None if period is None else gross * period,
        "capacity_trains_per_day": gross,
        "capacity_pairs_per_day": gross,
        "floored": found.gross.floored,
        "left_trains_per_day": found.left_per_day,
        "left_section": found.left_section,
        "capacity_consumption_share": found.consumption_share,
        "binding_section": found.section,
        "schemes": [],
    }


def show_head(screen: Screen, model: Model, line: str) -> None:
    """Print which line on which day."""
    screen.line(shown(Names(screen.t, model).row("lines", line)), "bold")
    screen.line(screen.t.date(model.on, "long"), "dim")


def show_methods(
    screen: Screen, model: Model, results: Sequence[LineResult], others: Others
) -> None:
    """Print every method asked for side by side, and why they differ."""
    t, names = screen.t, Names(screen.t, model)
    told = [*map(_of_parallel, results), *map(_of_other, others.found)]
    elsewhere = any(one.left_section != one.section for one in told)
    rows: list[list[Cell]] = []
    for one in told:
        row: list[Cell] = [
            t(f"word.line_method.{one.method}"),
            t(f"word.level.{one.level}"),
            names.element("sections", one.section),
            tenths(t, one.gross),
            tenths(t, one.left),
            t.percent(one.taken, 1),
        ]
        rows.append([*row, names.element("sections", one.left_section)] if elsewhere else row)
    for failure in others.failed:
        method = t(f"word.line_method.{failure.method.value}")
        blank: list[Cell] = [""] * (4 if elsewhere else 3)
        level = t(f"word.level.{failure.level.value}")
        rows.append([method, level, t("cli.rail.unanswered"), *blank])
    screen.heading(t("cli.rail.methods"))
    heads = ["method", "level", "section", "pairs", "left", "taken"]
    heads += ["left_at"] if elsewhere else []
    align = "<<<>>><" if elsewhere else "<<<"
    screen.table([t(f"cli.rail.{head}") for head in heads], rows, align=align)
    screen.entry(t("cli.rail.why"), indent=0)
    if any(one.taken > 0.0 for one in told):
        screen.entry(t("cli.rail.taken_why"), indent=0)
    if others.background_differs:
        screen.entry(t("cli.rail.why_background"), indent=0)


class _Told(NamedTuple):
    """A row of the table of methods."""

    method: str
    level: str
    section: str
    gross: float
    left: float
    left_section: str
    taken: float


def _of_parallel(result: LineResult) -> _Told:
    gross, left = result.capacity.gross_trains_per_day, result.left_per_day
    level, section = result.level.value, result.section
    taken = result.consumption_share
    return _Told(METHOD, level, section, gross, left, result.left_section, taken)


def _of_other(found: MethodCapacity) -> _Told:
    gross, level = found.gross, found.gross.level.value
    return _Told(
        gross.method.value,
        level,
        found.section,
        gross.pairs_per_day,
        found.left_per_day,
        found.left_section,
        found.consumption_share,
    )


def show_line(screen: Screen, model: Model, results: Sequence[LineResult]) -> None:
    """Print the capacity of a line at each level, and the crossing schemes that lead to it."""
    t, names, first = screen.t, Names(screen.t, model), results[0]
    rows: list[list[Cell]] = []
    for result in results:
        found = result.capacity
        name = (names.element("sections", result.section), Said(result.section, "dim"))
        numbers = [
            tenths(t, found.period_min),
            tenths(t, found.gross_trains_per_day),
            tenths(t, result.left_per_day),
            t.percent(result.consumption_share, 1),
        ]
        rows.append([t(f"word.level.{result.level.value}"), name, *numbers])
    heads = ("level", "section", "period", "pairs", "left", "taken")
    screen.table([t(f"cli.rail.{head}") for head in heads], rows, align="<<")
    screen.entry(t("cli.capacity.background"), indent=0)
    for least in dict.fromkeys(r.left_section for r in results if r.left_section != r.section):
        levels = ", ".join(t(f"word.level.{r.level.value}") for r in results if _at(r, least))
        section = names.element("sections", least)
        screen.entry(t("cli.rail.left_elsewhere", section=section, levels=levels), indent=0)
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


def _at(result: LineResult, section: str) -> bool:
    """Whether least is left on a section that is not the hardest before background trains."""
    return result.left_section == section != result.section


def _schemes(results: Sequence[LineResult]) -> dict[str, Mapping[str, float]]:
    """Schemes of each section that binds at some level; sections of several tracks have none."""
    return {result.section: result.schemes for result in results if result.schemes}
