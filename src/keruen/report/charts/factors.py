"""What a rise is made of: factors that multiply from before to after, on a logarithmic axis.

On that axis equal ratios have equal lengths, so that the bars add up as the factors multiply.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from keruen.report import svg
from keruen.report.charts.axes import Formatter, is_narrow, log_ticks
from keruen.report.palette import colour

TOLERANCE = 0.005
"""Relative gap between the product of the factors and the value after that counts as rounding."""
BAR = 16.0
"""Height of a bar in px."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One cause: its name, its factor, how that is written, whether it rests on an assumption."""

    label: str
    factor: float
    factor_label: str
    assumed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class FactorSpec:
    """What a chart of factors shows.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    before, after : tuple of float and str
        Values at both ends and their labels, such as "before: 12 pairs a day".
    factors : tuple of Factor
        In the order in which they are applied; their product leads from before to after.
    unit : str
        Under the axis.
    number : callable
        Writes a tick in the reader's language.
    assumed : str
        Word for a factor that rests on an assumption.
    claim : tuple of float and str, or None
        A claimed ratio and its label.
    """

    title: str
    description: str
    before: tuple[float, str]
    after: tuple[float, str]
    factors: tuple[Factor, ...]
    unit: str
    number: Formatter
    assumed: str
    claim: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where names and bars stand in px, and the logarithmic scale between."""

    left: float
    right: float
    low: float
    high: float
    top: float
    size: float
    width: float
    narrow: bool
    hatch: str

    def x(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.left + share * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class _Row:
    """One drawn row: its shape, its words on top of everything, and where it lies in px."""

    shape: str
    words: str
    middle: float
    bottom: float


def running_values(before: float, factors: Sequence[float]) -> list[float]:
    """Values after each factor, the first being the value before.

    >>> running_values(10, (2, 3))
    [10, 20, 60]
    """
    values = [before]
    for factor in factors:
        values.append(values[-1] * factor)
    return values


def draw_factors(spec: FactorSpec, width: float, prefix: str) -> str:
    """Draw factors at a width in px; names stand beside the bars, on a phone above them.

    Raises
    ------
    ValueError
        If a value or factor is not positive and finite, or the factors do not lead from before to
        after: a decomposition that does not close is no answer.
    """
    numbers = [spec.before[0], spec.after[0], *(f.factor for f in spec.factors)]
    numbers += [spec.claim[0]] if spec.claim else []
    if not all(0 < value < math.inf for value in numbers):
        raise ValueError("factors multiply positive, finite values")
    running = running_values(spec.before[0], [f.factor for f in spec.factors])
    if abs(running[-1] / spec.after[0] - 1) > TOLERANCE:
        raise ValueError("the factors do not multiply from before to after")
    claimed = [spec.before[0] * spec.claim[0]] if spec.claim else []
    seen = [*running, spec.after[0], *claimed]
    ticks = log_ticks(min(seen) * 0.9, max(seen) * 1.05)
    frame = _frame(spec, ticks, width, f"{svg.safe_id(prefix)}-hatch")
    rows = [_end_row(frame, spec.before, frame.top + 4.0)]
    for factor, start, end in zip(spec.factors, running, running[1:], strict=False):
        rows.append(_factor_row(frame, factor, (start, end), spec.assumed, rows[-1].bottom))
    rows.append(_end_row(frame, spec.after, rows[-1].bottom))
    threads = [
        _thread(frame.x(value), above.middle, below.middle)
        for value, above, below in zip(running, rows[:-1], rows[1:], strict=True)
    ]
    y = rows[-1].bottom
    sheet = svg.Sheet(width, y + 38, spec.title, spec.description, prefix)
    return svg.document(
        sheet,
        _hatch(frame.hatch),
        _axis(spec, frame, ticks, y),
        *threads,
        *(row.shape for row in rows),
        _claim(spec, frame, y),
        *(row.words for row in rows),
    )


def _frame(spec: FactorSpec, ticks: Sequence[float], width: float, hatch: str) -> _Frame:
    narrow = is_narrow(width)
    return _Frame(
        left=8.0 if narrow else round(width * 0.38),
        right=width - (58.0 if narrow else 70.0),
        low=ticks[0],
        high=ticks[-1],
        top=30.0 if spec.claim else 6.0,
        size=11.5 if narrow else 12.5,
        width=width,
        narrow=narrow,
        hatch=hatch,
    )


def _words(
    frame: _Frame, names: tuple[str, bool], note: str, top: float
) -> tuple[str, float, float]:
    """Write a row's words; return them, the top of its bar and the height of the row."""
    room = frame.width - 8 if frame.narrow else frame.left - 16
    leading = frame.size * 1.3
    baseline = top + frame.size + 2
    parts = []
    for words, size, classes in (
        (names[0], frame.size, "k-clear k-b" if names[1] else "k-clear"),
        (note, frame.size - 1, "k-clear k-m"),
    ):
        for row in svg.wrap(words, room, size, 2, bold=names[1]):
            parts.append(svg.text(0, baseline, row, svg.TextStyle(size, classes=classes)))
            baseline += leading
    used = baseline - top - frame.size - 2
    if frame.narrow:
        return "".join(parts), top + used + 5, used + BAR + 14
    return "".join(parts), top + max((used - BAR) / 2, 0) + 3, max(used, BAR) + 14


