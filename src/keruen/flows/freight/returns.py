r"""Equipment goes back empty: where it is left over, where it is wanted, what it is worth there.

Of each kind of equipment a zone has received some and sent some. What is left over returns as far
as the study says, to where it is wanted, by the ways that are cheap: the plan :math:`T` of least
:math:`\sum c T + \tau \sum T \ln (T / T_0)` whose rows and columns add up to both, with
:math:`T_0` the plan that no cost decides (entropic transport; as :math:`\tau` goes to nought the
transport problem itself). Its multipliers are the prices of
equipment: by how much the whole would be cheaper with one unit more at a zone.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

ROUNDS: Final = 2000
CLOSE: Final = 1e-10
LEAST: Final = 1e-9
"""Part of all equipment below which a zone neither sends nor wants any."""


class Returned(NamedTuple):
    """Empty equipment by zone.

    Parameters
    ----------
    flow : array, shape (zones, zones)
        Units a year from one zone to another.
    price : array, shape (zones,)
        Dollars that a unit is worth at each zone, nought where it is worth least; not a number at
        zones that neither send nor want any.
    left : array, shape (zones,)
        Units that do not return by the network; negative where they come from elsewhere.
    """

    flow: FloatArray
    price: FloatArray
    left: FloatArray


def returns(
    received: FloatArray, sent: FloatArray, share: FloatArray, cost: FloatArray, spread: float
) -> Returned:
    """Send empties back.

    Parameters
    ----------
    received, sent : array, shape (zones,)
        Loaded units a year into and out of each zone.
    share : array, shape (zones,)
        Part of what is left over at a zone that has to return by the network.
    cost : array, shape (zones, zones)
        Dollars to move an empty unit; infinite where no way leads.
    spread : float
        Scale of what decides besides this cost, dollars.

    Returns
    -------
    Returned
        What wants equipment beyond all that returns gets a part of its want, all the same part;
        where less is wanted than returns, each gets more than it wants in that part.

    Examples
    --------
    Ten boxes go out, six come back full, and four empty; a box is worth 50 more where it is wanted,
    for that is what bringing it there costs.

    >>> cost = np.array([[0.0, 50.0], [50.0, 0.0]])
    >>> found = returns(np.array([6.0, 10.0]), np.array([10.0, 6.0]), np.ones(2), cost, 1.0)
    >>> found.flow[1].round(9).tolist(), found.price.round(9).tolist()
    ([4.0, 0.0], [50.0, 0.0])
    """
    surplus = received - sent
    out = np.maximum(surplus, 0.0) * share
    wanted = np.maximum(-surplus, 0.0)
    small = LEAST * max(float(out.sum()), float(received.sum()), 1e-300)
    out[out < small] = 0.0
    wanted[wanted < small] = 0.0
    flow = np.zeros_like(cost)
    price = np.full(out.size, np.nan)
    rows, columns = np.flatnonzero(out), np.flatnonzero(wanted)
    if rows.size and columns.size:
        reach = np.isfinite(cost[np.ix_(rows, columns)])
        rows, columns = rows[reach.any(axis=1)], columns[reach.any(axis=0)]
    if rows.size and columns.size:
        part = cost[np.ix_(rows, columns)]
        to = wanted[columns] * (out[rows].sum() / wanted[columns].sum())
        plan, value = _balanced(part, out[rows], to, max(spread, 1e-6))
        flow[np.ix_(rows, columns)] = plan
        price[rows], price[columns] = value
        price -= np.nanmin(price)
    return Returned(flow, price, surplus - flow.sum(axis=1) + flow.sum(axis=0))


def _balanced(
    cost: FloatArray, out: FloatArray, into: FloatArray, spread: float
) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """Plan with given sums of rows and columns, and the worth of a unit at each of them.

    Rows and columns are scaled in turn, in logarithms, so that no cost is too large.
    """
    with np.errstate(divide="ignore"):
        log_out, log_into = np.log(out), np.log(into)
    kernel = -np.where(np.isfinite(cost), cost, 1e15) / spread
    a, b = np.zeros(out.size), np.zeros(into.size)
    for _ in range(ROUNDS):
        a = log_out - _log_sum(kernel + b, axis=1)
        before = b
        b = log_into - _log_sum(kernel + a[:, None], axis=0)
        if np.abs(b - before).max(initial=0.0) < CLOSE:
            break
    plan: FloatArray = np.exp(kernel + a[:, None] + b)
    # Against the plan that costs decide nothing of, rows times columns over the whole, what is left
    # of the scales is the multiplier.
    whole = np.log(out.sum())
    return plan, (-spread * (a - log_out), spread * (b - log_into + whole))


def _log_sum(values: FloatArray, axis: int) -> FloatArray:
    top = values.max(axis=axis, keepdims=True)
    found = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return np.asarray(found, dtype=np.float64)
