"""``keruen new``: a small study that runs, to begin with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import bundled_templates, refuse_bundled_name, study_name


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("new", cls=Command, help=t("cli.new.help", known=", ".join(bundled_templates())))
    def new(
        folder: str = options.argument("DIR", "cli.argument.dir"),
        template: str | None = options.value("--template", "NAME", "cli.new.template"),
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("new", json, study_name(folder))

        def body() -> Answer:
            refuse_bundled_name(folder)
            from keruen.model.templates import new_study

            path = Path(folder)
            files = new_study(path, template)
            known = replace(asked, study=study_name(folder))
            return Answer({"path": path, "files": files}, asked=known)

        return runner.run(asked, body, show)


def show(screen: Screen, given: Answer) -> None:
    """Print what was written and what can be done with it."""
    t, result = screen.t, given.result or {}
    files = result["files"]
    path = str(result["path"])
    screen.unbroken(t("cli.new.written", path=path, files=t.plural("cli.new.files", len(files))))
    screen.unbroken(t("cli.new.next", path=path))
