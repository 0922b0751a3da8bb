"""Which study is meant: a path, or the name of a study that ships with Keruen."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from keruen.cli.usage import nearest, wrong_usage
from keruen.errors import KeruenError, UsageError

BUNDLED: Final = Path(__file__).parents[1] / "studies"
TEMPLATES: Final = Path(__file__).parents[1] / "templates"
_SETTINGS: Final = "study.yaml"
_MANIFEST: Final = "manifest.json"
_MAX_SETTINGS: Final = 1 << 18
_NAME: Final = re.compile(
    r"""^name:[ \t]*(['"]?)([a-z][a-z0-9_]*)\1[ \t]*(?:#.*)?$""", re.MULTILINE | re.ASCII
)
"""The line of ``study.yaml`` that names the study; it stands there even where others are wrong."""


def bundled_studies(folder: Path = BUNDLED) -> tuple[str, ...]:
    """Names of the studies that ship with Keruen."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/study.yaml")))


def bundled_templates(folder: Path = TEMPLATES) -> tuple[str, ...]:
    """Names of the templates for a new study, as :func:`keruen.model.templates.list_templates`."""
    return bundled_studies(folder)


def find_study(text: str, bundled: Path = BUNDLED) -> Path:
    """Find the folder that a STUDY argument means.

    What holds a path separator or exists is a path; anything else names a bundled study. A word
    that is both, the name of a bundled study and that of a folder here, is refused: whichever were
    taken, somebody would get figures of the other.

    Parameters
    ----------
    text : str
        The argument.
    bundled : Path
        Folder of the bundled studies.

    Raises
    ------
    UsageError
        ``unknown_study``, with the nearest bundled name, ``ambiguous_study`` or ``no_such_path``.
    """
    path = Path(text)
    known = bundled_studies(bundled)
    try:
        if text in known:
            if path.is_dir() and not path.samefile(bundled / text):
                paths = {"own": as_path(text), "bundled": str(bundled / text)}
                raise wrong_usage("ambiguous_study", value=text, **paths)
            return bundled / text
        if text and path.exists():
            return path
    except (OSError, ValueError):
        raise wrong_usage("no_such_path", value=text) from None
    if not is_word(text):
        raise wrong_usage("no_such_path", value=text)
    raise wrong_usage(
        "unknown_study", value=text, known=", ".join(known), better=nearest(text, known)
    )


def is_word(text: str) -> bool:
    """Whether an argument has no path separator, so that it may name a bundled study.

    >>> is_word("kazakhstan"), is_word("./kazakhstan")
    (True, False)
    """
    return not any(separator in text for separator in {os.sep, os.altsep or os.sep, "/"})


def as_path(word: str) -> str:
    """A word written so that it can only be a path."""
    return f".{os.sep}{word}"


def refuse_bundled_name(text: str, bundled: Path = BUNDLED) -> None:
    """Refuse a word for a new folder that commands would take for a bundled study.

    Raises
    ------
    UsageError
        ``name_of_bundled``.
    """
    if text in bundled_studies(bundled):
        raise wrong_usage("name_of_bundled", value=text, own=as_path(text))


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
    return (path / _MANIFEST).is_file()


def study_name(text: str) -> str:
    """Name by which answers call the study of an argument that means a study or a run.

    It is the name that ``study.yaml`` or the run gives it; where that cannot be read, the last part
    of the path.

    >>> study_name("corridors/kazakhstan/")
    'kazakhstan'
    """
    try:
        folder = find_study(text)
        return (run_study(text) if is_run(folder) else _name_in(folder)) or folder.resolve().name
    except UsageError:
        pass
    except (OSError, ValueError, RuntimeError):
        return text
    try:
        return Path(text).resolve().name
    except (OSError, ValueError, RuntimeError):
        return text


def run_study(text: str) -> str | None:
    """Name of the study that a run was made of; None where it cannot be read."""
    try:
        folder = find_run(text)
        if not is_run(folder):
            return None
        from keruen.study.store import read_manifest

        return str(read_manifest(folder)["study"])
    except (KeruenError, OSError, ValueError):
        return None


def _name_in(folder: Path) -> str:
    """Name that ``study.yaml`` gives a study; empty where there is none to be read."""
    file = folder / _SETTINGS
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        text = stream.read(_MAX_SETTINGS).decode("utf-8-sig", errors="replace")
    found = _NAME.search(text.replace("\r\n", "\n"))
    return found[2] if found else ""
