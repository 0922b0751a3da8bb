"""``keruen check``: every problem of a study at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.naming import Names
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.runner import Runner
from keruen.cli.screen import PROBLEMS_SHOWN, Screen
from keruen.cli.studies import find_study, study_name
from keruen.i18n import shown

if TYPE_CHECKING:
    from keruen.errors import Problem
    from keruen.model import Reading

CONFIDENCES: Final = ("official", "published", "derived", "assumed")


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("check", cls=Command, help=t("cli.check.help"))
    def check(
        study: str = options.study,
        sources: bool = options.flag("--sources", "cli.check.sources"),
        every: bool = options.flag("--all", "cli.check.all"),
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("check", json=json, study=study_name(study))

        def body() -> Answer:
            folder = find_study(study)
            from keruen.model import read_study

            reading = read_study(folder)
            if reading.model is None:
                return answer(reading, reading.problems)
            from keruen.study.reach import reach_problems

            names = Names(t, reading.model)
            reach = map(names.problem, reach_problems(reading.model))
            return answer(reading, (*reading.problems, *reach))

        def show(screen: Screen, found: Answer) -> None:
            screen.problems(found.problems, most=None if every else PROBLEMS_SHOWN)
            if sources:
                show_sources(screen, found)
            show_verdict(screen, found, asked.study)

        return runner.run(asked, body, show, lists=True)


def answer(reading: Reading, problems: Sequence[Problem]) -> Answer:
    """Turn what was read and found into the answer of the command."""
    errors = sum(problem.is_error for problem in problems)
    return Answer(
        result={
            "errors": errors,
            "warnings": len(problems) - errors,
            "counts": dict(reading.counts),
            "sources": {name: reading.sources.get(name, 0) for name in CONFIDENCES},
        },
        problems=problems,
    )


def show_sources(screen: Screen, found: Answer) -> None:
    """Print how many cells are official, published, derived and assumed."""
    cells = part(found, "sources")
    total = sum(cells.values())
    t = screen.t
    screen.table(
        [t("cli.check.confidence"), t("cli.check.cells"), t("cli.check.share")],
        [
            (t(f"word.confidence.{name}"), t.number(n), t.percent(n / total if total else None, 1))
            for name, n in cells.items()
        ],
    )


def show_verdict(screen: Screen, found: Answer, study: str | None) -> None:
    """Print the last line: whether the study can be used."""
    t = screen.t
    errors = sum(problem.is_error for problem in found.problems)
    rows = part(found, "counts")
    size = t(
        "cli.check.size",
        tables=t.plural("cli.check.tables", len(rows)),
        rows=t.plural("cli.check.rows", sum(rows.values())),
    )
    verdict = t(
        "cli.check.unusable" if errors else "cli.check.usable",
        study=shown(study or ""),
        errors=t.plural("cli.check.errors", errors),
        warnings=t.plural("cli.check.warnings", len(found.problems) - errors),
        size=size,
    )
    screen.line(verdict, "bold red" if errors else "bold green")


def part(found: Answer, name: str) -> Mapping[str, int]:
    """Take one table of counts out of the result."""
    return cast("Mapping[str, int]", (found.result or {})[name])
