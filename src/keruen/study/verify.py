"""Whether a run is what it says: its files untouched, its results made again from its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from keruen.study.compare import TableDifference, compare_tables
from keruen.study.frames import KEYS
from keruen.study.identity import code_hash
from keruen.study.pipeline import Outcome, Request, no_progress, run_steps
from keruen.study.store import damaged_files, read_manifest, read_run, request_of


class DamagedFile(NamedTuple):
    """A file whose hash is not that of the manifest; ``found`` is empty where it is gone."""

    name: str
    expected: str
    found: str


class Verification(NamedTuple):
    """What verifying a run gave.

    Parameters
    ----------
    study : str
        Name of its study.
    request : Request
        What makes the run again.
    files : tuple of DamagedFile
        Files that were changed since.
    tables : mapping of str to TableDifference or None
        Results kept against results made again; None when they were not made again.
    same_code : bool
        Whether the program is the one that made the run.
    """

    study: str
    request: Request
    files: tuple[DamagedFile, ...]
    tables: Mapping[str, TableDifference] | None
    same_code: bool

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.files and all(table.same for table in (self.tables or {}).values())


def verify_run(
    path: Path,
    *,
    again: bool = False,
    progress: Callable[[str, float], None] = no_progress,
    steps: Callable[..., Outcome] = run_steps,
) -> Verification:
    """Verify a run.

    Parameters
    ----------
    path : Path
        Run folder.
    again : bool
        Whether to make the results again from the run's copy of its inputs, without any cache.
    progress : callable
        Told each step and the share done.
    steps : callable
        Makes results from a :class:`~keruen.study.pipeline.Request`.

    Returns
    -------
    Verification

    Raises
    ------
    StudyError, FailedError
        When the folder is no run, or so damaged that its results or inputs cannot be read.
    """
    manifest = read_manifest(path)
    files = tuple(DamagedFile(*found) for found in damaged_files(path, manifest))
    request, tables = request_of(path, manifest), None
    if again:
        run = read_run(path)
        made = steps(request, progress=progress)
        tables = compare_tables(run.tables, made.tables, KEYS)
    same_code = manifest["code"] == code_hash()
    return Verification(str(manifest["study"]), request, files, tables, same_code)
