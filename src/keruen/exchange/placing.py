"""Exports appear whole or not at all, and never over something that is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from keruen.errors import UsageError, cannot_write, error, taken_problem
from keruen.folders import is_taken, scratch_beside, whole_folder

Fill = Callable[[Path], None]


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Turn what the system refuses into a problem."""
    try:
        yield
    except (OSError, UnicodeEncodeError) as failure:
        raise cannot_write(target, failure) from failure


def refuse_taken_folder(target: Path) -> None:
    """Refuse a place that is taken, unless by an empty folder.

    Raises
    ------
    UsageError
        ``target_not_empty``.
    """
    if is_taken(target):
        raise UsageError([taken_problem(target)])


def place_folder(target: Path, fill: Fill) -> tuple[Path, ...]:
    """Make a folder of files, which appears whole or not at all.

    Parameters
    ----------
    target : Path
        Folder, or file, to make; must not be there, or be empty.
    fill : callable
        Writes the files into the folder, or the file, it is given the name of.

    Returns
    -------
    tuple of Path
        What was made, in its place, by name.

    Raises
    ------
    UsageError
        When the target is there and not empty.
    FailedError
        When it cannot be written.
    """
    with _writing(target), whole_folder(target, refuse_taken_folder) as folder:
        fill(folder)
        names = sorted(path.name for path in folder.iterdir())
    return tuple(target / name for name in names)


def refuse_taken_file(target: Path) -> None:
    """Refuse a file that is there and not empty, before anything is computed for it.

    Raises
    ------
    UsageError
        ``target_exists``.
    """
    if os.path.lexists(target) and not (target.is_file() and target.stat().st_size == 0):
        raise UsageError([error("target_exists", value=str(target))])


def place_file(target: Path, fill: Fill) -> tuple[Path, ...]:
    """Make one file; parameters, result and errors are those of :func:`place_folder`."""
    with _writing(target), scratch_beside(target) as scratch:
        refuse_taken_file(target)
        inside = scratch / target.name
        fill(inside)
        os.replace(inside, target)
    return (target,)
