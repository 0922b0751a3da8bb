"""Capacity of sea lines: pools of vessels, their cycles, weather and draught."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import Final, NamedTuple

import numpy as np

from keruen.capacity.queue import mean_closed_share, read_weather
from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity, unbounded
from keruen.errors import FailedError, error
from keruen.model import Model
from keruen.rail.line_capacity import Level
from keruen.terminals.depth import available_draught_m
from keruen.terminals.interruptions import Spells
from keruen.terminals.vessels import (
    LineLoad,
    PortCall,
    RoundTrip,
    Vessel,
    payload_t,
    payload_teu,
    pool_capacity,
    round_trip,
    round_trips_per_year,
)

KIND: Final = "vessel_lines"
FORMULA: Final = (
    "sum over pools of vessels * share * 8760 * availability_share / cycle_h * payload * lot_share"
)
DIRECTIONS: Final = ("forward", "backward")


class PoolOnLine(NamedTuple):
    """A pool on a line: vessels, share of their time, availability, payload in tonnes and TEU."""

    vessels: float
    share: float
    availability_share: float
    payload_t: float | None
    payload_teu: float | None
    draught_limited: bool


def water_level_m(reader: ElementReader, water_body: str) -> float:
    """Level of a water body on the day of the model, interpolated between the dates given.

    Before the first and after the last date the nearest stands.

    Raises
    ------
    FailedError
        When the water body has no levels.
    """
    levels = reader.model["water_levels"]
    columns = (levels.index, levels["water_body"], levels["date"])
    known = sorted(
        (moment.date(), str(row))
        for row, body, moment in zip(*columns, strict=True)
        if body == water_body
    )
    if not known:
        raise FailedError([error("unknown_water_body", "water_levels.csv", value=water_body)])
    day = reader.day()
    after = bisect_left(known, (day, ""))
    nearest = [known[max(0, after - 1)], known[min(after, len(known) - 1)]]
    days = [moment.toordinal() for moment, _ in nearest]
    metres = [reader.number("level_m", "water_levels", row) for _, row in nearest]
    level = float(np.interp(day.toordinal(), days, metres))
    reader.note(f"level_m_{water_body}", level, "m")
    return level


def draught_m(reader: ElementReader, row: str, clearance_m: float) -> float:
    """Draught that the shallower end of a line allows; infinite where no depth is known."""
    allowed = float("inf")
    for end in ("from_terminal", "to_terminal"):
        terminal = reader.word(end)
        if not terminal or terminal not in reader.model["terminals"].index:
            continue
        depth = reader.optional("channel_depth_m", "terminals", terminal)
        if depth is None:
            continue
        datum = reader.number("channel_datum_m", "terminals", terminal)
        body = reader.word("water_body", "terminals", terminal)
        level = water_level_m(reader, body)
        allowed = min(allowed, available_draught_m(depth, datum, level, clearance_m))
    return allowed


def _gross_t_per_teu(reader: ElementReader) -> float | None:
    """Mean gross weight of a loaded TEU over the container loadings; None without any."""
    weights = []
    for loading in sorted(map(str, reader.model["loadings"].index)):
        net = reader.optional("net_t_per_teu", "loadings", loading)
        if net is not None:
            weights.append(net + (reader.optional("tare_t_per_teu", "loadings", loading) or 0.0))
    if not weights:
        return None
    weight = math.fsum(weights) / len(weights)
    reader.note("gross_t_per_teu", weight, "t/TEU")
    return weight


def _pool(reader: ElementReader, row: str, allocation: str) -> PoolOnLine:
    pool = reader.word("pool", "vessel_allocations", allocation)

    def of_pool(column: str) -> float | None:
        return reader.optional(column, "vessel_pools", pool)

    nameplate, teu = of_pool("capacity_t"), of_pool("capacity_teu")
    design, per_dm = of_pool("design_draught_m"), of_pool("tonnes_per_dm_t")
    loaded = nameplate
    if nameplate is not None and design is not None and per_dm is not None:
        allowed = draught_m(reader, row, of_pool("keel_clearance_m") or 0.0)
        vessel = Vessel(nameplate, teu or 0.0, design, per_dm)
        loaded = payload_t(vessel, min(allowed, design))
        reader.note(f"payload_t_{pool}", loaded, "t")
    boxes = teu
    if teu is not None and loaded is not None:
        gross = _gross_t_per_teu(reader)
        if gross is not None:
            boxes = payload_teu(Vessel(loaded, teu, 0.0, 0.0), loaded, gross)
            reader.note(f"payload_teu_{pool}", boxes, "TEU")
    if loaded is None and boxes is None:
        fault = error("number_needed", "vessel_pools.csv", row=pool, column="capacity_t")
        raise FailedError([fault])
    return PoolOnLine(
        reader.number("vessels", "vessel_pools", pool),
        reader.number("share", "vessel_allocations", allocation),
        reader.number("availability_share", "vessel_pools", pool),
        loaded,
        boxes,
        loaded is not None and nameplate is not None and loaded < nameplate,
    )


def _call(reader: ElementReader, end: str, port_h: float) -> PortCall:
    terminal = reader.word(end)
    if not terminal or terminal not in reader.model["terminals"].index:
        return PortCall(port_h)
    weather = read_weather(reader, terminal)
    return PortCall(port_h, Spells(mean_closed_share(weather), weather.spell_h))


def _trip(reader: ElementReader) -> RoundTrip:
    sailing, port = reader.number("sailing_h"), reader.number("port_time_h")
    trip = round_trip(
        sailing, _call(reader, "from_terminal", port), _call(reader, "to_terminal", port)
    )
    reader.note("cycle_h", trip.cycle_h, "h")
    return trip


def _total(
    pools: list[PoolOnLine],
    cycle: RoundTrip,
    measure: str,
    shares: tuple[float, float],
    maximal: bool,
) -> tuple[float, float] | None:
    """Capacity of all pools of a line, forward and backward, in tonnes or TEU."""
    forward, backward = [], []
    for pool in pools:
        payload = getattr(pool, measure)
        if payload is None:
            return None
        trips = round_trips_per_year(cycle, 1.0 if maximal else pool.availability_share)
        found = pool_capacity(pool.vessels, pool.share, trips, LineLoad(payload, *shares))
        forward.append(found.forward_per_year)
        backward.append(found.backward_per_year)
    return math.fsum(forward), math.fsum(backward)


def _allocations(model: Model, row: str) -> tuple[list[str], bool]:
    """Allocations of pools in service to a line, and whether any pool is meant for it at all."""
    allocations, pools = model["vessel_allocations"], model["vessel_pools"].index
    columns = (allocations.index, allocations["line"].tolist(), allocations["pool"].tolist())
    own = [(str(key), pool) for key, line, pool in zip(*columns, strict=True) if line == row]
    return sorted(key for key, pool in own if pool in pools), bool(own)


def _trips(pools: list[PoolOnLine], cycle: RoundTrip, maximal: bool) -> float:
    """Round trips a year of all vessels of a line."""
    return math.fsum(
        pool.vessels
        * pool.share
        * round_trips_per_year(cycle, 1.0 if maximal else pool.availability_share)
        for pool in pools
    )


def capacities(model: Model, row: str) -> list[Capacity]:
    """Records of one sea line, by direction and level.

    Available and practical are alike: what a berth makes a vessel wait is the berth's record. The
    maximal level has fair weather and every vessel fit. A line without vessels of its own (ocean
    liners, say) is unbounded.
    """
    reader = ElementReader(model, KIND, row)
    own, meant = _allocations(model, row)
    if not meant:
        return unbounded(KIND, row, "vessel", reader.inputs)
    pools = [_pool(reader, row, allocation) for allocation in own]
    shares = (reader.number("lot_share_forward"), reader.number("lot_share_backward"))
    rough = _trip(reader)
    calm = RoundTrip(rough.sailing_h, 2.0 * reader.number("port_time_h"), 0.0)
    limit = "vessels_and_draught" if any(pool.draught_limited for pool in pools) else "vessels"
    records = []
    for level in Level:
        maximal = level is Level.MAXIMAL
        cycle = calm if maximal else rough
        tonnes = _total(pools, cycle, "payload_t", shares, maximal)
        teu = _total(pools, cycle, "payload_teu", shares, maximal)
        if tonnes is None and teu is None:
            fault = error("number_needed", "vessel_pools.csv", row=row, column="capacity_t")
            raise FailedError([fault])
        for position, direction in enumerate(DIRECTIONS):
            records.append(
                Capacity(
                    row,
                    KIND,
                    direction,
                    "vessel",
                    _trips(pools, cycle, maximal),
                    None,
                    None,
                    teu[position] if teu else None,
                    tonnes[position] if tonnes else None,
                    level.value,
                    limit,
                    FORMULA,
                    reader.inputs,
                )
            )
    return records
