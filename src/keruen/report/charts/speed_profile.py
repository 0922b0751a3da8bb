"""A run over a line: speed under its limit, energy by kilometre, the ground below."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

from keruen.report import svg
from keruen.report.charts.axes import Formatter, is_narrow, nice_ticks
from keruen.report.charts.hatching import Hatch, draw_blank, hatching
from keruen.report.charts.speed_spec import (
    EnergyBars,
    Ground,
    SpeedSpec,
    SpeedStop,
    check_speed_spec,
    heights_m,
)
from keruen.report.legend import KeyGroup, Swatch, draw_key
from keruen.report.palette import colour, series_colour

__all__ = [
    "EnergyBars",
    "Ground",
    "SpeedSpec",
    "SpeedStop",
    "draw_speed_profile",
    "heights_m",
]

_LEAST_BAR: Final = 1.6
"""Px below which the bars of neighbouring kilometres are drawn as one, their mean."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The column in px that all strips share."""

    left: float
    right: float
    low_km: float
    high_km: float
    size: float
    width: float
    narrow: bool
    hatch: str

    def x(self, km: float) -> float:
        share = (km - self.low_km) / (self.high_km - self.low_km)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class _Strip:
    """One strip: its px from top to bottom, and the values at both."""

    top: float
    bottom: float
    low: float
    high: float

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


def draw_speed_profile(spec: SpeedSpec, width: float, prefix: str) -> str:
    """Draw a run at a width in px: speed, energies, ground, key, from top to bottom.

    Raises
    ------
    ValueError
        As :func:`keruen.report.charts.speed_spec.check_speed_spec`.
    """
    check_speed_spec(spec)
    if len(spec.km) < 2:
        sheet = svg.Sheet(width, 120, spec.title, spec.description, prefix)
        return draw_blank(sheet, spec.empty)
    frame = _frame(spec, width, f"{svg.safe_id(prefix)}-ground")
    strip, parts = _speed_strip(spec, frame)
    bottom = strip.bottom
    scales = _scales(spec)
    for index, bars in enumerate(spec.energies):
        drawn, bottom = _energy_strip(spec, frame, bars, (index, bottom + 34), scales[bars.unit])
        parts.append(drawn)
    if spec.ground is not None:
        drawn, bottom = _ground_strip(spec.ground, spec.number, frame, bottom + 34)
        parts.append(drawn)
    axis = _axis(spec, frame, strip.top, bottom)
    said, foot = _assumed(spec.ground, frame, bottom + 17)
    key, key_height = draw_key(_key_groups(spec), 0, foot + 6, width, frame.size)
    hatch = Hatch(colour("muted"), 1.3, ground=colour("band"))
    return svg.document(
        svg.Sheet(width, foot + 8 + key_height, spec.title, spec.description, prefix),
        hatching(frame.hatch, hatch) if spec.ground and spec.ground.assumed else "",
        axis,
        *parts,
        said,
        key,
    )


def _frame(spec: SpeedSpec, width: float, hatch: str) -> _Frame:
    narrow = is_narrow(width)
    size = 10.5 if narrow else 11.5
    values = [tick for low, high in _scales(spec).values() for tick in (low, high)]
    values += [max(spec.speed_km_per_h), *_limits(spec)]
    values += spec.ground.height_m if spec.ground else ()
    written = (spec.number(tick) for value in values for tick in _round_ticks((value, value), 4))
    return _Frame(
        left=max(svg.text_width(words, size) for words in written) + 10,
        right=width - (10.0 if narrow else 16.0),
        low_km=spec.km[0],
        high_km=spec.km[-1],
        size=size,
        width=width,
        narrow=narrow,
        hatch=hatch,
    )


def _limits(spec: SpeedSpec) -> list[float]:
    return [limit for limit in spec.limit_km_per_h if limit < math.inf]


def _round_ticks(span: tuple[float, float], count: int) -> list[float]:
    """Round numbers that cover a span and zero."""
    above = nice_ticks(max(*span, -min(*span), 0.0), count)
    step = above[1]
    last = next((k for k, tick in enumerate(above) if tick >= max(*span, 0.0) - 1e-9))
    first = math.ceil(max(-min(*span), 0.0) / step - 1e-9)
    ticks = [round(step * k, 12) for k in range(-first, last + 1)]
    return ticks if len(ticks) > 1 else [0.0, step]


