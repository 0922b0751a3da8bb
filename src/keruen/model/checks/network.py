"""The network hangs together: ends, attributes, lengths, gauges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.errors import Problem, Severity
from keruen.model.draft import Draft

EARTH_RADIUS_KM: Final = 6371.0088
RAIL_ATTRIBUTES: Final = (
    "tracks",
    "gauge_mm",
    "signalling",
    "traction",
    "line_class",
    "traffic_class",
)
ENDS: Final = ("from_node", "to_node")
_NODE_USERS: Final = {
    "sections": ENDS,
    "vessel_lines": ENDS,
    "border_crossings": ENDS,
    "services": ENDS,
    "terminals": ("node",),
    "station_tracks": ("node",),
    "plants": ("node",),
}


def great_circle_km(
    lat_a: NDArray[np.float64],
    lon_a: NDArray[np.float64],
    lat_b: NDArray[np.float64],
    lon_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great-circle distance by the haversine formula on a sphere of mean Earth radius.

    Parameters
    ----------
    lat_a, lon_a, lat_b, lon_b : ndarray
        Degrees, all of one shape.

    Returns
    -------
    ndarray
        Kilometres, of that shape.

    Examples
    --------
    >>> pole_to_pole = great_circle_km(*map(np.array, ([90.0], [0.0], [-90.0], [0.0])))
    >>> bool(abs(pole_to_pole[0] - 20015.1) < 0.1)
    True
    """
    a, b = np.radians(lat_a), np.radians(lat_b)
    half_lat, half_lon = (b - a) / 2, np.radians(lon_b - lon_a) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(a) * np.cos(b) * np.sin(half_lon) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(chord))))


def _straight_km(draft: Draft, name: str) -> NDArray[np.float64]:
    """Straight distance between the ends of each row, NaN where a coordinate is missing."""
    places = draft.unique("coordinates")[["lat_deg", "lon_deg"]]
    starts, ends = (places.reindex(draft.frame(name)[end]).to_numpy(np.float64) for end in ENDS)
    return great_circle_km(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])


def loops_to_self(draft: Draft) -> list[Problem]:
    """A section or line does not end where it starts."""
    problems: list[Problem] = []
    for name in ("sections", "vessel_lines", "border_crossings"):
        frame = draft.frame(name)
        same = (frame["from_node"] == frame["to_node"]) & (frame["from_node"] != "")
        problems += draft[name].place("ends_where_it_starts", same, "to_node")
    return problems


def rail_without_attributes(draft: Draft) -> list[Problem]:
    """A railway section says its tracks, gauge, signalling, traction and classes."""
    reading = draft["sections"]
    rail = np.asarray(reading.frame["mode"] == "rail", dtype=bool)
    problems: list[Problem] = []
    for column in RAIL_ATTRIBUTES:
        problems += reading.place("rail_needs", rail & ~reading.filled(column), column)
    return problems


class _Lengths(NamedTuple):
    """Length and straight distance of every row, km."""

    length: NDArray[np.float64]
    straight: NDArray[np.float64]

    def params(self, position: int) -> Mapping[str, object]:
        """What a problem tells of one row."""
        straight = round(float(self.straight[position]), 1)
        return {"value": float(self.length[position]), "straight": straight}


def shorter_than_straight(draft: Draft) -> list[Problem]:
    """Nothing is shorter than the straight line; a little less is a doubtful coordinate."""
    problems: list[Problem] = []
    for name in ("sections", "vessel_lines"):
        reading = draft[name]
        straight = _straight_km(draft, name)
        length = reading.frame["length_km"].to_numpy(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            short = (length < 0.97 * straight) & (straight > 3.0)
            winding = (length > 3.0 * straight) & (straight > 50.0) & (length < 5000.0)
        for code, mask in (
            ("shorter_than_straight", short),
            ("much_longer_than_straight", winding),
        ):
            lengths = _Lengths(length, straight)
            problems += reading.tell(
                code, np.flatnonzero(mask), "length_km", lengths.params, Severity.WARNING
            )
    return problems


def gauge_breaks(draft: Draft) -> list[Problem]:
    """Where gauges meet there is a terminal that changes gauge."""
    frame = draft.frame("sections")
    rail = frame[(frame["mode"] == "rail") & frame["gauge_mm"].notna()]
    touching = pd.concat(
        [rail[[end, "gauge_mm"]].set_axis(["node", "gauge_mm"], axis=1) for end in ENDS]
    )
    gauges = touching[touching["node"] != ""].groupby("node")["gauge_mm"].nunique()
    terminals = draft.frame("terminals")
    changing = terminals.loc[terminals["kind"] == "transloading", "node"]
    reading = draft["nodes"]
    broken = reading.frame["id"].isin(gauges.index[gauges > 1].difference(pd.Index(changing)))
    ids = reading.frame["id"].to_numpy(dtype=object)
    return reading.tell(
        "gauge_break_without_terminal",
        np.flatnonzero(broken),
        "id",
        lambda p: {"node": ids[p]},
        Severity.WARNING,
    )


def _used_nodes(draft: Draft) -> pd.Index[Any]:
    columns = [draft.frame(name)[column] for name, ends in _NODE_USERS.items() for column in ends]
    used: pd.Index[Any] = pd.Index(pd.concat(columns).unique())
    return used


def dangling_nodes(draft: Draft) -> list[Problem]:
    """A node that nothing touches is a slip of the pen or a leftover."""
    if not draft["sections"].has_keys:
        return []
    reading = draft["nodes"]
    lonely = ~reading.frame["id"].isin(_used_nodes(draft)) & (reading.frame["id"] != "")
    return reading.place("dangling_node", lonely, "id", Severity.WARNING)


def missing_coordinates(draft: Draft) -> list[Problem]:
    """A node without a coordinate cannot be drawn."""
    if draft.frame("coordinates").empty:
        return []
    reading = draft["nodes"]
    ids = reading.frame["id"]
    lost = ~ids.isin(draft.frame("coordinates")["node"]) & (ids != "")
    return reading.place("missing_coordinate", lost, "id", Severity.WARNING)
