"""The JSON that every ``--json`` prints: one object, whatever happened."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from numbers import Integral, Real
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from keruen import __version__
from keruen.cli.answer import Answer, Asked
from keruen.i18n import Translator, told

if TYPE_CHECKING:
    import pandas as pd

FORMAT: Final = 1
"""Rises when a key is renamed or taken away; keys may be added without."""

_NAMES_OF_NOTHING: Final = frozenset({"NAType", "NaTType"})


def envelope(asked: Asked, answer: Answer, t: Translator) -> dict[str, object]:
    """Build the object that stands on standard output.

    Parameters
    ----------
    asked : Asked
        What was asked, taken where the answer does not complete it.
    answer : Answer
        What was found.
    t : Translator
        Language of ``rule`` and ``mend``.

    Returns
    -------
    dict
        Plain values only: what ``json.dumps`` takes with ``allow_nan=False``.

    Raises
    ------
    TypeError
        When the result holds something that has no JSON.
    """
    asked = answer.asked or asked
    return {
        "format": FORMAT,
        "keruen": __version__,
        "command": asked.command,
        "study": asked.study,
        "scenario": asked.scenario,
        "year": asked.year,
        "date": plain(asked.date),
        "as_of": plain(asked.as_of),
        "seed": asked.seed,
        "status": answer.outcome.word,
        "problems": [plain(told(problem, t)) for problem in answer.problems],
        "result": plain(answer.result),
    }


def dumps(value: Mapping[str, object]) -> str:
    r"""Write an object as one line of JSON that is harmless on a terminal.

    Letters of any language stand as they are. Control characters, bidirectional overrides and lone
    surrogates are written as ``\u`` escapes, which a JSON reader turns back: nothing is lost.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def plain(value: object) -> object:
    """Turn a value into what JSON knows.

    NaN, infinities and missing values become None; numbers of numpy and decimals become numbers;
    dates their ISO text; enumerations their value; records mappings of their fields. Keys stay as
    they are.

    Raises
    ------
    TypeError
        For anything else, sets among them: they have no order.
    ValueError
        When two keys of a mapping are the same text.

    Examples
    --------
    >>> plain({"a": float("nan"), "b": (1, Decimal("2.5")), "c": dt.date(2025, 7, 10)})
    {'a': None, 'b': [1, 2.5], 'c': '2025-07-10'}
    """
    if value is None or type(value).__name__ in _NAMES_OF_NOTHING:
        return None
    match value:
        case Enum():
            return plain(value.value)
        case bool():
            return value
        case str():
            return str(value)
        case Integral():
            return int(value)
        case _:
            return _plain_number_or_date(value)


def _plain_number_or_date(value: object) -> object:
    match value:
        case Real() | Decimal():
            number = float(value)
            return number if math.isfinite(number) else None
        case dt.date() | dt.time():
            return value.isoformat()
        case PurePath():
            return value.as_posix()
        case _:
            return _plain_whole(value)


def _plain_whole(value: object) -> object:
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if type(value).__module__.partition(".")[0] == "numpy":
        return _plain_numpy(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


def _plain_mapping(value: Mapping[object, object]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, item in value.items():
        name = plain(key)
        if isinstance(name, bool) or not isinstance(name, str | int):
            raise TypeError(f"a key of type {type(key).__name__} has no JSON")
        if str(name) in result:
            raise ValueError(f"the key {name!r} stands twice")
        result[str(name)] = plain(item)
    return result


def _plain_numpy(value: object) -> object:
    # Imported already, or the value could not be one of its.
    import numpy as np

    if isinstance(value, np.ndarray):
        return [plain(item) for item in (value if value.ndim else [value[()]])]
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.datetime64):
        if np.isnat(value):
            return None
        day = value.astype("datetime64[D]")
        return str(day if day == value else value.astype("datetime64[s]"))
    raise TypeError(f"{type(value).__name__} has no JSON")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain values (:func:`plain`), each by the names of its columns."""
    names = [str(name) for name in frame.columns]
    rows = frame.itertuples(index=False, name=None)
    return [{name: plain(cell) for name, cell in zip(names, row, strict=True)} for row in rows]
