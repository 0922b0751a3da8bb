"""The equilibrium of a study's freight in a year: cargo, empties, prices of what is scarce."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.flows.arrays import RoutePool
from keruen.flows.curves.registry import BPR, QUEUE
from keruen.flows.demand import Demand, Users
from keruen.flows.equilibrium import Settings
from keruen.flows.freight.beginning import WAYS, routes_to_begin
from keruen.flows.freight.cargo import EMPTY, LOADED
from keruen.flows.freight.compile import Freight, link_costs
from keruen.flows.freight.pairs import Answer, Pairs, answering, no_pairs
from keruen.flows.freight.returns import Returned, returns
from keruen.flows.freight.zone_costs import zone_costs
from keruen.flows.links import Links, Network
from keruen.flows.routes import pair_of_routes
from keruen.flows.scarcity import Within, assign_within
from keruen.model import Model

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

RETURN_ROUNDS: Final = 2
"""Turns of equilibrium and return of empties: the second meets the prices of the first."""
AWAY_SPREADS: Final = 15.0
"""So many spreads dearer than its cheapest way being turned away is at least: between near zones a
multiple of what a way costs would be less than shippers care about."""
AGAIN: Final = 3
"""Times that a search which has not come to rest begins again."""
LEAST_SPREAD: Final = 1e-3
"""Dollars: below this a choice is as good as certain."""
LEAST_EMPTY: Final = 1e-6
"""Part of all empties of a kind below which a relation is left out."""
NEW_EMPTY: Final = 1e-5
"""The same of a relation that has none yet: its ways would have to be counted out."""


class Draw(NamedTuple):
    """What a draw or a scenario of numbers moves without compiling anew.

    Parameters
    ----------
    capacity : array or None, shape (links,)
        Capacities instead of those compiled.
    prices : array or None
        Factors of the prices, by ``Freight.terms.rows``.
    rounds : int
        Turns of equilibrium and return of empties, at least one.
    usual : Freight or None
        Network, with the same zones and classes, by whose least costs it goes what a unit would at
        most pay and how wide choices spread: a way that gets cheaper makes nobody want to pay less.
        None takes the network itself.
    near : Near or None
        A case with the same loaded pairs, not far off (:func:`near_to`): its network is the usual
        one, and empties return once, as they would at its prices from the part of the demand that
        it serves, instead of ``rounds`` times.
    """

    capacity: FloatArray | None = None
    prices: FloatArray | None = None
    rounds: int = RETURN_ROUNDS
    usual: Freight | None = None
    near: Near | None = None


class Near(NamedTuple):
    """What cases near one that is known share with it.

    Parameters
    ----------
    usual : list of array, shape (zones, zones)
        By class the least costs between zones on the empty network.
    at_prices : list of array
        The same of empties at the delays and prices of the case.
    served : array, shape (loaded pairs,)
        Part of the demand wanted at the reference cost that moves.
    """

    usual: list[FloatArray]
    at_prices: list[FloatArray]
    served: FloatArray


AS_COMPILED: Final = Draw()


class Start(NamedTuple):
    """Where a search begins: routes by pair, scarcity prices by link, and the pairs they are of."""

    pairs: Pairs
    routes: RoutePool
    price: FloatArray


class Flows(NamedTuple):
    """Who goes which way in a year.

    Parameters
    ----------
    freight : Freight
        The network.
    pairs : Pairs
        Loaded and empty pairs; the amounts are those wanted.
    within : Within
        Flows by class and link, routes and prices. Links beyond ``freight.drafts`` stand for being
        turned away.
    amount : array, shape (pairs,)
        Units that want to move at this cost, those turned away among them.
    refused : array, shape (pairs,)
        Units turned away, since no way was worth its price.
    cost : array, shape (pairs,)
        Expected cost of a unit.
    equipment : dict of str to Returned
        Empty equipment by kind.
    """

    freight: Freight
    pairs: Pairs
    within: Within
    amount: FloatArray
    refused: FloatArray
    cost: FloatArray
    equipment: dict[str, Returned]

    @property
    def start(self) -> Start:
        """Where a search for a neighbouring case may begin."""
        return Start(self.pairs, self.within.assignment.routes, self.within.price)


def spreads_usd(freight: Freight, pairs: Pairs, costs: list[FloatArray]) -> FloatArray:
    """Scale of what shippers see and the model does not, dollars a unit, by class.

    The share of each class of the mean cost of its demand on an empty network; of empties and of
    classes without demand, of the mean between all zones.
    """
    found = np.ones(len(freight.cargo))
    for number, one in enumerate(freight.cargo):
        own = pairs.user == number
        cost = costs[number][pairs.origin[own], pairs.destination[own]]
        weight = pairs.amount[own] * np.isfinite(cost)
        if weight.sum() <= 0.0:
            cost = costs[number].ravel()
            weight = (np.isfinite(cost) & (cost > 0.0)).astype(np.float64)
        if weight.sum() > 0.0:
            known = weight > 0.0
            found[number] = np.average(cost[known], weights=weight[known]) * one.spread_share
    return np.maximum(found, LEAST_SPREAD)


class _Problem(NamedTuple):
    """Network, classes and capacities with a direct link for every pair of zones besides."""

    network: Network
    users: Users
    capacity: FloatArray


def _with_refusals(
    freight: Freight, users: Users, spread: FloatArray, costs: list[FloatArray], draw: Draw
) -> _Problem:
    """The network with a direct link between any two zones that stands for being turned away.

    On it a unit pays what its class would at most: a multiple of the cheapest way of an empty
    network, or some spreads more than that where this is more. Where no way leads, it goes by the
    dearest that there is. Link ``o * zones + d``
    after those of the network leads from zone ``o`` to zone ``d``.
    """
    nodes = np.array(list(freight.zones.values()), dtype=np.int64)
    origin, destination = (ends.ravel() for ends in np.meshgrid(nodes, nodes, indexing="ij"))
    count = origin.size
    fixed = np.empty((len(freight.cargo), count))
    for number, one in enumerate(freight.cargo):
        cost = costs[number].ravel()
        reached = np.isfinite(cost)
        longest = float(cost[reached].max(initial=1.0))
        cost = np.where(reached, cost, longest)
        fixed[number] = np.maximum(
            one.reservation_ratio * cost, cost + AWAY_SPREADS * spread[number]
        )
    links = freight.network.links
    capacity = freight.capacity if draw.capacity is None else draw.capacity
    rows = np.zeros((links.tail.size + count, 4))
    rows[: links.tail.size] = links.rows
    rows[links.tail.size :, 1] = 1.0
    # What is closed keeps its curve: nobody meets it.
    queued = np.flatnonzero((links.kind == QUEUE) & np.isfinite(capacity) & (capacity > 0.0))
    rows[queued, 1] = capacity[queued] / freight.unevenness
    network = Network(
        Links(
            np.concatenate([links.tail, origin]),
            np.concatenate([links.head, destination]),
            np.concatenate([links.kind, np.full(count, BPR, dtype=np.int8)]),
            rows,
            # Being turned away shares nothing with any way, however long.
            np.concatenate([links.size, np.full(count, float(links.size.sum()))]),
        ),
        freight.network.passable,
    )
    none = np.zeros((len(freight.cargo), count))
    return _Problem(
        network,
        users._replace(
            load=np.concatenate([users.load, none], axis=1),
            fixed=np.concatenate([users.fixed, fixed], axis=1),
            theta=1.0 / spread,
            # Whoever would pay more is turned away: no dearer way is one worth the name.
            bound=np.array([one.reservation_ratio for one in freight.cargo]),
        ),
        np.concatenate([capacity, np.full(count, np.inf)]),
    )


def _empties(
    freight: Freight,
    shares: dict[str, FloatArray],
    loaded: Pairs,
    amount: FloatArray,
    costs: list[FloatArray],
    known: Pairs | None,
) -> tuple[Pairs, dict[str, Returned]]:
    """Empty pairs that the loaded ones leave, by kind of equipment; some may be known already."""
    zones = len(freight.zones)
    kind = np.array([one.equipment for one in freight.cargo], dtype=object)
    found: dict[str, Returned] = {}
    columns: list[Pairs] = []
    for number, one in enumerate(freight.cargo):
        if one.loaded != EMPTY or one.equipment not in shares:
            continue
        own = kind[loaded.user] == one.equipment
        received = _summed(loaded.destination[own], amount[own], zones)
        sent = _summed(loaded.origin[own], amount[own], zones)
        cost = costs[number]
        mean = float(cost[np.isfinite(cost)].mean()) if np.isfinite(cost).any() else 1.0
        back = returns(received, sent, shares[one.equipment], cost, one.spread_share * mean)
        found[one.equipment] = back
        least = np.full(back.flow.shape, LEAST_EMPTY if known is None else NEW_EMPTY)
        if known is not None:
            there = known.of(known.user == number)
            least[there.origin, there.destination] = LEAST_EMPTY
        origin, destination = np.nonzero(back.flow > least * back.flow.sum())
        columns.append(
            Pairs(
                np.full(origin.size, number, dtype=np.int64),
                origin.astype(np.int64),
                destination.astype(np.int64),
                back.flow[origin, destination],
            )
        )
    every = no_pairs()
    for own_pairs in columns:
        every = every.joined(own_pairs)
    return every, found


def _summed(places: IntArray, amounts: FloatArray, count: int) -> FloatArray:
    return np.bincount(places, amounts, count).astype(np.float64)


def _costs(
    freight: Freight, users: Users, delay: FloatArray | None = None, price: FloatArray | None = None
) -> list[FloatArray]:
    """Least costs between zones of every class; segments of a commodity each their own."""
    return list(zone_costs(freight, link_costs(freight, users, delay, price)))


def _at_rest(
    problem: _Problem,
    demand: Demand,
    settings: Settings,
    begin: RoutePool,
    price: FloatArray | None,
) -> Within:
    """An equilibrium; one that has not come to rest begins again from the routes it found.

    It does so without its prices and with them in turn: of random cases far too narrow for their
    demand about one in thirty needs it, and of those four in five come to rest.
    """
    given = problem.network, problem.users, demand, problem.capacity
    best = assign_within(*given, settings, begin, price)
    for again in range(AGAIN):
        if best.converged or not settings.widen:
            break
        settings = settings._replace(sized=True)
        asked = best.price if again % 2 else None
        found = assign_within(*given, settings, best.assignment.routes, asked)
        if found.converged or found.excess_share <= best.excess_share:
            best = found
    return best


def _refused(freight: Freight, pairs: Pairs, routes: RoutePool) -> FloatArray:
    """Units of each pair on the link that stands for being turned away."""
    away = routes.links[routes.first[:-1]] >= len(freight.drafts)
    refused = np.bincount(pair_of_routes(routes), routes.flow * away, pairs.amount.size)
    return refused.astype(np.float64)


def _joined_answer(answer: Answer | None, loaded: Pairs, pairs: Pairs, zones: int) -> Answer | None:
    """What loaded pairs answer to, in the order of all pairs; empties answer to nothing."""
    if answer is None:
        return None
    key, known = pairs.keys(zones), loaded.keys(zones)
    at = np.minimum(np.searchsorted(known, key), max(known.size - 1, 0))
    there = known[at] == key
    return Answer(
        np.where(there, answer.reference_usd[at], np.nan),
        np.where(there, answer.shift_usd[at], 0.0),
    )


def solve(
    freight: Freight,
    loaded: Pairs,
    shares: dict[str, FloatArray],
    settings: Settings,
    answer: Answer | None = None,
    start: Start | None = None,
    draw: Draw = AS_COMPILED,
) -> Flows:
    """Find the equilibrium of a year.

    Parameters
    ----------
    freight : Freight
        The network of a day in it.
    loaded : Pairs
        Loaded demand (:func:`keruen.flows.freight.pairs.loaded_pairs`).
    shares : dict of str to array, shape (zones,)
        By kind of equipment the part of what is left over at each zone that has to return
        (:func:`return_shares`). A kind that is not named does not return.
    settings : Settings
        Gap and rounds.
    answer : Answer or None
        What demand answers to; None where it is fixed.
    start : Start or None
        Flows of a neighbouring year or draw.
    draw : Draw
        Capacities and prices instead of those compiled.

    Returns
    -------
    Flows
    """
    users = freight.users(draw.prices)
    usual = _usual_costs(freight, users, draw)
    spread = spreads_usd(freight, loaded, usual)
    problem = _with_refusals(freight, users, spread, usual, draw)
    nodes = np.array(list(freight.zones.values()), dtype=np.int64)
    amount, turns = loaded.amount, draw.rounds if shares else 1
    if draw.near is not None:
        amount, at_prices, turns = amount * draw.near.served, draw.near.at_prices, 1
    else:
        at_prices = usual if draw.usual is None else _costs(freight, users)
    # Ways are counted out anew where nothing was known: after the last turn.
    survey = start is None if settings.survey is None else settings.survey
    while True:
        before = None if start is None else start.pairs
        empty, equipment = _empties(freight, shares, loaded, amount, at_prices, before)
        pairs = loaded.joined(empty)
        demand = answering(freight, pairs, nodes, _joined_answer(answer, loaded, pairs, nodes.size))
        demand = demand._replace(free_cost=_by_pair(usual, pairs))
        known = None if start is None else start[:2]
        empty_network = problem.network, problem.users, demand, problem.capacity
        begin = routes_to_begin(empty_network, pairs, nodes.size, known)
        price = None if start is None else start.price
        told = settings._replace(survey=survey and turns <= 1, ways=WAYS)
        within = _at_rest(problem, demand, told, begin, price)
        flows = _flows(freight, pairs, within, equipment)
        turns -= 1
        if turns < 1:
            return flows
        start, settings = flows.start, settings._replace(sized=True)
        amount = (flows.amount - flows.refused)[is_loaded(flows)]
        at_prices = _costs_at(freight, users, flows)


def near_to(flows: Flows, usual: Freight | None = None) -> Near:
    """What cases near a case share with it, worked out once for all of them.

    ``usual`` is the network by whose least costs it goes what a unit would at most pay, that of the
    case where none is given.
    """
    users = flows.freight.users()
    priced = flows.freight if usual is None else usual
    return Near(
        _costs(priced, priced.users()), _costs_at(flows.freight, users, flows), _served_share(flows)
    )


def _usual_costs(freight: Freight, users: Users, draw: Draw) -> list[FloatArray]:
    """Costs by which it goes what a unit would at most pay, and how wide choices spread."""
    if draw.near is not None:
        return draw.near.usual
    return _costs(freight, users) if draw.usual is None else _costs(draw.usual, draw.usual.users())


def _by_pair(costs: list[FloatArray], pairs: Pairs) -> FloatArray:
    """Cost of each pair, of costs between zones by class."""
    found = np.empty(pairs.amount.size)
    for number, cost in enumerate(costs):
        own = pairs.user == number
        found[own] = cost[pairs.origin[own], pairs.destination[own]]
    return found


def is_loaded(flows: Flows) -> NDArray[np.bool_]:
    """Which pairs are of loaded cargo."""
    return np.array([one.loaded == LOADED for one in flows.freight.cargo])[flows.pairs.user]


def _served_share(flows: Flows) -> FloatArray:
    """Part of the demand wanted at the reference cost that moves, by loaded pair."""
    own = is_loaded(flows)
    return np.asarray(
        ((flows.amount - flows.refused)[own]) / flows.pairs.amount[own], dtype=np.float64
    )


def _costs_at(freight: Freight, users: Users, flows: Flows) -> list[FloatArray]:
    """Least costs between zones at the delays and scarcity prices of a case; of empties alone."""
    own = len(freight.drafts)
    by_link = link_costs(
        freight, users, flows.within.assignment.delay[:own], flows.within.price[:own]
    )
    empties = np.array([cargo.loaded == EMPTY for cargo in freight.cargo], dtype=np.bool_)
    found = iter(zone_costs(freight, by_link[empties]))
    none = np.zeros((0, 0))
    return [next(found) if empty else none for empty in empties.tolist()]


def _flows(freight: Freight, pairs: Pairs, within: Within, equipment: dict[str, Returned]) -> Flows:
    refused = _refused(freight, pairs, within.assignment.routes)
    return Flows(
        freight,
        pairs,
        within,
        within.assignment.amount,
        refused,
        within.assignment.cost,
        equipment,
    )


def return_shares(model: Model, freight: Freight) -> dict[str, FloatArray]:
    """By kind of equipment the part of what is left over at each zone that returns.

    That of the kind; of containers that of the zone, where the study gives one.
    """
    found = {}
    zones = list(freight.zones)
    for one in freight.cargo:
        if one.loaded != EMPTY:
            continue
        kind = model.text("equipment", one.equipment, "kind")
        share = model.number("equipment", one.equipment, "returns_share")
        usual = 1.0 if share is None else share
        own = [
            model.number("zones", zone, "empty_return_share") if kind == "container" else None
            for zone in zones
        ]
        found[one.equipment] = np.array([usual if part is None else part for part in own])
    return found
