"""Links where cargo changes rails or boards a ship, the sea lines, and the ways into zones."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

from keruen.capacity.record import Capacity
from keruen.capacity.registry import Capacities
from keruen.flows.freight.assumptions import assumptions_of
from keruen.flows.freight.cargo import CARRIED_BY
from keruen.flows.freight.draft import (
    BOX,
    CHANGE,
    TONNE,
    TRAIN,
    Draft,
    Place,
    land_place,
    rail_place,
    road_place,
    zone_place,
)
from keruen.flows.freight.land import (
    ALL_RAIL,
    ON_ROAD,
    half_used_wait_h,
    record_of,
    trains_a_year,
)
from keruen.model import Model
from keruen.units import HOURS_PER_YEAR

CHANGE_KINDS: Final = frozenset({"gauge_change_track"})
_ANY: Final = ("any", "train")


def boarding(serves: str) -> frozenset[str]:
    """Classes of cargo that a sea line of this kind takes.

    >>> sorted(boarding("general"))
    ['dry_bulk', 'general']
    """
    return frozenset(one for one, lines in CARRIED_BY.items() if serves in lines)


class Groups:
    """Groups of servers by terminal, and the part of the cargo that uses each."""

    def __init__(self, model: Model, known: Capacities) -> None:
        self.model = model
        self.known = known
        self._of: dict[str, list[str]] = {}
        for row, terminal in model["handling"]["terminal"].items():
            self._of.setdefault(str(terminal), []).append(str(row))
        elements = model["corridor_elements"]
        own = elements[elements["table"] == "handling"]
        self._share: dict[str, float] = {}
        for row, share in zip(own["row"], own["share"], strict=True):
            part = 1.0 if math.isnan(float(share)) else float(share)
            self._share[str(row)] = max(part, self._share.get(str(row), 0.0))

    def at(self, terminal: str) -> list[str]:
        """Groups of a terminal, by id."""
        return sorted(self._of.get(terminal, []))

    def draft(self, row: str, way: tuple[Place, Place], node: str, serves: frozenset[str]) -> Draft:
        """A link through a group of servers."""
        model = self.model
        direction = model.text("handling", row, "direction") or "both"
        record = record_of(self.known, "handling", row, direction)
        native, capacity = self._capacity(record, row)
        return Draft(
            *way,
            "handling",
            "handling",
            row,
            direction,
            (node, node),
            standing_h=model.number("handling", row, "service_h") or 0.0,
            native=native,
            capacity=capacity,
            wait_h=self._wait_h(row),
            share=self._share.get(row, 1.0),
            serves=serves,
        )

    def _capacity(self, record: Capacity | None, row: str) -> tuple[str, float]:
        if record is None:
            return TONNE, math.inf
        if record.trains_per_day is not None:
            return TRAIN, trains_a_year(record)
        boxes = self.model.text("handling", row, "serves") == "container"
        if boxes and record.teu_per_year is not None:
            return BOX, record.teu_per_year
        if record.t_per_year is not None:
            return TONNE, record.t_per_year
        if record.teu_per_year is not None:
            return BOX, record.teu_per_year
        return TONNE, math.inf

    def _wait_h(self, row: str) -> float:
        servers = self.model.number("handling", row, "servers")
        service = self.model.number("handling", row, "service_h")
        if not servers or not service:
            return 0.0
        stages = self.model.number("handling", row, "service_stages") or 1.0
        arrivals = self.model.number("handling", row, "arrival_stages") or 1.0
        return half_used_wait_h(int(servers), service, stages, arrivals)

    def chain(
        self, rows: list[str], name: tuple[str, str], node: str, serves: frozenset[str]
    ) -> tuple[list[Draft], Place, Place]:
        """Links through groups one after the other, with both ends.

        Both ways share each link, so that what is loaded and what is unloaded meet in one
        capacity. No route turns round in a chain: it would pass its own place twice.
        """
        places: list[Place] = [(*name, str(at)) for at in range(len(rows) + 1)]
        links = [
            self.draft(row, (places[at], places[at + 1]), node, serves)
            for at, row in enumerate(rows)
        ]
        return links, places[0], places[-1]


def _passage(tail: Place, head: Place, node: str, row: str, serves: frozenset[str]) -> Draft:
    """A link of no length that says who may go on where."""
    return Draft(tail, head, "access", "terminals", row, "both", (node, node), serves=serves)


def native_gauges(model: Model) -> dict[str, str]:
    """Gauge of most rails at each node.

    Sections between the two points of a border are left out, for rails of the neighbour lead up to
    a station too; they count at nodes that have no others.
    """
    borders = {
        frozenset((str(start), str(end)))
        for start, end in zip(
            model["border_crossings"]["from_node"],
            model["border_crossings"]["to_node"],
            strict=True,
        )
    }
    counts: dict[str, Counter[str]] = {}
    over: dict[str, Counter[str]] = {}
    frame = model["sections"]
    rails = frame[frame["mode"] == "rail"]
    columns = (rails["from_node"], rails["to_node"], rails["gauge_mm"])
    for start, end, gauge in zip(*columns, strict=True):
        known = over if frozenset((str(start), str(end))) in borders else counts
        for node in (str(start), str(end)):
            known.setdefault(node, Counter())[str(int(gauge))] += 1
    return {
        node: min(found, key=lambda gauge: (-found[gauge], gauge))
        for node, found in (over | counts).items()
    }


def _gauge_ways(model: Model, node: str, direction: str, gauges: set[str]) -> list[tuple[str, str]]:
    """Gauges from and to which a node changes trains of a direction, forward being westbound."""
    both = [(a, b) for a in sorted(gauges) for b in sorted(gauges) if a != b]
    if direction == "both":
        return both
    native = native_gauges(model)
    frame = model["border_crossings"]
    columns = (frame["from_node"], frame["to_node"], frame["direction"])
    for start, end, way in zip(*columns, strict=True):
        if way == direction and node in (start, end):
            pair = (native.get(str(start), ""), native.get(str(end), ""))
            if pair in both:
                return [pair]
    return both


def gauge_drafts(groups: Groups, gauges: dict[str, set[str]]) -> list[Draft]:
    """Links on which cargo goes over from rails of one gauge to those of another.

    Where no group of servers stands at a meeting of gauges nothing can go over.
    """
    model = groups.model
    found: list[Draft] = []
    for terminal in sorted(map(str, model["terminals"].index)):
        node = model.text("terminals", terminal, "node")
        rows = groups.at(terminal)
        tracks = [row for row in rows if model.text("handling", row, "kind") in CHANGE_KINDS]
        if len(gauges.get(node, ())) < 2:
            continue
        for track in tracks:
            direction = model.text("handling", track, "direction") or "both"
            yards = [
                row
                for row in rows
                if (
                    row not in tracks
                    and direction in ("both", model.text("handling", row, "direction"))
                )
                or (row not in tracks and model.text("handling", row, "direction") == "both")
            ]
            serves = _served(model, track)
            # Both ways share the servers, so that they meet in one capacity.
            links, first, last = groups.chain([track, *yards], (CHANGE, track), node, serves)
            found += links
            for start, end in _gauge_ways(model, node, direction, gauges[node]):
                found.append(_passage(rail_place(node, start), first, node, terminal, serves))
                found.append(_passage(last, rail_place(node, end), node, terminal, serves))
    return found


def _served(model: Model, row: str) -> frozenset[str]:
    serves = model.text("handling", row, "serves")
    return ALL_RAIL if serves in _ANY else frozenset({serves}) & ALL_RAIL or ALL_RAIL


def _land_places(
    node: str, gauges: dict[str, set[str]], roads: set[str]
) -> list[tuple[Place, str]]:
    """Places on land at a node, each with its mode."""
    rails = [(rail_place(node, gauge), "rail") for gauge in sorted(gauges.get(node, ()))]
    found = [*rails, *([(road_place(node), "road")] if node in roads else [])]
    return found or [(land_place(node), "land")]


def _on(mode: str) -> frozenset[str]:
    return {"road": ON_ROAD, "rail": ALL_RAIL}.get(mode, ALL_RAIL | ON_ROAD)


def _sailing(groups: Groups, row: str, direction: str, way: tuple[Place, Place]) -> Draft | None:
    """A sea line in a direction; None where nothing sails that way."""
    model = groups.model
    record = record_of(groups.known, "vessel_lines", row, direction)
    if record is None:
        return None
    serves = model.text("vessel_lines", row, "serves")
    boxes = serves == "container" and record.teu_per_year is not None
    yearly = record.teu_per_year if boxes else record.t_per_year
    if not yearly:
        return None
    start, end = (model.text("vessel_lines", row, name) for name in ("from_node", "to_node"))
    sailing = model.number("vessel_lines", row, "sailing_h") or 0.0
    port = model.number("vessel_lines", row, "port_time_h") or 0.0
    cycle = next((float(one.value) for one in record.inputs if one.name == "cycle_h"), 0.0)
    weather = max(0.0, cycle / 2.0 - sailing - port)
    trips = record.native_per_year or 0.0
    lots = assumptions_of(model).ship_lots
    ends = (start, end) if direction == "forward" else (end, start)
    return Draft(
        *way,
        "sea",
        "vessel_lines",
        row,
        direction,
        ends,
        model.number("vessel_lines", row, "length_km") or 0.0,
        running_h=sailing,
        # Half of the time in port at each end is its own; ships leave when they are there, so that
        # a consignment waits half of the interval between them.
        standing_h=port + weather + (HOURS_PER_YEAR / trips / 2.0 if trips > 0 else 0.0),
        native=BOX if boxes else TONNE,
        capacity=yearly,
        wait_h=HOURS_PER_YEAR / trips / (2.0 * lots) if trips > 0 else 0.0,
        serves=boarding(serves),
    )


def sea_drafts(groups: Groups, gauges: dict[str, set[str]], roads: set[str]) -> list[Draft]:
    """Links of sea lines with the servers of their terminals at both ends."""
    model = groups.model
    found: list[Draft] = []
    chains: dict[tuple[str, str], tuple[Place, Place]] = {}
    for row in sorted(map(str, model["vessel_lines"].index)):
        serves = model.text("vessel_lines", row, "serves")
        taken = boarding(serves)
        ends: list[tuple[Place, Place]] = []
        for side in ("from", "to"):
            node = model.text("vessel_lines", row, f"{side}_node")
            terminal = model.text("vessel_lines", row, f"{side}_terminal")
            key = (terminal or row, serves)
            if key not in chains:
                rows = [
                    group
                    for group in groups.at(terminal)
                    if model.text("handling", group, "serves") in (serves, *_ANY)
                ]
                links, first, last = groups.chain(rows, ("quay", "/".join(key)), node, taken)
                found += links
                chains[key] = (first, last)
                for place, mode in _land_places(node, gauges, roads):
                    able = taken & _on(mode)
                    if able:
                        found.append(_passage(place, first, node, terminal or row, able))
                        found.append(_passage(last, place, node, terminal or row, able))
            ends.append(chains[key])
        (first_in, first_out), (last_in, last_out) = ends
        for direction, way in (
            ("forward", (first_out, last_in)),
            ("backward", (last_out, first_in)),
        ):
            link = _sailing(groups, row, direction, way)
            if link is not None:
                found.append(link)
    return found


def zone_drafts(model: Model, gauges: dict[str, set[str]], roads: set[str]) -> list[Draft]:
    """Links between the middle of each zone and the rails and roads at its node."""
    found: list[Draft] = []
    speed = assumptions_of(model).road_km_per_h
    for zone in sorted(map(str, model["zones"].index)):
        node = model.text("zones", zone, "node")
        length = model.number("zones", zone, "access_km") or 0.0
        for place, mode in _land_places(node, gauges, roads):
            for ends in ((zone_place(zone), place), (place, zone_place(zone))):
                found.append(
                    Draft(
                        *ends,
                        "access",
                        "zones",
                        zone,
                        "both",
                        (node, node),
                        length,
                        running_h=length / speed,
                        serves=_on(mode),
                    )
                )
    return found
