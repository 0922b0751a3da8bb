"""Numbers of tables on the screen: millions of tonnes, as many figures as a model knows."""

from __future__ import annotations

import math
from typing import Final

from keruen.i18n import ABSENT, Translator

FIGURES: Final = 4
_MILLION: Final = 1e6


def figures(t: Translator, value: float | None, most: int = FIGURES) -> str:
    """Write a number with so many figures, whole numbers whole.

    >>> from keruen.i18n import translator
    >>> t = translator("en")
    >>> figures(t, 1234.56), figures(t, 0.000123456), figures(t, 0.9), figures(t, None)
    ('1,235', '0.0001235', '0.9', '—')
    """
    if value is None or not math.isfinite(value) or value == 0:
        return t.number(value)
    digits = max(0, most - 1 - math.floor(math.log10(abs(value))))
    rounded = round(value, digits)
    kept = f"{rounded:.{digits}f}".rstrip("0").partition(".")[2] if digits else ""
    return t.number(rounded, len(kept))


def millions(t: Translator, value: float | None) -> str:
    """Write tonnes as millions of tonnes with two decimals.

    >>> from keruen.i18n import translator
    >>> millions(translator("en"), 4_500_000.0)
    '4.50'
    """
    return ABSENT if value is None else t.number(value / _MILLION, 2)


def whole(t: Translator, value: float | None) -> str:
    """Write a number without decimals."""
    return t.number(value, 0)


def tenths(t: Translator, value: float | None) -> str:
    """Write a number with one decimal."""
    return t.number(value, 1)
