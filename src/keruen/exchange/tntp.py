"""Networks and trip tables in the TNTP format, in which the field keeps its test problems.

The format is that of the README of the repository bstabler/TransportationNetworks: metadata in
angle brackets up to ``<END OF METADATA>``, comments from ``~``, one link a line, ten fields and a
semicolon; trip tables by origin, ``destination : flow ;``. The generalised cost of a link is

    free time * (1 + b * (flow / capacity) ** power) + toll factor * toll + distance factor * length

with the factors of the metadata (``<TOLL FACTOR>``, ``<DISTANCE FACTOR>``), or given by whoever
reads where a network states them elsewhere. Nodes are counted from 1 in the files and from 0 here.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, Problem, StudyError
from keruen.exchange.tntp_text import (
    LEAST_CAPACITY,
    MOST,
    MOST_CAPACITY,
    MOST_NODES,
    MOST_POWER,
    Findings,
    Text,
    amount,
    factor_tag,
    is_number,
    node,
    read_text,
    whole_tag,
)
from keruen.flows.demand import Demand, Users, demand_of, users_of
from keruen.flows.links import Curves, Network, bpr_links, network_of
from keruen.model.findings import cut

FIELDS: Final = (
    "init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed",
    "toll", "link_type",
)  # fmt: skip
"""Fields of a link, in the order of the file; speed and type are not used and may be anything."""

_USED: Final = (0, 1, 2, 3, 4, 5, 6, 8)
_CAPACITY, _POWER = 2, 6
_MOST: Final = {_CAPACITY: MOST_CAPACITY, _POWER: MOST_POWER}
_NETWORK_TAGS: Final = ("NUMBER OF NODES", "NUMBER OF ZONES", "NUMBER OF LINKS", "FIRST THRU NODE")
_ZONES: Final = "NUMBER OF ZONES"
_NODES_PER_LINK: Final = 10
_NODES_AT_LEAST: Final = 1000
_TOTAL_WITHIN: Final = 1e-3
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
    """A network file as read."""

    network: Network
    users: Users
    zones: int
    file_links: FileLinks
    findings: Findings


class _Table(NamedTuple):
    """A trip table as read."""

    demand: Demand
    rows: NDArray[np.int64]
    findings: Findings


def _link(row: int, parts: list[str], nodes: int | None, findings: Findings) -> list[float]:
    """Numbers of one link; what is wrong with them is told."""
    values = [0.0] * len(FIELDS)
    before = findings.errors
    for field in _USED:
        at = (row, FIELDS[field])
        if field < _CAPACITY:
            values[field] = node(parts[field], nodes, at, findings)
        else:
            values[field] = amount(parts[field], at, findings, _MOST.get(field, MOST))
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
    for row, line in _link_lines(text):
        fields, _, rest = line.partition(";")
        parts, behind = fields.split(), rest.replace(";", " ").split()
        if len(parts) == len(FIELDS) and behind and ";" not in rest:
            text.findings.warn("tntp_behind_link", row, value=cut(rest.strip()))
        else:
            parts += behind
        if len(parts) != len(FIELDS):
            count, wanted = len(parts), len(FIELDS)
            text.findings.tell("tntp_field_count", row, count=count, wanted=wanted)
        else:
            yield row, _link(row, parts, nodes, text.findings)


def _link_lines(text: Text) -> list[tuple[int, str]]:
    """Lines of links: without the names of the fields where no ``~`` stands before them."""
    named = text.body and not any(sign.isdigit() for sign in text.body[0][1])
    return text.body[1:] if named else text.body


def _check_counts(text: Text, counts: tuple[int | None, ...], links: int) -> None:
    """Tell numbers of the metadata that cannot be, each by itself or beside the others."""
    nodes, zones, stated, through = counts
    tell, tags = text.findings.tell, text.tags
    if stated is not None and stated != links:
        tell("tntp_link_count", tags["NUMBER OF LINKS"][1], stated=stated, found=links)
    if nodes is None:
        return
    limit = min(MOST_NODES, _NODES_PER_LINK * links + _NODES_AT_LEAST)
    if nodes > limit:
        row = tags["NUMBER OF NODES"][1]
        tell("tntp_nodes_many", row, value=nodes, links=links, limit=limit)
        return
    if zones is not None and zones > nodes:
        tell("tntp_zones_many", tags[_ZONES][1], zones=zones, nodes=nodes)
    if through is not None and through > nodes + 1:
        row = tags["FIRST THRU NODE"][1]
        tell("tntp_first_through", row, value=through, nodes=nodes, limit=nodes + 1)


def _net(path: Path, weights: Weights) -> _Net:
    text = read_text(path, "_net.tntp")
    nodes, zones, stated, through = (whole_tag(text, name) for name in _NETWORK_TAGS)
    toll = factor_tag(text, "TOLL FACTOR") if weights.toll is None else weights.toll
    distance = factor_tag(text, "DISTANCE FACTOR") if weights.distance is None else weights.distance
    read = list(_links(text, nodes))
    _check_counts(text, (nodes, zones, stated, through), len(_link_lines(text)))
    if text.findings.errors or nodes is None or zones is None or through is None:
        raise StudyError(text.findings.problems())
    numbers = np.array([values for _, values in read]).reshape(-1, len(FIELDS))
    tail, head, capacity, length, free, b, power = numbers[:, :7].T
    opened = (capacity > 0.0) | (free * b == 0.0) | (power == 0.0)
    curves = Curves(free[opened], capacity[opened], b[opened], power[opened])
    links = bpr_links(tail[opened], head[opened], curves)
    fixed = toll * numbers[opened, 8] + distance * length[opened]
    rows = np.array([row for row, _ in read], dtype=np.int64)
    file_links = FileLinks(tail.astype(np.int64), head.astype(np.int64), rows, opened)
    users = users_of(int(opened.sum()), fixed=fixed)
    return _Net(network_of(links, through - 1, nodes), users, zones, file_links, text.findings)


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
        Number of zones.

    Raises
    ------
    FailedError
        When the file cannot be read.
    StudyError
        With every malformed line.
    """
    found = _net(path, weights)
    return found.network, found.users, found.zones


