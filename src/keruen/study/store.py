"""Run folders: they appear whole or not at all, and say what they were made from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import NoneType
from typing import Any, Final

import pandas as pd
import pyarrow as pa

import keruen
from keruen.errors import FailedError, UsageError, cannot_write, error, taken_problem
from keruen.folders import is_taken, whole_folder
from keruen.study.cache import read_tables, write_tables
from keruen.study.identity import code_hash, versions
from keruen.study.pipeline import Outcome, Request

MANIFEST: Final = "manifest.json"
TABLES: Final = "tables"
INPUTS: Final = "inputs"
FORMAT: Final = 1
_MAX_MANIFEST: Final = 1 << 22
_SHAPE: Final[Mapping[str, tuple[type, ...]]] = {
    "study": (str,),
    "code": (str,),
    "scenario": (str, NoneType),
    "seed": (int,),
    "as_of": (str, NoneType),
    "created": (str,),
    "inputs": (dict,),
    "tables": (dict,),
}
"""What the code reads from a manifest."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run folder that was read.

    Parameters
    ----------
    path : Path
        The folder.
    manifest : mapping
        What ``manifest.json`` says.
    tables : mapping of str to DataFrame
        Result tables.
    """

    path: Path
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def study(self) -> Path:
        """Copy of the study the run was made from."""
        return self.path / INPUTS

    @property
    def request(self) -> Request:
        """Request that makes the run again from its own copy of the inputs."""
        return request_of(self.path, self.manifest)


def request_of(path: Path, manifest: Mapping[str, Any]) -> Request:
    """Request that makes a run again from the copy of the inputs in its folder."""
    as_of = manifest["as_of"]
    return Request(
        path / INPUTS,
        manifest["scenario"],
        manifest["seed"],
        None if as_of is None else date.fromisoformat(as_of),
    )


def default_name(study: str, now: datetime) -> str:
    """Name of a run folder.

    >>> default_name("kazakhstan", datetime(2026, 1, 2, 3, 4, 5))
    'kazakhstan-20260102-030405'
    """
    return f"{study}-{now:%Y%m%d-%H%M%S}"


def free_place(folder: Path, study: str, now: datetime) -> Path:
    """Place of a new run in a folder of runs: its usual name, numbered where that is taken."""
    name = default_name(study, now)
    place, number = folder / name, 1
    while place.exists():
        number += 1
        place = folder / f"{name}-{number}"
    return place


def require_free(target: Path) -> None:
    """Refuse a place for a run that is taken.

    Raises
    ------
    UsageError
        When the target is there and not an empty folder.
    """
    if is_taken(target):
        raise UsageError([taken_problem(target)])


def require_place(target: Path) -> None:
    """Refuse a place in which no run can be written, before the work is done.

    Parameters
    ----------
    target : Path
        Folder to make.

    Raises
    ------
    UsageError
        When the target is there and not an empty folder.
    FailedError
        When it cannot be made.
    """
    try:
        require_free(target)
        home = target.resolve().parent
    except (OSError, ValueError, RuntimeError) as failure:
        raise cannot_write(target, failure) from failure
    require_writable(home)


def require_writable(folder: Path) -> None:
    """Refuse a folder, there already or not, in which no other can be made.

    A scratch folder is made and taken away again in the nearest folder that is there: permissions
    alone do not tell of a disk that is full or may only be read.

    Raises
    ------
    FailedError
        When nothing can be made there.
    """
    try:
        above = folder.resolve()
        while not above.exists() and above != above.parent:
            above = above.parent
        Path(tempfile.mkdtemp(prefix=".run-", dir=above)).rmdir()
    except (OSError, ValueError, RuntimeError) as failure:
        raise cannot_write(folder, failure) from failure


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _manifest(outcome: Outcome, command: str, folder: Path) -> dict[str, Any]:
    request = outcome.request
    return {
        "format": FORMAT,
        "keruen": keruen.__version__,
        "code": code_hash(),
        "versions": versions(),
        "study": outcome.model.settings.name,
        "scenario": request.scenario,
        "seed": outcome.seed,
        "as_of": None if request.as_of is None else request.as_of.isoformat(),
        "first_year": outcome.model.settings.first_year,
        "last_year": outcome.model.settings.last_year,
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "inputs": dict(outcome.inputs),
        "tables": {
            name: {"rows": len(frame), "sha256": file_hash(folder / TABLES / f"{name}.parquet")}
            for name, frame in outcome.tables.items()
        },
        "steps": [step._asdict() for step in outcome.steps],
    }


def write_run(
    outcome: Outcome, target: Path, command: str, finish: Callable[[Run], None] | None = None
) -> Run:
    """Write a run folder.

    Parameters
    ----------
    outcome : Outcome
        What the run gave.
    target : Path
        Folder to make; must not be there, or be empty.
    command : str
        Command line, for the manifest.
    finish : callable or None
        Called with the run, still in its scratch folder, to add to it (a report, say); when it
        fails, nothing appears.

    Returns
    -------
    Run
        The run in its place.

    Raises
    ------
    UsageError
        When the target is there and not empty.
    FailedError
        When the folder cannot be written.
    """
    try:
        with whole_folder(target, require_free) as folder:
            manifest = _fill(folder, outcome, command)
            if finish is not None:
                finish(Run(folder, manifest, outcome.tables))
    except OSError as failure:
        raise cannot_write(target, failure) from failure
    return Run(target, manifest, outcome.tables)


def _fill(folder: Path, outcome: Outcome, command: str) -> dict[str, Any]:
    """Write the tables, the inputs and the manifest; gives the manifest."""
    (folder / TABLES).mkdir()
    (folder / INPUTS).mkdir()
    write_tables(outcome.tables, folder / TABLES)
    for name in outcome.inputs:
        shutil.copyfile(outcome.request.path / name, folder / INPUTS / name)
    manifest = _manifest(outcome, command, folder)
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """Read what a run folder says of itself.

    Raises
    ------
    FailedError
        When it is no run folder, or of another format, or its manifest is damaged.
    """
    manifest = path / MANIFEST
    try:
        if not manifest.is_file() or manifest.stat().st_size > _MAX_MANIFEST:
            raise FailedError([error("not_a_run", value=str(path))])
        content = json.loads(manifest.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise FailedError([error("run_of_other_format", value=str(path))])
        _require_shape(content)
    except (OSError, ValueError, TypeError, RecursionError) as failure:
        reason = type(failure).__name__
        raise FailedError([error("damaged_run", value=str(path), reason=reason)]) from failure
    return content


def _require_shape(content: Mapping[str, Any]) -> None:
    """Refuse a manifest that lacks what the code reads, or names a file outside its folder."""
    for name, kinds in _SHAPE.items():
        if name not in content or not isinstance(content[name], kinds):
            raise TypeError(name)
    if content["as_of"] is not None:
        date.fromisoformat(content["as_of"])
    for name, digest in content["inputs"].items():
        if name != Path(name).name or not isinstance(digest, str):
            raise TypeError(name)
    for name, table in content["tables"].items():
        if name != Path(name).name or not isinstance(table, dict):
            raise TypeError(name)
        if not isinstance(table.get("sha256"), str):
            raise TypeError(name)


def read_run(path: Path) -> Run:
    """Read a run folder.

    Raises
    ------
    FailedError
        When it is no run folder, or of another format, or damaged.
    """
    content = read_manifest(path)
    names = set(content["tables"])
    try:
        tables = {n: f for n, f in read_tables(path / TABLES).items() if n in names}
    except (OSError, pa.ArrowException) as failure:
        reason = type(failure).__name__
        raise FailedError([error("damaged_run", value=str(path), reason=reason)]) from failure
    if set(tables) != names:
        missing = ", ".join(sorted(names - set(tables)))
        raise FailedError([error("damaged_run", value=str(path), reason=missing)])
    return Run(path, content, tables)


def damaged_files(path: Path, manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Files of a run whose hash is not that of its manifest: name, expected, found (or empty)."""
    found: list[tuple[str, str, str]] = []
    expected = {f"{INPUTS}/{n}": h for n, h in manifest["inputs"].items()}
    expected |= {f"{TABLES}/{n}.parquet": t["sha256"] for n, t in manifest["tables"].items()}
    for name, digest in sorted(expected.items()):
        actual = ""
        with suppress(OSError):
            actual = file_hash(path / name)
        if actual != digest:
            found.append((name, digest, actual))
    return found


def latest_run(folder: Path, study: str) -> Path | None:
    """The newest run of a study in a folder of runs, by the time in its manifest; None if none."""
    newest: tuple[str, Path] | None = None
    if not folder.is_dir():
        return None
    for entry in folder.iterdir():
        with suppress(FailedError):
            manifest = read_manifest(entry)
            stamp = (manifest["created"], entry)
            if manifest["study"] == study and (newest is None or stamp > newest):
                newest = stamp
    return None if newest is None else newest[1]


def write_text(path: Path, text: str) -> None:
    """Write a text file so that it is whole or not there.

    Raises
    ------
    FailedError
        When it cannot be written.
    """
    scratch = ""
    try:
        handle, scratch = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(scratch).chmod(0o644)
        os.replace(scratch, path)
    except OSError as failure:
        raise cannot_write(path, failure) from failure
    finally:
        if scratch and Path(scratch).exists():
            Path(scratch).unlink()
