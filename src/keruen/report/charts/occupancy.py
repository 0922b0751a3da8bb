"""Occupied share of the day by section: trains by class, windows, buffer; thresholds across."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from keruen.report import svg
from keruen.report.charts.axes import Formatter, is_narrow, nice_ticks
from keruen.report.charts.hatching import Hatch, draw_blank, hatching
from keruen.report.legend import KeyGroup, Swatch, draw_key
from keruen.report.palette import colour, series_colour


class Use(Enum):
    """What takes time of a section."""

    TRAINS = "trains"
    WINDOW = "window"
    BUFFER = "buffer"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of all bars: its name for the key, and what it is."""

    label: str
    use: Use = Use.TRAINS


@dataclass(frozen=True, slots=True)
class SectionBar:
    """One section: its name, shares of the day by part, how the sum is written.

    ``shares`` is None where it is not known, or where no share exists because the order of the
    trains cannot be kept (``beyond``); ``total`` then says so. ``note`` stands under the name.
    """

    name: str
    shares: tuple[float, ...] | None
    total: str
    note: str = ""
    tooltip: str = ""
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class OccupancySpec:
    """What a strip of occupancy shows.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    parts : tuple of Part
        In the order in which they are stacked.
    sections : tuple of SectionBar
        By chainage.
    share : callable
        Writes a share, such as 0.6 as "60 %".
    axis : str
        What the axis shows.
    empty : str
        Said where there is no section.
    thresholds : tuple of (float, str)
        Vertical lines with a label.
    worst_first : bool
        Whether to sort by falling sum rather than by chainage: what is beyond any share first, what
        is not known last.
    """

    title: str
    description: str
    parts: tuple[Part, ...]
    sections: tuple[SectionBar, ...]
    share: Formatter
    axis: str
    empty: str
    thresholds: tuple[tuple[float, str], ...] = ()
    worst_first: bool = True


_CLASS_SHADES: Final = (0, 4, 2, 1)


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    right: float
    highest: float
    top: float
    size: float
    width: float
    narrow: bool
    hatches: tuple[str, str]

    def x(self, share: float) -> float:
        return self.left + share / self.highest * (self.right - self.left)


def ordered_sections(spec: OccupancySpec) -> tuple[SectionBar, ...]:
    """Sections in the order in which they are drawn."""
    if not spec.worst_first:
        return spec.sections
    return tuple(sorted(spec.sections, key=_urgency))


def _urgency(one: SectionBar) -> float:
    if one.shares is None:
        return -math.inf if one.beyond else math.inf
    return -sum(one.shares)


def draw_occupancy(spec: OccupancySpec, width: float, prefix: str) -> str:
    """Draw occupancy at a width in px; names stand beside the bars, on a phone above them.

    Raises
    ------
    ValueError
        If a share or threshold is negative or not finite, or shares do not fit the parts.
    """
    known = [one.shares for one in spec.sections if one.shares is not None]
    values = [*(share for shares in known for share in shares), *(at for at, _ in spec.thresholds)]
    if not all(0 <= value < math.inf for value in values):
        raise ValueError("shares are finite and not negative")
    if any(len(shares) != len(spec.parts) for shares in known):
        raise ValueError("shares do not fit the parts")
    if not spec.sections:
        sheet = svg.Sheet(width, 120, spec.title, spec.description, prefix)
        return draw_blank(sheet, spec.empty)
    frame = _frame(spec, width, svg.safe_id(prefix), [sum(shares) for shares in known])
    bars, words, y = [], [], frame.top + 4
    for one in ordered_sections(spec):
        bar, said, height = _row(spec, frame, one, y)
        bars.append(bar)
        words.append(said)
        y += height
    present = [any(shares[k] > 0 for shares in known) for k in range(len(spec.parts))]
    swatches = [
        Swatch(_swatch(spec, frame, k), 18, part.label)
        for k, part in enumerate(spec.parts)
        if present[k]
    ]
    key, key_height = draw_key([KeyGroup("", tuple(swatches))], 0, y + 36, width, frame.size)
    uses = {part.use for k, part in enumerate(spec.parts) if present[k]}
    return svg.document(
        svg.Sheet(width, y + 38 + key_height, spec.title, spec.description, prefix),
        _hatches(frame, uses),
        _axis(spec, frame, y),
        *bars,
        _thresholds(spec, frame, y),
        *words,
        key,
    )


def _frame(spec: OccupancySpec, width: float, prefix: str, sums: list[float]) -> _Frame:
    narrow = is_narrow(width)
    size = 11.5 if narrow else 12.0
    names = max(svg.text_width(one.name, size) for one in spec.sections) + 14
    known = [one.total for one in spec.sections if one.shares is not None]
    totals = max((svg.text_width(words, size, bold=True) for words in known), default=0.0) + 14
    highest = max([*sums, *(at for at, _ in spec.thresholds), 1.0])
    return _Frame(
        left=4.0 if narrow else min(names, round(width * 0.34)),
        right=width - min(totals, width * 0.35),
        highest=nice_ticks(highest, 4 if narrow else 5)[-1],
        top=8.0 + 17.0 * len(spec.thresholds),
        size=size,
        width=width,
        narrow=narrow,
        hatches=(f"{prefix}-window", f"{prefix}-buffer"),
    )


