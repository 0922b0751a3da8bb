"""Assumed numbers with their ranges, and how much of the study is official, published, assumed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from keruen.model.provenance import CONFIDENCES
from keruen.report.page.context import Context, Note
from keruen.report.page.matter import rows
from keruen.report.page.names import BASE_LANGUAGE, Said
from keruen.report.page.verdicts import cell_text


@dataclass(frozen=True, slots=True)
class Count:
    """Cells of one confidence."""

    confidence: str
    word: str
    explained: str
    cells: str
    share: str
    percent: float


@dataclass(frozen=True, slots=True)
class Assumption:
    """Cells that share one value, one range and one reason."""

    names: tuple[str, ...]
    quantity: str
    low: str
    value: str
    high: str
    note: Said
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class AssumptionGroup:
    """Assumptions of one table."""

    table: str
    id: str
    heading: str
    rows: tuple[Assumption, ...]


def counts(context: Context) -> tuple[Count, ...]:
    """Count the cells of facts by confidence."""
    cells, t = context.matter.cells, context.t
    whole = sum(cells.values())
    return tuple(
        Count(
            word,
            context.confidence(word),
            t(f"report.confidence.{word}"),
            t.number(cells.get(word, 0)),
            t.percent(cells.get(word, 0) / whole if whole else None, 1),
            100.0 * cells.get(word, 0) / whole if whole else 0.0,
        )
        for word in CONFIDENCES
    )


def assumptions(context: Context) -> tuple[AssumptionGroup, ...]:
    """Tell every assumed cell that has a range; like cells of a table together."""
    model = context.matter.model
    frame = model["provenance"]
    ranged = frame[(frame["confidence"] == "assumed") & (frame["low"] != "")]
    tables: dict[str, dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in rows(ranged):
        table, key, column = (str(line[name]) for name in ("table", "row", "column"))
        value = _cell(context, table, key, column) or str(line["mode"] or "")
        like = (column, str(line["low"]), value, str(line["high"]), str(line["note"] or ""))
        tables[table][(*like, str(line["source"]))].append(key)
    return tuple(_group(context, table, like) for table, like in tables.items())


def _cell(context: Context, table: str, row: str, column: str) -> str:
    model = context.matter.model_of(table, row)
    return "" if model is None else model.text(table, row, column)


def _group(context: Context, table: str, like: dict[tuple[str, ...], list[str]]) -> AssumptionGroup:
    name = context.t(f"report.table.{table}")
    cells = sum(len(keys) for keys in like.values())
    found = []
    for (column, low, value, high, note, source), keys in like.items():
        cell = (table, keys[0], column)
        names = tuple(context.names.of(table, key) for key in keys)
        if table == "project_changes":
            names = tuple(context.names.cell(table, key, column) for key in keys)
        found.append(
            Assumption(
                names=tuple(dict.fromkeys(names)),
                quantity=context.names.column(table, column),
                low=cell_text(context, *cell, low),
                value=cell_text(context, *cell, value),
                high=cell_text(context, *cell, high),
                note=Said(note, BASE_LANGUAGE),
                notes=context.notes.of([source]),
            )
        )
    return AssumptionGroup(
        name, table, context.t.plural("report.assumptions.cells", cells), tuple(found)
    )
