"""What cannot be right in the arrays of a problem, told all at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Problem, Severity
from keruen.flows.arrays import EXPONENTIAL, FIXED, POWER, RoutePool
from keruen.flows.curves.registry import BPR, QUEUE
from keruen.flows.demand import Demand, Users
from keruen.flows.links import Network
from keruen.jit import flat_kernel

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

_SHOWN: Final = 20


def _told(code: str, where: BoolArray, severity: Severity = Severity.ERROR) -> list[Problem]:
    """A problem for each place that a mask names, the first ones one by one."""
    at = np.flatnonzero(where)
    told = [Problem(severity, code, params={"number": int(one)}) for one in at[:_SHOWN]]
    if at.size > _SHOWN:
        more = {"code_told": code, "more": int(at.size - _SHOWN)}
        told.append(Problem(severity, "and_more", params=more))
    return told


def _shapes(network: Network, users: Users, demand: Demand) -> list[Problem]:
    links, pairs = network.links.tail.size, demand.amount.size
    classes = users.value.size
    wanted: list[tuple[str, tuple[NDArray[np.generic] | None, ...], list[tuple[int, ...]]]] = [
        ("links", network.links, [(links,)] * 3 + [(links, 4), (links,)]),
        ("users", users[:4], [(classes,), (classes, links), (classes, links), (classes,)]),
        ("users", users[4:], [(classes,)]),
        ("demand", demand, [(pairs,)] * 8),
    ]
    return [
        Problem(Severity.ERROR, "flow_array_shape", params={"name": name})
        for name, arrays, shapes in wanted
        if any(
            array is not None and array.shape != shape
            for array, shape in zip(arrays, shapes, strict=True)
        )
    ]


def _outside(numbers: NDArray[np.int64], count: int) -> BoolArray:
    return (numbers < 0) | (numbers >= count)


def _link_findings(network: Network) -> list[Problem]:
    links = network.links
    nodes = network.passable.size
    free, capacity, factor, shape = links.rows.T
    finite = np.isfinite(links.rows).all(axis=1)
    bpr, queue = links.kind == BPR, links.kind == QUEUE
    moves = (bpr & (factor * free != 0.0) & (shape != 0.0)) | queue
    found = _told("flow_link_node", _outside(links.tail, nodes) | _outside(links.head, nodes))
    found += _told("flow_link_curve", ~(bpr | queue) | ~finite)
    found += _told("flow_link_negative", finite & ((free < 0.0) | (factor < 0.0) | (shape < 0.0)))
    found += _told("flow_link_capacity", finite & moves & (capacity <= 0.0))
    found += _told("flow_link_ceiling", finite & queue & (shape >= 1.0))
    return found + _told("flow_link_size", ~(np.isfinite(links.size) & (links.size > 0.0)))


def _bad(values: NDArray[np.float64]) -> BoolArray:
    return ~(np.isfinite(values) & (values >= 0.0))


def _user_findings(users: Users) -> list[Problem]:
    found = _told("flow_user_value", _bad(users.value) | ~(users.theta > 0.0))
    if users.bound is not None:
        found += _told("flow_user_bound", ~((users.bound >= 1.0) | (users.bound == 0.0)))
    found += _told("flow_user_load", np.logical_or.reduce(_bad(users.load)))
    return found + _told("flow_user_cost", np.logical_or.reduce(_bad(users.fixed)))


def _demand_findings(network: Network, users: Users, demand: Demand) -> list[Problem]:
    nodes = network.passable.size
    ends = _outside(demand.origin, nodes) | _outside(demand.destination, nodes)
    found = _told("flow_pair_node", ends | _outside(demand.user, users.value.size))
    found += _told("flow_pair_amount", ~(np.isfinite(demand.amount) & (demand.amount >= 0.0)))
    answers = demand.response != FIXED
    known = np.isin(demand.response, (FIXED, EXPONENTIAL, POWER))
    parameters = (demand.elasticity > 0.0) & (demand.reference_cost > 0.0)
    finite = np.isfinite(demand.elasticity) & np.isfinite(demand.reference_cost)
    found += _told("flow_pair_response", ~known | (answers & ~(parameters & finite)))
    # The expected least cost of a logit may be nought or less, which a power cannot answer to.
    inside = np.clip(demand.user, 0, users.theta.size - 1)
    stochastic = np.isfinite(users.theta[inside])
    found += _told("flow_pair_power_of_logit", (demand.response == POWER) & stochastic)
    by = np.lexsort((demand.destination, demand.origin, demand.user))
    keys = np.stack([demand.user[by], demand.origin[by], demand.destination[by]])
    again = np.zeros(by.size, dtype=np.bool_)
    again[by[1:]] = (keys[:, 1:] == keys[:, :-1]).all(axis=0)
    return found + _told("flow_pair_doubled", again)


def check_problem(network: Network, users: Users, demand: Demand) -> list[Problem]:
    """Find everything in the arrays that makes an answer impossible.

    Parameters
    ----------
    network, users, demand
        The problem; numbers in what is told are positions counted from 0.

    Returns
    -------
    list of Problem
        Empty when the problem can be solved.
    """
    found = _shapes(network, users, demand)
    if found:
        return found
    found = _link_findings(network) + _user_findings(users)
    return found + _demand_findings(network, users, demand)


def check_limits(
    network: Network, demand: Demand, capacity: NDArray[np.float64], price: NDArray[np.float64]
) -> list[Problem]:
    """Find hard capacities, and prices of them to begin with, that cannot be.

    Returns
    -------
    list of Problem
        Empty when all are numbers not below nought, where a capacity may be infinite.
    """
    shape = network.links.tail.shape
    if capacity.shape != shape or price.shape != shape:
        return [Problem(Severity.ERROR, "flow_array_shape", params={"name": "capacity"})]
    found = _told("flow_limit_negative", ~(capacity >= 0.0))
    return found + _told("flow_limit_price", _bad(price))


class Ends(NamedTuple):
    """Where links and pairs begin and end, and which nodes routes may pass; all of int."""

    tail: IntArray
    head: IntArray
    passable: IntArray
    origin: IntArray
    destination: IntArray


@flat_kernel
def _find_broken(ends: Ends, start: RoutePool, seen: IntArray, broken: BoolArray) -> None:
    """Mark routes that do not lead from origin to destination, or pass a node twice."""
    for pair in range(ends.origin.size):
        for route in range(start.pair_first[pair], start.pair_first[pair + 1]):
            node = ends.origin[pair]
            begin, end = start.first[route], start.first[route + 1]
            for at in range(begin, end):
                link = start.links[at]
                if ends.tail[link] != node or (at > begin and ends.passable[node] == 0):
                    broken[route] = True
                node = ends.head[link]
                # A node entered twice is a circle, in which a link could count twice.
                if seen[node] == route:
                    broken[route] = True
                seen[node] = route
            if node != ends.destination[pair]:
                broken[route] = True


def check_start(network: Network, demand: Demand, start: RoutePool) -> list[Problem]:
    """Find routes to begin with that do not lead from the origin to the destination of their pair.

    Returns
    -------
    list of Problem
        Empty when the routes fit.
    """
    links = network.links
    counts = np.diff(start.pair_first)
    lengths = np.diff(start.first)
    if (
        counts.size != demand.amount.size
        or (lengths <= 0).any()
        or (start.flow.size != counts.sum())
    ):
        return [Problem(Severity.ERROR, "flow_array_shape", params={"name": "start"})]
    if _outside(start.links.astype(np.int64), links.tail.size).any():
        return [Problem(Severity.ERROR, "flow_array_shape", params={"name": "start.links"})]
    broken = ~np.isfinite(start.flow)
    ends = (links.tail, links.head, network.passable, demand.origin, demand.destination)
    _find_broken(
        Ends(*(np.ascontiguousarray(one, dtype=np.int64) for one in ends)),
        start,
        np.full(network.passable.size, -1, dtype=np.int64),
        broken,
    )
    return _told("flow_route_broken", broken)


def pair_findings(demand: Demand) -> tuple[BoolArray, list[Problem]]:
    """Which pairs are to be served, and what is told of the others.

    Returns
    -------
    array of bool, shape (pairs,)
        False where nothing is to be moved or demand goes to itself.
    list of Problem
        A warning for demand that goes to itself.
    """
    itself = (demand.origin == demand.destination) & (demand.amount > 0.0)
    wanted = (demand.origin != demand.destination) & (demand.amount > 0.0)
    return wanted, _told("flow_pair_to_itself", itself, Severity.WARNING)


def unreachable(demand: Demand, pairs: Iterable[int]) -> list[Problem]:
    """A problem for each pair with demand that no route leads to."""
    lost = np.zeros(demand.amount.size, dtype=np.bool_)
    lost[np.asarray(pairs, dtype=np.int64)] = True
    return _told("flow_pair_unreachable", lost)
