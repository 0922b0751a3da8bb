"""The fleet a volume needs: locomotives, crews, wagons and vessels of a corridor."""

from __future__ import annotations

import math
from typing import NamedTuple

from keruen.capacity.fleet import fleet_need
from keruen.capacity.ladder import LADDER_LEVEL, bound_of, corridor_ladder, fixture_load
from keruen.capacity.registry import Capacities
from keruen.model.provenance import CellKey

_ROUNDING = 1e-9


class Need(NamedTuple):
    """Units a volume needs of one fleet or line of vessels.

    Parameters
    ----------
    element, kind : str
        Row and table.
    units : float
        Units there are; vessels as the share of their pools that sails the line.
    units_needed : int or None
        Units the volume takes; None when no number would do.
    """

    element: str
    kind: str
    units: float
    units_needed: int | None


def _pools(known: Capacities, line: str) -> dict[str, float]:
    """Pools in service on a line, and the share of their time that it gets."""
    model = known.model
    shares: dict[str, float] = {}
    for allocation in sorted(model.rows("vessel_allocations", line=line)):
        pool = model.text("vessel_allocations", allocation, "pool")
        if pool in model["vessel_pools"].index:
            share = model.number("vessel_allocations", allocation, "share") or 0.0
            shares[pool] = shares.get(pool, 0.0) + share
    return shares


def _vessels(known: Capacities, pools: dict[str, float]) -> float:
    return math.fsum(
        share * (known.model.number("vessel_pools", pool, "vessels") or 0.0)
        for pool, share in pools.items()
    )


def _vessels_needed(known: Capacities, corridor: str, line: str, volume_t: float) -> int | None:
    """Vessels for a volume: those there are, or one of each pool where there are none, in scale."""
    pools = _pools(known, line)
    units = _vessels(known, pools)
    if units == 0.0:
        one: dict[CellKey, str] = {("vessel_pools", pool, "vessels"): "1" for pool in pools}
        known, units = known.patched(one), math.fsum(pools.values())
    asked = max(
        (
            volume_t * load / bound if bound > 0 else math.inf
            for load, bound in _loads(known, corridor, line)
            if load > 0
        ),
        default=0.0,
    )
    return math.ceil(units * asked - _ROUNDING) if math.isfinite(units * asked) else None


def _loads(known: Capacities, corridor: str, line: str) -> list[tuple[float, float]]:
    """Load of a tonne on a sea line and the bound, by direction."""
    compiled = known.corridor(corridor)
    found = []
    for fixture in compiled.fixtures:
        if (fixture.table, fixture.row) == ("vessel_lines", line):
            for record in known.of("vessel_lines", line):
                bound = bound_of(record, fixture.serves)
                if record.level == LADDER_LEVEL.value and bound is not None:
                    found.append((fixture_load(compiled, fixture, record), bound))
    return found


def _pairs(known: Capacities, corridor: str, fleet: str, volume_t: float) -> float:
    """Train pairs a day that a volume asks of a fleet in the busiest month."""
    compiled = known.corridor(corridor)
    record = known.of("fleets", fleet)[0]
    return volume_t * math.fsum(
        fixture_load(compiled, fixture, record)
        for fixture in compiled.fixtures
        if (fixture.table, fixture.row) == ("fleets", fleet)
    )


def fleet_needs(known: Capacities, corridor: str, volume_t: float) -> tuple[Need, ...]:
    """Units that a volume of a corridor takes of each of its fleets and vessel lines.

    Parameters
    ----------
    known : Capacities
        Capacities of a day.
    corridor : str
        Row of ``corridors``.
    volume_t : float
        Net tonnes a year of the corridor, both directions, in its mix; the busiest month counts.

    Returns
    -------
    tuple of Need
        Fleets and vessel lines in service that the mix uses, in the order of the ladder. Of trains
        it is the pairs a day times turn and units per train; what a line of vessels carries is in
        proportion to its vessels, so that it is vessels times volume over the volume they carry.
    """
    needs: list[Need] = []
    for step in corridor_ladder(known, corridor, LADDER_LEVEL).steps:
        if step.element not in known.model[step.kind].index:
            continue
        if step.kind == "fleets":
            units = known.model.number("fleets", step.element, "units") or 0.0
            needed = fleet_need(
                known.model, step.element, _pairs(known, corridor, step.element, volume_t)
            )
        elif step.kind == "vessel_lines":
            units = _vessels(known, _pools(known, step.element))
            needed = _vessels_needed(known, corridor, step.element, volume_t)
        else:
            continue
        needs.append(Need(step.element, step.kind, units, needed))
    return tuple(needs)
