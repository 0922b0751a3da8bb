"""``datapackage.json``: what the files of a folder hold, for programs that read Frictionless."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from keruen.exchange.cells import CellKind, description_of, unit_of
from keruen.exchange.content import Content, facts, notices, title
from keruen.schema import load_schema

FILE: Final = "datapackage.json"
_LICENCE: Final = re.compile(r"(?<![\w-])(?:CC0|CC-BY(?:-[A-Z]{2})*|ODbL|ODC-By|PDDL)-[0-9]\.[0-9]")
_WEB: Final = re.compile(r"https?://[^\s<>\"']{1,2000}")


def resource(table: str, file: str, columns: Mapping[str, CellKind]) -> dict[str, Any]:
    """Describe one CSV file.

    Parameters
    ----------
    table : str
        Name of the table; the schema's descriptions, units and key are taken if it knows it.
    file : str
        Name of the file.
    columns : mapping of str to CellKind
        Columns in order.
    """
    fields = [_field(table, column, kind) for column, kind in columns.items()]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    known = load_schema()
    if table in known and set(known[table].key) <= set(columns):
        schema["primaryKey"] = list(known[table].key)
    described = {
        "name": file.removesuffix(".csv").lower(),
        "title": table,
        "description": description_of(table),
        "path": file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
    return {**{key: text for key, text in described.items() if text}, "schema": schema}


def _field(table: str, column: str, kind: CellKind) -> dict[str, str]:
    said = {
        "name": column,
        "type": kind.value,
        "description": description_of(table, column),
        "unit": unit_of(table, column),
    }
    return {key: text for key, text in said.items() if text}


def _sources(sources: pd.DataFrame) -> list[dict[str, str]]:
    found = []
    for key, row in sources.iterrows():
        address = str(row["address"])
        said = {
            "title": str(row["title"]) or str(key),
            "path": address if _WEB.fullmatch(address) else "",
            "publisher": str(row["publisher"]),
            "licence": str(row["licence"]),
            "source": str(key),
        }
        found.append({name: text for name, text in said.items() if text})
    return found


def _licences(content: Content) -> list[str]:
    """Identifiers of the free licences that the study and its coordinates name."""
    coordinates = content.model["coordinates"]["licence"].drop_duplicates().astype(str)
    texts = [content.model.settings.licence, *coordinates]
    return sorted({name for text in texts for name in _LICENCE.findall(text)})


def write_descriptor(
    folder: Path, content: Content, resources: Iterable[Mapping[str, Any]]
) -> None:
    """Write ``datapackage.json`` with resources, licences, credits and sources.

    Parameters
    ----------
    folder : Path
        Folder of the files.
    content : Content
        What was exported.
    resources : iterable of mapping
        Of :func:`resource`.
    """
    model, settings = content.model, content.model.settings
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": settings.name,
        "title": title(content),
        "licenses": [{"name": name} for name in _licences(content)],
        "attribution": list(notices(model)),
        "sources": _sources(model["sources"]),
        "facts": facts(content),
        "resources": list(resources),
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
