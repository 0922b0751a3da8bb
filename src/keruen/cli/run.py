"""``keruen run``: every step of a study, a run folder and its report."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import progress
from keruen.cli.runner import PROGRAM, Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_study, study_name
from keruen.cli.verdicts import names_at_the_end, show_counts, show_table, verdicts
from keruen.i18n import Translator, languages

if TYPE_CHECKING:
    from keruen.study.pipeline import Outcome
    from keruen.study.store import Run

RUNS: Final = Path("runs")
"""Folder of run folders, below the folder worked in, unless another is asked for."""


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("run", cls=Command, help=t("cli.run.help"))
    def run(
        *,
        study: str = options.study,
        output: Any = options.output,
        scenario: str | None = options.scenario,
        seed: Any = options.seed,
        as_of: Any = options.as_of,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("run", json, study_name(study), scenario, as_of=as_of, seed=seed)

        def body() -> Answer:
            folder = find_study(study)
            from keruen.study.cache import StepCache, cache_folder
            from keruen.study.pipeline import Request, run_steps
            from keruen.study.store import require_place, require_writable

            if output is None:
                require_writable(RUNS)
            else:
                require_place(output)
            request = Request(folder, scenario, seed, as_of)
            with progress(t, lines=True) as advance:
                outcome = run_steps(request, progress=advance, cache=StepCache(cache_folder()))
                advance("report", 0.0)
                command = shlex.join((PROGRAM, *runner.arguments))
                done, reports = write(outcome, output, command, t)
            return answer(outcome, done, reports, replace(asked, seed=outcome.seed), t)

        return runner.run(asked, body, show, lists=True)


def write(
    outcome: Outcome, output: Path | None, command: str, t: Translator
) -> tuple[Run, tuple[str, ...]]:
    """Write the run folder with its reports; it appears whole or not at all."""
    from keruen.report.writing import write_reports
    from keruen.study.store import free_place, write_run

    reports: list[str] = []

    def finish(run: Run) -> None:
        spoken = report_languages(t.language, outcome.model.settings.languages)
        reports.extend(path.name for path in write_reports(run, spoken))

    name = outcome.model.settings.name
    target = output or free_place(RUNS, name, dt.datetime.now(dt.UTC))
    return write_run(outcome, target, command, finish), tuple(reports)


def report_languages(first: str, others: Sequence[str]) -> tuple[str, ...]:
    """Languages of the reports: the one asked for, then those of the study that Keruen speaks.

    >>> report_languages("kk", ["en", "kk", "ru"])
    ('kk', 'en')
    """
    known = [language for language in others if language in languages()]
    return tuple(dict.fromkeys((first, *known)))


def answer(
    outcome: Outcome, run: Run, reports: Sequence[str], asked: Asked, t: Translator
) -> Answer:
    """Shape the answer of the command."""
    result = {
        "run": run.path.name,
        "path": run.path,
        "report": run.path / reports[0],
        "reports": [run.path / name for name in reports],
        "steps": [step._asdict() for step in outcome.steps],
    }
    from keruen.study.freight import unsettled_years

    found = verdicts(outcome.tables, names_at_the_end(t, outcome.model))
    told = (*outcome.warnings, *unsettled_years(outcome.tables))
    return Answer(result, problems=told, asked=asked, view=found)


def show(screen: Screen, given: Answer) -> None:
    """Print the verdicts and where the report is."""
    t, result = screen.t, given.result or {}
    if given.view:
        show_table(screen, given.view)
        show_counts(screen, given.view)
    warnings = [problem for problem in given.problems if not problem.is_error]
    screen.problems([problem for problem in given.problems if problem.is_error])
    if warnings:
        said = t.plural("cli.run.warnings", len(warnings))
        screen.line(said, "yellow")
    screen.unbroken(t("cli.run.folder", path=str(result["path"])))
    screen.unbroken(t("cli.run.report", path=str(result["report"])))
