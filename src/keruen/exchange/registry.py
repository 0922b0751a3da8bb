"""Formats by name: a format is a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from keruen.errors import UsageError, error
from keruen.exchange import csv_tables, excel, geopackage, gmns
from keruen.exchange.content import Content, Exporter
from keruen.exchange.placing import place_file, place_folder
from keruen.model import Model
from keruen.model.findings import closest, cut
from keruen.rail.line_capacity import Level

EXPORTERS: Final[Mapping[str, Exporter]] = MappingProxyType(
    {
        "csv": csv_tables.EXPORTER,
        "xlsx": excel.EXPORTER,
        "gpkg": geopackage.EXPORTER,
        "gmns": gmns.EXPORTER,
    }
)
"""Exporter by the name of its format."""


def export(
    name: str,
    tables: Mapping[str, pd.DataFrame],
    model: Model,
    target: Path,
    *,
    year: int | None = None,
    level: Level | None = Level.AVAILABLE,
    about: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """Write tables or a network in a format of others.

    Parameters
    ----------
    name : str
        Format, of :data:`EXPORTERS`.
    tables : mapping of str to DataFrame
        Tables by name: results of a run, tables of a study. Networks take their capacities from
        ``capacity`` among them; without it they are computed from the model.
    model : Model
        The study: the base, or the state of a day.
    target : Path
        File or folder to make; must not be there, or be empty.
    year : int or None
        Year of a network; None for the day of the model or else the first year of the study.
    level : Level or None
        Level of the capacities of a network; None for a network without capacities.
    about : mapping of str to str or None
        What else is to be said of the tables.

    Returns
    -------
    tuple of Path
        Files written, whole.

    Raises
    ------
    UsageError
        For an unknown format, a target that is there already or has a wrong suffix, no tables, or
        a year that the results do not hold.
    FailedError
        When a package is missing, the study lacks what the format needs, or nothing can be written.
    """
    exporter = EXPORTERS.get(name)
    if exporter is None:
        allowed, better = ", ".join(EXPORTERS), closest(name, EXPORTERS)
        raise UsageError([error("unknown_format", value=cut(name), allowed=allowed, better=better)])
    if year is None:
        year = model.on.year if model.on else model.settings.first_year
    content = Content(tables, model, year, level, about or {})
    if not exporter.suffix:
        return place_folder(target, lambda folder: exporter.write(content, folder))
    if target.suffix.lower() != exporter.suffix:
        raise UsageError([error("suffix_wanted", value=target.name, suffix=exporter.suffix)])
    return place_file(target, lambda file: exporter.write(content, file))
