"""``keruen report``: write the report of a run again, in any language."""

from __future__ import annotations

from typing import Any

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import progress
from keruen.cli.run import report_languages
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_run, run_study
from keruen.cli.targets import completed


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("report", cls=Command, help=t("cli.report.help"))
    def report(
        run: str = options.run,
        output: Any = options.output,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("report", json, run_study(run))

        def body() -> Answer:
            folder = find_run(run)
            from keruen.model import load_model
            from keruen.report.writing import render, write_reports
            from keruen.study.store import read_run, write_text

            with progress(t) as advance:
                advance("report", 0.0)
                found = read_run(folder)
                if output is None:
                    spoken = report_languages(
                        t.language, load_model(found.study).settings.languages
                    )
                    path = write_reports(found, spoken)[0]
                else:
                    write_text(output, render(found, t))
                    path = output
            known = completed(asked, str(found.manifest["study"]), found.request)
            return Answer({"path": path}, asked=known)

        return runner.run(asked, body, show)


def show(screen: Screen, given: Answer) -> None:
    """Print where the report is."""
    path = str((given.result or {})["path"])
    screen.unbroken(screen.t("cli.run.report", path=path))
