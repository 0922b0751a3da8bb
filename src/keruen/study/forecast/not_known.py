"""What a forecast of a day cannot tell: measures whose demand was not known by then."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.flows.base_demand import BaseDemand, base_demand
from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.counting import Counting
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.years import FreightYears
from keruen.model import Model
from keruen.model.demand_pairs import CELL, BoolArray, factors_over, possible_cells
from keruen.model.draws import FloatArray
from keruen.study.forecast.part import SETTINGS
from keruen.study.targets import days_of

MOST_LOST: Final = 0.1
"""Part of a measure that may rest on demand that was not known; assumed."""
MISSED: Final = 0.5
"""Part of a total by which a fit falls short of it where other totals contradict it; assumed."""

Cells = frozenset[tuple[str, str, str]]
"""Commodity, origin and destination."""


class NotKnown(NamedTuple):
    """Measures that cannot be told, and the totals of the demand that they rest on."""

    measures: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()


EVERYTHING_KNOWN: Final = NotKnown()


def not_known(whole: Model, known: Model, rows: tuple[str, ...]) -> NotKnown:
    """Measures of which more than a tenth rests on demand that was not known.

    Demand between two zones is not known where all totals that count it fell out, and where those
    that remain contradict each other so that one is missed by more than half. How much of a
    measure it is says the base year with all that is known now.

    Parameters
    ----------
    whole, known : Model
        The study as it is, and as it was known.
    rows : tuple of str
        Measures.
    """
    then = base_demand(known)
    cells, totals = lost(base_demand(whole), then, known, whole)
    if not cells:
        return EVERYTHING_KNOWN
    years = FreightYears(whole, days_of(whole), SETTINGS)
    flows = years.flows(years.base_year)
    counted = Counting(flows, whole, rows).of_pairs(flows)
    missing = _pairs_of(flows, cells)
    told = tuple(row for row in rows if _part(counted[row], missing) > MOST_LOST)
    return NotKnown(told, totals)


def _part(counted: tuple[FloatArray, ...], missing: BoolArray) -> float:
    """Largest part of what is counted, and of what it is divided by, that is missing."""
    parts = [float(one[missing].sum() / one.sum()) if one.sum() > 0.0 else 0.0 for one in counted]
    return max(parts)


def lost(
    now: BaseDemand, then: BaseDemand, known: Model, whole: Model
) -> tuple[Cells, tuple[str, ...]]:
    """Cells of demand that is known now and was not then, and the totals that say so.

    Parameters
    ----------
    now, then : BaseDemand
        Demand of the base year as it is known, and as it was.
    known, whole : Model
        The study as it was known, and as it is.
    """
    gone = sorted(set(now.totals.index[now.totals["fitted"]]) - set(then.totals.index))
    short = then.totals["computed"] < (1.0 - MISSED) * then.totals["wanted"]
    missed = sorted(map(str, then.totals.index[then.totals["fitted"] & short]))
    cells = _cells(now.demand) - _cells(then.demand)
    cells |= _cells(then.demand) & _counted(known, missed)
    named = [one for one in map(str, gone) if cells & _counted(whole, [one])]
    named += [one for one in missed if cells & _counted(known, [one])]
    return cells, tuple(named)


def _cells(demand: pd.DataFrame) -> Cells:
    """Cells with loaded demand."""
    own = demand[demand["loaded"] == LOADED]
    return frozenset(zip(*(map(str, own[name]) for name in CELL), strict=True))


def _counted(model: Model, names: list[str]) -> Cells:
    """Cells that some control totals count."""
    totals = model["control_totals"].loc[names]
    cells = possible_cells(model["zones"], model["zone_masses"])
    own = cells[factors_over(model.tables, totals, cells).any(axis=0)]
    return frozenset(zip(*(map(str, own[name]) for name in CELL), strict=True))


def _pairs_of(flows: Flows, cells: Cells) -> BoolArray:
    """Which pairs of a case are loaded cargo of some cells."""
    cargo, zones = flows.freight.cargo, list(flows.freight.zones)
    ends = zip(*(one.tolist() for one in flows.pairs[:3]), strict=True)
    return np.array(
        [
            cargo[user].loaded == LOADED
            and (cargo[user].commodity, zones[origin], zones[destination]) in cells
            for user, origin, destination in ends
        ],
        dtype=np.bool_,
    )
