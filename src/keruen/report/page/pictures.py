"""What all pictures of a page share: their two widths, their dates, their pairing."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date
from typing import Final

from keruen.report import svg

WIDE: Final = 940.0
"""Px of a picture on a desk."""
NARROW: Final = 328.0
"""Px of a picture on a phone of 360 px."""


def paired(draw: Callable[[float, str], str], prefix: str) -> str:
    """Draw one picture twice, for a desk and for a phone; the stylesheet shows the one that fits.

    Parameters
    ----------
    draw : callable
        Draws at a width in px with a prefix for its ids.
    prefix : str
        Told apart from those of the page's other pictures.
    """
    return svg.responsive(draw(WIDE, f"{prefix}-w"), draw(NARROW, f"{prefix}-n"))


def decimal_year(day: date) -> float:
    """A day as a year with a fraction.

    >>> decimal_year(date(2024, 1, 1)), decimal_year(date(2025, 7, 2))
    (2024.0, 2025.4986301369863)
    """
    length = 366 if calendar.isleap(day.year) else 365
    return day.year + (day.timetuple().tm_yday - 1) / length
