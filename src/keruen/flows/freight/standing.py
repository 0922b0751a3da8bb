"""How elements stand in an equilibrium: what passes them, how full they are, what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.freight.cargo import TEU
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.solve import Flows

FloatArray = NDArray[np.float64]

STANDING_COLUMNS: Final = (
    *("flow_t_per_year", "flow_teu_per_year", "load_per_year", "capacity_per_year"),
    *("utilisation_share", "time_h", "wait_h", "price_usd", "price_usd_per_t"),
)
"""Numbers of a standing in tables and answers."""


class Standing(NamedTuple):
    """How an element stands in an equilibrium.

    Parameters
    ----------
    direction, native_unit : str
        Direction, and what load and capacity count.
    flow_t, flow_teu : float
        Net tonnes, and TEU with empties, a year.
    load, capacity : float
        Native units a year; an infinite capacity where none is known.
    time_h, wait_h : float
        Hours to pass it, and the part of them that waiting for others takes.
    price_usd : float
        Scarcity price of a native unit.
    """

    direction: str
    native_unit: str
    flow_t: float
    flow_teu: float
    load: float
    capacity: float
    time_h: float
    wait_h: float
    price_usd: float

    @property
    def price_usd_per_t(self) -> float:
        """Scarcity price of a net tonne."""
        return self.price_usd * self.load / self.flow_t if self.flow_t > 0.0 else 0.0

    def numbers(self) -> dict[str, float]:
        """Give the numbers by :data:`STANDING_COLUMNS`; NaN where no capacity is known."""
        capacity = self.capacity if np.isfinite(self.capacity) else np.nan
        own = (self.flow_t, self.flow_teu, self.load, capacity, self.load / capacity)
        rest = (self.time_h, self.wait_h, self.price_usd, self.price_usd_per_t)
        return dict(zip(STANDING_COLUMNS, (*own, *rest), strict=True))


def unit_tonnes(freight: Freight) -> FloatArray:
    """Net tonnes in a unit of each class, shape (classes,); none of empties."""
    return np.array([one.net_t for one in freight.cargo])


def tonnes_of(flows: Flows) -> FloatArray:
    """Net tonnes of each class on each link a year, shape (classes, links); empties have none."""
    own = flows.within.assignment.flow[:, : len(flows.freight.drafts)]
    return unit_tonnes(flows.freight)[:, None] * own


def boxes_of(flows: Flows) -> FloatArray:
    """TEU of each class on each link a year, loaded and empty, shape (classes, links)."""
    boxes = [1.0 if one.unit == TEU else 0.0 for one in flows.freight.cargo]
    own = flows.within.assignment.flow[:, : len(flows.freight.drafts)]
    return np.array(boxes)[:, None] * own


class Standings:
    """An equilibrium, asked how sets of its links stand.

    Parameters
    ----------
    flows : Flows
        The equilibrium.
    """

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self._tonnes = tonnes_of(flows).sum(axis=0)
        self._boxes = boxes_of(flows).sum(axis=0)

    def at(self, links: Sequence[int]) -> Standing:
        """How links that stand for one element in one direction do; hours are of the fullest."""
        freight, found = self._flows.freight, self._flows.within.assignment
        at = np.array(links)
        fullest = int(at[np.argmax(found.volume[at])])
        delay = float(found.delay[fullest])
        return Standing(
            freight.drafts[fullest].direction,
            freight.drafts[fullest].native,
            float(self._tonnes[at].sum()),
            float(self._boxes[at].sum()),
            float(found.volume[at].sum()),
            float(freight.capacity[at].max()),
            delay,
            delay - float(freight.network.links.rows[fullest, 0]),
            float(self._flows.within.price[at].max()),
        )
