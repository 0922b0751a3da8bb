"""From the bytes of a railJSON file to lists of objects of known shape, or to what is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from keruen.errors import FailedError, StudyError, error
from keruen.exchange.railjson.findings import Findings, Place
from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.shapes import (
    LISTS,
    MAJOR,
    NEEDED,
    Anything,
    Items,
    Mapped,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Truth,
    Whole,
)
from keruen.model.files import decode, read_bytes
from keruen.model.findings import closest

MAX_BYTES: Final = 200_000_000
"""A file larger than this is refused."""
_LARGEST: Final = 1e15

Object = dict[str, Any]
Lists = Mapping[str, list[Object]]
"""Objects of an infrastructure by the name of their list."""


class _Doubled(ValueError):
    """A name stands twice in one JSON object."""


def _once(pairs: list[tuple[str, Any]]) -> Object:
    found: Object = {}
    for name, value in pairs:
        if name in found:
            raise _Doubled(name)
        found[name] = value
    return found


def _not_finite(text: str) -> float:
    return math.nan if text == "NaN" else math.inf if text == "Infinity" else -math.inf


def _document(path: Path) -> object:
    """The JSON value of a file.

    Raises
    ------
    FailedError
        When it cannot be read, is too large, not UTF-8, or no JSON.
    """
    raw, problems = read_bytes(path.parent, path.name, MAX_BYTES)
    if raw is None:
        raise FailedError(problems)
    text, problems = decode(raw, path.name)
    if any(problem.is_error for problem in problems):
        raise FailedError(problems)
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_not_finite)
    except json.JSONDecodeError as failure:
        where = {"line": failure.lineno, "character": failure.colno, "reason": failure.msg}
        raise FailedError([error("railjson_not_json", path.name, **where)]) from failure
    except _Doubled as failure:
        doubled = error("railjson_doubled_name", path.name, value=str(failure)[:80])
        raise FailedError([doubled]) from failure
    except (RecursionError, ValueError) as failure:
        # Nested beyond the stack, or a whole number of more digits than Python turns into one.
        raise FailedError([error("railjson_too_deep", path.name)]) from failure


class _Judge:
    """Holds values against shapes."""

    def __init__(self, findings: Findings, notes: list[Note]) -> None:
        self.findings = findings
        self.notes = notes
        self._kind = ""
        self._id = ""

    def fits(self, value: object, shape: Shape, place: Place) -> bool:
        """Whether a value has a shape; whatever is wrong is told."""
        return self._RULES[type(shape)](self, value, shape, place)

    def member(self, kind: str, value: object, shape: Record, place: Place) -> bool:
        """Whether one object of a list has its shape."""
        self._kind = kind
        self._id = str(value["id"]) if isinstance(value, dict) and "id" in value else ""
        return self.fits(value, shape, place)

    def _wrong(self, place: Place, wanted: str, value: object) -> bool:
        self.findings.error("railjson_wrong_type", place, wanted=wanted, value=_told(value))
        return False

    def _text(self, value: object, shape: Text, place: Place) -> bool:
        if not isinstance(value, str):
            return self._wrong(place, "text", value)
        if not 0 < len(value) <= shape.longest:
            self.findings.error(
                "railjson_text_length", place, length=len(value), longest=shape.longest
            )
            return False
        return True

    def _number(self, value: object, shape: Number, place: Place) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._wrong(place, "number", value)
        # Compared as it is: a whole number may be too large for a float, and NaN is never within.
        if not -_LARGEST <= value <= _LARGEST:
            self.findings.error("railjson_not_finite", place, value=_told(value))
            return False
        low = shape.least
        if low is not None and (value < low or (shape.above and value == low)):
            code = "railjson_not_above" if shape.above else "railjson_below"
            self.findings.error(code, place, value=float(value), limit=low)
            return False
        return True

    def _whole(self, value: object, shape: Whole, place: Place) -> bool:
        if isinstance(value, bool) or not isinstance(value, int):
            return self._wrong(place, "integer", value)
        return self._number(value, Number(shape.least), place)

    def _truth(self, value: object, _: Truth, place: Place) -> bool:
        return isinstance(value, bool) or self._wrong(place, "true / false", value)

    def _one_of(self, value: object, shape: OneOf, place: Place) -> bool:
        if isinstance(value, str) and value in shape.words:
            return True
        return self._wrong(place, " / ".join(shape.words), value)

    def _items(self, value: object, shape: Items, place: Place) -> bool:
        if not isinstance(value, list) or len(value) < shape.fewest:
            wanted = f"[{shape.fewest} …]" if shape.fewest else "[…]"
            return self._wrong(place, wanted, value)
        right = [self.fits(item, shape.of, (*place, i)) for i, item in enumerate(value)]
        return all(right)

    def _mapped(self, value: object, shape: Mapped, place: Place) -> bool:
        if not isinstance(value, dict):
            return self._wrong(place, "{…}", value)
        right = [self.fits(item, shape.of, (*place, name)) for name, item in value.items()]
        return all(right)

    def _record(self, value: object, shape: Record, place: Place) -> bool:
        if not isinstance(value, dict):
            return self._wrong(place, "{…}", value)
        right = True
        for name, field in shape.fields.items():
            if name not in value:
                if field.required:
                    self.findings.error("railjson_missing_field", place, field=name)
                    right = False
            elif value[name] is None and field.nullable:
                continue
            elif not self.fits(value[name], field.shape, (*place, name)):
                right = False
        if not shape.open:
            for name in value:
                if name not in shape.fields:
                    self.notes.append(Note(self._kind, self._id, name, Why.UNKNOWN_FIELD))
        return right

    def _anything(self, _value: object, _shape: Anything, _place: Place) -> bool:
        return True

    _RULES: Final[Mapping[type, Callable[[_Judge, Any, Any, Place], bool]]] = MappingProxyType(
        {
            Text: _text,
            Number: _number,
            Whole: _whole,
            Truth: _truth,
            OneOf: _one_of,
            Items: _items,
            Mapped: _mapped,
            Record: _record,
            Anything: _anything,
        }
    )


def _told(value: object) -> str:
    """A value as it may be told: short, whatever it is."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST:
        return "∞"
    return json.dumps(value) if isinstance(value, bool) or value is None else str(value)[:80]