def _hatches(frame: _Frame, uses: set[Use]) -> str:
    window = Hatch(colour("muted"), 2.2, ground=colour("paper"))
    buffer = Hatch(colour("bar"), 1.0, 135.0, ground=colour("band"))
    return (hatching(frame.hatches[0], window) if Use.WINDOW in uses else "") + (
        hatching(frame.hatches[1], buffer) if Use.BUFFER in uses else ""
    )


def _fill(spec: OccupancySpec, frame: _Frame, part: int) -> svg.Attributes:
    """Classes of trains by colour; windows and buffers hatched, one way and the other."""
    use = spec.parts[part].use
    if use is Use.TRAINS:
        rank = sum(other.use is Use.TRAINS for other in spec.parts[:part])
        return {"fill": series_colour(_CLASS_SHADES[rank % len(_CLASS_SHADES)])}
    hatch = frame.hatches[0 if use is Use.WINDOW else 1]
    return {"fill": f"url(#{hatch})", "stroke": colour("muted"), "stroke_width": 0.7}


def _swatch(spec: OccupancySpec, frame: _Frame, part: int) -> svg.Drawer:
    return lambda x, y: svg.rect(x, y - 5, 18, 10, **_fill(spec, frame, part))


def _axis(spec: OccupancySpec, frame: _Frame, bottom: float) -> str:
    size = frame.size - 1
    parts = []
    free_from = -math.inf
    for tick in nice_ticks(frame.highest, 4 if frame.narrow else 5):
        x = frame.x(tick)
        full = abs(tick - 1.0) < 1e-9 or tick == 0
        shade = colour("muted" if full else "rule")
        parts.append(svg.line(x, frame.top, x, bottom, stroke=shade))
        words = spec.share(tick)
        half = svg.text_width(words, size) / 2
        at = max(x, half)
        if at - half >= free_from:
            style = svg.TextStyle(size, "middle", "k-m")
            parts.append(svg.text(at, bottom + 14, words, style))
            free_from = at + half + 5
    label = svg.ellipsise(spec.axis, frame.width - frame.left, size)
    unit = svg.TextStyle(size, classes="k-m")
    return "".join(parts) + svg.text(frame.left, bottom + 29, label, unit)


def _row(spec: OccupancySpec, frame: _Frame, one: SectionBar, top: float) -> tuple[str, str, float]:
    """Draw one section; return its bar, its words and the height used."""
    size, narrow = frame.size, frame.narrow
    room = frame.width - 8 if narrow else frame.left - 12
    names = [(row, size, "k-clear") for row in svg.wrap(one.name, room, size, 2)]
    names += [(row, size - 1, "k-clear k-m") for row in svg.wrap(one.note, room, size - 1, 2)]
    leading = size * 1.25
    bar_height = 12.0 if narrow else 14.0
    text_height = leading * len(names)
    height = text_height + bar_height + 10 if narrow else max(text_height, bar_height) + 7
    bar_top = top + text_height + 3 if narrow else top + (height - 7 - bar_height) / 2
    baseline = top + size if narrow else top + (height - 7 - text_height) / 2 + size
    words = []
    for row, font, classes in names:
        words.append(svg.text(0, baseline, row, svg.TextStyle(font, classes=classes)))
        baseline += leading
    middle = bar_top + bar_height / 2 + size * 0.36
    if one.shares is None:
        said = svg.ellipsise(one.total, frame.width - frame.left - 6, size, bold=True)
        classes = "k-clear k-b" if one.beyond else "k-clear k-m"
        shade = colour("missed") if one.beyond else None
        words.append(
            svg.text(frame.left + 4, middle, said, svg.TextStyle(size, classes=classes, fill=shade))
        )
        return "", "".join(words), height
    bar, at = [], 0.0
    for part, share in enumerate(one.shares):
        if share > 0:
            x0, x1 = frame.x(at), frame.x(at + share)
            at += share
            gap = 0.8 if x1 - x0 > 3 else 0.0
            bar.append(svg.rect(x0, bar_top, x1 - x0 - gap, bar_height, **_fill(spec, frame, part)))
    style = svg.TextStyle(size, classes="k-clear k-b")
    words.append(svg.text(frame.x(at) + 6, middle, one.total, style))
    pointed = svg.tooltip(one.tooltip or f"{one.name}: {one.total}")
    return svg.group({"class": "k-bar"}, pointed, *bar), "".join(words), height


def _thresholds(spec: OccupancySpec, frame: _Frame, bottom: float) -> str:
    """Vertical lines, each with its label on a row of its own, the highest share on the lowest."""
    parts = []
    for row, (at, label) in enumerate(sorted(spec.thresholds, key=lambda pair: pair[0])):
        x = frame.x(at)
        y = 13.0 + 17.0 * row
        words = svg.ellipsise(label, frame.width - 4, frame.size - 0.5, bold=True)
        half = svg.text_width(words, frame.size - 0.5, bold=True) / 2
        middle = min(max(x, half + 1), frame.width - half - 1)
        dash = ("6 4", "2 3", "10 3 2 3")[row % 3]
        parts.append(
            svg.line(
                x,
                y + 4,
                x,
                bottom,
                stroke=colour("accent"),
                stroke_width=1.5,
                stroke_dasharray=dash,
            )
        )
        style = svg.TextStyle(frame.size - 0.5, "middle", "k-clear k-b")
        parts.append(svg.text(middle, y, words, style))
    return "".join(parts)
