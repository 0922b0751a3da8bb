"""Flows beside what was counted, and what a calibration made of its free numbers."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import Final

from keruen.model.statements import is_statement
from keruen.report.page.amounts import unit_of_measure
from keruen.report.page.context import Context, Note
from keruen.report.page.matter import Row, rows
from keruen.report.page.names import Said

SEEN: Final = ("free", "touched", "fitted")
"""What the fit saw of a count: the real tests first."""


@dataclass(frozen=True, slots=True)
class ObservedRow:
    """What flows come to beside what was counted or stated."""

    name: str
    definition: Said
    computed: str
    observed: str
    difference: str
    confidence: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Observations of which the fit saw alike, what that means and how far off they are."""

    seen: str
    heading: str
    told: str
    rows: tuple[ObservedRow, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """All that was computed and observed, by what the fit saw of it."""

    year: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A free number before and after the calibration."""

    name: str
    prior: str
    posterior: str
    study: str
    verdict: str
    is_prior: bool


@dataclass(frozen=True, slots=True)
class Parameters:
    """The calibration: a sentence and its free numbers."""

    sentence: str
    rows: tuple[ParameterRow, ...]


def fit(context: Context) -> Fit | None:
    """Compare with observations of the base year; None where there are none."""
    table = context.matter.table("flow_observed")
    if table.empty:
        return None
    own = [row for row in rows(table) if row["observed"] is not None]
    groups = tuple(
        _group(context, seen, those)
        for seen in SEEN
        if (those := [row for row in own if row["calibrated"] == seen])
    )
    return Fit(int(own[0]["year"]), groups) if groups else None


def _group(context: Context, seen: str, own: list[Row]) -> Group:
    t = context.t
    off = [abs(math.expm1(float(row["log_ratio"]))) for row in own if row["log_ratio"] is not None]
    heading = t(f"report.flows.seen.{seen}")
    told = t(f"report.flows.seen_told.{seen}")
    if off:
        middle = t.percent(statistics.median(off))
        told = f"{told} {t.plural('report.flows.middle', len(off), share=middle)}"
    return Group(seen, heading, told, tuple(_observed(context, row) for row in own))


def _observed(context: Context, row: Row) -> ObservedRow:
    unit = unit_of_measure(str(row["unit"]))
    ratio = row["log_ratio"]
    difference = None if ratio is None else math.expm1(float(ratio))
    observation = str(row["observation"])
    value = context.amounts.stated(float(row["observed"]), unit)
    if is_statement(context.matter.model, observation):
        value = f"{value} ({context.t('report.flows.is_stated')})"
    return ObservedRow(
        context.names.of("flow_measures", str(row["id"])),
        context.names.text("observations", observation, "definition"),
        context.amounts.computed(float(row["computed"]), unit),
        value,
        signed_percent(context, difference),
        context.confidence(str(row["confidence"])) if row["confidence"] else "",
        context.notes.of([str(row["source"])]),
    )


def signed_percent(context: Context, share: float | None) -> str:
    """A difference with its sign, also where it is above."""
    if share is None:
        return ""
    plus = "+" if round(share, 2) > 0 else ""
    return plus + context.t.percent(share).replace("-", "\u2212")


def parameters(context: Context) -> Parameters | None:
    """Tell the free numbers of a calibration; None where the run has none."""
    table, summary = (context.matter.table(name) for name in ("calibration", "calibration_summary"))
    if table.empty or summary.empty:
        return None
    whole = next(rows(summary))
    sentence = context.t(
        "report.flows.calibration",
        parameters=whole["parameters"],
        observations=whole["observations"],
        first=whole["first_year"],
        last=whole["last_year"],
        before=_off(context, whole["rms_fit_prior"]),
        after=_off(context, whole["rms_fit"]),
        without=_off(context, whole["rms_without_year"]),
    )
    return Parameters(sentence, tuple(_parameter(context, row) for row in rows(table)))


def _off(context: Context, rms: float | None) -> str:
    """A root mean square of logarithms of ratios as a share."""
    return context.t.percent(None if rms is None else math.expm1(float(rms)))


def _parameter(context: Context, row: Row) -> ParameterRow:
    number = context.amounts.number

    def span(stem: str) -> str:
        return context.t(
            "report.flows.mode",
            mode=number(row[f"{stem}_mode"]),
            low=number(row[f"{stem}_low"]),
            high=number(row[f"{stem}_high"]),
        )

    return ParameterRow(
        context.names.cell(str(row["table"]), str(row["row"]), str(row["column"])),
        span("prior"),
        span("posterior"),
        number(row["study_value"]),
        context.t(f"report.flows.verdict.{row['verdict']}"),
        row["verdict"] == "prior",
    )
