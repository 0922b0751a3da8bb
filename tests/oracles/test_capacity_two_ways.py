"""Headline numbers reached a second time: from the files, in plain Python, by trying volumes.

Nothing of :mod:`keruen` computes here but what is compared. A corridor's cargo is put on the way
train by train and box by box for a volume; the volume grows until something overflows.
"""

from __future__ import annotations

import csv
import heapq
import math
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from keruen.capacity.ladder import corridor_ladder
from keruen.capacity.line import line_capacity
from keruen.capacity.registry import Capacities
from keruen.model import load_model
from keruen.model.templates import new_study
from keruen.rail.line_capacity import Level
from support.tiny_study import row_of, tiny_tables, write_tiny

DAY = date(2024, 7, 1)
Rows = dict[str, dict[str, str]]


class Files:
    """A study as its files say: texts by table, key and column, classes and defaults followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, Rows] = {}

    def table(self, name: str, *key: str) -> Rows:
        if name not in self._tables:
            path = self.folder / f"{name}.csv"
            with path.open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
            self._tables[name] = {"/".join(row[k] for k in key or ("id",)): row for row in rows}
        return self._tables[name]

    def number(self, cell: str, row: dict[str, str], default: float = math.nan) -> float:
        """A number of a row, of its class where the row has none."""
        for column, table in (("line_class", "line_classes"), ("traffic_class", "traffic_classes")):
            if (
                not row.get(cell)
                and column in row
                and cell in next(iter(self.table(table).values()))
            ):
                return float(self.table(table)[row[column]][cell])
        return float(row.get(cell) or default)


def shortest(files: Files, start: str, end: str) -> list[dict[str, str]]:
    """Rails from a node to another, by Dijkstra's rule on a heap of whole ways."""
    rails = [row for row in files.table("sections").values() if row["mode"] == "rail"]
    heap: list[tuple[float, int, str, list[dict[str, str]]]] = [(0.0, 0, start, [])]
    seen: set[str] = set()
    while heap:
        length, _, node, way = heapq.heappop(heap)
        if node == end:
            return way
        if node in seen:
            continue
        seen.add(node)
        for place, row in enumerate(rails):
            ends = (row["from_node"], row["to_node"])
            if node in ends:
                other = ends[1 - ends.index(node)]
                longer = length + float(row["length_km"])
                heapq.heappush(heap, (longer, len(heap) * 1000 + place, other, [*way, row]))
    raise AssertionError((start, end))


def section_trains(files: Files, row: dict[str, str]) -> float:
    """Pairs (single track) or trains a direction of the whole day, other trains taken off."""
    signal = files.table("signalling")[row["signalling"]]
    gap = min(float(row["length_km"]), files.number("crossing_gap_km", row))
    minutes = 60 * gap / files.number("freight_speed_km_per_h", row)
    there = float(row.get("running_time_forward_min") or minutes)
    back = float(row.get("running_time_backward_min") or minutes)
    passenger = files.number("passenger_pairs_per_day", row)
    freight = files.number("freight_pairs_per_day", row)
    if int(row["tracks"]) == 1:
        start = float(signal["start_min"]) + float(signal["crossing_interval_min"])
        stop = float(signal["stop_min"]) + float(signal["non_simultaneous_interval_min"])
        trains = 1440 / (there + back + 2 * min(start, stop))
        return trains - passenger * float(signal["removal_passenger_single"]) - freight
    headway = float(signal["headway_min"])
    if signal["block"] == "semi_auto":
        headway += max(there, back)
    trains = 1440 / headway * int(row["tracks"]) / 2
    return trains - passenger * float(signal["removal_passenger_double"]) - freight


class Cargo:
    """One line of the mix, between its two ends on the way."""

    def __init__(self, files: Files, line: dict[str, str], nodes: list[str]) -> None:
        loading = files.table("loadings", "commodity", "direction")[
            f"{line['commodity']}/{line['direction']}"
        ]
        train = files.table("train_types")[loading["train_type"]]
        self.direction = line["direction"]
        self.kind = files.table("commodities")[line["commodity"]]["class"]
        self.share = float(line["share"])
        self.length = float(train["length_m"])
        self.box_t = float(loading.get("net_t_per_teu") or 0)
        places = float(train.get("teu") or 0) * self.box_t
        self.train_t = (places or float(loading["net_t_per_train"])) * float(
            loading["loaded_share"]
        )
        self.start = nodes.index(line.get("join_node") or nodes[0])
        self.end = nodes.index(line.get("leave_node") or nodes[-1])


