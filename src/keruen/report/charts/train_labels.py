"""Names along lines: set beside a straight piece, turned with it, where nothing else stands."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from keruen.report import svg

Point = tuple[float, float]
_CELL: Final = 16.0
_STRAIGHT: Final = math.radians(8)
_CLEAR: Final = 1.5
_SPACING: Final = 2.5


@dataclass(frozen=True, slots=True)
class Slot:
    """A turned rectangle: its middle, half its sides in px, and its angle in radians."""

    x: float
    y: float
    half_width: float
    half_height: float
    angle: float

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        """Whether a point lies within, a margin in px added on every side.

        >>> Slot(0, 0, 5, 2, math.pi / 2).holds((1, 4)), Slot(0, 0, 5, 2, 0).holds((1, 4))
        (True, False)
        """
        dx, dy = point[0] - self.x, point[1] - self.y
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        along, across = dx * cos + dy * sin, dy * cos - dx * sin
        return abs(along) <= self.half_width + margin and abs(across) <= self.half_height + margin

    def point(self, along: float, across: float) -> Point:
        """A point of the rectangle by shares of its halves, -1 to 1."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        u, v = along * self.half_width, across * self.half_height
        return self.x + u * cos - v * sin, self.y + u * sin + v * cos

    def dots(self, spacing: float = _SPACING) -> Iterator[Point]:
        """Points that cover the rectangle, its edge included."""
        columns = max(1, math.ceil(2 * self.half_width / spacing))
        rows = max(1, math.ceil(2 * self.half_height / spacing))
        for i, j in itertools.product(range(columns + 1), range(rows + 1)):
            yield self.point(2 * i / columns - 1, 2 * j / rows - 1)


@dataclass
class LabelGround:
    """The rectangle for names in px, and what stands in it already."""

    left: float
    top: float
    right: float
    bottom: float
    _cells: dict[tuple[int, int], list[Point]] = field(default_factory=lambda: defaultdict(list))

    def mark(self, point: Point) -> None:
        """Keep names off a point."""
        self._cells[int(point[0] // _CELL), int(point[1] // _CELL)].append(point)

    def mark_line(self, points: Sequence[Point], spacing: float = _SPACING) -> None:
        """Keep names off a line."""
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            pieces = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / spacing))
            for k in range(pieces + 1):
                self.mark((x0 + (x1 - x0) * k / pieces, y0 + (y1 - y0) * k / pieces))

    def is_free(self, slot: Slot) -> bool:
        """Whether a name would lie within the rectangle and touch nothing."""
        corners = [slot.point(i, j) for i, j in itertools.product((-1, 1), (-1, 1))]
        xs, ys = zip(*corners, strict=True)
        if min(xs) < self.left or max(xs) > self.right:
            return False
        if min(ys) < self.top or max(ys) > self.bottom:
            return False
        columns = range(int(min(xs) // _CELL) - 1, int(max(xs) // _CELL) + 2)
        rows = range(int(min(ys) // _CELL) - 1, int(max(ys) // _CELL) + 2)
        return not any(
            slot.holds(dot, _CLEAR)
            for cell in itertools.product(columns, rows)
            for dot in self._cells.get(cell, ())
        )

    def take(self, slot: Slot) -> None:
        """Keep further names off a name."""
        for dot in slot.dots():
            self.mark(dot)


@dataclass(frozen=True, slots=True)
class Written:
    """A name that found its place."""

    slot: Slot
    svg: str


def write_along(
    points: Sequence[Point], words: str, style: svg.TextStyle, ground: LabelGround
) -> Written | None:
    """Write a name beside a line, above or below, near its first third; None without room.

    The place is taken on the ground. The line itself must have been marked there.
    """
    width, size = svg.text_width(words, style.size, bold=True), style.size
    if not words.strip():
        return None
    length = sum(math.dist(a, b) for a, b in itertools.pairwise(points))
    for middle, angle in _middles(points, width + 2, length):
        for side in (-1.0, 1.0):
            away = side * (size * 0.42 + 3.4)
            x = middle[0] - away * math.sin(angle)
            y = middle[1] + away * math.cos(angle)
            slot = Slot(x, y, width / 2, size * 0.42, angle)
            if ground.is_free(slot):
                ground.take(slot)
                return Written(slot, _turned(slot, words, style))
    return None


def _middles(points: Sequence[Point], width: float, length: float) -> Iterable[tuple[Point, float]]:
    """Middles of straight pieces long enough, with their angles, those near a third first."""
    found: list[tuple[float, Point, float]] = []
    before = 0.0
    for begin, (start, following) in enumerate(itertools.pairwise(points)):
        angle = math.atan2(following[1] - start[1], following[0] - start[0])
        end = _straight_end(points, begin, angle)
        far = points[end]
        chord = math.dist(start, far)
        slope = math.atan2(far[1] - start[1], far[0] - start[0])
        if chord >= width and abs(slope) > 0.02:
            steps = max(1, int((chord - width) // 8))
            for k in range(steps + 1):
                at = (width / 2 + (chord - width) * k / steps) / chord
                middle = (
                    start[0] + (far[0] - start[0]) * at,
                    start[1] + (far[1] - start[1]) * at,
                )
                share = (before + at * chord) / length
                found.append((abs(share - 0.3), middle, slope))
        before += math.dist(start, following)
    return ((middle, slope) for _, middle, slope in sorted(found))


def _straight_end(points: Sequence[Point], begin: int, angle: float) -> int:
    end = begin + 1
    while end + 1 < len(points):
        (x0, y0), (x1, y1) = points[end], points[end + 1]
        if x1 == x0 and y1 == y0:
            end += 1
            continue
        if abs(math.atan2(y1 - y0, x1 - x0) - angle) > _STRAIGHT:
            break
        end += 1
    return end


def _turned(slot: Slot, words: str, style: svg.TextStyle) -> str:
    """Write a name in its rectangle, turned about the middle of it."""
    x, y = svg.number(slot.x, 2), svg.number(slot.y, 2)
    turn = svg.number(math.degrees(slot.angle), 2)
    written = svg.text(slot.x, slot.y + style.size * 0.35, words, style)
    return svg.group({"class": "k-name", "transform": f"rotate({turn} {x} {y})"}, written)
