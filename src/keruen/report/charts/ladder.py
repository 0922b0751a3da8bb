"""The ladder of a corridor: its elements by the volume at which each binds, the lowest first."""

from __future__ import annotations

import math
from dataclasses import dataclass

from keruen.report import svg
from keruen.report.charts.axes import Formatter, is_narrow, nice_ticks
from keruen.report.palette import colour


@dataclass(frozen=True, slots=True)
class Rung:
    """One element: its name, the volume at which it binds, how that is written, what would lift it.

    ``volume`` is None for an element whose volume is not known; ``volume_label`` then says so.
    """

    label: str
    volume: float | None
    volume_label: str
    lifted_by: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class LadderSpec:
    """What a ladder shows.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    rungs : tuple of Rung
        In any order; drawn by rising volume, the unknown last.
    unit : str
        Of the volumes, under the axis.
    number : callable
        Writes a tick in the reader's language.
    binding : str
        Word set beside the element that binds.
    target : tuple of float and str, or None
        A wanted volume and its label.
    cut : float or None
        Volume at which the axis ends; longer bars are broken off, their label stays true.
    """

    title: str
    description: str
    rungs: tuple[Rung, ...]
    unit: str
    number: Formatter
    binding: str
    target: tuple[float, str] | None = None
    cut: float | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    right: float
    highest: float
    top: float
    size: float
    width: float

    def x(self, volume: float) -> float:
        return self.left + min(volume / self.highest, 1.0) * (self.right - self.left)


def rising(rungs: tuple[Rung, ...]) -> list[Rung]:
    """Sort by volume, then by name; what is not known comes last.

    >>> [r.label for r in rising((Rung("b", None, "?"), Rung("a", 2.0, "2"), Rung("c", 1.0, "1")))]
    ['c', 'a', 'b']
    """
    return sorted(rungs, key=lambda r: (math.inf if r.volume is None else r.volume, r.label))


def draw_ladder(spec: LadderSpec, width: float, prefix: str) -> str:
    """Draw a ladder at a width in px; names stand beside the bars, on a phone above them.

    Raises
    ------
    ValueError
        If there is no rung, or a volume is negative or not finite.
    """
    volumes = [rung.volume for rung in spec.rungs if rung.volume is not None]
    if not spec.rungs or any(not 0 <= volume < math.inf for volume in volumes):
        raise ValueError("a ladder needs rungs, and volumes that are finite and not negative")
    narrow = is_narrow(width)
    size = 11.5 if narrow else 12.5
    wanted = [spec.target[0]] if spec.target else []
    highest = max([*volumes, *wanted, 0.0])
    if spec.cut is not None:
        highest = min(highest, max(spec.cut, *wanted, 0.0))
    ticks = nice_ticks(highest, 3 if narrow else 5)
    room = max(svg.text_width(rung.volume_label, size, bold=True) for rung in spec.rungs) + 14
    frame = _Frame(
        left=4.0 if narrow else round(width * 0.36),
        right=width - min(room, width * 0.4),
        highest=ticks[-1],
        top=28.0 if spec.target else 6.0,
        size=size,
        width=width,
    )
    bars, words, y = [], [], frame.top + 4
    for index, rung in enumerate(rising(spec.rungs)):
        drawn = _rung(spec, frame, rung, y, index == 0 and rung.volume is not None)
        bars.append(drawn[0])
        words.append(drawn[1])
        y += drawn[2]
    sheet = svg.Sheet(width, y + 38, spec.title, spec.description, prefix)
    return svg.document(sheet, _axis(spec, frame, ticks, y), *bars, _target(spec, frame, y), *words)


