"""How trains, waits and marks of a space-time diagram look.

Causes of one kind share a colour and differ in form, so that a wait is known without the colour:
solid, hollow or dashed; one too short for that is a block, a tall tick or a low one. Waits for an
opposing train; for one the same way; for room ahead; for the line or by chance; and stays that are
planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from keruen.rail.dispatch.network import Cause
from keruen.report import svg
from keruen.report.palette import colour, series_colour


class Form(Enum):
    """Form of the stroke of a wait."""

    SOLID = "solid"
    HOLLOW = "hollow"
    DASHED = "dashed"


_OPPOSING, _AHEAD, _ROOM, _LINE, _PLANNED = (
    series_colour(3),
    series_colour(1),
    colour("met"),
    colour("ink"),
    colour("muted"),
)
WAITS: Final[dict[int, tuple[str, Form]]] = {
    Cause.OPPOSING: (_OPPOSING, Form.SOLID),
    Cause.FOLLOWING: (_AHEAD, Form.HOLLOW),
    Cause.PRIORITY: (_AHEAD, Form.DASHED),
    Cause.NO_TRACK: (_ROOM, Form.SOLID),
    Cause.SAFETY: (_ROOM, Form.HOLLOW),
    Cause.WINDOW: (_LINE, Form.SOLID),
    Cause.DISTURBANCE: (_LINE, Form.HOLLOW),
    Cause.DWELL: (_PLANNED, Form.SOLID),
    Cause.CREW_CHANGE: (_PLANNED, Form.HOLLOW),
    Cause.LOCOMOTIVE_CHANGE: (_PLANNED, Form.DASHED),
}
"""Colour and form of every cause."""

_SHORT_PX: Final = 4.0
"""A wait of no more px shows no form along its line, and so by its height."""
_TALL: Final = 1.8
_LOW: Final = 0.5
_CLASS_SHADES: Final = (0, 4, 2)
_EVEN_DASH: Final = "6 2.5"


@dataclass(frozen=True, slots=True)
class Look:
    """What depends on the picture: the id of its hatching, and how much room there is."""

    window: str
    dense: bool
    crowded: bool = False

    @property
    def wait_px(self) -> float:
        """Thickness of a wait."""
        if self.crowded:
            return 2.2
        return 3.2 if self.dense else 5.0


def train_stroke(kind: int, odd: bool, look: Look) -> svg.Attributes:
    """Stroke of a train: colour by class, beyond three classes thickness too; dashes if even."""
    thick = (0.6 if look.crowded else 0.9 if look.dense else 1.5) * (
        1.0 + 0.9 * (kind // len(_CLASS_SHADES))
    )
    return {
        "fill": "none",
        "stroke": series_colour(_CLASS_SHADES[kind % len(_CLASS_SHADES)]),
        "stroke-width": thick,
        "stroke-dasharray": None if odd else _EVEN_DASH,
        "stroke-linejoin": "round",
    }


def draw_wait(ends: tuple[float, float], y: float, cause: int, look: Look) -> str:
    """Draw a wait from px to px at a height."""
    shade, form = WAITS[cause]
    start, end = ends
    if end - start < 1.2:
        start, end = (start + end) / 2 - 0.6, (start + end) / 2 + 0.6
    thick = look.wait_px
    short = end - start <= _SHORT_PX
    if short and form is not Form.SOLID:
        thick *= _TALL if form is Form.HOLLOW else _LOW
    stroke: svg.Attributes = {"stroke": shade, "stroke_width": thick}
    if form is Form.DASHED and not short:
        stroke["stroke_dasharray"] = "2.4 1.4"
    drawn = svg.line(start, y, end, y, **stroke)
    if form is Form.HOLLOW and not short:
        inner = thick - 2.4
        drawn += svg.line(
            start + 1.2, y, end - 1.2, y, stroke=colour("paper"), stroke_width=max(inner, 1.0)
        )
    return drawn


def meet_mark(x: float, y: float, look: Look) -> str:
    """Draw a ring where two trains meet."""
    ring: svg.Attributes = {
        "cx": x,
        "cy": y,
        "r": 1.5 if look.dense else 2.6,
        "fill": colour("paper"),
        "stroke": colour("ink"),
        "stroke-width": 0.7 if look.dense else 1.1,
    }
    return svg.element("circle", ring)


def overtake_mark(x: float, y: float, look: Look) -> str:
    """Draw a filled triangle where a train overtakes another."""
    r = 3.0 if look.dense else 4.2
    corners = [(x - r, y - r), (x + r, y), (x - r, y + r)]
    shape: svg.Attributes = {
        "d": svg.path_data(corners, closed=True),
        "fill": colour("ink"),
        "stroke": colour("paper"),
        "stroke-width": 0.8,
    }
    return svg.element("path", shape)


def track_lines(x: float, top: float, bottom: float, tracks: int) -> str:
    """Draw a stretch of line as its tracks: one, two, or three lines for more, on a band."""
    shown = min(tracks, 3)
    lines = [
        svg.line(at, top, at, bottom, stroke=colour("ink"), stroke_width=1.3)
        for at in (x + 3.4 * (k - (shown - 1) / 2) for k in range(shown))
    ]
    if tracks < 2:
        return "".join(lines)
    half = 1.7 * (shown - 1) + 2.6
    ground = svg.rect(x - half, top, 2 * half, bottom - top, fill=colour("bar"), opacity=0.45)
    return ground + "".join(lines)
