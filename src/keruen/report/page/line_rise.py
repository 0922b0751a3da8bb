"""Lines that targets are about: before, at each opening, after; and what the rise is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from keruen.report.charts.factors import Factor, FactorSpec, draw_factors
from keruen.report.charts.staircase import Opening, StaircaseSpec, Stairs, draw_staircase
from keruen.report.page.context import Context, Note
from keruen.report.page.line_trains import LineTrains, line_trains
from keruen.report.page.matter import LEVELS, Row, rows, words
from keruen.report.page.names import Said
from keruen.report.page.pictures import decimal_year, paired
from keruen.report.page.verdicts import observed_value
from keruen.study.history import UNLISTED_LOOP

_RATIO: Final = "line_capacity_ratio"
_TRAINS: Final = ("pairs/day", "trains/day")
_SAME: Final = 0.005
_COMPARED: Final = "available"


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A line at one level: before, after, their ratio, and whether a claimed ratio is reached."""

    level: str
    before: str
    after: str
    ratio: str
    reached: bool | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """A line on one day."""

    day: str
    projects: str
    double_track: str
    values: tuple[str, ...]
    section: str
    tracks: str


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor at every level: its share, what it does alone, the ratio without it."""

    name: str
    explained: str
    assumed: bool
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure for the line, and the one computed for its day."""

    name: str
    definition: Said
    value: str
    computed: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Rise:
    """Everything about one line."""

    id: str
    title: str
    answer: tuple[str, ...]
    levels: tuple[LevelRow, ...]
    claimed: str
    published: tuple[Published, ...]
    days: tuple[DayRow, ...]
    level_names: tuple[str, ...]
    stairs: str
    factor_levels: tuple[str, ...]
    factors: tuple[FactorRow, ...]
    factor_picture: str
    trains: LineTrains
    notes: tuple[Note, ...]


def rises(context: Context) -> tuple[Rise, ...]:
    """Tell every line of the run, those with a claimed ratio first."""
    history = context.matter.table("line_history")
    if history.empty:
        return ()
    claims = _claims(context)
    lines = sorted(dict.fromkeys(history["line"]), key=lambda line: line not in claims)
    return tuple(_rise(context, str(line), claims.get(str(line))) for line in lines)


def _claims(context: Context) -> dict[str, Row]:
    """The first claimed ratio of each line."""
    found: dict[str, Row] = {}
    for row in rows(context.matter.table("targets")):
        if row["metric"] == _RATIO and row["subject_table"] == "lines":
            found.setdefault(str(row["subject_row"]), row)
    return found


def _rise(context: Context, line: str, claim: Row | None) -> Rise:
    history = context.matter.table("line_history")
    own = history[history["line"] == line]
    all_factors = context.matter.table("line_factors")
    factors = all_factors if all_factors.empty else all_factors[all_factors["line"] == line]
    claimed = None if claim is None else float(claim["wanted"])
    levels = _levels(context, own, claimed)
    name = context.names.of("lines", line)
    title = context.t("report.line.title", line=name)
    if claimed is not None:
        times = context.t.number(claimed)
        title = context.t("report.line.question", line=name, times=times)
    published = _published(context, line, own)
    shown = [level for level in LEVELS if level in set(own["level"])]
    return Rise(
        id=line,
        title=title,
        answer=_answer(context, own, factors, claim),
        levels=levels,
        claimed="" if claimed is None else context.amounts.stated(claimed, "ratio"),
        published=published,
        days=_days(context, line, own, shown),
        level_names=tuple(context.t(f"report.level.{level}") for level in shown),
        stairs=_stairs(context, line, own, shown),
        factor_levels=tuple(
            context.t(f"report.level.{level}")
            for level in shown
            if not factors.empty and level in set(factors["level"])
        ),
        factors=_factor_rows(context, factors, shown),
        factor_picture=_factor_picture(context, line, factors, claim),
        trains=line_trains(context, line, claimed),
        notes=_sources(context, own),
    )


def _ends(own: pd.DataFrame, level: str) -> tuple[float, float]:
    at_level = own[own["level"] == level].sort_values("date")
    values = at_level["trains_per_day"]
    return float(values.iloc[0]), float(values.iloc[-1])


def _levels(context: Context, own: pd.DataFrame, claimed: float | None) -> tuple[LevelRow, ...]:
    found = []
    for level in LEVELS:
        if level not in set(own["level"]):
            continue
        before, after = _ends(own, level)
        ratio = after / before if before > 0 else math.inf
        found.append(
            LevelRow(
                context.t(f"report.level.{level}"),
                context.amounts.number(before),
                context.amounts.number(after),
                context.amounts.computed(ratio, "ratio"),
                None if claimed is None else ratio >= claimed * (1 - 1e-9),
            )
        )
    return tuple(found)


