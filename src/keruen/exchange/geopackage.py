"""The network as a GeoPackage: layers of places and lines with capacities, for maps."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pandas as pd

from keruen.errors import FailedError, error
from keruen.exchange.content import Content, Exporter, extra_missing, facts, notices, title
from keruen.exchange.elements import (
    capacities,
    capacity_columns,
    line_names,
    line_wkt,
    located,
    model_of_day,
    with_classes,
)
from keruen.model import Model

CRS: Final = "EPSG:4326"
_CHANGED: Final = "1980-01-01T00:00:00.000Z"


def _geopandas() -> ModuleType:
    try:
        import geopandas  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise extra_missing("geo", "geopandas") from missing
    module: ModuleType = geopandas
    return module


def _nodes(model: Model) -> tuple[pd.DataFrame, list[str | None]]:
    frame = model["nodes"].copy()
    owned = model["coordinates"].set_index("node").reindex(frame.index)
    for column in ("lat_deg", "lon_deg", "licence", "source", "confidence"):
        name = column if column.endswith("_deg") else f"coordinate_{column}"
        frame[name] = owned[column]
    return frame, _points(located(model), frame.index)


def _points(places: pd.DataFrame, nodes: pd.Index | pd.Series[Any]) -> list[str | None]:
    """Well-known text of each node; None where it is not located."""
    chosen = places.reindex(nodes)
    known = chosen.notna().all(axis=1)
    pairs = zip(known, chosen["lon_deg"].tolist(), chosen["lat_deg"].tolist(), strict=True)
    return [f"POINT ({lon!r} {lat!r})" if there else None for there, lon, lat in pairs]


def _lines(model: Model, frame: pd.DataFrame) -> list[str | None]:
    places = located(model)
    ends = zip(frame["from_node"], frame["to_node"], strict=True)
    return [line_wkt(places, str(start), str(end)) for start, end in ends]


def layers(content: Content) -> dict[str, tuple[pd.DataFrame, list[str | None]]]:
    """Attributes and geometries of every layer.

    Parameters
    ----------
    content : Content
        What is exported, its model of a day.

    Returns
    -------
    dict
        ``nodes``, ``sections``, ``vessel_lines`` and ``terminals``: attributes, one row a feature,
        and well-known text in degrees, None for what is not located. Lines are straight. Empty
        cells of sections hold what their classes say.

    Raises
    ------
    UsageError, FailedError
        As :func:`keruen.exchange.elements.capacities`.
    """
    model = content.model
    found = capacities(content, model)
    sections = with_classes(model, "sections")
    sections.insert(2, "line_name_en", line_names(model, sections))
    vessels = model["vessel_lines"].copy()
    joined = {
        name: frame if content.level is None else frame.join(capacity_columns(content, found, name))
        for name, frame in (("sections", sections), ("vessel_lines", vessels))
    }
    terminals = model["terminals"].copy()
    return {
        "nodes": _nodes(model),
        "sections": (joined["sections"], _lines(model, sections)),
        "vessel_lines": (joined["vessel_lines"], _lines(model, vessels)),
        "terminals": (terminals, _points(located(model), terminals["node"])),
    }


def _write_layer(
    file: Path,
    layer: tuple[str, pd.DataFrame, list[str | None]],
    said: Mapping[str, str],
    description: str,
) -> None:
    geopandas = _geopandas()
    name, frame, texts = layer
    plain = frame.reset_index(drop=True)
    for column in plain.columns:
        if not pd.api.types.is_numeric_dtype(plain[column]) and not (
            pd.api.types.is_datetime64_any_dtype(plain[column])
        ):
            cells = plain[column].astype(object)
            plain[column] = cells.where(cells.notna() & (cells != ""), None)
    shapes = geopandas.GeoSeries.from_wkt(texts, crs=CRS)
    features = geopandas.GeoDataFrame(plain, geometry=shapes, crs=CRS)
    features.to_file(
        file,
        layer=name,
        driver="GPKG",
        engine="pyogrio",
        geometry_type="Point" if name in {"nodes", "terminals"} else "LineString",
        # Of the layers only: what is said of the whole makes readers leave a file beside it.
        layer_metadata=dict(said),
        IDENTIFIER=name,
        DESCRIPTION=description,
    )


def _settle(file: Path) -> None:
    """Take the hour out of the file, so that the same network gives the same bytes."""
    with closing(sqlite3.connect(file)) as base:
        with base:
            base.execute("UPDATE gpkg_contents SET last_change = ?", (_CHANGED,))
            base.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (_CHANGED,))
        base.execute("VACUUM")


def write_geopackage(content: Content, file: Path) -> None:
    """Write the network of a year with the capacities of a level.

    Raises
    ------
    UsageError
        When the results do not hold the year.
    FailedError
        When geopandas is not installed, the study lacks a number that a capacity needs, or the
        file cannot be written.
    """
    _geopandas()
    content = replace(content, model=model_of_day(content))
    said = facts(content)
    owed = "; ".join(notices(content.model))
    description = ". ".join(part for part in (title(content), owed) if part)
    try:
        for name, (frame, texts) in layers(content).items():
            _write_layer(file, (name, frame, texts), said, description)
        _settle(file)
    except (RuntimeError, sqlite3.Error) as failure:
        raise FailedError(
            [error("cannot_write", value=file.name, reason=str(failure))]
        ) from failure


EXPORTER: Final = Exporter(write_geopackage, ".gpkg")
