"""Symbols and names of the places on a map, and the names of countries and waters."""

from __future__ import annotations

from collections.abc import Sequence

from keruen.report import svg
from keruen.report.labels import Box, Label, Place, place_labels
from keruen.report.land import Viewport
from keruen.report.map_records import AreaLabel, MapPoint, MapSpec, PointKind
from keruen.report.palette import colour

Point = tuple[float, float]

ORDER = tuple(PointKind)
"""Kinds as they are drawn, the last on top."""
BOLD_FROM = 8.0
"""Priority from which a name is set in bold."""

_RADIUS = {
    PointKind.STATION: 1.9,
    PointKind.JUNCTION: 2.9,
    PointKind.BORDER: 4.6,
    PointKind.PORT: 4.0,
    PointKind.TERMINAL: 4.0,
}
_MINOR = (PointKind.STATION, PointKind.JUNCTION)


def symbol(kind: PointKind, x: float, y: float, shrink: float = 1.0) -> str:
    """Draw the symbol of a kind centred on (x, y): shapes differ, so that no colour is needed."""
    radius = _RADIUS[kind] * shrink
    hollow: svg.Attributes = {
        "fill": colour("paper"),
        "stroke": colour("ink"),
        "stroke-width": 1.3 * shrink,
    }
    if kind is PointKind.STATION:
        return svg.element("circle", {"cx": x, "cy": y, "r": radius, "fill": colour("ink")})
    if kind is PointKind.JUNCTION:
        return svg.element("circle", {"cx": x, "cy": y, "r": radius, **hollow})
    if kind is PointKind.BORDER:
        corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
        return svg.element("path", {"d": svg.path_data(corners, closed=True), **hollow})
    side = 2 * radius * 0.86
    square: svg.Attributes = {
        "x": x - side / 2,
        "y": y - side / 2,
        "width": side,
        "height": side,
    }
    solid: svg.Attributes = {"fill": colour("ink"), "stroke": colour("paper"), "stroke-width": 1.0}
    return svg.element("rect", {**square, **(solid if kind is PointKind.PORT else hollow)})


def ring(x: float, y: float, radius: float) -> str:
    """Draw the ring of a marked place around a symbol of a radius."""
    shade: svg.Attributes = {"fill": "none", "stroke": colour("halo"), "stroke-width": 4.0}
    line: svg.Attributes = {"fill": "none", "stroke": colour("missed"), "stroke-width": 2.0}
    place: svg.Attributes = {"cx": x, "cy": y, "r": radius + 3.0}
    return svg.element("circle", {**place, **shade}) + svg.element("circle", {**place, **line})


def shown(spec: MapSpec, view: Viewport) -> list[tuple[int, MapPoint, Point]]:
    """Places within the frame that deserve a symbol, with their index and px, minor ones first."""
    kept = []
    for index, point in enumerate(spec.points):
        x, y = view.point(point.longitude, point.latitude)
        within = 0 <= x <= view.width and 0 <= y <= view.height
        if within and point.priority >= spec.least_priority:
            kept.append((index, point, (x, y)))
    return sorted(kept, key=lambda entry: (ORDER.index(entry[1].kind), entry[0]))


def draw_places(
    spec: MapSpec,
    view: Viewport,
    lines: Sequence[Sequence[Point]],
    taken: Sequence[Box] = (),
) -> tuple[str, str]:
    """Draw the symbols, and the names that find room.

    Parameters
    ----------
    spec : MapSpec
        Its places and areas are drawn.
    view : Viewport
        Below 640 px symbols and letters are smaller.
    lines : sequence of point sequences
        Lines in px that names keep off where they can.
    taken : sequence of Box
        Rectangles that no name may cover.

    Returns
    -------
    tuple of str and str
        Markup of the symbols and of the names.
    """
    narrow = view.width < 640
    shrink, size = (0.65, 11.0) if narrow else (1.0, 12.0)
    symbols, labels, boxes = [], [], list(taken)
    marks: list[Sequence[Point]] = list(lines)
    for index, point, (x, y) in shown(spec, view):
        mark = symbol(point.kind, x, y, shrink)
        radius = _RADIUS[point.kind] * shrink
        around = ring(x, y, radius) if point.marked else ""
        symbols.append(svg.group({}, svg.tooltip(point.tooltip or point.label), around, mark))
        radius += 4.0 if point.marked else 0.0
        if point.kind in _MINOR and not point.marked:
            marks.append([(x, y), (x, y)])
        else:
            boxes.append(Box(x - radius, y - radius, x + radius, y + radius))
        if point.label.strip():
            width = svg.text_width(point.label, size, point.priority >= BOLD_FROM) + 3
            labels.append(Label(index, x, y, width, size * 1.18, radius + 3.5, point.priority))
    for index, area in enumerate(spec.areas, start=len(spec.points)):
        x, y = view.point(area.longitude, area.latitude)
        width = svg.text_width(area.text, size) * 1.06
        # A country's name gives way to every place but beats nothing; a sea's is a landmark.
        priority = BOLD_FROM if area.on_water else -1.0
        labels.append(Label(index, x, y, width, size * 1.2, 0.0, priority))
    placed = place_labels(labels, Box(4, 4, view.width - 4, view.height - 4), boxes, marks)
    names = [
        _area_name(place, spec.areas[place.key - len(spec.points)], size)
        if place.key >= len(spec.points)
        else _place_name(place, spec.points[place.key], size)
        for place in sorted(placed, key=lambda entry: entry.key)
    ]
    return "".join(symbols), "".join(names)


def _baseline(box: Box, size: float) -> float:
    return (box.top + box.bottom) / 2 + size * 0.35


def _area_name(place: Place, area: AreaLabel, size: float) -> str:
    shade = colour("water-ink" if area.on_water else "land-ink")
    style = svg.TextStyle(size, "middle", fill=shade, italic=area.on_water)
    middle = (place.box.left + place.box.right) / 2
    return svg.text(middle, _baseline(place.box, size), area.text, style)


def _place_name(place: Place, point: MapPoint, size: float) -> str:
    box = place.box
    ends = {"start": box.left + 1.5, "end": box.right - 1.5}
    at = ends.get(place.anchor, (box.left + box.right) / 2)
    classes = "k-halo k-b" if point.priority >= BOLD_FROM else "k-halo"
    style = svg.TextStyle(size, place.anchor, classes)
    return svg.text(at, _baseline(box, size), point.label, style)
