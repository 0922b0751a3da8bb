"""Build SVG text: elements, numbers, and an estimate of how wide a piece of text will be.

Every text and every attribute passes through :func:`escape`; nothing else writes markup.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape as xml_escape

Attribute = str | float | int | None
Attributes = dict[str, Attribute]
Drawer = Callable[[float, float], str]
"""Draws something at a place in px."""

_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # no XML document may hold them
    "\u202a-\u202e\u2066-\u2069"  # direction overrides turn the text around them
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def escape(text: str) -> str:
    r"""Make any text safe between tags and inside quoted attributes.

    Control characters, lone surrogates and direction overrides are dropped.

    >>> escape('<b>"Aktau" & \u202eco</b>')
    '&lt;b&gt;&quot;Aktau&quot; &amp; co&lt;/b&gt;'
    """
    return xml_escape(_UNSAFE.sub("", text), {'"': "&quot;", "'": "&#39;"})


def number(value: float, digits: int = 1) -> str:
    """Write a coordinate: fixed digits, no trailing zeros, no minus before zero.

    Raises
    ------
    ValueError
        If the value is not finite: a picture never hides a NaN.

    >>> number(12.04), number(-0.01), number(3.46)
    ('12', '0', '3.5')
    """
    if not math.isfinite(value):
        raise ValueError("a coordinate must be finite")
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, attributes: Mapping[str, Attribute] | None = None, *children: str) -> str:
    """Write one element; children are markup already, attributes are not.

    An attribute of value None is left out; numbers are written by :func:`number`.

    >>> element("circle", {"r": 2.0, "class": "a<b", "id": None})
    '<circle r="2" class="a&lt;b"/>'
    """
    parts = [name]
    for key, value in (attributes or {}).items():
        if value is None:
            continue
        written = escape(value) if isinstance(value, str) else number(value, 2)
        parts.append(f'{key}="{written}"')
    head = " ".join(parts)
    return f"<{head}>{''.join(children)}</{name}>" if children else f"<{head}/>"


def group(attributes: Mapping[str, Attribute], *children: str) -> str:
    """Group elements; empty when there is nothing to group.

    >>> group({"class": "x"})
    ''
    """
    inside = "".join(children)
    return element("g", attributes, inside) if inside else ""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a text is set: size in px, anchor, classes, colour role expression."""

    size: float = 12.0
    anchor: str = "start"
    classes: str = ""
    fill: str | None = None
    italic: bool = False


def text(x: float, y: float, content: str, style: TextStyle | None = None) -> str:
    """Write a text with its baseline at (x, y)."""
    style = style or TextStyle()
    attributes: Attributes = {
        "x": x,
        "y": y,
        "font-size": style.size,
        "text-anchor": None if style.anchor == "start" else style.anchor,
        "class": style.classes or None,
        "style": f"fill:{style.fill}" if style.fill else None,
        "font-style": "italic" if style.italic else None,
    }
    return element("text", attributes, escape(content)) if content.strip() else ""


def line(x0: float, y0: float, x1: float, y1: float, **attributes: Attribute) -> str:
    """Write a straight line; an underscore in a keyword stands for a hyphen."""
    ends: Attributes = {"x1": x0, "y1": y0, "x2": x1, "y2": y1}
    return element("line", {**ends, **_hyphened(attributes)})


def rect(x: float, y: float, width: float, height: float, **attributes: Attribute) -> str:
    """Write a rectangle; a width or height below zero counts as zero."""
    box: Attributes = {
        "x": x,
        "y": y,
        "width": max(width, 0.0),
        "height": max(height, 0.0),
    }
    return element("rect", {**box, **_hyphened(attributes)})