def _infrastructure(document: object, file: str) -> Object:
    """The document when it is an infrastructure of a known version."""
    if not isinstance(document, dict) or "track_sections" not in document:
        raise FailedError([error("railjson_no_infrastructure", file)])
    version = document.get("version")
    if not isinstance(version, str) or version.split(".")[0] != MAJOR:
        raise FailedError([error("railjson_version", file, value=_told(version), known=MAJOR)])
    return document


def read_lists(path: Path, notes: list[Note]) -> tuple[dict[str, list[Object]], Findings]:
    """Read a file into its lists.

    Parameters
    ----------
    path : Path
        The file.
    notes : list of Note
        Notes of unknown fields and missing lists are added to it.

    Returns
    -------
    dict of str to list of dict
        Objects by list, all of the right shape; lists that are missing are empty.
    Findings
        What is known to be wrong so far: no errors.

    Raises
    ------
    FailedError
        When the file cannot be read, is no JSON, or no railJSON of a known version.
    StudyError
        When objects lack their shape or their ids are doubled: every such place at once.
    """
    document = _infrastructure(_document(path), path.name)
    findings = Findings(path.name)
    judge = _Judge(findings, notes)
    lists: dict[str, list[Object]] = {}
    for name, shape in LISTS.items():
        found = document.get(name)
        lists[name] = []
        if found is None and name in NEEDED:
            findings.error("railjson_missing_field", (), field=name)
        elif found is None:
            notes.append(Note(name, "", "", Why.ASSUMED, "[]"))
        elif not isinstance(found, list):
            findings.error("railjson_wrong_type", (name,), wanted="[…]", value=_told(found))
        else:
            for position, value in enumerate(found):
                if judge.member(name, value, shape, (name, position)):
                    lists[name].append(value)
            _require_unique(findings, name, found)
    for name in document:
        if name not in LISTS and name != "version":
            notes.append(Note("infra", "", name[:80], Why.UNKNOWN_FIELD, closest(name, LISTS)))
    if findings.has_errors:
        raise StudyError(findings.problems())
    return lists, findings


def _require_unique(findings: Findings, name: str, values: list[Any]) -> None:
    first: dict[str, int] = {}
    for position, value in enumerate(values):
        own = value.get("id") if isinstance(value, dict) else None
        if not isinstance(own, str):
            continue
        if own in first:
            place = (name, position, "id")
            other = f"/{name}/{first[own]}"
            findings.error("railjson_doubled_id", place, value=own, other=other)
        else:
            first[own] = position
