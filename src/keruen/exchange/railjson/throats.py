"""Tracks that meet at a node, joined so that a train can go from any section to any other.

A study says which sections meet, not how the tracks of the station lie. Two ends are joined by a
link. Of more, each end branches by points until it has a leg for every end of the other sections,
and legs are joined in pairs by short tracks: every movement that the study allows is there, none
runs back the way it came, and no two sections share a track. The result is schematic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from keruen.exchange.railjson.parsing import Object
from keruen.exchange.railjson.ways import BEGIN, END

LEG_M: Final = 1.0
"""Length of a short track, m: as little as a train notices."""


class TrackEnd(NamedTuple):
    """An end of a track at a node.

    Parameters
    ----------
    section : str
        Section that the track is of.
    track : str
        The track.
    endpoint : str
        ``BEGIN`` or ``END``.
    """

    section: str
    track: str
    endpoint: str

    @property
    def port(self) -> dict[str, str]:
        """As a port of a switch."""
        return {"endpoint": self.endpoint, "track": self.track}


class Throat(NamedTuple):
    """What joins the tracks of a node.

    Parameters
    ----------
    tracks : list of str
        Short tracks to add, each ``LEG_M`` long.
    switches : list of dict
        Links and points.
    closed : list of TrackEnd
        Ends that nothing is joined to: a buffer stop stands there.
    """

    tracks: list[str]
    switches: list[Object]
    closed: list[TrackEnd]


def _switch(name: str, kind: str, **ports: Mapping[str, str]) -> Object:
    return {
        "id": name,
        "switch_type": kind,
        "group_change_delay": 0.0,
        "ports": {port: dict(end) for port, end in ports.items()},
    }


def throat(node: str, ends: list[TrackEnd]) -> Throat:
    """Join the ends of tracks at a node.

    Parameters
    ----------
    node : str
        Its id, from which those of tracks and switches are made.
    ends : list of TrackEnd
        Tracks of one gauge that end there.

    Returns
    -------
    Throat
        Of two tracks of two sections a link; of three sections with a track each, three points
        with two legs each.

    Examples
    --------
    >>> ends = [TrackEnd(name, name, "END") for name in "abc"]
    >>> made = throat("fork", ends)
    >>> len(made.tracks), [switch["switch_type"] for switch in made.switches].count("point_switch")
    (6, 3)
    """
    pairs = [
        (a, b)
        for a in range(len(ends))
        for b in range(a + 1, len(ends))
        if ends[a].section != ends[b].section
    ]
    degree = [sum(i in pair for pair in pairs) for i in range(len(ends))]
    closed = [end for end, count in zip(ends, degree, strict=True) if not count]
    tracks: list[str] = []
    switches: list[Object] = []
    legs = [
        _branches(f"{node}.{i + 1}", ends[i].port, degree[i], tracks, switches)
        for i in range(len(ends))
    ]
    for number, (a, b) in enumerate(pairs, start=1):
        one, other = next(legs[a]), next(legs[b])
        name = f"{node}.link.{number}"
        switches.append(_switch(name, "link", A=one, B=other))
    return Throat(tracks, switches, closed)


def _branches(
    stem: str, end: Mapping[str, str], legs: int, tracks: list[str], switches: list[Object]
) -> Iterator[dict[str, Any]]:
    """Free ends after an end has branched into so many legs; tracks and points are added."""
    free = dict(end)
    for leg in range(1, legs):
        left, right = f"{stem}.{leg}.left", f"{stem}.{leg}.right"
        tracks += [left, right]
        points = {
            "A": free,
            "B1": {"endpoint": BEGIN, "track": left},
            "B2": {"endpoint": BEGIN, "track": right},
        }
        switches.append(_switch(f"{stem}.{leg}", "point_switch", **points))
        yield {"endpoint": END, "track": left}
        free = {"endpoint": END, "track": right}
    if legs:
        yield free
