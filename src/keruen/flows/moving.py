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
from keruen.flows.stretches import Stretches
from keruen.jit import flat_kernel

MarkArray = NDArray[np.bool_]

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
    """Room for :func:`sways`.

    Parameters
    ----------
    rises : array of bool, shape (stretches,)
        Whether the cost of a link of it rises with its load at all.
    share : array, shape (stretches,)
        Nought before and after.
    union : array of int, shape (stretches,)
        Room.
    moves : array, shape (classes, stretches)
        Flow of each class that a cost would move, over it; nought before.
    """

    rises: NDArray[np.bool_]
    share: FloatArray
    union: IntArray
    moves: FloatArray


@flat_kernel
def sways(
    world: World,
    pool: RoutePool,
    stretches: Stretches,
    rise: FloatArray,
    spread: FloatArray,
    room: Room,
    found: FloatArray,
) -> None:
    """Sum up how each link sways.

    Parameters
    ----------
    world, pool, stretches
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
            for at in range(stretches.first[route], stretches.first[route + 1]):
                stretch = stretches.at[at]
                if room.rises[stretch]:
                    if share[stretch] == 0.0:
                        room.union[count] = stretch
                        count += 1
                    share[stretch] += flow
        user = pairs.user[pair]
        falls = slope_at(pairs, pair, pairs.answer[pair, REFERENCE_COST]) if answers else 0.0
        for at in range(count):
            stretch = room.union[at]
            flow = share[stretch]
            share[stretch] = 0.0
            part = min(flow / whole, 1.0)
            room.moves[user, stretch] += flow * ((1.0 - part) / spread[pair] + falls * part)
    for user in range(room.moves.shape[0]):
        value = prices.classes[user, VALUE]
        for stretch in range(room.moves.shape[1]):
            moves = room.moves[user, stretch]
            if moves == 0.0:
                continue
            for own in range(stretches.begins[stretch], stretches.begins[stretch + 1]):
                link = stretches.links[own]
                load = prices.tariff[user, link, LOAD]
                gain = value * rise[link, OF_VALUE] + load * rise[link, OF_LOAD]
                found[link] += moves * load * gain


class Bundles(NamedTuple):
    """Moving links by bundle, and bundles by stretch.

    Parameters
    ----------
    link : array of int, shape (moving,)
        Moving links by bundle.
    of : array of int, shape (moving,)
        Bundle of each; the first ones have one link each.
    joint : int
        So many of these.
    first : array of int, shape (stretches + 1,)
        Where the bundles of each stretch begin in ``at``.
    at : array of int, shape (bundles,)
        Bundles by stretch, those of one link first.
    """

    link: IntArray
    of: IntArray
    joint: int
    first: IntArray
    at: IntArray


@flat_kernel
def cost_of_rest(
    world: World, stretches: Stretches, state: FloatArray, moves: MarkArray, rest: FloatArray
) -> None:
    """Fill what the links of each stretch that do not move cost each class."""
    for user in range(rest.shape[0]):
        for stretch in range(rest.shape[1]):
            rest[user, stretch] = 0.0
            for at in range(stretches.begins[stretch], stretches.begins[stretch + 1]):
                if not moves[stretches.links[at]]:
                    rest[user, stretch] += link_cost(world.prices, state, user, stretches.links[at])


@flat_kernel
def part_routes(
    world: World,
    pool: RoutePool,
    stretches: Stretches,
    bundles: Bundles,
    rest: FloatArray,
    table: Table,
) -> None:
    """Fill the bundles of each route, and what the rest of it costs."""
    end = 0
    for pair in range(world.pairs.user.size):
        user = world.pairs.user[pair]
        for route in range(pool.pair_first[pair], pool.pair_first[pair + 1]):
            cost, together = 0.0, end
            for at in range(stretches.first[route], stretches.first[route + 1]):
                stretch = stretches.at[at]
                cost += rest[user, stretch]
                for own in range(bundles.first[stretch], bundles.first[stretch + 1]):
                    bundle = bundles.at[own]
                    table.at[end] = bundle
                    if bundle < bundles.joint:
                        table.at[end] = table.at[together]
                        table.at[together] = bundle
                        together += 1
                    end += 1
            table.base[route] = cost
            table.together[route] = together - table.first[route]
            table.first[route + 1] = end


def swaying(
    world: World, pool: RoutePool, stretches: Stretches, rise: FloatArray, spread: FloatArray
) -> FloatArray:
    """How each link sways, shape (links,); see :func:`sways`."""
    count = stretches.begins.size - 1
    found, rises = np.zeros(rise.shape[0]), np.zeros(count, dtype=np.bool_)
    links = stretches.links
    rises[stretches.of[links[rise[links, :ANYHOW].any(axis=1)]]] = True
    moves = np.zeros((world.prices.classes.shape[0], count))
    room = Room(rises, np.zeros(count), np.zeros(count, dtype=np.int64), moves)
    sways(world, pool, stretches, rise, spread, room, found)
    return found


def costs_of_routes(
    world: World, pool: RoutePool, stretches: Stretches, state: FloatArray
) -> Table:
    """A table in which no link moves: what routes cost stands in ``base``."""
    none = np.zeros(0, dtype=np.int64)
    return _table(world, pool, stretches, state, _bundled(stretches, none, np.zeros(0), 0))


def table_of(
    world: World,
    pool: RoutePool,
    stretches: Stretches,
    state: FloatArray,
    sway: FloatArray,
    scarce: Scarce,
    most: int,
) -> Table:
    """What steps are worked out on.

    Parameters
    ----------
    world, pool, stretches, state
        The problem, its routes and its links.
    sway : array, shape (links,)
        How each link sways.
    scarce : Scarce
        Links that move wherever they are used.
    most : int
        Most links that are foreseen together: those that sway most.
    """
    used = state[scarce.link, VOLUME] > _USED * scarce.most
    moves = sway > _STILL
    moves[scarce.link[used]] = True
    link = np.flatnonzero(moves & (stretches.of >= 0))
    return _table(world, pool, stretches, state, _bundled(stretches, link, sway[link], most))


def _bundled(stretches: Stretches, link: IntArray, sway: FloatArray, most: int) -> Bundles:
    """Links by bundle: those that are foreseen together each alone, then those of a stretch."""
    chosen = np.argsort(-sway, kind="stable")[:most]
    chosen = np.sort(chosen[sway[chosen] > _SWAYS])
    others = np.setdiff1d(np.arange(link.size), chosen)
    stretch = stretches.of[link[others]]
    order = np.argsort(stretch, kind="stable")
    others, stretch = others[order], stretch[order]
    differs = np.ones(link.size, dtype=np.bool_)
    differs[chosen.size + 1 :] = stretch[1:] != stretch[:-1]
    links = link[np.concatenate([chosen, others]).astype(np.int64)]
    lies = stretches.of[links[differs]]
    at: IntArray = np.argsort(lies, kind="stable").astype(np.int64)
    first = np.searchsorted(lies[at], np.arange(stretches.begins.size)).astype(np.int64)
    of: IntArray = (np.cumsum(differs) - 1).astype(np.int64)
    return Bundles(links, of, chosen.size, first, at)


def _table(
    world: World, pool: RoutePool, stretches: Stretches, state: FloatArray, bundles: Bundles
) -> Table:
    prices, pairs = world.prices, world.pairs
    routes, classes = pool.flow.size, prices.classes.shape[0]
    count, joint = bundles.at.size, bundles.joint
    per_stretch = np.diff(bundles.first)
    table = Table(
        link=bundles.link,
        bundle=bundles.of,
        first=np.zeros(routes + 1, dtype=np.int64),
        at=np.zeros(int(per_stretch[stretches.at].sum()), dtype=np.int32),
        together=np.zeros(routes, dtype=np.int64),
        base=np.zeros(routes),
        perceived=np.zeros(routes),
        power=np.zeros(routes),
        flow=np.zeros(routes),
        spread=np.zeros(pairs.user.size),
        answer=np.zeros((pairs.user.size, 3)),
        amount=np.zeros(pairs.user.size),
        growth=np.zeros(pairs.user.size),
        load=np.ascontiguousarray(prices.tariff[:, bundles.link, LOAD]),
        cost=np.zeros((classes, count, 2)),
        gain=np.zeros((classes, joint)),
        carried=np.zeros((classes, count)),
        sums=np.zeros((joint, joint)),
        right=np.zeros(joint),
        share=np.zeros(joint),
        union=np.zeros(joint, dtype=np.int64),
        own=np.zeros(joint, dtype=np.int64),
    )
    moves = np.zeros(state.shape[0], dtype=np.bool_)
    moves[bundles.link] = True
    rest = np.zeros((classes, stretches.begins.size - 1))
    cost_of_rest(world, stretches, state, moves, rest)
    part_routes(world, pool, stretches, bundles, rest, table)
    return table


def put_costs(world: World, state: FloatArray, table: Table, rise: FloatArray) -> None:
    """Fill what bundles cost each class, and how that moves."""
    if not table.link.size:
        return
    prices, link = world.prices, table.link
    value, load = prices.classes[:, [VALUE]], table.load
    own, risen = state[link], rise[link]
    charged = own[:, SCARCITY]
    if prices.marginal:
        charged = charged + own[:, SLOPE] * own[:, MONEY]
    cost = value * own[:, DELAY] + prices.tariff[:, link, FIXED_COST] + load * charged
    begins = np.searchsorted(table.bundle, np.arange(table.cost.shape[1]))
    table.cost[:, :, 0] = np.add.reduceat(cost, begins, axis=1)
    table.cost[:, :, 1] = np.add.reduceat(load * risen[:, ANYHOW], begins, axis=1)
    joint = slice(0, table.right.size)
    table.gain[:] = value * risen[joint, OF_VALUE] + load[:, joint] * risen[joint, OF_LOAD]
