"""Which part of the world a map shows, and the names of countries and waters on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from keruen.report.land import EURASIA_EXTENT, KAZAKHSTAN_EXTENT, Viewport, fit
from keruen.report.outlines import Outlines, country_at
from keruen.report.projection import EURASIA, KAZAKHSTAN, LambertAzimuthal, Projection

Point = tuple[float, float]

KAZAKHSTAN_ID: Final = "398"
_LEAST_SPAN_DEG: Final = 1.0
_ASKED: Final = 7

COUNTRIES: Final[Mapping[str, Point]] = {
    "kazakhstan": (66.0, 49.3),
    "russia": (66.5, 55.2),
    "china": (86.0, 44.9),
    "uzbekistan": (63.5, 42.3),
    "turkmenistan": (58.6, 40.2),
    "kyrgyzstan": (75.0, 41.4),
    "azerbaijan": (47.6, 40.5),
    "georgia": (43.6, 42.2),
    "iran": (54.0, 34.0),
    "mongolia": (103.5, 46.6),
    "turkey": (34.5, 39.2),
    "ukraine": (31.5, 49.3),
    "poland": (19.3, 52.2),
    "germany": (10.4, 51.2),
    "belarus": (27.9, 53.4),
}
"""Where the name of a country stands, degrees of longitude and latitude."""
WATERS: Final[Mapping[str, Point]] = {
    "caspian_sea": (50.9, 41.8),
    "aral_sea": (59.3, 45.2),
    "black_sea": (34.5, 43.3),
    "balkhash": (75.2, 46.5),
}
"""The same for seas and lakes."""
_ON_DETAIL: Final = (
    "kazakhstan", "russia", "china", "uzbekistan", "turkmenistan", "kyrgyzstan", "azerbaijan",
    "caspian_sea", "aral_sea", "balkhash",
)  # fmt: skip
_ON_OVERVIEW: Final = (
    "kazakhstan", "russia", "china", "mongolia", "turkey", "iran", "germany", "poland", "ukraine",
    "belarus", "caspian_sea", "black_sea",
)  # fmt: skip
_OVERVIEW_PLACES: Final[Mapping[str, Point]] = {
    "russia": (62.0, 60.5),
    "china": (101.0, 36.5),
    "kazakhstan": (67.5, 47.6),
}
"""Where names stand on the overview when not as on the detail."""


class Frame(NamedTuple):
    """A map to be drawn: what it shows, its projection, the names on it, the country lifted out."""

    id: str
    projection: Projection
    extent: tuple[Point, ...]
    areas: Mapping[str, Point]
    home: str | None
    scale_km: float | None

    def view(self, width: float) -> Viewport:
        """Fit the frame to a width in px."""
        return fit(self.projection, self.extent, width, 10.0 if width < 640 else 16.0)


def frames_of(places: Mapping[str, Sequence[Point]], outlines: Outlines) -> tuple[Frame, ...]:
    """Choose the maps that show places.

    Parameters
    ----------
    places : mapping of str to sequence of point
        Longitude and latitude of the places of a study by the country that the study says.
    outlines : Outlines
        Countries.

    Returns
    -------
    tuple of Frame
        None without places that span something; for a study at home in Kazakhstan its map, and
        the continent when places lie far beyond; else one map of all places.
    """
    points = [point for own in places.values() for point in own]
    if not points or not _spans(points):
        return ()
    home = _home(places, outlines)
    if home != KAZAKHSTAN_ID:
        return (_around(points, home),)
    names = {**COUNTRIES, **WATERS}
    detail = Frame(
        "kazakhstan",
        KAZAKHSTAN,
        KAZAKHSTAN_EXTENT,
        {name: names[name] for name in _ON_DETAIL},
        home,
        500.0,
    )
    view = detail.view(1000.0)
    beyond = [point for point in points if not _within(view, point)]
    if not beyond:
        return (detail,)
    overview = Frame(
        "eurasia",
        EURASIA,
        EURASIA_EXTENT,
        {name: _OVERVIEW_PLACES.get(name, names[name]) for name in _ON_OVERVIEW},
        home,
        None,
    )
    return (overview, detail)


def _home(places: Mapping[str, Sequence[Point]], outlines: Outlines) -> str | None:
    """Outline of the country with most places; a few of them tell, as some lie on a border."""
    most = max(places.values(), key=len)
    found = (country_at(*point, outlines) for point in most[:: max(len(most) // _ASKED, 1)])
    homes = Counter(country.id for country in found if country is not None)
    return homes.most_common(1)[0][0] if homes else None


def _spans(points: Sequence[Point]) -> bool:
    return max(x for x, _ in points) > min(x for x, _ in points)


def _within(view: Viewport, point: Point) -> bool:
    x, y = view.point(*point)
    return 0 <= x <= view.width and 0 <= y <= view.height


def _around(points: Sequence[Point], home: str | None) -> Frame:
    """Frame all places, widened so that a short line has land around it."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across = max((east - west) * 0.12, _LEAST_SPAN_DEG)
    # A map at least half as high as wide: a line from west to east would be a strip.
    up = max((north - south) * 0.12, (east - west) * 0.15, _LEAST_SPAN_DEG)
    low, high = max(south - up, -85.0), min(north + up, 85.0)
    corners = [(x, y) for x in (west - across, east + across) for y in (low, high)]
    projection = LambertAzimuthal((west + east) / 2, (south + north) / 2)
    return Frame("study", projection, tuple(corners), {}, home, None)
