"""Which links move: those whose costs change with flows, and what routes have of them.

Of a network's links few have a price or are steep enough for their load to matter. A link *sways*
by how much more it would be relieved than it was loaded, once its cost has risen: that is its own
term of the equations of :mod:`keruen.flows.joint`. Those with next to none of it stand still for
some steps; those with much of it are foreseen together; the others follow their loads.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import (
    BEND,
    DELAY,
    FIXED,
    FIXED_COST,
    LOAD,
    MONEY,
    REFERENCE_COST,
    SCARCITY,
    SLOPE,
    VALUE,
    VOLUME,
    FloatArray,
    IntArray,
    RoutePool,
    World,
)
from keruen.flows.joint import Table
from keruen.flows.link_state import link_cost
from keruen.flows.response import slope_at
from keruen.jit import flat_kernel

_STILL: Final = 1e-4
_SWAYS: Final = 0.1
_USED: Final = 0.3

OF_VALUE: Final = 0
OF_LOAD: Final = 1
ANYHOW: Final = 2
"""Columns of what moves, shape (links, 3): how the cost of a link to a class rises with its load,
times its value of time and times its load; and by how much the price of load changes anyhow."""


class Scarce(NamedTuple):
    """Links that have a capacity, and it.

    Parameters
    ----------
    link : array of int, shape (scarce,)
        The links.
    most : array, shape (scarce,)
        Their capacities.
    """

    link: IntArray
    most: FloatArray


def slopes(world: World, state: FloatArray) -> FloatArray:
    """How the cost of each link rises with its load, its price apart: shape (links, 3)."""
    rise = np.zeros((state.shape[0], 3))
    rise[:, OF_VALUE] = state[:, SLOPE]
    if world.prices.marginal:
        some = np.maximum(state[:, VOLUME], np.finfo(float).tiny)
        rise[:, OF_LOAD] = state[:, MONEY] * (state[:, BEND] + state[:, SLOPE] / some)
    return rise


class Room(NamedTuple):
    """Room for :func:`sways`, shape (links,).

    Parameters
    ----------
    rises : array of bool
        Whether the cost of a link rises with its load at all.
    share : array
        Nought before and after.
    union : array of int
        Room.
    """

    rises: NDArray[np.bool_]
    share: FloatArray
    union: IntArray


@flat_kernel
def sways(
    world: World,
    pool: RoutePool,
    rise: FloatArray,
    spread: FloatArray,
    room: Room,
    found: FloatArray,
) -> None:
    """Sum up how each link sways.

    Parameters
    ----------
    world, pool
        The problem and its routes.
    rise : array, shape (links, 3)
        How costs rise with loads.
    spread : array, shape (pairs,)
        Spread of each.
    room : Room
        Room.
    found : array, shape (links,)
        Added to.
    """
    prices, pairs, share = world.prices, world.pairs, room.share
    for pair in range(pairs.user.size):
        begin, end = pool.pair_first[pair], pool.pair_first[pair + 1]
        answers = pairs.response[pair] != FIXED
        if end - begin == 0 or (end - begin == 1 and not answers):
            continue
        whole, count = 0.0, 0
        for route in range(begin, end):
            flow = pool.flow[route]
            whole += flow
            if flow <= 0.0:
                continue
            for at in range(pool.first[route], pool.first[route + 1]):
                link = pool.links[at]
                if room.rises[link]:
                    if share[link] == 0.0:
                        room.union[count] = link
                        count += 1
                    share[link] += flow
        user = pairs.user[pair]
        value = prices.classes[user, VALUE]
        falls = slope_at(pairs, pair, pairs.answer[pair, REFERENCE_COST]) if answers else 0.0
        for at in range(count):
            link = room.union[at]
            flow = share[link]
            share[link] = 0.0
            load = prices.tariff[user, link, LOAD]
            gain = value * rise[link, OF_VALUE] + load * rise[link, OF_LOAD]
            part = min(flow / whole, 1.0)
            found[link] += flow * ((1.0 - part) / spread[pair] + falls * part) * load * gain


@flat_kernel
def put_first(table: Table) -> None:
    """Put those of each route first that are foreseen together, and count them."""
    for route in range(table.together.size):
        begin = table.first[route]
        for at in range(begin, table.first[route + 1]):
            link = table.at[at]
            if table.place[link] >= 0:
                table.at[at] = table.at[begin]
                table.at[begin] = link
                begin += 1
        table.together[route] = begin - table.first[route]


@flat_kernel
def part_routes(
    world: World, pool: RoutePool, state: FloatArray, number: IntArray, table: Table
) -> None:
    """Fill what moves of each route, and what the rest of it costs."""
    end = 0
    for pair in range(world.pairs.user.size):
        user = world.pairs.user[pair]
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            rest = 0.0
            for at in range(pool.first[route], pool.first[route + 1]):
                link = pool.links[at]
                if number[link] < 0:
                    rest += link_cost(world.prices, state, user, link)
                else:
                    table.at[end] = number[link]
                    end += 1
            table.base[route] = rest
            table.first[route + 1] = end


def swaying(world: World, pool: RoutePool, rise: FloatArray, spread: FloatArray) -> FloatArray:
    """How each link sways, shape (links,); see :func:`sways`."""
    links = rise.shape[0]
    found = np.zeros(links)
    room = Room(
        np.asarray(rise[:, :ANYHOW].any(axis=1)), np.zeros(links), np.zeros(links, dtype=np.int64)
    )
    sways(world, pool, rise, spread, room, found)
    return found


def table_of(
    world: World, pool: RoutePool, state: FloatArray, sway: FloatArray, scarce: Scarce
) -> Table:
    """What steps are worked out on; no link moves where none sways and none is scarce.

    Parameters
    ----------
    world, pool, state
        The problem, its routes and its links.
    sway : array, shape (links,)
        How each link sways.
    scarce : Scarce
        Links that move wherever they are used.
    """
    prices, pairs = world.prices, world.pairs
    used = state[scarce.link, VOLUME] > _USED * scarce.most
    moves = sway > _STILL
    moves[scarce.link[used]] = True
    link = np.flatnonzero(moves)
    number = np.full(state.shape[0], -1, dtype=np.int64)
    number[link] = np.arange(link.size)
    routes, classes = pool.flow.size, prices.classes.shape[0]
    none = np.zeros(0, dtype=np.int64)
    table = Table(
        link=link,
        place=np.full(link.size, -1, dtype=np.int64),
        first=np.zeros(routes + 1, dtype=np.int64),
        at=np.zeros(pool.links.size, dtype=np.int32),
        together=np.zeros(routes, dtype=np.int64),
        base=np.zeros(routes),
        perceived=np.zeros(routes),
        power=np.zeros(routes),
        flow=np.zeros(routes),
        spread=np.zeros(pairs.user.size),
        answer=np.zeros((pairs.user.size, 2)),
        amount=np.zeros(pairs.user.size),
        growth=np.zeros(pairs.user.size),
        load=np.ascontiguousarray(prices.tariff[:, link, LOAD]),
        cost=np.zeros((classes, link.size, 2)),
        gain=np.zeros((classes, link.size)),
        sums=np.zeros((0, 0)),
        right=np.zeros(0),
        share=np.zeros(0),
        union=none,
        own=none,
    )
    part_routes(world, pool, state, number, table)
    return table


def joined(table: Table, sway: FloatArray, most: int) -> Table:
    """The table with those links foreseen together that sway most, at most so many."""
    own = sway[table.link]
    chosen = np.argsort(-own, kind="stable")[:most]
    chosen = np.sort(chosen[own[chosen] > _SWAYS])
    place = np.full(own.size, -1, dtype=np.int64)
    place[chosen] = np.arange(chosen.size)
    count = chosen.size
    found = table._replace(
        place=place,
        sums=np.zeros((count, count)),
        right=np.zeros(count),
        share=np.zeros(count),
        union=np.zeros(count, dtype=np.int64),
        own=np.zeros(count, dtype=np.int64),
    )
    put_first(found)
    return found


def put_costs(world: World, state: FloatArray, table: Table, rise: FloatArray) -> None:
    """Fill what moving links cost each class, and how that moves."""
    prices, link = world.prices, table.link
    value, load = prices.classes[:, [VALUE]], table.load
    own, risen = state[link], rise[link]
    charged = own[:, SCARCITY]
    if prices.marginal:
        charged = charged + own[:, SLOPE] * own[:, MONEY]
    table.cost[:, :, 0] = value * own[:, DELAY] + prices.tariff[:, link, FIXED_COST]
    table.cost[:, :, 0] += load * charged
    table.cost[:, :, 1] = load * risen[:, ANYHOW]
    table.gain[:] = value * risen[:, OF_VALUE] + load * risen[:, OF_LOAD]
