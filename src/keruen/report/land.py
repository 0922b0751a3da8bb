"""Fit a projection to a frame of pixels and draw land, water, borders and coasts in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from keruen.report import svg
from keruen.report.outlines import Outlines
from keruen.report.palette import colour
from keruen.report.projection import EARTH_RADIUS_KM, Projection, central_angle

Point = tuple[float, float]

MARGIN = 6.0
"""Px around the frame within which outlines are still drawn, so that no cut edge shows."""
THINNING = 1.2
"""Px between two points of an arc below which the second is left out."""
SPECK = 3.0
"""Square px of its frame below which a ring is left out."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A projection scaled and shifted so that the wanted region fills a frame.

    Parameters
    ----------
    projection : Projection
        Degrees to km.
    scale : float
        Px per km.
    left, top : float
        Km at the upper left corner of the frame.
    width, height : float
        Size of the frame in px.
    """

    projection: Projection
    scale: float
    left: float
    top: float
    width: float
    height: float

    def point(self, longitude: float, latitude: float) -> Point:
        """Degrees to px, y downwards."""
        x, y = self.projection.forward(longitude, latitude)
        return ((x - self.left) * self.scale, (self.top - y) * self.scale)

    def position(self, x: float, y: float) -> Point:
        """Px to degrees: what stands at a place of the frame."""
        return self.projection.inverse(x / self.scale + self.left, self.top - y / self.scale)

    def km_per_px(self) -> float:
        """True length on the sphere of one px along the row through the middle of the frame."""
        middle, reach = self.height / 2, self.width / 8
        west = self.position(self.width / 2 - reach, middle)
        east = self.position(self.width / 2 + reach, middle)
        return central_angle(west, east) * EARTH_RADIUS_KM / (2 * reach)


KAZAKHSTAN_EXTENT: tuple[Point, ...] = (
    (46.4, 48.0),
    (87.4, 49.0),
    (68.0, 55.6),
    (54.0, 41.0),
    (67.0, 40.4),
    (81.0, 42.0),
)
"""Positions that the detailed map of the reference study spans, Caspian crossing included."""
EURASIA_EXTENT: tuple[Point, ...] = (
    (-3.0, 52.0),
    (3.0, 60.0),
    (130.0, 40.0),
    (122.0, 28.0),
    (105.0, 27.5),
    (30.0, 34.0),
    (88.0, 60.0),
)
"""Positions that the overview spans, from the North Sea to the Yellow Sea."""


def fit(
    projection: Projection, positions: Sequence[Point], width: float, padding: float = 24.0
) -> Viewport:
    """Scale a projection so that positions in degrees span a width in px, the height following.

    Raises
    ------
    ValueError
        If there are no positions, or all of them lie on one meridian of the drawing.

    Examples
    --------
    >>> from keruen.report.projection import KAZAKHSTAN
    >>> view = fit(KAZAKHSTAN, [(50, 45), (85, 45), (67, 54)], width=400, padding=20)
    >>> [round(x) for x in (view.point(50, 45)[0], view.point(85, 45)[0])]
    [20, 380]
    """
    if not positions:
        raise ValueError("a map needs at least one position")
    flat = [projection.forward(*position) for position in positions]
    west, east = min(x for x, _ in flat), max(x for x, _ in flat)
    south, north = min(y for _, y in flat), max(y for _, y in flat)
    if east - west <= 0:
        raise ValueError("positions span no width")
    scale = (width - 2 * padding) / (east - west)
    return Viewport(
        projection=projection,
        scale=scale,
        left=west - padding / scale,
        top=north + padding / scale,
        width=width,
        height=round((north - south) * scale + 2 * padding),
    )


def thin(points: Sequence[Point], spacing: float = THINNING) -> list[Point]:
    """Leave out points closer than a spacing in px to the one kept before; both ends stay.

    >>> thin([(0, 0), (0.1, 0), (5, 0), (5.1, 0)], spacing=1)
    [(0, 0), (5, 0), (5.1, 0)]
    """
    kept = list(points[:1])
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= spacing:
            kept.append(point)
    return [*kept, *points[-1:]] if len(points) > 1 else kept


def clip_ring(ring: Sequence[Point], width: float, height: float) -> list[Point]:
    """Cut a closed ring to a frame widened by the margin (Sutherland and Hodgman).

    >>> clip_ring([(-99, 0), (10, 0), (10, 10), (-99, 10)], 20, 20)[0]
    (-6.0, 0.0)
    """
    points = list(ring)
    edges = (
        (0, -MARGIN, 1.0),
        (0, width + MARGIN, -1.0),
        (1, -MARGIN, 1.0),
        (1, height + MARGIN, -1.0),
    )
    for axis, edge, sign in edges:
        source, points = points, []
        for start, end in zip([*source[-1:], *source[:-1]], source, strict=True):
            before, after = sign * (start[axis] - edge), sign * (end[axis] - edge)
            if (before < 0) != (after < 0):
                share = before / (before - after)
                points.append(
                    (
                        start[0] + share * (end[0] - start[0]),
                        start[1] + share * (end[1] - start[1]),
                    )
                )
            if after >= 0:
                points.append(end)
    return points


def visible_runs(points: Sequence[Point], width: float, height: float) -> list[list[Point]]:
    """Split a line into the runs of segments that may touch the frame.

    >>> visible_runs([(-90, 5), (-80, 5), (5, 5), (6, 5)], 20, 20)
    [[(-80, 5), (5, 5), (6, 5)]]
    """
    runs: list[list[Point]] = []
    for start, end in itertools.pairwise(points):
        beyond = (
            max(start[0], end[0]) < -MARGIN
            or min(start[0], end[0]) > width + MARGIN
            or max(start[1], end[1]) < -MARGIN
            or min(start[1], end[1]) > height + MARGIN
        )
        if beyond:
            continue
        if runs and runs[-1][-1] == start:
            runs[-1].append(end)
        else:
            runs.append([start, end])
    return runs


def _is_seen(ring: Sequence[Point]) -> bool:
    """Whether a ring is large enough to be seen: an islet of a px only costs room."""
    if len(ring) < 3:
        return False
    across = max(x for x, _ in ring) - min(x for x, _ in ring)
    down = max(y for _, y in ring) - min(y for _, y in ring)
    return across * down >= SPECK


@lru_cache(maxsize=16)
def draw_land(outlines: Outlines, view: Viewport, home: str | None = None) -> str:
    """Draw water, land, the home country, lakes, borders and coasts; once for all languages.

    Parameters
    ----------
    outlines : Outlines
        From :func:`keruen.report.outlines.load`.
    view : Viewport
        From :func:`fit`.
    home : str or None
        Identifier of the country to lift out, such as ``"398"``.
    """
    arcs = [thin([view.point(*position) for position in arc]) for arc in outlines.arcs]
    size = (view.width, view.height)

    def area(rings: Iterable[Sequence[Point]]) -> str:
        cut = (clip_ring(ring, *size) for ring in rings)
        return "".join(svg.path_data(ring, closed=True) for ring in cut if _is_seen(ring))

    def ring(indices: Sequence[int]) -> list[Point]:
        points: list[Point] = []
        for index in indices:
            points += arcs[index] if index >= 0 else arcs[~index][::-1]
        return points

    def strokes(indices: Iterable[int]) -> str:
        runs = (run for index in indices for run in visible_runs(arcs[index], *size))
        return "".join(svg.path_data(run) for run in runs)

    abroad = area(ring(r) for c in outlines.countries if c.id != home for r in c.rings)
    at_home = area(ring(r) for c in outlines.countries if c.id == home for r in c.rings)
    lakes = area(thin([view.point(*p) for p in lake]) for lake in outlines.lakes)
    edge: svg.Attributes = {"fill": "none", "stroke-linejoin": "round"}
    rim: svg.Attributes = {"stroke": colour("home-rim"), "stroke-width": 1.6}
    shore: svg.Attributes = {"stroke": colour("coast"), "stroke-width": 0.7}
    border: svg.Attributes = {"stroke": colour("border"), "stroke-width": 0.9}
    even_odd: svg.Attributes = {"fill-rule": "evenodd", "stroke-linejoin": "round"}
    layers: tuple[tuple[str, svg.Attributes], ...] = (
        (abroad, {**even_odd, **shore, "fill": colour("land")}),
        (at_home, {**even_odd, **rim, "fill": colour("home")}),
        (lakes, {**shore, "fill": colour("water")}),
        (strokes(outlines.borders()), {**edge, **border}),
    )
    drawn = (svg.element("path", {"d": data, **style}) for data, style in layers if data)
    return svg.rect(0, 0, *size, fill=colour("water")) + "".join(drawn)
