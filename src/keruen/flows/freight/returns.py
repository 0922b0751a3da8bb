r"""Equipment goes back empty: where it is left over, where it is wanted, what it is worth there.

Of each kind of equipment a zone has received some and sent some. What is left over returns as far
as the study says, to where it is wanted, by the ways that are cheap: the plan :math:`T` of least
:math:`\sum c T + \tau \sum T \ln (T / T_0)` whose rows and columns add up to both, with
:math:`T_0` the plan that no cost decides (entropic transport; as :math:`\tau` goes to nought the
transport problem itself). Its multipliers are the prices of
equipment: by how much the whole would be cheaper with one unit more at a zone.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.jit import flat_kernel, part

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
    log_out, log_into = np.log(out), np.log(into)
    kernel = -np.where(np.isfinite(cost), cost, 1e15) / spread
    a, b = np.zeros(out.size), np.zeros(into.size)
    _scale(kernel, np.ascontiguousarray(kernel.T), (log_out, log_into), (a, b))
    plan: FloatArray = np.exp(kernel + a[:, None] + b)
    # Against the plan that costs decide nothing of, rows times columns over the whole, what is left
    # of the scales is the multiplier.
    whole = np.log(out.sum())
    return plan, (-spread * (a - log_out), spread * (b - log_into + whole))


@part
def _fit(kernel: FloatArray, wanted: FloatArray, other: FloatArray, own: FloatArray) -> float:
    """Fit the scales of rows to what these are to add up to; by how much one changes at most."""
    most = 0.0
    for row in range(own.size):
        top, summed = -np.inf, 0.0
        for column in range(other.size):
            top = max(top, kernel[row, column] + other[column])
        for column in range(other.size):
            summed += math.exp(kernel[row, column] + other[column] - top)
        found = wanted[row] - math.log(summed) - top
        most = max(most, abs(found - own[row]))
        own[row] = found
    return most


@flat_kernel
def _scale(
    kernel: FloatArray,
    turned: FloatArray,
    wanted: tuple[FloatArray, FloatArray],
    scales: tuple[FloatArray, FloatArray],
) -> None:
    """Fit the scales of rows and columns in turn until those of columns stay as they are.

    Parameters
    ----------
    kernel, turned : array
        Logarithms of what the plan is proportional to, by row and by column.
    wanted : tuple of array
        Logarithms of the sums of rows and of columns.
    scales : tuple of array
        Logarithms of the scales of both; filled.
    """
    for _ in range(ROUNDS):
        _fit(kernel, wanted[0], scales[1], scales[0])
        if _fit(turned, wanted[1], scales[0], scales[1]) < CLOSE:
            return
