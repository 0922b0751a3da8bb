"""Cases of checks: tables of a clean template broken in one way, and the one problem to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from keruen.errors import Problem, Severity
from keruen.model.checks import Check
from support.template_draft import Edit, Row, adding, draft, next_record, record_of, setting

OWN = {"source": "own_estimate", "confidence": "derived"}
"""Source of rows planted: derived, so that they need no ranges."""

Place = tuple[str, int | None, str | None]


@dataclass(frozen=True)
class Case:
    """A check, tables broken, and the one problem that it must tell."""

    check: Check
    code: str
    place: Place
    edits: Mapping[str, Edit | None]
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.check.__name__}-{self.code}-{self.place[2]}"

    def told(self) -> list[Problem]:
        """What the check tells of the broken study."""
        return self.check(draft(**self.edits))


def at(table: str, key: str, column: str) -> Place:
    """Place of a cell of the template."""
    return f"{table}.csv", record_of(table, key), column


def cell(
    check: Check, code: str, place: tuple[str, str, str], text: str, /, **params: object
) -> Case:
    """A case in which one cell is set and the problem stands right there."""
    table, key, column = place
    return Case(
        check, code, at(table, key, column), {table: setting(table, key, **{column: text})}, params
    )


def planted(check: Check, code: str, told_in: str, /, *new: Row, **params: object) -> Case:
    """A case in which lines are added to ``project_changes`` and the last is told."""
    record = next_record("project_changes") + len(new) - 1
    place = ("project_changes.csv", record, told_in)
    return Case(check, code, place, {"project_changes": adding(*new)}, params)


def change(**cells: str) -> Row:
    """A line of ``project_changes``; a set of the second track unless told otherwise."""
    return {"id": "planted", "project": "second_track", "op": "set", **OWN, **cells}


def assert_told(case: Case) -> None:
    """The check tells the one problem, of that severity, at that place, with those parameters."""
    told = case.told()
    assert [(p.code, (p.file, p.row, p.column)) for p in told] == [(case.code, case.place)]
    assert told[0].severity is case.severity
    assert {name: told[0].params[name] for name in case.params} == dict(case.params)
