"""``keruen calibrate``: what counts of the past make of the free numbers of a study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.calibrate_screen import show_calibration
from keruen.cli.flows import known
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import progress
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_study, study_name

if TYPE_CHECKING:
    import pandas as pd

_CASES: Final = ("prior", "posterior", "without_year", "without_corridor")
_WHOLE: Final = ("observations", "judged", "first_year", "last_year", "steps", "equilibria")
_FIGURES: Final = (
    *("condition_number", "information_bits", "widened", "model_error_share"),
    *("objective_prior", "objective_study", "objective"),
)


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("calibrate", cls=Command, help=t("cli.calibrate.help"))
    def calibrate(
        *,
        study: str = options.study,
        output: Any = options.cells,
        scenario: str | None = options.scenario,
        as_of: Any = options.as_of,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("calibrate", json, study_name(study), scenario, as_of=as_of)

        def body() -> Answer:
            folder = find_study(study)
            if output is not None:
                from keruen.exchange.placing import refuse_taken_file

                refuse_taken_file(output)
            with progress(t, lines=not json) as advance:
                return calibration_of(folder, asked, output, advance)

        def show(screen: Screen, given: Answer) -> None:
            show_calibration(screen, *given.view)

        return runner.run(asked, body, show)


def calibration_of(folder: Path, asked: Asked, output: Path | None, advance: Any) -> Answer:
    """Calibrate, or read what was found of the same inputs before; write the cells if asked."""
    from keruen.study.cache import StepCache, cache_folder
    from keruen.study.calibrated import kept_calibration, write_cells
    from keruen.study.pipeline import Request

    request = Request(folder, asked.scenario, as_of=asked.as_of)
    found = kept_calibration(request, advance, StepCache(cache_folder()))
    files: list[str] = []
    if output is not None:
        from keruen.exchange.placing import place_file

        cells = found.tables["calibration_cells"]
        files = [str(one) for one in place_file(output, lambda file: write_cells(file, cells))]
    view = (found.model, found.tables, files)
    return Answer({**answer(found.tables), "files": files}, asked=asked, view=view)


def answer(tables: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    whole = tables["calibration_summary"].to_dict("records")[0]
    errors = ("fit_prior", "fit", "without_year", "without_corridor", "judged_prior", "judged")
    return {
        **{name: int(whole[name]) for name in _WHOLE},
        **{name: known(float(whole[name])) for name in _FIGURES},
        "at_rest": bool(whole["at_rest"]),
        "study_agrees": bool(whole["study_agrees"]),
        "rms_log_error": {name: known(float(whole[f"rms_{name}"])) for name in errors},
        "parameters": [_parameter(row) for row in tables["calibration"].to_dict("records")],
        "cells": [
            {str(name): known(cell) if isinstance(cell, float) else cell for name, cell in row}
            for row in (one.items() for one in tables["calibration_cells"].to_dict("records"))
        ],
        "fit": [_fit(row) for row in tables["calibration_fit"].to_dict("records")],
    }


def _parameter(row: Mapping[Any, Any]) -> dict[str, object]:
    return {
        "id": row["parameter"],
        **{name: row[name] for name in ("table", "row", "column")},
        **{
            stem: {
                "p05": float(row[f"{stem}_low"]),
                "mode": float(row[f"{stem}_mode"]),
                "p95": float(row[f"{stem}_high"]),
            }
            for stem in ("prior", "posterior")
        },
        "sd_share": float(row["sd_share"]),
        "moved_sd": float(row["moved_share"]),
        "information_bits": float(row["information_bits"]),
        "reads": row["verdict"],
        "study_value": float(row["study_value"]),
        "study_agrees": bool(row["study_agrees"]),
    }


def _fit(row: Mapping[Any, Any]) -> dict[str, object]:
    return {
        **{name: row[name] for name in ("measure", "corridor", "use", "unit", "confidence")},
        "year": int(row["year"]),
        "observed": float(row["observed"]),
        "error_share": float(row["error_share"]),
        "computed": {name: known(float(row[f"computed_{name}"])) for name in _CASES},
        "log_ratio": {name: known(float(row[f"log_ratio_{name}"])) for name in _CASES},
    }
