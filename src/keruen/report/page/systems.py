"""Systems of the statement and where they stand in the study; questions; observations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from keruen.report.page.context import Context, Note
from keruen.report.page.matter import plain, rows
from keruen.report.page.names import BASE_LANGUAGE, Said, short_code
from keruen.report.page.verdicts import observed_value

_PLACES_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """Rows of one table that make up a system."""

    table: str
    names: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A target of a system, with its verdict and the word for it."""

    id: str
    name: str
    verdict: str
    word: str


@dataclass(frozen=True, slots=True)
class System:
    """A system with what it is in the study."""

    id: str
    name: str
    kind: str
    note: Said
    standings: tuple[Standing, ...]
    targets: tuple[Judged, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the part of the program that answers it."""

    system: str
    text: Said
    needs: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Observation:
    """What was counted or published, with its definition."""

    name: str
    subject: str
    definition: Said
    counting: str
    period: str
    period_key: str
    value: str
    value_key: str
    known_from: str
    notes: tuple[Note, ...]


def systems(context: Context) -> tuple[System, ...]:
    """Tell every system."""
    model = context.matter.model
    members: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    frame = model["system_rows"]
    for system, table, row in zip(frame["system"], frame["table"], frame["row"], strict=True):
        members[str(system)][str(table)].append(str(row))
    targets = rows(context.matter.table("targets"))
    judged = {str(row["id"]): str(row["verdict"]) for row in targets}
    found = []
    for key in map(str, model["systems"].index):
        kind = model.text("systems", key, "kind")
        found.append(
            System(
                short_code(key),
                context.names.of("systems", key),
                context.t(f"report.system.{kind}"),
                Said(model.text("systems", key, "note"), BASE_LANGUAGE),
                tuple(
                    _standing(context, table, keys)
                    for table, keys in members[key].items()
                    if table != "targets"
                ),
                tuple(
                    Judged(
                        target,
                        context.names.of("targets", target),
                        judged[target],
                        context.t(f"report.verdict.{judged[target]}"),
                    )
                    for target in model.rows("targets", system=key)
                    if target in judged
                ),
                context.row_notes("systems", key),
            )
        )
    return tuple(found)


def _standing(context: Context, table: str, keys: list[str]) -> Standing:
    names = dict.fromkeys(context.names.of(table, key) for key in keys)
    shown = tuple(names)[:_PLACES_SHOWN]
    more = len(names) - len(shown)
    return Standing(
        context.t(f"report.table.{table}"),
        shown,
        context.t.plural("report.more", more) if more > 0 else "",
    )


def questions(context: Context) -> tuple[Question, ...]:
    """Tell the questions put to the study, and what each needs."""
    model = context.matter.model
    found = []
    for key in map(str, model["questions"].index):
        needs = model.text("questions", key, "needs")
        system = model.text("questions", key, "system")
        found.append(
            Question(
                context.names.of("systems", system) if system else "",
                context.names.text("questions", key, "text"),
                context.t(f"report.needs.{needs}"),
                needs != "capacity",
            )
        )
    return tuple(found)


def observations(context: Context) -> tuple[Observation, ...]:
    """Tell every observation in the order of the study."""
    return tuple(_observation(context, str(k)) for k in context.matter.model["observations"].index)


def _observation(context: Context, key: str) -> Observation:
    model, t = context.matter.model, context.t
    table, row = (model.text("observations", key, c) for c in ("subject_table", "subject_row"))
    cells = model["observations"].loc[key]
    start, end = plain(cells["from_date"]), plain(cells["to_date"])
    value = model.number("observations", key, "value")
    return Observation(
        context.names.of("observations", key),
        context.names.of(table, row) if table and row else "",
        context.names.text("observations", key, "definition"),
        _counting(context, key),
        _period(context, start, end),
        "" if start is None else start.isoformat(),
        observed_value(context, key),
        "" if value is None else f"{value:.8g}",
        t.date(plain(cells["known_from"])),
        context.row_notes("observations", key, "value"),
    )


def _counting(context: Context, key: str) -> str:
    """What was counted, as far as it is known: net or gross, loaded or empty, where, how often."""
    model, t = context.matter.model, context.t
    said: list[str] = []
    for column in ("tonnes", "loaded", "counted"):
        word = model.text("observations", key, column)
        if word and word != "none":
            said.append(t(f"report.counting.{column}.{word}"))
    cut = model.text("observations", key, "cut")
    if cut:
        said.append(t("report.counting.at", cut=_cut_name(context, cut)))
    return ", ".join(said)


def _cut_name(context: Context, cut: str) -> str:
    return context.names.of("nodes", cut) if context.matter.model_of("nodes", cut) else cut


def _period(context: Context, start: date | None, end: date | None) -> str:
    t = context.t
    if start is None or end is None:
        return t.date(start or end) if start or end else ""
    if start == end:
        return t.date(start)
    whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    if whole:
        years: Iterable[int] = dict.fromkeys((start.year, end.year))
        return "–".join(str(year) for year in years)
    return t("report.range", low=t.date(start), high=t.date(end))
