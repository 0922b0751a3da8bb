"""Ladders: what binds first, what next, who lifts it, and the fleet that the volume takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from keruen.report.charts.ladder import LadderSpec, Rung, draw_ladder
from keruen.report.page.amounts import MILLION
from keruen.report.page.context import Context, Note
from keruen.report.page.corridors import (
    MixRow,
    corridor_ids,
    ladder,
    limit,
    mix,
    sources_of,
    wanted,
)
from keruen.report.page.matter import Row, rows, words
from keruen.report.page.pictures import paired

_STEPS: Final = 10
_CUT: Final = 6.0
_MIDDLE: Final = 2030


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a ladder."""

    rank: int
    element: str
    kind: str
    limit: str
    tonnes: str
    teu: str
    lifted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """Units of a fleet: there are, and needed."""

    name: str
    units: str
    needed: str


@dataclass(frozen=True, slots=True)
class YearLadder:
    """A ladder of one year."""

    year: int
    heading: str
    picture: str
    steps: tuple[StepRow, ...]
    all_steps: int
    volume: str
    needs: tuple[NeedRow, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class CorridorLadders:
    """A corridor with its mix and its ladders."""

    id: str
    name: str
    mix: tuple[MixRow, ...]
    unevenness: str
    years: tuple[YearLadder, ...]


def corridor_ladders(context: Context) -> tuple[CorridorLadders, ...]:
    """Tell the ladders of every corridor in the first, a middle and the last year."""
    found = []
    for corridor in corridor_ids(context):
        ratio = context.matter.model.number("corridors", corridor, "unevenness_ratio")
        years = (_year(context, corridor, year) for year in _chosen(context, corridor))
        found.append(
            CorridorLadders(
                corridor,
                context.names.of("corridors", corridor),
                mix(context, corridor),
                context.t.number(ratio),
                tuple(entry for entry in years if entry.steps),
            )
        )
    return tuple(found)


def _chosen(context: Context, corridor: str) -> list[int]:
    """First and last year, and between them the year judged: of a target, else a round one."""
    years = context.matter.years
    stated = [
        int(row["by_year"]) for row in wanted(context, corridor) if row["by_year"] is not None
    ]
    own = ladder(context, corridor, context.matter.level)
    told = sorted(set(own.loc[own["lifted_by"].notna(), "year"])) if not own.empty else []
    inner = [year for year in told if years[0] < year < years[-1]]
    middle = next((year for year in stated if year in inner), None)
    if middle is None and inner:
        middle = min(inner, key=lambda year: (abs(year - _MIDDLE), year))
    return sorted({years[0], years[-1], *([] if middle is None else [int(middle)])})


def _year(context: Context, corridor: str, year: int) -> YearLadder:
    own = list(rows(ladder(context, corridor, context.matter.level, year)))
    steps = own[:_STEPS]
    volume = context.amounts.tonnes(own[0]["binds_at_t_per_year"]) if own else ""
    heading = ""
    if own:
        heading = context.t(
            "report.ladder.heading",
            year=year,
            volume=volume,
            element=context.names.of(str(own[0]["kind"]), str(own[0]["element"])),
        )
    return YearLadder(
        year=year,
        heading=heading,
        picture=_picture(context, corridor, year, steps) if steps else "",
        steps=tuple(_step(context, row) for row in steps),
        all_steps=len(own),
        volume=volume,
        needs=_needs(context, corridor, year),
        notes=sources_of(context, {(str(r["kind"]), str(r["element"])) for r in steps}),
    )


def _element(context: Context, row: Row) -> str:
    return context.names.directed(str(row["kind"]), str(row["element"]), str(row["direction"]))


def _lifts(context: Context, row: Row) -> tuple[str, ...]:
    return tuple(context.names.of("projects", project) for project in words(row["lifted_by"]))


def _step(context: Context, row: Row) -> StepRow:
    return StepRow(
        int(row["rank"]),
        _element(context, row),
        context.t(f"report.element.{row['kind']}"),
        limit(context, row["limit"]),
        context.amounts.number(float(row["binds_at_t_per_year"]) / MILLION),
        context.amounts.number(row["binds_at_teu_per_year"]),
        _lifts(context, row),
    )


def _picture(context: Context, corridor: str, year: int, steps: list[Row]) -> str:
    t, amounts = context.t, context.amounts
    name = context.names.of("corridors", corridor)
    rungs = []
    for row in steps:
        volume = float(row["binds_at_t_per_year"])
        lifts = _lifts(context, row)
        lifted = t("report.ladder.lifted", projects=t.list(lifts)) if lifts else ""
        label = amounts.tonnes(volume)
        tip = f"{limit(context, row['limit'])}: {label}"
        rungs.append(Rung(_element(context, row), volume / MILLION, label, lifted, tip))
    goals = [row for row in wanted(context, corridor) if row["by_year"] in (None, year)]
    goal = None
    if goals:
        value = float(goals[0]["wanted"])
        label = t("report.stairs.wanted", value=amounts.stated(value, "t/year"))
        goal = (value / MILLION, label)
    first = rungs[0].volume or 0.0
    spec = LadderSpec(
        title=t("report.ladder.of", corridor=name, year=year),
        description=t("report.ladder.told", corridor=name, year=year),
        rungs=tuple(rungs),
        unit=t.unit_name("Mt/year"),
        number=amounts.number,
        binding=t("report.ladder.binds"),
        target=goal,
        cut=max(first * _CUT, 1e-6),
    )
    return paired(
        lambda width, prefix: draw_ladder(spec, width, prefix), f"ladder-{corridor}-{year}"
    )


def _needs(context: Context, corridor: str, year: int) -> tuple[NeedRow, ...]:
    table = context.matter.table("fleet_needs")
    if table.empty:
        return ()
    own = table[(table["corridor"] == corridor) & (table["year"] == year)]
    return tuple(
        NeedRow(
            context.names.of(str(row["kind"]), str(row["element"])),
            context.t.number(row["units"]),
            context.t("report.ladder.no_number")
            if row["units_needed"] is None
            else context.t.number(row["units_needed"]),
        )
        for row in rows(own)
    )
