"""What is exported, and what every format has to say about it: facts, credits, sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pandas as pd

import keruen
from keruen.errors import FailedError, error
from keruen.model import Model
from keruen.rail.line_capacity import Level

OSM_NOTICE: Final = "© OpenStreetMap contributors"
"""Notice that the Open Database License asks for where OpenStreetMap's coordinates are shown."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything an exporter may look at.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Result tables of a run, tables of a study, or both, by name.
    model : Model
        The study; of a day, or the base.
    year : int
        Year that networks stand for: its 1 July, unless the model is that of a day.
    level : Level or None
        Level of the capacities joined to networks; None for networks without capacities.
    about : mapping of str to str
        What else is to be said of the tables: run, command, code, scenario.
    """

    tables: Mapping[str, pd.DataFrame]
    model: Model
    year: int
    level: Level | None = Level.AVAILABLE
    about: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Exporter(NamedTuple):
    """A format.

    Parameters
    ----------
    write : callable
        Writes the content into an empty folder, or as a file that is not there yet.
    suffix : str
        Suffix of the file it writes; empty when it fills a folder.
    """

    write: Callable[[Content, Path], None]
    suffix: str = ""


def extra_missing(extra: str, package: str) -> FailedError:
    """The error of a format whose package is not installed.

    >>> extra_missing("excel", "xlsxwriter").problems[0].params["command"]
    'pip install "keruen[excel]"'
    """
    command = f'pip install "keruen[{extra}]"'
    return FailedError([error("extra_missing", extra=extra, package=package, command=command)])


def title(content: Content) -> str:
    """Title of the study in English, or in the first language that has one."""
    titles = content.model.settings.title
    return titles.get("en") or next(iter(titles.values()))


def facts(content: Content) -> dict[str, str]:
    """What the export is of, by name: study, titles, scenario, day, money, licence, program.

    Names are those of ``study.yaml`` where it says the thing; empty values are left out.
    """
    model, settings = content.model, content.model.settings
    said = {
        "study": settings.name,
        **{f"title_{language}": text for language, text in settings.title.items()},
        **{f"description_{language}": text for language, text in settings.description.items()},
        "licence": settings.licence,
        "notices": "; ".join(notices(model)),
        "scenario": model.scenario or "",
        "base_date": settings.base_date.isoformat(),
        "date": model.on.isoformat() if model.on else "",
        "currency": settings.currency,
        "price_year": str(settings.price_year),
        "keruen": keruen.__version__,
        **content.about,
    }
    return {name: text for name, text in said.items() if text}


def notices(model: Model) -> tuple[str, ...]:
    """Whom the coordinates are owed to: one line a licence, with its publishers.

    Returns
    -------
    tuple of str
        OpenStreetMap's notice first where a coordinate is under the Open Database License.
    """
    coordinates = model["coordinates"]
    publishers = coordinates["source"].map(model["sources"]["publisher"])
    names = publishers.where(publishers.notna() & (publishers != ""), coordinates["source"])
    lines = [
        f"{licence}: {', '.join(sorted(set(own.astype(str))))}"
        for licence, own in names.groupby(coordinates["licence"])
    ]
    if coordinates["licence"].str.contains("ODbL", regex=False).any():
        lines.insert(0, OSM_NOTICE)
    return tuple(lines)
