"""What holds along a track: values on stretches that may overlap, and where they change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from keruen.exchange.railjson.ways import Piece


class Band(NamedTuple):
    """A value on a stretch of track, m."""

    begin: float
    end: float
    value: float


class Claim(NamedTuple):
    """A band with its rank: where bands overlap, the least rank holds."""

    begin: float
    end: float
    rank: float
    value: float


def settled(claims: Iterable[Claim]) -> list[Band]:
    """Bands that do not overlap, in order, from claims that may.

    Parameters
    ----------
    claims : iterable of Claim
        Stretches; of equal ranks the one that begins first holds.

    Returns
    -------
    list of Band
        Neighbours of equal value that touch are one.

    Examples
    --------
    >>> settled([Claim(0.0, 9.0, 2.0, 80.0), Claim(3.0, 5.0, 1.0, 40.0)])
    [Band(begin=0.0, end=3.0, value=80.0), Band(begin=3.0, end=5.0, value=40.0), \
Band(begin=5.0, end=9.0, value=80.0)]
    """
    waiting = sorted(claims)
    edges = sorted({edge for claim in waiting for edge in (claim.begin, claim.end)})
    heap: list[tuple[float, int]] = []
    bands: list[Band] = []
    following = 0
    for begin, end in pairwise(edges):
        while following < len(waiting) and waiting[following].begin <= begin:
            heappush(heap, (waiting[following].rank, following))
            following += 1
        while heap and waiting[heap[0][1]].end <= begin:
            heappop(heap)
        if heap:
            _append(bands, Band(begin, end, waiting[heap[0][1]].value))
    return bands


def _append(bands: list[Band], band: Band) -> None:
    if bands and bands[-1].end == band.begin and bands[-1].value == band.value:
        bands[-1] = bands[-1]._replace(end=band.end)
    else:
        bands.append(band)


def along(pieces: Iterable[Piece], of_track: dict[str, list[Band]], turn: float) -> list[Band]:
    """Bands of tracks, counted from the start of a walk over pieces of them.

    Parameters
    ----------
    pieces : iterable of Piece
        Walked in order.
    of_track : dict of str to list of Band
        Bands that do not overlap, in order, by track.
    turn : float
        What a value is multiplied by where a track is walked against: -1 for gradients.

    Returns
    -------
    list of Band
        In metres from the start of the walk.

    Examples
    --------
    >>> uphill = {"t": [Band(0.0, 100.0, 8.0)]}
    >>> along([Piece("t", 250.0, 50.0)], uphill, -1.0)
    [Band(begin=150.0, end=200.0, value=-8.0)]
    """
    found: list[Band] = []
    walked = 0.0
    for piece in pieces:
        low, high = sorted((piece.begin, piece.end))
        forward = piece.end >= piece.begin
        cut = [
            Band(max(low, band.begin), min(high, band.end), band.value)
            for band in _touching(of_track.get(piece.track, []), low, high)
        ]
        for band in cut if forward else reversed(cut):
            begin = walked + (band.begin - low if forward else high - band.end)
            end = walked + (band.end - low if forward else high - band.begin)
            _append(found, Band(begin, end, band.value if forward else turn * band.value))
        walked += piece.length
    return found


def _touching(bands: Sequence[Band], low: float, high: float) -> Sequence[Band]:
    """Bands that share more than an end with a stretch."""
    first = max(0, bisect_right(bands, low, key=lambda band: band.begin) - 1)
    while first < len(bands) and bands[first].end <= low:
        first += 1
    last = first
    while last < len(bands) and bands[last].begin < high:
        last += 1
    return bands[first:last]


def value_at(bands: Sequence[Band], offset: float) -> float | None:
    """Value that holds from an offset on; None outside all bands."""
    place = bisect_right(bands, offset, key=lambda band: band.begin) - 1
    if place < 0 or bands[place].end <= offset:
        return None
    return bands[place].value


def covered(bands: Iterable[Band]) -> float:
    """Length that bands cover, m."""
    return sum(band.end - band.begin for band in bands)
