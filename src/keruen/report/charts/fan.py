"""A fan over the years: the range of nine draws in ten, of the middle half, and the median."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from keruen.report import svg
from keruen.report.charts.axes import Formatter, is_narrow, nice_ticks
from keruen.report.charts.years import YearPlot, draw_year_grid
from keruen.report.palette import colour, series_colour

OUTER = 0.18
INNER = 0.38
"""How much of the colour of the line the two bands have."""
_SWATCH = 26.0


@dataclass(frozen=True, slots=True)
class FanYear:
    """What draws come to in a year.

    ``levels`` holds what 5, 25, 50, 75 and 95 of a hundred draws do not pass; ``computed`` is the
    study as it stands.
    """

    year: int
    levels: tuple[float, ...]
    computed: float | None = None


@dataclass(frozen=True, slots=True)
class FanSpec:
    """What a fan shows.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    unit : str
        Of the values; stands above the axis.
    years : tuple of FanYear
        At least two, rising.
    outer, inner, middle, computed : str
        Words of the key for both bands, the median, and the study as it stands.
    number : callable
        Writes a value in the reader's language.
    levels : tuple of (float, str)
        Horizontal lines with their words, such as a wanted value.
    """

    title: str
    description: str
    unit: str
    years: tuple[FanYear, ...]
    outer: str
    inner: str
    middle: str
    computed: str
    number: Formatter
    levels: tuple[tuple[float, str], ...] = ()


def draw_fan(spec: FanSpec, width: float, prefix: str) -> str:
    """Draw a fan at a width in px; the height follows from the key below.

    Raises
    ------
    ValueError
        If there are fewer than two years, they do not rise, or a value is negative.
    """
    years = [one.year for one in spec.years]
    if len(years) < 2 or any(b <= a for a, b in itertools.pairwise(years)):
        raise ValueError("a fan needs two years at least, rising")
    if any(len(one.levels) != 5 for one in spec.years):
        raise ValueError("a fan has five levels")
    if min(one.levels[0] for one in spec.years) < 0:
        raise ValueError("volumes are not negative")
    highest = max(
        *(max(one.levels[4], one.computed or 0.0) for one in spec.years),
        *(level for level, _ in spec.levels),
        0.0,
    )
    ticks = nice_ticks(highest)
    narrow = is_narrow(width)
    size = 11.0 if narrow else 12.0
    last = spec.years[-1]
    ends = [spec.number(value) for value in (last.levels[0], last.levels[2], last.levels[4])]
    plot = YearPlot(
        left=max(svg.text_width(spec.number(tick), size) for tick in ticks) + 10,
        top=24.0,
        right=width - max(svg.text_width(one, size, bold=True) for one in ends) - 14,
        bottom=24.0 + (210 if narrow else 280),
        first=years[0],
        last=years[-1],
        highest=ticks[-1],
        size=size,
    )
    key, height = _key(spec, plot, width)
    sheet = svg.Sheet(width, plot.bottom + 30 + height, spec.title, spec.description, prefix)
    return svg.document(
        sheet,
        draw_year_grid(plot, spec.unit, ticks, spec.number),
        _band(plot, [(o.year, o.levels[0], o.levels[4]) for o in spec.years], OUTER, spec.outer),
        _band(plot, [(o.year, o.levels[1], o.levels[3]) for o in spec.years], INNER, spec.inner),
        _levels(spec, plot),
        _computed(spec, plot),
        _middle(spec, plot),
        _ends(plot, last, ends),
        key,
    )


def _band(
    plot: YearPlot, ends: Sequence[tuple[int, float, float]], opacity: float, words: str
) -> str:
    points = [plot.at(year, high) for year, _, high in ends]
    points += [plot.at(year, low) for year, low, _ in reversed(ends)]
    fill: svg.Attributes = {
        "d": svg.path_data(points, closed=True),
        "fill": series_colour(0),
        "fill-opacity": opacity,
    }
    return svg.element("path", fill, svg.tooltip(words))


def _line(points: list[tuple[float, float]], shade: str, thick: float, dash: str | None) -> str:
    stroke: svg.Attributes = {
        "d": svg.path_data(points),
        "fill": "none",
        "stroke": shade,
        "stroke-width": thick,
        "stroke-dasharray": dash,
        "stroke-linejoin": "round",
    }
    return svg.element("path", stroke)


def _middle(spec: FanSpec, plot: YearPlot) -> str:
    points = [plot.at(one.year, one.levels[2]) for one in spec.years]
    parts = [_line(points, series_colour(0), 3.0, None)]
    for one, (x, y) in zip(spec.years, points, strict=True):
        span = f"{spec.number(one.levels[0])}–{spec.number(one.levels[4])}"
        words = f"{one.year}: {spec.number(one.levels[2])} ({span}) {spec.unit}"
        dot: svg.Attributes = {"cx": x, "cy": y, "r": 3.0, "fill": series_colour(0)}
        parts.append(svg.element("circle", dot, svg.tooltip(words)))
    return svg.group({}, *parts)


def _computed(spec: FanSpec, plot: YearPlot) -> str:
    known = [(one.year, one.computed) for one in spec.years if one.computed is not None]
    points = [plot.at(year, value) for year, value in known]
    return _line(points, series_colour(1), 2.0, "2 3") if len(points) > 1 else ""


def _levels(spec: FanSpec, plot: YearPlot) -> str:
    parts = []
    for level, words in spec.levels:
        _, y = plot.at(plot.first, level)
        ends = [(plot.left, y), (plot.right, y)]
        parts.append(svg.group({}, svg.tooltip(words), _line(ends, colour("target"), 1.5, "6 4")))
    return "".join(parts)


def _ends(plot: YearPlot, last: FanYear, words: Sequence[str]) -> str:
    """Values of the last year at its right, the median always, the ends where there is room."""
    parts = []
    _, middle = plot.at(last.year, last.levels[2])
    for value, said in zip((last.levels[0], last.levels[2], last.levels[4]), words, strict=True):
        x, y = plot.at(last.year, value)
        own = value == last.levels[2]
        if own or abs(y - middle) >= plot.size * 1.1:
            style = svg.TextStyle(plot.size, classes="k-b" if own else "k-m")
            parts.append(svg.text(x + 8, y + plot.size * 0.35, said, style))
    return "".join(parts)


def _key(spec: FanSpec, plot: YearPlot, width: float) -> tuple[str, float]:
    """What bands and lines are, each in a row below the plot; the height of all rows."""
    shade = series_colour(0)
    rows: list[tuple[str, str, str, float, str | None]] = [
        (spec.middle, "line", shade, 3.0, None),
        (spec.inner, "band", shade, 1.0 - (1.0 - INNER) * (1.0 - OUTER), None),
        (spec.outer, "band", shade, OUTER, None),
    ]
    if any(one.computed is not None for one in spec.years):
        rows.append((spec.computed, "line", series_colour(1), 2.0, "2 3"))
    rows += [(words, "line", colour("target"), 1.5, "6 4") for _, words in spec.levels]
    parts, y = [], plot.bottom + 40.0
    for words, kind, own, weight, dash in rows:
        middle = y - plot.size * 0.35
        if kind == "line":
            parts.append(_line([(0.0, middle), (_SWATCH, middle)], own, weight, dash))
        else:
            parts.append(svg.rect(0, middle - 6, _SWATCH, 12, fill=own, fill_opacity=weight))
        for said in svg.wrap(words, width - _SWATCH - 8, plot.size, lines=3):
            parts.append(svg.text(_SWATCH + 8, y, said, svg.TextStyle(plot.size)))
            y += plot.size * 1.3
        y += 5
    return "".join(parts), y - plot.bottom - 40.0
