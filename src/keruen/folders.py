"""Folders of the user that the program may fill and anyone may empty."""

from __future__ import annotations

import os
import sys
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
