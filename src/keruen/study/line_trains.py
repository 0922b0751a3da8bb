"""How trains run on a line: three methods side by side, measures one by one, energy, and a day.

What the reader of a report wants to know of a line beside its capacity; the tables made here are
all that the pictures of a line are drawn from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.capacity.drawn_run import DrawnRun, drawn_run
from keruen.capacity.line_description import (
    METHODS,
    LineCapacities,
    StudyLine,
    capacities_of_line,
    line_description,
)
from keruen.capacity.line_dispatch import LineDispatch, dispatch_line
from keruen.capacity.line_run import LineRun, line_run
from keruen.capacity.line_timetable import CLASSES, FREIGHT, PASSENGER, line_timetable
from keruen.capacity.train_day import TrainDay, train_day
from keruen.errors import FailedError, OutOfServiceError, Problem
from keruen.model import Model
from keruen.rail.dispatch.network import Policy
from keruen.rail.energy import DIESEL_KG_PER_L
from keruen.study.what_ifs import AS_IT_STANDS, what_ifs

Row = dict[str, object]

LINE_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "line_methods": (
        "line", "date", "method", "level", "pairs_per_day", "left_pairs_per_day",
        "consumption_share", "section",
    ),
    "line_what_ifs": (
        "line", "date", "what_if", "method", "level", "pairs_per_day", "left_pairs_per_day",
        "section",
    ),
    "line_runs": (
        "line", "date", "what_if", "direction", "length_km", "running_min", "shortest_min",
        "trailing_t", "locomotives", "wheel_kwh", "wire_kwh", "substation_kwh", "fuel_l",
        "wheel_kwh_per_10000_gross_t_km", "wire_kwh_per_10000_gross_t_km",
        "fuel_l_per_10000_gross_t_km", "fuel_kg_per_10000_gross_t_km", "profile_assumed",
    ),
    "line_days": (
        "line", "date", "draw", "policy", "guard", "freight_pairs_per_day", "trains",
        "trains_finished", "trains_rejected", "weighted_delay_min", "freight_delay_min",
        "passenger_delay_min", "freight_speed_km_per_h",
    ),
    "train_paths": (
        "line", "date", "train", "point", "number", "train_class", "direction",
        "time_min", "km", "cause",
    ),
    "gap_occupancy": ("line", "date", "gap", "section", "train_class", "share"),
    "train_speeds": ("line", "date", "km", "speed_km_per_h"),
    "train_kilometres": (
        "line", "date", "leg", "node", "traction", "from_km", "to_km", "mean_speed_km_per_h",
        "running_min", "wheel_kwh", "wire_kwh", "substation_kwh", "fuel_l",
    ),
    "line_troubles": ("line", "date", "part", "code", "file", "params"),
}  # fmt: skip
"""Tables made here with their columns, in order.

