"""Folders of the user that anyone may empty, and folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def user_cache() -> Path | None:
    """Folder for what can be computed again; None where there is no home to put it in.

    ``XDG_CACHE_HOME`` or ``~/.cache``; ``Library/Caches`` on macOS, ``LOCALAPPDATA`` on Windows.
    """
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        root = os.environ.get("HOME") and str(Path.home() / "Library" / "Caches")
    else:
        root = os.environ.get("XDG_CACHE_HOME") or (
            os.environ.get("HOME") and str(Path.home() / ".cache")
        )
    return Path(root) / "keruen" if root else None


def is_taken(target: Path) -> bool:
    """Whether something stands in a place, other than an empty folder.

    Raises
    ------
    OSError, ValueError
        When the system does not tell.
    """
    there = target.is_symlink() or target.exists()
    return there and (not target.is_dir() or any(target.iterdir()))


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """Make a folder beside a file or folder to come, which is gone afterwards.

    Parameters
    ----------
    target : Path
        Folders above it are made when they are missing.

    Yields
    ------
    Path
        An empty folder on the same disk.

    Raises
    ------
    OSError, ValueError
        When the system refuses.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def whole_folder(target: Path, require_free: Callable[[Path], None]) -> Iterator[Path]:
    """Fill a folder elsewhere, and give it its own name at the end.

    Parameters
    ----------
    target : Path
        The folder: not there yet, or empty.
    require_free : callable
        Raises when the place is taken; asked before and after the folder is filled.

    Yields
    ------
    Path
        The folder to fill. It is gone when filling fails.

    Raises
    ------
    OSError, ValueError
        When the system refuses.
    """
    require_free(target)
    place = Path(os.path.realpath(target))
    with scratch_beside(place) as scratch:
        folder = scratch / "files"
        folder.mkdir()
        yield folder
        require_free(target)
        if place.is_dir():
            place.rmdir()
        folder.rename(place)
