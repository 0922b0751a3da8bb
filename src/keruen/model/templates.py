"""Begin a study: copy one of the small studies that ship with Keruen."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from keruen.errors import UsageError, error
from keruen.model import settings as settings_file
from keruen.model.findings import closest, cut
from keruen.model.folder import new_folder
from keruen.model.package import FILE as DESCRIPTOR
from keruen.model.package import write_descriptor

SMALLEST: Final = "smallest"
"""Template taken when none is asked for."""


@cache
def _home() -> Traversable:
    return files("keruen") / "templates"


def list_templates() -> tuple[str, ...]:
    """Names of the templates, in order.

    >>> "rail-line" in list_templates()
    True
    """
    folders = (entry for entry in _home().iterdir() if entry.is_dir())
    return tuple(
        sorted(folder.name for folder in folders if (folder / settings_file.FILE).is_file())
    )


def new_study(path: Path, template: str | None = None) -> tuple[str, ...]:
    """Write a small runnable study to a folder that is not there yet or empty.

    The folder appears whole or not at all. Where its name can be the name of a study, the study is
    called by it.

    Parameters
    ----------
    path : Path
        Folder to make.
    template : str or None
        One of :func:`list_templates`; None for the smallest study that runs.

    Returns
    -------
    tuple of str
        Names of the files written.

    Raises
    ------
    UsageError
        ``unknown_template``, ``folder_not_empty`` or ``not_a_folder``.
    FailedError
        When the system refuses.
    """
    name = SMALLEST if template is None else template
    known = list_templates()
    if name not in known:
        params = {"value": cut(name), "known": ", ".join(known), "better": closest(name, known)}
        raise UsageError([error("unknown_template", **params)])
    contents = {
        entry.name: entry.read_bytes() for entry in (_home() / name).iterdir() if entry.is_file()
    }
    contents[settings_file.FILE] = _named(contents[settings_file.FILE], path)
    with new_folder(path) as folder:
        for file, content in contents.items():
            (folder / file).write_bytes(content)
        write_descriptor(folder)
    return tuple(sorted({*contents, DESCRIPTOR}))


def _named(settings: bytes, path: Path) -> bytes:
    """``study.yaml`` with the name of the folder as that of the study, if it can be one."""
    name = settings_file.study_name_of(path)
    if name is None:
        return settings
    return re.sub(rb"^name: .*$", b"name: " + name.encode(), settings, count=1, flags=re.MULTILINE)
