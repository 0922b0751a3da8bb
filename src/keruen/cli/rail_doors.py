"""``keruen rail import`` and ``export``: railway infrastructure of other tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.moment import study_on_its_day
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import refuse_bundled_name, study_name
from keruen.cli.usage import wrong_usage

if TYPE_CHECKING:
    from keruen.exchange.railjson import Note

FORMATS: Final = ("railjson",)
GAUGES: Final = ("1000", "1067", "1435", "1520", "1524", "1668")
"""Gauges that the table of sections takes."""


def register_import(app: typer.Typer, runner: Runner) -> None:
    """Add ``keruen rail import``."""
    t, options = runner.t, Options(runner.t)

    @app.command("import", cls=Command, help=t("cli.rail.import.help"))
    def import_(
        *,
        file: str = options.argument("FILE", "cli.argument.railjson"),
        folder: str = options.argument("DIR", "cli.argument.dir"),
        gauge: str | None = options.choice("--gauge", "MM", "cli.option.gauge", GAUGES),
        country: str | None = options.value("--country", "CC", "cli.option.country"),
        speed_tag: str | None = options.value("--speed-tag", "TAG", "cli.option.speed_tag"),
        with_trains: bool = options.flag("--with-trains", "cli.option.with_trains"),
        date: Any = options.date_required,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("rail import", json, study_name(folder), date=date)

        def body() -> Answer:
            for option, value in (("--gauge", gauge), ("--date", date)):
                if value is None:
                    raise wrong_usage("missing_option", option=option)
            refuse_bundled_name(folder)
            from keruen.exchange.railjson import (
                ImportOptions,
                notes_as_warnings,
                read_railjson,
                write_imported,
            )

            said = ImportOptions(
                int(gauge or 0), date, country or "", speed_tag, with_trains=with_trains
            )
            railway = read_railjson(Path(file), said)
            files = write_imported(railway, Path(folder))
            result = {"path": Path(folder), "files": files, "notes": told(railway.notes)}
            warnings = (*railway.problems, *notes_as_warnings(railway.notes, Path(file).name))
            known = replace(asked, study=study_name(folder))
            return Answer(result, problems=warnings, asked=known)

        return runner.run(asked, body, show_import)


def register_export(app: typer.Typer, runner: Runner) -> None:
    """Add ``keruen rail export``."""
    t, options = runner.t, Options(runner.t)

    @app.command("export", cls=Command, help=t("cli.rail.export.help"))
    def export(
        *,
        study: str = options.study,
        to: str | None = options.choice("--to", "FORMAT", "cli.export.to_required", FORMATS),
        output: Any = options.output_required,
        scenario: str | None = options.scenario,
        year: int | None = options.year,
        date: Any = options.date,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("rail export", json, study_name(study), scenario, year, date)

        def body() -> Answer:
            for option, value in (("--to", to), ("--output", output)):
                if value is None:
                    raise wrong_usage("missing_option", option=option)
            model, known = study_on_its_day(study, asked)
            from keruen.exchange.railjson import notes_as_warnings, write_railjson

            notes = write_railjson(model, output)
            return Answer(
                {"files": [output], "notes": told(notes)},
                problems=tuple(notes_as_warnings(notes, output.name)),
                asked=known,
            )

        return runner.run(asked, body, show_export)


def told(notes: Sequence[Note]) -> list[dict[str, str]]:
    """Notes as the JSON answer has them: nothing is left out."""
    return [
        {"kind": n.kind, "id": n.id, "field": n.field, "why": n.why.name.lower(), "value": n.value}
        for n in notes
    ]


def show_import(screen: Screen, given: Answer) -> None:
    """Print what was written, and how much did not pass."""
    t, result = screen.t, given.result or {}
    files, path = result["files"], str(result["path"])
    screen.unbroken(t("cli.new.written", path=path, files=t.plural("cli.new.files", len(files))))
    screen.line(t.plural("cli.rail.import.notes", len(result["notes"])))


def show_export(screen: Screen, given: Answer) -> None:
    """Print the file written, and how much could not be said in it."""
    t, result = screen.t, given.result or {}
    screen.line(t.plural("cli.export.written", len(result["files"])))
    for file in result["files"]:
        screen.unbroken(str(file), 2)
    screen.line(t.plural("cli.rail.import.notes", len(result["notes"])))
