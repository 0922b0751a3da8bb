"""``keruen forecast``: volumes to the last year of a study, and how sure they are."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.flows import known
from keruen.cli.naming import Names
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import progress
from keruen.cli.runner import Runner
from keruen.cli.screen import Cell, Said, Screen
from keruen.cli.studies import find_study, study_name
from keruen.cli.usage import wrong_usage
from keruen.i18n import Translator
from keruen.i18n.amounts import measured, measured_unit, rounded

if TYPE_CHECKING:
    import pandas as pd

    from keruen.model import Model

DRAWS: Final = 200
MOST_DRAWS: Final = 4096
MOST_EVERY: Final = 10
"""Bounds of ``--draws`` and ``--every``."""
SHOWN_YEARS: Final = 3
SHOWN_DRIVERS: Final = 3
TOLD: Final = frozenset(
    {
        "totals_of_before",
        "totals_not_known",
        "totals_in_proportion",
        "totals_without_day",
        "measures_not_known",
        "forecast_open",
        "forecast_few_draws",
    }
)
"""Warnings that belong to a forecast, among those of the check."""
_FIGURES: Final = 3
_MILLION: Final = 1e6


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("forecast", cls=Command, help=t("cli.forecast.help"))
    def forecast(
        *,
        study: str = options.study,
        draws: int | None = options.value("--draws", "N", "cli.option.draws", draws_of),
        every: int | None = options.value("--every", "N", "cli.option.every", every_of),
        scenario: str | None = options.scenario,
        seed: Any = options.seed,
        as_of: Any = options.as_of,
        output: Any = options.forecast_output,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("forecast", json, study_name(study), scenario, as_of=as_of, seed=seed)

        def body() -> Answer:
            folder = find_study(study)
            with progress(t, lines=not json) as advance:
                wanted = Wanted(draws or DRAWS, every or 1, output)
                return forecast_of(folder, asked, wanted, advance)

        def show(screen: Screen, given: Answer) -> None:
            show_forecast(screen, *given.view)

        return runner.run(asked, body, show)


def draws_of(text: str) -> int:
    """Read ``--draws``."""
    return _count("--draws", 2, MOST_DRAWS, text)


def every_of(text: str) -> int:
    """Read ``--every``."""
    return _count("--every", 1, MOST_EVERY, text)


def _count(option: str, low: int, high: int, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
        raise wrong_usage("bad_count", option=option, value=text, minimum=low, maximum=high)
    return int(text)


class Wanted(NamedTuple):
    """How many draws, how many years apart, and where the tables go; None keeps them nowhere."""

    draws: int
    every: int
    output: Path | None = None


def forecast_of(folder: Path, asked: Asked, wanted: Wanted, advance: Any) -> Answer:
    """Forecast, or read what was forecast of the same inputs before."""
    from keruen.study.cache import StepCache, cache_folder
    from keruen.study.forecast.forecast import kept_forecast
    from keruen.study.forecast.store import require_forecast_place, write_forecast
    from keruen.study.pipeline import Request

    request = Request(folder, asked.scenario, asked.seed, asked.as_of)
    if wanted.output is not None:
        require_forecast_place(request, wanted.output)
    cache = StepCache(cache_folder())
    found = kept_forecast(request, wanted.draws, wanted.every, advance, cache)
    path = None if wanted.output is None else str(write_forecast(found, wanted.output))
    told = [problem for problem in found.warnings if problem.code in TOLD]
    view = (found.model, found.tables, found.draws, path)
    shaped = answer(found.tables, path)
    return Answer(shaped, told, asked=replace(asked, seed=found.seed), view=view)


def answer(tables: Mapping[str, pd.DataFrame], path: str | None = None) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    levels = ("mean", "sd", "p05", "p25", "p50", "p75", "p95")
    return {
        "volumes": [
            {
                **{name: row[name] for name in ("id", "definition", "year", "unit")},
                "as_computed": known(row["as_computed"]),
                "interpolated": bool(row["interpolated"]),
                "distribution": {
                    **{name: known(row[name]) for name in levels},
                    "n": int(row["n"]),
                },
            }
            for row in tables["forecast_volumes"].to_dict("records")
        ],
        "probability": [
            {
                **row,
                "share": known(row["share"]),
                "n": int(row["n"]),
                "within_share": known(row["within_share"]),
            }
            for row in tables["forecast_probability"].to_dict("records")
        ],
        "drivers": tables["forecast_drivers"].to_dict("records"),
        "groups": tables["forecast_groups"].to_dict("records"),
        "path": path,
    }


def shown_years(years: list[int], most: int = SHOWN_YEARS) -> list[int]:
    """A few years for the screen: the first, the last, and some between.

    >>> shown_years(list(range(2024, 2041)))
    [2024, 2032, 2040]
    >>> shown_years([2024, 2025])
    [2024, 2025]
    """
    if len(years) <= most:
        return years
    last = len(years) - 1
    return [years[round(at * last / (most - 1))] for at in range(most)]


def show_forecast(
    screen: Screen,
    base: Model,
    tables: Mapping[str, pd.DataFrame],
    draws: int,
    path: str | None,
) -> None:
    """Print the fan of each measure, the chance of each target, and what drives the last year."""
    from keruen.study.forecast.rows import labels

    t, names = screen.t, Names(screen.t, base)
    volumes = tables["forecast_volumes"]
    if volumes.empty:
        screen.line(t("cli.forecast.none"))
        return
    known = sorted({int(year) for year in volumes["year"]})
    years = shown_years(known, SHOWN_YEARS if screen.is_wide else 2)
    called = labels(base, map(str, volumes["id"].unique()), t.language)
    screen.heading(t("cli.forecast.volumes"), t("cli.forecast.drawn", count=str(draws)))
    heads = [t("cli.forecast.measure"), *map(str, years)]
    screen.table(heads, _fans(t, called, volumes, years), align="<" + ">" * len(years))
    screen.entry(t("cli.forecast.reading"), indent=0)
    if volumes["interpolated"].any():
        screen.entry(t("cli.forecast.interpolated"), indent=0)
    _show_chances(screen, names, called, tables, years)
    drivers = tables["forecast_drivers"]
    last = drivers[drivers["year"] == years[-1]]
    if not last.empty:
        screen.heading(t("cli.forecast.drivers", year=str(years[-1])))
        heads = [t(f"cli.forecast.{one}") for one in ("measure", "driver", "rank_correlation")]
        screen.table(heads, _drivers(t, called, last), align="<<")
    groups = tables["forecast_groups"]
    last = groups[groups["year"] == years[-1]]
    if not last.empty:
        parts = list(dict.fromkeys(map(str, last["group"])))
        screen.heading(t("cli.forecast.groups", year=str(years[-1])))
        heads = [t("cli.forecast.measure"), *(t(f"cli.forecast.group.{one}") for one in parts)]
        screen.table(heads, _groups(t, called, last, parts), align="<" + "=" * len(parts))
        screen.entry(t("cli.forecast.groups_reading"), indent=0)
    if path is not None:
        screen.unbroken(t("cli.forecast.written", path=path))


def _show_chances(
    screen: Screen,
    names: Names,
    called: Mapping[str, str],
    tables: Mapping[str, pd.DataFrame],
    years: list[int],
) -> None:
    """Print in which part of the draws targets are met, and of which nothing can be said."""
    from keruen.study.forecast.frames import without_volume

    t, chances = screen.t, tables["forecast_probability"]
    if not chances.empty:
        screen.heading(t("cli.forecast.chances"))
        heads = [t("cli.forecast.target"), t("cli.forecast.judged_by"), *map(str, years)]
        screen.table(heads, _chances(names, called, chances, years), align="<<")
        screen.entry(t("cli.forecast.chances_reading"), indent=0)
    left = without_volume(names.models[0], chances)
    if left:
        told = "; ".join(names.row("targets", one) for one in left)
        screen.entry(told, t("cli.forecast.without_volume"), indent=0)


def _measure(called: Mapping[str, str], row: str) -> Cell:
    return (called[row], Said(row, "dim"))


def _fans(
    t: Translator, called: Mapping[str, str], volumes: pd.DataFrame, years: list[int]
) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    for row, own in volumes.groupby("id", sort=True):
        by_year = own.set_index("year")
        unit, scale = _scale(str(own["unit"].iloc[0]), float(own["p95"].max()))
        cells: list[Cell] = []
        for year in years:
            at = by_year.loc[year]
            if not math.isfinite(float(by_year["p50"][year])):
                cells.append(Said(t("cli.forecast.not_known"), "dim"))
                continue
            low, middle, high = (
                measured(t, _rounded(at[name] * scale), unit, _FIGURES)
                for name in ("p05", "p50", "p95")
            )
            cells.append((middle, Said(f"{low}–{high}", "dim")))
        told = measured_unit(t, unit)
        name = (called[str(row)], *([told] if told else []))
        found.append([(*name, Said(str(row), "dim")), *cells])
    return found


def _scale(unit: str, most: float) -> tuple[str, float]:
    """Unit that a volume is told in, and the factor into it."""
    return ("Mt/year", 1e-6) if unit == "t/year" and most >= _MILLION else (unit, 1.0)


def _rounded(value: Any) -> float | None:
    return rounded(float(value), _FIGURES) if math.isfinite(value) else None


def _chances(
    names: Names, called: Mapping[str, str], chances: pd.DataFrame, years: list[int]
) -> list[list[Cell]]:
    from keruen.study.targets import year_of_fact

    t = names.t
    found: list[list[Cell]] = []
    for (target, row), own in chances.groupby(["target", "measure"], sort=False):
        by_year = own.set_index("year")["share"]
        # Of a fact the share counts in its own year alone.
        own_year = year_of_fact(names.models[0], str(target))
        shares = [
            t.percent(by_year.loc[year] if own_year in (None, year) else None) for year in years
        ]
        first = own.iloc[0]
        unit, scale = _scale(str(first["unit"]), float(first["wanted"]))
        wanted = measured(t, _rounded(first["wanted"] * scale), unit, _FIGURES)
        told = " ".join(part for part in (wanted, measured_unit(t, unit)) if part)
        if first["counts"] == "within":
            near = t.percent(float(first["within_share"]))
            said = t("cli.forecast.within", share=near, wanted=told)
        else:
            said = t("cli.forecast.at_least", wanted=told)
        name = (names.row("targets", str(target)), Said(said, "dim"))
        by: Cell = called[str(row)]
        if first["target_is_of"] == "capacity":
            by = (called[str(row)], Said(t("cli.forecast.by_volume"), "dim"))
        found.append([name, by, *shares])
    return found


def _groups(
    t: Translator, called: Mapping[str, str], groups: pd.DataFrame, known: list[str]
) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    for row, own in groups.groupby("measure", sort=True):
        columns = (own[name].tolist() for name in ("group", "share", "by_chance"))
        by_group = {group: (share, off) for group, share, off in zip(*columns, strict=True)}
        cells: list[Cell] = []
        for group in known:
            share, chance = by_group.get(group, (math.nan, math.nan))
            said = t.percent(min(max(share, 0.0), 1.0)) if math.isfinite(share) else t.number(None)
            cells.append((said, Said(t("cli.forecast.off_by", share=t.percent(chance)), "dim")))
        found.append([_measure(called, str(row)), *cells])
    return found


def _drivers(t: Translator, called: Mapping[str, str], drivers: pd.DataFrame) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    for row, own in drivers.groupby("measure", sort=True):
        named = _measure(called, str(row))
        for one in own.head(SHOWN_DRIVERS).to_dict("records"):
            said = (str(one["row"]), Said(f"{one['table']}, {one['column']}", "dim"))
            found.append([named, said, t.number(one["rank_correlation"], 2)])
            named = ""
    return found