def _hyphened(attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
    return {key.replace("_", "-"): value for key, value in attributes.items()}


def tooltip(content: str) -> str:
    """Write the ``<title>`` that a browser shows while the pointer rests; empty for no text."""
    return element("title", None, escape(content)) if content.strip() else ""


def path_data(points: list[tuple[float, float]], closed: bool = False) -> str:
    """Write path data with relative steps on a grid of a tenth of a px, which is short.

    Raises
    ------
    ValueError
        If a coordinate is not finite.

    Examples
    --------
    >>> path_data([(0, 0), (10.04, 0), (10, 5.5)])
    'M0 0l10 0 0 5.5'
    >>> path_data([(0, 0), (1, 0), (1, 1)], closed=True)
    'M0 0l1 0 0 1z'
    """
    if not points:
        return ""
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
        raise ValueError("a coordinate must be finite")
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [
        f"{number((x1 - x0) / 10)} {number((y1 - y0) / 10)}"
        for (x0, y0), (x1, y1) in itertools.pairwise(tenths)
        if (x0, y0) != (x1, y1)
    ]
    start = f"M{number(tenths[0][0] / 10)} {number(tenths[0][1] / 10)}"
    return start + ("l" + " ".join(steps) if steps else "") + ("z" if closed else "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The outer frame of a picture: its size in px, name, description and a prefix for its ids.

    ``title`` and ``description`` are read aloud by a screen reader; the prefix keeps ids apart when
    several pictures stand in one page.
    """

    width: float
    height: float
    title: str
    description: str
    prefix: str


def safe_id(raw: str) -> str:
    """Reduce a text to what an id may hold in XML, in CSS and in an address.

    >>> safe_id("map 1/kz"), safe_id("2")
    ('map-1-kz', 'k-2')
    """
    cleaned = re.sub(r"[^A-Za-z0-9_-]+", "-", raw).strip("-")
    return cleaned if cleaned[:1].isalpha() else f"k-{cleaned}"


def document(sheet: Sheet, *body: str) -> str:
    """Wrap a drawing as an ``<svg>`` to be put into a page that holds the stylesheet."""
    prefix = safe_id(sheet.prefix)
    return element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "k-pic",
            "viewBox": f"0 0 {number(sheet.width)} {number(sheet.height)}",
            "width": sheet.width,
            "height": sheet.height,
            "role": "img",
            "aria-labelledby": f"{prefix}-t {prefix}-d",
        },
        element("title", {"id": f"{prefix}-t"}, escape(sheet.title)),
        element("desc", {"id": f"{prefix}-d"}, escape(sheet.description)),
        *body,
    )


def standing_alone(svg: str, css: str) -> str:
    """Put a stylesheet into a drawing, so that it can be a file of its own."""
    head, mark, tail = svg.partition("<title")
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{declaration}{head}<style>{xml_escape(css)}</style>{mark}{tail}"


def responsive(wide: str, narrow: str) -> str:
    """Pair two drawings of one picture; the stylesheet shows the one that fits the screen."""
    return f'<div class="k-wide">{wide}</div><div class="k-narrow">{narrow}</div>'


_NARROW = set("iljtfrI.,:;'|!()[]1 іӏ/-·’")
_BROAD = set("mwMW@%—шщжюфмыШЩЖЮФМЫДОQGOЪЭ")


def text_width(content: str, size: float, bold: bool = False) -> float:
    """Estimate the width of a text in px for the usual sans-serif faces, rather too wide.

    Shares of the size by kind of letter, of our own measuring: full width for Chinese and its like,
    nothing for combining marks.

    >>> text_width("Актау", 10) > text_width("iii", 10)
    True
    """
    total = 0.0
    for letter in content:
        if unicodedata.combining(letter):
            continue
        if unicodedata.east_asian_width(letter) in "WF":
            total += 1.02
        elif letter in _NARROW:
            total += 0.34
        elif letter in _BROAD:
            total += 0.84
        elif letter.isupper():
            total += 0.68
        else:
            total += 0.57
    return total * size * (1.06 if bold else 1.0)


def ellipsise(content: str, width: float, size: float, bold: bool = False) -> str:
    """Cut a text to a width in px, with an ellipsis where something was cut.

    >>> ellipsise("Dostyk", 100, 10), ellipsise("Dostyk–Moyynty", 40, 10)
    ('Dostyk', 'Dostyk…')
    """
    if text_width(content, size, bold) <= width:
        return content
    room = width - text_width("…", size, bold)
    kept = ""
    for letter in content:
        if text_width(kept + letter, size, bold) > room:
            break
        kept += letter
    return kept.rstrip(" ,;–-") + "…"


_BREAKS = re.compile(r"[^ –—/-]+(?:[–—/-]+ ?| |$)|[–—/-]+ ?| ")
"""Pieces of a text that stay together: a word with the dash or the space that follows it."""


def wrap(
    content: str, width: float, size: float, lines: int = 2, bold: bool = False
) -> tuple[str, ...]:
    """Break a text into at most so many lines of a width in px; the last may be cut.

    Breaks stand at spaces and after dashes and strokes. A word wider than a line, and Chinese,
    which has no spaces, is broken where the line is full.

    >>> wrap("Second track Dostyk to Moyynty", 70, 10)
    ('Second track', 'Dostyk to Mo…')
    """
    pieces = _BREAKS.findall(" ".join(content.split()))
    broken: list[str] = []
    while pieces and len(broken) < lines - 1:
        row = pieces.pop(0)
        if text_width(row.rstrip(), size, bold) > width:
            row, rest = _filled(row, width, size, bold)
            pieces = [rest, *pieces] if rest else pieces
        while pieces and text_width((row + pieces[0]).rstrip(), size, bold) <= width:
            row += pieces.pop(0)
        broken.append(row.rstrip())
    if pieces:
        broken.append(ellipsise("".join(pieces).rstrip(), width, size, bold))
    return tuple(broken)


def _filled(content: str, width: float, size: float, bold: bool) -> tuple[str, str]:
    """Split a text after as many letters as fill a line, at least one."""
    end = 1
    while end < len(content) and text_width(content[: end + 1], size, bold) <= width:
        end += 1
    return content[:end], content[end:]
