"""Free parameters of the calibration: cells of a study, their priors, and freight with others."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.compile import Freight
from keruen.model import Model
from keruen.model.provenance import CellKey

PRIOR_SPAN: Final = 2.0 * 1.6448536269514722
"""Standard deviations between the 5 % and the 95 % point of a normal distribution."""
SPREAD: Final = ("commodities", "choice_spread_share")
AVERSION: Final = ("route_aversions", "cost_usd_per_unit")
TARIFF: Final = ("tariffs", "amount")
HISTORY: Final = ("demand_history", "factor")
LOG: Final = "log"


class Cell(NamedTuple):
    """A cell that a parameter moves, and what was held of it before.

    Parameters
    ----------
    key : CellKey
        Table, row and column.
    low, mode, high : float
        Prior: the range that holds nine tenths of it, and its middle.
    log : bool
        Whether the prior is normal in the logarithm.
    """

    key: CellKey
    low: float
    mode: float
    high: float
    log: bool

    @property
    def sd(self) -> float:
        """Standard deviation of the prior, of the logarithm where that is normal."""
        if self.log:
            return math.log(self.high / self.low) / PRIOR_SPAN
        return (self.high - self.low) / PRIOR_SPAN

    def at(self, z: float) -> float:
        """Value at a number of standard deviations from the mode of the prior.

        >>> Cell(("t", "r", "c"), 50.0, 100.0, 200.0, True).at(0.0)
        100.0
        """
        return self.mode * math.exp(z * self.sd) if self.log else self.mode + z * self.sd

    def place(self, value: float) -> float:
        """Standard deviations of a value from the mode of the prior: the inverse of ``at``.

        >>> one = Cell(("t", "r", "c"), -300.0, 0.0, 300.0, False)
        >>> round(one.place(one.at(1.5)), 12)
        1.5
        """
        off = math.log(value / self.mode) if self.log else value - self.mode
        return off / self.sd


class Parameter(NamedTuple):
    """A free number.

    Parameters
    ----------
    id : str
        Row of ``calibration_parameters``.
    cells : tuple of Cell
        Cells that it moves, all by as many standard deviations of their priors; the first is its
        own.
    value : float
        What the study holds in the first now.
    """

    id: str
    cells: tuple[Cell, ...]
    value: float

    @property
    def own(self) -> Cell:
        """The cell it is named for."""
        return self.cells[0]


def parameters_of(model: Model) -> tuple[Parameter, ...]:
    """Free parameters of a study, by id; rows that go along with another are cells of that one."""
    frame = model["calibration_parameters"].sort_index()
    rows = dict(zip(map(str, frame.index), frame.to_dict("records"), strict=True))

    def cell(its: Mapping[Hashable, Any]) -> Cell:
        low, mode, high = (float(str(its[f"prior_{name}"])) for name in ("low", "mode", "high"))
        key = (str(its["table"]), str(its["row"]), str(its["column"]))
        return Cell(key, low, mode, high, its["scale"] == LOG)

    found = []
    for key, its in rows.items():
        if its["same_as"]:
            continue
        along = [cell(one) for one in rows.values() if str(one["same_as"] or "") == key]
        own = cell(its)
        value = model.number(*own.key)
        found.append(Parameter(key, (own, *along), own.mode if value is None else value))
    return tuple(found)


def with_cells(freight: Freight, model: Model, cells: Mapping[CellKey, float]) -> Freight:
    """The freight network with other numbers in cells that cost nothing to change.

    What is made is what compiling a model with these cells would make, without compiling.

    Parameters
    ----------
    freight : Freight
        The network of a day.
    model : Model
        The study that it was compiled from.
    cells : mapping of CellKey to float
        Spreads of choice by commodity, costs of aversions, amounts of tariffs; factors of past
        demand, which are no matter of the network, are passed over.

    Raises
    ------
    ValueError
        When another cell is given.
    """
    usd = freight.terms.usd.copy()
    cargo = list(freight.cargo)
    places = {row: number for number, row in enumerate(freight.terms.rows)}
    for (table, row, column), value in cells.items():
        if (table, column) == SPREAD:
            for number, one in enumerate(cargo):
                if (
                    one.commodity if one.loaded == LOADED else _first_of(model, one.equipment)
                ) == row:
                    cargo[number] = one._replace(spread_share=value)
        elif (table, column) in (AVERSION, TARIFF):
            if (table, row) not in places:
                continue
            own = freight.terms.row == places[table, row]
            if (table, column) == AVERSION:
                usd[own] = value
            else:
                was = model.number(table, row, column)
                usd[own] *= value / was if was else 1.0
        elif (table, column) != HISTORY:
            raise ValueError(f"not a cell that moves prices: {table}/{row}/{column}")
    return freight._replace(cargo=tuple(cargo), terms=freight.terms._replace(usd=usd))


def _first_of(model: Model, equipment: str) -> str:
    """Commodity whose numbers the empties of a kind of equipment have."""
    wanted = {str(one) for one in model["zone_masses"]["commodity"]}
    return min(
        (one for one in model.rows("commodities", equipment=equipment) if one in wanted),
        default="",
    )


def log_error(confidence: str) -> float:
    """Standard deviation of the error of an observation, of its logarithm.

    What the source may err by, by how far it is trusted, and what even a right model of a whole
    year would miss (:data:`MODEL_ERROR`), one beside the other; all supposed.

    >>> round(log_error("published"), 3)
    0.18
    """
    return float(np.hypot(SOURCE_ERROR.get(confidence, SOURCE_ERROR["assumed"]), MODEL_ERROR))


SOURCE_ERROR: Final[Mapping[str, float]] = {
    "official": 0.05,
    "published": 0.10,
    "derived": 0.20,
    "assumed": 0.40,
}
"""Share that an observation may be off by, one standard deviation, by its confidence."""
MODEL_ERROR: Final = 0.15
"""Share that the model may be off by besides."""
