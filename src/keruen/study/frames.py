"""Results as flat tables: what a run folder holds and the report reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd

from keruen.capacity.ladder import Ladder
from keruen.capacity.needs import Need
from keruen.capacity.record import Capacity
from keruen.study.history import LineDay
from keruen.study.targets import Verdict

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "capacity": ("year", "kind", "id", "direction", "level"),
    "inputs": ("year", "kind", "id", "name"),
    "ladders": ("year", "corridor", "level", "rank"),
    "fleet_needs": ("year", "corridor", "kind", "element"),
    "targets": ("id",),
    "target_turns": ("target", "table", "row", "column", "stands_in"),
    "line_history": ("line", "date", "level"),
    "line_factors": ("line", "level", "factor"),
    "line_methods": ("line", "date", "method", "level"),
    "line_what_ifs": ("line", "what_if", "method", "level"),
    "line_runs": ("line", "date", "what_if", "direction"),
    "line_days": ("line", "date", "draw", "policy"),
    "train_paths": ("line", "date", "train", "point"),
    "train_speeds": ("line", "date", "km"),
    "line_troubles": ("line", "date", "part", "code"),
    "gap_occupancy": ("line", "date", "gap", "train_class"),
    "train_kilometres": ("line", "date", "from_km"),
    "flow_sums": ("year",),
    "flow_links": ("year", "element_table", "element_row", "direction"),
    "flow_routes": ("year", "commodity", "loaded", "origin", "destination", "number"),
    "flow_equipment": ("year", "equipment", "zone"),
    "flow_volumes": ("year", "measure"),
    "flow_observed": ("id",),
    "calibration": ("parameter",),
    "calibration_cells": ("table", "row", "column"),
    "calibration_fit": ("measure",),
    "calibration_summary": ("last_year",),
}
"""Key of each result table."""


def _frame(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


CAPACITY_COLUMNS: Final = (
    "year",
    "kind",
    "id",
    "direction",
    "level",
    "native_unit",
    "native_per_year",
    "trains_per_day",
    "gross_trains_per_day",
    "teu_per_year",
    "t_per_year",
    "limit",
    "formula",
)


def capacity_frame(year: int, records: Iterable[Capacity]) -> pd.DataFrame:
    """Capacities of a year, one row a record."""
    rows = [{"year": year, **record._asdict()} for record in records]
    return _frame(rows, CAPACITY_COLUMNS)


def inputs_frame(year: int, records: Iterable[Capacity], level: str) -> pd.DataFrame:
    """Inputs of the capacities of a year at one level, one row an element and input."""
    rows: list[dict[str, object]] = []
    seen: set[tuple[str, str, str]] = set()
    for record in records:
        if record.level != level:
            continue
        for entry in record.inputs:
            key = (record.kind, record.id, entry.name)
            if key in seen:
                continue
            seen.add(key)
            rows.append(
                {
                    "year": year,
                    "kind": record.kind,
                    "id": record.id,
                    "name": entry.name,
                    "value": _text(entry.value),
                    "unit": entry.unit,
                    "source": entry.source,
                    "confidence": entry.confidence,
                }
            )
    columns = ("year", "kind", "id", "name", "value", "unit", "source", "confidence")
    return _frame(rows, columns)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.10g}"


def ladder_frame(
    year: int, ladder: Ladder, lifted: Mapping[str, Sequence[str]] | None
) -> pd.DataFrame:
    """A ladder of a year; ``lifted_by`` is absent where it was not asked for."""
    rows = [
        {
            "year": year,
            "corridor": ladder.corridor,
            "level": ladder.level.value,
            "rank": step.rank,
            "kind": step.kind,
            "element": step.element,
            "direction": step.direction,
            "limit": step.limit,
            "binds_at_t_per_year": step.binds_at_t,
            "binds_at_teu_per_year": step.binds_at_teu or None,
            "lifted_by": _joined(lifted, f"{step.kind}/{step.element}"),
        }
        for step in ladder.steps
    ]
    columns = (
        "year", "corridor", "level", "rank", "kind", "element", "direction", "limit",
        "binds_at_t_per_year", "binds_at_teu_per_year", "lifted_by",
    )  # fmt: skip
    return _frame(rows, columns)


def _joined(lifted: Mapping[str, Sequence[str]] | None, key: str) -> str | None:
    return None if lifted is None or key not in lifted else " ".join(lifted[key])


def needs_frame(year: int, corridor: str, volume_t: float, needs: Iterable[Need]) -> pd.DataFrame:
    """Fleet needs of a corridor at a volume."""
    rows = [
        {"year": year, "corridor": corridor, "volume_t_per_year": volume_t, **need._asdict()}
        for need in needs
    ]
    columns = ("year", "corridor", "volume_t_per_year", "kind", "element", "units", "units_needed")
    return _frame(rows, columns)


def targets_frame(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Verdicts, one row a target."""
    rows = []
    for v in verdicts:
        low, high = v.range or (None, None)
        package = v.unblocked_by
        rows.append(
            {
                "id": v.target.id,
                "kind": v.target.kind,
                "metric": v.target.metric,
                "subject_table": v.target.table,
                "subject_row": v.target.row,
                "level": v.target.level.value,
                "unit": v.target.unit,
                "wanted": v.target.wanted,
                "computed": v.computed,
                "observed": v.observed,
                "verdict": v.verdict,
                "reason": v.reason,
                "by_year": v.target.by_year,
                "year": v.year,
                "first_year": v.first_year,
                "binding": v.binding,
                "blocked_by": " ".join(v.blocked_by),
                "unblocked_by": " ".join(package.projects) if package else "",
                "unblocking_cost_usd": package.cost_usd if package else None,
                "computed_low": low,
                "computed_high": high,
                "turned_by": " ".join("/".join(turn.cell) for turn in v.turns),
                "is_stated": v.is_stated,
                "fitted": " ".join("/".join(cell) for cell in v.fitted),
                "surpassed_by": v.surpassed_by,
            }
        )
    return pd.DataFrame(rows, columns=list(TARGET_COLUMNS))


