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
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from keruen.errors import FailedError, Problem, Severity, StudyError
from keruen.flows.demand import Demand, Users, demand_of, users_of
from keruen.flows.links import Curves, Network, bpr_links, network_of
from keruen.model.files import decode, read_bytes
from keruen.model.findings import MAX_TOLD, and_more, cut

MAX_BYTES: Final = 200_000_000
"""A file larger than this is refused."""

FIELDS: Final = (
    "init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed",
    "toll", "link_type",
)  # fmt: skip
"""Fields of a link, in the order of the file; speed and type are not used and may be anything."""

_USED: Final = (0, 1, 2, 3, 4, 5, 6, 8)
_TAG: Final = re.compile(r"<([^<>]*)>(.*)")
_END: Final = "END OF METADATA"
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE: Final = re.compile(r"\d{1,9}")
_TOTAL_WITHIN: Final = 1e-3


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


class TntpProblem(NamedTuple):
    """An assignment problem as read.

    Parameters
    ----------
    network : Network
        Links and nodes.
    users : Users
        The one class of users, which pays time and the weighted tolls and lengths.
    demand : Demand
        Trips above nought, in the order of the file.
    warnings : tuple of Problem
        What is odd and was read anyway.
    """

    network: Network
    users: Users
    demand: Demand
    warnings: tuple[Problem, ...]


