"""The mathematical programme that an equilibrium solves, where it solves one.

Beckmann's objective for one class is the sum over links of the integral of the delay. With several
classes an equilibrium solves a programme when all of them load a link in one proportion, that is
``load[k, a] = w_k * g_a``: it is then

    sum_a 1 / g_a * integral of delay_a from 0 to the load
    + sum_k w_k / value_k * ( sum_a fixed[k, a] * flow[k, a]
                              + spread_k * sum_r h_r * (ln(h_r / q) - ln PS_r)
                              - sum of the integrals of the inverse demand from reference to q )

which for one class with a value and load of 1 is Beckmann's. The entropy stands with fixed demand
and the reference of an answering one at its reference amount; constants are left out. In the system
optimum the programme is the cost of all flows itself, with the same terms for choice and demand.
Otherwise there is no such programme, and the objective is not a number: the gap alone says how near
the equilibrium is.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import (
    DELAY,
    EXPONENTIAL,
    FIXED,
    FIXED_COST,
    LOAD,
    SPREAD,
    VALUE,
    Pairs,
    RoutePool,
    World,
)
from keruen.flows.link_state import delay_integrals

FloatArray = NDArray[np.float64]

_SAME: Final = 1e-12


def proportions(load: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Factors by class and by link of which all loads are products; None where there are none.

    Examples
    --------
    >>> proportions(np.array([[1.0, 3.0], [2.0, 6.0]]))
    (array([1., 2.]), array([1., 3.]))
    >>> proportions(np.array([[1.0, 3.0], [2.0, 5.0]])) is None
    True
    """
    by_link = load[0]
    anywhere = by_link > 0.0
    if not anywhere.any():
        return None
    at = int(np.argmax(anywhere))
    by_class = load[:, at] / by_link[at]
    product = by_class[:, None] * by_link
    if np.allclose(product, load, rtol=_SAME, atol=0.0) and (by_class > 0.0).all():
        return by_class, by_link
    return None


def demand_integrals(pairs: Pairs) -> FloatArray:
    """Integral of the inverse demand of each pair from its reference to its present amount."""
    found = np.zeros(pairs.amount.size)
    q = pairs.amount
    e, u0, q0 = pairs.answer.T
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log = np.log(q / q0)
        exponential = u0 * (q - q0) - (q * log - (q - q0)) / e
        rest = 1.0 - 1.0 / e
        power = u0 * q0 * np.where(np.abs(rest) < _SAME, log, ((q / q0) ** rest - 1.0) / rest)
    answers = pairs.response != FIXED
    kind = pairs.response == EXPONENTIAL
    found[answers] = np.where(kind, exponential, power)[answers]
    return found


def entropies(world: World, pool: RoutePool) -> FloatArray:
    """``sum_r h_r * (ln(h_r / q) - ln PS_r)`` of each pair of a stochastic class; 0 of others."""
    pairs = world.pairs
    count = np.diff(pool.pair_first)
    pair = np.repeat(np.arange(count.size), count)
    spread = world.prices.classes[pairs.user[pair], SPREAD] > 0.0
    ratio = np.where(pool.flow > 0.0, pool.flow / np.maximum(pairs.amount[pair], 1e-300), 1.0)
    terms = np.where(spread, pool.flow * (np.log(ratio) - pool.log_size), 0.0)
    found: FloatArray = np.bincount(pair, terms, count.size).astype(np.float64)
    return found


def objective_of(world: World, pool: RoutePool, state: FloatArray, flows: FloatArray) -> float:
    """Value of the programme at these flows; not a number where there is none."""
    prices, pairs = world.prices, world.pairs
    if pairs.user.size == 0:
        return 0.0
    value, spread = prices.classes[:, VALUE], prices.classes[:, SPREAD]
    load, fixed = prices.tariff[:, :, LOAD], prices.tariff[:, :, FIXED_COST]
    choice = spread[pairs.user] * entropies(world, pool) - demand_integrals(pairs)
    if prices.marginal:
        total = flows * (value[:, None] * state[:, DELAY] + fixed)
        return float(total.sum() + choice.sum())
    found = proportions(load)
    if found is None or not (value > 0.0).all():
        return math.nan
    by_class, by_link = found
    integrals = np.zeros(state.shape[0])
    delay_integrals(prices, state, integrals)
    weight = by_class / value
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # What loads a link with nothing meets the delay of an empty link.
        empty = state[:, DELAY] * (by_class[:, None] * flows).sum(axis=0)
        delays = np.where(by_link > 0.0, integrals / by_link, empty)
    paid = (weight[:, None] * fixed * flows).sum()
    return float(delays.sum() + paid + (weight[pairs.user] * choice).sum())