``line_troubles`` says what could not be computed of a line, and why.
"""
DRAWN_POLICY: Final = Policy.FIRST_COME
"""Who goes first in the day that is kept for the pictures."""
MOST_DRAWS: Final = 5
"""Days of trains that are drawn at most, each with other times at which trains are due."""
DRAWN_TRAINS: Final = 200
"""No further day is drawn with which there would be more trains than this."""


class LineOnDay(NamedTuple):
    """A line on a day.

    Parameters
    ----------
    line : str
        Row of ``lines``.
    day : date
        The day.
    model : Model
        Of that day.
    """

    line: str
    day: date
    model: Model


class Gathered:
    """Rows of every table of lines, as they are found."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {name: [] for name in LINE_TABLES}
        self._frames: dict[str, list[pd.DataFrame]] = {name: [] for name in LINE_TABLES}

    def add(self, table: str, on: LineOnDay, rows: Iterable[Row]) -> None:
        """Add rows of a line on a day."""
        own = {"line": on.line, "date": on.day.isoformat()}
        self._rows[table] += [{**own, **row} for row in rows]

    def add_columns(self, table: str, on: LineOnDay, **columns: object) -> None:
        """Add columns of equal length of a line on a day."""
        frame = pd.DataFrame(columns)
        frame.insert(0, "date", on.day.isoformat())
        frame.insert(0, "line", on.line)
        self._frames[table].append(frame)

    def trying(self, part: str, on: LineOnDay, compute: Callable[[], None]) -> None:
        """Compute a part of a line; what cannot be computed is kept with its reasons."""
        try:
            compute()
        except (FailedError, OutOfServiceError) as failed:
            self.add("line_troubles", on, (_trouble(part, one) for one in failed.problems))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table, an empty one with its columns where nothing was found."""
        found = {}
        for name, columns in LINE_TABLES.items():
            parts = [one for one in self._frames[name] if not one.empty]
            if self._rows[name]:
                parts.insert(0, pd.DataFrame(self._rows[name]))
            joined = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
            found[name] = joined.reindex(columns=list(columns))
        return found


def _trouble(part: str, problem: Problem) -> Row:
    params = json.dumps(dict(problem.params), default=str, sort_keys=True)
    return {"part": part, "code": problem.code, "file": problem.file or "", "params": params}


@lru_cache(maxsize=256)
def _capacities(known: StudyLine) -> LineCapacities:
    """All methods at all levels; a line that is described alike on two days is asked once."""
    return capacities_of_line(known, tuple(METHODS))


def methods_of_line(found: Gathered, on: LineOnDay) -> None:
    """Capacity of a line on a day by every method at every level."""

    def compute() -> None:
        capacities = _capacities(line_description(on.model, on.line))
        found.add(
            "line_methods",
            on,
            (
                {
                    "method": one.gross.method.value,
                    "level": one.gross.level.value,
                    "pairs_per_day": one.gross.pairs_per_day,
                    "left_pairs_per_day": one.left_per_day,
                    "consumption_share": one.consumption_share,
                    "section": one.section,
                }
                for one in capacities.found
            ),
        )
        _keep_failures(found, on, "methods", capacities)

    found.trying("methods", on, compute)


def _keep_failures(found: Gathered, on: LineOnDay, part: str, capacities: LineCapacities) -> None:
    """Keep why methods have no answer, each reason once for all levels."""
    rows = {
        json.dumps(row, sort_keys=True, default=str): row
        for one in capacities.failed
        for row in (_trouble(f"{part}/{one.method.value}", problem) for problem in one.problems)
    }
    found.add("line_troubles", on, rows.values())


def what_ifs_of_line(found: Gathered, on: LineOnDay, decided: Model) -> None:
    """Capacity, running time and energy of a line under each measure alone."""
    for what_if in what_ifs(on.model, decided, on.line):
        own = on._replace(model=what_if.model)

        def compute(own: LineOnDay = own, name: str = what_if.name) -> None:
            capacities = _capacities(line_description(own.model, own.line))
            found.add(
                "line_what_ifs",
                own,
                (
                    {
                        "what_if": name,
                        "method": one.gross.method.value,
                        "level": one.gross.level.value,
                        "pairs_per_day": one.gross.pairs_per_day,
                        "left_pairs_per_day": one.left_per_day,
                        "section": one.section,
                    }
                    for one in capacities.found
                ),
            )
            _keep_failures(found, own, f"what_if/{name}", capacities)

        found.trying(f"what_if/{what_if.name}", own, compute)
        runs_of_line(found, own, what_if.name)


def runs_of_line(found: Gathered, on: LineOnDay, what_if: str = AS_IT_STANDS) -> None:
    """Running time and energy of the ordinary train, both ways."""

    def compute() -> None:
        for direction in ("forward", "backward"):
            run = line_run(on.model, f"lines/{on.line}", backward=direction == "backward")
            found.add("line_runs", on, [{"what_if": what_if, **_run_row(direction, run)}])

    found.trying(f"run/{what_if}", on, compute)


def _run_row(direction: str, run: LineRun) -> Row:
    return {
        "direction": direction,
        "length_km": run.length_km,
        "running_min": run.time_min,
        "shortest_min": run.forced_min,
        "trailing_t": min(leg.hauled.trailing_t for leg in run.legs),
        "locomotives": " ".join(
            dict.fromkeys(f"{leg.hauled.units}*{leg.locomotive}" for leg in run.legs)
        ),
        "wheel_kwh": run.wheel_kwh,
        "wire_kwh": run.wire_kwh,
        "substation_kwh": run.substation_kwh,
        "fuel_l": run.fuel_l,
        "wheel_kwh_per_10000_gross_t_km": run.per_10000_gross_t_km(run.wheel_kwh),
        "wire_kwh_per_10000_gross_t_km": run.per_10000_gross_t_km(run.wire_kwh, is_diesel=False),
        "fuel_l_per_10000_gross_t_km": run.per_10000_gross_t_km(run.fuel_l, is_diesel=True),
        "fuel_kg_per_10000_gross_t_km": _kilograms(
            run.per_10000_gross_t_km(run.fuel_l, is_diesel=True)
        ),
        "profile_assumed": run.assumes_profile,
    }


def _kilograms(litres: float | None) -> float | None:
    return None if litres is None else litres * DIESEL_KG_PER_L


def day_of_line(found: Gathered, on: LineOnDay, seed: int) -> None:
    """Days of trains under every policy, and all of the first under the one that is drawn."""

    def compute() -> None:
        for draw in range(MOST_DRAWS):
            timetable = line_timetable(on.model, on.line, seed=seed + draw)
            if draw > 0 and (draw + 1) * int(timetable.counted.sum()) > DRAWN_TRAINS:
                break
            for policy in Policy:
                ran = dispatch_line(timetable, policy, seed + draw)
                found.add("line_days", on, [{"draw": draw, **_day_row(ran)}])
                if policy is DRAWN_POLICY and draw == 0:
                    _keep_day(found, on, train_day(ran))

    found.trying("day", on, compute)

    def drive() -> None:
        _keep_run(found, on, drawn_run(line_run(on.model, f"lines/{on.line}")))

    found.trying("speed", on, drive)


def _day_row(ran: LineDispatch) -> Row:
    timetable = ran.timetable
    rejected = sum(bool(timetable.counted[one.train]) for one in ran.rejections)
    freight, passenger = (ran.delays_min(one) for one in (FREIGHT, PASSENGER))
    return {
        "policy": ran.policy.name.lower(),
        "guard": ran.guard,
        "freight_pairs_per_day": timetable.freight_pairs,
        "trains": int(timetable.counted.sum()),
        "trains_finished": int(ran.finished.sum()),
        "trains_rejected": rejected,
        "weighted_delay_min": ran.weighted_delay_min,
        "freight_delay_min": float(freight.mean()) if freight.size else None,
        "passenger_delay_min": float(passenger.mean()) if passenger.size else None,
        "freight_speed_km_per_h": ran.speed_km_per_h(FREIGHT),
    }


def _keep_day(found: Gathered, on: LineOnDay, day: TrainDay) -> None:
    """Ways of trains since the first midnight looked at, and shares of tracks taken."""
    begin = day.span_min[0]
    paths = [train.path for train in day.trains]
    if paths:
        points = [path.km.size for path in paths]
        numbers = [train.number for train in day.trains]
        classes = [CLASSES[train.train_class] for train in day.trains]
        ways = ["forward" if train.odd else "backward" for train in day.trains]
        found.add_columns(
            "train_paths",
            on,
            train=np.repeat(np.arange(len(paths)), points),
            point=np.concatenate([np.arange(size) for size in points]),
            number=np.repeat(np.array(numbers), points),
            train_class=np.repeat(np.array(classes, dtype=object), points),
            direction=np.repeat(np.array(ways, dtype=object), points),
            time_min=np.concatenate([path.time_min - begin for path in paths]),
            km=np.concatenate([path.km for path in paths]),
            # Why it stands until the next of its rows.
            cause=np.concatenate([np.append(path.cause, 0) for path in paths]),
        )
    gaps = len(day.described.sections)
    found.add_columns(
        "gap_occupancy",
        on,
        gap=np.repeat(np.arange(gaps), len(CLASSES)),
        section=np.repeat(np.array(day.described.sections, dtype=object), len(CLASSES)),
        train_class=list(CLASSES) * gaps,
        share=day.occupied.ravel(),
    )


def _keep_run(found: Gathered, on: LineOnDay, run: DrawnRun) -> None:
    found.add_columns("train_speeds", on, km=run.km, speed_km_per_h=run.speed_km_per_h)
    for place, leg in enumerate(run.legs):
        found.add_columns(
            "train_kilometres",
            on,
            leg=np.full(leg.kilometres.from_km.size, place),
            node=leg.node,
            traction="diesel" if leg.is_diesel else "electric",
            **leg.kilometres._asdict(),
        )


def line_trains(
    found: Gathered,
    line: str,
    entries: Sequence[LineOnDay],
    seed: int,
) -> None:
    """Everything about a line on its days.

    Parameters
    ----------
    found : Gathered
        Where it is put.
    line : str
        Row of ``lines``.
    entries : sequence of LineOnDay
        The base day and each day on which something opens, in order. Measures are laid over the
        first of them; trains are run on the first and the last.
    seed : int
        Of the random streams.
    """
    if not entries:
        return
    first, last = entries[0], entries[-1]
    for on in entries:
        methods_of_line(found, on)
    what_ifs_of_line(found, first, last.model)
    for on in (first, last) if len(entries) > 1 else (first,):
        day_of_line(found, on, seed)
    if len(entries) > 1:
        runs_of_line(found, last)
