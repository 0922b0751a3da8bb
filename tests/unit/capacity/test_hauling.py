"""Which train is pulled by what over which track, as a study says it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.hauling import Track, hauling_of, read_hauled, read_track
from keruen.capacity.reader import ElementReader
from keruen.capacity.section import read_section
from keruen.model import Model
from support.hauled_study import hauled_tables
from support.tiny_study import Tables, tiny_model, tiny_tables

DAY = date(2024, 7, 1)


def day(tmp_path: Path, tables: Tables) -> Model:
    return tiny_model(tmp_path, tables).at(DAY)


def test_the_row_of_the_class_of_line_goes_first(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["haulings"].append({**tables["haulings"][0], "id": "own", "line_class": "plain"})
    assert hauling_of(day(tmp_path, tables), "ab") == "own"


@pytest.mark.parametrize("cells", [{"traction": "25kv_ac"}, {"gauge_mm": 1435}])
def test_a_row_of_another_traction_or_gauge_does_not_hold(
    tmp_path: Path, cells: dict[str, object]
) -> None:
    tables = hauled_tables()
    tables["haulings"][0] |= cells
    tables["locomotives"][0]["traction"] = tables["haulings"][0]["traction"]
    assert hauling_of(day(tmp_path, tables), "ab") is None


def test_without_haulings_the_typed_speed_holds(tmp_path: Path) -> None:
    model = day(tmp_path, tiny_tables())
    assert hauling_of(model, "ab") is None
    assert read_section(ElementReader(model, "sections", "ab")).speed_km_per_h == pytest.approx(60)


def test_a_train_is_read_with_its_locomotives(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["haulings"][0]["units"] = 2
    reader = ElementReader(day(tmp_path, tables), "sections", "ab")
    hauled = read_hauled(reader, "all")
    train = tables["train_types"][0]
    assert hauled.gross_t == pytest.approx(float(train["gross_t"]) + 2 * 138)
    assert (hauled.is_diesel, hauled.is_broad, hauled.engine.returned_share) == (True, True, 0.0)
    named = {entry.name for entry in reader.inputs}
    assert {"locomotives.power_kw", "haulings.units", "train_types.gross_t"} <= named


def test_a_class_that_says_too_little_keeps_the_typed_speed(tmp_path: Path) -> None:
    tables = hauled_tables()
    del tables["line_classes"][0]["running_allowance_share"]
    reader = ElementReader(day(tmp_path, tables), "sections", "ab")
    assert read_track(reader) is None


def test_a_profile_takes_the_place_of_the_ruling_gradient(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["track_profiles"] = [
        {"section": "ab", "km": 0, "elevation_m": 100, "limit_km_per_h": 60},
        {"section": "ab", "km": 10, "elevation_m": 150, "radius_m": 800},
        {"section": "ab", "km": 40, "elevation_m": 120},
    ]
    track = read_track(ElementReader(day(tmp_path, tables), "sections", "ab"))
    assert track == Track(
        40.0, 80.0, 9.0, 0.0, 0.1,
        ((0.0, 100.0, 60.0, float("inf")), (10.0, 150.0, 80.0, 800.0),
         (40.0, 120.0, 80.0, float("inf"))),
    )  # fmt: skip
    assert track is not None
    assert track.steepest_permille == pytest.approx(5.0)
