"""``keruen export``: a study or a run in the formats of other tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import progress
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_study, is_run, study_name
from keruen.cli.targets import completed
from keruen.cli.usage import wrong_usage

if TYPE_CHECKING:
    import pandas as pd

    from keruen.model import Model

FORMATS: Final = ("csv", "xlsx", "gpkg", "gmns")
"""Names of ``keruen.exchange.EXPORTERS``, which take long to import."""

Matter = tuple["Mapping[str, pd.DataFrame]", "Model", dict[str, str], Asked]
"""Tables, the study, what else is to be said of them, and what was asked, completed."""


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("export", cls=Command, help=t("cli.export.help"))
    def export(
        *,
        study: str = options.study_or_run,
        to: str | None = options.choice("--to", "FORMAT", "cli.export.to", FORMATS),
        output: Any = options.output,
        scenario: str | None = options.scenario,
        year: int | None = options.year,
        level: str | None = options.level,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("export", json, study_name(study), scenario, year)

        def body() -> Answer:
            for option, value in (("--to", to), ("--output", output)):
                if value is None:
                    raise wrong_usage("missing_option", option=option)
            path = find_study(study)
            from keruen.exchange import export as export_to
            from keruen.rail.line_capacity import Level

            with progress(t) as advance:
                advance("export", 0.0)
                tables, model, about, known = (of_run if is_run(path) else of_study)(path, asked)
                wanted = {} if level is None else {"level": Level(level)}
                files = export_to(str(to), tables, model, output, year=year, about=about, **wanted)
            return Answer({"files": files}, asked=known)

        return runner.run(asked, body, show)


def of_study(path: Path, asked: Asked) -> Matter:
    """The tables of a study, or what they are in a year."""
    from keruen.study.pipeline import Request, prepare

    model, _ = prepare(Request(path, asked.scenario))
    if asked.year is not None:
        model = model.in_year(asked.year)
    tables = {name: frame for name, frame in model.tables.items() if not frame.empty}
    return tables, model, {}, asked


def of_run(path: Path, asked: Asked) -> Matter:
    """The results of a run, with its copy of the study."""
    from keruen.study.pipeline import prepare
    from keruen.study.store import read_run

    if asked.scenario is not None:
        raise wrong_usage("option_needs_study", option="--scenario")
    run = read_run(path)
    model, _ = prepare(run.request)
    about = {"run": path.resolve().name, "command": str(run.manifest["command"])}
    known = completed(asked, str(run.manifest["study"]), run.request)
    return run.tables, model, about, replace(known, year=asked.year)


def show(screen: Screen, given: Answer) -> None:
    """Print the files written."""
    files = (given.result or {})["files"]
    screen.line(screen.t.plural("cli.export.written", len(files)))
    for file in files:
        screen.unbroken(str(file), 2)
