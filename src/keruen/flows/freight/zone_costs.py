"""What the cheapest ways between the zones of a freight network cost."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.flows.freight.compile import Freight
from keruen.flows.freight.prices import BIG
from keruen.flows.graph import star_of
from keruen.flows.shortest import between, room

FloatArray = NDArray[np.float64]

LEAST_COST: Final = 1e-9
"""Dollars: no link costs less when ways between zones are looked for."""


def zone_costs(freight: Freight, costs: FloatArray) -> FloatArray:
    """Least costs between zones; no way leads through a zone.

    Parameters
    ----------
    freight : Freight
        The network.
    costs : array, shape (classes, links)
        Cost of each link to each class, such as
        :func:`keruen.flows.freight.compile.link_costs`; barred ones at
        :data:`keruen.flows.freight.prices.BIG`.

    Returns
    -------
    array, shape (classes, zones, zones)
        In the order of ``Freight.zones``, of a zone to itself that of going out and coming back;
        infinite where no way leads.
    """
    links = freight.network.links
    order = np.lexsort((links.head, links.tail)).astype(np.int64)
    nodes = np.array(list(freight.zones.values()), dtype=np.int64)
    open_costs = np.where(costs < BIG, np.maximum(costs, LEAST_COST), np.inf)[:, order]
    found = np.empty((costs.shape[0], nodes.size, nodes.size))
    between(
        star_of(freight.network, order),
        np.ascontiguousarray(open_costs),
        nodes,
        room(freight.network.passable.size),
        found,
    )
    return found
