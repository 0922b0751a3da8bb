"""What a target is compared with: one function per metric, from a day to a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from keruen.capacity.ladder import Step, corridor_ladder
from keruen.capacity.line import capacity_of_line
from keruen.capacity.overview import element_records
from keruen.capacity.record import Input
from keruen.capacity.registry import KINDS, Capacities
from keruen.errors import OutOfServiceError
from keruen.model import Model
from keruen.rail.line_capacity import Level


class Target(NamedTuple):
    """A row of ``targets``, typed."""

    id: str
    kind: str
    metric: str
    table: str
    row: str
    level: Level
    wanted: float
    unit: str
    base_date: date | None
    by_year: int | None
    observation: str
    measure: str = ""


class Measured(NamedTuple):
    """A metric on a day.

    Parameters
    ----------
    value : float
        In the unit of the target.
    blockers : tuple of Step
        Elements that bind below a wanted volume are found among these; empty for a single element.
    binding : str
        ``table/row`` of the element that binds.
    inputs : tuple of Input
        Numbers of the elements that decide.
    is_stated : bool
        Whether the value stands in the study as agreed or stated, so that nothing was computed.
    """

    value: float
    blockers: tuple[Step, ...]
    binding: str
    inputs: tuple[Input, ...]
    is_stated: bool = False


Days = Callable[[date], Capacities]
"""Capacities of a day of the variant of the study that is looked at."""

_DECIDING_STEPS: Final = 6


def read_target(model: Model, row: str) -> Target:
    """Read a target."""
    wanted = model.number("targets", row, "wanted")
    by_year = model.number("targets", row, "by_year")
    base = model.text("targets", row, "base_date")
    return Target(
        row,
        model.text("targets", row, "kind"),
        model.text("targets", row, "metric"),
        model.text("targets", row, "subject_table"),
        model.text("targets", row, "subject_row"),
        Level(model.text("targets", row, "level") or "available"),
        float("nan") if wanted is None else wanted,
        model.text("targets", row, "unit"),
        date.fromisoformat(base[:10]) if base else None,
        None if by_year is None else int(by_year),
        model.text("targets", row, "observation"),
        model.text("targets", row, "measure"),
    )


def _line(known: Capacities, target: Target) -> Measured:
    found = next(
        r for r in capacity_of_line(target.row, known.line(target.row)) if r.level is target.level
    )
    binding = f"sections/{found.section}"
    return Measured(found.capacity.gross_trains_per_day, (), binding, found.inputs)


def _line_pairs(days: Days, day: date, target: Target) -> Measured:
    return _line(days(day), target)


def _line_ratio(days: Days, day: date, target: Target) -> Measured:
    after = _line(days(day), target)
    before = _line(days(target.base_date or day), target)
    return Measured(after.value / before.value, (), after.binding, (*after.inputs, *before.inputs))


def _corridor(days: Days, day: date, target: Target) -> Measured:
    ladder = corridor_ladder(days(day), target.row, target.level)
    teu = target.metric.endswith("teu")
    if not ladder.steps:
        return Measured(float("inf"), (), "", ())
    first = ladder.steps[0]
    deciding = (i for step in ladder.steps[:_DECIDING_STEPS] for i in step.inputs)
    inputs = (*ladder.inputs, *deciding)
    value = ladder.capacity_teu if teu else ladder.capacity_t
    return Measured(value, ladder.steps, f"{first.kind}/{first.element}", inputs)


_FIELDS: Final = MappingProxyType(
    {
        "element_capacity_t": "t_per_year",
        "element_capacity_teu": "teu_per_year",
        "element_capacity_trains": "gross_trains_per_day",
    }
)


STATED_LIMITS: Final = frozenset({"agreed_limit", "stated"})
"""Limits that are somebody's figure and not worked out here."""


def _element(days: Days, day: date, target: Target) -> Measured | None:
    field = _FIELDS[target.metric]
    if target.table not in KINDS:
        return None
    found = element_records(days(day), target.table, target.row)
    records = [r for r in found if r.level == target.level.value]
    values = [(getattr(r, field), r) for r in records if getattr(r, field) is not None]
    if not values:
        return None
    value, record = min(values, key=lambda pair: float(pair[0]))
    stated = record.limit in STATED_LIMITS
    return Measured(value, (), f"{target.table}/{target.row}", record.inputs, stated)


METRICS: Final[Mapping[str, Callable[[Days, date, Target], Measured | None]]] = MappingProxyType(
    {
        "line_capacity_pairs": _line_pairs,
        "line_capacity_ratio": _line_ratio,
        "corridor_capacity_t": _corridor,
        "corridor_capacity_teu": _corridor,
        "element_capacity_t": _element,
        "element_capacity_teu": _element,
        "element_capacity_trains": _element,
    }
)
"""Metrics that capacity decides; the others need flows."""


def measure(days: Days, day: date, target: Target) -> Measured | None:
    """Value of a target's metric on a day.

    Parameters
    ----------
    days : callable
        Capacities by day.
    day : date
        The day.
    target : Target
        The target.

    Returns
    -------
    Measured or None
        None where capacity does not decide the metric, or the subject has no such capacity, is not
        in service or cannot be reached that day.
    """
    method = METRICS.get(target.metric)
    if method is None:
        return None
    try:
        return method(days, day, target)
    except OutOfServiceError:
        return None
