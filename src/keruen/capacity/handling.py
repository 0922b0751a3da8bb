"""Capacity of handling groups: berths, cranes, gauge-change tracks, loading tracks, yards."""

from __future__ import annotations

from typing import Final

from keruen.capacity.queue import FORMULAS, Throughput, read_servers, read_weather, throughput
from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity, derived
from keruen.model import Model
from keruen.rail.line_capacity import Level
from keruen.units import DAYS_PER_YEAR

KIND: Final = "handling"


def _stated(reader: ElementReader, row: str, direction: str, unit: str) -> list[Capacity]:
    """An operator's figure, the same at every level: what it contains is not known."""
    teu = reader.optional("stated_teu_per_year")
    tonnes = reader.optional("stated_t_per_year")
    return [
        Capacity(
            row,
            KIND,
            direction,
            unit,
            None,
            None,
            None,
            teu,
            tonnes,
            level.value,
            "stated",
            "stated by the operator",
            reader.inputs,
        )
        for level in Level
    ]


def _record(
    reader: ElementReader, row: str, level: Level, found: Throughput, lots: tuple[float | None, ...]
) -> Capacity:
    model = reader.model
    unit, direction = model.text(KIND, row, "native_unit"), model.text(KIND, row, "direction")
    tonnes, teu = (None if lot is None else lot * found.per_year for lot in lots)
    trains, year = None, found.per_year
    if unit == "train":
        year /= 2.0 if direction == "both" else 1.0
        trains = year / DAYS_PER_YEAR
    return Capacity(
        row,
        KIND,
        direction,
        unit,
        year,
        trains,
        trains,
        teu,
        tonnes,
        level.value,
        found.limit,
        FORMULAS[level],
        (*reader.inputs, derived("utilisation", found.utilisation, "1")),
    )


def capacities(model: Model, row: str) -> list[Capacity]:
    """Records of one handling group, all levels.

    Units a year are those of the group's direction; ``both`` shares them between the directions,
    trains in pairs. A group whose servers are not known has the capacity its operator states.
    """
    reader = ElementReader(model, KIND, row)
    terminal = reader.word("terminal")
    if terminal not in model["terminals"].index:
        return []
    direction = reader.word("direction")
    unit = reader.word("native_unit")
    if reader.optional("servers") is None:
        return _stated(reader, row, direction, unit)
    servers = read_servers(reader, reader.number("arrival_stages"))
    weather = read_weather(reader, terminal)
    lots = (reader.optional("lot_t"), reader.optional("lot_teu"))
    return [
        _record(reader, row, level, throughput(reader, servers, weather, level), lots)
        for level in Level
    ]