TARGET_COLUMNS: Final = (
    "id", "kind", "metric", "subject_table", "subject_row", "level", "unit", "wanted", "computed",
    "observed", "verdict", "reason", "by_year", "year", "first_year", "binding", "blocked_by",
    "unblocked_by", "unblocking_cost_usd", "computed_low", "computed_high",
    "turned_by", "is_stated", "fitted", "surpassed_by",
)  # fmt: skip


def turns_frame(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Assumed cells that turn a verdict alone, one row a target and cell."""
    rows = [
        {
            "target": v.target.id,
            "table": turn.cell[0],
            "row": turn.cell[1],
            "column": turn.cell[2],
            "stands_in": "/".join(turn.stands_in),
            "low": turn.low,
            "high": turn.high,
            "value_at_low": turn.value_at_low,
            "value_at_high": turn.value_at_high,
        }
        for v in verdicts
        for turn in v.turns
    ]
    columns = (
        "target", "table", "row", "column", "stands_in", "low", "high", "value_at_low",
        "value_at_high",
    )  # fmt: skip
    return _frame(rows, columns)


def history_frame(line: str, days: Iterable[LineDay]) -> pd.DataFrame:
    """A line by day and level."""
    rows = [
        {
            "line": line,
            "date": day.day.isoformat(),
            "projects": " ".join(day.projects),
            "level": result.level.value,
            "section": result.section,
            "period_min": result.capacity.period_min,
            "trains_per_day": result.capacity.gross_trains_per_day,
            "left_trains_per_day": result.left_per_day,
            "left_section": result.left_section,
            "single_track": bool(result.schemes),
        }
        for day in days
        for result in day.results
    ]
    return _frame(rows, HISTORY_COLUMNS)


HISTORY_COLUMNS: Final = (
    "line", "date", "projects", "level", "section", "period_min", "trains_per_day",
    "left_trains_per_day", "left_section", "single_track",
)  # fmt: skip


def stacked(frames: Sequence[pd.DataFrame], empty: Sequence[str] = ()) -> pd.DataFrame:
    """Frames under each other with one running index; an empty frame when there are none."""
    filled = [frame for frame in frames if not frame.empty]
    if not filled:
        return frames[0] if frames else pd.DataFrame(columns=list(empty))
    return pd.concat(filled, ignore_index=True)
