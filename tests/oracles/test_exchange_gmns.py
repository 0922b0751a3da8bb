"""The GMNS export held against the specification, and against our own network.

Fields, types, requirements and allowed values are those of the schema files ``node``, ``link``,
``geometry``, ``use_definition``, ``use_group`` and ``config`` in the folder ``spec`` of
github.com/zephyr-data-specs/GMNS (version 0.96, Apache-2.0), read field by field.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from keruen.exchange import export
from keruen.network.graph import compile_graph
from support.exports import corridor


class Field(NamedTuple):
    """A field of the specification; a range or a set of values where it has one."""

    type: str = "any"
    required: bool = False
    low: float = -np.inf
    high: float = np.inf
    values: tuple[str, ...] = ()


TEXT: Final = Field("string")
NUMBER: Final = Field("number")
POSITIVE: Final = Field("number", low=0)
KEY: Final = Field(required=True)

SPECIFICATION: Final[dict[str, dict[str, Field]]] = {
    "node": {
        "node_id": KEY,
        "name": TEXT,
        "x_coord": Field("number", required=True),
        "y_coord": Field("number", required=True),
        "z_coord": NUMBER,
        "node_type": TEXT,
        "ctrl_type": TEXT,
        "zone_id": Field(),
        "parent_node_id": Field(),
    },
    "link": {
        "link_id": KEY,
        "name": TEXT,
        "from_node_id": KEY,
        "to_node_id": KEY,
        "directed": Field("boolean", required=True),
        "geometry_id": Field(),
        "geometry": Field(),
        "parent_link_id": Field(),
        "dir_flag": Field("integer", values=("1", "-1", "0")),
        "length": POSITIVE,
        "grade": Field("number", low=-100, high=100),
        "facility_type": TEXT,
        "capacity": POSITIVE,
        "free_speed": Field("number", low=0, high=200),
        "lanes": Field("integer", low=0),
        "bike_facility": TEXT,
        "ped_facility": TEXT,
        "parking": TEXT,
        "allowed_uses": TEXT,
        "toll": NUMBER,
        "jurisdiction": TEXT,
        "row_width": POSITIVE,
    },
    "geometry": {"geometry_id": KEY, "geometry": Field()},
    "use_definition": {
        "use": Field("string", required=True),
        "persons_per_vehicle": Field("number", required=True, low=0),
        "pce": Field("number", required=True, low=0),
        "special_conditions": TEXT,
        "description": TEXT,
    },
    "use_group": {
        "use_group": Field("string", required=True),
        "uses": Field("string", required=True),
        "description": TEXT,
    },
    "config": {
        "dataset_name": Field(),
        "short_length": Field(),
        "long_length": Field(),
        "speed": Field(),
        "crs": Field(),
        "geometry_field_format": Field(),
        "currency": Field(),
        "version_number": NUMBER,
        "id_type": Field("string", values=("string", "integer")),
    },
}
KEYS: Final = {
    "node": "node_id",
    "link": "link_id",
    "geometry": "geometry_id",
    "use_definition": "use",
    "use_group": "use_group",
}
FOREIGN: Final = (
    ("link", "from_node_id", "node"),
    ("link", "to_node_id", "node"),
    ("link", "geometry_id", "geometry"),
)


@cache
def network(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The files of an export as texts by field."""
    export("gmns", {}, corridor(), folder / "out", year=2030)
    found = {}
    for path in (folder / "out").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            found[path.stem] = list(csv.DictReader(stream, strict=True))
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    return network(tmp_path_factory.mktemp("gmns"))


def fault(text: str, field: Field) -> str:
    """What the specification has against a cell; empty text where nothing."""
    if text in {"", "NaN"}:
        return "required" if field.required else ""
    if field.values and text not in field.values:
        return "not among the values"
    if field.type == "boolean" and text not in {"true", "false"}:
        return "no truth"
    if field.type in {"number", "integer"}:
        value = float(text)
        if field.type == "integer" and str(int(value)) != text:
            return "no integer"
        return "" if field.low <= value <= field.high else "out of range"
    return ""


