"""Capacity of every corridor by year: stairs, openings, and the bottleneck of each year."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from keruen.model.cells import as_date
from keruen.report.charts.staircase import Opening, StaircaseSpec, Stairs, draw_staircase
from keruen.report.page.amounts import MILLION
from keruen.report.page.context import Context, Note
from keruen.report.page.corridors import corridor_ids, firsts, ladder, limit, sources_of, wanted
from keruen.report.page.matter import LEVELS, Row, runs_of
from keruen.report.page.pictures import paired


@dataclass(frozen=True, slots=True)
class YearsRow:
    """Years in which a corridor has one capacity and one bottleneck."""

    years: str
    values: tuple[str, ...]
    teu: str
    bottleneck: str
    limit: str
    openings: str


@dataclass(frozen=True, slots=True)
class Staircase:
    """One corridor through the years."""

    id: str
    name: str
    sentence: str
    picture: str
    level_names: tuple[str, ...]
    years: tuple[YearsRow, ...]
    notes: tuple[Note, ...]


def staircases(context: Context) -> tuple[Staircase, ...]:
    """Tell every corridor of the study."""
    return tuple(_staircase(context, corridor) for corridor in corridor_ids(context))


def comparison(context: Context) -> str:
    """Draw all corridors in one picture at the level of the ladders; empty for fewer than two."""
    series = tuple(
        Stairs(context.names.of("corridors", corridor), _steps(found))
        for corridor in corridor_ids(context)
        if (found := firsts(context, corridor, context.matter.level))
    )
    if len(series) < 2:
        return ""
    t = context.t
    level = t(f"report.level.{context.matter.level}")
    spec = StaircaseSpec(
        title=t("report.stairs.all", level=level),
        description=t("report.stairs.all_told", level=level),
        unit=t.unit_name("Mt/year"),
        first=float(context.matter.years[0]),
        last=context.matter.years[-1] + 0.99,
        series=series,
        number=context.amounts.number,
    )
    return paired(lambda width, prefix: draw_staircase(spec, width, prefix), "stairs-all")


def _steps(found: dict[int, Row]) -> tuple[tuple[float, float | None], ...]:
    return tuple(
        (float(year), float(row["binds_at_t_per_year"]) / MILLION)
        for year, row in sorted(found.items())
    )


def _staircase(context: Context, corridor: str) -> Staircase:
    by_level = {level: firsts(context, corridor, level) for level in LEVELS}
    shown = [level for level in LEVELS if by_level[level]]
    main = by_level.get(context.matter.level) or by_level[shown[0]]
    openings = _openings(context, corridor)
    return Staircase(
        id=corridor,
        name=context.names.of("corridors", corridor),
        sentence=_sentence(context, main),
        picture=_picture(context, corridor, {level: by_level[level] for level in shown}, openings),
        level_names=tuple(context.t(f"report.level.{level}") for level in shown),
        years=_years(context, main, [by_level[level] for level in shown], openings),
        notes=sources_of(context, {(str(r["kind"]), str(r["element"])) for r in main.values()}),
    )


def _sentence(context: Context, main: dict[int, Row]) -> str:
    first, last = main[min(main)], main[max(main)]
    return context.t(
        "report.stairs.sentence",
        first=min(main),
        before=context.amounts.tonnes(first["binds_at_t_per_year"]),
        first_element=context.names.of(str(first["kind"]), str(first["element"])),
        last=max(main),
        after=context.amounts.tonnes(last["binds_at_t_per_year"]),
        last_element=context.names.of(str(last["kind"]), str(last["element"])),
        level=context.t(f"report.level.{context.matter.level}"),
    )


def _openings(context: Context, corridor: str) -> dict[int, list[tuple[date, str]]]:
    """Committed projects by the year they open, of those that change what the corridor uses."""
    model = context.matter.model
    steps = ladder(context, corridor, context.matter.level)
    used = set(zip(steps["kind"], steps["element"], strict=True))
    lines = {row for kind, row in used if kind == "vessel_lines"}
    allocations = model["vessel_allocations"]
    own = allocations[allocations["line"].isin(lines)]
    used |= {("vessel_allocations", str(row)) for row in own.index}
    used |= {("vessel_pools", str(pool)) for pool in own["pool"]}
    changes = model["project_changes"]
    touching: dict[str, set[date]] = {}
    for project, table, row, day in zip(
        changes["project"], changes["table"], changes["row"], changes["date"], strict=True
    ):
        if (table, row) in used or (table == "corridor_points" and row.startswith(corridor + "/")):
            when = as_date(day) or as_date(model["projects"].at[project, "open_date"])
            if when is not None:
                touching.setdefault(str(project), set()).add(when)
    committed = set(model.rows("projects", status="committed")) | model.projects
    found: dict[int, list[tuple[date, str]]] = {}
    for project, days in sorted(touching.items()):
        last = max(days)
        if project in committed and last.year in context.matter.years:
            found.setdefault(last.year, []).append((last, project))
    return {year: sorted(pairs) for year, pairs in sorted(found.items())}


def _opening_names(context: Context, pairs: Iterable[tuple[date, str]]) -> str:
    return "; ".join(
        context.t(
            "report.opening",
            day=context.t.date(day),
            projects=context.names.of("projects", project),
        )
        for day, project in pairs
    )


def _picture(
    context: Context,
    corridor: str,
    by_level: dict[str, dict[int, Row]],
    openings: dict[int, list[tuple[date, str]]],
) -> str:
    t, name = context.t, context.names.of("corridors", corridor)
    goals = dict.fromkeys(
        (
            float(row["wanted"]) / MILLION,
            t("report.stairs.wanted", value=context.amounts.stated(row["wanted"], "t/year")),
        )
        for row in wanted(context, corridor)
    )
    spec = StaircaseSpec(
        title=t("report.stairs.of", corridor=name),
        description=t("report.stairs.told", corridor=name),
        unit=t.unit_name("Mt/year"),
        first=float(context.matter.years[0]),
        last=context.matter.years[-1] + 0.99,
        series=tuple(
            Stairs(t(f"report.level.{level}"), _steps(found), level == context.matter.level)
            for level, found in by_level.items()
        ),
        number=context.amounts.number,
        openings=tuple(
            Opening(float(year), _opening_names(context, pairs)) for year, pairs in openings.items()
        ),
        levels=tuple(goals),
    )
    return paired(lambda width, prefix: draw_staircase(spec, width, prefix), f"stairs-{corridor}")


def _years(
    context: Context,
    main: dict[int, Row],
    by_level: list[dict[int, Row]],
    openings: dict[int, list[tuple[date, str]]],
) -> tuple[YearsRow, ...]:
    """Years alike stand in one row; a year with an opening begins one of its own."""
    years = sorted(main)
    told = [_year(context, main[year], [found.get(year) for found in by_level]) for year in years]
    begun = list(itertools.accumulate(year in openings for year in years))
    found = []
    for first, last in runs_of(list(zip(told, begun, strict=True))):
        span = str(years[first]) if first == last else f"{years[first]}–{years[last]}"
        opened = _opening_names(context, openings.get(years[first], ()))
        found.append(replace(told[first], years=span, openings=opened))
    return tuple(found)


def _year(context: Context, row: Row, by_level: list[Row | None]) -> YearsRow:
    values = (None if own is None else own["binds_at_t_per_year"] / MILLION for own in by_level)
    return YearsRow(
        years="",
        values=tuple(context.amounts.number(value) for value in values),
        teu=context.amounts.number(row["binds_at_teu_per_year"]),
        bottleneck=context.names.directed(
            str(row["kind"]), str(row["element"]), str(row["direction"])
        ),
        limit=limit(context, row["limit"]),
        openings="",
    )
