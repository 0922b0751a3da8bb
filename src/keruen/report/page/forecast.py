"""Forecast beside a run: fans of volumes, chances of targets, and what the spread comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from keruen.report.charts.fan import FanSpec, FanYear, draw_fan
from keruen.report.page.amounts import unit_of_measure
from keruen.report.page.context import Context
from keruen.report.page.matter import Row, rows
from keruen.report.page.names import Said
from keruen.report.page.pictures import paired
from keruen.study.forecast.rows import labels
from keruen.study.targets import REPRODUCED, is_reproduced, year_of_fact

MOST_YEARS: Final = 6
"""Years that stand in tables."""
MOST_DRIVERS: Final = 5
LEVELS: Final = ("p05", "p25", "p50", "p75", "p95")


@dataclass(frozen=True, slots=True)
class Chance:
    """A target, and in which part of the draws it is met, by year."""

    name: str
    wanted: str
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fan:
    """A measure with its chart."""

    heading: str
    definition: Said
    picture: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A measure in the years of the table: the median and the range of nine draws in ten."""

    name: str
    unit: str
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the spread of a measure comes from in the last year."""

    name: str
    groups: tuple[tuple[str, str], ...]
    drivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForecastSection:
    """Everything of a forecast beside a run."""

    sentence: str
    years: tuple[int, ...]
    last: int
    groups: tuple[str, ...]
    chances: tuple[Chance, ...]
    fans: tuple[Fan, ...]
    has_computed: bool
    not_known: str
    spreads: tuple[Spread, ...]
    origins: tuple[Origin, ...]


def forecast(context: Context) -> ForecastSection | None:
    """Tell the forecast that lies beside a run; None where there is none."""
    volumes = context.matter.table("forecast_volumes")
    if volumes.empty:
        return None
    every = sorted({int(year) for year in volumes["year"]})
    step = max(1, (len(every) - 1) // (MOST_YEARS - 1))
    years = tuple(sorted({*every[::step][: MOST_YEARS - 1], every[-1]}))
    groups = context.matter.table("forecast_groups")
    known = [] if groups.empty else list(dict.fromkeys(map(str, groups["group"])))
    return ForecastSection(
        sentence=context.t(
            "report.forecast.sentence",
            draws=int(volumes["n"].max()),
            first=every[0],
            last=every[-1],
        ),
        years=years,
        last=every[-1],
        groups=tuple(context.t(f"report.forecast.group.{one}") for one in known),
        chances=_chances(context, years),
        fans=_fans(context, volumes),
        has_computed=bool(volumes["as_computed"].notna().any()),
        not_known=_not_known(context, volumes),
        spreads=_spreads(context, volumes, years),
        origins=_origins(context, every[-1], known),
    )


def _chances(context: Context, years: tuple[int, ...]) -> tuple[Chance, ...]:
    """Targets that name what of the flows they count."""
    table = context.matter.table("forecast_probability")
    if table.empty:
        return ()
    found = []
    for target, own in table.groupby("target", sort=False):
        measure = _measure_of(context, str(target))
        if not measure:
            continue
        by_year = dict(zip(own["year"].astype(int), own["share"], strict=True))
        first = next(rows(own))
        own_year = year_of_fact(context.matter.model, str(target))
        wanted = context.amounts.stated(float(first["wanted"]), unit_of_measure(str(first["unit"])))
        if is_reproduced(context.matter.model.text("targets", str(target), "kind")):
            near = context.t.percent(REPRODUCED)
            wanted = context.t("report.forecast.within", share=near, wanted=wanted)
        found.append(
            Chance(
                context.names.of("targets", str(target)),
                wanted,
                tuple(
                    context.t.percent(by_year[year]) if own_year in (None, year) else "—"
                    for year in years
                ),
            )
        )
    return tuple(found)


def _measure_of(context: Context, target: str) -> str:
    model = context.matter.model
    if target not in model["targets"].index:
        return ""
    return model.text("targets", target, "measure")


def _fans(context: Context, volumes: pd.DataFrame) -> tuple[Fan, ...]:
    """Measures whose targets lie ahead, and those that are observed of a corridor."""
    chances = context.matter.table("forecast_probability")
    named: dict[str, list[Row]] = {}
    for row in rows(chances.drop_duplicates(["target", "measure"])):
        target = str(row["target"])
        if _measure_of(context, target) and year_of_fact(context.matter.model, target) is None:
            named.setdefault(str(row["measure"]), []).append(row)
    shown = [row for row in dict.fromkeys(volumes["id"]) if row in named or _is_main(context, row)]
    shown.sort(key=lambda row: (row not in named, -len(named.get(row, ()))))
    shown = [row for row in shown if volumes.loc[volumes["id"] == row, "p50"].notna().sum() > 1]
    fans = []
    called = _called(context)
    for row in shown:
        own = volumes[volumes["id"] == row].sort_values("year")
        fans.append(_fan(context, (row, called[row]), own, named.get(row, [])))
    return tuple(fans)


def _called(context: Context) -> dict[str, str]:
    """Names of all measures that are forecast."""
    every = map(str, context.matter.table("forecast_volumes")["id"].unique())
    return labels(context.matter.model, every, context.t.language)


def _is_main(context: Context, measure: str) -> bool:
    """Whether a measure is what was observed of a corridor as a whole."""
    model = context.matter.model
    seen = model.text("flow_measures", measure, "observation")
    if seen not in model["observations"].index:
        return False
    return model.text("observations", seen, "subject_table") == "corridors"


def _fan(context: Context, named: tuple[str, str], own: pd.DataFrame, targets: list[Row]) -> Fan:
    (measure, heading), t, amounts = named, context.t, context.amounts
    unit = str(own["unit"].iloc[0])
    levels = [(float(row["wanted"]), str(row["target"])) for row in targets]
    most = max([float(own["p95"].max()), *(level for level, _ in levels)])
    shown, scale = context.amounts.scaled(unit, most)
    years = tuple(
        FanYear(
            int(row["year"]),
            tuple(max(float(row[name]) * scale, 0.0) for name in LEVELS),
            None if row["as_computed"] is None else max(float(row["as_computed"]) * scale, 0.0),
        )
        for row in rows(own)
        if row["p50"] is not None
    )
    written = unit_of_measure(unit)
    spec = FanSpec(
        title=heading,
        description=t("report.forecast.fan_told", what=heading),
        unit=shown,
        years=years,
        outer=t("report.forecast.outer"),
        inner=t("report.forecast.inner"),
        middle=t("report.forecast.middle"),
        computed=t("report.forecast.computed"),
        number=amounts.number,
        levels=tuple(
            (
                level * scale,
                t(
                    "report.forecast.level",
                    name=context.names.of("targets", target),
                    value=amounts.stated(level, written),
                ),
            )
            for level, target in levels
        ),
    )
    picture = paired(lambda width, prefix: draw_fan(spec, width, prefix), f"fan-{measure}")
    return Fan(heading, _definition(context, measure), picture)


def _definition(context: Context, measure: str) -> Said:
    model = context.matter.model
    seen = model.text("flow_measures", measure, "observation")
    if seen not in model["observations"].index:
        return Said("", context.t.language)
    return context.names.text("observations", seen, "definition")


def _not_known(context: Context, volumes: pd.DataFrame) -> str:
    """Names of measures of which no year is told."""
    told = volumes.groupby("id", sort=True)["p50"].count()
    called = _called(context)
    names = [called[str(one)] for one in told.index[told == 0]]
    return context.t.list(names) if names else ""


def _spreads(context: Context, volumes: pd.DataFrame, years: tuple[int, ...]) -> tuple[Spread, ...]:
    found, called = [], _called(context)
    for measure, own in volumes[volumes["p50"].notna()].groupby("id", sort=True):
        unit = str(own["unit"].iloc[0])
        shown, scale = context.amounts.scaled(unit, float(own["p95"].max()))
        by_year = {int(row["year"]): row for row in rows(own)}

        def said(year: int, name: str, known: dict[int, Row], factor: float) -> str:
            value = known[year][name] if year in known else None
            return context.amounts.number(None if value is None else float(value) * factor)

        values = tuple(
            (
                said(year, "p50", by_year, scale),
                said(year, "p05", by_year, scale),
                said(year, "p95", by_year, scale),
            )
            for year in years
        )
        found.append(Spread(called[str(measure)], shown, values))
    return tuple(found)


def _origins(context: Context, year: int, known: list[str]) -> tuple[Origin, ...]:
    """Where the spread of the last year comes from, for measures that charts show."""
    groups, drivers = (context.matter.table(f"forecast_{name}") for name in ("groups", "drivers"))
    if groups.empty:
        return ()
    t, found, called = context.t, [], _called(context)
    for measure, own in groups[groups["year"] == year].groupby("measure", sort=True):
        by_group = {str(row["group"]): row for row in rows(own)}
        shares = tuple(
            (
                t.percent(min(max(float(by_group[one]["share"]), 0.0), 1.0)),
                t.percent(float(by_group[one]["by_chance"])),
            )
            if one in by_group
            else ("—", "")
            for one in known
        )
        its = drivers[(drivers["measure"] == measure) & (drivers["year"] == year)]
        found.append(
            Origin(
                called[str(measure)],
                shares,
                tuple(_driver(context, row) for row in rows(its.head(MOST_DRIVERS))),
            )
        )
    return tuple(found)


def _driver(context: Context, row: Row) -> str:
    table, key, column = str(row["table"]), str(row["row"]), str(row["column"])
    if row["kind"] == "capacity":
        name = context.names.directed(table, key, column)
    else:
        name = context.names.cell(table, key, column)
    value = context.t.number(float(row["rank_correlation"]), 2)
    return context.t("report.forecast.driver", name=name, value=value)
