"""Whether all ways are pieces of lines, so that trains have one of two directions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def directions_on_lines(points: int, ways: Sequence[Sequence[int]]) -> list[int] | None:
    """Direction of each way along its line; None where some way is not a piece of a line.

    The ways together form a graph over the points. They are pieces of lines where each part of it
    that hangs together is a simple path, and none turns back.

    Parameters
    ----------
    points : int
        Number of points.
    ways : sequence of sequences of int
        Points in the order in which each way meets them.

    Returns
    -------
    list of int, or None
        0 or 1 for each way: one direction or the other.

    Examples
    --------
    >>> directions_on_lines(4, [(0, 1, 2), (3, 2, 1)])
    [0, 1]
    >>> directions_on_lines(4, [(0, 1, 2), (1, 3)]) is None  # a junction at 1
    True
    """
    beside: list[set[int]] = [set() for _ in range(points)]
    for way in ways:
        for here, there in pairwise(way):
            beside[here].add(there)
            beside[there].add(here)
    if any(len(around) > 2 for around in beside):
        return None
    position = [-1] * points
    for end in range(points):
        if len(beside[end]) != 1 or position[end] >= 0:
            continue
        before, here, place = -1, end, 0
        while True:
            position[here] = place
            place += 1
            onward = [there for there in beside[here] if there != before]
            if not onward:
                break
            before, here = here, onward[0]
    directions = []
    for way in ways:
        places = [position[point] for point in way]
        if -1 in places:
            return None  # part of a circle
        steps = {there - here for here, there in pairwise(places)}
        if steps == {1}:
            directions.append(0)
        elif steps == {-1}:
            directions.append(1)
        else:
            return None
    return directions
