"""Numbers and units of tables: millions of tonnes, as many figures as a model knows."""

from __future__ import annotations

import math
from typing import Final

from keruen.i18n.safe import shown
from keruen.i18n.translator import ABSENT, Translator, unit_code

FIGURES: Final = 4
MOST_DECIMALS: Final = 7
"""Decimals that are written at most: what is below half of the last of them is told as nought."""
_MILLION: Final = 1e6
_PURE: Final = "1"


def figures(t: Translator, value: float | None, most: int = FIGURES) -> str:
    """Write a number with so many figures, whole numbers whole.

    >>> from keruen.i18n import translator
    >>> t = translator("en")
    >>> figures(t, 1234.56), figures(t, 0.000123456), figures(t, 0.9), figures(t, None)
    ('1,235', '0.0001235', '0.9', '—')
    >>> figures(t, 4e-51), figures(t, 4.26e-7), figures(t, -1e-9)
    ('0', '0.0000004', '0')
    """
    if value is None or not math.isfinite(value) or value == 0:
        return t.number(value)
    digits = min(max(0, most - 1 - math.floor(math.log10(abs(value)))), MOST_DECIMALS)
    rounded = round(value, digits)
    kept = f"{rounded:.{digits}f}".rstrip("0").partition(".")[2] if digits else ""
    return t.number(rounded, len(kept))


def scientific(t: Translator, value: float, most: int = 2) -> str:
    """Write a number by a power of ten, with so many figures; nought as it is.

    >>> from keruen.i18n import translator
    >>> scientific(translator("en"), 1.04e-7), scientific(translator("kk"), 1.04e-7)
    ('1.0e-07', '1,0e-07')
    >>> scientific(translator("kk"), 0.0)
    '0'
    """
    if value == 0.0 or not math.isfinite(value):
        return t.number(value)
    mantissa, power = f"{value:.{most - 1}e}".split("e")
    return f"{t.number(float(mantissa), most - 1)}e{power}"


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


def unit_told(t: Translator, unit: str) -> str:
    """Write a unit in words where the language has them, as it stands where a study made it up.

    >>> from keruen.i18n import translator
    >>> t = translator("kk")
    >>> unit_told(t, "t/year"), unit_told(t, "wagons/year"), unit_told(t, "camels")
    ('т/жыл', 'вагон/жыл', 'camels')
    """
    code = unit_code(unit)
    if t.has(f"unit.name.{code}"):
        return t.unit_name(unit)
    return t(f"word.unit.{code.lower()}") if t.has(f"word.unit.{code.lower()}") else shown(unit)


def rounded(value: float, most: int = 3) -> float:
    """Round to so many figures: what a model computes is no surer than that.

    >>> rounded(1234567.0), rounded(0.0456), rounded(0.0)
    (1230000.0, 0.0456, 0.0)
    """
    return float(f"{value:.{most}g}") if math.isfinite(value) else value


def measured(t: Translator, value: float | None, unit: str, most: int = FIGURES) -> str:
    """Write a measure without its unit: one that is a pure number is a share.

    >>> from keruen.i18n import translator
    >>> t = translator("en")
    >>> measured(t, 0.4784, "1"), measured(t, 2048776.4, "TEU/year")
    ('47.8%', '2,048,776')
    """
    return t.percent(value, 1) if unit == _PURE else figures(t, value, most)


def measured_unit(t: Translator, unit: str) -> str:
    """Unit beside what :func:`measured` writes; nothing of a share.

    >>> from keruen.i18n import translator
    >>> measured_unit(translator("en"), "1"), measured_unit(translator("en"), "TEU/year")
    ('', 'TEU/year')
    """
    return "" if unit == _PURE else unit_told(t, unit)
