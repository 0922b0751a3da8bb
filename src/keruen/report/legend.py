"""Lay out the key of a picture: groups of swatches with words, in as many rows as needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keruen.report import svg

ROW = 19.0
TITLE = 20.0
LEADING = 15.0
GAP = 16.0
SWATCH_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Swatch:
    """One entry: a drawing of a width in px, centred on the height given to it, and its words."""

    draw: svg.Drawer
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Swatches under one heading."""

    title: str
    swatches: tuple[Swatch, ...]


def _title_rows(group: KeyGroup, width: float, size: float) -> tuple[str, ...]:
    return svg.wrap(group.title, width, size, lines=2, bold=True)


def _title_height(group: KeyGroup, width: float, size: float) -> float:
    rows = len(_title_rows(group, width, size))
    return TITLE + LEADING * (rows - 1) if rows else 0.0


def _entry_width(swatch: Swatch, size: float) -> float:
    return swatch.width + SWATCH_GAP + svg.text_width(swatch.label, size)


def _rows(group: KeyGroup, width: float, size: float) -> list[list[Swatch]]:
    rows: list[list[Swatch]] = [[]]
    used = 0.0
    for swatch in group.swatches:
        wanted = _entry_width(swatch, size)
        if rows[-1] and used + wanted > width:
            rows.append([])
            used = 0.0
        rows[-1].append(swatch)
        used += wanted + GAP
    return rows


def _block_width(rows: Sequence[Sequence[Swatch]], title: str, size: float) -> float:
    widest = max(
        (sum(_entry_width(s, size) + GAP for s in row) - GAP for row in rows if row), default=0.0
    )
    return max(widest, svg.text_width(title, size, bold=True))


def draw_key(
    groups: Sequence[KeyGroup], x: float, y: float, width: float, size: float = 11.5
) -> tuple[str, float]:
    """Draw groups from the upper left corner (x, y), side by side while they fit the width in px.

    Returns
    -------
    tuple of str and float
        The markup and the height used, in px.
    """
    parts: list[str] = []
    left, top, lowest = x, y, y
    for group in groups:
        if not group.swatches:
            continue
        rows = _rows(group, width, size)
        wanted = min(_block_width(rows, group.title, size), width)
        if left > x and left + wanted > x + width:
            left, top = x, lowest + 8
        parts.append(_block(group, rows, (left, top), width, size))
        height = _title_height(group, width, size) + ROW * len(rows)
        lowest = max(lowest, top + height)
        left += wanted + 2.2 * GAP
    return "".join(parts), lowest - y


def _block(
    group: KeyGroup,
    rows: Sequence[Sequence[Swatch]],
    corner: tuple[float, float],
    width: float,
    size: float,
) -> str:
    left, baseline = corner[0], corner[1] + size
    parts = []
    for words in _title_rows(group, width, size):
        parts.append(svg.text(left, baseline, words, svg.TextStyle(size, classes="k-b")))
        baseline += LEADING
    baseline += TITLE - LEADING if group.title else 0.0
    for row in rows:
        at = left
        for swatch in row:
            parts.append(swatch.draw(at, baseline - size * 0.35))
            at += swatch.width + SWATCH_GAP
            label = svg.ellipsise(swatch.label, left + width - at, size)
            parts.append(svg.text(at, baseline, label, svg.TextStyle(size)))
            at += svg.text_width(label, size) + GAP
        baseline += ROW
    return "".join(parts)
