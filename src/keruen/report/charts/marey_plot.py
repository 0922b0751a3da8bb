"""Scales of a space-time diagram: hours, places that keep their names, lines cut to the span."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from keruen.report import svg
from keruen.report.charts.axes import Formatter, is_narrow
from keruen.report.charts.marey_spec import SAME_KM, MareySpec, Place, TrainLine

BAND = 12.0
"""Px at the axis in which the number of tracks is drawn."""
_STEPS = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440)


@dataclass(frozen=True, slots=True)
class Plot:
    """The inner rectangle in px and the scales that fill it; kilometres go down."""

    left: float
    top: float
    right: float
    bottom: float
    start_min: float
    end_min: float
    low_km: float
    high_km: float
    size: float
    width: float
    narrow: bool

    def x(self, minute: float) -> float:
        """Px of a minute."""
        share = (minute - self.start_min) / (self.end_min - self.start_min)
        return self.left + share * (self.right - self.left)

    def y(self, km: float) -> float:
        """Px of a kilometre."""
        share = (km - self.low_km) / (self.high_km - self.low_km)
        return self.top + share * (self.bottom - self.top)

    def shows(self, minute: float, km: float) -> bool:
        """Whether a moment at a kilometre lies in the picture."""
        in_span = self.start_min <= minute <= self.end_min
        return in_span and self.low_km - SAME_KM <= km <= self.high_km + SAME_KM


def plot_of(spec: MareySpec, width: float) -> Plot:
    """Lay out the rectangle: names at the left, height by the number of places."""
    narrow = is_narrow(width)
    size = 10.5 if narrow else 11.5
    kms = [place.km for place in spec.places]
    kms += [km for train in spec.trains for km in train.km]
    names = max(svg.text_width(place.name, size) for place in spec.places)
    room = min(names, 84.0 if narrow else 170.0) + 6 + BAND + (0 if narrow else km_room(spec, size))
    top = 8.0 if narrow else 20.0
    height = min(max(15.0 * len(spec.places), 360.0), 640.0) if narrow else 0.0
    height = height or min(max(24.0 * len(spec.places), 380.0, 0.42 * width), 680.0)
    return Plot(
        left=round(room),
        top=top,
        right=width - (8.0 if narrow else 16.0),
        bottom=top + height,
        start_min=spec.start_min,
        end_min=spec.end_min,
        low_km=min(kms),
        high_km=max(kms),
        size=size,
        width=width,
        narrow=narrow,
    )


def km_room(spec: MareySpec, size: float) -> float:
    """Px of the column of kilometres, its unit above it included."""
    written = [*(spec.number(place.km) for place in spec.places), spec.km_unit]
    return max(svg.text_width(words, size - 1) for words in written) + 10


def hour_step(plot: Plot, clock: Formatter) -> tuple[int, int]:
    """Minutes between written times, and between fine lines, as the width allows.

    Steps are parts of a day or whole days, so that midnight is always written.
    """
    widest = max(
        svg.text_width(clock(minute), plot.size) for minute in (plot.start_min, plot.end_min, 600)
    )
    per_minute = (plot.right - plot.left) / (plot.end_min - plot.start_min)
    longer = (days * 1440 for days in itertools.count(2))
    steps = itertools.chain(_STEPS, longer)
    written = next(step for step in steps if step * per_minute >= widest + 14)
    fine = next(
        step for step in (*_STEPS, written) if written % step == 0 and step * per_minute >= 18
    )
    return written, fine


def ticks(plot: Plot, step: int) -> list[int]:
    """Multiples of a step within the span.

    >>> ticks(Plot(0, 0, 9, 9, 30, 200, 0, 1, 9, 9, False), 60)
    [60, 120, 180]
    """
    first = -int(-plot.start_min // step)
    return [n * step for n in range(first, int(plot.end_min // step) + 1)]


def places_apart(places: Sequence[Place], plot: Plot) -> list[Place]:
    """Choose the places whose names do not touch: the ends, then by weight, then by kilometre."""
    apart = plot.size * 1.25
    ends = {min(place.km for place in places), max(place.km for place in places)}

    def rank(place: Place) -> tuple[bool, bool, int, float]:
        return place.km not in ends, not place.major, -place.weight, place.km

    kept: list[Place] = []
    for place in sorted((place for place in places if place.name), key=rank):
        if all(abs(plot.y(place.km) - plot.y(other.km)) >= apart for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda place: place.km)


def clipped(train: TrainLine, start: float, end: float) -> TrainLine | None:
    """Cut a train to a span of time; None where it does not run within it.

    >>> train = TrainLine("1", 0, True, (0.0, 20.0), (0.0, 10.0), (0,))
    >>> clipped(train, 5.0, 10.0).km
    (2.5, 5.0)
    """
    times: list[float] = []
    kms: list[float] = []
    causes: list[int] = []
    pairs = itertools.pairwise(zip(train.time_min, train.km, strict=True))
    for ((t0, km0), (t1, km1)), cause in zip(pairs, train.cause, strict=True):
        if t1 < start or t0 > end or (t1 - t0 > 0 and (t1 == start or t0 == end)):
            continue
        slope = (km1 - km0) / (t1 - t0) if t1 > t0 else 0.0
        first, last = max(t0, start), min(t1, end)
        if not times:
            times.append(first)
            kms.append(km0 + slope * (first - t0))
        times.append(last)
        kms.append(km1 if last == t1 else km0 + slope * (last - t0))
        causes.append(cause)
    if not causes:
        return None
    return TrainLine(
        train.name, train.kind, train.odd, tuple(times), tuple(kms), tuple(causes), train.tooltip
    )


_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")


def fitted(name: str, width: float, size: float, *, bold: bool = False) -> str:
    """A name that fits into px: whole, else without what stands in brackets, else cut.

    It is cut after a word where that leaves most of it, else within one.

    >>> fitted("Razezd No. 5 (centre)", 90, 11.5)
    'Razezd No. 5'
    >>> fitted("Karagandy Sorting Yard", 90, 11.5)
    'Karagandy…'
    """
    if svg.text_width(name, size, bold=bold) <= width:
        return name
    short = _ASIDE.sub("", name) or name
    cut = svg.ellipsise(short, width, size, bold=bold)
    if cut == short:
        return short
    words = cut.removesuffix("…").rsplit(" ", 1)[0].rstrip(" ,;–-")
    whole = short.startswith(words + " ") and 2 * len(words) >= len(cut)
    return words + "…" if whole else cut
