"""Networks and trip tables in the TNTP format, in which the field keeps its test problems.

The format is that of the README of the repository bstabler/TransportationNetworks: metadata in
angle brackets up to ``<END OF METADATA>``, comments from ``~``, one link a line, ten fields and a
semicolon; trip tables by origin, ``destination : flow ;``. The generalised cost of a link is

    free time * (1 + b * (flow / capacity) ** power) + toll factor * toll + distance factor * length

with the factors of the metadata (``<TOLL FACTOR>``, ``<DISTANCE FACTOR>``), or given by whoever
reads where a network states them elsewhere. Nodes are counted from 1 in the files and from 0 here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, Problem, StudyError
from keruen.exchange.tntp_heading import FIELDS, USED, Order, order_of
from keruen.exchange.tntp_text import (
    LEAST_CAPACITY,
    MOST,
    MOST_CAPACITY,
    MOST_NODES,
    MOST_POWER,
    Findings,
    Text,
    amount,
    end_row,
    factor_tag,
    node,
    read_text,
    taken,
    tell_unknown,
    whole_tag,
)
from keruen.exchange.tntp_trips import FACTORS, TOTAL, ZONES, Table, read_table
from keruen.flows.demand import Demand, Users, users_of
from keruen.flows.links import Curves, Network, bpr_links, network_of
from keruen.model.findings import cut

_CAPACITY, _LENGTH, _POWER, _TOLL = 2, 3, 6, 8
_MOST: Final = {_CAPACITY: MOST_CAPACITY, _POWER: MOST_POWER}
_NODES, _LINKS, _THROUGH = "NUMBER OF NODES", "NUMBER OF LINKS", "FIRST THRU NODE"
_NETWORK_TAGS: Final = (_NODES, ZONES, _LINKS, _THROUGH)
_TAGS: Final = frozenset({*_NETWORK_TAGS, *FACTORS, TOTAL, "ORIGINAL HEADER"})
_NODES_PER_LINK: Final = 10
_NODES_AT_LEAST: Final = 1000
_MOST_DIGITS: Final = 150
"""Digits that a time may have: the solver multiplies two of them, and a double has 308."""


class Weights(NamedTuple):
    """Factors of the generalised cost; None takes that of the metadata, or 0 without one.

    Parameters
    ----------
    toll, distance : float or None
        Cost per unit of toll and of length, in units of time.
    """

    toll: float | None = None
    distance: float | None = None


FROM_FILE: Final = Weights()


class FileLinks(NamedTuple):
    """Every link of a file in its order, those that can carry nothing among them.

    Parameters
    ----------
    tail, head : array of int, shape (lines,)
        Nodes, counted from 0.
    row : array of int, shape (lines,)
        Line of the file.
    open : array of bool, shape (lines,)
        Whether the link is one of the network.
    """

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    row: NDArray[np.int64]
    open: NDArray[np.bool_]


class TntpProblem(NamedTuple):
    """An assignment problem as read.

    Parameters
    ----------
    network : Network
        Links and nodes; links that can carry nothing are no part of it.
    users : Users
        The one class of users, which pays time and the weighted tolls and lengths.
    demand : Demand
        Trips above nought, in the order of the file.
    warnings : tuple of Problem
        What is odd and was read anyway.
    file_links : FileLinks
        The links of the file.
    trip_rows : array of int, shape (pairs,)
        Line of the trip table that each pair stands in.
    """

    network: Network
    users: Users
    demand: Demand
    warnings: tuple[Problem, ...]
    file_links: FileLinks
    trip_rows: NDArray[np.int64]


class _Net(NamedTuple):
    """A network file as read; tolls, lengths and factors in the order of :data:`FACTORS`."""

    network: Network
    zones: int | None
    file_links: FileLinks
    extras: NDArray[np.float64]
    factors: tuple[float | None, ...]
    findings: Findings


def _link(
    row: int, parts: list[str], order: Order, nodes: int | None, findings: Findings
) -> list[float]:
    """Numbers of one link; what is wrong with them is told."""
    values = [0.0] * len(FIELDS)
    before = findings.errors
    for field in USED:
        at, told = (row, FIELDS[field]), parts[order.places[field]]
        if field < _CAPACITY:
            values[field] = node(told, nodes, at, findings)
        else:
            values[field] = amount(told, at, findings, _MOST.get(field, MOST))
    if findings.errors == before and _grows(values) and 0.0 < values[_CAPACITY] < LEAST_CAPACITY:
        at = (row, FIELDS[_CAPACITY])
        findings.tell("tntp_too_small", *at, value=values[_CAPACITY], limit=LEAST_CAPACITY)
    elif findings.errors == before and values[_CAPACITY] == 0.0 and _grows(values):
        tail, head = int(values[0]) + 1, int(values[1]) + 1
        findings.warn("tntp_no_capacity", row, FIELDS[_CAPACITY], origin=tail, destination=head)
    return values


def _grows(values: list[float]) -> bool:
    """Whether the time of a link depends on its flow."""
    return values[4] * values[5] != 0.0 and values[_POWER] != 0.0


def _links(text: Text, nodes: int | None) -> Iterator[tuple[int, list[float]]]:
    """Line and numbers of every link that can be read."""
    lines, heading = _link_lines(text)
    first = len(_fields(lines[0][1])[0]) if lines else 0
    order = order_of(heading, first, text.findings)
    for row, line in lines:
        parts, behind, ended = _fields(line)
        if len(parts) == order.width and behind and not ended:
            text.findings.warn("tntp_behind_link", row, value=cut(" ".join(behind)))
        else:
            parts += behind
        if len(parts) != order.width:
            count, wanted = len(parts), order.width
            text.findings.tell("tntp_field_count", row, count=count, wanted=wanted)
        else:
            yield row, _link(row, parts, order, nodes, text.findings)


def _fields(line: str) -> tuple[list[str], list[str], bool]:
    """Fields before the first semicolon of a line and behind it, and whether there is another."""
    fields, _, rest = line.partition(";")
    return fields.split(), rest.replace(";", " ").split(), ";" in rest


def _link_lines(text: Text) -> tuple[list[tuple[int, str]], tuple[int, str] | None]:
    """Lines of links, and the heading, before which the ``~`` may be missing."""
    if text.body and not any(sign.isdigit() for sign in text.body[0][1]):
        return text.body[1:], text.body[0]
    return text.body, text.heading


def _check_links(text: Text, stated: int | None, links: int) -> None:
    """Tell where there are no links, or another number of them than the metadata state."""
    if links == 0:
        text.findings.tell("tntp_no_links", end_row(text))
    elif stated is not None and stated != links:
        code = "tntp_links_fewer" if links < stated else "tntp_links_more"
        text.findings.warn(code, text.tags[_LINKS][1], stated=stated, found=links)


def _check_counts(text: Text, counts: tuple[int, int | None, int], links: int) -> None:
    """Tell numbers of nodes and zones that cannot be, each by itself or beside the others."""
    nodes, zones, through = counts
    tell, tags = text.findings.tell, text.tags
    limit = min(MOST_NODES, _NODES_PER_LINK * links + _NODES_AT_LEAST)
    if nodes > limit:
        row = tags[_NODES][1] if _NODES in tags else end_row(text)
        tell("tntp_nodes_many", row, value=nodes, links=links, limit=limit)
        return
    if zones is not None and zones > nodes:
        tell("tntp_zones_many", tags[ZONES][1], zones=zones, nodes=nodes)
    if through > nodes + 1:
        row = tags[_THROUGH][1]
        tell("tntp_first_through", row, value=through, nodes=nodes, limit=nodes + 1)


def _net(path: Path) -> _Net:
    text = read_text(path, "_net.tntp")
    nodes, zones, stated, through = (whole_tag(text, name) for name in _NETWORK_TAGS)
    factors = tuple(factor_tag(text, name) for name in FACTORS)
    read = list(_links(text, nodes))
    found = len(_link_lines(text)[0])
    _check_links(text, stated, found)
    numbers = np.array([values for _, values in read]).reshape(-1, len(FIELDS))
    if nodes is None:
        nodes = taken(text, _NODES, int(numbers[:, :2].max(initial=0.0)) + 1)
    taken(text, _LINKS, found)
    first = through or taken(text, _THROUGH, 1)
    _check_counts(text, (nodes, zones, first), found)
    tell_unknown(text, _TAGS)
    if text.findings.errors:
        raise StudyError(text.findings.problems())
    tail, head, capacity, length, free, b, power = numbers[:, :7].T
    opened = (capacity > 0.0) | (free * b == 0.0) | (power == 0.0)
    curves = Curves(free[opened], capacity[opened], b[opened], power[opened])
    links = bpr_links(tail[opened], head[opened], curves)
    rows = np.array([row for row, _ in read], dtype=np.int64)
    file_links = FileLinks(tail.astype(np.int64), head.astype(np.int64), rows, opened)
    extras = np.stack([numbers[opened, _TOLL], length[opened]])
    network = network_of(links, first - 1, nodes)
    return _Net(network, zones, file_links, extras, factors, text.findings)


def _users(net: _Net, weights: Weights, table: Table | None) -> Users:
    """The class of users, with factors given, of the trip table, of the network, or none."""
    fixed = np.zeros(net.extras.shape[1])
    for at, given in enumerate(weights):
        own, (others, row) = net.factors[at], table.factors[at] if table else (None, 0)
        if table and given is None and None not in (own, others) and own != others:
            table.findings.warn(
                "tntp_factor_differs", row, tag=FACTORS[at], value=others, other=own
            )
        known = [one for one in (given, others, own) if one is not None]
        fixed += (known[0] if known else 0.0) * net.extras[at]
    return users_of(fixed.size, fixed=fixed)


def read_network(path: Path, weights: Weights = FROM_FILE) -> tuple[Network, Users, int]:
    """Read a network file.

    Parameters
    ----------
    path : Path
        ``NAME_net.tntp``.
    weights : Weights
        Factors of the generalised cost.

    Returns
    -------
    Network
        Links, and nodes below the first through node closed to routes that pass. Links without
        capacity whose time grows with their flow are left out.
    Users
        One class.
    int
        Number of zones; of nodes where the file does not state it.

    Raises
    ------
    FailedError
        When the file cannot be read.
    StudyError
        With every malformed line.
    """
    found = _net(path)
    zones = found.zones or found.network.passable.size
    return found.network, _users(found, weights, None), zones


def read_trips(path: Path, zones: int | None = None) -> tuple[Demand, tuple[Problem, ...]]:
    """Read a trip table.

    Parameters
    ----------
    path : Path
        ``NAME_trips.tntp``.
    zones : int or None
        Number of zones of the network, if it is to be held against.

    Returns
    -------
    Demand
        Trips above nought.
    tuple of Problem
        A warning where the sum is not the total that the file states.

    Raises
    ------
    FailedError, StudyError
        As :func:`read_network` does.
    """
    found = read_table(path, zones)
    return found.demand, tuple(found.findings.problems())


def _check_times(net: _Net, table: Table) -> None:
    """Tell links whose time, with all trips on them, is no number that can be computed with."""
    free, capacity, b, power = net.network.links.rows.T
    demand = table.demand
    trips = float(demand.amount[demand.origin != demand.destination].sum())
    grows = (free * b > 0.0) & (power > 0.0)
    if not trips > 0.0 or not grows.any():
        return
    digits = np.zeros(free.size)
    digits[grows] = np.log10(free[grows] * b[grows])
    digits[grows] += power[grows] * np.log10(trips / capacity[grows])
    rows = net.file_links.row[net.file_links.open]
    for at in np.flatnonzero(digits > _MOST_DIGITS).tolist():
        place = (int(rows[at]), FIELDS[_POWER])
        told = int(digits[at])
        net.findings.tell(
            "tntp_time_overflow", *place, trips=trips, digits=told, limit=_MOST_DIGITS
        )
    if net.findings.errors:
        raise StudyError(net.findings.problems())


def read_tntp(net: Path, trips: Path, weights: Weights = FROM_FILE) -> TntpProblem:
    """Read a network and its trip table; see :func:`read_network` and :func:`read_trips`.

    Raises
    ------
    FailedError
        When a file cannot be read.
    StudyError
        With every malformed line of both files, and links whose time would overflow.
    """
    read: _Net | None = None
    table: Table | None = None
    unread: list[Problem] = []
    problems: list[Problem] = []
    try:
        read = _net(net)
    except FailedError as failure:
        unread += failure.problems
    except StudyError as failure:
        problems += failure.problems
    try:
        nodes = read.network.passable.size if read else None
        table = read_table(trips, read.zones if read else None, nodes)
    except FailedError as failure:
        unread += failure.problems
    except StudyError as failure:
        problems += failure.problems
    if unread:
        raise FailedError(unread)
    if read is None or table is None:
        raise StudyError(problems)
    _check_times(read, table)
    users = _users(read, weights, table)
    warnings = (*read.findings.problems(), *table.findings.problems())
    return TntpProblem(read.network, users, table.demand, warnings, read.file_links, table.rows)
