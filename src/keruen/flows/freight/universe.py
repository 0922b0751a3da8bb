"""Routes of several cases put together: a set that no further case changes.

With routes taken in as they are found, what is computed depends on the way there: a case may jump
because somebody found a route. Cases that are to be compared share the routes of all of them, and
take in no other (``widen=False``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import RoutePool
from keruen.flows.freight.cargo import EMPTY, Cargo
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.pairs import Pairs
from keruen.flows.freight.solve import Flows, Start
from keruen.flows.route_sets import LEAST_SHARE

IntArray = NDArray[np.int64]

Key = tuple[str, str, str, str]
"""Commodity and kind of empty equipment, of which one is empty; zones of origin, destination."""
Way = tuple[int, ...]


class Universe:
    """Routes by what moves and between which zones, of cases on networks of one study.

    Links are known by where they lead and what they stand for, so that networks of other days can
    have them too. Classes of a commodity that differ from year to year, by what is felt of a
    crossing, share their routes. Being turned away is a route of every pair, as it is of a case
    that has routes of its own: a pair whose ways are all closed then gets no others.
    """

    def __init__(self) -> None:
        self._known: dict[Key, dict[Way, float]] = {}
        self._numbers: dict[tuple[object, ...], int] = {}
        self._prices: dict[int, float] = {}

    def __len__(self) -> int:
        """Routes known."""
        return sum(map(len, self._known.values()))

    def _links(self, freight: Freight) -> IntArray:
        """Number of each link of a network."""
        numbers = self._numbers
        found = [numbers.setdefault(tuple(one[:7]), len(numbers)) for one in freight.drafts]
        return np.array(found, dtype=np.int64)

    def add(self, flows: Flows) -> None:
        """Take in the routes of a case, and its prices as those to begin with."""
        pool, pairs, own = flows.within.assignment.routes, flows.pairs, len(flows.freight.drafts)
        number = self._links(flows.freight)
        is_way = pool.links[pool.first[:-1]] < own
        link = number[np.minimum(pool.links, own - 1)].tolist()
        first, flow, ends = pool.first.tolist(), pool.flow.tolist(), pool.pair_first.tolist()
        amount, there = pairs.amount.tolist(), is_way.tolist()
        for at, key in enumerate(_keys(flows.freight, pairs)):
            ways = self._known.setdefault(key, {})
            for route in range(ends[at], ends[at + 1]):
                if there[route]:
                    way = tuple(link[first[route] : first[route + 1]])
                    ways[way] = flow[route] / amount[at] if amount[at] > 0.0 else 0.0
        self._prices = dict(zip(number.tolist(), flows.within.price[:own].tolist(), strict=True))

    def start(self, freight: Freight, loaded: Pairs) -> Start:
        """Routes of a case to begin with, and for every pair that of being turned away.

        Parameters
        ----------
        freight : Freight
            Network of the case.
        loaded : Pairs
            Its loaded demand. Empties have all pairs that they had in any case.
        """
        zones, links = list(freight.zones), len(freight.drafts)
        at_zone = {zone: at for at, zone in enumerate(zones)}
        number = self._links(freight)
        place = {one: at for at, one in enumerate(number.tolist())}
        empty = {one.equipment: at for at, one in enumerate(freight.cargo) if one.loaded == EMPTY}
        columns = (column.tolist() for column in loaded[:3])
        known = dict(zip(zip(*columns, strict=True), _keys(freight, loaded), strict=True))
        for key in self._known:
            if key[1] in empty and key[2] in at_zone and key[3] in at_zone:
                known[empty[key[1]], at_zone[key[2]], at_zone[key[3]]] = key
        every: list[tuple[Way, float]] = []
        counts, order = [0], sorted(known)
        for pair in order:
            for way, share in self._known.get(known[pair], {}).items():
                if all(one in place for one in way):
                    every.append((tuple(place[one] for one in way), max(share, LEAST_SHARE)))
            every.append(((links + pair[1] * len(zones) + pair[2],), LEAST_SHARE))
            counts.append(len(every))
        pool = RoutePool(
            np.array(counts, dtype=np.int64),
            np.cumsum([0, *(len(way) for way, _ in every)], dtype=np.int64),
            np.array([one for way, _ in every for one in way], dtype=np.int32),
            np.array([share for _, share in every]),
            np.zeros(len(every)),
        )
        user, origin, destination = np.array(order, dtype=np.int64).reshape(-1, 3).T.copy()
        price = np.zeros(links + len(zones) ** 2)
        price[:links] = [self._prices.get(one, 0.0) for one in number.tolist()]
        return Start(Pairs(user, origin, destination, np.ones(len(order))), pool, price)


def _what(cargo: Cargo) -> tuple[str, str]:
    return ("", cargo.equipment) if cargo.loaded == EMPTY else (cargo.commodity, "")


def _keys(freight: Freight, pairs: Pairs) -> list[Key]:
    what, zones = [_what(one) for one in freight.cargo], list(freight.zones)
    columns = (column.tolist() for column in pairs[:3])
    return [(*what[user], zones[o], zones[d]) for user, o, d in zip(*columns, strict=True)]
