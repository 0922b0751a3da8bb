"""``study.yaml``: the few things a study says about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from keruen.errors import Problem, Severity, error
from keruen.model.cells import out_of_bounds, read_cell
from keruen.model.files import has_hidden_characters
from keruen.model.findings import closest, cut
from keruen.schema import Column, ColumnType, load_schema

FILE: Final = "study.yaml"
MAX_BYTES: Final = 1 << 18
_MAX_EVENTS: Final = 10_000
_MAX_DEPTH: Final = 20
_MAX_WHOLE: Final = 1 << 63
_HOURS: Final = (8760, 8784)
LANGUAGES: Final = ("en", "kk", "ru", "zh")
WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_DATE: Final = load_schema().settings["base_date"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``study.yaml`` says, typed."""

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    languages: tuple[str, ...]
    base_year: int
    base_date: date
    first_year: int
    last_year: int
    currency: str
    price_year: int
    seed: int
    as_of: date | None
    licence: str
    time_axis: Mapping[str, Any]

    @property
    def years(self) -> range:
        """Years computed, the last included."""
        return range(self.first_year, self.last_year + 1)


def _bomb(text: str) -> Problem | None:
    """Aliases, huge or deep documents are refused before anything is built from them."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if isinstance(event, yaml.AliasEvent):
            return error("yaml_alias", FILE, line=_line(event))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if count > _MAX_EVENTS or depth > _MAX_DEPTH:
            return error("yaml_too_large", FILE)
    return None


def _line(marked: object) -> int:
    """Line, from 1, at which something of YAML stands."""
    mark = getattr(marked, "start_mark", None) or getattr(marked, "problem_mark", None)
    return int(getattr(mark, "line", 0)) + 1


def _repeated_keys(node: yaml.Node | None) -> list[Problem]:
    """Keys that stand twice in one mapping, of which YAML would silently keep the last."""
    problems: list[Problem] = []
    waiting = [node] if node is not None else []
    while waiting:
        found = waiting.pop()
        if isinstance(found, yaml.SequenceNode):
            waiting += found.value
        elif isinstance(found, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in found.value:
                waiting.append(value)
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
                if name in seen:
                    problems.append(
                        _fault("repeated_key", cut(name), value=cut(name), line=_line(key))
                    )
                seen.add(name)
    return problems


def _safely_loaded(text: str) -> tuple[object, list[Problem]]:
    """What a text says, and the keys that stand twice in it; read once."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        problems = _repeated_keys(node)
        return None if node is None else loader.construct_document(node), problems
    finally:
        loader.dispose()


