"""A template read once, and drafts of it with single tables edited: quick enough for all checks."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from keruen.model.draft import Draft
from keruen.model.reading import TableReading, empty_table, read_text_table
from keruen.model.settings import Settings, parse_settings
from keruen.model.text import parse_csv
from keruen.schema import load_schema

TEMPLATES = Path(__file__).resolve().parents[2] / "src" / "keruen" / "templates"

Row = dict[str, str]
Edit = Callable[[list[Row]], object]


def rows_of(table: str, template: str = "corridor") -> list[Row]:
    """Rows of a template's table, as texts by column."""
    path = TEMPLATES / template / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def settings(template: str = "corridor") -> Settings:
    text = (TEMPLATES / template / "study.yaml").read_text(encoding="utf-8")
    found, problems = parse_settings(text)
    assert found is not None, problems
    return found


@cache
def readings(template: str = "corridor") -> Mapping[str, TableReading]:
    """Every table of a template as read."""
    found = {}
    for name, table in load_schema().tables.items():
        path = TEMPLATES / template / table.file
        found[name] = (
            read_rows(name, rows_of(name, template)) if path.exists() else empty_table(name)
        )
    return MappingProxyType(found)


def read_rows(table: str, rows: list[Row]) -> TableReading:
    """Read rows as if they stood in a file, whatever is wrong with them."""
    declared = load_schema()[table]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(declared.columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    text, problems = parse_csv(stream.getvalue(), declared.file)
    assert text is not None, problems
    return read_text_table(text, declared)[0]


def draft(template: str = "corridor", /, **edits: Edit | None) -> Draft:
    """The template with some tables edited, or left out where the edit is None."""
    tables = dict(readings(template))
    for table, edit in edits.items():
        if edit is None:
            tables[table] = empty_table(table)
            continue
        rows = rows_of(table, template)
        edit(rows)
        tables[table] = read_rows(table, rows)
    return Draft(settings(template), MappingProxyType(tables))


def key_of(table: str, row: Row) -> str:
    return "/".join(row[name] for name in load_schema()[table].key)


def find(table: str, rows: list[Row], key: str) -> Row:
    return next(row for row in rows if key_of(table, row) == key)


def setting(table: str, key: str, /, **cells: str) -> Edit:
    """An edit that sets cells of one row."""
    return lambda rows: find(table, rows, key).update(cells)


def adding(*new: Row) -> Edit:
    """An edit that appends rows."""
    return lambda rows: rows.extend(new)


def dropping(table: str, key: str) -> Edit:
    """An edit that removes one row."""
    return lambda rows: rows.remove(find(table, rows, key))


def record_of(table: str, key: str, template: str = "corridor") -> int:
    """Record number of a row in the template, the header being 1."""
    return [key_of(table, row) for row in rows_of(table, template)].index(key) + 2


def next_record(table: str, template: str = "corridor") -> int:
    """Record number of a row appended to a table of the template."""
    return len(rows_of(table, template)) + 2
