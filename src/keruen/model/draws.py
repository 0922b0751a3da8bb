"""Draws of what a study is not sure of: every cell with a range, sampled together."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import beta, qmc

from keruen.model.cells import as_number, parse_value
from keruen.model.model import Model
from keruen.model.provenance import CellKey, Owner
from keruen.schema import Column, ColumnType, load_schema

FloatArray = NDArray[np.float64]

ALTERNATIVES: Final = "alternatives"
LIKELIEST: Final = 0.75
"""Chance that the value a study states is right where it names alternatives: the mass of the
triangle of the same ends and mode that rounds to its mode. An assumption like the triangle."""
_CHANGES: Final = {"project_changes": "project", "scenario_changes": "scenario"}
_TRAIN: Final = ("train_types", "length_m")
_LOOP: Final = frozenset({"loop_length_m"})
_PERT_WEIGHT: Final = 4.0


class Method(StrEnum):
    """How draws are spread; see :func:`sample`."""

    LATIN = "latin"
    SOBOL = "sobol"


class UncertainCell(NamedTuple):
    """A cell with a range.

    Parameters
    ----------
    table, row, column : str
        Where a study says it: a cell of a fact, or ``value`` or ``date`` of a change.
    value : str
        As the study has it.
    low, mode, high : str
        The range; ``mode`` is the value where the study names none.
    distribution : str
        triangular, uniform, pert or alternatives.
    type : ColumnType
        Of what the cell holds; of the value of a change, that of the column it changes.
    judgement : tuple of str
        What the cell shares with all that move together with it (:func:`uncertain`).
    """

    table: str
    row: str
    column: str
    value: str
    low: str
    mode: str
    high: str
    distribution: str
    type: ColumnType
    judgement: tuple[str, ...]

    @property
    def key(self) -> CellKey:
        """Table, row and column."""
        return self.table, self.row, self.column

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Values it may take, the likeliest first; empty unless it takes one of several."""
        if self.distribution != ALTERNATIVES:
            return ()
        return tuple(dict.fromkeys((self.mode, self.low, self.high, self.value)))

    def number(self, text: str) -> float:
        """A value as draws hold it: a number, a day's ordinal, or the place in alternatives."""
        if self.alternatives:
            return float(self.alternatives.index(text))
        if self.type is ColumnType.DATE:
            return float(date.fromisoformat(text).toordinal())
        return float(text)

    def text(self, number: float) -> str:
        """What stands in the cell for a number of a draw.

        >>> cell = UncertainCell("t", "r", "c", "2", "1", "2", "3", "pert", ColumnType.INTEGER, ())
        >>> cell.text(2.4), cell._replace(type=ColumnType.NUMBER).text(2.4)
        ('2', '2.4')
        """
        if self.alternatives:
            return self.alternatives[int(number)]
        if self.type is ColumnType.DATE:
            return date.fromordinal(round(number)).isoformat()
        return str(round(number)) if self.type is ColumnType.INTEGER else repr(float(number))


def uncertain(model: Model, tables: Collection[str] | None = None) -> tuple[UncertainCell, ...]:
    """Every cell of a study whose range has two ends that differ.

    Cells move together when they are one judgement written many times: same table, column, source,
    confidence, note, range, mode and distribution; of changes also the same column changed in the
    same way. Were they drawn apart, a hundred ranges of one kind would average out to nothing.
    Alternatives are facts of a place that nobody looked up: they move together only within one
    project or one line.

    Parameters
    ----------
    model : Model
        The study before any day. Cells that its scenario changes are left out, and so are changes
        of other scenarios.
    tables : collection of str, optional
        Tables to look in; all when None.

    Returns
    -------
    tuple of UncertainCell
        Sorted by table, row and column.
    """
    if model.on is not None:
        raise ValueError("a model of one day is final; ask the base")
    notes = _notes(model)
    moved = _moved_by_scenario(model)
    found = []
    for key, owner in model.owners.items():
        if "" in (owner.low, owner.high) or key in moved:
            continue
        if tables is not None and key[0] not in tables:
            continue
        cell = _uncertain_cell(model, key, owner, notes.get(key, ""))
        if cell is not None:
            found.append(cell)
    return tuple(sorted(found))


def _notes(model: Model) -> dict[CellKey, str]:
    frame = model["provenance"]
    columns = (frame[name].tolist() for name in ("table", "row", "column", "note"))
    return {(t, r, c): note for t, r, c, note in zip(*columns, strict=True)}


def _moved_by_scenario(model: Model) -> set[CellKey]:
    if model.scenario is None:
        return set()
    frame = model["scenario_changes"]
    lines = frame[frame["scenario"] == model.scenario]
    columns = (lines[name].tolist() for name in ("table", "row", "column"))
    return set(zip(*columns, strict=True))