def _load(text: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    try:
        bomb = _bomb(text)
        if bomb is not None:
            return None, [bomb]
        content, problems = _safely_loaded(text)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as failure:
        reason = str(getattr(failure, "problem", None) or type(failure).__name__)
        return None, [error("bad_yaml", FILE, line=_line(failure), reason=cut(reason))]
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        return None, [error("yaml_not_a_mapping", FILE)]
    return content, problems


def _fault(code: str, key: str, **params: object) -> Problem:
    return Problem(Severity.ERROR, code, FILE, None, key, params)


def _shown(value: object) -> str:
    """A value as it can be told; a number too long to be written out is not."""
    try:
        return cut(str(value))
    except ValueError:
        return "…"


Read = tuple[object, list[Problem]]


def _read_number(key: str, value: object, column: Column) -> Read:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MAX_WHOLE:
        return None, [_fault("not_an_integer", key, value=_shown(value))]
    found = out_of_bounds(value, column)
    return (None, [found.at(FILE, None, key)]) if found else (value, [])


def _read_date(key: str, value: object, column: Column) -> Read:
    del column
    if isinstance(value, date):
        return date(value.year, value.month, value.day), []
    _, found = read_cell(_shown(value), _DATE)
    better = found.params.get("better", "") if found else ""
    return None, [_fault("not_a_date", key, value=_shown(value), better=better)]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != "" and not has_hidden_characters(value)


def _read_texts(key: str, value: object, column: Column) -> Read:
    del column
    texts = value if isinstance(value, dict) else {"en": value}
    if texts and all(lang in LANGUAGES and _is_text(text) for lang, text in texts.items()):
        return MappingProxyType(dict(texts)), []
    return None, [_fault("not_texts", key)]


def _not_allowed(key: str, value: object, allowed: Iterable[str]) -> Problem:
    return _fault("not_allowed", key, value=_shown(value), allowed=", ".join(allowed), better="")


def _read_list(key: str, value: object, column: Column) -> Read:
    if isinstance(value, list) and value and all(item in column.values for item in value):
        return tuple(dict.fromkeys(value)), []
    return None, [_not_allowed(key, value, column.values)]


def _read_time_axis(key: str, value: object, column: Column) -> Read:
    """Hours of the year, its first weekday, the offset from UTC: each may be left out."""
    if not isinstance(value, dict) or not set(value) <= set(column.values):
        return None, [_not_allowed(key, value, column.values)]
    problems: list[Problem] = []
    hours, first = value.get("hours", _HOURS[0]), value.get("first_weekday", WEEKDAYS[0])
    offset = value.get("utc_offset_h", 0)
    if hours not in _HOURS or isinstance(hours, bool):
        problems.append(_not_allowed(key, hours, map(str, _HOURS)))
    if first not in WEEKDAYS:
        problems.append(_not_allowed(key, first, WEEKDAYS))
    if isinstance(offset, bool) or not isinstance(offset, int | float) or not -12 <= offset <= 14:
        problems.append(_not_allowed(key, offset, ("-12 … 14",)))
    return MappingProxyType(dict(value)), problems


def _read_text(key: str, value: object, column: Column) -> Read:
    if not _is_text(value):
        return None, [_fault("not_a_text", key, value=_shown(value))]
    _, found = read_cell(str(value), column)
    return (None, [found.at(FILE, None, key)]) if found else (value, [])


_READERS: Final[dict[ColumnType, Callable[[str, object, Column], Read]]] = {
    ColumnType.INTEGER: _read_number,
    ColumnType.DATE: _read_date,
    ColumnType.TEXTS: _read_texts,
    ColumnType.LIST: _read_list,
    ColumnType.MAPPING: _read_time_axis,
}


def _consistent(values: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    first, last, base = values["first_year"], values["last_year"], values["base_year"]
    if first > last:
        problems.append(_fault("years_reversed", "last_year", first=first, last=last))
    elif last - first > 100:
        problems.append(_fault("horizon_too_long", "last_year", first=first, last=last, limit=100))
    if values["base_date"].year != base:
        problems.append(
            _fault(
                "base_date_elsewhere", "base_date", year=base, value=values["base_date"].isoformat()
            )
        )
    return problems


def parse_settings(text: str) -> tuple[Settings | None, list[Problem]]:
    """Read ``study.yaml``.

    Parameters
    ----------
    text : str
        Content of the file.

    Returns
    -------
    Settings or None
        None when there is any error.
    list of Problem
        All of them: unknown and missing keys, wrong types, aliases, nonsense.

    Examples
    --------
    >>> parse_settings("nmae: x")[1][0].params["better"]
    'name'
    """
    content, problems = _load(text)
    if content is None:
        return None, problems
    declared = load_schema().settings
    for key in content:
        if key not in declared:
            better = closest(key, declared)
            problems.append(_fault("unknown_key", cut(key), value=cut(key), better=better))
    values: dict[str, Any] = {}
    for key, column in declared.items():
        given = content.get(key)
        if given is None:
            if column.required:
                problems.append(_fault("missing_key", key))
            values[key] = None
            continue
        values[key], found = _READERS.get(column.type, _read_text)(key, given, column)
        problems += found
    if any(problem.is_error for problem in problems):
        return None, problems
    problems += _consistent(values)
    if any(problem.is_error for problem in problems):
        return None, problems
    values.pop("format")
    values["description"] = values["description"] or {}
    values["licence"] = values["licence"] or ""
    values["time_axis"] = values["time_axis"] or {}
    return Settings(**values), problems


def study_name_of(path: Path) -> str | None:
    """Name that a study in a folder gets: that of the folder, if it can be one.

    >>> study_name_of(Path("corridors/My line"))
    'my_line'
    """
    try:
        own = path.name if path.name not in ("", "..") else path.resolve().name
    except (OSError, RuntimeError):
        return None
    written = own.lower().replace("-", "_").replace(" ", "_")
    name, _ = read_cell(written, load_schema().settings["name"])
    return name if isinstance(name, str) else None