class _Findings:
    """Collects problems of one file by line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.told: list[Problem] = []
        self.count = 0
        self._counts: dict[str, int] = {}

    def tell(self, code: str, row: int | None, column: str | None = None, **params: object) -> None:
        """Something wrong at a line."""
        self.count += 1
        self._counts[code] = self._counts.get(code, 0) + 1
        if self._counts[code] <= MAX_TOLD:
            self.told.append(Problem(Severity.ERROR, code, self.file, row, column, params))

    def problems(self) -> list[Problem]:
        """All of them, those that are too many counted."""
        more: list[Problem] = []
        for code, count in self._counts.items():
            more += and_more(code, self.file, None, max(0, count - MAX_TOLD))
        return [*self.told, *more]


class _Text(NamedTuple):
    """A file as lines: its tags with their lines, and the numbered lines behind them."""

    tags: dict[str, tuple[str, int]]
    body: list[tuple[int, str]]


def _read(path: Path, findings: _Findings) -> _Text:
    raw, problems = read_bytes(path.parent, path.name, MAX_BYTES)
    if raw is None:
        raise FailedError(problems)
    text, problems = decode(raw, path.name)
    if any(problem.is_error for problem in problems):
        raise FailedError(problems)
    tags: dict[str, tuple[str, int]] = {}
    body: list[tuple[int, str]] = []
    ended = False
    for row, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith("~"):
            continue
        if ended:
            body.append((row, bare))
            continue
        tag = _TAG.match(bare)
        if tag is None:
            findings.tell("tntp_no_tag", row, value=cut(bare))
            continue
        name = " ".join(tag[1].upper().split())
        ended = name == _END
        if name in tags:
            findings.tell("tntp_doubled_tag", row, tag=cut(name))
        tags[name] = (tag[2].split("~")[0].strip(), row)
    if not ended:
        findings.tell("tntp_no_end", None, tag=_END)
    return _Text(tags, body)


def _whole_tag(text: _Text, name: str, findings: _Findings) -> int | None:
    """A whole number of the metadata; None, and told, where it is missing or none."""
    if name not in text.tags:
        findings.tell("tntp_missing_tag", None, tag=name)
        return None
    value, row = text.tags[name]
    if not _WHOLE.fullmatch(value) or int(value) < 1:
        findings.tell("tntp_bad_tag", row, tag=name, value=cut(value))
        return None
    return int(value)


def _factor(text: _Text, name: str, given: float | None, findings: _Findings) -> float:
    if given is not None:
        return given
    value, row = text.tags.get(name, ("0", 0))
    if not _NUMBER.fullmatch(value) or not 0.0 <= float(value) < math.inf:
        findings.tell("tntp_bad_tag", row, tag=name, value=cut(value))
        return 0.0
    return float(value)


def _node(value: str, limit: int | None, at: tuple[int, str], findings: _Findings) -> int:
    """A node counted from 0; -1, and told, where it is none."""
    if not _WHOLE.fullmatch(value):
        findings.tell("tntp_not_number", *at, value=cut(value))
        return -1
    if int(value) < 1 or (limit is not None and int(value) > limit):
        findings.tell("tntp_node_range", *at, value=int(value), limit=limit or "?")
        return -1
    return int(value) - 1


def _link(row: int, parts: list[str], nodes: int | None, findings: _Findings) -> list[float]:
    """Numbers of one link; what is wrong with them is told."""
    values = [0.0] * len(FIELDS)
    before = findings.count
    for field in _USED:
        at = (row, FIELDS[field])
        if field < 2:
            values[field] = _node(parts[field], nodes, at, findings)
        elif not _NUMBER.fullmatch(parts[field]) or not math.isfinite(float(parts[field])):
            findings.tell("tntp_not_number", *at, value=cut(parts[field]))
        else:
            values[field] = float(parts[field])
            if values[field] < 0.0:
                findings.tell("tntp_below_zero", *at, value=values[field])
    capacity, free, b, power = values[2], values[4], values[5], values[6]
    if findings.count == before and capacity == 0.0 and free * b != 0.0 and power != 0.0:
        findings.tell("tntp_no_capacity", row, FIELDS[2])
    return values


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
        Links, and nodes below the first through node closed to routes that pass.
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
    findings = _Findings(path.name)
    text = _read(path, findings)
    nodes = _whole_tag(text, "NUMBER OF NODES", findings)
    zones = _whole_tag(text, "NUMBER OF ZONES", findings)
    stated = _whole_tag(text, "NUMBER OF LINKS", findings)
    through = _whole_tag(text, "FIRST THRU NODE", findings)
    toll = _factor(text, "TOLL FACTOR", weights.toll, findings)
    distance = _factor(text, "DISTANCE FACTOR", weights.distance, findings)
    rows = []
    for row, line in text.body:
        fields, _, rest = line.partition(";")
        parts = [*fields.split(), *rest.replace(";", " ").split()]
        if len(parts) != len(FIELDS):
            findings.tell("tntp_field_count", row, count=len(parts), wanted=len(FIELDS))
        else:
            rows.append(_link(row, parts, nodes, findings))
    if stated is not None and stated != len(text.body):
        row = text.tags["NUMBER OF LINKS"][1]
        findings.tell("tntp_link_count", row, stated=stated, found=len(text.body))
    problems = findings.problems()
    if problems or nodes is None or zones is None or through is None:
        raise StudyError(problems)
    numbers = np.array(rows)
    tail, head, capacity, length, free, b, power = numbers[:, :7].T
    links = bpr_links(tail, head, Curves(free, capacity, b, power))
    users = users_of(len(rows), fixed=toll * numbers[:, 8] + distance * length)
    return network_of(links, through - 1, nodes), users, zones


def _trips(text: _Text, zones: int | None, findings: _Findings) -> Iterator[tuple[int, int, float]]:
    """Origin, destination and flow of every item that can be read."""
    origin: int | None = None
    seen: set[tuple[int, int]] = set()
    for row, line in text.body:
        words = line.split()
        if words[0].lower() == "origin":
            if len(words) == 2:
                origin = _node(words[1], zones, (row, "origin"), findings)
            else:
                findings.tell("tntp_origin_form", row, value=cut(line))
                origin = -1
            continue
        if origin is None:
            findings.tell("tntp_no_origin", row, value=cut(line))
            continue
        for item in line.split(";"):
            if not item.strip():
                continue
            name, colon, flow = (part.strip() for part in item.partition(":"))
            if not colon:
                findings.tell("tntp_trip_form", row, value=cut(item.strip()))
                continue
            destination = _node(name, zones, (row, "destination"), findings)
            if not _NUMBER.fullmatch(flow) or not math.isfinite(float(flow)):
                findings.tell("tntp_not_number", row, "flow", value=cut(flow))
            elif float(flow) < 0.0:
                findings.tell("tntp_below_zero", row, "flow", value=float(flow))
            elif destination >= 0 and origin >= 0:
                if (origin, destination) in seen:
                    pair = {"origin": origin + 1, "destination": destination + 1}
                    findings.tell("tntp_doubled_trip", row, "destination", **pair)
                seen.add((origin, destination))
                yield origin, destination, float(flow)


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
    FailedError
        When the file cannot be read.
    StudyError
        With every malformed line.
    """
    findings = _Findings(path.name)
    text = _read(path, findings)
    own = _whole_tag(text, "NUMBER OF ZONES", findings)
    if own is not None and zones is not None and own != zones:
        row = text.tags["NUMBER OF ZONES"][1]
        findings.tell("tntp_zones_differ", row, found=own, wanted=zones)
    trips = [trip for trip in _trips(text, own, findings) if trip[2] > 0.0]
    problems = findings.problems()
    if problems:
        raise StudyError(problems)
    warnings = []
    stated, row = text.tags.get("TOTAL OD FLOW", ("", 0))
    total = math.fsum(flow for _, _, flow in trips)
    if _NUMBER.fullmatch(stated) and abs(float(stated) - total) > _TOTAL_WITHIN * max(total, 1.0):
        found = {"stated": float(stated), "found": total}
        warnings.append(
            Problem(Severity.WARNING, "tntp_total_differs", path.name, row, None, found)
        )
    columns = np.array(trips, dtype=np.float64).reshape(-1, 3).T
    return demand_of(columns[0], columns[1], columns[2]), tuple(warnings)


def read_tntp(net: Path, trips: Path, weights: Weights = FROM_FILE) -> TntpProblem:
    """Read a network and its trip table; see :func:`read_network` and :func:`read_trips`.

    Raises
    ------
    FailedError
        When a file cannot be read.
    StudyError
        With every malformed line of both files.
    """
    read: tuple[Network, Users, int] | None = None
    table: tuple[Demand, tuple[Problem, ...]] | None = None
    problems: list[Problem] = []
    try:
        read = read_network(net, weights)
    except StudyError as failure:
        problems += failure.problems
    try:
        table = read_trips(trips, read[2] if read else None)
    except StudyError as failure:
        problems += failure.problems
    if read is None or table is None:
        raise StudyError(problems)
    return TntpProblem(read[0], read[1], *table)
