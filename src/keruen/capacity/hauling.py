"""Which train runs over a section, behind which locomotives, on which track: read from a study.

Which locomotives pull which train stands in ``haulings``, by traction, gauge and class of line. A
section that none fits, or whose class names no permitted speed, gradient share or allowance, keeps
its typed speed, and its record then shows that speed among its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.capacity.reader import ElementReader
from keruen.model import Model

BROAD_GAUGE_MM: Final = 1500
"""From here on the resistance formulae of the 1520 mm lines hold, below it Davis."""


class Engine(NamedTuple):
    """A row of ``locomotives`` in numbers; what a cell leaves empty is nought."""

    mass_t: float
    length_m: float
    power_kw: float
    starting_effort_kn: float
    adhesion_share: float
    max_speed_km_per_h: float
    brake_effort_kn: float
    brake_power_kw: float
    efficiency_share: float
    returned_share: float
    auxiliary_kw: float
    idle_l_per_h: float


_TRAIN_COLUMNS: Final = frozenset({"units", "gross_t", "length_m", "wagons", "gauge_mm"})
_TRACK_COLUMNS: Final = frozenset(
    {
        "permitted_speed_km_per_h",
        "container_permitted_speed_km_per_h",
        "ruling_gradient_permille",
        "gradient_share",
        "running_allowance_share",
    }
)
HAULING_COLUMNS: Final = (
    frozenset(Engine._fields)
    | _TRAIN_COLUMNS
    | _TRACK_COLUMNS
    | {"locomotive", "train_type", "traction", "speed"}
)
"""Columns that a computed running time rests on, whatever their table."""


class Hauled(NamedTuple):
    """A train behind its locomotives, in numbers: all that its running depends on but the track."""

    engine: Engine
    units: int
    is_diesel: bool
    trailing_t: float
    length_m: float
    wagons: float
    is_broad: bool

    @property
    def gross_t(self) -> float:
        """Mass of the train with its locomotives, tonnes."""
        return self.trailing_t + self.units * self.engine.mass_t


class Track(NamedTuple):
    """What a train runs on: a profile, or the ruling gradient that stands in for it.

    ``profile`` holds rows of km, elevation in metres, limit in km/h and radius in metres; it is
    empty where the ruling gradient and its share of the length stand in.
    """

    length_km: float
    permitted_km_per_h: float
    ruling_permille: float
    gradient_share: float
    allowance_share: float
    profile: tuple[tuple[float, float, float, float], ...] = ()

    @property
    def steepest_permille(self) -> float:
        """The steepest gradient, up or down."""
        if not self.profile:
            return self.ruling_permille
        rows = np.array(self.profile)
        return float(np.abs(np.diff(rows[:, 1]) / np.diff(rows[:, 0])).max())


def hauling_of(model: Model, section: str) -> str | None:
    """Row of ``haulings`` that holds for a section; that of its class of line goes first.

    Returns
    -------
    str or None
        None when no row fits its traction and gauge.
    """
    known = _by_use(_Same(model["haulings"]))
    if not known:
        return None
    gauge = model.number("sections", section, "gauge_mm")
    use = (model.text("sections", section, "traction"), 0 if gauge is None else int(gauge))
    own = model.text("sections", section, "line_class")
    return known.get((*use, own)) or known.get((*use, ""))


class _Same:
    """A table that is the same when it is the same object: tables are never changed in place."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def __hash__(self) -> int:
        return id(self.frame)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.frame is self.frame


@lru_cache(maxsize=256)
def _by_use(haulings: _Same) -> Mapping[tuple[str, int, str], str]:
    """Rows of ``haulings`` by traction, gauge and class of line."""
    frame = haulings.frame
    columns = (frame[name].fillna("") for name in ("traction", "gauge_mm", "line_class"))
    return {
        (str(traction), int(gauge), str(line_class)): str(row)
        for row, traction, gauge, line_class in zip(frame.index, *columns, strict=True)
    }


def read_hauled(reader: ElementReader, hauling: str) -> Hauled:
    """Read a row of ``haulings`` with its locomotive and train."""
    engine = reader.word("locomotive", "haulings", hauling)
    train = reader.word("train_type", "haulings", hauling)

    def of_engine(column: str) -> float:
        return reader.optional(column, "locomotives", engine) or 0.0

    return Hauled(
        Engine._make(of_engine(column) for column in Engine._fields),
        units=int(reader.number("units", "haulings", hauling)),
        is_diesel=reader.word("traction", "locomotives", engine) == "diesel",
        trailing_t=reader.number("gross_t", "train_types", train),
        length_m=reader.number("length_m", "train_types", train),
        wagons=reader.number("wagons", "train_types", train),
        is_broad=float(reader.word("gauge_mm", "haulings", hauling)) >= BROAD_GAUGE_MM,
    )


def gauges_of(model: Model, train_type: str) -> frozenset[int]:
    """Gauges on which the study has a train run, as far as it says; empty where it does not."""
    table = model["haulings"]
    own = table[table["train_type"] == train_type]
    return frozenset(int(gauge) for gauge in own["gauge_mm"])


def read_track(reader: ElementReader, train_type: str | None = None) -> Track | None:
    """Read the track of a section as a train finds it.

    Parameters
    ----------
    reader : ElementReader
        Of a section.
    train_type : str or None
        Row of ``train_types``, whose class chooses the permitted speed; None for the ordinary train
        of ``haulings``.

    Returns
    -------
    Track or None
        None where its class of line names no permitted speed, gradient or allowance.
    """
    permitted = reader.optional("permitted_speed_km_per_h")
    ruling = reader.optional("ruling_gradient_permille")
    allowance = reader.optional("running_allowance_share")
    if permitted is None or ruling is None or allowance is None:
        return None
    if _is_container(reader, train_type):
        permitted = _container_speed(reader) or permitted
    profile = _read_profile(reader, permitted)
    share = 0.0 if profile else reader.optional("gradient_share")
    if share is None:
        return None
    return Track(reader.number("length_km"), permitted, ruling, share, allowance, profile)


def _container_speed(reader: ElementReader) -> float | None:
    """Speed permitted to container trains: of the section, else of its class, else None."""
    column = "container_permitted_speed_km_per_h"
    own, line_class = (
        reader.optional(column),
        reader.model.text("sections", reader.row, "line_class"),
    )
    if own is None and line_class:
        return reader.optional(column, "line_classes", line_class)
    return own


def _is_container(reader: ElementReader, train_type: str | None) -> bool:
    """Whether the speed of container trains holds for a train."""
    if train_type is None:
        hauling = hauling_of(reader.model, reader.row)
        train_type = hauling and reader.model.text("haulings", hauling, "train_type")
    return bool(train_type) and reader.model.text("train_types", str(train_type), "speed") == (
        "container"
    )


def _read_profile(
    reader: ElementReader, permitted: float
) -> tuple[tuple[float, float, float, float], ...]:
    """Points of the profile; where its limit is above the permitted speed, that one holds."""
    model, points = reader.model, []
    if model["track_profiles"].empty:
        return ()
    for row in model.rows("track_profiles", section=reader.row):
        km, elevation = (model.number("track_profiles", row, c) for c in ("km", "elevation_m"))
        slower = model.number("track_profiles", row, "limit_km_per_h")
        radius = model.number("track_profiles", row, "radius_m")
        limit = permitted if slower is None else min(slower, permitted)
        points.append((km or 0.0, elevation or 0.0, limit, np.inf if radius is None else radius))
    return tuple(sorted(points))