def _end_row(frame: _Frame, pair: tuple[float, str], top: float) -> _Row:
    """Draw the value before or after as a dot: on a logarithmic axis a bar has no beginning."""
    words, bar_top, height = _words(frame, (pair[1], True), "", top)
    middle = bar_top + BAR / 2
    dot: svg.Attributes = {"cx": frame.x(pair[0]), "cy": middle, "r": 6, "fill": colour("ink")}
    return _Row(svg.element("circle", dot), words, middle, top + height)


def _factor_row(
    frame: _Frame, factor: Factor, ends: tuple[float, float], assumed: str, top: float
) -> _Row:
    """Draw one factor as a bar from the value before it to the value after it."""
    name = f"{factor.label} · {assumed}" if factor.assumed else factor.label
    words, bar_top, height = _words(frame, (name, False), factor.note, top)
    x0, x1 = (frame.x(value) for value in sorted(ends))
    shade = colour("u1" if ends[1] >= ends[0] else "accent")
    bar = svg.rect(
        x0,
        bar_top,
        max(x1 - x0, 1.0),
        BAR,
        fill=f"url(#{frame.hatch})" if factor.assumed else shade,
        stroke=shade,
        stroke_width=1.3,
        stroke_dasharray="4 2" if factor.assumed else None,
        rx=1.5,
    )
    middle = bar_top + BAR / 2
    style = svg.TextStyle(frame.size, classes="k-clear k-b")
    words += svg.text(x1 + 7, middle + frame.size * 0.35, factor.factor_label, style)
    return _Row(bar, words, middle, top + height)


def _thread(x: float, top: float, bottom: float) -> str:
    return svg.line(x, top, x, bottom, stroke=colour("muted"), stroke_dasharray="2 2")


def _hatch(identifier: str) -> str:
    pattern: svg.Attributes = {
        "id": identifier,
        "width": 6,
        "height": 6,
        "patternUnits": "userSpaceOnUse",
        "patternTransform": "rotate(45)",
    }
    ground = svg.rect(0, 0, 6, 6, fill=colour("paper"))
    stripe = svg.rect(0, 0, 2.4, 6, fill=colour("u1"))
    return svg.element("defs", None, svg.element("pattern", pattern, ground, stripe))


def _axis(spec: FactorSpec, frame: _Frame, ticks: Sequence[float], bottom: float) -> str:
    size = frame.size - 1
    parts = []
    free_from = -math.inf
    for tick in ticks:
        x = frame.x(tick)
        parts.append(svg.line(x, frame.top, x, bottom, stroke=colour("rule")))
        words = spec.number(tick)
        half = svg.text_width(words, size) / 2
        if x - half >= free_from:
            style = svg.TextStyle(size, "middle", "k-m")
            parts.append(svg.text(max(x, half), bottom + 14, words, style))
            free_from = x + half + 6
    unit = svg.TextStyle(size, classes="k-m")
    return "".join(parts) + svg.text(frame.left, bottom + 30, spec.unit, unit)


def _claim(spec: FactorSpec, frame: _Frame, bottom: float) -> str:
    if spec.claim is None:
        return ""
    x = frame.x(spec.before[0] * spec.claim[0])
    words = svg.ellipsise(spec.claim[1], frame.width - 4, frame.size, bold=True)
    half = svg.text_width(words, frame.size, bold=True) / 2
    middle = min(max(x, half + 2), frame.width - half - 2)
    mark = svg.line(
        x, 21, x, bottom, stroke=colour("target"), stroke_width=1.8, stroke_dasharray="6 4"
    )
    return mark + svg.text(middle, 14, words, svg.TextStyle(frame.size, "middle", "k-b"))
