"""The network in the General Modeling Network Specification (GMNS): nodes and directed links.

Field names, types and requirements are those of the schema files of the specification, version
0.96 (github.com/zephyr-data-specs/GMNS, folder ``spec``). Fields that the specification knows all
stand in the files, in its order and empty where Keruen has nothing to say; Keruen's own follow.

``capacity`` is given as the specification defines it, per hour and lane: vehicles of the link's own
kind (trains, vessels; their passenger car equivalent is set to 1), the mean over the day, without
what background trains take. A lane is a track in the direction of travel: half the tracks, rounded
up, so one on single track, whose capacity is for either direction when the other gets as much.
Trains a day and tonnes a year stand in columns of their own.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from keruen.capacity.gap_running import speed_km_per_h
from keruen.capacity.line import read_line_section
from keruen.errors import FailedError, error
from keruen.exchange.cells import kind_of
from keruen.exchange.content import Content, Exporter
from keruen.exchange.csv_tables import write_csv
from keruen.exchange.descriptor import resource, write_descriptor
from keruen.exchange.elements import (
    DIRECTIONS,
    by_direction,
    capacities,
    line_names,
    line_wkt,
    located,
    model_of_day,
    with_classes,
)
from keruen.model import Model
from keruen.units import HOURS_PER_YEAR

VERSION: Final = 0.96
_SHOWN: Final = 5
USES: Final = {"rail": "train", "road": "truck", "sea": "vessel"}
RAIL_GROUP: Final = "rail_freight"

NODE_FIELDS: Final = (
    "node_id", "name", "x_coord", "y_coord", "z_coord", "node_type", "ctrl_type", "zone_id",
    "parent_node_id",
)  # fmt: skip
LINK_FIELDS: Final = (
    "link_id", "name", "from_node_id", "to_node_id", "directed", "geometry_id", "geometry",
    "parent_link_id", "dir_flag", "length", "grade", "facility_type", "capacity", "free_speed",
    "lanes", "bike_facility", "ped_facility", "parking", "allowed_uses", "toll", "jurisdiction",
    "row_width",
)  # fmt: skip
OWN_LINK_FIELDS: Final = (
    "keruen_table", "keruen_id", "direction", "tracks", "gauge_mm", "traction", "capacity_year",
    "capacity_level", "capacity_trains_per_day", "capacity_t_per_year", "capacity_teu_per_year",
    "capacity_limit",
)  # fmt: skip


def _ordered(frame: pd.DataFrame, fields: tuple[str, ...]) -> pd.DataFrame:
    """The specification's fields first, those that are not filled empty."""
    return frame.reindex(columns=[*fields, *(c for c in frame.columns if c not in fields)])


def node_table(model: Model) -> pd.DataFrame:
    """``node.csv``: every node, in degrees.

    Raises
    ------
    FailedError
        When a node has no coordinates, which the specification requires.
    """
    places = located(model)
    lost = [str(node) for node in places.index[places.isna().any(axis=1)]]
    if lost:
        shown = ", ".join(lost[:_SHOWN]) + (" …" if len(lost) > _SHOWN else "")
        raise FailedError(
            [error("nodes_without_coordinates", "coordinates.csv", count=len(lost), nodes=shown)]
        )
    nodes = model["nodes"]
    frame = pd.DataFrame(
        {
            "node_id": nodes.index.astype(str),
            "name": nodes["name_en"].to_numpy(),
            "x_coord": places["lon_deg"].to_numpy(),
            "y_coord": places["lat_deg"].to_numpy(),
            "node_type": nodes["kind"].to_numpy(),
            "country": nodes["country"].to_numpy(),
            "unlocode": nodes["unlocode"].to_numpy(),
            "esr_code": nodes["esr_code"].to_numpy(),
            "coordinate_licence": model["coordinates"]
            .set_index("node")["licence"]
            .reindex(nodes.index)
            .to_numpy(),
        }
    )
    return _ordered(frame, NODE_FIELDS)


