"""A study read from disk, with everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from keruen.errors import FailedError, Problem, StudyError, error
from keruen.model import package
from keruen.model import settings as settings_file
from keruen.model.checks import CHECKS
from keruen.model.checks.layers import structure_under_changes
from keruen.model.draft import Draft
from keruen.model.files import decode, has_hidden_characters, read_bytes
from keruen.model.findings import closest
from keruen.model.model import Model
from keruen.model.provenance import count_cells, defaulted_cells, overrides
from keruen.model.reading import TableReading, empty_table, read_text_table
from keruen.model.settings import Settings, parse_settings
from keruen.model.text import parse_csv
from keruen.schema import Schema, Table, load_schema

IGNORED_FILES: Final = frozenset({package.FILE})
_MAX_STRANGE: Final = 50
_NAME_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a study gave.

    Parameters
    ----------
    model : Model or None
        None when there are errors.
    problems : tuple of Problem
        Everything found, in the order of the checks.
    counts : mapping of str to int
        Rows by table.
    sources : mapping of str to int
        Cells of facts by confidence.
    """

    model: Model | None
    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    sources: Mapping[str, int]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Findings that make the study unusable."""
        return tuple(problem for problem in self.problems if problem.is_error)


def _read_table(folder: Path, table: Table) -> tuple[TableReading, list[Problem]]:
    raw, problems = read_bytes(folder, table.file)
    if raw is None:
        return empty_table(table.name, present=True), problems
    text, found = decode(raw, table.file)
    problems += found
    parsed, found = parse_csv(text, table.file)
    problems += found
    if parsed is None:
        return empty_table(table.name, present=True), problems
    reading, found = read_text_table(parsed, table)
    return reading, problems + found


def _read_settings(folder: Path) -> tuple[Settings | None, list[Problem]]:
    raw, problems = read_bytes(folder, settings_file.FILE, settings_file.MAX_BYTES)
    if raw is None:
        return None, problems
    text, found = decode(raw, settings_file.FILE)
    if has_hidden_characters(text):
        return None, [*problems, *found, error("binary_content", settings_file.FILE)]
    settings, more = parse_settings(text)
    return settings, problems + found + more


def _strange_files(names: frozenset[str], schema: Schema) -> list[Problem]:
    known = sorted({table.file for table in schema.tables.values()} | IGNORED_FILES)
    strange = [n for n in sorted(names) if n.lower().endswith(".csv") and n not in known]
    return [
        error(
            "unknown_file",
            _plain(name),
            value=_plain(name),
            better=closest(name, known),
        )
        for name in strange[:_MAX_STRANGE]
    ]


def _plain(name: str) -> str:
    """A file's name in characters that can be encoded, cut to what is shown."""
    return name.encode("utf-8", errors="replace").decode("utf-8")[:_NAME_SHOWN]


def _names(path: Path) -> frozenset[str]:
    """Names of what a folder holds."""
    try:
        if not path.is_dir():
            raise FailedError([error("no_such_folder", value=str(path))])
        return frozenset(entry.name for entry in path.iterdir())
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise FailedError([error("unreadable", _plain(path.name), reason=reason)]) from failure


def read_study(path: Path) -> Reading:
    """Read and check a study.

    Parameters
    ----------
    path : Path
        Its folder.

    Returns
    -------
    Reading
        The model when there is no error, and every problem either way.

    Raises
    ------
    FailedError
        When the folder is not there or is no study at all.
    """
    schema = load_schema()
    present = _names(path)
    if not present & {settings_file.FILE, *(t.file for t in schema.tables.values())}:
        raise FailedError([error("not_a_study", value=str(path))])
    settings, problems = None, [error("missing_file", settings_file.FILE)]
    if settings_file.FILE in present:
        settings, problems = _read_settings(path)
    problems += _strange_files(present, schema)
    readings: dict[str, TableReading] = {}
    for name, table in schema.tables.items():
        if table.file not in present:
            readings[name] = empty_table(table.name)
            continue
        readings[name], found = _read_table(path, table)
        problems += found
    draft = Draft(settings, MappingProxyType(readings))
    for check in CHECKS:
        problems += check(draft)
    if not any(problem.is_error for problem in problems):
        problems += structure_under_changes(draft)
    return _reading(path, draft, problems)


def _reading(path: Path, draft: Draft, problems: Sequence[Problem]) -> Reading:
    frames = {name: reading.frame for name, reading in draft.tables.items()}
    owners = overrides(frames["provenance"])
    model = None
    if draft.settings is not None and not any(problem.is_error for problem in problems):
        model = Model(
            path=path,
            settings=draft.settings,
            tables=MappingProxyType(frames),
            owners=MappingProxyType(owners),
            origins=MappingProxyType({}),
            defaulted=defaulted_cells(draft.tables),
        )
    return Reading(
        model,
        tuple(problems),
        {name: len(frame) for name, frame in frames.items() if len(frame)},
        count_cells(draft.tables, owners),
    )


def load_model(path: Path) -> Model:
    """The model of a study that must be right.

    Raises
    ------
    StudyError
        With all errors, when there are any.
    FailedError
        When the folder is not there or is no study at all.
    """
    reading = read_study(path)
    if reading.model is None:
        raise StudyError(reading.errors)
    return reading.model


def input_hashes(path: Path) -> dict[str, str]:
    """SHA-256 of every file of a study that the schema knows, by name.

    Raises
    ------
    FailedError
        When a file cannot be read.
    """
    known = [settings_file.FILE, *(table.file for table in load_schema().tables.values())]
    hashes: dict[str, str] = {}
    for name in sorted(set(known) & _names(path)):
        raw, problems = read_bytes(path, name)
        if raw is None:
            raise FailedError(problems)
        hashes[name] = hashlib.sha256(raw).hexdigest()
    return hashes
