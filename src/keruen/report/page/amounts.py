"""Numbers with their units as a reader wants them: millions of tonnes, three figures, no noise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from keruen.i18n import Translator
from keruen.i18n.amounts import rounded, unit_told
from keruen.units import UNITS

MILLION: Final = 1e6
_MEGA_FROM: Final = 1e5
SHARE: Final = "share"
PURE: Final = "1"
"""Unit of a number without one; of a measure it is a share."""
RATIO: Final = "ratio"
_CODE_BEFORE: Final = re.compile(r"^([A-Z]{3})(?=\d)")
"""A currency written by its code and not by a sign, without the space that belongs after it."""
MONEY: Final = frozenset({"USD", "KZT", "EUR", "CNY", "RUB"})


@dataclass(frozen=True, slots=True)
class Amounts:
    """Writes quantities in a language; ``share`` is written as a percentage."""

    t: Translator

    def stated(self, value: float | None, unit: str) -> str:
        """Write a number as somebody stated it: not rounded beyond a thousandth."""
        if value is None:
            return self.t.number(None)
        return self._written(*_readable(value, unit))

    def computed(self, value: float | None, unit: str) -> str:
        """Write a number that was computed, to three figures."""
        if value is None:
            return self.t.number(None)
        scaled, shown = _readable(value, unit)
        return self._written(rounded(scaled), shown)

    def span(self, low: float | None, high: float | None, unit: str) -> str:
        """Write a computed range in one scale; one number when both ends read alike."""
        if low is None or high is None:
            return self.computed(low if high is None else high, unit)
        if self.bare(low, high, unit) == self.bare(high, high, unit):
            return self.computed(high, unit)
        if unit == RATIO:
            return self.t("report.times", value=self.bare_span(low, high, unit))
        return self.t(
            "report.range", low=self.bare(low, high, unit), high=self.computed(high, unit)
        )

    def bare_span(self, low: float, high: float, unit: str) -> str:
        """Write a computed range in the scale of its high end, without the unit."""
        ends = (self.bare(low, high, unit), self.bare(high, high, unit))
        return ends[1] if ends[0] == ends[1] else self.t("report.range", low=ends[0], high=ends[1])

    def bare(self, value: float, scale: float, unit: str) -> str:
        """Write a computed number without its unit, in the scale that another is read in."""
        if unit == SHARE:
            return self.t.number(rounded(value * 100.0))
        shown = _readable(scale, unit)[1]
        return self.number(value if shown == unit else value / MILLION)

    def tonnes(self, value: float | None) -> str:
        """Write tonnes a year to three figures."""
        return self.computed(value, "t/year")

    def number(self, value: float | None) -> str:
        """Write a computed number without its unit."""
        return self.t.number(None if value is None else rounded(value))

    def scaled(self, unit: str, most: float) -> tuple[str, float]:
        """Unit in which a chart of a measure is read, in words, and the factor into it."""
        if unit == PURE:
            return "%", 100.0
        if unit == "t/year" and most >= MILLION:
            return self.t.unit_name("Mt/year"), 1.0 / MILLION
        return self.unit(unit), 1.0

    def dollars(self, value: float | None) -> str:
        """Write an amount of dollars with its millions or billions in a word."""
        return self.money(value, "USD")

    def money(self, value: float | None, currency: str) -> str:
        """Write an amount with its millions or billions in a word."""
        large = value is not None and abs(value) >= MILLION
        written = self.t.money(value, currency, short=large)
        return _CODE_BEFORE.sub("\\1\u00a0", written)

    def _written(self, value: float, unit: str) -> str:
        if unit == SHARE:
            return self.t.percent(value, None)
        if unit == RATIO:
            return self.t("report.times", value=self.t.number(value))
        if unit in MONEY:
            return self.money(value, unit)
        if unit in UNITS:
            return self.t.unit(value, unit)
        return f"{self.t.number(value)}\u00a0{self.unit(unit)}"

    def unit(self, unit: str) -> str:
        """Name a unit by itself; as it stands where the catalogue has no words for it."""
        return unit_told(self.t, unit)


def unit_of_measure(unit: str) -> str:
    """Unit in which :class:`Amounts` writes a measure: a pure number is a share.

    >>> unit_of_measure("1"), unit_of_measure("t/year")
    ('share', 't/year')
    """
    return SHARE if unit == PURE else unit


def _readable(value: float, unit: str) -> tuple[float, str]:
    if unit == "t/year" and abs(value) >= _MEGA_FROM:
        return value / MILLION, "Mt/year"
    return value, unit
