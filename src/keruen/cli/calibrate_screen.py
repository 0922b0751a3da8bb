"""A calibration on the screen: free numbers before and after, and how far off counts then are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Said, Screen
from keruen.i18n import Translator
from keruen.i18n.amounts import figures, measured, measured_unit

if TYPE_CHECKING:
    import pandas as pd

    from keruen.model import Model

_FIGURES: Final = 3
_SHOWN: Final = 10
"""So many counts are listed, those that are farthest off."""


def show_calibration(
    screen: Screen, base: Model, tables: Mapping[str, pd.DataFrame], files: Sequence[str]
) -> None:
    """Print parameters, errors and the counts that are farthest off."""
    t, names = screen.t, Names(screen.t, base)
    whole = tables["calibration_summary"].to_dict("records")[0]
    screen.heading(
        t("cli.calibrate.parameters"),
        t(
            "cli.calibrate.seen",
            parameters=str(whole["parameters"]),
            observations=str(whole["observations"]),
            first=str(whole["first_year"]),
            last=str(whole["last_year"]),
        ),
    )
    heads = [t(f"cli.calibrate.{one}") for one in ("parameter", "prior", "posterior", "bits")]
    heads += [t("cli.calibrate.study"), t("cli.calibrate.reads")]
    parameters = tables["calibration"].to_dict("records")
    screen.table(heads, [_parameter(screen, names, row) for row in parameters], align="<==>><")
    screen.entry(t("cli.calibrate.reading"), indent=0)
    _tell(screen, whole)
    screen.heading(t("cli.calibrate.errors"), t("cli.calibrate.errors_note"))
    stems = ("fit_prior", "fit", "without_year", "without_corridor", "judged_prior", "judged")
    screen.table(
        [t("cli.calibrate.of"), t("cli.calibrate.off")],
        [(t(f"cli.calibrate.rms.{one}"), _off(t, whole[f"rms_{one}"])) for one in stems],
        align="<>",
    )
    fit = tables["calibration_fit"]
    far = fit.reindex(fit["log_ratio_posterior"].abs().sort_values(ascending=False).index)
    screen.heading(t("cli.calibrate.farthest"))
    heads = [
        t(f"cli.calibrate.{one}") for one in ("measure", "observed", "computed", "unit", "use")
    ]
    rows = far.head(_SHOWN).to_dict("records")
    screen.table(heads, [_count(t, names, row) for row in rows], align="<>>==")
    for file in files:
        screen.unbroken(t("cli.calibrate.written", path=file))


def _tell(screen: Screen, whole: Mapping[Any, Any]) -> None:
    """Say what the search found, in sentences."""
    t = screen.t
    condition = float(whole["condition_number"])
    screen.entry(
        t(
            "cli.calibrate.information",
            bits=t.number(float(whole["information_bits"]), 1),
            condition=figures(t, condition, _FIGURES) if math.isfinite(condition) else "∞",
            widened=t.number(float(whole["widened"]), 2),
        ),
        indent=0,
    )
    for name in ("at_rest", "study_agrees"):
        yes = "yes" if whole[name] else "no"
        screen.entry(t(f"cli.calibrate.{name}.{yes}"), indent=0)


def _span(t: Translator, row: Mapping[Any, Any], stem: str) -> Cell:
    low, mode, high = (
        figures(t, float(row[f"{stem}_{one}"]), _FIGURES) for one in ("low", "mode", "high")
    )
    return (mode, Said(f"{low}–{high}", "dim"))


def _parameter(screen: Screen, names: Names, row: Mapping[Any, Any]) -> list[Cell]:
    t, table, key = screen.t, str(row["table"]), str(row["row"])
    name, cell = names.row(table, key), (table, key, str(row["column"]))
    # A narrow screen would break the path to the cell amid its words.
    path = ("/".join(cell),) if screen.is_wide else cell
    named = () if name == key else (name,)
    return [
        (*named, *(Said(part, "dim") for part in path)),
        _span(t, row, "prior"),
        _span(t, row, "posterior"),
        t.number(float(row["information_bits"]), 2),
        figures(t, float(row["study_value"]), _FIGURES),
        t(f"cli.calibrate.verdict.{row['verdict']}"),
    ]


def _off(t: Translator, rms: float) -> str:
    """A root mean square of logarithms as a share; a dash where there is none."""
    return t.percent(math.expm1(rms) if math.isfinite(rms) else None)


def _count(t: Translator, names: Names, row: Mapping[Any, Any]) -> list[Cell]:
    measure, year, unit = (str(row[name]) for name in ("measure", "year", "unit"))
    name = names.row("flow_measures", measure)
    return [
        (name if year in name else f"{name}, {year}", Said(measure, "dim")),
        measured(t, float(row["observed"]), unit, _FIGURES),
        measured(t, float(row["computed_posterior"]), unit, _FIGURES),
        measured_unit(t, unit),
        t(f"cli.calibrate.use.{row['use']}"),
    ]
