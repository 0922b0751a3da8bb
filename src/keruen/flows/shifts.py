"""Gradient projection: flow goes from dearer to cheaper routes of a pair until they cost the same.

Of two routes the links that only one of them has are compared; the difference of their costs over
the sum of the derivatives on these links is Newton's step. Costs are put right after every step, so
that the next pair sees them (Gauss-Seidel). Where a step goes too far for the curve it is halved
within the bracket that the signs give, so that kinks and steep curves do no harm.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import (
    FIXED,
    REFERENCE_AMOUNT,
    SPREAD,
    FloatArray,
    IntArray,
    Prices,
    RoutePool,
    World,
)
from keruen.flows.link_state import add_flow, link_cost, link_rise
from keruen.flows.response import cost_at
from keruen.jit import flat_kernel, part

_EVERYBODY: Final = 4
_ROUNDS: Final = 6
_NEAR: Final = 0.1
_FLOOR: Final = 1e-30
_REST: Final = 1e-16
_LEAP: Final = 2.0
_LEAST_DEMAND: Final = 1e-12


class Room(NamedTuple):
    """Room for shifting.

    Parameters
    ----------
    mark : array of int, shape (links + 1,)
        Stamps of links; the last number counts stamps and is never reset.
    costs : array, shape (routes,)
        Costs of the routes of the pair at hand.
    active : array of bool, shape (pairs,)
        Pairs that had something to shift when they were last looked at; all are looked at in the
        first of four turns, these in the others.
    """

    mark: IntArray
    costs: FloatArray
    active: NDArray[np.bool_]


@part
def _entropic_step(total: float, flow: float, over: float, rise: float, spread: float) -> float:
    """Flow of a route after Newton's step, with the logarithm of the flow in its cost.

    In the logarithm of the ratio of the two flows where randomness rules, in the flow itself where
    congestion does: each is nearly straight there, and the other one is not.
    """
    other = max(total - flow, _REST * total)
    weight = flow * other / total
    leap = -over / (spread + rise * weight)
    if abs(leap) > _LEAP and rise * total > 4.0 * spread:
        plain = flow - over / (rise + spread * (1.0 / flow + 1.0 / other))
        if 0.0 < plain < total:
            return plain
    ratio = math.log(flow / other) + leap
    if ratio > 0.0:
        wanted = total / (1.0 + math.exp(-ratio))
    else:
        power = math.exp(max(ratio, -700.0))
        wanted = total * power / (1.0 + power)
    return min(max(wanted, _FLOOR * total), total * (1.0 - 1e-15))


class Two(NamedTuple):
    """A route and the base of its pair, between which flow moves."""

    user: int
    route: int
    base: int


@part
def _compare(
    prices: Prices, pool: RoutePool, state: FloatArray, mark: IntArray, two: Two, step: float
) -> tuple[float, float]:
    """Move a step of flow from the base to the route, and see how much dearer the route then is.

    Links of the base carry the stamp ``mark[-1]``, those that both have the number after it.

    Returns
    -------
    tuple of float
        Cost of the route beyond that of the base, and its derivative by the flow moved.
    """
    stamp = mark[mark.size - 1]
    user = two.user
    over, rise = 0.0, 0.0
    for at in range(pool.first[two.route], pool.first[two.route + 1]):
        link = pool.links[at]
        if mark[link] != stamp + 1:
            if step != 0.0:
                add_flow(prices, state, user, link, step)
            over += link_cost(prices, state, user, link)
            rise += link_rise(prices, state, user, link)
    for at in range(pool.first[two.base], pool.first[two.base + 1]):
        link = pool.links[at]
        if mark[link] == stamp:
            if step != 0.0:
                add_flow(prices, state, user, link, -step)
            over -= link_cost(prices, state, user, link)
            rise += link_rise(prices, state, user, link)
    return over, rise


class Bracket(NamedTuple):
    """Flows of the route between which its cost passes that of the base; both have the total."""

    low: float
    high: float
    total: float


@part
def _next_flow(bracket: Bracket, flow: float, over: float, rise: float, spread: float) -> float:
    """Flow of the route after Newton's step, kept in its bracket."""
    low, high, total = bracket
    if spread > 0.0:
        wanted = _entropic_step(total, flow, over, rise, spread)
        return wanted if low < wanted < high else 0.5 * (low + high)
    if rise <= 0.0:
        return low if over > 0.0 else high
    wanted = flow - over / rise
    if wanted <= low:
        return low if low == 0.0 else 0.5 * (low + high)
    if wanted >= high:
        return high if high == total else 0.5 * (low + high)
    return wanted


@part
def _shift(world: World, pool: RoutePool, state: FloatArray, mark: IntArray, two: Two) -> None:
    """Move flow between a route and the base of its pair until they cost the same."""
    spread = world.prices.classes[two.user, SPREAD]
    stamp = mark[mark.size - 1]
    for at in range(pool.first[two.route], pool.first[two.route + 1]):
        if mark[pool.links[at]] == stamp:
            mark[pool.links[at]] = stamp + 1
    total = pool.flow[two.route] + pool.flow[two.base]
    flow = pool.flow[two.route]
    low, high = 0.0, total
    step, start = 0.0, 0.0
    for turn in range(_ROUNDS + 1):
        over, rise = _compare(world.prices, pool, state, mark, two, step)
        if spread > 0.0:
            rest = max(total - flow, _REST * total)
            sizes = pool.log_size[two.route] - pool.log_size[two.base]
            over += spread * (math.log(flow / rest) - sizes)
        if turn == 0:
            start = over
        near = turn > 0 and abs(over) <= _NEAR * abs(start)
        ends = (over > 0.0 and flow <= low) or (over < 0.0 and flow >= high)
        if turn == _ROUNDS or near or ends or over == 0.0:
            break
        if over > 0.0:
            high = flow
        else:
            low = flow
        wanted = _next_flow(Bracket(low, high, total), flow, over, rise, spread)
        step = wanted - flow
        flow = wanted
    pool.flow[two.route] = flow
    # A logit leaves nothing without flow; what rounding adds is taken off when routes are merged.
    pool.flow[two.base] = max(total - flow, _REST * total) if spread > 0.0 else total - flow
    for at in range(pool.first[two.base], pool.first[two.base + 1]):
        mark[pool.links[at]] = stamp


