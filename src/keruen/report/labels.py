"""Place labels so that they meet neither each other nor the edge, and as few lines as can be.

Greedy: labels in order of priority, each at the best of eight places around its point, or nowhere.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]
CELL = 40.0
"""Px of the grid in which taken places are looked up."""
DOT = 6.0
"""Px between the dots that stand for a line."""
CLUTTER = 8
"""Dots of lines that a label may cover at most; rather no label than one that hides the map."""

_PLACES: tuple[tuple[float, float], ...] = (
    (1, 0),
    (-1, 0),
    (0.75, -0.75),
    (0.75, 0.75),
    (-0.75, -0.75),
    (-0.75, 0.75),
    (0, -1),
    (0, 1),
)
"""Directions from the point, the most readable first."""


_DRIFTS = (
    (0, 0),
    (0, 1.6),
    (0, -1.6),
    (0, 3.2),
    (0, -3.2),
    (0.7, 0),
    (-0.7, 0),
    (0.7, 2),
    (-0.7, 2),
)
"""How far the name of an area may drift from its middle, in halves of its own size."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in px."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles share any area.

        >>> Box(0, 0, 2, 2).meets(Box(1, 1, 3, 3)), Box(0, 0, 2, 2).meets(Box(2, 0, 3, 3))
        (True, False)
        """
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, point: Point) -> bool:
        """Whether a point lies inside or on the edge."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(frozen=True, slots=True)
class Label:
    """What wants a place: the point it names, its size and its symbol's in px, how urgent it is.

    A label of radius 0 names an area: it is centred on its point, give or take its own size.
    """

    key: int
    x: float
    y: float
    width: float
    height: float
    radius: float
    priority: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label came to stand: its rectangle, and how its text is anchored in it."""

    key: int
    box: Box
    anchor: str


@dataclass
class _Ground:
    """What is taken already, in cells of a grid so that only near things are asked."""

    boxes: dict[tuple[int, int], list[Box]] = field(default_factory=lambda: defaultdict(list))
    dots: dict[tuple[int, int], list[Point]] = field(default_factory=lambda: defaultdict(list))

    def take(self, box: Box) -> None:
        for cell in _cells(box):
            self.boxes[cell].append(box)

    def mark(self, point: Point) -> None:
        self.dots[int(point[0] // CELL), int(point[1] // CELL)].append(point)

    def is_free(self, box: Box) -> bool:
        return not any(box.meets(b) for cell in _cells(box) for b in self.boxes.get(cell, ()))

    def marks_in(self, box: Box) -> int:
        return sum(box.holds(dot) for cell in _cells(box) for dot in self.dots.get(cell, ()))


def _cells(box: Box) -> list[tuple[int, int]]:
    columns = range(int(box.left // CELL), int(box.right // CELL) + 1)
    rows = range(int(box.top // CELL), int(box.bottom // CELL) + 1)
    return [(column, row) for column in columns for row in rows]


def place_labels(
    labels: Sequence[Label],
    frame: Box,
    taken: Iterable[Box] = (),
    lines: Iterable[Sequence[Point]] = (),
) -> list[Place]:
    """Give each label a free place within the frame; labels that find none are left out.

    Parameters
    ----------
    labels : sequence of Label
        Placed in order of falling priority, then of their keys.
    frame : Box
        No label leaves it.
    taken : iterable of Box
        Rectangles that no label may cover, such as symbols.
    lines : iterable of point sequences
        Lines in px that labels keep off where they can.

    Returns
    -------
    list of Place
        In the order of placing; never two that overlap.

    Examples
    --------
    Two labels of one point: the second goes to the other side.

    >>> twins = [Label(0, 50, 50, 20, 10, 4, 1), Label(1, 50, 50, 20, 10, 4, 1)]
    >>> [place.anchor for place in place_labels(twins, Box(0, 0, 100, 100))]
    ['start', 'end']
    """
    ground = _Ground()
    for box in taken:
        ground.take(box)
    for points in lines:
        for dot in _dots(points):
            ground.mark(dot)
    placed = []
    for label in sorted(labels, key=lambda entry: (-entry.priority, entry.key)):
        best: tuple[float, Place] | None = None
        for rank, place in enumerate(_places(label)):
            box = place.box
            within = frame.holds((box.left, box.top)) and frame.holds((box.right, box.bottom))
            if not within or not ground.is_free(box):
                continue
            covered = ground.marks_in(box)
            cost = 0.35 * rank + covered
            if covered <= CLUTTER and (best is None or cost < best[0]):
                best = (cost, place)
        if best is not None:
            ground.take(best[1].box)
            placed.append(best[1])
    return placed


def _places(label: Label) -> list[Place]:
    half, rise = label.width / 2, label.height / 2
    if label.radius <= 0:
        return [
            Place(label.key, Box(x - half, y - rise, x + half, y + rise), "middle")
            for x, y in ((label.x + dx * half, label.y + dy * rise) for dx, dy in _DRIFTS)
        ]
    places = []
    for dx, dy in _PLACES:
        x = label.x + dx * label.radius + (half if dx > 0 else -half if dx < 0 else 0.0)
        y = label.y + dy * label.radius + (rise if dy == 1 else -rise if dy == -1 else rise * dy)
        anchor = "start" if dx > 0 else "end" if dx < 0 else "middle"
        places.append(Place(label.key, Box(x - half, y - rise, x + half, y + rise), anchor))
    return places


def _dots(points: Sequence[Point], spacing: float = DOT) -> list[Point]:
    """Points along a line, near enough to each other that no label slips between."""
    dots: list[Point] = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        pieces = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / spacing))
        dots += [
            (x0 + (x1 - x0) * i / pieces, y0 + (y1 - y0) * i / pieces) for i in range(pieces + 1)
        ]
    return dots
