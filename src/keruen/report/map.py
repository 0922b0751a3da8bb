"""Draw a map: lines as wide as their capacity and as strong in colour as they are used, and places.

The picture is one SVG text that needs the stylesheet of :mod:`keruen.report.palette`.
"""

from __future__ import annotations

from keruen.report import svg
from keruen.report.labels import Box
from keruen.report.land import Viewport, draw_land, visible_runs
from keruen.report.legend import KeyGroup, Swatch, draw_key
from keruen.report.map_places import ORDER, draw_places, ring, shown, symbol
from keruen.report.map_records import ColourScale, LineStyle, MapLine, MapSpec, PointKind
from keruen.report.outlines import Outlines
from keruen.report.palette import colour, utilisation_colour
from keruen.report.projection import great_circle

Point = tuple[float, float]

_WIDEST = {False: 8.0, True: 4.5}
_THINNEST = {False: 1.3, True: 0.9}
_UNKNOWN = {False: 1.6, True: 1.1}


def draw_map(spec: MapSpec, outlines: Outlines, view: Viewport, prefix: str) -> str:
    """Draw a map in a frame that :func:`keruen.report.land.fit` made.

    Parameters
    ----------
    spec : MapSpec
        What to show.
    outlines : Outlines
        From :func:`keruen.report.outlines.load`.
    view : Viewport
        Its width decides how large symbols and letters are: below 640 px they suit a phone.
    prefix : str
        Keeps ids of this picture apart from those of others in the page.

    Returns
    -------
    str
        SVG of the frame's width; the key stands below the map.
    """
    narrow = view.width < 640
    clip = f"{svg.safe_id(prefix)}-clip"
    paths = [_pixel_path(line, view) for line in spec.lines]
    taken = [_scale_bar_box(spec.scale_bar, view)] if spec.scale_bar else []
    symbols, names = draw_places(spec, view, paths, taken)
    inside = svg.group(
        {"clip-path": f"url(#{clip})"},
        draw_land(outlines, view, spec.home),
        _lines(spec, view, paths),
        _scale_bar(spec.scale_bar, view) if spec.scale_bar else "",
        symbols,
        names,
    )
    key, key_height = draw_key(_key(spec, view), 2, view.height + 12, view.width - 4)
    note, note_height = _note(spec.words.note, view, view.height + 18 + key_height)
    sheet = svg.Sheet(
        width=view.width,
        height=view.height + 18 + key_height + note_height,
        title=spec.title,
        description=spec.description,
        prefix=prefix,
    )
    frame = svg.rect(0, 0, view.width, view.height, rx=4 if narrow else 6)
    rim = svg.rect(
        0.5, 0.5, view.width - 1, view.height - 1, rx=6, fill="none", stroke=colour("rule")
    )
    defs = svg.element("defs", None, svg.element("clipPath", {"id": clip}, frame))
    return svg.document(sheet, defs, inside, rim, key, note)


def stroke_width(capacity: float | None, full: float, narrow: bool = False) -> float:
    """Width of a line in px: proportional to capacity, from a hair to the widest at ``full``.

    >>> stroke_width(None, 100), stroke_width(50, 100), stroke_width(500, 100)
    (1.6, 4.0, 8.0)
    """
    if capacity is None or full <= 0:
        return _UNKNOWN[narrow]
    return max(_THINNEST[narrow], _WIDEST[narrow] * min(max(capacity / full, 0.0), 1.0))


def _pixel_path(line: MapLine, view: Viewport) -> list[Point]:
    positions = list(line.path[:1])
    for start, end in zip(line.path, line.path[1:], strict=False):
        positions += great_circle(start, end)[1:]
    return [view.point(*position) for position in positions]


def _dash(style: LineStyle, width: float) -> str | None:
    if style is LineStyle.SEA:
        return f"{svg.number(4 + width)} {svg.number(2 + width)}"
    if style is LineStyle.PLANNED:
        return f"{svg.number(max(width, 1.5))} {svg.number(max(width, 1.5) + 1)}"
    return "1.5 2.5" if style is LineStyle.ROAD else None


def _line_colour(line: MapLine, scale: ColourScale) -> str:
    if line.colour is not None:
        return line.colour
    if line.utilisation is None:
        return colour("water-ink" if line.style is LineStyle.SEA else "unknown")
    return utilisation_colour(scale.step(line.utilisation))