def _answer(
    context: Context, own: pd.DataFrame, factors: pd.DataFrame, claim: Row | None
) -> tuple[str, ...]:
    """Answer the claim in a few sentences."""
    t = context.t
    if claim is None or own["date"].nunique() < 2:
        return ()
    claimed = float(claim["wanted"])
    reached = [
        level
        for level in LEVELS
        if level in set(own["level"]) and _reached(_ends(own, level), claimed)
    ]
    shown = [level for level in LEVELS if level in set(own["level"])]
    times = t.number(claimed)
    said = t.list(t(f"report.level.{level}") for level in reached)
    if len(reached) == len(shown):
        sentences = [t("report.line.holds_at_all", times=times)]
    elif reached:
        sentences = [t("report.line.holds_at_some", times=times, levels=said)]
    else:
        sentences = [t("report.line.holds_at_none", times=times)]
    low, high = claim["computed_low"], claim["computed_high"]
    if low is not None and high is not None:
        span = context.amounts.span(low, high, "ratio")
        code = "report.line.range_spans" if low < claimed <= high else "report.line.range"
        level = t(f"report.level.{claim['level']}")
        sentences.append(t(code, level=level, range=span, times=times))
    if not factors.empty:
        built = factors["factor"] != UNLISTED_LOOP
        assumed = dict.fromkeys(factors.loc[factors["assumed"] & built, "factor"])
        names = t.list(t(f"report.factor.{factor}") for factor in assumed)
        code = "report.line.assumed_factors" if assumed else "report.line.no_assumed_factors"
        sentences.append(t(code, factors=names))
        sentences += _unlisted_loop(context, factors, str(claim["level"]))
    return tuple(sentences)


def _unlisted_loop(context: Context, factors: pd.DataFrame, level: str) -> list[str]:
    """What the ratio would be, had there been places to cross that no list shows."""
    own = factors[(factors["factor"] == UNLISTED_LOOP) & (factors["level"] == level)]
    ratios = (context.amounts.computed(float(ratio), "ratio") for ratio in own["without_ratio"])
    return [context.t("report.line.unlisted_loop", ratio=ratio) for ratio in ratios]


def _reached(ends: tuple[float, float], claimed: float) -> bool:
    return ends[0] > 0 and ends[1] / ends[0] >= claimed * (1 - 1e-9)


def _published(context: Context, line: str, own: pd.DataFrame) -> tuple[Published, ...]:
    model = context.matter.model
    found = []
    for key in model.rows("observations", subject_table="lines", subject_row=line):
        if model.text("observations", key, "unit") in _TRAINS:
            found.append(
                Published(
                    context.names.of("observations", key),
                    context.names.text("observations", key, "definition"),
                    observed_value(context, key),
                    _computed_for(context, key, own),
                    context.row_notes("observations", key, "value"),
                )
            )
    return tuple(found)


def _computed_for(context: Context, observation: str, own: pd.DataFrame) -> str:
    """The available level on the day an observation tells of, else of the target read against it.

    Empty when neither names a day.
    """
    model = context.matter.model
    told = [model.text("observations", observation, name) for name in ("to_date", "from_date")]
    years = [
        model.text("targets", target, "by_year")
        for target in model.rows("targets", observation=observation)
    ]
    of = next((day for day in (*told, *(f"{year}-12-31" for year in years if year)) if day), "")
    at_level = own[own["level"] == _COMPARED].sort_values("date")
    if not of or at_level.empty:
        return ""
    before = at_level[at_level["date"].astype(str).str[:10] <= of[:10]]
    row = at_level.iloc[0] if before.empty else before.iloc[-1]
    return context.amounts.number(float(row["trains_per_day"]))


def _day(text: object) -> date:
    return date.fromisoformat(str(text)[:10])


def _days(
    context: Context, line: str, own: pd.DataFrame, shown: Sequence[str]
) -> tuple[DayRow, ...]:
    found = []
    for text in sorted(set(own["date"])):
        today = own[own["date"] == text]
        values = dict(zip(today["level"], today["trains_per_day"], strict=True))
        first = next(rows(today))
        single = bool(first["single_track"])
        projects = words(str(first["projects"] or ""))
        found.append(
            DayRow(
                context.t.date(_day(text)),
                context.names.all("projects", projects) if projects else "",
                _double_track(context, line, _day(text)),
                tuple(context.amounts.number(values.get(level)) for level in shown),
                context.names.of("sections", str(first["section"])),
                context.t("report.line.single" if single else "report.line.double"),
            )
        )
    return tuple(found)


def _double_track(context: Context, line: str, day: date) -> str:
    """How much of the line has two tracks on a day."""
    sections = context.matter.model.at(day)["sections"]
    own = sections[(sections["line"] == line) & (sections["mode"] == "rail")]
    whole = float(own["length_km"].sum())
    double = float(own.loc[own["tracks"] >= 2, "length_km"].sum())
    return context.t(
        "report.line.of_length",
        part=context.t.number(round(double)),
        whole=context.t.unit(round(whole), "km"),
    )


