"""One target at a glance: its verdict as a chip, its computed range beside the published value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from keruen.report import svg
from keruen.report.palette import colour


class Verdict(StrEnum):
    """What a run says of a target or claim."""

    MET = "met"
    MISSED = "missed"
    UNDETERMINED = "undetermined"


_MARKS = {
    Verdict.MET: "M4.2 8.4l2.6 2.6 5-5.6",
    Verdict.MISSED: "M5 5l6 6M11 5l-6 6",
    Verdict.UNDETERMINED: "M5.6 6.2a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.5M8 12v.3",
}


def verdict_icon(verdict: Verdict) -> str:
    """Draw a tick, a cross or a question mark in a circle, in the colour of the text around it.

    It says nothing by itself to a screen reader: the word stands beside it.
    """
    stroke: svg.Attributes = {
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": 1.6,
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    return svg.element(
        "svg",
        {"viewBox": "0 0 16 16", "aria-hidden": "true", "focusable": "false"},
        svg.element("circle", {"cx": 8, "cy": 8, "r": 7, **stroke}),
        svg.element("path", {"d": _MARKS[verdict], **stroke}),
    )


def verdict_chip(verdict: Verdict, word: str) -> str:
    """Write a verdict as HTML: shape, colour and word say the same thing.

    >>> verdict_chip(Verdict.MET, "<met>").endswith("&lt;met&gt;</span>")
    True
    """
    return svg.element(
        "span",
        {"class": f"k-chip k-chip-{verdict.value}"},
        verdict_icon(verdict),
        svg.escape(word),
    )


@dataclass(frozen=True, slots=True)
class RangeSpec:
    """A computed range and what it is compared with; each value with its label.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    low, mode, high : tuple of float and str
        Computed values in order, and how they are written.
    published, wanted : tuple of float and str, or None
        Compared values; the label names them, such as "published 12".
    verdict : Verdict or None
        Gives the range its colour.
    """

    title: str
    description: str
    low: tuple[float, str]
    mode: tuple[float, str]
    high: tuple[float, str]
    published: tuple[float, str] | None = None
    wanted: tuple[float, str] | None = None
    verdict: Verdict | None = None


def draw_range(spec: RangeSpec, width: float, prefix: str) -> str:
    """Draw a range from zero on its own scale: bar from low to high, dot at the mode.

    Raises
    ------
    ValueError
        If the values are not finite, negative, or out of order.
    """
    compared = [pair for pair in (spec.published, spec.wanted) if pair]
    values = [spec.low[0], spec.mode[0], spec.high[0], *(pair[0] for pair in compared)]
    if not all(0 <= value < math.inf for value in values):
        raise ValueError("a range needs finite values that are not negative")
    if not spec.low[0] <= spec.mode[0] <= spec.high[0]:
        raise ValueError("low, mode and high must be in order")
    size, middle = 11.5, 26.0
    left, right = 8.0, width - 8.0
    full = max(*values, 1e-12) * 1.04

    def x(value: float) -> float:
        return left + value / full * (right - left)

    shade = colour(spec.verdict.value if spec.verdict else "muted")
    parts = [
        svg.line(left, middle, right, middle, stroke=colour("rule"), stroke_width=2),
        svg.line(left, middle - 4, left, middle + 4, stroke=colour("muted")),
        svg.rect(
            x(spec.low[0]),
            middle - 4,
            max(x(spec.high[0]) - x(spec.low[0]), 1.0),
            8,
            rx=4,
            fill=shade,
            opacity=0.35,
        ),
    ]
    if spec.wanted:
        parts.append(_wanted_mark(x(spec.wanted[0]), middle))
    if spec.published:
        parts.append(_published_mark(x(spec.published[0]), middle))
    parts.append(
        svg.element("circle", {"cx": x(spec.mode[0]), "cy": middle, "r": 5, "fill": shade})
    )
    parts.append(_centred(x(spec.mode[0]), middle - 11, spec.mode[1], size, width))
    parts.append(_end_labels(spec, (x(spec.low[0]), x(spec.high[0])), middle + 17, width))
    key, bottom = _compared_key(spec, width, middle + 21)
    return svg.document(
        svg.Sheet(width, bottom + 4, spec.title, spec.description, prefix), *parts, key
    )


def _centred(x: float, y: float, words: str, size: float, width: float) -> str:
    half = svg.text_width(words, size, bold=True) / 2
    at = min(max(x, half + 1), width - half - 1)
    return svg.text(at, y, words, svg.TextStyle(size, "middle", "k-clear k-b"))


def _end_labels(spec: RangeSpec, ends: tuple[float, float], y: float, width: float) -> str:
    """Write low and high under their ends, or together when they would touch."""
    if spec.low[1] == spec.high[1]:
        return ""
    size = 10.5
    widths = (svg.text_width(spec.low[1], size), svg.text_width(spec.high[1], size))
    low_at = min(max(ends[0], widths[0] / 2 + 1), width - widths[0] / 2)
    high_at = min(max(ends[1], widths[1] / 2 + 1), width - widths[1] / 2 - 1)
    style = svg.TextStyle(size, "middle", "k-clear k-m")
    if high_at - low_at >= sum(widths) / 2 + 6:
        return svg.text(low_at, y, spec.low[1], style) + svg.text(high_at, y, spec.high[1], style)
    both = f"{spec.low[1]} … {spec.high[1]}"
    half = svg.text_width(both, size) / 2
    middle = min(max((low_at + high_at) / 2, half + 1), width - half - 1)
    return svg.text(middle, y, both, style)


def _wanted_mark(x: float, y: float) -> str:
    return svg.line(
        x, y - 10, x, y + 10, stroke=colour("target"), stroke_width=2, stroke_dasharray="4 2.5"
    )


def _published_mark(x: float, y: float) -> str:
    corners = [(x, y - 6.5), (x + 6.5, y), (x, y + 6.5), (x - 6.5, y)]
    shape: svg.Attributes = {"fill": colour("paper"), "stroke": colour("ink"), "stroke-width": 1.6}
    return svg.element("path", {"d": svg.path_data(corners, closed=True), **shape})


def _compared_key(spec: RangeSpec, width: float, top: float) -> tuple[str, float]:
    """Say below the bar what the diamond and the dashed line are."""
    size = 11.0
    parts, y = [], top
    for pair, mark in ((spec.published, _published_mark), (spec.wanted, _wanted_mark)):
        if pair is None:
            continue
        rows = svg.wrap(pair[1], width - 24, size, 2)
        parts.append(
            svg.group({"transform": f"translate(8 {svg.number(y + 12)}) scale(.8)"}, mark(0, 0))
        )
        for words in rows:
            y += 16
            parts.append(svg.text(20, y, words, svg.TextStyle(size)))
    return "".join(parts), y
