"""A plot over the years: its inner rectangle, scales from nought, and the grid behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keruen.report import svg
from keruen.report.charts.axes import Formatter, year_ticks
from keruen.report.palette import colour


@dataclass(frozen=True, slots=True)
class YearPlot:
    """The inner rectangle in px and the scales that fill it.

    Parameters
    ----------
    left, top, right, bottom : float
        Px.
    first, last : float
        Span of the years, decimal.
    highest : float
        Value at the top; nought stands at the bottom.
    size : float
        Of letters, px.
    """

    left: float
    top: float
    right: float
    bottom: float
    first: float
    last: float
    highest: float
    size: float

    def x(self, date: float) -> float:
        """Px of a date; one outside the span stands at its end."""
        share = (min(max(date, self.first), self.last) - self.first) / (self.last - self.first)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        """Px of a value; one outside the scale stands at its end."""
        return self.bottom - min(max(value / self.highest, 0.0), 1.0) * (self.bottom - self.top)

    def at(self, date: float, value: float) -> tuple[float, float]:
        """Px of a date and a value."""
        return self.x(date), self.y(value)


def draw_year_grid(plot: YearPlot, unit: str, ticks: Sequence[float], number: Formatter) -> str:
    """Draw a level line at each tick, years below, and the unit above.

    Parameters
    ----------
    plot : YearPlot
        Where.
    unit : str
        Of the values.
    ticks : sequence of float
        Values, such as :func:`keruen.report.charts.axes.nice_ticks`.
    number : callable
        Writes a value in the reader's language.
    """
    size = plot.size
    right, below = svg.TextStyle(size, "end", "k-m"), svg.TextStyle(size, "middle", "k-m")
    parts = [svg.text(0, 13, unit, svg.TextStyle(size, classes="k-m"))]
    for tick in ticks:
        y = plot.y(tick)
        shade = colour("muted" if tick == 0 else "rule")
        parts.append(svg.line(plot.left, y, plot.right, y, stroke=shade))
        parts.append(svg.text(plot.left - 6, y + size * 0.35, number(tick), right))
    for year in year_ticks(plot.first, plot.last, plot.right - plot.left):
        x = plot.x(year)
        parts.append(svg.line(x, plot.bottom, x, plot.bottom + 4, stroke=colour("muted")))
        parts.append(svg.text(x, plot.bottom + 17, str(year), below))
    return "".join(parts)
