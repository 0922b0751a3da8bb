"""What a link costs a class at the load it carries, and what a unit more would change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import (
    AT_LIMIT,
    BEND,
    DELAY,
    FIXED_COST,
    LOAD,
    MONEY,
    MOST,
    RISE,
    SCARCITY,
    SLOPE,
    STIFFNESS,
    VALUE,
    VOLUME,
    FloatArray,
    Pairs,
    Prices,
    RoutePool,
)
from keruen.flows.curves.registry import delay_integral, delay_terms
from keruen.jit import flat_kernel, part


@flat_kernel
def refresh(
    kind: NDArray[np.int8], rows: FloatArray, limit: FloatArray, state: FloatArray, link: int
) -> None:
    """Put the delay of a link, its price of scarcity and their derivatives right for its load."""
    delay, slope, bend = delay_terms(kind[link], rows[link], state[link, VOLUME])
    state[link, DELAY] = delay
    state[link, SLOPE] = slope
    state[link, BEND] = bend
    most = limit[link, MOST]
    if most < np.inf:
        rise = limit[link, STIFFNESS]
        price = limit[link, AT_LIMIT] + rise * (state[link, VOLUME] - most)
        state[link, SCARCITY] = max(0.0, price)
        state[link, RISE] = rise if price > 0.0 else 0.0


@part
def link_cost(prices: Prices, state: FloatArray, user: int, link: int) -> float:
    """Cost of a link to one unit of a class; in the system optimum with its cost to all others.

    ``value * delay + fixed + load * price of scarcity``, and there besides
    ``load * delay' * sum of flows times values``.
    """
    load = prices.tariff[user, link, LOAD]
    cost = prices.classes[user, VALUE] * state[link, DELAY] + prices.tariff[user, link, FIXED_COST]
    cost += load * state[link, SCARCITY]
    if prices.marginal:
        cost += load * state[link, SLOPE] * state[link, MONEY]
    return float(cost)


@part
def link_rise(prices: Prices, state: FloatArray, user: int, link: int) -> float:
    """Derivative of :func:`link_cost` by the flow of the same class."""
    load = prices.tariff[user, link, LOAD]
    rise = prices.classes[user, VALUE] * load * state[link, SLOPE]
    if prices.marginal:
        rise = 2.0 * rise + load * load * state[link, BEND] * state[link, MONEY]
    return float(rise + load * load * state[link, RISE])


@part
def add_flow(prices: Prices, state: FloatArray, user: int, link: int, flow: float) -> None:
    """Put flow of a class on a link, or take it off, with what that changes."""
    state[link, VOLUME] += prices.tariff[user, link, LOAD] * flow
    state[link, MONEY] += prices.classes[user, VALUE] * flow
    refresh(prices.kind, prices.rows, prices.limit, state, link)


@flat_kernel
def load_routes(prices: Prices, pairs: Pairs, pool: RoutePool, state: FloatArray) -> None:
    """Sum the flows of all routes on the links anew, so that rounding errors do not pile up."""
    for link in range(state.shape[0]):
        state[link, VOLUME] = 0.0
        state[link, MONEY] = 0.0
    for pair in range(pairs.user.size):
        user = pairs.user[pair]
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            flow = pool.flow[route]
            for at in range(pool.first[route], pool.first[route + 1]):
                link = pool.links[at]
                state[link, VOLUME] += prices.tariff[user, link, LOAD] * flow
                state[link, MONEY] += prices.classes[user, VALUE] * flow
    for link in range(state.shape[0]):
        refresh(prices.kind, prices.rows, prices.limit, state, link)


@flat_kernel
def class_flows(pairs: Pairs, pool: RoutePool, flows: FloatArray) -> None:
    """Sum the flow of each class on each link, shape (classes, links), in place."""
    for pair in range(pairs.user.size):
        user = pairs.user[pair]
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            for at in range(pool.first[route], pool.first[route + 1]):
                flows[user, pool.links[at]] += pool.flow[route]


@flat_kernel
def delay_integrals(prices: Prices, state: FloatArray, integrals: FloatArray) -> None:
    """Integral of the delay of each link from nought to its load, shape (links,), in place."""
    for link in range(state.shape[0]):
        integrals[link] = delay_integral(prices.kind[link], prices.rows[link], state[link, VOLUME])