def _lines(spec: MapSpec, view: Viewport, paths: list[list[Point]]) -> str:
    """Draw all lines, the busiest on top, over a common casing that parts them from borders."""
    casings, strokes = [], []
    narrow = view.width < 640
    drawn = zip(spec.lines, paths, strict=True)
    for line, path in sorted(drawn, key=lambda pair: pair[0].utilisation or -1.0):
        usual = stroke_width(line.capacity, spec.widths.full, narrow)
        width = usual if line.width is None else line.width
        runs = visible_runs(path, view.width, view.height)
        data = "".join(svg.path_data(run) for run in runs)
        if not data:
            continue
        dash = _dash(line.style, width)
        if dash is None:
            casings.append(svg.element("path", {"d": data, "stroke-width": width + 1.8}))
        stroke: svg.Attributes = {
            "d": data,
            "class": "k-stroke",
            "stroke": _line_colour(line, spec.colours),
            "stroke-width": width,
            "stroke-dasharray": dash,
            "stroke-linecap": None if dash else "round",
        }
        # A hair is hard to point at: an unseen wide stroke catches the pointer for the tooltip.
        # A phone has no pointer.
        target: svg.Attributes = {
            "d": data,
            "stroke-width": max(width, 9.0),
            "stroke-opacity": 0,
        }
        strokes.append(
            svg.group(
                {"class": "k-line"},
                svg.tooltip(line.tooltip),
                svg.element("path", target) if line.tooltip and not narrow else "",
                svg.element("path", stroke),
            )
        )
    joined: svg.Attributes = {"fill": "none", "stroke-linejoin": "round"}
    halo: svg.Attributes = {
        "stroke": colour("halo"),
        "stroke-linecap": "round",
        "stroke-opacity": 0.85,
    }
    return svg.group({**joined, **halo}, *casings) + svg.group(
        {**joined, "stroke": colour("unknown")}, *strokes
    )


def _scale_bar_box(bar: tuple[float, str], view: Viewport) -> Box:
    length = bar[0] / view.km_per_px()
    wide = max(length, svg.text_width(bar[1], 11)) + 20
    return Box(view.width - 8 - wide, view.height - 38, view.width - 8, view.height - 8)


def _scale_bar(bar: tuple[float, str], view: Viewport) -> str:
    box = _scale_bar_box(bar, view)
    x, y = box.left + 10, box.bottom - 8
    length = svg.number(bar[0] / view.km_per_px())
    ticks = f"M{svg.number(x)} {svg.number(y - 5)}v5h{length}v-5"
    stroke: svg.Attributes = {
        "d": ticks,
        "fill": "none",
        "stroke": colour("ink"),
        "stroke-width": 1.3,
    }
    words = svg.text(x, y - 9, bar[1], svg.TextStyle(11, classes="k-halo"))
    return svg.element("path", stroke) + words


def _key(spec: MapSpec, view: Viewport) -> list[KeyGroup]:
    kinds = {point.kind for _, point, _ in shown(spec, view)}
    styles = {line.style for line in spec.lines}
    swatches = [
        Swatch(_symbol_drawer(kind), 10, spec.words.points[kind])
        for kind in ORDER
        if kind in kinds and kind in spec.words.points
    ]
    if spec.words.marked and any(point.marked for _, point, _ in shown(spec, view)):
        swatches.append(Swatch(lambda x, y: ring(x + 5, y, 3.0), 12, spec.words.marked))
    swatches += [
        Swatch(_stroke_drawer(26, 2.4, colour("ink"), style), 26, spec.words.lines[style])
        for style in LineStyle
        if style in styles and style in spec.words.lines
    ]
    places = KeyGroup(spec.words.points_title, tuple(swatches))
    groups = [_colour_group(spec), _width_group(spec, view.width < 640), places, *spec.extra]
    return [group for group in groups if group.swatches]


def _symbol_drawer(kind: PointKind) -> svg.Drawer:
    return lambda x, y: symbol(kind, x + 5, y)


def _stroke_drawer(
    length: float, width: float, shade: str, style: LineStyle = LineStyle.RAIL
) -> svg.Drawer:
    dash = _dash(style, width)
    return lambda x, y: svg.line(
        x, y, x + length, y, stroke=shade, stroke_width=width, stroke_dasharray=dash
    )


def _colour_group(spec: MapSpec) -> KeyGroup:
    swatches = [
        Swatch(_stroke_drawer(22, 6, utilisation_colour(step)), 22, label)
        for step, label in enumerate(spec.colours.labels)
    ]
    unknown = (line for line in spec.lines if line.utilisation is None and line.colour is None)
    if any(line.style is not LineStyle.SEA for line in unknown):
        swatches.append(Swatch(_stroke_drawer(22, 2, colour("unknown")), 22, spec.colours.unknown))
    return KeyGroup(spec.colours.title, tuple(swatches))


def _width_group(spec: MapSpec, narrow: bool) -> KeyGroup:
    swatches = [
        Swatch(
            _stroke_drawer(26, stroke_width(value, spec.widths.full, narrow), colour("ink")),
            26,
            words,
        )
        for value, words in spec.widths.stops
    ]
    return KeyGroup(spec.widths.title, tuple(swatches))


def _note(note: str, view: Viewport, top: float) -> tuple[str, float]:
    size = 10.5
    rows = svg.wrap(note, view.width - 4, size, lines=6)
    style = svg.TextStyle(size, classes="k-m")
    parts = [svg.text(2, top + 12 + 14 * row, words, style) for row, words in enumerate(rows)]
    return "".join(parts), 14.0 * len(rows) + 4
