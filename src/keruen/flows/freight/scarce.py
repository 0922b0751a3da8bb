"""Which links are scarce: full, at a price that the gap of the equilibrium can tell from nought.

The prices of an equilibrium come near nought where there is room and are never quite there, since
price times what is left is the same small number on every link. With ``precision`` the larger of
the relative gap and the share of slack that were reached, a link is scarce when what is left of its
capacity is at most ``sqrt(precision)`` of it and all on it pay at least ``precision`` of what all
pay everywhere: less than that may as well be an error of the gap.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.flows.freight.solve import Flows

FloatArray = NDArray[np.float64]

FINEST: Final = 1e-12
"""No equilibrium is more precise: sums of so many numbers are not."""


def scarce_links(flows: Flows, capacity: FloatArray | None = None) -> NDArray[np.bool_]:
    """Which links of a freight network are scarce in an equilibrium, shape (links,).

    Parameters
    ----------
    flows : Flows
        The equilibrium.
    capacity : array or None, shape (links,)
        Capacities of the draw that it is of; None takes those compiled.
    """
    room = flows.freight.capacity if capacity is None else capacity
    within, own = flows.within, len(flows.freight.drafts)
    price, load = within.price[:own], within.assignment.volume[:own]
    precision = max(within.assignment.relative_gap, within.slack_share, FINEST)
    paid = price * load
    whole = within.assignment.total_cost + float(paid.sum())
    full = load >= (1.0 - math.sqrt(min(precision, 1.0))) * room
    return np.asarray((price > 0.0) & full & (paid >= precision * whole))
