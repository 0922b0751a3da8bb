"""Stops gathered into places, and the lines between places: from tracks to a network.

An operational point is a place, and so is a switch out on the line. What lies close together is
one place: two switches, or a switch and an operational point, with no more than a given length of
track between them. Two operational points are never one place. Tracks within a place are its
station tracks and are not carried; tracks between the same two places whose lengths are alike are
the tracks of one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from typing import Final, NamedTuple

from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.ways import (
    OPEN,
    POINT,
    SWITCH,
    Piece,
    Stop,
    Way,
    Ways,
    turned,
)

ALIKE_SHARE: Final = 0.1
"""Tracks between two places are of one line when they differ in length by no more than this share
of the shortest; an assumption."""

MOST_SWITCHES: Final = 300
"""Switches that one place takes; what is larger is several places."""

_Member = tuple[str, str]
"""Kind and id of an operational point or a switch."""


class Place(NamedTuple):
    """An operational point with the switches near it, or switches that lie together.

    Parameters
    ----------
    point : str
        The operational point; empty where there is none.
    switches : tuple of str
        Switches, by id.
    """

    point: str
    switches: tuple[str, ...]

    @property
    def name(self) -> str:
        """The point, or the first switch."""
        return self.point or self.switches[0]


class Line(NamedTuple):
    """Tracks side by side between two places.

    Parameters
    ----------
    start, stop : Place
        Its ends.
    tracks : tuple of tuple of Piece
        Each track from the one end to the other; the first stands for all.
    """

    start: Place
    stop: Place
    tracks: tuple[tuple[Piece, ...], ...]


class _Groups:
    """Members joined into groups, none of which holds two operational points (union-find)."""

    def __init__(self) -> None:
        self._parent: dict[_Member, _Member] = {}
        self._point: dict[_Member, str] = {}
        self._size: dict[_Member, int] = {}

    def root(self, member: _Member) -> _Member:
        """The member that stands for its group."""
        path = []
        while (above := self._parent.setdefault(member, member)) != member:
            path.append(member)
            member = above
        for one in path:
            self._parent[one] = member
        if member[0] == POINT:
            self._point.setdefault(member, member[1])
        return member

    def join(self, one: _Member, other: _Member) -> None:
        """Make two groups one, unless each has an operational point or they are too large."""
        a, b = sorted((self.root(one), self.root(other)))
        size = self._size.get(a, 1) + self._size.get(b, 1)
        if a == b or (a in self._point and b in self._point) or size > MOST_SWITCHES:
            return
        self._size[a] = size
        # Points sort before switches, so that a group with a point keeps it as its root.
        self._parent[b] = a

    def places(self) -> dict[_Member, Place]:
        """The place of every member."""
        members: dict[_Member, list[_Member]] = {}
        for member in sorted(self._parent):
            members.setdefault(self.root(member), []).append(member)
        found: dict[_Member, Place] = {}
        for root, own in members.items():
            switches = tuple(name for kind, name in own if kind == SWITCH)
            place = Place(self._point.get(root, ""), switches)
            found |= dict.fromkeys(own, place)
        return found


def _member(stop: Stop) -> _Member:
    return stop.kind, stop.owner


def _gathered(ways: Ways, points: Iterable[str], near_m: float) -> dict[_Member, Place]:
    groups = _Groups()
    for point in points:
        groups.root((POINT, point))
    for switch in ways.joined:
        groups.root((SWITCH, switch))
    short = [
        (way.length, _member(way.start), _member(way.stop))
        for way in ways.ways
        if OPEN not in (way.start.kind, way.stop.kind)
        and SWITCH in (way.start.kind, way.stop.kind)
        and way.length <= near_m
    ]
    for _, start, stop in sorted(short):
        groups.join(start, stop)
    return groups.places()


_Trail = dict[Stop, tuple[Stop | None, tuple[Piece, ...]]]
"""For each port that is reached, the port before it and the track between the two."""


def _approaches(place: Place, inner: list[Way], ways: Ways) -> _Trail:
    """Shortest way from the middle of a place to each port that leads out of it.

    The middle is the operational point, else the first switch. A train goes through a switch from
    one port to another that the switch joins to it, and never turns back.
    """
    leaving: dict[Stop, list[Way]] = {}
    for way in inner:
        leaving.setdefault(way.start, []).append(way)
        leaving.setdefault(way.stop, []).append(way.turned())
    best: dict[Stop, float] = {}
    done: set[Stop] = set()
    trail: _Trail = {}
    heap: list[tuple[float, Stop]] = []

    def reach(length: float, through: Way, before: Stop | None) -> None:
        if through.stop.kind != SWITCH:
            return
        switch = through.stop.owner
        for port in ways.joined[switch][through.stop.port]:
            after = Stop(SWITCH, switch, port)
            if after not in best or length < best[after]:
                best[after] = length
                trail[after] = (before, through.pieces)
                heappush(heap, (length, after))

    for stop, own in leaving.items():
        if place.point and stop.kind == POINT:
            for way in own:
                reach(way.length, way, None)
    if not place.point:
        for port in ways.joined[place.switches[0]]:
            stop = Stop(SWITCH, place.switches[0], port)
            best[stop] = 0.0
            trail[stop] = (None, ())
            heappush(heap, (0.0, stop))
    while heap:
        length, stop = heappop(heap)
        if stop in done:
            continue
        done.add(stop)
        for way in leaving.get(stop, ()):
            reach(length + way.length, way, stop)
    return trail


def _along(trail: _Trail, stop: Stop) -> tuple[Piece, ...]:
    """Track from the middle of a place to one of its ports."""
    pieces: list[tuple[Piece, ...]] = []
    at: Stop | None = stop
    while at is not None:
        at, before = trail[at]
        pieces.append(before)
    return tuple(piece for own in reversed(pieces) for piece in own)


class Network(NamedTuple):
    """Places and the lines between them."""

    places: tuple[Place, ...]
    lines: tuple[Line, ...]


_Ends = tuple[Place, Place]


def network_of(
    ways: Ways, points: Iterable[str], own_names: Mapping[str, str], near_m: float
) -> tuple[Network, list[Note]]:
    """Gather ways into a network.

    Parameters
    ----------
    ways : Ways
        Of :func:`keruen.exchange.railjson.ways.ways_of`.
    points : iterable of str
        Every operational point.
    own_names : mapping of str to str
        Name of the line that a track says it belongs to; tracks of one name are of one line,
        whatever their lengths.
    near_m : float
        Length of track up to which switches and points are one place, m.

    Returns
    -------
    Network
        In the order of names.
    list of Note
        Tracks within places, beyond the last place and on rings.
    """
    place_of = _gathered(ways, points, near_m)
    inner: dict[Place, list[Way]] = {}
    between: list[tuple[Place, Place, Way]] = []
    notes = [Note("track_sections", t, "", Why.NOT_CARRIED, "ring") for t in ways.rings]
    for way in ways.ways:
        if OPEN in (way.start.kind, way.stop.kind):
            if way.length:
                notes.append(_lost(way, "dead end"))
            continue
        start, stop = place_of[_member(way.start)], place_of[_member(way.stop)]
        if start == stop:
            inner.setdefault(start, []).append(way)
            if way.length:
                notes.append(_lost(way, "station track"))
        else:
            between.append((start, stop, way))
    reached = {place: _approaches(place, own, ways) for place, own in inner.items()}
    bare = {place for ends in between for place in ends[:2]} - set(reached)
    reached |= {place: _approaches(place, [], ways) for place in bare}
    lines, more = _lines(between, reached, own_names)
    ends = {place for line in lines for place in (line.start, line.stop)}
    kept = {place for place in place_of.values() if place.point or place in ends}
    return Network(tuple(sorted(kept)), tuple(lines)), notes + more


def _lost(way: Way, what: str) -> Note:
    value = f"{what}, {way.length:.0f} m"
    longest = max(way.pieces, key=lambda piece: piece.length)
    return Note("track_sections", longest.track, "length", Why.NOT_CARRIED, value)


def _whole(
    way: Way, ends: _Ends, reached: Mapping[Place, _Trail], notes: list[Note]
) -> tuple[Piece, ...]:
    """A way from the middle of one place to the middle of the other."""
    sides = []
    for place, stop in zip(ends, (way.start, way.stop), strict=True):
        trail = reached[place]
        if stop not in trail and stop.kind == SWITCH:
            note = Note("switches", stop.owner, stop.port, Why.SIMPLIFIED, "no way to the point")
            notes.append(note)
        sides.append(_along(trail, stop) if stop in trail else ())
    return (*sides[0], *way.pieces, *turned(sides[1]))


def _length(pieces: Iterable[Piece]) -> float:
    return sum(piece.length for piece in pieces)


def _lines(
    between: list[tuple[Place, Place, Way]],
    reached: Mapping[Place, _Trail],
    own_names: Mapping[str, str],
) -> tuple[list[Line], list[Note]]:
    notes: list[Note] = []
    beside: dict[_Ends, list[tuple[str, float, tuple[Piece, ...]]]] = {}
    for start, stop, way in between:
        pieces = _whole(way, (start, stop), reached, notes)
        ends = (start, stop)
        if start > stop:
            ends, pieces = (stop, start), turned(pieces)
        names = {own_names.get(piece.track, "") for piece in way.pieces}
        name = names.pop() if len(names) == 1 else ""
        beside.setdefault(ends, []).append((name, _length(pieces), pieces))
    lines = []
    for ends, found in sorted(beside.items()):
        for tracks in _alike(found):
            lines.append(_oriented(*ends, tracks))
    return lines, notes


def _alike(
    found: list[tuple[str, float, tuple[Piece, ...]]],
) -> list[tuple[tuple[Piece, ...], ...]]:
    """Tracks between two places in lines: of one name, or else of about one length."""
    named: dict[str, list[tuple[Piece, ...]]] = {}
    unnamed: list[tuple[float, list[tuple[Piece, ...]]]] = []
    for name, length, pieces in sorted(found):
        if name:
            named.setdefault(name, []).append(pieces)
        elif unnamed and length <= unnamed[-1][0] * (1.0 + ALIKE_SHARE):
            unnamed[-1][1].append(pieces)
        else:
            unnamed.append((length, [pieces]))
    return [tuple(tracks) for tracks in (*named.values(), *(own for _, own in unnamed))]


def _oriented(start: Place, stop: Place, tracks: tuple[tuple[Piece, ...], ...]) -> Line:
    """A line that runs the way of most of its first track."""
    if sum(piece.end - piece.begin for piece in tracks[0]) < 0.0:
        return Line(stop, start, tuple(turned(track) for track in tracks))
    return Line(start, stop, tracks)
