"""Steps of flows and prices together, behind a barrier that keeps prices and room above nought.

Price times what is left of a capacity is to become the same small number ``m`` on every link: with
the price ``p`` and ``l`` left, Newton's step of a primal-dual interior point, which starts outside
where it has to, changes the price by

    m / l - p + p / l * (load + l - capacity + d)

where the load changes by ``d``. From anywhere it takes a dozen steps or two, from nearby some five.
An active set without a barrier was tried for the last steps: from nearby it takes one or two fewer,
and from a little farther it leads away.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from keruen.flows.arrays import AT_LIMIT, VOLUME, FloatArray, IntArray, RoutePool, World
from keruen.flows.joint import Table, equations, follow, foresee, solve
from keruen.flows.moving import ANYHOW, OF_LOAD, put_costs, slopes

_NEAR: Final = 0.98


class Barrier(NamedTuple):
    """Prices and what is left of each scarce capacity, both above nought on the way.

    Parameters
    ----------
    link : array of int, shape (scarce,)
        The links.
    most : array, shape (scarce,)
        Their capacities.
    price, left : array, shape (scarce,)
        Changed in place.
    """

    link: IntArray
    most: FloatArray
    price: FloatArray
    left: FloatArray


class Aim(NamedTuple):
    """Where a step goes.

    Parameters
    ----------
    product : float
        What price times what is left is to become.
    share : float
        Least spread, as a share of the cost of each pair.
    reach : float
        Most part of the step that is gone.
    """

    product: float
    share: float
    reach: float


def rises(world: World, state: FloatArray, barrier: Barrier, product: float) -> FloatArray:
    """How costs of links move with a barrier, shape (links, 3)."""
    at, left = barrier.link, barrier.left
    stiff = barrier.price / left
    rise = slopes(world, state)
    rise[at, OF_LOAD] += stiff
    off = state[at, VOLUME] + left - barrier.most
    rise[at, ANYHOW] = product / left - barrier.price + stiff * off
    return rise


def _changes(world: World, pool: RoutePool, table: Table, links: int) -> tuple[float, FloatArray]:
    """What flows pay beyond the least of their pairs, and how loads are to change, by link."""
    count = table.right.size
    out = np.zeros((count, count + 1))
    excess = equations(world, pool, table, out)
    out[np.arange(count), np.arange(count)] += 1.0
    solve(out)
    moved = np.ascontiguousarray(out[:, count])
    foresee(world, pool, table, moved)
    change = np.zeros(links)
    change[table.link[:count]] = moved
    return float(excess), change


def step(
    world: World, pool: RoutePool, state: FloatArray, barrier: Barrier, aim: Aim, table: Table
) -> tuple[float, float]:
    """Change all flows and prices by one step behind a barrier, and loads of moving links.

    Parameters
    ----------
    world, pool, state
        The problem, its routes and its links.
    barrier : Barrier
        Prices and what is left of capacities.
    aim : Aim
        Where it goes.
    table : Table
        What it is worked out on.

    Returns
    -------
    tuple of float
        What flows paid beyond the least of their pairs before it; part of the step that was gone.
    """
    at, price, left = barrier.link, barrier.price, barrier.left
    rise = rises(world, state, barrier, aim.product)
    table.spread[:] = aim.share
    put_costs(world, state, table, rise)
    excess, change = _changes(world, pool, table, state.shape[0])
    dearer = rise[at, ANYHOW] + price / left * change[at]
    less = barrier.most - left - state[at, VOLUME] - change[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.concatenate([-price / dearer, -left / less])
    ends = ends[np.concatenate([dearer, less]) < 0.0]
    length = min(aim.reach, _NEAR * float(ends.min(initial=np.inf)))
    price += length * dearer
    left += length * less
    world.prices.limit[at, AT_LIMIT] = price
    follow(world, pool, state, table, length)
    # What is left in truth is no less: a narrower wall than that would only be in the way.
    np.maximum(left, barrier.most - state[at, VOLUME], out=left)
    return excess, length
