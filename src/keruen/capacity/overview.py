"""Every element of a study on one day, with the tonnes of the corridor it lies in."""

from __future__ import annotations

from typing import Final

from keruen.capacity.corridor import Corridor
from keruen.capacity.record import Capacity, derived
from keruen.capacity.registry import KINDS, Capacities
from keruen.errors import FailedError, Problem

LOOPS: Final = "loop_length_m"
"""Column that shortens trains to the loops of their run."""


def _carried(known: Capacities) -> dict[str, tuple[Corridor, float]]:
    """For each section in a corridor: the corridor and the pairs a day per tonne a year it asks.

    A section in several corridors is measured with the one that asks most pairs of it.
    """
    found: dict[str, tuple[Corridor, float]] = {}
    for corridor in known.passable():
        for stretch in corridor.stretches:
            load = stretch.pairs_per_t
            if load > 0 and (stretch.section not in found or load > found[stretch.section][1]):
                found[stretch.section] = (corridor, load)
    return found


def _with_tonnes(record: Capacity, corridor: Corridor, load: float) -> Capacity:
    if record.trains_per_day is None:
        return record
    volume, teu_per_t = record.trains_per_day / load, corridor.teu_per_t
    return record._replace(
        t_per_year=volume,
        teu_per_year=volume * teu_per_t if teu_per_t > 0 else None,
        inputs=(
            *record.inputs,
            derived("corridor", corridor.id, "1"),
            derived("t_per_year_per_pair", 1.0 / load, "t/year"),
        ),
    )


def element_records(known: Capacities, table: str, row: str) -> tuple[Capacity, ...]:
    """Records of one element as :func:`capacity` tells them, with all that they rest on.

    Parameters
    ----------
    known : Capacities
        Capacities of a day.
    table, row : str
        The element.

    Returns
    -------
    tuple of Capacity
        Empty when it is out of service. Of the inputs of the corridor by whose cargo a section is
        measured, the loops of other runs than its own are left out.
    """
    records = known.of(table, row)
    carried = _carried(known).get(row) if table == "sections" else None
    if carried is None:
        return records
    corridor, load = carried
    loops = {stretch.loop_cell for stretch in corridor.stretches if stretch.section == row}
    asked = tuple(
        entry
        for entry in corridor.inputs
        if entry.cell is None or entry.cell[2] != LOOPS or entry.cell in loops
    )
    return tuple(
        found._replace(inputs=(*found.inputs, *asked))
        for found in (_with_tonnes(record, corridor, load) for record in records)
    )


def capacity(known: Capacities) -> tuple[Capacity, ...]:
    """Capacity of every element in service.

    Parameters
    ----------
    known : Capacities
        Capacities of a day.

    Returns
    -------
    tuple of Capacity
        By kind, element, direction and level. A railway section in a corridor also has tonnes and
        TEU a year: the volume of that corridor, both directions and unevenness included, at which
        it is full.
    """
    carried = _carried(known)
    records: list[Capacity] = []
    problems: dict[str, Problem] = {}
    for table in KINDS:
        for row in known.model[table].index:
            try:
                found = known.of(table, str(row))
            except FailedError as failed:
                problems |= {repr(one): one for one in failed.problems}
                continue
            if table == "sections" and str(row) in carried:
                found = tuple(_with_tonnes(record, *carried[str(row)]) for record in found)
            records += found
    if problems:
        raise FailedError(list(problems.values()))
    return tuple(records)
