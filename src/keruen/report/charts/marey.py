"""Space and time: trains as lines over the hours, places down the side, waits by their cause.

Classes differ in colour, directions in dash, causes of waits in colour and form, so that no
difference rests on colour alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from keruen.report import svg
from keruen.report.charts.hatching import Hatch, draw_blank, hatching
from keruen.report.charts.marey_look import (
    WAITS,
    Look,
    draw_wait,
    meet_mark,
    overtake_mark,
    track_lines,
    train_stroke,
)
from keruen.report.charts.marey_plot import (
    BAND,
    Plot,
    clipped,
    fitted,
    hour_step,
    km_room,
    places_apart,
    plot_of,
    ticks,
)
from keruen.report.charts.marey_spec import (
    SAME_KM,
    Closure,
    MareySpec,
    MareyWords,
    Place,
    Tracks,
    TrainLine,
    check_spec,
)
from keruen.report.charts.train_labels import LabelGround, Written, write_along
from keruen.report.legend import KeyGroup, Swatch, draw_key
from keruen.report.palette import colour

__all__ = [
    "Closure",
    "MareySpec",
    "MareyWords",
    "Place",
    "Tracks",
    "TrainLine",
    "draw_marey",
]

_DENSE_PX: Final = 13.0
"""Px of width a train below which lines are thin and trains have no names."""
_CROWDED_PX: Final = 4.0
"""Px of width a train below which the rings of meetings would hide the lines and are left out."""
_DAY_MIN: Final = 1440


@dataclass(frozen=True, slots=True)
class _Wait:
    """A wait in px, its cause, and its minutes, those out of sight included."""

    start: float
    end: float
    y: float
    cause: int
    minutes: float


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is drawn of a train, in px."""

    train: TrainLine
    points: list[tuple[float, float]]
    waits: list[_Wait]


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where trains meet and overtake, in px."""

    meets: list[tuple[float, float]]
    overtakes: list[tuple[float, float]]


def draw_marey(spec: MareySpec, width: float, prefix: str) -> str:
    """Draw a space-time diagram at a width in px; the height follows from places and key.

    Many trains in little width are drawn thin and without names, their tooltips stay; very many
    without the marks of their meetings, which are at every place then.

    Raises
    ------
    ValueError
        As :func:`keruen.report.charts.marey_spec.check_spec`.
    """
    check_spec(spec)
    kms = [place.km for place in spec.places]
    if not kms or max(kms) - min(kms) < SAME_KM:
        sheet = svg.Sheet(width, 120, spec.title, spec.description, prefix)
        return draw_blank(sheet, spec.words.empty)
    plot = plot_of(spec, width)
    drawn = [found for train in spec.trains if (found := _in_px(train, plot)) is not None]
    room = (plot.right - plot.left) / max(len(drawn), 1)
    crowded = room < _CROWDED_PX
    look = Look(f"{svg.safe_id(prefix)}-window", room < _DENSE_PX, crowded)
    meets = [] if crowded else _shown(spec.meets, plot)
    marks = _Marks(meets, _shown(spec.overtakes, plot))
    windows = _windows_in_px(spec, plot)
    groups = _key_groups(spec, look, (drawn, marks, bool(windows)))
    key, key_height = draw_key(groups, 0, plot.bottom + 34, width, plot.size)
    return svg.document(
        svg.Sheet(width, plot.bottom + 36 + key_height, spec.title, spec.description, prefix),
        hatching(look.window, Hatch(colour("muted"), 1.2)) if windows else "",
        _grid(spec, plot),
        "".join(_window(box, label, look) for box, label in windows),
        _places(spec, plot),
        _track_band(spec, plot),
        "".join(_line(one, look) for one in drawn),
        "".join(_waits(spec, one, look) for one in drawn),
        "".join(meet_mark(x, y, look) for x, y in marks.meets),
        "".join(overtake_mark(x, y, look) for x, y in marks.overtakes),
        "" if look.dense else "".join(name.svg for name in _names(drawn, marks, plot)),
        "" if drawn else _said_empty(spec, plot),
        key,
    )


def _in_px(train: TrainLine, plot: Plot) -> _Drawn | None:
    found = clipped(train, plot.start_min, plot.end_min)
    if found is None:
        return None
    points = [(plot.x(t), plot.y(km)) for t, km in zip(found.time_min, found.km, strict=True)]
    waits = [
        _Wait(x0, x1, y, cause, t1 - t0)
        for ((x0, y), (x1, _)), (t0, t1), cause in zip(
            itertools.pairwise(points),
            itertools.pairwise(found.time_min),
            found.cause,
            strict=True,
        )
        if cause and t1 > t0
    ]
    return _Drawn(train, points, waits)


def _shown(marks: Sequence[tuple[float, float]], plot: Plot) -> list[tuple[float, float]]:
    return [(plot.x(t), plot.y(km)) for t, km in marks if plot.shows(t, km)]


def _grid(spec: MareySpec, plot: Plot) -> str:
    """Lines of the hours; midnights are stronger; times below."""
    written, fine = hour_step(plot, spec.clock)
    parts = [
        svg.line(plot.x(t), plot.top, plot.x(t), plot.bottom, stroke=colour("rule"), opacity=0.55)
        for t in ticks(plot, fine)
        if t % written
    ]
    free_from = 0.0
    for t in ticks(plot, written):
        x = plot.x(t)
        midnight = t % _DAY_MIN == 0 and plot.start_min < t < plot.end_min
        shade, thick = (colour("muted"), 1.4) if midnight else (colour("rule"), 1.0)
        parts.append(svg.line(x, plot.top, x, plot.bottom + 4, stroke=shade, stroke_width=thick))
        half = svg.text_width(spec.clock(t), plot.size) / 2
        at = min(max(x, half), plot.width - half)
        if at - half >= free_from:
            style = svg.TextStyle(plot.size, "middle", "k-m")
            parts.append(svg.text(at, plot.bottom + 18, spec.clock(t), style))
            free_from = at + half + 5
    return "".join(parts)


def _places(spec: MareySpec, plot: Plot) -> str:
    """Lines of the places; names of those that are far enough apart, with their kilometres."""
    kept = places_apart(spec.places, plot)
    parts = []
    for place in spec.places:
        y = plot.y(place.km)
        strong = place.major and place in kept
        shade = colour("muted" if strong else "rule")
        width = 0.8 if strong else 1.0
        parts.append(svg.line(plot.left, y, plot.right, y, stroke=shade, stroke_width=width))
    column = 0.0 if plot.narrow else km_room(spec, plot.size)
    right = plot.left - BAND - 2
    for place in kept:
        base = plot.y(place.km) + plot.size * 0.35
        name = fitted(place.name, right - column, plot.size, bold=place.major)
        style = svg.TextStyle(plot.size, "end", "k-b" if place.major else "")
        written = svg.text(right - column, base, name, style)
        whole = name == place.name
        parts.append(written if whole else svg.group({}, svg.tooltip(place.name), written))
        if not plot.narrow:
            muted = svg.TextStyle(plot.size - 1, "end", "k-m")
            parts.append(svg.text(right, base, spec.number(place.km), muted))
    if not plot.narrow:
        unit = svg.TextStyle(plot.size - 1, "end", "k-m")
        parts.append(svg.text(right, plot.top - 9, spec.km_unit, unit))
    return "".join(parts)


def _track_band(spec: MareySpec, plot: Plot) -> str:
    parts = []
    for stretch in spec.tracks:
        low, high = sorted((stretch.from_km, stretch.to_km))
        low, high = max(low, plot.low_km), min(high, plot.high_km)
        if high > low:
            lines = track_lines(plot.left - 7, plot.y(low), plot.y(high), stretch.tracks)
            parts.append(svg.group({"class": "k-tracks"}, svg.tooltip(stretch.label), lines))
    return "".join(parts)


Box = tuple[float, float, float, float]


def _windows_in_px(spec: MareySpec, plot: Plot) -> list[tuple[Box, str]]:
    """Left, top, width and height of the windows, as far as they can be seen."""
    found = []
    for window in spec.windows:
        low, high = sorted((window.from_km, window.to_km))
        y0, y1 = plot.y(max(low, plot.low_km)), plot.y(min(high, plot.high_km))
        x0 = plot.x(max(window.start_min, plot.start_min))
        x1 = plot.x(min(window.end_min, plot.end_min))
        if x1 > x0 and y1 > y0:
            found.append(((x0, y0, x1 - x0, y1 - y0), window.label))
    return found


def _window(box: Box, label: str, look: Look) -> str:
    ground = svg.rect(*box, fill=colour("band"))
    hatched = svg.rect(
        *box, fill=f"url(#{look.window})", stroke=colour("muted"), stroke_width=0.8, opacity=0.75
    )
    return svg.group({"class": "k-closed"}, svg.tooltip(label), ground, hatched)


def _line(one: _Drawn, look: Look) -> str:
    stroke = train_stroke(one.train.kind, one.train.odd, look)
    data: svg.Attributes = {"d": svg.path_data(one.points), "class": "k-stroke", **stroke}
    words = one.train.tooltip or one.train.name
    return svg.group({"class": "k-line"}, svg.tooltip(words), svg.element("path", data))


def _waits(spec: MareySpec, one: _Drawn, look: Look) -> str:
    parts = []
    for wait in one.waits:
        cause = spec.words.causes[wait.cause]
        said = svg.tooltip(f"{one.train.name}: {cause}, {spec.duration(wait.minutes)}")
        drawn = draw_wait((wait.start, wait.end), wait.y, wait.cause, look)
        parts.append(svg.group({"class": "k-wait"}, said, drawn))
    return "".join(parts)


def _names(drawn: Sequence[_Drawn], marks: _Marks, plot: Plot) -> list[Written]:
    """Write the trains' names along their lines where there is room."""
    ground = LabelGround(plot.left, plot.top, plot.right, plot.bottom)
    for one in drawn:
        ground.mark_line(one.points)
        for wait in one.waits:
            for off in (-2.5, 2.5):
                ground.mark_line([(wait.start, wait.y + off), (wait.end, wait.y + off)])
    for x, y in (*marks.meets, *marks.overtakes):
        ground.mark_line([(x - 3, y - 3), (x + 3, y + 3), (x - 3, y + 3), (x + 3, y - 3)])
    style = svg.TextStyle(plot.size - 1.5, "middle", "k-halo")
    found = (write_along(one.points, one.train.name, style, ground) for one in drawn)
    return [name for name in found if name is not None]