@part
def _weigh(
    world: World, pool: RoutePool, state: FloatArray, costs: FloatArray, pair: int
) -> tuple[int, float]:
    """Costs of the routes of a pair.

    Returns
    -------
    tuple of (int, float)
        The base: the cheapest, or the most used of a stochastic class; and the cost that the flows
        pay beyond the least.
    """
    user = world.pairs.user[pair]
    spread = world.prices.classes[user, SPREAD]
    amount = world.pairs.amount[pair]
    base, lowest, summed = pool.pair_first[pair], np.inf, 0.0
    for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
        cost = 0.0
        for at in range(pool.first[route], pool.first[route + 1]):
            cost += link_cost(world.prices, state, user, pool.links[at])
        flow = pool.flow[route]
        if spread > 0.0:
            cost += spread * (math.log(flow / amount) - pool.log_size[route])
            if flow > pool.flow[base]:
                base = route
            lowest = min(lowest, cost)
        elif cost < lowest:
            base = route
            lowest = cost
        costs[route] = cost
        summed += flow * cost
    return base, max(0.0, summed - amount * lowest)


@part
def _level(
    world: World, pool: RoutePool, state: FloatArray, room: Room, pair: int, base: int
) -> None:
    """Move flow between every route of a pair and its base."""
    mark, costs = room.mark, room.costs
    user = world.pairs.user[pair]
    floor = (
        2.0 * _FLOOR * world.pairs.amount[pair] if world.prices.classes[user, SPREAD] > 0.0 else 0.0
    )
    mark[mark.size - 1] += 2
    for at in range(pool.first[base], pool.first[base + 1]):
        mark[pool.links[at]] = mark[mark.size - 1]
    for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
        # What has no flow and is not cheaper keeps none.
        if route != base and (pool.flow[route] > floor or costs[route] < costs[base]):
            _shift(world, pool, state, mark, Two(user, route, base))


@part
def _answer(world: World, pool: RoutePool, state: FloatArray, pair: int, base: int) -> float:
    """Bring the demand of a pair nearer to what its cost allows, on one route.

    Returns
    -------
    float
        Demand moved times its cost.
    """
    prices, pairs = world.prices, world.pairs
    user = pairs.user[pair]
    spread = prices.classes[user, SPREAD]
    cost, rise = 0.0, 0.0
    for at in range(pool.first[base], pool.first[base + 1]):
        cost += link_cost(prices, state, user, pool.links[at])
        rise += link_rise(prices, state, user, pool.links[at])
    amount, flow = pairs.amount[pair], pool.flow[base]
    if spread > 0.0:
        cost += spread * (math.log(flow / amount) - pool.log_size[base])
        rise += spread * (1.0 / flow - 1.0 / amount)
    willing, falls = cost_at(pairs, pair)
    leap = (willing - cost) / (falls + rise * amount)
    change = amount * (math.exp(min(max(leap, -1.0), 1.0)) - 1.0)
    least = _LEAST_DEMAND * pairs.answer[pair, REFERENCE_AMOUNT]
    change = max(change, least - amount, -flow if spread == 0.0 else -0.9 * flow)
    for at in range(pool.first[base], pool.first[base + 1]):
        add_flow(prices, state, user, pool.links[at], change)
    pool.flow[base] = flow + change
    pairs.amount[pair] = amount + change
    return float(abs(change) * abs(cost))


@flat_kernel
def equilibrate(
    world: World,
    pool: RoutePool,
    state: FloatArray,
    room: Room,
    target: float,
    turns: int,
) -> float:
    """Shift flow between the routes of the pool, pair after pair, until hardly any wants to.

    Parameters
    ----------
    world, pool, state
        The problem, its routes and its links; flows, demand that answers and links are changed.
    room : Room
        Room.
    target : float
        Cost that flows pay beyond the least of the pool, summed as the pairs are visited, at which
        it ends.
    turns : int
        Most turns over all pairs.

    Returns
    -------
    float
        That cost, when all pairs were looked at last.
    """
    pairs = world.pairs
    last = np.inf
    ignored = 0.05 * target / max(1, pool.flow.size)
    for turn in range(turns):
        excess = 0.0
        everybody = turn % _EVERYBODY == 0
        for pair in range(pairs.user.size):
            if not (everybody or room.active[pair]):
                continue
            routes = pool.pair_first[pair + 1] - pool.pair_first[pair]
            answers = pairs.response[pair] != FIXED
            room.active[pair] = False
            if routes == 0 or (routes == 1 and not answers):
                continue
            base, over = _weigh(world, pool, state, room.costs, pair)
            if over > ignored:
                _level(world, pool, state, room, pair, base)
            if answers:
                over += _answer(world, pool, state, pair, base)
            excess += over
            room.active[pair] = over > ignored
        if everybody:
            last = excess
            if excess <= target:
                break
    return last