class Way:
    """A corridor laid out: nodes in order, rails with their place, cargo, the month's peak."""

    def __init__(self, files: Files, corridor: str) -> None:
        self.files = files
        listed = files.table("corridor_points", "corridor", "sequence").values()
        points = [row for row in listed if row["corridor"] == corridor]
        points.sort(key=lambda row: int(row["sequence"]))
        self.nodes = [points[0]["node"]]
        self.rails: list[tuple[int, dict[str, str]]] = []
        for here, there in pairwise(points):
            if here["mode"] == "rail":
                for row in shortest(files, here["node"], there["node"]):
                    self.rails.append((len(self.nodes) - 1, row))
                    ends = (row["from_node"], row["to_node"])
                    self.nodes.append(ends[1 - ends.index(self.nodes[-1])])
            else:
                self.nodes.append(there["node"])
        mix = files.table("corridor_mix", "corridor", "commodity", "direction").values()
        self.cargo = [Cargo(files, r, self.nodes) for r in mix if r["corridor"] == corridor]
        self.peak = float(files.table("corridors")[corridor]["unevenness_ratio"])

    def loops(self, place: float) -> float:
        """Shortest loops of the run of one gauge around a place."""
        near = min(self.rails, key=lambda rail: abs(rail[0] + 0.5 - place))
        at = self.rails.index(near)
        low = high = at
        same = near[1]["gauge_mm"]
        while low > 0 and self.rails[low - 1][1]["gauge_mm"] == same:
            low -= 1
        while high + 1 < len(self.rails) and self.rails[high + 1][1]["gauge_mm"] == same:
            high += 1
        return min(self.files.number("loop_length_m", row) for _, row in self.rails[low : high + 1])

    def trains(self, volume: float, start: int, end: int, loops: float) -> dict[str, float]:
        """Trains a day in the busiest month past a place, by direction."""
        found = {"forward": 0.0, "backward": 0.0}
        for cargo in self.cargo:
            if cargo.start <= start and end <= cargo.end:
                load = cargo.train_t * min(1.0, loops / cargo.length)
                found[cargo.direction] += volume * cargo.share / load / 365 * self.peak
        return found

    def boxes(self, volume: float, kind: str, direction: str, unit: str) -> float:
        """Tonnes or TEU a year, at the pace of the busiest month, of one class and direction."""
        total = 0.0
        for cargo in self.cargo:
            if kind in ("any", cargo.kind) and direction in ("both", cargo.direction):
                amount = volume * cargo.share * self.peak
                total += amount / cargo.box_t if unit == "teu" else amount
        return total


def level_m(files: Files, body: str) -> float:
    """Water level of the day, on the straight line between the two dates around it."""
    known = sorted(
        (date.fromisoformat(row["date"]), float(row["level_m"]))
        for row in files.table("water_levels", "water_body", "date").values()
        if row["water_body"] == body
    )
    if known[-1][0] <= DAY:
        return known[-1][1]
    for (day, low), (later, high) in pairwise(known):
        if day <= DAY <= later:
            return low + (high - low) * (DAY - day).days / (later - day).days
    return known[0][1]


def payload(files: Files, line: dict[str, str], pool: dict[str, str]) -> tuple[float, float]:
    """Tonnes and boxes of one vessel through the shallower channel."""
    tonnes = float(pool["capacity_t"])
    for end in ("from_terminal", "to_terminal"):
        port = files.table("terminals")[line[end]]
        if port.get("channel_depth_m") and pool.get("design_draught_m"):
            fallen = level_m(files, port["water_body"]) - float(port["channel_datum_m"])
            clear = float(pool.get("keel_clearance_m") or 0.5)
            draught = float(port["channel_depth_m"]) + fallen - clear
            missing = max(0.0, float(pool["design_draught_m"]) - draught) * 10
            tonnes = min(
                tonnes, float(pool["capacity_t"]) - missing * float(pool["tonnes_per_dm_t"])
            )
    weights = [
        float(row["net_t_per_teu"]) + float(row["tare_t_per_teu"] or 0)
        for row in files.table("loadings", "commodity", "direction").values()
        if row["net_t_per_teu"]
    ]
    return tonnes, min(float(pool.get("capacity_teu") or 0), tonnes * len(weights) / sum(weights))


