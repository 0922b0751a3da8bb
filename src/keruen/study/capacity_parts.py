"""What the records of elements say, as logarithms in flat arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from keruen.capacity.record import UNBOUNDED as UNLIMITED
from keruen.capacity.record import Capacity
from keruen.capacity.registry import Capacities
from keruen.errors import FailedError
from keruen.model.draws import FloatArray
from keruen.rail.line_capacity import Level
from keruen.study.capacity_moves import Key, elements_of
from keruen.units import DAYS_PER_YEAR

MEASURES: Final = ("gross_native", "removed", "teu", "t")
"""Parts of a record, a year: native units before background, those background takes, TEU, t."""
NOTHING: Final = 1e-12
"""What stands for nought under a logarithm."""
UNBOUNDED: Final = 1e15
"""What stands for no limit."""
_BOTH: Final = "both"

Parts = dict[str, FloatArray]
"""Logarithms of the measures by direction."""
Element = tuple[str, str, str]
"""Table, row, direction."""


def parts_of(records: Sequence[Capacity], level: Level) -> Parts:
    """Logarithms of what the records of one element say, by direction.

    Parameters
    ----------
    records : sequence of Capacity
        Of one element.
    level : Level
        Level looked at.

    Returns
    -------
    dict of str to ndarray, shape (4,)
        In the order of :data:`MEASURES`; NaN for what is not defined.
    """
    found: Parts = {}
    for record in records:
        if record.level != level.value:
            continue
        gross, removed = record.native_per_year, 0.0
        if record.trains_per_day is not None and record.gross_trains_per_day is not None:
            gross = record.gross_trains_per_day * DAYS_PER_YEAR
            told = [i.value for i in record.inputs if i.name == "removed_trains_per_day"]
            removed = float(told[0]) * DAYS_PER_YEAR if told else 0.0
        amounts = (gross, removed, record.teu_per_year, record.t_per_year)
        if gross is None and record.limit == UNLIMITED:
            amounts = (UNBOUNDED, 0.0, None, None)
        found[record.direction] = np.array(
            [math.nan if a is None else math.log(max(a, NOTHING)) for a in amounts]
        )
    return found


def in_direction(parts: Parts, direction: str) -> FloatArray | None:
    """Measures of a direction; those of both where an element does not tell them apart."""
    if direction in parts or not parts:
        return parts.get(direction)
    if _BOTH in parts:
        return parts[_BOTH]
    return np.asarray(np.min(np.stack(list(parts.values())), axis=0), dtype=np.float64)


def element_capacities(
    known: Capacities, level: Level = Level.AVAILABLE
) -> dict[Element, Capacity]:
    """Records of every element in service on a day, at one level.

    Raises
    ------
    FailedError
        With all that could not be worked out.
    """
    found: dict[Element, Capacity] = {}
    problems = []
    for key in elements_of(known.model):
        try:
            records = known.of(*key)
        except FailedError as failed:
            problems += [one for one in failed.problems if one not in problems]
            continue
        found |= {(*key, r.direction): r for r in records if r.level == level.value}
    if problems:
        raise FailedError(problems)
    return found


def all_parts(known: Capacities, level: Level) -> dict[Key, Parts]:
    """Measures of every element in service on a day."""
    found: dict[Key, Parts] = {}
    for table, row, _ in element_capacities(known, level):
        found[table, row] = parts_of(known.of(table, row), level)
    return found


def logs_of(state: Mapping[Key, Parts], elements: Sequence[Element]) -> FloatArray:
    """Logarithms (elements, measures) of a day; of nothing where an element is not in service."""
    logs = np.full((len(elements), len(MEASURES)), math.log(NOTHING))
    for place, (table, row, direction) in enumerate(elements):
        found = in_direction(state.get((table, row), {}), direction)
        if found is not None:
            logs[place] = found
    return logs


def elements_over(states: Sequence[Mapping[Key, Parts]]) -> tuple[Element, ...]:
    """Every element of any day, in as many directions as any day tells apart."""
    directions: dict[Key, set[str]] = {}
    for state in states:
        for key, parts in state.items():
            directions.setdefault(key, set()).update(parts)
    return tuple(
        (*key, direction)
        for key, known in sorted(directions.items())
        for direction in sorted(known - {_BOTH} or known)
    )


def amount(logs: FloatArray) -> FloatArray:
    """Amounts of logarithms; 0 for nothing and infinite for no limit."""
    amounts = np.exp(logs)
    amounts[amounts < math.sqrt(NOTHING)] = 0.0
    amounts[amounts > UNBOUNDED / 1e3] = math.inf
    return amounts