def _scales(spec: SpeedSpec) -> dict[str, tuple[float, float]]:
    """Least and greatest energy a kilometre of each unit: strips of one unit can be compared."""
    found: dict[str, tuple[float, float]] = {}
    for bars in spec.energies:
        rates = [amount for _, _, amount in _rates(bars)]
        low, high = found.get(bars.unit, (0.0, 0.0))
        found[bars.unit] = (min([low, *rates]), max([high, *rates]))
    return found


def _rates(bars: EnergyBars) -> list[tuple[float, float, float]]:
    """From, to, and energy a kilometre."""
    rows = zip(bars.from_km, bars.to_km, bars.amount, strict=True)
    return [(begin, end, amount / (end - begin)) for begin, end, amount in rows]


def _strip_ticks(spec_number: Formatter, frame: _Frame, strip: _Strip, ticks: list[float]) -> str:
    style = svg.TextStyle(frame.size, "end", "k-m")
    parts = []
    for tick in ticks:
        y = strip.y(tick)
        shade = colour("muted" if tick == 0 else "rule")
        parts.append(svg.line(frame.left, y, frame.right, y, stroke=shade))
        words = spec_number(tick)
        parts.append(svg.text(frame.left - 6, y + frame.size * 0.35, words, style))
    return "".join(parts)


def _heading(frame: _Frame, y: float, label: str, unit: str) -> str:
    bold = svg.ellipsise(label, frame.width * 0.75, frame.size, bold=True)
    style = svg.TextStyle(frame.size, classes="k-b")
    used = svg.text_width(bold, frame.size, bold=True) + 8 if bold else 0.0
    rest = svg.ellipsise(unit, frame.width - used, frame.size)
    muted = svg.TextStyle(frame.size, classes="k-m")
    return svg.text(0, y, bold, style) + svg.text(used, y, rest, muted)


