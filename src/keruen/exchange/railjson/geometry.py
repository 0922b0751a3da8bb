"""Where operational points and switches lie, from the lines of their tracks."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.parsing import Lists, Object

Position = tuple[float, float]
"""Longitude and latitude, degrees."""
_WIDEST: Final = (180.0, 90.0)


def _degrees(geo: Object) -> list[Position] | None:
    """Positions of a line, or None where they are no degrees."""
    line = [(float(at[0]), float(at[1])) for at in geo["coordinates"]]
    inside = all(abs(lon) <= _WIDEST[0] and abs(lat) <= _WIDEST[1] for lon, lat in line)
    return line if inside else None


def point_along(line: list[Position], share: float) -> Position:
    """Position at a share of a line's length, straight between its positions.

    Distances are in a plane with degrees of longitude shortened by the latitude, which is enough
    for the position of a point between two others a few kilometres apart.

    Parameters
    ----------
    line : list of (float, float)
        Longitudes and latitudes, degrees; at least two.
    share : float
        In 0..1.

    Examples
    --------
    >>> point_along([(80.0, 45.0), (81.0, 45.0)], 0.25)
    (80.25, 45.0)
    >>> point_along([(80.0, 45.0), (81.0, 45.0)], 1.0)
    (81.0, 45.0)
    """
    if share <= 0.0:
        return line[0]
    if share >= 1.0:
        return line[-1]
    steps = []
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise(line):
        narrowing = math.cos(math.radians((lat_a + lat_b) / 2.0))
        steps.append(math.hypot((lon_b - lon_a) * narrowing, lat_b - lat_a))
    left = share * math.fsum(steps)
    for (start, end), step in zip(pairwise(line), steps, strict=True):
        if step and left <= step:
            part = left / step
            return (
                start[0] + part * (end[0] - start[0]),
                start[1] + part * (end[1] - start[1]),
            )
        left -= step
    return line[-1]


class Geometry:
    """Positions of points and switches of an infrastructure.

    Parameters
    ----------
    lists : mapping of str to list of dict
        Objects whose references fit.
    notes : list of Note
        Lines that are missing or no degrees are added to it.
    """

    def __init__(self, lists: Lists, notes: list[Note]) -> None:
        self._lines: dict[str, list[Position]] = {}
        self._lengths = {track["id"]: float(track["length"]) for track in lists["track_sections"]}
        for track in lists["track_sections"]:
            line = _degrees(track["geo"]) if "geo" in track else None
            if line is not None:
                self._lines[track["id"]] = line
            else:
                why = Why.OUT_OF_RANGE if "geo" in track else Why.ASSUMED
                notes.append(Note("track_sections", track["id"], "geo", why))
        self._points: dict[str, Object] = {p["id"]: p for p in lists["operational_points"]}
        self._switches: dict[str, Object] = {s["id"]: s for s in lists["switches"]}

    def of_point(self, point: str) -> Position | None:
        """Position of the first part of a point whose track has a line."""
        for part in self._points[point]["parts"]:
            line = self._lines.get(part["track"])
            if line is not None:
                return point_along(line, part["position"] / self._lengths[part["track"]])
        return None

    def of_switch(self, switch: str) -> Position | None:
        """Position of the first port of a switch whose track has a line."""
        for port in self._switches[switch]["ports"].values():
            line = self._lines.get(port["track"])
            if line is not None:
                return line[0] if port["endpoint"] == "BEGIN" else line[-1]
        return None
