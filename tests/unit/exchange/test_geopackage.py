from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas
import numpy as np
import pytest

from keruen.errors import FailedError
from keruen.exchange import export, geopackage
from keruen.exchange.content import OSM_NOTICE
from keruen.exchange.elements import capacities, capacity_columns
from keruen.model import Model
from keruen.rail.line_capacity import Level
from support.exports import HOSTILE, changed, content, corridor

LAYERS = {
    "nodes": "Point",
    "sections": "LineString",
    "vessel_lines": "LineString",
    "terminals": "Point",
}


def saved(tmp_path: Path, model: Model | None = None, **how: Any) -> Path:  # noqa: ANN401
    (file,) = export("gpkg", {}, model or corridor(), tmp_path / "out.gpkg", **how)
    return file


def test_layers_have_their_features_shapes_and_coordinate_system(tmp_path: Path) -> None:
    file = saved(tmp_path)
    listed = geopandas.list_layers(file)
    assert dict(zip(listed["name"], listed["geometry_type"], strict=True)) == LAYERS
    model = corridor().in_year(2024)
    for name in LAYERS:
        layer = geopandas.read_file(file, layer=name)
        assert layer.crs.to_epsg() == 4326
        assert layer["id"].tolist() == list(model[name].index)
        assert set(model[name].columns) <= set(layer.columns)
        assert layer.geometry.is_valid.all()
    assert list(tmp_path.iterdir()) == [file], "reading leaves nothing beside it"


def test_places_and_ends_are_those_of_the_coordinates(tmp_path: Path) -> None:
    file = saved(tmp_path)
    where = corridor()["coordinates"].set_index("node")
    nodes = geopandas.read_file(file, layer="nodes").set_index("id")
    for node, point in nodes.geometry.items():
        assert (point.x, point.y) == tuple(where.loc[node, ["lon_deg", "lat_deg"]])
    for name in ("sections", "vessel_lines"):
        lines = geopandas.read_file(file, layer=name)
        for _, line in lines.iterrows():
            start, end = line.geometry.coords
            assert start == tuple(where.loc[line["from_node"], ["lon_deg", "lat_deg"]])
            assert end == tuple(where.loc[line["to_node"], ["lon_deg", "lat_deg"]])
    terminals = geopandas.read_file(file, layer="terminals")
    for _, terminal in terminals.iterrows():
        assert terminal.geometry.equals(nodes.geometry[terminal["node"]])


@pytest.mark.parametrize(("year", "level"), [(2024, Level.PRACTICAL), (2030, Level.MAXIMAL)])
def test_capacities_are_those_of_the_year_and_level(
    year: int, level: Level, tmp_path: Path
) -> None:
    file = saved(tmp_path, year=year, level=level)
    asked = content(year=year, level=level)
    found = capacities(asked, corridor().in_year(year))
    for name in ("sections", "vessel_lines"):
        expected = capacity_columns(asked, found, name)
        layer = geopandas.read_file(file, layer=name).set_index("id")
        for column in expected.columns:
            if expected[column].dtype == np.float64:
                np.testing.assert_array_equal(
                    layer[column].astype(float), expected[column].reindex(layer.index)
                )
        assert set(layer["capacity_year"]) == {year}
        assert set(layer["capacity_level"]) == {level.value}


def test_projects_change_the_network_of_later_years(tmp_path: Path) -> None:
    before = geopandas.read_file(saved(tmp_path / "a", year=2024), layer="sections")
    after = geopandas.read_file(saved(tmp_path / "b", year=2030), layer="sections")
    trains = [layer["capacity_trains_per_day"].sum() for layer in (before, after)]
    assert trains[0] < trains[1]


def test_without_a_level_there_are_no_capacities(tmp_path: Path) -> None:
    layer = geopandas.read_file(saved(tmp_path, level=None), layer="sections")
    assert not [column for column in layer.columns if column.startswith("capacity_")]


def test_who_is_owed_stands_in_the_description_and_the_metadata(tmp_path: Path) -> None:
    row = str(corridor()["coordinates"].index[0])
    model = changed(corridor(), "coordinates", "licence", row, "ODbL-1.0")
    file = saved(tmp_path, model, about={"run": "r1"})
    with closing(sqlite3.connect(file)) as base:
        described = dict(base.execute("SELECT table_name, description FROM gpkg_contents"))
        metadata = [text for (text,) in base.execute("SELECT metadata FROM gpkg_metadata")]
        changes = {day for (day,) in base.execute("SELECT last_change FROM gpkg_contents")}
    assert set(described) == set(LAYERS)
    assert all(OSM_NOTICE in text and "ODbL-1.0" in text for text in described.values())
    assert len(metadata) == len(LAYERS)
    for text in metadata:
        assert OSM_NOTICE in text
        assert '<MDI key="run">r1</MDI>' in text
        assert '<MDI key="date">2024-07-01</MDI>' in text
    assert changes == {"1980-01-01T00:00:00.000Z"}


def test_a_place_that_is_not_located_has_no_shape_and_is_kept(tmp_path: Path) -> None:
    model = corridor()
    gone = str(model["sections"]["from_node"].iloc[0])
    kept = model["coordinates"][model["coordinates"]["node"] != gone]
    model = replace(model, tables=MappingProxyType({**model.tables, "coordinates": kept}))
    file = saved(tmp_path, model, level=None)
    nodes = geopandas.read_file(file, layer="nodes").set_index("id")
    assert nodes.geometry[gone] is None
    assert nodes.geometry.notna().sum() == len(nodes) - 1
    sections = geopandas.read_file(file, layer="sections")
    touching = (sections["from_node"] == gone) | (sections["to_node"] == gone)
    assert sections.geometry.isna().tolist() == touching.tolist()


def test_hostile_names_come_back_as_they_are(tmp_path: Path) -> None:
    model = corridor()
    rows = [str(row) for row in model["nodes"].index]
    texts = [text for text in HOSTILE if text][: len(rows)]
    for row, text in zip(rows, texts, strict=False):
        model = changed(model, "nodes", "name_ru", row, text)
    nodes = geopandas.read_file(saved(tmp_path, model, level=None), layer="nodes")
    assert nodes["name_ru"].tolist()[: len(texts)] == texts
    assert nodes["esr_code"].isna().all(), "an empty text is no text"


def test_a_study_without_a_network_gives_empty_layers(tmp_path: Path) -> None:
    bare = {"nodes", "coordinates", "sections", "vessel_lines", "terminals"}
    tables = {n: f.iloc[:0] if n in bare else f for n, f in corridor().tables.items()}
    model = replace(corridor().in_year(2024), tables=MappingProxyType(tables))
    file = saved(tmp_path, model, level=None)
    assert {n: len(geopandas.read_file(file, layer=n)) for n in LAYERS} == dict.fromkeys(LAYERS, 0)


def test_a_failing_library_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(geopackage, "_write_layer", fail)
    with pytest.raises(FailedError) as raised:
        saved(tmp_path)
    assert raised.value.problems[0].code == "cannot_write"
    assert raised.value.problems[0].params["reason"] == "disk full"
    assert list(tmp_path.iterdir()) == []