@pytest.mark.parametrize("name", SPECIFICATION)
def test_every_file_keeps_to_the_specification(
    name: str, files: dict[str, list[dict[str, str]]]
) -> None:
    fields = SPECIFICATION[name]
    rows = files[name]
    assert rows
    assert list(rows[0])[: len(fields)] == list(fields), "fields of the specification come first"
    broken = [
        (number, column, row[column], fault(row[column], field))
        for number, row in enumerate(rows, start=2)
        for column, field in fields.items()
        if fault(row[column], field)
    ]
    assert broken == []
    if name in KEYS:
        keys = [row[KEYS[name]] for row in rows]
        assert len(set(keys)) == len(keys)


def test_every_reference_leads_somewhere(files: dict[str, list[dict[str, str]]]) -> None:
    for table, column, target in FOREIGN:
        known = {row[KEYS[target]] for row in files[target]}
        assert {row[column] for row in files[table]} <= known
    uses = {row["use"] for row in files["use_definition"]}
    groups = {row["use_group"] for row in files["use_group"]}
    assert not uses & groups
    for row in files["link"]:
        assert row["allowed_uses"]
        assert set(row["allowed_uses"].split(",")) <= uses | groups
    for row in files["use_group"]:
        assert set(row["uses"].split(",")) <= uses | groups


def test_the_configuration_is_one_row_with_units_that_hold(
    files: dict[str, list[dict[str, str]]],
) -> None:
    (config,) = files["config"]
    assert config["long_length"] == "km"
    assert config["speed"] == "km/h"
    assert config["crs"] == "EPSG:4326"
    assert config["geometry_field_format"] == "WKT"
    assert config["id_type"] == "string"
    assert float(config["version_number"]) == 0.96
    assert all(-180 <= float(row["x_coord"]) <= 180 for row in files["node"])
    assert all(-90 <= float(row["y_coord"]) <= 90 for row in files["node"])


def test_shapes_run_from_the_start_of_their_forward_link(
    files: dict[str, list[dict[str, str]]],
) -> None:
    where = {
        row["node_id"]: [float(row["x_coord"]), float(row["y_coord"])] for row in files["node"]
    }
    shapes = {row["geometry_id"]: row["geometry"] for row in files["geometry"]}
    for link in files["link"]:
        ends = [link["from_node_id"], link["to_node_id"]]
        if link["dir_flag"] == "-1":
            ends.reverse()
        shape = re.fullmatch(
            r"LINESTRING \((\S+) (\S+), (\S+) (\S+)\)", shapes[link["geometry_id"]]
        )
        assert shape is not None
        assert [float(number) for number in shape.groups()] == where[ends[0]] + where[ends[1]]


def test_ways_over_the_links_are_as_long_as_ways_through_the_network(
    files: dict[str, list[dict[str, str]]],
) -> None:
    """The shortest way by rail between any two nodes, over the files and over our own graph."""
    nodes = [row["node_id"] for row in files["node"]]
    place = {node: number for number, node in enumerate(nodes)}
    rail = [row for row in files["link"] if row["facility_type"] == "rail"]
    lengths = csr_array(
        (
            [float(row["length"]) for row in rail],
            (
                [place[row["from_node_id"]] for row in rail],
                [place[row["to_node_id"]] for row in rail],
            ),
        ),
        shape=(len(nodes), len(nodes)),
    )
    distances = dijkstra(lengths, directed=True)
    graph = compile_graph(corridor().in_year(2030), "rail")
    compared = 0
    for start, end in combinations(nodes, 2):
        there, back = distances[place[start], place[end]], distances[place[end], place[start]]
        assert there == pytest.approx(back, rel=1e-12)
        if np.isfinite(there):
            compared += 1
            assert there == pytest.approx(graph.shortest(start, end).length_km, rel=1e-12)
    assert compared > 10
