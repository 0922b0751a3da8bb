"""What drives the volumes of a forecast: single numbers, and groups of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from keruen.model import Model
from keruen.model.draws import FloatArray, UncertainCell, dimensions
from keruen.schema import ColumnType
from keruen.study.forecast.capacity import Drawn
from keruen.study.forecast.draws import Ratios
from keruen.study.forecast.frames import Fan

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
GROUP_COLUMNS: Final = ("measure", "year", "group", "inputs", "share", "by_chance")
GROUPS: Final = ("growth", "prices", "choice", "openings", "capacities")
REST: Final = "capacities"
"""Group that stands for what no other explains: capacities, and whatever groups do together."""
_OF_TABLE: Final = {
    "growth_drivers": "growth",
    "tariffs": "prices",
    "route_aversions": "prices",
    "outside_options": "prices",
    "commodities": "choice",
}
FEWEST: Final = 100
"""Draws below which nothing is told of what drives volumes. Chance alone puts the share of a group
of k numbers off by about the root of 2 k over one less than the draws: with 100 draws by 0.16 for
122 prices, the largest group of the reference study, with 50 by twice as much. A rank correlation
has to be 0.33 to be sure then (:data:`SURE`), which is a tenth of the rank variance."""
_MOST_FITTED: Final = 3
"""Draws for each number of a group, below which the group is not fitted as a whole."""
_SHUFFLES: Final = 100


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


def nothing_told() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Drivers and groups of a forecast with too few draws to tell any: tables without rows."""
    return pd.DataFrame(columns=list(DRIVER_COLUMNS)), pd.DataFrame(columns=list(GROUP_COLUMNS))


def drivers_frame(
    model: Model,
    fan: Fan,
    cells: tuple[UncertainCell, ...],
    values: FloatArray,
    ratios: Ratios,
) -> pd.DataFrame:
    """What moves with each measure, the strongest first, in whole decades and the last year."""
    found: list[tuple[object, ...]] = []
    for at, year in told_years(model, fan):
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


def inputs_of(model: Model, drawn: Drawn) -> dict[str, FloatArray]:
    """What is drawn by group, each judgement once, shape (draws, numbers); constants left out.

    Openings are days that have a range, and delays by the record of past targets. Whatever acts on
    no other group acts on capacities.
    """
    judgements, follows = dimensions(drawn.cells)
    first: dict[int, int] = {}
    for at, judgement in enumerate(follows):
        first.setdefault(judgement, at)
    found: dict[str, list[FloatArray]] = {group: [] for group in GROUPS}
    for judgement in range(len(judgements)):
        cell = drawn.cells[first[judgement]]
        usual = "openings" if cell.type is ColumnType.DATE else "capacities"
        group = _OF_TABLE.get(_table_of(model, cell), usual)
        found[group].append(drawn.values[:, first[judgement]])
    found["openings"] += list(drawn.delays.T)
    return {
        group: np.array([one for one in columns if _varies(one)]).reshape(-1, len(drawn.values)).T
        for group, columns in found.items()
    }


def _table_of(model: Model, cell: UncertainCell) -> str:
    """Table that a cell speaks of: its own, or that which a change changes."""
    if cell.table in ("project_changes", "scenario_changes") and cell.column == "value":
        return model.text(cell.table, cell.row, "table")
    return cell.table


def _varies(column: FloatArray) -> bool:
    return bool(np.isfinite(column).all() and np.ptp(column) > 0.0)


class Group:
    """How much of what was drawn a group of numbers explains, by ranks.

    Numbers of different groups are drawn apart, so that shares of groups may be compared; what
    groups do only together is in none. Where there are few numbers for the draws the share is that
    of a straight line through all of them; else the sum of what each explains alone. Of both what
    chance alone would give on average is taken off.

    Parameters
    ----------
    columns : array, shape (draws, numbers)
        Drawn numbers.
    """

    def __init__(self, columns: FloatArray) -> None:
        self.count = columns.shape[1]
        ranks = _ranks(columns)
        self._basis = ranks
        self._spare = len(columns) - 1
        self._fits = _MOST_FITTED * self.count <= len(columns)
        if self._fits and self.count:
            self._basis, _ = np.linalg.qr(ranks)

    def share(self, drawn: FloatArray) -> float:
        """Part of the rank variance explained; below nought by chance only."""
        explained = float(((self._basis.T @ _ranks(drawn[:, None])) ** 2).sum())
        if self._fits:
            left = max(self._spare - self.count, 1)
            return float(1.0 - (1.0 - explained) * self._spare / left)
        return float(explained - (self.count - explained) / max(self._spare - 1, 1))

    def by_chance(self, drawn: FloatArray) -> float:
        """Standard deviation of the share of the same numbers in any order."""
        mixed = np.random.default_rng(0)
        shares = [self.share(mixed.permutation(drawn)) for _ in range(_SHUFFLES)]
        return float(np.std(shares))


def _ranks(columns: FloatArray) -> FloatArray:
    """Ranks by column with mean nought and length one; of constants nought."""
    ranks = np.apply_along_axis(rankdata, 0, columns) if columns.size else columns
    ranks = ranks - ranks.mean(axis=0, keepdims=True)
    size = np.sqrt((ranks * ranks).sum(axis=0, keepdims=True))
    return np.asarray(np.divide(ranks, size, out=np.zeros_like(ranks), where=size > 0.0))


def groups_frame(model: Model, fan: Fan, inputs: dict[str, FloatArray]) -> pd.DataFrame:
    """Part of the variance of each measure that groups of numbers explain."""
    found: list[tuple[object, ...]] = []
    groups = {name: Group(columns) for name, columns in inputs.items() if columns.size}
    for at, year in told_years(model, fan):
        for place, row in enumerate(fan.rows):
            drawn = fan.drawn[:, at, place]
            kept = np.isfinite(drawn)
            if kept.sum() < 3 or not np.ptp(drawn[kept]) > 0.0:
                continue
            own = groups
            if not kept.all():
                own = {name: Group(columns[kept]) for name, columns in inputs.items()}
            drawn = drawn[kept]
            told = [
                (name, group.count, group.share(drawn), group.by_chance(drawn))
                for name, group in own.items()
                if group.count and name != REST
            ]
            found += [(row, year, *one) for one in told]
            # Too many numbers for the draws: what no other group explains.
            left = 1.0 - sum(max(share, 0.0) for _, _, share, _ in told)
            off = float(np.sqrt(sum(chance**2 for *_, chance in told)))
            found.append((row, year, REST, own[REST].count if REST in own else 0, left, off))
    return pd.DataFrame(found, columns=list(GROUP_COLUMNS))


def told_years(model: Model, fan: Fan) -> Iterator[tuple[int, int]]:
    """Places and years of whole decades and the last year, where these were worked out."""
    last = model.settings.last_year
    for at, year in enumerate(fan.years):
        if (year % DECADE == 0 or year == last) and not fan.interpolated[at]:
            yield at, year
