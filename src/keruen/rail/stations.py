"""Trains a day that the tracks and throats of a station let through.

A track of the receiving and departure group is held for the whole stay of a train, a throat for
each of its movements; both have a day of usable minutes like a line.
"""

from __future__ import annotations

from typing import NamedTuple

from keruen.errors import require_range


class StationCapacity(NamedTuple):
    """What a station lets through, and by what.

    Parameters
    ----------
    tracks_trains_per_day : float
        Trains a day the tracks can hold, all directions together.
    throats_trains_per_day : float
        Trains a day the throats can pass, all directions together.
    trains_per_day : float
        The lesser of the two.
    limit : str
        ``tracks`` or ``throats``.
    """

    tracks_trains_per_day: float
    throats_trains_per_day: float
    trains_per_day: float
    limit: str


class StationTracks(NamedTuple):
    """A group of receiving and departure tracks with its throats.

    Parameters
    ----------
    tracks : int
        Tracks of the group.
    occupancy_min : float
        Minutes one train holds a track.
    throats : int
        Throats used independently of each other.
    throat_min : float
        Minutes one movement holds a throat.
    movements : float
        Movements of a train through the throats: two, in and out, where it is not re-marshalled.
    """

    tracks: int
    occupancy_min: float
    throats: int
    throat_min: float
    movements: float = 2.0


def station_capacity(group: StationTracks, usable_min: float) -> StationCapacity:
    """Trains a day through a group of station tracks, all directions together.

    Parameters
    ----------
    group : StationTracks
        Tracks, throats and their times.
    usable_min : float
        Usable minutes of the day (:func:`keruen.rail.line_capacity.usable_min`).

    Returns
    -------
    StationCapacity
        ``tracks * usable / occupancy`` and ``throats * usable / (movements * throat time)``.

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative or a time not positive.

    Examples
    --------
    >>> found = station_capacity(StationTracks(4, 60.0, 2, 10.0), 1200.0)
    >>> found.throats_trains_per_day, found.trains_per_day, found.limit
    (120.0, 80.0, 'tracks')
    """
    tiny = 1e-12
    require_range("tracks", group.tracks, 0.0)
    require_range("throats", group.throats, 0.0)
    require_range("occupancy_min", group.occupancy_min, tiny)
    require_range("throat_min", group.throat_min, tiny)
    require_range("movements", group.movements, tiny)
    require_range("usable_min", usable_min, 0.0)
    by_tracks = group.tracks * usable_min / group.occupancy_min
    by_throats = group.throats * usable_min / (group.movements * group.throat_min)
    limit = "tracks" if by_tracks <= by_throats else "throats"
    return StationCapacity(by_tracks, by_throats, min(by_tracks, by_throats), limit)
