from __future__ import annotations

import pytest

from keruen.errors import RangeError
from keruen.rail.stations import StationTracks, station_capacity

GROUP = StationTracks(tracks=6, occupancy_min=90.0, throats=2, throat_min=8.0)


def test_tracks_and_throats_by_hand() -> None:
    found = station_capacity(GROUP, 1350.0)
    assert found.tracks_trains_per_day == pytest.approx(90.0)
    assert found.throats_trains_per_day == pytest.approx(168.75)
    assert (found.trains_per_day, found.limit) == (found.tracks_trains_per_day, "tracks")


def test_one_slow_throat_binds() -> None:
    found = station_capacity(GROUP._replace(throats=1, throat_min=10.0), 1350.0)
    assert found.limit == "throats"
    assert found.trains_per_day == pytest.approx(67.5)


def test_no_track_lets_nothing_through() -> None:
    assert station_capacity(GROUP._replace(tracks=0), 1350.0).trains_per_day == 0.0


def test_impossible_stations_are_refused() -> None:
    with pytest.raises(RangeError):
        station_capacity(GROUP._replace(occupancy_min=0.0), 1350.0)
    with pytest.raises(RangeError):
        station_capacity(GROUP, -1.0)
