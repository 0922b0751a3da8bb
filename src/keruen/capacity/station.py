"""Capacity of a station: its tracks and its throats."""

from __future__ import annotations

from typing import Final

from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity, derived, of_trains
from keruen.model import Model
from keruen.rail.line_capacity import WHOLE_DAY, DayAllowances, Level, usable_min
from keruen.rail.stations import StationTracks, station_capacity

KIND: Final = "station_tracks"
FORMULA: Final = "min(tracks / occupancy_min, throats / (2 * throat_min)) * usable_min / 2"


def _signalling(reader: ElementReader, node: str) -> str:
    """Signalling of the railway that meets the station: the first by section id; may be none."""
    sections = reader.model["sections"]
    columns = (sections[name].tolist() for name in ("mode", "from_node", "to_node"))
    meeting = [
        str(row)
        for row, mode, *ends in zip(sections.index, *columns, strict=True)
        if mode == "rail" and node in ends
    ]
    return reader.word("signalling", "sections", min(meeting)) if meeting else ""


def _allowances(reader: ElementReader, signal: str) -> DayAllowances:
    """Reliability and reserve of the signalling around; windows close lines, not stations."""
    if not signal:
        return WHOLE_DAY
    return DayAllowances(
        0.0,
        reader.number("reliability_share", "signalling", signal),
        reader.number("reserve_double_share", "signalling", signal),
    )


def capacities(model: Model, row: str) -> list[Capacity]:
    """Records of one group of station tracks, all levels; trains a day in each direction alike."""
    reader = ElementReader(model, KIND, row)
    node = reader.word("node")
    group = StationTracks(
        int(reader.number("tracks")),
        reader.number("occupancy_min"),
        int(reader.number("throats")),
        reader.number("throat_min"),
    )
    allowances = _allowances(reader, _signalling(reader, node))
    records = []
    for level in Level:
        minutes = usable_min(level, allowances)
        found = station_capacity(group, minutes)
        inputs = (*reader.inputs, derived("usable_min", minutes, "min"))
        record = of_trains((KIND, row), "both", found.trains_per_day / 2.0, level, inputs)
        records.append(record._replace(limit=found.limit, formula=FORMULA))
    return records
