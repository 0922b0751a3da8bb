"""Tables of a forecast: volumes, chances of targets, and what drives them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from keruen.flows.freight.measures import measures_of
from keruen.model import Model
from keruen.model.draws import FloatArray, UncertainCell, dimensions
from keruen.study.forecast_draws import Ratios

BoolArray = NDArray[np.bool_]

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
VOLUME_COLUMNS: Final = (
    "id", "year", "definition", "unit", "as_computed", "mean", "sd", "p05", "p25", "p50", "p75",
    "p95", "n", "interpolated",
)  # fmt: skip
PROBABILITY_COLUMNS: Final = ("target", "measure", "year", "unit", "wanted", "share", "n")
DRIVER_COLUMNS: Final = (
    "measure", "year", "kind", "table", "row", "column", "cells", "rank_correlation",
    "share_of_rank_variance",
)  # fmt: skip
MOST_DRIVERS: Final = 10
SURE: Final = 3.3
"""Standard errors that a rank correlation has to be off nought to be told: with a thousand
judgements looked at, one in a thousand is by chance."""
DECADE: Final = 10
DIRECT: Final = frozenset(
    {"growth_drivers", "tariffs", "route_aversions", "outside_options", "commodities"}
)
"""Tables whose numbers flows go by themselves; of others the capacities they make are shown."""


class Fan(NamedTuple):
    """Volumes of all years.

    Parameters
    ----------
    rows : tuple of str
        Measures.
    years : tuple of int
        Years.
    interpolated : tuple of bool
        Years that lie between two that were worked out.
    computed : array, shape (years, measures)
        As the study stands.
    drawn : array, shape (draws, years, measures)
        Under each draw.
    """

    rows: tuple[str, ...]
    years: tuple[int, ...]
    interpolated: tuple[bool, ...]
    computed: FloatArray
    drawn: FloatArray


def definition_of(model: Model, row: str) -> str:
    """Definition of a measure: that of its observation, else its name."""
    observation = measures_of(model)[row].observation
    if observation in model["observations"].index:
        return model.text("observations", observation, "definition_en")
    return model.text("flow_measures", row, "name_en")


def unit_of(model: Model, row: str) -> str:
    """Unit of a measure, ``1`` of a share."""
    measure = measures_of(model)[row]
    return "1" if measure.share_of else measure.unit


def volumes_frame(model: Model, fan: Fan) -> pd.DataFrame:
    """Distribution of every measure in every year."""
    found = []
    for place, row in enumerate(fan.rows):
        definition, unit = definition_of(model, row), unit_of(model, row)
        for at, year in enumerate(fan.years):
            drawn = fan.drawn[:, at, place]
            drawn = drawn[np.isfinite(drawn)]
            levels = np.quantile(drawn, LEVELS) if drawn.size else np.full(len(LEVELS), np.nan)
            mean = drawn.mean() if drawn.size else np.nan
            sd = drawn.std(ddof=1) if drawn.size > 1 else np.nan
            found.append(
                (
                    *(row, year, definition, unit, fan.computed[at, place], mean, sd, *levels),
                    *(drawn.size, fan.interpolated[at]),
                )
            )
    return pd.DataFrame(found, columns=list(VOLUME_COLUMNS))


def rows_of_target(model: Model, target: str, rows: tuple[str, ...]) -> tuple[str, ...]:
    """Measures that count what a target is about.

    That of its observation; else all in its unit whose observation is of the same element, or of a
    corridor that is a part of the target's by name of its elements, or the target's of it.
    """
    known = measures_of(model)
    table, subject, unit, observation = (
        model.text("targets", target, name)
        for name in ("subject_table", "subject_row", "unit", "observation")
    )
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


def probability_frame(model: Model, fan: Fan) -> pd.DataFrame:
    """Share of draws in which a volume comes to what a target wants, by year."""
    found = []
    for target in map(str, model["targets"].index):
        wanted = model.number("targets", target, "wanted")
        if wanted is None:
            continue
        for row in rows_of_target(model, target, fan.rows):
            place = fan.rows.index(row)
            for at, year in enumerate(fan.years):
                drawn = fan.drawn[:, at, place]
                drawn = drawn[np.isfinite(drawn)]
                share = float((drawn >= wanted).mean()) if drawn.size else np.nan
                unit = unit_of(model, row)
                found.append((target, row, year, unit, wanted, share, drawn.size))
    return pd.DataFrame(found, columns=list(PROBABILITY_COLUMNS))


class _Candidates(NamedTuple):
    names: list[tuple[str, str, str, str, int]]
    columns: list[FloatArray]


def _candidates(
    cells: tuple[UncertainCell, ...], values: FloatArray, ratios: Ratios, year: int
) -> _Candidates:
    """Numbers that may drive volumes: judgements that flows go by, and capacities."""
    judgements, follows = dimensions(cells)
    members: list[list[int]] = [[] for _ in judgements]
    for at, judgement in enumerate(follows):
        members[judgement].append(at)
    names, columns = [], []
    for own in members:
        cell = cells[own[0]]
        if cell.table in DIRECT:
            names.append(("judgement", *cell.key, len(own)))
            columns.append(values[:, own[0]])
    if year in ratios.years:
        moved = ratios.native[:, ratios.years.index(year)]
        for at, (table, row, direction) in enumerate(ratios.elements):
            names.append(("capacity", table, row, direction, 1))
            columns.append(moved[:, at])
    return _Candidates(names, columns)


def rank_correlations(columns: list[FloatArray], drawn: FloatArray) -> FloatArray:
    """Spearman's rank correlation of each column with what was drawn; 0 where one is constant.

    >>> rank_correlations([np.array([1.0, 2.0, 9.0]), np.ones(3)], np.array([3.0, 2.0, 1.0]))
    array([-1.,  0.])
    """
    ranks = np.stack([rankdata(column) for column in [*columns, drawn]])
    ranks -= ranks.mean(axis=1, keepdims=True)
    size = np.sqrt((ranks * ranks).sum(axis=1))
    scale = size[:-1] * size[-1]
    found = ranks[:-1] @ ranks[-1]
    return np.asarray(np.divide(found, scale, out=np.zeros_like(found), where=scale > 0.0))


def drivers_frame(
    model: Model,
    fan: Fan,
    cells: tuple[UncertainCell, ...],
    values: FloatArray,
    ratios: Ratios,
) -> pd.DataFrame:
    """What moves with each measure, the strongest first, in whole decades and the last year."""
    found: list[tuple[object, ...]] = []
    last = model.settings.last_year
    for at, year in enumerate(fan.years):
        if (year % DECADE and year != last) or fan.interpolated[at]:
            continue
        names, columns = _candidates(cells, values, ratios, year)
        if not columns:
            continue
        for place, row in enumerate(fan.rows):
            drawn = fan.drawn[:, at, place]
            kept = np.isfinite(drawn)
            if kept.sum() < 3:
                continue
            rank = rank_correlations([column[kept] for column in columns], drawn[kept])
            least = SURE / np.sqrt(kept.sum() - 1.0)
            told: set[float] = set()
            for number in np.argsort(-np.abs(rank), kind="stable"):
                value = float(rank[number])
                # Elements that move together stand for one another.
                if abs(value) < least or len(told) == MOST_DRIVERS or round(value, 12) in told:
                    continue
                told.add(round(value, 12))
                found.append((row, year, *names[number], value, value * value))
    return pd.DataFrame(found, columns=list(DRIVER_COLUMNS))