def _speed_strip(spec: SpeedSpec, frame: _Frame) -> tuple[_Strip, list[str]]:
    ticks = _round_ticks((max([*spec.speed_km_per_h, *_limits(spec)]), 0.0), 5)
    top = 40.0 if spec.stops else 24.0
    strip = _Strip(top, top + (150 if frame.narrow else 200), ticks[0], ticks[-1])
    nodes = zip(spec.km, spec.speed_km_per_h, strict=True)
    points = [(frame.x(km), strip.y(speed)) for km, speed in nodes]
    run: svg.Attributes = {
        "d": svg.path_data(_thinned(points)),
        "fill": "none",
        "stroke": series_colour(0),
        "stroke-width": 1.4 if frame.narrow else 1.8,
        "stroke-linejoin": "round",
        "class": "k-speed",
    }
    parts = [
        _heading(frame, 13, spec.speed, spec.speed_unit),
        _strip_ticks(spec.number, frame, strip, ticks),
        _limit_line(spec, frame, strip),
        svg.element("path", run),
        _stops(spec, frame, strip),
    ]
    return strip, parts


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out points nearer than half a px to the last kept, lows and highs of speed kept."""
    kept = points[:1]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        turns = (here[1] - before[1]) * (after[1] - here[1]) < 0
        if turns or math.dist(kept[-1], here) >= 0.5:
            kept.append(here)
    return [*kept, points[-1]]


def _limit_line(spec: SpeedSpec, frame: _Frame, strip: _Strip) -> str:
    """Draw the limit as a step line, broken where there is none."""
    runs: list[list[tuple[float, float]]] = []
    broken = True
    bounds = itertools.pairwise(spec.limit_km)
    for (start, stop), limit in zip(bounds, spec.limit_km_per_h, strict=True):
        begin, end = max(start, frame.low_km), min(stop, frame.high_km)
        if limit < math.inf and begin < end:
            if broken:
                runs.append([])
            runs[-1] += [(frame.x(begin), strip.y(limit)), (frame.x(end), strip.y(limit))]
        broken = limit == math.inf or begin >= end
    stroke: svg.Attributes = {"d": "".join(svg.path_data(run) for run in runs), **_LIMIT}
    return svg.element("path", stroke) if runs else ""


_LIMIT: Final[svg.Attributes] = {
    "fill": "none",
    "stroke": colour("accent"),
    "stroke-width": 1.5,
    "stroke-dasharray": "6 3",
    "class": "k-limit",
}


def _stop_mark(x: float, y: float) -> str:
    shape: svg.Attributes = {"fill": colour("ink"), "stroke": colour("paper"), "stroke-width": 0.8}
    corners = [(x - 4, y + 6), (x, y - 2), (x + 4, y + 6)]
    return svg.element("path", {"d": svg.path_data(corners, closed=True), **shape})


def _stops(spec: SpeedSpec, frame: _Frame, strip: _Strip) -> str:
    """Mark the stops, and write those names above that do not touch, from left to right."""
    parts = []
    free_from = 0.0
    for stop in sorted(spec.stops, key=lambda one: one.km):
        x = frame.x(stop.km)
        thread = svg.line(
            x, strip.top - 4, x, strip.bottom, stroke=colour("muted"), stroke_dasharray="2 3"
        )
        said = svg.tooltip(stop.tooltip or stop.name)
        mark = _stop_mark(x, strip.bottom)
        parts.append(svg.group({"class": "k-stop"}, said, thread, mark))
        name = svg.ellipsise(stop.name, frame.width - 4, frame.size)
        half = svg.text_width(name, frame.size) / 2
        at = min(max(x, half), frame.width - half)
        if at - half >= free_from:
            style = svg.TextStyle(frame.size, "middle")
            parts.append(svg.text(at, strip.top - 9, name, style))
            free_from = at + half + 8
    return "".join(parts)


def _energy_strip(
    spec: SpeedSpec,
    frame: _Frame,
    bars: EnergyBars,
    place: tuple[int, float],
    span: tuple[float, float],
) -> tuple[str, float]:
    index, top = place
    ticks = _round_ticks(span, 3)
    strip = _Strip(top, top + (60 if frame.narrow else 78), ticks[0], ticks[-1])
    drawn = []
    for begin, end, rate in _gathered(bars, frame):
        x0, x1 = frame.x(begin), frame.x(end)
        y0, y1 = sorted((strip.y(0.0), strip.y(rate)))
        gap = 0.8 if x1 - x0 > 4 else 0.0
        drawn.append(f"M{svg.number(x0, 2)} {svg.number(y0)}h{svg.number(x1 - x0 - gap, 2)}")
        drawn.append(f"v{svg.number(y1 - y0)}h{svg.number(-(x1 - x0 - gap), 2)}z")
    shape: svg.Attributes = {
        "d": "".join(drawn),
        "fill": series_colour(_BARS[index % len(_BARS)]),
        "class": "k-energy",
    }
    return (
        _heading(frame, top - 10, bars.label, bars.unit)
        + _strip_ticks(spec.number, frame, strip, ticks)
        + (svg.element("path", shape) if drawn else ""),
        strip.bottom,
    )


_BARS: Final = (2, 1, 4)


def _gathered(bars: EnergyBars, frame: _Frame) -> list[tuple[float, float, float]]:
    """Neighbouring kilometres as one where their bars would be too thin to be seen."""
    rows = _rates(bars)
    if not rows:
        return []
    per_km = (frame.right - frame.left) / (frame.high_km - frame.low_km)
    mean_km = (rows[-1][1] - rows[0][0]) / len(rows)
    together = max(1, math.ceil(_LEAST_BAR / (mean_km * per_km) - 1e-9))
    found = []
    for k in range(0, len(rows), together):
        some = rows[k : k + together]
        length = sum(end - begin for begin, end, _ in some)
        mean = sum((end - begin) * rate for begin, end, rate in some) / length
        found.append((some[0][0], some[-1][1], mean))
    return found


def _ground_strip(
    ground: Ground, number: Formatter, frame: _Frame, top: float
) -> tuple[str, float]:
    """Draw heights as the ground, hatched where they are assumed, and say so."""
    low, high = min(ground.height_m, default=0.0), max(ground.height_m, default=0.0)
    ticks = _round_ticks((low, high), 3)
    strip = _Strip(top, top + (56 if frame.narrow else 70), ticks[0], ticks[-1])
    line = [
        (frame.x(km), strip.y(height))
        for km, height in zip(ground.km, ground.height_m, strict=True)
    ]
    body = ""
    if len(line) > 1:
        area = [(line[0][0], strip.bottom), *line, (line[-1][0], strip.bottom)]
        fill = f"url(#{frame.hatch})" if ground.assumed else colour("bar")
        shape: svg.Attributes = {"d": svg.path_data(area, closed=True), "fill": fill}
        edge: svg.Attributes = {
            "d": svg.path_data(line),
            "fill": "none",
            "stroke": colour("muted"),
            "stroke-width": 1.2,
        }
        body = svg.element("path", {**shape, "class": "k-ground"}) + svg.element("path", edge)
    said = " · ".join(words for words in (ground.unit, ground.steepest) if words)
    heading = _heading(frame, top - 10, ground.label, said)
    return heading + _strip_ticks(number, frame, strip, ticks) + body, strip.bottom


def _assumed(ground: Ground | None, frame: _Frame, top: float) -> tuple[str, float]:
    """Say under the axis that the ground is assumed; returns the px where it ends."""
    if ground is None or not ground.assumed:
        return "", top + 6
    parts = []
    bottom = top + 6
    style = svg.TextStyle(frame.size, fill=colour("assumed"))
    swatch = svg.rect(0, bottom + 3, 16, 10, fill=f"url(#{frame.hatch})", stroke=colour("muted"))
    for row in svg.wrap(ground.assumed, frame.width - 22, frame.size, 3):
        bottom += frame.size * 1.4
        parts.append(svg.text(22, bottom - 3, row, style))
    return swatch + "".join(parts), bottom + 4


def _axis(spec: SpeedSpec, frame: _Frame, top: float, bottom: float) -> str:
    """Kilometres under all strips, with fine lines through them."""
    parts = []
    for tick in _km_ticks(spec, frame):
        x = frame.x(tick)
        parts.append(svg.line(x, top, x, bottom, stroke=colour("rule"), opacity=0.55))
        words = spec.number(tick)
        half = svg.text_width(words, frame.size) / 2
        at = min(max(x, half), frame.width - half)
        parts.append(svg.text(at, bottom + 17, words, svg.TextStyle(frame.size, "middle", "k-m")))
    unit = svg.TextStyle(frame.size, classes="k-m")
    return "".join(parts) + svg.text(0, bottom + 17, spec.km_unit, unit)


def _km_ticks(spec: SpeedSpec, frame: _Frame) -> list[float]:
    """Round kilometres within the run, as many as fit."""
    widest = max(svg.text_width(spec.number(km), frame.size) for km in spec.km[:: len(spec.km) - 1])
    fits = max(2, int((frame.right - frame.left) / (widest + 22)))
    step = nice_ticks(frame.high_km - frame.low_km, min(fits, 16))[1]
    first = math.ceil(frame.low_km / step - 1e-9)
    last = math.floor(frame.high_km / step + 1e-9)
    return [round(step * k, 9) for k in range(first, last + 1)]


def _key_groups(spec: SpeedSpec) -> list[KeyGroup]:
    """Explain the lines of the speed: what occurs, and nothing else."""
    line: svg.Attributes = {"fill": "none", "stroke": series_colour(0), "stroke-width": 1.8}

    def dash(look: svg.Attributes) -> svg.Drawer:
        return lambda x, y: svg.element("path", {"d": svg.path_data([(x, y), (x + 26, y)]), **look})

    swatches = [Swatch(dash(line), 26, spec.speed)]
    if _limits(spec):
        swatches.append(Swatch(dash(_LIMIT), 26, spec.limit))
    if spec.stops:
        swatches.append(Swatch(lambda x, y: _stop_mark(x + 5, y - 2), 10, spec.stop))
    return [KeyGroup("", tuple(swatches))]