def _column_of(model: Model, key: CellKey) -> tuple[Column, tuple[str, ...]]:
    """Declaration of what a cell holds and, of a change, what it changes how."""
    table, row, name = key
    declared = load_schema()[table].columns[name]
    if table not in _CHANGES or declared.type is not ColumnType.VALUE:
        return declared, ()
    aim, column, op = (model.text(table, row, part) for part in ("table", "column", "op"))
    aimed = load_schema()[aim].columns[column]
    return (as_number(aimed) if op in ("add", "multiply") else aimed), (aim, column, op)


def _uncertain_cell(model: Model, key: CellKey, owner: Owner, note: str) -> UncertainCell | None:
    table, row, name = key
    if row not in model[table].index:
        return None
    if table == "scenario_changes" and model.text(table, row, "scenario") != model.scenario:
        return None
    declared, change = _column_of(model, key)
    value = _plain(model.text(*key), declared)
    low, high = _plain(owner.low, declared), _plain(owner.high, declared)
    mode = _plain(owner.mode, declared) if owner.mode else value
    if low == high:
        return None
    kind = owner.distribution
    if kind == ALTERNATIVES or not (declared.type.is_numeric or declared.type is ColumnType.DATE):
        kind, mode = ALTERNATIVES, mode or low
    said = (table, name, *change, owner.source, owner.confidence, note, low, mode, high, kind)
    cell = UncertainCell(table, row, name, value, low, mode, high, kind, declared.type, said)
    if kind == ALTERNATIVES:
        return cell._replace(value=value or mode, judgement=(*said, *_whose(model, key)))
    if not mode:
        middle = cell.text((cell.number(low) + cell.number(high)) / 2.0)
        return cell._replace(mode=middle, value=middle)
    return cell


def _whose(model: Model, key: CellKey) -> tuple[str, str]:
    """Project, scenario or line that a cell belongs to; its row where there is none."""
    table, row, _ = key
    column = _CHANGES.get(table, "line")
    owner = model.text(table, row, column) if column in load_schema()[table].columns else ""
    return (column, owner) if owner else ("", row)


def _plain(text: str, column: Column) -> str:
    """One spelling for equal values; empty stays empty."""
    if not text or text == "nan":
        return ""
    value, _ = parse_value(text.removesuffix(" 00:00:00"), column)
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None:
        return text
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def dimensions(cells: Sequence[UncertainCell]) -> tuple[tuple[tuple[str, ...], ...], list[int]]:
    """What is drawn: each judgement once, sorted; and for each cell which of them it follows."""
    known = tuple(sorted({cell.judgement for cell in cells}))
    place = {judgement: position for position, judgement in enumerate(known)}
    return known, [place[cell.judgement] for cell in cells]


def sample(
    cells: Sequence[UncertainCell], draws: int, seed: int, method: str = Method.LATIN
) -> FloatArray:
    """Draw all uncertain cells together.

    ``latin`` spreads every judgement over its range by itself: of the first 2^k draws each falls
    into another of 2^k equal parts of the distribution. A judgement's draws hang on the seed and on
    what it says, so that another cell more in the study changes none of them. ``sobol`` is the
    scrambled sequence of Sobol, in the order of the judgements; with many more judgements than
    draws some of its pairs of coordinates nearly coincide, for which reason it is not the default.
    Under both, a draw does not hang on how many are asked for.

    Parameters
    ----------
    cells : sequence of UncertainCell
        In any order.
    draws : int
        How many, at least 1.
    seed : int
        Seed.
    method : str
        ``latin`` or ``sobol``; beyond the dimensions that are tabulated for Sobol's sequence,
        ``latin`` is taken.

    Returns
    -------
    ndarray of float, shape (draws, cells)
        As :meth:`UncertainCell.text` reads them.
    """
    judgements, follows = dimensions(cells)
    first = {position: cell for cell, position in zip(cells, follows, strict=True)}
    if Method(method) is Method.SOBOL and 0 < len(judgements) <= qmc.Sobol.MAXDIM:
        shares = _sobol(len(judgements), draws, seed)
    else:
        columns = [spread(generator_of(seed, judgement), draws) for judgement in judgements]
        shares = np.array(columns).reshape(len(judgements), draws).T
    values = np.empty_like(shares)
    for position, cell in first.items():
        values[:, position] = quantiles(cell, shares[:, position])
    return fit_trains(cells, values[:, follows])


def loops_of(cells: Sequence[UncertainCell]) -> list[int]:
    """Places of the cells that trains and loops share: lengths of either."""
    return [p for p, cell in enumerate(cells) if (cell.column in _LOOP) or _is_train(cell)]


def _is_train(cell: UncertainCell) -> bool:
    return (cell.table, cell.column) == _TRAIN


