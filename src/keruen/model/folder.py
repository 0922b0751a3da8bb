"""Folders that appear whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keruen.errors import FailedError, UsageError, error


def _require_free(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise UsageError([error("not_a_folder", value=str(path))])
    if path.is_dir() and any(path.iterdir()):
        raise UsageError([error("folder_not_empty", value=str(path))])


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Fill a folder under another name beside it, and give it its own name at the end.

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
        _require_free(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.parent / f".{path.name[:80]}.{secrets.token_hex(6)}"
        temporary.mkdir()
        try:
            yield temporary
            _require_free(path)
            if path.is_dir():
                path.rmdir()
            temporary.rename(path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or type(failure).__name__
        raise FailedError([error("system_refused", path=str(path), reason=reason)]) from failure
