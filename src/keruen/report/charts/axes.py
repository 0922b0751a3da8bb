"""Where ticks stand, and how labels beside a plot are kept apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Formatter = Callable[[float], str]
"""Writes a number in the reader's language."""

NARROW = 520.0
"""Px of width below which a chart is laid out for a phone."""


def is_narrow(width: float) -> bool:
    """Whether a picture of this width in px is laid out for a phone."""
    return width < NARROW


def nice_ticks(highest: float, count: int = 5) -> list[float]:
    """Round numbers from 0 to at least the highest value, in steps of 1, 2, 2.5 or 5 times a ten.

    Raises
    ------
    ValueError
        If the highest value is not finite.

    >>> nice_ticks(60)
    [0.0, 20.0, 40.0, 60.0]
    >>> nice_ticks(0)
    [0.0, 1.0]
    """
    if not math.isfinite(highest):
        raise ValueError("an axis needs a finite highest value")
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * (1 - 1e-9))
    steps = math.ceil(highest / step - 1e-9)
    return [round(index * step, 12) for index in range(steps + 1)]


def log_ticks(lowest: float, highest: float) -> list[float]:
    """Ticks at 1, 2 and 5 times a ten that cover a range of positive numbers.

    Raises
    ------
    ValueError
        If the range is not of positive, finite numbers in order.

    >>> log_ticks(8, 70)
    [5.0, 10.0, 20.0, 50.0, 100.0]
    """
    if not 0 < lowest <= highest < math.inf:
        raise ValueError("a logarithmic axis needs positive, finite bounds in order")
    first, last = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
    every = [m * 10.0**power for power in range(first, last + 1) for m in (1, 2, 5)]
    below = [tick for tick in every if tick <= lowest * (1 + 1e-9)]
    above = [tick for tick in every if tick >= highest * (1 - 1e-9)]
    return [tick for tick in every if below[-1] <= tick <= above[0]]


def spread(
    wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float
) -> list[float]:
    """Move centres of labels apart, so that none overlap, each as near as can be to its wish.

    Parameters
    ----------
    wanted : sequence of float
        Wanted centre of each label in px.
    heights : sequence of float
        Height of each label in px.
    top, bottom : float
        Bounds of the column in px. If the labels need more room they run out below.

    Returns
    -------
    list of float
        Centres in the order given.

    Examples
    --------
    >>> spread([10, 12, 50], [10, 10, 10], 0, 100)
    [10, 20.0, 50]
    >>> spread([95, 96], [10, 10], 0, 100)
    [85.0, 95.0]
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    centres = list(wanted)
    edge = top
    for index in order:
        centres[index] = max(centres[index], edge + heights[index] / 2)
        edge = centres[index] + heights[index] / 2
    edge = max(bottom, top + sum(heights))
    for index in reversed(order):
        centres[index] = min(centres[index], edge - heights[index] / 2)
        edge = centres[index] - heights[index] / 2
    return centres


def year_ticks(first: float, last: float, room: float) -> list[int]:
    """Whole years between two dates, as many as labels of four digits fit a width in px.

    >>> year_ticks(2024, 2040, 400)
    [2024, 2026, 2028, 2030, 2032, 2034, 2036, 2038, 2040]
    >>> year_ticks(2024, 2040, 150)
    [2024, 2032, 2040]
    """
    start, end = math.ceil(first), math.floor(last)
    fits = max(2, int(room // 38))
    steps = (1, 2, 4, 5, 8, 10, 20, 50, 100, 1000, 10_000)
    every = next(n for n in steps if (end - start) / n + 1 <= fits)
    return list(range(start, end + 1, every))
