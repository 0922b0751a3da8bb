"""From text to typed cells, one column at a time, with every bad cell located.

A column is read by its distinct texts: each is judged once, by :func:`read_cell`, however many rows
hold it. The same function reads single values of ranges and changes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.errors import Problem, Severity
from keruen.model.files import has_hidden_characters
from keruen.model.findings import Fault, Found, and_more, cap_rows, closest, cut
from keruen.schema import Column, ColumnType

Value = float | int | pd.Timestamp | str | None
"""What a cell holds; None when it is empty or bad."""

MAX_TEXT: Final = 4000
_MAX_JUDGED: Final = 5000
FIRST_DATE: Final = date(1800, 1, 1)
LAST_DATE: Final = date(2200, 12, 31)
ID_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,79}")
_RESERVED: Final = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]", re.IGNORECASE)
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[+-]?(nan|inf(inity)?)|#?n/?a!?|null|none", re.IGNORECASE)
_DECIMAL_COMMA: Final = re.compile(r"([+-]?[0-9]{1,3}(?:[ \u00a0\u202f.]?[0-9]{3})*),([0-9]+)")
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}([ \u00a0\u202f,_'’][0-9]{3})+(\.[0-9]+)?")
_WITH_UNIT: Final = re.compile(
    r"([+-]?[0-9]+(?:[.,][0-9]+)?)[ \u00a0]?"
    r"((?![eEdDxX]$)[^\W\d_]{1,10}(?:[/²³.][^\W\d_]{0,6})?|[%‰°$€₸])"
)
_SIGNS: Final = {"\u2212": "-", "\u2013": "-", "\u2012": "-", "．": ".", "＋": "+", "－": "-"}
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[./-]?([0-9]{1,2})[./-]?([0-9]{1,2})(?:[T ].*)?")

Read = tuple[Value, Fault | None]


def _number_fault(text: str) -> Fault:
    """Which slip made a text no number, and what was probably meant."""
    plain = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else _SIGNS.get(c, c) for c in text
    )
    if plain != text and _NUMBER.fullmatch(plain):
        return Fault("foreign_digits", {"value": cut(text), "better": plain})
    if _NOT_FINITE.fullmatch(text):
        return Fault("not_finite", {"value": text})
    comma = _DECIMAL_COMMA.fullmatch(text)
    if comma:
        whole, fraction = re.sub(r"[^0-9+-]", "", comma[1]), comma[2]
        ambiguous = len(fraction) == 3 and whole.lstrip("+-") != "0"
        better = "" if ambiguous else f"{whole}.{fraction}"
        return Fault("decimal_comma", {"value": cut(text), "better": better})
    if _GROUPED.fullmatch(text):
        better = re.sub(r"[^0-9.+-]", "", text)
        return Fault("grouped_digits", {"value": cut(text), "better": better})
    unit = _WITH_UNIT.fullmatch(text)
    if unit:
        better = unit[1].replace(",", ".")
        return Fault("unit_in_cell", {"value": cut(text), "unit_given": unit[2], "better": better})
    return Fault("not_a_number", {"value": cut(text)})


def _read_number(text: str, column: Column) -> Read:
    if not _NUMBER.fullmatch(text):
        return None, _number_fault(text)
    value = float(text)
    if not math.isfinite(value):
        return None, Fault("number_too_large", {"value": cut(text)})
    fault = out_of_bounds(value, column)
    return (None if fault and fault.severity is Severity.ERROR else value), fault


def _read_integer(text: str, column: Column) -> Read:
    value, fault = _read_number(text, column)
    if not isinstance(value, float):
        return value, fault
    if not value.is_integer():
        return None, Fault("not_an_integer", {"value": cut(text)})
    return int(value), fault


def out_of_bounds(value: float, column: Column) -> Fault | None:
    """Impossible values as errors, implausible ones as warnings.

    Examples
    --------
    >>> from keruen.schema import load_schema
    >>> column = load_schema()["sections"].columns["length_km"]
    >>> out_of_bounds(-3.0, column).code, out_of_bounds(0.2, column).code
    ('below_minimum', 'below_usual_minimum')
    """
    params = {"value": value, "unit": column.unit or "1"}
    if column.values and value not in {float(allowed) for allowed in column.values}:
        return _not_allowed(f"{value:g}", column)
    if column.minimum is not None and value < column.minimum:
        return Fault("below_minimum", {**params, "limit": column.minimum})
    if column.maximum is not None and value > column.maximum:
        return Fault("above_maximum", {**params, "limit": column.maximum})
    usual = Severity.WARNING
    if column.usual_minimum is not None and value < column.usual_minimum:
        return Fault("below_usual_minimum", {**params, "limit": column.usual_minimum}, usual)
    if column.usual_maximum is not None and value > column.usual_maximum:
        return Fault("above_usual_maximum", {**params, "limit": column.usual_maximum}, usual)
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _meant_date(text: str) -> str:
    """The ISO date that a date in another order means, when only one can be meant."""
    year_first = _YEAR_FIRST.fullmatch(text)
    if year_first:
        meant = _day(*year_first.groups()[:3])
        return meant.isoformat() if meant else ""
    day_first = _DAY_FIRST.fullmatch(text)
    if not day_first:
        return ""
    first, second, year = day_first.groups()
    meant, turned = _day(year, second, first), _day(year, first, second)
    if meant and turned and meant != turned and "." not in text:
        return ""
    meant = meant or turned
    return meant.isoformat() if meant else ""


def _read_date(text: str, column: Column) -> Read:
    del column
    parts = _DATE.fullmatch(text)
    day = _day(*parts.groups()) if parts else None
    if day is None:
        return None, Fault("not_a_date", {"value": cut(text), "better": _meant_date(text)})
    if not FIRST_DATE <= day <= LAST_DATE:
        span = {"first": FIRST_DATE.isoformat(), "last": LAST_DATE.isoformat()}
        return None, Fault("date_out_of_range", {"value": text, **span})
    return pd.Timestamp(day), None


def _read_id(text: str, column: Column) -> Read:
    del column
    if not ID_PATTERN.fullmatch(text):
        better = re.sub(r"[^A-Za-z0-9]+", "_", text[:80]).strip("_")
        return None, Fault("bad_id", {"value": cut(text), "better": better})
    if _RESERVED.fullmatch(text):
        return None, Fault("reserved_id", {"value": text})
    return text, None


def _read_code(pattern: re.Pattern[str], code: str) -> Callable[[str, Column], Read]:
    def read(text: str, column: Column) -> Read:
        del column
        if pattern.fullmatch(text):
            return text, None
        better = text.upper() if pattern.fullmatch(text.upper()) else ""
        return None, Fault(code, {"value": cut(text), "better": better})

    return read


def _not_allowed(text: str, column: Column) -> Fault:
    allowed = ", ".join(column.values)
    better = closest(text, column.values)
    return Fault("not_allowed", {"value": cut(text), "allowed": allowed, "better": better})


def _read_text(text: str, column: Column) -> Read:
    if column.values and text not in column.values:
        return None, _not_allowed(text, column)
    if has_hidden_characters(text):
        return None, Fault("control_character", {"value": cut(text)})
    if len(text) > MAX_TEXT:
        return text[:MAX_TEXT], Fault("text_too_long", {"limit": MAX_TEXT})
    return text, None


_READERS: Final[dict[ColumnType, Callable[[str, Column], Read]]] = {
    ColumnType.NUMBER: _read_number,
    ColumnType.INTEGER: _read_integer,
    ColumnType.DATE: _read_date,
    ColumnType.ID: _read_id,
    ColumnType.COUNTRY: _read_code(_COUNTRY, "bad_country"),
    ColumnType.CURRENCY: _read_code(_CURRENCY, "bad_currency"),
}


def read_cell(text: str, column: Column) -> Read:
    """Read one cell.

    Parameters
    ----------
    text : str
        Stripped content; empty for an empty cell.
    column : Column
        Declaration of its column; whether a cell is required and its default are not looked at.

    Returns
    -------
    float, int, Timestamp, str or None
        None for an empty or bad cell.
    Fault or None
        The first rule broken; a warning where the value is merely implausible.

    Examples
    --------
    >>> from keruen.schema import load_schema
    >>> columns = load_schema()["sections"].columns
    >>> read_cell("2", columns["tracks"])
    (2, None)
    >>> read_cell("30.09.2025", columns["in_service_from"])[1].params["better"]
    '2025-09-30'
    """
    if text == "":
        return None, None
    return _READERS.get(column.type, _read_text)(text, column)


def parse_value(text: str, column: Column) -> Read:
    """Read a single cell for a range or a change: impossible values are faults, doubtful ones not.

    Examples
    --------
    >>> from keruen.schema import load_schema
    >>> parse_value("0.2", load_schema()["sections"].columns["length_km"])
    (0.2, None)
    """
    value, fault = read_cell(text, column)
    return value, (fault if fault and fault.severity is Severity.ERROR else None)


@cache
def as_number(column: Column) -> Column:
    """Declaration of a summand or factor for a column: a number without bounds.

    >>> from keruen.schema import load_schema
    >>> as_number(load_schema()["sections"].columns["tracks"]).maximum is None
    True
    """
    free = replace(column, minimum=None, maximum=None, usual_minimum=None, usual_maximum=None)
    return replace(free, type=ColumnType.NUMBER, values=(), default="")


def _plain_numbers(texts: Sequence[str], column: Column) -> NDArray[np.float64]:
    """Numbers of the texts that are one beyond doubt; NaN where :func:`read_cell` must be asked."""
    values = np.array([float(t) if _NUMBER.fullmatch(t) else math.nan for t in texts])
    lows = [bound for bound in (column.minimum, column.usual_minimum) if bound is not None]
    highs = [bound for bound in (column.maximum, column.usual_maximum) if bound is not None]
    plain = np.isfinite(values) & (values >= max(lows, default=-math.inf))
    plain &= values <= min(highs, default=math.inf)
    if column.type is ColumnType.INTEGER:
        plain &= values == np.floor(values)
    return np.where(plain & (not column.values), values, math.nan)


def _series(
    values: list[Value], codes: NDArray[np.intp], column: Column, index: pd.Index[Any] | None
) -> pd.Series[Any]:
    """Spread the values of distinct texts over the rows, in the type of the column."""
    if column.type is ColumnType.DATE:
        days = ["NaT" if day is None else str(day) for day in values]
        return pd.Series(np.array(days, dtype="datetime64[us]")[codes], index=index)
    if column.type.is_numeric:
        numbers = np.array(values, dtype=np.float64)  # None becomes NaN
        if column.type is not ColumnType.INTEGER:
            return pd.Series(numbers[codes], index=index)
        absent = np.isnan(numbers)
        whole = np.where(absent, 1.0, numbers).astype(np.int64)
        return pd.Series(pd.arrays.IntegerArray(whole[codes], absent[codes]), index=index)
    texts = np.array(["" if v is None else v for v in values], dtype=object)
    return pd.Series(texts[codes], index=index, dtype=object)


def _judge(texts: Sequence[str], column: Column) -> tuple[list[Value], NDArray[np.bool_]]:
    """Values of distinct texts, and which of them break a rule.

    After very many bad texts the rest of the column is taken for bad unread, so that a file of
    noise costs no more than a good one.
    """
    values: list[Value] = [None] * len(texts)
    unread = np.ones(len(texts), dtype=bool)
    if column.type.is_numeric:
        plain = _plain_numbers(texts, column)
        values, unread = plain.tolist(), np.isnan(plain)
    faulty = np.zeros(len(texts), dtype=bool)
    bad = 0
    for place in map(int, np.flatnonzero(unread)):
        values[place], fault = read_cell(texts[place], column)
        faulty[place] = fault is not None
        bad += fault is not None
        if bad == _MAX_JUDGED:
            faulty[place:] |= unread[place:]
            break
    return values, faulty


def _faults(
    texts: Sequence[str], bad_rows: Iterable[tuple[int, int]], column: Column
) -> dict[tuple[str, Severity], list[Found]]:
    """Bad cells by rule, in the order of rows; ``bad_rows`` holds record number and text number."""
    found: dict[tuple[str, Severity], list[Found]] = {}
    for row, number in bad_rows:
        fault = read_cell(texts[number], column)[1]
        if fault is not None:
            found.setdefault((fault.code, fault.severity), []).append((row, fault.params))
    return found


def parse_column(
    cells: Sequence[str],
    column: Column,
    file: str,
    rows: Sequence[int],
    index: pd.Index[Any] | None = None,
) -> tuple[pd.Series[Any], list[Problem]]:
    """Read one column.

    Parameters
    ----------
    cells : sequence of str
        Stripped cells, empty text for an empty cell.
    column : Column
        Its declaration; a default takes the place of empty cells.
    file : str
        File name for problems.
    rows : sequence of int
        Record number of each cell.
    index : Index, optional
        Index of the result, one for all columns of a table, which is much quicker to put together;
        counted from nought when left out.

    Returns
    -------
    Series
        float64, Int64, datetime64 or text; a bad or empty cell is NaN, NA, NaT or empty text.
    list of Problem
        Bad cells, missing cells, values out of range.

    Examples
    --------
    >>> from keruen.schema import load_schema
    >>> column = load_schema()["sections"].columns["length_km"]
    >>> values, problems = parse_column(["12", "1,5", "-3"], column, "sections.csv", [2, 3, 4])
    >>> [(problem.row, problem.code) for problem in problems]
    [(3, 'decimal_comma'), (4, 'below_minimum')]
    """
    numbers: dict[str, int] = {}
    codes = np.array([numbers.setdefault(cell, len(numbers)) for cell in cells], dtype=np.intp)
    texts = [text or column.default for text in numbers]
    values, faulty = _judge(texts, column)
    positions = np.flatnonzero(faulty[codes])
    told = ((rows[int(p)], int(codes[p])) for p in positions[:_MAX_JUDGED])
    problems: list[Problem] = []
    for (code, severity), found in _faults(texts, told, column).items():
        problems += cap_rows(code, file, column.name, found, severity)
    problems += and_more("bad_cell", file, column.name, max(0, len(positions) - _MAX_JUDGED))
    if column.required:
        empty = np.array([text == "" for text in texts], dtype=bool)[codes]
        lacking: Iterator[Found] = ((rows[int(p)], {}) for p in np.flatnonzero(empty))
        problems += cap_rows("missing_value", file, column.name, lacking)
    return _series(values, codes, column, index), problems


def as_date(value: object) -> date | None:
    """A date from a cell of a date column, None when empty.

    >>> as_date(pd.Timestamp(2025, 9, 30))
    datetime.date(2025, 9, 30)
    """
    return value.date() if isinstance(value, pd.Timestamp) else None
