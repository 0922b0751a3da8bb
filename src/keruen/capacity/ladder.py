"""The bottleneck ladder of a corridor: what binds first, what next, and at what volume."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import pandas as pd

from keruen.capacity.corridor import (
    DIRECTIONS,
    Corridor,
    Flow,
    passes,
    serves_flow,
    trains_per_t,
)
from keruen.capacity.fixture import Fixture
from keruen.capacity.record import NOT_IN_SERVICE, Capacity, Input, derived
from keruen.capacity.registry import Capacities
from keruen.errors import FailedError
from keruen.model import Model
from keruen.rail.line_capacity import Level
from keruen.units import DAYS_PER_YEAR

LADDER_LEVEL: Final = Level.AVAILABLE
"""Level of ladders unless another is asked for: windows, failures, weather and accepted waits are
counted, a further reserve on lines is not."""


class Step(NamedTuple):
    """One element of a corridor and the volume at which it binds.

    Parameters
    ----------
    rank : int
        1 for the element that binds first.
    element, kind : str
        Row and table.
    direction : str
        Direction of the record that binds.
    limit : str
        Code of what binds it.
    binds_at_t : float
        Volume of the corridor, net tonnes a year both directions, at which it is full.
    binds_at_teu : float
        The same in loaded TEU of the corridor's mix.
    inputs : tuple of Input
        What its capacity rests on.
    """

    rank: int
    element: str
    kind: str
    direction: str
    limit: str
    binds_at_t: float
    binds_at_teu: float
    inputs: tuple[Input, ...]


class Ladder(NamedTuple):
    """Steps of a corridor at a level, the binding one first.

    Parameters
    ----------
    corridor : str
        Its id.
    level : Level
        Level of capacity.
    steps : tuple of Step
        Empty when nothing bounds it.
    inputs : tuple of Input
        Numbers that turn tonnes into trains and containers, the same for every step.
    """

    corridor: str
    level: Level
    steps: tuple[Step, ...]
    inputs: tuple[Input, ...] = ()

    @property
    def capacity_t(self) -> float:
        """Net tonnes a year that the corridor carries; infinite when nothing bounds it."""
        return self.steps[0].binds_at_t if self.steps else float("inf")

    @property
    def capacity_teu(self) -> float:
        """Loaded TEU a year at that volume."""
        return self.steps[0].binds_at_teu if self.steps else float("inf")


def counts_teu(record: Capacity, serves: str) -> bool:
    """Whether an element's bound is its containers and not its tonnes."""
    return record.teu_per_year is not None and (serves == "container" or record.t_per_year is None)


def bound_of(record: Capacity, serves: str) -> float | None:
    """The figure that binds: trains a day, else TEU or tonnes a year; None when unbounded."""
    if record.trains_per_day is not None:
        return record.trains_per_day
    return record.teu_per_year if counts_teu(record, serves) else record.t_per_year


def _flows_at(corridor: Corridor, fixture: Fixture, direction: str) -> list[Flow]:
    """Flows of a direction, or of both, that an element serves."""
    return [
        flow
        for flow in corridor.flows
        if passes(flow, fixture.first, fixture.last)
        and serves_flow(fixture.serves, flow)
        and direction in ("both", flow.direction)
    ]


def fixture_load(corridor: Corridor, fixture: Fixture, record: Capacity) -> float:
    """What a tonne a year of the corridor asks of an element, in the unit of its bound.

    Parameters
    ----------
    corridor : Corridor
        The corridor.
    fixture : Fixture
        The element in it.
    record : Capacity
        A record of the element.

    Returns
    -------
    float
        Trains a day, TEU or tonnes a year, in the busiest month. Trains run in pairs: what serves
        both directions is asked for the pairs of the heavier one.
    """
    direction = record.direction
    if fixture.runs_back and direction in DIRECTIONS:
        direction = DIRECTIONS[1 - DIRECTIONS.index(direction)]
    if record.trains_per_day is not None:
        trains = trains_per_t(
            corridor, fixture.first, fixture.last, fixture.length_m, fixture.serves
        )
        load = max(trains.values()) if direction == "both" else trains[direction]
        load /= DAYS_PER_YEAR
    else:
        teu = counts_teu(record, fixture.serves)
        flows = _flows_at(corridor, fixture, direction)
        load = math.fsum(flow.share * (flow.teu_per_t if teu else 1.0) for flow in flows)
    return load * fixture.share * corridor.unevenness_ratio


