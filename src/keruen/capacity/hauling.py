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
        "ruling_gradient_permille",
        "gradient_share",
        "running_allowance_share",
    }
)
HAULING_COLUMNS: Final = (
    frozenset(Engine._fields)
    | _TRAIN_COLUMNS
    | _TRACK_COLUMNS
    | {"locomotive", "train_type", "traction"}
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


def read_track(reader: ElementReader) -> Track | None:
    """Read the track of a section; None where its class names no permitted speed or gradient."""
    permitted = reader.optional("permitted_speed_km_per_h")
    ruling = reader.optional("ruling_gradient_permille")
    allowance = reader.optional("running_allowance_share")
    if permitted is None or ruling is None or allowance is None:
        return None
    profile = _read_profile(reader, permitted)
    share = 0.0 if profile else reader.optional("gradient_share")
    if share is None:
        return None
    return Track(reader.number("length_km"), permitted, ruling, share, allowance, profile)


def _read_profile(
    reader: ElementReader, permitted: float
) -> tuple[tuple[float, float, float, float], ...]:
    model, points = reader.model, []
    if model["track_profiles"].empty:
        return ()
    for row in model.rows("track_profiles", section=reader.row):
        km, elevation = (model.number("track_profiles", row, c) for c in ("km", "elevation_m"))
        slower = model.number("track_profiles", row, "limit_km_per_h")
        radius = model.number("track_profiles", row, "radius_m")
        points.append(
            (km or 0.0, elevation or 0.0, slower or permitted, np.inf if radius is None else radius)
        )
    return tuple(sorted(points))