def _said_empty(spec: MareySpec, plot: Plot) -> str:
    rows = svg.wrap(spec.words.empty, plot.right - plot.left - 16, 13, 3)
    x, y = (plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2
    style = svg.TextStyle(13, "middle", "k-clear k-m")
    return "".join(svg.text(x, y + 18 * k, row, style) for k, row in enumerate(rows))


def _key_groups(
    spec: MareySpec, look: Look, seen: tuple[list[_Drawn], _Marks, bool]
) -> list[KeyGroup]:
    """Explain what occurs, and nothing else."""
    drawn, marks, windows = seen
    words = spec.words
    trains = [
        Swatch(_stroke_swatch(kind, True, look), 26, words.classes[kind])
        for kind in sorted({one.train.kind for one in drawn})
    ]
    first = min((one.train.kind for one in drawn), default=0)
    sides = {one.train.odd for one in drawn}
    if len(sides) == 2:
        trains += [
            Swatch(_stroke_swatch(first, odd, look, plain=True), 30, said)
            for odd, said in ((True, words.odd), (False, words.even))
        ]
    met = {wait.cause for one in drawn for wait in one.waits}
    waits = [
        Swatch(_wait_swatch(cause), 20, words.causes[cause]) for cause in WAITS if cause in met
    ]
    full = Look(look.window, dense=False)
    others = []
    if marks.meets:
        others.append(Swatch(lambda x, y: meet_mark(x + 4, y, full), 8, words.meet))
    if marks.overtakes:
        others.append(Swatch(lambda x, y: overtake_mark(x + 4, y, full), 8, words.overtake))
    if windows:
        others.append(Swatch(lambda x, y: _window((x, y - 5, 20, 10), "", look), 20, words.window))
    if any(stretch.tracks > 1 for stretch in spec.tracks):
        named = {stretch.tracks: stretch.label for stretch in spec.tracks}
        others += [Swatch(_track_swatch(n), 14, named[n]) for n in sorted(named)]
    return [
        KeyGroup(words.trains, tuple(trains)),
        KeyGroup(words.waits, tuple(waits)),
        KeyGroup(words.marks, tuple(others)),
    ]


def _stroke_swatch(
    kind: int, odd: bool, look: Look, plain: bool = False
) -> Callable[[float, float], str]:
    def draw(x: float, y: float) -> str:
        stroke = train_stroke(kind, odd, Look(look.window, dense=False))
        if plain:
            stroke["stroke"] = colour("muted")
        length = 30 if plain else 26
        return svg.element("path", {"d": svg.path_data([(x, y), (x + length, y)]), **stroke})

    return draw


def _wait_swatch(cause: int) -> Callable[[float, float], str]:
    look = Look("", dense=False)
    ends, short = (0.0, 14.0), (18.0, 20.0)
    return lambda x, y: "".join(
        draw_wait((x + start, x + end), y, cause, look) for start, end in (ends, short)
    )


def _track_swatch(tracks: int) -> Callable[[float, float], str]:
    return lambda x, y: track_lines(x + 7, y - 6, y + 6, tracks)
