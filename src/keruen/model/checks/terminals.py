"""Terminals, borders and vessels can be computed with."""

from __future__ import annotations

from typing import Final

import numpy as np

from keruen.errors import Problem, Severity
from keruen.model.draft import Draft
from keruen.model.reading import TableReading

SHARE_TOLERANCE: Final = 1e-9
MONTHS: Final = frozenset(range(1, 13))
_POOL_PAYLOADS: Final = ("capacity_t", "capacity_teu", "capacity_wagons", "capacity_trucks")


def _servers_described(reading: TableReading) -> list[Problem]:
    servers = reading.filled("servers")
    return [
        problem
        for column in ("service_h", "acceptable_wait_share")
        for problem in reading.place("servers_need", servers & ~reading.filled(column), column)
    ]


def handling_without_capacity(draft: Draft) -> list[Problem]:
    """Servers have a service time, an accepted wait and a lot; else a capacity is stated."""
    reading = draft["handling"]
    servers = reading.filled("servers")
    lots = reading.filled("lot_t") | reading.filled("lot_teu")
    stated = reading.filled("stated_t_per_year") | reading.filled("stated_teu_per_year")
    return [
        *_servers_described(reading),
        *reading.place("servers_need_lot", servers & ~lots, "lot_t"),
        *reading.place("no_capacity", ~servers & ~stated, "servers"),
    ]


def borders_without_capacity(draft: Draft) -> list[Problem]:
    """A border procedure has servers with a service time, or an agreed limit."""
    reading = draft["border_crossings"]
    nothing = ~reading.filled("servers") & ~reading.filled("limit_trains_per_day")
    return [*_servers_described(reading), *reading.place("no_capacity", nothing, "servers")]


def pools_without_payload(draft: Draft) -> list[Problem]:
    """A vessel carries something: tonnes, containers, wagons or trucks."""
    reading = draft["vessel_pools"]
    payload = np.any([reading.filled(column) for column in _POOL_PAYLOADS], axis=0)
    return reading.place("pool_carries_nothing", ~payload, "capacity_t")


def pools_overcommitted(draft: Draft) -> list[Problem]:
    """The shares of a pool's vessel time add to one at most."""
    reading = draft["vessel_allocations"]
    totals = reading.frame.groupby("pool")["share"].sum()
    pools = reading.frame["pool"].to_numpy(dtype=object)
    over = totals.index[totals > 1 + SHARE_TOLERANCE]
    return reading.tell(
        "pool_overcommitted",
        reading.firsts("pool", over),
        "share",
        lambda p: {"pool": pools[p], "value": round(float(totals[pools[p]]), 6)},
    )


def closures_by_month(draft: Draft) -> list[Problem]:
    """A weather site has all twelve months."""
    closures = draft.frame("closures")
    months = closures.dropna(subset=["month"]).groupby("site")["month"].agg(set).to_dict()
    reading = draft["weather_sites"]
    sites = reading.frame["id"].to_numpy(dtype=object)
    lacking = [sorted(MONTHS - months.get(site, set())) if site else [] for site in sites]
    return reading.tell(
        "months_missing",
        np.flatnonzero([bool(numbers) for numbers in lacking]),
        "id",
        lambda p: {"site": sites[p], "months": ", ".join(map(str, lacking[p]))},
    )


def depth_without_level(draft: Draft) -> list[Problem]:
    """A channel depth means nothing without a datum and a water level series."""
    reading = draft["terminals"]
    deep, water = reading.filled("channel_depth_m"), reading.frame["water_body"]
    lacking = deep & ~(reading.filled("channel_datum_m") & reading.filled("water_body"))
    unknown = (water != "") & ~water.isin(draft.frame("water_levels")["water_body"])
    return [
        *reading.place("depth_needs_datum", lacking, "channel_datum_m"),
        *reading.place("unknown_water_body", unknown, "water_body", Severity.ERROR),
    ]
