"""The network of a year with the capacity of its elements: what maps and network formats show."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from keruen.capacity import Capacities, capacity
from keruen.errors import UsageError, error
from keruen.exchange.content import Content
from keruen.model import Model
from keruen.schema import load_schema

DIRECTIONS: Final = ("forward", "backward")
MEASURES: Final = (
    "native_per_year",
    "trains_per_day",
    "gross_trains_per_day",
    "t_per_year",
    "teu_per_year",
)
"""Columns of capacities that are numbers."""
_COLUMNS: Final = ("kind", "id", "direction", "native_unit", "limit", *MEASURES)


def model_of_day(content: Content) -> Model:
    """The model whose network is shown: of the day given, or of 1 July of the year.

    Raises
    ------
    FailedError
        When changes do not fit each other.
    """
    return content.model if content.model.on else content.model.in_year(content.year)


def with_classes(model: Model, table: str) -> pd.DataFrame:
    """A table whose empty cells hold what the row's class says, as the engines see them.

    Parameters
    ----------
    model : Model
        The model.
    table : str
        Table, ``sections`` say.

    Returns
    -------
    DataFrame
        A copy.
    """
    frame = model[table].copy()
    declared = load_schema()[table].columns
    for name, column in declared.items():
        classes = declared[column.inherits].references if column.inherits else ""
        if not classes or name not in model[classes].columns:
            continue
        inherited = frame[column.inherits].map(model[classes][name])
        own = frame[name].notna() & (frame[name] != "")
        frame[name] = frame[name].where(own, inherited.astype(frame[name].dtype))
    return frame


def _of_results(content: Content) -> pd.DataFrame:
    results = content.tables["capacity"]
    own = results[results["year"] == content.year]
    if own.empty:
        years = results["year"].dropna()
        first, last = (int(years.min()), int(years.max())) if len(years) else (0, 0)
        raise UsageError([error("year_not_in_results", value=content.year, first=first, last=last)])
    return own


def capacities(content: Content, model: Model) -> pd.DataFrame:
    """Capacities of one year and level, from the results if they are there, else computed.

    Parameters
    ----------
    content : Content
        What is exported.
    model : Model
        Of the day.

    Returns
    -------
    DataFrame
        One row an element and direction; ``both`` is told for either. Without a level, no rows.

    Raises
    ------
    UsageError
        When the results do not hold the year.
    FailedError
        When the study lacks a number that a capacity needs.
    """
    if content.level is None:
        return pd.DataFrame(columns=list(_COLUMNS))
    if "capacity" in content.tables:
        found = _of_results(content)
    else:
        found = pd.DataFrame([record._asdict() for record in capacity(Capacities(model))])
    found = found[found["level"] == content.level.value][list(_COLUMNS)].copy()
    for measure in MEASURES:
        found[measure] = pd.to_numeric(found[measure]).astype(np.float64)
    both = found["direction"] == "both"
    either = [found[both].assign(direction=direction) for direction in DIRECTIONS]
    return pd.concat([found[~both], *either], ignore_index=True)


def by_direction(found: pd.DataFrame, kind: str, direction: str) -> pd.DataFrame:
    """Capacities of the elements of a table in one direction, indexed by id."""
    own = found[(found["kind"] == kind) & (found["direction"] == direction)]
    return own.set_index("id")


def capacity_columns(content: Content, found: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Capacities of the elements of a table side by side, indexed by id.

    Parameters
    ----------
    content : Content
        What is exported.
    found : DataFrame
        Of :func:`capacities`.
    kind : str
        Table of the elements.

    Returns
    -------
    DataFrame
        For each measure ``capacity_MEASURE``, the lesser of the directions, and one column for
        each direction; ``capacity_limit``, ``capacity_level``, ``capacity_year``.
    """
    sides = {direction: by_direction(found, kind, direction) for direction in DIRECTIONS}
    ids = sides["forward"].index.union(sides["backward"].index, sort=False)
    columns: dict[str, Any] = {}
    for measure in MEASURES[1:]:
        each = {d: side[measure].reindex(ids) for d, side in sides.items()}
        columns[f"capacity_{measure}"] = pd.concat(each, axis=1).min(axis=1)
        columns |= {f"capacity_{measure}_{d}": values for d, values in each.items()}
    limits = [side["limit"].reindex(ids).fillna("") for side in sides.values()]
    pairs = zip(*limits, strict=True)
    columns["capacity_limit"] = [" / ".join(dict.fromkeys(filter(None, pair))) for pair in pairs]
    columns["capacity_level"] = content.level.value if content.level else ""
    columns["capacity_year"] = content.year
    return pd.DataFrame(columns, index=ids)


def located(model: Model) -> pd.DataFrame:
    """Longitude and latitude in degrees of every node, NaN where unknown, indexed by node."""
    coordinates = model["coordinates"].set_index("node")[["lon_deg", "lat_deg"]]
    return coordinates.reindex(model["nodes"].index).astype(np.float64)


def line_wkt(places: pd.DataFrame, start: str, end: str) -> str | None:
    """Straight line between two nodes as well-known text; None where an end is not located.

    >>> places = pd.DataFrame({"lon_deg": [82.5, 51.2], "lat_deg": [45.25, 43.6]}, ["a", "b"])
    >>> line_wkt(places, "a", "b")
    'LINESTRING (82.5 45.25, 51.2 43.6)'
    """
    ends = places.loc[[start, end], ["lon_deg", "lat_deg"]].to_numpy(dtype=np.float64)
    if np.isnan(ends).any():
        return None
    return f"LINESTRING ({', '.join(f'{lon!r} {lat!r}' for lon, lat in ends.tolist())})"


def line_names(model: Model, frame: pd.DataFrame) -> pd.Series[Any]:
    """English name of the line that each section belongs to; empty text where it has none."""
    return frame["line"].map(model["lines"]["name_en"]).fillna("")
