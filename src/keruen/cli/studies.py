"""Which study is meant: a path, or the name of a study that ships with Keruen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from keruen.cli.usage import nearest, wrong_usage

BUNDLED: Final = Path(__file__).parents[1] / "studies"
TEMPLATES: Final = Path(__file__).parents[1] / "templates"


def bundled_studies(folder: Path = BUNDLED) -> tuple[str, ...]:
    """Names of the studies that ship with Keruen."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/study.yaml")))


def bundled_templates(folder: Path = TEMPLATES) -> tuple[str, ...]:
    """Names of the templates for a new study, as :func:`keruen.model.templates.list_templates`."""
    return bundled_studies(folder)


def find_study(text: str, bundled: Path = BUNDLED) -> Path:
    """Find the folder that a STUDY argument means.

    What holds a path separator or exists is a path; anything else names a bundled study.

    Parameters
    ----------
    text : str
        The argument.
    bundled : Path
        Folder of the bundled studies.

    Raises
    ------
    UsageError
        ``unknown_study``, with the nearest bundled name, or ``no_such_path``.
    """
    separators = {os.sep, os.altsep or os.sep, "/"}
    path = Path(text)
    try:
        if text and path.exists():
            return path
    except (OSError, ValueError):
        raise wrong_usage("no_such_path", value=text) from None
    if any(separator in text for separator in separators):
        raise wrong_usage("no_such_path", value=text)
    known = bundled_studies(bundled)
    if text in known:
        return bundled / text
    raise wrong_usage(
        "unknown_study", value=text, known=", ".join(known), better=nearest(text, known)
    )


def find_run(text: str) -> Path:
    """Find the folder that a RUN argument means.

    Raises
    ------
    UsageError
        ``no_such_path``.
    """
    path = Path(text)
    try:
        if text and path.exists():
            return path
    except (OSError, ValueError):
        pass
    raise wrong_usage("no_such_path", value=text)


def is_run(path: Path) -> bool:
    """Whether a folder is that of a run and not that of a study."""
    from keruen.study.store import MANIFEST

    return (path / MANIFEST).is_file()


def study_name(text: str) -> str:
    """Name by which answers call the study of a STUDY argument: the last part of its path.

    >>> study_name("corridors/kazakhstan/")
    'kazakhstan'
    """
    try:
        return Path(text).resolve().name
    except (OSError, ValueError, RuntimeError):
        return text
