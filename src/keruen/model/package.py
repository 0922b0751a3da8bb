"""``datapackage.json``: the Frictionless descriptor that lets other tools read a study."""

from __future__ import annotations

import csv
import json
import os
import secrets
from pathlib import Path
from typing import Final

from keruen.errors import FailedError, StudyError, error
from keruen.model import settings as settings_file
from keruen.model.files import decode, read_bytes
from keruen.model.settings import parse_settings
from keruen.schema import load_schema
from keruen.schema.descriptors import Json, data_package

FILE: Final = "datapackage.json"


def _text(folder: Path, name: str) -> str:
    raw, problems = read_bytes(folder, name)
    if raw is None:
        raise FailedError(problems)
    return decode(raw, name)[0]


def describe_study(folder: Path) -> Json:
    """Descriptor of a study, from the tables that it has and the columns that they have.

    Raises
    ------
    StudyError
        When ``study.yaml`` has errors.
    FailedError
        When a file cannot be read.
    """
    settings, problems = parse_settings(_text(folder, settings_file.FILE))
    if settings is None:
        raise StudyError(problems)
    headers = {
        name: next(csv.reader(_text(folder, table.file).splitlines()[:1]), [])
        for name, table in load_schema().tables.items()
        if (folder / table.file).is_file()
    }
    title = settings.title.get("en", "")
    return data_package(settings.name, title, settings.licence, headers)


def descriptor_json(folder: Path) -> str:
    """Text of ``datapackage.json`` for a study."""
    return json.dumps(describe_study(folder), ensure_ascii=False, indent=1) + "\n"


def write_descriptor(folder: Path) -> None:
    """Write ``datapackage.json`` into the folder of a study, in one step.

    Raises
    ------
    StudyError
        When ``study.yaml`` has errors.
    FailedError
        When the system refuses.
    """
    text = descriptor_json(folder)
    temporary = folder / f".{FILE}.{secrets.token_hex(6)}"
    try:
        try:
            temporary.write_text(text, encoding="utf-8", newline="\n")
            os.replace(temporary, folder / FILE)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise FailedError([error("system_refused", path=FILE, reason=reason)]) from failure
