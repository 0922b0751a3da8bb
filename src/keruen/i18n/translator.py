"""One language: messages from the catalogues, numbers, dates, units and lists as it writes them.

Babel is imported when the first number or date is asked for: a ``--help`` has none.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from gettext import GNUTranslations
from numbers import Integral, Real
from typing import Final, Literal

from keruen.errors import Problem, Severity, UsageError
from keruen.i18n.catalogues import languages, read_catalogues
from keruen.i18n.fill import filled

ABSENT: Final = "—"
"""What stands for a value that is not there: absent is not zero."""

_NO_BREAK_SPACE: Final = "\u00a0"
_MOST_DECIMALS: Final = 3

DateForm = Literal["short", "medium", "long", "full"]


class UnknownCode(LookupError):
    """No catalogue of the language holds the code."""


@dataclass(frozen=True, slots=True, eq=False)
class Translator:
    """Words of one language; made by :func:`translator`.

    Parameters
    ----------
    language : str
        Two-letter code, such as ``kk``.
    catalogues : mapping
        Compiled catalogues by the first word of their codes.
    """

    language: str
    catalogues: Mapping[str, GNUTranslations]

    def __call__(self, code: str, /, **parameters: object) -> str:
        """Say a message.

        Strings and whole numbers stand in the sentence as they are (an id, a cell, a year); broken
        numbers, dates and lists as the language writes them.

        Raises
        ------
        UnknownCode
            When no catalogue holds the code.
        MissingParameter
            When the message needs a parameter that was not given.
        """
        return filled(self._message(code), self._words(parameters))

    def plural(self, code: str, n: int, /, **parameters: object) -> str:
        """Say a message in the form that a number takes; ``{n}`` in it is the grouped number."""
        catalogue = self.catalogues.get(code.partition(".")[0])
        message = code if catalogue is None else catalogue.ngettext(code, code, abs(n))
        if message == code:
            raise UnknownCode(f"no plural message {code!r} in {self.language!r}")
        return filled(message, {"n": self.number(n), **self._words(parameters)})

    def has(self, code: str) -> bool:
        """Whether a catalogue holds the code."""
        try:
            self._message(code)
        except UnknownCode:
            return False
        return True

    def number(self, value: float | None, digits: int | None = None) -> str:
        """Write a number with grouped thousands.

        Parameters
        ----------
        value : float or None
            None and NaN are written as a dash.
        digits : int or None
            Decimals written; None writes those there are, three at the most.
        """
        if value is None or math.isnan(value):
            return ABSENT
        if math.isinf(value):
            return "∞" if value > 0 else "-∞"
        exact = value if isinstance(value, int) else float(value)
        if round(exact, _MOST_DECIMALS if digits is None else digits) == 0:
            exact = 0  # never a minus before nothing
        return _decimal(exact, _pattern(digits), self.language)

    def percent(self, share: float | None, digits: int | None = 0) -> str:
        """Write a share in 0..1 as a percentage; ``digits`` as in :meth:`number`."""
        if share is None or not math.isfinite(share):
            return ABSENT
        from babel.core import Locale
        from babel.numbers import format_percent

        whole = Locale.parse(self.language).percent_formats[None].pattern
        pattern = whole.replace("#,##0", _pattern(digits))
        return format_percent(float(share), format=pattern, locale=self.language)

    def money(self, value: float | None, currency: str = "USD", *, short: bool = False) -> str:
        """Write an amount; ``short`` writes millions and billions in a word."""
        if value is None or not math.isfinite(value):
            return ABSENT
        from babel.numbers import format_compact_currency, format_currency

        if short:
            return format_compact_currency(value, currency, locale=self.language, fraction_digits=1)
        digits = 0 if abs(value) >= 1000 else 2
        return format_currency(
            round(value, digits),
            currency,
            locale=self.language,
            currency_digits=False,
            format=_money_pattern(self.language, digits),
        )

    def date(self, day: dt.date | None, form: DateForm = "medium") -> str:
        """Write a date."""
        if day is None:
            return ABSENT
        from babel.dates import format_date

        return format_date(day, form, locale=self.language)

    def unit(self, value: float | None, unit: str, digits: int | None = None) -> str:
        """Write a number with its unit, such as ``60 pairs/day``; ``unit`` is one of ``UNITS``."""
        if value is None or not math.isfinite(value):
            return self.number(value)
        if unit == "%":
            return self.percent(value / 100.0, digits)
        if unit == "1":
            return self.number(value, digits)
        # Only a whole number has a form of its own; a broken one takes the form of many.
        count = int(value) if float(value).is_integer() else 2
        number = self.number(value, digits).replace(" ", _NO_BREAK_SPACE)
        return self.plural(f"unit.value.{unit_code(unit)}", count, number=number)

    def unit_name(self, unit: str) -> str:
        """Write a unit alone, as in the head of a column."""
        return self(f"unit.name.{unit_code(unit)}")

    def list(self, items: Iterable[str]) -> str:
        """Join names as the language does."""
        names = tuple(items)
        if not names:
            return ABSENT
        from babel.lists import format_list

        return format_list(names, locale=self.language)

    def _message(self, code: str) -> str:
        catalogue = self.catalogues.get(code.partition(".")[0])
        message = code if catalogue is None else catalogue.gettext(code)
        if message == code:
            raise UnknownCode(f"no message {code!r} in {self.language!r}")
        return message

    def _words(self, parameters: Mapping[str, object]) -> dict[str, str]:
        return {name: self._word(value) for name, value in parameters.items()}

    def _word(self, value: object) -> str:
        word: str
        match value:
            case None:
                word = ABSENT
            case Enum():
                word = str(value.value)
            case str():
                word = value
            case Integral():
                word = str(int(value))
            case Real():
                word = self.number(float(value))
            case dt.date():
                word = self.date(value)
            case list() | tuple():
                word = self.list(self._word(item) for item in value)
            case _:
                raise TypeError(f"{type(value).__name__} has no place in a message")
        return word


def translator(language: str) -> Translator:
    """Make the translator of a language.

    Raises
    ------
    UsageError
        ``unknown_language``, with the nearest language there is.

    Examples
    --------
    >>> translator("en").number(1234.5)
    '1,234.5'
    """
    known = languages()
    if language not in known:
        # Country codes and names of languages mostly begin as the code: kz, english.
        near = next((word for word in known if word[:1] == language[:1].lower()), "")
        parameters = {
            "value": language,
            "known": ", ".join(known),
            "better": near,
        }
        raise UsageError([Problem(Severity.ERROR, "unknown_language", params=parameters)])
    return Translator(language, read_catalogues(language))


def unit_code(unit: str) -> str:
    """Last word of the code of a unit.

    >>> unit_code("pairs/day"), unit_code("%")
    ('pairs_per_day', 'percent')
    """
    return {"1": "one", "%": "percent"}.get(unit, unit.replace("/", "_per_"))


def _pattern(digits: int | None) -> str:
    if digits is None:
        return "#,##0." + "#" * _MOST_DECIMALS
    return "#,##0" + ("." + "0" * digits if digits else "")


@lru_cache(maxsize=1 << 14, typed=True)
def _decimal(value: float, pattern: str, language: str) -> str:
    """Write a number by a pattern; pages have the same few numbers over and over."""
    from babel.numbers import format_decimal

    return format_decimal(value, format=pattern, locale=language)


def _money_pattern(language: str, digits: int) -> str:
    from babel.core import Locale

    pattern: str = Locale.parse(language).currency_formats["standard"].pattern
    return pattern.replace("0.00", "0" + ("." + "0" * digits if digits else ""))
