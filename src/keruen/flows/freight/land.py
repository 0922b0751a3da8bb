"""Links of railways and roads, with the border procedures that stand on them."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

from keruen.capacity.record import Capacity
from keruen.capacity.registry import Capacities
from keruen.flows.freight.assumptions import assumptions_of
from keruen.flows.freight.draft import TRAIN, Draft, Place, rail_place, road_place
from keruen.model import Model
from keruen.rail.line_capacity import Level
from keruen.schema import load_schema
from keruen.terminals.queueing import Servers, mean_wait
from keruen.units import DAYS_PER_YEAR

LEVEL: Final = Level.AVAILABLE
"""Level of capacity that flows keep to: what is there, without the planner's reserve."""
HALF: Final = 0.5
CARRIED: Final = "carried_pairs_per_day"
REMOVED: Final = "removed_trains_per_day"
"""Input of a section's capacity: what background trains take of it."""
ALL_RAIL: Final = frozenset({"container", "liquid_bulk", "dry_bulk", "general", "rail_ferry"})
ON_ROAD: Final = frozenset({"ro_ro"})


def inherited(model: Model, table: str, row: str, column: str) -> float | None:
    """A number of a row, or of the class that fills its empty cells; None when both are empty."""
    number = model.number(table, row, column)
    through = load_schema()[table].columns[column].inherits
    if number is None and through:
        reference = model.text(table, row, through)
        if reference:
            target = load_schema()[table].columns[through].references
            number = model.number(target, reference, column)
    return number


def record_of(known: Capacities, table: str, row: str, direction: str) -> Capacity | None:
    """Record at the level that flows keep to, of a direction or of both; None without any."""
    for record in known.of(table, row):
        if record.level == LEVEL.value and record.direction in (direction, "both"):
            return record
    return None


def trains_a_year(record: Capacity | None) -> float:
    """Trains a year in one direction that a record leaves; infinite where it tells none."""
    if record is None or record.trains_per_day is None:
        return math.inf
    return record.trains_per_day * DAYS_PER_YEAR


def given_back(model: Model, row: str, record: Capacity | None) -> float:
    """Trains a year that background traffic takes of a section and that flows carry themselves.

    Among background trains of a class may be some whose cargo is demand of the study
    (``carried_pairs_per_day``): a corridor finds them on its line, and flows make them run. Flows
    have their paths back, or they would be counted twice.

    Parameters
    ----------
    model : Model
        Of a day.
    row : str
        Section.
    record : Capacity or None
        Its capacity at the level that flows keep to.

    Returns
    -------
    float
        Trains a year in each direction: gross trains less what the rest of the background takes,
        over what the record leaves. Nought where the record says nothing of the background.
    """
    kind = model.text("sections", row, "traffic_class")
    carried = model.number("traffic_classes", kind, CARRIED) if kind else None
    if not carried or record is None or record.gross_trains_per_day is None:
        return 0.0
    carried = min(carried, inherited(model, "sections", row, "freight_pairs_per_day") or 0.0)
    removed = next((float(i.value) for i in record.inputs if i.name == REMOVED), 0.0)
    room = max(0.0, record.gross_trains_per_day - removed + carried)
    return max(0.0, room - (record.trains_per_day or 0.0)) * DAYS_PER_YEAR


def _directions(start: str, end: str) -> tuple[tuple[str, str, str], ...]:
    return (("forward", start, end), ("backward", end, start))


class Borders:
    """Border procedures by the two places between which they stand and the way across."""

    def __init__(self, model: Model, known: Capacities) -> None:
        self._model = model
        self._known = known
        self._rows: dict[tuple[str, str], list[str]] = {}
        frame = model["border_crossings"]
        columns = (frame.index, frame["from_node"], frame["to_node"], frame["direction"])
        for row, start, end, direction in zip(*columns, strict=True):
            self._rows.setdefault((str(start), str(end)), []).append(str(row))
            if direction == "both":
                self._rows.setdefault((str(end), str(start)), []).append(str(row))

    def between(self, start: str, end: str, side: str) -> list[str]:
        """Procedures from one place to the other on a side, ``joint`` ones counting as exits."""
        sides = ("exit", "joint") if side == "exit" else ("entry",)
        rows = self._rows.get((start, end), [])
        return sorted(
            row for row in rows if self._model.text("border_crossings", row, "side") in sides
        )

    def drafts(self, ends: tuple[str, str], side: str, way: tuple[Place, Place]) -> list[Draft]:
        """Links of the procedures of a side, in a chain between two places."""
        rows = self.between(*ends, side)
        chain = [way[0]] + [("border", row, way[0][2]) for row in rows[:-1]] + [way[1]]
        return [self._draft(row, ends, (chain[at], chain[at + 1])) for at, row in enumerate(rows)]

    def _draft(self, row: str, ends: tuple[str, str], way: tuple[Place, Place]) -> Draft:
        model = self._model
        direction = model.text("border_crossings", row, "direction")
        record = record_of(self._known, "border_crossings", row, direction)
        servers = model.number("border_crossings", row, "servers")
        service = model.number("border_crossings", row, "service_h") or 0.0
        open_h = model.number("border_crossings", row, "hours_per_day") or 24.0
        stages = model.number("border_crossings", row, "service_stages") or 1.0
        wait = half_used_wait_h(int(servers), service, stages, 1.0) if servers and service else 0.0
        shut = max(0.0, 24.0 - open_h)
        standing = model.number("border_crossings", row, "standing_h") or 0.0
        return Draft(
            *way,
            "border",
            "border_crossings",
            row,
            direction,
            ends,
            # Who comes while it is shut waits half of that time on average.
            standing_h=service + standing + shut * shut / 48.0,
            native=TRAIN,
            capacity=trains_a_year(record),
            wait_h=wait,
            serves=ALL_RAIL,
            gauge=way[0][2],
        )