def _stairs(context: Context, line: str, own: pd.DataFrame, shown: Sequence[str]) -> str:
    days = sorted({_day(text) for text in own["date"]})
    if len(days) < 2:
        return ""
    room = max((days[-1] - days[0]) / 6, timedelta(days=45))
    t, name = context.t, context.names.of("lines", line)
    series = []
    for level in shown:
        at_level = own[own["level"] == level].sort_values("date")
        steps = tuple(
            (decimal_year(_day(text)), float(value))
            for text, value in zip(at_level["date"], at_level["trains_per_day"], strict=True)
        )
        strong = level == context.matter.level
        series.append(Stairs(t(f"report.level.{level}"), steps, strong))
    spec = StaircaseSpec(
        title=t("report.line.stairs", line=name),
        description=t("report.line.stairs_told", line=name),
        unit=t.unit_name("pairs/day"),
        first=decimal_year(days[0] - room / 3),
        last=decimal_year(days[-1] + room),
        series=tuple(series),
        number=context.amounts.number,
        openings=tuple(_openings(context, line, own, days[0])),
        levels=_published_levels(context, line),
    )
    return paired(lambda width, prefix: draw_staircase(spec, width, prefix), f"rise-{line}")


def _openings(context: Context, line: str, own: pd.DataFrame, before: date) -> Iterable[Opening]:
    for text, projects in dict(zip(own["date"], own["projects"], strict=True)).items():
        day = _day(text)
        if day > before and projects:
            names = context.names.all("projects", words(str(projects)))
            label = context.t("report.opening", day=context.t.date(day), projects=names)
            length = _double_track(context, line, day)
            told = context.t("report.line.opened_length", opening=label, length=length)
            yield Opening(decimal_year(day), told)


def _published_levels(context: Context, line: str) -> tuple[tuple[float, str], ...]:
    model = context.matter.model
    found = []
    for key in model.rows("observations", subject_table="lines", subject_row=line):
        value = model.number("observations", key, "value")
        if model.text("observations", key, "unit") in _TRAINS and value is not None:
            label = context.t("report.published_value", value=context.t.number(value))
            found.append((value, label))
    return tuple(found)


def _factor_rows(
    context: Context, factors: pd.DataFrame, shown: Sequence[str]
) -> tuple[FactorRow, ...]:
    if factors.empty:
        return ()
    found = []
    for factor in dict.fromkeys(factors["factor"]):
        own = factors[factors["factor"] == factor]
        by_level = {str(row["level"]): row for row in rows(own)}
        found.append(
            FactorRow(
                context.t(f"report.factor.{factor}"),
                context.t(f"report.factor_told.{factor}"),
                bool(own["assumed"].any()),
                tuple(_ratios(context, by_level[level]) for level in shown if level in by_level),
            )
        )
    return tuple(found)


def _ratios(context: Context, row: Row) -> tuple[str, str, str]:
    """Share of a factor in the rise, what it does alone, the ratio without it."""
    share, alone, without = (
        context.amounts.computed(float(row[column]), "ratio")
        for column in ("share_ratio", "alone_ratio", "without_ratio")
    )
    # What no list shows is no part of what was built.
    return context.t.number(None) if row["factor"] == UNLISTED_LOOP else share, alone, without


def _factor_picture(context: Context, line: str, factors: pd.DataFrame, claim: Row | None) -> str:
    if factors.empty:
        return ""
    level = context.matter.level if claim is None else str(claim["level"])
    built = (factors["level"] == level) & (factors["factor"] != UNLISTED_LOOP)
    own = list(rows(factors[built]))
    shares = [float(row["share_ratio"]) for row in own]
    if not own or not all(0 < v < math.inf for v in (own[0]["before"], own[0]["after"], *shares)):
        return ""
    t, amounts, first = context.t, context.amounts, own[0]
    days = [t.date(_day(first[column])) for column in ("before_date", "after_date")]
    ends = [amounts.computed(first[column], "pairs/day") for column in ("before", "after")]
    name = context.names.of("lines", line)
    wanted = None if claim is None else float(claim["wanted"])
    spec = FactorSpec(
        title=t("report.line.factors_of", line=name, level=t(f"report.level.{level}")),
        description=t("report.line.factors_told", before=ends[0], after=ends[1]),
        before=(float(first["before"]), t("report.line.on_day", day=days[0], value=ends[0])),
        after=(float(first["after"]), t("report.line.on_day", day=days[1], value=ends[1])),
        factors=tuple(
            Factor(
                t(f"report.factor.{row['factor']}"),
                float(row["share_ratio"]),
                t("report.times", value=amounts.number(row["share_ratio"])),
                bool(row["assumed"]),
            )
            for row in own
        ),
        unit=t.unit_name("pairs/day"),
        number=amounts.number,
        assumed=context.confidence("assumed"),
        claim=None if wanted is None else (wanted, t("report.line.claim", times=t.number(wanted))),
    )
    if abs(math.prod(shares) * spec.before[0] / spec.after[0] - 1) > _SAME:
        return ""
    return paired(lambda width, prefix: draw_factors(spec, width, prefix), f"factors-{line}")


def _sources(context: Context, own: pd.DataFrame) -> tuple[Note, ...]:
    """Sources of the numbers of the sections that bind."""
    inputs = context.matter.table("inputs")
    if inputs.empty:
        return ()
    binding = inputs[(inputs["kind"] == "sections") & inputs["id"].isin(set(own["section"]))]
    return context.notes.of(set(binding["source"]))
