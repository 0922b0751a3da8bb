"""An imported railway as a study folder."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Final

from keruen.errors import StudyError
from keruen.exchange.railjson.reading import SOURCE, Imported
from keruen.model import read_study, write_descriptor
from keruen.model.folder import new_folder
from keruen.model.package import FILE as DESCRIPTOR
from keruen.model.settings import FILE as SETTINGS
from keruen.model.settings import Settings, study_name_of
from keruen.model.write import settings_yaml, table_csv
from keruen.schema import load_schema

_HORIZON_YEARS: Final = 10
_SEED: Final = 1


def _settings(imported: Imported, path: Path) -> Settings:
    day = imported.options.base_date
    title = str(imported.tables["sources"].loc[0, "title"])
    return Settings(
        name=study_name_of(path) or SOURCE,
        title=MappingProxyType({"en": title}),
        description=MappingProxyType({}),
        languages=("en",),
        base_year=day.year,
        base_date=day,
        first_year=day.year,
        last_year=day.year + _HORIZON_YEARS,
        currency="USD",
        price_year=day.year,
        seed=_SEED,
        as_of=None,
        licence="",
        time_axis=MappingProxyType({}),
    )


def write_imported(imported: Imported, path: Path) -> tuple[str, ...]:
    """Write an imported railway as a study; the folder appears whole or not at all.

    Parameters
    ----------
    imported : Imported
        Of :func:`keruen.exchange.railjson.read_railjson`.
    path : Path
        Folder to make: not there yet, or empty.

    Returns
    -------
    tuple of str
        Names of the files.

    Raises
    ------
    UsageError
        When the path is taken.
    StudyError
        When the tables break a rule of studies: nothing is written.
    FailedError
        When the system refuses.
    """
    schema = load_schema()
    texts = {SETTINGS: settings_yaml(_settings(imported, path))}
    for name, table in schema.tables.items():
        frame = imported.tables.get(name)
        if frame is not None and len(frame):
            texts[table.file] = table_csv(frame, table, {})
    with new_folder(path) as folder:
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8", newline="\n")
        write_descriptor(folder)
        errors = read_study(folder).errors
        if errors:
            raise StudyError(errors)
    return (*texts, DESCRIPTOR)
