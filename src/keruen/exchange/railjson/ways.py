"""Tracks cut at operational points and switches: the ways between them.

A *stop* is where a way ends: a part of an operational point, a port of a switch that has a choice,
or the open end of a track. Links, which only join two tracks, are walked through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from keruen.exchange.railjson.parsing import Lists, Object
from keruen.exchange.railjson.references import switch_types
from keruen.exchange.railjson.shapes import SwitchType

POINT: Final = "point"
SWITCH: Final = "switch"
OPEN: Final = "open"
BEGIN: Final = "BEGIN"
END: Final = "END"


class Stop(NamedTuple):
    """Where a way ends.

    Parameters
    ----------
    kind : str
        ``POINT``, ``SWITCH`` or ``OPEN``.
    owner : str
        The operational point or the switch; the track of an open end.
    port : str
        Port of the switch, else the end of the track or the part of the point.
    """

    kind: str
    owner: str
    port: str


class Piece(NamedTuple):
    """A stretch of track as it is walked; ``end`` is the lesser when walked against the track."""

    track: str
    begin: float
    end: float

    @property
    def length(self) -> float:
        """Metres."""
        return abs(self.end - self.begin)

    def turned(self) -> Piece:
        """The same, walked the other way."""
        return Piece(self.track, self.end, self.begin)


class Way(NamedTuple):
    """Track from one stop to the next."""

    start: Stop
    stop: Stop
    pieces: tuple[Piece, ...]

    @property
    def length(self) -> float:
        """Metres."""
        return sum(piece.length for piece in self.pieces)

    def turned(self) -> Way:
        """The same, walked the other way."""
        return Way(self.stop, self.start, turned(self.pieces))


def turned(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Pieces walked the other way."""
    return tuple(piece.turned() for piece in reversed(pieces))


class Ways(NamedTuple):
    """All ways of an infrastructure.

    Parameters
    ----------
    ways : list of Way
        Each once.
    joined : mapping of str to mapping
        Ports that a train may go on to, by switch with a choice and port.
    rings : list of str
        Tracks that lie on a ring without any stop.
    """

    ways: list[Way]
    joined: Mapping[str, Mapping[str, tuple[str, ...]]]
    rings: list[str]


_Corner = tuple[str, str]
"""A track and one of its ends."""


def _is_link(kind: SwitchType) -> bool:
    """Whether a kind of switch only joins two tracks."""
    pairs = {frozenset(pair) for pairs in kind.groups.values() for pair in pairs}
    return len(kind.ports) == 2 and pairs == {frozenset(kind.ports)}


def _joined(kind: SwitchType) -> dict[str, tuple[str, ...]]:
    beside: dict[str, set[str]] = {port: set() for port in kind.ports}
    for pairs in kind.groups.values():
        for one, other in pairs:
            beside[one].add(other)
            beside[other].add(one)
    return {port: tuple(sorted(others)) for port, others in beside.items()}


class _Walker:
    """Walks tracks; knows what lies at their ends and on them."""

    def __init__(self, lists: Lists) -> None:
        self.lengths = {t["id"]: float(t["length"]) for t in lists["track_sections"]}
        self.beyond: dict[_Corner, _Corner] = {}
        self.ports: dict[_Corner, Stop] = {}
        self.joined: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self._switches(lists["switches"], switch_types(lists))
        self.cuts = _cuts(lists["operational_points"], self.lengths)
        self.walked: set[tuple[str, int]] = set()

    def _switches(self, switches: list[Object], kinds: Mapping[str, SwitchType]) -> None:
        for switch in switches:
            kind = kinds[switch["switch_type"]]
            ends = {port: (e["track"], e["endpoint"]) for port, e in switch["ports"].items()}
            if _is_link(kind):
                one, other = (ends[port] for port in kind.ports)
                self.beyond[one], self.beyond[other] = other, one
                continue
            self.joined[switch["id"]] = _joined(kind)
            for port, corner in ends.items():
                self.ports[corner] = Stop(SWITCH, switch["id"], port)

    def walk(self, start: Stop, track: str, position: int, *, forward: bool) -> Way:
        """Walk from a stop, into the piece of a track at a position, to the next stop."""
        pieces = []
        while True:
            cuts = self.cuts[track]
            self.walked.add((track, position))
            low, high = cuts[position][0], cuts[position + 1][0]
            pieces.append(Piece(track, low, high) if forward else Piece(track, high, low))
            there = position + 1 if forward else position
            at = cuts[there][1]
            if at is not None:
                return Way(start, at, tuple(pieces))
            corner = (track, END if forward else BEGIN)
            if corner in self.ports:
                return Way(start, self.ports[corner], tuple(pieces))
            if corner not in self.beyond:
                return Way(start, Stop(OPEN, *corner), tuple(pieces))
            track, end = self.beyond[corner]
            forward = end == BEGIN
            position = 0 if forward else len(self.cuts[track]) - 2

    def starts(self) -> Iterator[tuple[Stop, str, int, bool]]:
        """Every stop with each piece that leads away from it."""
        for track, cuts in self.cuts.items():
            last = len(cuts) - 2
            for end, position, forward in ((BEGIN, 0, True), (END, last, False)):
                corner = (track, end)
                if corner not in self.beyond:
                    stop = self.ports.get(corner, Stop(OPEN, *corner))
                    yield stop, track, position, forward
            for position in range(1, last + 1):
                stop_here = cuts[position][1]
                if stop_here is not None:
                    yield stop_here, track, position, True
                    yield stop_here, track, position - 1, False


def _cuts(
    points: list[Object], lengths: Mapping[str, float]
) -> dict[str, list[tuple[float, Stop | None]]]:
    """Where each track is cut: its two ends, and between them the parts of points in order."""
    parts: dict[str, list[tuple[float, Stop]]] = {track: [] for track in lengths}
    for point in points:
        for i, part in enumerate(point["parts"]):
            offset = min(float(part["position"]), lengths[part["track"]])
            parts[part["track"]].append((offset, Stop(POINT, point["id"], str(i))))
    return {
        track: [(0.0, None), *sorted(own), (lengths[track], None)] for track, own in parts.items()
    }


def ways_of(lists: Lists) -> Ways:
    """Ways between the stops of an infrastructure whose references fit.

    Parameters
    ----------
    lists : mapping of str to list of dict
        Objects that passed :func:`keruen.exchange.railjson.references.require_fitting`.

    Returns
    -------
    Ways
        Each piece of track lies on exactly one way or ring.
    """
    walker = _Walker(lists)
    ways = []
    for stop, track, position, forward in walker.starts():
        if (track, position) not in walker.walked:
            ways.append(walker.walk(stop, track, position, forward=forward))
    rings = [
        track
        for track, cuts in walker.cuts.items()
        if len(cuts) == 2 and (track, 0) not in walker.walked
    ]
    return Ways(ways, walker.joined, rings)
