"""What corridors share on the page: the ladder's first step by year, mixes, targets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from keruen.report.page.context import Context, Note
from keruen.report.page.matter import Row, rows


@dataclass(frozen=True, slots=True)
class MixRow:
    """One commodity of a corridor in one direction."""

    commodity: str
    direction: str
    share: str
    notes: tuple[Note, ...]


def corridor_ids(context: Context) -> tuple[str, ...]:
    """Corridors of the study that the run computed, in the order of the study."""
    ladders = context.matter.table("ladders")
    if ladders.empty:
        return ()
    computed = set(ladders["corridor"])
    return tuple(str(c) for c in context.matter.model["corridors"].index if str(c) in computed)


def ladder(context: Context, corridor: str, level: str, year: int | None = None) -> pd.DataFrame:
    """Steps of a corridor at a level, of one year or all."""
    ladders = context.matter.table("ladders")
    if ladders.empty:
        return ladders
    own = ladders[(ladders["corridor"] == corridor) & (ladders["level"] == level)]
    if year is not None:
        own = own[own["year"] == year]
    return own.sort_values(["year", "rank"])


def firsts(context: Context, corridor: str, level: str) -> dict[int, Row]:
    """The step that binds in each year."""
    own = ladder(context, corridor, level)
    if own.empty:
        return {}
    return {int(row["year"]): row for row in rows(own[own["rank"] == 1])}


def mix(context: Context, corridor: str) -> tuple[MixRow, ...]:
    """Commodity mix of a corridor."""
    model, names = context.matter.model, context.names
    points = model["corridor_points"]
    way = points.loc[points["corridor"] == corridor].sort_values("sequence")["node"]
    whole = (str(way.iloc[0]), str(way.iloc[-1]))
    found = []
    for key in model.rows("corridor_mix", corridor=corridor):
        direction = model.text("corridor_mix", key, "direction")
        own = [model.text("corridor_mix", key, c) for c in ("join_node", "leave_node")]
        ends = [names.of("nodes", node or end) for node, end in zip(own, whole, strict=True)]
        if direction == "backward":
            ends.reverse()
        said = context.t(
            "report.name.qualified",
            name=context.t(f"report.bound.{direction}"),
            what=context.t("report.name.between", start=ends[0], end=ends[1]),
        )
        found.append(
            MixRow(
                names.of("commodities", model.text("corridor_mix", key, "commodity")),
                said,
                context.t.percent(model.number("corridor_mix", key, "share"), None),
                context.row_notes("corridor_mix", key, "share"),
            )
        )
    return tuple(found)


def wanted(context: Context, corridor: str) -> list[Row]:
    """Targets about the tonnes of a corridor, the first stated first."""
    return [
        row
        for row in rows(context.matter.table("targets"))
        if row["subject_table"] == "corridors"
        and row["subject_row"] == corridor
        and row["metric"] == "corridor_capacity_t"
    ]


def limit(context: Context, code: str | None) -> str:
    """Say what binds an element."""
    known = f"word.limit.{code}"
    return context.t(known) if context.t.has(known) else (code or "")


def sources_of(context: Context, elements: Iterable[tuple[str, str]]) -> tuple[Note, ...]:
    """Sources of the inputs of elements, given by kind and id."""
    inputs = context.matter.table("inputs")
    wanted_elements = set(elements)
    if inputs.empty or not wanted_elements:
        return ()
    pairs = pd.MultiIndex.from_frame(inputs[["kind", "id"]])
    return context.notes.of(set(inputs.loc[pairs.isin(wanted_elements), "source"]))
