"""Capacity over the years as stairs: each step is an opening, named in the key below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keruen.report import svg
from keruen.report.charts.axes import Formatter, is_narrow, nice_ticks, spread
from keruen.report.charts.years import YearPlot, draw_year_grid
from keruen.report.palette import DASHES, SERIES, colour, series_colour

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stairs:
    """One line: (date in decimal years, value) in order of date; a value holds until the next date.

    A value of None breaks the line. Strong lines are drawn thicker.
    """

    label: str
    steps: tuple[tuple[float, float | None], ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """A date in decimal years and what happens then."""

    date: float
    label: str


@dataclass(frozen=True, slots=True)
class StaircaseSpec:
    """What a staircase shows.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    unit : str
        Of the values; stands above the axis.
    first, last : float
        Span of the axis in decimal years.
    series : tuple of Stairs
        At least one value among them.
    openings : tuple of Opening
        Numbered in order of date and listed below the plot.
    levels : tuple of (float, str)
        Horizontal lines with a label, such as a wanted value.
    number : callable
        Writes a value in the reader's language.
    """

    title: str
    description: str
    unit: str
    first: float
    last: float
    series: tuple[Stairs, ...]
    number: Formatter
    openings: tuple[Opening, ...] = ()
    levels: tuple[tuple[float, str], ...] = ()


def draw_staircase(spec: StaircaseSpec, width: float, prefix: str) -> str:
    """Draw stairs at a width in px; the height follows from what is listed below.

    Raises
    ------
    ValueError
        If the span is empty, no series has a value, or a value is negative or not finite.
    """
    values = [value for line in spec.series for _, value in line.steps if value is not None]
    if spec.last <= spec.first or not values:
        raise ValueError("a staircase needs a span of years and at least one value")
    if min(values) < 0:
        raise ValueError("capacity is not negative")
    ticks = nice_ticks(max(values + [level for level, _ in spec.levels]))
    narrow = is_narrow(width)
    size = 11.0 if narrow else 12.0
    names = [line.label for line in spec.series] + [label for _, label in spec.levels]
    labels = [svg.wrap(name, 104 if narrow else 200, size, 3, bold=True) for name in names]
    beside = max(svg.text_width(row, size, bold=True) for rows in labels for row in rows) + 20
    rows = _marker_rows(spec, width - beside)
    top = 24.0 + 20 * (max(rows, default=-1) + 1)
    plot = YearPlot(
        left=max(svg.text_width(spec.number(tick), size) for tick in ticks) + 10,
        top=top,
        right=width - beside,
        bottom=top + (230 if narrow else 300),
        first=spec.first,
        last=spec.last,
        highest=ticks[-1],
        size=size,
    )
    listed, list_height = _opening_list(spec, plot, width)
    sheet = svg.Sheet(width, plot.bottom + 26 + list_height, spec.title, spec.description, prefix)
    return svg.document(
        sheet,
        draw_year_grid(plot, spec.unit, ticks, spec.number),
        _markers(spec, plot, rows),
        _levels(spec, plot),
        "".join(_stairs(spec, plot, index) for index in _drawing_order(spec.series)),
        _direct_labels(spec, plot, labels),
        listed,
    )


def _drawing_order(series: Sequence[Stairs]) -> list[int]:
    return sorted(range(len(series)), key=lambda index: (series[index].strong, -index))


def _sorted_openings(spec: StaircaseSpec) -> list[Opening]:
    within = (o for o in spec.openings if spec.first <= o.date <= spec.last)
    return sorted(within, key=lambda opening: (opening.date, opening.label))


def _marker_rows(spec: StaircaseSpec, room: float) -> list[int]:
    """Row of each numbered marker above the plot: neighbours in time stand above each other."""
    ends: list[float] = []
    rows = []
    for opening in _sorted_openings(spec):
        x = (opening.date - spec.first) / (spec.last - spec.first) * room
        row = next((r for r, end in enumerate(ends) if end <= x), len(ends))
        ends[row : row + 1] = [x + 21]
        rows.append(row)
    return rows


def _markers(spec: StaircaseSpec, plot: YearPlot, rows: Sequence[int]) -> str:
    parts = []
    for index, (opening, row) in enumerate(zip(_sorted_openings(spec), rows, strict=True), start=1):
        x, y = plot.x(opening.date), plot.top - 12 - 20 * row
        parts.append(
            svg.group(
                {},
                svg.tooltip(opening.label),
                svg.line(
                    x,
                    y,
                    x,
                    plot.bottom,
                    stroke=colour("muted"),
                    stroke_dasharray="2 3",
                    opacity=0.8,
                ),
                _badge(x, y, index),
            )
        )
    return "".join(parts)


def _badge(x: float, y: float, index: int) -> str:
    ring: svg.Attributes = {"fill": colour("paper"), "stroke": colour("muted"), "stroke-width": 1.2}
    circle = svg.element("circle", {"cx": x, "cy": y, "r": 8.5, **ring})
    return circle + svg.text(x, y + 3.7, str(index), svg.TextStyle(10.5, "middle", "k-b"))


def _levels(spec: StaircaseSpec, plot: YearPlot) -> str:
    return "".join(
        svg.line(
            plot.left,
            plot.y(level),
            plot.right,
            plot.y(level),
            stroke=colour("target"),
            stroke_width=1.5,
            stroke_dasharray="6 4",
        )
        for level, _ in spec.levels
    )


def _runs(line: Stairs, plot: YearPlot) -> list[list[Point]]:
    """Corners of the stairs in px, broken where a value is missing."""
    runs: list[list[Point]] = []
    following = [date for date, _ in line.steps[1:]] + [plot.last]
    for (date, value), until in zip(line.steps, following, strict=True):
        if value is None or until <= plot.first or date > plot.last:
            continue
        start, end = (plot.x(date), plot.y(value)), (plot.x(until), plot.y(value))
        if runs and runs[-1][-1][0] == start[0]:
            runs[-1] += [start, end]
        else:
            runs.append([start, end])
    return runs


def _stairs(spec: StaircaseSpec, plot: YearPlot, index: int) -> str:
    line = spec.series[index]
    data = "".join(svg.path_data(run) for run in _runs(line, plot))
    stroke: svg.Attributes = {
        "d": data,
        "fill": "none",
        "stroke": series_colour(index),
        "stroke-width": 3.0 if line.strong else 2.0,
        "stroke-dasharray": DASHES[(index + index // len(SERIES)) % len(DASHES)],
        "stroke-linejoin": "round",
    }
    parts = [svg.tooltip(line.label), svg.element("path", stroke)]
    for date, value in line.steps:
        if value is None or not plot.first <= date <= plot.last:
            continue
        words = f"{line.label}: {spec.number(value)} {spec.unit}"
        dot: svg.Attributes = {
            "cx": plot.x(date),
            "cy": plot.y(value),
            "r": 3.0,
            "fill": series_colour(index),
        }
        parts.append(svg.element("circle", dot, svg.tooltip(words)))
    return svg.group({}, *parts)


def _direct_labels(spec: StaircaseSpec, plot: YearPlot, labels: Sequence[Sequence[str]]) -> str:
    """Write each line's name at its right end, moved apart and tied to the line by a thread."""
    ends: list[tuple[int, Point, str, bool]] = []
    for index, line in enumerate(spec.series):
        runs = _runs(line, plot)
        if runs:
            ends.append((index, runs[-1][-1], series_colour(index), line.strong))
    for index, (level, _) in enumerate(spec.levels, start=len(spec.series)):
        ends.append((index, (plot.right, plot.y(level)), colour("target"), True))
    leading = plot.size * 1.2
    heights = [leading * len(labels[index]) + 4 for index, *_ in ends]
    centres = spread([at[1] for _, at, *_ in ends], heights, plot.top - 10, plot.bottom + 6)
    parts = []
    for (index, at, shade, strong), centre, height in zip(ends, centres, heights, strict=True):
        parts.append(
            svg.line(at[0] + 2, at[1], plot.right + 13, centre, stroke=shade, stroke_width=1.2)
        )
        style = svg.TextStyle(plot.size, classes="k-b" if strong else "")
        baseline = centre - height / 2 + plot.size
        parts += [
            svg.text(plot.right + 16, baseline + leading * row, words, style)
            for row, words in enumerate(labels[index])
        ]
    return "".join(parts)


def _opening_list(spec: StaircaseSpec, plot: YearPlot, width: float) -> tuple[str, float]:
    size, y = plot.size, plot.bottom + 34.0
    parts = []
    for index, opening in enumerate(_sorted_openings(spec), start=1):
        rows = svg.wrap(opening.label, width - 28, size, lines=3)
        parts.append(_badge(10, y + 4, index))
        for words in rows:
            parts.append(svg.text(26, y + 8, words, svg.TextStyle(size)))
            y += size * 1.3
        y += 6
    return "".join(parts), y - plot.bottom - 26
