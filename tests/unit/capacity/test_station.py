from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.station import capacities
from support.tiny_study import row_of, tiny_day, tiny_tables


def test_tracks_and_throats_by_hand(tmp_path: Path) -> None:
    # Four tracks of an hour each: 96 trains a day; a throat of 6 min, in and out: 120. Pairs: half.
    maximal, available, practical = capacities(tiny_day(tmp_path).model, "b_tracks")
    assert maximal.trains_per_day == pytest.approx(48)
    assert maximal.limit == "tracks"
    assert maximal.direction == "both"
    # Reliability of the signalling around counts; windows close lines, not stations.
    assert available.trains_per_day == pytest.approx(48 * 0.9)
    assert practical.trains_per_day == pytest.approx(48 * 0.9 * 0.9)
    assert available.gross_trains_per_day == available.trains_per_day


def test_a_narrow_throat_binds(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "station_tracks", "b_tracks")["throat_min"] = 12
    maximal = capacities(tiny_day(tmp_path, tables).model, "b_tracks")[0]
    assert maximal.trains_per_day == pytest.approx(1440 / 24 / 2)
    assert maximal.limit == "throats"


def test_the_signalling_of_the_first_section_by_id_is_named(tmp_path: Path) -> None:
    found = []
    for order in (1, -1):
        tables = tiny_tables()
        tables["signalling"][0]["reliability_share"] = 0.8  # of ab, the first
        tables["sections"] = tables["sections"][::order]
        available = capacities(tiny_day(tmp_path / str(order), tables).model, "b_tracks")[1]
        assert available.trains_per_day == pytest.approx(48 * 0.8)
        found.append({entry.cell for entry in available.inputs})
    assert ("sections", "ab", "signalling") in found[0]
    assert found[0] == found[1]


def test_a_station_without_a_railway_has_the_whole_day(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["nodes"].append({"id": "yard", "kind": "yard", "country": "KZ"})
    tables["station_tracks"].append(
        {**tables["station_tracks"][0], "id": "yard_tracks", "node": "yard"}
    )
    levels = capacities(tiny_day(tmp_path, tables).model, "yard_tracks")
    assert [record.trains_per_day for record in levels] == pytest.approx([48, 48, 48])
