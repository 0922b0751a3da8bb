"""Capacity of a line at each date at which something on it changes, and the factors of it."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

import pandas as pd

from keruen.capacity.factors import GROUPS, Decomposition, Factor, decompose
from keruen.capacity.hauling import HAULING_COLUMNS
from keruen.capacity.line import LineResult, LineSection, capacity_of_line, hardest
from keruen.errors import OutOfServiceError
from keruen.model import Model
from keruen.model.cells import as_date
from keruen.rail.line_capacity import Level
from keruen.schema import load_schema
from keruen.study.metrics import Days

FACTOR_COLUMNS = {
    "tracks": ("tracks",),
    "block": ("block", "headway_min"),
    "intervals": (
        "start_min",
        "stop_min",
        "crossing_interval_min",
        "non_simultaneous_interval_min",
    ),
    "speed": (
        "freight_speed_km_per_h",
        "running_time_forward_min",
        "running_time_backward_min",
        *sorted(HAULING_COLUMNS - {"length_m", "gauge_mm"}),
    ),
    "windows": (
        "window_single_min",
        "window_double_min",
        "reliability_share",
        "reserve_single_share",
        "reserve_double_share",
    ),
    "gaps": ("crossing_gap_km", "length_km", "loop_length_m"),
}
"""Columns a factor rests on, to tell whether it is assumed."""


UNLISTED_LOOP: Final = "unlisted_loop"
"""Name of the what-if beside the factors: crossing places that no list shows."""


class LineDay(NamedTuple):
    """A line on a day, at all levels, and the projects that changed it that day."""

    day: date
    projects: tuple[str, ...]
    results: tuple[LineResult, ...]


def lines_of_interest(model: Model) -> tuple[str, ...]:
    """Lines that targets are about, and those that the study wants reported, sorted."""
    targets = model["targets"]
    claimed = set(targets.loc[targets["subject_table"] == "lines", "subject_row"])
    return tuple(sorted(claimed | set(model.rows("lines", in_report="yes"))))


_CLASSES = ("line_class", "signalling", "traffic_class")
"""Columns of a section that name a row it takes numbers from."""


def _rows_of(base: Model, line: str) -> set[tuple[str, str]]:
    """Sections of a line, those that projects bring too, and the classes that they name."""
    sections, changes = base["sections"], base["project_changes"]
    own = sections[sections["line"] == line]
    rows = {("sections", str(row)) for row in own.index}
    on_line = (changes["column"] == "line") & (changes["value"] == line)
    brought = changes["row"][(changes["table"] == "sections") & on_line]
    rows |= {("sections", str(row)) for row in brought}
    references = load_schema()["sections"].columns
    for column in _CLASSES:
        named = set(own[column]) | set(
            changes["value"][
                (changes["table"] == "sections")
                & (changes["column"] == column)
                & changes["row"].isin([row for _, row in rows])
            ]
        )
        rows |= {(references[column].references, str(row)) for row in named if row}
    return rows


def change_days(base: Model, line: str) -> dict[date, tuple[str, ...]]:
    """Days on which decided projects change sections of a line, or their classes."""
    rows = _rows_of(base, line)
    opening = base["projects"]["open_date"].to_dict()
    decided = set(base.rows("projects", status="committed")) | base.projects | base.opened
    changes = base["project_changes"]
    columns = (changes[name] for name in ("project", "table", "row", "date"))
    days: dict[date, set[str]] = {}
    for project, table, row, own in zip(*columns, strict=True):
        if project not in decided or (table, row) not in rows:
            continue
        when = as_date(own) or as_date(opening.get(project, pd.NaT))
        if when is not None:
            days.setdefault(when, set()).add(str(project))
    return {day: tuple(sorted(projects)) for day, projects in sorted(days.items())}


def line_history(base: Model, days: Days, line: str) -> tuple[LineDay, ...]:
    """A line at the base date and after each change.

    Parameters
    ----------
    base : Model
        The study before any day.
    days : callable
        Capacities by day.
    line : str
        Row of ``lines``.

    Returns
    -------
    tuple of LineDay
        By day, from the base date on. Days on which the line is not in service are left out.
    """
    start = base.settings.base_date
    wanted = {start: (), **change_days(base, line)}
    out = []
    for day, projects in sorted(wanted.items()):
        if day < start:
            continue
        try:
            out.append(LineDay(day, projects, capacity_of_line(line, days(day).line(line))))
        except OutOfServiceError:
            continue
    return tuple(out)


def line_factors(days: Days, line: str, before: date, after: date) -> tuple[Decomposition, ...]:
    """The ratio of a line's capacities on two days, taken apart at each level.

    Nothing when the two days have no section in common: then it is another line.
    """
    old, new = days(before).line(line), days(after).line(line)
    if not {section.id for section in old} & {section.id for section in new}:
        return ()
    return tuple(decompose(old, new, level) for level in Level)


def unlisted_loop(days: Days, line: str, before: date, after: date, level: Level) -> Factor | None:
    """What a loop that no list shows would make of the ratio: long gaps at the low of their range.

    Parameters
    ----------
    days : callable
        Capacities by day.
    line : str
        Row of ``lines``.
    before, after : date
        Days compared.
    level : Level
        Level compared.

    Returns
    -------
    Factor or None
        ``alone_ratio`` is what the loops multiply the old capacity by, ``without_ratio`` the whole
        ratio were they there before; ``share_ratio`` is 1, since they are no part of what was
        built. None when no gap of the line has a range, or it makes no difference.
    """
    old = days(before)
    shorter = tuple(_at_low_gap(old.model, section) for section in old.line(line))
    known = hardest(old.line(line), level)[1].gross_trains_per_day
    looped = hardest(shorter, level)[1].gross_trains_per_day
    new = hardest(days(after).line(line), level)[1].gross_trains_per_day
    if looped <= known:
        return None
    return Factor(UNLISTED_LOOP, looped / known, new / looped, 1.0)


def _at_low_gap(model: Model, section: LineSection) -> LineSection:
    owner = model.owner("sections", section.id, "crossing_gap_km")
    joined = section.facts.gap_km > section.facts.between_places_km
    if owner is None or not owner.low or joined:  # trains cannot use more places there
        return section
    scale = min(1.0, float(owner.low) / section.facts.gap_km)
    facts = section.facts._replace(
        gap_km=section.facts.gap_km * scale,
        forward_min=section.facts.forward_min * scale,
        backward_min=section.facts.backward_min * scale,
    )
    return section._replace(facts=facts)


def assumed_factors(days: Days, line: str, before: date, after: date) -> dict[str, bool]:
    """Whether any number that a factor rests on, on either day, is assumed.

    Only the sections that bind on the two days are looked at.
    """
    assumed = dict.fromkeys(GROUPS, False)
    for day in (before, after):
        for result in capacity_of_line(line, days(day).line(line)):
            for entry in result.inputs:
                column = entry.name.rsplit(".", 1)[-1]
                for name, columns in FACTOR_COLUMNS.items():
                    if column in columns and entry.confidence == "assumed":
                        assumed[name] = True
    return assumed
