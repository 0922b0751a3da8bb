"""Many records in a few numbers: elements by kind at one level."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from keruen.capacity.record import UNBOUNDED, Capacity
from keruen.capacity.registry import KINDS
from keruen.rail.line_capacity import Level


class KindSummary(NamedTuple):
    """Elements of one kind at one level.

    Parameters
    ----------
    kind : str
        Table.
    elements : int
        Elements in service.
    bounded : int
        Those among them that something bounds.
    least, middle, most : float or None
        Trains a day in one direction, over the records that count trains; None without any.
    tightest : str
        Element of the least; empty without any.
    """

    kind: str
    elements: int
    bounded: int
    least: float | None
    middle: float | None
    most: float | None
    tightest: str


def summarise(records: Iterable[Capacity], level: Level) -> tuple[KindSummary, ...]:
    """Summarise the records of one level by kind, in the order of :data:`KINDS`."""
    chosen = [record for record in records if record.level == level.value]
    found = []
    for kind in KINDS:
        own = [record for record in chosen if record.kind == kind]
        if own:
            found.append(_summary(kind, own))
    return tuple(found)


def _summary(kind: str, own: list[Capacity]) -> KindSummary:
    bounded = {r.id for r in own if r.limit != UNBOUNDED}
    trains = sorted((r.trains_per_day, r.id) for r in own if r.trains_per_day is not None)
    counts = [count for count, _ in trains]
    return KindSummary(
        kind,
        len({r.id for r in own}),
        len(bounded),
        counts[0] if counts else None,
        median(counts) if counts else None,
        counts[-1] if counts else None,
        trains[0][1] if trains else "",
    )
