"""What a calibration is worth: errors with parts left out, and every count beside its figure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from keruen.report.page.context import Context
from keruen.report.page.flow_fit import signed_percent
from keruen.report.page.matter import Row, rows

FIT: Final = "fit"
_ERRORS: Final = (
    ("fitted", ("rms_fit_prior", "rms_fit", "rms_without_year", "rms_without_corridor")),
    ("judged", ("rms_judged_prior", "rms_judged", "", "")),
)
_CASES: Final = ("prior", "posterior", "without_year", "without_corridor")


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """Typical errors of counts of one use: before, after, year and corridor left out."""

    name: str
    count: int
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count beside what is computed for it, and how far off that is in each case."""

    name: str
    year: int
    observed: str
    computed: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountGroup:
    """Counts of one use."""

    use: str
    heading: str
    rows: tuple[CountRow, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a calibration found, how far off it is, and what that rests on."""

    sentences: tuple[str, ...]
    errors: tuple[ErrorRow, ...]
    groups: tuple[CountGroup, ...]


def calibration(context: Context) -> Calibration | None:
    """Tell the errors of a calibration; None where the run has none."""
    table, summary = (
        context.matter.table(name) for name in ("calibration_fit", "calibration_summary")
    )
    if table.empty or summary.empty:
        return None
    whole = next(rows(summary))
    counts = list(rows(table))
    groups = tuple(
        CountGroup(use, context.t(f"report.calibration.use.{use}"), tuple(own))
        for use in (FIT, "judge")
        if (own := [_count(context, row) for row in counts if row["use"] == use])
    )
    return Calibration(_sentences(context, whole), _errors(context, whole, counts), groups)


def _sentences(context: Context, whole: Row) -> tuple[str, ...]:
    t, number = context.t, context.amounts.number
    condition = float(whole["condition_number"] or math.inf)
    return (
        t(
            "report.calibration.information",
            bits=t.number(float(whole["information_bits"]), 1),
            condition=number(condition) if math.isfinite(condition) else "∞",
            widened=t.number(float(whole["widened"]), 2),
        ),
        t(f"report.calibration.at_rest.{'yes' if whole['at_rest'] else 'no'}"),
        t(f"report.calibration.agrees.{'yes' if whole['study_agrees'] else 'no'}"),
    )


def _errors(context: Context, whole: Row, counts: list[Row]) -> tuple[ErrorRow, ...]:
    found = []
    for name, columns in _ERRORS:
        count = sum((row["use"] == FIT) == (name == "fitted") for row in counts)
        if count:
            told = tuple(_off(context, whole[one]) if one else "" for one in columns)
            found.append(ErrorRow(context.t(f"report.calibration.{name}"), count, told))
    return tuple(found)


def _off(context: Context, rms: float | None) -> str:
    """A root mean square of logarithms of ratios as a share."""
    return context.t.percent(None if rms is None else math.expm1(float(rms)))


def _difference(context: Context, ratio: float | None) -> str:
    """A logarithm of computed to counted as a difference with its sign, none where it is nought."""
    share = None if ratio is None else round(math.expm1(float(ratio)), 2) + 0.0
    return signed_percent(context, share)


def _count(context: Context, row: Row) -> CountRow:
    unit = str(row["unit"])
    ratios = [row[f"log_ratio_{case}"] for case in _CASES]
    return CountRow(
        context.names.of("flow_measures", str(row["measure"])),
        int(row["year"]),
        context.amounts.stated(float(row["observed"]), unit),
        context.amounts.computed(float(row["computed_posterior"]), unit),
        tuple(_difference(context, one) for one in ratios),
    )