def corridor_ladder(known: Capacities, corridor_id: str, level: Level = LADDER_LEVEL) -> Ladder:
    """Order the elements of a corridor by the volume at which they bind.

    Parameters
    ----------
    known : Capacities
        Capacities of a day.
    corridor_id : str
        Row of ``corridors``.
    level : Level
        Level of capacity.

    Returns
    -------
    Ladder
        Elements that no cargo of the mix passes, and those without bound, are left out. What is
        listed and not in service binds at nought (``not_in_service``), unless another element of
        its kind stands beside it.

    Raises
    ------
    OutOfServiceError
        When the corridor has no way that day.
    """
    corridor = known.corridor(corridor_id)
    made = known.remembered.get(("ladder", corridor_id, level.value))
    if isinstance(made, _Made) and made.holds(known, corridor):
        return made.ladder
    ladder = _ladder(known, corridor, level)
    rows = [("sections", stretch.section) for stretch in corridor.stretches]
    rows += [(one.table, one.row) for one in corridor.fixtures if one.in_service]
    made = _Made(corridor, {key: known.of(*key) for key in rows}, ladder)
    known.remembered["ladder", corridor_id, level.value] = made
    return ladder


class _Made(NamedTuple):
    """A ladder with what it was made from."""

    corridor: Corridor
    records: Mapping[tuple[str, str], tuple[Capacity, ...]]
    ladder: Ladder

    def holds(self, known: Capacities, corridor: Corridor) -> bool:
        """Whether all of that is the same still; what was worked out anew may be."""
        return self.corridor == corridor and all(
            known.of(*key) == records for key, records in self.records.items()
        )


def _ladder(known: Capacities, corridor: Corridor, level: Level) -> Ladder:
    best: dict[tuple[str, str], tuple[float, Capacity]] = {}
    for record, load, bound in _asked(known, corridor, level):
        key = (record.kind, record.id)
        if load > 0 and (key not in best or bound / load < best[key][0]):
            best[key] = (bound / load, record)
    ordered = sorted(best.values(), key=lambda pair: (pair[0], pair[1].kind, pair[1].id))
    steps = tuple(
        Step(
            rank, r.id, r.kind, r.direction, r.limit, volume, volume * corridor.teu_per_t, r.inputs
        )
        for rank, (volume, r) in enumerate(ordered, start=1)
    )
    return Ladder(corridor.id, level, steps, corridor.inputs)


def _asked(
    known: Capacities, corridor: Corridor, level: Level
) -> Iterator[tuple[Capacity, float, float]]:
    """Records of a corridor with what a tonne asks of each, and its bound; unbounded left out.

    What a corridor passes twice is asked twice.
    """
    asked: dict[tuple[str, str, str], list[float]] = {}
    records: dict[tuple[str, str, str], tuple[Capacity, float]] = {}

    def ask(record: Capacity, load: float, bound: float) -> None:
        key = (record.kind, record.id, record.direction)
        asked.setdefault(key, []).append(load)
        records[key] = (record, bound)

    for stretch in corridor.stretches:
        for record in known.of("sections", stretch.section):
            if record.level == level.value and record.trains_per_day is not None:
                ask(record, stretch.pairs_per_t, record.trains_per_day)
    for fixture in corridor.fixtures:
        found = known.of(fixture.table, fixture.row) if fixture.in_service else _closed(fixture)
        for record in found:
            bound = bound_of(record, fixture.serves)
            if record.level == level.value and bound is not None:
                ask(record, fixture_load(corridor, fixture, record), bound)
    for key, (record, bound) in records.items():
        yield record, math.fsum(asked[key]), bound


