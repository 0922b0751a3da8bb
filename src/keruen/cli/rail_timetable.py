"""``--timetable``: trains given in a file instead of drawn or counted ones."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from keruen.cli.answer import Answer, Asked
from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Said, Screen
from keruen.i18n import shown
from keruen.i18n.amounts import tenths, whole

if TYPE_CHECKING:
    from keruen.capacity.given_timetable import (
        CompressedTimetable,
        GivenTimetable,
        TimetableLevel,
    )
    from keruen.capacity.line_description import StudyLine
    from keruen.model import Model


class Compressed(NamedTuple):
    """A timetable of a line on a day, compressed."""

    model: Model
    line: str
    described: StudyLine
    found: CompressedTimetable


def read_given(model: Model, described: StudyLine, file: Path, *, whole: bool) -> GivenTimetable:
    """Read the timetable of a line.

    Raises
    ------
    FailedError, StudyError
        See :func:`keruen.exchange.timetable_file.read_timetable`.
    """
    from keruen.exchange.timetable_file import read_timetable, route_of

    known = [str(node) for node in model["nodes"].index]
    return read_timetable(file, route_of(described, known, whole=whole))


def compressed(model: Model, line: str, file: Path, known: Asked) -> Answer:
    """Compress a timetable."""
    from keruen.capacity.given_timetable import compressed_timetable
    from keruen.capacity.line_description import line_description
    from keruen.capacity.line_order import gauge_warnings

    described = line_description(model, line)
    found = compressed_timetable(described, read_given(model, described, file, whole=True))
    problems = (*gauge_warnings(model, line), *found.problems)
    view = Compressed(model, line, described, found)
    return Answer(answer(view), problems=problems, asked=known, view=view)


def answer(view: Compressed) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    return {
        "line": view.line,
        "methods": [_method(one) for one in view.found.levels],
        "unanswered": [],
        "timetable": _timetable(view),
    }


def _method(found: TimetableLevel) -> dict[str, object]:
    """One entry of ``methods``: freight trains when the timetable is scaled, its mix kept."""
    pairs, period = found.result.pairs_per_day, _finite(found.result.period_min)
    return {
        "method": found.result.method.value,
        "level": found.level,
        "period_min": period,
        "usable_min": None if period is None else pairs * period,
        "capacity_trains_per_day": pairs,
        "capacity_pairs_per_day": pairs,
        "floored": found.result.floored,
        "left_trains_per_day": pairs,
        "left_section": found.section,
        "capacity_consumption_share": _finite(found.result.consumption_share),
        "binding_section": found.section,
        "schemes": [],
    }


def _timetable(view: Compressed) -> dict[str, object]:
    from keruen.capacity.given_timetable import THRESHOLD

    given, places = view.found.given, view.described.description.places
    return {
        "file": given.file,
        "trains": len(given.trains),
        "threshold_share": THRESHOLD.share,
        "threshold_low_share": THRESHOLD.low,
        "threshold_high_share": THRESHOLD.high,
        "trains_per_day": {one.level.value: one.trains_per_day for one in view.found.levels},
        "sections": [
            {
                "from": places[one.first_place].name,
                "to": places[one.last_place].name,
                "trains": one.trains,
                "occupancy_min": _finite(one.occupancy_min),
                "consumption_share": _finite(one.consumption_share),
                "threshold_share": THRESHOLD.share,
                "admissible_share": {level.value: own for level, own in one.admissible.items()},
                "trains_per_day": {
                    level.value: one.trains_per_day(level) for level in one.admissible
                },
            }
            for one in view.found.sections
        ],
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def show_timetable(screen: Screen, view: Compressed) -> None:
    """Print what the timetable takes section by section, and what it can be scaled to."""
    from keruen.capacity.given_timetable import THRESHOLD

    t, found, names = screen.t, view.found, Names(screen.t, view.model)
    given = found.given
    count = t.plural("cli.rail.timetable.trains", len(given.trains))
    screen.line(t("cli.rail.timetable.of", file=shown(given.file), trains=count))
    places = [names.row("nodes", place.name) for place in view.described.description.places]
    rows: list[list[Cell]] = []
    for one in found.sections:
        over = one.consumption_share > THRESHOLD.share
        rows.append(
            [
                places[one.first_place],
                places[one.last_place],
                "–" if math.isinf(one.occupancy_min) else whole(t, one.occupancy_min),
                Said(_share(screen, one.consumption_share), "bold" if over else ""),
                t.percent(THRESHOLD.share, 0),
                *(whole(t, one.trains_per_day(level)) for level in one.admissible),
            ]
        )
    heads = ("from", "to", "occupancy", "consumption", "threshold")
    levels = [t(f"word.level.{one.level.value}") for one in found.levels]
    screen.table([*(t(f"cli.rail.timetable.{h}") for h in heads), *levels], rows, align="<<")
    screen.heading(t("cli.rail.timetable.scaled"))
    screen.table(
        [t(f"cli.rail.{h}") for h in ("level", "section")]
        + [t(f"cli.rail.timetable.{h}") for h in ("all_trains", "freight_pairs")],
        [
            [
                t(f"word.level.{one.level.value}"),
                names.element("sections", one.section),
                tenths(t, one.trains_per_day),
                tenths(t, one.result.pairs_per_day),
            ]
            for one in found.levels
        ],
        align="<<",
    )
    low, high = (t.percent(share, 0) for share in (THRESHOLD.low, THRESHOLD.high))
    threshold = t.percent(THRESHOLD.share, 0)
    told = t("cli.rail.timetable.why", threshold=threshold, low=low, high=high)
    screen.entry(told, indent=0)


def _share(screen: Screen, share: float) -> str:
    return "–" if math.isinf(share) else screen.t.percent(share, 1)