def fit_trains(cells: Sequence[UncertainCell], values: FloatArray) -> FloatArray:
    """Keep ordinary trains no longer than the loops that they fit with everything at its mode.

    Lengths of trains and of loops have ranges that overlap, and are no strangers to each other: a
    railway makes its trains up for its loops. Drawn apart, one draw in several would have trains
    that fit no loop, and a trunk line one pair of trains a day. Loops without a range are not known
    here and hold nothing back.

    Parameters
    ----------
    cells : sequence of UncertainCell
        Columns.
    values : ndarray of float, shape (draws, cells)
        Draws.

    Returns
    -------
    ndarray of float, shape (draws, cells)
        With trains shortened to the shortest such loop, but not below the low of their range.
    """
    fitted = np.ascontiguousarray(values).copy()
    loops = [place for place, cell in enumerate(cells) if cell.column in _LOOP]
    for place, cell in enumerate(cells):
        if not _is_train(cell):
            continue
        mode = float(cell.mode)
        fits = [loop for loop in loops if float(cells[loop].mode) >= mode]
        if fits:
            shortest = np.minimum(fitted[:, place], values[:, fits].min(axis=1))
            fitted[:, place] = np.maximum(shortest, float(cell.low))
    return fitted


def generator_of(seed: int, words: Iterable[str]) -> np.random.Generator:
    """Random numbers that hang on the seed and on what they are for."""
    digest = hashlib.sha256("\x1f".join(words).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "little")])


def spread(generator: np.random.Generator, draws: int) -> FloatArray:
    """Numbers in [0, 1), the first 2^k of them one in each of 2^k equal parts, for every k.

    Each doubling puts one new number, in random order, into the half of every part that is empty.
    """
    points = generator.random(1)
    while len(points) < draws:
        count = len(points)
        empty = (points * (2 * count)).astype(np.int64) ^ 1
        order = np.argsort(generator.random(count), kind="stable")
        added = (empty[order] + generator.random(count)) / (2 * count)
        points = np.concatenate([points, np.minimum(added, np.nextafter(1.0, 0.0))])
    return points[:draws]


def _sobol(dimension: int, draws: int, seed: int) -> FloatArray:
    sequence = qmc.Sobol(dimension, scramble=True, rng=np.random.default_rng(seed))
    points = sequence.random_base2(max(1, math.ceil(math.log2(max(draws, 2)))))
    return np.asarray(points[:draws], dtype=np.float64)


def quantiles(cell: UncertainCell, shares: FloatArray) -> FloatArray:
    """Values below which given shares of a cell's distribution lie, as draws hold them.

    Parameters
    ----------
    cell : UncertainCell
        The cell.
    shares : ndarray of float
        In [0, 1).

    Returns
    -------
    ndarray of float
        Whole numbers for integers and days; a place in the alternatives for those.

    Examples
    --------
    >>> cell = UncertainCell("t", "r", "c", "2", "0", "2", "4", "triangular", ColumnType.NUMBER, ())
    >>> quantiles(cell, np.array([0.0, 0.125, 0.5])).tolist()
    [0.0, 1.0, 2.0]
    """
    if cell.alternatives:
        others = len(cell.alternatives) - 1
        beyond = (shares - LIKELIEST) / (1.0 - LIKELIEST) * others
        places = np.where(shares < LIKELIEST, 0.0, 1.0 + np.floor(beyond))
        return np.minimum(places, float(others))
    low, mode, high = (cell.number(text) for text in (cell.low, cell.mode, cell.high))
    width = high - low
    if cell.distribution == "uniform":
        values = low + shares * width
    elif cell.distribution == "pert":
        rise = _PERT_WEIGHT * (mode - low) / width
        values = low + width * beta.ppf(shares, 1.0 + rise, 1.0 + _PERT_WEIGHT - rise)
    else:
        rising = (mode - low) / width
        up = low + np.sqrt(shares * width * (mode - low))
        down = high - np.sqrt((1.0 - shares) * width * (high - mode))
        values = np.where(shares < rising, up, down)
    if cell.type in (ColumnType.INTEGER, ColumnType.DATE):
        values = np.rint(values)
    return np.clip(values, low, high)


def drawn_cells(cells: Sequence[UncertainCell], values: Sequence[float]) -> dict[CellKey, str]:
    """What stands in each cell in one draw."""
    return {
        cell.key: cell.text(value)
        for cell, value in zip(cells, np.asarray(values).tolist(), strict=True)
    }


def draw_overlay(model: Model, cells: Sequence[UncertainCell], values: Sequence[float]) -> Model:
    """The study with one draw in its cells: exact, nothing approximated.

    Parameters
    ----------
    model : Model
        The study before any day, that the cells were taken from.
    cells : sequence of UncertainCell
        The cells.
    values : sequence of float
        One row of :func:`sample`.

    Returns
    -------
    Model
        Before any day; what projects and scenarios change, they change from what was drawn.
    """
    return model.with_cells(drawn_cells(cells, values))