def sea_overflows(way: Way, volume: float, row: str) -> bool:
    """Whether a sea line, forward as the corridor, is asked for more than calm seas let through."""
    files = way.files
    line = files.table("vessel_lines")[row]
    cycle = 2 * (float(line["sailing_h"]) + float(line["port_time_h"]))
    unit = "teu" if line["serves"] == "container" else "t"
    carried = 0.0
    for allocation in files.table("vessel_allocations").values():
        if allocation["line"] == row:
            pool = files.table("vessel_pools")[allocation["pool"]]
            tonnes, boxes = payload(files, line, pool)
            trips = float(pool["vessels"]) * float(allocation["share"]) * 8760 / cycle
            carried += trips * (boxes if unit == "teu" else tonnes)
    return any(
        way.boxes(volume, line["serves"], direction, unit)
        > carried * float(line.get(f"lot_share_{direction}") or 1)
        for direction in ("forward", "backward")
    )


def handling_overflows(way: Way, volume: float, row: str) -> bool:
    files = way.files
    group = files.table("handling")[row]
    served = 8760 * int(group["servers"]) / float(group["service_h"])
    direction = group.get("direction") or "both"
    if group["native_unit"] == "train":
        node = files.table("terminals")[group["terminal"]]["node"]
        place = way.nodes.index(node)
        loops = min(way.loops(place - 0.5), way.loops(place + 0.5))
        trains = way.trains(volume, place, place, loops)
        return trains[direction] > served / 365
    unit = "teu" if group["serves"] == "container" else "t"
    return way.boxes(volume, group["serves"], direction, unit) > served * float(
        group[f"lot_{unit}"]
    )


def border_overflows(way: Way, volume: float, row: str) -> bool:
    border = way.files.table("border_crossings")[row]
    ends = sorted(way.nodes.index(border[end]) for end in ("from_node", "to_node"))
    loops = min(way.loops(end - 0.5) for end in (ends[0], ends[1] + 1))
    trains = way.trains(volume, ends[0], ends[1], loops)[border["direction"]]
    limits = [float(border["limit_trains_per_day"])] if border.get("limit_trains_per_day") else []
    if border.get("servers"):
        limits.append(24 * int(border["servers"]) / float(border["service_h"]))
    return trains > min(limits)


def station_overflows(way: Way, volume: float, row: str) -> bool:
    group = way.files.table("station_tracks")[row]
    place = way.nodes.index(group["node"])
    loops = min(way.loops(place - 0.5), way.loops(place + 0.5), float(group["useful_length_m"]))
    pairs = max(way.trains(volume, place, place, loops).values())
    minutes = 2 * pairs * float(group["occupancy_min"]) / int(group["tracks"])
    throat = 2 * 2 * pairs * float(group["throat_min"]) / int(group["throats"])
    return minutes > 1440 or throat > 1440


def overflowing(way: Way, volume: float) -> set[str]:
    """Everything that a volume is too much for, the whole day, calm seas and every unit fit."""
    over: set[str] = set()
    for place, row in way.rails:
        pairs = max(way.trains(volume, place, place + 1, way.loops(place + 0.5)).values())
        if pairs > section_trains(way.files, row):
            over.add(row["id"])
    checks = {
        "vessel_lines": sea_overflows,
        "handling": handling_overflows,
        "border_crossings": border_overflows,
        "station_tracks": station_overflows,
    }
    listed = way.files.table("corridor_elements", "corridor", "sequence").values()
    over |= {line["row"] for line in listed if checks[line["table"]](way, volume, line["row"])}
    shortest_loops = min(way.loops(place + 0.5) for place, _ in way.rails)
    pairs = fleet_pairs(way, volume, shortest_loops)
    for name, fleet in way.files.table("fleets").items():
        units = pairs * float(fleet["turn_days"]) * float(fleet["units_per_train"])
        if units > float(fleet["units"]):
            over.add(name)
    return over


def fleet_pairs(way: Way, volume: float, loops: float) -> float:
    """Pairs a day of all cargo, wherever it joins."""
    sums = {"forward": 0.0, "backward": 0.0}
    for cargo in way.cargo:
        load = cargo.train_t * min(1.0, loops / cargo.length)
        sums[cargo.direction] += volume * cargo.share / load / 365 * way.peak
    return max(sums.values())