def _axis(spec: LadderSpec, frame: _Frame, ticks: list[float], bottom: float) -> str:
    size = frame.size - 1
    parts = []
    for tick in ticks:
        x = frame.x(tick)
        shade = colour("muted" if tick == 0 else "rule")
        parts.append(svg.line(x, frame.top, x, bottom, stroke=shade))
        anchor = "start" if tick == 0 and frame.left < 10 else "middle"
        style = svg.TextStyle(size, anchor, "k-m")
        parts.append(svg.text(x, bottom + 14, spec.number(tick), style))
    unit = svg.TextStyle(size, "start", "k-m")
    return "".join(parts) + svg.text(frame.left, bottom + 30, spec.unit, unit)


def _rung(
    spec: LadderSpec, frame: _Frame, rung: Rung, top: float, binds: bool
) -> tuple[str, str, float]:
    """Draw one element; return its bar, its words and the height used."""
    narrow = frame.left < 10
    size = frame.size
    room = frame.width - 8 if narrow else frame.left - 14
    name = f"{rung.label} · {spec.binding}" if binds else rung.label
    names = svg.wrap(name, room, size, 2, bold=binds)
    lifts = svg.wrap(rung.lifted_by, room, size - 1, 2)
    leading = size * 1.3
    words = []
    baseline = top + size + 2
    for rows, style in (
        (names, svg.TextStyle(size, classes="k-clear k-b" if binds else "k-clear")),
        (lifts, svg.TextStyle(size - 1, classes="k-clear k-m")),
    ):
        for row in rows:
            words.append(svg.text(0, baseline, row, style))
            baseline += leading
    text_height = leading * (len(names) + len(lifts))
    bar_height = 14.0 if narrow else 18.0
    bar_top = top + text_height + 5 if narrow else top + max((text_height - bar_height) / 2, 0) + 2
    height = text_height + bar_height + 18 if narrow else max(text_height, bar_height) + 14
    bar = _bar(frame, rung, bar_top, bar_height, colour("accent" if binds else "bar"))
    words.append(_value(frame, rung, bar_top + bar_height / 2, binds))
    return svg.group({}, svg.tooltip(rung.tooltip), bar) if bar else "", "".join(words), height


def _value(frame: _Frame, rung: Rung, middle: float, binds: bool) -> str:
    baseline = middle + frame.size * 0.35
    if rung.volume is None:
        muted = svg.TextStyle(frame.size, classes="k-clear k-m")
        return svg.text(frame.left + 4, baseline, rung.volume_label, muted)
    style = svg.TextStyle(frame.size, classes="k-clear k-b" if binds else "k-clear")
    return svg.text(frame.x(rung.volume) + 6, baseline, rung.volume_label, style)


def _bar(frame: _Frame, rung: Rung, top: float, height: float, shade: str) -> str:
    """Draw a bar; one that is longer than the axis shows two breaks before its end."""
    if rung.volume is None:
        return ""
    end = frame.x(rung.volume)
    bar = svg.rect(frame.left, top, max(end - frame.left, 1.5), height, fill=shade, rx=1.5)
    if rung.volume <= frame.highest:
        return bar
    breaks: svg.Attributes = {
        "fill": "none",
        "stroke": colour("paper"),
        "stroke-width": 2.0,
    }
    for x in (end - 12, end - 7):
        corners = [(x, top - 2), (x + 4, top + height / 2), (x, top + height + 2)]
        bar += svg.element("path", {"d": svg.path_data(corners), **breaks})
    return bar


def _target(spec: LadderSpec, frame: _Frame, bottom: float) -> str:
    if spec.target is None:
        return ""
    x = frame.x(spec.target[0])
    words = svg.ellipsise(spec.target[1], frame.width - 8, frame.size, bold=True)
    half = svg.text_width(words, frame.size, bold=True) / 2
    middle = min(max(x, half + 2), frame.width - half - 2)
    mark = svg.line(
        x,
        20,
        x,
        bottom,
        stroke=colour("target"),
        stroke_width=1.8,
        stroke_dasharray="6 4",
    )
    return mark + svg.text(middle, 14, words, svg.TextStyle(frame.size, "middle", "k-b"))
