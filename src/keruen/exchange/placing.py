"""Exports appear whole or not at all, and never over something that is there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from keruen.errors import FailedError, UsageError, error

Fill = Callable[[Path], None]


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """A folder beside the target that is gone afterwards; failures become problems."""
    scratch: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".export-", dir=target.parent))
        yield scratch
    except (OSError, UnicodeEncodeError) as failure:
        told = failure.strerror if isinstance(failure, OSError) else failure.reason
        reason = told or type(failure).__name__
        raise FailedError([error("cannot_write", value=str(target), reason=reason)]) from failure
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def place_folder(target: Path, fill: Fill) -> tuple[Path, ...]:
    """Make a folder of files, which appears whole or not at all.

    Parameters
    ----------
    target : Path
        Folder or file; must not be there, or be empty.
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
    with _scratch(target) as scratch:
        if os.path.lexists(target) and (not target.is_dir() or any(target.iterdir())):
            raise UsageError([error("target_not_empty", value=str(target))])
        inside = scratch / "files"
        inside.mkdir()
        fill(inside)
        names = sorted(path.name for path in inside.iterdir())
        if target.exists():
            target.rmdir()
        inside.rename(target)
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
    with _scratch(target) as scratch:
        refuse_taken_file(target)
        inside = scratch / target.name
        fill(inside)
        os.replace(inside, target)
    return (target,)
