"""Hatched grounds, and the sheet of a chart that has nothing to show and says so."""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.report import svg
from keruen.report.palette import colour

_SIDE: Final = 6.0


class Hatch(NamedTuple):
    """Stripes of a colour, px of their width, their angle in degrees; the ground under them."""

    shade: str
    stripe: float = 1.6
    angle: float = 45.0
    ground: str | None = None


def hatching(identifier: str, hatch: Hatch) -> str:
    """Define a hatched ground; a shape takes it by ``fill="url(#identifier)"``.

    >>> "rotate(45)" in hatching("x", Hatch("var(--k-ink)"))
    True
    """
    pattern: svg.Attributes = {
        "id": identifier,
        "width": _SIDE,
        "height": _SIDE,
        "patternUnits": "userSpaceOnUse",
        "patternTransform": f"rotate({svg.number(hatch.angle)})",
    }
    ground = svg.rect(0, 0, _SIDE, _SIDE, fill=hatch.ground) if hatch.ground else ""
    stripe = svg.rect(0, 0, hatch.stripe, _SIDE, fill=hatch.shade)
    return svg.element("defs", None, svg.element("pattern", pattern, ground, stripe))


def draw_blank(sheet: svg.Sheet, words: str) -> str:
    """Draw a sheet that says in words why there is nothing on it.

    >>> "no trains" in draw_blank(svg.Sheet(300, 80, "t", "d", "p"), "no trains")
    True
    """
    rows = svg.wrap(words, sheet.width - 24, 13, 3)
    first = sheet.height / 2 - 9.0 * (len(rows) - 1) + 4
    middle = svg.TextStyle(13, "middle", "k-m")
    frame = svg.rect(
        0.5,
        0.5,
        sheet.width - 1,
        sheet.height - 1,
        fill=colour("band"),
        stroke=colour("rule"),
        rx=4,
    )
    said = (svg.text(sheet.width / 2, first + 18 * i, row, middle) for i, row in enumerate(rows))
    return svg.document(sheet, frame, *said)
