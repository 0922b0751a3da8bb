"""How far a value moves inside the ranges of the assumed numbers it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from keruen.capacity.registry import Capacities
from keruen.model import Model
from keruen.model.provenance import CellKey
from keruen.study.metrics import Days, Measured, Target, measure

ASSUMED: Final = "assumed"


class Uncertain(NamedTuple):
    """An assumed number with its range.

    Parameters
    ----------
    cell : CellKey
        Cell that holds it.
    stands_in : CellKey
        Where a study says it: the cell itself, or that of the change that set it. A cell that a
        project sets is another number before and after.
    low, high : str
        Its range.
    """

    cell: CellKey
    stands_in: CellKey
    low: str
    high: str


class Turn(NamedTuple):
    """One uncertain cell and the value at the two ends of its range, the others left alone.

    Parameters
    ----------
    cell, stands_in, low, high
        As in :class:`Uncertain`.
    value_at_low, value_at_high : float or None
        None where the metric cannot be taken there (no way through, for instance).
    """

    cell: CellKey
    stands_in: CellKey
    low: str
    high: str
    value_at_low: float | None
    value_at_high: float | None


class Spread(NamedTuple):
    """Sensitivity of a value.

    Parameters
    ----------
    turns : tuple of Turn
        One for each uncertain cell that moves the value, widest first.
    range : tuple of float or None
        Value with every cell at its adverse and at its favourable end together; None when nothing
        uncertain moves it. It is no confidence interval: the ends come together nowhere.
    """

    turns: tuple[Turn, ...]
    range: tuple[float, float] | None


def uncertain_cells(models: Sequence[Model], found: Measured) -> tuple[Uncertain, ...]:
    """Every assumed cell with a range among the inputs of a value, each once.

    Parameters
    ----------
    models : sequence of Model
        Models of the days that the value rests on.
    found : Measured
        The value.

    Returns
    -------
    tuple of Uncertain
        Cells that a project changed by adding or multiplying are left out: their range is that of
        the operand.
    """
    known: dict[tuple[CellKey, CellKey], Uncertain] = {}
    cells = dict.fromkeys(entry.cell for entry in found.inputs if entry.cell is not None)
    for cell in cells:
        for model in models:
            if cell[1] not in model[cell[0]].index:
                continue
            owner = model.owner(*cell)
            if owner is None or owner.confidence != ASSUMED or "" in (owner.low, owner.high):
                continue
            origin = model.origins.get(cell)
            if origin is not None and _operation(model, origin) not in ("set", "insert"):
                continue
            stands_in = origin or cell
            known[cell, stands_in] = Uncertain(cell, stands_in, owner.low, owner.high)
    return tuple(known.values())


def fitted_cells(models: Sequence[Model], found: Measured, target: Target) -> tuple[CellKey, ...]:
    """Cells among the inputs of a value that were chosen to reach the target it is held against.

    Parameters
    ----------
    models : sequence of Model
        Models of the days that the value rests on.
    found : Measured
        The value.
    target : Target
        The target; what was fitted to its observation was fitted to it.

    Returns
    -------
    tuple of CellKey
        Where the study says them: the cell itself, or that of the change that set it.
    """
    seen = {("targets", target.id), ("observations", target.observation)}
    known: dict[CellKey, None] = {}
    for cell in dict.fromkeys(entry.cell for entry in found.inputs if entry.cell is not None):
        for model in models:
            if cell[1] not in model[cell[0]].index:
                continue
            owner = model.owner(*cell)
            if owner is not None and (owner.fitted_to_table, owner.fitted_to) in seen:
                known[model.origins.get(cell, cell)] = None
    return tuple(known)


def _operation(model: Model, change: CellKey) -> str:
    table, row, _ = change
    return model.text(table, row, "op") if table.endswith("_changes") else ""


def _patched(days: Days, ends: Mapping[Uncertain, str]) -> Days:
    """Capacities by day with uncertain cells at an end, on the days on which they hold."""
    known: dict[date, Capacities] = {}

    def day_of(day: date) -> Capacities:
        if day not in known:
            whole = days(day)
            model = whole.model
            known[day] = whole.patched(
                {
                    one.cell: text
                    for one, text in ends.items()
                    if one.cell[1] in model[one.cell[0]].index
                    and model.origins.get(one.cell, one.cell) == one.stands_in
                }
            )
        return known[day]

    return day_of


def _value(days: Days, day: date, target: Target, ends: Mapping[Uncertain, str]) -> float | None:
    found = measure(_patched(days, ends), day, target)
    return None if found is None else found.value


def sensitivity(days: Days, day: date, target: Target, found: Measured) -> Spread:
    """Move each assumed cell to the ends of its range, alone and all together.

    Parameters
    ----------
    days : callable
        Capacities by day.
    day : date
        Day judged.
    target : Target
        The target.
    found : Measured
        Its value there.

    Returns
    -------
    Spread
    """
    models = [days(one).model for one in days_judged(day, target)]
    moving: list[tuple[Uncertain, Turn]] = []
    for one in uncertain_cells(models, found):
        at_low = _value(days, day, target, {one: one.low})
        at_high = _value(days, day, target, {one: one.high})
        if at_low != found.value or at_high != found.value:
            moving.append((one, Turn(*one, at_low, at_high)))
    if not moving:
        return Spread((), None)
    moving.sort(key=lambda pair: (-_width(pair[1]), pair[0]))
    ends = []
    for best in (False, True):
        texts = {one: _end(turn, best=best) for one, turn in moving}
        ends.append(_value(days, day, target, texts))
    known = [end for end in ends if end is not None]
    turns = tuple(turn for _, turn in moving)
    return Spread(turns, (min(known), max(known)) if len(known) == len(ends) else None)


def days_judged(day: date, target: Target) -> tuple[date, ...]:
    """Days that a target's value rests on: of a ratio also the day compared with."""
    base = target.base_date
    return (day,) if base is None or not target.metric.endswith("_ratio") else (day, base)


def _width(turn: Turn) -> float:
    if turn.value_at_low is None or turn.value_at_high is None:
        return float("inf")
    same = turn.value_at_high == turn.value_at_low
    return 0.0 if same else abs(turn.value_at_high - turn.value_at_low)


def _end(turn: Turn, *, best: bool) -> str:
    low = float("-inf") if turn.value_at_low is None else turn.value_at_low
    high = float("-inf") if turn.value_at_high is None else turn.value_at_high
    return turn.high if (high >= low) is best else turn.low
