"""Capacity of border procedures: servers, opening hours, agreed limits."""

from __future__ import annotations

from typing import Final

from keruen.capacity.queue import FORMULAS, read_servers, throughput
from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity, derived, of_trains
from keruen.model import Model
from keruen.rail.line_capacity import Level
from keruen.terminals.handling import FAIR
from keruen.units import DAYS_PER_YEAR

KIND: Final = "border_crossings"


def capacities(model: Model, row: str) -> list[Capacity]:
    """Records of one border procedure, all levels; an agreed limit holds at each of them.

    Trains are those of the procedure's direction; servers of ``both`` take pairs, one train each
    way, while an agreed limit is told for one direction.
    """
    reader = ElementReader(model, KIND, row)
    direction = reader.word("direction")
    agreed = reader.optional("limit_trains_per_day")
    directions = 2.0 if direction == "both" else 1.0
    known = reader.optional("servers") is not None
    servers = read_servers(reader, 1.0) if known else None
    records = []
    for level in Level:
        trains, limit, formula = agreed, "agreed_limit", "limit_trains_per_day"
        extra: tuple[tuple[str, float, str], ...] = ()
        if servers is not None:
            found = throughput(reader, servers, FAIR, level)
            by_servers = found.per_year / DAYS_PER_YEAR / directions
            extra = (
                ("directions", directions, "1"),
                ("utilisation", found.utilisation, "1"),
                ("by_servers", by_servers, "trains/day"),
            )
            if trains is None or by_servers < trains:
                trains, limit = by_servers, found.limit
                formula = f"{FORMULAS[level]} / 365 / directions"
        if trains is None:
            continue
        inputs = (*reader.inputs, *(derived(*note) for note in extra))
        record = of_trains((KIND, row), direction, trains, level, inputs)
        records.append(record._replace(limit=limit, formula=formula))
    return records
