"""Folders of studies, which appear whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keruen.errors import FailedError, UsageError, error
from keruen.folders import whole_folder


def _require_free(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise UsageError([error("not_a_folder", value=str(path))])
    if path.is_dir() and any(path.iterdir()):
        raise UsageError([error("folder_not_empty", value=str(path))])


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Make a folder of a study: it is filled elsewhere, and gets its own name at the end.

    Parameters
    ----------
    path : Path
        The folder: not there yet, or empty. Folders above it are made when they are missing.

    Yields
    ------
    Path
        The folder to fill. It is gone when filling fails.

    Raises
    ------
    UsageError
        When the path is taken.
    FailedError
        When the system refuses.
    """
    try:
        with whole_folder(path, _require_free) as folder:
            yield folder
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or type(failure).__name__
        raise FailedError([error("system_refused", path=str(path), reason=reason)]) from failure
