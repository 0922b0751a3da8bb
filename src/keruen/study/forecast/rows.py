"""What is forecast: measures, each definition once, and which of them targets are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from keruen.flows.freight.measures import Measure, measure_of, measures_of
from keruen.model import Model
from keruen.model.cells import as_date
from keruen.model.names import name_of

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
    observation = measure_of(model, row).observation
    if observation in model["observations"].index:
        return model.text("observations", observation, "definition_en")
    return model.text("flow_measures", row, "name_en")


def unit_of(model: Model, row: str) -> str:
    """Unit of a measure, ``1`` of a share."""
    return measure_of(model, row).told_unit


def labels(model: Model, rows: Iterable[str], language: str) -> dict[str, str]:
    """Names of measures without the year of their count, where that leaves them apart."""
    names = {row: name_of(model, "flow_measures", row, language) for row in rows}
    short = {row: without_year(name, measure_of(model, row).year) for row, name in names.items()}
    return short if len(set(short.values())) == len(short) else names


def without_year(name: str, year: int) -> str:
    """Leave out a year at the end of a name.

    >>> without_year("Trains by Alashankou, 2024", 2024), without_year("Kuryk, 2023", 2024)
    ('Trains by Alashankou', 'Kuryk, 2023')
    """
    return re.sub(rf"\s*[,\uff0c]\s*{year}$", "", name)


def rows_of_target(model: Model, target: str, rows: tuple[str, ...]) -> tuple[str, ...]:
    """Measures that count the very volume a target is about; none where nothing does.

    That which it names; else that of its observation; else all in its unit whose observation is of
    the same element; else, of a corridor, that of the port which its sea lines, and no others, call
    at. Volumes of other elements, of a whole that it is part of or of a part, say nothing of it.
    """
    known = measures_of(model)
    subject, unit = _subject(model, "targets", target), model.text("targets", target, "unit")
    observation = model.text("targets", target, "observation")
    named = representatives(model).get(model.text("targets", target, "measure"), "")
    if named in rows:
        return (named,)
    own = [row for row in rows if observation and known[row].observation == observation]
    if own:
        return tuple(own)
    counted = [row for row in rows if known[row].told_unit == unit]
    found = [row for row in counted if _subject_seen(model, known[row].observation) == subject]
    if found or subject[0] != "corridors":
        return tuple(found)
    whole = _Port(model, subject[1])
    return tuple(row for row in counted if whole.is_counted_by(known, row))


def _subject(model: Model, table: str, row: str) -> tuple[str, str]:
    return model.text(table, row, "subject_table"), model.text(table, row, "subject_row")


def _subject_seen(model: Model, observation: str) -> tuple[str, str]:
    """Element that was observed; nothing where nothing is known of it."""
    if observation not in model["observations"].index:
        return ("", "")
    return _subject(model, "observations", observation)


class _Port:
    """What counts all of a corridor at the port of its sea lines.

    Parameters
    ----------
    model : Model
        The study.
    corridor : str
        Row of ``corridors``.
    """

    def __init__(self, model: Model, corridor: str) -> None:
        elements = model["corridor_elements"]
        own = elements[(elements["corridor"] == corridor) & (elements["table"] == "vessel_lines")]
        self._lines = set(map(str, own["row"]))
        self._ends = model["vessel_lines"][["from_node", "to_node"]]

    def is_counted_by(self, known: Mapping[str, Measure], row: str) -> bool:
        """Whether a measure counts all cargo of all of its sea lines, and of nothing else."""
        measure = known[row]
        terms = [one for one in known.values() if one.adds_to == row]
        bare = (measure.commodity, measure.cargo_class, measure.share_of)
        if measure.table != "nodes" or terms or any(bare):
            return False
        calling = self._ends.index[(self._ends == measure.row).any(axis=1)]
        return bool(self._lines) and set(map(str, calling)) == self._lines
