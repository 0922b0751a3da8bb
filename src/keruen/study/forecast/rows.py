"""What is forecast: measures, each definition once, and which of them targets are about."""

from __future__ import annotations

from typing import Final

from keruen.flows.freight.measures import Measure, measures_of
from keruen.model import Model
from keruen.model.cells import as_date

WHOLE_YEAR_DAYS: Final = 360


def forecast_rows(model: Model) -> tuple[str, ...]:
    """Measures that are carried into the future: each definition once.

    Rows of the base year, and of earlier years what none of those defines; of several the latest.
    What was counted over part of a year only is left out, and so are terms of other rows.
    """
    return tuple(sorted(set(representatives(model).values())))


def representatives(model: Model) -> dict[str, str]:
    """By measure the row that is carried into the future for its definition."""
    known = measures_of(model)
    base = model.settings.base_year
    found: dict[tuple[object, ...], str] = {}
    of: dict[str, str] = {}
    for row in sorted(known, key=lambda one: (-known[one].year, one)):
        measure = known[row]
        if measure.adds_to or measure.year > base or not _whole_year(model, measure.observation):
            continue
        terms = [measure, *(known[one] for one in sorted(known) if known[one].adds_to == row)]
        said = tuple(sorted(repr(_what(term)) for term in terms))
        of[row] = found.setdefault(said, row)
    return of


def _what(term: Measure) -> tuple[object, ...]:
    """What a row counts; its factor may be that of its year, such as boxes in a train."""
    place = (term.table, term.row, term.direction, term.relation, term.mode)
    return (*place, term.commodity, term.cargo_class, term.loaded, term.unit, bool(term.share_of))


def _whole_year(model: Model, observation: str) -> bool:
    if observation not in model["observations"].index:
        return True
    ends = [
        as_date(model["observations"].at[observation, name]) for name in ("from_date", "to_date")
    ]
    if ends[0] is None or ends[1] is None:
        return True
    return (ends[1] - ends[0]).days >= WHOLE_YEAR_DAYS


def definition_of(model: Model, row: str) -> str:
    """Definition of a measure: that of its observation, else its name."""
    observation = measures_of(model)[row].observation
    if observation in model["observations"].index:
        return model.text("observations", observation, "definition_en")
    return model.text("flow_measures", row, "name_en")


def unit_of(model: Model, row: str) -> str:
    """Unit of a measure, ``1`` of a share."""
    return measures_of(model)[row].told_unit


def rows_of_target(model: Model, target: str, rows: tuple[str, ...]) -> tuple[str, ...]:
    """Measures that count what a target is about.

    That which it names; else that of its observation; else all in its unit whose observation is of
    the same element, or of a corridor that shares a sea line with the target's.
    """
    known = measures_of(model)
    table, subject, unit, observation = (
        model.text("targets", target, name)
        for name in ("subject_table", "subject_row", "unit", "observation")
    )
    named = representatives(model).get(model.text("targets", target, "measure"), "")
    if named in rows:
        return (named,)
    own = [row for row in rows if observation and known[row].observation == observation]
    if own:
        return tuple(own)
    found, related = [], []
    for row in rows:
        seen = known[row].observation
        if seen not in model["observations"].index or unit_of(model, row) != unit:
            continue
        of = tuple(
            model.text("observations", seen, name) for name in ("subject_table", "subject_row")
        )
        if of == (table, subject):
            found.append(row)
        elif of[0] == table == "corridors" and _same_links(model, of[1], subject):
            related.append(row)
    return tuple(found or related)


def _same_links(model: Model, one: str, other: str) -> bool:
    """Whether two corridors share the sea lines that they go by."""
    elements = model["corridor_elements"]
    lines = elements[elements["table"] == "vessel_lines"]
    sets = [set(lines["row"][lines["corridor"] == name]) for name in (one, other)]
    return bool(sets[0] & sets[1])
