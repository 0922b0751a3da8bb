"""Country outlines for the maps, from ``outlines.json``, which ``tools/make_outlines.py`` makes.

The outlines come from Natural Earth, in the public domain. Boundaries are those of the data set,
which follows de facto lines; showing them implies no judgement on the status of any territory.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

Position = tuple[float, float]
Ring = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """One country: its identifier and its polygons as rings of arc indices.

    ``id`` is the three-digit ISO 3166-1 code where the data set has one, else ``x-`` and a name.
    The first ring of a polygon is its outside, the others are holes; a negative index is the ones'
    complement of an arc run backwards.
    """

    id: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def rings(self) -> tuple[Ring, ...]:
        """All rings of all polygons; with the even-odd rule this is all a drawing needs."""
        return tuple(ring for polygon in self.polygons for ring in polygon)


@dataclass(frozen=True, slots=True)
class Outlines:
    """Arcs of longitude and latitude in degrees, the countries they bound, and the large lakes.

    Parameters
    ----------
    arcs : tuple of arcs
        Each a tuple of (longitude, latitude); shared by neighbours.
    countries : tuple of Country
        Sorted by identifier.
    lakes : tuple of rings
        Closed rings of (longitude, latitude).
    window : tuple of float
        West, south, east and north edge of what the outlines cover.
    licence : str
        Where they come from, under which terms, and what the boundaries do not say.
    """

    arcs: tuple[tuple[Position, ...], ...]
    countries: tuple[Country, ...]
    lakes: tuple[tuple[Position, ...], ...]
    window: tuple[float, float, float, float]
    licence: str

    def borders(self) -> tuple[int, ...]:
        """Indices of arcs that two countries share."""
        uses = Counter(
            index if index >= 0 else ~index
            for country in self.countries
            for ring in country.rings
            for index in ring
        )
        return tuple(index for index, count in sorted(uses.items()) if count > 1)


def decode(flat: Sequence[int], quantum: float) -> tuple[Position, ...]:
    """Undo delta coding: the first point, then the steps, in units of the quantum.

    >>> decode([500, 600, 10, 0, 0, -5], 0.01)
    ((5.0, 6.0), (5.1, 6.0), (5.1, 5.95))
    """
    x = y = 0
    points = []
    for dx, dy in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((round(x * quantum, 6), round(y * quantum, 6)))
    return tuple(points)


def ring_positions(ring: Iterable[int], arcs: Sequence[Sequence[Position]]) -> list[Position]:
    """Join the arcs of a ring; the point where two arcs meet is taken once.

    >>> ring_positions((0, ~1), [[(0, 0), (1, 0)], [(0, 0), (0, 1), (1, 0)]])
    [(0, 0), (1, 0), (0, 1), (0, 0)]
    """
    points: list[Position] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def inside(point: Position, ring: Sequence[Position]) -> bool:
    """Whether a point lies in a closed ring, by the even-odd rule.

    >>> square = [(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
    >>> inside((1, 1), square), inside((3, 1), square)
    (True, False)
    """
    crossings = 0
    for (x0, y0), (x1, y1) in itertools.pairwise(ring):
        if (y0 > point[1]) != (y1 > point[1]):
            crossings += point[0] < x0 + (x1 - x0) * (point[1] - y0) / (y1 - y0)
    return crossings % 2 == 1


def country_at(longitude: float, latitude: float, outlines: Outlines) -> Country | None:
    """Country of a point in degrees, or None on water.

    >>> country_at(71.4, 51.1, load()).name
    'Kazakhstan'
    >>> country_at(51.0, 41.0, load()) is None  # the Caspian Sea
    True
    """
    for country in outlines.countries:
        within = sum(
            inside((longitude, latitude), ring_positions(ring, outlines.arcs))
            for ring in country.rings
        )
        if within % 2:
            return country
    return None


@lru_cache(maxsize=1)
def load() -> Outlines:
    """Read the outlines shipped with the package; they never change while a process runs."""
    text = resources.files("keruen.report").joinpath("outlines.json").read_text(encoding="utf-8")
    raw = json.loads(text)
    quantum = float(raw["quantum"])
    west, south, east, north = (float(edge) for edge in raw["window"])
    return Outlines(
        arcs=tuple(decode(flat, quantum) for flat in raw["arcs"]),
        countries=tuple(
            Country(
                id=str(entry["id"]),
                name=str(entry["name"]),
                polygons=tuple(
                    tuple(tuple(int(index) for index in ring) for ring in polygon)
                    for polygon in entry["polygons"]
                ),
            )
            for entry in raw["countries"]
        ),
        lakes=tuple(decode(lake["ring"], quantum) for lake in raw["lakes"]),
        window=(west, south, east, north),
        licence=str(raw["licence"]),
    )