def by_trying(way: Way) -> dict[str, float]:
    """The volume from which each element overflows, by halving the interval for each."""
    found: dict[str, float] = {}
    for element in overflowing(way, 1e13):
        low, high = 0.0, 1e13
        while high - low > 1e-12 * high:
            middle = (low + high) / 2
            if element in overflowing(way, middle):
                high = middle
            else:
                low = middle
        found[element] = high
    return found


@pytest.mark.parametrize("study", ["tiny", "corridor"])
def test_a_corridor_by_trying_volumes(tmp_path: Path, study: str) -> None:
    folder, corridor = tmp_path / study, "way"
    if study == "tiny":
        write_tiny(folder, tiny_tables())
    else:
        new_study(folder, study)
        corridor = "east_west"
    ladder = corridor_ladder(Capacities(load_model(folder).at(DAY)), corridor, Level.MAXIMAL)
    tried = by_trying(Way(Files(folder), corridor))
    computed = {step.element: step.binds_at_t for step in ladder.steps}
    assert computed == pytest.approx(tried, rel=1e-9)
    assert ladder.capacity_t == pytest.approx(min(tried.values()), rel=1e-9)
    assert len(tried) > 7


def test_a_berth_at_a_bearable_wait_in_closed_form(tmp_path: Path) -> None:
    # M/M/1: the wait is rho / (1 - rho) services; a quarter of one allows a fifth of the time.
    write_tiny(tmp_path / "tiny", tiny_tables())
    known = Capacities(load_model(tmp_path / "tiny").at(DAY))
    ladder = corridor_ladder(known, "way", Level.AVAILABLE)
    ships = 8760 / 10 * 0.25 / 1.25
    boxes_per_tonne = 0.8 / 10 + 0.2 / 8
    assert ladder.capacity_t == pytest.approx(ships * 200 / boxes_per_tonne / 1.1, rel=1e-9)


def test_one_berth_between_random_ships_and_steady_service_in_closed_form(tmp_path: Path) -> None:
    # M/E_k/1: rho / (1 - rho) * (1 + 1/k) / 2 services, solved for rho.
    tables = tiny_tables()
    row_of(tables, "handling", "berth_c")["service_stages"] = 4
    write_tiny(tmp_path / "tiny", tables)
    known = Capacities(load_model(tmp_path / "tiny").at(DAY))
    found = known.of("handling", "berth_c")[1].native_per_year
    busy = 0.25 / ((1 + 1 / 4) / 2)
    assert found == pytest.approx(876 * busy / (1 + busy), rel=1e-6)


def test_the_long_gaps_of_a_semi_automatic_line(tmp_path: Path) -> None:
    # 49 km at 55 km/h: 53.5 min each way. One track: twelve pairs a day, by hand; two tracks under
    # the same block: a train every 57.5 min, 25; automatic block of 10 min: 144.
    minutes = 49 / 55 * 60
    expected = {
        (1, "semi"): 1440 / (2 * minutes + 2 * (2 + 1)),
        (2, "semi"): 1440 / (minutes + 4),
        (2, "auto"): 1440 / 10,
    }
    assert [int(trains) for trains in expected.values()] == [12, 25, 144]
    for (tracks, signalling), trains in expected.items():
        tables = tiny_tables()
        long_gap = {"length_km": 49, "crossing_gap_km": 49, "freight_speed_km_per_h": 55}
        row = {**row_of(tables, "sections", "de"), **long_gap}
        row |= {"tracks": tracks, "signalling": signalling}
        tables["sections"] = [*tables["sections"][:2], row]
        folder = write_tiny(tmp_path / f"{tracks}{signalling}", tables)
        found = line_capacity(load_model(folder).at(DAY), "coast")[0]
        assert found.capacity.gross_trains_per_day == pytest.approx(trains)


def test_the_published_example_of_crossing_schemes(tmp_path: Path) -> None:
    """tlookup.ru/wocs-1042-1.html: 24 and 25 min, intervals 2, 1, 1 and 4: 59, 55, 57, 57 min."""
    new_study(tmp_path / "line", "rail-line")
    found = line_capacity(load_model(tmp_path / "line").at(DAY), "steppe")[0]
    assert found.schemes == {
        "both_stop": 59.0,
        "through_even": 55.0,
        "through_odd": 57.0,
        "cross_pass": 57.0,
    }
    assert found.section == "bulaq_tepe"
    assert found.capacity.floored == 26