def _closed(fixture: Fixture) -> list[Capacity]:
    """Records of what a corridor lists and what is not in service: nothing passes."""
    table, row = fixture.table, fixture.row
    since = derived("in_service_from", "", "1")._replace(cell=(table, row, "in_service_from"))
    blank = Capacity(
        row, table, fixture.direction, "", 0.0, None, None, None, 0.0, "", NOT_IN_SERVICE, "", ()
    )
    return [blank._replace(level=level.value, inputs=(since,)) for level in Level]


LIFT: Final = 1.001
"""A project lifts a step when the step binds at least this much later, or is gone."""
MOST_LIFTED: Final = 12
"""Steps of a ladder, from the first, for which lifting projects are sought."""
_WAY_TABLES: Final = frozenset(
    {
        "corridor_elements",
        "corridor_mix",
        "corridor_points",
        "corridors",
        "loadings",
        "train_types",
        "vessel_allocations",
    }
)
"""Tables whose changes may move any step of a corridor."""
_WAY_COLUMNS: Final = frozenset({"in_service_from", "in_service_to", "length_km", "loop_length_m"})
"""Columns of sections that do."""


def lifting_projects(
    base: Model,
    day_model: Model,
    ladder: Ladder,
    opened: Callable[[str], Capacities | None] | None = None,
) -> Mapping[str, tuple[str, ...]]:
    """Projects not open yet that lift a step when opened alone.

    Parameters
    ----------
    base : Model
        The study before any day (scenario and draw included).
    day_model : Model
        Its model of the day of the ladder.
    ladder : Ladder
        The ladder; its first :data:`MOST_LIFTED` steps are looked at.
    opened : callable or None
        Capacities of that day with a project open, None when it cannot be open alone; worked out
        here when not given.

    Returns
    -------
    mapping of str to tuple of str
        Projects by ``kind/element``, sorted by id.
    """
    day = day_model.on
    if day is None:
        raise ValueError("the ladder needs a day")
    steps = ladder.steps[:MOST_LIFTED]
    lifted: dict[str, list[str]] = {f"{s.kind}/{s.element}": [] for s in steps}
    for project in candidates_for(day_model, steps):
        try:
            known = opened(project) if opened else Capacities(base.with_open([project]).at(day))
            after = known and corridor_ladder(known, ladder.corridor, ladder.level)
        except FailedError:
            continue
        volumes = {f"{s.kind}/{s.element}": s.binds_at_t for s in after.steps} if after else None
        if volumes is None:
            continue
        for key, step in zip(lifted, steps, strict=True):
            volume = volumes.get(key, float("inf"))
            if volume > step.binds_at_t and volume >= step.binds_at_t * LIFT:
                lifted[key].append(project)
    return {key: tuple(sorted(projects)) for key, projects in lifted.items()}


def pending_projects(day_model: Model) -> frozenset[str]:
    """Projects with changes that are not in effect, or not wholly, on the day of the model."""
    changes, projects = day_model["project_changes"], day_model["projects"]
    if day_model.on is None:
        raise ValueError("what is pending depends on the day")
    moment = pd.Timestamp(day_model.on)
    opening = projects["open_date"].to_dict()
    committed = set(projects.index[projects["status"] == "committed"])
    decided = (committed | day_model.projects) - day_model.opened
    pending = set()
    for project, when in zip(changes["project"], changes["date"], strict=True):
        start = opening.get(project, pd.NaT) if pd.isna(when) else when
        in_effect = project in decided and start <= moment
        if not in_effect and project not in day_model.opened:
            pending.add(str(project))
    return frozenset(pending)


def candidates_for(day_model: Model, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Pending projects whose changes touch a row that a step rests on, or the way itself."""
    rows = {(i.cell[0], i.cell[1]) for step in steps for i in step.inputs if i.cell is not None}
    pending = pending_projects(day_model)
    changes = day_model["project_changes"]
    columns = (changes[name] for name in ("project", "table", "row", "column"))
    return tuple(
        sorted(
            {
                str(project)
                for project, table, row, column in zip(*columns, strict=True)
                if project in pending
                and (
                    (table, row) in rows
                    or table in _WAY_TABLES
                    or (table == "sections" and column in _WAY_COLUMNS)
                )
            }
        )
    )