class _Items(NamedTuple):
    """Line, origin, destination and flow of every item of a trip table, noughts among them."""

    row: array[int]
    origin: array[int]
    destination: array[int]
    flow: array[float]


def _trips(text: Text, zones: int | None) -> _Items:
    """Every item that can be read; what is wrong with the others is told."""
    findings = text.findings
    origin: int | None = None
    items = _Items(array("q"), array("q"), array("q"), array("d"))
    for row, whole in text.body:
        line = whole
        if line[:6].lower() == "origin":
            words = line[6:].split(None, 1)
            line = words[1] if len(words) > 1 else ""
            if words:
                origin = node(words[0], zones, (row, "origin"), findings)
            else:
                findings.tell("tntp_origin_form", row, value=cut(whole))
                origin = -1
        if line and origin is None:
            findings.tell("tntp_no_origin", row, value=cut(line))
            continue
        for item in line.split(";"):
            name, colon, told = item.partition(":")
            if not colon:
                if item := item.strip():
                    findings.tell("tntp_trip_form", row, value=cut(item))
                continue
            destination = node(name.strip(), zones, (row, "destination"), findings)
            flow = amount(told.strip(), (row, "flow"), findings)
            if origin is not None and min(origin, destination, flow) >= 0:
                items.row.append(row)
                items.origin.append(origin)
                items.destination.append(destination)
                items.flow.append(flow)
    return items


def _check_pairs(items: _Items, findings: Findings) -> None:
    """Tell pairs that stand twice."""
    origin, destination = np.asarray(items.origin), np.asarray(items.destination)
    by = np.lexsort((destination, origin))
    same = (origin[by][1:] == origin[by][:-1]) & (destination[by][1:] == destination[by][:-1])
    for at in np.sort(by[1:][same]).tolist():
        pair = (items.origin[at] + 1, items.destination[at] + 1)
        place = (items.row[at], "destination")
        findings.tell("tntp_doubled_trip", *place, origin=pair[0], destination=pair[1])


def _table(path: Path, zones: int | None) -> _Table:
    text = read_text(path, "_trips.tntp")
    findings, tags = text.findings, text.tags
    own = whole_tag(text, _ZONES)
    if own is not None and zones is not None and own != zones:
        findings.tell("tntp_zones_differ", tags[_ZONES][1], found=own, wanted=zones)
    items = _trips(text, own)
    _check_pairs(items, findings)
    flow = np.asarray(items.flow)
    total = math.fsum(items.flow)
    stated, row = tags.get("TOTAL OD FLOW", ("", 0))
    if total > MOST:
        passed = items.row[int(np.argmax(np.cumsum(flow) > MOST))]
        findings.tell("tntp_sum_large", passed, "flow", value=total, limit=MOST)
    if findings.errors:
        raise StudyError(findings.problems())
    if is_number(stated) and abs(float(stated) - total) > _TOTAL_WITHIN * max(total, 1.0):
        findings.warn("tntp_total_differs", row, stated=float(stated), found=total)
    some = flow > 0.0
    origin, destination, rows = (np.asarray(one)[some] for one in (*items[1:3], items.row))
    return _Table(demand_of(origin, destination, flow[some]), rows.astype(np.int64), findings)


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
    found = _table(path, zones)
    return found.demand, tuple(found.findings.problems())


def _check_times(net: _Net, table: _Table) -> None:
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
    table: _Table | None = None
    unread: list[Problem] = []
    problems: list[Problem] = []
    try:
        read = _net(net, weights)
    except FailedError as failure:
        unread += failure.problems
    except StudyError as failure:
        problems += failure.problems
    try:
        table = _table(trips, read.zones if read else None)
    except FailedError as failure:
        unread += failure.problems
    except StudyError as failure:
        problems += failure.problems
    if unread:
        raise FailedError(unread)
    if read is None or table is None:
        raise StudyError(problems)
    _check_times(read, table)
    warnings = (*read.findings.problems(), *table.findings.problems())
    return TntpProblem(
        read.network, read.users, table.demand, warnings, read.file_links, table.rows
    )
