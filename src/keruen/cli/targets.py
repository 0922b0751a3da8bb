"""``keruen targets``: is each claim true, is each target met, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import progress
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_study, is_run, study_name
from keruen.cli.usage import wrong_usage
from keruen.cli.verdicts import (
    names_at_the_end,
    show_counts,
    show_details,
    show_table,
    verdicts,
)
from keruen.i18n import Translator

if TYPE_CHECKING:
    import pandas as pd

    from keruen.model import Model
    from keruen.study.pipeline import Request


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("targets", cls=Command, help=t("cli.targets.help"))
    def targets(
        study: str = options.study_or_run,
        scenario: str | None = options.scenario,
        as_of: Any = options.as_of,
        forecast: Any = options.forecast,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("targets", json, study_name(study), scenario, as_of=as_of)

        def body() -> Answer:
            path = find_study(study)
            if is_run(path):
                if scenario is not None or as_of is not None:
                    option = "--as-of" if scenario is None else "--scenario"
                    raise wrong_usage("option_needs_study", option=option)
                return of_run(path, asked, t, forecast)
            return of_study(path, asked, t, forecast)

        def show(screen: Screen, given: Answer) -> None:
            found, names = given.view
            show_table(screen, found)
            show_details(screen, found, names)
            screen.line()
            show_counts(screen, found)

        return runner.run(asked, body, show)


def of_study(path: Path, asked: Asked, t: Translator, forecast: Path | None = None) -> Answer:
    """Judge the targets of a study, without the other steps of a run."""
    from keruen.study.cache import StepCache, cache_folder
    from keruen.study.forecast.store import forecast_for, inputs_of
    from keruen.study.pipeline import Request, run_steps

    request = Request(path, asked.scenario, as_of=asked.as_of)
    known = None if forecast is None else forecast_for(forecast, inputs_of(request))
    with progress(t) as advance:
        outcome = run_steps(request, ("targets",), advance, StepCache(cache_folder()))
    tables = {**outcome.tables, **({} if known is None else known.tables)}
    return answer(tables, outcome.model, replace(asked, seed=outcome.seed), t)


def of_run(path: Path, asked: Asked, t: Translator, forecast: Path | None = None) -> Answer:
    """Read the verdicts of a run again, with the chances of a forecast that lies in its folder."""
    from keruen.study.forecast.store import forecast_beside, forecast_for
    from keruen.study.pipeline import prepare
    from keruen.study.store import read_run

    run = read_run(path)
    base, _ = prepare(run.request)
    known = completed(asked, str(run.manifest["study"]), run.request)
    chances = forecast_beside(run) if forecast is None else forecast_for(forecast, run.manifest)
    return answer({**run.tables, **({} if chances is None else chances.tables)}, base, known, t)


def completed(asked: Asked, study: str, request: Request) -> Asked:
    """Complete what was asked of a run by what it was made of: its study and its request."""
    return replace(
        asked,
        study=study,
        scenario=request.scenario,
        seed=request.seed,
        as_of=request.as_of,
    )


def answer(tables: Mapping[str, pd.DataFrame], base: Model, asked: Asked, t: Translator) -> Answer:
    """Shape the answer of the command."""
    names = names_at_the_end(t, base)
    from keruen.study.freight import unsettled_years

    found = verdicts(tables, names)
    told = unsettled_years(tables)
    return Answer({"targets": found}, told, asked=asked, view=(found, names))
