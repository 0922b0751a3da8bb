"""``keruen capacity``: what every element can carry, what limits it, and what binds a corridor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.capacity_screen import show_capacity
from keruen.cli.moment import moment
from keruen.cli.options import Options, one_moment
from keruen.cli.pages import Command
from keruen.cli.progress import Advance, progress
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_study, study_name
from keruen.cli.usage import wrong_usage

if TYPE_CHECKING:
    from keruen.capacity import Capacities, Capacity
    from keruen.capacity.ladder import Ladder, Step
    from keruen.capacity.needs import Need
    from keruen.model import Model
    from keruen.rail.line_capacity import Level


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the study besides its day.

    Parameters
    ----------
    explain, corridor : str or None
        Element to explain, corridor to look at.
    volume_t : float or None
        Volume of the corridor whose fleet is wanted, net tonnes a year.
    level : str or None
        Level of capacity; None for all of them, and the usual one of ladders.
    every : bool
        Whether the screen lists every element.
    """

    explain: str | None = None
    corridor: str | None = None
    volume_t: float | None = None
    level: str | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was worked out, for the screen and for JSON alike.

    Parameters
    ----------
    base : Model
        The study, scenario included, before any day.
    known : Capacities
        Capacities of the day.
    level : Level
        Level of the ladders and of the lists on the screen.
    records : tuple of Capacity
        Elements asked for.
    ladders : tuple of (Ladder, mapping)
        Ladders asked for, each with the projects that lift its first steps.
    closed : tuple of str
        Corridors that have no way that day.
    needs : tuple of Need or None
        Fleet that the volume needs; None where no volume was given.
    """

    base: Model
    known: Capacities
    level: Level
    records: tuple[Capacity, ...]
    ladders: tuple[tuple[Ladder, Mapping[str, tuple[str, ...]]], ...]
    closed: tuple[str, ...]
    needs: tuple[Need, ...] | None


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("capacity", cls=Command, help=t("cli.capacity.help"))
    def capacity(
        *,
        study: str = options.study,
        year: int | None = options.year,
        date: Any = options.date,
        scenario: str | None = options.scenario,
        level: str | None = options.level,
        explain: str | None = options.value("--explain", "ID", "cli.capacity.explain"),
        corridor: str | None = options.value("--corridor", "ID", "cli.capacity.corridor"),
        volume: Any = options.volume,
        every: bool = options.flag("--all", "cli.capacity.all"),
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("capacity", json, study_name(study), scenario, year, date)
        wanted = Wanted(explain, corridor, volume, level, every)

        def body() -> Answer:
            one_moment(year, date)
            if volume is not None and corridor is None:
                raise wrong_usage("option_needs_option", option="--volume", needs="--corridor")
            folder = find_study(study)
            from keruen.study.pipeline import Request, prepare

            with progress(t) as advance:
                advance("check", 0.0)
                base, _ = prepare(Request(folder, scenario))
                found = look(base, moment(base, year, date), wanted, advance)
            when = found.known.model.on if year is None else None
            return Answer(answer(found, wanted), asked=replace(asked, date=when), view=found)

        def show(screen: Screen, given: Answer) -> None:
            show_capacity(screen, given.view, wanted)

        return runner.run(asked, body, show)


def look(base: Model, day: dt.date, wanted: Wanted, advance: Advance) -> Found:
    """Work out what was asked for."""
    from keruen.capacity import Capacities
    from keruen.capacity.ladder import LADDER_LEVEL
    from keruen.capacity.needs import fleet_needs
    from keruen.rail.line_capacity import Level

    advance("capacity", 0.0)
    known = Capacities(base.at(day))
    level = LADDER_LEVEL if wanted.level is None else Level(wanted.level)
    names: tuple[str, ...] = ()
    if wanted.corridor is not None:
        known.model.require("unknown_corridor", "corridors", wanted.corridor)
        names = (wanted.corridor,)
    elif wanted.explain is None:
        names = tuple(sorted(map(str, known.model["corridors"].index)))
    needs = None
    if wanted.corridor is not None and wanted.volume_t is not None:
        needs = fleet_needs(known, wanted.corridor, wanted.volume_t)
    records = tuple(
        record for record in records_of(base, known, wanted) if wanted.level in (None, record.level)
    )
    ladders, closed = ladders_of(base, known, names, level, advance)
    return Found(base, known, level, records, ladders, closed, needs)


def records_of(base: Model, known: Capacities, wanted: Wanted) -> Sequence[Capacity]:
    """Records of the elements asked for, all levels."""
    from keruen.capacity import capacity
    from keruen.capacity.lookup import elements_of, find_elements
    from keruen.capacity.overview import element_records

    if wanted.explain is not None:
        keys = find_elements(base, known.model, wanted.explain)
        return [record for key in keys for record in element_records(known, *key)]
    if wanted.corridor is None:
        return capacity(known)
    own = elements_of(known.corridor(wanted.corridor))
    return [record for record in capacity(known) if (record.kind, record.id) in own]


def ladders_of(
    base: Model, known: Capacities, corridors: Sequence[str], level: Level, advance: Advance
) -> tuple[tuple[tuple[Ladder, Mapping[str, tuple[str, ...]]], ...], tuple[str, ...]]:
    """Ladders of corridors with what lifts them, and the corridors that have no way that day."""
    from keruen.capacity.ladder import corridor_ladder, lifting_projects
    from keruen.errors import OutOfServiceError
    from keruen.study.variants import Variants

    day = known.model.on
    if day is None:
        raise ValueError("a ladder needs a day")
    opened = Variants(base, lambda _: known).opened(day)
    ladders, closed = [], []
    for done, corridor in enumerate(corridors):
        advance("ladders", done / len(corridors))
        try:
            ladder = corridor_ladder(known, corridor, level)
        except OutOfServiceError:
            if len(corridors) == 1:
                raise
            closed.append(corridor)
            continue
        ladders.append((ladder, lifting_projects(base, known.model, ladder, opened)))
    return tuple(ladders), tuple(closed)


def answer(found: Found, wanted: Wanted) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    result: dict[str, object] = {
        "elements": [element(record) for record in found.records],
        "ladders": [
            {
                "corridor": ladder.corridor,
                "level": ladder.level,
                "in_service": True,
                "steps": [rung(ladder, step, lifted) for step in ladder.steps],
            }
            for ladder, lifted in found.ladders
        ]
        + [
            {"corridor": corridor, "level": found.level, "in_service": False, "steps": []}
            for corridor in found.closed
        ],
    }
    if found.needs is not None:
        result["volume_t_per_year"] = wanted.volume_t
        result["needs"] = [
            {"kind": n.kind, "element": n.element, "units": n.units, "units_needed": n.units_needed}
            for n in found.needs
        ]
    return result


def element(record: Capacity) -> dict[str, object]:
    """One entry of ``elements``."""
    return {
        "id": record.id,
        "kind": record.kind,
        "direction": record.direction,
        "native_unit": record.native_unit,
        "native_per_year": record.native_per_year,
        "capacity_trains_per_day": record.trains_per_day,
        "gross_trains_per_day": record.gross_trains_per_day,
        "capacity_teu_per_year": record.teu_per_year,
        "capacity_t_per_year": record.t_per_year,
        "level": record.level,
        "limit": record.limit,
        "formula": record.formula,
        "inputs": [
            {
                "name": entry.name,
                "value": entry.value,
                "unit": entry.unit,
                "source": entry.source,
                "confidence": entry.confidence,
            }
            for entry in record.inputs
        ],
    }


def rung(ladder: Ladder, step: Step, lifted: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """One entry of ``steps``; lifting projects are sought for the first steps only."""
    boxes = any(other.binds_at_teu > 0 for other in ladder.steps)
    key = f"{step.kind}/{step.element}"
    return {
        "rank": step.rank,
        "kind": step.kind,
        "element": step.element,
        "direction": step.direction,
        "limit": step.limit,
        "binds_at_t_per_year": step.binds_at_t,
        "binds_at_teu_per_year": step.binds_at_teu if boxes else None,
        "lifted_by": lifted.get(key, ()),
        "lifting_sought": key in lifted,
    }
