"""What a capacity is: one flat record per element, direction and level."""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.model.provenance import CellKey
from keruen.rail.line_capacity import Level
from keruen.units import DAYS_PER_YEAR

ENGINE: Final = "keruen"
"""Source of what the engine derived."""
UNBOUNDED: Final = "unbounded"
"""Limit of an element that has no capacity of its own here."""
NOT_IN_SERVICE: Final = "not_in_service"
"""Limit of an element that a corridor lists and that is not in service on the day."""


class Input(NamedTuple):
    """A number that went into a capacity, with its owner.

    Parameters
    ----------
    name : str
        Column or quantity.
    value : float or str
        Value used.
    unit : str
        Unit; ``1`` for pure numbers and words.
    source, confidence : str
        Of the cell, or ``derived`` quantities of the engine.
    cell : CellKey or None
        Cell it stands in; None for what the engine computed.
    """

    name: str
    value: float | str
    unit: str
    source: str
    confidence: str
    cell: CellKey | None


def derived(name: str, value: float | str, unit: str) -> Input:
    """A quantity that the engine worked out on the way.

    >>> derived("period_min", 55.0, "min").source
    'keruen'
    """
    return Input(name, value, unit, ENGINE, "derived", None)


class Capacity(NamedTuple):
    """Capacity of one element at one level.

    Parameters
    ----------
    id, kind : str
        Row and table of the element.
    direction : str
        ``forward``, ``backward`` or ``both``. Trains of ``both`` are pairs: so many in each
        direction. Tonnes, TEU and units other than trains of ``both`` are those of the two
        directions together.
    native_unit : str
        What is counted: train, vessel, truck, wagon, container.
    native_per_year : float or None
        Native units a year; None when unbounded.
    trains_per_day : float or None
        Trains a day, one direction, left after background trains; None where trains are not the
        measure.
    gross_trains_per_day : float or None
        The same before background trains are taken off.
    teu_per_year, t_per_year : float or None
        With the loads of the element or of the corridor it lies in; None when not defined.
    level : str
        maximal, available or practical.
    limit : str
        Code of what binds.
    formula : str
        Formula, in the names of its inputs.
    inputs : tuple of Input
        Everything that went in.
    """

    id: str
    kind: str
    direction: str
    native_unit: str
    native_per_year: float | None
    trains_per_day: float | None
    gross_trains_per_day: float | None
    teu_per_year: float | None
    t_per_year: float | None
    level: str
    limit: str
    formula: str
    inputs: tuple[Input, ...]


def unbounded(kind: str, row: str, unit: str, inputs: tuple[Input, ...]) -> list[Capacity]:
    """Records, all levels, of an element that has no capacity of its own here."""
    blank = Capacity(
        row, kind, "both", unit, None, None, None, None, None, "", UNBOUNDED, "", inputs
    )
    return [blank._replace(level=level.value) for level in Level]


def of_trains(
    key: tuple[str, str], direction: str, trains: float, level: Level, inputs: tuple[Input, ...]
) -> Capacity:
    """A record of trains, none of them taken by others; its limit and formula are to be set.

    Parameters
    ----------
    key : tuple of str
        Table and row.
    direction : str
        forward, backward or both.
    trains : float
        Trains a day in that direction; of ``both``, pairs.
    level : Level
        Level.
    inputs : tuple of Input
        What went in.

    Returns
    -------
    Capacity
    """
    kind, row = key
    year = trains * DAYS_PER_YEAR
    return Capacity(
        row, kind, direction, "train", year, trains, trains, None, None, level.value, "", "", inputs
    )