def half_used_wait_h(servers: int, service_h: float, stages: float, arrivals: float) -> float:
    """Mean wait before servers that are busy half of the time.

    Parameters
    ----------
    servers : int
        Equal servers.
    service_h : float
        Mean service time, hours.
    stages, arrivals : float
        Erlang stages of service times and of times between arrivals.

    Examples
    --------
    One exponential server at one half: as long as the service.

    >>> half_used_wait_h(1, 2.0, 1.0, 1.0)
    2.0
    """
    group = Servers(servers, service_h, 1.0 / stages, 1.0 / arrivals)
    return mean_wait(group, HALF * servers / service_h).wait_h


def unevenness_of(model: Model) -> float:
    """Busiest month over mean month, the largest of the corridors; 1 without any."""
    ratios = model["corridors"]["unevenness_ratio"].dropna()
    return float(ratios.max()) if len(ratios) else 1.0


def _section(model: Model, known: Capacities, row: str, per_line: float) -> list[Draft]:
    """Both directions of a railway section, without the procedures at a border."""
    gauge = model.text("sections", row, "gauge_mm")
    start, end = (model.text("sections", row, name) for name in ("from_node", "to_node"))
    length = model.number("sections", row, "length_km") or 0.0
    speed = inherited(model, "sections", row, "freight_speed_km_per_h") or 0.0
    found = []
    for direction, tail, head in _directions(start, end):
        record = record_of(known, "sections", row, direction)
        kept = given_back(model, row, record)
        trains = trains_a_year(record) + kept
        interval_h = 24.0 * DAYS_PER_YEAR / trains if 0.0 < trains < math.inf else 0.0
        found.append(
            Draft(
                rail_place(tail, gauge),
                rail_place(head, gauge),
                "rail",
                "sections",
                row,
                direction,
                (tail, head),
                length,
                running_h=length / speed if speed > 0 else 0.0,
                native=TRAIN,
                capacity=trains,
                kept=kept,
                wait_h=interval_h / per_line,
                serves=ALL_RAIL,
                gauge=gauge,
            )
        )
    return found


def _with_borders(draft: Draft, borders: Borders) -> list[Draft]:
    """A section of the border itself: leave, run, enter; any other alone."""
    tail, head = draft.ends
    leaving = bool(borders.between(tail, head, "exit"))
    entering = bool(borders.between(tail, head, "entry"))
    out: Place = ("left", f"{draft.row}/{draft.direction}", draft.gauge)
    into: Place = ("met", f"{draft.row}/{draft.direction}", draft.gauge)
    first = out if leaving else draft.tail
    last = into if entering else draft.head
    return [
        *borders.drafts(draft.ends, "exit", (draft.tail, out)),
        draft._replace(tail=first, head=last),
        *borders.drafts(draft.ends, "entry", (into, draft.head)),
    ]


def rail_drafts(model: Model, known: Capacities) -> list[Draft]:
    """Links of all railway sections, in both directions, and of the borders on them.

    A train waits where its line is tightest and runs on in step from there, so the wait of a line
    is shared out over its sections: in a row of servers of nearly constant service the slowest
    makes the wait, not each anew.

    Parameters
    ----------
    model : Model
        Of a day.
    known : Capacities
        Its capacities.

    Returns
    -------
    list of Draft
    """
    borders = Borders(model, known)
    frame = model["sections"]
    rows = sorted(map(str, frame.index[frame["mode"] == "rail"]))
    lines = Counter(model.text("sections", row, "line") for row in rows)
    found: list[Draft] = []
    for row in rows:
        line = model.text("sections", row, "line")
        per_line = float(lines[line]) if line else 1.0
        for draft in _section(model, known, row, per_line):
            found += _with_borders(draft, borders)
    return found


def road_drafts(model: Model) -> list[Draft]:
    """Links of all road sections, in both directions; roads have no capacity here."""
    frame = model["sections"]
    speed = assumptions_of(model).road_km_per_h
    found = []
    for row in sorted(map(str, frame.index[frame["mode"] == "road"])):
        start, end = (model.text("sections", row, name) for name in ("from_node", "to_node"))
        length = model.number("sections", row, "length_km") or 0.0
        for direction, tail, head in _directions(start, end):
            found.append(
                Draft(
                    road_place(tail),
                    road_place(head),
                    "road",
                    "sections",
                    row,
                    direction,
                    (tail, head),
                    length,
                    running_h=length / speed,
                    serves=ON_ROAD,
                )
            )
    return found
