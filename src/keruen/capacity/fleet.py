"""Capacity of locomotives, crews and wagons, and the units a volume needs."""

from __future__ import annotations

from typing import Final

from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity, of_trains
from keruen.model import Model
from keruen.rail.line_capacity import Level
from keruen.terminals.fleets import Turn, fleet_trains_per_day, units_needed

KIND: Final = "fleets"
FORMULA: Final = "units * availability_share / (turn_days * units_per_train)"


def read_turn(reader: ElementReader) -> Turn:
    """Availability, turn and units per train of a fleet."""
    return Turn(
        reader.number("availability_share"),
        reader.number("turn_days"),
        reader.number("units_per_train"),
    )


def capacities(model: Model, row: str) -> list[Capacity]:
    """Records of one fleet, all levels; trains a day in each direction alike.

    At the maximal level every unit is fit; the other levels take the available share.
    """
    reader = ElementReader(model, KIND, row)
    kind = reader.word("kind")
    units, turn = reader.number("units"), read_turn(reader)
    records = []
    for level in Level:
        used = turn._replace(availability_share=1.0) if level is Level.MAXIMAL else turn
        trains = fleet_trains_per_day(units, used)
        record = of_trains((KIND, row), "both", trains, level, reader.inputs)
        records.append(record._replace(limit=f"units_{kind}", formula=FORMULA))
    return records


def fleet_need(model: Model, row: str, pairs_per_day: float) -> int | None:
    """Units of a fleet that a number of train pairs a day needs; None when no number would do."""
    return units_needed(pairs_per_day, read_turn(ElementReader(model, KIND, row)))
