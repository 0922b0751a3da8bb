"""Where the trace of an internal error goes: a log file of the user's, never the terminal."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from keruen import __version__

KEPT: Final = 20
"""Log files kept; older ones are removed."""


def log_folders() -> Iterator[Path]:
    """Folders to try for logs: the platform's place for a user's state, then a temporary one."""
    home = Path("~").expanduser()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        yield (Path(local) if local else home / "AppData" / "Local") / "keruen" / "logs"
    elif sys.platform == "darwin":
        yield home / "Library" / "Logs" / "keruen"
    else:
        state = os.environ.get("XDG_STATE_HOME")
        yield (Path(state) if state else home / ".local" / "state") / "keruen"
    yield Path(tempfile.gettempdir())


def write_trace(failure: BaseException, arguments: tuple[str, ...]) -> Path | None:
    """Write the trace of an internal error to a new log file.

    Parameters
    ----------
    failure : BaseException
        What was raised.
    arguments : tuple of str
        Arguments of the command line.

    Returns
    -------
    Path or None
        The file, None when no folder can be written.
    """
    text = "\n".join(
        (
            f"keruen {__version__}",
            f"python {platform.python_version()} on {platform.platform()}",
            f"arguments {arguments!r}",
            "",
            "".join(traceback.format_exception(failure)),
        )
    )
    moment = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    for folder in log_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, prefix=f"keruen-{moment}-", suffix=".log")
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            _remove_oldest(folder)
        except (OSError, RuntimeError):
            continue
        return Path(name)
    return None


def _remove_oldest(folder: Path) -> None:
    logs = sorted(folder.glob("keruen-*.log"))
    for log in logs[:-KEPT]:
        log.unlink(missing_ok=True)
