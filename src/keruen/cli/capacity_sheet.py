"""The sheet of one element: capacity at each level, formula, and where each number is from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Said, Screen
from keruen.i18n.amounts import figures, measured_unit, millions, tenths, whole

if TYPE_CHECKING:
    from keruen.capacity import Capacity, Input
    from keruen.model import Model

_NATIVE: Final = ("train", "vessel", "wagon", "truck", "container")
CORRIDOR: Final = "corridor"
"""Name under which a record keeps the corridor that turns its trains into tonnes."""
_TRUST: Final = {"assumed": "yellow"}
"""Styles of confidences; the others are quiet."""


def show_sheet(screen: Screen, names: Names, model: Model, records: Sequence[Capacity]) -> None:
    """Print the sheet of an element.

    Parameters
    ----------
    screen : Screen
        Where to.
    names : Names
        Names in the language of the screen.
    model : Model
        Of the day.
    records : sequence of Capacity
        Records of the element, all directions and levels asked for; at least one.
    """
    t, first = screen.t, records[0]
    kind = t(f"word.kind.{first.kind}")
    screen.heading(names.element(first.kind, first.id), f"{first.id} · {kind}")
    _show_levels(screen, records)
    formulas: dict[str, list[str]] = {}
    for record in records:
        level = t(f"word.level.{record.level}")
        if record.formula and level not in formulas.setdefault(record.formula, []):
            formulas[record.formula].append(level)
    for formula, levels in formulas.items():
        lead = t("cli.sheet.formula") if len(formulas) == 1 else f"{', '.join(levels)}:"
        screen.entry(formula, lead)
    used = _inputs(records)
    _show_corridor(screen, names, used)
    _show_inputs(
        screen, model, (first.kind, first.id), [entry for entry in used if entry.cell is not None]
    )
    _show_worked_out(
        screen, [entry for entry in used if entry.cell is None and entry.name != CORRIDOR]
    )
    _show_sources(screen, model, used)


def _show_levels(screen: Screen, records: Sequence[Capacity]) -> None:
    """Print the capacity at each level; what all levels have in common is said once."""
    t = screen.t
    unit = records[0].native_unit
    native = t(f"word.native.{unit}") if unit in _NATIVE else unit
    left = [tenths(t, r.trains_per_day) for r in records]
    trains = {t.unit_name("trains/day"): left}
    shared = any(r.gross_trains_per_day != r.trains_per_day for r in records)
    if shared:
        gross = [tenths(t, r.gross_trains_per_day) for r in records]
        trains = {t("cli.sheet.gross"): gross, t("cli.sheet.left"): left}
    columns = {
        t("cli.sheet.per_year", unit=native): [whole(t, r.native_per_year) for r in records],
        **trains,
        t.unit_name("TEU/year"): [whole(t, r.teu_per_year) for r in records],
        t.unit_name("Mt/year"): [millions(t, r.t_per_year) for r in records],
    }
    if any(r.trains_per_day is not None for r in records):
        del columns[t("cli.sheet.per_year", unit=native)]
    absent = t.number(None)
    columns = {head: own for head, own in columns.items() if any(cell != absent for cell in own)}
    words = {
        t("cli.capacity.direction"): [t(f"word.direction.{r.direction}") for r in records],
        t("cli.capacity.limit"): [t(f"word.limit.{r.limit}") for r in records],
    }
    for head in [head for head, own in words.items() if len(set(own)) == 1]:
        screen.entry(words.pop(head)[0], f"{head}:")
    every = [*words.values(), *columns.values()]
    rows: list[list[Cell]] = [
        [t(f"word.level.{record.level}"), *(own[position] for own in every)]
        for position, record in enumerate(records)
    ]
    heads = [t("cli.sheet.level"), *words, *columns]
    screen.table(heads, rows, align="<" * (1 + len(words)))
    if shared:
        screen.entry(t("cli.capacity.background"))


def _show_corridor(screen: Screen, names: Names, inputs: Sequence[Input]) -> None:
    """Say by the cargo of which corridor the tonnes of a section are reckoned."""
    for entry in inputs:
        if entry.cell is None and entry.name == CORRIDOR:
            name = names.row("corridors", str(entry.value))
            screen.entry(screen.t("cli.sheet.tonnes", name=name, corridor=str(entry.value)))


def _inputs(records: Sequence[Capacity]) -> list[Input]:
    """Inputs of all records; what is worked out is that of the last level shown."""
    level = records[-1].level
    found: dict[tuple[str, object], Input] = {}
    for record in records:
        for entry in record.inputs:
            if entry.cell is not None or record.level == level:
                found.setdefault((entry.name, entry.cell), entry)
    return list(found.values())


def _value(screen: Screen, entry: Input) -> str:
    return entry.value if isinstance(entry.value, str) else figures(screen.t, entry.value)


def _unit(screen: Screen, unit: str) -> str:
    return measured_unit(screen.t, unit)


def _show_inputs(
    screen: Screen, model: Model, own: tuple[str, str], inputs: Sequence[Input]
) -> None:
    """Print the cells that went in; of those in other rows, the row too."""
    if not inputs:
        return
    t = screen.t
    screen.heading(t("cli.sheet.inputs"))
    heads = ["input", "value", "source"]
    if screen.is_wide:
        heads = ["input", "place", "value", "unit", "range", "confidence", "source"]
    rows: list[list[Cell]] = []
    for entry in inputs:
        table, row, column = entry.cell or ("", "", entry.name)
        place = Said("" if (table, row) == own else f"{table}/{row}", "dim")
        value, unit = _value(screen, entry), _unit(screen, entry.unit)
        span = Said(_range(model, entry), "dim")
        style = _TRUST.get(entry.confidence, "dim")
        trust = Said(t(f"word.confidence.{entry.confidence}"), style)
        source = entry.source or t("cli.sheet.default")
        if screen.is_wide:
            rows.append([column, place, value, unit, span, trust, source])
        else:
            rows.append([_lines(column, place), _lines(f"{value} {unit}", span), (source, trust)])
    align = "<<><<<<" if screen.is_wide else "<<<"
    screen.table([t(f"cli.sheet.{head}") for head in heads], rows, align=align)


def _lines(first: str, second: Said) -> Cell:
    return (first.strip(), second) if second.text else first.strip()


def _range(model: Model, entry: Input) -> str:
    """Range of a cell, as the study gives it; empty where it gives none."""
    owner = None if entry.cell is None else model.owner(*entry.cell)
    if owner is None or "" in (owner.low, owner.high):
        return ""
    return f"{owner.low} … {owner.high}"


def _show_worked_out(screen: Screen, inputs: Sequence[Input]) -> None:
    if not inputs:
        return
    t = screen.t
    screen.heading(t("cli.sheet.worked_out"))
    rows: list[list[Cell]] = [
        [entry.name, _value(screen, entry), _unit(screen, entry.unit)] for entry in inputs
    ]
    screen.table([t(f"cli.sheet.{head}") for head in ("input", "value", "unit")], rows, align="<><")


def _show_sources(screen: Screen, model: Model, inputs: Sequence[Input]) -> None:
    t, sources = screen.t, model["sources"]
    keys = [key for key in dict.fromkeys(e.source for e in inputs) if key in sources.index]
    if not keys:
        return
    screen.heading(t("cli.sheet.sources"))
    for key in keys:
        parts = [model.text("sources", key, c) for c in ("title", "publisher", "date", "address")]
        screen.entry(", ".join(part for part in parts if part), f"{key}:")