def _section_facts(model: Model) -> pd.DataFrame:
    """What both directions of a section share, indexed by section."""
    sections = with_classes(model, "sections")
    rail = sections["mode"] == "rail"
    gauge = sections["gauge_mm"].astype("string").fillna("")
    tracks = pd.to_numeric(sections["tracks"]).astype(np.float64)
    use = sections["mode"].map(USES)
    return pd.DataFrame(
        {
            "name": line_names(model, sections),
            "from_node": sections["from_node"],
            "to_node": sections["to_node"],
            "length": sections["length_km"],
            "facility_type": sections["mode"],
            **_running_speeds(model, sections, rail),
            "lanes": ((tracks + 1.0) // 2.0).where(rail),
            "allowed_uses": use.where(~rail | (gauge == ""), "train_" + gauge),
            "tracks": tracks.where(rail),
            "gauge_mm": sections["gauge_mm"].where(rail),
            "traction": sections["traction"],
        },
        index=sections.index,
    )


def _running_speeds(
    model: Model, sections: pd.DataFrame, rail: pd.Series[bool]
) -> dict[str, pd.Series[float]]:
    """Running speed of the ordinary freight train over the longest stretch, by direction."""
    facts = {row: read_line_section(model, str(row)).facts for row in sections.index[rail]}
    found = {
        "forward": {row: speed_km_per_h(one.gap_km, one.forward_min) for row, one in facts.items()},
        "backward": {
            row: speed_km_per_h(one.gap_km, one.backward_min) for row, one in facts.items()
        },
    }
    return {
        f"free_speed_{direction}": pd.Series(own, dtype=float).reindex(sections.index)
        for direction, own in found.items()
    }


def _vessel_facts(model: Model) -> pd.DataFrame:
    """The same of vessel lines: one lane, the mean speed of the crossing."""
    lines = model["vessel_lines"]
    speed = lines["length_km"] / lines["sailing_h"]
    return pd.DataFrame(
        {
            "name": lines["name_en"],
            "from_node": lines["from_node"],
            "to_node": lines["to_node"],
            "length": lines["length_km"],
            "facility_type": "vessel_line",
            "free_speed_forward": speed,
            "free_speed_backward": speed,
            "lanes": 1.0,
            "allowed_uses": USES["sea"],
            "tracks": np.nan,
            "gauge_mm": np.nan,
            "traction": "",
        },
        index=lines.index,
    )


def _directed(
    shared: pd.DataFrame, table: str, direction: str, found: pd.DataFrame
) -> pd.DataFrame:
    """Links of one table in one direction with their capacities."""
    own = by_direction(found, table, direction).reindex(shared.index)
    forward = direction == DIRECTIONS[0]
    ids = shared.index.astype(str)
    speeds = [f"free_speed_{way}" for way in DIRECTIONS]
    links = shared.drop(columns=["from_node", "to_node", *speeds])
    links["free_speed"] = shared[f"free_speed_{direction}"]
    links["link_id"] = [f"{table}:{key}:{direction}" for key in ids]
    links["from_node_id"] = shared["from_node" if forward else "to_node"]
    links["to_node_id"] = shared["to_node" if forward else "from_node"]
    links["directed"] = True
    links["geometry_id"] = [f"{table}:{key}" for key in ids]
    links["dir_flag"] = 1 if forward else -1
    per_hour = own["native_per_year"].astype(np.float64) / HOURS_PER_YEAR
    links["capacity"] = per_hour / shared["lanes"]
    links["keruen_table"] = table
    links["keruen_id"] = ids
    links["direction"] = direction
    for measure in ("trains_per_day", "t_per_year", "teu_per_year"):
        links[f"capacity_{measure}"] = own[measure].astype(np.float64)
    links["capacity_limit"] = own["limit"].fillna("")
    return links


def link_table(content: Content, model: Model) -> pd.DataFrame:
    """``link.csv``: sections and vessel lines, each as two directed links.

    Parameters
    ----------
    content : Content
        What is exported.
    model : Model
        Of the day.

    Returns
    -------
    DataFrame
        ``length`` in km, ``free_speed`` in km/h, ``capacity`` in vehicles an hour and lane.

    Raises
    ------
    UsageError, FailedError
        As :func:`keruen.exchange.elements.capacities`.
    """
    found = capacities(content, model)
    shared = {"sections": _section_facts(model), "vessel_lines": _vessel_facts(model)}
    parts = [
        _directed(facts, table, direction, found)
        for table, facts in shared.items()
        for direction in DIRECTIONS
        if len(facts)
    ]
    columns = [*LINK_FIELDS, *OWN_LINK_FIELDS]
    if not parts:
        return pd.DataFrame(columns=columns)
    links = pd.concat(parts, ignore_index=True)
    links["capacity_year"] = content.year
    links["capacity_level"] = content.level.value if content.level else ""
    for whole in ("lanes", "tracks", "gauge_mm", "dir_flag"):
        links[whole] = pd.to_numeric(links[whole]).astype("Int64")
    return _ordered(links, tuple(columns))


def geometry_table(model: Model) -> pd.DataFrame:
    """``geometry.csv``: the straight line of every section and vessel line, forward."""
    places = located(model)
    rows = [
        {"geometry_id": f"{table}:{key}", "geometry": line_wkt(places, str(start), str(end))}
        for table in ("sections", "vessel_lines")
        for key, start, end in zip(
            model[table].index, model[table]["from_node"], model[table]["to_node"], strict=True
        )
    ]
    return pd.DataFrame(rows, columns=["geometry_id", "geometry"])


def use_tables(links: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``use_definition.csv`` and ``use_group.csv``: the vehicles of the links.

    A train of one gauge is a use of its own, so that no way leads over a break of gauge. Persons
    are none, for they carry freight; each counts as one unit of its link's capacity.
    """
    uses = sorted(set(links["allowed_uses"].astype(str)))
    definitions = pd.DataFrame({"use": uses})
    definitions["persons_per_vehicle"] = 0
    definitions["pce"] = 1
    definitions["special_conditions"] = ""
    definitions["description"] = [use.replace("_", " ") for use in uses]
    trains = [use for use in uses if use.startswith(USES["rail"])]
    groups = [{"use_group": RAIL_GROUP, "uses": ",".join(trains), "description": "trains"}]
    group_fields = ["use_group", "uses", "description"]
    return definitions, pd.DataFrame(groups if trains else [], columns=group_fields)


def config_table(content: Content) -> pd.DataFrame:
    """``config.csv``: units and coordinate system, in one row."""
    settings = content.model.settings
    row: dict[str, Any] = {
        "dataset_name": settings.name,
        "short_length": "m",
        "long_length": "km",
        "speed": "km/h",
        "crs": "EPSG:4326",
        "geometry_field_format": "WKT",
        "currency": settings.currency,
        "version_number": VERSION,
        "id_type": "string",
    }
    return pd.DataFrame([row])


def write_network(content: Content, folder: Path) -> None:
    """Write the network of a year with the capacities of a level.

    Raises
    ------
    UsageError
        When the results do not hold the year.
    FailedError
        When a node has no coordinates, or the study lacks a number that a capacity needs.
    """
    model = model_of_day(content)
    content = replace(content, model=model)
    nodes = node_table(model)
    links = link_table(content, model)
    definitions, groups = use_tables(links)
    files = {
        "config": config_table(content),
        "node": nodes,
        "link": links,
        "geometry": geometry_table(model),
        "use_definition": definitions,
        "use_group": groups,
    }
    resources = []
    for name, frame in files.items():
        kinds = {str(column): kind_of(frame[column]) for column in frame.columns}
        write_csv(frame, kinds, folder / f"{name}.csv")
        resources.append(resource(name, f"{name}.csv", kinds))
    write_descriptor(folder, content, resources)


EXPORTER: Final = Exporter(write_network)
